"""A heap of four children that knows the place of each item, for searches by length."""

from __future__ import annotations

from netlink._arrays._kernel import kernel


@kernel
def rise(keys, items, places, hole, key, item):
    """Put an item where its key belongs, from a hole upward."""
    while hole > 0:
        parent = (hole - 1) >> 2
        if keys[parent] <= key:
            break
        keys[hole], items[hole] = keys[parent], items[parent]
        places[items[hole]] = hole
        hole = parent
    keys[hole], items[hole], places[item] = key, item, hole


@kernel
def sink(keys, items, places, size):
    """Fill the hole at the top with the last item of a heap, now one smaller."""
    key, item = keys[size], items[size]
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= size:
            break
        least = child
        for other in range(child + 1, min(child + 4, size)):
            if keys[other] < keys[least]:
                least = other
        if keys[least] >= key:
            break
        keys[hole], items[hole] = keys[least], items[least]
        places[items[hole]] = hole
        hole = least
    keys[hole], items[hole], places[item] = key, item, hole
