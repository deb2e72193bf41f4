"""What people were paid and did not keep: who receives it within days."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.roles.pairs import turned, unrelated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.records import Records

_SPAN = 1_000_000.0  # days; wider than any calendar, so that account and day make one sortable key
_DAYS = 3  # within which what came in goes on: wages on Friday, the collector on Monday
_TIMES = 2  # once is an occasion
_MOST = 0.3  # whoever passes on less of what came in pays a rent or a bill


def handed_over(
    records: Records, rows: NDArray[np.int64], paid: pd.DataFrame, kin: NDArray[np.int64]
) -> pd.DataFrame:
    """Return who receives within days what another person was paid: `a` from `b`.

    `fit` is the share of what came in, of dated payments with an amount; relatives are left out.
    """
    day, amount = np.floor(records.day[rows]), records.amount[rows]
    known = ~np.isnan(day) & (amount > 0)
    rows, day, amount = rows[known], day[known], amount[known]
    source, target = (end[rows].astype(np.float64) for end in records.ends)
    order = np.argsort(target * _SPAN + day, kind="stable")
    key = (target * _SPAN + day)[order]
    total = np.r_[0.0, np.cumsum(amount[order])]
    first = np.searchsorted(key, source * _SPAN + day - _DAYS)
    last = np.searchsorted(key, source * _SPAN + day, side="right")
    begin, end = (np.searchsorted(key, source * _SPAN + at) for at in (-_SPAN / 2, _SPAN / 2))
    came, income = total[last] - total[first], total[end] - total[begin]
    went_on = came > 0
    part = pd.Series(np.minimum(amount, came)[went_on] / income[went_on], index=rows[went_on])
    table = unrelated(turned(paid), kin, records.n_people)
    return _shares(table[table["row"].isin(part.index)], part, records)


def _shares(table: pd.DataFrame, part: pd.Series, records: Records) -> pd.DataFrame:
    table = table.assign(part=part.reindex(table["row"]).to_numpy())
    # A person has several accounts: what counts is the one that keeps least.
    table["account"] = records.ends[0][table["row"].to_numpy(np.int64)]
    own = table.drop_duplicates(["a", "b", "row"]).groupby(["a", "b", "account"])["part"]
    found = own.agg(["sum", "size"]).reset_index()
    found["fit"] = np.where(found["size"] >= _TIMES, found["sum"].clip(upper=1.0), 0.0)
    found = found.groupby(["a", "b"])["fit"].max().reset_index()
    return table.merge(found[found["fit"] > 0], on=["a", "b"])


def share_handed_over(table: pd.DataFrame, n: int) -> NDArray[np.float64]:
    """Return how far what each person was paid goes to one who receives so from others too."""
    most = table[table["fit"] > _MOST].drop_duplicates(["a", "b"])
    several = most.groupby("a")["b"].transform("nunique")
    found = np.zeros(n)
    np.maximum.at(found, most["b"].to_numpy(np.int64), most["fit"] * (1.0 - 1.0 / several))
    return found
