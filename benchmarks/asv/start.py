"""Start-up: netlink is to import in under 1.5 times the time of pandas, which it stands on."""

from __future__ import annotations


class Import:
    def timeraw_pandas(self) -> str:
        return "import pandas"

    def timeraw_netlink(self) -> str:
        return "import netlink"
