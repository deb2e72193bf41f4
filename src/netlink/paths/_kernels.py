"""Searches along ties: by length from both ends, towards a target, and by hops.

Ties are CSR with lengths, and so are the same ties turned around. `kind` says of each entity what a
path may do with it: CLOSED it never enters, OPEN it passes through, SOURCE it only begins at,
TARGET it only ends at.
"""

from __future__ import annotations

import numpy as np

from netlink._arrays._heap import rise, sink
from netlink._arrays._kernel import kernel

CLOSED, OPEN, SOURCE, TARGET = 0, 1, 2, 3
_EQUAL = 1e-9  # sums of lengths taken from either end may differ in the last digits


@kernel
def new_heap(n):
    """Return keys, items and places of an empty heap."""
    return np.empty(n), np.empty(n, np.int32), np.empty(n, np.int32)


@kernel
def distances(ties, kind, seeds, end):
    """Return the distance from the nearest seed; entities of the kind `end` are not passed."""
    start, out, length = ties
    n = len(kind)
    keys, items, places = new_heap(n)
    distance = np.full(n, np.inf)
    size = 0
    for seed in seeds:
        if distance[seed] > 0:
            distance[seed] = 0
            rise(keys, items, places, size, 0.0, seed)
            size += 1
    while size:
        at, here = items[0], keys[0]
        size -= 1
        if size:
            sink(keys, items, places, size)
        if kind[at] == end:
            continue
        for k in range(start[at], start[at + 1]):
            to = out[k]
            if kind[to] != OPEN and kind[to] != end:
                continue
            new = here + length[k]
            if new < distance[to]:
                hole = places[to]
                if distance[to] == np.inf:
                    hole = size
                    size += 1
                distance[to] = new
                rise(keys, items, places, hole, new, to)
    return distance


@kernel
def hops(ties, kind, seeds, end, most):
    """Return the number of hops from the nearest seed, -1 beyond `most` or out of reach."""
    start, out, length = ties
    label = np.full(len(kind), -1, np.int32)
    queue = np.empty(len(kind), np.int32)
    size = 0
    for seed in seeds:
        if label[seed] < 0:
            label[seed] = 0
            queue[size] = seed
            size += 1
    first = 0
    while first < size:
        at = queue[first]
        first += 1
        if kind[at] == end or label[at] == most:
            continue
        for k in range(start[at], start[at + 1]):
            to = out[k]
            is_way = kind[to] == OPEN or kind[to] == end
            if label[to] < 0 and is_way and length[k] < np.inf:
                label[to] = label[at] + 1
                queue[size] = to
                size += 1
    return label


@kernel
def widest(ties, kind, sources):
    """Return the largest width that some path keeps all along; 0 where there is no path."""
    start, out, width = ties
    keys, items, places = new_heap(len(kind))
    found = np.zeros(len(kind))
    size = 0
    for source in sources:
        found[source] = np.inf
        rise(keys, items, places, size, -np.inf, source)
        size += 1
    while size:
        at, here = items[0], -keys[0]
        if kind[at] == TARGET:
            return here
        size -= 1
        if size:
            sink(keys, items, places, size)
        for k in range(start[at], start[at + 1]):
            to = out[k]
            new = min(here, width[k])
            if (kind[to] == OPEN or kind[to] == TARGET) and new > found[to]:
                hole = places[to]
                if found[to] == 0:
                    hole = size
                    size += 1
                found[to] = new
                rise(keys, items, places, hole, -new, to)
    return 0.0


@kernel
def _note(edges, count, a, b):
    if count == len(edges):
        more = np.empty((2 * count, 2), np.int32)
        more[:count] = edges
        edges = more
    edges[count, 0], edges[count, 1] = a, b
    return edges


@kernel
def _step(ties, kind, heap, size, dist, best, edges):
    """Look along the ties of the nearest entity of one side, and whether the other side is met."""
    start, out, length = ties
    keys, items, places = heap
    own, other, end = dist
    edges, count = edges
    at, here = items[0], keys[0]
    size -= 1
    if size:
        sink(keys, items, places, size)
    if kind[at] == end:
        return size, edges, count, best
    for k in range(start[at], start[at + 1]):
        to = out[k]
        if kind[to] != OPEN and kind[to] != end:
            continue
        new = here + length[k]
        if new < own[to]:
            hole = places[to]
            if own[to] == np.inf:
                hole = size
                size += 1
            own[to] = new
            rise(keys, items, places, hole, new, to)
        total = new + other[to]
        if total < np.inf and total <= best * (1 + _EQUAL):
            if total < best * (1 - _EQUAL):
                count = 0
            best = min(best, total)
            edges = _note(edges, count, at, to) if end == TARGET else _note(edges, count, to, at)
            count += 1
    return size, edges, count, best


@kernel
def _trace(ties, kind, dist, seeds, left, best):
    """Note what is left to the target along the shortest ways from where the two sides met.

    With `best` the ways lead back to the source, and what is left is the rest of it.
    """
    start, out, length = ties
    own, end = dist
    seen = np.zeros(len(kind), np.bool_)
    stack = np.empty(len(kind), np.int32)
    size = 0
    for seed in seeds:
        if not seen[seed]:
            seen[seed] = True
            stack[size] = seed
            size += 1
    while size:
        size -= 1
        at = stack[size]
        rest = own[at] if best < 0 else max(best - own[at], 0.0)
        left[at] = min(left[at], rest)
        if kind[at] == end:
            continue
        for k in range(start[at], start[at + 1]):
            to = out[k]
            is_way = kind[to] == OPEN or kind[to] == end
            if is_way and not seen[to] and own[to] + length[k] <= own[at] * (1 + _EQUAL):
                seen[to] = True
                stack[size] = to
                size += 1


@kernel
def meet(ties, back, kind, sources, targets, is_unit):
    """Search from both ends at once: what is left to the target along the shortest ways.

    Infinite for everything that lies on none of them. Each entity of such a way has its distance
    settled from one side or the other when the search ends, so no shortest way is missed.
    """
    n = len(kind)
    there, home = np.full(n, np.inf), np.full(n, np.inf)
    heap, heap_back = new_heap(n), new_heap(n)
    size, size_back = 0, 0
    for source in sources:
        there[source] = 0
        rise(heap[0], heap[1], heap[2], size, 0.0, source)
        size += 1
    for target in targets:
        home[target] = 0
        rise(heap_back[0], heap_back[1], heap_back[2], size_back, 0.0, target)
        size_back += 1
    edges, count, best = np.empty((64, 2), np.int32), 0, np.inf
    while size and size_back:
        low = heap[0][0] + heap_back[0][0]
        # Whole numbers of hops add up exactly, and no hop is without length.
        if (is_unit and low >= best) or low > best * (1 + _EQUAL):
            break
        if size <= size_back:
            size, edges, count, best = _step(
                ties, kind, heap, size, (there, home, TARGET), best, (edges, count)
            )
        else:
            size_back, edges, count, best = _step(
                back, kind, heap_back, size_back, (home, there, SOURCE), best, (edges, count)
            )
    left = np.full(n, np.inf)
    _trace(back, kind, (there, SOURCE), edges[:count, 0], left, best)
    _trace(ties, kind, (home, TARGET), edges[:count, 1], left, -1.0)
    return left
