"""Cut a case out of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import transform
from netlink.cases import findings
from netlink.cases.case import Case
from netlink.errors import ArgumentError
from netlink.roles import RoleAssessment, elements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netlink.network import Network


def build(
    network: Network,
    /,
    *,
    around: Iterable[str],
    hops: int = 2,
    assessment: RoleAssessment | None = None,
    max_degree: int = 50,
) -> Case:
    """Cut a case out of a network, with its findings.

    A case is what an investigator gets to read: what lies around some entities, the leads and the
    people to reach among them, and the records behind each. Ranks are those of the whole network.
    It misleads where it is read as complete: relationships at its rim are cut off, and entities
    with many neighbors are not walked through.

    Parameters
    ----------
    network : Network
        The whole network.
    around : iterable of str
        Ids of the entities asked about.
    hops : int, default 2
        How many ties the case reaches from them, whichever way they point.
    assessment : RoleAssessment, optional
        The assessment of the same network; without it a case has no findings.
    max_degree : int, default 50
        An entity with more distinct neighbors is kept and not walked through, unless it is one of
        those asked about.

    Returns
    -------
    Case

    Raises
    ------
    UnknownEntityError
        Some of the entities asked about are not in the network.
    ArgumentError
        Nobody is asked about, a number is no positive integer, or the assessment is of another
        network.

    Examples
    --------
    >>> import netlink as nl
    >>> made_up = nl.datasets.synthetic_case(seed=1, size=200)
    >>> network = nl.read_tables(made_up.entities, made_up.relationships, schema=made_up.schema)
    >>> assessment = nl.roles.assess(network)
    >>> first = assessment.leads("recruiter", n=1).index
    >>> case = nl.cases.build(network, around=first, hops=1, assessment=assessment)
    >>> first[0] in case.leads.index
    True
    """
    if isinstance(around, str):
        raise ArgumentError("'around' must be a list of entity ids, got one str.")
    asked = list(around)
    if not asked:
        raise ArgumentError("'around' must name at least one entity, got none.")
    _check(network, assessment)
    part = transform.ego(network, asked, hops=hops, max_degree=max_degree)
    stopped = part.rejected["row"].iloc[len(network.rejected) :].to_numpy()
    group = network.references
    here = network.positions(part.entities.index)
    # Findings name the smallest id of a person; in the case another reference may stand for it.
    names_here = pd.Series(part.entities.index, index=group[here]).groupby(level=0).min()
    leads, to_reach, likely = (
        findings.none(),
        findings.none(),
        np.zeros(network.n_entities, dtype=bool),
    )
    if assessment is not None:
        leads = findings.leads(network, assessment, group, names_here)
        ranked = findings.to_reach(assessment)
        likely = np.isin(group, group[network.positions(ranked.index)])
        to_reach = findings.stand_in(network, ranked, group, names_here)
    return Case(
        network=part,
        around=tuple(sorted(set(asked))),
        hops=hops,
        max_degree=max_degree,
        not_expanded=tuple(sorted(network.entities.index[stopped])),
        leads=leads,
        safeguarding=to_reach,
        evidence=findings.evidence(network, assessment, leads, asked),
        elements=elements(part),
        protected=(network.is_protected | likely).rename("protected"),
        source=network,
        assessment=assessment,
    )


def _check(network: Network, assessment: RoleAssessment | None) -> None:
    if assessment is None:
        return
    if not isinstance(assessment, RoleAssessment):
        raise ArgumentError(
            f"'assessment' must be what netlink.roles.assess returns, got "
            f"{type(assessment).__name__}."
        )
    assessed = assessment.network
    if assessed is not network and not (
        assessed.entities.index.equals(network.entities.index)
        and assessed.relationships.index.equals(network.relationships.index)
    ):
        raise ArgumentError(
            f"'assessment' must be of the network given; it is of another one, of "
            f"{assessed.n_entities:,} entities and {assessed.n_relationships:,} relationships."
        )
