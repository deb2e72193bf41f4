"""How entities connect: paths, with the records behind each hop."""

from netlink.paths.conditions import Conditions
from netlink.paths.routes import all_simple, k_shortest, shortest

__all__ = ["Conditions", "all_simple", "k_shortest", "shortest"]
