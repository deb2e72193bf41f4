"""Ties as the measures read them: by strength or by length, self-loops left out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network


def strengths(network: Network, *, directed: bool | None, weight: str | None) -> csr_array:
    """Return ties in CSR, weights of parallel relationships added (None: counted)."""
    network.to_scipy(directed=directed, weight=weight)  # checks the arguments
    return network._ties(directed=directed, weight=weight, loops=False)


def lengths(network: Network, *, directed: bool | None, length: str) -> csr_array:
    """Return ties in CSR, the shortest of parallel relationships."""
    network.check_column(length)
    column = network.relationship_table[length]
    if not pd.api.types.is_numeric_dtype(column):
        raise ArgumentError(f"'length' must be a numeric column, '{length}' is not.")
    values = column.to_numpy(dtype=float)
    # Above 0, and within what can be added up and divided by without overflow.
    wrong = int((~((values >= 1e-100) & (values <= 1e100))).sum())
    if wrong:
        raise ArgumentError(
            f"'length' must be a column of costs above 0, from 1e-100 to 1e100; "
            f"in '{length}' {wrong:,} of {len(values):,} are not."
        )
    # The matrix of counts has the pattern of the ties; their values are the least of each group.
    ties = network.to_scipy(directed=directed, weight=None)
    source, target = (array.astype(np.int64) for array in network.codes)
    n = network.n_entities
    places = np.repeat(np.arange(n), np.diff(ties.indptr)) * n + ties.indices
    least = np.full(ties.nnz, np.inf)
    forth = np.searchsorted(places, source * n + target)
    np.minimum.at(least, forth, values)
    back = network._both_ways(directed)
    np.minimum.at(least, np.searchsorted(places, (target * n + source)[back]), values[back])
    ties = ties.copy()
    ties.data = least
    return _arrays.without_loops(ties)


def steps(network: Network, *, directed: bool | None) -> csr_array:
    """Return ties in CSR, each of them one step."""
    return strengths(network, directed=directed, weight=None)


def csr(ties: csr_array) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return where each row starts, and its columns, as the kernels take them."""
    return ties.indptr.astype(np.int32), ties.indices.astype(np.int32)
