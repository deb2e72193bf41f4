"""Rings: who takes which part, whom they choose, and when each victim is moved."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from netlink.datasets._draw import Draw
from netlink.datasets._world.habits import EXPLOITATION, ROUTES, STRUCTURES, pick
from netlink.datasets._world.households import find_households
from netlink.datasets._world.model import DAYS, Ring, Victim
from netlink.datasets._world.objects import share_objects
from netlink.datasets._world.structure import divide, keep_apart
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.datasets._world.habits import Habits
    from netlink.datasets._world.model import Chronicle, Person, Town

LAST_MOVE = 430
_CROWDED = (
    "There are too few people for such rings and look-alikes: raise 'size', or ask for fewer with "
    "'rings' or 'lookalikes'."
)


def plan_rings(
    towns: Sequence[Town], chronicle: Chronicle, seed: int, habits: Habits
) -> list[Ring]:
    """Form one ring for every 150 to 250 people and at least one, or as many as asked for.

    What the first worlds had is drawn from one stream; what came later, from streams of its own.
    """
    draw = Draw(seed, "rings")
    room = sum(len(town.people) for town in towns)
    rings: list[Ring] = []
    while len(rings) < habits.rings if habits.rings is not None else not rings or room >= 150:
        room -= draw.integer(150, 250)
        number = len(rings) + 1
        ring = _form(number, towns, rings, draw, habits, Draw(seed, f"form of ring {number}"))
        _equip(ring, chronicle, draw)
        if ring.kind == "domestic":
            find_households(ring, Draw(seed, f"households of ring {number}"))
        _choose_victims(ring, towns, draw, Draw(seed, f"children of ring {number}"))
        if ring.structure == "cells":
            divide(ring)
            keep_apart(ring)
        _turn_a_victim(ring, draw, habits.victims_recruit)
        things = Draw(seed, f"things of ring {number}")
        share_objects(ring, habits.shared_objects, chronicle, things)
        rings.append(ring)
    return rings


@dataclass(eq=False)
class _Muster:
    """People taken into a ring, role by role."""

    number: int
    structure: str
    least: int
    habits: Habits
    draw: Draw
    members: list[Person] = field(default_factory=list)

    def take(self, role: str, places: Sequence[Town], count: int) -> list[Person]:
        """Take members of the ring who live there with some chance, and else newcomers."""
        taken: list[Person] = []
        doubling = self.habits.role_doubling.get(role, 0.0)
        # A core has somebody who finances; a cell can do without.
        at_core = int(self.structure == "core-periphery")
        needed = at_core if role == "financier" else self.least
        for _ in range(max(needed, count)):
            old = [p for p in self.members if p.town in places and role not in p.roles]
            if old and self.draw.chance(doubling):
                person = self.draw.choice(old)
            else:
                free = [
                    p
                    for place in places
                    for p in place.adults
                    if p.is_free and p.phones and p.account is not None
                ]
                if not free:
                    continue
                person = self.draw.choice(free)
                person.ring = self.number
                self.members.append(person)
            person.roles.add(role)
            taken.append(person)
        if len(taken) < needed or (count and not taken and role != "financier"):
            raise ArgumentError(_CROWDED)
        return taken


def _form(
    number: int,
    towns: Sequence[Town],
    rings: Sequence[Ring],
    draw: Draw,
    habits: Habits,
    form: Draw,
) -> Ring:
    def town(stage: str) -> Town:
        return draw.choice([town for town in towns if town.country.stage == stage])

    origin, destination = town("origin"), town("destination")
    route = pick(habits.routes, ROUTES, draw.unit())
    transit = town("transit") if route == "transit" else None
    if route == "internal":
        near = [t for t in towns if t.country is origin.country and t is not origin]
        destination = form.choice(near or [origin])
    structure = pick(habits.structures, STRUCTURES, form.unit())
    least = {"loose": 0, "cells": form.integer(2, 3), "core-periphery": 2}[structure]
    muster = _Muster(number, structure, least, habits, draw)
    recruiters = muster.take("recruiter", [origin], draw.integer(1, 3))
    exploiters = muster.take("exploiter", [destination], draw.integer(1, 2))
    harbourers = muster.take("harbourer", [destination], draw.integer(1, 2))
    way = [origin, destination] if transit is None else [origin, transit, destination]
    transporters = muster.take("transporter", way, draw.integer(1, 2))
    if rings and draw.chance(habits.shared_transporter):  # two rings may share a transporter
        shared = draw.choice(draw.choice(rings).transporters)
        if shared not in transporters:
            transporters[-1].roles.discard("transporter")
            _dismiss(transporters[-1], muster.members)
            transporters[-1] = shared
    financiers = muster.take("financier", [destination, origin], draw.integer(0, 1))
    kind = pick(habits.exploitation, EXPLOITATION, draw.unit())
    return Ring(
        number, origin, destination, transit, kind, structure,
        recruiters, transporters, harbourers, exploiters, financiers,
    )  # fmt: skip


def _dismiss(person: Person, members: list[Person]) -> None:
    """Take somebody out of a ring who has no part left in it."""
    if not person.roles:
        person.ring = None
        members.remove(person)


def _equip(ring: Ring, chronicle: Chronicle, draw: Draw) -> None:
    """Give a ring its second phones, vehicles and lodgings."""
    for person in ring.members:
        if draw.chance(0.6):
            phone = chronicle.new("phone", person.town.country.name)
            chronicle.add("phone_borrowed", person.entity, phone)
            ring.work_phones[person.entity] = phone
    for person in ring.transporters:
        if person.vehicle is None:
            person.vehicle = chronicle.new("vehicle", person.town.country.name)
            chronicle.add("vehicle_use", person.entity, person.vehicle)
    for harbourer in ring.harbourers:
        if harbourer.home not in ring.lodgings and draw.chance(0.3):
            ring.lodgings.append(harbourer.home)
            continue
        lodging = chronicle.new("location", ring.destination.country.name)
        link = draw.choice(("title_deed", "tenancy", "tenancy"))
        chronicle.add(link, harbourer.entity, lodging)
        ring.lodgings.append(lodging)


def _choose_victims(ring: Ring, towns: Sequence[Town], draw: Draw, young: Draw) -> None:
    """Choose people of the recruiters' town, some of them friends of theirs, and a day for each."""
    country = ring.origin.country
    nearby = [
        person
        for town in towns
        if town is ring.origin or (town.country is country and draw.chance(0.3))
        for person in town.people
    ]
    days = sorted(draw.integer(80, LAST_MOVE) for _ in range(draw.integer(4, 12)))
    for i, day in enumerate(days):
        recruiter = draw.choice(ring.recruiters)
        circle = recruiter.friends if draw.chance(0.2) else nearby
        found = [
            person
            for person in circle
            if person.is_free and person.town.country is country and person.phones
        ]
        if not found:
            continue
        person = draw.choice(found)
        children = [other for other in found if other.is_child]
        if ring.kind == "begging" and children and young.chance(0.5):
            person = young.choice(children)
        # People recruited within a few days of each other are moved together.
        together = i > 0 and ring.victims and day - ring.victims[-1].moved <= 12
        moved = ring.victims[-1].moved if together else day
        left = moved + draw.integer(60, 240)
        victim = Victim(
            person,
            recruiter,
            ring.victims[-1].transporter if together else draw.choice(ring.transporters),
            draw.choice(ring.harbourers),
            draw.choice(ring.exploiters),
            contacted=moved - draw.integer(15, 60),
            moved=moved,
            left=left if left < DAYS and draw.chance(0.6) else None,
        )
        person.ring, person.gone, person.silent = ring.number, moved, 0.85
        person.roles.add("victim")
        ring.victims.append(victim)
    if not ring.victims:
        raise ArgumentError(_CROWDED)


def _turn_a_victim(ring: Ring, draw: Draw, chance: float) -> None:
    """Make one of the first victims recruit some of the last, months after her own move."""
    if len(ring.victims) < 3 or not draw.chance(chance):
        return
    turned = ring.victims[draw.integer(0, 1)]
    later = [victim for victim in ring.victims if victim.contacted > turned.moved + 60]
    for victim in later[-draw.integer(1, 3) :]:
        victim.recruiter = turned.person
        turned.person.roles.add("recruiter")
        turned.left = None
