"""Assertions for tests of your own on networks and results."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.network import periods

if TYPE_CHECKING:
    from netlink.network import Network

__all__ = ["assert_entity_scores", "assert_networks_equal"]


def assert_networks_equal(left: Network, right: Network, /) -> None:
    """Assert that two networks hold the same.

    Entities, relationships and vocabulary are compared; ledger and rejected rows are not, nor is
    the order of rows that have ids. The message gives tables, columns and counts, never a value of
    the data.

    Parameters
    ----------
    left, right : Network
        The two networks.

    Raises
    ------
    AssertionError
        They differ.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> nl.testing.assert_networks_equal(kite, nl.datasets.krackhardt_kite())
    >>> nl.testing.assert_networks_equal(kite, kite.subgraph(["7", "8", "9"]))
    Traceback (most recent call last):
    ...
    AssertionError: The networks differ:
      entities: 10 and 3 rows
      relationships: 18 and 2 rows
    """
    found = [
        *_differences("entities", left.entities, right.entities),
        *_differences("relationships", left.relationships, right.relationships),
    ]
    if left.tz != right.tz and periods.has_partial(left.relationship_table):
        found.append("tz: not the same zone for dates")
    if left.vocabulary != right.vocabulary:
        found.append("vocabulary: not the same words")
    if found:
        raise AssertionError("The networks differ:\n  " + "\n  ".join(found))


def _differences(name: str, left: pd.DataFrame, right: pd.DataFrame) -> list[str]:
    if len(left) != len(right):
        return [f"{name}: {len(left):,} and {len(right):,} rows"]
    left, right = left.sort_index(), right.sort_index()
    if not left.index.equals(right.index):
        apart = len(left.index.difference(right.index))
        return [f"{name}: {apart:,} of {len(left):,} ids on one side only"]
    found = []
    for side, own, others in (("left", left, right), ("right", right, left)):
        extra = [str(column) for column in own.columns if column not in others.columns]
        if extra:
            found.append(f"{name}: columns {extra} only on the {side}")
    for column in left.columns.intersection(right.columns):
        one: pd.Series = left[column]
        other: pd.Series = right[column]
        if one.dtype != other.dtype:
            found.append(f"{name}, column '{column}': {one.dtype} and {other.dtype}")
        elif not one.equals(other):
            same = (one == other).fillna(False) | (one.isna() & other.isna())
            apart = len(same) - int(same.sum())
            found.append(f"{name}, column '{column}': {apart:,} rows differ")
    return found


def assert_entity_scores(
    scores: pd.Series | pd.DataFrame, network: Network, /, *, name: str | None = None
) -> None:
    """Assert that a result gives numbers for every entity.

    It must stand on ``network.entities.index``, in that order; be named; and hold numbers that are
    finite, or NaN where the measure is undefined.

    Parameters
    ----------
    scores : pandas.Series or pandas.DataFrame
        One number an entity, or several.
    network : Network
        What the result is about.
    name : str, optional
        The name that a Series must have: by the custom of netlink that of its function.

    Raises
    ------
    AssertionError
        Something of it does not hold; no value and no id is in the message.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> groups = nl.communities.leiden(kite)
    >>> nl.testing.assert_entity_scores(groups.labels, kite, name="community")
    """
    if not isinstance(scores, pd.Series | pd.DataFrame):
        kind = type(scores).__name__
        raise AssertionError(f"Scores are a Series or a DataFrame, got {kind}.")  # noqa: TRY004 (a failed test)
    index = network.entities.index
    if not scores.index.equals(index) or scores.index.name != index.name:
        shared = len(scores.index.intersection(index))
        raise AssertionError(
            "Scores stand on network.entities.index, in that order and with that name; "
            f"got {len(scores):,} rows, {shared:,} of the {len(index):,} entities among them."
        )
    if isinstance(scores, pd.Series) and (scores.name is None or name not in (None, scores.name)):
        wanted = "a name, this one has none" if name is None else f"the name '{name}'"
        raise AssertionError(f"A Series of scores has {wanted}.")
    table = scores.to_frame() if isinstance(scores, pd.Series) else scores
    for column in table.columns:
        of = table[column].dtype
        if not pd.api.types.is_numeric_dtype(of) or pd.api.types.is_bool_dtype(of):
            raise AssertionError(f"Scores are numbers; '{column}' is of type {of}.")
        infinite = int(np.isinf(table[column].to_numpy(dtype=float)).sum())
        if infinite:
            raise AssertionError(f"Scores are finite or NaN; '{column}' has {infinite:,} infinite.")
