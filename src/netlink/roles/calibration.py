"""What scores came to in worlds with known answers, and a declared map that says so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError
from netlink.roles import evaluation
from netlink.roles.assessment import RoleAssessment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["Reliability", "reliability"]

EDGES = np.array([0.0, 0.01, 0.03, 0.1, 0.3, 0.5, 0.7, 0.9, 1.0])


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class Reliability:
    """How many of those with a score hold the role.

    Made by `netlink.roles.reliability`.

    Attributes
    ----------
    bins : pandas.DataFrame
        Indexed by ``reading`` ("score", and "calibrated" where the model has a map), ``role`` and
        ``bin``: ``low`` and ``high`` of the scores in it, ``n_people``, ``mean`` score, ``share``
        who hold the role, with ``share_low`` and ``share_high`` (5th and 95th percentile, Wilson
        1927). Scores are reliable where ``share`` is as large as ``mean``. Bins without people are
        left out.
    table : pandas.DataFrame
        Indexed by ``reading`` and ``role``: ``n_people``, ``n_true``, ``brier`` (mean squared
        difference between score and truth, Brier 1950), ``brier_base`` (that of giving everybody
        the share of those who hold the role) and ``calibration_error`` (mean distance of ``mean``
        from ``share``, by people). Nearly everybody has a score near 0, so both are small whatever
        is said of leads: look at the upper bins.

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(seed=7000, size=200)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> found = nl.roles.reliability([nl.roles.assess(network)], [case.answers])
    >>> found.bins.index.names
    FrozenList(['reading', 'role', 'bin'])
    """

    bins: pd.DataFrame
    table: pd.DataFrame

    def __repr__(self) -> str:
        n_roles = self.table.index.get_level_values("role").nunique()
        return f"<Reliability of {n_roles} roles over {self.table['n_people'].max():,} people>"


def reliability(
    assessments: Sequence[RoleAssessment], answers: Sequence[pd.DataFrame]
) -> Reliability:
    """Compare scores with the share who hold the role.

    Of people with a score of 0.3, three in ten should hold the role. It holds of the worlds or
    cases looked at and of no others: where roles are rarer or more is recorded, fewer do. On real
    cases the answers are those who were found out, so shares are lower bounds.

    Parameters
    ----------
    assessments : sequence of RoleAssessment
        One a case; their people are taken together.
    answers : sequence of pandas.DataFrame
        One for each assessment, in the same order, as `evaluate` takes them.

    Returns
    -------
    Reliability

    Raises
    ------
    ArgumentError
        The two do not match, there is none, or answers are not as `evaluate` takes them.

    References
    ----------
    Brier (1950), Monthly Weather Review 78(1); Wilson (1927), Journal of the American Statistical
    Association 22(158).

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(seed=7000, size=200)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> found = nl.roles.reliability([nl.roles.assess(network)], [case.answers])
    >>> bool((found.bins["n_people"].groupby(["reading", "role"]).sum() == 200).all())
    True
    """
    if not assessments or not all(isinstance(one, RoleAssessment) for one in assessments):
        raise ArgumentError("'assessments' must be a sequence of RoleAssessment, one a case.")
    if len(assessments) != len(answers):
        raise ArgumentError(
            f"'answers' must have one table for each of {len(assessments)} assessments, got "
            f"{len(answers)}."
        )
    parts: dict[tuple[str, str], list[tuple[Floats, Floats]]] = {}
    for one, known in zip(assessments, answers, strict=True):
        roles = evaluation.check(one, known, "answers")
        for reading, all_scores in (("score", one.scores), ("calibrated", one.calibrated_scores)):
            scores = all_scores.loc[all_scores.index.intersection(known.index)]
            for role in roles:
                hit = known.loc[scores.index, role].to_numpy(dtype=float)
                parts.setdefault((reading, role), []).append((scores[role].to_numpy(), hit))
    bins, rows = {}, {}
    for key, found in sorted(parts.items(), key=lambda part: part[0]):
        score, hit = (np.concatenate(values) for values in zip(*found, strict=True))
        if not np.isnan(score).any():
            bins[key], rows[key] = _binned(score, hit), _figures(score, hit)
    names = ["reading", "role"]
    return Reliability(
        bins=pd.concat(bins, names=[*names, "bin"]),
        table=pd.DataFrame(rows).T.rename_axis(names).astype({"n_people": int, "n_true": int}),
    )


def _binned(score: Floats, hit: Floats) -> pd.DataFrame:
    from scipy.stats import binomtest

    at = np.clip(np.searchsorted(EDGES, score, side="right") - 1, 0, len(EDGES) - 2)
    n = np.bincount(at, minlength=len(EDGES) - 1)
    table = pd.DataFrame({"low": EDGES[:-1], "high": EDGES[1:], "n_people": n})[n > 0]
    table["mean"] = (np.bincount(at, score, len(n)) / np.maximum(n, 1))[n > 0]
    share = (np.bincount(at, hit, len(n)) / np.maximum(n, 1))[n > 0]
    hits = np.bincount(at, hit, len(n))[n > 0].astype(int)
    within = [
        binomtest(*pair).proportion_ci(0.9, "wilson")
        for pair in zip(hits.tolist(), table["n_people"].tolist(), strict=True)
    ]
    low, high = np.array(within).T
    return table.assign(share=share, share_low=low, share_high=high)


def _figures(score: Floats, hit: Floats) -> dict[str, float]:
    table = _binned(score, hit)
    off = (table["mean"] - table["share"]).abs()
    return {
        "n_people": len(hit),
        "n_true": int(hit.sum()),
        "brier": float(((score - hit) ** 2).mean()),
        "brier_base": float(hit.mean() * (1.0 - hit.mean())),
        "calibration_error": float((off * table["n_people"]).sum() / len(hit)),
    }
