"""Ids to positions and back, and ties in CSR.

Invariant: entities stand in the order of their ids, and ties in the order of (source, target), so
nothing computed from these arrays depends on the order in which rows were read.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Codes: TypeAlias = NDArray[np.int32]

_NONE = np.empty(0, np.uint64)
_HASHED = 200_000  # rows from which kernels of our own are worth their loading
_BLOCK = 1 << 14
_THREADED = 200_000  # ties from which the triangles are counted on several threads


def to_arrow(column: pd.Series | pd.Index) -> pa.Array:
    """Return a text column as one large_string array, without a copy where pandas allows it."""
    array = pa.array(column, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.cast(pa.large_string())


def codes(column: pa.Array | pa.ChunkedArray, ids: pa.Array) -> Codes:
    """Return the position of each value among the ids, -1 where it is none of them."""
    if len(column) >= _HASHED and column.type == ids.type == pa.large_string():
        from netlink._arrays import _codes

        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0) if column.num_chunks == 1 else column.combine_chunks()
        return _codes.positions(column, ids)
    found = pc.index_in(column, value_set=ids)
    if isinstance(found, pa.ChunkedArray):
        found = found.combine_chunks()
    result: Codes = pc.fill_null(found, -1).to_numpy(zero_copy_only=False).astype(np.int32)
    return result


def row_keys(columns: dict[str, pd.Series], ends: tuple[Any, Any, Any]) -> NDArray[np.uint64]:
    """Hash the content of each row to 64 bits, whatever the order of rows, columns or ends.

    `ends` holds the hash of source and of target for each row and whether its type is directed:
    the ends of an undirected row are put in one order first.
    """
    source, target, directed = ends
    swap = ~directed & (source > target)
    key = mixed(np.where(swap, target, source), np.uint64(1))
    key = mixed(key ^ np.where(swap, source, target), np.uint64(2))
    return content_keys(columns, key)


def content_keys(columns: dict[str, pd.Series], key: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Hash the content of each row on top of a key, whatever the order of the columns."""
    for name in sorted(columns):
        salt = text_keys(np.array([name], dtype=object))[0]
        key = mixed(key ^ column_keys(columns[name]), salt)
    return key


def column_keys(column: pd.Series) -> NDArray[np.uint64]:
    """Hash each value of a column; a missing value has a hash of its own."""
    import pandas as pd

    if column.dtype.kind == "f":
        column = column + 0.0  # -0.0 is 0.0
    elif column.dtype == object:
        column = column.map(str, na_action="ignore")
    positions, found = pd.factorize(column)  # a missing value is at -1, the last
    if isinstance(found, pd.DatetimeIndex) and str(found.tz) == "UTC" and len(found):
        texts = _moment_texts(found)
    elif column.dtype == "str":
        texts = found.to_numpy(dtype=object)
    else:
        texts = np.array([str(value) for value in found], dtype=object)
    return np.append(text_keys(texts), np.uint64(0x9E3779B97F4A7C15))[positions]


def _moment_texts(moments: pd.DatetimeIndex) -> NDArray[np.object_]:
    """Write moments in UTC as `str` writes each, in a tenth of the time."""
    values = moments.tz_localize(None).to_numpy().astype("datetime64[us]")
    texts = np.char.replace(np.datetime_as_string(values, unit="us"), "T", " ")
    is_whole = values == values.astype("datetime64[s]")
    texts = np.where(is_whole, texts.astype("U19"), texts)
    found: NDArray[np.object_] = np.char.add(texts, "+00:00").astype(object)
    return found


def named(prefix: str, keys: NDArray[np.uint64]) -> pa.LargeStringArray:
    """Write keys as ids: a letter and 16 hexadecimal digits."""
    cells = np.full((len(keys), 17), ord(prefix), dtype=np.uint8)
    digits = keys.astype(">u8").tobytes().hex().encode()
    cells[:, 1:] = np.frombuffer(digits, np.uint8).reshape(-1, 16)
    starts = np.arange(len(keys) + 1, dtype=np.int64) * 17
    return pa.LargeStringArray.from_buffers(len(keys), pa.py_buffer(starts), pa.py_buffer(cells))


def text_keys(values: NDArray[np.object_]) -> NDArray[np.uint64]:
    """Hash texts to 64 bits, the same on every machine."""
    from pandas.util import hash_array

    found: NDArray[np.uint64] = hash_array(values, categorize=False) if len(values) else _NONE
    return found


def mixed(key: NDArray[np.uint64], salt: Any) -> NDArray[np.uint64]:
    """Mix numbers of 64 bits with a salt, or one each: every bit of the input moves all."""
    # The finalizer of splitmix64 (Steele, Lea & Flood 2014).
    with np.errstate(over="ignore"):
        key = key + salt * np.uint64(0x9E3779B97F4A7C15)
        key = (key ^ (key >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
        key = (key ^ (key >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
        return key ^ (key >> np.uint64(31))


def ties(
    source: Codes,
    target: Codes,
    weight: NDArray[np.float64] | None,
    mirror: NDArray[np.bool_],
    n: int,
) -> csr_array:
    """Merge parallel rows to ties in CSR: their weights added, or counted where weight is None.

    Rows where `mirror` is true count in both directions; a self-loop counts once.
    """
    from scipy.sparse import csr_array

    value = np.ones(len(source)) if weight is None else weight
    if len(source) >= _HASHED:
        from netlink._arrays import _pairs

        starts, columns, value = _pairs.both_sorted(source, target, value, mirror, n)
        starts, columns, value = _pairs.merged(starts, columns, value, not _adds_exactly(value))
        return csr_array((value, columns, starts), shape=(n, n))
    back = mirror & (source != target)
    rows = np.concatenate([source, target[back]])
    columns = np.concatenate([target, source[back]])
    value = np.concatenate([value, value[back]])
    starts, columns, value = sorted_pairs(rows, columns, value, n)
    if len(columns):
        # A tie begins where a row begins or the column changes.
        first = np.empty(len(columns), dtype=bool)
        first[0] = True
        np.not_equal(columns[1:], columns[:-1], out=first[1:])
        first[starts[:-1][starts[:-1] < len(columns)]] = True
        at = np.flatnonzero(first)
        if not _adds_exactly(value):
            # Then a sum of three or more depends on the order of its terms: from small to large, so
            # that neither the order of the rows nor of the ends shows.
            size = np.diff(at, append=len(first))
            parallel = np.flatnonzero(np.repeat(size > 2, size))
            order = np.lexsort((value[parallel], np.cumsum(first[parallel])))
            value[parallel] = value[parallel[order]]
        columns, value = columns[at], np.add.reduceat(value, at)
        starts = np.append(np.int32(0), np.cumsum(first, dtype=np.int32))[starts]
    return csr_array((value, columns, starts), shape=(n, n))


def alike(source: Codes, target: Codes, first: Any, second: Any) -> NDArray[np.int64]:
    """Return rows of which another has the same two ends and columns, or the same hash of them.

    Both columns are of 64 bits.
    """
    bits = [column.view(np.uint64) for column in (first, second)]
    if len(source) >= _HASHED:
        import pandas as pd

        from netlink._arrays import _alike

        rows, key = _alike.candidates(source, target, *bits)
        return rows[pd.Series(key).duplicated(keep=False).to_numpy()]
    # Block by block, as memory that is touched first costs more than the sums; half of the bits
    # will do, for a few rows more.
    short = np.empty(len(source), np.uint32)
    for at in range(0, len(source), _BLOCK):
        part = slice(at, at + _BLOCK)
        low, high = (
            which(source[part], target[part]).astype(np.uint64)
            for which in (np.minimum, np.maximum)
        )
        key = mixed((low << np.uint64(32)) | high, np.uint64(1))
        for column in bits:
            key = mixed(key ^ column[part], np.uint64(1))
        short[part] = key >> np.uint64(32)
    in_order = np.sort(short)
    twice = in_order[1:][in_order[1:] == in_order[:-1]]
    may_be = np.zeros(1 << 16, dtype=bool)
    may_be[twice >> 16] = True
    near: NDArray[np.int64] = np.flatnonzero(may_be[short >> 16])
    return near[np.isin(short[near], twice)]


def without_loops(ties: csr_array) -> csr_array:
    """Return the ties to others; the same matrix where there are no self-loops."""
    from scipy.sparse import csr_array

    n = ties.shape[0]
    is_tie = np.repeat(np.arange(n, dtype=np.int32), np.diff(ties.indptr)) != ties.indices
    if is_tie.all():
        return ties
    starts = np.append(np.int32(0), np.cumsum(is_tie, dtype=np.int32))[ties.indptr]
    return csr_array((ties.data[is_tie], ties.indices[is_tie], starts), shape=(n, n))


def sorted_pairs(
    rows: Codes, columns: Codes, value: NDArray[np.float64], n: int
) -> tuple[Codes, Codes, NDArray[np.float64]]:
    """Sort pairs by row, then column, stably: where each row starts, the columns, the values.

    Turning CSR around is a counting sort that carries the values along: by column, then by row.
    """
    from scipy.sparse import coo_array

    pairs = coo_array((value, (columns, rows)), shape=(n, n))
    pairs.has_canonical_format = True  # parallel ones stay apart
    by_row = pairs.tocsr().tocsc()
    return by_row.indptr, by_row.indices, by_row.data


def _adds_exactly(value: NDArray[np.float64]) -> bool:
    return bool(np.array_equal(value, np.rint(value)) and np.abs(value).sum() < 2.0**53)


def numbered(groups: NDArray[np.int32] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return groups numbered from 0, the largest first; of equals that of the smallest id."""
    _, first, found, size = np.unique(
        groups, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(size), dtype=np.int64)
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    return rank[found]


def upward(ties: csr_array) -> tuple[Codes, Codes, Codes, Codes]:
    """Return each tie once, at its less tied end: what kernels over triangles walk along.

    Ties are CSR of both directions. Of row i the entries from ``head[i]`` on say who stands at the
    other end and at which two places of CSR the tie is, seen from i and from there.
    """
    from netlink._arrays import _triangles

    found: tuple[Codes, Codes, Codes, Codes] = _triangles.upward(ties.indptr, ties.indices)
    return found


def triangles(ties: csr_array) -> NDArray[np.int64]:
    """Count the triangles at each entity; ties in both directions, self-loops left out."""
    from netlink._arrays import _triangles

    head, up = _triangles.rising(ties.indptr.view(np.uint32), ties.indices.view(np.uint32))
    parts = in_parts(lambda first, last: _triangles.count(head, up, first, last), head)
    found: NDArray[np.int64] = np.sum(parts, axis=0, dtype=np.int64)
    return found


def in_parts(work: Callable[[Any, Any], Any], head: NDArray[np.uint32]) -> list[Any]:
    """Do work on rows of CSR from one to another, on several threads where ties are many.

    What is counted is whole, so how the rows are parted does not show in the sum.
    """
    threads = min(os.cpu_count() or 1, 8) if head[-1] >= _THREADED else 1
    # About as many ties each.
    ends = np.searchsorted(head, np.linspace(0, head[-1], threads + 1)).astype(np.uint32)
    ends[0], ends[-1] = 0, len(head) - 1
    if threads == 1:
        return [work(*ends)]
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, ends[:-1], ends[1:]))


def cuts(ties: csr_array) -> tuple[NDArray[np.bool_], NDArray[np.bool_], Codes]:
    """Find articulation points, and for each entity whether a bridge leads to it, and from where.

    Ties are CSR of both directions; the last are the other ends of the ties that a search of the
    whole network came by, -1 where it began.
    """
    from netlink._arrays import _cuts

    found: tuple[NDArray[np.bool_], NDArray[np.bool_], Codes] = _cuts.cuts(
        ties.indptr, ties.indices
    )
    return found


def leading(ties: csr_array, tolerance: float) -> tuple[NDArray[np.float64], float]:
    """Return the leading eigenvector and eigenvalue of a symmetric matrix, not all 0.

    The search begins at sums of rows: what is 0 there, as isolates are, stays so. The largest value
    of the vector is 1.
    """
    from netlink._arrays import _leading

    return _leading.leading(ties, ties.sum(axis=1, dtype=np.float64), tolerance)


def rounding(ties: csr_array) -> float:
    """Return what a product of ties and a vector leaves open, relative; at least 1e-12."""
    longest = int(np.diff(ties.indptr).max(initial=0))
    return max(1e-12, 4 * longest * float(np.finfo(float).eps))
