"""The steps of Leiden on ties in CSR: move, refine, gather.

Invariant: ties stand in both directions, each weighs above 0, none leads to oneself. `mass` is what
a group is charged for: its worth is the weight of its ties less `rate` times half the square of its
mass, which is modularity where mass is strength, and the constant Potts model where it is a count.
"""

from __future__ import annotations

import numpy as np

from netlink._arrays._kernel import kernel


@kernel
def move(ties, mass, rate, groups, queue, waits, state, most):
    """Take entities from the queue, each to the group that gains most, for about `most` ties.

    Groups are the label of each entity, and of each label the mass, the members, and the labels
    that are free. The state is where the queue begins, how many wait, and how many labels are free.
    Whoever is tied to one that moved, and is not in its group, waits again.
    """
    start, other, weight = ties
    labels, whole, size, free = groups
    n = len(labels)
    near, met = np.zeros(n), np.empty(n, np.int32)
    looked = 0
    while state[1] > 0 and looked < most:
        entity = queue[state[0]]
        state[0] = (state[0] + 1) % n
        state[1] -= 1
        waits[entity] = False
        own, n_met, total = labels[entity], 0, 0.0
        looked += start[entity + 1] - start[entity]
        for k in range(start[entity], start[entity + 1]):
            group = labels[other[k]]
            if near[group] == 0.0:
                met[n_met] = group
                n_met += 1
            near[group] += weight[k]
            total += weight[k]
        charge = rate * mass[entity]
        size[own] -= 1
        whole[own] = whole[own] - mass[entity] if size[own] else 0.0
        # What is within rounding gains nothing: else two could change places for ever.
        best, gain = own, near[own] - charge * whole[own] + 1e-12 * total
        for i in range(n_met):
            value = near[met[i]] - charge * whole[met[i]]
            if value > gain:
                best, gain = met[i], value
            near[met[i]] = 0.0
        if gain < 0.0 and size[own]:
            state[2] -= 1
            best = free[state[2]]
        elif best != own and not size[own]:
            free[state[2]] = own
            state[2] += 1
        size[best] += 1
        whole[best] += mass[entity]
        if best == own:
            continue
        labels[entity] = best
        for k in range(start[entity], start[entity + 1]):
            there = other[k]
            if labels[there] != best and not waits[there]:
                waits[there] = True
                queue[(state[0] + state[1]) % n] = there
                state[1] += 1


@kernel
def within(ties, labels, first, last, outside):
    """Add up how strongly each entity is tied to the rest of its group."""
    start, other, weight = ties
    for entity in range(first, last):
        for k in range(start[entity], start[entity + 1]):
            if labels[other[k]] == labels[entity]:
                outside[entity] += weight[k]


@kernel
def refine(ties, mass, rate, labels, whole, parts, order):
    """Join entities, in order, that are still alone to the part of their group that gains most.

    Parts are the part of each entity, and of each part the mass, the members, and how strongly it
    is tied to the rest of its group. Only what is held well enough by the rest is joined, so that
    no group is kept that falls apart.
    """
    start, other, weight = ties
    part, heavy, size, outside = parts
    near, met = np.zeros(len(labels)), np.empty(len(labels), np.int32)
    for i in range(len(order)):
        entity = order[i]
        all_of_it, light = whole[labels[entity]], mass[entity]
        if size[part[entity]] != 1 or outside[entity] < rate * light * (all_of_it - light):
            continue
        n_met, inside = 0, outside[entity]
        for k in range(start[entity], start[entity + 1]):
            if labels[other[k]] == labels[entity]:
                there = part[other[k]]
                if near[there] == 0.0:
                    met[n_met] = there
                    n_met += 1
                near[there] += weight[k]
        best, gain, tied = part[entity], 0.0, 0.0
        for j in range(n_met):
            there = met[j]
            value = near[there] - rate * light * heavy[there]
            is_held = outside[there] >= rate * heavy[there] * (all_of_it - heavy[there])
            if value > gain and is_held:
                best, gain, tied = there, value, near[there]
            near[there] = 0.0
        if best != part[entity]:
            size[part[entity]] = 0
            part[entity] = best
            size[best] += 1
            heavy[best] += light
            outside[best] += inside - 2 * tied


@kernel
def gather(ties, part, members, begins, first, last, found, at):
    """Add up the ties of the parts from first up to last to others; return where they end."""
    start, other, weight = ties
    starts, others, weights = found
    near, met = np.zeros(len(begins) - 1), np.empty(len(begins) - 1, np.int32)
    for own in range(first, last):
        n_met = 0
        for i in range(begins[own], begins[own + 1]):
            for k in range(start[members[i]], start[members[i] + 1]):
                there = part[other[k]]
                if there != own:
                    if near[there] == 0.0:
                        met[n_met] = there
                        n_met += 1
                    near[there] += weight[k]
        for i in range(n_met):
            others[at], weights[at] = met[i], near[met[i]]
            near[met[i]] = 0.0
            at += 1
        starts[own + 1] = at
    return at
