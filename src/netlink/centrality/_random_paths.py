"""Shortest paths in steps between random pairs, searched for from both ends at once.

Invariant: a path depends on its seed alone, so counts do not depend on blocks or threads.
"""

from __future__ import annotations

import numpy as np
from numba import uint64

from netlink._arrays._kernel import kernel


@kernel
def _next(state):
    """Return the next number of splitmix64 (Steele, Lea & Flood 2014)."""
    state[0] += uint64(0x9E3779B97F4A7C15)
    key = state[0]
    key = (key ^ (key >> uint64(30))) * uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> uint64(27))) * uint64(0x94D049BB133111EB)
    return key ^ (key >> uint64(31))


@kernel
def _uniform(state):
    return (_next(state) >> uint64(11)) * 2.0**-53


@kernel
def _widen(start, ties, own, other):
    """Take one more step from one end; return whether it meets the search from the other end."""
    steps, paths, queue, ends = own
    first, last = ends[0], ends[1]
    depth = steps[queue[first]] + 1
    size = last
    most = 0.0
    met = False
    for i in range(first, last):
        entity = queue[i]
        for k in range(start[entity], start[entity + 1]):
            near = ties[k]
            if steps[near] < 0:
                steps[near] = depth
                queue[size] = near
                size += 1
                met |= other[0][near] >= 0
            if steps[near] == depth:
                paths[near] += paths[entity]
                most = max(most, paths[near])
    if most > 1e100:  # only their proportions count
        for i in range(last, size):
            paths[queue[i]] *= 1e-100
    ends[0], ends[1], ends[2] = last, size, 0
    for i in range(last, size):
        ends[2] += start[queue[i] + 1] - start[queue[i]]
    return met


@kernel
def _middle(own, other, state):
    """Choose where the searches meet, by the number of paths."""
    _, paths, queue, ends = own
    total = 0.0
    for i in range(ends[0], ends[1]):
        total += paths[queue[i]] * other[1][queue[i]]
    rest = _uniform(state) * total
    chosen = -1
    for i in range(ends[0], ends[1]):
        number = paths[queue[i]] * other[1][queue[i]]
        if number > 0:
            chosen = queue[i]
            rest -= number
            if rest < 0:
                break
    return chosen


@kernel
def _return(start, ties, own, entity, state, counts):
    """Go back to an end by chosen steps, counting who is passed; neither end counts."""
    steps, paths = own[0], own[1]
    while steps[entity] > 1:
        total = 0.0
        for k in range(start[entity], start[entity + 1]):
            if steps[ties[k]] == steps[entity] - 1:
                total += paths[ties[k]]
        rest = _uniform(state) * total
        chosen = -1
        for k in range(start[entity], start[entity + 1]):
            if steps[ties[k]] == steps[entity] - 1 and paths[ties[k]] > 0:
                chosen = ties[k]
                rest -= paths[chosen]
                if rest < 0:
                    break
        entity = chosen
        counts[entity] += 1


@kernel
def _begin(start, own, entity):
    steps, paths, queue, ends = own
    steps[entity], paths[entity], queue[0] = 0, 1, entity
    ends[0], ends[1], ends[2] = 0, 1, start[entity + 1] - start[entity]


@kernel
def _forget(own):
    steps, paths, queue, ends = own
    for i in range(ends[1]):
        steps[queue[i]], paths[queue[i]] = -1, 0


@kernel
def _new(n):
    steps = np.full(n, -1, np.int32)
    return steps, np.zeros(n), np.empty(n, np.int32), np.zeros(3, np.int64)


@kernel
def count(out, into, seeds):
    """Draw a pair and a shortest path for each seed; count who lies between the ends."""
    n = len(out[0]) - 1
    counts = np.zeros(n, np.int64)
    forth, back = _new(n), _new(n)
    state = np.zeros(1, np.uint64)
    for seed in seeds:
        state[0] = np.uint64(seed)
        source = np.int64(_uniform(state) * n)
        target = np.int64(_uniform(state) * (n - 1))
        target += target >= source
        _begin(out[0], forth, source)
        _begin(into[0], back, target)
        met = False
        is_forth = True
        while not met and forth[3][0] < forth[3][1] and back[3][0] < back[3][1]:
            is_forth = forth[3][2] <= back[3][2]
            if is_forth:
                met = _widen(out[0], out[1], forth, back)
            else:
                met = _widen(into[0], into[1], back, forth)
        if met:
            middle = _middle(forth, back, state) if is_forth else _middle(back, forth, state)
            if middle not in (source, target):
                counts[middle] += 1
            _return(into[0], into[1], forth, middle, state, counts)
            _return(out[0], out[1], back, middle, state, counts)
        _forget(forth)
        _forget(back)
    return counts
