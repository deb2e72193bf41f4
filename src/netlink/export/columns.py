"""Columns of published tables as text in Arrow, so that a format is written a column at a time.

A row is a join of pieces: constant text, and columns. What is missing in a column leaves its piece
out. Only texts that hold a character a format must spell otherwise are looked at one by one.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink.export import values

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    Piece: TypeAlias = str | pa.StringArray

_ROWS = 2**14  # joined at a time
_ENDING = "_in_table"
_ANY = (bytes(range(256)), "")
_FIRST = "0000-01-01T00:00:00+00:00"
_CONTROLS = bytes(range(0x20))
# Bytes that a text must have for a pattern to match, and the pattern.
_JSON = (_CONTROLS + b'"\\', r'["\\\x00-\x1f]')
_ILLEGAL = (_CONTROLS + b"\xef", r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]")
_XML = (
    _CONTROLS + b'"&<>_\xef',
    r'[&<>"\x00-\x1f\x{fffe}\x{ffff}]|_x[0-9A-Fa-f]{4}_',
)


class Column(NamedTuple):
    """A column as text, and the types of what it spells."""

    texts: pa.StringArray
    types: set[type]


def column(cells: Iterable[values.Plain]) -> Column:
    """Spell the cells of a column as XML Schema does; missing stays missing."""
    listed = cells.to_numpy() if isinstance(cells, pd.Series | pd.Index) else list(cells)
    try:
        found = pa.array(listed, pa.string(), from_pandas=True)
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        listed = list(listed)
        types = set(map(type, listed)) - {type(None)}
        return Column(_spelled(listed, types), types)
    return Column(found.combine_chunks() if isinstance(found, pa.ChunkedArray) else found, {str})


def _spelled(cells: list[values.Plain], types: set[type]) -> pa.StringArray:
    if types == {int}:
        return pa.array([None if cell is None else str(cell) for cell in cells], pa.string())
    if types == {float}:  # few distinct ones, as a rule; told apart by their bits, for -0.0
        filled = np.array([np.nan if cell is None else cell for cell in cells])
        bits, codes = np.unique(filled.view(np.int64), return_inverse=True)
        spelled = [values.written(values.plain(v)) or None for v in bits.view(np.float64).tolist()]
        return pa.array(spelled, pa.string()).take(pa.array(codes))
    return pa.array([None if cell is None else values.written(cell) for cell in cells], pa.string())


def mapped(
    column: pa.StringArray, pattern: tuple[bytes, str], function: Callable[[str], str]
) -> pa.StringArray:
    """Apply a function to the texts that match a pattern, to each distinct one once."""
    matches = _matches(column, pattern)
    if matches is None:
        return column
    coded = column.filter(matches).dictionary_encode()
    spelled = pa.array([function(text) for text in coded.dictionary.to_pylist()], pa.string())
    return pc.replace_with_mask(column, matches, spelled.take(coded.indices))


def _matches(column: pa.StringArray, pattern: tuple[bytes, str]) -> pa.BooleanArray | None:
    needed, expression = pattern
    raw = flat(column)
    if len(raw.translate(None, needed)) == len(raw):
        return None
    found = pc.fill_null(pc.match_substring_regex(column, expression), False)
    return found if pc.any(found).as_py() else None


def n_illegal(column: pa.StringArray) -> int:
    """Count the characters that XML cannot hold."""
    matches = _matches(column, _ILLEGAL)
    return 0 if matches is None else sum(map(values.n_illegal, column.filter(matches).to_pylist()))


def xml(column: pa.StringArray) -> pa.StringArray:
    """Return texts as they stand in attributes and elements of XML."""
    return mapped(column, _XML, values.xml)


def json_texts(column: pa.StringArray) -> pa.StringArray:
    """Return texts as they stand between the quotation marks of JSON."""
    return mapped(column, _JSON, lambda text: json.dumps(text, ensure_ascii=False)[1:-1])


def json_pieces(before: str, cells: pd.Series, column: Column) -> list[Piece]:
    """Return the pieces of cells as JSON; numbers that JSON cannot hold are text."""
    texts, types = column
    if types <= {str}:
        return around(f'{before}"', json_texts(texts), '"')
    is_exact = types == {bool} or (
        types <= {int, float} and not any(values.is_wide(cell) for cell in set(cells))
    )
    if is_exact:
        return around(before, texts, "")
    listed = [None if cell is None else _json(cell) for cell in cells]
    return around(before, pa.array(listed, pa.string()), "")


def _json(value: values.Plain) -> str:
    value = values.written(value) if values.is_wide(value) else value
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def moments(column: pa.StringArray) -> tuple[pa.StringArray, int]:
    """Return moments for formats without partial dates, and how many were no moment.

    A date known to the day, the month or the year becomes its first moment in UTC.
    """
    is_partial = pc.fill_null(pc.less(pc.utf8_length(column), len("2024-01-01T")), False)
    count = pc.sum(is_partial).as_py() or 0
    return mapped(column, _ANY, lambda text: text + _FIRST[len(text) :]), count


def around(before: str, column: pa.StringArray, after: str) -> list[Piece]:
    """Put text around the cells that are there."""
    if column.null_count == len(column):
        return []
    if column.null_count == 0:
        return [before, column, after]
    return [pc.binary_join_element_wise(before, column, after, "")]


def joined(pieces: Iterable[Piece], n_rows: int) -> Iterator[bytes]:
    """Join the pieces of each row, and the rows, some thousands at a time."""
    merged: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, str) and merged and isinstance(merged[-1], str):
            merged[-1] += piece
        else:
            merged.append(piece)
    for start in range(0, n_rows, _ROWS):
        parts = [p if isinstance(p, str) else p.slice(start, _ROWS) for p in merged]
        yield flat(pc.binary_join_element_wise(*parts, "", null_handling="skip"))


def separated(pieces: Iterable[Piece], n_rows: int) -> Iterator[bytes]:
    """Join as `joined`, with a comma and a new line between rows."""
    for at, block in enumerate(joined([",\n", *pieces], n_rows)):
        yield block if at else block[2:]


def flat(column: pa.StringArray) -> bytes:
    """Return the texts of an array, one behind the other."""
    if len(column) == 0 or column.buffers()[2] is None:
        return b""
    offsets = np.frombuffer(column.buffers()[1], dtype=np.int32)[column.offset :]
    return memoryview(column.buffers()[2])[offsets[0] : offsets[len(column)]].tobytes()


def renamed(names: Iterable[Any], reserved: set[str]) -> list[str]:
    """Tell a user's columns from the reserved names of a format; a reader takes one ending off."""
    return [
        f"{name}{_ENDING}" if str(name).partition(_ENDING)[0] in reserved else str(name)
        for name in names
    ]


def distinct(names: Iterable[Any], reserved: set[str]) -> list[str]:
    """Return names that differ in any case, from reserved ones too.

    Gephi and Cytoscape take 'Note' and 'note' for one column.
    """
    taken, found = {name.casefold() for name in reserved}, []
    for name in names:
        own = str(name)
        while own.casefold() in taken:
            own += _ENDING
        taken.add(own.casefold())
        found.append(own)
    return found
