"""Two groupings of the same entities, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.communities.result import Communities
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray


def compare(left: Communities | pd.Series, right: Communities | pd.Series, /) -> pd.Series:
    """How alike two groupings of the same entities are.

    The adjusted Rand index is 0 for what chance gives to groups of these sizes and 1 for the same
    grouping; it can be negative. The normalized mutual information, divided by the mean of the two
    entropies, is 1 for the same grouping too, but never falls to 0 where groups are many and small:
    do not compare it between groupings of different numbers of groups. The variation of information
    is a distance in nats, 0 for the same grouping, at most the logarithm of the number of entities.

    Parameters
    ----------
    left, right : Communities or pandas.Series
        The group of every entity: what a function of this module returned, or any labels by entity
        id. Both of the same entities, none of them missing.

    Returns
    -------
    pandas.Series of float
        ``adjusted_rand_index``, ``normalized_mutual_information``, ``variation_of_information``.
        The first two are NaN where they say nothing: both groupings are one group, or (the first)
        both are all groups of one. All are NaN without entities.

    Raises
    ------
    ArgumentError
        They are not of the same entities, or an entity has no group.

    References
    ----------
    Hubert & Arabie 1985, Comparing partitions; Danon, Diaz-Guilera, Duch & Arenas 2005 for the mean
    of entropies; Meila 2007, Comparing clusterings: an information based distance.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> left, right = nl.communities.leiden(club), nl.communities.walktrap(club)
    >>> nl.communities.compare(left, right).round(3)
    adjusted_rand_index              0.652
    normalized_mutual_information    0.762
    variation_of_information         0.686
    Name: compare, dtype: float64
    """
    _, rows, columns, overlap = _overlaps(left, right)
    n = float(overlap.sum())
    a, b = np.bincount(rows, overlap), np.bincount(columns, overlap)
    rand = information = distance = np.nan
    if n:
        expected = _pairs(a) * _pairs(b) / max(n * (n - 1) / 2, 1.0)
        largest = (_pairs(a) + _pairs(b)) / 2
        if largest > expected:
            rand = (_pairs(overlap) - expected) / (largest - expected)
        shared = float(np.sum(overlap / n * np.log(overlap * n / (a[rows] * b[columns]))))
        entropies = _entropy(a / n) + _entropy(b / n)
        if entropies > 0:
            information = 2 * shared / entropies
        # As conditional entropies: a sum of what is not negative, and exactly 0 for the same.
        distance = float(-np.sum(overlap / n * np.log(overlap**2 / (a[rows] * b[columns])))) + 0.0
    found = {
        "adjusted_rand_index": rand,
        "normalized_mutual_information": information,
        "variation_of_information": distance,
    }
    return pd.Series(found, name="compare", dtype=float)


def matching_table(
    left: Communities | pd.Series, right: Communities | pd.Series, /
) -> pd.DataFrame:
    """Which group of one grouping corresponds to which of another.

    Parameters
    ----------
    left, right : Communities or pandas.Series
        As in `compare`.

    Returns
    -------
    pandas.DataFrame
        One row for each two groups that share an entity, by ``left`` and then by falling overlap:
        ``left`` and ``right`` (their labels), ``size_left``, ``size_right``, ``overlap`` (entities
        in both), ``jaccard`` (overlap divided by entities in either), and whether the row is the
        one of highest Jaccard for the left group (``is_best_of_left``) and for the right one
        (``is_best_of_right``). Both true: the two correspond. Of equals the first label is best.

    Raises
    ------
    ArgumentError
        They are not of the same entities, or an entity has no group.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> left, right = nl.communities.leiden(club), nl.communities.infomap(club)
    >>> table = nl.communities.matching_table(left, right)
    >>> table[table["is_best_of_left"] & table["is_best_of_right"]][["left", "right", "overlap"]]
       left  right  overlap
    0     0      0       11
    2     1      1       11
    4     3      2        5
    """
    names, rows, columns, overlap = _overlaps(left, right)
    a, b = np.bincount(rows, overlap), np.bincount(columns, overlap)
    size_left, size_right = a[rows].astype(np.int64), b[columns].astype(np.int64)
    jaccard = overlap / (size_left + size_right - overlap)
    order = np.lexsort((columns, -overlap, rows))
    table = pd.DataFrame(
        {
            "left": names[0][rows],
            "right": names[1][columns],
            "size_left": size_left,
            "size_right": size_right,
            "overlap": overlap,
            "jaccard": jaccard,
            "is_best_of_left": _is_best(rows, columns, jaccard),
            "is_best_of_right": _is_best(columns, rows, jaccard),
        }
    )
    return table.iloc[order].reset_index(drop=True)


def _overlaps(
    left: object, right: object
) -> tuple[tuple[pd.Index, pd.Index], NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
    """Return the labels, and for each two groups that overlap their numbers and by how much."""
    one, other = _labels(left, "left"), _labels(right, "right")
    if not one.index.sort_values().equals(other.index.sort_values()):
        n = len(one.index.symmetric_difference(other.index))
        raise ArgumentError(
            f"'left' and 'right' must be groupings of the same entities; {n:,} are in one only."
        )
    a, names = pd.factorize(one, sort=True)
    b, others = pd.factorize(other.loc[one.index], sort=True)
    cells, overlap = np.unique(a * max(len(others), 1) + b, return_counts=True)
    rows, columns = np.divmod(cells.astype(np.int64), max(len(others), 1))
    return (pd.Index(names), pd.Index(others)), rows, columns, overlap.astype(np.int64)


def _labels(groups: object, argument: str) -> pd.Series:
    labels = groups.labels if isinstance(groups, Communities) else groups
    if not isinstance(labels, pd.Series):
        got = type(groups).__name__
        raise ArgumentError(
            f"'{argument}' must be Communities or a Series by entity id, got {got}."
        )
    missing = int(labels.isna().sum())
    if missing or not labels.index.is_unique:
        raise ArgumentError(
            f"'{argument}' must give each entity one group; {missing:,} of {len(labels):,} have "
            f"none, {int(labels.index.duplicated().sum()):,} stand in it again."
        )
    return labels


def _is_best(
    group: NDArray[np.int64], other: NDArray[np.int64], value: NDArray[np.float64]
) -> NDArray[np.bool_]:
    order = np.lexsort((other, -value, group))
    _, first = np.unique(group[order], return_index=True)
    found = np.zeros(len(group), dtype=bool)
    found[order[first]] = True
    return found


def _pairs(sizes: NDArray[np.int64] | NDArray[np.float64]) -> float:
    return float(np.sum(sizes * (sizes - 1)) / 2)


def _entropy(shares: NDArray[np.float64]) -> float:
    return float(-np.sum(shares * np.log(shares)))
