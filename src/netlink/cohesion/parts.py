"""Parts that hang together: by a chain of ties, by many ties each, by ties hard to cut."""

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


def components(network: Network, /) -> pd.Series:
    """Find the connected component of each entity.

    Entities are in one component if a chain of ties leads from one to the other, whatever the
    direction; parallel relationships and self-loops change nothing. One shared object that says
    nothing, a help line or a border post, can join what has nothing to do with each other: project
    with a cap before reading much into a large component.

    Parameters
    ----------
    network : Network
        Entities and relationships.

    Returns
    -------
    pandas.Series of int
        On ``network.entities.index``: 0 for the largest component; of equals first that of the
        smallest id. An isolate is a component of its own.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> nl.cohesion.components(kite.subgraph(["0", "1", "9"])).tolist()
    [0, 0, 1]
    """
    from netlink.cohesion import _part_kernels

    ties = network.to_scipy(directed=False, weight=None)
    value = _arrays.numbered(_part_kernels.components(ties.indptr, ties.indices))
    return pd.Series(value, index=network.entities.index, name="components")


def core_number(network: Network, /) -> pd.Series:
    """Largest k such that an entity is in the k-core.

    The k-core is what remains when entities with fewer than k ties are taken away again and again.
    Ties are read in both directions, parallel relationships make one, self-loops none. An entity
    with a hundred ties to entities without other ties is in the 1-core only: high values mark thick
    groups, not busy entities. One report that names everybody present makes a thick group too.

    Parameters
    ----------
    network : Network
        Entities and relationships.

    Returns
    -------
    pandas.Series of int
        On ``network.entities.index``; 0 for isolates.

    References
    ----------
    Seidman 1983, Network structure and minimum degree; Batagelj & Zaversnik 2003, An O(m) algorithm
    for cores decomposition of networks.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.cohesion.core_number(nl.datasets.krackhardt_kite()).tolist()
    [3, 3, 3, 3, 3, 3, 3, 2, 1, 1]
    """
    from netlink.cohesion import _part_kernels

    ties = network.to_scipy(directed=False, weight=None)
    value = _part_kernels.cores(ties.indptr, ties.indices).astype(np.int64)
    return pd.Series(value, index=network.entities.index, name="core_number")


def k_edge_components(network: Network, /, *, k: int) -> pd.Series:
    """Find groups that only k ties gone can part.

    The largest groups such that, within each, by the ties among its own members, no fewer than k
    ties must be taken away to part it: what i2 Analyst's Notebook calls a cluster with a binding
    strength of k. Every group of k + 1 lies within one of k. Ties are read in both directions,
    parallel relationships make one, self-loops none. Two members need not be tied to each other,
    and ways through entities outside do not count, which differs from the k-edge-connected classes
    that some programs return under the same name.

    One report that ties everybody it names to each other makes such a group by itself. The time is
    seconds at a million ties; it grows with the square of the length of long, evenly thin ladders.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    k : int
        Number of ties, at least 1; with 1 these are the components.

    Returns
    -------
    pandas.Series of int
        On ``network.entities.index``: 0 for the largest group; of equals first that of the smallest
        id. An entity that belongs to none is a group of its own.

    Raises
    ------
    ArgumentError
        'k' is no positive integer.

    References
    ----------
    Chang and others 2013, Efficiently computing k-edge connected components via graph
    decomposition; Nagamochi & Ibaraki 1992 for the order of entities that it rests on.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.cohesion.k_edge_components(nl.datasets.krackhardt_kite(), k=3).tolist()
    [0, 0, 0, 0, 0, 0, 0, 1, 2, 3]
    """
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        got = k if isinstance(k, int) else type(k).__name__
        raise ArgumentError(f"'k' must be a positive integer, got {got}.")
    ties = network.to_scipy(directed=False, weight=None)
    group = _arrays.numbered(_held(ties, min(k, max(1, network.n_entities))))
    return pd.Series(group, index=network.entities.index, name="k_edge_components")


def _held(ties: csr_array, k: int) -> NDArray[np.int32]:
    """Return a number for the k-edge-connected group of each entity."""
    from scipy.sparse.csgraph import connected_components

    n = ties.shape[0]
    source = np.repeat(np.arange(n, dtype=np.int32), np.diff(ties.indptr))
    keep = source < ties.indices
    source, target = source[keep], ties.indices[keep]
    if k == 2:  # a ring would take as many passes as it has entities
        _, by_bridge, parent = _arrays.cuts(ties)
        down = by_bridge[target] & (parent[target] == source)
        whole = ~(down | (by_bridge[source] & (parent[source] == target)))
        source, target = source[whole], target[whole]
    found = np.arange(n, dtype=np.int32)
    while k > 2 and len(source):
        group = _merged(source, target, n, k)
        cut = group[source] != group[target]
        is_open = np.zeros(n, dtype=bool)
        is_open[group[source[cut]]] = is_open[group[target[cut]]] = True
        # A group that lost no tie is done; ways through what it lost may have held another.
        is_done = ~is_open[group]
        found[is_done] = group[is_done]
        stay = ~cut & ~is_done[source]
        source, target = source[stay], target[stay]
    if k <= 2 and n:
        joined = _counted(source, target, np.ones(len(source), np.int64), n)
        found = connected_components(joined, directed=False)[1]
    return found


def _merged(
    source: NDArray[np.int32], target: NDArray[np.int32], n: int, k: int
) -> NDArray[np.int32]:
    """Merge entities that no cut of fewer than k ties parts, until every one that is left is cut.

    Returns one of its entities for each group.
    """
    from scipy.sparse.csgraph import connected_components

    from netlink.cohesion import _part_kernels

    group = np.arange(n, dtype=np.int32)
    times = np.ones(len(source), np.int64)
    while len(source):
        names, ends = np.unique(np.concatenate([source, target]), return_inverse=True)
        size = len(names)
        one, other = ends[: len(source)], ends[len(source) :]
        ties = _counted(np.append(one, other), np.append(other, one), np.tile(times, 2), size)
        is_loose = _part_kernels.loose(ties.indptr, ties.indices, ties.data, k)
        joined = _part_kernels.held_together(ties.indptr, ties.indices, ties.data, k, is_loose)
        pairs = _counted(np.arange(size, dtype=np.int32), joined, np.ones(size, np.int64), size)
        _, first, label = np.unique(
            connected_components(pairs, directed=False)[1], return_index=True, return_inverse=True
        )
        into = np.arange(n, dtype=np.int32)
        into[names] = names[first[label]]
        group = into[group]
        stay = ~(is_loose[one] | is_loose[other])
        source, target, times = into[source[stay]], into[target[stay]], times[stay]
        apart = source != target
        source, target, times = source[apart], target[apart], times[apart]
    return group


def _counted(
    source: NDArray[np.int32], target: NDArray[np.int32], times: NDArray[np.int64], n: int
) -> csr_array:
    from scipy.sparse import coo_array

    return coo_array((times, (source, target)), shape=(n, n)).tocsr()
