"""Measures side by side, for `compare.py`: what each library is asked, and what netlink is to keep.

Every library gets the same merged ties (undirected, parallel ones added up, self-loops left out) as
arrays, builds its own graph from them once, and is then asked the same question. Where a peer would
take many minutes it answers for a part, and the time is scaled up: the name of the row says so.
"""

from __future__ import annotations

import importlib.util
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Asked = dict[str, Callable[[], object]]

# How much of the best peer's time netlink is to take at most, with 100,000 entities.
LIMITS = {
    "strength": 1.0,
    "pagerank": 1.0,
    "eigenvector": 1.0,
    "harmonic, all": 1 / 50,
    "constraint": 1 / 4,
    "effective size": 1 / 100,
    "betweenness, 256 pivots": 1 / 3,
    "betweenness, 256 pivots, weighted": 1 / 2,
    "betweenness within 0.01": 1.0,
    "articulation points": 1 / 2,
    "components": 1 / 2,
    "core number": 1 / 2,
    "local clustering": 1 / 2,
    "leiden": 1.0,
    "personalized pagerank, 100": 1 / 10,
}
# Whose time the limit is of, where it is not the fastest's.
PEERS = {
    "harmonic, all": ["igraph"],
    "constraint": ["igraph"],
    "effective size": ["networkx"],
    "betweenness, 256 pivots": ["igraph"],
    "betweenness, 256 pivots, weighted": ["igraph"],
    "betweenness within 0.01": ["networkit"],
    "articulation points": ["igraph"],
    "components": ["igraph"],
    "core number": ["igraph"],
    "local clustering": ["igraph"],
    "leiden": ["igraph"],
    "personalized pagerank, 100": ["igraph"],
}
# Limits as a multiple of netlink's own time for another measure: on one core, and on two or more.
OWN = {
    "Gould-Fernandez counts": ("local clustering", 5.0, 5.0),  # which is the counting of triangles
    "consensus of 20": ("leiden", 20.0, 10.0),
}
SCALED = {  # part of the work a peer does, where it is not all
    ("igraph", "harmonic, all"): 64,
    ("igraph", "personalized pagerank, 100"): 5,
    ("networkx", "effective size"): 20,
}


def installed(library: str) -> bool:
    """Tell whether a peer can be asked at all."""
    module = {"scikit-network": "sknetwork"}.get(library, library)
    return importlib.util.find_spec(module) is not None


def load(folder: Path) -> Any:
    """Return the merged ties as a CSR matrix."""
    from scipy.sparse import load_npz

    return load_npz(folder / "ties.npz")


def _pairs(ties: Any) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    source = np.repeat(np.arange(ties.shape[0]), np.diff(ties.indptr))
    once = source < ties.indices
    return source[once], ties.indices[once], ties.data[once]


def netlink(folder: Path) -> Asked:
    import netlink as nl

    # The network that read_tables gives, its ties in both directions like everybody's.
    schema = nl.Schema(grade_scheme="admiralty")
    paths = (folder / f"{name}.parquet" for name in ("entities", "relationships"))
    network = nl.read_tables(*paths, schema=schema)
    return of_netlink(network)


def of_netlink(network: Any) -> Asked:
    """Return what netlink is asked; groups and costs are made in the first call that needs them."""
    import netlink as nl

    people = network.entities.index[:: network.n_entities // 100][:100]

    @cache
    def groups() -> Any:
        return nl.communities.leiden(network).labels

    @cache
    def costed() -> Any:
        rows = network.relationships.assign(cost=lambda table: 1 / table["weight"])
        return nl.Network(network.entities, rows, network.vocabulary)

    c = nl.centrality
    return {
        "strength": lambda: c.strength(network, directed=False),
        "pagerank": lambda: c.pagerank(network, directed=False),
        "eigenvector": lambda: c.eigenvector(network),
        "harmonic, all": lambda: c.harmonic(network, directed=False),
        "constraint": lambda: nl.brokerage.constraint(network),
        "effective size": lambda: nl.brokerage.effective_size(network),
        "betweenness, 256 pivots": lambda: c.betweenness(network, directed=False, pivots=256),
        "betweenness, 256 pivots, weighted": lambda: c.betweenness(
            costed(), directed=False, length="cost", pivots=256
        ),
        "betweenness within 0.01": lambda: c.betweenness(network, directed=False, epsilon=0.01),
        "articulation points": lambda: nl.brokerage.articulation_points(network),
        "components": lambda: nl.cohesion.components(network),
        "core number": lambda: nl.cohesion.core_number(network),
        "local clustering": lambda: c.local_clustering(network),
        "leiden": lambda: nl.communities.leiden(network),
        "personalized pagerank, 100": lambda: c.personalized_pagerank(
            network, people, directed=False
        ),
        "consensus of 20": lambda: nl.communities.consensus(network, runs=20),
        "Gould-Fernandez counts": lambda: nl.brokerage.gould_fernandez(
            network, groups=groups(), directed=False
        ),
    }


def igraph(folder: Path) -> Asked:
    import igraph as ig

    ties = load(folder)
    source, target, weight = _pairs(ties)

    def built() -> Any:
        graph = ig.Graph(n=ties.shape[0])
        graph.add_edges(np.column_stack([source, target]))
        graph.es["weight"] = weight
        return graph

    graph = built()
    n = graph.vcount()
    rng = np.random.default_rng(0)
    pivots = rng.choice(n, 256, replace=False).tolist()
    cost = 1 / weight
    some = pivots[: SCALED["igraph", "harmonic, all"]]
    people = pivots[: SCALED["igraph", "personalized pagerank, 100"]]
    return {
        "strength": lambda: graph.strength(weights="weight"),
        "pagerank": lambda: graph.pagerank(weights="weight"),
        "eigenvector": lambda: graph.eigenvector_centrality(weights="weight"),
        "harmonic, all": lambda: graph.harmonic_centrality(some),
        "constraint": lambda: graph.constraint(weights="weight"),
        "betweenness, 256 pivots": lambda: graph.betweenness(sources=pivots),
        "betweenness, 256 pivots, weighted": lambda: graph.betweenness(
            sources=pivots, weights=cost
        ),
        "articulation points": graph.articulation_points,
        "components": graph.connected_components,
        "core number": graph.coreness,
        "local clustering": lambda: graph.transitivity_local_undirected(mode="nan"),
        "leiden": lambda: built().community_leiden(
            objective_function="modularity", weights="weight", n_iterations=2
        ),
        "personalized pagerank, 100": lambda: [
            graph.personalized_pagerank(reset_vertices=[p], weights="weight") for p in people
        ],
    }


def networkit(folder: Path) -> Asked:
    import networkit as nk

    ties = load(folder)
    source, target, weight = _pairs(ties)
    n = ties.shape[0]
    weighted = nk.Graph(n, weighted=True)
    plain = nk.Graph(n)
    for a, b, w in zip(source.tolist(), target.tolist(), weight.tolist(), strict=True):
        weighted.addEdge(a, b, w)
        plain.addEdge(a, b)
    c = nk.centrality
    return {
        "pagerank": lambda: c.PageRank(weighted).run().scores(),
        "eigenvector": lambda: c.EigenvectorCentrality(weighted).run().scores(),
        "betweenness within 0.01": lambda: c.KadabraBetweenness(plain, 0.01, 0.1).run().scores(),
        "articulation points": lambda: nk.components.BiconnectedComponents(plain).run(),
        "components": lambda: nk.components.ConnectedComponents(plain).run().getPartition(),
        "core number": lambda: c.CoreDecomposition(plain).run().scores(),
        "local clustering": lambda: c.LocalClusteringCoefficient(plain, turbo=True).run().scores(),
    }


def scikit_network(folder: Path) -> Asked:
    from scipy.sparse import csr_matrix
    from sknetwork.ranking import PageRank
    from sknetwork.topology import get_connected_components

    ties = csr_matrix(load(folder))
    return {
        "pagerank": lambda: PageRank().fit_predict(ties),
        "components": lambda: get_connected_components(ties),
    }


def networkx(folder: Path) -> Asked:
    import networkx as nx

    ties = load(folder)
    graph = nx.from_scipy_sparse_array(ties)
    some = list(range(0, ties.shape[0], ties.shape[0] // 20))[:20]
    return {
        "strength": lambda: dict(graph.degree(weight="weight")),
        "pagerank": lambda: nx.pagerank(graph),
        "effective size": lambda: nx.effective_size(graph, nodes=some, weight="weight"),
        "articulation points": lambda: list(nx.articulation_points(graph)),
        "components": lambda: list(nx.connected_components(graph)),
        "core number": lambda: nx.core_number(graph),
        "local clustering": lambda: nx.clustering(graph),
    }


ASKED: dict[str, Callable[[Path], Asked]] = {
    "netlink": netlink,
    "igraph": igraph,
    "networkit": networkit,
    "scikit-network": scikit_network,
    "networkx": networkx,
}


def scale(library: str, measure: str, n_entities: int) -> float:
    """Return by how much a time is scaled up to all of the work."""
    part = SCALED.get((library, measure))
    if part is None:
        return 1.0
    return (100 if measure.startswith("personalized") else n_entities) / part


OF_NETLINK = [*LIMITS, *OWN]
