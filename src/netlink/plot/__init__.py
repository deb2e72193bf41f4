"""Pictures of a network, for a page and for print."""

from netlink.plot.bands import alluvial
from netlink.plot.cores import core_periphery
from netlink.plot.egos import ego
from netlink.plot.journeys import flows, journey
from netlink.plot.matrix import groups
from netlink.plot.networks import network
from netlink.plot.routes import path
from netlink.plot.scatter import centralities
from netlink.plot.timeline import timeline

__all__ = [
    "alluvial",
    "centralities",
    "core_periphery",
    "ego",
    "flows",
    "groups",
    "journey",
    "network",
    "path",
    "timeline",
]
