"""From many groupings to the one they agree on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink import _arrays
from netlink.communities import _leiden

if TYPE_CHECKING:
    import random

    from numpy.typing import NDArray

    from netlink.communities._ties import Ties

    Groups = NDArray[np.int64]
    Weights = NDArray[np.float64]

_ROUNDS = 20


def closed(ties: Ties, found: NDArray[np.int32], threshold: float, draws: random.Random) -> Groups:
    """Divide what the runs do not agree on, again and again, until they do.

    Entities that all runs put together along ties are one unit from then on. The weight between two
    units with a tie is that of all pairs of their entities, each the share of runs with the two
    together.
    """
    runs = len(found)
    least = max(1, int(np.ceil(threshold * runs - 1e-9)))
    source, target = ties.source.astype(np.int64), ties.target.astype(np.int64)
    count = _together(found, source, target)
    kept = count >= least
    kept |= _strongest_of_the_rest(source, target, count, kept)
    source, target, count = source[kept], target[kept], count[kept]
    unit, n = np.arange(ties.n, dtype=np.int64), ties.n
    for _ in range(_ROUNDS):
        agreed = count == runs
        step = _parts(source[agreed], target[agreed], n)
        unit, n = step[unit], int(step.max(initial=-1)) + 1
        ends = np.sort(np.stack([step[source], step[target]])[:, ~agreed], axis=0)
        # All ties between two units have one count, as every run keeps a unit whole.
        pairs, first = np.unique(ends[0] * n + ends[1], return_index=True)
        if not len(pairs):
            return unit
        source, target = np.divmod(pairs, n)
        size = np.bincount(unit, minlength=n)
        weight = size[source] * size[target] * (count[~agreed][first] / runs)
        seeds = [draws.getrandbits(63) for _ in range(runs)]
        count = _together(_divided(source, target, weight, size, seeds), source, target)
        kept = count >= least
        source, target, count = source[kept], target[kept], count[kept]
    return _parts(source, target, n)[unit]


def _together(found: NDArray[np.int32], source: Groups, target: Groups) -> Groups:
    count = np.zeros(len(source), dtype=np.int64)
    for row in found:
        count += row[source] == row[target]
    return count


def _strongest_of_the_rest(
    source: Groups, target: Groups, count: Groups, kept: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Pick, for each entity with no tie kept, the tie with the highest count, if it has any."""
    entity, other = np.concatenate([source, target]), np.concatenate([target, source])
    is_held = np.zeros(int(entity.max(initial=-1)) + 1, dtype=bool)
    is_held[source[kept]] = is_held[target[kept]] = True
    rest = np.flatnonzero(~is_held[entity] & (np.tile(count, 2) > 0))
    tie = rest % max(len(source), 1)
    order = np.lexsort((other[rest], -count[tie], entity[rest]))
    _, first = np.unique(entity[rest][order], return_index=True)
    picked = np.zeros(len(source), dtype=bool)
    picked[tie[order[first]]] = True
    return picked


def _parts(source: Groups, target: Groups, n: int) -> Groups:
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components

    if not n:
        return np.empty(0, dtype=np.int64)
    held = csr_array((np.ones(len(source), dtype=bool), (source, target)), shape=(n, n))
    found: Groups = connected_components(held, directed=False)[1].astype(np.int64)
    return found


def _divided(
    source: Groups, target: Groups, weight: Weights, size: Groups, seeds: list[int]
) -> NDArray[np.int32]:
    """Run Leiden on the units, for the modularity of the network of all shares."""
    strength = size * (size - 1.0)  # of the pairs within each, all together in all runs
    np.add.at(strength, source, weight)
    np.add.at(strength, target, weight)
    tied, ends = np.unique(np.concatenate([source, target]), return_inverse=True)
    a, b = ends.astype(np.int32).reshape(2, -1)
    matrix = _arrays.ties(a, b, weight, np.ones(len(a), dtype=bool), len(tied))
    # The constant Potts model with strengths for sizes is modularity (Traag and others 2011): ties
    # within units, which are in their strength alone, count.
    mass, rate = strength[tied], 1 / strength.sum()
    rows = np.tile(np.arange(len(size), dtype=np.int32), (len(seeds), 1))
    for row, seed in zip(rows, seeds, strict=True):
        row[tied] = tied[_leiden.grouped(matrix, mass, rate, seed, is_small=False)]
    return rows
