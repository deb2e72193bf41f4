"""Networks made from networks: projections onto one type of entity, surroundings, unions."""

from netlink.transform.combined import combine
from netlink.transform.egos import ego
from netlink.transform.projection import project

__all__ = ["combine", "ego", "project"]
