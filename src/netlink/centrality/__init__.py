"""Who stands where: ties, distance, position between others, and standing by whom one is tied to.

A central entity is not thereby a recruiter, nor a leader: it is where the records meet. Who is
recorded most is tied most, and structure alone does not tell roles apart.

Each function says whether it reads weights or lengths, directions, and parallel relationships as
one tie or as several. For relationships of some types alone, `Network.where` first. The core number
of each entity is with what else tells thick groups, in `netlink.cohesion`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netlink.centrality.between import betweenness, edge_betweenness
from netlink.centrality.direct import degree, degree_centralization, strength
from netlink.centrality.distances import closeness, harmonic
from netlink.centrality.spectral import eigenvector, hubs_and_authorities, katz
from netlink.centrality.triangles import local_clustering
from netlink.centrality.walks import pagerank, personalized_pagerank

if TYPE_CHECKING:
    from netlink.network import Network

__all__ = [
    "betweenness",
    "closeness",
    "degree",
    "degree_centralization",
    "edge_betweenness",
    "eigenvector",
    "harmonic",
    "hubs_and_authorities",
    "katz",
    "local_clustering",
    "pagerank",
    "personalized_pagerank",
    "strength",
    "table",
]


def table(
    network: Network, /, *, directed: bool | None = None, progress: bool = False
) -> pd.DataFrame:
    """Return the usual measures side by side.

    Each column is what the function of that name gives: degree and strength in both directions,
    distances in steps, the column ``weight`` as strength. Betweenness takes a time that grows with
    entities times ties: seconds at ten thousand entities, tens of minutes at a hundred thousand.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions. Eigenvector is undirected in any case.
    progress : bool, default False
        Show a progress bar for betweenness and one for harmonic.

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
        betweenness(network, directed=directed, progress=progress),
        harmonic(network, directed=directed, progress=progress),
        eigenvector(network),
        pagerank(network, directed=directed),
    ]
    return pd.DataFrame({column.name: column for column in columns})
