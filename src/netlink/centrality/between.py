"""Measures of shortest paths between others: who and what lies on them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.centrality import _between, _checks
from netlink.centrality._ties import lengths, steps
from netlink.errors import ArgumentError, check_count, check_seed

if TYPE_CHECKING:
    from scipy.sparse import csr_array

    from netlink.network import Network


def betweenness(
    network: Network,
    /,
    *,
    directed: bool | None = None,
    length: str | None = None,
    cutoff: float | None = None,
    pivots: int | None = None,
    epsilon: float | None = None,
    delta: float = 0.1,
    seed: int = 0,
    progress: bool = False,
) -> pd.Series:
    """Share of shortest paths that run through an entity.

    Of the shortest paths between two other entities, the share that passes through this one, added
    over all pairs and divided by their number: (n-1)(n-2)/2, twice that where ties are directed.
    Parallel relationships make one tie, self-loops count for nothing, pairs without a path count 0.

    High values mark entities that others must pass if they use shortest paths, which people often
    do not. One missing record can move it far, and many contacts alone make it high.

    The exact answer takes a time that grows with entities times ties: seconds at ten thousand
    entities, tens of minutes at a hundred thousand. Two estimates are faster. With ``pivots`` only
    paths that begin at so many entities, drawn at random, count, scaled up: good for the first
    places, without a bound on the error. With ``epsilon`` single shortest paths between random
    pairs are drawn until every value is within ``epsilon`` of the exact one with probability
    ``1 - delta``, for all entities together: values below ``epsilon`` then say nothing but that.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    length : str, optional
        Numeric column of costs, all above 0; the shortest of parallel relationships counts. Without
        it every tie is one step. A weight is a strength, not a length: turn it into one first.
    cutoff : float, optional
        Leave out paths longer than this, in steps or in the unit of the lengths.
    pivots : int, optional
        Number of entities to start from; as many as there are, or more, give the exact answer.
    epsilon : float, optional
        Largest error allowed, between 0 and 1. It stands alone: not with ``length``, ``cutoff`` or
        ``pivots``.
    delta : float, default 0.1
        Probability, between 0 and 1, that some value is off by more than ``epsilon``.
    seed : int, default 0
        For ``pivots`` and ``epsilon``: the same seed gives the same answer, whatever the order of
        the rows.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``, 0 to 1, an estimate from pivots at times above; NaN with
        fewer than three entities. Paths whose lengths differ by less than a part in 10 billion
        count as equally short; lengths too far apart for that are refused.

    Raises
    ------
    ArgumentError
        An argument is none of these, or the column is not of lengths.

    References
    ----------
    Freeman 1977, A set of measures of centrality based on betweenness; Brandes 2001, A faster
    algorithm for betweenness centrality; Brandes & Pich 2007, Centrality estimation in large
    networks, for pivots; Borassi & Natale 2016, KADABRA is an adaptive algorithm for betweenness
    via random approximation, for epsilon, with the bound of Hoeffding 1963, theorem 1.

    Examples
    --------
    >>> import netlink as nl
    >>> families = nl.datasets.florentine_families()
    >>> nl.centrality.betweenness(families).nlargest(2).round(3).to_dict()
    {'Medici': 0.522, 'Guadagni': 0.255}
    >>> near = nl.centrality.betweenness(families, epsilon=0.05)
    >>> bool(abs(near - nl.centrality.betweenness(families)).max() <= 0.05)
    True

    Over ties of one type alone:

    >>> nl.centrality.betweenness(families.where(relationship_types=["met"])).max()
    np.float64(0.0)
    """
    if cutoff is not None:
        cutoff = _checks.check_positive(cutoff, "cutoff")
    delta, seed = _checks.check_share(delta, "delta"), check_seed(seed)
    n = network.n_entities
    sources = np.arange(n)
    if epsilon is not None:
        epsilon = _checks.check_share(epsilon, "epsilon")
        others = {"length": length, "cutoff": cutoff, "pivots": pivots}
        for name, other in others.items():
            if other is not None:
                raise ArgumentError(f"'epsilon' cannot be used together with '{name}'.")
        ties = steps(network, directed=directed)
        value = _between.sampled(ties, epsilon, delta, seed, progress=progress)
    else:
        if pivots is not None and check_count(pivots, "pivots") < n:
            draw = np.random.default_rng(seed).choice(n, pivots, replace=False, shuffle=False)
            sources = np.sort(draw)
        ties = _tied(network, directed, length)
        found = _between.through(
            ties, sources, by_length=length is not None, cutoff=cutoff, progress=progress
        )
        pairs = (n - 1) * (n - 2) * (len(sources) / max(n, 1))
        value = found.between / pairs if n > 2 else np.full(n, np.nan)
    return pd.Series(value, index=network.entities.index, name="betweenness")


def edge_betweenness(
    network: Network,
    /,
    *,
    directed: bool | None = None,
    length: str | None = None,
    progress: bool = False,
) -> pd.Series:
    """Share of shortest paths that run along a relationship.

    Of the shortest paths between two entities, the share that runs along this tie, added over all
    pairs and divided by their number: n(n-1)/2, twice that where ties are directed. Parallel
    relationships make one tie, and the value of the tie stands at each of them: do not add them up.
    A relationship that is read in both directions counts the paths of both.

    High values mark ties that hold parts of a network together. That one record stands for such a
    tie says as much about what was recorded as about who knows whom.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    length : str, optional
        Numeric column of costs, all above 0; the shortest of parallel relationships counts, and
        its value stands at the longer ones too. Without it every tie is one step.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    pandas.Series of float
        On ``network.relationships.index``, 0 to 1; 0 for self-loops.

    Raises
    ------
    ArgumentError
        An argument is none of these, or the column is not of lengths.

    References
    ----------
    Girvan & Newman 2002, Community structure in social and biological networks; Brandes 2008, On
    variants of shortest-path betweenness centrality and their generic computation.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> along = nl.centrality.edge_betweenness(kite)
    >>> kite.relationships.loc[along.idxmax(), ["source", "target"]].tolist()
    ['7', '8']
    """
    n = network.n_entities
    ties = _tied(network, directed, length)
    found = _between.through(
        ties, np.arange(n), by_length=length is not None, along=True, progress=progress
    )
    places = np.repeat(np.arange(n), np.diff(ties.indptr)) * n + ties.indices
    source, target = (ends.astype(np.int64) for ends in network.codes)
    back = network._both_ways(directed)
    value = np.zeros(network.n_relationships)
    apart = source != target
    for ends, rows in ((source * n + target, apart), (target * n + source, apart & back)):
        value[rows] += found.along[np.searchsorted(places, ends[rows])]
    if n > 1:
        value /= n * (n - 1)
    return pd.Series(value, index=network.relationships.index, name="edge_betweenness")


def _tied(network: Network, directed: bool | None, length: str | None) -> csr_array:
    if length is None:
        return steps(network, directed=directed)
    ties = lengths(network, directed=directed, length=length)
    # Paths are compared to a part in 10 billion, so a tie shorter than that would count as none.
    n = network.n_entities
    spread = 5e9 / max(1, n - 1)  # no path has more ties than there are other entities
    if ties.nnz and ties.data.max() > spread * ties.data.min():
        raise ArgumentError(
            f"'length' must be a column whose largest value is at most {spread:,.0f} times its "
            f"smallest for betweenness among {n:,} entities: paths are compared to ten digits."
        )
    return ties
