"""Groups in which everybody is tied to everybody."""

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

_ENTITIES = 1024  # looked at together, between two looks at the keyboard
_SIZES = 2  # what the kernel says when there is no room for the size of one more clique


def maximal_cliques(
    network: Network,
    /,
    *,
    min_size: int = 3,
    max_cliques: int = 1_000_000,
    progress: bool = False,
) -> pd.DataFrame:
    """List the groups in which everybody is tied to everybody.

    Those to which nobody can be added. Ties are read in both directions, parallel relationships
    make one, self-loops none. An entity can be in many cliques, and one missing record splits a
    clique in two that overlap in all but one: `k_edge_components` bears that better. A report that
    ties everybody it names to each other is a clique by itself.

    Their number can grow exponentially with the number of entities; hence the cap.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    min_size : int, default 3
        Leave out smaller ones; at least 2.
    max_cliques : int, default 1,000,000
        Stop with an error where there are more.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame
        ``clique`` and ``entity_id``: one row a member, cliques numbered from 0, the largest first,
        of equals that of the smallest ids.

    Raises
    ------
    ArgumentError
        There are more than 'max_cliques', or an argument is none of these.

    References
    ----------
    Bron & Kerbosch 1973, Algorithm 457: finding all cliques of an undirected graph; Eppstein,
    Löffler & Strash 2010 for where to begin, Tomita and others 2006 for the pivot.

    Examples
    --------
    >>> import netlink as nl
    >>> found = nl.cohesion.maximal_cliques(nl.datasets.krackhardt_kite(), min_size=4)
    >>> found.groupby("clique")["entity_id"].agg(" ".join).tolist()
    ['0 2 3 5', '1 3 4 6']
    """
    for name, value, least in (("min_size", min_size, 2), ("max_cliques", max_cliques, 1)):
        if isinstance(value, bool) or not isinstance(value, int) or value < least:
            got = value if isinstance(value, int) else type(value).__name__
            raise ArgumentError(f"'{name}' must be an integer from {least} on, got {got}.")
    ties = network.to_scipy(directed=False, weight=None)
    members, sizes = _found(ties, min_size, max_cliques, progress)
    if len(sizes) > max_cliques:
        raise ArgumentError(
            f"There are more than {max_cliques:,} cliques of {min_size} or more. Ask for larger "
            "ones ('min_size'), look at a part of the network, or raise 'max_cliques'."
        )
    members, sizes = _in_order(members, sizes)
    clique = np.repeat(np.arange(len(sizes)), sizes)
    return pd.DataFrame({"clique": clique, "entity_id": network.entities.index[members]})


def _found(
    ties: csr_array, min_size: int, max_cliques: int, progress: bool
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return members of all cliques one after the other and their sizes, at most one too many."""
    from tqdm import tqdm

    from netlink.cohesion._clique_kernels import cliques

    n = ties.shape[0]
    head, up, _, _ = _arrays.upward(ties)
    sink, sizes = np.empty(2**12, np.int32), np.empty(min(2**10, max_cliques + 1), np.int32)
    at = used = n_found = 0
    with tqdm(total=n, disable=not progress) as bar:
        while at < n and n_found <= max_cliques:
            end = min(n, at + _ENTITIES)
            stop, used, n_found, lacks = cliques(
                ties.indptr, ties.indices, head, up, at, end, min_size, sink, used, sizes, n_found
            )
            bar.update(stop - at)
            at = stop
            if lacks == _SIZES and len(sizes) > max_cliques:
                return sink, sizes
            if lacks == _SIZES:
                sizes = np.resize(sizes, min(4 * len(sizes), max_cliques + 1))
            elif lacks:
                sink = np.resize(sink, 4 * len(sink))
    return sink[:used], sizes[:n_found]


def _in_order(
    members: NDArray[np.int32], sizes: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Sort members within cliques, and cliques by size and members."""
    clique = np.repeat(np.arange(len(sizes)), sizes)
    members = members[np.lexsort((members, clique))]
    starts = np.cumsum(sizes) - sizes
    parts = []
    for size in np.unique(sizes)[::-1]:
        rows = members[starts[sizes == size, None] + np.arange(size)]
        parts.append(rows[np.lexsort(rows.T[::-1])].ravel())
    ordered = np.concatenate(parts) if parts else members
    return ordered, np.sort(sizes)[::-1]
