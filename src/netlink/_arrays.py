"""Ids to positions and back, and ties in CSR.

Invariant: entities stand in the order of their ids, and ties in the order of (source, target), so
nothing computed from these arrays depends on the order in which rows were read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Codes: TypeAlias = NDArray[np.int32]

_NONE = np.empty(0, np.uint64)


def to_arrow(column: pd.Series | pd.Index) -> pa.Array:
    """Return a text column as one large_string array, without a copy where pandas allows it."""
    array = pa.array(column, from_pandas=True)
    if isinstance(array, pa.ChunkedArray):
        array = array.combine_chunks()
    return array.cast(pa.large_string())


def codes(column: pa.Array | pa.ChunkedArray, ids: pa.Array) -> Codes:
    """Return the position of each value among the ids, -1 where it is none of them."""
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
    key = _mix(np.where(swap, target, source), np.uint64(1))
    key = _mix(key ^ np.where(swap, source, target), np.uint64(2))
    for name in sorted(columns):
        salt = text_keys(np.array([name], dtype=object))[0]
        key = _mix(key ^ column_keys(columns[name]), salt)
    return key


def column_keys(column: pd.Series) -> NDArray[np.uint64]:
    """Hash each value of a column; a missing value has a hash of its own."""
    import pandas as pd

    if column.dtype.kind == "f":
        column = column + 0.0  # -0.0 is 0.0
    elif column.dtype == object:
        column = column.map(str, na_action="ignore")
    positions, found = pd.factorize(column)  # a missing value is at -1, the last
    texts = np.array([str(value) for value in found], dtype=object)
    return np.append(text_keys(texts), np.uint64(0x9E3779B97F4A7C15))[positions]


def text_keys(values: NDArray[np.object_]) -> NDArray[np.uint64]:
    """Hash texts to 64 bits, the same on every machine."""
    from pandas.util import hash_array

    found: NDArray[np.uint64] = hash_array(values, categorize=False) if len(values) else _NONE
    return found


def _mix(key: NDArray[np.uint64], salt: np.uint64) -> NDArray[np.uint64]:
    # The finalizer of splitmix64 (Steele, Lea & Flood 2014): every bit of the input moves all.
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
    back = mirror & (source != target)
    rows = np.concatenate([source, target[back]])
    columns = np.concatenate([target, source[back]])
    value = np.concatenate([value, value[back]])
    by_target = _counting_sort(columns, n)
    rows, columns, value = rows[by_target], columns[by_target], value[by_target]
    by_source = _counting_sort(rows, n)
    rows, columns, value = rows[by_source], columns[by_source], value[by_source]
    if len(rows):
        first = np.empty(len(rows), dtype=bool)
        first[0] = True
        np.logical_or(rows[1:] != rows[:-1], columns[1:] != columns[:-1], out=first[1:])
        starts = np.flatnonzero(first)
        if not _adds_exactly(value):
            # Then a sum depends on the order of its terms: from small to large, so that neither the
            # order of the rows nor of the ends shows.
            is_parallel = ~first
            is_parallel[:-1] |= ~first[1:]
            parallel = np.flatnonzero(is_parallel)
            order = np.lexsort((value[parallel], np.cumsum(first[parallel])))
            value[parallel] = value[parallel[order]]
        rows, columns, value = rows[starts], columns[starts], np.add.reduceat(value, starts)
    indptr = np.zeros(n + 1, dtype=np.int32)
    np.cumsum(np.bincount(rows, minlength=n), out=indptr[1:])
    return csr_array((value, columns.astype(np.int32), indptr), shape=(n, n))


def _adds_exactly(value: NDArray[np.float64]) -> bool:
    return bool(np.array_equal(value, np.rint(value)) and np.abs(value).sum() < 2.0**53)


def _counting_sort(keys: Codes, n: int) -> NDArray[np.int32]:
    """Return the stable order of integer keys below n, in time linear in their number."""
    from scipy.sparse import csr_array

    # Turning CSR around is a counting sort by column; the values carried along are the positions.
    positions = np.arange(len(keys), dtype=np.int32)
    indptr = np.array([0, len(keys)], dtype=np.int32)
    rows = csr_array((positions, keys, indptr), shape=(1, max(n, 1)))
    order: NDArray[np.int32] = rows.tocsc().data
    return order


def numbered(groups: NDArray[np.int32] | NDArray[np.int64]) -> NDArray[np.int64]:
    """Return groups numbered from 0, the largest first; of equals that of the smallest id."""
    _, first, found, size = np.unique(
        groups, return_index=True, return_inverse=True, return_counts=True
    )
    rank = np.empty(len(size), dtype=np.int64)
    rank[np.lexsort((first, -size))] = np.arange(len(size))
    return rank[found]
