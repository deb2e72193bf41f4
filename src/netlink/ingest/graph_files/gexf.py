"""GEXF 1.1 to 1.3 -> nodes and edges."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netlink.errors import SchemaError
from netlink.ingest.graph_files import xml_stream
from netlink.ingest.graph_files.columns import DRAWN, Columns, own_name, unescaped
from netlink.ingest.raw import Raw

if TYPE_CHECKING:
    from netlink.ingest.sources import Source

# Names that mean something of their own in GEXF.
_RESERVED = {"id", "label", "type", "weight", "kind", "start", "end", "timestamp"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_PARTIAL = re.compile(r"\d{4}(-\d{2}){0,2}")
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
        elif name in {"node", "edge"}:
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
            self._put(attributes, ("start", "end"))

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
        self._put(attributes, tuple(n for n in attributes if n not in _PLACES))

    def _put(self, attributes: dict[str, str], names: tuple[str, ...]) -> None:
        for name in names:
            if name in attributes:
                self.columns.put(name, unescaped(attributes[name]))

    def _value(self, attributes: dict[str, str]) -> None:
        found = self.attributes.get((self.within, attributes.get("for", attributes.get("id", ""))))
        if found is None:
            raise SchemaError("The file has values of an attribute that it does not declare.")
        if "value" in attributes:
            self.columns.put(_place(found.name), unescaped(attributes["value"]))

    def end(self, name: str, text: str) -> None:
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
    return Raw(reader.nodes.table(source.cap)), Raw(edges.table(source.cap))
