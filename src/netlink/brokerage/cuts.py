"""What holds the network together: entities and ties without which it comes apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network

_TIES = 1024  # searched for at once, between two looks at the keyboard


def articulation_points(network: Network, /) -> pd.Series:
    """Tell which entities hold parts of the network together.

    An entity is one if, without it, others that were connected no longer are. Ties are read in both
    directions, parallel relationships make one, self-loops none. Where records are incomplete many
    look like one for want of a single tie; an object such as a shared telephone can be one as well
    as a person.

    Parameters
    ----------
    network : Network
        Entities and relationships.

    Returns
    -------
    pandas.Series of bool
        On ``network.entities.index``.

    References
    ----------
    Hopcroft & Tarjan 1973, Algorithm 447: efficient algorithms for graph manipulation.

    Examples
    --------
    >>> import netlink as nl
    >>> found = nl.brokerage.articulation_points(nl.datasets.krackhardt_kite())
    >>> found.index[found].tolist()
    ['7', '8']
    """
    value, _, _ = _arrays.cuts(network.to_scipy(directed=False, weight=None))
    return pd.Series(value, index=network.entities.index, name="articulation_points")


def bridges(network: Network, /) -> pd.Series:
    """Tell which ties are the only way between their ends.

    A tie is one if, without it, its ends are no longer connected. Ties are read in both directions.
    Parallel relationships make one tie, and each of them has the value of the tie: to take away
    one of several does not part the ends, all of them together do. Self-loops are none.

    Where records are incomplete many ties look like one for want of another, above all those to
    entities with a single tie.

    Parameters
    ----------
    network : Network
        Entities and relationships.

    Returns
    -------
    pandas.Series of bool
        On ``network.relationships.index``.

    References
    ----------
    Tarjan 1974, A note on finding the bridges of a graph.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> found = nl.brokerage.bridges(kite)
    >>> kite.relationships.loc[found, ["source", "target"]].to_numpy().tolist()
    [['7', '8'], ['8', '9']]
    """
    source, target = network.codes
    value = _bridges(network, source, target)
    return pd.Series(value, index=network.relationships.index, name="bridges")


def local_bridges(network: Network, /, *, progress: bool = False) -> pd.Series:
    """Length of the shortest way round each tie.

    The span: how many steps apart the ends of a tie would be without it. It is 2 where they share
    a contact; a tie of span 3 or more is a local bridge, and news that it carries would otherwise
    arrive late or changed. Directions, parallel relationships and self-loops as in `bridges`.

    It takes seconds for a million ties of short ways round, but for each tie a search of all
    entities where these stand in one long ring.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    pandas.Series of float
        On ``network.relationships.index``; NaN where there is no other way (those of `bridges`)
        and for self-loops.

    References
    ----------
    Granovetter 1973, The strength of weak ties.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.brokerage.local_bridges(nl.datasets.karate_club()).value_counts().to_dict()
    {2.0: 67, 3.0: 10}
    """
    from tqdm import tqdm

    from netlink.brokerage._span_kernels import ways_round

    ties = network.to_scipy(directed=False, weight=None)
    source = np.repeat(np.arange(network.n_entities, dtype=np.int32), np.diff(ties.indptr))
    target = ties.indices
    wanted = source < target
    wanted[wanted] = ~_bridges(network, source[wanted], target[wanted])
    near, far = source[wanted], target[wanted]
    found = np.full(len(near), np.nan)
    for start in tqdm(range(0, len(near), _TIES), disable=not progress, unit_scale=_TIES):
        part = slice(start, start + _TIES)
        ways_round(ties.indptr, ties.indices, near[part], far[part], found[part])
    span = np.full(ties.nnz, np.nan)
    span[wanted] = found
    n = np.int64(network.n_entities)
    one, other = (ends.astype(np.int64) for ends in network.codes)
    places = np.minimum(one, other) * n + np.maximum(one, other)
    value = span[np.searchsorted(source * n + target, places)]
    return pd.Series(value, index=network.relationships.index, name="local_bridges")


def _bridges(
    network: Network, source: NDArray[np.int32], target: NDArray[np.int32]
) -> NDArray[np.bool_]:
    _, by_bridge, parent = _arrays.cuts(network.to_scipy(directed=False, weight=None))
    down = by_bridge[target] & (parent[target] == source)
    found: NDArray[np.bool_] = down | (by_bridge[source] & (parent[source] == target))
    return found
