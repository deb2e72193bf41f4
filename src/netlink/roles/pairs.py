"""Tables of pairs: a row a pair and record, put in order, turned, and freed of what cannot be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

HOUSEHOLD = 40  # a place with more people than this is an institution
COLUMNS = ["a", "b", "day", "row", "via_a", "via_b"]


def none() -> pd.DataFrame:
    """Return a table of no pairs."""
    kinds = dict.fromkeys(COLUMNS, np.int64) | {"a": np.int32, "b": np.int32, "day": np.float64}
    return pd.DataFrame({name: np.empty(0, dtype=kind) for name, kind in kinds.items()})


def in_order(table: pd.DataFrame) -> pd.DataFrame:
    """Return the columns of a table of pairs, its rows by pair, day and record."""
    return table.sort_values(COLUMNS, kind="stable")[COLUMNS].reset_index(drop=True)


def both_ways(table: pd.DataFrame) -> pd.DataFrame:
    """Return every pair from both sides."""
    return in_order(pd.concat([table, turned(table)], ignore_index=True))


def pair_keys(a: pd.Series, b: pd.Series, n: int) -> NDArray[np.int64]:
    """Return one integer a pair."""
    keys: NDArray[np.int64] = a.to_numpy(dtype=np.int64) * max(n, 1) + b.to_numpy(dtype=np.int64)
    return keys


def turned(table: pd.DataFrame) -> pd.DataFrame:
    """Return every pair from the other side."""
    return table.rename(columns={"a": "b", "b": "a", "via_a": "via_b", "via_b": "via_a"})


def unrelated(table: pd.DataFrame, kin: NDArray[np.int64], n: int) -> pd.DataFrame:
    """Leave out pairs of one person and of relatives, whose keys are given."""
    keys = pair_keys(table["a"], table["b"], n)
    return table[(table["a"] != table["b"]) & ~np.isin(keys, kin)]


def held_then(table: pd.DataFrame, tenures: pd.DataFrame, entity: str, person: str) -> pd.DataFrame:
    """Leave out whoever did not hold an object on the day of a record, where somebody else did."""
    asked = np.flatnonzero(table[entity].isin(tenures["entity"]) & table["day"].notna())
    if not len(asked):
        return table
    part = table.iloc[asked][[entity, person, "row", "day"]].assign(at=asked)
    part = part.set_axis(["entity", "person", "row", "day", "at"], axis=1)
    known = part.merge(tenures, on=["entity", "person"])
    known = known[(known["since"] <= known["day"]) & (known["day"] <= known["till"])]
    held = part["at"].isin(known["at"])
    somebody = held.groupby([part["entity"], part["row"]]).transform("any")
    kept = np.ones(len(table), dtype=bool)
    kept[asked[(somebody & ~held).to_numpy()]] = False
    return table[kept]
