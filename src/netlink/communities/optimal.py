"""Communities that make a figure of quality large: Leiden and Louvain."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from netlink.communities import _runs, _ties, _workers
from netlink.communities.result import Communities
from netlink.errors import ArgumentError, check_seed

if TYPE_CHECKING:
    from netlink.network import Network

_OBJECTIVES = {"modularity": "modularity", "cpm": "CPM"}


def leiden(
    network: Network,
    /,
    *,
    objective: Literal["modularity", "cpm"] = "modularity",
    resolution: float = 1.0,
    weight: str | None = "weight",
    seed: int = 0,
) -> Communities:
    """Group entities with many ties among them, by Leiden.

    Ties are read in both directions and parallel ones merged, their weights added: a larger weight
    holds two entities closer together. Self-loops are left out, of the modularity too. An isolate
    is a community of its own. There is one run: up to 20,000 ties iterations go on, by two, while
    they gain; beyond that three are all, which find nearly all there is in a small part of the
    time. A refined part is joined to the one with the largest gain, with no chance for others.

    With ``objective="modularity"`` it misleads where communities are small in a large network
    (modularity merges groups whose ties number less than about the root of all ties: raise
    ``resolution``). With ``"cpm"``, the constant Potts model, that does not happen: a group stays
    together where the weight of its ties a pair of members is above ``resolution``, and two groups
    apart where it is below between them, whatever the rest of the network. But then the resolution
    must be chosen: at 1 and weights of 1 only cliques are groups; try the density at which you
    would speak of a group.

    Either misleads where there are no communities: every network gets an answer, a random one with
    a modularity well above 0 as well. Another seed may give another grouping of almost the same
    quality; what changes with the seed is not known from these ties: ask `consensus`. A community
    is no finding about the people in it.

    Parameters
    ----------
    network : Network
        Entities and relationships. For some types of relationship alone, ``network.where`` first.
    objective : {"modularity", "cpm"}, default "modularity"
        What is made large.
    resolution : float, default 1.0
        Above 0. More gives more and smaller communities.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.
    seed : int, default 0
        The same seed gives the same communities, whatever the order of the rows and the threads.

    Returns
    -------
    Communities
        ``labels`` on ``network.entities.index``. The modularity is at ``resolution``, that of the
        constant Potts model at 1.

    Raises
    ------
    ArgumentError
        The objective is unknown, the resolution not above 0, or the column not of strengths.

    References
    ----------
    Traag, Waltman & van Eck 2019, From Louvain to Leiden: guaranteeing well-connected communities;
    Newman & Girvan 2004 for modularity, Reichardt & Bornholdt 2006 for the resolution in it;
    Traag, Van Dooren & Nesterov 2011 for the constant Potts model; Fortunato & Barthelemy 2007 on
    the communities that modularity cannot see.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> groups = nl.communities.leiden(club, seed=0)
    >>> round(groups.modularity, 5), groups.labels.nunique()
    (0.41979, 4)
    >>> nl.communities.leiden(club, objective="cpm", resolution=0.1).labels.nunique()
    5

    By one type of relationship:

    >>> case = nl.datasets.synthetic_case()
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> calls = network.where(relationship_types=["communicated"])
    >>> bool(nl.communities.leiden(calls).modularity > 0.5)
    True
    """
    if objective not in _OBJECTIVES:
        raise ArgumentError(f"'objective' must be 'modularity' or 'cpm', got {objective!r}.")
    resolution = _ties.check_resolution(resolution)
    check_seed(seed)
    ties, is_tied = _ties.read(network, weight)
    found = _runs.leiden(ties, resolution, seed, _OBJECTIVES[objective])
    labels = _ties.communities_of(network, is_tied, found)
    at = resolution if objective == "modularity" else 1.0
    modularity = _ties.modularity_of(ties, labels.to_numpy()[is_tied], at)
    parameters = {"objective": objective, "resolution": resolution, "weight": weight, "seed": seed}
    return Communities(labels, modularity, "leiden", parameters)


def louvain(
    network: Network,
    /,
    *,
    resolution: float = 1.0,
    weight: str | None = "weight",
    seed: int = 0,
) -> Communities:
    """Group entities so that modularity is high, by Louvain.

    Here to repeat what others did with it: `leiden` is as fast, finds groupings at least as good,
    and its groups always hang together, while one of Louvain's can fall apart without the entity
    that once held it. Ties are read as there, and what misleads there misleads here.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    resolution : float, default 1.0
        Above 0. More gives more and smaller communities.
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
        The resolution is not above 0, or the column is not of strengths.

    References
    ----------
    Blondel, Guillaume, Lambiotte & Lefebvre 2008, Fast unfolding of communities in large networks.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.communities.louvain(nl.datasets.karate_club()).labels.nunique()
    4
    """
    resolution = _ties.check_resolution(resolution)
    check_seed(seed)
    ties, is_tied = _ties.read(network, weight)
    found = _workers.alone(ties, "louvain", resolution, seed)
    labels = _ties.communities_of(network, is_tied, found)
    parameters = {"resolution": resolution, "weight": weight, "seed": seed}
    return Communities(labels, _ties.modularity_of(ties, found, resolution), "louvain", parameters)
