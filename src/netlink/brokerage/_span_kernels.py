"""Short searches: the way round a tie."""

from __future__ import annotations

import numpy as np

from netlink._arrays._kernel import kernel


@kernel
def ways_round(start, other, source, target, found):
    """Write the steps from source to target of each tie when the tie itself is not used.

    Searches from both ends take turns, the one with fewer to look at first; where there is no
    other way the value stays as it was.
    """
    n = len(start) - 1
    mark = np.zeros(
        n, np.int32
    )  # the distance, above 0 from the source and below 0 from the target
    queue = np.empty((2, n), np.int32)
    head, tail, work = np.zeros(2, np.int64), np.zeros(2, np.int64), np.zeros(2, np.int64)
    for tie in range(len(source)):
        ends = (source[tie], target[tie])
        for side in range(2):
            queue[side, 0], head[side], tail[side] = ends[side], 0, 1
            mark[ends[side]] = 1 - 2 * side
            work[side] = start[ends[side] + 1] - start[ends[side]]
        best = 0
        while best == 0 and head[0] < tail[0] and head[1] < tail[1]:
            side = 0 if work[0] <= work[1] else 1
            sign = 1 - 2 * side
            last, work[side] = tail[side], 0
            while head[side] < last:
                here = queue[side, head[side]]
                head[side] += 1
                for k in range(start[here], start[here + 1]):
                    there = other[k]
                    if here == ends[side] and there == ends[1 - side]:
                        continue
                    if mark[there] == 0:
                        mark[there] = mark[here] + sign
                        queue[side, tail[side]] = there
                        tail[side] += 1
                        work[side] += start[there + 1] - start[there]
                    elif mark[there] * sign < 0:
                        length = abs(mark[here]) + abs(mark[there]) - 1
                        if best == 0 or length < best:
                            best = length
        if best:
            found[tie] = best
        for side in range(2):
            for i in range(tail[side]):
                mark[queue[side, i]] = 0
