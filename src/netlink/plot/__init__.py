"""Pictures of a network, for a page and for print."""

from netlink.plot.cores import core_periphery
from netlink.plot.egos import ego
from netlink.plot.matrix import groups
from netlink.plot.networks import network
from netlink.plot.scatter import centralities

__all__ = ["centralities", "core_periphery", "ego", "groups", "network"]
