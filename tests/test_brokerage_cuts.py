"""Bridges and local bridges against networkx, and what must not change them."""

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


def merged(network: nl.Network) -> Any:
    graph: Any = nx.Graph()
    graph.add_nodes_from(network.entities.index)
    rows = network.relationships
    pairs = zip(rows["source"], rows["target"], strict=True)
    graph.add_edges_from((source, target) for source, target in pairs if source != target)
    return graph


def spans(graph: Any) -> dict[frozenset[str], float]:
    """Length of the shortest way between the ends of each tie without it."""
    found = {}
    for one, other in list(graph.edges):
        rest = graph.copy()
        rest.remove_edge(one, other)
        way = nx.has_path(rest, one, other)
        found[frozenset((one, other))] = (
            nx.shortest_path_length(rest, one, other) if way else np.nan
        )
    return found


def ends(network: nl.Network) -> list[frozenset[str]]:
    rows = network.relationships
    return [frozenset(pair) for pair in zip(rows["source"], rows["target"], strict=True)]


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_bridges_and_spans_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, n=16, m=14 + 2 * seed, directed=directed, loops=True)
    graph = merged(network)
    bridges = {frozenset(pair) for pair in nx.bridges(graph)}
    found = brokerage.bridges(network)
    assert found.tolist() == [pair in bridges for pair in ends(network)]
    assert (found.name, found.dtype) == ("bridges", bool)
    pd.testing.assert_index_equal(found.index, network.relationships.index)
    way = spans(graph)
    span = brokerage.local_bridges(network)
    np.testing.assert_array_equal(span, [way.get(pair, np.nan) for pair in ends(network)])
    assert (span.name, span.dtype) == ("local_bridges", float)
    pd.testing.assert_index_equal(span.index, network.relationships.index)
    local = {frozenset((a, b)) for a, b, _ in nx.local_bridges(graph)} - bridges
    assert {pair for pair, value in zip(ends(network), span, strict=True) if value > 2} == local


def test_each_of_parallel_relationships_has_the_value_of_the_tie() -> None:
    network = network_of(["AB", "BA", "BC", "CD", "DB", "DD"])
    by_ends = pd.Series(brokerage.bridges(network).to_numpy(), index=[*"ab", "bc", "cd", "db", "d"])
    assert by_ends.tolist() == [True, True, False, False, False, False]
    span = brokerage.local_bridges(network).to_numpy()
    np.testing.assert_array_equal(span, [np.nan, np.nan, 2, 2, 2, np.nan])


def test_the_way_round_a_ring() -> None:
    n = 101
    ring = network_of([(f"p{i:03d}", f"p{(i + 1) % n:03d}") for i in range(n)])
    assert (brokerage.local_bridges(ring) == n - 1).all()
    assert not brokerage.bridges(ring).any()
    assert not brokerage.articulation_points(ring).any()


def test_small_and_empty_networks() -> None:
    for network in (
        *(network_of([], entities=entities) for entities in ([], ["A"], ["A", "B"])),
        network_of([("A", "A")]),
    ):
        assert not brokerage.bridges(network).any()
        assert brokerage.local_bridges(network).isna().all()
        assert len(brokerage.bridges(network)) == network.n_relationships


@pytest.mark.slow
def test_a_star_and_a_path_of_a_hundred_thousand() -> None:
    n = 100_000
    star = network_of([("hub", f"p{i:06d}") for i in range(n - 1)])
    path = network_of([(f"p{i:06d}", f"p{i + 1:06d}") for i in range(n - 1)])
    for network, points in ((star, 1), (path, n - 2)):
        assert brokerage.bridges(network).all()
        assert brokerage.local_bridges(network).isna().all()
        assert brokerage.articulation_points(network).sum() == points


@given(networks(), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_row_order_changes_nothing(network: nl.Network, seed: int) -> None:
    other = shuffled(network, seed, flip=False)
    for measure in (brokerage.bridges, brokerage.local_bridges):
        found, expected = (
            {pair: str(value) for pair, value in zip(ends(n), measure(n), strict=True)}
            for n in (other, network)
        )
        assert found == expected


def test_progress_is_shown_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    kite = nl.datasets.krackhardt_kite()
    quiet = brokerage.local_bridges(kite)
    assert capsys.readouterr().err == ""
    pd.testing.assert_series_equal(brokerage.local_bridges(kite, progress=True), quiet)
    assert "100%" in capsys.readouterr().err
