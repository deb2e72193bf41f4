"""Ordinary lives: calls, meetings, money, trips, moving abroad and adverts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.datasets._world.journeys import abroad, move, travel
from netlink.datasets._world.model import DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle, Person, Town


def live(towns: Sequence[Town], chronicle: Chronicle, draw: Draw) -> None:
    """Let everybody live an ordinary life, members and victims of rings too."""
    for town in towns:
        adults = town.adults
        for person in town.people:
            # Who moves is settled before the calls, which become fewer when somebody has left.
            if town.country.stage != "destination" and not person.is_child and person.is_free:
                _emigrate(person, towns, chronicle, draw)
        for person in town.people:
            _keep_in_touch(person, chronicle, draw)
            if not person.is_child:
                _spend(person, chronicle, draw)
                _go_on_a_trip(person, towns, chronicle, draw)
                _advertise(person, adults, chronicle, draw)


def call_between(chronicle: Chronicle, draw: Draw, one: Person, other: Person, day: int) -> None:
    """Let one of two people call the other, unless one has moved and fallen silent."""
    if not one.phones or not other.phones:
        return
    for person in (one, other):
        if person.is_away(day) and draw.chance(person.silent):
            return
    ends = [person.phones[-1 if draw.chance(0.15) else 0] for person in (one, other)]
    if draw.chance(0.5):
        ends.reverse()
    chronicle.call(draw, ends[0], ends[1], day)


def _keep_in_touch(person: Person, chronicle: Chronicle, draw: Draw) -> None:
    for others, channel, often in ((person.kin, "kinship", 1.2), (person.friends, "friends", 0.8)):
        for other in others:
            if other.entity < person.entity:
                continue  # each tie once
            chronicle.add(channel, person.entity, other.entity)
            for _ in range(draw.heavy(often, 25)):
                call_between(chronicle, draw, person, other, draw.integer(0, DAYS - 1))
            if draw.chance(0.25):
                day = draw.integer(0, DAYS - 1)
                if not person.is_away(day) and not other.is_away(day):
                    chronicle.add("meeting", person.entity, other.entity, day)
            if draw.chance(0.1):
                chronicle.add("message", person.web, other.web, draw.integer(0, DAYS - 1))
            if draw.chance(0.12):
                day, amount = draw.integer(0, DAYS - 1), 10 * draw.integer(1, 40)
                chronicle.add("payment", person.account, other.account, day, amount=amount)


def _spend(person: Person, chronicle: Chronicle, draw: Draw) -> None:
    """Wages in, shopping out, and calls to the businesses of the town."""
    if person.employer is not None:
        for _ in range(draw.integer(2, 6)):
            day = 30 * draw.integer(0, 17)
            if not person.is_away(day):
                paid = 50 * draw.integer(12, 40)
                chronicle.add("payment", person.employer.account, person.account, day, amount=paid)
    for _ in range(draw.heavy(0.8, 12)):
        shop = draw.choice(person.town.organisations)
        day = draw.integer(0, DAYS - 1)
        if not person.is_away(day):
            spent = 5 * draw.integer(1, 60)
            chronicle.add("payment", person.account, shop.account, day, amount=spent)
            if person.phones and draw.chance(0.5):
                chronicle.call(draw, person.phones[0], shop.phone, day)


def _go_on_a_trip(person: Person, towns: Sequence[Town], chronicle: Chronicle, draw: Draw) -> None:
    if not draw.chance(0.2):
        return
    out = draw.integer(0, DAYS - 20)
    back = out + draw.integer(2, 14)
    if person.is_away(back):
        return
    to = abroad(draw, towns, person.town)
    known = [*person.kin, *person.friends]
    company = [other for other in draw.sample(known, draw.integer(0, 2)) if not other.is_away(back)]
    driver, vehicle = (person, person.vehicle) if draw.chance(0.5) else (None, None)
    riders = company if driver is person else [person, *company]
    for country, day in ((to.country, out), (person.town.country, back)):
        travel(chronicle, draw, riders, country, day, driver=driver, vehicle=vehicle)
    for traveller in [person, *company]:
        chronicle.add("stay", traveller.entity, to.hotel, out, until=back)
    for other in company:
        if draw.chance(0.5):
            chronicle.add("booking", person.entity, other.entity, out - draw.integer(2, 30))


def _emigrate(person: Person, towns: Sequence[Town], chronicle: Chronicle, draw: Draw) -> None:
    """Move abroad alone, or to somebody one knows who gives a room."""
    if not draw.chance(0.03):
        return
    to = abroad(draw, towns, person.town, "destination")
    day = draw.integer(60, 430)
    hosts = [friend for friend in person.friends if friend.town.country is to.country]
    host = draw.choice(hosts) if hosts else draw.choice(to.adults)
    for _ in range(draw.integer(1, 6)):
        call_between(chronicle, draw, host, person, day - draw.integer(1, 60))
    if draw.chance(0.4):
        chronicle.add("booking", host.entity, person.entity, day - draw.integer(1, 20))
    travel(chronicle, draw, [person], to.country, day)
    lodging = host.home if draw.chance(0.6) else chronicle.new("location", to.country.name)
    move(chronicle, draw, person, to, day, lodging=lodging)


def _advertise(person: Person, adults: Sequence[Person], chronicle: Chronicle, draw: Draw) -> None:
    """Sell a sofa, offer a service, or advertise oneself of one's own will."""
    if not person.phones or person.gone is not None:
        return
    chance = draw.unit()
    if chance < 0.08:
        advert = chronicle.new("advert", person.town.country.name)
        day = draw.integer(0, DAYS - 1)
        chronicle.add("listing", person.phones[0], advert, day)
    elif chance < 0.1:
        for _ in range(draw.integer(1, 4)):
            advert = chronicle.new("advert", person.town.country.name)
            day = draw.integer(0, DAYS - 1)
            chronicle.add("listing", person.phones[-1], advert, day)
            chronicle.add("portrayal", person.entity, advert, day)
        for client in draw.sample(adults, draw.integer(3, 15)):
            if client.phones:
                day = draw.integer(0, DAYS - 1)
                chronicle.call(draw, client.phones[0], person.phones[-1], day)
