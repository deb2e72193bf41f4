"""One best way to the target, the first in the order of ids; and what Yen's method asks beside."""

from __future__ import annotations

import numpy as np

from netlink._arrays._heap import rise, sink
from netlink._arrays._kernel import kernel
from netlink.paths._kernels import OPEN, TARGET, new_heap

_ROUNDING = 1 + 1e-9  # what is left was added up from the other end


@kernel
def new_work(n):
    """Return arrays for `way`, which leaves them as it found them."""
    keys, items, places = new_heap(n)
    reached, mark, touched = np.full(n, np.inf), np.zeros(n, np.uint8), np.empty(n, np.int32)
    seen, queue = np.zeros(n, np.bool_), np.empty(n, np.int32)
    return keys, items, places, reached, mark, touched, seen, queue


@kernel
def _is_in(value, values):
    for other in values:  # noqa: SIM110 (numba compiles no generator)
        if other == value:
            return True
    return False


@kernel
def _look_back(back, kind, barred, start, shut, ends, work):
    """Look one entity further from the target's side, and whether that meets the start."""
    seen, queue = work[6:]
    first, last = ends
    at = queue[first]
    for k in range(back[0][at], back[0][at + 1]):
        to = back[1][k]
        if back[2][k] == np.inf:
            continue
        if to == start and not _is_in(at, shut):
            return first, last, True
        if kind[to] == OPEN and not seen[to] and not barred[to] and to != start:
            seen[to] = True
            queue[last] = to
            last += 1
    return first + 1, last, False


@kernel
def _search(ties, back, kind, left, barred, start, gone, shut, targets, work):  # noqa: PLR0912 (one hot loop)
    """Reach out from `start` towards the target; return its distance and how many were touched.

    A*: what is left to the target is known. It leads through nothing barred, nor first to one of
    `shut`. A wall around the target is soon found from its side; without `shut` there is none.
    """
    begin, out, length = ties
    keys, items, places, reached, _, touched, seen, queue = work
    reached[start], touched[0], best = gone, start, np.inf
    rise(keys, items, places, 0, gone + left[start], start)
    size, count = 1, 1
    first, last, is_met = 0, 0, len(shut) == 0
    if not is_met:
        for target in targets:
            seen[target] = True
            queue[last] = target
            last += 1
    while size and keys[0] <= best * _ROUNDING:
        at = items[0]
        size -= 1
        if size:
            sink(keys, items, places, size)
        places[at] = -1
        if kind[at] == TARGET:
            continue
        for k in range(begin[at], begin[at + 1]):
            to = out[k]
            if left[to] == np.inf or barred[to] or (kind[to] != OPEN and kind[to] != TARGET):
                continue
            new = reached[at] + length[k]
            if new >= reached[to] or (at == start and _is_in(to, shut)):
                continue
            if reached[to] == np.inf:
                touched[count], places[to] = to, -1
                count += 1
            reached[to] = new
            hole = places[to]
            if hole < 0:
                hole = size
                size += 1
            rise(keys, items, places, hole, new + left[to], to)
            if kind[to] == TARGET:
                best = min(best, new)
        if not is_met and best == np.inf:
            if first == last:
                break
            first, last, is_met = _look_back(back, kind, barred, start, shut, (first, last), work)
    for i in range(last):
        seen[queue[i]] = False
    return best, count


@kernel
def _mark(back, kind, start, shut, best, count, work):
    """Mark everything that lies on a way of the least length, from the targets back."""
    begin, into, length = back
    _, stack, _, reached, mark, touched, _, _ = work
    size = 0
    for i in range(count):
        if kind[touched[i]] == TARGET and reached[touched[i]] == best:
            mark[touched[i]] = 1
            stack[size] = touched[i]
            size += 1
    while size:
        size -= 1
        at = stack[size]
        for k in range(begin[at], begin[at + 1]):
            to = into[k]
            if mark[to] or kind[to] == TARGET or reached[to] == np.inf or at == start:
                continue
            if reached[to] + length[k] == reached[at] and not (to == start and _is_in(at, shut)):
                mark[to] = 1
                stack[size] = to
                size += 1


@kernel
def _leads_on(ties, kind, way, work):
    """Tell whether a way among hops of no length comes out further on, not back into itself."""
    begin, out, length = ties
    _, _, _, reached, mark, _, seen, queue = work
    seen[way] = True
    queue[0], first, last, is_out = way, 0, 1, kind[way] == TARGET
    while first < last and not is_out:
        at = queue[first]
        first += 1
        for k in range(begin[at], begin[at + 1]):
            to = out[k]
            if mark[to] != 1 or seen[to] or reached[at] + length[k] != reached[to]:
                continue
            if reached[to] > reached[way] or kind[to] == TARGET:
                is_out = True
                break
            seen[to] = True
            queue[last] = to
            last += 1
    for i in range(last):
        seen[queue[i]] = False
    return is_out


@kernel
def way(ties, back, kind, left, barred, start, gone, shut, targets, work):
    """Return the length of the best way from `start` and its entities; of equals the first."""
    begin, out, length = ties
    _, items, _, reached, mark, touched, _, _ = work
    best, count = _search(ties, back, kind, left, barred, start, gone, shut, targets, work)
    size = 0
    if best < np.inf:
        _mark(back, kind, start, shut, best, count, work)
        items[0], size, at = start, 1, start
        mark[start] = 2
        while kind[at] != TARGET:
            onward = -1
            for k in range(begin[at], begin[at + 1]):
                to = out[k]
                if mark[to] != 1 or reached[at] + length[k] != reached[to]:
                    continue
                if at == start and _is_in(to, shut):
                    continue
                # Where only one way is left, it is the way.
                if onward >= 0 and _leads_on(ties, kind, onward, work):
                    break
                onward = to
                if reached[to] > reached[at]:
                    break
            at = onward
            mark[at] = 2
            items[size] = at
            size += 1
    path = items[:size].copy()
    for i in range(count):
        reached[touched[i]], mark[touched[i]] = np.inf, 0
    return best, path


@kernel
def parts(ties, kind, left, barred, path, first, shut):
    """Return of each step of a path what it costs, and the least that going elsewhere would."""
    begin, out, length = ties
    cost, least = np.zeros(len(path)), np.full(len(path), np.inf)
    for i in range(first):
        barred[path[i]] = True
    for i in range(first, len(path) - 1):
        at = path[i]
        barred[at] = True
        for k in range(begin[at], begin[at + 1]):
            to = out[k]
            if to == path[i + 1]:
                cost[i] = length[k]
                continue
            is_way = not barred[to] and (kind[to] == OPEN or kind[to] == TARGET)
            if is_way and (i != first or not _is_in(to, shut)):
                least[i] = min(least[i], length[k] + left[to])
    for i in range(len(path)):
        barred[path[i]] = False
    return cost, least
