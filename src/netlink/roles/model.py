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
    """How much a typed pattern says of a role.

    In nats of log-odds.

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
    explains : float
        Factor on what the victims whom the person accounts for say.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.roles.default_model().patterns["lodging"].reason
    'lodging of unrelated newcomers at a place held (Palermo: harbouring, receipt)'
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
    """Every weight of the role model.

    In nats of log-odds; ``roles/model.toml`` says of each why it is what it is. Weights are
    declared readings of the field's knowledge, not measurements. Change some with
    `dataclasses.replace`.

    Attributes
    ----------
    prior, victim_prior : float
        Log-odds of holding a role, and of being a victim, before any evidence.
    act_base : float
        What a recorded act says at even odds of being true; its grade adds its own log-odds.
    act_bounds : tuple of float
        The least and the most that a grade adds.
    ungraded : float
        Confidence read for a record without a grade.
    repeat : float
        Share of the one before that each further independent source counts.
    company_cap : float
        The most that company alone says of being a victim.
    own_harm : float
        Share of the evidence of patterns that a person's own signs of harm take back.
    base_rate : tuple of float
        Bounds of the chance rate that patterns are measured against.
    window_days, eve_days, arrival_days : float
        Days before a move in which contact counts, in which it counts half, and after an arrival.
    unrecorded, explain_scale, least_propensity, victim_propensity : float
        How victims are shared out among those whose records fit.
    acts : mapping
        Share of a recorded act that speaks for each role, by act and role.
    victim : mapping
        What each sign of harm says of being a victim.
    patterns : mapping
        The patterns by name.

    Examples
    --------
    >>> import dataclasses, netlink as nl
    >>> stricter = dataclasses.replace(nl.roles.default_model(), ungraded=0.3)
    >>> kite = nl.datasets.krackhardt_kite()
    >>> nl.roles.assess(kite, model=stricter)
    <RoleAssessment of 10 people and 5 roles>
    """

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
    least_propensity: float
    victim_propensity: float
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
