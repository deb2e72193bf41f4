"""Each pattern where it must speak, and beside it a look-alike of whom it must say little."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from test_roles import built, victims

import netlink as nl
from netlink.roles.moves import moves, stayed

if TYPE_CHECKING:
    from test_roles import Row

MODEL = nl.roles.default_model()
VICTIMS = [f"v{i}" for i in range(4)]
PEOPLE = [f"p{i:02d}" for i in range(30)]


@dataclass
class Scene:
    """What is recorded: of `who` the patterns speak, of `lookalike` they say little."""

    patterns: tuple[str, ...]
    rows: list[Row]
    lookalike: str
    who: str = "x"
    types: dict[str, str] = field(default_factory=dict)
    most: float = 0.5  # what they may say of the look-alike, of what they say of the other


def crossings(people: list[str] = VICTIMS) -> list[Row]:
    return [
        (v, "crossed_border_at", "gate", f"2024-04-{2 * i + 1:02d}") for i, v in enumerate(people)
    ]


def holders(act: str, n: int = 3) -> list[Row]:
    """People `h0`, `h1`, ... of whom two documents each state an act."""
    return [(f"h{i}", act, f"w{i}{j}") for i in range(n) for j in range(3)]


def drives() -> list[Row]:
    """`h0` takes each victim over on a day of its own."""
    return [("h0", "travelled_with", v, f"2024-0{3 + i}-10") for i, v in enumerate(VICTIMS)]


def kept(act: str) -> list[Row]:
    """`x` is in touch with those who hold a role; so is `kin`, a relative of theirs."""
    rows = holders(act)
    for i in range(3):
        rows += [("x", "met", f"h{i}", "2024-02-01"), ("kin", "met", f"h{i}", "2024-02-01")]
        rows.append(("kin", "family", f"h{i}"))
    return rows + [("x", "met", p, "2024-02-01") for p in PEOPLE[:3]]


def each(who: str, word: str, people: list[str], day: str | None = None) -> list[Row]:
    return [(who, word, p, day) for p in people]


def to(who: str, word: str, people: list[str], day: str | None = None) -> list[Row]:
    return [(p, word, who, day) for p in people]


def again(source: str, target: str, n: int) -> list[Row]:
    return [(source, "paid", target, f"2024-{i + 1:02d}-05") for i in range(n)]


def holdings(who: str, word: str, things: list[str]) -> list[Row]:
    return [(who, word, thing) for thing in things]


PLACES = {"gate": "location", "flat": "location", "inn": "location"}
ADS = {f"ad {p}": "advert" for p in [*VICTIMS, *PEOPLE, "new", "twin"]}
ACCOUNTS = {f"account {p}": "account" for p in [*VICTIMS, *PEOPLE]}
PAPERS = {f"pass {p}": "document" for p in [*VICTIMS, *PEOPLE]}

SCENES = [
    Scene(
        ("booked_travel", "bookings"),
        [*each("x", "booked_travel_for", VICTIMS, "2024-03-01"),
         *each("bureau", "booked_travel_for", VICTIMS + PEOPLE, "2024-03-01")],
        "bureau",
    ),
    Scene(
        ("vehicle_on_the_way",),
        [("x", "owns", "van"), ("line", "owns", "coach"), *crossings(),
         *(("van", "seen_at", "gate", f"2024-04-{2 * i + 1:02d}") for i in range(4)),
         *(("coach", "seen_at", "port", f"2024-06-{i + 1:02d}") for i in range(30)),
         *((p, "crossed_border_at", "port", f"2024-06-{i + 1:02d}") for i, p in enumerate(PEOPLE)),
         ("v0", "crossed_border_at", "port", "2024-06-02")],
        "line",
        types={"van": "vehicle", "coach": "vehicle", "port": "location"},
    ),
    Scene(
        ("shared_home",),
        [("x", "resides_at", "flat", "2022-01-01"), ("guest", "stayed_at", "flat", "2022-01-01"),
         *to("flat", "stayed_at", VICTIMS, "2024-05-01")],
        "guest",
    ),
    Scene(
        ("keys_on_arrival", "contact_on_arrival"),
        [*crossings(), *each("x", "communicated", VICTIMS, "2024-04-12"),
         *each("outreach", "communicated", VICTIMS, "2024-08-01")],
        "outreach",
    ),
    Scene(
        ("rent_from_victims", "money_from_victims", "collects"),
        [*to("x", "paid", VICTIMS, "2024-06-01"),
         *to("shop", "paid", VICTIMS + PEOPLE, "2024-06-01")],
        "shop",
    ),
    Scene(
        ("fee_before_move",),
        [*crossings(), *to("x", "paid", VICTIMS, "2024-03-20"),
         *to("late", "paid", VICTIMS, "2024-06-01")],
        "late",
    ),
    Scene(
        ("adverts",),
        [
            ("x", "uses", "sim"),
            ("twin", "uses", "own"),
            *holdings("sim", "listed_in", [f"ad {v}" for v in VICTIMS]),
            *holdings("own", "listed_in", ["ad twin"]),
            *((p, "advertised_in", f"ad {p}") for p in [*VICTIMS, "twin"]),
        ],
        "twin",
        types={"sim": "phone", "own": "phone"},
    ),
    Scene(
        ("phones_shared",),
        [*((p, "uses", "sim") for p in ["x", *VICTIMS[:3]]),
         *((p, "uses", "desk") for p in ["clerk", *PEOPLE[:12], "v3"])],
        "clerk",
        types={"sim": "phone", "desk": "phone"},
    ),
    Scene(
        ("charged",),
        [*((v, "victim_in", f"case {v}") for v in VICTIMS),
         *(("x", "suspect_in", f"case {v}") for v in VICTIMS), ("other", "suspect_in", "case v0")],
        "other",
        types={f"case {v}": "event" for v in VICTIMS},
    ),
    Scene(
        ("employer",),
        [*to("x", "employed_by", VICTIMS), *to("works", "employed_by", [*VICTIMS, *PEOPLE])],
        "works",
    ),
    Scene(
        ("papers_held",),
        [*((p, "owns", f"pass {p}") for p in [*VICTIMS, *PEOPLE]),
         *holdings("x", "uses", [f"pass {v}" for v in VICTIMS]),
         *holdings("clerk", "uses", [f"pass {p}" for p in [*PEOPLE, "v0"]])],
        "clerk",
    ),
    Scene(
        ("accounts_held",),
        [*((p, "owns", f"account {p}") for p in [*VICTIMS, *PEOPLE]),
         *holdings("x", "uses", [f"account {v}" for v in VICTIMS]),
         *holdings("clerk", "uses", [f"account {p}" for p in [*PEOPLE, "v0"]])],
        "clerk",
    ),
    Scene(
        ("vehicle_at_lodging",),
        [("x", "owns", "van"), ("taxi", "owns", "cab"),
         *((v, "stayed_at", "flat", "2024-05-01") for v in VICTIMS),
         *((p, "stayed_at", "inn", "2024-05-01") for p in PEOPLE),
         *(("van", "seen_at", "flat", f"2024-05-{i + 2:02d}") for i in range(4)),
         *(("cab", "seen_at", "inn", f"2024-05-{i + 2:02d}") for i in range(20)),
         ("cab", "seen_at", "flat", "2024-05-03")],
        "taxi", types={"van": "vehicle", "cab": "vehicle"},
    ),
    Scene(
        ("recruiter_coordination", "transporter_coordination", "harbourer_coordination",
         "exploiter_coordination"),
        [*holders("transported", 1), *drives(),
         *(("x", "communicated", "h0", f"2024-0{3 + i}-09") for i in range(4)),
         *(("old", "communicated", "h0", f"2023-0{3 + i}-09") for i in range(4)),
         *each("h0", "met", PEOPLE, "2023-01-01")],
        "old",
    ),
    Scene(
        ("recruiter_paid_at_moves", "transporter_paid_at_moves", "harbourer_paid_at_moves"),
        [*holders("transported", 1), *drives(),
         *(("h0", "paid", "x", f"2024-0{3 + i}-12") for i in range(4)),
         *(("h0", "paid", "shop", f"2023-0{3 + i}-12") for i in range(4)),
         *to("shop", "paid", PEOPLE, "2023-03-01")],
        "shop",
    ),
    *(
        Scene(names, kept(act), "kin")
        for names, act in (
            (("recruiter_beside_recruiters", "transporter_beside_recruiters",
              "exploiter_beside_recruiters"), "recruited"),
            (("recruiter_beside_transporters", "harbourer_beside_transporters"), "transported"),
            (("transporter_beside_harbourers", "exploiter_beside_harbourers"), "harboured"),
            (("recruiter_beside_exploiters", "harbourer_beside_exploiters", "touch_with_roles"),
             "exploited"),
        )
    ),
    Scene(
        ("harbourer_paid_by_exploiters", "paid_by_the_others", "paid_by_exploiters"),
        [*holders("exploited", 1), *again("h0", "x", 9), *again("h0", "shop", 1),
         *to("shop", "paid", PEOPLE, "2024-01-01")],
        "shop",
    ),
    Scene(
        ("pays_the_others",),
        [*holders("transported", 1), *again("x", "h0", 9), *again("client", "h0", 1),
         *each("client", "paid", PEOPLE, "2024-01-01")],
        "client",
    ),
    Scene(
        ("money_with_roles",),
        [*holders("exploited", 2), *again("x", "h0", 2), *again("x", "h1", 2),
         *each("client", "paid", PEOPLE[:4], "2024-01-01")],
        "client",
    ),
    Scene(
        ("recruiter_between_places", "exploiter_between_places"),
        [*crossings(), *to("gate", "crossed_border_at", PEOPLE, "2024-05-01"),
         *to("town", "resides_at", [*VICTIMS, *PEOPLE, "old"]),
         *to("flat", "stayed_at", VICTIMS, "2024-06-01"), ("host", "owns", "flat"),
         *to("inn", "stayed_at", PEOPLE, "2024-06-01"), ("keeper", "owns", "inn"),
         *each("old", "knows", [*VICTIMS, *PEOPLE]), *each("x", "met", ["old", "host"]),
         *each("agent", "met", ["old", "host", "keeper"])],
        "agent", types={"town": "location"},
    ),
    Scene(
        ("travelled_with_victims",),
        [*each("new", "travelled_with", VICTIMS, "2024-04-01"),
         *(("often", "travelled_with", v, f"2024-{i + 5:02d}-01") for i, v in enumerate(VICTIMS))],
        "often", "new",
    ),
    Scene(
        ("lodged_with_victims",),
        [*to("flat", "stayed_at", [*VICTIMS, "new"], "2024-04-01"),
         *to("inn", "stayed_at", [*VICTIMS, *PEOPLE, *(f"q{i}" for i in range(9)), "guest"])],
        "guest", "new",
    ),
    Scene(
        ("worked_with_victims",),
        [*to("farm", "employed_by", [*VICTIMS, "new"]),
         *to("works", "employed_by", [*VICTIMS, *PEOPLE, *(f"q{i}" for i in range(9)), "hand"])],
        "hand", "new", types={"farm": "organisation", "works": "organisation"},
    ),
    Scene(
        ("advertised_with_victims",),
        [*holdings("sim", "listed_in", [f"ad {v}" for v in [*VICTIMS, "new"]]),
         *holdings("own", "listed_in", ["ad twin"]),
         *((p, "advertised_in", f"ad {p}") for p in [*VICTIMS, "new", "twin"])],
        "twin", "new", types={"sim": "phone", "own": "phone"},
    ),
]  # fmt: skip


def said(found: nl.roles.RoleAssessment, pattern: str, person: str) -> float:
    role = MODEL.patterns[pattern].role
    victim = role == "victim"
    table = found.signs_of_harm(person) if victim else found.evidence(person, role)
    return float(table.loc[table["pattern"] == pattern, "contribution"].sum())


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.patterns[0])
def test_a_pattern_speaks_of_those_it_is_for_and_not_of_a_lookalike(scene: Scene) -> None:
    named = {name for row in scene.rows for name in (row[0], row[2])}
    types = {**PLACES, **ADS, **PAPERS, **ACCOUNTS, **scene.types}
    types = {name: kind for name, kind in types.items() if name in named}
    grade = ["A1" if row[1] in ACTS else None for row in scene.rows]
    found = nl.roles.assess(built(scene.rows, status=victims(4), types=types, grade=grade))
    for pattern in scene.patterns:
        own, other = (said(found, pattern, p) for p in (scene.who, scene.lookalike))
        assert own > 0.01, pattern
        assert other < scene.most * own, pattern


ACTS = {"recruited", "transported", "harboured", "exploited"}


def test_every_pattern_of_the_model_has_a_scene() -> None:
    here = {name for scene in SCENES for name in scene.patterns}
    # Those have tests of their own, among the scores and of earnings.
    elsewhere = {"first_contact_before_move", "journeys", "lodging", "takings_collected"}
    assert set(MODEL.patterns) - here == elsewhere


def test_calls_billed_by_the_month_count_as_of_its_middle() -> None:
    rows: list[Row] = crossings()
    rows += each("x", "communicated", VICTIMS, "2024-03")
    for month in ("2022-03", "2024-12"):  # the time that calls are known of is long
        rows += each("clerk", "communicated", PEOPLE, month)
        rows += each("friend", "communicated", VICTIMS, month)
    found = nl.roles.assess(built(rows, status=victims(4), types={"gate": "location"}))
    name = "first_contact_before_move"
    assert said(found, name, "x") > 1.0
    assert said(found, name, "friend") < 0.1


def test_a_fellow_passenger_explains_no_more_than_the_one_journey() -> None:
    rows = [(p, "travelled_with", q, "2024-06-01") for p, q in pairwise(PEOPLE)]
    once = rows + each("x", "travelled_with", VICTIMS, "2024-04-01")
    often = rows + [
        ("x", "travelled_with", v, f"2024-04-{i + 1:02d}") for i, v in enumerate(VICTIMS)
    ]
    mate, driver = (
        said(nl.roles.assess(built(of, status=victims(4))), "journeys", "x") for of in (once, often)
    )
    assert 0 < mate < 0.7 * driver


def test_a_vehicle_at_an_institution_is_nobodys() -> None:
    rows: list[Row] = [("x", "owns", "van"), ("van", "seen_at", "inn", "2024-05-02")]
    rows += to("inn", "stayed_at", VICTIMS, "2024-05-01")
    many = [f"q{i:02d}" for i in range(40)]
    for guests, is_read in (([], True), (many, False)):
        network = built(
            rows + to("inn", "stayed_at", guests, "2024-05-01"),
            status=victims(4),
            types={"van": "vehicle", "inn": "location"},
        )
        pairs = nl.roles.assess(network).inference.pairs["vehicle_at_lodging"]
        assert bool(len(pairs.a)) is is_read


def test_one_call_before_a_move_says_less_than_several() -> None:
    rows: list[Row] = crossings()
    for v in VICTIMS:
        rows += [("x", "communicated", v, f"2024-03-{day:02d}") for day in (3, 9, 15, 21)]
        rows.append(("once", "communicated", v, "2024-03-05"))
    for day in ("2022-03-05", "2024-12-05"):  # the time that calls are known of is long
        rows += each("clerk", "communicated", PEOPLE, day)
    found = nl.roles.assess(built(rows, status=victims(4), types={"gate": "location"}))
    name = "first_contact_before_move"
    assert said(found, name, "x") > 1.2 * said(found, name, "once") > 0


def test_a_ride_before_somebody_is_moved_is_no_transport() -> None:
    """A taxi drove all four about town; a van took them away weeks later, and nothing followed."""
    rows = [("taxi", "travelled_with", v, f"2024-04-{20 - i:02d}") for i, v in enumerate(VICTIMS)]
    rows += [("van", "travelled_with", v, f"2024-05-{i + 1:02d}") for i, v in enumerate(VICTIMS)]
    rows += each("clerk", "communicated", PEOPLE, "2024-12-05")
    found = nl.roles.assess(built(rows, status=victims(4)))
    taxi, van = (said(found, "journeys", who) for who in ("taxi", "van"))
    assert van > 3.0 > 5 * taxi
    assert found.scores.at["van", "transporter"] > 10 * found.scores.at["taxi", "transporter"]


def test_a_stay_is_measured_against_the_longest_and_the_last_counts_in_full() -> None:
    days = ("2024-01-01", "2024-01-03", "2024-01-11", "2024-02-20", "2024-03-01")
    rows: list[Row] = [("p", "travelled_with", "q", day) for day in days]
    rows.append(("clerk", "communicated", "p", "2024-03-05"))
    records = nl.roles.assess(built(rows)).records
    # Two days of travel make one passage, stayed after for 10 of at most 40 days.
    of_one = [0.25, 0.25, 1.0, 0.25, 1.0]
    np.testing.assert_allclose(stayed(records), [*of_one, *of_one])
    for least, n in ((MODEL.stayed_share, 2), (0.25, 5), (0.2, 5), (0.26, 2)):
        model = replace(MODEL, stayed_share=least)
        assert moves(records, stayed(records), model)["day"].nunique() == n


def test_company_says_less_of_somebody_whose_other_role_explains_it() -> None:
    rows = kept("transported")
    rows += [("driver", "met", f"h{i}", "2024-02-01") for i in range(3)]
    rows += [("driver", "met", p, "2024-02-01") for p in PEOPLE[:3]]
    rows += [("driver", "transported", f"u{j}") for j in range(3)]
    grade = ["A1" if row[1] in ACTS else None for row in rows]
    found = nl.roles.assess(built(rows, grade=grade))
    name = "recruiter_beside_transporters"
    assert found.scores.at["driver", "transporter"] > 0.5
    assert 0 < said(found, name, "driver") < 0.5 * said(found, name, "x")


def test_company_says_less_of_being_a_victim_where_a_role_explains_it() -> None:
    rows = kept("exploited")
    rows += [("driver", "met", f"h{i}", "2024-02-01") for i in range(3)]
    rows += [("driver", "met", p, "2024-02-01") for p in PEOPLE[:3]]
    rows += [("driver", "transported", f"u{j}") for j in range(3)]
    grade = ["A1" if row[1] in ACTS else None for row in rows]
    found = nl.roles.assess(built(rows, grade=grade))
    assert found.scores.at["driver", "transporter"] > 0.9
    assert (
        0 < said(found, "touch_with_roles", "driver") < 0.8 * said(found, "touch_with_roles", "x")
    )
    for person in ("driver", "x"):  # and what is told adds up to what is inferred
        told = MODEL.victim_prior + found.signs_of_harm(person)["contribution"].sum()
        people = found.safeguarding(n=100)
        assert 1 / (1 + np.exp(-told)) == pytest.approx(people.at[person, "score"], abs=1e-9)


def test_a_landlord_who_lodges_everyone_weighs_less() -> None:
    rows: list[Row] = [("landlord", "owns", "inn"), ("x", "owns", "flat"), ("y", "owns", "attic")]
    rows += to("inn", "stayed_at", [*VICTIMS, *PEOPLE]) + to("attic", "stayed_at", PEOPLE)
    others = [f"q{i:03d}" for i in range(200)]
    rows += to("inn", "stayed_at", others[:60]) + to("attic", "stayed_at", others)
    rows += to("flat", "stayed_at", [f"v{i}" for i in range(4, 8)])
    types = {"inn": "location", "flat": "location", "attic": "location"}
    network = built(rows, status=victims(8), types=types)
    plain = {**MODEL.patterns, "lodging": replace(MODEL.patterns["lodging"], lookalike=0.0)}
    found, without = (
        nl.roles.assess(network, model=model) for model in (MODEL, replace(MODEL, patterns=plain))
    )
    left = [
        said(found, "lodging", who) / said(without, "lodging", who) for who in ("landlord", "x")
    ]
    assert left[0] < 0.9 * left[1]
    assert left[1] > 0.9
