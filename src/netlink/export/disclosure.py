"""How many pseudonyms the pattern of ties alone singles out."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

_STEPS = ("by number of neighbors", "by those of the neighbors", "by those two ties away")


def singled_out(entities: pd.DataFrame, relationships: pd.DataFrame) -> dict[str, int]:
    """Count the pseudonyms that are the only ones of their type with their surroundings.

    Each step refines the one before, as in the test of Weisfeiler and Leman (1968) for isomorphism.
    """
    neighbors: dict[Any, set[Any]] = {name: set() for name in entities.index}
    for a, b in zip(relationships["source"], relationships["target"], strict=True):
        if a != b:
            neighbors[a].add(b)
            neighbors[b].add(a)
    hidden = entities.index[~entities["named"].astype(bool)]
    kinds = entities["entity_type"].to_dict()
    looks: dict[Any, Any] = {name: (kinds[name], len(around)) for name, around in neighbors.items()}
    found = {}
    for step in _STEPS:
        # Numbers in place of nested tuples, which would grow with every step.
        number = {look: at for at, look in enumerate(sorted(set(looks.values())))}
        looks = {name: number[look] for name, look in looks.items()}
        count = Counter(looks.values())
        found[step] = sum(count[looks[name]] == 1 for name in hidden)
        looks = {
            name: (looks[name], tuple(sorted(looks[other] for other in around)))
            for name, around in neighbors.items()
        }
    return found
