"""What the cells of columns were before netlink wrote them -> the same again.

The words are those of `netlink.export.kinds`, which stand in the file.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from netlink.ingest import values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netlink.ingest.raw import Raw

_TYPES = {
    "boolean": pa.bool_(),
    "integer": pa.int64(),
    "number": pa.float64(),
    "text": pa.large_string(),
    "date": pa.date32(),
}
_TIMES = {"start": "time", "end": "time"}


def stated(said: Any) -> dict[str, dict[str, str]] | None:
    """Return what a file of netlink says of its columns by table, None where it says nothing."""
    if not isinstance(said, dict) or said.get("version") != 1:
        return None
    found: dict[str, dict[str, str]] = {}
    for part in ("entities", "relationships"):
        kinds = said.get(part, {})
        if not isinstance(kinds, dict):
            return None
        found[part] = {str(name): str(kind) for name, kind in kinds.items()}
    found["relationships"] |= _TIMES
    return found


def restored(raw: Raw, kinds: Mapping[str, str]) -> Raw:
    """Make of each column what it was; a cell that does not read so leaves its column as it is."""
    table, not_text = raw.table, dict(raw.not_text)
    for name, kind in kinds.items():
        if name not in table.column_names:
            if name not in _TIMES:  # in JSON a column without a cell leaves no trace
                nothing = pa.nulls(table.num_rows, _TYPES.get(kind, pa.large_string()))
                table = table.append_column(name, nothing)
            continue
        with suppress(pa.ArrowException, ValueError, RecursionError):
            found = _restored(table[name], kind)
            if found is not None:
                table = table.set_column(table.column_names.index(name), name, found)
                not_text.pop(name, None)
    return replace(raw, table=table, not_text=not_text)


def _restored(column: Any, kind: str) -> Any | None:
    if kind in _TYPES:
        return values.text(column).cast(_TYPES[kind])
    if kind == "time":
        texts = values.text(column)
        try:
            return texts.cast(pa.timestamp("us", "UTC"))
        except pa.ArrowInvalid:  # without a zone
            return texts.cast(pa.timestamp("us"))
    if kind == "json":
        cells = values.text(column).to_pylist()
        return pa.array([None if cell is None else json.loads(cell) for cell in cells])
    return None
