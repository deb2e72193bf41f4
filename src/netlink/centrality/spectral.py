"""Standing by whom one is tied to: eigenvector, Katz, hubs and authorities."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink.centrality import _checks
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

    It is not offered for directed ties: there it is 0 for whoever no circle of ties leads to, which
    in calls and payments is nearly everybody. `katz`, `pagerank` and `hubs_and_authorities` read
    direction.

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
    Knyazev 2001, Toward the optimal preconditioned eigensolver, for the computation, and Noda 1971,
    Note on the computation of the maximal eigenvalue of a non-negative irreducible matrix, for that
    of what is long and thin.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.centrality.eigenvector(nl.datasets.krackhardt_kite())[["3", "9"]].round(3).tolist()
    [1.0, 0.023]
    """
    ties = strengths(network, directed=False, weight=weight)
    most = ties.data.max(initial=0.0)
    value = np.full(network.n_entities, np.nan)
    if most > 0:
        ties = ties / most
        value = _arrays.leading(ties, _arrays.rounding(ties))[0]
    return pd.Series(value, index=network.entities.index, name="eigenvector")


def katz(
    network: Network,
    /,
    *,
    directed: bool | None = None,
    alpha: float | None = None,
    weight: str | None = "weight",
) -> pd.Series:
    """Count walks that arrive at an entity, longer ones discounted.

    One, and for every walk along ties that ends here the product of its weights times ``alpha`` to
    the number of its steps; weights of parallel relationships are added, self-loops left out. Small
    ``alpha`` ranks nearly by strength, one close to its limit nearly by `eigenvector`. Unlike that
    it gives every component values, and those who are not tied at all 1.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    alpha : float, optional
        Discount of a step, above 0 and below one over the largest eigenvalue of the ties, beyond
        which the sum is infinite. By default 0.85 times one over the largest eigenvalue of the ties
        read in both directions.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``, 1 or more; ``attrs["alpha"]`` is the discount used, NaN
        without ties of any weight.

    Raises
    ------
    ArgumentError
        An argument is none of these, 'alpha' is too large, or the column is not of strengths.

    References
    ----------
    Katz 1953, A new status index derived from sociometric analysis.

    Examples
    --------
    >>> import netlink as nl
    >>> value = nl.centrality.katz(nl.datasets.krackhardt_kite(), alpha=0.1)
    >>> value[["3", "9"]].round(3).tolist()
    [2.029, 1.126]
    """
    if alpha is not None:
        alpha = _checks.check_positive(alpha, "alpha")
    ties = strengths(network, directed=directed, weight=weight)
    if alpha is None:
        loose = strengths(network, directed=False, weight=weight)
        most = loose.data.max(initial=0.0)
        alpha = 0.85 / (most * _largest(loose / most)) if most > 0 else np.nan
    value = np.ones(network.n_entities)
    if ties.data.any():
        value = _discounted(ties, alpha)
    result = pd.Series(value, index=network.entities.index, name="katz")
    result.attrs["alpha"] = alpha
    return result


def hubs_and_authorities(
    network: Network,
    /,
    *,
    directed: bool | None = None,
    weight: str | None = "weight",
) -> pd.DataFrame:
    """Standing as a source of ties and as a target.

    A good hub has ties to good authorities, a good authority ties from good hubs: the leading
    singular vectors of the ties, weights of parallel relationships added, self-loops left out; the
    largest value of each is 1. Where ties are undirected the two columns say the same.

    As with `eigenvector`, one thick part of the network gets the values and all others nearly 0.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.

    Returns
    -------
    pandas.DataFrame of float
        On ``network.entities.index``, columns hub and authority, 0 to 1; NaN without ties of any
        weight.

    Raises
    ------
    ArgumentError
        An argument is none of these, or the column is not of strengths.

    References
    ----------
    Kleinberg 1999, Authoritative sources in a hyperlinked environment.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> nl.centrality.hubs_and_authorities(kite, directed=True).loc[["3", "6"]].round(2)
                hub  authority
    entity_id
    3          1.00       0.96
    6          0.07       1.00
    """
    ties = strengths(network, directed=directed, weight=weight)
    most = ties.data.max(initial=0.0)
    value: NDArray[np.float64] = np.full((network.n_entities, 2), np.nan)
    if most > 0:
        from scipy.sparse import block_array

        # Everybody twice, as a source and as a target: then ties are symmetric.
        ties = ties / most
        both = block_array([[None, ties], [ties.T, None]], format="csr")
        value = _arrays.leading(both, _arrays.rounding(both))[0].reshape(2, -1).T
        value = value / value.max(axis=0)
    return pd.DataFrame(value, index=network.entities.index, columns=["hub", "authority"])


def _largest(ties: csr_array) -> float:
    """Return the largest eigenvalue of symmetric ties to six digits."""
    return _arrays.leading(ties, 1e-6)[1]


def _discounted(ties: csr_array, alpha: float) -> NDArray[np.float64]:
    """Add up walks step by step."""
    arriving = ties.T.tocsr() * alpha
    step: NDArray[np.float64] = np.ones(ties.shape[0])
    value = step
    for _ in range(_STEPS):
        step = arriving @ step
        value = value + step
        total = value.sum()
        if step.sum() <= _TOLERANCE * total:
            return value
        if not total < 1e200:
            break
    raise ArgumentError(
        f"'alpha' must be below one over the largest eigenvalue of the ties, got {alpha}, with "
        "which the sum over walks has no end."
    )
