"""How far the contacts of an entity are tied to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink.centrality._ties import steps

if TYPE_CHECKING:
    from netlink.network import Network


def local_clustering(network: Network, /) -> pd.Series:
    """Share of pairs of an entity's contacts that are tied.

    Ties are read in both directions, parallel relationships make one, self-loops none. High values
    mark entities among people who all know each other, low ones those between people who do not.
    One report that names everybody present ties them all. The mean over entities is the clustering
    of Watts & Strogatz, which is not the transitivity of the network.

    Parameters
    ----------
    network : Network
        Entities and relationships.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``, 0 to 1; NaN with fewer than two contacts, where other
        programs often say 0.

    References
    ----------
    Watts & Strogatz 1998, Collective dynamics of 'small-world' networks; Schank & Wagner 2005,
    Finding, counting and listing all triangles in large graphs, for the computation.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.centrality.local_clustering(nl.datasets.krackhardt_kite())[["3", "7", "9"]].round(3)
    entity_id
    3    0.533
    7    0.333
    9      NaN
    Name: local_clustering, dtype: float64
    """
    ties = steps(network, directed=False)
    found = _arrays.triangles(ties)
    degree = np.diff(ties.indptr)
    pairs = degree * (degree - 1.0) / 2
    value = np.full(network.n_entities, np.nan)
    np.divide(found, pairs, out=value, where=pairs > 0)
    return pd.Series(value, index=network.entities.index, name="local_clustering")
