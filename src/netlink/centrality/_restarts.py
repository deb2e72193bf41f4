"""Random walks that return to one person each, many at once.

Invariant: a walk is one column, and columns do not mix.
"""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def sweep(start, into, share, damping, people, here):  # type: ignore[no-untyped-def]
    """Bring each entity up to date with those that lead to it; return the largest sum of changes.

    What is found is used at once, which takes half the sweeps (Gauss-Seidel).
    """
    n, walks = here.shape
    new, change = np.empty(walks, np.float32), np.zeros(walks, np.float32)
    begins = np.zeros(n, np.bool_)
    begins[people] = True
    for entity in range(n):
        new[:] = 0
        for k in range(start[entity], start[entity + 1]):
            before, part = here[into[k]], share[k]
            for walk in range(walks):
                new[walk] += part * before[walk]
        now = here[entity]
        for walk in range(walks):
            new[walk] *= damping
        if begins[entity]:
            for walk in range(walks):
                new[walk] += np.float32(people[walk] == entity)
        for walk in range(walks):
            change[walk] += abs(new[walk] - now[walk])
            now[walk] = new[walk]
    return change.max()
