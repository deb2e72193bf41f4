"""One pass that keeps of each entity every stay that matters: maximum waits, and the fastest way.

A label says: somebody can come here by a contact begun at any moment from `lo` to `hi`. With a
maximum wait the next contact is begun at most `most` after it. For the fastest way a label also
holds the latest moment at which one can have set out: `set_out` for a contact begun at `lo`, later
by as much as the contact is begun later, and at most `cap`.

Invariant: labels are made in ascending order of `lo`, so that their list is the queue too, and of
one entity each is worth something that none before it is. Contacts as in `_arrivals`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numba import int64

from netlink._arrays._kernel import kernel
from netlink.temporal._arrivals import NEVER, gone_by

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Columns of the table of labels. `older` is the label before of the same entity, `from_label` the
# one it comes from; the peaks are the largest `hi` and `cap` of this label and all older ones.
AT, LO, HI, SET_OUT, CAP, FROM_LABEL, CONTACT, OLDER, PEAK_HI, PEAK_CAP = range(10)
LIMIT = 20_000_000  # labels; 1.6 GB


@kernel
def _value(label, moment):
    """Return the latest moment of setting out for a contact that leads here by `moment`."""
    return min(label[SET_OUT] + max(min(label[HI], moment) - label[LO], 0), label[CAP])


@kernel
def _add(labels, count, top, new, most):
    """Add a label unless an older one of the entity is worth as much; return table and count."""
    older = top[new[AT]]
    final = _value(new, new[HI])
    peak_hi, peak_cap = new[HI], final
    if older >= 0:
        peak_hi = max(peak_hi, labels[older, PEAK_HI])
        peak_cap = max(peak_cap, labels[older, PEAK_CAP])
    old = older
    while old >= 0:
        if labels[old, PEAK_CAP] < final or (most < NEVER and labels[old, PEAK_HI] < new[HI]):
            break
        if (
            (most >= NEVER or labels[old, HI] >= new[HI])
            and _value(labels[old], new[LO]) >= new[SET_OUT]
            and _value(labels[old], new[HI]) >= final
            and labels[old, LO] <= new[LO]
        ):
            return labels, count
        old = labels[old, OLDER]
    if count == len(labels):
        bigger = np.empty((2 * count, 10), np.int64)
        bigger[:count] = labels
        labels = bigger
    labels[count] = new
    labels[count, CAP] = final
    labels[count, OLDER], labels[count, PEAK_HI], labels[count, PEAK_CAP] = older, peak_hi, peak_cap
    top[new[AT]] = count
    return labels, count + 1


@kernel
def _gone(labels, label, to, contact, moment, closes, last, gap, most):
    """Return the label of going on from a label by a contact, begun at `moment` or later."""
    new = np.empty(10, np.int64)
    new[AT], new[LO], new[HI] = to, moment, min(closes, labels[label, HI] + most, last)
    new[SET_OUT], new[CAP] = _value(labels[label], moment - gap), labels[label, CAP]
    new[FROM_LABEL], new[CONTACT] = label, contact
    return new


@kernel
def _started(n, source, first, gap, speed):
    """Return a table with the label of the source, and the newest label of each entity."""
    labels = np.empty((1024, 10), np.int64)
    top = np.full(n, int64(-1))
    labels[0] = NEVER
    labels[0, AT], labels[0, LO] = source, first - gap
    if speed:
        labels[0, SET_OUT] = first
    else:
        labels[0, SET_OUT] = labels[0, CAP] = labels[0, PEAK_CAP] = 0
    labels[0, FROM_LABEL] = labels[0, CONTACT] = labels[0, OLDER] = -1
    top[source] = 0
    return labels, top


@kernel
def _go_back(contacts, lasting, labels, count, top, head, last, gap, most, k):
    """Go over the contacts gone by that are open when one can first go on from a label."""
    opens, closes, u, v = contacts
    start, listed = lasting
    at, due = labels[head, AT], labels[head, LO] + gap
    low, high = gone_by(opens, u, at, due, k)
    for j in range(low - high, start[at + 1] - start[at]):
        contact = high + j if j < 0 else listed[start[at] + j]
        if opens[contact] > due:
            break
        if closes[contact] >= due and labels[head, HI] + most >= opens[contact]:
            new = _gone(labels, head, v[contact], contact, due, closes[contact], last, gap, most)
            labels, count = _add(labels, count, top, new, most)
    return labels, count


@kernel
def stays(contacts, lasting, n, source, target, window, gap, most, speed):
    """Return the labels of everybody in the order of `lo`; none where there are too many.

    Ends when the target (-1: nobody) is reached, unless `speed` is asked for.
    """
    opens, closes, u, v = contacts
    first, last, k, stop = window
    labels, top = _started(n, source, first, gap, speed)
    count, head = 1, 0
    while count <= LIMIT:
        now = opens[k] if k < stop else last
        while head < count <= LIMIT and labels[head, LO] + gap <= now:
            labels, count = _go_back(
                contacts, lasting, labels, count, top, head, last, gap, most, k
            )
            head += 1
        if k == stop or (target >= 0 and not speed and top[target] >= 0):
            return labels[:count]
        until, label = min(now, closes[k]), top[u[k]]
        while label >= 0 and labels[label, PEAK_HI] + most >= now:
            older = labels[label, OLDER]
            if labels[label, LO] + gap <= until and labels[label, HI] + most >= now:
                new = _gone(labels, label, v[k], k, now, closes[k], last, gap, most)
                labels, count = _add(labels, count, top, new, most)
                # Whether an older label can still lead to more.
                worth = new[SET_OUT] if closes[k] <= now else _value(new, new[HI])
                is_longer = most < NEVER and closes[k] > now
                is_longer = is_longer and labels[older, PEAK_HI] > labels[label, HI]
                if labels[older, PEAK_CAP] <= worth and not is_longer:
                    break  # where there is no older one, -1 is the last row: the loop ends anyway
            label = older
        k += 1
    return labels[:0]


@kernel
def layers(contacts, by_entity, n, source, target, window, gap, most):
    """Return labels by their number of contacts, up to the first that leads to the target, last.

    Of those with as few contacts the target's is the one of least `lo`. The table is empty where
    there are too many labels; its last is not the target's where there is no way.
    """
    opens, closes, _, v = contacts
    first, last, _, _ = window
    start, listed = by_entity
    labels, top = _started(n, source, first, gap, False)
    begin, end, count = 0, 1, 1
    while begin < end:
        for i in range(begin, end):
            at, due, reach = labels[i, AT], labels[i, LO] + gap, labels[i, HI] + most
            newest = top[at]
            while newest >= end:  # of the next layer
                newest = labels[newest, OLDER]
            if most >= NEVER and labels[newest, LO] < labels[i, LO]:
                continue  # the same layer has a better one
            for j in range(start[at], start[at + 1]):
                contact = listed[j]
                if opens[contact] > min(last, reach):
                    break
                moment = max(due, opens[contact])
                if closes[contact] >= due and moment <= last:
                    new = _gone(
                        labels, i, v[contact], contact, moment, closes[contact], last, gap, most
                    )
                    labels, count = _add(labels, count, top, new, most)
            if count > LIMIT:
                return labels[:0]
        best = -1
        for i in range(end, count):
            if labels[i, AT] == target and (best < 0 or labels[i, LO] < labels[best, LO]):
                best = i
        if best >= 0:
            return labels[: best + 1]
        begin, end = end, count
    return labels[:count]


def chain(labels: NDArray[np.int64], last: int) -> NDArray[np.int64]:
    """Return the labels that lead to one, in their order, the source's left out."""
    found = []
    while labels[last, FROM_LABEL] >= 0:
        found.append(last)
        last = int(labels[last, FROM_LABEL])
    return labels[found[::-1]]
