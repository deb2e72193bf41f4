"""Typed patterns: who stands to whom in the way a role requires, and what chance would give.

A pattern is a table of pairs: `a` the person who may hold the role, `b` the counterpart, `fit` (0
to 1: how well the pair's records fit the role) and `unit` (what is counted once: a pair, or a
journey). Pairs that do not fit stay in: they are what the fitting ones are measured against.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.roles.brokers import between_places
from netlink.roles.moves import following, moves, passages, preceding, stayed
from netlink.roles.pairs import HOUSEHOLD, both_ways, held_then, in_order, turned, unrelated

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records

# The patterns in which somebody has a part in a move.
_PARTS = ("first_contact_before_move", "journeys", "lodging", "bookings", "contact_on_arrival")


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

    def only(self, kept: NDArray[np.bool_]) -> Pairs:
        """Return some of the pairs."""
        unit = None if self.unit is None else self.unit[kept]
        return replace(self, a=self.a[kept], b=self.b[kept], fit=self.fit[kept], unit=unit)

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
    once = records.once
    share = stayed(records)
    moved = moves(records, share, model)
    travel = once(_travel, records.travel_days, share)
    contacts = once(_contacts, moved, records.contacts, *records.period, model)
    paid = records.between(["paid"])
    received = once(_turned, paid)
    earnings = once(_money_in, moved, received, model)
    stays = records.at(["stayed_at", "resides_at"], "location")
    kin = records.relatives
    built = {
        "first_contact_before_move": once(_timed, contacts, "before"),
        "contact_on_arrival": once(_timed, contacts, "arrival"),
        "bookings": once(_plain, records.between(["booked_travel_for"])),
        "journeys": once(_journeys, records.journeys, travel),
        "vehicle_on_the_way": once(_journeys, records.vehicle_company, travel),
        "vehicle_at_lodging": once(_journeys, records.vehicle_at_lodging, travel),
        "lodging": once(_lodging, stays, records.holders, records.tenures, kin),
        "shared_home": once(_shared_home, stays, kin),
        "money_from_victims": once(_paid, earnings, "earned"),
        "collects": once(_plain, earnings),
        "fee_before_move": once(_paid, earnings, "fee"),
        "adverts": _adverts(records),
        "phones_shared": once(_beside, _phones(records), kin),
        "charged": _charged(records, model),
        "employer": once(_plain, once(_turned, records.between(["employed_by"]))),
        "payments": once(_payments, paid),
        "payments_in": once(_often, received),
        "payments_out": once(_often, paid),
        "papers_held": once(_of_others, records.at(["uses", "owns"], "document"), kin),
        "accounts_held": once(_of_others, records.at(["uses", "owns"], "account"), kin),
        "handed_over": once(_handed_over, received, records.handed_over),
        "company": once(_plain, records.contacts),
        "between_places": once(_plain, between_places(records, moved)),
        **_peers(records),
    }
    busy = once(_at_moves, passages(records), *(built[name] for name in _PARTS))
    built["coordination"] = once(_around, records.contacts, busy, -7.0, 7.0)
    built["paid_at_moves"] = once(_around, received, busy, -3.0, 21.0)
    return {name: built[pattern.pairs or name] for name, pattern in model.patterns.items()}


def _often(_: Records, table: pd.DataFrame) -> Pairs:
    """One payment is an occasion, several are an arrangement."""
    n = table.groupby(["a", "b"])["row"].transform("nunique")
    return _pairs(table, n / (n + 2.0), table)


def _turned(_: Records, table: pd.DataFrame) -> pd.DataFrame:
    return turned(table)


def _pairs(table: pd.DataFrame, fit: pd.Series, behind: pd.DataFrame) -> Pairs:
    """Reduce records with a fit to one row a pair."""
    if not len(table):
        nobody = np.empty(0, dtype=np.int64)
        return Pairs(nobody, nobody, np.empty(0), None, behind)
    best = pd.DataFrame({"a": table["a"], "b": table["b"], "fit": fit})
    best = best.groupby(["a", "b"])["fit"].max().reset_index()
    a = best["a"].to_numpy(dtype=np.int64)
    b = best["b"].to_numpy(dtype=np.int64)
    behind = behind.sort_values(["a", "b", "row"], kind="stable").reset_index(drop=True)
    return Pairs(a, b, best["fit"].to_numpy(dtype=float), None, behind)


def _plain(_: Records, table: pd.DataFrame) -> Pairs:
    return _pairs(table, pd.Series(1.0, index=table.index), table)


def _payments(records: Records, table: pd.DataFrame) -> Pairs:
    return _plain(records, both_ways(table))


def _travel(_: Records, days: pd.DataFrame, share: NDArray[np.float64]) -> pd.DataFrame:
    return days.assign(fit=share)[["person", "day", "fit"]]


def _contacts(
    records: Records,
    moved: pd.DataFrame,
    contacts: pd.DataFrame,
    begin: float,
    end: float,
    model: RoleModel,
) -> pd.DataFrame:
    """Contacts, how they fit the counterpart's moves, and the records of those moves."""
    table = contacts.assign(day=records.about[contacts["row"].to_numpy(np.int64)])
    pair = table.groupby(["a", "b"], sort=False)["day"]
    table["first"] = pair.transform("min")
    ahead = following(moved, table["b"], table["first"])
    behind = preceding(moved, table["b"], table["first"])
    lag = ahead["day"] - np.floor(table["day"])
    inside = (lag >= 0) & (lag <= model.window_days)
    table["inside"] = np.where(inside, np.where(lag < model.eve_days, 0.5, 1.0), 0.0)
    chance = min(0.9, model.window_days / max(end - begin, 1.0))
    # Dated contacts of a recruiter lie in the weeks before; those of a friend, all over the time.
    nats = np.where(
        inside,
        table["inside"] * np.log(model.spell / chance),
        np.where(table["day"].notna(), np.log((1 - model.spell) / (1 - chance)), 0.0),
    )
    keys = [table["a"], table["b"]]
    total = pd.Series(nats, index=table.index).groupby(keys, sort=False).transform("sum")
    total = total + model.contact_prior
    some = table["inside"].groupby(keys, sort=False).transform("max")
    table["before"] = np.where(some > 0, 1.0 / (1.0 + np.exp(-total)), 0.0)
    since = np.floor(table["first"]) - behind["day"]
    table["arrival"] = np.where(since <= model.arrival_days, 1.0, 0.0)
    table["move_day"] = ahead["day"]
    table["before_row"] = ahead["row"]
    table["arrival_row"] = behind["row"]
    return table


def _timed(_: Records, contacts: pd.DataFrame, when: str) -> Pairs:
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


def _journeys(_: Records, table: pd.DataFrame, travel: pd.DataFrame) -> Pairs:
    """Count journeys, not people: one journey with three people is one occasion.

    A journey fits as far as the other stayed where it led: others are no transport of theirs.
    """
    # Without a day, journeys with different people are different journeys.
    day = np.floor(table["day"]).fillna(-1.0 - table["b"])
    best = pd.DataFrame({"a": table["a"], "b": table["b"], "day": day})
    best = best.drop_duplicates().sort_values(["a", "day", "b"], kind="stable")
    unit = best.groupby(["a", "day"], sort=True).ngroup().to_numpy().astype(np.int64)
    behind = table.sort_values(["a", "b", "row"], kind="stable").reset_index(drop=True)
    known = best.merge(travel, how="left", left_on=["b", "day"], right_on=["person", "day"])
    a = best["a"].to_numpy(dtype=np.int64)
    b = best["b"].to_numpy(dtype=np.int64)
    return Pairs(a, b, known["fit"].fillna(1.0).to_numpy(), unit, behind)


def _money_in(
    _: Records, moved: pd.DataFrame, paid: pd.DataFrame, model: RoleModel
) -> pd.DataFrame:
    """Payments to a person, and whether the payer soon moves: a fee then, earnings otherwise."""
    ahead = following(moved, paid["b"], paid["day"])
    lag = ahead["day"] - np.floor(paid["day"])
    fee = ((lag > 0) & (lag <= model.window_days)).astype(float)
    return paid.assign(fee=fee, earned=1.0 - fee)


def _paid(_: Records, table: pd.DataFrame, what: str) -> Pairs:
    return _pairs(table, table[what], table[table[what] > 0])


def _handed_over(_: Records, paid: pd.DataFrame, given: pd.DataFrame) -> Pairs:
    share = given.drop_duplicates(["a", "b"])[["a", "b", "fit"]]
    fit = paid.merge(share, how="left", on=["a", "b"])["fit"].fillna(0.0)
    return _pairs(paid, fit, given)


def _lodging(
    records: Records,
    stays: pd.DataFrame,
    holders: pd.DataFrame,
    tenures: pd.DataFrame,
    kin: NDArray[np.int64],
) -> Pairs:
    """Who stays at a place that another person holds."""
    held = holders.set_axis(["place", "a", "via_a"], axis=1)
    stays = stays.rename(columns={"a": "b", "b": "place", "via_a": "via_b"}).drop(columns="via_b")
    table = held_then(stays.merge(held, on="place").assign(via_b=-1), tenures, "place", "a")
    return _plain(records, unrelated(table, kin, records.n_people))


def _shared_home(records: Records, stays: pd.DataFrame, kin: NDArray[np.int64]) -> Pairs:
    """Who comes to stay where another person already lives."""
    stays = stays.assign(home=records.kinds[stays["row"]] == "resides_at")
    crowd = stays.groupby("b")["a"].transform("nunique")
    stays = stays[crowd <= HOUSEHOLD]
    table = stays.merge(stays, on="b", suffixes=("", "_2"))
    table = table.assign(place=table["b"], b=table["a_2"], via_b=table["row_2"])
    table = unrelated(table, kin, records.n_people)
    # A fellow guest is no host, however early: the person lives there, the other comes later.
    later = ~table["home_2"] | (table["day"] + 7 < table["day_2"])
    fit = (table["home"] & later).astype(float)
    behind = table[fit > 0]
    return _pairs(table, fit, behind)


def _adverts(records: Records) -> Pairs:
    listed = records.at(["listed_in"], "advert")
    shown = records.at(["advertised_in", "listed_in"], "advert")
    return records.once(_listed, listed, shown, records.relatives)


def _listed(
    records: Records, listed: pd.DataFrame, shown: pd.DataFrame, kin: NDArray[np.int64]
) -> Pairs:
    """Whose phone or account is listed in an advert in which another person is shown or listed."""
    listed = listed[listed["via_a"] >= 0]
    return _plain(records, unrelated(_through(listed, shown), kin, records.n_people))


def _through(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    """Return pairs of people tied to one object, by the records of both."""
    table = left.merge(right, on="b", suffixes=("", "_2"))
    return table.assign(b=table["a_2"], via_b=table["row_2"])


def _phones(records: Records) -> pd.DataFrame:
    """Return who holds which phone, by the first record that says so."""
    held = records.holdings.drop_duplicates(["entity", "person"])
    direct = held["via"] < len(records.kinds)
    table = held[direct & (records.types[held["entity"]] == "phone")]
    table = table.set_axis(["b", "a", "row"], axis=1).assign(day=np.nan, via_a=-1, via_b=-1)
    return in_order(table)


def _charged(records: Records, model: RoleModel) -> Pairs:
    accused = records.once(_tied, records.rows(["suspect_in", "victim_and_suspect_in"]))
    harmed = records.once(_tied, records.rows(["victim_in", "victim_and_suspect_in"]))
    return records.once(_accused, accused, harmed, model)


def _accused(
    records: Records, accused: pd.DataFrame, harmed: pd.DataFrame, model: RoleModel
) -> Pairs:
    """Who is suspected in a case in which another person is recorded as a victim."""
    table = _through(accused, harmed)
    table = table[table["a"] != table["b"]]
    graded = records.confidence[table["row"].to_numpy(dtype=np.int64)]
    known = np.where(np.isnan(graded), model.ungraded, graded)
    return _pairs(table, pd.Series(known, index=table.index), table)


def _of_others(records: Records, held: pd.DataFrame, kin: NDArray[np.int64]) -> Pairs:
    """Who uses papers or an account that somebody else owns."""
    held = held.assign(owned=records.kinds[held["row"]] == "owns")
    table = _through(held[~held["owned"]], held[held["owned"]])
    return _plain(records, unrelated(table, kin, records.n_people))


def _peers(records: Records) -> dict[str, Pairs]:
    """Who stands beside whom in what is done to victims: both sides of a pair are alike."""
    once, kin = records.once, records.relatives
    jobs = once(_tied, records.rows(["employed_by"]))
    shown = records.at(["advertised_in"], "advert")
    numbered = once(_numbered, shown, records.at_any(["listed_in"], "advert"))
    return {
        "travelled_with_victims": once(_rides, records.journeys, passages(records)),
        "lodged_with_victims": once(_beside, records.at(["stayed_at"], "location"), kin),
        "worked_with_victims": once(_beside, jobs, kin),
        "advertised_with_victims": once(_beside, numbered, kin),
    }


def _rides(records: Records, rides: pd.DataFrame, trips: pd.DataFrame) -> Pairs:
    counts = np.bincount(trips["person"].to_numpy(np.int64), minlength=records.n_people)
    return _plain(records, rides[(counts[rides["a"].to_numpy(np.int64)] == 1)])


def _numbered(_: Records, shown: pd.DataFrame, listed: pd.DataFrame) -> pd.DataFrame:
    numbers = listed[["s", "b"]].rename(columns={"s": "number"})
    return shown.merge(numbers, on="b").drop(columns="b").rename(columns={"number": "b"})


def _tied(records: Records, rows: NDArray[np.int64]) -> pd.DataFrame:
    """Return people and what records tie them to, be it held by somebody or not."""
    source, target = records.ends
    table = pd.DataFrame({"a": records.person_of[source[rows]], "b": target[rows], "row": rows})
    table = table[table["a"] >= 0].assign(via_a=-1, via_b=-1)
    return table.assign(day=records.day[table["row"].to_numpy(np.int64)])


def _beside(records: Records, table: pd.DataFrame, kin: NDArray[np.int64]) -> Pairs:
    """Return who shares an object with whom, small groups only, no relatives."""
    crowd = table.groupby("b")["a"].transform("nunique")
    table = table[crowd <= HOUSEHOLD]
    return _plain(records, unrelated(_through(table, table), kin, records.n_people))


def _at_moves(_: Records, trips: pd.DataFrame, *patterns: Pairs) -> pd.DataFrame:
    """Return the days on which those moved to whom a person stands in a pattern."""
    parts = []
    for pairs in patterns:
        parts.append(pd.DataFrame({"person": pairs.a, "b": pairs.b})[pairs.fit > 0.3])
    tied = pd.concat(parts, ignore_index=True).drop_duplicates()
    tied = tied.merge(trips.rename(columns={"person": "b"})[["b", "day", "row"]], on="b")
    tied = tied.sort_values(["person", "day", "row"]).drop_duplicates(["person", "day"])
    return tied[["person", "day", "row"]].reset_index(drop=True)


def _around(
    _: Records, table: pd.DataFrame, busy: pd.DataFrame, early: float, late: float
) -> Pairs:
    """Return pairs that fit where `a` and `b` are in touch near a move in which `b` has a part."""
    ahead = following(busy, table["b"], table["day"] - late)
    lag = np.floor(table["day"]) - ahead["day"]
    fit = ((lag >= early) & (lag <= late)).astype(float)
    return _pairs(table, fit, table[fit > 0])
