"""Cohesion: networkx as oracle, and what must not change a result."""

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
from netlink.testing import assert_entity_scores


def merged(network: nl.Network) -> Any:
    graph: Any = nx.Graph()
    graph.add_nodes_from(network.entities.index)
    rows = network.relationships
    pairs = zip(rows["source"], rows["target"], strict=True)
    graph.add_edges_from((source, target) for source, target in pairs if source != target)
    return graph


def test_karate_club_has_a_core_of_four() -> None:
    cores = cohesion.core_number(nl.datasets.karate_club())  # networkx and igraph agree
    ten = ["0", "1", "13", "2", "3", "30", "32", "33", "7", "8"]
    assert cores.index[cores == 4].tolist() == ten
    assert cores.max() == 4


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_core_numbers_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, m=10 + 8 * seed, directed=directed, loops=True)
    assert cohesion.core_number(network).to_dict() == nx.core_number(merged(network))


def test_parallel_relationships_and_loops_add_nothing() -> None:
    network = network_of([("A", "B"), ("B", "A"), ("A", "B"), ("A", "A"), ("C", "C")])
    assert cohesion.core_number(network).tolist() == [1, 1, 0]


def test_small_and_large_networks() -> None:
    for entities in ([], ["A"], ["A", "B"]):
        network = network_of([], entities=entities)
        found = cohesion.core_number(network)
        assert_entity_scores(found, network, name="core_number")
        assert found.dtype == np.int64
        assert (found == 0).all()
    n = 10_000
    star = network_of([("hub", f"p{i:05d}") for i in range(n - 1)])
    path = network_of([(f"p{i:05d}", f"p{i + 1:05d}") for i in range(n - 1)])
    assert (cohesion.core_number(star) == 1).all()
    assert (cohesion.core_number(path) == 1).all()


@given(networks(), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_row_order_changes_nothing(network: nl.Network, seed: int) -> None:
    other = cohesion.core_number(shuffled(network, seed))
    pd.testing.assert_series_equal(cohesion.core_number(network), other, check_exact=True)


def test_names_carry_no_meaning() -> None:
    network = random_network(4, n=40, m=90)
    ids = network.entities.index.tolist()
    names = dict(zip(ids, np.random.default_rng(0).permutation(ids).tolist(), strict=True))
    again = nl.read_tables(
        network.entities.reset_index().replace({"entity_id": names}),
        network.relationships.reset_index(drop=True).replace({"source": names, "target": names}),
    )
    found = cohesion.core_number(again).loc[[names[entity] for entity in ids]]
    np.testing.assert_array_equal(found, cohesion.core_number(network))


# Components


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_components_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, n=20, m=3 * seed, directed=directed, loops=True)
    found = cohesion.components(network)
    assert_entity_scores(found, network, name="components")
    groups = sorted(nx.connected_components(merged(network)), key=lambda g: (-len(g), min(g)))
    assert [set(found.index[found == i]) for i in range(len(groups))] == groups
    assert found.max() + 1 == len(groups)
    pd.testing.assert_series_equal(cohesion.components(shuffled(network, seed)), found)


def test_components_of_nothing() -> None:
    assert cohesion.components(network_of([], entities=[])).empty
    assert cohesion.components(network_of([], entities=["b", "a"])).to_dict() == {"a": 0, "b": 1}
