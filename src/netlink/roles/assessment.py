"""The answer of an assessment: scores, leads, safeguarding, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError
from netlink.network._displayed import page
from netlink.roles import curves, evidence
from netlink.roles.inference import sigmoid
from netlink.roles.intervals import rank_draws
from netlink.roles.questions import Questions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.roles.inference import Inference
    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records

__all__ = ["RoleAssessment"]

_LIKELY = 0.5  # the records speak more for it than against it


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class RoleAssessment(Questions):
    """Role scores of every person, with the evidence.

    Made by `netlink.roles.assess`. A role score is a reading of records, not a verdict: it says
    how strongly the records of this network speak for a person having done what the role does. It
    is no probability of guilt and no prediction, and it misleads where records of one kind are
    missing for some people only.

    Attributes
    ----------
    network : Network
        What was assessed.
    model : RoleModel
        The weights used.
    seed : int
        Seed of the resampling behind the rank intervals.
    records, inference : object
        What the records say between people, and how it adds up; for `evidence`, no public form.

    Examples
    --------
    >>> import netlink as nl
    >>> karate = nl.roles.assess(nl.datasets.karate_club())
    >>> len(karate.leads("recruiter"))  # friendship alone speaks for no role
    0
    """

    network: Network
    model: RoleModel
    seed: int = 0
    records: Records
    inference: Inference

    @cached_property
    def _ids(self) -> pd.Index:
        return self.network.entities.index[self.records.people]

    @cached_property
    def _person(self) -> NDArray[np.int32]:
        return self.records.person_of[self.records.people]

    @cached_property
    def _status(self) -> pd.Series:
        return self.network.entities["protection_status"].iloc[self.records.people]

    @cached_property
    def _first(self) -> NDArray[np.int64]:
        """Position of each person's first reference among the references."""
        return np.unique(self._person, return_index=True)[1]

    @cached_property
    def _shown_status(self) -> NDArray[np.object_]:
        """Return the status of each person; of several references, the first protected one."""
        known = self.network.vocabulary.protection_statuses
        status = pd.DataFrame({"person": self._person, "status": self._status.to_numpy(object)})
        status["open"] = [not known[word].is_protected for word in status["status"]]
        status = status.sort_values(["person", "open"], kind="stable").drop_duplicates("person")
        return status["status"].to_numpy(dtype=object)

    @cached_property
    def _is_protected(self) -> NDArray[np.bool_]:
        """Whether any reference of each person carries a protected status."""
        found: NDArray[np.bool_] = self.network.is_protected.to_numpy()[self.records.people]
        return found[self._first]

    @property
    def scores(self) -> pd.DataFrame:
        """Role scores from 0 to 1, person by role.

        Every person of the network has a row, every role of the vocabulary a column.

        Examples
        --------
        >>> import netlink as nl
        >>> case = nl.datasets.synthetic_case(seed=1, size=200)
        >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        >>> nl.roles.assess(network).scores.columns.tolist()
        ['recruiter', 'transporter', 'harbourer', 'exploiter', 'financier']
        """
        columns = {role: self.inference.score[role][self._person] for role in self.inference.roles}
        return pd.DataFrame(columns, index=self._ids)

    @property
    def calibrated_scores(self) -> pd.DataFrame:
        """Scores as shares of made-up people who held the role.

        The order of people is that of `scores`, and evidence adds up to those, not to these. They
        hold of the worlds that the model's ``calibration`` was fitted on and of no others: not of
        your cases, where roles may be rarer and other things recorded. NaN of a role for which the
        model has none.

        Examples
        --------
        >>> import netlink as nl
        >>> case = nl.datasets.synthetic_case(seed=1, size=200)
        >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        >>> assessment = nl.roles.assess(network)
        >>> list(assessment.calibrated_scores) == list(assessment.scores)
        True
        """
        found = self.scores
        for role in self.inference.roles:
            curve = self.model.calibration.get(role)
            score = found[role].to_numpy()
            found[role] = np.nan if curve is None else curves.calibrated(score, curve)
        return found

    def leads(self, role: str, *, n: int = 10, include_protected: bool = False) -> pd.DataFrame:
        """Rank the people whose records speak most for a role.

        Parameters
        ----------
        role : str
            A role of the vocabulary.
        n : int, default 10
            Number of leads.
        include_protected : bool, default False
            Also list protected people: victims, potential victims, children and witnesses.

        Returns
        -------
        pandas.DataFrame
            Indexed by ``entity_id``: ``rank``, ``score``, ``rank_low`` and ``rank_high`` (from
            the 5th to the 95th percentile of the rank when a fifth of the records is missing at
            random, widened to hold the rank itself), ``share_in_top`` (share of those draws in
            the top n) and ``protection_status``. A person with several references stands under
            the smallest id. Nobody is listed of whom no record speaks for the role, so there may
            be fewer than ``n``.

        Raises
        ------
        ArgumentError
            The role is not in the vocabulary, or ``n`` is not a positive integer.

        Examples
        --------
        >>> import netlink as nl
        >>> case = nl.datasets.synthetic_case(seed=1, size=200)
        >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        >>> leads = nl.roles.assess(network).leads("recruiter", n=3)
        >>> leads["rank"].tolist()
        [1, 2, 3]
        """
        self._check_role(role)
        eligible = np.ones(self.records.n_people, dtype=bool)
        if not include_protected:
            eligible &= ~self._is_protected
        return self._ranked(self.inference.score[role], eligible, n, role)

    def safeguarding(self, *, n: int = 10) -> pd.DataFrame:
        """Rank the people to reach: potential victims, apart from leads.

        Parameters
        ----------
        n : int, default 10
            Number of people.

        Returns
        -------
        pandas.DataFrame
            The columns of `leads`; ``score`` says how strongly the records speak for the person
            being a victim. Then ``roles``: the roles whose score is at least 0.5, as many who are
            made to recruit or to house are victims first, and ``roles_from`` and ``roles_until``,
            the period of the dated records that speak for them. Identified victims are left out:
            they have been reached.

        Examples
        --------
        >>> import netlink as nl
        >>> case = nl.datasets.synthetic_case(seed=1, size=200)
        >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        >>> len(nl.roles.assess(network).safeguarding(n=5))
        5
        """
        reached = np.zeros(self.records.n_people, dtype=bool)
        reached[self._person[(self._status == "identified_victim").to_numpy()]] = True
        table = self._ranked(self.inference.victim, ~reached, n, None)
        spans = self.network.spans
        held = [self._held(person, spans) for person in table.index]
        table["roles"] = pd.array([", ".join(roles) for roles, _ in held], dtype="str")
        for column, at in (("roles_from", 0), ("roles_until", 1)):
            moments = pd.to_datetime([period[at] for _, period in held], utc=True)
            table[column] = moments.astype("datetime64[us, UTC]")
        return table

    def _held(
        self, person: str, spans: pd.DataFrame
    ) -> tuple[list[str], tuple[pd.Timestamp, pd.Timestamp]]:
        """Return the likely roles of one person, and the period of the records behind them."""
        code = self._code(person)
        roles = [r for r in self.inference.roles if self.inference.score[r][code] >= _LIKELY]
        ids: set[str] = set()
        for role in roles:
            table = self._evidence(code, role)
            ids.update(*table.loc[table["contribution"] > 0, "relationship_ids"])
        if not ids:
            return roles, (pd.NaT, pd.NaT)  # type: ignore[return-value]
        behind = spans.loc[sorted(ids)]
        return roles, (behind["start_first"].min(), behind["end_last"].max())

    def _ranked(
        self, score: NDArray[np.float64], eligible: NDArray[np.bool_], n: int, role: str | None
    ) -> pd.DataFrame:
        if not isinstance(n, int) or isinstance(n, bool) or n < 1:
            raise ArgumentError(f"'n' must be a positive integer, got {n!r}.")
        # Nobody is put forward of whom nothing speaks for it.
        prior = self.model.victim_prior if role is None else self.model.prior
        people = np.flatnonzero(eligible & (score > sigmoid(np.array(prior))))
        # People are numbered in the order of their first reference: ties go to the smallest id.
        order = people[np.argsort(-score[people], kind="stable")][:n]
        rank = np.arange(1, len(order) + 1)
        draws = rank_draws(self.inference, self.model, eligible, order, role, self.seed)
        low, high = np.percentile(draws, [5, 95], axis=0)
        # Missing records mostly hurt a lead; the interval holds the rank itself in any case.
        return pd.DataFrame(
            {
                "rank": rank,
                "score": score[order],
                "rank_low": np.minimum(np.floor(low).astype(np.int64), rank),
                "rank_high": np.maximum(np.ceil(high).astype(np.int64), rank),
                "share_in_top": (draws <= n).mean(axis=0),
                "protection_status": self._shown_status[order],
            },
            index=self._ids[self._first[order]],
        )

    def evidence(self, person: str, role: str) -> pd.DataFrame:
        """Return the evidence for one role of one person.

        Parameters
        ----------
        person : str
            Entity id of a person.
        role : str
            A role of the vocabulary.

        Returns
        -------
        pandas.DataFrame
            Strongest first: ``contribution`` (nats of log-odds; with the model's ``prior`` they add
            up to the log-odds of the score), ``pattern``, ``relationship_ids`` and ``documents``
            (lists of str) and ``words`` (a sentence without names).

        Raises
        ------
        UnknownEntityError
            The id is not in the network.
        ArgumentError
            The entity is no person, or the role is not in the vocabulary.

        Examples
        --------
        >>> import netlink as nl
        >>> case = nl.datasets.synthetic_case(seed=1, size=200)
        >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        >>> assessment = nl.roles.assess(network)
        >>> lead = assessment.leads("recruiter", n=1).index[0]
        >>> assessment.evidence(lead, "recruiter").columns.tolist()
        ['contribution', 'pattern', 'relationship_ids', 'documents', 'words']
        """
        self._check_role(role)
        return evidence.of_role(self.inference, self.model, self.records, self._code(person), role)

    def signs_of_harm(self, person: str) -> pd.DataFrame:
        """Return what speaks for one person being a victim.

        Parameters
        ----------
        person : str
            Entity id of a person.

        Returns
        -------
        pandas.DataFrame
            The same shape as `evidence`; with the model's ``victim_prior`` the contributions add up
            to the log-odds of the score in `safeguarding`.

        Raises
        ------
        UnknownEntityError
            The id is not in the network.
        ArgumentError
            The entity is no person.

        Examples
        --------
        >>> import netlink as nl
        >>> case = nl.datasets.synthetic_case(seed=1, size=200)
        >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        >>> assessment = nl.roles.assess(network)
        >>> to_reach = assessment.safeguarding(n=1).index[0]
        >>> bool(assessment.signs_of_harm(to_reach)["contribution"].sum() > 0)
        True
        """
        return evidence.of_harm(self.inference, self.model, self.records, self._code(person))

    def _repr_html_(self) -> str:
        open_ = ~self._is_protected
        likely = {role: score[open_] >= 0.5 for role, score in self.inference.score.items()}
        counts = {
            "score at least 0.5": {role: int(found.sum()) for role, found in likely.items()},
            "people to protect left out": dict.fromkeys(likely, int((~open_).sum())),
        }
        return page(repr(self), {"Leads by role": pd.DataFrame(counts).reindex(list(likely))})

    def __repr__(self) -> str:
        return (
            f"<RoleAssessment of {self.records.n_people:,} people and "
            f"{len(self.inference.roles)} roles>"
        )
