"""A core whose members are tied to each other, and a periphery tied to the core alone."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network

    Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False, repr=False)
class CorePeriphery:
    """How near a network is to core and periphery.

    Attributes
    ----------
    scores : pandas.DataFrame
        On ``network.entities.index``: ``coreness``, 0 to 1, the largest 1, NaN without a fit; and
        ``is_core``, bool.
    continuous_fit : float
        Correlation of the ties with the products of the coreness of their ends, over all pairs.
    discrete_fit : float
        Correlation of the ties with the pattern in which a pair is tied if either is in the core.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.cohesion.core_periphery(nl.datasets.karate_club())
    <CorePeriphery of 34 entities: 5 in the core (fit 0.454 continuous, 0.431 discrete)>
    """

    scores: pd.DataFrame
    continuous_fit: float
    discrete_fit: float

    def __repr__(self) -> str:
        n, core = len(self.scores), int(self.scores["is_core"].sum())
        entities = f"{n:,} {'entity' if n == 1 else 'entities'}"
        fit = f"{self.continuous_fit:.3f} continuous, {self.discrete_fit:.3f} discrete"
        return f"<CorePeriphery of {entities}: {core:,} in the core (fit {fit})>"


def core_periphery(network: Network, /, *, weight: str | None = "weight") -> CorePeriphery:
    """Fit a core and a periphery to the network.

    Continuous: a coreness for each entity such that the products of coreness come nearest to the
    ties in least squares, an entity counted as not tied to itself; so it is the leading
    eigenvector. The fit is the correlation over pairs of two, and coreness does not maximize that:
    the highest correlation is often reached only where one entity has all coreness, or all the
    same. Discrete: a core such that the pattern "tied if either is in the core" correlates best
    with the ties. Ties are read in both directions, weights of parallel relationships are added,
    self-loops left out.

    Every network gets an answer: read the fit first, and whether there are rather two groups, which
    a core hides. The discrete core is searched for from the most tied on, moving one entity at a
    time: the best that is near, often but not always the best there is. The core is where records
    are thick, which is where somebody looked.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None is unweighted: every tie is 1,
        however many relationships it stands for.

    Returns
    -------
    CorePeriphery
        Without ties, or where all pairs are tied alike, the fits are NaN and nobody is in the core.
        Where coreness is the same for all its fit is NaN.

    Raises
    ------
    ArgumentError
        The column is not of strengths.

    References
    ----------
    Borgatti & Everett 2000, Models of core/periphery structures; Boyd and others 2010, Computing
    continuous core/periphery structures for social relations data with MINRES/SVD.

    Examples
    --------
    >>> import netlink as nl
    >>> found = nl.cohesion.core_periphery(nl.datasets.karate_club())
    >>> found.scores.index[found.scores["is_core"]].tolist()
    ['0', '1', '2', '32', '33']
    """
    ties = _weighted(network, weight)
    n = network.n_entities
    coreness, is_core = np.full(n, np.nan), np.zeros(n, dtype=bool)
    continuous = discrete = float("nan")
    if n > 2 and _spread(ties) > 0:
        coreness, continuous = _continuous(ties)
        is_core, discrete = _discrete(ties)
    scores = pd.DataFrame({"coreness": coreness, "is_core": is_core}, index=network.entities.index)
    return CorePeriphery(scores, continuous, discrete)


def _weighted(network: Network, weight: str | None) -> csr_array:
    """Return ties in both directions without self-loops, the strongest between 0.5 and 1."""
    from scipy.sparse import csr_array

    ties = network.to_scipy(directed=False, weight=weight)
    source = np.repeat(np.arange(network.n_entities), np.diff(ties.indptr))
    value = np.ones(ties.nnz) if weight is None else ties.data
    value = np.where(source == ties.indices, 0, value)
    value = np.ldexp(value, -int(np.frexp(value.max(initial=0.0))[1]))
    return csr_array((value, ties.indices, ties.indptr), shape=ties.shape)


def _spread(ties: csr_array) -> float:
    """Return the sum of squares of the ties about their mean, over all ordered pairs."""
    n = ties.shape[0]
    total, squares = ties.data.sum(), (ties.data**2).sum()
    found = float(squares - total * total / (n * (n - 1)))
    return found if found > 1e-12 * squares else 0.0


def _continuous(ties: csr_array) -> tuple[Floats, float]:
    n = ties.shape[0]
    c, _ = _arrays.leading(ties, _arrays.rounding(ties))
    pairs, products = n * (n - 1), c.sum() ** 2 - (c**2).sum()
    spread = (c**2).sum() ** 2 - (c**4).sum() - products * products / pairs
    if spread <= 1e-12 * products * products:
        return c, float("nan")
    above = (c * (ties @ c)).sum() - ties.data.sum() * products / pairs
    return c, float(above / sqrt(spread * _spread(ties)))


def _discrete(ties: csr_array) -> tuple[NDArray[np.bool_], float]:
    """Take so many of the most tied as core, move one at a time while it gains; the best of those.

    From one, two, four and so on, up to four times the best core so far: uphill from one number
    alone often ends below the best.
    """
    n = ties.shape[0]
    rank = np.empty(n, np.int64)
    rank[np.argsort(-ties.sum(axis=1), kind="stable")] = np.arange(n)
    best, fit = np.zeros(n, dtype=bool), -np.inf
    size = 1
    while size < n - 1 and size <= max(1, 4 * int(best.sum())):
        found, value = _moved(ties, rank < size)
        if value > fit + 1e-12:
            best, fit = found, value
        size *= 2
    return best, fit


def _moved(ties: csr_array, is_core: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], float]:
    from netlink.cohesion import _center_kernels

    outside = ties @ (~is_core).astype(float)  # of each entity, what ties it to the periphery
    total = float(ties.data.sum())
    sums = int(is_core.sum()), total - float(outside[~is_core].sum()), total
    arrays = ties.indptr, ties.indices, ties.data
    fit = _center_kernels.moved(*arrays, is_core, outside, sums, sqrt(_spread(ties)))
    return is_core, float(fit)
