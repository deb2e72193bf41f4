"""What a world is made of: people, towns, and facts in time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.datasets._draw import Draw

DAYS = 540  # how long the world is watched, from day 0


class Fact(NamedTuple):
    """Something that happened between two entities, whether or not anybody recorded it."""

    channel: str
    source: int
    target: int
    day: int | None = None
    minute: int | None = None  # of the day, where the time of day is known
    until: int | None = None
    amount: int | None = None


@dataclass(frozen=True)
class Country:
    """An invented country and its place on the way."""

    name: str
    stage: str  # origin, transit or destination
    posts: tuple[int, ...]  # border posts at which people enter it


@dataclass(eq=False)
class Organisation:
    """An employer with an account and a phone of its own."""

    entity: int
    account: int
    phone: int


@dataclass(eq=False)
class Town:
    """A town: its people and what they share."""

    country: Country
    camera: int
    hotel: int
    people: list[Person] = field(default_factory=list)
    households: list[list[Person]] = field(default_factory=list)
    organisations: list[Organisation] = field(default_factory=list)

    @property
    def adults(self) -> list[Person]:
        """People of the town who are no children."""
        return [person for person in self.people if not person.is_child]


@dataclass(eq=False)
class Person:
    """Somebody, with an ordinary life and perhaps a part in a ring."""

    entity: int
    town: Town
    home: int
    is_child: bool
    phones: list[int] = field(default_factory=list)
    web: int | None = None
    account: int | None = None
    vehicle: int | None = None
    employer: Organisation | None = None
    kin: list[Person] = field(default_factory=list)
    friends: list[Person] = field(default_factory=list)
    profession: str | None = None
    roles: set[str] = field(default_factory=set)
    ring: int | None = None
    gone: int | None = None  # the day on which the person moved abroad
    silent: float = 0.0  # share of the calls with people at home that this ended

    @property
    def is_free(self) -> bool:
        """Whether the person has neither a look-alike's profession nor a part in a ring."""
        return self.profession is None and self.ring is None

    def is_away(self, day: int) -> bool:
        """Tell whether the person has moved abroad by a day."""
        return self.gone is not None and day >= self.gone


@dataclass(eq=False)
class Victim:
    """One victim's way through a ring: who did what, and when."""

    person: Person
    recruiter: Person
    transporter: Person
    harbourer: Person
    exploiter: Person
    contacted: int
    moved: int
    left: int | None  # the day of getting out, where that is within the time watched

    @property
    def last_day(self) -> int:
        """The last day in the ring's hands that is watched."""
        return DAYS - 1 if self.left is None else self.left


@dataclass(eq=False)
class Ring:
    """A trafficking ring: its people by role and its victims in the order they were moved."""

    number: int
    origin: Town
    destination: Town
    transit: Town | None
    kind: str  # of exploitation
    structure: str
    recruiters: list[Person]
    transporters: list[Person]
    harbourers: list[Person]
    exploiters: list[Person]
    financiers: list[Person]
    victims: list[Victim] = field(default_factory=list)
    work_phones: dict[int, int] = field(default_factory=dict)  # by the person's entity
    lodgings: list[int] = field(default_factory=list)  # one for each harbourer
    cells: dict[int, int] = field(default_factory=dict)  # by the person's entity
    spots: list[int] = field(default_factory=list)  # where people are made to beg

    @property
    def members(self) -> list[Person]:
        """Everybody with a part in it, once."""
        parts = (
            self.recruiters, self.transporters, self.harbourers, self.exploiters, self.financiers
        )  # fmt: skip
        return list({person.entity: person for part in parts for person in part}.values())

    @property
    def leaders(self) -> list[Person]:
        """Those who exploit; where households do, those who place people in them."""
        return self.harbourers if self.kind == "domestic" else self.exploiters

    @property
    def core(self) -> list[Person]:
        """Those who lead and finance, once."""
        both = [*self.leaders, *self.financiers]
        return list({person.entity: person for person in both}.values())

    def taker(self, victim: Victim) -> Person:
        """Return who of the leaders takes a victim over and pays for it."""
        return victim.harbourer if self.kind == "domestic" else victim.exploiter

    def lines(self, one: Person, other: Person) -> list[tuple[Person, Person]]:
        """Between whom calls go where two of the ring have something to talk over."""
        if self.structure == "cells" and self.cells[one.entity] != self.cells[other.entity]:
            return []
        if self.kind == "domestic" and one is not other and {one, other} <= {*self.exploiters}:
            return []  # households do not know of each other
        if one is other or self.structure != "core-periphery":
            return [(one, other)]
        core = self.core
        if one in core or other in core:
            return [(one, other)]
        return [(one, core[0]), (core[0], other)]

    def in_touch(self, one: Person, other: Person) -> bool:
        """Tell whether two of the ring deal with each other themselves."""
        return self.lines(one, other) == [(one, other)]

    def phone(self, person: Person, draw: Draw) -> int | None:
        """Return the phone somebody uses for the ring's business this time."""
        if person.entity in self.work_phones and draw.chance(0.7):
            return self.work_phones[person.entity]
        return person.phones[0] if person.phones else None


@dataclass(eq=False)
class Chronicle:
    """Entities and facts as they come about."""

    kinds: list[str] = field(default_factory=list)
    countries: list[str] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    acts: list[Fact] = field(default_factory=list)  # on a victim; seen in statements only

    def new(self, kind: str, country: str) -> int:
        """Add an entity."""
        self.kinds.append(kind)
        self.countries.append(country)
        return len(self.kinds) - 1

    def add(
        self,
        channel: str,
        source: int | None,
        target: int | None,
        day: int | None = None,
        *,
        until: int | None = None,
        amount: int | None = None,
    ) -> None:
        """Add a fact; nothing happens after the last day, or with what a person does not have."""
        if source is None or target is None or source == target:
            return
        if day is None or day < DAYS:
            end = None if until is None or until >= DAYS else until
            self.facts.append(Fact(channel, source, target, day, None, end, amount))

    def call(self, draw: Draw, source: int | None, target: int | None, day: int) -> None:
        """Add a call at a waking hour, to one end or the other not having a phone: none."""
        if source is not None and target is not None and source != target and day < DAYS:
            self.facts.append(Fact("call", source, target, day, draw.integer(420, 1379)))


@dataclass(frozen=True, eq=False)
class World:
    """Everything that happened, and the answers."""

    chronicle: Chronicle
    people: Sequence[Person]
    rings: Sequence[Ring]
