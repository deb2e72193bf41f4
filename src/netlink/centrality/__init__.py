"""Who stands where: ties, distance, position between others, and standing by whom one is tied to.

A central entity is not thereby a recruiter, nor a leader: it is where the records meet. Who is
recorded most is tied most, and structure alone does not tell roles apart.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netlink.centrality.direct import degree, strength
from netlink.centrality.distances import betweenness, closeness, harmonic
from netlink.centrality.spectral import eigenvector, pagerank

if TYPE_CHECKING:
    from netlink.network import Network

__all__ = [
    "betweenness",
    "closeness",
    "degree",
    "eigenvector",
    "harmonic",
    "pagerank",
    "strength",
    "table",
]


def table(network: Network, /, *, directed: bool | None = None) -> pd.DataFrame:
    """Return the usual measures side by side.

    Each column is what the function of that name gives: degree and strength in both directions,
    distances in steps, the column ``weight`` as strength. Betweenness takes a time that grows with
    entities times ties: seconds at ten thousand entities, over an hour at a hundred thousand.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions. Eigenvector is undirected in any case.

    Returns
    -------
    pandas.DataFrame
        On ``network.entities.index``: degree, strength, betweenness, harmonic, eigenvector,
        pagerank.

    Raises
    ------
    ArgumentError
        'directed' is none of these.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.centrality.table(nl.datasets.krackhardt_kite()).loc[["3", "7"]].round(3)
               degree  strength  betweenness  harmonic  eigenvector  pagerank
    entity_id
    3               6       6.0        0.102     0.787        1.000     0.147
    7               3       3.0        0.389     0.667        0.407     0.095
    """
    columns = [
        degree(network, directed=directed),
        strength(network, directed=directed),
        betweenness(network, directed=directed),
        harmonic(network, directed=directed),
        eigenvector(network),
        pagerank(network, directed=directed),
    ]
    return pd.DataFrame({column.name: column for column in columns})
