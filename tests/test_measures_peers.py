"""Every measure that igraph or networkx has too, on the same random networks.

igraph gets the ties merged, as netlink reads them: on parallel ones and on self-loops it answers
another question. What neither has is compared with brute force where the measure is tested.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from measures import by_order, with_groups
from networks import merged, random_network

import netlink as nl
from netlink import brokerage, centrality, cohesion, communities

if TYPE_CHECKING:
    from collections.abc import Callable

    Peer = Callable[[nl.Network, Any], tuple[Any, Any]]

# igraph warns that leading vectors may not be unique, or are mostly 0; here both find the same.
DOUBTS = pytest.mark.filterwarnings("ignore:(Some eigen|Hub and|More than 30):RuntimeWarning")

KINDS: dict[str, dict[str, Any]] = {
    "whole": {"n": 16, "m": 48},
    "in pieces": {"n": 40, "m": 34},
    "weighted": {"n": 16, "m": 48, "weighted": True},
    "directed": {"n": 24, "m": 60, "directed": True},
    "directed, weighted": {"n": 20, "m": 90, "directed": True, "weighted": True},
    "directed, in pieces": {"n": 40, "m": 34, "directed": True, "weighted": True},
}


@cache
def made(kind: str) -> nl.Network:
    """A random network, made sure of parallel ties and self-loops."""
    network = random_network(17, **KINDS[kind])
    rows = network.relationships.reset_index(drop=True)
    loops = rows.iloc[:3].assign(target=rows["source"])
    rows = pd.concat([rows, rows.iloc[:5], rows.iloc[:3], loops], ignore_index=True)
    return nl.read_tables(network.entities.reset_index(), rows)


def graph_of(network: nl.Network, *, directed: bool) -> Any:
    """The merged ties in igraph: ``weight`` added, ``cost`` the least."""
    ties = merged(network, directed=directed, length="weight")
    place = {entity: i for i, entity in enumerate(network.entities.index)}
    graph = igraph.Graph(len(place), directed=directed)
    graph.add_edges([(place[a], place[b]) for a, b in ties.edges])
    for name in ("weight", "cost"):
        graph.es[name] = [tie[name] for _, _, tie in ties.edges(data=True)]
    return graph


def on_ties(network: nl.Network, values: Any) -> np.ndarray:
    """What igraph says of the undirected merged ties, at each relationship; self-loops NaN."""
    ends = merged(network, directed=False).edges
    said = {frozenset(pair): value for pair, value in zip(ends, values, strict=True)}
    rows = network.relationships
    pairs = zip(rows["source"], rows["target"], strict=True)
    return np.array([said.get(frozenset(pair), np.nan) for pair in pairs], dtype=float)


def groups_of(labels: Any) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == label).tolist()) for label in set(labels)}


def undefined(graph: Any, values: Any) -> np.ndarray:
    """Theirs, NaN where somebody has no tie."""
    return np.where(np.array(graph.degree()) > 0, values, np.nan)


# Along directed ties where there are any

WAYS: dict[str, Peer] = {
    "degree out": lambda n, g: (centrality.degree(n, mode="out"), g.outdegree()),
    "degree in": lambda n, g: (centrality.degree(n, mode="in"), g.indegree()),
    "strength out": lambda n, g: (
        centrality.strength(n, mode="out"), g.strength(mode="out", weights="weight"),
    ),
    "strength in": lambda n, g: (
        centrality.strength(n, mode="in"), g.strength(mode="in", weights="weight"),
    ),
    "betweenness": lambda n, g: (
        centrality.betweenness(n) * pairs(g, ends=False), g.betweenness(),
    ),
    "betweenness by length": lambda n, g: (
        centrality.betweenness(n, length="weight") * pairs(g, ends=False),
        g.betweenness(weights="cost"),
    ),
    "betweenness up to 3 steps": lambda n, g: (
        centrality.betweenness(n, cutoff=3) * pairs(g, ends=False), g.betweenness(cutoff=3),
    ),
    "harmonic": lambda n, g: (centrality.harmonic(n), g.harmonic_centrality(mode="out")),
    "harmonic by length": lambda n, g: (
        centrality.harmonic(n, length="weight"), g.harmonic_centrality(mode="out", weights="cost"),
    ),
    "closeness": lambda n, g: closeness(n, g, None),
    "closeness by length": lambda n, g: closeness(n, g, "cost"),
    "pagerank": lambda n, g: (centrality.pagerank(n), g.pagerank(weights="weight")),
    "hub": lambda n, g: (
        centrality.hubs_and_authorities(n)["hub"], g.hub_score(weights="weight"),
    ),
    "authority": lambda n, g: (
        centrality.hubs_and_authorities(n)["authority"], g.authority_score(weights="weight"),
    ),
    "density": lambda n, g: (cohesion.density(n), g.density()),
    "reciprocity": lambda n, g: (cohesion.reciprocity(n), g.reciprocity()),
    "assortativity of words": lambda n, g: (
        cohesion.assortativity(with_groups(n), by="team"),
        g.assortativity_nominal(by_order(n).tolist(), directed=g.is_directed()),
    ),
    "assortativity of numbers": lambda n, g: (
        cohesion.assortativity(numbered(n), by="age"),
        g.assortativity(ages(n).tolist(), directed=g.is_directed()),
    ),
}  # fmt: skip


def pairs(graph: Any, *, ends: bool) -> float:
    """How many pairs there are that paths can lead between."""
    n = graph.vcount()
    both = 1 if graph.is_directed() else 2
    return (n * (n - 1) if ends else (n - 1) * (n - 2)) / both


def closeness(network: nl.Network, graph: Any, length: str | None) -> tuple[Any, Any]:
    found = centrality.closeness(network, length=length and "weight")
    if graph.is_connected(mode="strong"):
        assert found.attrs["definition"] == "freeman"
        return found, graph.closeness(mode="out", weights=length)
    return found, graph.harmonic_centrality(mode="out", weights=length)


def ages(network: nl.Network) -> Any:
    return by_order(network, 7) ** 2


def numbered(network: nl.Network) -> nl.Network:
    people = network.entities.assign(age=ages(network))
    return nl.Network(people, network.relationships, network.vocabulary)


@DOUBTS
@pytest.mark.parametrize("kind", KINDS)
def test_igraph_agrees_along_the_ties(kind: str) -> None:
    network = made(kind)
    graph = graph_of(network, directed=KINDS[kind].get("directed", False))
    for name, peer in WAYS.items():
        found, expected = peer(network, graph)
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9, err_msg=name)


@pytest.mark.parametrize("kind", KINDS)
def test_networkx_agrees_on_what_leaves_and_arrives(kind: str) -> None:
    # The rows as they are: in a strength every parallel relationship counts.
    network, directed = made(kind), KINDS[kind].get("directed", False)
    graph: Any = nx.MultiDiGraph() if directed else nx.MultiGraph()
    graph.add_nodes_from(network.entities.index)
    for row in network.relationships.to_dict("records"):
        if row["source"] != row["target"]:
            graph.add_edge(row["source"], row["target"], weight=row["weight"])
    way = {"in": graph.in_degree, "out": graph.out_degree} if directed else {}
    for mode in ("all", "in", "out"):
        for weight in ("weight", None):
            expected = dict(way.get(mode, graph.degree)(weight=weight))
            found = centrality.strength(network, mode=mode, weight=weight)  # type: ignore[arg-type]
            np.testing.assert_allclose(found, [expected[entity] for entity in found.index])
    assert centrality.degree(network).to_dict() == dict(nx.Graph(graph).degree)
    assert centrality.degree(network, mode="out").to_dict() == dict(nx.DiGraph(graph).out_degree)


WITHOUT_WEIGHTS: dict[str, Callable[..., Any]] = {
    **{name: getattr(centrality, name) for name in ("eigenvector", "hubs_and_authorities", "katz",
                                                   "pagerank", "strength")},
    "personalized_pagerank": lambda n, **given: centrality.personalized_pagerank(
        n, n.entities.index[:3], **given
    ),
    "modularity": lambda n, **given: communities.modularity(n, groups=by_order(n), **given),
    "quality": lambda n, **given: communities.quality(n, groups=by_order(n), **given),
}  # fmt: skip


@pytest.mark.parametrize("kind", ["weighted", "directed, weighted"])
def test_without_weights_every_relationship_has_one_of_1(kind: str) -> None:
    network = made(kind)
    rows = network.relationships.assign(weight=1.0)
    ones = nl.Network(network.entities, rows, network.vocabulary)
    for name, measure in WITHOUT_WEIGHTS.items():
        found, expected = measure(network, weight=None), measure(ones)
        np.testing.assert_allclose(found, expected, rtol=1e-12, err_msg=name)
        assert not np.allclose(found, measure(network), equal_nan=True)


# In both directions

BOTH: dict[str, Peer] = {
    "degree": lambda n, g: (centrality.degree(n), g.degree()),
    "strength": lambda n, g: (centrality.strength(n), g.strength(weights="weight")),
    "betweenness": lambda n, g: (
        centrality.betweenness(n, directed=False) * pairs(g, ends=False), g.betweenness(),
    ),
    "edge_betweenness": lambda n, g: (
        centrality.edge_betweenness(n, directed=False) * pairs(g, ends=True),
        np.nan_to_num(on_ties(n, g.edge_betweenness())),
    ),
    "edge_betweenness by length": lambda n, g: (
        centrality.edge_betweenness(n, directed=False, length="weight") * pairs(g, ends=True),
        np.nan_to_num(on_ties(n, g.edge_betweenness(weights="cost"))),
    ),
    "harmonic": lambda n, g: (
        centrality.harmonic(n, directed=False), g.harmonic_centrality(),
    ),
    "eigenvector": lambda n, g: (
        centrality.eigenvector(n), g.eigenvector_centrality(weights="weight"),
    ),
    "pagerank": lambda n, g: (
        centrality.pagerank(n, directed=False), g.pagerank(weights="weight"),
    ),
    "core_number": lambda n, g: (cohesion.core_number(n), g.coreness()),
    "local_clustering": lambda n, g: (
        centrality.local_clustering(n), g.transitivity_local_undirected(mode="nan"),
    ),
    "transitivity": lambda n, g: (cohesion.transitivity(n), g.transitivity_undirected()),
    "mean_clustering": lambda n, g: (
        cohesion.mean_clustering(n), g.transitivity_avglocal_undirected(mode="nan"),
    ),
    "density": lambda n, g: (cohesion.density(n, directed=False), g.density()),
    "constraint": lambda n, g: (
        brokerage.constraint(n), undefined(g, g.constraint(weights="weight")),
    ),
    "constraint unweighted": lambda n, g: (
        brokerage.constraint(n, weight=None), undefined(g, g.constraint()),
    ),
    "articulation_points": lambda n, g: (
        np.flatnonzero(brokerage.articulation_points(n)), sorted(g.articulation_points()),
    ),
    "bridges": lambda n, g: (
        brokerage.bridges(n).to_numpy(float),
        np.nan_to_num(on_ties(n, np.isin(np.arange(g.ecount()), g.bridges()))),
    ),
    "modularity": lambda n, g: (
        communities.modularity(n, groups=by_order(n)),
        g.modularity(by_order(n).tolist(), weights="weight"),
    ),
}  # fmt: skip


@DOUBTS
@pytest.mark.parametrize("kind", KINDS)
def test_igraph_agrees_in_both_directions(kind: str) -> None:
    network = made(kind)
    graph = graph_of(network, directed=False)
    for name, peer in BOTH.items():
        found, expected = peer(network, graph)
        np.testing.assert_allclose(found, expected, rtol=1e-8, atol=1e-9, err_msg=name)
    found = cohesion.components(network).to_numpy()
    assert groups_of(found) == {frozenset(group) for group in graph.connected_components()}
    place = {entity: i for i, entity in enumerate(network.entities.index)}
    cliques = cohesion.maximal_cliques(network, min_size=2)
    members = cliques["entity_id"].map(place).groupby(cliques["clique"]).apply(frozenset)
    assert set(members) == {frozenset(clique) for clique in graph.maximal_cliques(min=2)}


def test_igraph_agrees_on_walks_that_return_to_a_person() -> None:
    for kind in ("whole", "weighted", "in pieces"):
        network = made(kind)
        graph = graph_of(network, directed=False)
        people = network.entities.index[np.array(graph.degree()) > 0][[0, 5, 11]]
        found = centrality.personalized_pagerank(network, people)
        for person in people:
            start = network.entities.index.get_loc(person)
            expected = graph.personalized_pagerank(reset_vertices=[start], weights="weight")
            np.testing.assert_allclose(found[person], expected, atol=1e-5)
