"""Katz, hubs and authorities, walks from given people, clustering and centralization."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import merged, network_of, networks, random_network, same, shared_data, shuffled

import netlink as nl
from netlink import centrality
from netlink.errors import ArgumentError, UnknownEntityError

# Katz


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_katz_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, m=30, directed=directed, weighted=True, loops=True)
    graph = merged(network, directed=directed)
    found = centrality.katz(network, alpha=0.03)
    expected = nx.katz_centrality_numpy(graph, alpha=0.03, normalized=False, weight="weight")
    same(found, expected)
    assert found.attrs["alpha"] == 0.03
    plain = centrality.katz(network, alpha=0.03, weight=None)
    counts = network.to_scipy(directed=directed, weight=None).toarray()
    np.fill_diagonal(counts, 0)
    n = len(counts)
    np.testing.assert_allclose(plain, np.linalg.solve(np.eye(n) - 0.03 * counts.T, np.ones(n)))


@pytest.mark.parametrize("directed", [False, True])
def test_the_discount_of_katz_comes_from_the_largest_eigenvalue(directed: bool) -> None:
    network = random_network(3, n=40, m=90, directed=directed, weighted=True, loops=True)
    matrix = network.to_scipy(directed=False).toarray()
    np.fill_diagonal(matrix, 0)
    found = centrality.katz(network)
    largest = np.linalg.eigvalsh(matrix).max()
    assert found.attrs["alpha"] == pytest.approx(0.85 / largest, rel=1e-5)
    graph = merged(network, directed=directed)
    alpha = found.attrs["alpha"]
    expected = nx.katz_centrality_numpy(graph, alpha=alpha, normalized=False, weight="weight")
    same(found, expected, rtol=1e-9)


def test_katz_counts_walks_that_arrive() -> None:
    chain = network_of([("A", "B", 2), ("B", "C", 3)], entities=list("ABCD"), directed=True)
    value = centrality.katz(chain, alpha=0.5)
    assert value.tolist() == [1, 1 + 1, 1 + 1.5 + 0.5 * 0.5 * 6, 1]
    assert centrality.katz(chain, alpha=50)["C"] == 1 + 150 + 50 * 50 * 6  # walks end here


def test_katz_without_ties() -> None:
    for ties in ([], [("A", "B", 0)]):
        found = centrality.katz(network_of(ties, entities=["A", "B"]))
        assert found.tolist() == [1, 1]
        assert np.isnan(found.attrs["alpha"])


def test_a_discount_that_is_too_large_is_refused() -> None:
    kite = nl.datasets.krackhardt_kite()
    largest = 1 / 4.2  # the kite's largest eigenvalue is 4.10
    for alpha in (0.25, largest * 1.05, 3):
        with pytest.raises(ArgumentError, match="'alpha' must be below one over the largest"):
            centrality.katz(kite, alpha=alpha)
    for wrong in (0, -1, np.nan, np.inf, "1", True):
        with pytest.raises(ArgumentError, match="'alpha' must be a"):
            centrality.katz(kite, alpha=wrong)  # type: ignore[arg-type]


# Hubs and authorities


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_hubs_and_authorities_against_a_dense_solver(seed: int, directed: bool) -> None:
    network = random_network(seed, n=12, m=44, weighted=True, loops=True, directed=directed)
    matrix = network.to_scipy().toarray()
    np.fill_diagonal(matrix, 0)
    left, _, right = np.linalg.svd(matrix)
    found = centrality.hubs_and_authorities(network)
    assert list(found) == ["hub", "authority"]
    pd.testing.assert_index_equal(found.index, network.entities.index)
    for name, vector in (("hub", left[:, 0]), ("authority", right[0])):
        np.testing.assert_allclose(found[name], np.abs(vector) / np.abs(vector).max(), atol=1e-8)


def test_hubs_and_authorities_against_networkx() -> None:
    network = random_network(11, n=30, m=120, directed=True, weighted=True)
    hubs, authorities = nx.hits(merged(network, directed=True), tol=1e-12, max_iter=1000)
    found = centrality.hubs_and_authorities(network)
    for name, expected in (("hub", hubs), ("authority", authorities)):
        top = max(expected.values())
        same(found[name], {k: v / top for k, v in expected.items()}, atol=1e-8)


def test_hubs_and_authorities_are_alike_where_ties_are_undirected() -> None:
    # Around a star the products of the ties have two leading vectors, one for each side.
    star = network_of([("hub", f"p{i}") for i in range(16)])
    found = centrality.hubs_and_authorities(star)
    for column in found.to_numpy().T:
        assert column.tolist() == pytest.approx([1] + [0.25] * 16)


def test_hubs_without_ties_are_undefined() -> None:
    for network in (network_of([], entities=["A", "B"]), network_of([("A", "A"), ("A", "B", 0)])):
        assert centrality.hubs_and_authorities(network).isna().all(axis=None)
    assert centrality.hubs_and_authorities(network_of([], entities=[])).shape == (0, 2)
    pointed = centrality.hubs_and_authorities(network_of([("A", "B"), ("A", "C")], directed=True))
    assert pointed["hub"].tolist() == [1, 0, 0]
    assert pointed["authority"].round(12).tolist() == [0, 1, 1]


# Walks from given people


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_walks_from_people_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, n=30, m=60, directed=directed, weighted=True, loops=True)
    graph = merged(network, directed=directed)
    people = ["p007", "p002", "p029"]
    found = centrality.personalized_pagerank(network, people)
    assert list(found) == people
    pd.testing.assert_index_equal(found.index, network.entities.index)
    for person in people:
        expected = nx.pagerank(graph, personalization={person: 1}, tol=1e-14, max_iter=1000)
        same(found[person], expected, rtol=0, atol=1e-6)
        error = sum(abs(found.at[entity, person] - expected[entity]) for entity in expected)
        assert error < 1e-5


def hub_of_thousands() -> nl.Network:
    return network_of([("hub", f"p{i:05d}") for i in range(20_000)])


def way_out_of_a_sink() -> nl.Network:
    """Of the walks that begin at a nearly all end at once; the others go round and round."""
    ring = [(f"r{i:03d}", f"r{(i - 1) % 500:03d}", 1.0) for i in range(500)]
    return network_of([("a", "z", 105_000.0), ("a", "r499", 1.0), *ring], directed=True)


@pytest.mark.parametrize(
    ("make", "person"), [(hub_of_thousands, "p00007"), (way_out_of_a_sink, "a")]
)
def test_errors_of_walks_from_people_stay_as_small_as_promised(make: Any, person: str) -> None:
    network, damping = make(), 0.85
    ties = network.to_scipy()
    leaving = np.asarray(ties.sum(axis=1)).ravel()
    onward = ties.multiply(1 / np.where(leaving > 0, leaving, 1)[:, None]).T.tocsr()
    start = (network.entities.index == person).astype(float)
    arrived = start
    for _ in range(250):  # 0.85 to the 250th is within rounding of 0
        arrived = start + damping * (onward @ arrived)
    found = centrality.personalized_pagerank(network, [person])[person]
    assert np.abs(found - arrived / arrived.sum()).sum() < 1e-5


def test_walks_from_any_of_several_people_are_the_mean() -> None:
    network = random_network(1, n=30, m=80, weighted=True)
    people = ["p007", "p002", "p029"]
    assert (centrality.degree(network)[people] > 0).all()
    expected = nx.pagerank(
        merged(network, directed=False), personalization=dict.fromkeys(people, 1), tol=1e-14
    )
    found = centrality.personalized_pagerank(network, people).mean(axis=1)
    same(found, expected, rtol=0, atol=1e-6)


@pytest.mark.parametrize("damping", [0.1, 0.5, 0.95])
def test_the_damping_of_walks(damping: float) -> None:
    network = random_network(8, n=40, m=80, directed=True)
    expected = nx.pagerank(
        merged(network, directed=True),
        alpha=damping,
        personalization={"p001": 1},
        tol=1e-14,
        max_iter=5000,
    )
    found = centrality.personalized_pagerank(network, ["p001"], damping=damping)["p001"]
    same(found, expected, rtol=0, atol=1e-5)
    assert found.sum() == pytest.approx(1, abs=1e-12)


def test_many_people_at_once_are_each_alone() -> None:
    network = random_network(5, n=200, m=600, weighted=True)
    people = network.entities.index[:150].tolist()
    found = centrality.personalized_pagerank(network, people)
    assert list(found) == people
    assert found.sum().to_numpy() == pytest.approx(np.ones(150), abs=1e-12)
    for person in (people[0], people[80], people[149]):
        alone = centrality.personalized_pagerank(network, iter([person]))[person]
        np.testing.assert_allclose(found[person], alone, atol=1e-6)
    again = centrality.personalized_pagerank(shuffled(network, 2), people)
    pd.testing.assert_frame_equal(again, found, check_exact=True)


def test_walks_from_an_isolate_and_from_nobody() -> None:
    network = network_of([("A", "B")], entities=list("ABC"))
    assert centrality.personalized_pagerank(network, ["C"])["C"].tolist() == [0, 0, 1]
    assert centrality.personalized_pagerank(network, []).shape == (3, 0)
    twice = centrality.personalized_pagerank(network, ["A", "A"])
    np.testing.assert_array_equal(twice.iloc[:, 0], twice.iloc[:, 1])


def test_bad_people_are_refused() -> None:
    kite = nl.datasets.krackhardt_kite()
    with pytest.raises(UnknownEntityError, match="1 of the 2") as caught:
        centrality.personalized_pagerank(kite, ["0", "canary"])
    assert "canary" not in str(caught.value)
    with pytest.raises(ArgumentError, match="list of entity ids, got one str"):
        centrality.personalized_pagerank(kite, "0")
    with pytest.raises(ArgumentError, match="'damping' must lie between 0 and 1, got 1"):
        centrality.personalized_pagerank(kite, ["0"], damping=1)


# Clustering


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_local_clustering_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, n=20, m=30 + 20 * seed, directed=directed, loops=True)
    graph = merged(network, directed=False)
    expected = {k: v if graph.degree[k] > 1 else np.nan for k, v in nx.clustering(graph).items()}
    same(centrality.local_clustering(network), expected)


def test_local_clustering_of_small_networks() -> None:
    assert centrality.local_clustering(network_of([], entities=[])).empty
    triangle = network_of([("A", "B"), ("B", "C"), ("C", "A"), ("A", "A"), ("A", "B"), ("A", "D")])
    value = centrality.local_clustering(triangle)
    assert value[["A", "B", "C"]].tolist() == pytest.approx([1 / 3, 1, 1])
    assert np.isnan(value["D"])


@given(networks(directed=True, weighted=True), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_row_order_changes_no_byte(network: nl.Network, seed: int) -> None:
    again = shuffled(network, seed)
    people = network.entities.index[:2]
    for measure in (centrality.katz, centrality.local_clustering):
        pd.testing.assert_series_equal(measure(again), measure(network), check_exact=True)
    found = centrality.hubs_and_authorities(network)
    pd.testing.assert_frame_equal(centrality.hubs_and_authorities(again), found, check_exact=True)
    walks = centrality.personalized_pagerank(network, people)
    assert np.isfinite(walks).all(axis=None)
    pd.testing.assert_frame_equal(
        centrality.personalized_pagerank(again, people), walks, check_exact=True
    )


# Centralization


def test_centralization_of_a_star_a_ring_and_by_hand() -> None:
    star = network_of([("hub", f"p{i}") for i in range(6)])
    assert centrality.degree_centralization(star) == 1
    assert centrality.degree_centralization(star, denominator="n(n-1)") == 30 / 42
    ring = network_of([("A", "B"), ("B", "C"), ("C", "D"), ("D", "A"), ("A", "B"), ("A", "A")])
    assert centrality.degree_centralization(ring) == 0
    kite = nl.datasets.krackhardt_kite()  # 10 times 6 less 36 ends of ties, over 9 times 8
    assert centrality.degree_centralization(kite) == 24 / 72
    for n in (0, 1, 2):
        assert np.isnan(centrality.degree_centralization(network_of([], entities=list("AB")[:n])))
    with pytest.raises(ArgumentError, match=r"'\(n-1\)\(n-2\)' or 'n\(n-1\)', got 'n'"):
        centrality.degree_centralization(kite, denominator="n")  # type: ignore[arg-type]


def test_centralization_of_a_published_network() -> None:
    # De la Mora Tostado and others 2024, trafficking on Mexico's southern border: 34 people, 225
    # ties, density 0.401, centralization 44.32 %. Both follow from the number of ties and the
    # largest degree, which Freeman's denominator makes 27, and the other no whole number.
    graph = nx.havel_hakimi_graph([27, *[13] * 27, *[12] * 6])
    assert (len(graph), graph.number_of_edges()) == (34, 225)
    network = network_of(list(graph.edges))
    assert round(nl.cohesion.density(network), 3) == 0.401
    assert round(centrality.degree_centralization(network), 4) == 0.4432


OPERATIONS = {"Central": 0.0, "Chalice": 0.4, "Span": 0.25, "Retriever": 0.26167}


@pytest.mark.parametrize(("operation", "expected"), OPERATIONS.items())
def test_centralization_of_cockbain(operation: str, expected: float) -> None:
    # Published by Cockbain as coded by Kosmas and others 2023, with the denominator n(n-1).
    folder = shared_data("cockbain_uk_victims")
    people = pd.read_csv(folder / "nodes.csv", dtype="str", keep_default_na=False)
    rows = pd.read_csv(folder / "edges.csv", dtype="str", keep_default_na=False)
    rows = rows[rows["operation"] == operation].assign(relationship_type="associate_of")
    people = people[people["operation"] == operation].assign(entity_type="person")
    network = nl.read_tables(
        people[["id", "entity_type"]].rename(columns={"id": "entity_id"}),
        rows[["source", "target", "relationship_type"]],
    )
    found = centrality.degree_centralization(network, denominator="n(n-1)")
    assert found == pytest.approx(expected, abs=5e-6)
