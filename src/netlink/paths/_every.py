"""Every path up to a number of hops, by depth, pruned by how far it is to the target."""

from __future__ import annotations

import numpy as np

from netlink._arrays._kernel import kernel
from netlink.paths._kernels import OPEN, TARGET


@kernel
def _wider(array, size):
    more = np.empty(2 * len(array), array.dtype)
    more[:size] = array[:size]
    return more


@kernel
def every(ties, kind, label, sources, most, limit):
    """Return paths one after the other, the entities in each, and whether these are all.

    Fewer hops first, then in the order of ids. `label` is the number of hops to the target, -1
    where it is more than `most`.
    """
    begin, out, length = ties
    steps, sizes = np.empty(1024, np.int32), np.empty(256, np.int64)
    n_steps, n_paths = 0, 0
    is_on = np.zeros(len(kind), np.bool_)
    path, place = np.empty(most + 1, np.int32), np.empty(most + 1, np.int64)
    for hops in range(1, most + 1):
        for source in sources:
            depth = 0
            path[0], place[0] = source, begin[source]
            while depth >= 0:
                at = path[depth]
                if place[depth] == begin[at + 1]:
                    is_on[at] = False
                    depth -= 1
                    continue
                k = place[depth]
                place[depth] += 1
                to, left = out[k], hops - depth - 1
                if label[to] < 0 or label[to] > left or length[k] == np.inf:
                    continue
                if left > 0:
                    if kind[to] == OPEN and not is_on[to]:
                        depth += 1
                        path[depth], place[depth], is_on[to] = to, begin[to], True
                    continue
                if kind[to] != TARGET:
                    continue
                if n_paths == limit:
                    return steps[:n_steps], sizes[:n_paths], False
                while n_steps + hops + 1 > len(steps):
                    steps = _wider(steps, n_steps)
                if n_paths == len(sizes):
                    sizes = _wider(sizes, n_paths)
                for i in range(hops):
                    steps[n_steps + i] = path[i]
                steps[n_steps + hops] = to
                n_steps += hops + 1
                sizes[n_paths] = hops + 1
                n_paths += 1
    return steps[:n_steps], sizes[:n_paths], True
