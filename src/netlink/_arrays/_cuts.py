"""One depth-first search finds what holds the network together.

No recursion: a path of a million is as deep as it is long.
"""

from __future__ import annotations

import numpy as np

from netlink._arrays._kernel import kernel


@kernel
def cuts(start, other):
    """Find articulation points, and for each entity where it was met from and whether by a bridge.

    Hopcroft & Tarjan: `low` is the earliest that an entity and those met after it lead back to.
    """
    n = len(start) - 1
    is_point, is_bridge = np.zeros(n, np.bool_), np.zeros(n, np.bool_)
    parent, met, low = np.full(n, -1, np.int32), np.full(n, -1, np.int32), np.empty(n, np.int32)
    at = start[:-1].copy()
    clock = 0
    for root in range(n):
        if met[root] >= 0:
            continue
        met[root] = low[root] = clock
        clock += 1
        branches = 0
        here = root
        while True:
            if at[here] < start[here + 1]:
                there = other[at[here]]
                at[here] += 1
                if met[there] < 0:
                    parent[there] = here
                    met[there] = low[there] = clock
                    clock += 1
                    here = there
                elif there != parent[here] and met[there] < low[here]:
                    low[here] = met[there]
                continue
            above = parent[here]
            if above < 0:
                break
            low[above] = min(low[above], low[here])
            is_bridge[here] = low[here] > met[above]
            if above == root:
                branches += 1
            elif low[here] >= met[above]:
                is_point[above] = True
            here = above
        is_point[root] = branches > 1
    return is_point, is_bridge, parent
