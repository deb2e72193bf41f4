"""Who stands between both ends of moves, on networks small enough to count by eye."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest
from networks import shuffled
from test_roles import ROLES, built, victims

import netlink as nl
from netlink.roles.brokers import between_places
from netlink.roles.inference import infer
from netlink.roles.moves import moves, stayed
from netlink.roles.parts import without
from netlink.roles.records import Records

if TYPE_CHECKING:
    from collections.abc import Sequence

    from test_roles import Row

MODEL = nl.roles.default_model()
# `m` lives in town with a friend there, goes, and stays at a flat that `host` holds; `x` met both.
MOVE: list[Row] = [
    ("m", "resides_at", "town", "2023-01-01"),
    ("m", "crossed_border_at", "gate", "2024-04-01"),
    ("m", "stayed_at", "flat", "2024-04-03"),
    ("friend", "resides_at", "town", "2022-01-01"),
    ("friend", "knows", "m"),
    ("host", "owns", "flat"),
]
TOUCH: list[Row] = [
    ("x", "met", "friend", "2024-01-01"),
    ("x", "communicated", "host", "2024-05-01"),
]
PLACES = ("town", "gate", "flat", "villa", "hut")


def network_of(
    rows: Sequence[Row], countries: dict[str, str], status: dict[str, str] | None = None
) -> nl.Network:
    named = sorted({name for row in rows for name in (row[0], row[2])})
    types = {name: "location" for name in named if name in PLACES}
    network = built(rows, types=types, status=status)
    entities = network.entities.assign(country=pd.Series(countries, dtype="str"))
    return nl.read_tables(entities.reset_index(), network.relationships.reset_index())


def brokers(rows: Sequence[Row], **countries: str) -> set[tuple[str, str]]:
    """Who stands between the ends of whose move."""
    network = network_of(rows, countries)
    records = Records(network)
    table = between_places(records, moves(records, stayed(records), MODEL))
    names = network.entities.index[records.people].to_numpy()
    return set(zip(names[table["a"]], names[table["b"]], strict=True))


@pytest.mark.parametrize(
    ("rows", "countries", "whose"),
    [
        ([*MOVE, *TOUCH], {}, {("x", "m")}),
        ([*MOVE, TOUCH[0]], {}, set()),
        ([*MOVE, TOUCH[1]], {}, set()),
        # Whoever lives in town and is a stranger to `m` is no end of that move.
        ([*MOVE, TOUCH[1], ("y", "resides_at", "town"), ("x", "met", "y")], {}, set()),
        # A relative of `m`, and `m`, do not broker the move of `m`.
        ([*MOVE, *TOUCH, ("x", "family", "m")], {}, set()),
        ([*MOVE, ("m", "met", "host")], {}, set()),
        # Who holds the flat and lives in town too is one person, not both ends.
        ([*MOVE, ("friend", "owns", "flat"), TOUCH[0]], {}, set()),
        # Before the move `m` had stayed there: that is not where it ended.
        ([*MOVE[:2], ("m", "stayed_at", "flat", "2024-02-03"), *MOVE[3:], *TOUCH], {}, set()),
        # One country at both ends, two, and two countries of people that nobody reads.
        ([*MOVE, *TOUCH], {"town": "A", "flat": "A"}, set()),
        ([*MOVE, *TOUCH], {"town": "A", "flat": "B"}, {("x", "m")}),
        ([*MOVE, *TOUCH], {"m": "A", "friend": "B", "host": "A", "x": "A"}, {("x", "m")}),
        # A friend in another town of the country where `m` lived, and one where `m` went.
        ([*MOVE[:3], ("friend", "resides_at", "hut"), ("friend", "knows", "m"),
          ("boss", "resides_at", "villa"), ("boss", "met", "m"), TOUCH[0], ("x", "met", "boss")],
         {"town": "A", "hut": "A", "flat": "B", "villa": "B"}, {("x", "m")}),
        ([*MOVE[:3], ("friend", "resides_at", "hut"), ("friend", "knows", "m"),
          ("boss", "resides_at", "villa"), ("boss", "met", "m"), TOUCH[0], ("x", "met", "boss")],
         {"town": "A", "hut": "C", "flat": "B", "villa": "B"}, set()),
    ],
)  # fmt: skip
def test_who_stands_between(
    rows: list[Row], countries: dict[str, str], whose: set[tuple[str, str]]
) -> None:
    assert brokers(rows, **countries) == whose


def drawn(seed: int) -> tuple[list[Row], dict[str, str]]:
    rng = np.random.default_rng(seed)
    people, spots = [f"p{i:02d}" for i in range(12)], PLACES[:4]
    rows: list[Row] = []
    for word in ("resides_at", "stayed_at", "stayed_at", "owns", "crossed_border_at"):
        for person in rng.permutation(people)[:8]:
            day = f"2024-{rng.integers(1, 13):02d}-{rng.integers(1, 28):02d}"
            rows.append((str(person), word, str(rng.choice(spots)), day))
    for _ in range(22):
        a, b = rng.permutation(people)[:2]
        rows.append(
            (str(a), str(rng.choice(["met", "family"], p=[0.8, 0.2])), str(b), "2024-03-01")
        )
    return rows, dict(zip(PLACES, rng.choice(["A", "B", "C"], 3), strict=False))


def by_hand(rows: list[Row], country: dict[str, str]) -> set[tuple[str, str]]:
    def where(word: str) -> list[tuple[str, str, str]]:
        return sorted((r[0], str(r[3]), r[2]) for r in rows if r[1] == word)  # type: ignore[misc]

    people = sorted({r[0] for r in rows})
    kin = {frozenset((r[0], r[2])) for r in rows if r[1] == "family"}
    touch = {frozenset((r[0], r[2])) for r in rows if r[1] == "met"}
    gone: dict[str, str] = {}
    for person, day, _ in [*where("crossed_border_at"), *where("stayed_at")]:
        gone.setdefault(person, day)  # nobody crosses twice here
    home: dict[str, str] = {}
    for words in (("resides_at",), ("owns",), ("stayed_at",)):
        for word in words:
            for person, when, place in where(word):
                if word != "stayed_at" or when < gone[person]:
                    home.setdefault(person, country.get(place, place))
    found = set()
    for m, day in gone.items():
        stays = {
            p for q, d, p in [*where("stayed_at"), *where("resides_at")] if q == m and d >= day
        }
        stays = {p for p in stays if m in home and country.get(p, p) != home[m]}
        far = {country.get(p, p) for p in stays}
        known = {p for p in people if frozenset((p, m)) in touch | kin and p in home}
        near_ends = {p for p in known if home[p] == home.get(m)} if stays else set()
        hosts = {q for w in ("resides_at", "owns") for q, _, p in where(w) if p in stays}
        hosts = {q for q in hosts - {m} if home[q] != home[m]}
        far_ends = {p for p in known if home[p] in far} | hosts
        for a in people:
            met = {b for b in people if frozenset((a, b)) in touch - kin}
            if a != m and frozenset((a, m)) not in kin and met & near_ends and met & far_ends:
                found.add((a, m))
    return found


def test_the_same_is_found_by_going_through_everybody() -> None:
    total = 0
    for seed in range(12):
        rows, country = drawn(seed)
        expected = by_hand(rows, country)
        assert brokers(rows, **country) == expected, seed
        total += len(expected)
    assert total > 10


def test_whoever_stands_at_the_ends_of_a_crowd_is_left_out() -> None:
    """A hub that all movers know makes no brokers, nor a table of movers by contacts of the hub."""
    for n, some in ((40, True), (41, False)):
        rows = [(f"m{i}", *row[1:]) for i in range(n) for row in MOVE[:3]]
        rows += [MOVE[3], MOVE[5], *(("friend", "knows", f"m{i}") for i in range(n)), *TOUCH]
        assert bool(brokers(rows)) == some


def test_whoever_lives_in_the_town_of_a_stay_is_no_host() -> None:
    for n, some in ((39, True), (40, False)):
        rows = [*MOVE, *TOUCH, *((f"p{i:02d}", "resides_at", "flat") for i in range(n))]
        assert bool(brokers(rows)) == some


def test_it_names_its_records_and_says_nothing_without_one_of_them() -> None:
    rows = [(v, *row[1:]) for v in ("v0", "v1", "v2") for row in MOVE[:3]]
    rows += [MOVE[3], MOVE[5], *(("friend", "knows", f"v{i}") for i in range(3)), *TOUCH]
    network = network_of(rows, {}, status=victims(3))
    found = nl.roles.assess(network)
    assert nl.roles.assess(shuffled(network, 1)).scores.equals(found.scores)
    table = found.evidence("x", "recruiter").set_index("pattern")
    own = table.loc["recruiter_between_places"]
    assert 0.05 < own["contribution"] <= MODEL.patterns["recruiter_between_places"].cap
    assert own["words"].startswith("In contact with people where 3 likely victims set out and with")
    named = network.relationships.loc[own["relationship_ids"], "relationship_type"]
    expected = {"met": 1, "communicated": 1, "knows": 3, "owns": 1}
    assert named.value_counts().to_dict() == expected | {"stayed_at": 3, "crossed_border_at": 3}
    for touch in named.index[named.isin(["met", "communicated"])]:
        part = infer(
            without(found.records, np.flatnonzero(found.records.ids == touch)), MODEL, ROLES
        )
        assert not part.said["recruiter_between_places"].any()
