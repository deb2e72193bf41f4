"""Parquet: entities and relationships with their types, as pandas, polars and DuckDB read them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa

from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.export.published import Published

_TYPES = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "date": pa.date32(),
    "time": pa.timestamp("us", tz="UTC"),
}
_CANONICAL = {"weight": "number", "confidence": "number", "start": "time", "end": "time"}


def files(published: Published) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give the name of each file and its content."""
    yield "entities.parquet", _table(published, "entities", ENTITY_COLUMNS, "named")
    # The direction follows from the type: a column of it would come back as one of the user's own.
    rows = _table(published, "relationships", RELATIONSHIP_COLUMNS, "directed")
    yield "relationships.parquet", rows


def _table(
    published: Published, part: str, canonical: tuple[str, ...], apart: str
) -> Iterator[bytes]:
    from pyarrow import parquet

    table = getattr(published, part)
    columns = {str(table.index.name): published.texts(part)}
    for name in table.columns.drop(apart):
        kind = _CANONICAL.get(name, "text") if name in canonical else published.kinds[part][name]
        columns[name] = _typed(published.texts(part, name), kind)
    # What the columns of the user's own are, where text stands for lists or mixed values.
    kinds = json.dumps({"version": 1, **published.kinds[part]}, ensure_ascii=False)
    found = pa.table(columns).replace_schema_metadata({"netlink": kinds})
    stream = pa.BufferOutputStream()
    parquet.write_table(found, stream, compression="zstd")
    yield stream.getvalue().to_pybytes()


def _typed(texts: pa.StringArray, kind: str) -> pa.Array:
    if kind == "json":
        return _lists(texts)
    if kind not in _TYPES:
        return texts
    try:
        return texts.cast(_TYPES[kind])
    except pa.ArrowInvalid:  # a larger integer, a time without zone or with nanoseconds
        return texts


def _lists(texts: pa.StringArray) -> pa.Array:
    """Return lists of texts as such; whatever else lists and dictionaries hold stays JSON."""
    cells = [None if text is None else json.loads(text) for text in texts.to_pylist()]
    is_plain = all(cell is None or isinstance(cell, list) for cell in cells)
    if is_plain and all(isinstance(item, str) for cell in cells if cell for item in cell):
        return pa.array(cells, pa.list_(pa.string()))
    return texts
