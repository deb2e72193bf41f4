"""Weights adjusted by confirmed cases: what is learned, from what, and what is refused."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from networks import shuffled

import netlink as nl
from netlink.errors import ArgumentError
from netlink.roles import learning, readings

Labels = list[pd.DataFrame]
ROLES = ["recruiter", "transporter"]


# How what is confirmed is read


def drawn(share: float, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """People with two readings of weights 1.5 and 0.5, of whom a share is confirmed at random."""
    rng = np.random.default_rng(seed)
    x = rng.exponential(1.5, (6000, 2))
    holds = rng.random(len(x)) < 1 / (1 + np.exp(4.0 - x @ [1.5, 0.5]))
    return x, (holds & (rng.random(len(x)) < share)).astype(float)


def solved(x: np.ndarray, confirmed: np.ndarray, penalty: float, share: float | None = None):
    return readings.solve(
        x,
        np.full(len(x), -4.0),
        confirmed,
        centre=np.array([1.0, 1.0]),
        penalty=np.full(2, penalty),
        bounds=[(0.0, 4.0)] * 2,
        share=share,
    )


def test_the_weights_behind_a_share_confirmed_at_random_are_found() -> None:
    for share in (0.3, 0.6, 0.95):
        found = solved(*drawn(share), penalty=1e-6)
        assert found.weights == pytest.approx([1.5, 0.5], abs=0.15)
        assert found.share == pytest.approx(share, abs=0.04)
    # Who takes everybody else for a person without the role is far off.
    naive = solved(*drawn(0.3), penalty=1e-6, share=1.0)
    assert naive.weights[0] < 1.1


def test_a_penalty_draws_weights_to_the_declared_ones() -> None:
    x, confirmed = drawn(0.5)
    away = [
        np.abs(solved(x, confirmed, penalty).weights - 1.0).sum() for penalty in (1e-3, 1e2, 1e6)
    ]
    assert away[0] > away[1] > away[2]
    assert away[2] < 0.01


@pytest.mark.slow
def test_with_all_answers_it_is_a_logistic_regression() -> None:
    linear_model = pytest.importorskip(
        "sklearn.linear_model", reason="scikit-learn comes with the dev extra"
    )
    x, confirmed = drawn(1.0)
    # scikit-learn has no offset: the prior is one more column that costs nothing.
    model = linear_model.LogisticRegression(C=0.5 / 10.0, fit_intercept=True, tol=1e-8)
    theirs = model.fit(x, confirmed)
    ours = readings.solve(
        np.column_stack([np.ones(len(x)), x]),
        np.zeros(len(x)),
        confirmed,
        centre=np.zeros(3),
        penalty=np.array([0.0, 10.0, 10.0]),
        bounds=[(-9.0, 9.0)] * 3,
        share=1.0,
    )
    assert ours.weights == pytest.approx([*theirs.intercept_, *theirs.coef_[0]], abs=1e-3)


# What an assessment is made of


@pytest.fixture(scope="module")
def networks() -> list[tuple[nl.Network, pd.DataFrame]]:
    found = []
    for seed in range(100, 103):
        case = nl.datasets.synthetic_case(seed=seed, size=250, statements=0.0)
        network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        known = case.answers[ROLES]
        is_confirmed = np.random.default_rng(seed).random(known.shape) < [0.9, 1.0]
        found.append((network, known & is_confirmed))
    return found


def spoiled() -> nl.roles.RoleModel:
    """What says most of recruiters says little, and the other way round."""
    model = nl.roles.default_model()
    patterns = dict(model.patterns)
    for name, pattern in model.patterns.items():
        if pattern.role == "recruiter":
            patterns[name] = replace(pattern, weight=0.1, explains=1.5, nearest=1.5)
    contact = patterns["first_contact_before_move"]
    patterns["first_contact_before_move"] = replace(contact, explains=0.1, nearest=0.0)
    return replace(model, patterns=patterns)


@pytest.fixture(scope="module")
def cases(networks: list[tuple[nl.Network, pd.DataFrame]]) -> list[nl.roles.RoleAssessment]:
    return [nl.roles.assess(network, model=spoiled()) for network, _ in networks]


@pytest.fixture(scope="module")
def labels(networks: list[tuple[nl.Network, pd.DataFrame]]) -> Labels:
    return [known for _, known in networks]


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Small cases will do here: a fit of real cases asks for more."""
    monkeypatch.setattr(learning, "_LEAST_PEOPLE", 2)
    monkeypatch.setattr(learning, "_LEAST_CASES", 2)


@pytest.fixture(scope="module")
def fitted(cases: list[nl.roles.RoleAssessment], labels: Labels) -> nl.roles.RoleFit:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(learning, "_LEAST_PEOPLE", 2)
        return nl.roles.fit(cases, labels)


def test_readings_times_weights_are_the_score(cases: list[nl.roles.RoleAssessment]) -> None:
    for one in (cases[0], nl.roles.assess(cases[0].network)):
        found, model = one.inference, one.model
        for role in found.roles:
            names, x = readings.of_role(found, model, role)
            weights = [getattr(model.patterns[name], reading) for name, reading in names]
            z = model.prior + found.sources[role].total(len(x), model.repeat) + x @ weights
            score = found.score[role]
            np.testing.assert_allclose(z, np.log(score) - np.log1p(-score), atol=1e-6)


def test_the_figures_are_those_of_the_cases(
    fitted: nl.roles.RoleFit, cases: list[nl.roles.RoleAssessment], labels: Labels
) -> None:
    row = fitted.table.loc["recruiter"]
    assert row["n_confirmed"] == sum(int(known["recruiter"].sum()) for known in labels)
    assert row["n_cases"] == sum(bool(known["recruiter"].any()) for known in labels)
    n_confirmed = sum(int(known.to_numpy().sum()) for known in labels)
    assert f"{n_confirmed} confirmed in 3 cases" in repr(fitted)
    score = cases[0].scores["recruiter"].to_numpy()
    hit = labels[0].loc[cases[0].scores.index, "recruiter"].to_numpy(dtype=bool)
    before = fitted.cases.loc[(0, "recruiter")]
    precision = nl.roles.evaluation.average_precision(hit.astype(float), score)
    assert before["average_precision_before"] == pytest.approx(precision)
    above = (score[None, :] > score[hit][:, None]).mean()
    assert before["above_before"] == pytest.approx(above)


@pytest.mark.slow
def test_what_was_spoiled_is_mended_in_cases_left_out() -> None:
    cases, labels = [], []
    for seed in range(300, 306):
        case = nl.datasets.synthetic_case(seed=seed, size=500, statements=0.0)
        network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        cases.append(nl.roles.assess(network, model=spoiled()))
        drawn = np.random.default_rng(seed).random(len(case.answers)) < 0.7
        labels.append(case.answers[["recruiter"]].mul(drawn, axis=0))
    fitted = nl.roles.fit(cases, labels)
    row = fitted.table.loc["recruiter"]
    assert row["average_precision_after"] > row["average_precision_before"] + 0.05
    own = fitted.weights.loc["recruiter", "first_contact_before_move", "explains"]
    assert own["after"] > own["before"] + 0.3


@pytest.mark.usefixtures("few")
def test_a_case_left_out_is_not_learned_from(
    fitted: nl.roles.RoleFit, cases: list[nl.roles.RoleAssessment], labels: Labels
) -> None:
    """What is reported of a case follows from a model of the other cases alone."""
    others = nl.roles.fit(cases[1:], labels[1:]).model
    after = nl.roles.assess(cases[0].network, model=others).scores
    known = labels[0].loc[after.index]
    for role in ROLES:
        figure = nl.roles.evaluation.average_precision(
            known[role].to_numpy(dtype=float), after[role].to_numpy()
        )
        assert fitted.cases.loc[(0, role), "average_precision_after"] == pytest.approx(figure)


def test_nothing_else_changes_and_the_new_model_can_be_kept(
    fitted: nl.roles.RoleFit, cases: list[nl.roles.RoleAssessment], tmp_path_factory
) -> None:
    path = tmp_path_factory.mktemp("model") / "m.toml"
    fitted.model.save(path)
    assert nl.roles.RoleModel.load(path) == fitted.model
    old, new = cases[0].model, fitted.model
    assert new.calibration == {}
    assert replace(new, patterns=old.patterns, acts=old.acts) == replace(old, calibration={})
    for name, pattern in new.patterns.items():
        before = old.patterns[name]
        if pattern.role not in ROLES:
            assert pattern == before
        same = {reading: getattr(before, reading) for reading in readings.READINGS}
        assert replace(pattern, **same) == before
    assert new.acts["exploited"] == old.acts["exploited"]
    factor = fitted.weights.loc["recruiter", "recorded_acts", "share"]["after"]
    assert new.acts["recruited"]["recruiter"] == pytest.approx(factor)
    assert new.acts["deceived"]["recruiter"] == pytest.approx(0.7 * factor)


@pytest.mark.slow
@pytest.mark.usefixtures("few")
def test_order_and_people_without_a_row_do_not_matter(
    fitted: nl.roles.RoleFit, cases: list[nl.roles.RoleAssessment], labels: Labels
) -> None:
    """Of rows, of cases; and who has no row is as little known as who has False."""
    turned = [nl.roles.assess(shuffled(one.network, 3), model=one.model) for one in cases[::-1]]
    only = [known[known.any(axis=1)].assign(victim=True) for known in labels[::-1]]
    again = nl.roles.fit(turned, [known.sample(frac=1.0, random_state=1) for known in only])
    assert again.model == fitted.model
    pd.testing.assert_frame_equal(again.table, fitted.table)


def test_a_role_that_only_the_vocabulary_ties_to_its_acts() -> None:
    """An act that the model does not name counts in full, and takes its factor."""
    model = nl.roles.default_model()
    bare = replace(model, acts={}, patterns={})
    found, known = [], []
    for i in range(3):
        rows = [(f"a{j}", "recruited", f"v{j}") for j in range(4)]
        table = pd.DataFrame(rows, columns=["source", "relationship_type", "target"])
        network = nl.read_tables(None, table.assign(document=f"d{i}"))
        found.append(nl.roles.assess(network, model=bare))
        ids = pd.Index([f"a{j}" for j in range(4)])
        known.append(pd.DataFrame({"recruiter": True}, index=ids))
    fit = nl.roles.fit(found, known, spread=0.02)
    factor = fit.weights.loc["recruiter", "recorded_acts", "share"]["after"]
    assert 1.0 < factor < 1.05  # a small spread keeps near the declared weights
    assert fit.model.acts == {"recruited": {"recruiter": factor}, "deceived": {"recruiter": factor}}


# What is refused


def test_what_cannot_be_learned_from_is_refused_without_a_name(
    cases: list[nl.roles.RoleAssessment], labels: Labels
) -> None:
    def first(table: pd.DataFrame) -> Labels:
        return [table, *labels[1:]]

    none = [known.assign(transporter=False) for known in labels]
    twice = pd.concat([labels[0], labels[0].iloc[:1]])
    other = nl.roles.assess(cases[0].network)
    refused = [
        ("one a case", [], []),
        ("one a case", [cases[0].scores], labels[:1]),
        ("one table for each of 3 assessments, got 2", cases, labels[1:]),
        ("different networks", [cases[0], *cases[:2]], labels),
        ("the same model", [other, *cases[1:]], labels),
        ("must be a pandas.DataFrame, got dict", cases, [{}, *labels[1:]]),
        ("column for a role", cases, first(labels[0][[]])),
        ("same roles in every table", cases, first(labels[0][["recruiter"]])),
        ("1 rows are of others", cases, first(labels[0].rename({labels[0].index[0]: "CANARY"}))),
        ("1 are repeated", cases, first(twice)),
        ("'recruiter' of 'labels' must be boolean", cases, first(labels[0].astype(int))),
        ("transporter has 0 in 0. Leave the column out", cases, none),
        ("at least 10 people of a role, in at least 3 cases", cases[:2], labels[:2]),
    ]
    for told, some, known in refused:
        with pytest.raises(ArgumentError, match=told) as error:
            nl.roles.fit(some, known)
        assert "CANARY" not in str(error.value)
    for wrong in (0, -1.0, math.nan, math.inf, True, "0.5"):
        with pytest.raises(ArgumentError, match="'spread' must be a positive number"):
            nl.roles.fit(cases, labels, spread=wrong)  # type: ignore[arg-type]
