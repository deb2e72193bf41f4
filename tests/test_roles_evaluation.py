"""Evaluation: figures by hand and by brute force, and what cannot be evaluated."""

from __future__ import annotations

from itertools import pairwise, permutations

import numpy as np
import pandas as pd
import pytest
from test_roles import ROLES, built

import netlink as nl
from netlink.roles.evaluation import average_precision


def test_average_precision_is_that_of_all_orders_of_ties() -> None:
    rng = np.random.default_rng(3)
    for _ in range(15):
        hit, score = rng.integers(0, 2, 5).astype(float), rng.integers(0, 3, 5).astype(float)
        hit[0] = 1.0
        found = []
        for order in permutations(range(5)):
            if all(score[a] >= score[b] for a, b in pairwise(order)):
                hits = hit[list(order)]
                found.append((hits * np.cumsum(hits) / np.arange(1, 6)).sum() / hits.sum())
        assert average_precision(hit, score) == pytest.approx(np.mean(found))
    assert np.isnan(average_precision(np.zeros(3), np.zeros(3)))


def told() -> tuple[nl.roles.RoleAssessment, pd.DataFrame]:
    """`r` and the agent are named as recruiters, and so is a victim that no record marks."""
    rows = [("agent", "recruited", f"v{i}") for i in range(4)]
    rows += [("r", "recruited", f"v{i}") for i in range(2)] + [("w", "recruited", "v0")]
    network = built(
        rows, status={"v0": "identified_victim"}, document=[f"d{i}" for i in range(7)],
        grade=["A1"] * 7,
    )  # fmt: skip
    people = network.entities.index
    answers = pd.DataFrame({"recruiter": people == "r", "exploiter": False}, index=people)
    answers["victim"] = people.str.startswith(("v", "w"))
    answers["lookalike"] = pd.Series({"agent": "employment agent"}).reindex(people)
    return nl.roles.assess(network), answers


def test_figures_by_hand() -> None:
    found = nl.roles.evaluate(*told(), n=3)
    row = found.table.loc["recruiter"]
    assert row["average_precision"] == pytest.approx(1 / 2)  # second, after the agent
    assert (row["precision"], row["recall"], row["first_true"]) == (pytest.approx(1 / 3), 1, 2)
    assert (row["n_true"], row["n_listed"], row["n_people"]) == (1, 3, 7)
    assert row["average_precision_low"] <= 1 / 2 <= row["average_precision_high"]
    assert found.false_leads.loc["recruiter"].to_dict() == {
        "employment agent": 1,
        "no look-alike": 1,
    }
    assert found.victims.loc["recruiter"].to_dict() == {"known": 0, "unknown": 1}
    assert found.table.loc["exploiter", ["average_precision", "recall", "first_true"]].isna().all()
    assert repr(found) == "<Evaluation of 2 roles at 3 leads each: mean average precision 0.50>"


def test_of_a_made_up_case_nobody_with_a_known_status_is_a_lead() -> None:
    case = nl.datasets.synthetic_case(seed=2, size=200)
    network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    assessment = nl.roles.assess(network)
    found = nl.roles.evaluate(assessment, case.answers)
    assert found.table.index.tolist() == [*ROLES, "victim"]
    assert (found.victims["known"] == 0).all()
    again = nl.roles.evaluate(assessment, case.answers.sample(frac=1, random_state=1))
    pd.testing.assert_frame_equal(again.table, found.table)
    both = nl.roles.by_scenario({"one": found, "two": again})
    assert both.loc["two"].equals(found.table)


def test_what_cannot_be_evaluated_is_said_without_a_name() -> None:
    assessment, answers = told()
    wrong = {
        "column for a role": answers[["victim"]],
        "1 rows are of others": answers.rename(index={"r": "SECRET"}),
        "must be boolean": answers.assign(recruiter=1),
    }
    for text, table in wrong.items():
        with pytest.raises(nl.errors.ArgumentError, match=text) as caught:
            nl.roles.evaluate(assessment, table)
        assert "SECRET" not in str(caught.value)
    with pytest.raises(nl.errors.ArgumentError, match="at least one"):
        nl.roles.by_scenario({})
