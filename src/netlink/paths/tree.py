"""The short tree that joins several entities, as Kou, Markowsky and Berman, and Mehlhorn, do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.paths.question import Codes, Floats, Question


def spanning(question: Question, lengths: Floats) -> NDArray[np.int64] | None:
    """Return the ties of the tree, None where the entities are not all connected.

    Each entity goes to the nearest of those asked about. Where the territories of two of them
    touch, a path leads from the one to the other; the shortest of these paths that join all are
    taken, and what is no way to anybody is left out.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import dijkstra

    place, matrix = question.allowed
    asked, tail, head = question.sources, question.ways.source[place], question.ways.out[place]
    weighted = csr_array((lengths[place], matrix.indices, matrix.indptr), shape=matrix.shape)
    away, before, nearest = dijkstra(
        weighted, indices=asked, min_only=True, return_predecessors=True
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


def is_connected(question: Question) -> bool:
    """Tell whether all entities asked about hang together."""
    from scipy.sparse.csgraph import connected_components

    part = connected_components(question.allowed[1], directed=False)[1]
    return len(np.unique(part[question.sources])) == 1


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
