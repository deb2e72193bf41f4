"""Node-link JSON, as networkx and D3 read it; `netlink.read_node_link` reads it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from netlink.export import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from netlink.export.published import Published

_ENDS = ["source", "target"]
_NODE = {"id"}
_EDGE = {"source", "target", "key"}


def files(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "network.json", _text(published)


def _text(published: Published) -> Iterator[str | bytes]:
    rows = published.relationships
    entities = published.entities.drop(columns="named")
    directed = json.dumps(bool(rows["directed"].any()))
    kinds = json.dumps({"netlink": {"version": 1, **published.kinds}}, ensure_ascii=False)
    yield f'{{"directed": {directed}, "multigraph": true, "graph": {kinds},\n'
    yield '"nodes": ['
    head = ['{"id": "', columns.json_texts(published.texts("entities")), '"']
    yield from _objects(published, "entities", head, entities, _NODE)
    yield '],\n"edges": ['
    texts = [columns.json_texts(published.texts("relationships", part)) for part in (*_ENDS, None)]
    head = ['{"source": "', texts[0], '", "target": "', texts[1], '", "key": "', texts[2], '"']
    yield from _objects(published, "relationships", head, rows.drop(columns=_ENDS), _EDGE)
    yield "]}\n"


def _objects(
    published: Published,
    part: str,
    head: list[columns.Piece],
    table: pd.DataFrame,
    reserved: set[str],
) -> Iterator[bytes]:
    pieces = head
    names = columns.renamed(table.columns, reserved)
    for name, column in zip(names, table.columns, strict=True):
        before = f", {json.dumps(name, ensure_ascii=False)}: "
        pieces += columns.json_pieces(before, table[column], published.column(part, column))
    return columns.separated([*pieces, "}"], len(table))
