"""What a ring does to its victims, stage by stage: recruitment, transport, lodging.

The stages, and among whom ties form in each, follow the study of five Dutch networks named in
`synthetic_case`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.datasets._world.daily import call_between
from netlink.datasets._world.journeys import ride, travel
from netlink.datasets._world.model import DAYS, Fact

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle, Person, Ring, Victim


def run(ring: Ring, chronicle: Chronicle, draw: Draw) -> None:
    """Let a ring recruit, move and house its victims."""
    _work_together(ring, chronicle, draw)
    for victim in ring.victims:
        _recruit(ring, victim, chronicle, draw)
        _house(ring, victim, chronicle, draw)
    for recruiter in ring.recruiters:
        _approach_in_vain(ring, recruiter, chronicle, draw)
    days = sorted({(victim.moved, victim.transporter.entity) for victim in ring.victims})
    for day, driver in days:
        party = [
            victim
            for victim in ring.victims
            if (victim.moved, victim.transporter.entity) == (day, driver)
        ]
        _transport(ring, party, chronicle, draw)
    for transporter in ring.transporters:
        _carry_others(transporter, chronicle, draw)


def _call_each_other(
    ring: Ring,
    ends: tuple[Person, Person],
    chronicle: Chronicle,
    draw: Draw,
    *,
    days: tuple[int, int],
    count: int,
) -> None:
    """Let two of the ring call each other on some days, whoever of the two begins."""
    for line in ring.lines(*ends):
        for _ in range(count):
            one, other = line if draw.chance(0.6) else line[::-1]
            day = draw.integer(*days)
            chronicle.call(draw, ring.phone(one, draw), ring.phone(other, draw), day)


def _work_together(ring: Ring, chronicle: Chronicle, draw: Draw) -> None:
    """Ties within recruitment, lodging and exploitation; few within transport and finance."""
    first, last = ring.victims[0].contacted, min(DAYS - 1, ring.victims[-1].moved + 60)
    for group in (ring.recruiters, [*ring.harbourers, *ring.exploiters]):
        for i, one in enumerate(group):
            for other in group[i + 1 :]:
                if one is not other and ring.in_touch(one, other):
                    count = draw.heavy(2.0, 15)
                    _call_each_other(
                        ring, (one, other), chronicle, draw, days=(first, last), count=count
                    )
                    if draw.chance(0.5):
                        day = draw.integer(first, last)
                        chronicle.add("meeting", one.entity, other.entity, day)
    for financier in ring.financiers:
        exploiter = draw.choice(ring.exploiters)
        ends, count = (financier, exploiter), draw.integer(1, 4)
        _call_each_other(ring, ends, chronicle, draw, days=(first, last), count=count)


def _recruit(ring: Ring, victim: Victim, chronicle: Chronicle, draw: Draw) -> None:
    """First contact, weeks of calls and promises, a fee or a debt."""
    person, recruiter = victim.person, victim.recruiter
    start, moved = victim.contacted, victim.moved
    if draw.chance(0.4):
        for _ in range(draw.integer(1, 3)):
            day = start + draw.integer(0, 6)
            chronicle.add("message", recruiter.web, person.web, day)
    for i in range(draw.integer(3, 9)):
        day = start if i == 0 else draw.integer(start, moved - 1)
        phones = [ring.phone(recruiter, draw), person.phones[0]]
        if i and draw.chance(0.3):
            phones.reverse()
        chronicle.call(draw, phones[0], phones[1], day)
    # A victim made to recruit is abroad: nobody meets her at home.
    if not recruiter.is_away(start):
        for _ in range(draw.integer(0, 2)):
            day = draw.integer(start, moved - 1)
            chronicle.add("meeting", recruiter.entity, person.entity, day)
    if draw.chance(0.5):
        payer = person if person.account is not None or not person.kin else person.kin[0]
        taker = draw.choice([recruiter, *ring.financiers])
        fee, day = 50 * draw.integer(4, 30), moved - draw.integer(1, 14)
        chronicle.add("payment", payer.account, taker.account, day, amount=fee)
    if draw.chance(0.55):
        booker = draw.choice([recruiter, victim.transporter, *ring.financiers])
        chronicle.add("booking", booker.entity, person.entity, moved - draw.integer(1, 10))
    ends, count = (recruiter, ring.taker(victim)), draw.integer(1, 3)
    _call_each_other(ring, ends, chronicle, draw, days=(start, moved), count=count)
    chronicle.acts += [
        _act("recruited", recruiter, victim, start),
        _act("deceived", recruiter, victim, draw.integer(start, moved - 1)),
    ]


def _act(name: str, actor: Person, victim: Victim, day: int) -> Fact:
    return Fact(name, actor.entity, victim.person.entity, day)


def _approach_in_vain(ring: Ring, recruiter: Person, chronicle: Chronicle, draw: Draw) -> None:
    """Approach some who do not go."""
    for person in draw.sample(ring.origin.people, draw.integer(2, 6)):
        if person.is_free and person.phones:
            day = draw.integer(40, 420)
            for _ in range(draw.integer(1, 3)):
                call_between(chronicle, draw, recruiter, person, day + draw.integer(0, 20))


def _transport(ring: Ring, party: Sequence[Victim], chronicle: Chronicle, draw: Draw) -> None:
    """One way for the victims; the transporter comes back alone."""
    day, driver = party[0].moved, party[0].transporter
    people = [victim.person for victim in party]
    vehicle = driver.vehicle if draw.chance(0.8) else None
    if ring.transit is not None:
        travel(chronicle, draw, people, ring.transit.country, day, driver=driver, vehicle=vehicle)
        day += draw.integer(1, 3)
        for person in people:
            if draw.chance(0.5):
                chronicle.add("stay", person.entity, ring.transit.hotel, party[0].moved, until=day)
    into, back = ring.destination.country, driver.town.country
    if into is ring.origin.country:
        chronicle.add("sighting", vehicle, ring.origin.camera, day)
        ride(chronicle, [driver, *people], day, driver)
    else:
        travel(chronicle, draw, people, into, day, driver=driver, vehicle=vehicle)
    chronicle.add("sighting", vehicle, ring.destination.camera, day)
    if into is not ring.origin.country:
        back = back if back is not into else ring.origin.country
        travel(chronicle, draw, [], back, day + draw.integer(1, 5), driver=driver, vehicle=vehicle)
    for other in (party[0].recruiter, party[0].harbourer):
        count = draw.integer(1, 3)
        _call_each_other(ring, (driver, other), chronicle, draw, days=(day - 3, day), count=count)
    for victim in party:
        chronicle.acts.append(_act("transported", driver, victim, day))


def _carry_others(transporter: Person, chronicle: Chronicle, draw: Draw) -> None:
    """Give ordinary people a lift now and then."""
    for person in draw.sample(transporter.friends, draw.integer(0, 3)):
        day = draw.integer(0, DAYS - 1)
        if not person.is_away(day):
            chronicle.add("shared_journey", transporter.entity, person.entity, day)


def _house(ring: Ring, victim: Victim, chronicle: Chronicle, draw: Draw) -> None:
    """Lodge a victim at an address of the ring, sometimes moved on to another one."""
    person, harbourer = victim.person, victim.harbourer
    start, end = victim.moved + (1 if ring.transit is None else 3), victim.left
    holders = zip(ring.lodgings, ring.harbourers, strict=True)
    lodgings = [place for place, holder in holders if ring.in_touch(holder, harbourer)]
    lodging = draw.choice(lodgings)
    if ring.kind == "domestic":
        placed, household = start + draw.integer(2, 14), victim.exploiter
        chronicle.add("lodging", person.entity, lodging, start, until=placed)
        chronicle.add("lodging", person.entity, household.home, placed, until=end)
        household.roles.add("harbourer")
        chronicle.acts += [
            _act("transferred", harbourer, victim, placed),
            _act("harboured", household, victim, placed),
        ]
    elif len(lodgings) > 1 and draw.chance(0.4):
        change = start + draw.integer(14, 45)
        chronicle.add("lodging", person.entity, lodging, start, until=change)
        other = draw.choice([place for place in lodgings if place != lodging])
        chronicle.add("lodging", person.entity, other, change, until=end)
        chronicle.acts.append(_act("transferred", harbourer, victim, change))
    else:
        chronicle.add("lodging", person.entity, lodging, start, until=end)
    for _ in range(draw.integer(0, 5)):
        day = draw.integer(start, victim.last_day)
        call_between(chronicle, draw, harbourer, person, day)
    chronicle.acts += [
        _act("received", harbourer, victim, start),
        _act("harboured", harbourer, victim, start),
    ]
