"""Maximal cliques by Bron and Kerbosch, each looked for where its least tied member stands.

Invariant: at each depth `may` are those tied to all chosen so far and still to be tried, `did`
those tied to all of them whose cliques have been found, as bits over the more tied neighbors;
`outer` the less tied neighbors tied to all chosen. A clique is maximal where all three are empty.
"""

from __future__ import annotations

import numpy as np
from numba import int64, uint64

from netlink._arrays._kernel import kernel


@kernel
def _count(bits):
    found = 0
    for i in range(len(bits)):
        word = bits[i]
        while word:
            word &= word - uint64(1)
            found += 1
    return found


@kernel
def _first(bits):
    for i in range(len(bits)):
        if bits[i]:
            at = 0
            while not (bits[i] >> uint64(at)) & uint64(1):
                at += 1
            return 64 * i + at
    return -1


@kernel
def _pivot(near, outer_near, may, did, outer, n_outer):
    """Return of `may` those not tied to whoever of all is tied to most of them."""
    most, best = -1, may.copy()
    for i in range(len(near)):
        if ((may[i >> 6] | did[i >> 6]) >> uint64(i & 63)) & uint64(1):
            tied = _count(may & near[i])
            if tied > most:
                most, best = tied, may & ~near[i]
    for i in range(n_outer):
        tied = _count(may & outer_near[outer[i]])
        if tied > most:
            most, best = tied, may & ~outer_near[outer[i]]
    return best


@kernel
def _search(near, outer_near, min_size, sink, used, sizes, n_found):
    """Write the cliques of at least that size among neighbors; how many there are then.

    Where room runs out, -1 for that of the members and -2 for that of the sizes.
    """
    n, words = near.shape
    deep = n + 1
    may, did = np.zeros((deep, words), np.uint64), np.zeros((deep, words), np.uint64)
    todo = np.zeros((deep, words), np.uint64)
    outer = np.empty((deep, len(outer_near)), np.int32)
    n_outer, chosen = np.zeros(deep, np.int64), np.zeros(deep, np.int64)
    for i in range(n):
        may[0, i >> 6] |= uint64(1) << uint64(i & 63)
    outer[0], n_outer[0] = np.arange(len(outer_near)), len(outer_near)
    todo[0] = _pivot(near, outer_near, may[0], did[0], outer[0], n_outer[0])
    d = 0
    while d >= 0:
        at = _first(todo[d])
        if at < 0:
            d -= 1
            if d >= 0:
                word, bit = chosen[d] >> 6, uint64(1) << uint64(chosen[d] & 63)
                may[d, word] &= ~bit
                did[d, word] |= bit
            continue
        todo[d, at >> 6] &= ~(uint64(1) << uint64(at & 63))
        chosen[d] = at
        may[d + 1], did[d + 1] = may[d] & near[at], did[d] & near[at]
        n_outer[d + 1] = 0
        for i in range(n_outer[d]):
            x = outer[d, i]
            if (outer_near[x, at >> 6] >> uint64(at & 63)) & uint64(1):
                outer[d + 1, n_outer[d + 1]] = x
                n_outer[d + 1] += 1
        d += 1
        todo[d] = uint64(0)
        left = _count(may[d])
        if left and d + left + 1 >= min_size:
            todo[d] = _pivot(near, outer_near, may[d], did[d], outer[d], n_outer[d])
        elif not left and d + 1 >= min_size and not n_outer[d] and not did[d].any():
            if n_found == len(sizes):
                return used, -2
            if used + d + 1 > len(sink):
                return used, -1
            for i in range(d):
                sink[used + 1 + i] = chosen[i]
            sizes[n_found] = d + 1
            n_found += 1
            used += d + 1
    return used, n_found


@kernel
def _neighbors(start, other, head, up, v, place):
    """Return which members each of them is tied to, and those less tied neighbors that any are.

    Only upward rows are looked at: those of much tied entities are long the other way.
    """
    members = up[head[v] : head[v + 1]]
    words = (len(members) + 63) >> 6
    near = np.zeros((len(members), words), np.uint64)
    outer_near = np.zeros((start[v + 1] - start[v] - len(members), words), np.uint64)
    for i in range(len(members)):
        place[members[i]] = i
    for i in range(len(members)):
        for k in range(head[members[i]], head[members[i] + 1]):
            j = place[up[k]]
            if j >= 0:
                near[i, j >> 6] |= uint64(1) << uint64(j & 63)
                near[j, i >> 6] |= uint64(1) << uint64(i & 63)
    n_outer = 0
    for e in range(start[v], start[v + 1]):
        x = other[e]
        if x != v and place[x] < 0:
            for k in range(head[x], head[x + 1]):
                j = place[up[k]]
                if j >= 0:
                    outer_near[n_outer, j >> 6] |= uint64(1) << uint64(j & 63)
            n_outer += outer_near[n_outer].any()
    for i in range(len(members)):
        place[members[i]] = -1
    return near, outer_near[:n_outer]


@kernel
def cliques(start, other, head, up, begin, end, min_size, sink, used, sizes, n_found):
    """Write the cliques whose least tied members stand from begin on, up to end or to lack of room.

    Returns that place, how much of `sink` and of `sizes` is filled, and which of them (1, 2) is
    too small, if any.
    """
    n = len(start) - 1
    place = np.full(n, -1, np.int32)
    for v in range(begin, end):
        size = head[v + 1] - head[v]
        if size + 1 < min_size:
            continue
        members = up[head[v] : head[v + 1]]
        near, outer_near = _neighbors(start, other, head, up, v, place)
        new_used, found = _search(near, outer_near, min_size, sink, used, sizes, n_found)
        if found < 0:
            return v, used, n_found, -found
        while n_found < found:
            sink[used] = v
            for i in range(1, sizes[n_found]):
                sink[used + i] = members[sink[used + i]]
            used += sizes[n_found]
            n_found += 1
        used = int64(new_used)
    return end, used, n_found, 0
