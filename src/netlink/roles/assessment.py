"""The answer of an assessment: scores, leads, safeguarding, evidence."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, near
from netlink.roles import words
from netlink.roles.inference import Inference, harm_discount, pattern_total
from netlink.roles.intervals import rank_draws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records

__all__ = ["RoleAssessment"]


@dataclass(frozen=True, repr=False, eq=False)
class RoleAssessment:
    """Role scores of every person, with the evidence for each; made by `netlink.roles.assess`.

    A role score is a reading of records, not a verdict: it says how strongly the records of this
    network speak for a person having done what the role does. It is no probability of guilt and no
    prediction, and it misleads where records of one kind are missing for some people only.

    Attributes
    ----------
    network : Network
        What was assessed.
    model : RoleModel
        The weights used.
    seed : int
        Seed of the resampling behind the rank intervals.
    """

    network: Network
    model: RoleModel
    seed: int
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
    def _is_protected(self) -> NDArray[np.bool_]:
        """Whether any reference of each person carries a protected status."""
        known = self.network.vocabulary.protection_statuses
        flags = self._status.map(lambda word: known[word].is_protected).to_numpy(dtype=bool)
        found = np.zeros(self.records.n_people, dtype=bool)
        found[self._person[flags]] = True
        return found

    @property
    def scores(self) -> pd.DataFrame:
        """Role scores from 0 to 1, a row a person of the network, a column a role.

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
            Indexed by ``entity_id``: ``rank``, ``score``, ``rank_low`` and ``rank_high`` (5th and
            95th percentile of the rank when a fifth of the records is missing at random),
            ``share_in_top`` (share of those draws in the top n) and ``protection_status``. A person
            with several references stands under the smallest id.

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
            The same shape as `leads`; ``score`` says how strongly the records speak for the person
            being a victim. Identified victims are left out: they have been reached.

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
        return self._ranked(self.inference.victim, ~reached, n, None)

    def _ranked(
        self, score: NDArray[np.float64], eligible: NDArray[np.bool_], n: int, role: str | None
    ) -> pd.DataFrame:
        if not isinstance(n, int) or isinstance(n, bool) or n < 1:
            raise ArgumentError(f"'n' must be a positive integer, got {n!r}.")
        people = np.flatnonzero(eligible)
        # People are numbered in the order of their first reference: a stable sort breaks ties by id.
        order = people[np.argsort(-score[people], kind="stable")][:n]
        draws = rank_draws(self.inference, self.model, eligible, order, role, self.seed)
        reference = np.full(self.records.n_people, -1)
        reference[self._person[::-1]] = np.arange(len(self._person))[::-1]
        at = reference[order]
        low, high = (
            np.percentile(draws, [5, 95], axis=0) if len(order) else (np.empty(0), np.empty(0))
        )
        return pd.DataFrame(
            {
                "rank": np.arange(1, len(order) + 1),
                "score": score[order],
                "rank_low": np.floor(low).astype(np.int64),
                "rank_high": np.ceil(high).astype(np.int64),
                "share_in_top": (draws <= n).mean(axis=0) if len(order) else np.empty(0),
                "protection_status": self._status.iloc[at].to_numpy(),
            },
            index=self._ids[at],
        )

    def evidence(self, person: str, role: str) -> pd.DataFrame:
        """Return what speaks for and against a role of one person.

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
        code = int(self.records.person_of[self.network.positions([person])[0]])
        if code < 0:
            raise ArgumentError("'person' must be an entity of type 'person'; this one is not.")
        items = [*self._stated(code, role), *self._patterned(code, role)]
        table = pd.DataFrame(
            items, columns=["contribution", "pattern", "relationship_ids", "documents", "words"]
        )
        return table.sort_values("contribution", ascending=False, kind="stable", ignore_index=True)

    def _stated(self, code: int, role: str) -> list[tuple[float, str, list[str], list[str], str]]:
        sources = self.inference.sources[role]
        own = sources.rows[sources.rows["person"] == code]
        items = []
        for _, source in sources.of(code, self.model.repeat).iterrows():
            rows = np.unique(own.loc[own["source"] == source["source"], "row"])
            ids, documents = self._named(rows)
            confidence = self.records.confidence[rows]
            best = float(np.nanmax(confidence)) if not np.isnan(confidence).all() else float("nan")
            text = words.of_source(list(self.records.kinds[rows]), len(rows), best, bool(documents))
            items.append((float(source["nats"]), "recorded_act", ids, documents, text))
        return items

    def _patterned(
        self, code: int, role: str
    ) -> list[tuple[float, str, list[str], list[str], str]]:
        found = self.inference
        items = []
        for name, pattern in self.model.patterns.items():
            value = float(found.said[name][code])
            if pattern.role != role or value <= 0.0:
                continue
            like = found.likelihood(pattern.counterpart, role)
            ids, documents = self._named(self._behind(name, code, like))
            text = words.of_pattern(name, found.contrasts[name], code)
            items.append((value, name, ids, documents, text))
        total = pattern_total(role, found.said, self.model)
        taken = float(harm_discount(total, found.own_harm, self.model)[code])
        if taken < -0.01:
            rows = found.harm.rows
            ids, documents = self._named(np.unique(rows.loc[rows["person"] == code, "row"]))
            items.append((taken, "own_harm", ids, documents, words.HARM))
        return items

    def _behind(self, name: str, code: int, like: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return the records of the counterparts who count for more than chance."""
        table = self.inference.pairs[name].records
        a = table["a"].to_numpy()
        part = table.iloc[np.searchsorted(a, code) : np.searchsorted(a, code, side="right")]
        counts = like[part["b"].to_numpy(dtype=np.int64)] > self.inference.contrasts[name].rate
        return self.records.words_rows(part[counts])

    def _named(self, rows: NDArray[np.int64]) -> tuple[list[str], list[str]]:
        table = self.network.relationships.iloc[rows]
        documents = table["document"].dropna().unique()
        return sorted(table.index), sorted(documents)

    def _check_role(self, role: str) -> None:
        if role not in self.inference.roles:
            raise ArgumentError(
                f"'role' must be one of {self.inference.roles}, got '{role}'."
                f"{near(str(role), self.inference.roles)}"
            )

    def __repr__(self) -> str:
        return (
            f"<RoleAssessment of {self.records.n_people:,} people and "
            f"{len(self.inference.roles)} roles>"
        )
