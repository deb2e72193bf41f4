"""How entities connect: paths, with the records behind each hop."""

from netlink.paths.conditions import Conditions
from netlink.paths.connections import Connection, center_piece, connection
from netlink.paths.cuts import disjoint, entity_cut, relationship_cut
from netlink.paths.routes import all_simple, k_shortest, shortest
from netlink.paths.strengths import most_reliable, widest
from netlink.paths.summary import summary

__all__ = [
    "Conditions",
    "Connection",
    "all_simple",
    "center_piece",
    "connection",
    "disjoint",
    "entity_cut",
    "k_shortest",
    "most_reliable",
    "relationship_cut",
    "shortest",
    "summary",
    "widest",
]
