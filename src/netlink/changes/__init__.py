"""Change over time: windows, groups that come and go, people who do."""

from netlink.changes.activity import change_points
from netlink.changes.groups import GroupHistory, follow_groups
from netlink.changes.parts import over_windows
from netlink.changes.replaced import replacements
from netlink.changes.windows import windows

__all__ = [
    "GroupHistory",
    "change_points",
    "follow_groups",
    "over_windows",
    "replacements",
    "windows",
]
