"""Journeys: who travels with whom over which border, and in which vehicle."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle, Country, Person, Town


def travel(
    chronicle: Chronicle,
    draw: Draw,
    people: Sequence[Person],
    into: Country,
    day: int,
    *,
    driver: Person | None = None,
    vehicle: int | None = None,
) -> None:
    """Take people over a border together; the driver, if any, crosses with them."""
    post = draw.choice(into.posts)
    party = [*people] if driver is None else [driver, *people]
    for person in party:
        chronicle.add("border", person.entity, post, day)
    chronicle.add("sighting", vehicle, post, day)
    ride(chronicle, party, day, driver)


def ride(chronicle: Chronicle, party: Sequence[Person], day: int, driver: Person | None) -> None:
    """Let people be on the way together, over a border or not."""
    for i, person in enumerate(party):
        # In a full vehicle strangers are noticed with the driver only.
        others = party[i + 1 :] if person is driver or len(party) <= 4 else []
        for other in others:
            chronicle.add("shared_journey", person.entity, other.entity, day)


def move(
    chronicle: Chronicle, draw: Draw, person: Person, to: Town, day: int, *, lodging: int
) -> None:
    """Let somebody move abroad of their own will: a lodging and a job with wages paid out."""
    person.gone, person.silent = day, 0.3
    chronicle.add("lodging", person.entity, lodging, day + 1)
    employer = draw.choice(to.organisations)
    chronicle.add("job", person.entity, employer.entity, day + draw.integer(3, 25))
    wage = 10 * draw.integer(60, 120)
    for month in range(draw.integer(3, 8)):
        payday = day + 30 * (month + 1)
        chronicle.add("payment", employer.account, person.account, payday, amount=wage)
        if person.kin and draw.chance(0.4):  # money sent home
            home = draw.choice(person.kin).account
            sent = 10 * draw.integer(5, 40)
            chronicle.add("payment", person.account, home, payday + draw.integer(1, 9), amount=sent)
    if draw.chance(0.5):  # a visit home
        back = day + draw.integer(40, 200)
        travel(chronicle, draw, [person], person.town.country, back)
        travel(chronicle, draw, [person], to.country, back + draw.integer(3, 20))


def abroad(draw: Draw, towns: Sequence[Town], home: Town, stage: str | None = None) -> Town:
    """Draw a town in another country, of one stage of the way if asked for."""
    wanted = [
        town
        for town in towns
        if town.country is not home.country and stage in (None, town.country.stage)
    ]
    return draw.choice(wanted)
