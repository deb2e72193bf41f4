"""The short tree that joins several entities: either way, or along the directions."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.paths.question import Codes, Floats, Question


def spanning(question: Question, lengths: Floats) -> NDArray[np.int64] | None:
    """Return the ties of the tree, None where the entities are not all connected.

    Each entity goes to the nearest of those asked about. Where the territories of two of them
    touch, a path leads from the one to the other; the shortest of these paths that join all are
    taken, and what is no way to anybody is left out (Kou, Markowsky and Berman; Mehlhorn).
    """
    from scipy.sparse.csgraph import dijkstra

    place, matrix = question.allowed
    asked, tail, head = question.sources, question.ways.source[place], question.ways.out[place]
    away, before, nearest = dijkstra(
        _onward(question, lengths, backward=False),
        indices=asked,
        min_only=True,
        return_predecessors=True,
    )
    meets = (tail < head) & np.isfinite(away[tail]) & (nearest[tail] != nearest[head])
    tail, head, length = tail[meets], head[meets], lengths[place][meets]
    ends = np.sort(np.column_stack([nearest[tail], nearest[head]]), axis=1)
    total = away[tail] + length + away[head]
    # Of each two territories the shortest path alone, the first in order of equals.
    pair, found = pd.factorize(ends[:, 0].astype(np.int64) * matrix.shape[0] + ends[:, 1])
    least = np.full(len(found), np.inf)
    np.minimum.at(least, pair, total)
    best = np.flatnonzero(total == least[pair])
    order = best[np.lexsort((head[best], tail[best], *ends[best].T[::-1], total[best]))]
    joined = _tree(ends[order])
    if len(joined) < len(asked) - 1:
        return None
    bridges = order[joined]
    on_tree = _walked(before, np.concatenate([tail[bridges], head[bridges], asked]))
    return _pruned(question, lengths, on_tree)


def branching(
    question: Question, length: str | None, *, backward: bool
) -> NDArray[np.int64] | None:
    """Return the ties of a tree that leads from one of the entities to all others, or back.

    It begins at the one from whom the others are nearest, all distances added up. Then the nearest
    of those left is joined by the shortest path from what is there (Takahashi and Matsuyama), which
    is never longer than that from the beginning. None where nobody reaches all others.
    """
    from scipy.sparse.csgraph import dijkstra

    from netlink.paths._kernels import OPEN, SOURCE, TARGET, distances

    asked, ties = question.sources, question.lengths(length)
    kind = np.where(question.kind == SOURCE, np.uint8(OPEN), question.kind)
    total = [
        distances(ties[backward], kind, one, TARGET)[asked].sum() for one in asked.reshape(-1, 1)
    ]
    if np.isinf(total).all():
        return None
    ways = _onward(question, ties[0][2], backward=backward)
    is_on = np.zeros(ways.shape[0], dtype=bool)
    is_on[asked[np.argmin(total)]] = True
    hops = []
    while len(left := asked[~is_on[asked]]):
        away, before, _ = dijkstra(
            ways, indices=np.flatnonzero(is_on), min_only=True, return_predecessors=True
        )
        at = int(left[np.argmin(away[left])])
        while not is_on[at]:
            is_on[at] = True
            hops.append((int(before[at]), at))
            at = int(before[at])
    tail, head = np.array(hops).T[:: -1 if backward else 1]
    return np.sort(question.ways.ties(tail, head))


def is_joined(question: Question, *, backward: bool) -> bool:
    """Tell whether some entity asked about reaches all others."""
    from scipy.sparse.csgraph import breadth_first_order

    asked, ways = question.sources, _onward(question, question.ways.ones, backward=backward)
    return any(
        np.isin(asked, breadth_first_order(ways, entity, return_predecessors=False)).all()
        for entity in asked
    )


def _onward(question: Question, lengths: Floats, *, backward: bool) -> csr_array:
    """Return the ties that may be used as a matrix of lengths."""
    from scipy.sparse import csr_array

    place, matrix = question.allowed
    found = csr_array((lengths[place], matrix.indices, matrix.indptr), shape=matrix.shape)
    return found.T.tocsr() if backward else found


def _tree(ends: NDArray[np.integer]) -> list[int]:
    """Return which of some ties, the first before the later ones, make no circle (Kruskal)."""
    parent: dict[int, int] = {}

    def root(entity: int) -> int:
        while (above := parent.setdefault(entity, entity)) != entity:
            parent[entity] = parent[above]
            entity = parent[entity]
        return entity

    found = []
    for i, (a, b) in enumerate(ends.tolist()):
        one, other = root(a), root(b)
        if one != other:
            parent[one] = other
            found.append(i)
    return found


def _walked(before: NDArray[np.int32], starts: Iterable[int]) -> Codes:
    """Return everything on the ways back from some entities."""
    seen: set[int] = set()
    for start in starts:
        at = int(start)
        while at >= 0 and at not in seen:
            seen.add(at)
            at = int(before[at])
    return np.array(sorted(seen), dtype=np.int32)


def _pruned(question: Question, lengths: Floats, entities: Codes) -> NDArray[np.int64]:
    """Return the shortest tree of some entities without the branches that lead to nobody."""
    place = question.allowed[1][entities][:, entities].tocoo()
    at, to = place.coords
    keep = at < to
    at, to, ties = at[keep], to[keep], place.data[keep] - 1
    order = np.lexsort((to, at, lengths[ties]))
    order = order[_tree(np.column_stack([at, to])[order])]
    is_asked = np.isin(entities, question.sources)
    count = Counter(np.concatenate([at[order], to[order]]).tolist())
    by_end: dict[int, set[int]] = {}
    for i in order.tolist():
        by_end.setdefault(int(at[i]), set()).add(i)
        by_end.setdefault(int(to[i]), set()).add(i)
    left = set(order.tolist())
    todo = [end for end in count if count[end] == 1 and not is_asked[end]]
    while todo:
        end = todo.pop()
        (i,) = by_end[end]
        left.remove(i)
        other = int(at[i]) + int(to[i]) - end
        by_end[other].remove(i)
        if len(by_end[other]) == 1 and not is_asked[other]:
            todo.append(other)
    found: NDArray[np.int64] = np.sort(ties[sorted(left)]).astype(np.int64)
    return found
