"""The shortest paths, in an order that leaves nothing open."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.paths.question import Codes, Floats, Question, Ties

_ROUNDING = 1 + 1e-9  # sums of lengths taken from either end may differ in the last digits

# Length, whether the path is complete, path, where the part leaves it, length up to there, where
# the part does not go on to. Paths are tuples of positions, so that they sort in the order of ids.
_Part: TypeAlias = tuple[float, bool, tuple[int, ...], int, float, tuple[int, ...]]


def best(question: Question, ties: Ties, back: Ties) -> Codes | None:
    """Return the entities of the shortest path, of equals the first in the order of ids."""
    from netlink.paths._kernels import meet

    is_unit = ties[2] is question.ways.ones
    left = meet(ties, back, question.kind, question.sources, question.targets, is_unit)
    if np.isinf(left[question.sources]).all():
        return None
    return Search(question, ties, back, left).one()


class Search:
    """Paths to the targets, where it is known how much of the way is left from each entity."""

    def __init__(self, question: Question, ties: Ties, back: Ties, left: Floats) -> None:
        from netlink.paths._ways import new_work

        self.question, self.ties, self.back, self.left = question, ties, back, left
        self._work = new_work(len(left))
        self._barred = np.zeros(len(left), dtype=bool)

    def one(self) -> Codes:
        """Return the best path."""
        found = [self._way((source,), 0, 0.0, ()) for source in self._starts()]
        return min(found, key=lambda way: (way[0], way[1].tolist()))[1]

    def _starts(self) -> list[int]:
        sources = self.question.sources
        least = self.left[sources].min() * _ROUNDING
        found: list[int] = sources[self.left[sources] <= least].tolist()
        return found

    def best(self, k: int) -> list[tuple[int, ...]]:
        """Return the k best paths: Yen's method, the paths split up as Lawler does.

        Every path not yet found lies in exactly one of the parts "begins like this, does not go on
        like that", and each part is in the queue: with its best path or, while that is not
        searched for, with a length that it cannot fall short of. Ties need no rule of their own.
        """
        sources = self.question.sources
        sources = sources[np.isfinite(self.left[sources])]
        queue: list[_Part] = [
            (float(self.left[source]) / _ROUNDING, False, (source,), 0, 0.0, ())
            for source in sources.tolist()
        ]
        queue.sort()
        found: list[tuple[int, ...]] = []
        while queue:
            _, complete, path, at, gone, shut = heappop(queue)
            if not complete:
                length, way = self._way(path, at, gone, shut)
                if len(way):
                    heappush(queue, (length, True, (*path[:at], *way.tolist()), at, gone, shut))
                continue
            found.append(path)
            if len(found) == k:
                break
            for part in self._parts(path, at, gone, shut):
                heappush(queue, part)
        return found

    def _way(
        self, path: tuple[int, ...], at: int, gone: float, shut: tuple[int, ...]
    ) -> tuple[float, Codes]:
        from netlink.paths._ways import way

        before = np.array(path[:at], dtype=np.int32)
        self._barred[before] = True
        length, found = way(
            self.ties,
            self.back,
            self.question.kind,
            self.left,
            self._barred,
            path[at],
            gone,
            np.array(shut, dtype=np.int32),
            self.question.targets,
            self._work,
        )
        self._barred[before] = False
        return float(length), found

    def _parts(
        self, path: tuple[int, ...], first: int, gone: float, not_on: tuple[int, ...]
    ) -> Iterator[_Part]:
        """Split what is left of a part of the paths when its best path is taken out."""
        from netlink.paths._ways import parts

        cost, least = parts(
            self.ties,
            self.question.kind,
            self.left,
            self._barred,
            np.array(path, dtype=np.int32),
            first,
            np.array(not_on, dtype=np.int32),
        )
        begun = np.cumsum(
            np.append(gone, cost[first:])
        )  # from left to right, as paths are added up
        for at in np.flatnonzero(np.isfinite(least)).tolist():
            shut = (path[at + 1], *(not_on if at == first else ()))
            here = float(begun[at - first])
            yield (here + float(least[at])) / _ROUNDING, False, path, at, here, shut
