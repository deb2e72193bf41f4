"""Cells -> ids, words, numbers, times and confidences, with what could not be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink.errors import near

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netlink.ingest.failures import Failures
    from netlink.schema import Schema

    Bools: TypeAlias = NDArray[np.bool_]

_TIME = r"[T ]\d{2}:\d{2}(:\d{2}([.,]\d{1,9})?)?"
_ZONE = r" ?(Z|z|[+-]\d{2}(:?\d{2})?)"
_SHAPES = {
    "year": r"^\d{4}$",
    "month": r"^\d{4}-\d{2}$",
    "day": r"^\d{4}-\d{2}-\d{2}$",
    "local": rf"^\d{{4}}-\d{{2}}-\d{{2}}{_TIME}$",
    "zoned": rf"^\d{{4}}-\d{{2}}-\d{{2}}{_TIME}{_ZONE}$",
}


def flat(column: Any) -> pa.Array:
    """Return a column as one array, dictionaries decoded."""
    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if isinstance(array, pa.ChunkedArray):  # no chunk at all, or more than one can hold
        array = pa.concat_arrays(array.chunks) if array.num_chunks else pa.array([], array.type)
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    return array


def mask(array: Any) -> Bools:
    """Return a Boolean Arrow array as numpy, missing as False."""
    found: Bools = pc.fill_null(array, False).to_numpy(zero_copy_only=False)
    return found


def is_text(kind: pa.DataType) -> bool:
    """Tell whether an Arrow type is text."""
    return bool(
        pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)
    )


def text(column: Any) -> pa.Array:
    """Return a column as text; numbers and dates in their plain spelling."""
    array = flat(column)
    if pa.types.is_list(array.type) or pa.types.is_struct(array.type):
        return pa.array(
            [None if v is None else str(v) for v in array.to_pylist()], pa.large_string()
        )
    return array.cast(pa.large_string())


def ids(column: Any, name: str, failures: Failures, not_text: Bools | None) -> pa.Array:
    """Read ids: text as it stands, or integers where the whole column is integer."""
    array = flat(column)
    kind = array.type
    if pa.types.is_integer(kind) or is_text(kind) or pa.types.is_null(kind):
        array = array.cast(pa.large_string())
    else:
        failures.add(mask(pc.is_valid(array)), name, f"id is a {kind}, not text")
        array = pa.array([None] * len(array), pa.large_string())
        failures.add(~failures.failed, name, "id is missing")
        return array
    if not_text is not None:
        failures.add(not_text, name, "id is not text in a column of text")
    failures.add(~mask(pc.is_valid(array)), name, "id is missing")
    blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(array)), 0)
    failures.add(mask(blank), name, "id is empty or blank")
    return array


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
    coded = text(column).dictionary_encode()
    found: list[str | None] = []
    for position, word in enumerate(coded.dictionary.to_pylist()):
        meant = mapping.get(word, word if word in known else None)
        if meant is None and not word.strip():
            meant = default
        found.append(meant)
        if meant is None:
            reason = f"unknown {what}.{near(word, {*mapping, *known})}"
            failures.add(mask(pc.equal(coded.indices, position)), name, reason)
    dictionary = pa.array(found, pa.large_string())
    return pc.fill_null(dictionary.take(coded.indices), default)


def _large(value: str) -> pa.Scalar:
    return pa.scalar(value, pa.large_string())


def numbers(column: Any, name: str, what: str, failures: Failures) -> NDArray[np.float64]:
    """Read numbers; what is not one becomes NaN and a failure. Missing cells are NaN alone."""
    array = flat(column)
    if is_text(array.type):
        trimmed = pc.utf8_trim_whitespace(array)
        given = mask(pc.greater(pc.binary_length(trimmed), 0))
        try:
            values = pc.if_else(pa.array(given), trimmed, None).cast(pa.float64())
        except pa.ArrowInvalid:
            series = pd.Series(trimmed.to_pylist(), dtype=object)
            values = pa.array(pd.to_numeric(series, errors="coerce"), pa.float64())
    elif pa.types.is_boolean(array.type) or not _is_numeric(array.type):
        given = mask(pc.is_valid(array))
        values = pa.nulls(len(array), pa.float64())
    else:
        given = mask(pc.is_valid(array))
        values = array.cast(pa.float64(), safe=False)
    result: NDArray[np.float64] = pc.fill_null(values, np.nan).to_numpy(zero_copy_only=False)
    failures.add(given & ~np.isfinite(result), name, f"{what} is not a finite number")
    return result


def _is_numeric(kind: pa.DataType) -> bool:
    return bool(
        pa.types.is_integer(kind)
        or pa.types.is_floating(kind)
        or pa.types.is_decimal(kind)
        or pa.types.is_null(kind)
    )


def times(column: Any, name: str, schema: Schema, failures: Failures) -> pd.Series:
    """Read times to UTC; a date without a time of day stands for its first moment."""
    array = flat(column)
    kind = array.type
    if pa.types.is_integer(kind):
        array, kind = array.cast(pa.large_string()), pa.large_string()
    if is_text(kind):
        return _text_times(array, name, schema, failures)
    if pa.types.is_date(kind):
        array = array.cast(pa.timestamp("us"))
        return _utc(array.cast(pa.timestamp("us", "UTC")))
    if pa.types.is_timestamp(kind):
        if kind.tz is not None:
            return _utc(array.cast(pa.timestamp("us", "UTC"), safe=False))
        return _local(_plain(array.cast(pa.timestamp("us"), safe=False)), name, schema, failures)
    given = mask(pc.is_valid(array))
    failures.add(given, name, f"time is a {kind}, not text or a timestamp")
    return _utc(pa.nulls(len(array), pa.timestamp("us", "UTC")))


def _utc(array: pa.Array) -> pd.Series:
    return pd.Series(_plain(array.cast(pa.timestamp("us")))).dt.tz_localize("UTC")


def _plain(array: pa.Array) -> NDArray[np.datetime64]:
    values: NDArray[np.datetime64] = array.to_numpy(zero_copy_only=False)
    return values.astype("datetime64[us]")


def _local(
    values: NDArray[np.datetime64], name: str, schema: Schema, failures: Failures
) -> pd.Series:
    """Place times without a zone: dates as they are, times of day in the schema's zone."""
    given = ~np.isnat(values)
    if bool((values[given] == values[given].astype("datetime64[D]")).all()):
        return pd.Series(values).dt.tz_localize("UTC")
    series = pd.Series(values)
    if schema.tz is None:
        failures.add(given, name, "time of day without a time zone; give Schema(tz=...)")
        return series.dt.tz_localize("UTC")
    placed = series.dt.tz_localize(schema.tz, ambiguous="NaT", nonexistent="NaT")
    reason = "local time is ambiguous or impossible (change of the clocks)"
    failures.add(given & placed.isna().to_numpy(), name, reason)
    return placed.dt.tz_convert("UTC")


def _text_times(array: pa.Array, name: str, schema: Schema, failures: Failures) -> pd.Series:
    trimmed = pc.utf8_trim_whitespace(array.cast(pa.large_string()))
    given = mask(pc.greater(pc.binary_length(trimmed), 0))
    result = np.full(len(array), np.datetime64("NaT"), dtype="datetime64[us]")
    if schema.format is not None:
        return _formatted_times(trimmed, given, name, schema, failures)
    rest = given.copy()
    for shape, pattern in _SHAPES.items():
        hit = rest & mask(pc.match_substring_regex(trimmed, pattern))
        if not hit.any():
            continue
        rest &= ~hit
        values = trimmed.filter(pa.array(hit))
        parsed = _parsed(values, shape)
        if shape == "local":
            at = np.full(len(array), np.datetime64("NaT"), dtype="datetime64[us]")
            at[hit] = parsed
            result[hit] = _plain_series(_placed(at, name, schema, failures))[hit]
        else:
            result[hit] = parsed
        bad = hit.copy()
        bad[hit] = np.isnat(parsed)
        failures.add(bad, name, "no such date or time")
    reason = "not an ISO 8601 date or time; give Schema(format=...)"
    failures.add(rest, name, reason)
    return pd.Series(result).dt.tz_localize("UTC")


def _placed(
    values: NDArray[np.datetime64], name: str, schema: Schema, failures: Failures
) -> pd.Series:
    """As `_local`, for times that were written with a time of day, midnight included."""
    if schema.tz is None:
        reason = "time of day without a time zone; give Schema(tz=...)"
        failures.add(~np.isnat(values), name, reason)
        return pd.Series(values).dt.tz_localize("UTC")
    placed = pd.Series(values).dt.tz_localize(schema.tz, ambiguous="NaT", nonexistent="NaT")
    reason = "local time is ambiguous or impossible (change of the clocks)"
    failures.add(~np.isnat(values) & placed.isna().to_numpy(), name, reason)
    return placed.dt.tz_convert("UTC")


def _plain_series(series: pd.Series) -> NDArray[np.datetime64]:
    found: NDArray[np.datetime64] = series.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    return found.astype("datetime64[us]")


def _parsed(values: pa.Array, shape: str) -> NDArray[np.datetime64]:
    if shape in {"year", "month"}:
        rest = {"year": "-01-01", "month": "-01"}[shape]
        values = pc.binary_join_element_wise(values, _large(rest), _large(""))
    kind = pa.timestamp("us", "UTC") if shape == "zoned" else pa.timestamp("us")
    try:
        return _plain(values.cast(kind).cast(pa.timestamp("us")))
    except pa.ArrowInvalid:
        series = pd.Series(values.to_pylist(), dtype=object).str.replace(",", ".")
        parsed = pd.to_datetime(series, format="ISO8601", utc=True, errors="coerce")
        return _plain_series(parsed)


def _formatted_times(
    array: pa.Array, given: Bools, name: str, schema: Schema, failures: Failures
) -> pd.Series:
    spelling = schema.format or ""
    series = pd.Series(array.to_pylist(), dtype=object).where(given)
    has_zone = "%z" in spelling
    parsed = pd.to_datetime(series, format=spelling, utc=has_zone, errors="coerce")
    reason = "date or time is not in the format of Schema(format=...)"
    failures.add(given & parsed.isna().to_numpy(), name, reason)
    if has_zone:
        return parsed.astype("datetime64[us, UTC]")
    values = parsed.to_numpy().astype("datetime64[us]")
    has_time = any(part in spelling for part in ("%H", "%I", "%T", "%X", "%c"))
    if has_time:
        return _placed(values, name, schema, failures)
    return pd.Series(values).dt.tz_localize("UTC")


def confidences(
    grade: pa.Array, scheme: pa.Array, name: str, schema: Schema, failures: Failures
) -> NDArray[np.float64]:
    """Return the probability each grade stands for; NaN without a grade or without its scheme."""
    pairs = pc.binary_join_element_wise(
        pc.fill_null(scheme, ""), pc.fill_null(pc.utf8_trim_whitespace(grade), ""), _large("\x1f")
    ).dictionary_encode()
    found = np.full(max(len(pairs.dictionary), 1), np.nan)
    for position, pair in enumerate(pairs.dictionary.to_pylist()):
        word, _, value = pair.partition("\x1f")
        if not word or not value:
            continue
        confidence = schema.vocabulary.grades[word].confidence(value)
        if confidence is None:
            reason = f"grade is not one of the scheme '{word}'"
            failures.add(mask(pc.equal(pairs.indices, position)), name, reason)
        else:
            found[position] = confidence
    return found[pairs.indices.to_numpy(zero_copy_only=False)]
