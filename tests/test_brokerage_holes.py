"""Structural holes beyond constraint: effective size, efficiency and hierarchy.

networkx 3.6.1 disagrees with itself on weighted effective size; what it gives with `nodes=` is what
a calculation by hand gives, and what is compared with here.
"""

from __future__ import annotations

from math import log
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shuffled

import netlink as nl
from netlink import brokerage
from netlink.errors import ArgumentError
from netlink.testing import assert_entity_scores

MEASURES = [brokerage.effective_size, brokerage.efficiency, brokerage.hierarchy]


def merged(network: nl.Network) -> Any:
    """Ties in networkx, read in both directions, weights added, self-loops left out."""
    graph: Any = nx.Graph()
    graph.add_nodes_from(network.entities.index)
    for row in network.relationships.to_dict("records"):
        if row["source"] != row["target"]:
            graph.add_edge(row["source"], row["target"])
            tie = graph.edges[row["source"], row["target"]]
            tie["weight"] = tie.get("weight", 0) + row["weight"]
    return graph


def by_hand(graph: Any, entity: str, weight: str | None) -> tuple[float, float]:
    """Effective size and hierarchy, by Burt's formulas."""

    def a(i: str, j: str) -> float:
        return graph.edges[i, j][weight] if weight else 1.0

    def p(i: str, j: str) -> float:
        return a(i, j) / sum(a(i, k) for k in graph[i]) if graph.has_edge(i, j) else 0.0

    contacts = list(graph[entity])
    size, parts = 0.0, []
    for j in contacts:
        shared = [q for q in contacts if graph.has_edge(j, q)]
        size += 1 - sum(p(entity, q) * a(j, q) / max(a(j, k) for k in graph[j]) for q in shared)
        parts.append((p(entity, j) + sum(p(entity, q) * p(q, j) for q in shared)) ** 2)
    n, mean = len(parts), sum(parts) / len(parts)
    hierarchy = sum(c / mean * log(c / mean) for c in parts) / (n * log(n)) if n > 1 else np.nan
    return size, hierarchy


def test_published_effective_size() -> None:
    families = nl.datasets.florentine_families()
    size = brokerage.effective_size(families, weight=None)["Medici"]
    assert size == pytest.approx(5.6667, abs=5e-5)  # reference/methods.md, two programs
    assert brokerage.efficiency(families, weight=None)["Medici"] == pytest.approx(size / 6)


@pytest.mark.parametrize("weight", [None, "weight"])
@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_measures_by_hand_and_against_networkx(
    seed: int, directed: bool, weight: str | None
) -> None:
    network = random_network(seed, m=34, directed=directed, weighted=True, loops=True)
    graph = merged(network)
    size, efficiency, hierarchy = (measure(network, weight=weight) for measure in MEASURES)
    tied = [entity for entity in graph if graph.degree(entity)]
    hand = {entity: by_hand(graph, entity, weight) for entity in tied}
    np.testing.assert_allclose(size[tied], [hand[entity][0] for entity in tied], rtol=1e-12)
    np.testing.assert_allclose(hierarchy[tied], [hand[e][1] for e in tied], atol=1e-12)
    peers = nx.effective_size(graph, nodes=tied, weight=weight)
    np.testing.assert_allclose(size[tied], [peers[entity] for entity in tied], rtol=1e-12)
    degrees = [graph.degree(entity) for entity in tied]
    np.testing.assert_allclose(efficiency[tied], size[tied] / degrees)
    for found in (size, efficiency, hierarchy):
        assert found.drop(tied).isna().all()


def test_hierarchy_from_all_alike_to_all_in_one() -> None:
    star = network_of([("hub", f"p{i}") for i in range(4)])
    found = brokerage.hierarchy(star)
    assert found["hub"] == 0
    assert found.drop("hub").isna().all()
    lopsided = network_of([("hub", "p0", 1e6), ("hub", "p1", 1), ("hub", "p2", 1)])
    assert brokerage.hierarchy(lopsided)["hub"] == pytest.approx(1, abs=1e-6)


def test_a_tie_without_weight_is_none() -> None:
    network = network_of(
        [("A", "B", 0), ("B", "C", 2), ("C", "D", 2), ("B", "D", 2), ("A", "C", 0)]
    )
    without = network_of([("B", "C", 2), ("C", "D", 2), ("B", "D", 2)], entities=list("ABCD"))
    for measure in MEASURES:
        pd.testing.assert_series_equal(measure(network), measure(without), check_exact=True)


def test_weights_of_every_size_are_shares() -> None:
    network = random_network(1, m=40, weighted=True)
    for scale in (2.0**-1040, 2.0**1015):
        other = nl.read_tables(
            network.entities.reset_index(),
            network.relationships.assign(weight=network.relationships["weight"] * scale),
        )
        for measure in [*MEASURES, brokerage.constraint]:
            pd.testing.assert_series_equal(measure(other), measure(network), check_exact=True)


def test_small_and_empty_networks() -> None:
    for network in (
        *(network_of([], entities=entities) for entities in ([], ["A"], ["A", "B"])),
        network_of([("A", "A")]),
    ):
        for measure in MEASURES:
            found = measure(network)
            assert_entity_scores(found, network, name=measure.__name__)
            assert found.isna().all()


@pytest.mark.slow
def test_a_star_and_a_path_of_a_hundred_thousand() -> None:
    n = 100_000
    star = network_of([("hub", f"p{i:06d}") for i in range(n - 1)])
    assert brokerage.effective_size(star)["hub"] == n - 1
    assert (brokerage.efficiency(star) == 1).all()
    assert brokerage.hierarchy(star)["hub"] == pytest.approx(0, abs=1e-9)
    assert brokerage.constraint(star)["hub"] == pytest.approx(1 / (n - 1))
    path = network_of([(f"p{i:06d}", f"p{i + 1:06d}") for i in range(n - 1)])
    assert brokerage.effective_size(path).sum() == 2 * (n - 1)
    assert brokerage.constraint(path).sum() == pytest.approx(2 + (n - 2) / 2)


@given(networks(weighted=True), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_row_order_changes_nothing(network: nl.Network, seed: int) -> None:
    other = shuffled(network, seed)
    for measure in MEASURES:
        pd.testing.assert_series_equal(measure(network), measure(other), check_exact=True)


def test_bad_weights_are_counted_and_not_shown() -> None:
    network = network_of([("A", "B"), ("B", "C")], odd=[1.0, -31337.0])
    for measure in MEASURES:
        with pytest.raises(ArgumentError, match="in 'odd' 1 of 2 are") as caught:
            measure(network, weight="odd")
        assert "31337" not in str(caught.value)
