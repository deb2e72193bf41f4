"""Who may stand in a network twice: keys to match by, and doubles that look suspicious."""

from netlink.matching.keys import keys
from netlink.matching.twins import doubles

__all__ = ["doubles", "keys"]
