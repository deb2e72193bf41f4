"""What many runs agree on, and how far."""

from __future__ import annotations

import random
from dataclasses import dataclass
from numbers import Real
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from netlink.communities import _runs, _ties, _workers
from netlink.communities._closing import closed
from netlink.communities.result import Communities
from netlink.errors import ArgumentError, check_seed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network


@dataclass(frozen=True, eq=False, repr=False)
class Consensus(Communities):
    """A grouping that many runs agree on, and how far.

    Attributes
    ----------
    labels, modularity, method, parameters
        As of `Communities`.
    stability : pandas.Series of float
        On ``network.entities.index``: how often an entity stays with its group. The share of runs
        in which it is together with another member of its group, as a mean over the other members:
        1 where every run put it with all of them. NaN for an entity alone in its group.
    group_stability : pandas.Series of float
        Indexed by the number of the community: the mean over its pairs of members of the share of
        runs in which the two are together. NaN for a group of one.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.communities.consensus(nl.datasets.karate_club())
    <Consensus by consensus: 4 communities of 34 entities (modularity 0.420)>
    """

    stability: pd.Series
    group_stability: pd.Series


def consensus(
    network: Network,
    /,
    *,
    runs: int = 20,
    method: Literal["infomap", "label_propagation", "leiden", "louvain"] = "leiden",
    resolution: float = 1.0,
    threshold: float = 0.5,
    weight: str | None = "weight",
    seed: int = 0,
    progress: bool = False,
) -> Consensus:
    """Group entities as many runs of one method agree to.

    Every run draws its own random numbers. For each tie it is counted in what share of the runs its
    two ends are in one group; shares below ``threshold`` count as none, but an entity left with
    none at all keeps its largest. Whom all runs put together along ties is one unit from then on.
    Leiden divides the network of units, as many times, by the shares of all pairs of entities in
    two units that have a tie; and so on, until all agree.

    Read the stability before the groups: a person with 0.5 belongs as much elsewhere, and a group
    with a low one is a habit of the method rather than of the records. But a high stability says
    only that chance plays no part. A wrong or missing record, or a resolution that merges two
    groups, misleads every run in the same way. Entities without ties between them are never
    compared while groups are sought; the stability counts them all.

    Parameters
    ----------
    network : Network
        Entities and relationships; ties are read in both directions, parallel ones merged, their
        weights added; self-loops are left out. Infomap too reads no direction here.
    runs : int, default 20
        How many, at least 2. Where they are long they are spread over up to four processes.
    method : {"infomap", "label_propagation", "leiden", "louvain"}, default "leiden"
        What is run.
    resolution : float, default 1.0
        Above 0; of the runs by Leiden and Louvain, and of the modularity of the result.
    threshold : float, default 0.5
        Above 0, at most 1: the share of runs that counts. Less gives fewer, larger groups.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.
    seed : int, default 0
        The same seed gives the same communities, whatever the order of the rows, the threads and
        the processes.
    progress : bool, default False
        Show a bar over the runs.

    Returns
    -------
    Consensus
        ``labels`` and ``stability`` on ``network.entities.index``.

    Raises
    ------
    ArgumentError
        An argument is not what is said above.

    References
    ----------
    Lancichinetti & Fortunato 2012, Consensus clustering in complex networks; on ties alone as in
    Tandon, Albeshri, Thayananthan, Alhalabi & Fortunato 2019, Fast consensus clustering in complex
    networks.

    Examples
    --------
    >>> import netlink as nl
    >>> found = nl.communities.consensus(nl.datasets.karate_club(), seed=0)
    >>> found.labels.nunique(), round(float(found.stability.min()), 2)
    (4, 1.0)
    """
    resolution = _checked(runs, method, resolution, threshold)
    check_seed(seed)
    if not isinstance(progress, bool):
        raise ArgumentError(f"'progress' must be True or False, got {type(progress).__name__}.")
    ties, is_tied = _ties.read(network, weight)
    draws = random.Random(seed)  # noqa: S311 (no secret drawn)
    seeds = [draws.getrandbits(63) for _ in range(runs)]
    found = _workers.memberships(ties, method, resolution, seeds, progress=progress)
    membership = closed(ties, found, threshold, draws)
    labels = _ties.communities_of(network, is_tied, membership)
    stability = np.full(network.n_entities, np.nan)
    stability[is_tied] = _stability(membership, found)
    by_entity = pd.Series(stability, index=labels.index, name="stability")
    by_group = by_entity.groupby(labels).mean().rename("group_stability")
    parameters = {
        "runs": runs, "method": method, "resolution": resolution, "threshold": float(threshold),
        "weight": weight, "seed": seed,
    }  # fmt: skip
    modularity = _ties.modularity_of(ties, membership, resolution)
    return Consensus(labels, modularity, "consensus", parameters, by_entity, by_group)


def _checked(runs: object, method: object, resolution: object, threshold: object) -> float:
    if isinstance(runs, bool) or not isinstance(runs, int) or runs < 2:
        got = runs if isinstance(runs, int) else type(runs).__name__
        raise ArgumentError(f"'runs' must be an integer of at least 2, got {got}.")
    if method not in _runs.DRAWN:
        known = ", ".join(f"'{name}'" for name in _runs.DRAWN)
        raise ArgumentError(f"'method' must be one of {known}, got {method!r}.")
    if isinstance(threshold, bool) or not isinstance(threshold, Real):
        raise ArgumentError(f"'threshold' must be a number, got {type(threshold).__name__}.")
    if not 0 < float(threshold) <= 1:
        raise ArgumentError(f"'threshold' must be above 0 and at most 1, got {threshold}.")
    return _ties.check_resolution(resolution)


def _stability(membership: NDArray[np.int64], found: NDArray[np.int32]) -> NDArray[np.float64]:
    """Return the mean share of runs in which each is together with the others of its group."""
    together = np.zeros(len(membership), dtype=np.int64)
    for row in found:
        cell = membership * (int(row.max(initial=0)) + 1) + row
        _, place, size = np.unique(cell, return_inverse=True, return_counts=True)
        together += size[place] - 1
    others = np.bincount(membership, minlength=1)[membership] - 1
    share = np.full(len(membership), np.nan)
    np.divide(together, others * len(found), out=share, where=others > 0)
    return share
