"""A path or a data frame -> a table in which nothing was coerced."""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from netlink.errors import ArgumentError, MissingDependencyError, SchemaError
from netlink.ingest import frames, text_files, values
from netlink.ingest.raw import Raw, attempt

if TYPE_CHECKING:
    from collections.abc import Callable

_COMPRESSED = {".gz", ".bz2", ".zst", ".lz4"}


def read(given: Any, name: str) -> Raw:
    """Read a path or take a data frame; `name` is the argument's, for messages."""
    if isinstance(given, str | Path):
        raw = _file(Path(given), name)
    else:
        raw = attempt(lambda: frames.of_frame(given, name), f"'{name}' cannot be read as a table")
    twice = sorted({column for column in raw.names if raw.names.count(column) > 1})
    if twice:
        raise SchemaError(f"'{name}' has the columns {twice} more than once; rename them.")
    # One type of text, which has room for 2 GB and more.
    columns = [
        column.cast(pa.large_string()) if values.is_text(column.type) else column
        for column in raw.table.columns
    ]
    return replace(raw, table=pa.Table.from_arrays(columns, names=raw.names))


def _file(path: Path, name: str) -> Raw:
    readers: dict[str, Callable[[Path], Raw]] = {
        ".csv": lambda path: text_files.delimited(path, ","),
        ".tsv": lambda path: text_files.delimited(path, "\t"),
        ".jsonl": text_files.json_lines,
        ".ndjson": text_files.json_lines,
        ".parquet": _parquet,
        ".feather": _feather,
        ".arrow": _feather,
        ".xlsx": _excel,
    }
    if not path.is_file():
        raise ArgumentError(f"'{name}' must be a file that exists or a data frame; no such file.")
    kinds = [suffix.lower() for suffix in path.suffixes if suffix.lower() not in _COMPRESSED]
    if not kinds or kinds[-1] not in readers:
        # A file may be named after a person: the ending is not shown.
        raise ArgumentError(
            f"'{name}' must end in one of {', '.join(readers)} (csv, tsv and JSON lines also "
            f"compressed: {', '.join(sorted(_COMPRESSED))})."
        )
    kind = kinds[-1]
    return attempt(lambda: readers[kind](path), f"'{name}' cannot be read as {kind[1:]}")


def _parquet(path: Path) -> Raw:
    from pyarrow import parquet

    # Not `read_table`, which makes a column of a folder called a=b and imports slowly.
    with parquet.ParquetFile(path) as file:
        return Raw(file.read())


def _feather(path: Path) -> Raw:
    from pyarrow import feather

    # Mapped memory would change with the file.
    return Raw(feather.read_table(path, memory_map=False))


def _excel(path: Path) -> Raw:
    """Read the first sheet; cells keep the type that the sheet gives them."""
    try:
        import openpyxl
    except ImportError:
        raise MissingDependencyError("openpyxl", "excel", "Reading .xlsx") from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on parts of the file that hold no cells
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0].iter_rows(values_only=True)
            rows = [row for row in sheet if any(cell is not None for cell in row)]
        finally:
            book.close()
    if not rows:
        raise SchemaError("A table must have a row of column names; the sheet is empty.")
    header = ["" if cell is None else str(cell) for cell in rows[0]]
    while header[-1] == "":
        header.pop()  # cells that were only formatted
    return frames.of_rows(header, rows[1:])
