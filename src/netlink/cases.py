"""Cases: a part of a network, what was found in it, and where it comes from."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import transform
from netlink.errors import ArgumentError
from netlink.network._displayed import page
from netlink.roles import RoleAssessment

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from netlink.network import Network

__all__ = ["Case", "build"]

# Ties of these groups say whose an object is or where a person was. Contact and money do not.
_ATTRIBUTES = {"holding", "place", "adverts", "case", "movement"}
_N_LEADS = 10  # as many a role as `RoleAssessment.leads` lists
_LIKELY = 0.5  # the records speak more for it than against it: a role, or being a victim
_EVIDENCE = ["contribution", "pattern", "relationship_ids", "documents", "words"]


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """A part of a network with its findings.

    Made by `netlink.cases.build`.

    Attributes
    ----------
    network : Network
        The entities within some hops of those asked about, and the relationships among them.
    around : tuple of str
        The entities asked about, sorted.
    hops, max_degree : int
        How far the case reaches, and from how many neighbors on an entity is not walked through.
    not_expanded : tuple of str
        Entities that were kept but not walked through.
    leads : pandas.DataFrame
        Indexed by ``entity_id``: ``role`` and the columns of `RoleAssessment.leads`, for the people
        of the case that are among the first ten of the whole network for a role and have a score of
        at least 0.5: their records speak more for it than against it. Never a protected person.
    safeguarding : pandas.DataFrame
        People of the case to reach: likely victims, ranked in the whole network.
    evidence : pandas.DataFrame
        What speaks for and against a role of the leads and the people asked about: ``person``,
        ``role`` and the columns of `RoleAssessment.evidence`. It may cite relationships outside
        the case.
    protected : pandas.Series
        Whether each entity of ``source`` must be protected: by the protection status of any
        reference to the same person, or as a likely victim.
    source : Network
        What the case is a part of, with its ledger.
    assessment : RoleAssessment or None
        Where the findings come from.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.cases.build(nl.datasets.krackhardt_kite(), around=["9"]).network.n_entities
    3
    """

    network: Network
    around: tuple[str, ...]
    hops: int
    max_degree: int
    not_expanded: tuple[str, ...]
    leads: pd.DataFrame
    safeguarding: pd.DataFrame
    evidence: pd.DataFrame
    protected: pd.Series
    source: Network
    assessment: RoleAssessment | None

    @property
    def ledger(self) -> pd.DataFrame:
        """Rows of the whole network: read, used, set aside.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.cases.build(nl.datasets.krackhardt_kite(), around=["9"]).ledger.columns.tolist()
        ['table', 'outcome', 'detail', 'rows']
        """
        return self.source.ledger

    def _repr_html_(self) -> str:
        types = self.network.entity_table["entity_type"].value_counts().sort_index()
        roles = self.leads["role"].value_counts().sort_index()
        tables = {"Entities": types.rename("entities"), "Leads": roles.rename("people")}
        return page(repr(self), {title: found.to_frame() for title, found in tables.items()})

    def __repr__(self) -> str:
        return (
            f"<Case of {self.network.n_entities:,} entities and "
            f"{self.network.n_relationships:,} relationships within {self.hops} hops of "
            f"{len(self.around)} (leads: {self.leads.index.nunique()}, people to reach: "
            f"{len(self.safeguarding)})>"
        )


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
    stand_in = pd.Series(part.entities.index, index=group[here]).groupby(level=0).min()
    leads, to_reach, likely = _none(), _none(), np.zeros(network.n_entities, dtype=bool)
    if assessment is not None:
        leads = _leads(network, assessment, group, stand_in)
        ranked = _to_reach(assessment)
        likely = np.isin(group, group[network.positions(ranked.index)])
        to_reach = _stand_in(network, ranked, group, stand_in)
    return Case(
        network=part,
        around=tuple(sorted(set(asked))),
        hops=hops,
        max_degree=max_degree,
        not_expanded=tuple(sorted(network.entities.index[stopped])),
        leads=leads,
        safeguarding=to_reach,
        evidence=_evidence(network, assessment, leads, asked),
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


def _none() -> pd.DataFrame:
    columns = ["role", "rank", "score", "rank_low", "rank_high", "protection_status"]
    return pd.DataFrame(columns=columns, index=pd.Index([], name="entity_id", dtype="str"))


def _stand_in(
    network: Network, table: pd.DataFrame, group: NDArray[np.int32], stand_in: pd.Series
) -> pd.DataFrame:
    """Keep the people of the case, each under a reference that is in it."""
    names = stand_in.reindex(group[network.positions(table.index)])
    kept = names.notna().to_numpy()
    return table[kept].set_axis(pd.Index(names[kept].astype("str"), name="entity_id"))


def _leads(
    network: Network, assessment: RoleAssessment, group: NDArray[np.int32], stand_in: pd.Series
) -> pd.DataFrame:
    parts = []
    for role in network.vocabulary.roles:
        ranked = assessment.leads(role, n=_N_LEADS)
        # A case file names its leads: a rank among the first ten is not enough for that.
        table = _stand_in(network, ranked[ranked["score"] >= _LIKELY], group, stand_in)
        table.insert(0, "role", role)
        parts.append(table)
    return pd.concat(parts)


def _to_reach(assessment: RoleAssessment) -> pd.DataFrame:
    table = assessment.safeguarding(n=max(len(assessment.scores), 1))
    is_likely = (table["score"] >= _LIKELY) | (table["protection_status"] == "potential_victim")
    # With everybody listed, everybody is in the top of every draw: the share says nothing.
    return table[is_likely].drop(columns="share_in_top")


def _evidence(
    network: Network, assessment: RoleAssessment | None, leads: pd.DataFrame, asked: list[str]
) -> pd.DataFrame:
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


def telling(
    network: Network, hidden: NDArray[np.bool_], is_person: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Find the objects that only people without a name are tied to."""
    kinds = network.vocabulary.relationship_types
    groups = network.relationship_table["relationship_type"].map(
        {word: kind.group in _ATTRIBUTES for word, kind in kinds.items()}
    )
    rows = groups.to_numpy(dtype=bool)
    source, target = (codes[rows] for codes in network.codes)
    ends = np.concatenate([source, target]), np.concatenate([target, source])
    of_person = is_person[ends[0]]
    person, thing = ends[0][of_person], ends[1][of_person]
    is_held = _any(thing, np.ones(len(thing), dtype=bool), network.n_entities)
    found = is_held & ~_any(thing, ~hidden[person], network.n_entities)
    # An advert on a phone, a place where a car was seen: they go with what they hang on.
    inner = ~is_person[source] & ~is_held[target]
    holder, hung = source[inner], target[inner]
    while True:
        is_hung = _any(hung, np.ones(len(hung), dtype=bool), network.n_entities)
        more = is_hung & ~_any(hung, ~(found | hidden)[holder], network.n_entities)
        if not (more & ~found).any():
            return found & ~is_person
        found |= more


def names_of(
    network: Network, hidden: NDArray[np.bool_], names: Mapping[str, str] | None
) -> re.Pattern[str]:
    """Match the names of people to protect, which an object may carry: 'phone of ...'."""
    kept = network.entities[hidden]
    words = {*kept.index, *kept["label"].dropna()}
    if names is not None:
        words |= {names[key] for key in kept.index if key in names}
    # Longest first, whole words, bare numbers aside: a flat 3 says nothing of person 3.
    said = sorted({word.strip() for word in words}, key=lambda word: (-len(word), word))
    parts = [re.escape(word) for word in said if word and not word.isdecimal()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)", re.IGNORECASE)


def _any(at: NDArray[np.int32], flags: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    result = np.zeros(n, dtype=bool)
    result[at[flags]] = True
    return result
