"""Who belongs together: groups with many ties inside and few between them."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite
from numbers import Real
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink import _arrays, _engine
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netlink.network import Network

__all__ = ["Communities", "leiden"]

# Ties up to which an iteration that no longer improves is waited for. Where there are no clear
# communities that takes over ten times as long as two iterations, for 2 to 5 % more modularity.
_UNTIL_STABLE = 20_000
_ROUNDS = 50


@dataclass(frozen=True, eq=False, repr=False)
class Communities:
    """A grouping: every entity is in one community.

    Attributes
    ----------
    labels : pandas.Series
        Named "community", on ``network.entities.index``: the number of each entity's community.
        The largest is 0; of two alike in size the one with the smallest entity id comes first.
    modularity : float
        The share of weight inside communities less the share that ties laid at random between
        entities of the same strengths would have there. NaN without ties of any weight.
    method : str
        Name of the function that made it.
    parameters : mapping of str to object
        What it was called with.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.communities.leiden(nl.datasets.karate_club())
    <Communities by leiden: 4 communities of 34 entities (modularity 0.420)>
    """

    labels: pd.Series
    modularity: float
    method: str
    parameters: Mapping[str, object]

    @property
    def sizes(self) -> pd.Series:
        """Number of entities in each community, indexed by its number.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.communities.leiden(nl.datasets.karate_club()).sizes.tolist()
        [12, 11, 6, 5]
        """
        return self.labels.value_counts().sort_index().rename("size")

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    def __reduce__(self) -> tuple[object, ...]:  # a mapping proxy has no pickle of its own
        given = (self.labels, self.modularity, self.method, dict(self.parameters))
        return type(self), given

    def __repr__(self) -> str:
        n, groups = len(self.labels), self.labels.nunique()
        found = f"{groups:,} {'community' if groups == 1 else 'communities'}"
        entities = f"{n:,} {'entity' if n == 1 else 'entities'}"
        modularity = f"modularity {self.modularity:.3f}"
        return f"<Communities by {self.method}: {found} of {entities} ({modularity})>"


def leiden(
    network: Network,
    /,
    *,
    resolution: float = 1.0,
    weight: str | None = "weight",
    seed: int = 0,
) -> Communities:
    """Group entities so that modularity is high, by Leiden.

    Ties are read in both directions and parallel ones merged, their weights added: a larger weight
    holds two entities closer together. Self-loops are left out, of the modularity too. An isolate
    is a community of its own. There is one run: up to 20,000 ties iterations go on, by two, while
    they gain; beyond that two are all, which find nearly all there is in a small part of the time.

    It misleads where communities are small in a large network (modularity merges groups whose ties
    number less than about the root of all ties: raise ``resolution``), and where there are none:
    every network gets an answer, a random one with a modularity well above 0 as well. Another seed
    may give another grouping of almost the same modularity; what changes with the seed is not known
    from these ties. A community is no finding about the people in it.

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
    Traag, Waltman & van Eck 2019, From Louvain to Leiden: guaranteeing well-connected communities;
    Newman & Girvan 2004 for modularity, Reichardt & Bornholdt 2006 for the resolution in it;
    Fortunato & Barthelemy 2007 on the communities that it cannot see.

    Examples
    --------
    >>> import netlink as nl
    >>> groups = nl.communities.leiden(nl.datasets.karate_club(), seed=0)
    >>> round(groups.modularity, 5), groups.labels.nunique()
    (0.41979, 4)
    """
    if isinstance(resolution, bool) or not isinstance(resolution, Real):
        raise ArgumentError(f"'resolution' must be a number, got {type(resolution).__name__}.")
    if not (isfinite(resolution) and resolution > 0):
        raise ArgumentError(f"'resolution' must be above 0 and finite, got {resolution}.")
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise ArgumentError(f"'seed' must be an integer, got {type(seed).__name__}.")
    ties = network.to_scipy(directed=False, weight=weight)
    graph = _engine.graph(ties, directed=False)
    isolates = np.flatnonzero(np.array(graph.degree()) == 0)
    graph.delete_vertices(isolates)  # they are numbered apart, and take no draw from the others
    rounds = _ROUNDS if graph.ecount() <= _UNTIL_STABLE else 1
    found, modularity = _improved(graph, float(resolution), rounds, seed)
    tied = np.ones(network.n_entities, dtype=bool)
    tied[isolates] = False
    membership = np.empty(network.n_entities, dtype=np.int64)
    membership[tied] = found
    membership[isolates] = network.n_entities + np.arange(len(isolates))
    labels = pd.Series(_arrays.numbered(membership), index=network.entities.index, name="community")
    parameters = {"resolution": float(resolution), "weight": weight, "seed": seed}
    return Communities(labels, modularity, "leiden", parameters)


def _improved(graph: Any, resolution: float, rounds: int, seed: int) -> tuple[list[int], float]:
    """Run Leiden by two iterations until modularity stays, and return the best membership."""
    best: list[int] | None = None
    quality = -np.inf
    with _engine.seeded(seed):
        # igraph's own n_iterations=-1 never returns on about one small weighted graph in 5,000.
        for _ in range(rounds):
            membership = graph.community_leiden(
                objective_function="modularity",
                weights="weight",
                resolution=resolution,
                initial_membership=best,
                n_iterations=2,
            ).membership
            found = graph.modularity(
                membership, weights="weight", resolution=resolution, directed=False
            )
            if best is not None and not found > quality + 1e-12:
                break
            best, quality = membership, found
    return best or [], float(quality)
