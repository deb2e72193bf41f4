"""What an assessment says of the people of a case."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.roles import RoleAssessment

_N_LEADS = 10  # as many a role as `RoleAssessment.leads` lists
_LIKELY = 0.5  # the records speak more for it than against it: a role, or being a victim
_EVIDENCE = ["contribution", "pattern", "relationship_ids", "documents", "words"]


def none() -> pd.DataFrame:
    """Return a table of no leads."""
    columns = ["role", "rank", "score", "rank_low", "rank_high", "protection_status"]
    return pd.DataFrame(columns=columns, index=pd.Index([], name="entity_id", dtype="str"))


def stand_in(
    network: Network, table: pd.DataFrame, group: NDArray[np.int32], names_here: pd.Series
) -> pd.DataFrame:
    """Keep the people of the case, each under a reference that is in it."""
    names = names_here.reindex(group[network.positions(table.index)])
    kept = names.notna().to_numpy()
    return table[kept].set_axis(pd.Index(names[kept].astype("str"), name="entity_id"))


def leads(
    network: Network, assessment: RoleAssessment, group: NDArray[np.int32], names_here: pd.Series
) -> pd.DataFrame:
    """Find the people of the case that are among the first of the network for a role."""
    parts = []
    for role in network.vocabulary.roles:
        ranked = assessment.leads(role, n=_N_LEADS)
        # A case file names its leads: a rank among the first ten is not enough for that.
        table = stand_in(network, ranked[ranked["score"] >= _LIKELY], group, names_here)
        table.insert(0, "role", role)
        parts.append(table)
    return pd.concat(parts)


def to_reach(assessment: RoleAssessment) -> pd.DataFrame:
    """Rank the likely victims of the whole network."""
    table = assessment.safeguarding(n=max(len(assessment.scores), 1))
    is_likely = (table["score"] >= _LIKELY) | (table["protection_status"] == "potential_victim")
    # With everybody listed, everybody is in the top of every draw: the share says nothing.
    return table[is_likely].drop(columns="share_in_top")


def evidence(
    network: Network, assessment: RoleAssessment | None, leads: pd.DataFrame, asked: list[str]
) -> pd.DataFrame:
    """Collect the records for and against the leads and the people asked about."""
    empty = pd.DataFrame(columns=["person", "role", *_EVIDENCE])
    if assessment is None:
        return empty
    people = network.entities.loc[sorted(set(asked)), "entity_type"] == "person"
    wanted = set(zip(leads.index, leads["role"], strict=True))
    wanted |= {(person, role) for person in people[people].index for role in assessment.scores}
    order = list(network.vocabulary.roles)
    parts = []
    for person, role in sorted(wanted, key=lambda pair: (pair[0], order.index(pair[1]))):
        table = assessment.evidence(person, role)
        table.insert(0, "person", person)
        table.insert(1, "role", role)
        parts.append(table)
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else empty
