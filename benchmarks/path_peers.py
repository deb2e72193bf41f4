"""Paths side by side, for `compare.py --only paths`: the same ties and lengths for each library.

The ties are the merged ones of `peers`, the length of each one over its weight, read either way.
Pairs are drawn once. The two rows of one pair are the same question: the second is held against
networkx, which searches from both ends too.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import peers

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Asked = dict[str, Callable[[], object]]

LIMITS = {
    "20 pairs by length": 1 / 10,
    "20 pairs by length, both ends": 1 / 3,
    "10 shortest simple paths": 1 / 20,
    "all simple paths up to 4 hops": 1 / 10,
}
PEERS = {
    "20 pairs by length": ["igraph"],
    "20 pairs by length, both ends": ["networkx"],
    "10 shortest simple paths": ["igraph"],
    "all simple paths up to 4 hops": ["igraph"],
}
MOST_HOPS, K = 4, 10


def scale(library: str, measure: str, n_entities: int) -> float:
    """Return by how much a time is scaled up to all of the work: every library does all."""
    return 1.0


def _pairs(n: int) -> list[tuple[int, int]]:
    rng = np.random.default_rng(0)
    return [tuple(rng.choice(n, 2, replace=False).tolist()) for _ in range(20)]


def netlink(folder: Path) -> Asked:
    import pandas as pd

    import netlink as nl

    ties = peers.load(folder)
    source, target, weight = peers._pairs(ties)
    n = ties.shape[0]
    ids = np.char.add("P", np.char.zfill(np.arange(n).astype(str), 7))
    rows = pd.DataFrame({"source": ids[source], "target": ids[target], "cost": 1 / weight})
    people = pd.DataFrame({"entity_id": ids, "entity_type": "person"})
    network = nl.read_tables(people, rows.assign(relationship_type="knows"))
    pairs = [(str(ids[a]), str(ids[b])) for a, b in _pairs(n)]
    p = nl.paths

    def by_length() -> object:
        return [p.shortest(network, *pair, length="cost") for pair in pairs]

    return {
        "20 pairs by length": by_length,
        "20 pairs by length, both ends": by_length,
        "10 shortest simple paths": lambda: p.k_shortest(network, *pairs[0], k=K, length="cost"),
        "all simple paths up to 4 hops": lambda: p.all_simple(
            network, *pairs[0], max_hops=MOST_HOPS, limit=10**7
        ),
        # What no peer has, to see the time of it.
        "disjoint paths": lambda: p.disjoint(network, *pairs[0]),
        "connection of 4": lambda: p.connection(network, [*pairs[0], *pairs[1]]),
        "center piece of 4": lambda: p.center_piece(network, [*pairs[0], *pairs[1]]),
    }


def igraph(folder: Path) -> Asked:
    import igraph as ig

    ties = peers.load(folder)
    source, target, weight = peers._pairs(ties)
    graph = ig.Graph(n=ties.shape[0])
    graph.add_edges(np.column_stack([source, target]))
    cost = (1 / weight).tolist()
    pairs = _pairs(ties.shape[0])
    a, b = pairs[0]
    return {
        "20 pairs by length": lambda: [
            graph.get_shortest_path(s, t, weights=cost) for s, t in pairs
        ],
        "10 shortest simple paths": lambda: graph.get_k_shortest_paths(a, b, k=K, weights=cost),
        "all simple paths up to 4 hops": lambda: graph.get_all_simple_paths(a, b, maxlen=MOST_HOPS),
    }


def networkx(folder: Path) -> Asked:
    import networkx as nx

    ties = peers.load(folder)
    ties.data = 1 / ties.data
    graph: Any = nx.from_scipy_sparse_array(ties)
    pairs = _pairs(ties.shape[0])
    a, b = pairs[0]
    return {
        "20 pairs by length, both ends": lambda: [
            nx.bidirectional_dijkstra(graph, s, t) for s, t in pairs
        ],
        "all simple paths up to 4 hops": lambda: list(
            nx.all_simple_paths(graph, a, b, cutoff=MOST_HOPS)
        ),
    }


ASKED: dict[str, Callable[[Path], Asked]] = {
    "netlink": netlink,
    "igraph": igraph,
    "networkx": networkx,
}
