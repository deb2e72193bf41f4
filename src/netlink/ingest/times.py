"""Cells -> times in UTC and how far they are known, with what could not be read or placed."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink.errors import SchemaError
from netlink.ingest import values
from netlink.network import periods
from netlink.network.periods import PRECISION, PRECISIONS, TIME

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.ingest.failures import Failures
    from netlink.schema import Schema

    Times: TypeAlias = NDArray[np.datetime64]
    Codes: TypeAlias = NDArray[np.int8]
    Found: TypeAlias = tuple[Times, Codes]

_DAY = r"^\d{4}-\d{2}-\d{2}"
_TIME = r"[T ]\d{2}(:\d{2}(:\d{2}([.,]\d{1,9})?)?)?"
_SHAPES = {
    "year": r"^\d{4}$",
    "month": r"^\d{4}-\d{2}$",
    "day": rf"{_DAY}$",
    "local": rf"{_DAY}{_TIME}$",
    "zoned": rf"{_DAY}{_TIME} ?([Zz]|[+-]\d{{2}}(:?\d{{2}})?)$",
}
# What a format reads tells how far its times are known.
_DIRECTIVES = {
    "time": ("%H", "%I", "%T", "%X", "%c", "%R", "%r", "%z"),
    "day": ("%d", "%e", "%j", "%x", "%D", "%F", "%w", "%u", "%a", "%A"),
    "month": ("%m", "%b", "%B", "%h"),
}
_MIDNIGHT, _NO_FRACTION = r"[ T]00:00(:00([.,]0+)?)?$", r"[.,]0+$"
_FIRST, _LAST = np.datetime64("0001-01-01T00:00:00"), np.datetime64("9999-12-31T23:59:59.999999")
_UTC = pd.DatetimeTZDtype("us", "UTC")
_NAT = np.datetime64("NaT", "us")
_DAYS = PRECISIONS.index("day")
_NO_SUCH = "no such date or time"
_OUTSIDE = "time is outside the years 1 to 9999"


def times(
    array: pa.Array, name: str, schema: Schema, failures: Failures, stated: Codes | None = None
) -> tuple[pd.Series, pd.Series]:
    """Read times to UTC, and their precision; a partial one stands for its first moment.

    `stated` is what a column of its own says of the precision, -1 where it says nothing.
    """
    kind = array.type
    if pa.types.is_null(kind):
        found, code = _none(len(array))
    elif values.is_text(kind):
        found, code = _text(array, name, schema, failures)
    elif pa.types.is_date(kind) or pa.types.is_timestamp(kind):
        found, code = _typed(array, name, schema, failures)
    else:
        word = str(kind).split("<")[0]  # what follows may be keys of the data
        given = values.mask(pc.is_valid(array))
        failures.add(given, name, f"time is a {word}, not text or a timestamp")
        found, code = _none(len(array))
    found = _begun(found, code, name, schema, failures)
    if stated is not None:
        code = _stated(found, code, stated, name, schema, failures)
    return _columns(found, np.where(np.isnat(found), np.int8(-1), code))


def with_clock(dates: pa.Array, clock: Any, name: str, failures: Failures) -> pa.Array:
    """Put the time of day of each row behind its date."""
    # What holds dates alone may hold them as midnights, and times with fractions of nothing.
    days = pc.replace_substring_regex(values.text(dates), _MIDNIGHT, "")
    days, has_day = values.trimmed(days)
    hours = pc.replace_substring_regex(values.text(clock), _NO_FRACTION, "")
    hours, has_hour = values.trimmed(hours)
    failures.add(has_hour & ~has_day, name, "time of day without a date")
    return pc.if_else(
        pa.array(has_hour),
        pc.binary_join_element_wise(days, hours, pa.scalar(" ", days.type)),
        days,
    )


def none(n: int) -> tuple[pd.Series, pd.Series]:
    """Return columns of missing times and precisions."""
    return _columns(*_none(n))


def stated(column: pa.ChunkedArray, name: str, failures: Failures) -> Codes:
    """Read a column of precisions as codes, -1 where it says nothing."""
    known = dict.fromkeys(PRECISIONS)
    words = values.words(column, name, {}, known, "precision", "", failures)
    found = pc.fill_null(pc.index_in(words, value_set=pa.array(PRECISIONS, words.type)), -1)
    code: Codes = found.to_numpy(zero_copy_only=False).astype(np.int8)
    return code


def _none(n: int) -> Found:
    return np.full(n, _NAT), np.full(n, -1, dtype=np.int8)


def _columns(found: Times, code: Codes) -> tuple[pd.Series, pd.Series]:
    precision = pd.Categorical.from_codes(code.astype(np.int8), dtype=PRECISION)
    if not found.flags.writeable:  # a buffer of Arrow
        found = found.copy()
    moments = pd.array(found.view(np.int64), dtype=_UTC, copy=False)
    return pd.Series(moments, copy=False), pd.Series(precision)


def _begun(found: Times, code: Codes, name: str, schema: Schema, failures: Failures) -> Times:
    """Place partial dates at their first moment in the schema's zone."""
    if schema.tz not in (None, "UTC"):
        tz = str(schema.tz)
        rows = np.flatnonzero((code < TIME) & ~np.isnat(found))
        placed = periods.first_moments(found[rows], tz)
        day = found[rows].astype("datetime64[D]")
        is_skipped = np.zeros(len(found), dtype=bool)
        is_skipped[rows] = (code[rows] == _DAYS) & (periods.dates(placed, tz) >= day + 1)
        failures.add(is_skipped, name, _NO_SUCH)  # where a zone changed sides of the date line
        found = found.copy()
        found[rows] = placed
    outside = (found < _FIRST) | (found > _LAST)  # in UTC, whatever the zone says
    failures.add(outside, name, _OUTSIDE)
    return np.where(outside, np.datetime64("NaT"), found) if outside.any() else found


def _stated(
    found: Times, code: Codes, stated: Codes, name: str, schema: Schema, failures: Failures
) -> Codes:
    says = stated >= 0
    failures.add(says & np.isnat(found) & ~failures.failed, name, "precision without a time")
    failures.add(
        says & (stated > code) & ~np.isnat(found), name, "precision is finer than the time given"
    )
    coarser = says & (stated < code)
    code = np.where(coarser, stated, code)
    rows = np.flatnonzero(coarser & ~np.isnat(found))
    wrong = np.zeros(len(found), dtype=bool)
    wrong[rows] = ~periods.is_first(found[rows], code[rows], schema.tz or "UTC")
    reason = "time is not the first moment of its precision; give the Schema(tz=...) it was read by"
    failures.add(wrong, name, reason)
    return code


def _typed(array: pa.Array, name: str, schema: Schema, failures: Failures) -> Found:
    found: Times = array.to_numpy(zero_copy_only=False)
    if np.datetime_data(found.dtype)[0] != "ns":  # which cannot leave the range
        first, last = (limit.astype(found.dtype) for limit in (_FIRST, _LAST))
        outside = (found < first) | (found > last)
        failures.add(outside, name, _OUTSIDE)
        found = np.where(outside, np.datetime64("NaT"), found)
    found = found.astype("datetime64[us]")
    times, days = (np.full(len(found), code, dtype=np.int8) for code in (TIME, _DAYS))
    if pa.types.is_date(array.type):
        return found, days
    if array.type.tz is not None:
        return found, times
    given = found[~np.isnat(found)]
    if (given == given.astype("datetime64[D]")).all():
        return found, days  # a column of dates, which many tools can only hold as timestamps
    return _placed(found, name, schema, failures), times


def _text(array: pa.Array, name: str, schema: Schema, failures: Failures) -> Found:
    if schema.format is not None:
        return _formatted(array, name, schema, failures)
    for kind, code in ((pa.timestamp("us", "UTC"), TIME), (pa.date32(), _DAYS)):
        with suppress(pa.ArrowInvalid):  # every cell has a zone, or is a day
            found = _plain(array.cast(kind)).astype("datetime64[us]", copy=False)
            codes = np.full(len(found), code, dtype=np.int8)
            break
    else:
        found, codes = _by_shape(array, name, schema, failures)
    is_before = found < _FIRST
    failures.add(is_before, name, _NO_SUCH)  # there is no year 0
    return np.where(is_before, _NAT, found) if is_before.any() else found, codes


def _by_shape(array: pa.Array, name: str, schema: Schema, failures: Failures) -> Found:
    cells, rest = values.trimmed(array)
    result, code = _none(len(cells))
    for shape, pattern in _SHAPES.items():
        hit = rest & values.mask(pc.match_substring_regex(cells, pattern))
        if not hit.any():
            continue
        rest &= ~hit
        found = np.full(len(cells), np.datetime64("NaT"), dtype="datetime64[us]")
        found[hit] = _parsed(cells.filter(pa.array(hit)), shape)
        failures.add(hit & np.isnat(found), name, _NO_SUCH)
        if shape == "local":
            found = _placed(found, name, schema, failures)
        result[hit] = found[hit]
        code[hit] = PRECISIONS.index(shape) if shape in PRECISIONS else TIME
    failures.add(rest, name, "not an ISO 8601 date or time; give Schema(format=...)")
    return result, code


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
    placed = periods.in_utc(found, schema.tz)
    reason = "local time is ambiguous or impossible (change of the clocks)"
    failures.add(given & np.isnat(placed), name, reason)
    return placed


def _formatted(array: pa.Array, name: str, schema: Schema, failures: Failures) -> Found:
    cells, given = values.trimmed(array)
    spelling = schema.format or ""
    has_zone = "%z" in spelling.lower()
    coded = cells.dictionary_encode()
    series = pd.Series(coded.dictionary.to_pylist(), dtype=object)
    parsed = None
    if "%" in spelling:  # words such as 'mixed' would have pandas guess
        with suppress(ValueError):
            parsed = pd.to_datetime(series, format=spelling, utc=has_zone, errors="coerce")
    if parsed is None:
        raise SchemaError("'format' must be a strptime format such as '%d/%m/%Y'.")
    if has_zone:
        parsed = parsed.dt.tz_localize(None)
    distinct = np.append(parsed.to_numpy().astype("datetime64[us]"), np.datetime64("NaT"))
    found: Times = distinct[pc.fill_null(coded.indices, -1).to_numpy(zero_copy_only=False)]
    reason = "date or time is not in the format of Schema(format=...)"
    failures.add(given & np.isnat(found), name, reason)
    kind = next(
        (k for k, parts in _DIRECTIVES.items() if any(p in spelling for p in parts)), "year"
    )
    if kind == "time" and not has_zone:
        found = _placed(found, name, schema, failures)
    return found, np.full(len(found), PRECISIONS.index(kind), dtype=np.int8)
