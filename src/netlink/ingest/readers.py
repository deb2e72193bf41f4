"""A path, several of them or a data frame -> a table in which nothing was coerced."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from netlink.errors import ArgumentError, SchemaError
from netlink.ingest import (
    checks,
    columnar,
    escapes,
    frames,
    many,
    shown,
    text_files,
    values,
    workbooks,
)
from netlink.ingest.caps import Cap
from netlink.ingest.raw import Kinds, Raw, attempt
from netlink.ingest.sources import PACKED, Source

if TYPE_CHECKING:
    from collections.abc import Callable

    from netlink.schema import Schema

_DELIMITED = {".csv": ",", ".tsv": "\t", ".tab": "\t"}
_THREADS = 2
_LINES = (".jsonl", ".ndjson")
_TEXT = (*_DELIMITED, *_LINES)
_BINARY: dict[str, Callable[[Path, Cap, Kinds], Raw]] = {
    ".parquet": columnar.parquet,
    ".feather": lambda path, cap, _: columnar.feather(path, cap),
    ".arrow": lambda path, cap, _: columnar.feather(path, cap),
}
_ENDINGS = (*_TEXT, *_BINARY, *workbooks.ENDINGS)
_PICKLES = {".pickle", ".pkl", ".joblib"}


def read(given: Any, name: str, schema: Schema, max_bytes: int | None) -> Raw:
    """Read paths or take a data frame; `name` is the argument's, for messages."""
    paths = many.paths(given, name)
    kinds = _kinds(name, schema)
    if paths is not None:
        raws = []
        for at, path in paths:
            what = f"file {at} of '{name}'"
            raws.append(_file(path, what, schema, max_bytes, kinds))
            many.check_ends(raws[-1], what, name, schema)
        raw = many.together([path for _, path in paths], raws, name, schema)
    elif isinstance(given, str | Path):
        raw = _file(Path(given), f"'{name}'", schema, max_bytes, kinds)
    else:
        raw = attempt(lambda: frames.of_frame(given, name), f"'{name}' cannot be read as a table")
        _check_text(raw, f"'{name}'")
        raw = _checked(raw, f"'{name}'", schema)
    return raw


def _kinds(name: str, schema: Schema) -> Kinds:
    used = frozenset(checks.used(schema, name))
    ends = frozenset(many.ends(name, schema))
    if name == "entities":
        columns = ("entity_type", "protection_status")
        return Kinds(frozenset(map(schema.column, columns)), used=used, ends=ends)
    words = {"grade", "grade_scheme", "start_precision", "end_precision"}
    words |= set() if schema.participants else {"relationship_type"}
    numbers = ("weight", "confidence")
    return Kinds(
        frozenset(map(schema.column, words)), frozenset(map(schema.column, numbers)), used, ends
    )


def _check_text(raw: Raw, what: str) -> None:
    """Raise where text of Arrow is not UTF-8: nothing that reads or writes it so would tell."""
    parts: list[tuple[int, int | None, Any]] = []
    for at, column in enumerate(raw.table.columns, 1):
        row = 0
        for chunk in column.chunks:
            if pa.types.is_dictionary(chunk.type):
                parts.append((at, None, chunk.dictionary))
            else:
                parts.append((at, row, chunk))
            row += len(chunk)
    parts = [part for part in parts if values.is_text(part[2].type)]
    with ThreadPoolExecutor(_THREADS) as pool:
        found = list(pool.map(lambda part: values.first_not_utf_8(part[2]), parts))
    for (at, first, _), bad in zip(parts, found, strict=True):
        if bad is not None:
            where = f"column {at} (columns are counted from 1)"
            where += "" if first is None else f", row {first + bad:,} (rows from 0)"
            raise SchemaError(
                f"{what} has text that is not UTF-8: {where}. Write it as UTF-8 anew."
            )


def _without_empty(raw: Raw) -> Raw:
    """Leave out columns that have neither a name nor a cell, as separators at line ends make."""
    kept = [
        at
        for at, (name, column) in enumerate(zip(raw.names, raw.table.columns, strict=True))
        if name.strip() or not pc.all(values.is_empty(column)).as_py()
    ]
    return raw if len(kept) == len(raw.names) else replace(raw, table=raw.table.select(kept))


def _checked(raw: Raw, what: str, schema: Schema) -> Raw:
    raw = _without_empty(raw)
    twice = sorted({column for column in raw.names if raw.names.count(column) > 1})
    if twice:
        named = f"the columns {twice}" if shown.is_header(raw.names, schema) else "names of columns"
        raise SchemaError(f"{what} has {named} more than once; rename them.")
    # One type of text, which has room for 2 GB and more.
    columns = [
        values.decoded(column) if pa.types.is_run_end_encoded(column.type) else column
        for column in raw.table.columns
    ]
    columns = [
        values.cast(column, pa.large_string()) if values.is_text(column.type) else column
        for column in columns
    ]
    return replace(raw, table=pa.Table.from_arrays(columns, names=raw.names))


def _file(path: Path, what: str, schema: Schema, max_bytes: int | None, kinds: Kinds) -> Raw:
    path, sheet = workbooks.split(path)
    if not path.is_file():
        raise ArgumentError(f"{what} must be a file that exists or a data frame; no such file.")
    kind = _kind(path, what)
    cap = Cap.of(path, max_bytes)

    def table() -> Raw:
        if kind in workbooks.ENDINGS:
            found = workbooks.table(path, cap, kinds, sheet)
            return _unmarked(found) if schema.escaped else found
        if kind in _BINARY:
            found = _BINARY[kind](path, cap, kinds)
            _check_text(found, what)
            return found
        source = Source(path, cap, schema.encoding)
        if kind in _LINES:
            return text_files.json_lines(source)
        delimiter = schema.delimiter or _DELIMITED[kind]
        if not schema.escaped:
            return text_files.delimited(source, delimiter, kinds)
        return _unmarked(text_files.delimited(source, delimiter, Kinds(ends=kinds.ends)))

    return _checked(attempt(table, f"{what} cannot be read as {kind[1:]}"), what, schema)


def _unmarked(raw: Raw) -> Raw:
    not_text = {escapes.unmarked(name): mask for name, mask in raw.not_text.items()}
    return replace(raw, table=escapes.unmarked_table(raw.table), not_text=not_text)


def _kind(path: Path, what: str) -> str:
    kinds = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in PACKED]
    kind = kinds[-1] if kinds else ""
    with path.open("rb") as file:
        head = file.read(2)
    # Protocol 2 and later begin so; text of the former ones is no table.
    if kind in _PICKLES or (head[:1] == b"\x80" and head[1:2] in {b"\2", b"\3", b"\4", b"\5"}):
        raise ArgumentError(
            f"{what} is a pickle, which runs code when it is read: netlink reads none. Save the "
            "table as Parquet or CSV where it came from."
        )
    is_packed = path.suffix.lower() in PACKED
    if kind not in _TEXT and (is_packed or kind not in _ENDINGS):
        # A file may be named after a person: the ending is not shown.
        raise ArgumentError(
            f"{what} must end in one of {', '.join(_ENDINGS)} ({', '.join(_TEXT)} also "
            f"packed: {', '.join(PACKED)})."
        )
    return kind
