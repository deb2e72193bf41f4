"""Who belongs together: groups with many ties inside and few between them."""

from __future__ import annotations

from netlink.communities.agreement import Consensus, consensus
from netlink.communities.comparison import compare, matching_table
from netlink.communities.measures import modularity, quality
from netlink.communities.optimal import leiden, louvain
from netlink.communities.result import Communities
from netlink.communities.walks import infomap, label_propagation, walktrap

__all__ = [
    "Communities",
    "Consensus",
    "compare",
    "consensus",
    "infomap",
    "label_propagation",
    "leiden",
    "louvain",
    "matching_table",
    "modularity",
    "quality",
    "walktrap",
]
