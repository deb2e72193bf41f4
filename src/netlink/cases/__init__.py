"""Cases: a part of a network, what was found in it, and where it comes from."""

from netlink.cases.built import build
from netlink.cases.case import Case
from netlink.cases.sharing import deconflict, holders, tokens

__all__ = ["Case", "build", "deconflict", "holders", "tokens"]
