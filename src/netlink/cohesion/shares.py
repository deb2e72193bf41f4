"""One number for the whole network: how many of the ties that could be there are."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink.errors import ArgumentError, near

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network


def density(network: Network, /, *, directed: bool | None = None) -> float:
    """Share of the possible ties that are there.

    Ordered pairs of entities with a tie from the first to the second, divided by n (n - 1); where
    ties are undirected both orders of a pair have one, so this is ties / (n (n - 1) / 2). Parallel
    relationships make one tie, self-loops none.

    It falls as networks grow, since nobody knows in proportion to how many there are: compare
    networks of like size only. Isolates count among the entities.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.

    Returns
    -------
    float
        0 to 1; NaN with fewer than two entities.

    Raises
    ------
    ArgumentError
        'directed' is none of these.

    References
    ----------
    Wasserman & Faust 1994, Social network analysis: methods and applications, chapter 4.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.cohesion.density(nl.datasets.krackhardt_kite())
    0.4

    Of the relationships of some types only:

    >>> case = nl.datasets.krackhardt_kite()
    >>> nl.cohesion.density(case.where(relationship_types=["communicated"]))
    0.0
    """
    source, _ = _arcs(network, directed)
    n = network.n_entities
    return len(source) / (n * (n - 1)) if n > 1 else float("nan")


def reciprocity(network: Network, /, *, directed: bool | None = None) -> float:
    """Share of the ties that are returned.

    Of the ordered pairs of entities with a tie from the first to the second, the share that has one
    from the second to the first too. An undirected relationship goes both ways and so is returned:
    keep the directed types alone (`Network.where`) to ask about those. Parallel relationships make
    one tie, self-loops none.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions, where it is 1.

    Returns
    -------
    float
        0 to 1; NaN without ties.

    Raises
    ------
    ArgumentError
        'directed' is none of these.

    References
    ----------
    Wasserman & Faust 1994, Social network analysis: methods and applications, chapter 13.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame({"source": ["p1", "p2", "p1"], "target": ["p2", "p1", "p3"],
    ...                       "relationship_type": "communicated"})
    >>> round(nl.cohesion.reciprocity(nl.read_tables(None, calls)), 3)
    0.667
    """
    source, _ = _arcs(network, directed)
    pairs, _ = _arcs(network, False)
    n_ties = len(pairs) // 2
    return 2 * (len(source) - n_ties) / len(source) if n_ties else float("nan")


def transitivity(network: Network, /) -> float:
    """Share of all pairs of contacts that are tied.

    Three times the number of triangles, divided by the number of two-paths. Called the clustering
    coefficient too, as is `mean_clustering`, which is another number: here entities with many
    contacts count for more. Ties are read in both directions, parallel relationships make one,
    self-loops none. A report that ties everybody it names to each other makes triangles by itself.

    Parameters
    ----------
    network : Network
        Entities and relationships.

    Returns
    -------
    float
        0 to 1; NaN where no entity has two contacts.

    References
    ----------
    Newman, Watts & Strogatz 2002, Random graph models of social networks.

    Examples
    --------
    >>> import netlink as nl
    >>> round(nl.cohesion.transitivity(nl.datasets.karate_club()), 4)
    0.2557
    """
    triangles, pairs = _closed(network)
    return float(triangles.sum() / pairs.sum()) if pairs.any() else float("nan")


def mean_clustering(network: Network, /) -> float:
    """Mean share of the contacts of entities that are tied.

    For an entity with k contacts that share is of k (k - 1) / 2 pairs; entities with fewer than two
    contacts have none and are left out of the mean, where other programs count them as 0. Called
    the clustering coefficient too, as is `transitivity`, which is another number: here entities
    with two contacts count for as much as those with hundreds. Ties as there.

    Parameters
    ----------
    network : Network
        Entities and relationships.

    Returns
    -------
    float
        0 to 1; NaN where no entity has two contacts.

    References
    ----------
    Watts & Strogatz 1998, Collective dynamics of small-world networks.

    Examples
    --------
    >>> import netlink as nl
    >>> round(nl.cohesion.mean_clustering(nl.datasets.karate_club()), 4)
    0.5879
    """
    triangles, pairs = _closed(network)
    has_pairs = pairs > 0
    if not has_pairs.any():
        return float("nan")
    return float((triangles[has_pairs] / pairs[has_pairs]).mean())


def assortativity(network: Network, /, *, by: str, directed: bool | None = None) -> float:
    """Tell how far ties join entities that are alike.

    By a column of the entity table. For words, categories and true or false: the share of ties
    within a category, less that expected if ties met at random, divided by the most that this could
    be. For numbers: the correlation between the two ends of ties. 1 means only like with like, 0 as
    if at random; below 0 unlike entities are tied. Parallel relationships make one tie, self-loops
    none; ties with an end whose value is missing are left out.

    Categories that are numbers, such as labels of communities, are read as numbers: turn them into
    text first.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    by : str
        Column of the entity table.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.

    Returns
    -------
    float
        -1 to 1; NaN without ties, or where all their ends are alike.

    Raises
    ------
    ArgumentError
        There is no such column, its values are neither words nor finite numbers, or 'directed' is
        none of these.

    References
    ----------
    Newman 2003, Mixing patterns in networks.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> people = kite.entities.assign(hand=["left"] * 5 + ["right"] * 5)
    >>> known = nl.read_tables(people.reset_index(), kite.relationships.reset_index())
    >>> round(nl.cohesion.assortativity(known, by="hand"), 3)
    0.325
    """
    columns = [str(column) for column in network.entity_table.columns]
    if not isinstance(by, str) or by not in columns:
        raise ArgumentError(f"The entity table has no column '{by}'.{near(str(by), columns)}")
    column = network.entity_table[by]
    source, target = _arcs(network, directed)
    known = column.notna().to_numpy()
    both = known[source] & known[target]
    source, target = source[both], target[both]
    if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column):
        values = column.to_numpy(dtype=float, na_value=np.nan)
        wrong = int(np.isinf(values).sum())
        if wrong:
            raise ArgumentError(
                f"'by' must be a column of words or finite numbers; in '{by}' {wrong:,} of "
                f"{len(values):,} are infinite."
            )
        return _correlation(values[source], values[target])
    group = pd.factorize(column)[0]
    return _mixing(group[source], group[target])


def _correlation(one: NDArray[np.float64], other: NDArray[np.float64]) -> float:
    if not len(one) or one.min() == one.max() or other.min() == other.max():
        return float("nan")
    one, other = one - one.mean(), other - other.mean()
    one, other = one / np.abs(one).max(), other / np.abs(other).max()
    found = (one * other).sum() / np.sqrt((one * one).sum() * (other * other).sum())
    return float(np.clip(found, -1, 1))


def _mixing(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    if not len(one):
        return float("nan")
    n_groups = int(max(one.max(), other.max())) + 1
    begin = np.bincount(one, minlength=n_groups) / len(one)
    end = np.bincount(other, minlength=n_groups) / len(other)
    expected = np.sort(begin * end).sum()  # in one order, whatever the categories are called
    if expected >= 1:
        return float("nan")
    return float(((one == other).mean() - expected) / (1 - expected))


def _arcs(network: Network, directed: bool | None) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Return both ends of the ties, an undirected one in both directions, self-loops left out."""
    ties = network.to_scipy(directed=directed, weight=None)
    source = np.repeat(np.arange(network.n_entities, dtype=np.int32), np.diff(ties.indptr))
    keep = source != ties.indices
    return source[keep], ties.indices[keep]


def _closed(network: Network) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return for each entity its pairs of contacts that are tied, and all of them."""
    source, _ = _arcs(network, False)
    degree = np.bincount(source, minlength=network.n_entities)
    triangles = _arrays.triangles(network.to_scipy(directed=False, weight=None))
    return triangles, degree * (degree - 1) // 2
