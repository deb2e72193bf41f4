"""Shares of shortest paths: from sources in full, or from paths drawn at random."""

from __future__ import annotations

from math import ceil, log
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np

from netlink.centrality import _blocks
from netlink.centrality._ties import csr

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Adds: TypeAlias = Callable[[NDArray[np.int64], "Paths"], None]


class Paths(NamedTuple):
    """Shares of shortest paths, added over sources: through each entity, along each tie."""

    between: NDArray[np.float64]
    along: NDArray[np.float64]


def through(
    ties: csr_array,
    sources: NDArray[np.int64],
    *,
    by_length: bool,
    cutoff: float | None = None,
    along: bool = False,
    progress: bool,
) -> Paths:
    """Add up the paths that begin at the sources; those along ties only where asked for."""
    limit = np.inf if cutoff is None else cutoff
    shape = ties.shape[0], ties.nnz if along else 0
    try:
        add, size = (_adds_by_length if by_length else _adds_in_steps)(ties, limit)
        return _added(add, _blocks.split(sources, size), shape, progress=progress)
    except OverflowError:  # more paths than a float can count, as steps are counted
        add, size = _adds_by_length(ties, limit)
        return _added(add, _blocks.split(sources, size), shape, progress=progress)


def _adds_in_steps(ties: csr_array, limit: float) -> tuple[Adds, int]:
    """Return what adds the paths from a block of sources, and the size of the blocks."""
    from netlink.centrality import _brandes

    out, into = csr(ties), csr(ties.T.tocsr())
    most = int(min(limit, ties.shape[0]))

    def add(block: NDArray[np.int64], part: Paths) -> None:
        room = _brandes.room(ties.shape[0])
        if _brandes.add_paths(out, into, room, block, most, *part):
            raise OverflowError

    return add, _brandes.LANES * min(8, 1 + 2**23 // max(1, sum(ties.shape) + ties.nnz))


def _adds_by_length(ties: csr_array, limit: float) -> tuple[Adds, int]:
    from netlink.centrality import _dijkstra

    places = ties.copy()
    places.data = np.arange(ties.nnz)
    places = places.T.tocsr()
    length = ties.data.astype(np.float64)
    forth = (*csr(ties), length)
    back = (*csr(places), length[places.data], places.data)

    def add(block: NDArray[np.int64], part: Paths) -> None:
        _dijkstra.add_paths(forth, back, block, limit, *part)

    return add, min(64, 1 + 2**22 // max(1, ties.nnz))


def _added(
    add: Adds, blocks: list[NDArray[np.int64]], shape: tuple[int, int], *, progress: bool
) -> Paths:
    def work(block: NDArray[np.int64]) -> Paths:
        part = Paths(np.zeros(shape[0]), np.zeros(shape[1]))
        add(block, part)
        return part

    total = Paths(np.zeros(shape[0]), np.zeros(shape[1]))
    for part in _blocks.results(work, blocks, progress=progress):
        total.between[:] += part.between
        total.along[:] += part.along
    return total


def sampled(
    ties: csr_array, epsilon: float, delta: float, seed: int, *, progress: bool
) -> NDArray[np.float64]:
    """Draw shortest paths between random pairs until every share is known well enough.

    After each of a fixed number of rounds the true share of each entity lies, but for a probability
    of delta over all entities and rounds, within Hoeffding's bound of the share found. The last
    round is so large that the bound is met whatever was found.
    """
    from netlink.centrality import _random_paths

    n = ties.shape[0]
    if n < 3:
        return np.full(n, np.nan)
    out, into = csr(ties), csr(ties.T.tocsr())
    error = epsilon * (n - 2) / n  # of the share of all ordered pairs, ends counted
    evidence = log(2 * n * _ROUNDS / delta)
    most = ceil(evidence / (2 * error**2))
    random = np.random.default_rng(seed)
    counts, drawn = np.zeros(n, np.int64), 0

    def draw(block: NDArray[np.int64]) -> NDArray[np.int64]:
        found: NDArray[np.int64] = _random_paths.count(out, into, block)
        return found

    for step in range(_ROUNDS - 1, -1, -1):
        wanted = ceil(most / 2 ** (step / 2))
        seeds = random.integers(2**63, size=wanted - drawn)
        for part in _blocks.results(draw, _blocks.split(seeds, 1024), progress=progress):
            counts += part
        drawn = wanted
        if _known(np.unique(counts) / drawn, drawn, evidence, error):
            break
    return counts / drawn * (n / (n - 2))


_ROUNDS = 13  # each draws 1.4 times as many as before: from most / 64 to most


def _known(shares: NDArray[np.float64], drawn: int, evidence: float, error: float) -> bool:
    """Tell whether no share within reach of what was found is further off than the error."""
    above, below = np.minimum(shares + error, 1), np.maximum(shares - error, 0)
    for truth, possible in ((above, shares + error < 1), (below, shares - error > 0)):
        if (drawn * _divergence(shares, truth)[possible] < evidence).any():
            return False
    return True


def _divergence(found: NDArray[np.float64], truth: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the relative entropy of two chances of one event."""
    from scipy.special import rel_entr

    return np.asarray(rel_entr(found, truth) + rel_entr(1 - found, 1 - truth))
