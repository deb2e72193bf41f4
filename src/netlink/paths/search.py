"""The shortest paths, in an order that leaves nothing open."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field
from heapq import heappop, heappush
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_ROUNDING = 1 + 1e-9  # sums of lengths taken from either end may differ in the last digits

# Length, whether the path is complete, path, where the part leaves it, length up to there, where
# the part does not go on to. Paths are tuples of positions, so that they sort in the order of ids.
_Part: TypeAlias = tuple[float, bool, tuple[int, ...], int, float, set[int]]


def distances(ties: csr_array, start: int) -> NDArray[np.float64]:
    """Return the distance from one entity to each."""
    from scipy.sparse.csgraph import dijkstra

    found: NDArray[np.float64] = dijkstra(ties, indices=[start])[0]
    return found


@dataclass
class Search:
    """Paths to one target: A* with the true distances of the whole network as its estimate."""

    ties: csr_array
    left: list[float]  # from each entity to the target
    target: int
    _back: csr_array = field(init=False)

    def __post_init__(self) -> None:
        self._back = self.ties.T.tocsr()

    def best(self, start: int, k: int) -> list[list[int]]:
        """Return the k best paths: Yen's method, the paths split up as Lawler does.

        Every path not yet found lies in exactly one of the parts "begins like this, does not go on
        like that", and each part is in the queue: with its best path or, while that is not
        searched for, with a length that it cannot fall short of. Ties need no rule of their own.
        """
        queue: list[_Part] = [(self.left[start] / _ROUNDING, False, (start,), 0, 0.0, set())]
        found: list[list[int]] = []
        while queue:
            _, complete, path, at, gone, shut = heappop(queue)
            if not complete:
                place = {entity: at for at, entity in enumerate(path)}
                way = self.one(path[at], gone, place, shut)
                if way:
                    heappush(queue, (way[0], True, (*path[:at], *way[1]), at, gone, shut))
                continue
            found.append(list(path))
            if len(found) == k:
                break
            for part in self._parts(path, at, gone, shut):
                heappush(queue, part)
        return found

    def _parts(
        self, path: tuple[int, ...], first: int, gone: float, not_on: set[int]
    ) -> Iterator[_Part]:
        """Split what is left of a part of the paths when its best path is taken out."""
        place = {entity: at for at, entity in enumerate(path)}
        for at in range(first, len(path) - 1):
            shut = {path[at + 1]} | (not_on if at == first else set())
            ways = dict(self._after(path[at]))
            least = min(
                (
                    cost + self.left[to]
                    for to, cost in ways.items()
                    if place.get(to, at) >= at and to not in shut
                ),
                default=math.inf,
            )
            if least < math.inf:
                yield (gone + least) / _ROUNDING, False, path, at, gone, shut
            gone += ways[path[at + 1]]

    def _after(self, entity: int) -> zip[tuple[int, float]]:
        part = slice(*self.ties.indptr[entity : entity + 2])
        return zip(self.ties.indices[part].tolist(), self.ties.data[part].tolist(), strict=True)

    def one(
        self, start: int, gone: float, place: dict[int, int], shut: set[int]
    ) -> tuple[float, list[int]] | None:
        """Return the best way from `start` to the target and the length at its end.

        It leads through no entity that has its place before `start`, nor first to one of `shut`.
        """
        here = place.get(start, 0)
        reached = {start: gone}
        before: dict[int, set[int]] = {start: set()}
        queue = [(gone + self.left[start], start)]
        back = self._backwards(start, place, shut)
        while queue and queue[0][0] <= reached.get(self.target, math.inf) * _ROUNDING:
            estimate, at = heappop(queue)
            if at == self.target or estimate > reached[at] + self.left[at]:
                continue
            for to, cost in self._after(at):
                if place.get(to, here) < here or (at == start and to in shut):
                    continue
                new, old = reached[at] + cost, reached.get(to, math.inf)
                if new < old and self.left[to] < math.inf:
                    reached[to], before[to] = new, {at}
                    heappush(queue, (new + self.left[to], to))
                elif new == old:
                    before[to].add(at)
            # A wall around the target is soon found from its side; without `shut` there is none.
            if shut and self.target not in reached and not next(back):
                return None
        if self.target not in reached:
            return None
        return reached[self.target], _first(start, self.target, reached, before)

    def _backwards(self, start: int, place: dict[int, int], shut: set[int]) -> Iterator[bool]:
        """Search from the target, one entity a step; False when it ends without meeting `start`."""
        here = place.get(start, 0)
        seen, queue = {self.target}, deque([self.target])
        while queue and start not in seen:
            at = queue.popleft()
            for to in self._back.indices[slice(*self._back.indptr[at : at + 2])].tolist():
                if (
                    to not in seen
                    and place.get(to, here) >= here
                    and (to != start or at not in shut)
                ):
                    seen.add(to)
                    queue.append(to)
            yield True
        while True:
            yield start in seen


def _first(
    start: int, target: int, reached: dict[int, float], before: dict[int, set[int]]
) -> list[int]:
    """Return, of all shortest ways, the one whose entities come first in order."""
    onward: dict[int, list[int]] = {}
    seen, todo = {target}, [target]
    while todo:
        at = todo.pop()
        for origin in before[at]:
            onward.setdefault(origin, []).append(at)
            if origin not in seen:
                seen.add(origin)
                todo.append(origin)
    path, visited = [start], {start}
    while path[-1] != target:
        ways = sorted(way for way in onward[path[-1]] if way not in visited)
        if len(ways) > 1:
            ways = [way for way in ways if _leads_on(way, target, reached, onward, visited)]
        path.append(ways[0])
        visited.add(ways[0])
    return path


def _leads_on(
    way: int,
    target: int,
    reached: dict[int, float],
    onward: dict[int, list[int]],
    visited: set[int],
) -> bool:
    # Among hops of no length a way can lead back into itself: it must come out further on.
    seen, todo = {way}, [way]
    while todo:
        at = todo.pop()
        if at == target:
            return True
        for to in onward[at]:
            if reached[to] > reached[way]:
                return True
            if to not in seen and to not in visited:
                seen.add(to)
                todo.append(to)
    return False
