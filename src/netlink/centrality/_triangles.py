"""Triangles, each found once: from its entity with the fewest ties."""

from __future__ import annotations

import numpy as np
from numba import njit


@njit(cache=True, nogil=True)
def _upward(start, ties):  # type: ignore[no-untyped-def]
    """Keep of each tie the direction toward the end with more ties; return degrees too."""
    n = len(start) - 1
    degree = np.zeros(n, np.int32)
    for entity in range(n):
        degree[entity] = start[entity + 1] - start[entity]
        for k in range(start[entity], start[entity + 1]):
            degree[entity] -= ties[k] == entity
    above, up = np.zeros(n + 1, np.int32), np.empty(len(ties), np.int32)
    size = 0
    for entity in range(n):
        for k in range(start[entity], start[entity + 1]):
            other = ties[k]
            more = degree[other] - degree[entity]
            if more > 0 or (more == 0 and other > entity):
                up[size] = other
                size += 1
        above[entity + 1] = size
    return degree, above, up


@njit(cache=True, nogil=True)
def triangles(start, ties):  # type: ignore[no-untyped-def]
    """Return of each entity its number of ties and of triangles; ties are in both directions."""
    degree, above, up = _upward(start, ties)
    n = len(degree)
    found, mark = np.zeros(n, np.int64), np.full(n, -1, np.int32)
    for entity in range(n):
        for k in range(above[entity], above[entity + 1]):
            mark[up[k]] = entity
        for k in range(above[entity], above[entity + 1]):
            other = up[k]
            for j in range(above[other], above[other + 1]):
                if mark[up[j]] == entity:
                    found[entity] += 1
                    found[other] += 1
                    found[up[j]] += 1
    return degree, found
