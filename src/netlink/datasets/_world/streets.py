"""Forced begging in public places, and street sellers, who stand in the same ones."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING

from netlink.datasets._world.model import DAYS

if TYPE_CHECKING:
    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle, Ring


def send_begging(ring: Ring, chronicle: Chronicle, draw: Draw) -> None:
    """Bring victims to a few places day after day; somebody of the ring keeps an eye on them."""
    place = ring.destination.country.name
    ring.spots = [chronicle.new("location", place) for _ in range(draw.integer(2, 4))]
    for victim in ring.victims:
        minder = victim.exploiter
        start, end = victim.moved + draw.integer(3, 9), victim.last_day
        for _ in range(draw.integer(6, 20)):
            day, spot = draw.integer(start, end), draw.choice(ring.spots)
            chronicle.add("street", victim.person.entity, spot, day)
            if draw.chance(0.25):
                chronicle.add("street", minder.entity, spot, day)
            if draw.chance(0.3):
                chronicle.add("sighting", minder.vehicle, ring.destination.camera, day)


def sell_in_streets(ring: Ring, factor: float, chronicle: Chronicle, draw: Draw) -> None:
    """Let people of the town sell things in the same places, of their own will."""
    free = [person for person in ring.destination.adults if person.is_free]
    for person in draw.sample(free, ceil(factor * draw.integer(2, 4))):
        person.profession = "street seller"
        for _ in range(draw.integer(4, 15)):
            chronicle.add(
                "street", person.entity, draw.choice(ring.spots), draw.integer(0, DAYS - 1)
            )
