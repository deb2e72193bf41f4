"""Cells -> ids, words, numbers and confidences, with what could not be read."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netlink.errors import near

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netlink.ingest.failures import Failures
    from netlink.vocabulary import GradeScheme

    Bools: TypeAlias = NDArray[np.bool_]

# A wrong column mapped as a type has as many unknown words as rows: near names would help nobody.
_MANY_WORDS = 100
_CHUNK = 1 << 16
# Sign of groups, sign of the fraction.
_GROUPED = r"^[+-]?(\d{1,3}(%s\d{3})+|\d*)(%s\d*)?([eE][+-]?\d+)?$"
_THREADS = 2  # more would hold more columns twice


def cast(column: Any, kind: pa.DataType) -> Any:
    """Return a column as of a type; earlier versions of Arrow copy one that is of it already."""
    return column if column.type == kind else column.cast(kind)


def decoded(column: Any) -> Any:
    """Return a column as its cells, where it holds numbers of words or runs of equal cells."""
    kind = column.type
    if pa.types.is_run_end_encoded(kind):
        return pa.chunked_array(
            [pc.run_end_decode(part) for part in column.chunks], kind.value_type
        )
    is_coded = pa.types.is_dictionary(kind) and is_text(kind.value_type)
    return column.cast(pa.large_string()) if is_coded else column


def flat(column: Any) -> pa.Array:
    """Return a column as one array, dictionaries decoded, text with room for 2 GB and more."""
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    column = cast(column, pa.large_string() if is_text(kind) else kind)
    if isinstance(column, pa.ChunkedArray):  # combining one chunk would copy it
        column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
    if isinstance(column, pa.ChunkedArray):  # no chunk at all
        column = pa.concat_arrays(column.chunks) if column.num_chunks else pa.nulls(0, column.type)
    return column


def in_one_piece(tables: list[pa.Table], numbers: frozenset[str]) -> pa.Table:
    """Put tables under each other, texts in one chunk; the list is emptied to free its memory.

    Columns of numbers stay as they are, as nobody needs their text.
    """
    table = pa.concat_tables(tables)
    tables.clear()
    names, columns = table.column_names, list(table.columns)
    del table

    def whole(at: int) -> Any:
        column, columns[at] = columns[at], None
        return _joined(column) if is_text(column.type) and names[at] not in numbers else column

    with ThreadPoolExecutor(_THREADS) as pool:
        found = list(pool.map(whole, range(len(columns))))
    return pa.table(found, names=names)


def _joined(column: pa.ChunkedArray) -> pa.Array:
    """Do as `flat` does, without a copy for each step: first touched, memory costs most here."""
    if column.num_chunks < 2 or column.null_count or column.type != pa.string():
        return flat(column)
    parts, offsets = [], np.zeros(len(column) + 1, np.int64)
    at = size = 0
    for chunk in column.chunks:
        _, ends, data = chunk.buffers()
        given = np.frombuffer(ends, np.int32)[chunk.offset : chunk.offset + len(chunk) + 1]
        np.add(given[1:], size - int(given[0]), out=offsets[at + 1 : at + 1 + len(chunk)])
        parts.append(np.frombuffer(data or b"", np.uint8)[given[0] : given[-1]])
        at, size = at + len(chunk), size + len(parts[-1])
    letters = pa.py_buffer(np.concatenate(parts))
    return pa.LargeStringArray.from_buffers(len(column), pa.py_buffer(offsets), letters)


def mask(array: Any) -> Bools:
    """Return a Boolean Arrow array as numpy, missing as False."""
    found: Bools = pc.fill_null(array, False).to_numpy(zero_copy_only=False)
    return found


def first_not_utf_8(array: pa.Array) -> int | None:
    """Return the first text whose bytes are none, None where all are sound."""
    with suppress(pa.ArrowInvalid):
        array.validate(full=True)
        return None
    if len(array) == 1:
        return 0
    first = first_not_utf_8(array[: len(array) // 2])
    if first is not None:
        return first
    rest = first_not_utf_8(array[len(array) // 2 :])
    return None if rest is None else len(array) // 2 + rest


def is_text(kind: pa.DataType) -> bool:
    """Tell whether an Arrow type is text."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def text(column: Any) -> pa.Array:
    """Return a column as text; numbers and dates in their plain spelling."""
    array = flat(column)
    try:
        return cast(array, pa.large_string())
    except (pa.ArrowException, NotImplementedError):  # lists, bytes and other cells without one
        return pa.array(
            [None if value is None else str(value) for value in array.to_pylist()],
            pa.large_string(),
        )


def encoded(column: Any) -> pa.DictionaryArray:
    """Return a column of text as numbers of its words; what is so already is not read again."""
    kind = column.type
    if not (pa.types.is_dictionary(kind) and is_text(kind.value_type)):
        return text(column).dictionary_encode()
    if isinstance(column, pa.ChunkedArray):
        column = column.unify_dictionaries().combine_chunks()
    if isinstance(column, pa.ChunkedArray) or column.dictionary.null_count:
        return text(column).dictionary_encode()
    words = column.dictionary.cast(pa.large_string())
    return pa.DictionaryArray.from_arrays(column.indices.cast(pa.int32()), words)


def repeated(word: str | None, n: int) -> pa.ChunkedArray:
    """Return a column that holds one text, or none, in every row: all of it one small chunk."""
    chunk = pa.array([word] * min(n, _CHUNK), pa.large_string())
    chunks = [chunk] * (n // _CHUNK)
    return pa.chunked_array([*chunks, chunk[: n % _CHUNK]], pa.large_string())


def is_blank(array: pa.Array) -> Bools:
    """Tell which texts are empty or white space only; missing ones are not."""
    return mask(pc.equal(pc.binary_length(pc.utf8_trim_whitespace(array)), 0))


def is_empty(column: Any) -> pa.Array:
    """Tell which cells hold nothing, or a text without a letter."""
    return pc.fill_null(pc.equal(text(column), ""), True)


def trimmed(array: pa.Array) -> tuple[pa.Array, Bools]:
    """Return text without white space around it, blank cells as missing, and which hold some."""
    array = pc.utf8_trim_whitespace(array)
    given = mask(pc.greater(pc.binary_length(array), 0))
    return pc.if_else(pa.array(given), array, None), given


def parsed(array: pa.Array, kind: pa.DataType) -> pa.Array:
    """Cast text; a cell that cannot be cast is missing, whatever stands in the other cells."""
    try:
        return array.cast(kind)
    except pa.ArrowInvalid:
        coded = array.dictionary_encode()
        return _halved(coded.dictionary, kind).take(coded.indices)


def _halved(cells: pa.Array, kind: pa.DataType) -> pa.Array:
    try:
        return cells.cast(kind)
    except pa.ArrowInvalid:
        if len(cells) == 1:
            return pa.nulls(1, kind)
        middle = len(cells) // 2
        return pa.concat_arrays([_halved(cells[:middle], kind), _halved(cells[middle:], kind)])


def ids(
    column: Any,
    name: str,
    failures: Failures,
    not_text: Bools | None,
    *,
    may_be_missing: bool = False,
) -> pa.Array:
    """Read ids: text as it stands, or integers where the whole column is integer.

    Missing ones are failures, unless they may be; blank ones are for the caller to find.
    """
    array = flat(column)
    kind = array.type
    is_integer = pa.types.is_integer(kind) or (pa.types.is_decimal(kind) and kind.scale == 0)
    is_readable = is_integer or is_text(kind) or pa.types.is_null(kind)
    if array.null_count and not may_be_missing:
        failures.add(mask(pc.is_null(array)), name, "id is missing")
    if not_text is not None:
        failures.add(not_text, name, "id is not text in a column of text")
    if not is_readable:
        if not_text is None:
            word = str(kind).split("<")[0]  # what follows may be keys of the data
            failures.add(mask(pc.is_valid(array)), name, f"id is a {word}, not text")
        return pa.nulls(len(array), pa.large_string())
    return cast(array, pa.large_string())


def words(
    column: Any,
    name: str,
    mapping: Mapping[str, str],
    known: Mapping[str, object],
    what: str,
    default: str,
    failures: Failures,
) -> pa.Array:
    """Map the user's words to the vocabulary's; missing and blank ones to the default."""
    meant, at = meanings(column, name, mapping, known, what, default, failures)
    return pa.array(meant, pa.large_string()).take(pa.array(at))


def meanings(
    column: Any,
    name: str,
    mapping: Mapping[str, Any],
    known: Mapping[str, object],
    what: str,
    default: str,
    failures: Failures,
) -> tuple[list[Any], NDArray[np.int32]]:
    """Return what the words of a column mean, and which of them each cell holds."""
    coded = encoded(column)
    given = coded.dictionary.to_pylist()
    found = [mapping.get(word, word if word in known else None) for word in given]
    found = [
        default if m is None and not w.strip() else m for m, w in zip(found, given, strict=True)
    ]
    unknown = [position for position, meant in enumerate(found) if meant is None]
    reasons: dict[str, list[int]] = {}
    for position in unknown:
        hint = near(given[position], {*mapping, *known}) if len(unknown) <= _MANY_WORDS else ""
        reasons.setdefault(f"unknown {what}.{hint}", []).append(position)
    for reason, positions in reasons.items():
        failures.add(
            mask(pc.is_in(coded.indices, value_set=pa.array(positions, pa.int32()))), name, reason
        )
    at: NDArray[np.int32] = pc.fill_null(coded.indices, len(found)).to_numpy()
    return [*found, default], at


def numbers(
    column: Any, name: str, what: str, failures: Failures, decimal: str | None = None
) -> tuple[NDArray[np.float64], Bools]:
    """Read numbers, and which cells hold something; what is no finite number is a failure.

    Text may group digits where the decimal sign is named.
    """
    column = decoded(column)
    kind = column.type
    reason = f"{what} is not a finite number"
    if is_text(kind) and decimal is not None:
        cells, given = trimmed(flat(column))
        found = parsed(_ungrouped(cells, decimal), pa.float64())
        reason = f"{what} is not a number with the decimal sign '{decimal}'"
    elif is_text(kind):
        try:
            found, given = flat(column.cast(pa.float64())), mask(pc.is_valid(column))
        except pa.ArrowInvalid:
            array, given = trimmed(flat(column))
            found = parsed(array, pa.float64())
    else:
        array = flat(column)
        given, kind = mask(pc.is_valid(array)), array.type
        is_number = pa.types.is_integer(kind) or pa.types.is_floating(kind)
        is_number = is_number or pa.types.is_decimal(kind) or pa.types.is_null(kind)
        found = (
            array.cast(pa.float64(), safe=False)
            if is_number
            else pa.nulls(len(array), pa.float64())
        )
    # A copy: a network must not change with a frame of the caller's.
    result: NDArray[np.float64] = np.array(pc.fill_null(found, np.nan), dtype=np.float64)
    failures.add(given & ~np.isfinite(result), name, reason)
    return result, given


def _ungrouped(cells: pa.Array, decimal: str) -> pa.Array:
    """Spell numbers without signs between groups of digits; a cell that is none is missing."""
    between, fraction = (".", ",") if decimal == "," else (",", r"\.")
    group = rf"[{between}'\s\x{{a0}}\x{{202f}}]"
    fits = pc.match_substring_regex(cells, _GROUPED % (group, fraction))
    plain = pc.replace_substring_regex(pc.replace_substring_regex(cells, group, ""), fraction, ".")
    return pc.if_else(fits, plain, None)


def confidences(
    grade: pa.Array,
    scheme: pa.Array | str,
    name: str,
    schemes: Mapping[str, GradeScheme],
    failures: Failures,
) -> NDArray[np.float64]:
    """Return the probability each grade stands for; NaN without a grade or without its scheme.

    The scheme is that of each grade, or one for all.
    """
    grades = encoded(grade)
    kinds = None if isinstance(scheme, str) else encoded(scheme)
    position = pc.fill_null(grades.indices, len(grades.dictionary)).to_numpy()
    words = [scheme] if kinds is None else kinds.dictionary.to_pylist()
    result = None
    for at, word in enumerate(words):
        found = [schemes[word].confidence(value) for value in grades.dictionary.to_pylist()]
        values = np.array([*found, np.nan], dtype=float)  # the last is for rows without a grade
        if kinds is None or (len(words) == 1 and not kinds.indices.null_count):
            rows: Any = np.True_
            result = values[position]
        else:
            rows = mask(pc.equal(kinds.indices, at))
            result = np.full(len(grade), np.nan) if result is None else result
            result = np.where(rows, values[position], result)
        if None in found:
            bad = rows & (position < len(found)) & np.isnan(values)[position]
            failures.add(bad, name, f"grade is not one of the scheme '{word}'")
    return np.full(len(grade), np.nan) if result is None else result
