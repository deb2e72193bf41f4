"""Keys of rows, and the few rows that may have a key in common, on several threads.

A bit a hash says that it was met, and another that it was met again: what shares a bit by chance is
for the caller to tell apart.
"""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from netlink._arrays._codes import _mixed
from netlink._arrays._kernel import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Bits = NDArray[np.uint64]

_THREADS = min(os.cpu_count() or 1, 4)
_STEP = np.uint64(0x9E3779B97F4A7C15)
_ROOM = 16  # bits a row: one in sixteen of others shares a bit by chance


@kernel
def _keyed(source, target, first, second, rows, keys):
    for k in range(rows[0], rows[1]):
        low, high = min(source[k], target[k]), max(source[k], target[k])
        key = _mixed((np.uint64(low) << np.uint64(32)) | np.uint64(high))
        keys[k] = _mixed(_mixed((key ^ first[k]) + _STEP) ^ second[k])


@kernel
def _marked(keys, part, parts, once, twice, found):
    mask = np.uint64(len(once) * 8 - 1)
    for k in range(len(keys)):
        if keys[k] % parts == part:
            at = (keys[k] >> np.uint64(8)) & mask
            byte, bit = at >> np.uint64(3), np.uint8(1 << (at & np.uint64(7)))
            if once[byte] & bit:
                twice[byte] |= bit
            once[byte] |= bit
    for k in range(len(keys)):
        if keys[k] % parts == part:
            at = (keys[k] >> np.uint64(8)) & mask
            found[k] = twice[at >> np.uint64(3)] >> (at & np.uint64(7)) & 1


def candidates(
    source: NDArray[np.int32], target: NDArray[np.int32], first: Bits, second: Bits
) -> tuple[NDArray[np.int64], Bits]:
    """Return rows of which another may have the same two ends and columns, and their keys."""
    n = len(source)
    keys, found = np.empty(n, np.uint64), np.zeros(n, bool)
    borders = pairwise(np.linspace(0, n, _THREADS + 1).astype(np.int64).tolist())
    size = 1 << max(8, (_ROOM * n // _THREADS // 8).bit_length())

    def look_at(part: int) -> None:
        once, twice = np.zeros(size, np.uint8), np.zeros(size, np.uint8)
        _marked(keys, np.uint64(part), np.uint64(_THREADS), once, twice, found)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(lambda rows: _keyed(source, target, first, second, rows, keys), borders))
        list(pool.map(look_at, range(_THREADS)))
    rows = np.flatnonzero(found)
    return rows, keys[rows]
