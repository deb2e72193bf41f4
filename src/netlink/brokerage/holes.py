"""Burt's structural holes: how far the contacts of an entity lead back to each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from netlink import _arrays

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network


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

    Of the relationships of some types only:

    >>> kite = nl.datasets.krackhardt_kite().where(relationship_types=["knows"])
    >>> nl.brokerage.constraint(kite)["7"].round(3)
    np.float64(0.431)
    """
    held = _held(_contacts(network, weight))
    total = held.added(held.parts)
    value = np.where(held.contacts > 0, total, np.nan)
    return pd.Series(value, index=network.entities.index, name="constraint")


def hierarchy(network: Network, /, *, weight: str | None = "weight") -> pd.Series:
    """Burt's hierarchy: how far one contact carries the constraint.

    The inequality (Coleman-Theil) of what each contact adds to `constraint`: 0 where all add the
    same, up to 1 where one adds all of it. High values mark entities whose contacts all hang on one
    person. It says little where constraint itself is low, or where contacts are few. Direction,
    parallel relationships and self-loops as there.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    weight : str or None, default "weight"
        Numeric column of strengths, as for `constraint`; None is unweighted.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``, 0 to 1; NaN with fewer than two contacts.

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
    >>> nl.brokerage.hierarchy(nl.datasets.florentine_families())[["Medici", "Strozzi"]].round(3)
    entity_id
    Medici     0.022
    Strozzi    0.043
    Name: hierarchy, dtype: float64
    """
    held = _held(_contacts(network, weight))
    contacts = held.contacts
    with np.errstate(divide="ignore", invalid="ignore"):
        total = held.added(held.parts)
        spread = held.added(np.where(held.parts > 0, held.parts * np.log(held.parts), 0))
        uneven = (spread / total + np.log(contacts / total)) / np.log(contacts)
    value = np.where(contacts > 1, uneven.clip(0, 1), np.nan)  # rounding leads past the ends
    return pd.Series(value, index=network.entities.index, name="hierarchy")


def effective_size(network: Network, /, *, weight: str | None = "weight") -> pd.Series:
    """Count contacts less what their ties among themselves repeat.

    For entity i the sum, over its contacts j, of 1 - sum_q p_iq m_jq, where p_iq is the share that
    q has in all of i's ties and m_jq the tie of j and q divided by the strongest tie of j.
    Unweighted this is n - 2t/n for n contacts with t ties among them. Direction does not enter,
    weights of parallel relationships are added, self-loops left out, as in `constraint`.

    High values mark entities with many contacts that do not know each other. It grows with the
    number of contacts above all: `efficiency` does not.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    weight : str or None, default "weight"
        Numeric column of strengths, as for `constraint`; None is unweighted.

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
    Burt 1992, Structural holes: the social structure of competition, chapter 2; Borgatti 1997,
    Structural holes: unpacking Burt's redundancy measures, for the unweighted form.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.brokerage.effective_size(nl.datasets.florentine_families())["Medici"].round(4)
    np.float64(5.6667)
    """
    size, _ = _effective(network, weight)
    return pd.Series(size, index=network.entities.index, name="effective_size")


def efficiency(network: Network, /, *, weight: str | None = "weight") -> pd.Series:
    """Share of the contacts that is not redundant.

    `effective_size` divided by the number of contacts: 1 where no two contacts are tied. Entities
    with one contact always have 1, so read it beside the degree. Direction, parallel relationships
    and self-loops as there.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    weight : str or None, default "weight"
        Numeric column of strengths, as for `constraint`; None is unweighted.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``, 0 to 1; NaN for isolates and without ties of any weight.

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
    >>> nl.brokerage.efficiency(nl.datasets.florentine_families())["Medici"].round(4)
    np.float64(0.9444)
    """
    size, contacts = _effective(network, weight)
    value = size / np.where(contacts > 0, contacts, 1)
    return pd.Series(value, index=network.entities.index, name="efficiency")


class _Held(NamedTuple):
    """What each contact adds to the constraint of an entity: parts in CSR, and whose they are."""

    parts: NDArray[np.float64]
    entity: NDArray[np.int32]
    contacts: NDArray[np.int64]

    def added(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.bincount(self.entity, values, len(self.contacts)).astype(float)


def _contacts(network: Network, weight: str | None) -> csr_array:
    """Return ties in both directions that have a weight; those to oneself stay, weighing nothing.

    Weights are divided by a power of two, so that they can be added up and no digit changes.
    """
    from scipy.sparse import csr_array

    ties = network.to_scipy(directed=False, weight=weight)
    source = np.repeat(np.arange(network.n_entities, dtype=np.int32), np.diff(ties.indptr))
    value = np.ones(ties.nnz) if weight is None else ties.data
    value = np.where(source == ties.indices, 0, value)
    value = np.ldexp(value, -int(np.frexp(value.max(initial=0.0))[1]))
    is_none = (value == 0) & (source != ties.indices)
    found = csr_array((value, ties.indices, ties.indptr), shape=ties.shape, copy=is_none.any())
    if is_none.any():
        found.eliminate_zeros()
    return found


def _held(ties: csr_array) -> _Held:
    from netlink.brokerage._hole_kernels import ways_by_others

    n = ties.shape[0]
    entity = np.repeat(np.arange(n, dtype=np.int32), np.diff(ties.indptr))
    total = np.bincount(entity, ties.data, n)
    own = ties.data / np.where(total > 0, total, 1)[entity]
    tied = ties.data > 0
    ways = ways_by_others(own, *_arrays.upward(ties))
    contacts = np.bincount(entity[tied], minlength=n)
    return _Held(np.where(tied, own + ways, 0) ** 2, entity, contacts)


def _effective(
    network: Network, weight: str | None
) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    from netlink.brokerage._hole_kernels import redundant

    ties = _contacts(network, weight)
    n = ties.shape[0]
    entity = np.repeat(np.arange(n, dtype=np.int32), np.diff(ties.indptr))
    contacts = np.bincount(entity[ties.data > 0], minlength=n)
    total, most = np.bincount(entity, ties.data, n), np.zeros(n)
    np.maximum.at(most, entity, ties.data)
    head, up, forth, _ = _arrays.upward(ties)
    lost = redundant(most, ties.data, head, up, forth)
    some = contacts > 0
    size = np.full(n, np.nan)
    size[some] = contacts[some] - lost[some] / total[some]
    return size, contacts
