"""Dates that are known to the year, the month or the day: the periods they stand for.

A time is kept as the first moment of its period, in UTC; its precision says how long the period is.
Days, months and years are those of one time zone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Moments: TypeAlias = NDArray[np.datetime64]

PRECISIONS = ("year", "month", "day", "time")
PRECISION = pd.CategoricalDtype(list(PRECISIONS), ordered=True)
TIME = PRECISIONS.index("time")
_UNITS = ("Y", "M", "D")
_LETTERS = (4, 7, 10)  # of 2024-03-05, that say the year, the month, the day
_LAST = np.datetime64("9999-12-31T23:59:59.999999", "us")
_EDGES = np.datetime64("0002-01-01", "us"), np.datetime64("9999-01-01", "us")
_MOMENT = np.timedelta64(1, "us")
_REACH = np.timedelta64(36, "h").astype("timedelta64[us]")


def first_moments(dates: Moments, tz: str) -> Moments:
    """Return the first moment in UTC of days given by their date in a zone."""
    if tz == "UTC":
        return dates
    at, days = pd.factorize(dates)  # many rows, few days
    # Of a midnight that comes twice the first; one that is skipped is looked for.
    found = in_utc(days, tz, ambiguous=np.ones(len(days), dtype=bool))
    skipped = np.isnat(found)
    if skipped.any():
        found[skipped] = _after_gap(days[skipped], tz)
    return np.append(found, np.datetime64("NaT"))[at]


def in_utc(
    local: Moments, tz: str, *, ambiguous: Literal["NaT"] | NDArray[np.bool_] = "NaT"
) -> Moments:
    """Place local times of a zone in UTC: NaT where it has none, or two and we are not told."""
    known = _known(local)
    placed = pd.DatetimeIndex(local + known).tz_localize(tz, ambiguous=ambiguous, nonexistent="NaT")
    found: Moments = _plain(placed.tz_convert("UTC")) - known
    return found


def dates(moments: Moments, tz: str) -> Moments:
    """Return the local time in a zone of moments in UTC."""
    if tz == "UTC":
        return moments
    at, distinct = pd.factorize(moments)
    known = _known(distinct)
    local = pd.DatetimeIndex(distinct + known).tz_localize("UTC").tz_convert(tz)
    found: Moments = np.append(_plain(local) - known, np.datetime64("NaT"))[at]
    return found


def _known(moments: Moments) -> NDArray[np.timedelta64]:
    """Return what brings the first and last year to years in which Python knows time zones.

    After 400 years the calendar repeats, and so do the first and last rules of a zone.
    """
    cycle = np.timedelta64(146_097, "D").astype("timedelta64[us]")
    found = np.zeros(len(moments), dtype="timedelta64[us]")
    found[moments >= _EDGES[1]] = -cycle
    found[moments < _EDGES[0]] = cycle
    return found


def _after_gap(local: Moments, tz: str) -> Moments:
    """Find the first moments that are not before local times skipped by a change of the clocks."""
    low, high = local - _REACH, local + _REACH
    while (high - low > _MOMENT).any():
        middle = low + (high - low) // 2
        is_late = dates(middle, tz) >= local
        low, high = np.where(is_late, low, middle), np.where(is_late, middle, high)
    found: Moments = high
    return found


def _plain(times: pd.DatetimeIndex) -> Moments:
    found: Moments = times.tz_localize(None).to_numpy()
    return found.astype("datetime64[us]", copy=False)


def is_first(moments: Moments, code: NDArray[np.int8], tz: str) -> NDArray[np.bool_]:
    """Tell which moments are the first of a period of their precision."""
    found = np.ones(len(moments), dtype=bool)
    for at, unit in enumerate(_UNITS):
        rows = np.flatnonzero(code == at)
        if len(rows):
            period = dates(moments[rows], tz).astype(f"datetime64[{unit}]")
            found[rows] = first_moments(period.astype("datetime64[us]"), tz) == moments[rows]
    return found


def last_moments(times: pd.Series, precision: pd.Series, tz: str) -> pd.Series:
    """Return the last microsecond of the period of each time; a precise one is its own."""
    code = precision.cat.codes.to_numpy()
    partial = [np.flatnonzero(code == at) for at in range(TIME)]
    if not any(map(len, partial)):
        return times
    found = moments_of(times).copy()
    for rows, unit in zip(partial, _UNITS, strict=True):
        if len(rows):
            following = dates(found[rows], tz).astype(f"datetime64[{unit}]") + 1
            last = first_moments(following.astype("datetime64[us]"), tz) - _MOMENT
            found[rows] = np.minimum(last, _LAST)
    return pd.Series(pd.DatetimeIndex(found, tz="UTC"), index=times.index, name=times.name)


def moments_of(times: pd.Series) -> Moments:
    """Return times in UTC as an array without a zone, the column's own where it can be."""
    moments = times.array
    # Kept in UTC, whatever the zone they are shown in.
    found: Moments = moments.asi8.view(f"datetime64[{moments.unit}]")
    return found.astype("datetime64[us]", copy=False)


def coarser(
    times: pd.Series, precision: pd.Series, tz: str, to: str
) -> tuple[pd.Series, pd.Series]:
    """Give times to the day, month or year of a zone, and their precision; coarser ones stay."""
    level = PRECISIONS.index(to)
    code = precision.cat.codes.to_numpy().copy()
    rows = np.flatnonzero(code > level)
    found = moments_of(times).copy()
    period = dates(found[rows], tz).astype(f"datetime64[{_UNITS[level]}]")
    found[rows] = first_moments(period.astype("datetime64[us]"), tz)
    code[rows] = level
    known = pd.Categorical.from_codes(code, dtype=PRECISION)
    return (
        pd.Series(pd.DatetimeIndex(found, tz="UTC"), index=times.index, name=times.name),
        pd.Series(known, index=times.index, name=precision.name),
    )


def texts(times: pd.Series, precision: pd.Series, tz: str) -> NDArray[np.object_]:
    """Write times in ISO 8601 as far as they are known; None where there is none."""
    code = precision.cat.codes.to_numpy()
    found = np.full(len(times), None, dtype=object)
    is_time = (code == TIME) & times.notna().to_numpy()
    found[is_time] = written(times[is_time])
    for at, n in enumerate(_LETTERS):
        rows = np.flatnonzero(code == at)
        if len(rows):
            local = dates(moments_of(times.iloc[rows]), tz)
            found[rows] = [text[:n] for text in np.datetime_as_string(local, unit="D").tolist()]
    return found


def written(times: pd.Series) -> list[str]:
    """Write times that are there in ISO 8601, in UTC, as `pandas.Timestamp.isoformat` does."""
    moments = moments_of(times)
    whole = moments.astype("datetime64[s]")
    found = np.datetime_as_string(whole, unit="s").astype(object)
    parts = np.flatnonzero(whole != moments)
    found[parts] = np.datetime_as_string(moments[parts], unit="us")
    return [f"{text}+00:00" for text in found]


def has_partial(table: pd.DataFrame) -> bool:
    """Tell whether any start or end is known to the day, month or year only."""
    return any((table[f"{end}_precision"] < "time").any() for end in ("start", "end"))


def spans(table: pd.DataFrame, tz: str) -> dict[str, pd.Series]:
    """Return the first and last moment of start and end of each row, by name."""
    start, end = table["start"], table["end"]
    start_last = last_moments(start, table["start_precision"], tz)
    without = end.isna() & start.notna()
    end_last = last_moments(end, table["end_precision"], tz)
    return {
        "start_first": start,
        "start_last": start_last,
        "end_first": end.where(~without, start),
        "end_last": end_last.where(~without, start_last),
    }
