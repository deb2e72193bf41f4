"""Gould-Fernandez brokerage: a fixture by hand, brute force, and what must not change a result."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shuffled

import netlink as nl
from netlink import brokerage
from netlink.errors import ArgumentError

ROLES = ["coordinator", "itinerant", "gatekeeper", "representative", "liaison"]
PATHS = {"AAA": 0, "ABA": 1, "ABB": 2, "AAB": 3, "ABC": 4}


def grouped(network: nl.Network, groups: object) -> pd.Series:
    return pd.Series(list(groups), index=network.entities.index, dtype=object)  # type: ignore[call-overload]


def brute(
    network: nl.Network, groups: pd.Series, directed: bool | None, partial: bool = False
) -> np.ndarray:
    """Every two-path looked at, by the definition."""
    tied = network.to_scipy(directed=directed, weight=None).toarray() > 0
    known = groups.notna().to_numpy()
    found = np.zeros((len(groups), 5))
    found[~known] = np.nan
    for a, c in permutations(np.flatnonzero(known), 2):
        if not tied[a, c]:
            between = [v for v in np.flatnonzero(tied[a] & tied[:, c] & known) if v not in (a, c)]
            for v in between:
                names: dict[object, str] = {}
                word = [names.setdefault(groups.iloc[i], "ABC"[len(names)]) for i in (a, v, c)]
                found[v, PATHS["".join(word)]] += 1 / len(between) if partial else 1
    return found


def test_the_fixture_by_hand() -> None:
    # reference/methods.md: A->B, A->C, B->C, B->D, C->D, D->A with A, B in 1 and C, D in 2.
    network = network_of(["AB", "AC", "BC", "BD", "CD", "DA"], directed=True)
    found = brokerage.gould_fernandez(network, groups=grouped(network, [1, 1, 2, 2]))
    expected = {
        "A": {"gatekeeper": 1, "itinerant": 1},
        "B": {"representative": 1},
        "C": {"gatekeeper": 1},
        "D": {"itinerant": 1, "representative": 1},
    }
    for entity, roles in expected.items():
        row = found.loc[entity]
        assert row["total"] == sum(roles.values())
        assert row[ROLES][row[ROLES] > 0].to_dict() == roles


@pytest.mark.parametrize("partial", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_counts_against_brute_force(seed: int, partial: bool) -> None:
    network = random_network(seed, n=10, m=26, directed=seed % 2 == 0, loops=True)
    draw = np.random.default_rng(seed).choice(["x", "y", "z", None], 10, p=[0.4, 0.3, 0.2, 0.1])
    groups = grouped(network, draw)
    for directed in (None, True, False):
        found = brokerage.gould_fernandez(
            network, groups=groups, directed=directed, partial=partial
        )
        expected = brute(network, groups, directed, partial)
        np.testing.assert_allclose(found[ROLES], expected, atol=1e-12)
        np.testing.assert_allclose(found["total"], expected.sum(axis=1), atol=1e-12)
        pd.testing.assert_index_equal(found.index, network.entities.index)


@pytest.mark.parametrize("directed", [False, True])
def test_partial_counts_of_many_with_the_same_ties_against_brute_force(directed: bool) -> None:
    # Two hubs with the same followers in two groups, of whom two are tied and one is tied back.
    ties = [(hub, f"p{i}") for hub in ("h0", "h1") for i in range(8)]
    network = network_of([*ties, ("h2", "p0"), ("p6", "p7"), ("p5", "h1")], directed=directed)
    groups = grouped(network, ["x", "x", "y", *"xxxyyyxx"])
    for towards in (None, False):
        found = brokerage.gould_fernandez(network, groups=groups, directed=towards, partial=True)
        expected = brute(network, groups, towards, partial=True)
        np.testing.assert_allclose(found[ROLES], expected, atol=1e-12)


@pytest.mark.parametrize(
    ("seed", "draw"), [(0, "xxxyyz"), (1, "xxyyzz"), (2, "xxxxxy"), (3, "xxyy__"), (4, "uvwxyz")]
)
def test_scores_against_every_way_to_deal_the_groups(seed: int, draw: str) -> None:
    network = random_network(seed, n=6, m=12, directed=seed % 2 == 0, loops=True)
    groups = grouped(network, [None if word == "_" else word for word in draw])
    some = np.flatnonzero(groups.notna())
    dealt = []
    for words in set(permutations(groups.iloc[some])):
        other = groups.copy()
        other.iloc[some] = list(words)
        dealt.append(brute(network, other, None))
    mean, deviation = np.mean(dealt, axis=0), np.std(dealt, axis=0)
    deviation[deviation < 1e-9] = np.nan
    expected = (brute(network, groups, None) - mean) / deviation
    found = brokerage.gould_fernandez_scores(network, groups=groups)
    assert found.columns.tolist() == ROLES
    np.testing.assert_allclose(found, expected, atol=1e-9)
    if draw == "xxxyyz":
        assert found.notna().any(axis=None)


def test_a_column_a_series_and_communities_are_groups() -> None:
    club = nl.datasets.karate_club()
    labels = nl.communities.leiden(club).labels
    with_column = nl.read_tables(
        club.entities.assign(gang=labels.astype(str)).reset_index(), club.relationships
    )
    pd.testing.assert_frame_equal(
        brokerage.gould_fernandez(with_column, groups="gang"),
        brokerage.gould_fernandez(club, groups=labels),
    )


def test_undirected_gatekeepers_are_representatives() -> None:
    network = random_network(3, n=30, m=60)
    groups = grouped(network, ["x", "y", "z"] * 10)
    for partial in (False, True):
        found = brokerage.gould_fernandez(network, groups=groups, partial=partial)
        assert found["gatekeeper"].sum() > 0
        np.testing.assert_allclose(found["gatekeeper"], found["representative"])


def test_nothing_left_to_chance_has_no_score() -> None:
    network = random_network(2, n=12, m=24)
    found = brokerage.gould_fernandez_scores(network, groups=grouped(network, ["x"] * 12))
    assert found.isna().all(axis=None)
    # The hub of a star of two equal groups sees the same whoever is where.
    star = network_of([("hub", f"p{i}") for i in range(9)])
    groups = grouped(star, ["x", "y"] * 5)
    assert brokerage.gould_fernandez_scores(star, groups=groups).loc["hub"].isna().all()


def test_small_and_empty_networks() -> None:
    for entities in ([], ["A"], ["A", "B"]):
        network = network_of([], entities=entities)
        groups = grouped(network, ["x"] * len(entities))
        counts = brokerage.gould_fernandez(network, groups=groups)
        assert counts.columns.tolist() == [*ROLES, "total"]
        assert set(counts.dtypes.astype(str)) == {"float64"}
        assert (counts == 0).all(axis=None)
        assert brokerage.gould_fernandez(network, groups=groups, partial=True).equals(counts)
        assert brokerage.gould_fernandez_scores(network, groups=groups).isna().all(axis=None)
        without = brokerage.gould_fernandez(network, groups=grouped(network, [None] * len(groups)))
        assert without.isna().all(axis=None)


@pytest.mark.slow
def test_a_star_and_a_path_of_a_hundred_thousand() -> None:
    n = 100_000
    star = network_of([("hub", f"p{i:06d}") for i in range(n - 1)])
    groups = grouped(star, ["x", *["y"] * (n - 1)])
    for partial in (False, True):
        found = brokerage.gould_fernandez(star, groups=groups, partial=partial)
        assert found.loc["hub", "itinerant"] == (n - 1) * (n - 2)
        assert found["total"].sum() == (n - 1) * (n - 2)
    path = network_of([(f"p{i:06d}", f"p{i + 1:06d}") for i in range(n - 1)])
    half = grouped(path, ["x"] * (n // 2) + ["y"] * (n // 2))
    for partial in (False, True):
        found = brokerage.gould_fernandez(path, groups=half, partial=partial)
        assert found[ROLES].sum().tolist() == [2 * (n - 4), 0, 2, 2, 0]


# What must not change a result


@given(networks(directed=True), st.integers(0, 99), st.integers(1, 4))
@settings(max_examples=12, deadline=None)
def test_row_order_changes_nothing(network: nl.Network, seed: int, n_groups: int) -> None:
    groups = grouped(network, np.arange(network.n_entities) % n_groups)
    other = shuffled(network, seed)
    for partial in (False, True):
        pd.testing.assert_frame_equal(
            brokerage.gould_fernandez(network, groups=groups, partial=partial),
            brokerage.gould_fernandez(other, groups=groups, partial=partial),
            check_exact=True,
        )
    pd.testing.assert_frame_equal(
        brokerage.gould_fernandez_scores(network, groups=groups),
        brokerage.gould_fernandez_scores(other, groups=groups),
        check_exact=True,
    )


def test_names_of_entities_and_groups_carry_no_meaning() -> None:
    network = random_network(4, n=40, m=90, directed=True)
    groups = grouped(network, ["x", "y", "z", "x"] * 10)
    ids = network.entities.index.tolist()
    names = dict(zip(ids, np.random.default_rng(0).permutation(ids).tolist(), strict=True))
    again = nl.read_tables(
        network.entities.reset_index().replace({"entity_id": names}),
        network.relationships.reset_index(drop=True).replace({"source": names, "target": names}),
    )
    renamed = groups.replace({"x": "one", "y": "two", "z": "three"})
    renamed = renamed.set_axis([names[entity] for entity in ids]).reindex(again.entities.index)
    for measure in (brokerage.gould_fernandez, brokerage.gould_fernandez_scores):
        found = measure(again, groups=renamed).loc[[names[entity] for entity in ids]]
        np.testing.assert_allclose(found, measure(network, groups=groups), rtol=1e-9)


def test_threads_change_nothing() -> None:
    network = random_network(5, n=60, m=200, directed=True)
    groups = grouped(network, ["x", "y", "z"] * 20)
    alone = brokerage.gould_fernandez(network, groups=groups, partial=True)
    with ThreadPoolExecutor(8) as pool:
        found = pool.map(
            lambda _: brokerage.gould_fernandez(network, groups=groups, partial=True), range(16)
        )
    for other in found:
        pd.testing.assert_frame_equal(other, alone, check_exact=True)


def test_progress_is_shown_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    network = random_network(5, n=20, m=40)
    groups = grouped(network, ["x", "y"] * 10)
    quiet = brokerage.gould_fernandez(network, groups=groups, partial=True)
    assert capsys.readouterr().err == ""
    shown = brokerage.gould_fernandez(network, groups=groups, partial=True, progress=True)
    pd.testing.assert_frame_equal(shown, quiet)
    assert "100%" in capsys.readouterr().err


# Bad arguments


def test_groups_that_are_none() -> None:
    network = nl.datasets.krackhardt_kite()
    with pytest.raises(ArgumentError, match=r"no column 'entity_typ'\. Did you mean 'entity_type'"):
        brokerage.gould_fernandez(network, groups="entity_typ")
    secret = pd.Series([1, 2], index=["Canary 31337", "x"])
    with pytest.raises(ArgumentError, match="index of 2 is not that of the 10 entities") as caught:
        brokerage.gould_fernandez(network, groups=secret)
    assert "Canary" not in str(caught.value)
    with pytest.raises(ArgumentError, match="a column name or a Series, got list"):
        brokerage.gould_fernandez(network, groups=[1] * 10)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="'partial' must be True or False, got str"):
        brokerage.gould_fernandez(network, groups="entity_type", partial="yes")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="'directed' must be"):
        brokerage.gould_fernandez(network, groups="entity_type", directed="no")  # type: ignore[arg-type]
