"""Betweenness in steps: eight searches at once, one lane each, and back (Brandes 2001).

Invariant: between two levels `there` holds nothing but values of entities on the level just looked
at, in the lanes in which they stand on it, so sums over ties need ask for no distance.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import int64, uint8

from netlink._arrays._kernel import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

LANES = 8


@kernel
def _push(start, out, who, lanes, first, last, seen, reached, here, there):
    """Send the numbers of paths from one level along the ties; return the end of the next level."""
    size = last
    for entry in range(first, last):
        entity, mask = who[entry], lanes[entry]
        a = int64(entity) * 8
        for k in range(start[entity], start[entity + 1]):
            other = out[k]
            new = mask & ~seen[other]
            if new:
                if not reached[other]:
                    who[size] = other
                    size += 1
                reached[other] |= new
                b = int64(other) * 8
                for lane in range(8):
                    there[b + lane] += here[a + lane]
    for entry in range(last, size):
        lanes[entry] = reached[who[entry]]
        reached[who[entry]] = 0
    return size


@kernel
def _pull(start, into, who, lanes, last, seen, here, there):
    """Collect for everybody not reached in all lanes; return the end of the next level."""
    size = last
    for entity in range(len(seen)):
        lacking = uint8(~seen[entity])
        if not lacking:
            continue
        b = int64(entity) * 8
        for k in range(start[entity], start[entity + 1]):
            a = int64(into[k]) * 8
            for lane in range(8):
                there[b + lane] += here[a + lane]
        new = uint8(0)
        for lane in range(8):
            if there[b + lane] > 0:
                new |= uint8(1 << lane)
        new &= lacking
        if new:
            who[size] = entity
            lanes[size] = new
            size += 1
        else:
            for lane in range(8):
                there[b + lane] = 0
    return size


@kernel
def _clear(who, first, last, values):
    for entry in range(first, last):
        a = int64(who[entry]) * 8
        for lane in range(8):
            values[a + lane] = 0


@kernel
def _keep(who, lanes, first, last, seen, sigma, there):
    """Note the numbers of paths to a level; return whether one is too large for a float."""
    too_many = False
    for entry in range(first, last):
        entity, mask = who[entry], lanes[entry]
        seen[entity] |= mask
        b = int64(entity) * 8
        for lane in range(8):
            if (mask >> lane) & 1:
                sigma[b + lane] = there[b + lane]
                too_many |= there[b + lane] > 1e300
            else:
                there[b + lane] = 0
    return too_many


@kernel
def _back(start, out, who, lanes, first, last, sigma, here, there, between, along):
    """Add up what of the paths to later levels runs through each entity of a level."""
    for entry in range(first, last):
        entity, mask = who[entry], lanes[entry]
        b = int64(entity) * 8
        for k in range(start[entity], start[entity + 1]):
            a = int64(out[k]) * 8
            for lane in range(8):
                here[b + lane] += there[a + lane]
            if len(along):
                for lane in range(8):
                    if (mask >> lane) & 1:
                        along[k] += sigma[b + lane] * there[a + lane]
        through = 0.0
        for lane in range(8):
            if (mask >> lane) & 1:
                through += sigma[b + lane] * here[b + lane]
                here[b + lane] += 1 / sigma[b + lane]
            else:
                here[b + lane] = 0
        if first > 0:  # level 0 is where the paths begin
            between[entity] += through


def room(n: int) -> tuple[NDArray[Any], ...]:
    """Return what a search needs to write on; numba would take a second to compile this."""
    numbers = np.zeros(n * 8), np.zeros(n * 8), np.zeros(n * 8)
    flags = np.zeros(n, np.uint8), np.zeros(n, np.uint8)
    entries = np.empty(n * 8, np.int32), np.empty(n * 8, np.uint8), np.zeros(n + 2, np.int64)
    return (*numbers, *flags, *entries)


@kernel
def add_paths(ties, back, room, sources, cutoff, between, along):
    """Add the shares of shortest paths from the sources; return whether they were too many.

    Into `between` at each entity, and into `along` at each tie unless it is empty.
    """
    (out_start, out), (into_start, into) = ties, back
    n = len(out_start) - 1
    sigma, here, there, seen, reached, who, lanes, level = room
    too_many = False
    for begin in range(0, len(sources), 8):
        size = min(8, len(sources) - begin)
        for entity in range(n):
            seen[entity] = ~uint8((1 << size) - 1)
        for lane in range(size):
            source = sources[begin + lane]
            who[lane], lanes[lane] = source, uint8(1 << lane)
            seen[source] |= lanes[lane]
            sigma[source * 8 + lane] = here[source * 8 + lane] = 1
        level[1] = size
        depth = 0
        while level[depth] < level[depth + 1] and depth < cutoff:
            first, last = level[depth], level[depth + 1]
            work = 0
            for entry in range(first, last):
                work += out_start[who[entry] + 1] - out_start[who[entry]]
            # Many at once: cheaper to ask everybody who still lacks one (Beamer and others 2012).
            if 2 * work < len(out):
                size = _push(out_start, out, who, lanes, first, last, seen, reached, here, there)
            else:
                size = _pull(into_start, into, who, lanes, last, seen, here, there)
            too_many |= _keep(who, lanes, last, size, seen, sigma, there)
            _clear(who, first, last, here)
            here, there = there, here
            depth += 1
            level[depth + 1] = size
        _clear(who, level[depth], level[depth + 1], here)
        first = last = 0
        while depth >= 0:
            now, end = level[depth], level[depth + 1]
            _back(out_start, out, who, lanes, now, end, sigma, here, there, between, along)
            _clear(who, first, last, there)
            first, last = now, end
            here, there = there, here
            depth -= 1
        _clear(who, first, last, there)
    return too_many
