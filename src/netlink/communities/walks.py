"""Communities in which what moves along ties stays: Infomap, walktrap, label propagation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.communities import _runs, _ties, _workers
from netlink.communities.result import Communities
from netlink.errors import ArgumentError, check_seed

if TYPE_CHECKING:
    from netlink.network import Network


def infomap(
    network: Network,
    /,
    *,
    directed: bool | None = None,
    weight: str | None = "weight",
    seed: int = 0,
) -> Communities:
    """Group entities among which a random walker stays long.

    The groups are those by which its way can be described in the fewest bits. Of the methods here
    only this one reads direction: calls or payments that run round in a circle make a group, those
    that all lead to one account need not. Up to 20,000 ties the best of ten trials is taken, beyond
    that there is one. Parallel relationships merge, their weights added; self-loops are left out;
    an isolate is a community of its own.

    It finds small groups that modularity merges. It misleads where ties are few and scattered:
    small networks often come out as one group, and where one type of relationship is directed and
    another is not, the walker crosses the directed ones one way only.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.
    seed : int, default 0
        The same seed gives the same communities, whatever the order of the rows and the threads.

    Returns
    -------
    Communities
        ``labels`` on ``network.entities.index``. The modularity is that of ties in both directions.

    Raises
    ------
    ArgumentError
        The column is not of strengths.

    References
    ----------
    Rosvall & Bergstrom 2008, Maps of random walks on complex networks reveal community structure.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.communities.infomap(nl.datasets.karate_club()).labels.nunique()
    3
    """
    check_seed(seed)
    ties, is_tied = _ties.read(network, weight, directed=directed)
    found = _workers.alone(ties, "infomap", 1.0, seed)
    labels = _ties.communities_of(network, is_tied, found)
    if ties.is_directed:
        ties, _ = _ties.read(network, weight)
    parameters = {"directed": directed, "weight": weight, "seed": seed}
    return Communities(labels, _ties.modularity_of(ties, found, 1.0), "infomap", parameters)


def label_propagation(
    network: Network, /, *, weight: str | None = "weight", seed: int = 0
) -> Communities:
    """Group entities by labels that spread along ties.

    Everybody starts with a label and takes on, in turns and a random order, the one that has the
    most weight among its contacts; its own stays where no other has more. What ends with one label
    and hangs together is a group. Ties are read in both directions, parallel ones merged, their
    weights added; self-loops are left out; an isolate is a community of its own.

    The quickest method, and the least steady: it makes nothing large, groupings differ more from
    seed to seed than those of `leiden`, and one label may flood a dense network.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.
    seed : int, default 0
        The same seed gives the same communities, whatever the order of the rows and the threads.

    Returns
    -------
    Communities
        ``labels`` on ``network.entities.index``.

    Raises
    ------
    ArgumentError
        The column is not of strengths.

    References
    ----------
    Raghavan, Albert & Kumara 2007, Near linear time algorithm to detect community structures in
    large-scale networks.

    Examples
    --------
    >>> import netlink as nl
    >>> groups = nl.communities.label_propagation(nl.datasets.karate_club())
    >>> bool(groups.labels["0"] == groups.labels["1"])
    True
    """
    check_seed(seed)
    ties, is_tied = _ties.read(network, weight)
    found = _runs.label_propagation(ties, 1.0, seed)
    labels = _ties.communities_of(network, is_tied, found)
    modularity = _ties.modularity_of(ties, found, 1.0)
    parameters = {"weight": weight, "seed": seed}
    return Communities(labels, modularity, "label_propagation", parameters)


def walktrap(network: Network, /, *, steps: int = 4, weight: str | None = "weight") -> Communities:
    """Group entities from which short random walks lead alike.

    Starting alone, the two groups whose walks of a few steps end most alike are joined again and
    again; of all the groupings on the way the one with the highest modularity is taken. Nothing is
    drawn at random. Ties are read in both directions, parallel ones merged, their weights added;
    self-loops are left out; an isolate is a community of its own.

    Meant for a case, not for a register: time and memory grow with the square of the entities and
    more, worst around entities with thousands of ties; use `leiden` beyond a few thousand.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    steps : int, default 4
        Length of the walks; longer ones give larger groups.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.

    Returns
    -------
    Communities
        ``labels`` on ``network.entities.index``.

    Raises
    ------
    ArgumentError
        The number of steps is no positive integer, or the column is not of strengths.

    References
    ----------
    Pons & Latapy 2006, Computing communities in large networks using random walks.

    Examples
    --------
    >>> import netlink as nl
    >>> round(nl.communities.walktrap(nl.datasets.karate_club()).modularity, 3)
    0.353
    """
    if isinstance(steps, bool) or not isinstance(steps, int) or steps < 1:
        got = steps if isinstance(steps, int) else type(steps).__name__
        raise ArgumentError(f"'steps' must be a positive integer, got {got}.")
    ties, is_tied = _ties.read(network, weight)
    found = _workers.alone(ties, "walktrap", steps, 0)
    labels = _ties.communities_of(network, is_tied, found)
    modularity = _ties.modularity_of(ties, found, 1.0)
    return Communities(labels, modularity, "walktrap", {"steps": steps, "weight": weight})
