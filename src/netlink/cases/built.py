"""Cut a case out of a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import transform
from netlink.cases import findings, standing
from netlink.cases.case import Case
from netlink.errors import ArgumentError
from netlink.roles import RoleAssessment, elements

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netlink.communities import Communities
    from netlink.network import Network


def build(
    network: Network,
    /,
    *,
    around: Iterable[str] | pd.DataFrame,
    hops: int = 2,
    assessment: RoleAssessment | None = None,
    groups: Communities | None = None,
    paths: pd.DataFrame | None = None,
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
    around : iterable of str or pandas.DataFrame
        Who or what is asked about: ids, such as ``communities.members(3)`` of a group; a table of
        paths of `netlink.paths`; or the relationships that a query keeps, such as
        ``network.during(...).relationships``, for their ends. An export names those asked about as
        it names leads: protected people excepted.
    hops : int, default 2
        How many ties the case reaches from them, whichever way they point; 0 for them alone.
    assessment : RoleAssessment, optional
        The assessment of the same network; without it a case has no findings.
    groups : Communities, optional
        Of the network or of a part of it, such as a projection: the groups that the case shows.
        Without it, those of the Leiden method in the case alone.
    paths : pandas.DataFrame, optional
        What a function of `netlink.paths` returned: how entities of the case connect. Without it,
        the table that the case is built around, if that is one of paths; otherwise the shortest
        paths between each two of up to ten entities asked about.
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
        Nobody is asked about, an argument is not what is described above, the assessment or the
        groups are of another network, or a path leaves the case.

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
    >>> crossings = network.where(relationship_types=["crossed_border_at"])
    >>> at_the_border = nl.cases.build(network, around=crossings.relationships, hops=0).network
    >>> at_the_border.n_entities < network.n_entities
    True
    """
    asked = _asked(around)
    _check(network, assessment)
    if groups is not None:
        standing.check_groups(network, groups)
    part = _part(network, asked, hops, max_degree)
    if paths is None and standing.is_paths(around):
        paths = around
    if paths is not None:
        standing.check_paths(part, paths)
    stopped = part.rejected["row"].iloc[len(network.rejected) :].to_numpy()
    group = network.references
    here = network.positions(part.entities.index)
    # Findings name the smallest id of a person; in the case another reference may stand for it.
    names_here = pd.Series(part.entities.index, index=group[here]).groupby(level=0).min()
    leads = to_reach = findings.none()
    likely = np.zeros(network.n_entities, dtype=bool)
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
        given_groups=groups,
        given_paths=paths,
    )


def _asked(around: Iterable[str] | pd.DataFrame) -> list[str]:
    if isinstance(around, str):
        raise ArgumentError("'around' must be a list of entity ids, got one str.")
    if isinstance(around, pd.DataFrame):
        columns = [name for name in ("entity_id", "source", "target") if name in around.columns]
        if columns not in (["entity_id"], ["source", "target"]):
            raise ArgumentError(
                "'around' must be ids, a table of paths with the column 'entity_id' or one of "
                "relationships with 'source' and 'target'; the table given is neither."
            )
        around = [name for column in columns for name in around[column]]
    asked: list[str] = list(dict.fromkeys(around))
    if not asked:
        raise ArgumentError("'around' must name at least one entity, got none.")
    return asked


def _part(network: Network, asked: list[str], hops: int, max_degree: int) -> Network:
    if isinstance(hops, bool) or not isinstance(hops, int) or hops < 0:
        raise ArgumentError(f"'hops' must be a number of ties, 0 or more, got {hops!r}.")
    # None would be no cap at all.
    if isinstance(max_degree, bool) or not isinstance(max_degree, int) or max_degree < 1:
        raise ArgumentError(f"'max_degree' must be a positive integer, got {max_degree!r}.")
    if hops == 0:
        return network.subgraph(asked)
    return transform.ego(network, asked, hops=hops, max_degree=max_degree)


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
