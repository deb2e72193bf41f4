"""How a ring hangs together: in cells, or as a core and its periphery."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from netlink.datasets._world.model import DAYS

if TYPE_CHECKING:
    from netlink.datasets._draw import Draw
    from netlink.datasets._world.model import Chronicle, Person, Ring


def divide(ring: Ring) -> None:
    """Put the members of a ring into as many cells as it has of each role, two at least."""
    parts = (ring.recruiters, ring.exploiters, ring.harbourers, ring.transporters)
    n_cells = min(len(part) for part in parts)
    for part in (*parts, ring.financiers):
        for i, person in enumerate(part):
            ring.cells.setdefault(person.entity, i % n_cells)


def keep_apart(ring: Ring) -> None:
    """Leave each victim to people of the recruiter's cell; a recruiter who is one stays in hers."""
    for victim in ring.victims:
        cell = ring.cells[victim.recruiter.entity]

        def own(part: list[Person], usual: Person, cell: int = cell) -> Person:
            return next((p for p in part if ring.cells[p.entity] == cell), usual)

        victim.transporter = own(ring.transporters, victim.transporter)
        victim.harbourer = own(ring.harbourers, victim.harbourer)
        if ring.cells[victim.exploiter.entity] != cell:
            victim.exploiter = own(ring.exploiters, victim.exploiter)
        ring.cells[victim.person.entity] = cell


def tie_together(ring: Ring, chronicle: Chronicle, draw: Draw) -> None:
    """Add what makes the shape: a tie from cell to cell, or a dense core with its spokes."""
    first, last = ring.victims[0].contacted, min(DAYS - 1, ring.victims[-1].moved + 60)

    def talk(one: Person, other: Person, count: int) -> None:
        for _ in range(count):
            ends = (one, other) if draw.chance(0.5) else (other, one)
            caller, called = (ring.phone(end, draw) for end in ends)
            chronicle.call(draw, caller, called, draw.integer(first, last))

    if ring.structure == "cells":
        heads = {ring.cells[p.entity]: p for p in reversed(ring.leaders)}
        for cell in sorted(heads)[1:]:
            talk(heads[cell - 1] if cell - 1 in heads else ring.leaders[0], heads[cell], 3)
    if ring.structure == "core-periphery":
        for one, other in combinations(ring.core, 2):
            talk(one, other, 3 + draw.heavy(4.0, 20))
            chronicle.add("meeting", one.entity, other.entity, draw.integer(first, last))
        for person in ring.members:
            if person not in ring.core:
                talk(person, ring.core[0], draw.integer(2, 6))
