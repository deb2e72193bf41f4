"""People whose ordinary work looks like a part in trafficking, and must not be flagged for it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from netlink.datasets._world.daily import call_between
from netlink.datasets._world.journeys import abroad, move, travel
from netlink.datasets._world.model import DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle, Organisation, Person, Town

# Profession: people for one of them (at least one in any world), and the stage where most work.
PROFESSIONS = {
    "employment agent": (125, "origin"),
    "bus driver": (165, "transit"),
    "taxi driver": (165, "destination"),
    "landlord": (110, "destination"),
    "shopkeeper": (165, "destination"),
    "outreach worker": (330, "destination"),
    "police officer": (330, "destination"),
    "lawyer": (500, "destination"),
}
PUBLIC_SERVICES = ("outreach worker", "police officer", "lawyer")


def train(towns: Sequence[Town], factor: float, draw: Draw) -> dict[str, list[Person]]:
    """Give some adults a profession, a factor of the usual number; returns them by profession."""
    size = sum(len(town.people) for town in towns)
    found: dict[str, list[Person]] = {}
    for profession, (people_each, stage) in PROFESSIONS.items():
        found[profession] = []
        for i in range(ceil(factor * max(1, size // people_each))):
            # The first works where most do, so that the smallest world has them in place too.
            usual = i == 0 or draw.chance(0.7)
            places = [town for town in towns if town.country.stage == stage or not usual]
            free = [
                person
                for person in draw.choice(places).adults
                if person.is_free and person.phones and person.account is not None
            ]
            # More than there usually are must leave people for the rings.
            if len(free) > (0 if factor <= 1 else 8):
                person = draw.choice(free)
                person.profession = profession
                found[profession].append(person)
    return found


def relatives(people: Sequence[Person]) -> None:
    """Mark the kin of people in rings who have no part in one themselves."""
    for person in people:
        if person.is_free and not person.is_child and any(k.ring is not None for k in person.kin):
            person.profession = "relative"


def work(
    towns: Sequence[Town],
    professionals: dict[str, list[Person]],
    chronicle: Chronicle,
    draw: Draw,
) -> None:
    """Let everybody with a profession do the work of it."""
    drivers = professionals["bus driver"]
    for person in professionals["employment agent"]:
        _place_workers(person, towns, drivers, chronicle, draw)
    for person in drivers:
        _drive_bus(person, towns, chronicle, draw)
    for person in professionals["taxi driver"]:
        _drive_taxi(person, chronicle, draw)
    for person in professionals["landlord"]:
        _let_homes(person, chronicle, draw)
    for person in professionals["shopkeeper"]:
        _keep_shop(person, chronicle, draw)
    offices: dict[str, Organisation] = {}
    for profession in PUBLIC_SERVICES:
        for person in professionals[profession]:
            place = person.town.country.name + profession
            offices.setdefault(place, draw.choice(person.town.organisations))
            _serve_public(person, offices[place], chronicle, draw)


def _place_workers(
    agent: Person,
    towns: Sequence[Town],
    drivers: Sequence[Person],
    chronicle: Chronicle,
    draw: Draw,
) -> None:
    """Call a whole town, place some in ordinary jobs near home and some abroad."""
    town = agent.town
    asked = draw.sample(town.adults, draw.integer(35, 80))
    placed = 0
    for person in asked:
        day = draw.integer(0, DAYS - 60)
        for _ in range(draw.integer(1, 4)):
            call_between(chronicle, draw, agent, person, day + draw.integer(0, 25))
        if draw.chance(0.3):
            chronicle.add("meeting", agent.entity, person.entity, day + draw.integer(1, 25))
        if draw.chance(0.2):
            chronicle.add("message", agent.web, person.web, day + draw.integer(0, 20))
        if not person.is_free or person.gone is not None or not draw.chance(0.4):
            continue
        placed += 1
        if draw.chance(0.35):
            fee = 10 * draw.integer(10, 60)
            paid = day + draw.integer(10, 28)
            chronicle.add("payment", person.account, agent.account, paid, amount=fee)
        if placed % 4 or town.country.stage == "destination":
            job = draw.choice(town.organisations)
            chronicle.add("job", person.entity, job.entity, day + draw.integer(20, 45))
            continue
        to, leaving = abroad(draw, towns, town, "destination"), day + draw.integer(28, 45)
        if draw.chance(0.6):
            ahead = draw.integer(2, 10)
            chronicle.add("booking", agent.entity, person.entity, leaving - ahead)
        driver = draw.choice(drivers) if draw.chance(0.6) and drivers else None
        travel(chronicle, draw, [person], to.country, leaving, driver=driver)
        landlords = [adult for adult in to.adults if adult.profession == "landlord"]
        home = to.hotel if not landlords else draw.choice(landlords).home
        move(chronicle, draw, person, to, leaving, lodging=home)


def _drive_bus(driver: Person, towns: Sequence[Town], chronicle: Chronicle, draw: Draw) -> None:
    """Carry people over a border and back, week by week."""
    bus = driver.vehicle = chronicle.new("vehicle", driver.town.country.name)
    chronicle.add("vehicle_use", driver.entity, bus)
    home, to = driver.town, abroad(draw, towns, driver.town)
    waiting: list[Person] = []  # abroad, for the bus home
    for _ in range(draw.integer(14, 24)):
        out = draw.integer(0, DAYS - 15)
        riders = [
            person
            for person in draw.sample(draw.choice((home, to)).adults, draw.integer(3, 6))
            if person is not driver and not person.is_away(out)
        ]
        travel(chronicle, draw, riders, to.country, out, driver=driver, vehicle=bus)
        back = out + draw.integer(1, 7)
        returning = [person for person in [*riders, *waiting] if draw.chance(0.75)]
        waiting = [person for person in riders if person not in returning]
        travel(chronicle, draw, returning, home.country, back, driver=driver, vehicle=bus)
        chronicle.add("sighting", bus, home.camera, back)
        chronicle.add("sighting", bus, to.camera, out)


def _drive_taxi(driver: Person, chronicle: Chronicle, draw: Draw) -> None:
    """Drive people of the town about, one at a time, called by phone."""
    taxi = driver.vehicle = chronicle.new("vehicle", driver.town.country.name)
    chronicle.add("vehicle_registration", driver.entity, taxi)
    for person in draw.sample(driver.town.adults, draw.integer(35, 60)):
        for _ in range(draw.integer(1, 2)):
            day = draw.integer(0, DAYS - 1)
            if not person.is_away(day):
                call_between(chronicle, draw, person, driver, day)
                chronicle.add("shared_journey", driver.entity, person.entity, day)
                chronicle.add("sighting", taxi, driver.town.camera, day)


def _let_homes(landlord: Person, chronicle: Chronicle, draw: Draw) -> None:
    """Let homes to households of the town and rooms to others, for a monthly rent."""
    town = landlord.town
    for household in draw.sample(town.households, draw.integer(3, 7)):
        tenant = household[0]
        chronicle.add("title_deed", landlord.entity, tenant.home)
        _rent(tenant, landlord, draw.integer(-300, 100), chronicle, draw)
    rooms = chronicle.new("location", town.country.name)
    chronicle.add("title_deed", landlord.entity, rooms)
    for lodger in draw.sample(town.adults, draw.integer(6, 14)):
        if lodger is not landlord and lodger.is_free:
            start = draw.integer(0, DAYS - 60)
            end = start + draw.integer(20, 200)
            chronicle.add("lodging", lodger.entity, rooms, start, until=end)
            _rent(lodger, landlord, start, chronicle, draw)


def _rent(tenant: Person, landlord: Person, start: int, chronicle: Chronicle, draw: Draw) -> None:
    rent = 10 * draw.integer(20, 90)
    for month in range(draw.integer(2, 9)):
        day = max(0, start) + 30 * month
        chronicle.add("payment", tenant.account, landlord.account, day, amount=rent)
    for _ in range(draw.integer(0, 4)):
        call_between(chronicle, draw, tenant, landlord, max(0, start) + draw.integer(0, 200))


def _keep_shop(owner: Person, chronicle: Chronicle, draw: Draw) -> None:
    """Take many small payments on a personal account."""
    for customer in draw.sample(owner.town.adults, draw.integer(25, 50)):
        for _ in range(draw.heavy(1.0, 10)):
            day, amount = draw.integer(0, DAYS - 1), 5 * draw.integer(1, 50)
            if not customer.is_away(day):
                chronicle.add("payment", customer.account, owner.account, day, amount=amount)


def _serve_public(person: Person, office: Organisation, chronicle: Chronicle, draw: Draw) -> None:
    """See people of every kind; those in rings come to them in `aftermath`."""
    chronicle.add("job", person.entity, office.entity)
    for client in draw.sample(person.town.adults, draw.integer(20, 40)):
        day = draw.integer(0, DAYS - 1)
        for _ in range(draw.integer(0, 3)):
            call_between(chronicle, draw, person, client, day + draw.integer(0, 20))
        if draw.chance(0.3):
            chronicle.add("meeting", person.entity, client.entity, day)
