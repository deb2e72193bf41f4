"""Servitude in private households, and ordinary live-in work, which looks like it."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from netlink.datasets._world.daily import call_between
from netlink.datasets._world.journeys import travel
from netlink.datasets._world.model import DAYS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle, Person, Ring, Town


def find_households(ring: Ring, draw: Draw) -> None:
    """Add households to a ring that supplies them: most take one or two people."""
    free = [p for p in ring.destination.adults if p.is_free and p.phones and p.account is not None]
    for person in draw.sample(free, draw.integer(2, 4)):
        person.ring = ring.number
        person.roles.add("exploiter")
        ring.exploiters.append(person)


def keep_in_house(ring: Ring, chronicle: Chronicle, draw: Draw) -> None:
    """Leave hardly a trace: a fee, some calls, a neighbor who notices somebody."""
    for victim in ring.victims:
        start, end = victim.moved + 20, victim.last_day
        taker = draw.choice([victim.harbourer, *ring.financiers]).account
        chronicle.add(
            "payment", victim.exploiter.account, taker, start - draw.integer(0, 15),
            amount=50 * draw.integer(10, 60),
        )  # fmt: skip
        for relative in draw.sample(victim.exploiter.kin, draw.integer(0, 2)):
            call_between(chronicle, draw, relative, victim.person, draw.integer(start, end))
        for neighbor in draw.sample(ring.destination.adults, draw.integer(0, 2)):
            day = draw.integer(start, end)
            chronicle.add("meeting", neighbor.entity, victim.person.entity, day)


def hire_live_in(
    ring: Ring, towns: Sequence[Town], factor: float, chronicle: Chronicle, draw: Draw
) -> None:
    """Let other households of the town hire people from abroad, for wages."""
    origin = [p for t in towns if t.country is ring.origin.country for p in t.adults]
    for _ in range(ceil(factor * draw.integer(1, 3))):
        workers = [p for p in origin if p.is_free and p.gone is None and p.account is not None]
        hosts = [p for p in ring.destination.adults if p.is_free and p.account is not None]
        if workers and hosts:
            worker, host = draw.choice(workers), draw.choice(hosts)
            worker.profession, host.profession = "live-in worker", "live-in employer"
            _hire(worker, host, chronicle, draw)


def _hire(worker: Person, host: Person, chronicle: Chronicle, draw: Draw) -> None:
    day = draw.integer(80, 420)
    for _ in range(draw.integer(1, 5)):
        call_between(chronicle, draw, host, worker, day - draw.integer(1, 50))
    if draw.chance(0.5):
        chronicle.add("booking", host.entity, worker.entity, day - draw.integer(1, 20))
    if worker.town.country is not host.town.country:
        travel(chronicle, draw, [worker], host.town.country, day)
    worker.gone, worker.silent = day, 0.3
    chronicle.add("lodging", worker.entity, host.home, day + 1)
    wage = 10 * draw.integer(60, 120)
    for payday in range(day + 30, DAYS, 30):
        chronicle.add("payment", host.account, worker.account, payday, amount=wage)
        if worker.kin and draw.chance(0.4):
            chronicle.add(
                "payment", worker.account, draw.choice(worker.kin).account, payday + 3,
                amount=10 * draw.integer(5, 40),
            )  # fmt: skip
    for _ in range(draw.integer(1, 6)):
        call_between(chronicle, draw, host, worker, draw.integer(day, DAYS - 1))
