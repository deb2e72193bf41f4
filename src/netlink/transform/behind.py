"""What the records behind a tie say together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink import _arrays
from netlink.network import periods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network


@dataclass(frozen=True)
class Behind:
    """Pairs of a tie and a record behind it, each once."""

    network: Network
    n_ties: int
    tie: NDArray[np.int64]
    row: NDArray[np.int64]

    @classmethod
    def of(
        cls, network: Network, n_ties: int, tie: NDArray[np.int64], row: NDArray[np.int64]
    ) -> Behind:
        """Keep each pair of a tie and a row once, in order."""
        tie, row = distinct(tie, row, network.n_relationships)
        return cls(network, n_ties, tie, row)

    def ids(self) -> pd.Series:
        """Return the ids of the records behind each tie, sorted."""
        index = self.network.relationships.index
        order = pc.array_sort_indices(_arrays.to_arrow(index)).to_numpy().astype(np.int64)
        rank = np.empty(len(order), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return lists(self.tie, rank[self.row], index[order], self.n_ties)

    def values(self, column: str) -> pd.Series:
        """Return the distinct values that the records behind each tie have in a column, sorted."""
        code, names = self._coded(column)
        known = code >= 0
        return lists(self.tie[known], code[known], names, self.n_ties)

    def agreed(self, column: str) -> pd.Series:
        """Return the one value of a column that the records agree on, missing where they do not."""
        given = self.network.relationship_table[column]
        if given.isna().all():
            return pd.Series(pd.NA, index=range(self.n_ties), dtype=given.dtype)
        code, names = self._coded(column)
        high = np.full(self.n_ties, -1)
        low = np.full(self.n_ties, len(names))
        known = code >= 0
        if known.any():
            first = np.flatnonzero(np.diff(self.tie[known], prepend=-1))
            at = self.tie[known][first]
            low[at] = np.minimum.reduceat(code[known], first)
            high[at] = np.maximum.reduceat(code[known], first)
        one = np.where(low == high, low, -1)
        return pd.Series(names, dtype=given.dtype).reindex(one).reset_index(drop=True)

    def joined(self, column: str) -> pd.Series:
        """Return every value of a column, joined where the records have several."""
        found = self.agreed(column)
        open_ = found.isna().to_numpy()
        if open_.any() and (self._coded(column)[0] >= 0).any():
            texts = self.values(column)
            several = [at for at in np.flatnonzero(open_).tolist() if len(texts[at])]
            found.iloc[several] = ["; ".join(texts[at]) for at in several]
        return found

    def span(self) -> dict[str, pd.Series]:
        """Return the earliest start and the latest end, or start where a record has no end."""
        table = self.network.relationship_table
        without = table["end"].isna()
        start, precision = table["start"], table["start_precision"]
        end = table["end"].where(~without, start)
        columns = {}
        for name, times, known, ufunc, sign in (
            ("start", start, precision, np.minimum, 1),
            ("end", end, table["end_precision"].where(~without, precision), np.maximum, -1),
        ):
            # One number a time: of those at one moment that of the lowest precision wins.
            moment = periods.moments_of(times).astype(np.int64)
            code = known.cat.codes.to_numpy().astype(np.int64)
            key = (moment * 4 + sign * code)[self.row]
            dated = code[self.row] >= 0
            best, at = np.full(self.n_ties, 0), np.zeros(self.n_ties, dtype=bool)
            if dated.any():
                first = np.flatnonzero(np.diff(self.tie[dated], prepend=-1))
                best[self.tie[dated][first]] = ufunc.reduceat(key[dated], first)
                at[self.tie[dated][first]] = True
            code = np.where(at, sign * best % 4, -1)
            moment = (best - sign * code) // 4
            found = np.where(at, moment.astype("datetime64[us]"), np.datetime64("NaT"))
            columns[name] = pd.Series(pd.DatetimeIndex(found, tz="UTC"))
            columns[f"{name}_precision"] = pd.Series(
                pd.Categorical.from_codes(code, dtype=periods.PRECISION)
            )
        return columns

    def count(self) -> NDArray[np.float64]:
        """Return the number of the records behind each tie."""
        return np.bincount(self.tie, minlength=self.n_ties).astype(np.float64)

    def strength(self) -> NDArray[np.float64]:
        """Return the sum of the weights of the records behind each tie."""
        weight = self.network.relationship_table["weight"].to_numpy(dtype=np.float64)[self.row]
        return sums(self.tie, weight, self.n_ties)

    def _coded(self, name: str) -> tuple[NDArray[np.int64], pd.Index[Any]]:
        code, names = pd.factorize(self.network.relationship_table[name], sort=True)
        return code.astype(np.int64)[self.row], pd.Index(names)


def sums(part: NDArray[np.int64], value: NDArray[np.float64], n_parts: int) -> NDArray[np.float64]:
    """Add the values of each part up, from small to large.

    A sum of fractions depends on the order of its terms; that of the rows must not show.
    """
    order = np.lexsort((value, part))
    found = np.bincount(part[order], weights=value[order], minlength=n_parts)
    return found.astype(np.float64)  # bincount of nothing counts in integers


def best(part: NDArray[np.int64], value: NDArray[np.float64], n_parts: int) -> NDArray[np.float64]:
    """Return the largest value of each part that is known, NaN where none is."""
    found = np.full(n_parts, np.nan)
    np.fmax.at(found, part, value)
    return found


def distinct(
    tie: NDArray[np.int64], value: NDArray[np.int64], n: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return each pair of a tie and a number below n once, in order."""
    # np.unique hashes since numpy 2.3, which takes many times as long as to sort.
    keys = np.sort(tie * n + value)
    new = np.ones(len(keys), dtype=bool)
    np.not_equal(keys[1:], keys[:-1], out=new[1:])
    keys = keys[new]
    tie = keys // max(n, 1)
    return tie, keys - tie * n


def lists(
    tie: NDArray[np.int64], code: NDArray[np.int64], names: pd.Index[Any], n_ties: int
) -> pd.Series:
    """Return the distinct names of each tie, in the order of their codes, as lists of Arrow."""
    tie, code = distinct(tie, code, len(names))
    offsets = np.zeros(n_ties + 1, dtype=np.int64)
    np.cumsum(np.bincount(tie, minlength=n_ties), out=offsets[1:])
    values = _arrays.to_arrow(names).take(pa.array(code))
    # Lists of Python would take most of the time and memory of a projection.
    found = pa.LargeListArray.from_arrays(pa.array(offsets), values)
    return pd.Series(found, dtype=pd.ArrowDtype(found.type))
