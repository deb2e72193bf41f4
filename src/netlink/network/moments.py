"""Moments and lengths of time as callers give them."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd

from netlink.errors import ArgumentError

_LONGEST = pd.Timedelta(days=91_250)  # a quarter of a millennium


def moment(value: object, name: str) -> pd.Timestamp:
    """Return a date or time in UTC."""
    if isinstance(value, str | date):
        spelling = "ISO8601" if isinstance(value, str) else None
        found = pd.to_datetime(value, utc=True, format=spelling, errors="coerce")
        if isinstance(found, pd.Timestamp):
            return found
    raise ArgumentError(
        f"'{name}' must be a date or time, ISO 8601 where it is text, got {type(value).__name__}."
    )


def length_of_time(value: object) -> pd.Timedelta | None:
    """Return a length of time from 0 on, such as "7D"; None where it is none."""
    if not isinstance(value, str | timedelta):
        return None
    try:
        found = pd.Timedelta(value)
    except ValueError:
        return None
    is_length = isinstance(found, pd.Timedelta) and pd.Timedelta(0) <= found < _LONGEST
    return found if is_length else None
