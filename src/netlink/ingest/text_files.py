"""Text files -> tables: delimited text and JSON lines."""

from __future__ import annotations

import codecs
import csv
import io
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from netlink.errors import SchemaError
from netlink.ingest import frames
from netlink.ingest.raw import Malformed, Raw

if TYPE_CHECKING:
    from pathlib import Path

_BLOCK = 1 << 18


def delimited(path: Path, delimiter: str) -> Raw:
    """Read delimited text, every cell as text."""
    # The quick reader stops at a row of another length, without a word on which rows are sound, and
    # takes the rest of the file for one cell where a quote does not end: the slow one tells.
    table = _quickly(path, delimiter) if _is_well_quoted(path, delimiter) else None
    return _slowly(path, delimiter) if table is None else Raw(table)


def _stream(path: Path) -> Any:
    return pa.input_stream(str(path), compression="detect")


def _lines(path: Path) -> io.TextIOWrapper:
    return io.TextIOWrapper(_stream(path), "utf-8-sig", newline="")


def _is_well_quoted(path: Path, delimiter: str) -> bool:
    """Tell whether quotes come in pairs that open where a cell begins and close where it ends."""
    # A doubled quote inside a cell counts as closing and opening again.
    at_border = np.zeros(256, dtype=bool)
    at_border[[*b'\r\n"', ord(delimiter)]] = True
    n_quotes, seen = 0, b"\n"
    with _stream(path) as stream:
        block = stream.read(_BLOCK).removeprefix(codecs.BOM_UTF8)
        while seen:
            part = seen + (block or b"\n")
            # The last byte waits for its neighbor in the next block.
            seen = part[-2:] if block else b""
            if b'"' in part:
                text = np.frombuffer(part, dtype=np.uint8)
                quotes = np.flatnonzero(text[1:-1] == ord('"')) + 1
                opening, closing = quotes[n_quotes % 2 :: 2], quotes[1 - n_quotes % 2 :: 2]
                if not (at_border[text[opening - 1]].all() and at_border[text[closing + 1]].all()):
                    return False
                n_quotes += len(quotes)
            block = stream.read(_BLOCK)
    return n_quotes % 2 == 0


def _quickly(path: Path, delimiter: str) -> pa.Table | None:
    from pyarrow import csv as arrow

    with _lines(path) as lines:
        header = next(csv.reader(lines, delimiter=delimiter), [])
    convert = arrow.ConvertOptions(
        column_types=dict.fromkeys(header, pa.large_string()),
        strings_can_be_null=False,
        null_values=[],
    )
    parse = arrow.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    try:
        table = arrow.read_csv(str(path), parse_options=parse, convert_options=convert)
    except pa.ArrowInvalid:
        return None
    # A column that the header does not name would have been read as whatever it looks like.
    return table if table.column_names == header else None


def _slowly(path: Path, delimiter: str) -> Raw:
    header: list[str] = []
    good: list[list[str]] = []
    malformed: list[Malformed] = []
    is_broken = False
    with _lines(path) as lines:
        try:
            for cells in csv.reader(lines, delimiter=delimiter, strict=True):
                if not cells:
                    continue  # an empty line is no row
                if not header:
                    header = cells
                elif len(cells) == len(header):
                    good.append(cells)
                else:
                    malformed.append(Malformed.of_cells(len(good) + len(malformed), cells))
        except csv.Error:
            is_broken = True
    if is_broken:
        raise SchemaError(
            f"After {len(good) + len(malformed):,} rows a quoted cell does not end, or text "
            "follows the quote that ends it, or a cell has more than 131,072 characters."
        )
    if not header:
        raise SchemaError("A table must have a line of column names; the file is empty.")
    columns = zip(*good, strict=True) if good else [()] * len(header)
    arrays = [pa.array(column, type=pa.large_string()) for column in columns]
    return Raw(pa.Table.from_arrays(arrays, names=header), malformed)


def json_lines(path: Path) -> Raw:
    """Read JSON lines; a line that is no object is a malformed row."""
    rows: list[dict[str, Any]] = []
    malformed: list[Malformed] = []
    with _lines(path) as lines:
        for line in lines:
            if not line.strip():
                continue
            found = None
            with suppress(ValueError, RecursionError):
                found = json.loads(line)
            if isinstance(found, dict):
                rows.append(found)
            else:
                row = len(rows) + len(malformed)
                malformed.append(Malformed(row, "line is not a JSON object", line.strip()))
    names = list(dict.fromkeys(name for row in rows for name in row))
    raw = frames.of_rows(names, [[row.get(name) for name in names] for row in rows])
    return Raw(raw.table, malformed, raw.not_text)
