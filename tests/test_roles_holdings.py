"""Who a record of a phone, a car or a place stands for: whoever held it then."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_roles import built

import netlink as nl
from netlink.roles.parts import remembering, without
from netlink.roles.patterns import collect

if TYPE_CHECKING:
    from test_roles import Row

THINGS = {"sim": "phone", "car": "vehicle", "flat": "location", "gate": "location"}
HELD: list[Row] = [("ann", "uses", "sim", "2023-01-01"), ("bob", "uses", "sim", "2023-06-01")]
ENDS = ["2023-05-31", None]


def built_of(rows: list[Row], ends: list[str | None]) -> nl.Network:
    named = {name for row in rows for name in (row[0], row[2])}
    types = {name: kind for name, kind in THINGS.items() if name in named}
    return built(rows, types=types, end=[*ends, *[None] * (len(rows) - len(ends))])


def callers(day: str | None, ends: list[str | None], held: list[Row] = HELD) -> list[str]:
    network = built_of([*held, ("sim", "communicated", "cy", day)], ends)
    records = nl.roles.assess(network).records
    names = network.entities.index[records.people]
    return names[records.between(["communicated"])["a"]].tolist()


@pytest.mark.parametrize(
    ("day", "ends", "who"),
    [
        ("2023-03-01", ENDS, ["ann"]),
        ("2023-05-31T23:00Z", ENDS, ["ann"]),
        ("2023-06-01", ENDS, ["bob"]),
        ("2024-06-01", ENDS, ["bob"]),
        ("2024-06-01", [None, None], ["ann", "bob"]),  # nobody gave it up
        ("2023-03-01", [None, None], ["ann"]),  # the other has it from June
        ("2022-01-01", ENDS, ["ann", "bob"]),  # nobody is known to have held it
        ("2023-03", ENDS, ["ann", "bob"]),  # not known to the day
        (None, ENDS, ["ann", "bob"]),
    ],
)
def test_a_call_counts_for_whoever_held_the_phone_then(
    day: str | None, ends: list[str | None], who: list[str]
) -> None:
    assert callers(day, ends) == who


def test_dates_that_leave_nobody_else_leave_the_one() -> None:
    """One holder with a date, two without any, and one who held it twice."""
    assert callers("2022-01-01", ["2023-05-31"], HELD[:1]) == ["ann"]
    assert callers("2022-01-01", [], [row[:3] for row in HELD]) == ["ann", "bob"]
    again: list[Row] = [*HELD, ("ann", "uses", "sim", "2024-01-01")]
    assert callers("2024-02-01", ["2023-05-31", "2023-12-31"], again) == ["ann"]


def test_a_flat_and_a_car_that_changed_hands() -> None:
    rows: list[Row] = [
        ("ann", "owns", "flat", "2023-01-01"),
        ("ann", "owns", "car", "2023-01-01"),
        ("bob", "owns", "flat", "2023-06-01"),
        ("bob", "owns", "car", "2023-06-01"),
        ("cy", "stayed_at", "flat", "2023-07-02"),
        ("cy", "crossed_border_at", "gate", "2023-07-01"),
        ("car", "seen_at", "gate", "2023-07-01"),
    ]
    network = built_of(rows, ["2023-05-31", "2023-05-31"])
    found = nl.roles.assess(network)
    names = network.entities.index[found.records.people]
    for name in ("lodging", "vehicle_on_the_way"):
        assert names[found.inference.pairs[name].a].tolist() == ["bob"], name
    # Without the record that he held it, she did for all that is known.
    source, target = (network.entities.index[ends] for ends in found.records.ends)
    lost = np.flatnonzero((source == "bob") & (target == "flat"))
    part = collect(without(remembering(found.records), lost), found.model)
    assert names[part["lodging"].a].tolist() == ["ann"]
    assert names[part["vehicle_on_the_way"].a].tolist() == ["bob"]


FIRM = {"firm": "organisation", "till": "account", **THINGS}


def test_a_place_of_an_organisation_is_held_by_whoever_owns_it() -> None:
    rows: list[Row] = [
        ("ann", "owns", "firm"),
        ("bob", "employed_by", "firm"),
        ("firm", "owns", "flat"),
        ("cy", "stayed_at", "flat", "2023-07-02"),
        ("cy", "crossed_border_at", "gate", "2023-07-01"),
        ("car", "seen_at", "gate", "2023-07-01"),
        ("cy", "paid", "till", "2023-07-01"),
        ("firm", "uses", "till"),
        ("firm", "uses", "sim"),
        ("firm", "owns", "car"),
        ("sim", "communicated", "cy", "2023-07-01"),
    ]
    network = built(rows, types=FIRM)
    found = nl.roles.assess(network)
    names = network.entities.index[found.records.people]
    pairs = found.inference.pairs["lodging"]
    assert (names[pairs.a[0]], names[pairs.b[0]]) == ("ann", "cy")
    assert "bob" not in names[pairs.a]
    behind = found.records.ids_of(found.records.behind(pairs.records))
    kinds = network.relationships.loc[behind, ["source", "target"]].to_numpy().tolist()
    assert ["ann", "firm"] in kinds and ["firm", "flat"] in kinds
    # Each of the two records is needed, and neither was used by nothing.
    for end in ("firm", "flat"):
        lost = np.flatnonzero(network.entities.index[found.records.ends[1]] == end)
        lost = lost[np.isin(found.records.kinds[lost], ["uses", "owns"])]
        left = collect(without(remembering(found.records), lost), found.model)["lodging"]
        assert not left.fit.any(), end
    # Its phone and its car are used by whoever works there, its account pays everybody.
    for other in ("touch_with_roles", "vehicle_on_the_way", "collects"):
        assert not len(found.inference.pairs[other].a)


def test_many_owners_and_firms_of_firms_hold_nothing() -> None:
    owners: list[Row] = [(f"p{i}", "owns", "firm") for i in range(6)]
    base: list[Row] = [("firm", "owns", "flat"), ("cy", "stayed_at", "flat", "2023-07-02")]
    types = {"firm": "organisation", "flat": "location"}
    assert len(nl.roles.assess(built([*owners[:5], *base], types=types)).records.holders) == 10
    assert not len(nl.roles.assess(built([*owners, *base], types=types)).records.holders)
    nested: list[Row] = [("ann", "owns", "shop"), ("shop", "owns", "firm"), *base]
    found = nl.roles.assess(built(nested, types={**types, "shop": "organisation"}))
    assert found.records.holders["entity"].nunique() == 1  # the shop


def test_a_firm_that_was_sold_counts_for_whoever_owned_it_then() -> None:
    rows: list[Row] = [
        ("ann", "owns", "firm", "2020-01-01"),
        ("bob", "owns", "firm", "2023-06-01"),
        ("firm", "owns", "flat"),
        ("cy", "stayed_at", "flat", "2023-07-02"),
        ("dee", "stayed_at", "flat", "2023-03-02"),
    ]
    types = {"firm": "organisation", "flat": "location"}
    network = built(rows, types=types, end=["2023-05-31", *[None] * 4])
    found = nl.roles.assess(network)
    names = network.entities.index[found.records.people]
    pairs = found.inference.pairs["lodging"]
    held = set(zip(names[pairs.a], names[pairs.b], strict=True))
    assert held == {("ann", "dee"), ("bob", "cy")}
