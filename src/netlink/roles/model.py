"""The role model: every weight in one readable TOML."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netlink.roles import saved

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
        The role it speaks for, or "victim" where it speaks for being one.
    weight : float
        Factor on the log-likelihood ratio against chance.
    cap : float
        The most it can say.
    company : float
        The most it says of the other person being a victim.
    reason : str
        Source or stated reason.
    counterpart : str
        Whose likelihood counts: "victim", a role, "others" for people in other roles, or "anyone"
        for people in any role.
    explains : float
        Factor on what the victims whom the person accounts for say, shared among all who might.
    nearest : float
        Factor on the likelihood of the one counterpart most likely to be what counts.
    harm_discount : float
        How far the person's own signs of harm take it back, as a share of `RoleModel.own_harm`.
    lookalike : float
        Share of fitting counterparts at which half of it is left; whoever does the same with
        everyone has less. 0 for no such limit.
    pairs : str
        Table of pairs that it reads, where that is not the one of its own name.

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
    harm_discount: float = 1.0
    nearest: float = 0.0
    lookalike: float = 0.0
    pairs: str = ""


@dataclass(frozen=True, kw_only=True)
class RoleModel:
    """Every weight of the role model.

    In nats of log-odds; ``roles/model.toml`` says of each why it is what it is. Weights are
    declared readings of the field's knowledge, not measurements. Change some with
    `dataclasses.replace`, keep them with `save`.

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
    refuted_at : float
        Confidence up to which a recorded act counts as refuted: it speaks against the role, by the
        log-odds of its grade alone. It takes nothing from who is said to have suffered.
    repeat : float
        Share of the one before that each further independent source counts.
    company_cap : float
        The most that company alone says of being a victim.
    company_bound : float
        The most that being in touch with people in roles says of a role, all of it together.
    own_harm : float
        Share of the evidence of patterns that a person's own signs of harm take back.
    base_rate : tuple of float
        Bounds of the chance rate that patterns are measured against.
    chance_cap : float
        The most that a log-likelihood ratio against chance is read as.
    stayed_share : float
        A journey is a move where the person stayed after it for this share of their longest stay.
    window_days, eve_days, arrival_days : float
        Days before a move in which contact counts, in which it counts half, and after an arrival.
    contact_prior : float
        Log-odds, before the days of their contacts, that a counterpart who moves was recruited.
    spell : float
        Share of a recruiter's dated contacts with a victim that lie before the move.
    silent_rate, silent_bounds : float, tuple of float
        Contact with one's own after a move when cut off, of the rate before; the least and the
        most that it says.
    unrecorded, explain_scale, least_propensity, victim_propensity : float
        How victims are shared out among those whose records fit.
    acts : mapping
        Share of a recorded act that speaks for each role, by act and role.
    victim : mapping
        What each sign of harm says of being a victim.
    patterns : mapping
        The patterns by name.
    calibration : mapping
        By role the coefficients a, b and c of the map behind `RoleAssessment.calibrated_scores`.
        They belong to the weights they were fitted with: without them, after any change of those.

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
    refuted_at: float
    repeat: float
    company_cap: float
    company_bound: float
    own_harm: float
    base_rate: tuple[float, float]
    stayed_share: float
    window_days: float
    eve_days: float
    arrival_days: float
    contact_prior: float
    spell: float
    silent_rate: float
    silent_bounds: tuple[float, float]
    chance_cap: float
    unrecorded: float
    explain_scale: float
    least_propensity: float
    victim_propensity: float
    acts: Mapping[str, Mapping[str, float]]
    victim: Mapping[str, float]
    patterns: Mapping[str, Pattern]
    calibration: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def save(self, path: str | Path) -> None:
        """Write every weight to a readable TOML file.

        With what netlink says of each beside it; where a weight is your own, netlink's stands
        beside it too. A former file is replaced whole or left as it was. Comments of your own in
        the former file are not kept: what a pattern stands on belongs in its ``reason``.

        Parameters
        ----------
        path : str or pathlib.Path
            The file to write.

        Raises
        ------
        ExportError
            The file cannot be written.
        ArgumentError
            The model is none that `load` would take; the message lists every fault.

        Examples
        --------
        >>> import dataclasses, pathlib, tempfile, netlink as nl
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "stricter.toml"
        >>> dataclasses.replace(nl.roles.default_model(), ungraded=0.3).save(file)
        >>> print(file.read_text().splitlines()[7])
        ungraded = 0.3 # netlink's own: 0.5; confidence read for a record without a grade
        """
        saved.write(self, Path(path), Pattern)

    @classmethod
    def load(cls, path: str | Path) -> RoleModel:
        """Read a role model from a TOML file.

        Parameters
        ----------
        path : str or pathlib.Path
            A file as `save` writes it: a key for each attribute, a table for each pattern.

        Returns
        -------
        RoleModel

        Raises
        ------
        ArgumentError
            The file cannot be read or is no TOML; keys are unknown or missing, values of the wrong
            type or out of range: the message lists them all, by key and without the values.

        Examples
        --------
        >>> import pathlib, tempfile, netlink as nl
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "model.toml"
        >>> nl.roles.default_model().save(file)
        >>> nl.roles.RoleModel.load(file) == nl.roles.default_model()
        True
        """
        return _built(cls, saved.read(Path(path), cls, Pattern))


def _built(kind: type[RoleModel], values: dict[str, Any]) -> RoleModel:
    found: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
    }
    found["patterns"] = {name: Pattern(**part) for name, part in values["patterns"].items()}
    return kind(**found)


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
    return _built(RoleModel, tomllib.loads(saved.default_text()))
