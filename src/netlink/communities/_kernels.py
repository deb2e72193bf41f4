"""One sweep of label propagation."""

from __future__ import annotations

from numba import uint64

from netlink._arrays._kernel import kernel


@kernel
def sweep(start, other, weight, labels, order, salts, scores):
    """Give each entity, in order, the label with the most weight among its contacts.

    Its own is kept where none has more, so that every change adds to the weight inside groups and
    sweeps come to an end. Among equals the salt decides. `scores` is zero before and after.
    """
    changes = 0
    for i in range(len(order)):
        entity = order[i]
        most = 0.0
        for k in range(start[entity], start[entity + 1]):
            label = labels[other[k]]
            scores[label] += weight[k]
            most = max(most, scores[label])
        own = labels[entity]
        chosen, least = own, ~uint64(0)
        if most > scores[own] * (1 + 1e-9):
            for k in range(start[entity], start[entity + 1]):
                label = labels[other[k]]
                if scores[label] >= most * (1 - 1e-12):
                    key = (uint64(label) ^ salts[i]) * uint64(0x9E3779B97F4A7C15)
                    key ^= key >> uint64(32)
                    if key <= least:
                        chosen, least = label, key
        for k in range(start[entity], start[entity + 1]):
            scores[labels[other[k]]] = 0.0
        if chosen != own:
            labels[entity] = chosen
            changes += 1
    return changes
