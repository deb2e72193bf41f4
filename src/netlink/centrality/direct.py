"""How many others an entity is tied to, and how strongly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

import numpy as np
import pandas as pd

from netlink.centrality._ties import strengths
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network

Mode = Literal["all", "in", "out"]
Denominator = Literal["(n-1)(n-2)", "n(n-1)"]


def degree(network: Network, /, *, directed: bool | None = None, mode: Mode = "all") -> pd.Series:
    """Count the other entities that each entity is tied to.

    Parallel relationships make one tie and self-loops none, so this is the number of distinct
    others. It counts what was recorded: an entity watched for longer has more ties than a like one
    that was not.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    mode : {"all", "in", "out"}, default "all"
        Count ties in either direction (another tied both ways once), ties that arrive, or ties that
        leave. An undirected tie does both.

    Returns
    -------
    pandas.Series of int
        On ``network.entities.index``; 0 for isolates.

    Raises
    ------
    ArgumentError
        An argument is none of these.

    References
    ----------
    Freeman 1979, Centrality in social networks: conceptual clarification.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.centrality.degree(nl.datasets.krackhardt_kite())["3"]
    np.int64(6)
    """
    value = _added(network, directed, mode, weight=None, number=True)
    return pd.Series(value.astype(np.int64), index=network.entities.index, name="degree")


def strength(
    network: Network,
    /,
    *,
    directed: bool | None = None,
    mode: Mode = "all",
    weight: str | None = "weight",
) -> pd.Series:
    """Add the weights of the relationships of each entity.

    Every relationship with another entity counts, parallel ones each; self-loops do not. It says
    how much was recorded, not with how many: one busy telephone line outweighs fifty rare contacts.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    mode : {"all", "in", "out"}, default "all"
        Add relationships in either direction (each once), those that arrive, or those that leave.
        An undirected relationship does both.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.

    Returns
    -------
    pandas.Series of float
        On ``network.entities.index``; 0 for isolates.

    Raises
    ------
    ArgumentError
        An argument is none of these, or the column is not of strengths.

    References
    ----------
    Barrat and others 2004, The architecture of complex weighted networks.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.centrality.strength(nl.datasets.krackhardt_kite())["3"]
    np.float64(6.0)
    """
    value = _added(network, directed, mode, weight=weight, number=False)
    return pd.Series(value, index=network.entities.index, name="strength")


def degree_centralization(network: Network, /, *, denominator: Denominator = "(n-1)(n-2)") -> float:
    """How far ties gather at one entity.

    The largest degree less each entity's own, added up and divided by ``denominator``; ties in both
    directions, parallel relationships make one and self-loops none. Freeman's denominator,
    (n-1)(n-2), is what the sum comes to in a star, so 1 says that all ties are those of one entity.
    Both are in print under one name: compare figures only with the same denominator and like n. It
    is low where nobody has many ties and also where everybody has.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    denominator : {"(n-1)(n-2)", "n(n-1)"}, default "(n-1)(n-2)"
        What to divide by, n being the number of entities.

    Returns
    -------
    float
        0 to 1; NaN with fewer than three entities.

    Raises
    ------
    ArgumentError
        'denominator' is none of these.

    References
    ----------
    Freeman 1979, Centrality in social networks: conceptual clarification.

    Examples
    --------
    >>> import netlink as nl
    >>> round(nl.centrality.degree_centralization(nl.datasets.florentine_families()), 3)
    0.275
    """
    if denominator not in get_args(Denominator):
        wanted = " or ".join(repr(name) for name in get_args(Denominator))
        raise ArgumentError(f"'denominator' must be {wanted}, got {denominator!r}.")
    n = network.n_entities
    if n < 3:
        return float("nan")
    ties = degree(network, directed=False)
    most = (n - 1) * (n - 2) if denominator == "(n-1)(n-2)" else n * (n - 1)
    return int((ties.max() - ties).sum()) / most


def _added(
    network: Network, directed: bool | None, mode: Mode, *, weight: str | None, number: bool
) -> NDArray[np.float64]:
    """Add over each entity the weights of its ties, or 1 for each tie."""
    if mode not in get_args(Mode):
        raise ArgumentError(f"'mode' must be 'all', 'in' or 'out', got {mode!r}.")
    if directed not in (None, True, False):
        raise ArgumentError(f"'directed' must be None, True or False, got {directed!r}.")
    # In both directions each relationship stands once in the row of either end: that is "all".
    ties = strengths(network, directed=False if mode == "all" else directed, weight=weight)
    by_end = ties.T.tocsr() if mode == "in" else ties
    entity = np.repeat(np.arange(network.n_entities), np.diff(by_end.indptr))
    values = None if number else by_end.data
    return np.bincount(entity, values, minlength=network.n_entities).astype(float)
