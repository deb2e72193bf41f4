"""Density, reciprocity, clustering and assortativity: published figures and networkx as oracle."""

from __future__ import annotations

from math import isnan
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shared_data, shuffled

import netlink as nl
from netlink import cohesion
from netlink.errors import ArgumentError

MEASURES = [
    cohesion.density,
    cohesion.reciprocity,
    cohesion.transitivity,
    cohesion.mean_clustering,
]


def simple(network: nl.Network, *, directed: bool = False) -> Any:
    graph: Any = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(network.entities.index)
    rows = network.relationships
    pairs = zip(rows["source"], rows["target"], strict=True)
    graph.add_edges_from((source, target) for source, target in pairs if source != target)
    return graph


def with_column(network: nl.Network, values: Any) -> nl.Network:
    return nl.read_tables(
        network.entities.assign(kind=values).reset_index(), network.relationships.reset_index()
    )


def test_published_densities() -> None:
    # The README of the data set: Cockbain, as coded by Kosmas and others 2023.
    folder = shared_data("cockbain_uk_victims")
    published = {"Central": 1, "Chalice": 0.4, "Span": 0.5, "Retriever": 0.11333}
    tables = {path.stem: pd.read_csv(path, dtype=str) for path in folder.glob("*.csv")}
    people = tables["nodes"]
    ties = tables["edges"]
    for operation, expected in published.items():
        names = people.loc[people["operation"].str.contains(operation), "id"]
        rows = ties[ties["source"].isin(names)][["source", "target"]]
        network = network_of(rows.to_numpy().tolist(), entities=names.tolist())
        assert cohesion.density(network) == pytest.approx(expected, abs=5e-6)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_shares_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, m=30, directed=directed, loops=True)
    graph, both = simple(network, directed=directed), simple(network)
    assert cohesion.density(network) == pytest.approx(nx.density(graph))
    assert cohesion.density(network, directed=False) == pytest.approx(nx.density(both))
    expected = nx.overall_reciprocity(graph) if directed else 1
    assert cohesion.reciprocity(network) == pytest.approx(expected)
    assert cohesion.transitivity(network) == pytest.approx(nx.transitivity(both))
    local = [value for v, value in nx.clustering(both).items() if both.degree(v) > 1]
    assert cohesion.mean_clustering(network) == pytest.approx(np.mean(local))


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_assortativity_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, n=20, m=50, directed=directed, loops=True)
    graph, rng = simple(network, directed=directed), np.random.default_rng(seed)
    words, numbers = rng.choice(["x", "y", "z"], 20), rng.integers(0, 9, 20)
    for values, peer in (
        (words, nx.attribute_assortativity_coefficient),
        (numbers, nx.numeric_assortativity_coefficient),
    ):
        given_ = dict(zip(network.entities.index, values.tolist(), strict=True))
        nx.set_node_attributes(graph, given_, "kind")
        found = cohesion.assortativity(with_column(network, values), by="kind")
        assert found == pytest.approx(peer(graph, "kind"))


def test_missing_values_leave_ties_out() -> None:
    network = network_of(["AB", "BC", "CD", "DA", "AE", "BE"])
    known = network.subgraph(list("ABCD"))
    for values in (["x", "x", "y", "y"], [1.0, 2.0, 4.0, 3.0]):
        found = cohesion.assortativity(with_column(network, [*values, None]), by="kind")
        assert found == cohesion.assortativity(with_column(known, values), by="kind")
        assert not isnan(found)


def test_small_and_empty_networks() -> None:
    for entities in ([], ["A"]):
        network = network_of([], entities=entities)
        assert all(isnan(measure(network)) for measure in MEASURES)
    two = network_of([], entities=["A", "B"])
    assert cohesion.density(two) == 0
    assert all(isnan(measure(two)) for measure in MEASURES[1:])
    loop = network_of(["AA", "AB"])
    assert (cohesion.density(loop), cohesion.reciprocity(loop)) == (1, 1)
    assert isnan(cohesion.transitivity(loop))
    assert isnan(cohesion.assortativity(loop, by="entity_type"))


@pytest.mark.slow
def test_a_star_and_a_path_of_a_hundred_thousand() -> None:
    n = 100_000
    star = network_of([("hub", f"p{i:06d}") for i in range(n - 1)])
    path = network_of([(f"p{i:06d}", f"p{i + 1:06d}") for i in range(n - 1)])
    for network in (star, path):
        assert cohesion.density(network) == pytest.approx(2 / n)
        assert cohesion.transitivity(network) == 0
        assert cohesion.mean_clustering(network) == 0


@given(networks(directed=True), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_row_order_changes_nothing(network: nl.Network, seed: int) -> None:
    other = shuffled(network, seed)
    for measure in MEASURES:
        np.testing.assert_equal(measure(other), measure(network))


def test_bad_columns() -> None:
    network = with_column(network_of(["AB", "BC"]), [1.0, 31337.0, np.inf])
    with pytest.raises(ArgumentError, match="in 'kind' 1 of 3 are infinite"):
        cohesion.assortativity(network, by="kind")
    with pytest.raises(ArgumentError, match="Did you mean 'kind'"):
        cohesion.assortativity(network, by="kinds")
    with pytest.raises(ArgumentError, match="'directed' must be"):
        cohesion.density(network, directed="no")  # type: ignore[arg-type]
