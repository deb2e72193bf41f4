"""Random walks that return to one person each, many at once.

Invariant: a walk is one column, and columns do not mix.
"""

from __future__ import annotations

import numpy as np

from netlink._arrays._kernel import kernel

FEW = 32  # ties


@kernel
def sweep(start, into, share, damping, people, here):
    """Bring each entity up to date with those that lead to it; return the sums of changes.

    What is found is used at once, which takes half the sweeps (Gauss-Seidel). Single precision adds
    up a few ties only: over the thousands of a hub its rounding would go one way.
    """
    n, walks = here.shape
    few, new, change = np.empty(walks, np.float32), np.empty(walks), np.zeros(walks)
    begins = np.zeros(n, np.bool_)
    begins[people] = True
    for entity in range(n):
        new[:] = 0
        for first in range(start[entity], start[entity + 1], FEW):
            few[:] = 0
            for k in range(first, min(first + FEW, start[entity + 1])):
                before, part = here[into[k]], share[k]
                for walk in range(walks):
                    few[walk] += part * before[walk]
            for walk in range(walks):
                new[walk] += few[walk]
        now = here[entity]
        for walk in range(walks):
            new[walk] *= damping
        if begins[entity]:
            for walk in range(walks):
                new[walk] += people[walk] == entity
        for walk in range(walks):
            change[walk] += abs(new[walk] - now[walk])
            now[walk] = new[walk]
    return change
