"""What scores come to: figures by hand, a map that keeps the order, and how the model's stands."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from scipy.stats import binomtest

import netlink as nl
from netlink.errors import ArgumentError
from netlink.roles import curves

Case = tuple[nl.roles.RoleAssessment, pd.DataFrame]


def made(seed: int, size: int) -> Case:
    case = nl.datasets.synthetic_case(seed=seed, size=size)
    network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    return nl.roles.assess(network), case.answers


@pytest.fixture(scope="module")
def case() -> Case:
    return made(8000, 250)


def test_the_map_is_that_of_beta_calibration() -> None:
    """Kull and others (2017): 1 / (1 + 1 / (e^c p^a / (1 - p)^b))."""
    score = np.linspace(0.01, 0.99, 50)
    a, b, c = 1.3, 0.4, -0.8
    odds = np.exp(c) * score**a / (1 - score) ** b
    found = curves.calibrated(score, {"a": a, "b": b, "c": c})
    np.testing.assert_allclose(found, odds / (1 + odds))
    same = curves.calibrated(score, {"a": 1.0, "b": 1.0, "c": 0.0})
    np.testing.assert_allclose(same, score)
    ends = curves.calibrated(np.array([0.0, 1.0]), {"a": a, "b": b, "c": c})
    assert ((ends >= 0) & (ends <= 1)).all()


def test_calibrated_scores_keep_the_order_and_the_scores(case: Case) -> None:
    one = case[0]
    assert set(one.model.calibration) == set(one.scores.columns)
    for role in one.scores:
        order = np.argsort(one.scores[role].to_numpy(), kind="stable")
        assert (np.diff(one.calibrated_scores[role].to_numpy()[order]) >= 0).all()
        distinct = one.scores[role].round(6).nunique()
        assert one.calibrated_scores[role].nunique() >= distinct
    bare = replace(one, model=replace(one.model, calibration={}))
    pd.testing.assert_frame_equal(bare.scores, one.scores)
    assert bare.calibrated_scores.isna().all(axis=None)
    assert bare.leads("recruiter").equals(one.leads("recruiter"))


def test_figures_by_hand(case: Case) -> None:
    one, answers = case
    found = nl.roles.reliability([one], [answers])
    for reading, scores in (("score", one.scores), ("calibrated", one.calibrated_scores)):
        score = scores["recruiter"]
        hit = answers.loc[score.index, "recruiter"]
        row = found.table.loc[(reading, "recruiter")]
        assert row["brier"] == pytest.approx(((score - hit) ** 2).mean())
        assert row["brier_base"] == pytest.approx(hit.mean() * (1 - hit.mean()))
        assert (row["n_people"], row["n_true"]) == (len(hit), hit.sum())
        off = 0.0
        for _, part in found.bins.loc[(reading, "recruiter")].iterrows():
            own = (score >= part["low"]) & (score < part["high"])
            assert part["n_people"] == own.sum()
            assert part["mean"] == pytest.approx(score[own].mean())
            assert part["share"] == pytest.approx(hit[own].mean())
            assert 0 <= part["share_low"] <= part["share"] <= part["share_high"] <= 1
            off += abs(score[own].sum() - hit[own].sum())
        assert row["calibration_error"] == pytest.approx(off / len(hit))
    bins = found.bins.loc[("score", "recruiter")]
    assert bins["n_people"].sum() == len(one.scores)
    # Wilson's interval is that of scipy, for every group.
    for _, part in found.bins.iterrows():
        n_true = round(part["share"] * part["n_people"])
        theirs = binomtest(n_true, int(part["n_people"])).proportion_ci(0.9, method="wilson")
        assert (part["share_low"], part["share_high"]) == pytest.approx((theirs.low, theirs.high))


def test_cases_are_taken_together_and_their_order_does_not_matter(case: Case) -> None:
    other = made(8001, 100)
    both = nl.roles.reliability([case[0], other[0]], [case[1], other[1]])
    again = nl.roles.reliability([other[0], case[0]], [other[1], case[1]])
    pd.testing.assert_frame_equal(both.bins, again.bins)
    assert (both.table["n_people"] == 350).all()
    assert repr(both) == "<Reliability of 5 roles over 350 people>"
    # Without a map there is nothing to say of calibrated scores.
    bare = replace(case[0], model=replace(case[0].model, calibration={}))
    table = nl.roles.reliability([bare], [case[1]]).table
    assert table.index.get_level_values("reading").unique().tolist() == ["score"]


def test_what_cannot_be_compared_is_refused_without_a_name(case: Case) -> None:
    one, answers = case
    for told, some, known in (
        ("one a case", [], []),
        ("one a case", [one.scores], [answers]),
        ("one table for each of 1 assessments, got 2", [one], [answers, answers]),
        ("1 rows are of others", [one], [answers.rename({answers.index[0]: "CANARY"})]),
    ):
        with pytest.raises(ArgumentError, match=told) as error:
            nl.roles.reliability(some, known)
        assert "CANARY" not in str(error.value)


@pytest.mark.slow
def test_calibrated_scores_are_nearer_to_what_came_of_them() -> None:
    """On seeds on which neither a weight nor the map was chosen (`benchmarks/calibration.py`)."""
    cases = [made(seed, 300) for seed in range(8000, 8012)]
    table = nl.roles.reliability(*map(list, zip(*cases, strict=True))).table
    scored, mapped = table.loc["score"], table.loc["calibrated"]
    assert (mapped["calibration_error"] < 0.5 * scored["calibration_error"]).all()
    # Of one role in a dozen worlds it may be a little worse (transporter here: 0.0007 to 0.0007).
    assert mapped["brier"].mean() < scored["brier"].mean()
    assert (mapped["brier"] < 1.1 * scored["brier"]).all()
