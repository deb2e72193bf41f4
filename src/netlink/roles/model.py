"""The role model: every weight in one readable TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Pattern", "RoleModel", "default_model"]


@dataclass(frozen=True, kw_only=True)
class Pattern:
    """How much a typed pattern says of a role, in nats of log-odds, and why.

    Attributes
    ----------
    role : str
        The role it speaks for.
    weight : float
        Factor on the log-likelihood ratio against chance.
    cap : float
        The most it can say.
    company : float
        The most it says of the other person being a victim.
    reason : str
        Source or stated reason.
    counterpart : str
        Whose likelihood counts: "victim", or "others" for people in other roles.
    """

    role: str
    weight: float
    cap: float
    company: float
    reason: str
    counterpart: str = "victim"
    explains: float = 0.0


@dataclass(frozen=True, kw_only=True)
class RoleModel:
    """Every weight of the role model; see ``roles/model.toml`` for what each one means."""

    prior: float
    victim_prior: float
    act_base: float
    act_bounds: tuple[float, float]
    ungraded: float
    repeat: float
    company_cap: float
    own_harm: float
    base_rate: tuple[float, float]
    window_days: float
    eve_days: float
    arrival_days: float
    unrecorded: float
    explain_scale: float
    acts: Mapping[str, Mapping[str, float]]
    victim: Mapping[str, float]
    patterns: Mapping[str, Pattern]


@cache
def default_model() -> RoleModel:
    """Return the weights that come with netlink.

    Returns
    -------
    RoleModel

    Examples
    --------
    >>> from netlink.roles import default_model
    >>> default_model().patterns["journeys"].role
    'transporter'
    """
    text = (resources.files(__package__) / "model.toml").read_text("utf-8")
    values: dict[str, Any] = tomllib.loads(text)
    values["act_bounds"] = tuple(values["act_bounds"])
    values["base_rate"] = tuple(values["base_rate"])
    values["patterns"] = {name: Pattern(**part) for name, part in values["patterns"].items()}
    return RoleModel(**values)
