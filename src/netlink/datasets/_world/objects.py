"""Things that people of a ring hold together."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle, Ring


def share_objects(ring: Ring, chance: float, chronicle: Chronicle, draw: Draw) -> None:
    """Let members use each other's phones, vehicles and lodgings, and hold victims' accounts."""
    for person in ring.members:
        phones = [
            ring.work_phones[other.entity]
            for other in ring.members
            if other is not person and other.entity in ring.work_phones
        ]
        if phones and draw.chance(chance):
            ring.work_phones[person.entity] = phone = draw.choice(phones)
            chronicle.add("phone_borrowed", person.entity, phone)
        if draw.chance(chance):
            vehicle = draw.choice(ring.transporters).vehicle
            chronicle.add("vehicle_use", person.entity, vehicle)
        if draw.chance(chance):
            chronicle.add("tenancy", person.entity, draw.choice(ring.lodgings))
    for victim in ring.victims:
        if draw.chance(chance):
            chronicle.add("bank_mandate", victim.exploiter.entity, victim.person.account)
        others = [other.person for other in ring.victims if other is not victim]
        if others and draw.chance(chance):
            phone = draw.choice(others).phones[0]
            chronicle.add("phone_borrowed", victim.person.entity, phone)
