"""How the rings of a world work: how many, at what, on which way, and how they hang together."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

EXPLOITATION = {
    "sexual": "through adverts, with phones that the exploiters hold",
    "labour": "at the workplace of a front, for wages of which little stays",
    "domestic": "in private households that lodge them and pay them nothing",
    "begging": "in public places, watched over; some are children, and the money is cash",
}
ROUTES = {
    "transit": "over two borders, with a night or more between",
    "direct": "over one border",
    "internal": "over none: within the country, in a small one within the town",
}
STRUCTURES = {
    "loose": "whoever has to do with each other is in touch",
    "cells": "each cell recruits, moves, lodges and exploits; two people tie one to the next",
    "core-periphery": "those who exploit and finance know each other, the rest know them alone",
}
DOUBLING = ("exploiter", "harbourer", "transporter", "financier")


@dataclass(frozen=True, kw_only=True)
class Habits:
    """What `synthetic_case` is told of rings and of look-alikes."""

    rings: int | None = None
    exploitation: Mapping[str, float] = field(
        default_factory=lambda: {"sexual": 0.75, "labour": 0.25}
    )
    routes: Mapping[str, float] = field(default_factory=lambda: {"transit": 0.5, "direct": 0.5})
    structures: Mapping[str, float] = field(default_factory=lambda: {"loose": 1.0})
    role_doubling: Mapping[str, float] = field(
        default_factory=lambda: {"harbourer": 0.35, "transporter": 0.2, "financier": 0.2}
    )
    victims_recruit: float = 0.5
    shared_transporter: float = 0.2
    shared_objects: float = 0.0
    lookalikes: float = 1.0


def pick(parts: Mapping[str, float], order: Mapping[str, str], unit: float) -> str:
    """Return the name in whose part of the whole a draw from 0 to 1 falls."""
    named = [name for name in order if parts.get(name)]
    rest = unit * sum(parts.values())
    for name in named:
        if rest < parts[name]:
            return name
        rest -= parts[name]
    return named[-1]
