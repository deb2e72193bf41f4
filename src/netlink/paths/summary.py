"""Paths one a row: how sure each is, and on how many sources it rests."""

from __future__ import annotations

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError

_NEEDED = ("path", "step", "entity_id", "relationship_ids", "confidence", "weakest", "documents")


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """Say of each path how sure it is and why.

    Parameters
    ----------
    table : pandas.DataFrame
        Paths as any function of `netlink.paths` gives them.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``path``: ``source`` and ``target`` (its ends), ``n_hops``, ``n_relationships``
        (records behind it), ``reliability`` (product of the confidences of its hops, missing where
        a hop has none), ``weakest`` (the least confidence of any record; a missing one is not
        counted), ``documents`` (list, sorted) and ``n_sources``: many records of one document are
        one source, and records without a document are one together. A path of five hops out of one
        document is one statement by one source, however long it is.

    Raises
    ------
    ArgumentError
        It is no table of paths.

    Examples
    --------
    >>> import netlink as nl
    >>> route = nl.paths.shortest(nl.datasets.krackhardt_kite(), "0", "9")
    >>> nl.paths.summary(route)[["source", "target", "n_hops", "n_sources"]].values.tolist()
    [['0', '9', 4, 1]]
    """
    if not isinstance(table, pd.DataFrame) or not {*_NEEDED, "n_sources"} <= set(table.columns):
        raise ArgumentError("'table' must be a table of paths, as netlink.paths.shortest gives.")
    by_path = table.groupby("path")
    hop = table[table["step"] > 0].groupby("path")
    documents = by_path["documents"].agg(lambda lists: sorted({d for one in lists for d in one}))
    is_undocumented = table["n_sources"] > table["documents"].map(len)
    found = pd.DataFrame(
        {
            "source": by_path["entity_id"].first(),
            "target": by_path["entity_id"].last(),
            "n_hops": by_path["step"].max(),
            "n_relationships": table["relationship_ids"].map(len).groupby(table["path"]).sum(),
            "reliability": hop["confidence"].agg(lambda known: np.prod(known.to_numpy())),
            "weakest": by_path["weakest"].min(),
            "documents": documents,
        }
    )
    further = is_undocumented.groupby(table["path"]).any()
    return found.assign(n_sources=documents.map(len) + further)
