"""Where random walks along ties spend their time."""

from __future__ import annotations

from math import ceil, log
from threading import Event
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.centrality import _blocks, _checks
from netlink.centrality._ties import csr, strengths

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network

_TOLERANCE = 1e-12
_SINGLE = 4e-6  # in single precision: what has not arrived, and so twice that in all errors
_WALKS = 16  # at once: one look at a tie serves them all, within one cache line


def pagerank(
    network: Network,
    /,
    *,
    directed: bool | None = None,
    damping: float = 0.85,
    weight: str | None = "weight",
) -> pd.Series:
    """Time that a random walk spends at an entity.

    The walk follows a tie with probability ``damping``, chosen by weight, and else starts again at
    any entity; so it does where no tie leads on. Weights of parallel relationships are added,
    self-loops left out. Where ties are undirected it differs little from `strength`.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    damping : float, default 0.85
        Between 0 and 1, neither included.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``; they add up to 1.

    Raises
    ------
    ArgumentError
        An argument is none of these, or the column is not of strengths.

    References
    ----------
    Page, Brin, Motwani & Winograd 1999, The PageRank citation ranking: bringing order to the web.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.centrality.pagerank(nl.datasets.krackhardt_kite()).nlargest(1).round(3).to_dict()
    {'3': 0.147}
    """
    damping = _checks.check_share(damping, "damping")
    ties = strengths(network, directed=directed, weight=weight)
    walked = _walked if network.is_directed(directed) else _settled
    return pd.Series(walked(ties, damping), index=network.entities.index, name="pagerank")


def personalized_pagerank(
    network: Network,
    entities: Iterable[str],
    /,
    *,
    directed: bool | None = None,
    damping: float = 0.85,
    weight: str | None = "weight",
    progress: bool = False,
) -> pd.DataFrame:
    """Time that walks from given people spend at each entity.

    One column a person: the walk follows a tie with probability ``damping``, chosen by weight, and
    else, or where no tie leads on, begins again at that person. It ranks everybody by nearness to
    the person over all paths, many short ones before one; who has many ties is near to everybody.
    For walks from several people take the mean of their columns: each returns to where it began.
    Weights of parallel relationships are added, self-loops left out.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    entities : iterable of str
        Ids of the people, or other entities, at which the walks begin.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    damping : float, default 0.85
        Between 0 and 1, neither included.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    pandas.DataFrame of float
        On ``network.entities.index``, a column for each entity given, in that order; a column adds
        up to 1. Computed in single precision: at the default damping the errors of a column add
        up to less than 0.00001.

    Raises
    ------
    UnknownEntityError
        Some are not in the network.
    ArgumentError
        An argument is none of these, or the column is not of strengths.

    References
    ----------
    Page, Brin, Motwani & Winograd 1999, The PageRank citation ranking: bringing order to the web;
    Haveliwala 2002, Topic-sensitive PageRank.

    Examples
    --------
    >>> import netlink as nl
    >>> near = nl.centrality.personalized_pagerank(nl.datasets.krackhardt_kite(), ["9", "0"])
    >>> near.loc[["8", "3"]].round(2).to_dict("list")
    {'9': [0.26, 0.06], '0': [0.02, 0.16]}
    """
    damping = _checks.check_share(damping, "damping")
    entities = list(entities) if not isinstance(entities, str) else entities
    people = network.positions(entities)
    arriving, _ = _shares(strengths(network, directed=directed, weight=weight))
    value = _returning(arriving, people, damping, progress=progress)
    return pd.DataFrame(value, index=network.entities.index, columns=list(entities), copy=False)


def _walked(ties: csr_array, damping: float) -> NDArray[np.float64]:
    n = ties.shape[0]
    arriving, ends = _shares(ties)
    here = np.full(n, 1 / max(n, 1))
    for _ in range(ceil(log(_TOLERANCE) / log(damping)) + 2):  # each step shrinks the change so
        again = 1 - damping + damping * here[ends].sum()
        new = damping * (arriving @ here) + again / n if n else here
        change = np.abs(new - here).sum()
        here = new / new.sum() if n else new
        if change < _TOLERANCE:
            break
    return here


def _settled(ties: csr_array, damping: float) -> NDArray[np.float64]:
    """Solve for the walk where every tie leads both ways, by conjugate gradients.

    Divided by the roots of the strengths the equations are symmetric, and take half the steps.
    """
    n = max(ties.shape[0], 1)
    leaving: NDArray[np.float64] = ties.sum(axis=1, dtype=np.float64)
    root = np.sqrt(np.where(leaving > 0, leaving, 1))

    def lost(vector: NDArray[np.float64]) -> NDArray[np.float64]:
        led: NDArray[np.float64] = ties @ (vector / root)
        return vector - damping * led / root

    again = (1 - damping) / n
    here: NDArray[np.float64] = (
        again + damping * leaving / max(leaving.sum(), np.finfo(float).tiny)
    ) / root
    rest = again / root - lost(here)
    towards, size = rest, (rest * rest).sum()
    for _ in range(ceil(log(_TOLERANCE) / log(damping)) + 2):
        if np.abs(rest * root).sum() <= _TOLERANCE:
            break
        image = lost(towards)
        share = size / (towards * image).sum()
        here = here + share * towards
        rest = rest - share * image
        size, before = (rest * rest).sum(), size
        towards = rest + size / before * towards
    here = here * root
    return here / here.sum() if len(here) else here


def _shares(ties: csr_array) -> tuple[csr_array, NDArray[np.bool_]]:
    """Return what share of each entity's ties leads to which, turned around, and who has none."""
    leaving = ties.sum(axis=1)
    ends = leaving == 0
    rows = np.repeat(np.arange(len(leaving)), np.diff(ties.indptr))
    shares = ties.copy()
    shares.data /= np.where(ends, 1, leaving)[rows]
    return shares.T.tocsr(), ends


def _returning(
    arriving: csr_array, people: NDArray[np.int32], damping: float, *, progress: bool
) -> NDArray[np.float64]:
    from netlink.centrality._restarts import sweep

    n = arriving.shape[0]
    ties = (*csr(arriving), arriving.data.astype(np.float32), damping)
    least = _SINGLE * (1 - damping)
    is_over = Event()

    def walk(block: NDArray[np.int32]) -> NDArray[np.float64]:
        here = np.zeros((n, len(block)), np.float32)
        for _ in range(ceil(log(least) / log(damping)) + 2):
            # Where few ties lead on, all that has arrived is little: changes are to be less too.
            change = sweep(*ties, block, here)
            if change.max() <= _SINGLE and (change <= least * here.sum(axis=0, dtype=float)).all():
                break
            if is_over.is_set():
                break
        # Nothing was sent back from where no tie leads on: that adds to all in proportion.
        found = here.T.astype(np.float64, order="C")
        found /= found.sum(axis=1)[:, None]
        return found

    value = np.empty((len(people), n))
    done = 0
    try:
        for part in _blocks.results(walk, _blocks.split(people, _WALKS), progress=progress):
            value[done : done + len(part)] = part
            done += len(part)
    finally:
        is_over.set()  # interrupted, threads end after a step, not after all steps
    return value.T
