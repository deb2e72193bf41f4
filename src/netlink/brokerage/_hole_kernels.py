"""What the contacts of an entity have among themselves, triangle by triangle."""

from __future__ import annotations

import numpy as np

from netlink._arrays._kernel import kernel


@kernel
def ways_by_others(own, head, up, forth, back):
    """Add at each place of CSR, row i and column j, the shares p_iq p_qj over every other q.

    At each place `own` holds p_ij, the share that j has in all of i's ties.
    """
    ways = np.zeros(len(own))
    near = np.full(len(head) - 1, -1, np.int32)
    for u in range(len(head) - 1):
        for k in range(head[u], head[u + 1]):
            near[up[k]] = k
        for k in range(head[u], head[u + 1]):
            v = up[k]
            uv, vu = forth[k], back[k]
            for i in range(head[v], head[v + 1]):
                j = near[up[i]]
                if j >= 0:
                    uw, wu, vw, wv = forth[j], back[j], forth[i], back[i]
                    ways[uv] += own[uw] * own[wv]
                    ways[vu] += own[vw] * own[wu]
                    ways[uw] += own[uv] * own[vw]
                    ways[wu] += own[wv] * own[vu]
                    ways[vw] += own[vu] * own[uw]
                    ways[wv] += own[wu] * own[uv]
        for k in range(head[u], head[u + 1]):
            near[up[k]] = -1
    return ways


@kernel
def redundant(most, weight, head, up, forth):
    """Add at each entity i, over its contacts j and q that are tied, a_iq times a_jq / max a_j."""
    n = len(head) - 1
    lost = np.zeros(n)
    near = np.full(n, -1, np.int32)
    for u in range(n):
        for k in range(head[u], head[u + 1]):
            near[up[k]] = k
        for k in range(head[u], head[u + 1]):
            v = up[k]
            uv = weight[forth[k]]
            for i in range(head[v], head[v + 1]):
                w = up[i]
                j = near[w]
                if j >= 0:
                    uw, vw = weight[forth[j]], weight[forth[i]]
                    lost[u] += uw * (vw / most[v]) + uv * (vw / most[w])
                    lost[v] += vw * (uw / most[u]) + uv * (uw / most[w])
                    lost[w] += vw * (uv / most[u]) + uw * (uv / most[v])
        for k in range(head[u], head[u + 1]):
            near[up[k]] = -1
    return lost
