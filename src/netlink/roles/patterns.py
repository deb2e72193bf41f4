"""Typed patterns: who stands to whom in the way a role requires, and what chance would give.

A pattern is a table of pairs: `a` the person who may hold the role, `b` the counterpart, `fit` (0
to 1: how well the pair's records fit the role) and `unit` (what is counted once: a pair, or a
journey). Pairs that do not fit stay in: they are what the fitting ones are measured against.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.roles.records import both_ways, pair_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records

_HOUSEHOLD = 40  # a place with more people than this is an institution


@dataclass(frozen=True)
class Pairs:
    """Pairs of one pattern, and the records behind those that fit."""

    a: NDArray[np.int64]
    b: NDArray[np.int64]
    fit: NDArray[np.float64]
    unit: NDArray[np.int64] | None
    records: pd.DataFrame  # a, b, row, via_a, via_b of fitting pairs, in the order of a

    @cached_property
    def n_records(self) -> NDArray[np.int64]:
        """Number of records behind each pair; 1 at least."""
        if self.unit is not None or not len(self.records):
            return np.ones(len(self.a), dtype=np.int64)
        span = int(max(self.b.max(initial=0), self.records["b"].max())) + 1
        keys = self.records["a"].to_numpy(dtype=np.int64) * span + self.records["b"].to_numpy()
        found, counts = np.unique(keys, return_counts=True)
        own = self.a * span + self.b
        at = np.minimum(np.searchsorted(found, own), len(found) - 1)
        return np.where(found[at] == own, counts[at], 1)

    @cached_property
    def once(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Each pair once: a, b and fit."""
        if not self.groups:
            return self.a, self.b, self.fit
        order, starts, _ = self.groups[1]
        fit = np.maximum.reduceat(self.fit[order], starts)
        return self.a[order][starts], self.b[order][starts], fit

    def once_kept(self, kept: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Whether any occasion of each pair is kept."""
        if not self.groups:
            return kept
        order, starts, _ = self.groups[1]
        return np.logical_or.reduceat(kept[order], starts)

    @cached_property
    def groups(self) -> list[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]]:
        """Order, starts and person of what is counted once: units first, then counterparts."""
        if self.unit is None or not len(self.a):
            return []
        built = []
        for part in (self.unit, self.b):
            order = np.lexsort((part, self.a))
            a, sorted_part = self.a[order], part[order]
            new = (a[1:] != a[:-1]) | (sorted_part[1:] != sorted_part[:-1])
            starts = np.flatnonzero(np.r_[True, new])
            built.append((order, starts, a[starts]))
        return built


def collect(records: Records, model: RoleModel) -> dict[str, Pairs]:
    """Return the pairs of every pattern of the model, by name."""
    contacts = _contacts(records, model)
    bookings = records.between(["booked_travel_for"])
    money = records.between(["paid"])
    earnings = _money_in(records, _turned(money), model)
    built = {
        "first_contact_before_move": _timed(contacts, "before"),
        "contact_on_arrival": _timed(contacts, "arrival"),
        "booked_travel": _plain(bookings),
        "bookings": _plain(bookings),
        "journeys": _journeys(records.journeys),
        "vehicle_on_the_way": _journeys(records.vehicle_company),
        "lodging": _plain(_lodging(records)),
        "shared_home": _shared_home(records),
        "money_from_victims": _paid(earnings, 1.0 - earnings["fee"]),
        "collects": _plain(earnings),
        "fee_before_move": _paid(earnings, earnings["fee"]),
        "adverts": _plain(_adverts(records)),
        "employer": _plain(_turned(records.between(["employed_by"]))),
        "pays_the_others": _plain(both_ways(money)),
    }
    company = _plain(records.contacts)
    return {name: built.get(name, company) for name in model.patterns}


def _turned(table: pd.DataFrame) -> pd.DataFrame:
    return table.rename(columns={"a": "b", "b": "a", "via_a": "via_b", "via_b": "via_a"})


def _pairs(table: pd.DataFrame, fit: pd.Series, behind: pd.DataFrame) -> Pairs:
    """Reduce records with a fit to one row a pair."""
    best = pd.DataFrame({"a": table["a"], "b": table["b"], "fit": fit})
    best = best.groupby(["a", "b"])["fit"].max().reset_index()
    a = best["a"].to_numpy(dtype=np.int64)
    b = best["b"].to_numpy(dtype=np.int64)
    behind = behind.sort_values(["a", "b", "row"], kind="stable").reset_index(drop=True)
    return Pairs(a, b, best["fit"].to_numpy(dtype=float), None, behind)


def _plain(table: pd.DataFrame) -> Pairs:
    return _pairs(table, pd.Series(1.0, index=table.index), table)


def _contacts(records: Records, model: RoleModel) -> pd.DataFrame:
    """Contacts, how they fit the counterpart's moves, and the records of those moves."""
    table = records.contacts.copy()
    table["first"] = table.groupby(["a", "b"])["day"].transform("min")
    moves = _moves(records)
    ahead = _next(moves, table["b"], table["first"])
    behind = _previous(moves, table["b"], table["first"])
    lag = ahead["day"] - np.floor(table["first"])
    table["before"] = np.where(
        lag <= model.window_days, np.where(lag < model.eve_days, 0.5, 1.0), 0.0
    )
    since = np.floor(table["first"]) - behind["day"]
    table["arrival"] = np.where(since <= model.arrival_days, 1.0, 0.0)
    table["move_day"] = ahead["day"]
    table["before_row"] = ahead["row"]
    table["arrival_row"] = behind["row"]
    return table


def _moves(records: Records) -> pd.DataFrame:
    """Days on which people travelled; for those without, the first sign of having been moved."""
    travel = records.travel_days
    parts = [records.at(["stayed_at"], "location"), records.at(["advertised_in"], "advert")]
    signs = pd.concat(parts, ignore_index=True)
    signs = signs[signs["day"].notna() & ~signs["a"].isin(travel["person"])]
    signs = signs.sort_values(["a", "day", "row"]).drop_duplicates("a")
    signs = signs.assign(person=signs["a"], day=np.floor(signs["day"]))
    moves = pd.concat([travel, signs[["person", "day", "row"]]], ignore_index=True)
    return moves.sort_values(["person", "day", "row"], ignore_index=True)


_SPAN = 1_000_000.0  # days; wider than any calendar, so that person and day make one sortable key


def _next(moves: pd.DataFrame, person: pd.Series, day: pd.Series) -> pd.DataFrame:
    """Return the first move of each person on or after a day."""
    key = moves["person"].to_numpy() * _SPAN + moves["day"].to_numpy()
    asked = person.to_numpy() * _SPAN + np.floor(day.to_numpy())
    return _taken(moves, np.searchsorted(key, asked, side="left"), person, day)


def _previous(moves: pd.DataFrame, person: pd.Series, day: pd.Series) -> pd.DataFrame:
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


def _timed(contacts: pd.DataFrame, when: str) -> Pairs:
    hit = contacts[contacts[when] > 0]
    if when == "before":
        hit = hit[hit["day"] <= hit["move_day"] + 1]
    else:
        hit = hit[hit["day"] <= hit["first"] + 1]
    # The move itself is evidence too: it stands as a record of its own behind the pair.
    moved = hit.drop_duplicates(["a", "b"]).assign(
        row=lambda t: t[f"{when}_row"], via_a=-1, via_b=-1
    )
    behind = pd.concat([hit, moved], ignore_index=True)[["a", "b", "row", "via_a", "via_b"]]
    return _pairs(contacts, contacts[when], behind)


def _journeys(table: pd.DataFrame) -> Pairs:
    """Count journeys, not people: one journey with three people is one occasion."""
    # Without a day, journeys with different people are different journeys.
    day = np.floor(table["day"]).fillna(-1.0 - table["b"])
    best = pd.DataFrame({"a": table["a"], "b": table["b"], "day": day})
    best = best.drop_duplicates().sort_values(["a", "day", "b"], kind="stable")
    unit = best.groupby(["a", "day"], sort=True).ngroup().to_numpy().astype(np.int64)
    behind = table.sort_values(["a", "b", "row"], kind="stable").reset_index(drop=True)
    a = best["a"].to_numpy(dtype=np.int64)
    b = best["b"].to_numpy(dtype=np.int64)
    return Pairs(a, b, np.ones(len(best)), unit, behind)


def _money_in(records: Records, paid: pd.DataFrame, model: RoleModel) -> pd.DataFrame:
    """Payments to a person, and whether the payer soon moves: a fee then, earnings otherwise."""
    ahead = _next(_moves(records), paid["b"], paid["day"])
    lag = ahead["day"] - np.floor(paid["day"])
    return paid.assign(fee=((lag > 0) & (lag <= model.window_days)).astype(float))


def _paid(table: pd.DataFrame, fit: pd.Series) -> Pairs:
    return _pairs(table, fit, table[fit > 0])


def _lodging(records: Records) -> pd.DataFrame:
    """Who stays at a place that another person holds."""
    held = records.holders.set_axis(["place", "a", "via_a"], axis=1)
    stays = records.at(["stayed_at", "resides_at"], "location")
    stays = stays.rename(columns={"a": "b", "b": "place", "via_a": "via_b"}).drop(columns="via_b")
    table = stays.merge(held, on="place").assign(via_b=-1)
    return _unrelated(table, records)


def _unrelated(table: pd.DataFrame, records: Records) -> pd.DataFrame:
    keys = pair_keys(table["a"], table["b"], records.n_people)
    return table[(table["a"] != table["b"]) & ~np.isin(keys, records.relatives)]


def _shared_home(records: Records) -> Pairs:
    """Who comes to stay where another person already lives."""
    stays = records.at(["stayed_at", "resides_at"], "location")
    stays["home"] = records.kinds[stays["row"]] == "resides_at"
    crowd = stays.groupby("b")["a"].transform("nunique")
    stays = stays[crowd <= _HOUSEHOLD]
    table = stays.merge(stays, on="b", suffixes=("", "_2"))
    table = table.assign(place=table["b"], b=table["a_2"], via_b=table["row_2"])
    table = _unrelated(table, records)
    # A fellow guest is no host, however early: the person lives there, the other comes later.
    later = ~table["home_2"] | (table["day"] + 7 < table["day_2"])
    fit = (table["home"] & later).astype(float)
    behind = table[fit > 0]
    return _pairs(table, fit, behind)


def _adverts(records: Records) -> pd.DataFrame:
    """Whose phone or account is listed in an advert in which another person is shown or listed."""
    listed = records.at(["listed_in"], "advert")
    listed = listed[listed["via_a"] >= 0]
    shown = records.at(["advertised_in", "listed_in"], "advert")
    table = listed.merge(shown, on="b", suffixes=("", "_2"))
    table = table.assign(b=table["a_2"], via_b=table["row_2"])
    return _unrelated(table, records)
