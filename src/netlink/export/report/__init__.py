"""The report of a case: one page, offline, with the network to look into."""

from netlink.export.report.drawing import Drawing
from netlink.export.report.page import files

__all__ = ["Drawing", "files"]
