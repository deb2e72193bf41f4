"""What happened: a population, its look-alikes and its rings, whoever may record it."""

from __future__ import annotations

from netlink.datasets._draw import Draw
from netlink.datasets._world.daily import live
from netlink.datasets._world.exploitation import aftermath, exploit
from netlink.datasets._world.habits import Habits
from netlink.datasets._world.households import hire_live_in
from netlink.datasets._world.lookalikes import relatives, train, work
from netlink.datasets._world.model import Chronicle, World
from netlink.datasets._world.people import settle
from netlink.datasets._world.rings import plan_rings
from netlink.datasets._world.stages import run
from netlink.datasets._world.streets import sell_in_streets
from netlink.datasets._world.structure import tie_together

__all__ = ["Habits", "World", "build_world"]


def build_world(seed: int, size: int, habits: Habits) -> World:
    """Let a world of so many people happen."""
    chronicle = Chronicle()
    towns = settle(size, chronicle, Draw(seed, "population"))
    people = [person for town in towns for person in town.people]
    professionals = train(towns, habits.lookalikes, Draw(seed, "professions"))
    rings = plan_rings(towns, chronicle, seed, habits)
    live(towns, chronicle, Draw(seed, "daily life"))
    work(towns, professionals, chronicle, Draw(seed, "work"))
    stages = Draw(seed, "stages")
    for ring in rings:
        run(ring, chronicle, stages)
        exploit(ring, chronicle, stages)
        tie_together(ring, chronicle, Draw(seed, f"structure of ring {ring.number}"))
        alike = Draw(seed, f"look-alikes of ring {ring.number}")
        if ring.kind == "domestic":
            hire_live_in(ring, towns, habits.lookalikes, chronicle, alike)
        if ring.kind == "begging":
            sell_in_streets(ring, habits.lookalikes, chronicle, alike)
    aftermath(rings, professionals, chronicle, stages)
    relatives(people)
    return World(chronicle, people, rings)
