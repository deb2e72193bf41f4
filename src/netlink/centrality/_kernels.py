"""Breadth-first search from 64 entities at once, one bit each.

Invariant: what an entity has counted depends on the set of waves that reached it at each distance,
not on the order in which ties are looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import int64, uint64

from netlink._arrays._kernel import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

WAVES = 64


@kernel
def _count(bits):
    bits = bits - ((bits >> uint64(1)) & uint64(0x5555555555555555))
    bits = (bits & uint64(0x3333333333333333)) + ((bits >> uint64(2)) & uint64(0x3333333333333333))
    bits = (bits + (bits >> uint64(4))) & uint64(0x0F0F0F0F0F0F0F0F)
    return int64((bits * uint64(0x0101010101010101)) >> uint64(56))


@kernel
def _push(into_start, into, seen, here, active, n_active, reached, touched):
    """Carry each wave from where it stands to those with a tie to there; count them."""
    n_touched = 0
    for i in range(n_active):
        entity = active[i]
        for k in range(into_start[entity], into_start[entity + 1]):
            other = into[k]
            new = here[entity] & ~seen[other]
            if new:
                if not reached[other]:
                    touched[n_touched] = other
                    n_touched += 1
                reached[other] |= new
    return n_touched


@kernel
def _pull(out_start, out, seen, here, reached, touched):
    """Collect for each entity the waves that stand one tie from it; count those with any."""
    n_touched = 0
    for entity in range(len(seen)):
        lacking = ~seen[entity]
        if not lacking:
            continue
        new = uint64(0)
        for k in range(out_start[entity], out_start[entity + 1]):
            new |= here[out[k]]
            if new & lacking == lacking:
                break
        new &= lacking
        if new:
            reached[entity] = new
            touched[n_touched] = entity
            n_touched += 1
    return n_touched


@kernel
def _spread(ties, back, start, counts, sums, inverses):
    """Let 64 waves run against the ties; add up at each entity how far it is from their origins."""
    (out_start, out), (into_start, into) = ties, back
    n = len(out_start) - 1
    size = min(64, n - start)
    seen = np.full(n, uint64(0) if size == 64 else ~uint64(0) << uint64(size))
    here, reached = np.zeros(n, np.uint64), np.zeros(n, np.uint64)
    active, touched = np.empty(n, np.int32), np.empty(n, np.int32)
    for i in range(size):
        here[start + i] = uint64(1) << uint64(i)
        seen[start + i] |= here[start + i]
        active[i] = start + i
    n_active = size
    distance = 0
    while n_active:
        distance += 1
        work = 0
        for i in range(n_active):
            work += into_start[active[i] + 1] - into_start[active[i]]
        # Many waves at once: cheaper to ask everybody who still lacks one (Beamer and others 2012).
        if 3 * work < len(out):
            n_touched = _push(into_start, into, seen, here, active, n_active, reached, touched)
        else:
            n_touched = _pull(out_start, out, seen, here, reached, touched)
        for i in range(n_active):
            here[active[i]] = uint64(0)
        for i in range(n_touched):
            entity = touched[i]
            seen[entity] |= reached[entity]
            count = _count(reached[entity])
            counts[entity] += count
            sums[entity] += count * distance
            inverses[entity] += count / distance
        here, reached = reached, here
        active, touched = touched, active
        n_active = n_touched


def distance_sums(
    ties: tuple[NDArray[np.int32], NDArray[np.int32]],
    back: tuple[NDArray[np.int32], NDArray[np.int32]],
    first: int,
    last: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """Return of each entity how many of a range it reaches, the sums of distances and inverses.

    Ties and the same ties turned around are CSR: where each row starts, and its columns.
    """
    n = len(ties[0]) - 1
    counts, sums, inverses = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n)
    for start in range(first, last, WAVES):
        _spread(ties, back, start, counts, sums, inverses)
    return counts, sums, inverses
