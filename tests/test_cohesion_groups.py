"""k-edge components, cliques and core-periphery: brute force and networkx as oracles."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shuffled

import netlink as nl
from netlink import cohesion
from netlink.errors import ArgumentError
from netlink.testing import assert_entity_scores


def simple(network: nl.Network) -> Any:
    graph: Any = nx.Graph()
    graph.add_nodes_from(network.entities.index)
    rows = network.relationships
    pairs = zip(rows["source"], rows["target"], strict=True)
    graph.add_edges_from((source, target) for source, target in pairs if source != target)
    return graph


def members(found: pd.DataFrame) -> list[list[str]]:
    return [group.tolist() for _, group in found.groupby("clique")["entity_id"]]


# k-edge components


@pytest.mark.parametrize("k", [1, 2, 3, 4])
@pytest.mark.parametrize("seed", range(8))
def test_k_edge_components_against_networkx(seed: int, k: int) -> None:
    network = random_network(seed, n=24, m=30 + 12 * seed, directed=seed % 2 == 0, loops=True)
    found = cohesion.k_edge_components(network, k=k)
    assert_entity_scores(found, network, name="k_edge_components")
    groups = sorted(nx.k_edge_subgraphs(simple(network), k), key=lambda g: (-len(g), min(g)))
    assert [set(found.index[found == i]) for i in range(len(groups))] == groups


def test_ways_through_others_do_not_hold_a_group_together() -> None:
    # Two triangles' corners with three ways between them, one through an entity with two ties.
    ties = ["AB", "BC", "CA", "AD", "BD", "CD", "AE", "BE", "CE"]
    network = network_of([*ties, "DX", "XE", "DY", "YE"])
    found = cohesion.k_edge_components(network, k=3)
    assert found[list("ABCDE")].eq(0).all()
    assert found[list("XY")].tolist() == [1, 2]


def test_long_rings_and_whole_networks() -> None:
    n = 20_000
    ring = network_of([(f"p{i:05d}", f"p{(i + 1) % n:05d}") for i in range(n)])
    assert (cohesion.k_edge_components(ring, k=2) == 0).all()
    assert cohesion.k_edge_components(ring, k=3).nunique() == n
    whole = network_of([(f"p{i:02d}", f"p{j:02d}") for i in range(30) for j in range(i)])
    assert (cohesion.k_edge_components(whole, k=29) == 0).all()
    assert cohesion.k_edge_components(whole, k=30).nunique() == 30
    assert cohesion.k_edge_components(whole, k=10**12).nunique() == 30


# Cliques


@pytest.mark.parametrize("min_size", [2, 3, 4])
@pytest.mark.parametrize("seed", range(8))
def test_cliques_against_networkx(seed: int, min_size: int) -> None:
    network = random_network(seed, n=20, m=30 + 20 * seed, directed=seed % 2 == 0, loops=True)
    found = nx.find_cliques(simple(network))
    expected = [sorted(clique) for clique in found if len(clique) >= min_size]
    expected.sort(key=lambda clique: (-len(clique), clique))
    assert members(cohesion.maximal_cliques(network, min_size=min_size)) == expected


def test_cliques_of_more_than_a_word_of_bits() -> None:
    graph = nx.gnp_random_graph(150, 0.5, seed=1)
    network = network_of([(f"p{a:03d}", f"p{b:03d}") for a, b in graph.edges])
    found = cohesion.maximal_cliques(network, min_size=9)
    expected = [c for c in nx.find_cliques(simple(network)) if len(c) >= 9]
    assert found["clique"].nunique() == len(expected) > 50
    assert set(map(tuple, members(found))) == {tuple(sorted(clique)) for clique in expected}


def test_too_many_cliques_are_an_error() -> None:
    # Moon & Moser: 3 to the power of 7 cliques among 21.
    ties = [(f"p{i:02d}", f"p{j:02d}") for i in range(21) for j in range(i) if i // 3 != j // 3]
    network = network_of(ties)
    assert cohesion.maximal_cliques(network, max_cliques=3**7)["clique"].nunique() == 3**7
    for cap in (1, 100, 3**7 - 1):
        with pytest.raises(ArgumentError, match=f"more than {cap:,} cliques of 3 or more"):
            cohesion.maximal_cliques(network, max_cliques=cap)


def test_cliques_of_nothing() -> None:
    for network in (network_of([], entities=[]), network_of(["AA", "AB"])):
        found = cohesion.maximal_cliques(network)
        assert found.columns.tolist() == ["clique", "entity_id"]
        assert found.empty
    assert members(cohesion.maximal_cliques(network, min_size=2)) == [["A", "B"]]


# Core and periphery


def brute_core(network: nl.Network) -> float:
    ties = network.to_scipy(directed=False).toarray()
    n = len(ties)
    pairs = np.triu_indices(n, 1)
    best = -1.0
    for bits in range(1, 2**n):
        core = np.array([(bits >> i) & 1 for i in range(n)], dtype=bool)
        pattern = (core[:, None] | core)[pairs]
        if not pattern.all():
            best = max(best, np.corrcoef(ties[pairs], pattern)[0, 1])
    return best


def test_a_core_and_a_periphery_fit() -> None:
    core = [(f"c{i}", f"c{j}") for i in range(4) for j in range(i)]
    network = network_of([*core, *((f"c{i % 4}", f"p{i}") for i in range(8))])
    found = cohesion.core_periphery(network)
    assert found.scores.columns.tolist() == ["coreness", "is_core"]
    is_core = found.scores["is_core"]
    assert is_core.index[is_core].tolist() == ["c0", "c1", "c2", "c3"]
    assert found.scores.loc[is_core, "coreness"].min() > 0.99
    assert found.scores.loc[~is_core, "coreness"].max() < 0.5
    everybody = [(f"c{i}", f"p{j}") for i in range(4) for j in range(8)]
    ideal = cohesion.core_periphery(network_of([*core, *everybody]))
    assert ideal.discrete_fit == pytest.approx(1)
    assert 0.75 < ideal.continuous_fit < 1  # no product of two is 1 and 0 as the pattern is


@pytest.mark.parametrize("seed", range(12))
def test_fits_are_correlations_and_the_core_nearly_the_best(seed: int) -> None:
    network = random_network(seed, n=8, m=14, weighted=seed % 2 == 0, loops=True)
    ties = network.to_scipy(directed=False).toarray()
    np.fill_diagonal(ties, 0)
    pairs = np.triu_indices(8, 1)
    found = cohesion.core_periphery(network)
    is_core = found.scores["is_core"].to_numpy()
    pattern = (is_core[:, None] | is_core)[pairs]
    assert np.corrcoef(ties[pairs], pattern)[0, 1] == pytest.approx(found.discrete_fit)
    assert found.discrete_fit > 0.9 * brute_core(network)
    coreness = found.scores["coreness"].to_numpy()
    products = np.outer(coreness, coreness)[pairs]
    assert np.corrcoef(ties[pairs], products)[0, 1] == pytest.approx(found.continuous_fit)
    values, vectors = np.linalg.eigh(ties)
    leading = np.abs(vectors[:, -1]) / np.abs(vectors[:, -1]).max()
    assert values[-1] - values[-2] < 0.1 or np.allclose(coreness, leading, atol=1e-6)


def test_core_periphery_of_nothing() -> None:
    whole = network_of(["AB", "BC", "CA"])
    for network in (*(network_of([], entities=e) for e in ([], ["A"], list("ABC"))), whole):
        found = cohesion.core_periphery(network)
        assert np.isnan([found.continuous_fit, found.discrete_fit]).all()
        assert not found.scores["is_core"].any()
        assert found.scores["coreness"].isna().all()
        pd.testing.assert_index_equal(found.scores.index, network.entities.index)
    assert repr(found) == (
        "<CorePeriphery of 3 entities: 0 in the core (fit nan continuous, nan discrete)>"
    )


# All of them


@pytest.mark.slow
def test_a_star_and_a_path_of_a_hundred_thousand() -> None:
    n = 100_000
    star = network_of([("hub", f"p{i:06d}") for i in range(n - 1)])
    path = network_of([(f"p{i:06d}", f"p{i + 1:06d}") for i in range(n - 1)])
    for network in (star, path):
        assert (cohesion.components(network) == 0).all()
        assert (cohesion.core_number(network) == 1).all()
        assert cohesion.k_edge_components(network, k=2).nunique() == n
        assert cohesion.k_edge_components(network, k=3).nunique() == n
        assert cohesion.maximal_cliques(network).empty
        assert cohesion.maximal_cliques(network, min_size=2)["clique"].nunique() == n - 1
    found = cohesion.core_periphery(star)
    assert found.scores.index[found.scores["is_core"]].tolist() == ["hub"]
    assert found.discrete_fit == pytest.approx(1)


@given(networks(weighted=True), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_row_order_changes_nothing(network: nl.Network, seed: int) -> None:
    other = shuffled(network, seed)
    for k in (1, 2, 3):
        pd.testing.assert_series_equal(
            cohesion.k_edge_components(network, k=k), cohesion.k_edge_components(other, k=k)
        )
    pd.testing.assert_frame_equal(
        cohesion.maximal_cliques(network, min_size=2), cohesion.maximal_cliques(other, min_size=2)
    )
    one, two = cohesion.core_periphery(network), cohesion.core_periphery(other)
    pd.testing.assert_frame_equal(one.scores, two.scores, check_exact=True)
    np.testing.assert_equal(
        (one.continuous_fit, one.discrete_fit), (two.continuous_fit, two.discrete_fit)
    )


@pytest.mark.parametrize(
    ("measure", "argument", "value", "message"),
    [
        ("k_edge_components", "k", 0, "'k' must be a positive integer, got 0"),
        ("k_edge_components", "k", 2.0, "'k' must be a positive integer, got float"),
        ("k_edge_components", "k", True, "'k' must be a positive integer"),
        ("maximal_cliques", "min_size", 1, "'min_size' must be an integer from 2 on, got 1"),
        ("maximal_cliques", "max_cliques", "9", "'max_cliques' must be .* got str"),
        ("core_periphery", "weight", "document", "'weight' must be a numeric column"),
    ],
)
def test_bad_arguments(measure: str, argument: str, value: object, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        getattr(cohesion, measure)(nl.datasets.krackhardt_kite(), **{argument: value})
