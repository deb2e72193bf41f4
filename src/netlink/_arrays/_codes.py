"""Positions of many texts among ids: a hash table over the buffers of Arrow."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import numpy as np

from netlink._arrays._kernel import kernel

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

_PRIME = np.uint64(0x9E3779B97F4A7C15)
# Another one in each process: nobody can make up ids that all fall into one place of the table. The
# positions found do not depend on it.
_BASIS = np.uint64(int.from_bytes(os.urandom(8), "little"))
_EMPTY = np.int64(-1)
_WORD = np.int64(8)


@kernel
def _mixed(key: Any) -> Any:
    # Two rounds of the finalizer of splitmix64 (Steele, Lea & Flood 2014).
    key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return key ^ (key >> np.uint64(31))


@kernel
def _key(data: Any, begin: Any, end: Any, basis: Any) -> Any:
    """Return up to 8 bytes as they are, and a hash of more."""
    key = np.uint64(0)
    if end - begin <= _WORD:
        for at in range(end - begin):
            key |= np.uint64(data[begin + at]) << np.uint64(8 * at)
        return key
    key = basis
    for first in range(begin, end, _WORD):
        word = np.uint64(0)
        for at in range(first, min(first + _WORD, end)):
            word = (word << np.uint64(8)) | np.uint64(data[at])
        key = _mixed(key ^ word) * _PRIME
    return key


@kernel
def _place(data: Any, begin: Any, end: Any, key: Any, basis: Any, table: Any, known: Any) -> Any:
    """Return where a text stands in the table, or the empty place where it would.

    A place holds the key, and the length and position of an id: what is no longer than a key is
    found without a look at the id itself.
    """
    offsets, ids = known
    length = end - begin
    mask = np.uint64(len(table) - 1)
    place = _mixed(key ^ basis ^ np.uint64(length)) & mask
    while table[place, 1] != _EMPTY:
        if np.uint64(table[place, 0]) == key and table[place, 1] >> 32 == length:
            if length <= _WORD:
                return place
            first = offsets[table[place, 1] & 0xFFFFFFFF]
            at = 0
            while at < length and data[begin + at] == ids[first + at]:
                at += 1
            if at == length:
                return place
        place = (place + np.uint64(1)) & mask
    return place


@kernel
def _filled(known: Any, table: Any, basis: Any) -> None:
    offsets, ids = known
    for position in range(len(offsets) - 1):
        begin, end = offsets[position], offsets[position + 1]
        key = _key(ids, begin, end, basis)
        place = _place(ids, begin, end, key, basis, table, known)
        if table[place, 1] == _EMPTY:  # of ids that stand twice the first counts
            table[place, 0] = np.int64(key)
            table[place, 1] = ((end - begin) << 32) | position


@kernel
def _found(column: Any, rows: Any, table: Any, known: Any, basis: Any, result: Any) -> None:
    offsets, data = column
    for row in range(rows[0], rows[1]):
        begin, end = offsets[row], offsets[row + 1]
        key = _key(data, begin, end, basis)
        place = _place(data, begin, end, key, basis, table, known)
        entry = table[place, 1]
        result[row] = -1 if entry == _EMPTY else entry & 0x7FFFFFFF


def _buffers(array: pa.Array) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
    _, offsets, data = array.buffers()
    found = np.frombuffer(offsets, dtype=np.int64)[array.offset : array.offset + len(array) + 1]
    return found, np.frombuffer(data or b"", dtype=np.uint8)


def positions(column: pa.Array, ids: pa.Array) -> NDArray[np.int32]:
    """Return the position of each text among the ids, -1 where it is none of them or missing.

    Both are of type large_string, the ids without missing ones.
    """
    known, given = _buffers(ids), _buffers(column)
    table = np.full((1 << max(4, (2 * len(ids)).bit_length()), 2), _EMPTY)
    _filled(known, table, _BASIS)
    result = np.empty(len(column), dtype=np.int32)
    threads = min(os.cpu_count() or 1, 8)
    borders = np.linspace(0, len(column), threads + 1).astype(np.int64).tolist()

    def part(at: int) -> None:
        _found(given, (borders[at], borders[at + 1]), table, known, _BASIS, result)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(part, range(threads)))
    if column.null_count:
        result[column.is_null().to_numpy(zero_copy_only=False)] = -1
    return result
