"""Shortest paths by length: Dijkstra's search with a heap of four children, and back.

Invariant: distances are the least sums of lengths, added from the source on, so they do not depend
on the order in which ties are looked at.
"""

from __future__ import annotations

import numpy as np

from netlink._arrays._heap import rise, sink
from netlink._arrays._kernel import kernel

_EQUAL = 1 + 1e-10  # paths that differ by less are equally short
_LARGE = 2.0**512  # numbers of paths are kept below, with an exponent of their own


@kernel
def _search(ties, source, cutoff, heap, distance, order):
    """Find distances up to a cutoff; return how many were reached, nearest first in `order`."""
    start, out, length = ties
    keys, items, places = heap
    distance[:] = np.inf
    distance[source] = 0
    keys[0], items[0] = 0, source
    size, found = 1, 0
    while size and keys[0] <= cutoff:
        entity, here = items[0], keys[0]
        order[found] = entity
        found += 1
        size -= 1
        if size:
            sink(keys, items, places, size)
        for k in range(start[entity], start[entity + 1]):
            other = out[k]
            there = here + length[k]
            if there < distance[other]:
                hole = places[other]
                if distance[other] == np.inf:
                    hole = size
                    size += 1
                distance[other] = there
                rise(keys, items, places, hole, there, other)
    return found


@kernel
def _new_heap(n):
    return np.empty(n), np.empty(n, np.int32), np.empty(n, np.int32)


@kernel
def sums_by_length(ties, sources):
    """Return of each source how many it reaches, and the sums of distances and of inverses."""
    n = len(ties[0]) - 1
    heap, distance, order = _new_heap(n), np.empty(n), np.empty(n, np.int32)
    counts = np.zeros(len(sources), np.int64)
    sums, inverses = np.zeros(len(sources)), np.zeros(len(sources))
    for i in range(len(sources)):
        found = _search(ties, sources[i], np.inf, heap, distance, order)
        counts[i] = found - 1
        for j in range(1, found):
            sums[i] += distance[order[j]]
            inverses[i] += 1 / distance[order[j]]
    return counts, sums, inverses


@kernel
def _count_paths(back, order, found, distance, paths, last):
    """Count shortest paths from the source; note the last ties of those to each entity."""
    start, into, length = back[:3]
    number, exponent = paths
    begin, tie = last
    number[order[0]], exponent[order[0]] = 1, 0
    size = 0
    for i in range(1, found):
        entity = order[i]
        begin[i] = size
        most = 0
        for k in range(start[entity], start[entity + 1]):
            if distance[into[k]] + length[k] <= distance[entity] * _EQUAL:
                tie[size] = k
                size += 1
                most = max(most, exponent[into[k]])
        total = 0.0
        for j in range(begin[i], size):
            before = into[tie[j]]
            if exponent[before] == most:
                total += number[before]
            elif exponent[before] == most - 1:
                total += number[before] / _LARGE
        if total >= _LARGE:
            total /= _LARGE
            most += 1
        number[entity], exponent[entity] = total, most
    begin[found] = size


@kernel
def add_paths(ties, back, sources, cutoff, between, along):
    """Add the shares of shortest paths from the sources.

    Into `between` at each entity, and into `along` at each tie unless it is empty; `back` says of
    each tie turned around where it stood.
    """
    n = len(ties[0]) - 1
    heap, distance, order = _new_heap(n), np.empty(n), np.empty(n, np.int32)
    number, exponent = np.empty(n), np.empty(n, np.int32)
    begin, tie = np.empty(n + 1, np.int32), np.empty(len(ties[1]), np.int32)
    through = np.zeros(n)
    for source in sources:
        found = _search(ties, source, cutoff, heap, distance, order)
        _count_paths(back, order, found, distance, (number, exponent), (begin, tie))
        for i in range(found - 1, 0, -1):
            entity = order[i]
            between[entity] += through[entity]
            for j in range(begin[i], begin[i + 1]):
                before = back[1][tie[j]]
                apart = exponent[entity] - exponent[before]
                if apart <= 1:
                    share = number[before] / number[entity] / (1.0 if apart == 0 else _LARGE)
                    share *= 1 + through[entity]
                    through[before] += share
                    if len(along):
                        along[back[3][tie[j]]] += share
            through[entity] = 0
        through[source] = 0
