"""Open two-paths a, v, c by the groups of the three: all of them less those that a triangle closes.

Invariant: at each place of CSR, row i and column j, bit 0 of `way` says that there is a tie from i
to j and bit 1 that there is one from j to i; neither where one of the two has no group, or i is j.
"""

from __future__ import annotations

import numpy as np

from netlink._arrays._kernel import kernel

# By whether a and v, c and v, a and c are of one group (1, 2, 4): the place among the columns of
# liaison A B C, representative A A B, gatekeeper A B B, itinerant A B A, coordinator A A A.
_ROLES = np.array([4, 3, 2, -1, 1, -1, -1, 0])


@kernel
def _role(a, v, c):
    return _ROLES[(a == v) | (c == v) << 1 | (a == c) << 2]


@kernel
def ways(start, other, arcs, group, forth, back):
    """Return `way`: `arcs` are the ties one way, of those both ways; `forth` and `back` as in CSR.

    The columns of both stand in order.
    """
    arc_start, leads_to = arcs
    way = np.zeros(len(other), np.uint8)
    for i in range(len(start) - 1):
        k, end = arc_start[i], arc_start[i + 1]
        for at in range(start[i], start[i + 1]):
            j = other[at]
            while k < end and leads_to[k] < j:
                k += 1
            is_arc = k < end and leads_to[k] == j
            way[at] = is_arc and i != j and group[i] >= 0 and group[j] >= 0
    for tie in range(len(forth)):
        here, there = way[forth[tie]], way[back[tie]]
        way[forth[tie]], way[back[tie]] = here | there << 1, there | here << 1
    return way


@kernel
def two_paths(start, other, way, group, n_groups):
    """Count all two-paths through each entity by role, closed ones included."""
    found = np.zeros((len(start) - 1, 5), np.int64)
    arrive, leave = np.zeros(n_groups, np.int64), np.zeros(n_groups, np.int64)
    both = np.zeros(n_groups, np.int64)
    for v in range(len(start) - 1):
        if group[v] < 0:
            continue
        own = group[v]
        into, out = 0, 0
        for k in range(start[v], start[v + 1]):
            if way[k]:
                g = group[other[k]]
                leave[g] += way[k] & 1
                arrive[g] += way[k] >> 1
                both[g] += way[k] == 3
                out += way[k] & 1
                into += way[k] >> 1
        found[v, 0] = arrive[own] * leave[own] - both[own]
        found[v, 2] = (into - arrive[own]) * leave[own]
        found[v, 3] = arrive[own] * (out - leave[own])
        found[v, 4] = (into - arrive[own]) * (out - leave[own])
        arrive[own] = leave[own] = both[own] = 0
        for k in range(start[v], start[v + 1]):
            if way[k]:
                g = group[other[k]]
                found[v, 1] += arrive[g] * leave[g] - both[g]
                found[v, 4] -= arrive[g] * leave[g]
                arrive[g] = leave[g] = both[g] = 0
    return found


@kernel
def closed_by_role(way, group, head, up, forth, first, last):
    """Count by role the two-paths whose ends are tied, of the triangles of u from first to last.

    Where ties begin, lead and are to be found (`upward`) is unsigned, which spares a look at the
    sign of every index.
    """
    found = np.zeros((len(group), 5), np.int64)
    near = np.full(len(group), -1, np.int32)
    for u in range(first, last):
        for k in range(head[u], head[u + 1]):
            near[up[k]] = k
        for k in range(head[u], head[u + 1]):
            v = up[k]
            for i in range(head[v], head[v + 1]):
                w = up[i]
                j = near[w]
                if j < 0:
                    continue
                uv, uw, vw = way[forth[k]], way[forth[j]], way[forth[i]]
                if not (uv and uw and vw):
                    continue
                gu, gv, gw = group[u], group[v], group[w]
                # From first to last, by way of the one between: x stands for the tie backwards.
                xuv, xuw, xvw = uv >> 1, uw >> 1, vw >> 1
                uv, uw, vw = uv & 1, uw & 1, vw & 1
                found[v, _role(gu, gv, gw)] += uv & vw & uw
                found[v, _role(gw, gv, gu)] += xvw & xuv & xuw
                found[w, _role(gu, gw, gv)] += uw & xvw & uv
                found[w, _role(gv, gw, gu)] += vw & xuw & xuv
                found[u, _role(gv, gu, gw)] += xuv & uw & vw
                found[u, _role(gw, gu, gv)] += xuw & uv & xvw
        for k in range(head[u], head[u + 1]):
            near[up[k]] = -1
    return found


@kernel
def share(start, other, way, group, size, first, last, found):
    """Add for ends a from first to last, by role, 1 over the number of those between a and c.

    Everybody stands for so many of the same ties as `size` says, who are not tied to each other.
    """
    n = len(start) - 1
    between, is_tied = np.zeros(n, np.int64), np.zeros(n, np.bool_)
    for a in range(first, last):
        for k in range(start[a], start[a + 1]):
            is_tied[other[k]] = way[k] & 1
        for turn in range(2):
            for k in range(start[a], start[a + 1]):
                v = other[k]
                if not way[k] & 1:
                    continue
                for i in range(start[v], start[v + 1]):
                    c = other[i]
                    if not way[i] & 1 or is_tied[c]:
                        continue
                    if turn == 0:
                        between[c] += size[v]
                    else:
                        pairs = size[a] * (size[c] - (a == c))
                        found[v, _role(group[a], group[v], group[c])] += pairs / between[c]
        for k in range(start[a], start[a + 1]):
            v = other[k]
            is_tied[v] = False
            for i in range(start[v], start[v + 1]):
                between[other[i]] = 0


@kernel
def closed(way, upward):
    """Count the closed two-paths through v that begin, and that end, at each place in v's row.

    And for each v those of its pairs with ties in both directions that are tied themselves.
    """
    head, up, forth, back = upward
    n = len(head) - 1
    begin, end = np.zeros(len(way), np.int32), np.zeros(len(way), np.int32)
    pairs = np.zeros(n, np.int64)
    near = np.full(n, -1, np.int32)
    for u in range(n):
        for k in range(head[u], head[u + 1]):
            near[up[k]] = k
        for k in range(head[u], head[u + 1]):
            for i in range(head[up[k]], head[up[k] + 1]):
                j = near[up[i]]
                if j < 0:
                    continue
                # Each of the three in turn stands between a and c.
                for v, va, vc, ac in (
                    (np.int32(u), forth[k], forth[j], forth[i]),
                    (up[k], back[k], forth[i], forth[j]),
                    (up[i], back[j], back[i], forth[k]),
                ):
                    along = (way[va] >> 1) & way[vc] & way[ac] & 1
                    against = (way[vc] >> 1) & way[va] & (way[ac] >> 1) & 1
                    begin[va] += along
                    end[vc] += along
                    begin[vc] += against
                    end[va] += against
                    pairs[v] += (way[va] & way[vc]) == 3 and way[ac] != 0
        for k in range(head[u], head[u + 1]):
            near[up[k]] = -1
    return begin, end, pairs
