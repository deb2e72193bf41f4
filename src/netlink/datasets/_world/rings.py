"""Rings: who takes which part, whom they choose, and when each victim is moved."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.datasets._world.model import DAYS, Ring, Victim

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle, Person, Town

LAST_MOVE = 430


def plan_rings(towns: Sequence[Town], chronicle: Chronicle, draw: Draw) -> list[Ring]:
    """Form one ring for every 150 to 250 people, and at least one."""
    size = sum(len(town.people) for town in towns)
    rings: list[Ring] = []
    room = size
    while not rings or room >= 150:
        room -= draw.integer(150, 250)
        ring = _form(len(rings) + 1, towns, rings, draw)
        _equip(ring, chronicle, draw)
        _choose_victims(ring, towns, draw)
        _turn_a_victim(ring, draw)
        rings.append(ring)
    return rings


def _form(number: int, towns: Sequence[Town], rings: Sequence[Ring], draw: Draw) -> Ring:
    def town(stage: str) -> Town:
        return draw.choice([town for town in towns if town.country.stage == stage])

    origin, destination = town("origin"), town("destination")
    transit = town("transit") if draw.chance(0.5) else None
    members: list[Person] = []

    def people(role: str, places: Sequence[Town], count: int, doubling: float) -> list[Person]:
        """Take members of the ring who live there with some chance, and else newcomers."""
        taken: list[Person] = []
        for _ in range(count):
            old = [p for p in members if p.town in places and role not in p.roles]
            if old and draw.chance(doubling):
                person = draw.choice(old)
            else:
                free = [
                    p
                    for place in places
                    for p in place.adults
                    if p.is_free and p.phones and p.account is not None
                ]
                if not free:
                    continue
                person = draw.choice(free)
                person.ring = number
                members.append(person)
            person.roles.add(role)
            taken.append(person)
        return taken

    recruiters = people("recruiter", [origin], draw.integer(1, 3), 0.0)
    exploiters = people("exploiter", [destination], draw.integer(1, 2), 0.0)
    harbourers = people("harbourer", [destination], draw.integer(1, 2), 0.35)
    way = [origin, destination] if transit is None else [origin, transit, destination]
    transporters = people("transporter", way, draw.integer(1, 2), 0.2)
    if rings and draw.chance(0.2):  # two rings may share a transporter
        shared = draw.choice(draw.choice(rings).transporters)
        if shared not in transporters:
            transporters[-1].roles.discard("transporter")
            _dismiss(transporters[-1], members)
            transporters[-1] = shared
    financiers = people("financier", [destination, origin], draw.integer(0, 1), 0.2)
    by_advert = draw.chance(0.75)
    return Ring(
        number, origin, destination, transit, by_advert,
        recruiters, transporters, harbourers, exploiters, financiers,
    )  # fmt: skip


def _dismiss(person: Person, members: list[Person]) -> None:
    """Take somebody out of a ring who has no part left in it."""
    if not person.roles:
        person.ring = None
        members.remove(person)


def _equip(ring: Ring, chronicle: Chronicle, draw: Draw) -> None:
    """Give a ring its second phones, vehicles and lodgings."""
    members = _members(ring)
    for person in members:
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


def _members(ring: Ring) -> list[Person]:
    everybody = [
        *ring.recruiters, *ring.transporters, *ring.harbourers, *ring.exploiters, *ring.financiers
    ]  # fmt: skip
    return list({person.entity: person for person in everybody}.values())


def _choose_victims(ring: Ring, towns: Sequence[Town], draw: Draw) -> None:
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


def _turn_a_victim(ring: Ring, draw: Draw) -> None:
    """Make one of the first victims recruit some of the last, months after her own move."""
    if len(ring.victims) < 3 or not draw.chance(0.5):
        return
    turned = ring.victims[draw.integer(0, 1)]
    later = [victim for victim in ring.victims if victim.contacted > turned.moved + 60]
    for victim in later[-draw.integer(1, 3) :]:
        victim.recruiter = turned.person
        turned.person.roles.add("recruiter")
        turned.left = None
