"""The surroundings of some entities."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink.errors import check_count
from netlink.transform.crowds import crowds

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.network import Network


def ego(
    network: Network, /, entities: Iterable[str], *, hops: int = 1, max_degree: int | None = None
) -> Network:
    """Keep what lies around some entities.

    Everything within some hops, whichever way the ties point, with all the relationships among
    what is kept. Around a well connected entity two hops can be most of the network: `max_degree`
    keeps a crossing, a bank or a helpline from pulling in everybody it ever dealt with. Counts
    and measures of an ego network are those of a cut-out: entities at its rim have lost ties.

    Parameters
    ----------
    network : Network
        The network.
    entities : iterable of str
        Ids of the entities asked about.
    hops : int, default 1
        How many ties away.
    max_degree : int, optional
        An entity with more neighbors than this is kept but not walked through, unless it is one
        of those asked about.

    Returns
    -------
    Network
        ``rejected`` has one more row for each entity that was not walked through.

    Raises
    ------
    UnknownEntityError
        Some are not in the network.
    ArgumentError
        A number is not a positive integer.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> nl.transform.ego(kite, ["9"], hops=2)
    <Network of 3 entities and 2 relationships (1 component, 0 isolates)>
    >>> nl.transform.ego(kite, ["9"], hops=3, max_degree=2).n_entities
    3
    """
    for name, value in (("hops", hops), ("max_degree", max_degree)):
        if name == "max_degree" and value is None:
            continue
        check_count(value, name)
    asked = network.positions(entities)
    ties = network.to_scipy(directed=False, weight=None)
    degree = np.diff(ties.indptr) - (ties.diagonal() > 0)
    is_hub = np.zeros(network.n_entities, dtype=bool)
    if max_degree is not None:
        is_hub = degree > max_degree
        is_hub[asked] = False
    keep = np.zeros(network.n_entities, dtype=bool)
    keep[asked] = True
    reached: NDArray[Any] = np.flatnonzero(keep)
    stopped = [reached[:0]]
    for _ in range(hops):
        stopped.append(reached[is_hub[reached]])
        around = np.unique(ties[reached[~is_hub[reached]]].indices)
        reached = around[~keep[around]]
        if not len(reached):
            break
        keep[reached] = True
    at = np.unique(np.concatenate(stopped))
    part = network.subgraph(network.entities.index[keep])
    reason = f"more than {max_degree} neighbors: not walked through"
    listed = crowds(network, at, reason, "neighbors", degree[at])
    return replace(part, rejected=pd.concat([part.rejected, listed], ignore_index=True))
