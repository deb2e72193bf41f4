"""Journeys and vehicles: who travelled with whom, and whose vehicle was seen where others were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.roles.pairs import (
    COLUMNS,
    HOUSEHOLD,
    both_ways,
    held_then,
    in_order,
    pair_keys,
    unrelated,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.records import Records

_CROWD = 12  # more people than this on one day at one crossing are a queue, not company
_LODGED = 60  # days after somebody came to lodge in which a vehicle there may be theirs to ride in


def journeys(
    records: Records,
    together: pd.DataFrame,
    crossings: pd.DataFrame,
    relatives: NDArray[np.int64],
) -> pd.DataFrame:
    """Return who travelled in whose company on which day, both ways; relatives left out."""
    crossings = crossings[crossings["day"].notna()].assign(day=lambda t: np.floor(t["day"]))
    crowd = crossings.groupby(["b", "day"])["a"].transform("nunique")
    crossings = crossings[crowd <= _CROWD]
    pairs = crossings.merge(crossings, on=["b", "day"], suffixes=("", "_2"))
    pairs = pairs[pairs["a"] != pairs["a_2"]]
    # The other person's crossing is a record too: it takes the place of a holding.
    pairs = pairs.assign(b=pairs["a_2"], via_b=pairs["row_2"])[COLUMNS]
    table = pd.concat([both_ways(together), pairs], ignore_index=True)
    keys = pair_keys(table["a"], table["b"], records.n_people)
    return in_order(table[~np.isin(keys, relatives)])


def _driven(
    records: Records, rows: NDArray[np.int64], holders: pd.DataFrame, tenures: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return sightings of a day, and those of vehicles with whoever held them."""
    source, target = records.ends
    seen = pd.DataFrame({"row": rows, "s": source[rows], "place": target[rows]})
    seen["day"] = np.floor(records.day[rows])
    seen = seen[seen["day"].notna()]
    driven = seen[records.types[seen["s"]] == "vehicle"].merge(
        holders.set_axis(["s", "a", "via_a"], axis=1), on="s"
    )
    return seen, held_then(driven, tenures, "s", "a")


def on_the_way(
    records: Records, rows: NDArray[np.int64], holders: pd.DataFrame, tenures: pd.DataFrame
) -> pd.DataFrame:
    """Return who held a vehicle that was seen where and when others crossed or were seen."""
    seen, driven = _driven(records, rows, holders, tenures)
    walked = seen[records.person_of[seen["s"]] >= 0].assign(
        b=lambda t: records.person_of[t["s"]], via_b=lambda t: t["row"]
    )
    crowd = walked.groupby(["place", "day"])["b"].transform("nunique")
    walked = walked[crowd <= _CROWD]
    pairs = driven.merge(walked[["place", "day", "b", "via_b"]], on=["place", "day"])
    return in_order(pairs[pairs["a"] != pairs["b"]])


def at_lodging(
    records: Records,
    rows: NDArray[np.int64],
    stays: pd.DataFrame,
    holders: pd.DataFrame,
    tenures: pd.DataFrame,
    kin: NDArray[np.int64],
) -> pd.DataFrame:
    """Return who held a vehicle that was seen where others lodged, about when they did."""
    _, driven = _driven(records, rows, holders, tenures)
    stays = stays[["a", "b", "day", "row"]].set_axis(["b", "place", "since", "via_b"], axis=1)
    crowd = stays.groupby("place")["b"].transform("nunique")
    pairs = driven.merge(stays[crowd <= HOUSEHOLD], on="place")
    lag = pairs["day"] - np.floor(pairs["since"])
    pairs = pairs[(lag >= -1) & (lag <= _LODGED)]
    return in_order(unrelated(pairs, kin, records.n_people))


def travel_days(
    _: Records, together: pd.DataFrame, moved: pd.DataFrame, crossings: pd.DataFrame
) -> pd.DataFrame:
    """Return the days on which each person travelled, each day once."""
    parts = [
        pd.DataFrame({"person": table[end], "day": table["day"], "row": table["row"]})
        for table, ends in ((together, "ab"), (moved, "b"), (crossings, "a"))
        for end in ends
    ]
    days = pd.concat(parts, ignore_index=True)
    days = days[days["day"].notna()].assign(day=lambda t: np.floor(t["day"]))
    days = days.sort_values(["person", "day", "row"]).drop_duplicates(["person", "day"])
    return days.reset_index(drop=True)
