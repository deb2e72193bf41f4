"""Networks made from networks: projections onto one type of entity, and ego networks."""

from netlink.transform.egos import ego
from netlink.transform.projection import project

__all__ = ["ego", "project"]
