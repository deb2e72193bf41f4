"""One pass over contacts in the order of their opening: who is reached when, and by whom.

A contact from u to v can be begun at any moment from `opens` to `closes`, and `gap` or more after
the one that led to u was begun. Contacts stand in the order of (opens, u, v); `lasting` holds
those that close after they open by u, in the same order (CSR).

Invariant: moments are settled in ascending order, so the first that reaches somebody is the least.
Whoever is reached may go back to contacts gone by already: those that last, and where `gap` is 0
those of the same moment. A contact with `closes` before `opens` is one with uncertain dates: one
must be there by `closes`, and has gone over it by `opens`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from numba import int64, uint64

from netlink._arrays._kernel import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

NEVER = 2**61  # twice that still fits 64 bits
WAVES = 64


@kernel
def gone_by(opens, u, at, moment, k):
    """Return the part before contact k of what opens at a moment for one entity: begin and end."""
    step = 1
    while k - step >= 0 and opens[k - step] >= moment:
        step *= 2
    low, high = max(k - step, -1) + 1, k
    end = k
    while low < high:  # the first that opens at the moment and is of the entity, or one after it
        middle = (low + high) // 2
        if opens[middle] < moment or (opens[middle] == moment and u[middle] < at):
            low = middle + 1
        else:
            high = middle
    while high < end and opens[high] == moment and u[high] == at:
        high += 1
    return low, high


@kernel
def goes_back(opens, u, lasting, k, to, gap):
    """Tell whether who is reached by contact k may go back to others."""
    start = lasting[0]
    is_crowded = gap == 0 and k > 0 and opens[k - 1] == opens[k] and to < u[k]
    return is_crowded or start[to] < start[to + 1]


@kernel
def _reach(contacts, reached, contact, due):
    """Go over a contact if it is open and leads to somebody new; return how many it reaches."""
    _, closes, _, v = contacts
    begun, over, is_reached = reached
    to = v[contact]
    if closes[contact] < due or is_reached[to]:
        return 0
    begun[to], over[to], is_reached[to] = due, contact, 1
    return 1


@kernel
def _settle(contacts, lasting, reached, queue, tail, at, due, k):
    """Go over the contacts gone by that are open at an entity when one can go on from there."""
    opens, _, u, v = contacts
    start, listed = lasting
    low, high = gone_by(opens, u, at, due, k)
    for contact in range(low, high):
        queue[tail] = v[contact]
        tail += _reach(contacts, reached, contact, due)
    for j in range(start[at], start[at + 1]):
        if opens[listed[j]] > due:
            break
        queue[tail] = v[listed[j]]
        tail += _reach(contacts, reached, listed[j], due)
    return tail


@kernel
def _meet(u, v, k, stop, is_reached, order, tail):
    """Go over contacts k to stop in turn; note in `order` those that reach somebody new."""
    for contact in range(k, stop):
        to = v[contact]
        if is_reached[to] < is_reached[u[contact]]:
            is_reached[to] = 1
            order[tail] = contact
            tail += 1
    return tail


@kernel
def instants(opens, u, v, crowded, n, source, window):
    """Do what `earliest` does for contacts of one moment each, and without a gap.

    `u` and `v` are unsigned, which spares a look at the sign of every index; `crowded` are the
    contacts that lead to somebody of whom an earlier one of the same moment goes out.
    """
    first, _, k, stop = window
    is_reached = np.zeros(n, np.uint8)
    order = np.empty(n, np.int64)
    is_reached[source], tail = 1, 0
    last = np.searchsorted(crowded, stop)
    for i in range(np.searchsorted(crowded, k), last + 1):
        end = crowded[i] if i < last else stop
        tail = _meet(u, v, k, end, is_reached, order, tail)
        if end == stop:
            break
        head = tail
        tail = _meet(u, v, end, end + 1, is_reached, order, tail)
        while head < tail:
            low, high = gone_by(opens, u, v[order[head]], opens[end], end)
            tail = _meet(u, v, low, high, is_reached, order, tail)
            head += 1
        k = end + 1
    begun, over = np.full(n, int64(NEVER)), np.full(n, int64(-1))
    for i in range(tail):
        to = v[order[i]]
        begun[to], over[to] = opens[order[i]], order[i]
    begun[source] = first
    return begun, over


@kernel
def earliest(contacts, lasting, n, source, window, gap, missing):
    """Return when the contact that first reaches each entity is begun, and which it is.

    `window` is the first moment, the last, the first contact that opens in it and the first that
    opens after it; `missing` is how many entities can be reached at all.
    """
    opens, closes, u, v = contacts
    first, last, k, stop = window
    begun, over = np.full(n, int64(NEVER)), np.full(n, int64(-1))
    is_reached = np.zeros(n, np.uint8)
    queue = np.empty(n + 1, np.int32)  # who may go back, in the order in which they are reached
    queue[0], head, tail = source, 0, 1
    begun[source], is_reached[source] = first - gap, 1
    due = first
    while missing > 0:
        now = opens[k] if k < stop else last
        while due <= now:
            before = tail
            at = queue[head]
            head += 1
            tail = _settle(contacts, lasting, (begun, over, is_reached), queue, tail, at, due, k)
            missing -= tail - before
            due = begun[queue[head]] + gap if head < tail else int64(NEVER)
        # The many contacts that change nothing; most of the time nobody waits to go back.
        if due > last:
            while k < stop and is_reached[v[k]] >= is_reached[u[k]]:
                k += 1
        else:
            while k < stop and opens[k] < due and is_reached[v[k]] >= is_reached[u[k]]:
                k += 1
        if k == stop:
            if due > last:
                break
            continue
        now, to, ready = opens[k], v[k], begun[u[k]] + gap
        if now < due:
            if ready <= now and ready <= closes[k]:
                begun[to], over[to] = now, k
                is_reached[to] = 1
                missing -= 1
                if goes_back(opens, u, lasting, k, to, gap):
                    if head == tail:
                        due = now + gap
                    queue[tail] = to
                    tail += 1
            k += 1
    return begun, over


@kernel
def _put(ring, head, tail, entity, bits, due):
    """Add to a ring of what is under way; it grows when it is full."""
    entities, waves, dues = ring
    size = len(entities)
    if tail - head == size:
        size *= 2
        entities, waves, dues = (
            np.empty(size, np.int32),
            np.empty(size, np.uint64),
            np.empty(size, np.int64),
        )
        for i in range(head, tail):
            old, new = i % (size // 2), i % size
            entities[new], waves[new], dues[new] = ring[0][old], ring[1][old], ring[2][old]
    i = tail % size
    entities[i], waves[i], dues[i] = entity, bits, due
    return entities, waves, dues


@kernel
def _go_on(contacts, lasting, seen, ring, head, tail, at, bits, due, gap, k):
    """Let waves that are ready at an entity go over the contacts that are open there."""
    opens, closes, u, v = contacts
    start, listed = lasting
    low, high = gone_by(opens, u, at, due, k)
    for j in range(low - high, start[at + 1] - start[at]):
        contact = high + j if j < 0 else listed[start[at] + j]
        if opens[contact] > due:
            break
        new = bits & ~seen[v[contact]]
        if new and closes[contact] >= due:
            seen[v[contact]] |= new
            ring = _put(ring, head, tail, v[contact], new, due + gap)
            tail += 1
    return ring, tail


@kernel
def _spread(contacts, lasting, early, n, sources, window, gap):
    """Let up to 64 waves run over the contacts; return of each entity those that reach it.

    `early` are the contacts that close before they open, in the order of closing: who may go over
    such a one is noted at its closing and passed on at its opening.
    """
    opens, closes, u, v = contacts
    first, last, k, stop = window
    seen = np.zeros(n, np.uint64)
    here = seen if gap == 0 else np.zeros(n, np.uint64)  # ready to go on: at once without a gap
    noted = np.zeros(len(early), np.uint64)
    place = np.empty(len(opens) if len(early) else 0, np.int64)
    for i in range(len(early)):
        place[early[i]] = i
    ring = np.empty(1024, np.int32), np.empty(1024, np.uint64), np.empty(1024, np.int64)
    head = tail = note = 0
    for i in range(len(sources)):
        bit = uint64(1) << uint64(i)
        seen[sources[i]] |= bit
        ring = _put(ring, head, tail, sources[i], bit, first)
        tail += 1
    while True:
        now = opens[k] if k < stop else last
        while True:
            due = ring[2][head % len(ring[2])] if head < tail else int64(NEVER)
            noting = closes[early[note]] if note < len(early) else int64(NEVER)
            if noting < min(now, due):
                noted[note] = here[u[early[note]]]
                note += 1
                continue
            if due > now:
                break
            at, bits = ring[0][head % len(ring[0])], ring[1][head % len(ring[1])]
            head += 1
            here[at] |= bits
            ring, tail = _go_on(contacts, lasting, seen, ring, head, tail, at, bits, due, gap, k)
        if k == stop:
            return seen
        event = min(due, noting + 1)  # nothing else happens before
        while k < stop and opens[k] < event:
            bits = here[u[k]] if closes[k] >= opens[k] else noted[place[k]]
            to = v[k]
            new = bits & ~seen[to]
            if new:
                seen[to] |= new
                if gap > 0 or goes_back(opens, u, lasting, k, to, gap):
                    ring = _put(ring, head, tail, to, new, opens[k] + gap)
                    tail += 1
                    event = min(event, opens[k] + gap)
            k += 1


def reached(
    contacts: Any,
    lasting: Any,
    early: NDArray[np.int64],
    n: int,
    sources: NDArray[np.int32],
    window: tuple[int, int, int, int],
    gap: int,
) -> NDArray[np.bool_]:
    """Return which entities (rows) each of the sources (columns) reaches: 64 a pass."""
    found = np.empty((n, len(sources)), dtype=bool)
    for i in range(0, len(sources), WAVES):
        block = sources[i : i + WAVES]
        waves = _spread(contacts, lasting, early, n, block, window, gap)
        for j in range(len(block)):
            found[:, i + j] = (waves >> np.uint64(j)) & np.uint64(1)
    return found
