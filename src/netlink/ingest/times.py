"""Cells -> times in UTC, with what could not be read or placed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink.errors import SchemaError
from netlink.ingest import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.ingest.failures import Failures
    from netlink.schema import Schema

    Times: TypeAlias = NDArray[np.datetime64]

_DAY = r"^\d{4}-\d{2}-\d{2}"
_TIME = r"[T ]\d{2}(:\d{2}(:\d{2}([.,]\d{1,9})?)?)?"
_SHAPES = {
    "year": r"^\d{4}$",
    "month": r"^\d{4}-\d{2}$",
    "day": rf"{_DAY}$",
    "local": rf"{_DAY}{_TIME}$",
    "zoned": rf"{_DAY}{_TIME} ?([Zz]|[+-]\d{{2}}(:?\d{{2}})?)$",
}
_FIRST, _LAST = np.datetime64("0001-01-01T00:00:00"), np.datetime64("9999-12-31T23:59:59")


def times(array: pa.Array, name: str, schema: Schema, failures: Failures) -> pd.Series:
    """Read times to UTC; a date without a time of day stands for its first moment."""
    kind = array.type
    if pa.types.is_null(kind):
        return none(len(array))
    if values.is_text(kind):
        found = _text(array, name, schema, failures)
    elif pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        found = _typed(array, name, schema, failures)
    else:
        word = str(kind).split("<")[0]  # what follows may be keys of the data
        given = values.mask(pc.is_valid(array))
        failures.add(given, name, f"time is a {word}, not text or a timestamp")
        return none(len(array))
    return _utc(found)


def none(n: int) -> pd.Series:
    """Return a column of missing times."""
    return _utc(np.full(n, np.datetime64("NaT"), dtype="datetime64[us]"))


def _utc(found: Times) -> pd.Series:
    return pd.Series(pd.DatetimeIndex(found, tz="UTC"))


def _typed(array: pa.Array, name: str, schema: Schema, failures: Failures) -> Times:
    found: Times = array.to_numpy(zero_copy_only=False)
    if np.datetime_data(found.dtype)[0] != "ns":  # which cannot leave the range
        first, last = (limit.astype(found.dtype) for limit in (_FIRST, _LAST))
        outside = (found < first) | (found > last)
        failures.add(outside, name, "time is outside the years 1 to 9999")
        found = np.where(outside, np.datetime64("NaT"), found)
    found = found.astype("datetime64[us]")
    if pa.types.is_date(array.type) or array.type.tz is not None:
        return found
    given = found[~np.isnat(found)]
    if (given == given.astype("datetime64[D]")).all():
        return found  # a column of dates, which many tools can only hold as timestamps
    return _placed(found, name, schema, failures)


def _text(array: pa.Array, name: str, schema: Schema, failures: Failures) -> Times:
    if schema.format is not None:
        return _formatted(array, name, schema, failures)
    try:
        found = _plain(array.cast(pa.timestamp("us", "UTC")))  # every cell has a zone
    except pa.ArrowInvalid:
        found = _by_shape(array, name, schema, failures)
    failures.add(found < _FIRST, name, "no such date or time")  # there is no year 0
    return found


def _by_shape(array: pa.Array, name: str, schema: Schema, failures: Failures) -> Times:
    cells, rest = values.trimmed(array)
    result = np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[us]")
    for shape, pattern in _SHAPES.items():
        hit = rest & values.mask(pc.match_substring_regex(cells, pattern))
        if not hit.any():
            continue
        rest &= ~hit
        found = np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[us]")
        found[hit] = _parsed(cells.filter(pa.array(hit)), shape)
        failures.add(hit & np.isnat(found), name, "no such date or time")
        if shape == "local":
            found = _placed(found, name, schema, failures)
        result[hit] = found[hit]
    failures.add(rest, name, "not an ISO 8601 date or time; give Schema(format=...)")
    return result


def _parsed(cells: pa.Array, shape: str) -> Times:
    if shape in {"year", "month"}:
        end = pa.scalar({"year": "-01-01", "month": "-01"}[shape], pa.large_string())
        cells = pc.binary_join_element_wise(cells, end, pa.scalar("", pa.large_string()))
    # The spellings of ISO 8601 that Arrow does not know; beyond microseconds is cut off.
    for pattern, plain in ((",", "."), ("z", "Z"), (r" ([+\-Z])", r"\1"), (r"(\.\d{6})\d+", r"\1")):
        cells = pc.replace_substring_regex(cells, pattern, plain)
    kind = pa.timestamp("us", "UTC") if shape == "zoned" else pa.timestamp("us")
    return _plain(values.parsed(cells, kind))


def _plain(array: pa.Array) -> Times:
    found: Times = array.to_numpy(zero_copy_only=False)
    return found


def _placed(found: Times, name: str, schema: Schema, failures: Failures) -> Times:
    """Place local times in the schema's zone."""
    given = ~np.isnat(found)
    if schema.tz is None:
        failures.add(given, name, "time of day without a time zone; give Schema(tz=...)")
        return found
    local = pd.Series(found).dt.tz_localize(schema.tz, ambiguous="NaT", nonexistent="NaT")
    placed: Times = local.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
    reason = "local time is ambiguous or impossible (change of the clocks)"
    failures.add(given & np.isnat(placed), name, reason)
    return placed


def _formatted(array: pa.Array, name: str, schema: Schema, failures: Failures) -> Times:
    cells, given = values.trimmed(array)
    spelling = schema.format or ""
    has_zone = "%z" in spelling.lower()
    series = pd.Series(cells.to_pylist(), dtype=object)
    parsed = None
    if "%" in spelling:  # words such as 'mixed' would have pandas guess
        with suppress(ValueError):
            parsed = pd.to_datetime(series, format=spelling, utc=has_zone, errors="coerce")
    if parsed is None:
        raise SchemaError("'format' must be a strptime format such as '%d/%m/%Y'.")
    reason = "date or time is not in the format of Schema(format=...)"
    failures.add(given & parsed.isna().to_numpy(), name, reason)
    if has_zone:
        parsed = parsed.dt.tz_localize(None)
    found: Times = parsed.to_numpy().astype("datetime64[us]")
    if not has_zone and any(part in spelling for part in ("%H", "%I", "%T", "%X", "%c")):
        return _placed(found, name, schema, failures)
    return found
