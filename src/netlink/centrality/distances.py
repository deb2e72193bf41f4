"""Measures of shortest paths: between whom an entity lies, and how near it is to all."""

from __future__ import annotations

from math import isfinite, ldexp
from numbers import Real
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from netlink import _engine
from netlink.centrality._ties import lengths
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network


def betweenness(
    network: Network,
    /,
    *,
    directed: bool | None = None,
    length: str | None = None,
    cutoff: float | None = None,
) -> pd.Series:
    """Share of shortest paths that run through an entity.

    Of the shortest paths between two other entities, the share that passes through this one, added
    over all pairs and divided by their number: (n-1)(n-2)/2, twice that where ties are directed.
    Parallel relationships make one tie, self-loops count for nothing, pairs without a path count 0.

    High values mark entities that others must pass if they use shortest paths, which people often
    do not. One missing record can move it far, and many contacts alone make it high.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    length : str, optional
        Numeric column of costs, all above 0; the shortest of parallel relationships counts. Without
        it every tie is one step. A weight is a strength, not a length: turn it into one first.
    cutoff : float, optional
        Leave out paths longer than this, in steps or in the unit of the lengths.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``, 0 to 1; NaN with fewer than three entities. Paths whose
        lengths differ by less than a part in 10 billion count as equally short; lengths too far
        apart for that are refused.

    Raises
    ------
    ArgumentError
        An argument is none of these, or the column is not of lengths.

    References
    ----------
    Freeman 1977, A set of measures of centrality based on betweenness; Brandes 2001, A faster
    algorithm for betweenness centrality.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.centrality.betweenness(nl.datasets.florentine_families()).nlargest(2).round(3).to_dict()
    {'Medici': 0.522, 'Guadagni': 0.255}
    """
    if cutoff is not None:
        if isinstance(cutoff, bool) or not isinstance(cutoff, Real):
            raise ArgumentError(f"'cutoff' must be a number, got {type(cutoff).__name__}.")
        if not (isfinite(cutoff) and cutoff > 0):
            raise ArgumentError(f"'cutoff' must be a positive finite number, got {cutoff}.")
        cutoff = float(cutoff)
    ties = _tied(network, directed, length)
    if length is not None and ties.nnz:
        ties.data, cutoff = _scaled(ties, cutoff)
    is_directed = network.is_directed(directed)
    graph = _engine.graph(ties, directed=is_directed)
    weights = None if length is None else "weight"
    found = np.array(graph.betweenness(directed=is_directed, cutoff=cutoff, weights=weights))
    n = network.n_entities
    pairs = (n - 1) * (n - 2) / (1 if is_directed else 2)
    value = found / pairs if n > 2 else np.full(n, np.nan)
    return pd.Series(value, index=network.entities.index, name="betweenness")


def closeness(
    network: Network, /, *, directed: bool | None = None, length: str | None = None
) -> pd.Series:
    """Nearness to all others: Freeman's, or harmonic where unconnected.

    Where every entity reaches every other, Freeman's: n-1 divided by the sum of the distances.
    Otherwise that sum is infinite and the answer is `harmonic` closeness for the whole network:
    the two are on different scales, so read ``attrs["definition"]``, which says "freeman" or
    "harmonic", before comparing networks. Distances run from the entity outward.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    length : str, optional
        Numeric column of costs, all above 0; the shortest of parallel relationships counts. Without
        it every tie is one step.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``; NaN for a single entity.

    Raises
    ------
    ArgumentError
        An argument is none of these, or the column is not of lengths.

    References
    ----------
    Freeman 1979, Centrality in social networks: conceptual clarification; Marchiori & Latora 2000,
    Harmony in the small-world.

    Examples
    --------
    >>> import netlink as nl
    >>> near = nl.centrality.closeness(nl.datasets.florentine_families())
    >>> near["Medici"].round(2), near.attrs["definition"]
    (np.float64(0.56), 'freeman')
    """
    found = _reach(network, directed, length)
    others = network.n_entities - 1
    is_connected = bool((found.counts == others).all())
    if others < 1:
        value = np.full(network.n_entities, np.nan)
    elif is_connected:
        value = others / found.sums
    else:
        value = found.inverses / others
    result = pd.Series(value, index=network.entities.index, name="closeness")
    result.attrs["definition"] = "freeman" if is_connected else "harmonic"
    return result


def harmonic(
    network: Network, /, *, directed: bool | None = None, length: str | None = None
) -> pd.Series:
    """Mean of one over the distance to every other entity.

    Others out of reach count 0, so it means the same in an unconnected network; without lengths 1
    says that an entity is tied to all others. Distances run from the entity outward. Entities at
    the edge of what was recorded look farther away than they are.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    length : str, optional
        Numeric column of costs, all above 0; the shortest of parallel relationships counts. Without
        it every tie is one step.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``; 0 for isolates, NaN for a single entity.

    Raises
    ------
    ArgumentError
        An argument is none of these, or the column is not of lengths.

    References
    ----------
    Marchiori & Latora 2000, Harmony in the small-world; Then and others 2014, The more the merrier:
    efficient multi-source graph traversal.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.centrality.harmonic(nl.datasets.krackhardt_kite())[["3", "9"]].round(3).tolist()
    [0.787, 0.38]
    """
    others = network.n_entities - 1
    found = _reach(network, directed, length)
    value = found.inverses / others if others > 0 else np.full(network.n_entities, np.nan)
    return pd.Series(value, index=network.entities.index, name="harmonic")


def _scaled(ties: csr_array, cutoff: float | None) -> tuple[NDArray[np.float64], float | None]:
    """Return lengths and cutoff in a unit that suits the engine, or refuse.

    It takes paths for equally long that differ by less than 1e-10 of their sum, so a tie shorter
    than that would count as none.
    """
    shortest, longest = ties.data.min(), ties.data.max()
    spread = 5e9 / max(1, ties.shape[0] - 1)  # no path has more ties than there are other entities
    if longest > spread * shortest:
        raise ArgumentError(
            f"'length' must be a column whose largest value is at most {spread:,.0f} times its "
            f"smallest for betweenness among {ties.shape[0]:,} entities: paths are compared to ten "
            "digits."
        )
    # The engine warns of lengths near 1e-10; a power of two changes no digit.
    doublings = max(0, -int(np.floor(np.log2(shortest))))
    if cutoff is not None:
        cutoff = ldexp(min(cutoff, 1e200), doublings)
    return np.ldexp(ties.data, doublings), cutoff


class _Reach(NamedTuple):
    """Of each entity: how many others it reaches, sums of their distances and of the inverses."""

    counts: NDArray[np.int64]
    sums: NDArray[np.int64] | NDArray[np.float64]
    inverses: NDArray[np.float64]


def _tied(network: Network, directed: bool | None, length: str | None) -> csr_array:
    if length is None:
        return network.to_scipy(directed=directed, weight=None)
    return lengths(network, directed=directed, length=length)


def _reach(network: Network, directed: bool | None, length: str | None) -> _Reach:
    ties = _tied(network, directed, length)
    return _reach_in_steps(ties) if length is None else _reach_by_length(ties)


def _reach_in_steps(ties: csr_array) -> _Reach:
    from netlink.centrality._kernels import distance_sums

    # With the most tied first, a search meets them early and seldom looks further.
    order = np.argsort(-np.diff(ties.indptr), kind="stable")
    ties = ties[order][:, order].tocsr()
    ties.sort_indices()
    back = ties.T.tocsr()
    out, into = (
        (matrix.indptr.astype(np.int32), matrix.indices.astype(np.int32)) for matrix in (ties, back)
    )
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    counts, sums, inverses = distance_sums(out, into)
    return _Reach(counts[place], sums[place], inverses[place])


def _reach_by_length(ties: csr_array) -> _Reach:
    from scipy.sparse.csgraph import dijkstra

    n = ties.shape[0]
    counts, sums, inverses = np.zeros(n, np.int64), np.zeros(n), np.zeros(n)
    step = max(1, 2**22 // max(n, 1))  # rows of distances at once: at most 32 MB
    for start in range(0, n, step):
        part = np.arange(start, min(n, start + step))
        distance = dijkstra(ties, directed=True, indices=part)
        distance[np.arange(len(part)), part] = np.inf
        inverses[part] = (1 / distance).sum(axis=1)
        reached = np.isfinite(distance)
        counts[part] = reached.sum(axis=1)
        sums[part] = np.where(reached, distance, 0).sum(axis=1)
    return _Reach(counts, sums, inverses)
