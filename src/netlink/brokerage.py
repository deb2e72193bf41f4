"""Who stands between groups, and who is held by the ties among contacts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _engine

if TYPE_CHECKING:
    from netlink.network import Network

__all__ = ["articulation_points", "constraint"]


def articulation_points(network: Network, /) -> pd.Series:
    """Tell which entities hold parts of the network together.

    An entity is one if, without it, others that were connected no longer are. Ties are read in both
    directions. Where records are incomplete many look like one for want of a single tie; an object
    such as a shared telephone can be one as well as a person.

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
    ties = network.to_scipy(directed=False, weight=None)
    value = np.zeros(network.n_entities, dtype=bool)
    value[_engine.graph(ties, directed=False).articulation_points()] = True
    return pd.Series(value, index=network.entities.index, name="articulation_points")


def constraint(network: Network, /, *, weight: str | None = "weight") -> pd.Series:
    """Burt's constraint: how far contacts lead back to each other.

    For entity i the sum, over its contacts j, of (p_ij + sum_q p_iq p_qj) squared, where p_ij is
    the share that j has in all of i's ties: (a_ij + a_ji) divided by the sum of that over everybody
    tied to i. So direction does not enter: a_ij adds the weights of all relationships from i to j,
    an undirected one counts once. Self-loops are left out.

    Low values mark entities whose contacts do not know each other. It can pass 1, and entities
    with one or two contacts have high values whatever their place; compare those of like degree.
    Published figures are mostly unweighted.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative, added where relationships are parallel.
        None is unweighted: every tie is 1, however many relationships it stands for.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``; NaN for isolates and without ties of any weight.

    Raises
    ------
    ArgumentError
        The column is not of strengths.

    References
    ----------
    Burt 1992, Structural holes: the social structure of competition, chapter 2.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.brokerage.constraint(nl.datasets.florentine_families())["Medici"].round(6)
    np.float64(0.209877)
    """
    ties = network.to_scipy(directed=False, weight=weight)
    graph = _engine.graph(ties, directed=False)
    if weight is None:
        graph.es["weight"] = 1.0
    graph.delete_edges(weight_eq=0)
    value = np.array(graph.constraint(weights="weight"), dtype=float)
    return pd.Series(value, index=network.entities.index, name="constraint")
