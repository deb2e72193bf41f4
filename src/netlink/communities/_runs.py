"""One run of each method on ties: the group of every entity that has one."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

import numpy as np

from netlink import _engine
from netlink.communities import _leiden

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from netlink.communities._ties import Ties

_FEW = 20_000  # ties up to which more iterations, or trials, are worth their time
_TRIALS = 10
_BLOCK = 65_536


def leiden(
    ties: Ties, resolution: float, seed: int, objective: str = "modularity"
) -> NDArray[np.int64]:
    """Run Leiden by two iterations, again and again while few ties gain from it."""
    mass = np.ones(ties.n)
    if objective == "modularity":
        mass = ties.matrix.sum(axis=1, dtype=np.float64)
        resolution /= mass.sum() if ties.n else 1
    return _leiden.grouped(ties.matrix, mass, resolution, seed, len(ties.source) <= _FEW)


def louvain(ties: Ties, resolution: float, seed: int) -> NDArray[np.int64]:
    """Run Louvain until no move gains."""
    with _engine.seeded(seed):
        found = ties.graph.community_multilevel(weights="weight", resolution=resolution)
    return np.array(found.membership, dtype=np.int64)


def infomap(ties: Ties, resolution: float, seed: int) -> NDArray[np.int64]:  # noqa: ARG001 (all take it)
    """Run Infomap, where ties are few the best of ten trials."""
    if not ties.n:
        return np.empty(0, dtype=np.int64)
    trials = _TRIALS if len(ties.source) <= _FEW else 1
    with _engine.seeded(seed):
        found = ties.graph.community_infomap(edge_weights="weight", trials=trials)
    return np.array(found.membership, dtype=np.int64)


def label_propagation(ties: Ties, resolution: float, seed: int) -> NDArray[np.int64]:  # noqa: ARG001 (all take it)
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


def walktrap(ties: Ties, steps: float, seed: int) -> NDArray[np.int64]:  # noqa: ARG001 (all take it)
    """Cut the tree of joins where modularity is highest."""
    if not ties.n:
        return np.empty(0, dtype=np.int64)
    found = ties.graph.community_walktrap(weights="weight", steps=int(steps)).as_clustering()
    return np.array(found.membership, dtype=np.int64)


METHODS: dict[str, Callable[[Ties, float, int], NDArray[np.int64]]] = {
    "infomap": infomap,
    "label_propagation": label_propagation,
    "leiden": leiden,
    "louvain": louvain,
    "walktrap": walktrap,
}
DRAWN = ("infomap", "label_propagation", "leiden", "louvain")  # differ from run to run
UNLOCKED = {"label_propagation", "leiden"}  # let go of Python's lock: threads do for them
