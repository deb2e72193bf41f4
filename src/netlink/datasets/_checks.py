"""Checks of what a made-up case is asked to be; all wrong names of an argument at once."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from netlink.errors import ArgumentError, near

if TYPE_CHECKING:
    from collections.abc import Collection


def check_share(name: str, value: object) -> float:
    """Return a share or a chance, a number from 0 to 1; raise on anything else."""
    # NaN fails the comparison, as it should.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= 1:
        raise ArgumentError(f"'{name}' must be a number from 0 to 1, got {value!r}.")
    return value


def check_factor(name: str, value: object, most: float = math.inf) -> float:
    """Return a number from 0 on that is not infinite; raise on anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise ArgumentError(f"'{name}' must be a number from 0 to {most:g}, got {value!r}.")
    return value


def check_chances(name: str, given: object, known: Collection[str]) -> dict[str, float]:
    """Return chances by name, each from 0 to 1; raise on names that are not known."""
    return {
        key: check_share(f"{name}[{key!r}]", value)
        for key, value in _check_names(name, given, known).items()
    }


def check_parts(name: str, given: object, known: Collection[str]) -> dict[str, float]:
    """Return how a whole is shared out, by name; whatever it adds up to counts as the whole."""
    found = _check_names(name, given, known)
    parts = {key: check_factor(f"{name}[{key!r}]", value, 1e6) for key, value in found.items()}
    if not any(parts.values()):
        raise ArgumentError(f"'{name}' must give a part to one of {_listed(known)} at least.")
    return parts


def _check_names(name: str, given: object, known: Collection[str]) -> dict[str, object]:
    if not hasattr(given, "items"):
        raise ArgumentError(
            f"'{name}' must be a mapping of str to number, got {type(given).__name__}."
        )
    found = dict(given.items())
    if wrong := [key for key in found if key not in known]:
        hints = "".join(near(str(key), known) for key in wrong)
        raise ArgumentError(
            f"'{name}' must have names of {_listed(known)}, got {_listed(wrong)}.{hints}"
        )
    return found


def _listed(names: Collection[object]) -> str:
    return ", ".join(repr(name) for name in names)
