"""How near an entity is to all others."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from netlink.centrality import _blocks
from netlink.centrality._ties import csr, lengths

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network


def closeness(
    network: Network,
    /,
    *,
    directed: bool | None = None,
    length: str | None = None,
    progress: bool = False,
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
    progress : bool, default False
        Show a progress bar.

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
    found = _reach(network, directed, length, progress=progress)
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
    network: Network,
    /,
    *,
    directed: bool | None = None,
    length: str | None = None,
    progress: bool = False,
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
    progress : bool, default False
        Show a progress bar.

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
    found = _reach(network, directed, length, progress=progress)
    value = found.inverses / others if others > 0 else np.full(network.n_entities, np.nan)
    return pd.Series(value, index=network.entities.index, name="harmonic")


class _Reach(NamedTuple):
    """Of each entity: how many others it reaches, sums of their distances and of the inverses."""

    counts: NDArray[np.int64]
    sums: NDArray[np.int64] | NDArray[np.float64]
    inverses: NDArray[np.float64]


def _reach(
    network: Network, directed: bool | None, length: str | None, *, progress: bool
) -> _Reach:
    if length is not None:
        ties = lengths(network, directed=directed, length=length)
        return _reach_by_length(ties, progress=progress)
    return _reach_in_steps(network.to_scipy(directed=directed, weight=None), progress=progress)


def _reach_in_steps(ties: csr_array, *, progress: bool) -> _Reach:
    from netlink.centrality._kernels import WAVES, distance_sums

    # With the most tied first, a search meets them early and seldom looks further.
    order = np.argsort(-np.diff(ties.indptr), kind="stable")
    ties = ties[order][:, order].tocsr()
    ties.sort_indices()
    out, into = csr(ties), csr(ties.T.tocsr())
    n = ties.shape[0]
    size = WAVES * min(16, 1 + 2**24 // max(1, ties.nnz))
    blocks = [(start, min(n, start + size)) for start in range(0, n, size)]
    counts, sums, inverses = np.zeros(n, np.int64), np.zeros(n, np.int64), np.zeros(n)
    for part in _blocks.results(
        lambda block: distance_sums(out, into, *block), blocks, progress=progress
    ):
        counts += part[0]
        sums += part[1]
        inverses += part[2]
    place = np.empty_like(order)
    place[order] = np.arange(n)
    return _Reach(counts[place], sums[place], inverses[place])


def _reach_by_length(ties: csr_array, *, progress: bool) -> _Reach:
    from netlink.centrality._dijkstra import sums_by_length

    by_length = (*csr(ties), ties.data)
    blocks = _blocks.split(np.arange(ties.shape[0]), 1 + 2**21 // max(1, ties.nnz))
    parts = list(
        _blocks.results(lambda block: sums_by_length(by_length, block), blocks, progress=progress)
    )
    empty = (np.empty(0, np.int64), np.empty(0), np.empty(0))
    return _Reach(*(np.concatenate(them) for them in zip(*(parts or [empty]), strict=True)))
