"""Windows of time, by the calendar, by length or by the phases of a case."""

from __future__ import annotations

from datetime import date, timedelta, tzinfo
from itertools import pairwise
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pandas as pd

from netlink.errors import ArgumentError, near
from netlink.network.moments import length_of_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.network import Network

# How each calendar period is stepped, cut and written.
_PERIODS = {
    "day": (pd.DateOffset(days=1), "D", "%Y-%m-%d"),
    "week": (pd.DateOffset(weeks=1), "W-SUN", "%G-W%V"),
    "month": (pd.DateOffset(months=1), "M", "%Y-%m"),
    "quarter": (pd.DateOffset(months=3), "Q", "%Y-Q"),
    "year": (pd.DateOffset(years=1), "Y", "%Y"),
}
_MOST = 100_000


def windows(
    network: Network,
    /,
    *,
    every: str | timedelta | None = None,
    step: str | timedelta | None = None,
    boundaries: Sequence[str | date] | None = None,
    tz: str | None = None,
) -> pd.DataFrame:
    """Cut the time of a network into windows.

    From the window with the first start of a relationship to the one with the last start or end; a
    date known to the month or the year counts by its first moment here, and is then in every one of
    these windows that it may fall into.
    Calendar periods begin where they begin in the zone, so a day there may have 23 or 25 hours;
    a week begins on Monday (ISO 8601). Windows of a given length begin at midnight before the first
    start. With a `step` shorter than the windows they overlap (rolling windows).

    Parameters
    ----------
    network : Network
        Entities and relationships.
    every : str or datetime.timedelta, optional
        "day", "week", "month", "quarter", "year", or a length of time such as "30 days".
    step : str or datetime.timedelta, optional
        From the start of a window to that of the next, in the same words; `every` without it.
    boundaries : sequence of str or datetime.date, optional
        In place of `every`: the phases of a case. A window runs from each to the next; without a
        time zone of its own a boundary is in `tz`.
    tz : str, optional
        Zone whose calendar counts; that of the network without it.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``window``, the name of each: ``start`` (in it) and ``end`` (not in it), UTC.
        Without a dated relationship, no rows.

    Raises
    ------
    ArgumentError
        Both or neither of `every` and `boundaries` are given, or something is no period, no time,
        no zone, or makes more than 100,000 windows.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame({"source": ["p1", "p1"], "target": ["p2", "p3"],
    ...                       "start": ["2024-01-03", "2024-03-01"]})
    >>> nl.changes.windows(nl.read_tables(None, calls), every="month").index.tolist()
    ['2024-01', '2024-02', '2024-03']
    """
    if (every is None) == (boundaries is None):
        raise ArgumentError("Give one of 'every' and 'boundaries'.")
    if boundaries is not None and step is not None:
        raise ArgumentError("'step' goes with 'every', not with 'boundaries'.")
    try:
        zone: tzinfo = ZoneInfo(network.tz if tz is None else tz)
    except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
        raise ArgumentError("'tz' must be a time zone such as 'Europe/Vienna'.") from error
    if boundaries is not None:
        return _between(boundaries, zone)
    return _periods(network, every, every if step is None else step, zone)


def _between(boundaries: Sequence[str | date], zone: tzinfo) -> pd.DataFrame:
    moments = []
    for value in boundaries:
        spelling = "ISO8601" if isinstance(value, str) else None
        found = pd.to_datetime(value, format=spelling, errors="coerce")
        if not isinstance(value, str | date) or not isinstance(found, pd.Timestamp):
            raise ArgumentError(
                "'boundaries' must be dates or times, ISO 8601 where they are text."
            )
        moments.append((found if found.tzinfo else found.tz_localize(zone)).tz_convert("UTC"))
    if len(moments) < 2 or any(a >= b for a, b in pairwise(moments)):
        raise ArgumentError(
            "'boundaries' must be at least two times, each later than the one before."
        )
    names = [str(number) for number in range(1, len(moments))]
    return _frame(names, moments[:-1], moments[1:])


def _frame(names: list[str], start: list[pd.Timestamp], end: list[pd.Timestamp]) -> pd.DataFrame:
    columns = {"start": start, "end": end}
    utc = {name: pd.DatetimeIndex(c, tz="UTC").as_unit("us") for name, c in columns.items()}
    return pd.DataFrame(utc, index=pd.Index(names, name="window", dtype="str"))


def _periods(network: Network, every: object, step: object, zone: tzinfo) -> pd.DataFrame:
    length, stride = _offset(every, "every"), _offset(step, "step")
    dates = network.relationship_table[["start", "end"]]
    if dates["start"].isna().all():
        return _frame([], [], [])
    first = dates["start"].min().tz_convert(zone).tz_localize(None)
    last = dates.max().max()
    if isinstance(step, str) and step in _PERIODS:
        first = first.to_period(_PERIODS[step][1]).start_time
    starts = [_placed(first.normalize(), zone)]
    while (following := _after(starts[-1], stride, zone)) <= last:
        starts.append(following)
        if len(starts) > _MOST:
            raise ArgumentError(f"More than {_MOST:,} windows; take longer ones or longer steps.")
    local = [start.tz_convert(zone) for start in starts]
    if step == every and step in _PERIODS:
        names = [_name(start, str(step)) for start in local]
    else:
        is_midnight = all(start == start.normalize() for start in local)
        names = [
            start.strftime("%Y-%m-%d" if is_midnight else "%Y-%m-%dT%H:%M%z") for start in local
        ]
    return _frame(names, starts, [_after(start, length, zone) for start in starts])


def _after(start: pd.Timestamp, length: pd.DateOffset | pd.Timedelta, zone: tzinfo) -> pd.Timestamp:
    """Return the moment a length later, by the calendar of the zone where it is a period."""
    if isinstance(length, pd.Timedelta):
        return start + length
    return _placed(start.tz_convert(zone).tz_localize(None) + length, zone)


def _placed(local: pd.Timestamp, zone: tzinfo) -> pd.Timestamp:
    """Return a local time in UTC; of a midnight that comes twice the first, of none the next."""
    return local.tz_localize(zone, ambiguous=True, nonexistent="shift_forward").tz_convert("UTC")


def _name(start: pd.Timestamp, period: str) -> str:
    if period == "quarter":
        return f"{start:%Y}-Q{start.quarter}"
    return start.strftime(_PERIODS[period][2])


def _offset(value: object, name: str) -> pd.DateOffset | pd.Timedelta:
    if isinstance(value, str) and value in _PERIODS:
        return _PERIODS[value][0]
    found = length_of_time(value)
    if found:
        return found
    hint = near(value, _PERIODS) if isinstance(value, str) else ""
    raise ArgumentError(
        f"'{name}' must be one of {list(_PERIODS)} or a length of time such as '30 days'.{hint}"
    )
