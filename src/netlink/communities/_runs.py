"""One run of each method on ties: the group of every entity that has one."""

from __future__ import annotations

import random
import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

from netlink import _engine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

    from netlink.communities._ties import Ties

# Ties up to which more iterations, or trials, are worth their time. Where there are no clear
# communities Leiden takes over ten times as long until none gains as for two iterations, for 2 to
# 5 % more modularity.
_FEW = 20_000
_ROUNDS = 50
_TRIALS = 10
_BLOCK = 65_536


@contextmanager
def _interrupted_after() -> Iterator[None]:
    """Let Ctrl-C wait for the end of the block: inside Leiden it makes igraph 1.0 abort."""
    before = signal.getsignal(signal.SIGINT)
    if threading.current_thread() is not threading.main_thread() or not callable(before):
        yield  # it does not reach igraph here
        return
    arrived: list[tuple[int, Any]] = []
    signal.signal(signal.SIGINT, lambda *given: arrived.append(given))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if arrived:
        before(*arrived[0])


def leiden(
    ties: Ties, resolution: float, seed: int, objective: str = "modularity"
) -> NDArray[np.int64]:
    """Run Leiden by two iterations, again and again while few ties gain from it."""
    best: list[int] = []
    quality = -np.inf
    if not ties.n:
        return np.array(best, dtype=np.int64)
    options: dict[str, Any] = {"weights": "weight", "resolution": resolution, "n_iterations": 2}
    graph = ties.graph
    with _engine.seeded(seed):
        # igraph's own n_iterations=-1 never returns on about one small weighted graph in 5,000.
        for _ in range(_ROUNDS if len(ties.source) <= _FEW else 1):
            with _interrupted_after():
                found = graph.community_leiden(
                    objective_function=objective, initial_membership=best or None, **options
                )
            if not found.quality > quality + 1e-12:
                break
            best, quality = found.membership, found.quality
    return np.array(best, dtype=np.int64)


def leiden_of_units(
    graph: Any, strength: NDArray[np.float64], resolution: float, seed: int
) -> NDArray[np.int64]:
    """Run Leiden on units that have ties within, which are in their strength alone.

    The constant Potts model with strengths for sizes is modularity (Traag and others 2011).
    """
    with _engine.seeded(seed), _interrupted_after():
        found = graph.community_leiden(
            objective_function="CPM",
            weights="weight",
            node_weights=strength.tolist(),
            resolution=resolution,
            n_iterations=2,
        )
    return np.array(found.membership, dtype=np.int64)


def louvain(ties: Ties, resolution: float, seed: int) -> NDArray[np.int64]:
    """Run Louvain until no move gains."""
    with _engine.seeded(seed):
        found = ties.graph.community_multilevel(weights="weight", resolution=resolution)
    return np.array(found.membership, dtype=np.int64)


def infomap(ties: Ties, resolution: float, seed: int) -> NDArray[np.int64]:  # noqa: ARG001
    """Run Infomap, where ties are few the best of ten trials."""
    if not ties.n:
        return np.empty(0, dtype=np.int64)
    trials = _TRIALS if len(ties.source) <= _FEW else 1
    with _engine.seeded(seed):
        found = ties.graph.community_infomap(edge_weights="weight", trials=trials)
    return np.array(found.membership, dtype=np.int64)


def label_propagation(ties: Ties, resolution: float, seed: int) -> NDArray[np.int64]:  # noqa: ARG001
    """Sweep until no label changes; groups that hang together by nothing are parted."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    from netlink.communities._kernels import sweep

    start, other, weight = ties.matrix.indptr, ties.matrix.indices, ties.matrix.data
    labels = np.arange(ties.n, dtype=np.int32)
    scores = np.zeros(ties.n)
    draws = np.random.default_rng(random.Random(seed).getrandbits(64))  # noqa: S311 (no secret)
    changes = ties.n
    while changes:
        order = draws.permutation(ties.n).astype(np.int32)
        salts = draws.integers(2**64, size=ties.n, dtype=np.uint64)
        changes = 0
        for first in range(0, ties.n, _BLOCK):
            block = slice(first, first + _BLOCK)
            changes += sweep(start, other, weight, labels, order[block], salts[block], scores)
    same = labels[ties.source] == labels[ties.target]
    kept = (same[same], (ties.source[same], ties.target[same]))
    parts = connected_components(csr_array(kept, shape=(ties.n, ties.n)), directed=False)
    found: NDArray[np.int64] = parts[1].astype(np.int64)
    return found


def walktrap(ties: Ties, steps: int) -> NDArray[np.int64]:
    """Cut the tree of joins where modularity is highest."""
    if not ties.n:
        return np.empty(0, dtype=np.int64)
    found = ties.graph.community_walktrap(weights="weight", steps=steps).as_clustering()
    return np.array(found.membership, dtype=np.int64)


METHODS: dict[str, Callable[[Ties, float, int], NDArray[np.int64]]] = {
    "infomap": infomap,
    "label_propagation": label_propagation,
    "leiden": leiden,
    "louvain": louvain,
}
