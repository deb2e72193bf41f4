"""How tightly entities hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _arrays, _engine

if TYPE_CHECKING:
    from netlink.network import Network

__all__ = ["components", "core_number"]


def components(network: Network, /) -> pd.Series:
    """Find the connected component of each entity.

    Entities are in one component if a chain of ties leads from one to the other, whatever the
    direction. One shared object that says nothing, a help line or a border post, can join what has
    nothing to do with each other: project with a cap before reading much into a large component.

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
    from scipy.sparse.csgraph import connected_components

    ties = network.to_scipy(directed=False, weight=None)
    label = np.empty(0, dtype=np.int32)
    if network.n_entities:
        label = connected_components(ties, directed=False)[1]
    value = _arrays.numbered(label)
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
    ties = network.to_scipy(directed=False, weight=None)
    found = _engine.graph(ties, directed=False).coreness()
    value = np.array(found, dtype=np.int64)
    return pd.Series(value, index=network.entities.index, name="core_number")
