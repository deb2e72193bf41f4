"""Checks of what a made-up case is asked to be; all wrong names of an argument at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from netlink.errors import ArgumentError, near


def check_share(name: str, value: object, most: float = 1) -> float:
    """Return a number from 0 to the most there can be; raise on anything else."""
    # NaN fails the comparison, as it should.
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise ArgumentError(f"'{name}' must be a number from 0 to {most}, got {value!r}.")
    return value


def check_chances(name: str, given: object, known: Collection[str]) -> dict[str, float]:
    """Return chances by name, each from 0 to 1; raise on names that are not known."""
    if not isinstance(given, Mapping):
        raise ArgumentError(
            f"'{name}' must be a mapping of str to number, got {type(given).__name__}."
        )
    if wrong := [key for key in given if key not in known]:
        hints = "".join(near(str(key), known) for key in wrong)
        raise ArgumentError(
            f"'{name}' must have names of {_listed(known)}, got {_listed(wrong)}.{hints}"
        )
    return {key: check_share(f"{name}[{key!r}]", value) for key, value in given.items()}


def check_parts(name: str, given: object, known: Collection[str]) -> dict[str, float]:
    """Return how a whole is shared out by name, not all 0."""
    parts = check_chances(name, given, known)
    if not any(parts.values()):
        raise ArgumentError(f"'{name}' must give a share to one of {_listed(known)} at least.")
    return parts


def _listed(names: Collection[object]) -> str:
    return ", ".join(repr(name) for name in names)
