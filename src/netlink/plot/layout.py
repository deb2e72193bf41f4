"""Where everything stands: communities within components, components side by side.

The unit is the distance that two neighbours must keep; nothing here depends on the order of rows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _engine
from netlink.communities import leiden

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network

    Places = NDArray[np.float64]

_PLAIN = 150  # up to this many entities nothing but their ties decides where they stand
_WIDE = 1.3  # pictures are wider than high


def positions(
    ties: csr_array, group: NDArray[np.int64], radius: NDArray[np.float64], seed: int
) -> Places:
    """Place every entity; those of one group and component stand together."""
    n = ties.shape[0]
    start = np.random.default_rng(seed).uniform(-1.0, 1.0, (n, 2))
    parts = _components(ties)
    alone = np.array([part[0] for part in parts if len(part) == 1], dtype=np.int64)
    parts = [part for part in parts if len(part) > 1]
    places = [
        _component(ties[part][:, part], group[part], radius[part], start[part], seed)
        for part in parts
    ]
    if len(alone):
        parts.append(alone)
        places.append(_grid(len(alone)))
    xy = np.zeros((n, 2))
    for part, place, corner in zip(parts, places, _packed(places), strict=True):
        xy[part] = place + corner
    return xy


def _components(ties: csr_array) -> list[NDArray[np.int64]]:
    """Return the entities of each component: the largest first, then by the smallest id."""
    from scipy.sparse.csgraph import connected_components

    _, component = connected_components(ties, directed=False)
    return sorted(_parted(component), key=lambda part: (-len(part), part[0]))


def _parted(label: NDArray[np.integer]) -> list[NDArray[np.int64]]:
    """Return the positions of each label."""
    order = np.argsort(label, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(label[order])) + 1) if len(label) else []


def blocks(ties: csr_array, group: NDArray[np.int64]) -> list[NDArray[np.int64]]:
    """Return the entities that stand together: of one group and one component."""
    return [part[own] for part in _components(ties) for own in _parted(group[part])]


def groups(network: Network, labels: pd.Series | None, seed: int) -> NDArray[np.int64]:
    """Return a number for each entity; those of one number are placed together."""
    from scipy.sparse import csr_array

    ties = network.to_scipy(directed=False, weight=None)
    if labels is None:
        if network.n_entities <= _PLAIN:
            return np.zeros(network.n_entities, dtype=np.int64)
        labels = leiden(network, weight=None, seed=seed).labels
    found = pd.factorize(labels, sort=True)[0].astype(np.int64)
    # What has no community of its own joins the one that most of its ties go to.
    while (found < 0).any():
        known = np.flatnonzero(found >= 0)
        shape = (len(found), int(found.max()) + 1)
        share = csr_array((np.ones(len(known)), (known, found[known])), shape=shape)
        toward = (ties @ share).tocsr()
        joins = (found < 0) & (np.diff(toward.indptr) > 0)
        if not joins.any():
            break
        found[joins] = toward[joins].argmax(axis=1).ravel()
    return found


def _component(
    ties: csr_array,
    group: NDArray[np.int64],
    radius: NDArray[np.float64],
    start: Places,
    seed: int,
) -> Places:
    parts = _parted(group)
    if len(parts) == 1:
        return _level(_spread(ties, radius, start, seed))
    member = np.zeros(len(group), dtype=np.int64)
    inner, centers, reach = np.zeros_like(start), np.zeros((len(parts), 2)), np.zeros(len(parts))
    for k, own in enumerate(parts):
        member[own] = k
        inner[own] = _spread(ties[own][:, own], radius[own], start[own], seed)
        centers[k] = start[own].mean(axis=0)
        reach[k] = np.hypot(*inner[own].T).max() + 2.0
    centers = _drawn(_merged(ties, member, len(parts)), centers, seed)
    # Start too close, then push apart: the gaps stay small and neighbors stay neighbors.
    centers = _level(centers - centers.mean(axis=0)) * [1.15, 1.0]
    centers *= 0.6 * np.sqrt((reach**2).sum()) / max(np.hypot(*centers.T).max(), 1e-9)
    centers = apart(centers, reach, rounds=1000)
    return centers[member] + _turned(ties, member, centers, inner)


def _spread(ties: csr_array, radius: NDArray[np.float64], start: Places, seed: int) -> Places:
    """Lay out one group around (0, 0), with room between neighbors."""
    n = len(start)
    if n == 1:
        return np.zeros((1, 2))
    xy = _drawn(ties, start, seed)
    xy -= np.median(xy, axis=0)
    distance = np.maximum(np.hypot(*xy.T), 1e-9)
    edge = 0.8 * np.sqrt(4.0 * (radius**2).sum()) * max(1.0, 1.5 - n / 400)
    even = edge * np.sqrt((np.argsort(np.argsort(distance, kind="stable")) + 0.5) / n)
    plain = distance * edge / distance.max()
    # Where many crowd in the middle and a few fly far, the rings are filled evenly.
    share = 0.8 if n > _PLAIN else 0.3
    xy *= ((share * even + (1.0 - share) * plain) / distance)[:, None]
    xy = apart(xy, radius, rounds=150)
    xy -= (xy.min(axis=0) + xy.max(axis=0)) / 2.0
    return xy


def _drawn(ties: csr_array, start: Places, seed: int) -> Places:
    graph = _engine.graph(ties, directed=False)
    graph.es["weight"] = np.log1p(graph.es["weight"]).tolist()
    return _engine.drawn(graph, start, seed)


def _merged(ties: csr_array, member: NDArray[np.int64], n: int) -> csr_array:
    """Return the ties between groups."""
    from scipy.sparse import csr_array

    source, target, weight = _engine.arcs(ties)
    between = csr_array((weight, (member[source], member[target])), shape=(n, n))
    between.sum_duplicates()
    return between


def apart(xy: Places, radius: NDArray[np.float64], *, rounds: int) -> Places:
    """Push discs apart until none overlaps, or the rounds are over."""
    from scipy.spatial import cKDTree

    xy = xy.copy()
    for _ in range(rounds):
        pairs = cKDTree(xy).query_pairs(2.0 * radius.max(), output_type="ndarray")
        pairs = pairs[np.lexsort(pairs.T)]
        a, b = pairs.T
        gap = xy[a] - xy[b]
        distance = np.hypot(*gap.T)
        need = radius[a] + radius[b] - distance
        close = need > 1e-3
        if not close.any():
            break
        a, b, need, distance, gap = (v[close] for v in (a, b, need, distance, gap))
        same = distance < 1e-9  # on one spot: the later one goes to the right
        gap[same], distance[same] = (-1.0, 0.0), 1.0
        # The smaller of two discs gives way.
        share = (radius[b] ** 2 / (radius[a] ** 2 + radius[b] ** 2))[:, None]
        step = gap * (need / distance)[:, None] * 0.8
        np.add.at(xy, a, step * share)
        np.add.at(xy, b, -step * (1.0 - share))
    return xy


def _turned(ties: csr_array, member: NDArray[np.int64], centers: Places, inner: Places) -> Places:
    """Turn each group so that its outward ties point where they go."""
    source, target, _ = _engine.arcs(ties)
    outward = member[source] != member[target]
    source, target = source[outward], target[outward]
    own = inner[source] @ [1.0, 1j]
    aim = (centers[member[target]] - centers[member[source]]) @ [1.0, 1j]
    pull = np.zeros(len(centers), dtype=complex)
    np.add.at(pull, member[source], np.conj(own) * aim / np.abs(aim))
    turn = np.where(np.abs(pull) > 1e-9, pull, 1.0)
    turned = (inner @ [1.0, 1j]) * (turn / np.abs(turn))[member]
    return np.column_stack([turned.real, turned.imag])


def _level(xy: Places) -> Places:
    """Turn a place so that it is wider than high."""
    middle = xy - xy.mean(axis=0)
    _, axes = np.linalg.eigh(middle.T @ middle)
    # Signs of eigenvectors are arbitrary: the larger part of each points up and to the right.
    axes = axes * np.sign(axes[np.abs(axes).argmax(axis=0), [0, 1]])
    level: Places = middle @ axes[:, ::-1]
    return level


def _grid(n: int) -> Places:
    """Return a compact block, row by row."""
    columns = int(np.ceil(np.sqrt(n * 2.0)))
    at = np.arange(n)
    return np.column_stack([at % columns, -(at // columns)]).astype(float) * 1.2


def _packed(places: list[Places]) -> list[NDArray[np.float64]]:
    """Return the shift of each block: on the first shelf with room, no wider than need be."""
    boxes = [np.ptp(place, axis=0) + 2.5 for place in places]
    area = sum(float(width * height) for width, height in boxes)
    limit = max([np.sqrt(area * _WIDE), *(float(width) for width, _ in boxes)])
    shelves: list[list[float]] = []  # how far each is filled, its top and its height
    shifts = []
    for place, (width, height) in zip(places, boxes, strict=True):
        shelf = next((s for s in shelves if s[0] + width <= limit and height <= s[2]), None)
        if shelf is None:
            shelf = [0.0, shelves[-1][1] - shelves[-1][2] if shelves else 0.0, float(height)]
            shelves.append(shelf)
        shifts.append(np.array([shelf[0] - place[:, 0].min(), shelf[1] - place[:, 1].max()]))
        shelf[0] += float(width)
    return shifts
