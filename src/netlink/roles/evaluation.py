"""How well an assessment finds the people whose roles are known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, check_seed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netlink.roles.assessment import RoleAssessment

    Floats = NDArray[np.float64]

__all__ = ["Evaluation", "by_scenario", "evaluate"]

_DRAWS = 200
_MEASURES = ("average_precision", "precision", "recall")


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class Evaluation:
    """How well an assessment agrees with known answers.

    Made by `netlink.roles.evaluate`.

    Attributes
    ----------
    table : pandas.DataFrame
        Indexed by ``role``, as far as the answers know it, and ``victim`` for `safeguarding`:
        ``average_precision`` over everybody with an answer, ``precision`` and ``recall`` of the
        first ``n``, each with ``_low`` and ``_high`` (5th and 95th percentile when people are drawn
        again with replacement), ``first_true`` (rank of the first who holds it), ``n_true``,
        ``n_listed`` and ``n_people``. NaN where nobody holds the role.
    false_leads : pandas.DataFrame
        Indexed by ``role``: how many of the first ``n`` hold it not, by what makes them look alike,
        and ``no look-alike``.
    victims : pandas.DataFrame
        Indexed by ``role``: victims among the first ``n`` who do not hold the role, ``known`` (by
        their protection status; always 0) and ``unknown`` to the records.
    n : int
        How many leads of each role were looked at.

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(seed=1, size=200)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> nl.roles.evaluate(nl.roles.assess(network), case.answers).victims["known"].sum()
    np.int64(0)
    """

    table: pd.DataFrame
    false_leads: pd.DataFrame
    victims: pd.DataFrame
    n: int

    def __repr__(self) -> str:
        means = self.table["average_precision"].drop("victim", errors="ignore")
        return (
            f"<Evaluation of {len(means)} roles at {self.n} leads each: mean average precision "
            f"{means.mean():.2f}>"
        )


def evaluate(
    assessment: RoleAssessment, /, answers: pd.DataFrame, *, n: int = 10, seed: int = 0
) -> Evaluation:
    """Compare an assessment with known answers.

    On made-up cases it shows that a method works on the assumptions of the generator, nothing more.
    On real cases the answers are those who were found out: people without a known role are not
    people without one, so precision is a lower bound.

    Parameters
    ----------
    assessment : RoleAssessment
        What is to be looked at.
    answers : pandas.DataFrame
        Indexed by entity id, one row a person: a boolean column for each known role, ``victim``
        and ``lookalike`` (text, missing for most) where they are known. People without a row are
        left out.
    n : int, default 10
        How many leads of each role to look at.
    seed : int, default 0
        Seed of the draws behind the intervals.

    Returns
    -------
    Evaluation

    Raises
    ------
    ArgumentError
        The answers know no role, name people who are not in the assessment or twice, or a column
        is not boolean; or ``n`` is not a positive integer.

    References
    ----------
    Average precision over all orders of people with the same score: McSherry and Najork (2008),
    Computing information retrieval performance measures efficiently in the presence of tied scores.

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(seed=1, size=200)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> found = nl.roles.evaluate(nl.roles.assess(network), case.answers)
    >>> float(found.table.at["transporter", "average_precision"])
    1.0
    """
    check_seed(seed)
    roles = check(assessment, answers, "answers")
    people = assessment.scores.index.intersection(answers.index)
    answers = answers.loc[people]
    reach = assessment.safeguarding(n=max(len(assessment.scores), 1))
    status = assessment.network.entities["protection_status"].loc[people]
    rows, false, victims = {}, {}, {}
    for role in [*roles, *(["victim"] if "victim" in answers else [])]:
        if role == "victim":
            # Identified victims are known: the question is who else is one.
            asked = people[(status != "identified_victim").to_numpy()]
            score, listed = reach["score"].reindex(asked).fillna(0.0), reach.index[:n]
        else:
            asked, score = people, assessment.scores.loc[people, role]
            listed = assessment.leads(role, n=n).index
        listed = listed[listed.isin(asked)]
        rows[role] = _row(answers.loc[asked, role], score, listed, seed)
        wrong = answers.loc[listed][~answers.loc[listed, role]]
        if "lookalike" in answers:
            false[role] = wrong["lookalike"].fillna("no look-alike").value_counts()
        if role != "victim" and "victim" in answers:
            known = status.loc[wrong.index] == "identified_victim"
            victims[role] = {
                "known": int((wrong["victim"] & known).sum()),
                "unknown": int((wrong["victim"] & ~known).sum()),
            }
    return Evaluation(
        table=pd.DataFrame(rows).T.rename_axis("role"),
        false_leads=_counts(pd.DataFrame(false).T),
        victims=_counts(pd.DataFrame(victims, index=["known", "unknown"]).T),
        n=n,
    )


def _counts(table: pd.DataFrame) -> pd.DataFrame:
    table = table.reindex(columns=sorted(table.columns))
    return table.fillna(0).astype("int64").rename_axis(index="role", columns=None)


def check(assessment: RoleAssessment, answers: pd.DataFrame, name: str) -> list[str]:
    """Return the roles that answers know; raise where they are none of the assessment's."""
    if not isinstance(answers, pd.DataFrame):
        raise ArgumentError(f"'{name}' must be a pandas.DataFrame, got {type(answers).__name__}.")
    roles = [role for role in assessment.inference.roles if role in answers.columns]
    if not roles:
        raise ArgumentError(
            f"'{name}' must have a column for a role, one of {assessment.inference.roles}."
        )
    other = int((~answers.index.isin(assessment.scores.index)).sum())
    twice = int(answers.index.duplicated().sum())
    if other or twice:
        raise ArgumentError(
            f"'{name}' must have one row a person of the assessment; {other:,} rows are of others "
            f"and {twice:,} are repeated."
        )
    for column in [*roles, *answers.columns.intersection(["victim"])]:
        if answers[column].dtype != bool:
            raise ArgumentError(
                f"'{column}' of '{name}' must be boolean, got {answers[column].dtype}."
            )
    return roles


def _row(is_hit: pd.Series, score: pd.Series, listed: pd.Index, seed: int) -> dict[str, float]:
    hit, value = is_hit.to_numpy(dtype=float), score.to_numpy(dtype=float)
    is_listed = is_hit.index.isin(listed)
    everybody = np.arange(len(hit))
    found = dict(zip(_MEASURES, _measures(hit, value, is_listed, everybody), strict=True))
    rng = np.random.default_rng(seed)
    drawn = [
        _measures(hit, value, is_listed, rng.integers(0, len(hit), len(hit)))
        for _ in range(_DRAWS * bool(len(hit)))
    ]
    for at, name in enumerate(_MEASURES):
        values = np.array([draw[at] for draw in drawn])
        values = values[~np.isnan(values)]
        low, high = np.percentile(values, [5, 95]) if len(values) else (np.nan, np.nan)
        found |= {f"{name}_low": float(low), f"{name}_high": float(high)}
    true = np.flatnonzero(is_hit.reindex(listed).to_numpy(dtype=bool))
    best = value[hit > 0].max(initial=-np.inf)
    # Beyond the leads: the place by score, people with the same score before the person.
    first = true[0] + 1 if len(true) else (value >= best).sum() if hit.any() else np.nan
    found |= {"first_true": float(first), "n_true": float(hit.sum())}
    return found | {"n_listed": float(len(listed)), "n_people": float(len(hit))}


def _measures(
    hit: Floats, score: Floats, is_listed: NDArray[np.bool_], drawn: NDArray[np.int64]
) -> tuple[float, float, float]:
    """Average precision, and precision and recall of who is listed, over some draws of people."""
    hits, listed = hit[drawn], is_listed[drawn]
    true = float((hits * listed).sum())
    precision = true / listed.sum() if listed.any() else np.nan
    recall = true / hits.sum() if hits.any() else np.nan
    return average_precision(hits, score[drawn]), float(precision), float(recall)


def average_precision(hit: Floats, score: Floats) -> float:
    """Return the average precision expected over all orders of people with the same score."""
    if not hit.any():
        return float("nan")
    order = np.argsort(-score, kind="stable")
    hit, score = hit[order], score[order]
    starts = np.flatnonzero(np.r_[True, score[1:] != score[:-1]])
    size = np.diff(np.r_[starts, len(score)])
    hits = np.add.reduceat(hit, starts)
    before = np.cumsum(hits) - hits
    group = np.repeat(np.arange(len(starts)), size)
    place = np.arange(len(score)) - starts[group]  # people of the same score who stand before
    among = np.divide(hits - 1, size - 1, out=np.zeros(len(size)), where=size > 1)
    share = (hits / size)[group]
    reached = before[group] + 1 + place * among[group]
    return float((share * reached / (np.arange(len(score)) + 1)).sum() / hit.sum())


def by_scenario(evaluations: Mapping[str, Evaluation]) -> pd.DataFrame:
    """Put evaluations under each other.

    Parameters
    ----------
    evaluations : mapping of str to Evaluation
        By the name of the scenario.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``scenario`` and ``role``: the columns of `Evaluation.table`.

    Raises
    ------
    ArgumentError
        There is none.

    Examples
    --------
    >>> import netlink as nl
    >>> found = {}
    >>> for name, share in {"some speak": 0.25, "none speaks": 0.0}.items():
    ...     case = nl.datasets.synthetic_case(seed=1, size=100, statements=share)
    ...     network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    ...     found[name] = nl.roles.evaluate(nl.roles.assess(network), case.answers)
    >>> nl.roles.by_scenario(found).index.names
    FrozenList(['scenario', 'role'])
    """
    if not evaluations:
        raise ArgumentError("'evaluations' must hold at least one, got none.")
    tables = {name: found.table for name, found in evaluations.items()}
    return pd.concat(tables, names=["scenario", "role"])
