"""The relationships of one entity: of which types, and to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from netlink.network import Network


def around(network: Network, at: int) -> pd.DataFrame:
    """Return the relationships at a position, with who is at the other end."""
    source, target = network.codes
    rows = np.flatnonzero(((source == at) | (target == at)) & (source != target))
    found = network.relationships.iloc[rows].reset_index()
    kinds = network.vocabulary.relationship_types
    is_directed = found["relationship_type"].map({k: kind.directed for k, kind in kinds.items()})
    is_source = source[rows] == at
    return found.assign(
        other=np.where(is_source, target[rows], source[rows]),
        outgoing=is_directed.to_numpy(dtype=bool) & is_source,
        incoming=is_directed.to_numpy(dtype=bool) & ~is_source,
    )


def by_type(rows: pd.DataFrame) -> pd.DataFrame:
    """Count relationships by type, the most frequent first."""
    found = rows.groupby("relationship_type")[["outgoing", "incoming"]].sum()
    found.insert(0, "n_relationships", rows["relationship_type"].value_counts())
    return found.astype("int64").sort_values("n_relationships", ascending=False, kind="stable")


def nearest(network: Network, rows: pd.DataFrame) -> pd.DataFrame:
    """Put the relationships with each other entity together, the strongest first."""
    # A sum of fractions depends on the order of its terms; that of the rows must not show.
    by_weight = rows.sort_values("weight").groupby("other")
    rows = rows.assign(end=rows["end"].fillna(rows["start"])).sort_values("relationship_id")
    other = rows.groupby("other")
    at = np.array(list(other.groups), dtype=np.int64)
    found = pd.DataFrame(
        {
            "entity_type": network.entity_table["entity_type"].iloc[at].to_numpy(),
            "is_protected": network.is_protected.iloc[at].to_numpy(),
            "n_relationships": other.size().to_numpy(),
            "weight": by_weight["weight"].sum().to_numpy(),
            "relationship_types": _lists(rows.drop_duplicates(["other", "relationship_type"])),
            "relationship_ids": [list(ids) for _, ids in other["relationship_id"]],
            "first": other["start"].min().to_numpy(),
            "last": other["end"].max().to_numpy(),
        },
        index=network.entities.index[at],
    )
    return found.sort_values(["weight", "n_relationships"], ascending=False, kind="stable")


def _lists(rows: pd.DataFrame) -> list[list[str]]:
    return [sorted(types) for _, types in rows.groupby("other")["relationship_type"]]
