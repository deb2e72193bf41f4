"""GraphML: every entity and relationship with its columns; `netlink.read_graphml` reads it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from netlink.export import columns, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from netlink.export.published import Published

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
    ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)
_RESERVED = {"id"}
_ENDS = ["source", "target"]


def files(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "network.graphml", _text(published)


def _text(published: Published) -> Iterator[str | bytes]:
    entities = published.entities.drop(columns="named")
    rows = published.relationships
    yield _HEAD
    # What the columns of the user's own are, which the few types of GraphML do not say.
    yield '  <key id="g0" for="graph" attr.name="netlink" attr.type="string"/>\n'
    yield from _keys(published, "entities", "node", entities.columns)
    yield from _keys(published, "relationships", "edge", rows.columns.drop(_ENDS))
    # networkx reads no file that mixes both: the direction of each stands in its column `directed`.
    directed = "directed" if rows["directed"].any() else "undirected"
    yield f'  <graph id="network" edgedefault="{directed}">\n'
    kinds = json.dumps({"version": 1, **published.kinds}, ensure_ascii=False)
    yield f'    <data key="g0">{values.xml(kinds)}</data>\n'
    head = ['    <node id="', columns.xml(published.texts("entities")), '">']
    yield from _elements(published, "entities", head, entities, "n", "</node>\n")
    ends = [columns.xml(published.texts("relationships", end)) for end in _ENDS]
    ids = columns.xml(published.texts("relationships"))
    head = ['    <edge id="', ids, '" source="', ends[0], '" target="', ends[1], '">']
    rows = rows.drop(columns=_ENDS)
    yield from _elements(published, "relationships", head, rows, "e", "</edge>\n")
    yield "  </graph>\n</graphml>\n"


def _keys(published: Published, part: str, element: str, names: pd.Index) -> Iterator[str]:
    titles = columns.renamed(names, _RESERVED)
    for at, (name, title) in enumerate(zip(names, titles, strict=True)):
        key = f'id="{element[0]}{at}" for="{element}" attr.name="{values.xml(title)}"'
        yield f'  <key {key} attr.type="{published.kind(part, name)}"/>\n'


def _elements(
    published: Published,
    part: str,
    head: list[columns.Piece],
    table: pd.DataFrame,
    letter: str,
    tail: str,
) -> Iterator[bytes]:
    pieces = head
    for at, name in enumerate(table.columns):
        cells = published.xml("graphml", part, str(name))
        pieces += columns.around(f'<data key="{letter}{at}">', cells, "</data>")
    return columns.joined([*pieces, tail], len(table))
