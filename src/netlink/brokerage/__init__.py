"""Who stands between others: between groups, between contacts, and where the network would part.

Between whom somebody stands in the records is not what he does there: a driver, an interpreter and
a broker of people look alike in all of these measures.
"""

from __future__ import annotations

from netlink.brokerage.between_groups import gould_fernandez, gould_fernandez_scores
from netlink.brokerage.cuts import articulation_points, bridges, local_bridges
from netlink.brokerage.holes import constraint, effective_size, efficiency, hierarchy

__all__ = [
    "articulation_points",
    "bridges",
    "constraint",
    "effective_size",
    "efficiency",
    "gould_fernandez",
    "gould_fernandez_scores",
    "hierarchy",
    "local_bridges",
]
