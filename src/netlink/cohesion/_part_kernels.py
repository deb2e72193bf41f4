"""Components, cores and k-edge-connected parts, without recursion.

Invariant: ties are CSR of both directions.
"""

from __future__ import annotations

import numpy as np

from netlink._arrays._kernel import kernel


@kernel
def components(start, other):
    """Give components numbers in the order of their first entities."""
    n = len(start) - 1
    label, queue = np.full(n, -1, np.int32), np.empty(n, np.int32)
    found = 0
    for first in range(n):
        if label[first] >= 0:
            continue
        label[first], queue[0] = found, first
        at, end = 0, 1
        while at < end:
            here = queue[at]
            at += 1
            for k in range(start[here], start[here + 1]):
                there = other[k]
                if label[there] < 0:
                    label[there] = found
                    queue[end] = there
                    end += 1
        found += 1
    return label


@kernel
def cores(start, other):
    """Take away entities with the fewest ties again and again; the level at which each goes."""
    n = len(start) - 1
    left, queue, rest = np.empty(n, np.int32), np.empty(n + 1, np.int32), np.arange(n)
    for i in range(n):
        left[i] = start[i + 1] - start[i]
        for k in range(start[i], start[i + 1]):
            if other[k] == i:
                left[i] -= 1
    level, remaining = 0, n
    while remaining:
        end, stay, least = 0, 0, n
        for i in range(remaining):
            here = rest[i]
            if left[here] == level:
                queue[end] = here
                end += 1
            elif left[here] > level:
                least = min(least, left[here])
                rest[stay] = here
                stay += 1
        remaining = stay
        if not end:
            level = least
            continue
        at = 0
        while at < end:
            here = queue[at]
            at += 1
            for k in range(start[here], start[here + 1]):
                there = other[k]
                # Without a branch, as nobody could foresee which way it goes.
                fewer = left[there] - (left[there] > level)
                queue[end] = there
                end += (fewer == level) & (left[there] > level)
                left[there] = fewer
        level += 1
    return left


@kernel
def loose(start, other, times, k):
    """Tell which entities go if those with fewer than k ties are taken away again and again."""
    n = len(start) - 1
    left, is_loose = np.zeros(n, np.int64), np.zeros(n, np.bool_)
    queue = np.empty(n, np.int32)
    end = 0
    for i in range(n):
        for e in range(start[i], start[i + 1]):
            left[i] += times[e]
        if left[i] < k:
            is_loose[i] = True
            queue[end] = i
            end += 1
    at = 0
    while at < end:
        here = queue[at]
        at += 1
        for e in range(start[here], start[here + 1]):
            there = other[e]
            if not is_loose[there]:
                left[there] -= times[e]
                if left[there] < k:
                    is_loose[there] = True
                    queue[end] = there
                    end += 1
    return is_loose


@kernel
def held_together(start, other, times, k, left_out):
    """Return for each entity one from which no cut of fewer than k ties parts it, or itself.

    They are taken in the order of their ties to those already taken, capped at k, which leaves ties
    out and adds none: an entity with k of them cannot be parted from the one taken just before
    (Nagamochi & Ibaraki 1992).
    """
    n = len(start) - 1
    found = np.arange(n).astype(np.int32)
    # Stacks of who has how many ties to those taken; what has moved on since is passed over.
    top = np.full(k + 1, -1, np.int64)
    entry, below = np.empty(len(other) + 1, np.int32), np.empty(len(other) + 1, np.int64)
    size = 0
    taken, held = left_out.copy(), np.zeros(n, np.int64)
    for first in range(n):
        if taken[first]:
            continue
        here, last, most = first, first, 0
        while here >= 0:
            taken[here] = True
            if held[here] >= k:
                found[here] = last
            last = here
            for e in range(start[here], start[here + 1]):
                there = other[e]
                if not taken[there] and held[there] < k:
                    held[there] = min(k, held[there] + times[e])
                    entry[size], below[size] = there, top[held[there]]
                    top[held[there]] = size
                    size += 1
                    most = max(most, held[there])
            here = -1
            while most > 0 and here < 0:
                if top[most] < 0:
                    most -= 1
                    continue
                there = entry[top[most]]
                top[most] = below[top[most]]
                if not taken[there] and held[there] == most:
                    here = there
    return found
