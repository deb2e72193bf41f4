"""GraphML -> nodes and edges."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netlink.errors import SchemaError
from netlink.ingest.graph_files import kinds, xml_stream
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

_LABELS = {":NodeLabel", ":EdgeLabel"}  # what yEd draws, often the only names in its files
_LABEL = "label as drawn"
_READ = {"graphml", "graph", "key", "default", "data", "desc", "node", "edge"}
_OTHER_SHAPES = {"hyperedge", "port", "endpoint"}


@dataclass
class _Key:
    place: str
    name: str
    kind: str
    default: str | None = None


@dataclass
class _Reader:
    nodes: Columns = field(default_factory=Columns)
    edges: Columns = field(default_factory=Columns)
    keys: dict[str, _Key] = field(default_factory=dict)
    within: Columns | None = None
    labels: list[str] = field(default_factory=list)
    key: str = ""
    graphs: int = 0
    is_directed: bool = True
    says: str | None = None  # what netlink says of the columns of a file that it wrote

    @property
    def told(self) -> Columns:
        """The table in whose ledger stands what is not read here."""
        return self.within or self.nodes

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if name in _OTHER_SHAPES or (name == "graph" and self.graphs):
            raise SchemaError(
                "The file has hyperedges, ports or several graphs: netlink reads one graph of "
                "nodes and edges."
            )
        if name == "graph":
            self.graphs = 1
            self.is_directed = attributes.get("edgedefault", "directed") == "directed"
        elif name == "key":
            self.key = attributes.get("id", "")
            if self.key in self.keys:
                raise SchemaError("The file declares a key more than once.")
            place = attributes.get("for", "all")
            named = attributes.get("attr.name", "")  # without one it says how to draw
            if (place, named) == ("graph", "netlink"):
                self.says = ""
            kind = attributes.get("attr.type", "string")
            self.keys[self.key] = _Key(place, self._text(named), kind)
        elif name == "data":
            self.key = attributes.get("key", "")
        elif name == "node":
            self._node(attributes)
        elif name == "edge":
            self._edge(attributes)
        elif name not in _READ and name not in _LABELS:
            self.told.unread[FOREIGN] += 1

    def _text(self, text: str) -> str:
        return text if self.says is None else unescaped(text)

    def _node(self, attributes: dict[str, str]) -> None:
        self.within = self.nodes
        self.nodes.add_row()
        if "id" in attributes:
            self.nodes.put("entity_id", self._text(attributes["id"]))
        self._others(self.nodes, attributes, {"id"})

    def _edge(self, attributes: dict[str, str]) -> None:
        self.within = self.edges
        self.edges.add_row()
        for name in ("id", "source", "target"):
            if name in attributes:
                place = "relationship_id" if name == "id" else name
                self.edges.put(place, self._text(attributes[name]))
        directed = attributes.get("directed", str(self.is_directed).lower())
        self.edges.put(DRAWN, directed)
        self._others(self.edges, attributes, {"id", "source", "target", "directed"})

    def _others(self, part: Columns, attributes: dict[str, str], read: set[str]) -> None:
        for name, text in attributes.items():  # such as ports that an edge is tied to
            if name not in read and not name.startswith("parse."):
                part.put(name, self._text(text))

    def end(self, name: str, text: str) -> None:
        if name == "default":
            self.keys[self.key].default = text
        elif name == "data":
            if self.key not in self.keys:
                raise SchemaError("The file has data under a key that it does not declare.")
            self._data(self.keys[self.key], text)
        elif name == "desc" and self.within is not None:
            self.within.put(" desc", self._text(text))
        elif name in _LABELS and self.within is not None:
            self.labels += [text] if text.strip() else []
        elif text.strip():
            self.told.unread[WHOLE if name == "desc" else STRAY] += 1
        if name in {"edge", "node"}:
            if self.within is not None and self.labels:
                self.within.put(_LABEL, "\n".join(self.labels))
            self.within, self.labels = None, []

    def _data(self, key: _Key, text: str) -> None:
        if self.within is not None and (key.name or text.strip()):
            self.within.put(_place(key.name or self.key), self._text(text))
        elif self.within is None and key.name == "netlink":
            self.says = self._text(text)
        elif self.within is None and text.strip():
            self.nodes.unread[WHOLE] += 1


def _place(name: str) -> str:
    """Keep the name of an attribute apart from what the elements themselves say."""
    return f" {own_name(name, {'id'})}"


def read(source: Source) -> tuple[Raw, Raw]:
    """Read the nodes and the edges of a file."""
    reader = _Reader()
    xml_stream.parse(source, "graphml", reader)
    parts = (("node", reader.nodes), ("edge", reader.edges))
    for key in reader.keys.values():
        for place, part in parts:
            if key.name and key.place in {place, "all"}:
                part.declare(_place(key.name), key.kind, key.default)
    reader.edges.declare(DRAWN, "boolean", None)
    for name in ("source", "target"):  # a file without edges has them too
        reader.edges.declare(name, "string", None)
    for _, part in parts:
        part.strip_names()
        part.rename(_LABEL, "label")
    nodes, edges = (part.raw(source.cap) for _, part in parts)
    said = None
    with suppress(ValueError, RecursionError):
        said = kinds.stated(json.loads(reader.says or "null"))
    if said is None:
        return nodes, edges
    return kinds.restored(nodes, said["entities"]), kinds.restored(edges, said["relationships"])
