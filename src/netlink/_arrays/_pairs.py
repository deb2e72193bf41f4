"""Pairs of rows and columns sorted by two counting sorts, on several threads.

Each thread has a part of the pairs and a place of its own for each of their keys, in the order of
the parts, so no two write to one place and the number of threads does not show.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netlink._arrays._kernel import kernel

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Codes = NDArray[np.int32]

_THREADS = min(os.cpu_count() or 1, 4)
_FEW = 32  # values from which sorting by insertion takes longer


@kernel
def _sizes(source, target, mirror, size):
    for k in range(len(source)):
        i, j = source[k], target[k]
        size[j] += 1
        size[i] += mirror[k] and i != j


@kernel
def _by_column(source, target, value, mirror, place, row, found):
    for k in range(len(source)):
        i, j = source[k], target[k]
        at = place[j]
        row[at], found[at] = i, value[k]
        place[j] = at + 1
        if mirror[k] and i != j:
            at = place[i]
            row[at], found[at] = j, value[k]
            place[i] = at + 1


@kernel
def _tally(row, size):
    for i in row:
        size[i] += 1


@kernel
def _by_row(starts, own, row, value, place, column, found):
    for j in range(own[0], own[1]):
        for k in range(starts[j], starts[j + 1]):
            i = row[k]
            at = place[i]
            column[at], found[at] = j, value[k]
            place[i] = at + 1


def _places(size: NDArray[np.int32]) -> tuple[Codes, NDArray[np.int32]]:
    """Return where each key starts, and in `size`, by part and key, the place of each part."""
    starts = np.zeros(size.shape[1] + 1, np.int32)
    np.cumsum(size.sum(axis=0, dtype=np.int32), dtype=np.int32, out=starts[1:])
    at = starts[:-1].copy()
    for part in size:
        part[:], at = at, at + part
    return starts, size


def both_sorted(
    source: Codes, target: Codes, value: NDArray[np.float64], mirror: NDArray[np.bool_], n: int
) -> tuple[Codes, Codes, NDArray[np.float64]]:
    """Sort pairs, those where `mirror` is true both ways, by row and then column.

    Return where each row starts, the columns and the values.
    """
    borders = np.linspace(0, len(source), _THREADS + 1).astype(np.int64)
    parts = [slice(*ends) for ends in pairwise(borders.tolist())]
    size = np.zeros((_THREADS, n), np.int32)
    with ThreadPoolExecutor(_THREADS) as pool:

        def in_parts(call: Callable[[int], None]) -> None:
            list(pool.map(call, range(_THREADS)))

        def sizes(t: int) -> None:
            _sizes(source[parts[t]], target[parts[t]], mirror[parts[t]], size[t])

        in_parts(sizes)
        middle, place = _places(size)
        m = int(middle[-1])
        row, carried = np.empty(m, np.int32), np.empty(m, np.float64)

        def by_column(t: int) -> None:
            part = parts[t]
            given = source[part], target[part], value[part], mirror[part]
            _by_column(*given, place[t], row, carried)

        in_parts(by_column)
        # About as many pairs each, whole columns.
        cut = np.searchsorted(middle, np.linspace(0, m, _THREADS + 1))
        cut[0], cut[-1] = 0, n
        size[:] = 0
        in_parts(lambda t: _tally(row[middle[cut[t]] : middle[cut[t + 1]]], size[t]))
        starts, place = _places(size)
        column, found = np.empty(m, np.int32), np.empty(m, np.float64)
        in_parts(
            lambda t: _by_row(middle, (cut[t], cut[t + 1]), row, carried, place[t], column, found)
        )
    return starts, column, found


def merged(
    starts: Codes, columns: Codes, value: NDArray[np.float64], in_order: bool
) -> tuple[Codes, Codes, NDArray[np.float64]]:
    """Add the values of pairs alike, from small to large where `in_order`; `value` is sorted so.

    Return where each row starts, the columns and the sums.
    """
    n, m = len(starts) - 1, len(columns)
    # About as many pairs each, whole rows.
    cut = np.searchsorted(starts, np.linspace(0, m, _THREADS + 1))
    cut[0], cut[-1] = 0, n
    size, first = np.empty(n + 1, np.int32), np.empty(m, bool)
    size[0] = 0

    def begun(t: int) -> None:
        _begun(starts, (cut[t], cut[t + 1]), columns, first, size[1:])

    def added(t: int) -> None:
        own, new = (slice(of[cut[t]], of[cut[t + 1]]) for of in (starts, found))
        if in_order:
            _order(first[own], value[own])
        at = np.flatnonzero(first[own])
        if len(at):
            columns[own].take(at, out=kept[new])
            np.add.reduceat(value[own], at, out=sums[new])

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(begun, range(_THREADS)))
        found = np.cumsum(size, dtype=np.int32)
        kept, sums = np.empty(found[-1], np.int32), np.empty(found[-1], np.float64)
        list(pool.map(added, range(_THREADS)))
    return found, kept, sums


@kernel
def _begun(starts, own, columns, first, size):
    for i in range(own[0], own[1]):
        last, count = -1, 0
        for k in range(starts[i], starts[i + 1]):
            first[k] = columns[k] != last
            count += first[k]
            last = columns[k]
        size[i] = count


def _order(first: NDArray[np.bool_], value: NDArray[np.float64]) -> None:
    _order_short(first, value)
    begin = np.append(np.flatnonzero(first), len(first))
    long = np.flatnonzero(np.diff(begin) > _FEW)
    for start, end in zip(begin[long].tolist(), begin[long + 1].tolist(), strict=True):
        value[start:end].sort()


@kernel
def _order_short(first, value):
    begin = 0
    for end in range(1, len(value) + 1):
        if end < len(value) and not first[end]:
            continue
        if end - begin <= _FEW:
            for k in range(begin + 1, end):
                one, at = value[k], k
                while at > begin and value[at - 1] > one:
                    value[at] = value[at - 1]
                    at -= 1
                value[at] = one
        begin = end
