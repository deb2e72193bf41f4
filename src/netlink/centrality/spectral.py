"""Standing by whom one is tied to: eigenvector and PageRank."""

from __future__ import annotations

from math import ceil, log, sqrt
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.centrality._ties import strengths
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network

_STEPS = 20_000
_TOLERANCE = 1e-12


def eigenvector(network: Network, /, *, weight: str | None = "weight") -> pd.Series:
    """Standing of an entity by that of its contacts.

    The eigenvector of the largest eigenvalue of the ties, read in both directions, weights of
    parallel relationships added, self-loops left out; the largest value is 1.

    It misleads in unconnected networks: only the component with the largest eigenvalue, as a rule
    the densest, gets values, and all others 0 or nearly 0, however central they are among
    themselves. Look at one component at a time, or use `pagerank`. In long chains the first two
    eigenvalues nearly coincide, and values are good to fewer digits.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``, 0 to 1; 0 for isolates, NaN without ties of any weight.

    Raises
    ------
    ArgumentError
        The column is not of strengths.

    References
    ----------
    Bonacich 1972, Factoring and weighting approaches to status scores and clique identification;
    Knyazev 2001, Toward the optimal preconditioned eigensolver, for the computation.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.centrality.eigenvector(nl.datasets.krackhardt_kite())[["3", "9"]].round(3).tolist()
    [1.0, 0.023]
    """
    ties = strengths(network, directed=False, weight=weight)
    most = ties.data.max(initial=0.0)
    value = _leading(ties / most) if most > 0 else np.full(network.n_entities, np.nan)
    return pd.Series(value, index=network.entities.index, name="eigenvector")


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
    if isinstance(damping, bool) or not isinstance(damping, Real):
        raise ArgumentError(f"'damping' must be a number, got {type(damping).__name__}.")
    if not 0 < damping < 1:
        raise ArgumentError(f"'damping' must lie between 0 and 1, got {damping}.")
    ties = strengths(network, directed=directed, weight=weight)
    value = _walked(ties, float(damping))
    return pd.Series(value, index=network.entities.index, name="pagerank")


def _walked(ties: csr_array, damping: float) -> NDArray[np.float64]:
    n = ties.shape[0]
    leaving = ties.sum(axis=1)
    ends = leaving == 0
    ties.data /= np.where(ends, 1, leaving)[np.repeat(np.arange(n), np.diff(ties.indptr))]
    arriving = ties.T.tocsr()
    here = np.full(n, 1 / max(n, 1))
    for _ in range(ceil(log(_TOLERANCE) / log(damping)) + 2):  # each step shrinks the change so
        again = 1 - damping + damping * here[ends].sum()
        new = damping * (arriving @ here) + again / n if n else here
        change = np.abs(new - here).sum()
        here = new / new.sum() if n else new
        if change < _TOLERANCE:
            break
    return here


def _leading(ties: csr_array) -> NDArray[np.float64]:
    """Return the leading eigenvector of symmetric ties by locally optimal conjugate gradients.

    Only products and sums in numpy's and scipy's own loops: the solvers of scipy hand theirs to
    BLAS, whose last digits change with the number of threads.
    """
    here: NDArray[np.float64] = ties.sum(
        axis=1, dtype=np.float64
    )  # 0 for isolates, and so it stays
    here = here / _norm(here)
    image = ties @ here
    last: list[NDArray[np.float64]] = []
    for _ in range(_STEPS):
        value = (here * image).sum()
        residual = image - value * here
        if _norm(residual) <= _TOLERANCE * value:
            break
        basis = [here]
        for direction in (residual, *last):
            _extend(basis, direction)
        images = [image, *(ties @ direction for direction in basis[1:])]
        small = np.array([[(a * b).sum() for b in images] for a in basis])
        share = np.linalg.eigh((small + small.T) / 2).eigenvectors[:, -1]
        step = np.zeros(len(here))
        for part, direction in zip(share[1:], basis[1:], strict=True):
            step += part * direction
        here = share[0] * here + step
        here /= _norm(here)
        image = ties @ here
        last = [step]
    here = np.abs(here)
    found: NDArray[np.float64] = here / here.max()
    return found


def _extend(basis: list[NDArray[np.float64]], direction: NDArray[np.float64]) -> None:
    """Add what of a direction is at right angles to the basis, unless that is only rounding."""
    direction = direction / _norm(direction)
    for _ in range(2):  # once leaves rounding errors behind
        for other in basis:
            direction = direction - (other * direction).sum() * other
    rest = _norm(direction)
    if rest > 1e-8:
        basis.append(direction / rest)


def _norm(vector: NDArray[np.float64]) -> float:
    return sqrt((vector * vector).sum())
