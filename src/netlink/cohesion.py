"""How tightly entities hang together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _engine

if TYPE_CHECKING:
    from netlink.network import Network

__all__ = ["core_number"]


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
