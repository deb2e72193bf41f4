"""Who came in the place of whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.changes.parts import names_of, parts
from netlink.errors import ArgumentError, check_count

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network

_BLOCK = 10_000_000  # meetings of pairs counted at a time
_MOST = 1_000_000  # pairs


def replacements(
    network: Network,
    /,
    *,
    windows: pd.DataFrame | str,
    min_shared: int = 2,
    within: int = 1,
) -> pd.DataFrame:
    """Who appeared after whom left and took over their ties.

    Somebody leaves after the last window in which they have a tie, and appears in the first. A pair
    is listed where one appears after the other left, at most `within` windows later than the next,
    and both were tied to the same others. Direction does not enter. That ties were taken over is
    one reading; others are that one person changed phones (compare the entity types), that a record
    began where another ended, or that both simply knew somebody whom many know.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    windows : pandas.DataFrame or str
        From `windows`, or a column of the relationship table with the phase of each.
    min_shared : int, default 2
        How many others both must have been tied to, at least.
    within : int, default 1
        How many windows after the last of one the first of the other may be, at most.

    Returns
    -------
    pandas.DataFrame
        A row a pair, the largest share first, then the largest number, then by ids: ``left``,
        ``appeared``, ``last_window`` of the one, ``first_window`` of the other, ``n_shared``
        others, ``share`` of those tied to the one who left, ``jaccard``, ``shared`` (ids of the
        others) and ``relationship_ids`` (records of both with them, sorted).

    Raises
    ------
    ArgumentError
        An argument is not what it must be, or more than a million pairs are found.

    References
    ----------
    Duijn, Kashirin & Sloot 2014, The relative ineffectiveness of criminal network disruption:
    after a loss people are replaced through the contacts of those who are gone.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> ties = [("old", "a", 1), ("old", "b", 1), ("a", "b", 2), ("new", "a", 2), ("new", "b", 2)]
    >>> table = pd.DataFrame(ties, columns=["source", "target", "phase"])
    >>> found = nl.changes.replacements(nl.read_tables(None, table), windows="phase")
    >>> found[["left", "appeared", "n_shared", "share"]].values.tolist()
    [['old', 'new', 2, 1.0]]
    """
    for name, value in (("min_shared", min_shared), ("within", within)):
        check_count(value, name)
    names = np.array(names_of(network, windows), dtype=object)
    rows, first, last = _seen(network, windows, len(names))
    ties = _ties(rows, network.n_entities)
    left, appeared, n_shared = _pairs(ties, first, last, min_shared, within)
    degree = np.diff(ties.indptr)
    share = n_shared / degree[left]
    order = np.lexsort((appeared, left, -n_shared, -share))
    left, appeared, n_shared = left[order], appeared[order], n_shared[order]
    index = network.entities.index
    shared = [
        np.intersect1d(_others(ties, a), _others(ties, b))
        for a, b in zip(left, appeared, strict=True)
    ]
    behind = _behind(rows, network.n_entities, left, appeared, shared)
    return pd.DataFrame(
        {
            "left": index[left],
            "appeared": index[appeared],
            "last_window": pd.array(names[last[left]], dtype="str"),
            "first_window": pd.array(names[first[appeared]], dtype="str"),
            "n_shared": n_shared,
            "share": share[order],
            "jaccard": n_shared / (degree[left] + degree[appeared] - n_shared),
            "shared": pd.Series([index[part].tolist() for part in shared], dtype=object),
            "relationship_ids": pd.Series(behind, dtype=object),
        }
    )


def _seen(
    network: Network, windows: pd.DataFrame | str, n_windows: int
) -> tuple[pd.DataFrame, NDArray[np.int64], NDArray[np.int64]]:
    """Return the ties seen, from either end, and in which windows each entity is first and last."""
    first = np.full(network.n_entities, n_windows)
    last = np.full(network.n_entities, -1)
    found = [pd.DataFrame({"one": [], "other": [], "id": []}).astype({"id": "str"})]
    for window, part in enumerate(parts(network, windows)):
        source, target = part.codes
        ids = part.relationships.index
        for one, other in ((source, target), (target, source)):
            tied = one != other
            first[one[tied]] = np.minimum(first[one[tied]], window)
            last[one[tied]] = window
            found.append(pd.DataFrame({"one": one[tied], "other": other[tied], "id": ids[tied]}))
    rows = pd.concat(found, ignore_index=True).drop_duplicates()
    return rows.astype({"one": "int64", "other": "int64"}), first, last


def _ties(rows: pd.DataFrame, n: int) -> csr_array:
    from scipy.sparse import csr_array

    pairs = rows[["one", "other"]].drop_duplicates()
    ends = (pairs["one"].to_numpy(), pairs["other"].to_numpy())
    ties = csr_array((np.ones(len(pairs), dtype=np.int64), ends), shape=(n, n))
    ties.sort_indices()
    return ties


def _pairs(
    ties: csr_array,
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    min_shared: int,
    within: int,
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return who left, who appeared, and to how many both were tied."""
    found = [np.empty((0, 3), dtype=np.int64)]
    degree = np.diff(ties.indptr)
    enough_ties = degree >= min_shared
    n_found = 0
    for window in range(int(last.max(initial=-1))):
        gone = np.flatnonzero((last == window) & enough_ties)
        come = (first > window) & (first <= window + within) & (last >= 0) & enough_ties
        # At a hub everybody who left meets everybody who came: some of those who left at a time.
        met = np.cumsum(ties[gone] @ (ties @ come.astype(np.int64)))
        for part in np.split(gone, np.searchsorted(met, range(_BLOCK, met[-1:].sum(), _BLOCK))):
            shared = (ties[part] @ ties[come].T).tocoo()
            enough = shared.data >= min_shared
            a, b = (ends[enough] for ends in shared.coords)
            at = np.flatnonzero(come)[b]
            found.append(np.column_stack([part[a], at, shared.data[enough]]))
            n_found += len(a)
            if n_found > _MOST:
                raise ArgumentError(
                    f"More than {_MOST:,} pairs share {min_shared:,} others or more; ask for a "
                    "larger 'min_shared' or leave out with `Network.subgraph` whom all know."
                )
    left, appeared, n_shared = np.concatenate(found).T
    return left, appeared, n_shared


def _others(ties: csr_array, entity: int) -> NDArray[np.int64]:
    found = ties.indices[ties.indptr[entity] : ties.indptr[entity + 1]]
    return found.astype(np.int64)


def _behind(
    rows: pd.DataFrame,
    n: int,
    left: NDArray[np.int64],
    appeared: NDArray[np.int64],
    shared: list[NDArray[np.int64]],
) -> list[list[str]]:
    """Return the records of both of each pair with those to whom both were tied."""
    wanted = [
        [one * n + other for one in ends for other in others.tolist()]
        for *ends, others in zip(left.tolist(), appeared.tolist(), shared, strict=True)
    ]
    keys = rows["one"] * n + rows["other"]
    kept = keys.isin({key for part in wanted for key in part})
    ids = rows["id"][kept].groupby(keys[kept]).agg(list).to_dict()
    return [sorted(found for key in part for found in ids[key]) for part in wanted]
