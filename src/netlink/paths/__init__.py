"""How two entities connect: paths, with the records behind each hop."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.errors import ArgumentError, NoPathError
from netlink.paths.hops import Hops
from netlink.paths.search import Search, distances

if TYPE_CHECKING:
    import pandas as pd

    from netlink.network import Network

__all__ = ["k_shortest", "shortest"]


def shortest(
    network: Network,
    /,
    source: str,
    target: str,
    *,
    directed: bool | None = None,
    length: str | None = None,
) -> pd.DataFrame:
    """Find the shortest path from one entity to another.

    Shortest means fewest hops, or least cost with `length`. It is one way in which two people
    connect, not the way that anything went: a hop is a record, not a message passed on, and the
    hops need not follow each other in time. Often several paths are equally short; the
    answer is then the one whose entities come first in the order of ids, so that the order of the
    rows never shows. Ask `k_shortest` for the others.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str
        Ids of the two entities.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    length : str, optional
        Numeric column of the relationship table that holds a cost: non-negative, smaller is
        closer. ``weight`` is a strength: to use it, make a column of costs from it first. Of
        parallel relationships the least cost counts.

    Returns
    -------
    pandas.DataFrame
        One row a step: ``path`` (1), ``step`` (from 0), ``entity_id``, ``relationship_id`` (of the
        hop that leads here the record of least length, then highest confidence, then smallest id;
        missing at step 0), ``relationship_ids`` (list of all records behind the hop, sorted), and
        ``length`` (cost up to here). One row where source and target are the same.

    Raises
    ------
    NoPathError
        No path leads from source to target; the message counts what each side reaches.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        The column of lengths is missing, not numeric, or has values that are no cost.

    References
    ----------
    Dijkstra 1959; Hart, Nilsson & Raphael 1968 (A*).

    Examples
    --------
    >>> import netlink as nl
    >>> nl.paths.shortest(nl.datasets.krackhardt_kite(), "0", "9")["entity_id"].tolist()
    ['0', '5', '7', '8', '9']
    """
    return _paths(network, source, target, 1, directed, length)


def k_shortest(
    network: Network,
    /,
    source: str,
    target: str,
    *,
    k: int = 10,
    directed: bool | None = None,
    length: str | None = None,
) -> pd.DataFrame:
    """Find the shortest paths from one entity to another.

    Paths that visit no entity twice, shortest first; those of equal length in the order of their
    ids, so that it is settled which of them are among the `k`. Two paths often differ in one entity
    alone: ten paths are not ten independent connections.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str
        Ids of the two entities.
    k : int, default 10
        How many paths at most.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    length : str, optional
        Numeric column of the relationship table that holds a cost, as in `shortest`.

    Returns
    -------
    pandas.DataFrame
        As from `shortest`, ``path`` counting from 1; fewer than `k` where there are fewer.

    Raises
    ------
    NoPathError
        No path leads from source to target; the message counts what each side reaches.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        `k` is not a positive integer, or the column of lengths will not do.

    References
    ----------
    Yen 1971, Finding the K shortest loopless paths in a network; Lawler 1972.

    Examples
    --------
    >>> import netlink as nl
    >>> table = nl.paths.k_shortest(nl.datasets.krackhardt_kite(), "0", "7", k=3)
    >>> table.groupby("path")["entity_id"].agg(list).tolist()
    [['0', '5', '7'], ['0', '1', '6', '7'], ['0', '2', '5', '7']]
    """
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise ArgumentError(f"'k' must be a positive integer, got {k!r}.")
    return _paths(network, source, target, k, directed, length)


def _paths(
    network: Network, source: str, target: str, k: int, directed: bool | None, length: str | None
) -> pd.DataFrame:
    hops = Hops(network, directed, length)
    ties = hops.ties()
    start, end = (int(position) for position in network.positions([source, target]))
    left = distances(ties.T.tocsr(), end)
    if np.isinf(left[start]):
        reached = int(np.isfinite(distances(ties, start)).sum()) - 1
        reaching = int(np.isfinite(left).sum()) - 1
        way = "" if directed is False else " directed=False follows relationships either way."
        raise NoPathError(
            f"There is no path between the two entities: the source reaches {reached:,} of the "
            f"other {network.n_entities - 1:,} entities, and {reaching:,} reach the target.{way}"
        )
    return hops.table(Search(ties, left.tolist(), end).best(start, k))
