"""GEXF 1.1 to 1.3 -> nodes and edges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netlink.errors import SchemaError
from netlink.ingest.graph_files import xml_stream
from netlink.ingest.graph_files.columns import (
    DRAWN,
    FOREIGN,
    STRAY,
    WHOLE,
    Columns,
    own_name,
    unescaped,
)

if TYPE_CHECKING:
    from netlink.ingest.raw import Raw
    from netlink.ingest.sources import Source

# Names that mean something of their own in GEXF.
_RESERVED = {"id", "label", "type", "weight", "kind", "start", "end", "timestamp"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARTIAL = re.compile(r"\d{4}(-\d{2}){0,2}")
_READ = {"gexf", "graph", "attributes", "attribute", "default", "options", "nodes", "edges"}
_READ |= {"attvalues", "spells", "meta", "creator", "description", "keywords"}
_PLACES = {"id", "source", "target", "type"}


@dataclass
class _Attribute:
    name: str
    kind: str
    default: str | None = None


@dataclass
class _Reader:
    nodes: Columns = field(default_factory=Columns)
    edges: Columns = field(default_factory=Columns)
    attributes: dict[tuple[str, str], _Attribute] = field(default_factory=dict)
    declared: tuple[str, str] = ("", "")
    within: str = ""
    edge_type: str = "undirected"
    spells: int = 0

    @property
    def told(self) -> Columns:
        """The table in whose ledger stands what is not read here."""
        return self.columns if self.within else self.nodes

    @property
    def columns(self) -> Columns:
        return self.nodes if self.within == "node" else self.edges

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name == "graph":
            self.edge_type = attributes.get("defaultedgetype", "undirected")
        elif name == "attributes":
            self.declared = (attributes.get("class", ""), "")
        elif name == "attribute":
            self.declared = (self.declared[0], attributes.get("id", ""))
            kind = attributes.get("type", "string")
            self.attributes[self.declared] = _Attribute(
                unescaped(attributes.get("title", "")), kind
            )
        elif name in {"node", "edge", "parent"}:
            if self.within:
                raise SchemaError("The file has nodes within nodes: netlink reads a flat graph.")
            self._row(name, attributes)
        elif name == "attvalue" and self.within:
            self._value(attributes)
        elif name == "spell" and self.within:
            self.spells += 1
            if self.spells > 1:
                raise SchemaError(
                    "The file has nodes or edges with several spells of time: netlink reads one "
                    "start and one end each; write one edge a spell."
                )
            self._put(attributes, tuple(attributes))
        elif name not in _READ:
            self.told.unread[FOREIGN] += 1

    def _row(self, name: str, attributes: dict[str, str]) -> None:
        self.within, self.spells = name, 0
        self.columns.add_row()
        if "id" in attributes:
            place = "entity_id" if name == "node" else "relationship_id"
            self.columns.put(place, unescaped(attributes["id"]))
        for end in ("source", "target"):
            if name == "edge" and end in attributes:
                self.columns.put(end, unescaped(attributes[end]))
        if name == "edge":
            drawn = attributes.get("type", self.edge_type)
            self.columns.put(DRAWN, "true" if drawn == "directed" else "false")
            if drawn == "mutual":
                self.columns.put("type", drawn)
        self._put(attributes, tuple(n for n in attributes if n not in _PLACES))

    def _put(self, attributes: dict[str, str], names: tuple[str, ...]) -> None:
        for name in names:
            if name in attributes:
                self.columns.put(name, unescaped(attributes[name]))

    def _value(self, attributes: dict[str, str]) -> None:
        found = self.attributes.get((self.within, attributes.get("for", attributes.get("id", ""))))
        if found is None:
            raise SchemaError("The file has values of an attribute that it does not declare.")
        if not attributes.keys() <= {"for", "id", "value"}:
            raise SchemaError(
                "The file has values of attributes that hold for a time only: netlink reads one "
                "value each; write one node or edge a value, or leave the times out."
            )
        if "value" in attributes:
            self.columns.put(_place(found.name), unescaped(attributes["value"]))

    def end(self, name: str, text: str) -> None:
        if text.strip() and name not in {"default", "options", "creator"}:
            self.told.unread[STRAY if self.within else WHOLE] += 1
        if name == "default":
            self.attributes[self.declared].default = text
        elif name == self.within:
            self.within = ""


def _place(name: str) -> str:
    """Keep the name of an attribute apart from what the elements themselves say."""
    return f" {own_name(name, _RESERVED)}"


def read(source: Source) -> tuple[Raw, Raw]:
    """Read the nodes and the edges of a file."""
    reader = _Reader()
    xml_stream.parse(source, "gexf", reader)
    for (place, _), found in reader.attributes.items():
        part = reader.nodes if place == "node" else reader.edges
        part.declare(_place(found.name), found.kind, found.default)
    for part in (reader.nodes, reader.edges):
        part.strip_names()
    edges = reader.edges
    edges.declare(DRAWN, "boolean", None)
    edges.declare("weight", "double", None if edges.is_full("weight") else "1.0")
    for name in ("start", "end"):
        drawn = edges.texts(name)
        if not all(map(_DATE.match, drawn)):
            edges.rename(name, f"{name}_in_table")  # a number of some clock, no date
        elif (
            drawn
            and (known := edges.texts(f"{name}_known"))
            and all(map(_PARTIAL.fullmatch, known))
        ):
            edges.overlay(name, f"{name}_known")  # netlink draws a month whole, and says so there
    return reader.nodes.raw(source.cap), edges.raw(source.cap)
