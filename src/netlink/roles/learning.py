"""Weights adjusted by confirmed cases, and whether that helps in cases not learned from."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError
from netlink.roles import acts, evaluation, readings
from netlink.roles.assessment import RoleAssessment
from netlink.roles.inference import infer

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from netlink.roles.model import RoleModel

    Floats = NDArray[np.float64]

__all__ = ["RoleFit", "fit"]

_LEAST_CASES, _LEAST_PEOPLE = 3, 10  # of a role, with somebody confirmed in each
_MOST, _MOST_SHARE = 4.0, 3.0  # bounds of a learned weight, and of a learned share of an act
_DIGITS = 3  # further ones say nothing, and would hang on the order of the cases
_ACTS = ("recorded_acts", "share")


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class RoleFit:
    """Weights adjusted by confirmed cases, and what came of it.

    Made by `netlink.roles.fit`.

    Attributes
    ----------
    model : RoleModel
        The adjusted model.
    table : pandas.DataFrame
        Indexed by ``role``: ``n_cases`` and ``n_confirmed`` that it was learned from,
        ``confirmed_share`` (the estimated share who are confirmed, of those who hold the role and
        of whom a record speaks for it; too low where scores are too high), and of cases left out
        of the learning the mean ``average_precision_before`` and ``_after``, and ``above_before``
        and ``_after``, the share of people with a higher score than somebody confirmed.
    cases : pandas.DataFrame
        The same figures of each case left out, indexed by ``case`` (its place, from 0) and
        ``role``: see how far they differ before you trust the mean.
    weights : pandas.DataFrame
        Indexed by ``role``, ``pattern`` and ``reading``: ``before`` and ``after``. The reading
        ``share`` of ``recorded_acts`` is a factor on what every recorded act says of the role.

    Examples
    --------
    >>> import netlink as nl, pandas as pd
    >>> found, labels = [], []
    >>> for case in ("one", "two", "three"):
    ...     told = pd.DataFrame({"source": ["p1", "p2", "p3", "p4"], "target": "q"})
    ...     told = told.assign(relationship_type="recruited", document=case)
    ...     found.append(nl.roles.assess(nl.read_tables(None, told)))
    ...     labels.append(pd.DataFrame({"recruiter": True}, index=["p1", "p2", "p3", "p4"]))
    >>> fit = nl.roles.fit(found, labels)  # whoever was stated to recruit was confirmed
    >>> after = fit.weights.loc[("recruiter", "recorded_acts", "share"), "after"]
    >>> bool(after > 1.0)
    True
    """

    model: RoleModel
    table: pd.DataFrame
    cases: pd.DataFrame
    weights: pd.DataFrame

    def __repr__(self) -> str:
        before, after = (
            self.table[f"average_precision_{when}"].mean() for when in ("before", "after")
        )
        n_cases = self.cases.index.get_level_values("case").nunique()
        return (
            f"<RoleFit of {len(self.weights)} weights by {self.table['n_confirmed'].sum():,} "
            f"confirmed in {n_cases} cases: average precision in cases left out {before:.2f} "
            f"before, {after:.2f} after>"
        )


class _Part(NamedTuple):
    """What one case says of one role: people of whom something speaks for it."""

    x: Floats
    confirmed: Floats


def fit(
    assessments: Sequence[RoleAssessment], labels: Sequence[pd.DataFrame], *, spread: float = 0.5
) -> RoleFit:
    """Adjust weights by people whose roles were confirmed.

    Who is confirmed holds the role; of everybody else nothing is known, and nobody is taken for
    innocent or guilty by it. Of a role that is labelled, the factors of its patterns and one factor
    on its recorded acts are learned. The rest of the model stays, but for its calibration, which
    holds no longer and is left out. How likely everybody is a victim or holds a role is held as
    assessed while weights are learned; the cases left out are inferred anew.

    Everything rests on one assumption: of those who hold a role, a share is confirmed at random,
    whatever their records say. In casework it does not hold: who is confirmed is who was stated and
    looked into. Then the fit learns what leads to a confirmation, and the people whom this agency
    has always missed are missed the better. So weights stay near the declared ones unless many
    cases say otherwise. Adopt the result only if it helps in cases left out, in most of them.

    Parameters
    ----------
    assessments : sequence of RoleAssessment
        One a case, all with the same model.
    labels : sequence of pandas.DataFrame
        One for each assessment, in the same order: indexed by entity id, a boolean column for
        each role to learn; True is confirmed, False and people without a row are not known. Other
        columns are not read.
    spread : float, default 0.5
        How far a weight is expected to lie from the declared one (standard deviation). Smaller
        keeps nearer.

    Returns
    -------
    RoleFit

    Raises
    ------
    ArgumentError
        The two do not match, assessments are repeated or of different models, labels are not as
        described, a role has fewer than 10 people confirmed or in fewer than 3 cases, or
        ``spread`` is not positive.

    References
    ----------
    Elkan and Noto (2008), Learning classifiers from only positive and unlabeled data, KDD, lemma 1:
    what is confirmed is a constant share of what is so. Weights: the likeliest under a normal
    distribution around the declared ones. Cases are left out whole, one at a time, as people of one
    case resemble each other.

    Examples
    --------
    >>> import netlink as nl, pandas as pd
    >>> found, labels = [], []
    >>> for case in ("one", "two", "three"):
    ...     told = pd.DataFrame({"source": ["p1", "p2", "p3", "p4"], "target": "q"})
    ...     told = told.assign(relationship_type="recruited", document=case)
    ...     found.append(nl.roles.assess(nl.read_tables(None, told)))
    ...     labels.append(pd.DataFrame({"recruiter": True}, index=["p1", "p2", "p3", "p4"]))
    >>> fit = nl.roles.fit(found, labels)
    >>> fit.table.index.tolist(), len(fit.cases)
    (['recruiter'], 3)
    >>> fit.model.patterns["journeys"] == found[0].model.patterns["journeys"]  # not a recruiter's
    True
    """
    if isinstance(spread, bool) or not isinstance(spread, int | float) or not 0 < spread < np.inf:
        raise ArgumentError(f"'spread' must be a positive number, got {spread!r}.")
    roles = _check(assessments, labels)
    held = [_confirmed(*case, roles) for case in zip(assessments, labels, strict=True)]
    _enough(held, roles)
    parts = {
        role: [_part(one, role, known[role]) for one, known in zip(assessments, held, strict=True)]
        for role in roles
    }
    model = assessments[0].model
    rows = {}
    for case, one in enumerate(assessments):
        others = [i for i in range(len(assessments)) if i != case]
        learned, _ = _learn(assessments[0], parts, others, spread)
        after = infer(one.records, learned, one.inference.roles).score
        for role in roles:
            if held[case][role].any():
                before = one.inference.score[role]
                rows[case, role] = _figures(held[case][role], before, after[role])
    learned, shares = _learn(assessments[0], parts, range(len(assessments)), spread)
    cases = pd.DataFrame(rows).T.rename_axis(["case", "role"]).astype({"n_confirmed": "int64"})
    return RoleFit(
        model=learned,
        table=_summary(cases, shares),
        cases=cases,
        weights=_compared(model, learned, assessments[0], roles),
    )


# What goes in


def _check(assessments: Sequence[RoleAssessment], labels: Sequence[pd.DataFrame]) -> list[str]:
    """Return the roles to learn, in the order of the vocabulary."""
    if not all(isinstance(one, RoleAssessment) for one in assessments) or not assessments:
        raise ArgumentError("'assessments' must be a sequence of RoleAssessment, one a case.")
    if len(assessments) != len(labels):
        raise ArgumentError(
            f"'labels' must have one table for each of {len(assessments)} assessments, got "
            f"{len(labels)}."
        )
    if len({id(one.network) for one in assessments}) < len(assessments):
        raise ArgumentError("'assessments' must be of different networks: a case is learned once.")
    if any(one.model != assessments[0].model for one in assessments):
        raise ArgumentError("'assessments' must all be made with the same model.")
    if any(one.network.vocabulary != assessments[0].network.vocabulary for one in assessments):
        raise ArgumentError("'assessments' must all be of networks with the same vocabulary.")
    found = [
        evaluation.check(one, known, "labels")
        for one, known in zip(assessments, labels, strict=True)
    ]
    if any(roles != found[0] for roles in found):
        raise ArgumentError("'labels' must have columns for the same roles in every table.")
    return found[0]


def _confirmed(
    one: RoleAssessment, labels: pd.DataFrame, roles: list[str]
) -> dict[str, NDArray[np.bool_]]:
    """Return who is confirmed, by person: any of several references is enough."""
    at = one.network.entities.index.get_indexer(labels.index)
    person = one.records.person_of[at]
    found = {}
    for role in roles:
        found[role] = np.zeros(one.records.n_people, dtype=bool)
        found[role][person[labels[role].to_numpy(dtype=bool)]] = True
    return found


def _enough(held: Sequence[dict[str, NDArray[np.bool_]]], roles: list[str]) -> None:
    short = []
    for role in roles:
        people = [int(known[role].sum()) for known in held]
        n_cases = sum(n > 0 for n in people)
        if sum(people) < _LEAST_PEOPLE or n_cases < _LEAST_CASES:
            short.append(f"{role} has {sum(people)} in {n_cases}")
    if short:
        raise ArgumentError(
            f"'labels' must confirm at least {_LEAST_PEOPLE} people of a role, in at least "
            f"{_LEAST_CASES} cases: {', '.join(short)}. Leave the column out to keep its weights."
        )


def _part(one: RoleAssessment, role: str, confirmed: NDArray[np.bool_]) -> _Part:
    found, model = one.inference, one.model
    stated = found.sources[role].total(len(confirmed), model.repeat)
    x = np.column_stack([stated, readings.of_role(found, model, role)[1]])
    # Of whom nothing speaks, nothing is learned of what speaks.
    some = (x > 0).any(axis=1)
    return _Part(x[some], confirmed[some].astype(float))


# What is learned


def _learn(
    one: RoleAssessment, parts: dict[str, list[_Part]], cases: Iterable[int], spread: float
) -> tuple[RoleModel, dict[str, float]]:
    """Return the model learned from some cases, and the share confirmed by role."""
    model, shares = one.model, {}
    patterns, stated = dict(model.patterns), {act: dict(own) for act, own in model.acts.items()}
    for role, by_case in parts.items():
        x = np.concatenate([by_case[case].x for case in cases])
        confirmed = np.concatenate([by_case[case].confirmed for case in cases])
        names = [_ACTS, *readings.of_role(one.inference, model, role)[0]]
        own = _shares(one, role)
        centre = [1.0, *(getattr(model.patterns[name], reading) for name, reading in names[1:])]
        most = [_MOST_SHARE / max(own.values(), default=1.0), *(max(_MOST, w) for w in centre[1:])]
        solution = readings.solve(
            x,
            np.full(len(x), model.prior),
            confirmed,
            centre=np.array(centre),
            penalty=np.full(len(names), 0.5 / spread**2),
            bounds=[(0.0, high) for high in most],
        )
        weights = [round(float(weight), _DIGITS) for weight in solution.weights]
        for act, share in own.items():
            stated.setdefault(act, {})[role] = min(share * weights[0], _MOST_SHARE)
        for (name, reading), weight in zip(names[1:], weights[1:], strict=True):
            learned: dict[str, Any] = {reading: weight}
            patterns[name] = replace(patterns[name], **learned)
        shares[role] = round(solution.share, _DIGITS)
    # The map of the former scores says nothing of the new ones.
    return replace(model, patterns=patterns, acts=stated, calibration={}), shares


def _shares(one: RoleAssessment, role: str) -> dict[str, float]:
    """Return the acts that speak for a role, and how far."""
    words = one.network.vocabulary
    found = {act: acts.share(act, role, one.model, words) for act in acts.kinds(one.model, words)}
    return {act: share for act, share in found.items() if share > 0}


# What came of it


def _figures(confirmed: NDArray[np.bool_], before: Floats, after: Floats) -> dict[str, float]:
    found: dict[str, float] = {"n_confirmed": int(confirmed.sum())}
    for when, score in (("before", before), ("after", after)):
        hit = confirmed.astype(float)
        found[f"average_precision_{when}"] = evaluation.average_precision(hit, score)
        ordered = np.sort(-score)
        above = np.searchsorted(ordered, -score[confirmed], side="left")
        found[f"above_{when}"] = float((above / len(score)).mean())
    return found


def _summary(cases: pd.DataFrame, shares: dict[str, float]) -> pd.DataFrame:
    by_role = cases.groupby(level="role", sort=False)
    table = by_role.mean().drop(columns="n_confirmed")
    table.insert(0, "n_cases", by_role.size())
    table.insert(1, "n_confirmed", by_role["n_confirmed"].sum())
    table.insert(2, "confirmed_share", pd.Series(shares))
    return table.reindex(list(shares)).rename_axis("role")


def _compared(
    before: RoleModel, after: RoleModel, one: RoleAssessment, roles: list[str]
) -> pd.DataFrame:
    rows = {}
    for role in roles:
        own = _shares(one, role)
        act = next(iter(own), None)
        if act is not None:
            rows[role, *_ACTS] = (1.0, after.acts[act][role] / own[act])
        for name, reading in readings.of_role(one.inference, before, role)[0]:
            weights = (getattr(model.patterns[name], reading) for model in (before, after))
            rows[role, name, reading] = tuple(weights)
    table = pd.DataFrame(rows, index=["before", "after"]).T
    return table.rename_axis(["role", "pattern", "reading"])
