"""A second made-up world of a quite different habit: what does the model owe to one maker?

It shares no code, table, word or figure with `netlink.datasets.synthetic_case`. An agency here
reads handsets and chat accounts rather than bills: most contact is recorded between people. It
keeps no register of homes, but guest lists and crews; people are exploited on farms, in households
and in flats; papers are taken; raids leave events behind. A quarter of the records carries no time.
The look-alikes are contractors of seasonal workers, who send whole busloads that come home again,
coach drivers, hostel keepers, remittance agents, pastors and inspectors.

Every figure is assumed. Nobody in it exists.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pandas as pd

import netlink as nl

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")
Row = tuple[str, str, str, float, str, str]

SPAN = 700  # days watched
START = np.datetime64("2019-03-01")
ROLES = ["recruiter", "transporter", "harbourer", "exploiter", "financier", "victim"]
ENTITY_TYPES = {
    "human": "person", "chat": "online_account", "site": "location", "firm": "organisation",
    "plate": "vehicle", "paper": "document", "ad": "advert", "raid": "event", "sim": "phone",
    "wallet": "account",
}  # fmt: skip
# The agency's word, what it means, and how often a fact of the kind is recorded by default.
WORDS: dict[str, tuple[str, float]] = {
    "spoke to": ("communicated", 0.5), "chatted": ("communicated", 0.5), "saw": ("met", 0.3),
    "acquainted": ("knows", 0.25), "kin of": ("family", 0.5), "colleague": ("works_with", 0.3),
    "linked to": ("associate_of", 0.3), "rode with": ("travelled_with", 0.45),
    "bought seat for": ("booked_travel_for", 0.55), "checkpoint": ("crossed_border_at", 0.35),
    "spotted": ("seen_at", 0.4), "guest of": ("stayed_at", 0.5), "dwells": ("resides_at", 0.3),
    "handle": ("uses", 0.6), "keeps": ("uses", 0.5), "title": ("owns", 0.6),
    "crew of": ("employed_by", 0.55), "sent money": ("paid", 0.5), "number in": ("listed_in", 0.7),
    "pictured in": ("advertised_in", 0.5), "accused in": ("suspect_in", 0.8),
    "injured in": ("victim_in", 0.5), "heard in": ("witness_in", 0.6),
    "S recruited": ("recruited", 1.0), "S lied to": ("deceived", 1.0),
    "S drove": ("transported", 1.0), "S lodged": ("harboured", 1.0),
    "S worked": ("exploited", 1.0), "S held": ("controlled", 1.0),
}  # fmt: skip
ACTS = {
    "recruiter": (("S recruited", 0.8), ("S lied to", 0.5)), "transporter": (("S drove", 0.6),),
    "harbourer": (("S lodged", 0.6),), "exploiter": (("S worked", 0.8), ("S held", 0.5)),
}  # fmt: skip
STANDINGS = {"protected": "identified_victim", "at risk": "potential_victim", "-": "none"}


@dataclass
class Person:
    key: str
    home: int
    friends: list[Person] = field(default_factory=list)
    kin: list[Person] = field(default_factory=list)
    chat: str | None = None
    work: str | None = None  # what makes an innocent person look like one with a role
    roles: set[str] = field(default_factory=set)
    ring: int = -1
    gone: int | None = None
    muted: float = 0.0

    @property
    def free(self) -> bool:
        return self.work is None and self.ring < 0


Actors = tuple[Person, Person, Person, Person]  # who recruits, drives, houses, exploits


@dataclass
class Ring:
    number: int
    kind: str
    sources: list[int]
    sellers: list[Person]
    drivers: list[Person]
    bosses: list[Person]
    hosts: list[Person]
    payers: list[Person]
    plates: dict[str, str] = field(default_factory=dict)
    flats: dict[str, str] = field(default_factory=dict)
    sims: dict[str, str] = field(default_factory=dict)
    front: str | None = None
    victims: list[tuple[Person, int]] = field(default_factory=list)


class Maker:
    """Lets a world happen and writes down what an agency would."""

    def __init__(self, seed: int, size: int) -> None:
        self.rng = np.random.default_rng([seed, 77])
        self.kinds: dict[str, str] = {}
        self.facts: list[tuple[str, str, str, float]] = []
        self.told: list[tuple[str, str, str, float, str]] = []  # by whom last
        self.people = [Person(self.new("human"), i * 14 // size) for i in range(size)]
        self.villages = [[p for p in self.people if p.home == v] for v in range(14)]
        self.firms = [[self.new("firm") for _ in range(4)] for _ in range(14)]
        self.hostels = [[self.new("site") for _ in range(2)] for _ in range(14)]
        self.gates = [self.new("site") for _ in range(5)]

    def new(self, kind: str) -> str:
        key = f"{kind}#{len(self.kinds)}"
        self.kinds[key] = kind
        return key

    def hap(self, share: float) -> bool:
        return bool(self.rng.random() < share)

    def num(self, low: int, high: int) -> int:
        return int(self.rng.integers(low, high + 1))

    def one(self, items: Sequence[T]) -> T:
        return items[int(self.rng.integers(len(items)))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        picked = self.rng.permutation(len(items))[:count]
        return [items[int(i)] for i in picked]

    def add(self, source: str | None, word: str, target: str | None, day: float = np.nan) -> None:
        if source and target and source != target and not day >= SPAN:
            self.facts.append((source, word, target, day))

    def talk(self, a: Person, b: Person, day: int) -> None:
        for person in (a, b):
            if person.gone is not None and day >= person.gone and self.hap(person.muted):
                return
        if self.hap(0.5):
            a, b = b, a
        if a.chat and b.chat and self.hap(0.5):
            self.add(a.chat, "chatted", b.chat, day)
        else:
            self.add(a.key, "spoke to", b.key, day)

    def ride(self, party: list[Person], gate: str | None, day: int) -> None:
        for i, person in enumerate(party):
            if gate:
                self.add(person.key, "checkpoint", gate, day)
            for other in party[i + 1 : i + 4]:
                self.add(person.key, "rode with", other.key, day)

    # ordinary lives

    def settle(self) -> None:
        for person in self.people:
            village = self.villages[person.home]
            if self.hap(0.5):
                person.chat = self.new("chat")
                self.add(person.key, "handle", person.chat)
            for other in self.some(village, self.num(1, 3)):
                if other is not person and other not in person.friends:
                    person.friends.append(other)
                    other.friends.append(person)
            for other in self.some(village, self.num(0, 2)):
                if other is not person and other not in person.kin:
                    person.kin.append(other)
                    other.kin.append(person)
            if self.hap(0.5):
                self.add(person.key, "crew of", self.one(self.firms[person.home]))

    def live(self) -> None:
        for person in self.people:
            for others, word in ((person.friends, "acquainted"), (person.kin, "kin of")):
                for other in others:
                    if other.key < person.key:
                        continue
                    self.add(person.key, word, other.key)
                    for _ in range(self.num(0, 7)):
                        self.talk(person, other, self.num(0, SPAN))
                    if self.hap(0.2):
                        self.add(person.key, "sent money", other.key, self.num(0, SPAN))
            if person.gone is None and self.hap(0.15):
                out = self.num(0, SPAN - 40)
                party = [person, *[p for p in self.some(person.kin, 1) if p.gone is None]]
                gate = self.one(self.gates) if self.hap(0.5) else None
                inn = self.one(self.hostels[self.num(0, 13)])
                self.ride(party, gate, out)
                self.ride(party, gate, out + self.num(3, 30))
                for guest in party:
                    self.add(guest.key, "guest of", inn, out + 1)

    def trades(self) -> None:
        """Innocent work that looks like a part in it."""
        each = {
            "contractor": 160, "coach driver": 250, "hostel keeper": 170, "remittance agent": 330,
            "pastor": 250, "inspector": 330, "farmer": 200,
        }  # fmt: skip
        self.trade: dict[str, list[Person]] = {}
        for work, people in each.items():
            self.trade[work] = []
            for _ in range(max(1, len(self.people) // people)):
                person = self.one([p for p in self.people if p.free])
                person.work = work
                self.trade[work].append(person)
        for keeper in self.trade["hostel keeper"]:
            for inn in self.hostels[keeper.home]:
                self.add(keeper.key, "title", inn)
            for guest in self.some(self.villages[keeper.home], 8):
                self.add(guest.key, "sent money", keeper.key, self.num(0, SPAN))

    def seasons(self) -> None:
        """Contractors send busloads to farms; most come home, and they keep calling."""
        for boss in self.trade["contractor"]:
            farmer, driver = self.one(self.trade["farmer"]), self.one(self.trade["coach driver"])
            farm, barn = self.new("firm"), self.new("site")
            self.add(farmer.key, "title", farm)
            self.add(farmer.key, "title", barn)
            for _ in range(self.num(2, 4)):
                day = self.num(60, SPAN - 150)
                crew = [
                    p
                    for p in self.some(self.villages[boss.home], self.num(6, 14))
                    if p.free and p.gone is None
                ]
                for worker in crew:
                    for _ in range(self.num(1, 4)):
                        self.talk(boss, worker, day - self.num(5, 60))
                    if self.hap(0.6):
                        self.add(boss.key, "bought seat for", worker.key, day - self.num(2, 20))
                    if self.hap(0.3):
                        self.add(worker.key, "sent money", boss.key, day - self.num(2, 30))
                    self.add(worker.key, "guest of", barn, day + 1)
                    self.add(worker.key, "crew of", farm, day + 2)
                gate = self.one(self.gates)
                self.ride([driver, *crew], gate, day)
                home = [p for p in crew if self.hap(0.8)]
                self.ride([driver, *home], gate, day + self.num(50, 110))
                for worker in crew:
                    if worker not in home:
                        worker.gone, worker.muted = day, 0.3
            self.talk(boss, farmer, self.num(0, SPAN))
            self.talk(boss, driver, self.num(0, SPAN))

    def services(self) -> None:
        """Drivers, agents, pastors and inspectors meet everybody."""
        for driver in self.trade["coach driver"]:
            plate = self.new("plate")
            self.add(driver.key, "keeps", plate)
            for _ in range(12):
                day, gate = self.num(0, SPAN - 20), self.one(self.gates)
                for when in (day, day + self.num(1, 5)):
                    riders = [p for p in self.some(self.people, self.num(2, 5)) if p.gone is None]
                    self.add(plate, "spotted", gate, when)
                    self.ride([driver, *riders], gate, when)
        for agent in self.trade["remittance agent"]:
            for client in self.some(self.people, 35):
                self.add(client.key, "sent money", agent.key, self.num(0, SPAN))
        for work in ("pastor", "inspector"):
            for person in self.trade[work]:
                for other in self.some(self.villages[person.home], 30):
                    self.talk(person, other, self.num(0, SPAN))
                    if self.hap(0.3):
                        self.add(person.key, "saw", other.key, self.num(0, SPAN))

    # rings

    def cast(self, count: int, places: list[int], ring: int, role: str) -> list[Person]:
        found = []
        for _ in range(count):
            pool = [p for v in places for p in self.villages[v]]
            mine = [p for p in pool if p.ring == ring and role not in p.roles]
            free = [p for p in pool if p.free and p.gone is None]
            person = self.one(mine if mine and self.hap(0.25) else free)
            person.ring = ring
            person.roles.add(role)
            found.append(person)
        return found

    def form(self, number: int) -> Ring:
        sources = [self.num(0, 6), self.num(0, 6)]
        there = self.num(7, 13)
        kind = self.one(["farm", "farm", "household", "flat"])
        bosses = self.num(2, 4) if kind == "household" else self.num(1, 2)
        ring = Ring(
            number,
            kind,
            sources,
            self.cast(self.num(1, 3), sources, number, "recruiter"),
            self.cast(self.num(1, 2), [*sources, there], number, "transporter"),
            self.cast(bosses, [there], number, "exploiter"),
            self.cast(self.num(1, 2), [there], number, "harbourer"),
            self.cast(self.num(0, 1), [there], number, "financier"),
        )
        for driver in ring.drivers:
            ring.plates[driver.key] = self.new("plate")
            self.add(driver.key, "keeps", ring.plates[driver.key])
        for host in ring.hosts:
            ring.flats[host.key] = self.new("site")
            self.add(host.key, "title" if self.hap(0.5) else "keeps", ring.flats[host.key])
        if kind == "farm":
            ring.front = self.new("firm")
            self.add(ring.bosses[0].key, "title", ring.front)
        for boss in ring.bosses if kind == "flat" else []:
            ring.sims[boss.key] = self.new("sim")
            self.add(boss.key, "keeps", ring.sims[boss.key])
        crew = [*ring.sellers, *ring.drivers, *ring.hosts, *ring.bosses, *ring.payers]
        for i, a in enumerate(crew):
            for b in crew[i + 1 :]:
                if a is not b and self.hap(0.25):
                    self.add(a.key, self.one(["linked to", "acquainted"]), b.key)
        return ring

    def ring(self, number: int) -> None:
        ring = self.form(number)
        gate = self.one(self.gates) if self.hap(0.6) else None
        day = self.num(90, 250)
        while day < SPAN - 120 and len(ring.victims) < 16:
            pool = [p for v in ring.sources for p in self.villages[v]]
            batch = [p for p in self.some(pool, self.num(1, 4)) if p.free and p.gone is None]
            seller = self.one(ring.sellers)
            old = [v for v, when in ring.victims if when < day - 80]
            if old and self.hap(0.12):
                seller = old[0]
                seller.roles.add("recruiter")
            driver, host = self.one(ring.drivers), self.one(ring.hosts)
            for person in batch:
                self._take(ring, person, (seller, driver, host, self.one(ring.bosses)), day)
            if batch:
                self._move(batch, driver, ring.plates[driver.key], gate, day)
                for a, b in ((seller, driver), (driver, host), (seller, ring.bosses[0])):
                    for _ in range(self.num(0, 2)):
                        if a is not b:
                            self.talk(a, b, day - self.num(0, 6))
            day += self.num(15, 90)
        for _ in range(self.num(2, 5)):  # approached in vain
            person = self.one(self.villages[ring.sources[0]])
            if person.free:
                self.talk(ring.sellers[0], person, self.num(30, SPAN - 100))
        if ring.victims and self.hap(0.3):
            self._raid([v for v, _ in ring.victims], ring.bosses)

    def _take(self, ring: Ring, person: Person, actors: Actors, day: int) -> None:
        seller, _, host, boss = actors
        person.ring, person.gone, person.muted = ring.number, day, 0.75
        person.roles.add("victim")
        ring.victims.append((person, day))
        self._recruit(seller, person, day, ring.payers)
        self._keep(person, boss, host, ring.flats[host.key], day)
        self.add(person.key, "crew of", ring.front, day + self.num(2, 10))
        if ring.kind == "household":
            self.add(person.key, "crew of", boss.key, day + self.num(2, 10))
        if ring.kind == "flat":
            for _ in range(self.num(1, 3)):
                ad, when = self.new("ad"), day + self.num(5, 90)
                self.add(ring.sims[boss.key], "number in", ad, when)
                self.add(person.key, "pictured in", ad, when)
        self._say(person, actors, day)
        if self.hap(0.5):
            self.add(boss.key, "sent money", seller.key, day + self.num(0, 15))
        if ring.payers and self.hap(0.4):
            self.add(boss.key, "sent money", ring.payers[0].key, day + self.num(20, 60))

    def _recruit(self, seller: Person, person: Person, day: int, payers: list[Person]) -> None:
        first = day - self.num(20, 110)
        for _ in range(self.num(2, 8)):
            self.talk(seller, person, self.num(first, day - 1))
        if self.hap(0.4):
            self.add(seller.key, "saw", person.key, self.num(first, day - 1))
        if self.hap(0.4):
            self.add(seller.key, "bought seat for", person.key, day - self.num(1, 12))
        if self.hap(0.35):
            taker = payers[0] if payers and self.hap(0.3) else seller
            self.add(person.key, "sent money", taker.key, day - self.num(1, 25))

    def _move(
        self, batch: list[Person], driver: Person, plate: str | None, gate: str | None, day: int
    ) -> None:
        if self.hap(0.8):
            self.ride([driver, *batch], gate, day)
            self.add(plate, "spotted", gate, day)
            if self.hap(0.6):
                self.ride([driver], gate, day + self.num(1, 4))
        else:  # sent alone, met on arrival
            self.ride(batch, gate, day)
        if self.hap(0.4):
            inn = self.one(self.hostels[self.num(0, 13)])
            for person in [driver, *batch]:
                self.add(person.key, "guest of", inn, day)

    def _keep(self, person: Person, boss: Person, host: Person, flat: str, day: int) -> None:
        self.add(person.key, "guest of", flat, day + self.num(0, 3))
        if self.hap(0.45):
            passport = self.new("paper")
            self.add(person.key, "title", passport)
            self.add((boss if self.hap(0.7) else host).key, "keeps", passport, day + 5)
        for other, most in ((boss, 6), (host, 4)):
            for _ in range(self.num(0, most)):
                self.add(other.key, "spoke to", person.key, day + self.num(1, 150))
        if self.hap(0.4):
            for _ in range(self.num(2, 6)):
                self.add(person.key, "sent money", boss.key, day + self.num(15, 150))
        if self.hap(0.5):
            helper = self.one([*self.trade["pastor"], *self.trade["inspector"]])
            for _ in range(self.num(1, 3)):
                self.add(helper.key, "spoke to", person.key, day + self.num(60, 200))

    def _say(self, person: Person, actors: Actors, day: int) -> None:
        for role, actor in zip(ACTS, actors, strict=True):
            for word, share in ACTS[role]:
                blamed = actor if self.hap(0.92) else self.one([p for p in self.people if p.free])
                if self.hap(share):
                    self.told.append((blamed.key, word, person.key, float(day), person.key))

    def _raid(self, victims: list[Person], exploiters: list[Person]) -> None:
        raid = self.new("raid")
        day = self.num(SPAN - 60, SPAN - 1)
        for person in victims:
            self.add(person.key, "injured in" if self.hap(0.5) else "heard in", raid, day)
        for person in [*exploiters, *self.some(self.people, 1)]:
            if self.hap(0.6):
                self.add(person.key, "accused in", raid, day)


def second_case(
    *, seed: int = 0, size: int = 1000, recorded: float = 0.6, statements: float = 0.25
) -> nl.datasets.SyntheticCase:
    """Return a case of this world; its `schema` is its own (`schema_of`)."""
    maker = Maker(seed, size)
    maker.settle()
    maker.trades()
    maker.seasons()
    maker.services()
    for number in range(max(1, size // 220)):
        maker.ring(number)
    maker.live()
    rng = np.random.default_rng([seed, 78])
    speaks = {p.key for p in maker.people if rng.random() < statements}
    rows: list[Row] = []
    for source, word, target, day in maker.facts:
        keep, dated = rng.random(), rng.random() < 0.75
        if keep < WORDS[word][1] * recorded / 0.6:
            paper = f"F{rng.integers(10**6)}"
            grade = f"{rng.integers(1, 4)}{'ABBCCD'[rng.integers(6)]}"
            rows.append((source, word, target, day if dated else np.nan, paper, grade))
    for source, word, target, day, by in maker.told:
        if by in speaks:
            grade = f"{rng.integers(1, 3)}{'ABC'[rng.integers(3)]}"
            rows.append((source, word, target, day, f"Statement {by}", grade))
    victims = [p.key for p in maker.people if "victim" in p.roles]  # no set: each takes a draw
    known = {k: ("protected" if k in speaks or rng.random() < 0.1 else "-") for k in victims}
    return _tables(maker, rows, known, rng)


def _tables(
    maker: Maker,
    rows: list[Row],
    known: dict[str, str],
    rng: np.random.Generator,
) -> nl.datasets.SyntheticCase:
    columns = ["left", "verb", "right", "day", "file", "mark"]
    table = pd.DataFrame(rows, columns=columns).sample(frac=1.0, random_state=rng)
    days = table.pop("day")
    when = START + np.where(days.isna(), 0, days).astype("timedelta64[D]")
    table["date"] = pd.Series(when, index=table.index).dt.strftime("%Y-%m-%d").where(days.notna())
    named = {*table["left"], *table["right"], *(p.key for p in maker.people)}
    names = dict(zip(maker.kinds, rng.permutation(len(maker.kinds)).tolist(), strict=True))
    table["left"] = [f"X{names[key]}" for key in table["left"]]
    table["right"] = [f"X{names[key]}" for key in table["right"]]
    keys = [key for key in maker.kinds if key in named]
    entities = pd.DataFrame(
        {
            "code": [f"X{names[key]}" for key in keys],
            "sort": [maker.kinds[key] for key in keys],
            "care": [known.get(key, "-") for key in keys],
        }
    ).astype("str")
    answers = pd.DataFrame(
        {role: [role in p.roles for p in maker.people] for role in ROLES},
        index=pd.Index([f"X{names[p.key]}" for p in maker.people], name="entity_id", dtype="str"),
    )
    answers["ring"] = [None if p.ring < 0 else f"ring {p.ring}" for p in maker.people]
    answers["lookalike"] = [p.work for p in maker.people]
    return nl.datasets.SyntheticCase(entities, table.reset_index(drop=True), answers)


def schema_of() -> nl.Schema:
    """Return how this agency's columns and words map onto netlink's."""
    return nl.Schema(
        entity_id="code", entity_type="sort", protection_status="care", source="left",
        target="right", relationship_type="verb", start="date", document="file", grade="mark",
        entity_types=ENTITY_TYPES,
        relationship_types={word: kind for word, (kind, _) in WORDS.items()},
        protection_statuses=STANDINGS, grade_scheme="3x5x2",
    )  # fmt: skip
