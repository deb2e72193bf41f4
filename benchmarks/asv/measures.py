"""Measures, communities and paths on networks of people; caches are off, compiling is not timed."""

from __future__ import annotations

import netlink as nl

from . import SIZES, tables

FUNCTIONS = {
    "degree": nl.centrality.degree,
    "strength": nl.centrality.strength,
    "pagerank": nl.centrality.pagerank,
    "eigenvector": nl.centrality.eigenvector,
    "harmonic": nl.centrality.harmonic,
    "core_number": nl.cohesion.core_number,
    "leiden": nl.communities.leiden,
    "constraint": nl.brokerage.constraint,
    "articulation_points": nl.brokerage.articulation_points,
}


class Measures:
    params = (SIZES, list(FUNCTIONS))
    param_names = ("size", "measure")

    def setup(self, size: tuple[int, int], measure: str) -> None:
        FUNCTIONS[measure](nl.read_tables(*tables(100, 500)))
        self.network = nl.read_tables(*tables(*size))

    def time_measure(self, size: tuple[int, int], measure: str) -> None:
        # The ties are built with the first measure and kept: here they are built each time.
        self.network.__dict__.pop("_tie_cache", None)
        FUNCTIONS[measure](self.network)

    def peakmem_measure(self, size: tuple[int, int], measure: str) -> None:
        FUNCTIONS[measure](self.network)


class Betweenness:
    def setup(self) -> None:
        self.network = nl.read_tables(*tables(1_000, 10_000))

    def time_betweenness(self) -> None:
        self.network.__dict__.pop("_tie_cache", None)
        nl.centrality.betweenness(self.network)


class Shortest:
    def setup(self) -> None:
        self.network = nl.read_tables(*tables(20_000, 200_000))
        self.pair = self.network.entities.index[[0, -1]].tolist()

    def time_shortest(self) -> None:
        nl.paths.shortest(self.network, *self.pair)
