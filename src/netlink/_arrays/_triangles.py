"""Kernels over triangles: each is met once, at the end that is tied least.

Invariant: ties are CSR of both directions, each row sorted, self-loops left out here. The least
tied comes first (of equals the smaller id), so even a star of a million costs only its ties.
"""

from __future__ import annotations

import numpy as np
from numba import uint32

from netlink._arrays._kernel import kernel


@kernel
def upward(start, other):
    """Keep each tie once, at its less tied end, with its two places in CSR.

    Returns where each row starts, the ends tied more, and the places of the tie seen from this end
    and from the other one.
    """
    n = len(start) - 1
    degree, m = np.zeros(n, np.int32), 0
    for i in range(n):
        for k in range(start[i], start[i + 1]):
            degree[i] += other[k] != i
        m += degree[i]
    m //= 2
    head = np.zeros(n + 1, np.int32)
    up, forth, back = np.empty(m, np.int32), np.empty(m, np.int32), np.empty(m, np.int32)
    # Rows are sorted, so whoever is met in them next stands next in the rows of the others too.
    met = start[:-1].copy()
    at = 0
    for i in range(n):
        for k in range(start[i], start[i + 1]):
            j = other[k]
            if degree[i] < degree[j] or (degree[i] == degree[j] and i < j):
                up[at], forth[at], back[at] = j, k, met[j]
                at += 1
            met[j] += 1
        head[i + 1] = at
    return head, up, forth, back


@kernel
def rising(start, other):
    """Keep each tie once, at its less tied end; a self-loop counts among the ties here.

    Unsigned numbers, here and below: for signed ones numba asks at each look-up whether it counts
    from the end.
    """
    n = uint32(len(start) - 1)
    head, up = np.zeros(n + 1, np.uint32), np.empty(len(other) // 2 + 1, np.uint32)
    at = uint32(0)
    for i in range(n):
        degree = start[i + 1] - start[i]
        for k in range(start[i], start[i + 1]):
            j = other[k]
            # Without a branch, as nobody could foresee which way it goes.
            up[at] = j
            there = start[j + 1] - start[j]
            at += uint32((there > degree) | ((there == degree) & (j > i)))
        head[i + 1] = at
    return head, up[:at]


@kernel
def count(head, up, first, last):
    """Count the triangles at each entity; those found from the entities first up to last."""
    n = len(head) - 1
    found, near = np.zeros(n, np.int64), np.zeros(n, np.uint8)
    for u in range(first, last):
        for k in range(head[u], head[u + 1]):
            near[up[k]] = 1
        for k in range(head[u], head[u + 1]):
            v = up[k]
            closed = 0
            for i in range(head[v], head[v + 1]):
                w = up[i]
                found[w] += near[w]
                closed += near[w]
            found[v] += closed
            found[u] += closed
        for k in range(head[u], head[u + 1]):
            near[up[k]] = 0
    return found
