"""Brokerage: published figures, networkx as oracle, and what must not change a result."""

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
from netlink import brokerage
from netlink.errors import ArgumentError
from netlink.testing import assert_entity_scores


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


# Published figures: unweighted, two programs


def test_published_constraint() -> None:
    club = brokerage.constraint(nl.datasets.karate_club(), weight=None)
    assert club["0"] == pytest.approx(0.155423, abs=5e-7)
    families = brokerage.constraint(nl.datasets.florentine_families(), weight=None)
    assert families["Medici"] == pytest.approx(0.209877, abs=5e-7)


# Against networkx


@pytest.mark.parametrize("weight", [None, "weight"])
@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_constraint_against_networkx(seed: int, directed: bool, weight: str | None) -> None:
    network = random_network(seed, m=30, directed=directed, weighted=True, loops=True)
    expected = nx.constraint(merged(network), weight=weight)
    found = brokerage.constraint(network, weight=weight)
    np.testing.assert_allclose(found, [expected[entity] for entity in found.index], rtol=1e-12)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_articulation_points_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, m=18, directed=directed, loops=True)
    expected = set(nx.articulation_points(merged(network)))
    found = brokerage.articulation_points(network)
    assert expected
    assert set(found.index[found]) == expected


@given(networks(weighted=True))
@settings(max_examples=15, deadline=None)
def test_without_an_articulation_point_others_come_apart(network: nl.Network) -> None:
    graph = merged(network)
    found = brokerage.articulation_points(network)
    for entity in graph:
        rest = graph.subgraph(set(graph) - {entity})
        parts = nx.number_connected_components(rest) if len(rest) else 0
        more = parts > nx.number_connected_components(graph)
        assert found[entity] == (more and graph.degree(entity) > 0)


# Conventions and shapes


def test_direction_and_parallel_relationships_add_up() -> None:
    ties = [("A", "B", 1), ("B", "A", 2), ("A", "C", 3), ("A", "A", 9)]
    network = network_of(ties, directed=True)
    # A gives half of itself to each of two who do not know each other; they give all to A.
    assert brokerage.constraint(network).tolist() == [0.5, 1.0, 1.0]
    tripled = network_of([("A", "B"), ("A", "B"), ("A", "B"), ("A", "C")])
    assert brokerage.constraint(tripled)["A"] == 0.75**2 + 0.25**2
    assert brokerage.constraint(tripled, weight=None)["A"] == 0.5


def test_a_tie_without_weight_is_none() -> None:
    network = network_of([("A", "B", 0), ("B", "C", 2), ("D", "A", 0)])
    found = brokerage.constraint(network)
    assert found[["A", "D"]].isna().all()
    assert found[["B", "C"]].tolist() == [1, 1]


def test_small_and_empty_networks() -> None:
    for entities in ([], ["A"], ["A", "B"]):
        network = network_of([], entities=entities)
        points, held = brokerage.articulation_points(network), brokerage.constraint(network)
        assert (points.name, points.dtype) == ("articulation_points", bool)
        pd.testing.assert_index_equal(points.index, network.entities.index)
        assert_entity_scores(held, network, name="constraint")
        assert not points.any()
        assert held.isna().all()
    loop = network_of([("A", "A")])
    assert not brokerage.articulation_points(loop).any()
    assert brokerage.constraint(loop).isna().all()


def test_a_star_and_a_path_of_ten_thousand() -> None:
    n = 10_000
    star = network_of([("hub", f"p{i:05d}") for i in range(n - 1)])
    found = brokerage.articulation_points(star)
    assert found.index[found].tolist() == ["hub"]
    held = brokerage.constraint(star)
    assert held["hub"] == pytest.approx(1 / (n - 1))
    assert (held.drop("hub") == 1).all()
    path = network_of([(f"p{i:05d}", f"p{i + 1:05d}") for i in range(n - 1)])
    assert brokerage.articulation_points(path).tolist() == [False, *[True] * (n - 2), False]
    assert brokerage.constraint(path).iloc[[0, 1, 2]].tolist() == [1, 0.5, 0.5]


# What must not change a result


@given(networks(weighted=True), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_row_order_changes_nothing(network: nl.Network, seed: int) -> None:
    other = shuffled(network, seed)
    for measure in (brokerage.articulation_points, brokerage.constraint):
        pd.testing.assert_series_equal(measure(network), measure(other), check_exact=True)


def test_names_carry_no_meaning() -> None:
    network = random_network(4, n=40, m=60, weighted=True)
    ids = network.entities.index.tolist()
    names = dict(zip(ids, np.random.default_rng(0).permutation(ids).tolist(), strict=True))
    rows = network.relationships.reset_index(drop=True)
    again = nl.read_tables(
        network.entities.reset_index().replace({"entity_id": names}),
        rows.replace({"source": names, "target": names}),
    )
    place = [names[entity] for entity in ids]
    points = brokerage.articulation_points(again).loc[place].to_numpy()
    np.testing.assert_array_equal(points, brokerage.articulation_points(network))
    held = brokerage.constraint(again).loc[place].to_numpy()
    np.testing.assert_allclose(held, brokerage.constraint(network), rtol=1e-12)


# Bad arguments


def test_bad_weights_are_counted_and_not_shown() -> None:
    ties = [("A", "B"), ("B", "C"), ("C", "A")]
    network = network_of(ties, odd=[1.0, -31337.0, np.nan], word=list("xyz"))
    with pytest.raises(ArgumentError, match="in 'odd' 2 of 3 are") as caught:
        brokerage.constraint(network, weight="odd")
    assert "31337" not in str(caught.value)
    with pytest.raises(ArgumentError, match="'weight' must be a numeric column, 'word' is not"):
        brokerage.constraint(network, weight="word")
    with pytest.raises(ArgumentError, match="Did you mean 'weight'"):
        brokerage.constraint(network, weight="weights")
