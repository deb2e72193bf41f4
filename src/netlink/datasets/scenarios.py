"""Scenarios: named sets of arguments of the synthetic case."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from netlink.datasets._checks import check_chances, check_parts, check_share
from netlink.datasets._recording.chances import USUAL
from netlink.datasets._world.habits import DOUBLING, EXPLOITATION, ROUTES, STRUCTURES, Habits
from netlink.errors import ArgumentError, near

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["scenarios"]

MOST_LOOKALIKES = 100


@cache
def _declared() -> dict[str, dict[str, Any]]:
    return tomllib.loads((resources.files(__package__) / "scenarios.toml").read_text("utf-8"))


def scenarios() -> pd.DataFrame:
    """List the named scenarios of a synthetic case.

    Each is a set of arguments of `synthetic_case` that differs from the default in one respect, but
    for ``mixed``, so that a difference in results can be laid on that. The records of one world
    are missing otherwise in some, in others the rings are others: compare means over seeds. What is
    given beside the name goes before what the scenario says.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``scenario``: what it is ``about``, and its ``arguments`` (a dict).

    Examples
    --------
    >>> import netlink as nl
    >>> nl.datasets.scenarios().loc["no-statements", "arguments"]
    {'statements': 0.0}
    >>> case = nl.datasets.synthetic_case(scenario="no-statements", seed=3, size=200)
    """
    table = pd.DataFrame.from_dict(deepcopy(_declared()), orient="index")
    return table[["about", "arguments"]].rename_axis("scenario")


@dataclass(frozen=True, kw_only=True)
class Asked:
    """What a case is to be: the arguments of a scenario and those given, checked."""

    recorded: float
    statements: float
    recording: dict[str, float]
    habits: Habits


def resolve(scenario: str, given: Mapping[str, Any]) -> Asked:
    """Put what is given over what the scenario says, and that over the default."""
    known = _declared()
    if scenario not in known:
        hint = near(str(scenario), known)
        raise ArgumentError(
            f"'scenario' must be one of {', '.join(map(repr, known))}, got {scenario!r}.{hint}"
        )
    told = {name: value for name, value in given.items() if value is not None}
    values: dict[str, Any] = {"recorded": 0.6, "statements": 0.25, "recording": {}}
    for part in (known[scenario]["arguments"], told):
        checked: dict[str, Any] = {name: _check(name, value) for name, value in part.items()}
        for name in ("recording", "role_doubling"):
            if name in checked:  # chances one by one; shares of a whole are given whole
                checked[name] = {**values.get(name, {}), **checked[name]}
        values |= checked
    return Asked(
        recorded=values.pop("recorded"),
        statements=values.pop("statements"),
        recording=values.pop("recording"),
        habits=Habits(**values),
    )


def _check(name: str, value: object) -> object:
    parts = {"exploitation": EXPLOITATION, "routes": ROUTES, "structures": STRUCTURES}
    chances = {"recording": USUAL, "role_doubling": DOUBLING}
    if name in parts:
        return check_parts(name, value, parts[name])
    if name in chances:
        return check_chances(name, value, chances[name])
    if name == "rings":
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise ArgumentError(f"'rings' must be an integer from 0 on, got {value!r}.")
        return value
    return check_share(name, value, MOST_LOOKALIKES if name == "lookalikes" else 1)
