"""Arguments that several measures take."""

from __future__ import annotations

from math import isfinite
from numbers import Real

from netlink.errors import ArgumentError


def check_share(value: object, name: str) -> float:
    """Return a number between 0 and 1, neither included."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ArgumentError(f"'{name}' must be a number, got {type(value).__name__}.")
    if not 0 < float(value) < 1:
        raise ArgumentError(f"'{name}' must lie between 0 and 1, got {value}.")
    return float(value)


def check_positive(value: object, name: str) -> float:
    """Return a finite number above 0."""
    if isinstance(value, bool) or not isinstance(value, Real):
        raise ArgumentError(f"'{name}' must be a number, got {type(value).__name__}.")
    if not (isfinite(value) and float(value) > 0):
        raise ArgumentError(f"'{name}' must be a positive finite number, got {value}.")
    return float(value)
