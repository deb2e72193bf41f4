"""How tightly entities hang together: parts, cores, cliques, and how thick the ties are."""

from __future__ import annotations

from netlink.cohesion.center import CorePeriphery, core_periphery
from netlink.cohesion.cliques import maximal_cliques
from netlink.cohesion.parts import components, core_number, k_edge_components
from netlink.cohesion.shares import (
    assortativity,
    density,
    mean_clustering,
    reciprocity,
    transitivity,
)

__all__ = [
    "CorePeriphery",
    "assortativity",
    "components",
    "core_number",
    "core_periphery",
    "density",
    "k_edge_components",
    "maximal_cliques",
    "mean_clustering",
    "reciprocity",
    "transitivity",
]
