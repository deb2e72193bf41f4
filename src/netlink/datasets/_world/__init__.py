"""What happened: a population, its look-alikes and its rings, whoever may record it."""

from __future__ import annotations

from netlink.datasets._draw import Draw
from netlink.datasets._world.daily import live
from netlink.datasets._world.exploitation import aftermath, exploit
from netlink.datasets._world.lookalikes import relatives, train, work
from netlink.datasets._world.model import Chronicle, World
from netlink.datasets._world.people import settle
from netlink.datasets._world.rings import plan_rings
from netlink.datasets._world.stages import run

__all__ = ["World", "build_world"]


def build_world(seed: int, size: int) -> World:
    """Let a world of so many people happen."""
    chronicle = Chronicle()
    towns = settle(size, chronicle, Draw(seed, "population"))
    people = [person for town in towns for person in town.people]
    professionals = train(towns, Draw(seed, "professions"))
    rings = plan_rings(towns, chronicle, Draw(seed, "rings"))
    live(towns, chronicle, Draw(seed, "daily life"))
    work(towns, professionals, chronicle, Draw(seed, "work"))
    stages = Draw(seed, "stages")
    for ring in rings:
        run(ring, chronicle, stages)
        exploit(ring, chronicle, stages)
    aftermath(rings, professionals, chronicle, stages)
    relatives(people)
    return World(chronicle, people, rings)
