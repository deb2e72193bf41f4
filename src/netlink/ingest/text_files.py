"""Text files -> tables: delimited text and JSON lines."""

from __future__ import annotations

import codecs
import csv
import json
import re
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from itertools import islice
from threading import Lock
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from netlink.errors import SchemaError
from netlink.ingest import frames, values
from netlink.ingest.raw import ABOVE, Kinds, Malformed, Raw, titles

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.ingest.sources import Source

_BLOCK = 1 << 18
_SMALLEST = 1 << 20  # block of the quick reader: what pyarrow takes of its own accord
_DEPTH = 64  # what reads and writes lists in lists calls itself for each
_CODED = pa.dictionary(pa.int32(), pa.string())
_BROKEN = "a quoted cell does not end, or text follows the quote that ends it."
_LONGEST = 2**31 - 1  # letters of a cell; the csv module stops at 131,072 of its own accord
_READING = Lock()


@contextmanager
def _long_cells() -> Iterator[None]:
    """Let the csv module read long cells; its limit is one for the whole process."""
    with _READING:
        usual = csv.field_size_limit(_LONGEST)
        try:
            yield
        finally:
            csv.field_size_limit(usual)


def delimited(source: Source, delimiter: str, kinds: Kinds) -> Raw:
    """Read delimited text, every cell as text; some columns as numbers of their words."""
    # The quick reader stops at a row of another length, without a word on which rows are sound, and
    # takes the rest of the file for one cell where a quote does not end: the slow one tells.
    try:
        n_above, n_lines = _above(source, delimiter, kinds.ends)
        unread = {ABOVE: n_above}
        scanned = _scan(source, delimiter)
        table = None
        if scanned is not None:
            table = _quickly(source, delimiter, scanned, kinds.words, n_lines)
        if table is None:
            return replace(_slowly(source, delimiter, n_above), unread=unread)
        tables = [table]
        del table
        return Raw(values.in_one_piece(tables, kinds.numbers), unread=unread)
    except UnicodeError:
        found = _unreadable_cell(source, delimiter)
    raise found


def _above(source: Source, delimiter: str, ends: frozenset[str]) -> tuple[int, int]:
    """Count the rows above the names of the columns, and the lines that they take."""
    with source.lines() as lines, _long_cells(), suppress(csv.Error):
        rows = csv.reader(lines, delimiter=delimiter)
        n_above = titles((cells for cells in rows if cells), ends)
        if n_above:
            lines.seek(0)
            rows = csv.reader(lines, delimiter=delimiter)
            for _ in islice((cells for cells in rows if cells), n_above):
                pass
            return n_above, rows.line_num
    return 0, 0


@dataclass(frozen=True)
class _Scan:
    """What the quick reader must know of a text before it begins."""

    is_quoted: bool
    longest: int  # bytes: no row is longer


def _scan(source: Source, delimiter: str) -> _Scan | None:
    """Look for quotes and long rows; None unless quotes come in pairs around whole cells."""
    # A doubled quote inside a cell counts as closing and opening again.
    at_border = np.zeros(256, dtype=bool)
    at_border[[*b'\r\n"', ord(delimiter)]] = True
    n_quotes, seen = 0, b"\n"
    n_blocks = most_blocks = 0  # in a row without the end of a row; a part begins before its block
    with source.stream() as stream:
        block = stream.read(_BLOCK).removeprefix(codecs.BOM_UTF8)
        while seen:
            quotes = np.zeros(0, dtype=np.int64)
            if len(block) > 1 and b'"' not in block and b'"' not in seen:
                part, seen = block, block[-2:]
            else:
                part = seen + (block or b"\n")
                # The last byte waits for its neighbor in the next block.
                seen = part[-2:] if block else b""
                if b'"' in part:
                    text = np.frombuffer(part, dtype=np.uint8)
                    quotes = np.flatnonzero(text[1:-1] == ord('"')) + 1
                    opening, closing = quotes[n_quotes % 2 :: 2], quotes[1 - n_quotes % 2 :: 2]
                    borders = text[opening - 1], text[closing + 1]
                    if not all(at_border[border].all() for border in borders):
                        return None
            n_blocks = 0 if _ends_a_row(part, quotes, n_quotes) else n_blocks + 1
            most_blocks = max(most_blocks, n_blocks)
            n_quotes += len(quotes)
            block = stream.read(_BLOCK)
    return None if n_quotes % 2 else _Scan(n_quotes > 0, (most_blocks + 3) * _BLOCK)


def _ends_a_row(part: bytes, quotes: np.ndarray, n_before: int) -> bool:
    """Tell whether a part of a text has the end of a line that is not within quotes."""
    if len(quotes) == 0:
        return n_before % 2 == 0 and (b"\n" in part or b"\r" in part)
    text = np.frombuffer(part, dtype=np.uint8)
    ends = np.flatnonzero((text == ord("\n")) | (text == ord("\r")))
    return bool(((np.searchsorted(quotes, ends) + n_before) % 2 == 0).any())


def _quickly(
    source: Source, delimiter: str, scanned: _Scan, words: frozenset[str], n_above: int
) -> pa.Table | None:
    from pyarrow import csv as arrow

    if scanned.longest > _LONGEST:
        return None
    with source.lines() as lines, _long_cells():
        header = next(csv.reader(islice(lines, n_above, None), delimiter=delimiter), [])
    convert = arrow.ConvertOptions(
        column_types={name: _CODED if name in words else pa.string() for name in header},
        strings_can_be_null=False,
        null_values=[],
    )
    parse = arrow.ParseOptions(delimiter=delimiter, newlines_in_values=scanned.is_quoted)
    # A block without the end of a row is an error after which pyarrow before 23 can hang.
    size = max(_SMALLEST, scanned.longest)
    options = arrow.ReadOptions(skip_rows=n_above, block_size=size)
    try:
        # Closed by its last user: after an error threads still read, and a file opened next that
        # got the same number from the system would lose to them what they read.
        table = arrow.read_csv(source.stream(), options, parse, convert)
    except pa.ArrowInvalid:
        return None
    # A column that the header does not name would have been read as whatever it looks like.
    return table if table.column_names == header else None


def _slowly(source: Source, delimiter: str, n_above: int) -> Raw:
    header: list[str] = []
    good: list[list[str]] = []
    malformed: list[Malformed] = []
    is_broken = False
    with source.lines() as lines, _long_cells():
        try:
            for cells in csv.reader(lines, delimiter=delimiter, strict=True):
                if not cells:
                    continue  # an empty line is no row
                if n_above:
                    n_above -= 1
                elif not header:
                    header = cells
                elif len(cells) == len(header):
                    good.append(cells)
                else:
                    malformed.append(Malformed.of_cells(len(good) + len(malformed), cells))
        except csv.Error:
            is_broken = True
    if is_broken:
        raise SchemaError(f"After {len(good) + len(malformed):,} rows {_BROKEN}")
    if not header:
        raise SchemaError("A table must have a line of column names; the file is empty.")
    columns = zip(*good, strict=True) if good else [()] * len(header)
    arrays = [pa.array(column, type=pa.large_string()) for column in columns]
    return Raw(pa.Table.from_arrays(arrays, names=header), malformed)


def _unreadable_cell(source: Source, delimiter: str) -> SchemaError:
    """Find the first cell whose bytes are none of the encoding."""
    row, column = -1, 0
    with source.marked_lines() as lines, _long_cells(), suppress(csv.Error):
        for cells in csv.reader(lines, delimiter=delimiter):
            marked = [at for at, cell in enumerate(cells, 1) if source.is_marked(cell)]
            if marked:
                column = marked[0]
                break
            row += bool(cells)
    if row < 0:
        return source.unreadable(None, f", column {column} (columns are counted from 1)")
    return source.unreadable(row, f", column {column} (columns are counted from 1)")


def json_lines(source: Source) -> Raw:
    """Read JSON lines; a line that is no object is a malformed row."""
    rows: list[dict[str, Any]] = []
    malformed: list[Malformed] = []
    try:
        for line, found, reason in objects(source):
            if found is not None:
                rows.append(found)
            else:
                malformed.append(Malformed(len(rows) + len(malformed), reason, line))
    except UnicodeError:
        error = unreadable_line(source)
    else:
        if malformed and not rows:
            raise SchemaError(
                f"None of the {len(malformed):,} lines is used; the first: {malformed[0].reason}. "
                "Of JSON lines each is an object, not a list of all or a part of one."
            )
        names = list(dict.fromkeys(name for row in rows for name in row))
        raw = frames.of_rows(names, [[row.get(name) for name in names] for row in rows])
        return Raw(raw.table, malformed, raw.not_text)
    raise error


def objects(source: Source) -> Any:
    """Give each line that is not blank, the JSON object it holds, and why where it holds none."""
    with source.lines() as lines:
        for line in lines:
            if line.strip():
                yield line.strip(), *_object(line)


def _object(line: str) -> tuple[dict[str, Any] | None, str]:
    found = None
    twice: list[str] = []

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        built = dict(pairs)
        if len(built) < len(pairs):
            twice.append("")
        return built

    if line.count("[") + line.count("{") > _DEPTH and _depth(line) > _DEPTH:
        return None, f"line nests more than {_DEPTH} lists and objects in each other"
    with suppress(ValueError, RecursionError):
        found = json.loads(line, object_pairs_hook=once)
    if not isinstance(found, dict):
        return None, "line is not a JSON object"
    if twice:
        return None, "line names a key more than once"
    if "\\u" in line:  # only what is escaped can be half of a pair
        try:
            json.dumps(found, ensure_ascii=False).encode("utf-8")
        except (UnicodeEncodeError, RecursionError):
            return None, "line holds half of a character (a lone surrogate)"
    return found, ""


def _depth(line: str) -> int:
    """Return how far brackets nest; those within texts do not count."""
    depth = deepest = 0
    for part in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', line):
        depth += (part[0] in "[{") - (part[0] in "]}")
        deepest = max(deepest, depth)
    return deepest


def unreadable_line(source: Source) -> SchemaError:
    """Find the first line whose bytes are none of the encoding."""
    with source.marked_lines() as lines:
        full = (line for line in lines if line.strip())
        row, line = next((at, line) for at, line in enumerate(full) if source.is_marked(line))
    found, _ = _object(line)
    for at, pair in enumerate((found or {}).items(), 1):
        if source.is_marked(json.dumps(pair, ensure_ascii=False)):
            return source.unreadable(row, f", key {at} (keys are counted from 1)")
    return source.unreadable(row, "")
