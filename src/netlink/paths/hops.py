"""Relationships as hops, and paths as tables with the records behind each hop."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network


@dataclass(frozen=True)
class Hops:
    """The relationships of a network as hops, each in the directions it can be gone."""

    network: Network
    directed: bool | None
    length: str | None

    def _lengths(self) -> NDArray[np.float64]:
        table = self.network.relationship_table
        if self.length is None:
            return np.ones(len(table))
        self.network.check_column(self.length)
        if not pd.api.types.is_numeric_dtype(table[self.length]):
            raise ArgumentError(f"'length' must be a numeric column, '{self.length}' is not.")
        found = table[self.length].to_numpy(dtype=np.float64, na_value=np.nan)
        infinite, negative = int((~np.isfinite(found)).sum()), int((found < 0).sum())
        if infinite or negative:
            raise ArgumentError(
                f"'length' must be a column of finite, non-negative costs; of the {len(found):,} "
                f"values of '{self.length}' {infinite:,} are missing or infinite and "
                f"{negative:,} are negative."
            )
        return found

    def _each(self) -> pd.DataFrame:
        """Return a row a relationship and direction: `hop` (one number a pair), `row`, `length`."""
        n, (source, target) = self.network.n_entities, self.network.codes
        both = self.network._both_ways(self.directed)
        s, t = source.astype(np.int64), target.astype(np.int64)
        row = np.concatenate([np.arange(len(s)), np.flatnonzero(both & (s != t))])
        hop = np.concatenate([s * n + t, (t * n + s)[row[len(s) :]]])
        return pd.DataFrame({"hop": hop, "row": row, "length": self._lengths()[row]})

    def ties(self) -> csr_array:
        """Return the least length from each entity to each other one, in CSR."""
        from scipy.sparse import csr_array

        ties = self.network.to_scipy(directed=self.directed, weight=None)
        if self.length is None:
            data = np.ones_like(ties.data)
        else:
            hops = self._each()
            order = np.lexsort((hops["length"], hops["hop"]))
            hop = hops["hop"].to_numpy()[order]
            # CSR has its ties in the same order of (source, target).
            data = hops["length"].to_numpy()[order][np.diff(hop, prepend=-1) > 0]
        return csr_array((data, ties.indices, ties.indptr), shape=ties.shape)

    def table(self, paths: list[list[int]]) -> pd.DataFrame:
        """Return the paths step by step, with the records behind each hop."""
        n = self.network.n_entities
        steps = np.concatenate([np.array(path, dtype=np.int64) for path in paths])
        sizes = np.array([len(path) for path in paths])
        step = np.arange(len(steps)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        hop = np.where(step > 0, np.roll(steps, 1) * n + steps, -1)
        hops = self._each()
        hops = hops[np.isin(hops["hop"], hop)].reset_index(drop=True)
        known = self.network.relationship_table["confidence"].iloc[hops["row"]].to_numpy(float)
        hops["doubt"] = -np.nan_to_num(known, nan=-1.0)
        hops["id"] = self.network.relationships.index[hops["row"]]
        hops = hops.sort_values(["hop", "id"])
        starts = np.flatnonzero(np.diff(hops["hop"], prepend=-1))
        ids = hops["id"].tolist()
        behind = {
            at: ids[first:last]
            for at, (first, last) in zip(
                hops["hop"].iloc[starts].tolist(), pairwise([*starts, len(ids)]), strict=True
            )
        }
        chosen = hops.sort_values(["hop", "length", "doubt", "id"]).drop_duplicates("hop")
        chosen = chosen.set_index("hop").reindex(hop)
        cost = np.where(step > 0, chosen["length"], 0.0)
        return pd.DataFrame(
            {
                "path": np.repeat(np.arange(1, len(paths) + 1), sizes),
                "step": step,
                "entity_id": self.network.entities.index[steps],
                "relationship_id": chosen["id"].to_numpy(),
                "relationship_ids": pd.Series(
                    [list(behind.get(at, [])) for at in hop.tolist()], dtype=object
                ),
                "length": np.concatenate(
                    [np.cumsum(part) for part in np.split(cost, np.cumsum(sizes)[:-1])]
                ),
            }
        ).astype({"relationship_id": "str"})
