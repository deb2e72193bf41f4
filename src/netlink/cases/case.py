"""A case: a frozen part of a network with its findings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from netlink.cases import standing
from netlink.network._displayed import page

if TYPE_CHECKING:
    import pandas as pd

    from netlink.communities import Communities
    from netlink.network import Network
    from netlink.roles import RoleAssessment


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
    elements : pandas.DataFrame
        Which elements of the offence the records of the case speak of, whoever acted:
        `netlink.roles.elements` by the Palermo Protocol.
    protected : pandas.Series
        Whether each entity of ``source`` must be protected: by the protection status of any
        reference to the same person, or as a likely victim.
    source : Network
        What the case is a part of, with its ledger.
    assessment : RoleAssessment or None
        Where the findings come from.
    given_groups : Communities or None
        The groups that `netlink.cases.build` was given.
    given_paths : pandas.DataFrame or None
        The paths that `netlink.cases.build` was given.

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
    elements: pd.DataFrame
    protected: pd.Series
    source: Network
    assessment: RoleAssessment | None
    given_groups: Communities | None = None
    given_paths: pd.DataFrame | None = None

    @cached_property
    def groups(self) -> Communities:
        """Who hangs together in the case.

        The groups given, as far as they lie in the case; otherwise those that
        `netlink.communities.leiden` finds in the case alone, every tie counted once a record. A
        group is who has more ties inside than out: it is no organization, and being in one no act.

        Examples
        --------
        >>> import netlink as nl
        >>> case = nl.cases.build(nl.datasets.krackhardt_kite(), around=["9"], hops=3)
        >>> case.groups.sizes.tolist()
        [3, 2]
        """
        return standing.groups(self.network, self.given_groups)

    @cached_property
    def paths(self) -> pd.DataFrame:
        """How those asked about connect.

        The paths given, as far as they lie in the case; otherwise the shortest between each two of
        up to ten entities asked about, whichever way the ties point. One row a step, with
        ``path``, ``step``, ``entity_id``, ``relationship_id``, ``relationship_ids`` and
        ``documents`` of `netlink.paths.shortest`. A hop is a record, not a message passed on.

        Examples
        --------
        >>> import netlink as nl
        >>> case = nl.cases.build(nl.datasets.krackhardt_kite(), around=["3", "9"])
        >>> case.paths["entity_id"].tolist()
        ['3', '5', '7', '8', '9']
        """
        return standing.paths(self.network, self.around, self.given_paths)

    @cached_property
    def profile(self) -> pd.DataFrame:
        """Where those asked about stand in the case.

        Indexed by ``entity_id``, one row a ``measure``: ``degree``, ``core_number`` and
        ``local_clustering`` with the ``value``, its ``rank`` from the largest, and ``among`` how
        many entities of the same type that have one; empty where more than a hundred were asked
        about. The case was cut around them: high ranks are no finding. `netlink.profile` says more,
        of a whole network.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.cases.build(nl.datasets.krackhardt_kite(), around=["7"]).profile["rank"].tolist()
        [6, 8, 8]
        """
        return standing.profile(self.network, self.around)

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
