"""When people moved, and whether their own contacts fell silent after it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records

_PASSAGE = 5  # days of travel with no longer gap than this are one passage
_SPAN = 1_000_000.0  # days; wider than any calendar, so that person and day make one sortable key
_SETTLED = 7  # days after a move that are left out: people on the way call little


def passages(records: Records) -> pd.DataFrame:
    """Return the passages: `person`, the first `day` of each and its `row`."""
    return records.once(_passages, records.travel_days)


def _passages(_: Records, days: pd.DataFrame) -> pd.DataFrame:
    person, day = days["person"].to_numpy(), days["day"].to_numpy()
    new = np.r_[True, (person[1:] != person[:-1]) | (day[1:] - day[:-1] > _PASSAGE)][: len(days)]
    found: pd.DataFrame = days[new].reset_index(drop=True)
    return found


def stayed(records: Records) -> NDArray[np.float64]:
    """Return how long the person stayed after each day of travel, as a share of the longest stay.

    A ride about town or a holiday before somebody is moved is no move: another journey follows
    soon. After the last one nothing followed, so it counts in full however little time is left.
    """
    return records.once(_stayed, records.travel_days, passages(records), records.period[1])


def _stayed(_: Records, days: pd.DataFrame, once: pd.DataFrame, last: float) -> NDArray[np.float64]:
    if not len(days):
        return np.zeros(0)
    person, start = once["person"].to_numpy(), once["day"].to_numpy()
    end = max(np.nanmax([last, days["day"].max()]), start.max()) + 1.0
    is_last = np.r_[person[1:] != person[:-1], True]
    stay = np.where(is_last, end, np.r_[start[1:], end]) - start
    longest = np.maximum.reduceat(stay, np.flatnonzero(np.r_[True, is_last[:-1]]))
    share = np.where(is_last, 1.0, stay / longest[np.cumsum(np.r_[0, is_last[:-1]])])
    key = person * _SPAN + start
    own = days["person"].to_numpy() * _SPAN + days["day"].to_numpy()
    found: NDArray[np.float64] = share[np.searchsorted(key, own, side="right") - 1]
    return found


def moves(records: Records, share: NDArray[np.float64], model: RoleModel) -> pd.DataFrame:
    """Return days of moves; for people without a journey, the first sign of a move.

    `share` is how long the person stayed after each day of travel, as `stayed` gives it.
    """
    signs = [records.at(["stayed_at"], "location"), records.at(["advertised_in"], "advert")]
    return records.once(_moves, records.travel_days, share, model, *signs)


def _moves(
    _: Records,
    days: pd.DataFrame,
    share: NDArray[np.float64],
    model: RoleModel,
    *parts: pd.DataFrame,
) -> pd.DataFrame:
    travel = days[share >= model.stayed_share]
    signs = pd.concat(parts, ignore_index=True)
    signs = signs[signs["day"].notna() & ~signs["a"].isin(days["person"])]
    signs = signs.sort_values(["a", "day", "row"]).drop_duplicates("a")
    signs = signs.assign(person=signs["a"], day=np.floor(signs["day"]))
    found = pd.concat([travel, signs[["person", "day", "row"]]], ignore_index=True)
    return found.sort_values(["person", "day", "row"], ignore_index=True)


def following(moves: pd.DataFrame, person: pd.Series, day: pd.Series) -> pd.DataFrame:
    """Return the first move of each person on or after a day."""
    key = moves["person"].to_numpy() * _SPAN + moves["day"].to_numpy()
    asked = person.to_numpy() * _SPAN + np.floor(day.to_numpy())
    return _taken(moves, np.searchsorted(key, asked, side="left"), person, day)


def preceding(moves: pd.DataFrame, person: pd.Series, day: pd.Series) -> pd.DataFrame:
    """Return the last move of each person on or before a day."""
    key = moves["person"].to_numpy() * _SPAN + moves["day"].to_numpy()
    asked = person.to_numpy() * _SPAN + np.floor(day.to_numpy())
    return _taken(moves, np.searchsorted(key, asked, side="right") - 1, person, day)


def _taken(
    moves: pd.DataFrame, at: NDArray[np.int64], person: pd.Series, day: pd.Series
) -> pd.DataFrame:
    inside = (at >= 0) & (at < len(moves)) & day.notna().to_numpy()
    safe = np.where(inside, at, 0)
    if len(moves):
        inside &= moves["person"].to_numpy()[safe] == person.to_numpy()
        days = np.where(inside, moves["day"].to_numpy()[safe], np.nan)
        rows = np.where(inside, moves["row"].to_numpy()[safe], -1)
    else:
        days, rows = np.full(len(at), np.nan), np.full(len(at), -1)
    return pd.DataFrame({"day": days, "row": rows}, index=person.index)


def silence(
    records: Records, once: pd.DataFrame, model: RoleModel
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    """Return how far the silence of each person's own contacts after the one move exceeds chance.

    Own contacts are relatives, and those whose contact began well before the move. Given how many
    contacts there were, the later part is compared with the share that the time after the move
    would give: the log-likelihood ratio of contact at `silent_rate` of the rate before.
    """
    return records.once(_silence, records.all_contacts, once, *records.period, model)


def _silence(
    records: Records,
    table: pd.DataFrame,
    once: pd.DataFrame,
    begin: float,
    end: float,
    model: RoleModel,
) -> tuple[NDArray[np.float64], pd.DataFrame]:
    table = table.assign(day=records.about[table["row"].to_numpy(np.int64)])
    table = table[table["day"].notna()]
    nats = np.zeros(records.n_people)
    start = np.full(records.n_people, np.nan)
    start[once["person"].to_numpy(np.int64)] = once["day"].to_numpy()
    moved = start[table["a"].to_numpy(np.int64)]
    table = table[~np.isnan(moved)].assign(moved=moved[~np.isnan(moved)])
    if not len(table):
        return nats, pd.DataFrame({"person": [], "row": []}, dtype=np.int64)
    first = table.groupby(["a", "b"])["day"].transform("min")
    own = (first < table["moved"] - model.window_days) | table["is_kin"]
    around = own & ((table["day"] < table["moved"]) | (table["day"] > table["moved"] + _SETTLED))
    table = table[around]
    person = table["a"].to_numpy(np.int64)
    late = (table["day"] > table["moved"]).to_numpy()
    before = np.maximum(start - begin, 1.0)
    after = np.maximum(end - start - _SETTLED, 1.0)
    expected = after / (before + after)
    silent = model.silent_rate * after / (before + model.silent_rate * after)
    n_late = np.bincount(person[late], minlength=records.n_people)
    n_early = np.bincount(person[~late], minlength=records.n_people)
    known = ~np.isnan(start)
    ratio = n_late * np.log(silent / expected) + n_early * np.log((1 - silent) / (1 - expected))
    nats[known] = ratio[known]
    rows = table.rename(columns={"a": "person"})[["person", "row"]]
    return nats, rows
