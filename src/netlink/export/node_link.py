"""Node-link JSON, as networkx reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from netlink.export import values

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from netlink.export.redaction import Published

_NODE = {"id"}
_EDGE = {"source", "target", "key"}


def files(published: Published) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "network.json", _text(published)


def _text(published: Published) -> Iterator[str]:
    rows = published.relationships
    directed = _json(bool(rows["directed"].any()))
    yield f'{{"directed": {directed}, "multigraph": true, "graph": {{}},\n'
    yield '"nodes": ['
    entities = published.entities.drop(columns="named")
    for at, (name, cells) in enumerate(_cells(entities)):
        yield ",\n" * (at > 0) + _json({"id": name, **_renamed(cells, _NODE)})
    yield '],\n"edges": ['
    for at, (name, cells) in enumerate(_cells(rows)):
        ends = {"source": cells.pop("source"), "target": cells.pop("target"), "key": name}
        yield ",\n" * (at > 0) + _json({**ends, **_renamed(cells, _EDGE)})
    yield "]}\n"


def _cells(table: pd.DataFrame) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, row in values.rows(table):
        yield (
            name,
            {
                column: values.written(value) if values.is_wide(value) else value
                for column, value in row.items()
                if value is not None
            },
        )


def _renamed(cells: dict[str, Any], reserved: set[str]) -> dict[str, Any]:
    return {f"{n}_in_table" if n in reserved else n: value for n, value in cells.items()}


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)
