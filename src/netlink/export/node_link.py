"""Node-link JSON, as networkx and D3 read it; `netlink.read_node_link` reads it back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from netlink.export import columns, values

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
    about = json.dumps({"version": 1, **published.kinds}, ensure_ascii=False)
    found = {name: _rows(table) for name, table in published.findings.items()}
    findings = json.dumps(found, ensure_ascii=False, allow_nan=False)
    yield f'{{"directed": {directed}, "multigraph": true, "graph": {{"netlink": {about},\n'
    yield f'"findings": {findings}}},\n'
    yield '"nodes": ['
    head = ['{"id": "', columns.json_texts(published.texts("entities")), '"']
    yield from _objects(published, "entities", head, entities, _NODE)
    yield '],\n"edges": ['
    texts = [columns.json_texts(published.texts("relationships", part)) for part in (*_ENDS, None)]
    head = ['{"source": "', texts[0], '", "target": "', texts[1], '", "key": "', texts[2], '"']
    yield from _objects(published, "relationships", head, rows.drop(columns=_ENDS), _EDGE)
    yield "]}\n"


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return the rows of a finding; cells that are missing are left out."""
    names = [str(name) for name in table.columns]
    rows = table.itertuples(index=False, name=None)
    cells = [{name: _cell(cell) for name, cell in zip(names, row, strict=True)} for row in rows]
    return [{name: cell for name, cell in row.items() if cell is not None} for row in cells]


def _cell(value: Any) -> Any:
    if isinstance(value, list):
        return [_cell(item) for item in value]
    found = values.plain(value)
    return values.written(found) if values.is_wide(found) else found


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
