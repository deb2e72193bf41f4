"""What a reader asks of a score: why, why not, what it hangs on, what was not read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from netlink.errors import ArgumentError, near
from netlink.roles import against, elements, evidence, removal, telling, unread

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from netlink.network import Network
    from netlink.roles.inference import Inference
    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records


class Questions:
    """Questions about one score or the whole of an assessment."""

    network: Network
    model: RoleModel
    records: Records
    inference: Inference

    def explain(self, person: str, role: str) -> str:
        """Tell a role score in plain sentences, without names.

        For a reader who does not read log-odds: the score, what speaks for it and against it,
        strongest first, and what has no record. The figures behind are those of `evidence` and
        `why_not`.

        Parameters
        ----------
        person : str
            Entity id of a person.
        role : str
            A role of the vocabulary.

        Returns
        -------
        str
            A line a sentence; no id, name or label stands in it.

        Raises
        ------
        UnknownEntityError
            The id is not in the network.
        ArgumentError
            The entity is no person, or the role is not in the vocabulary.

        Examples
        --------
        >>> import netlink as nl
        >>> karate = nl.roles.assess(nl.datasets.karate_club())
        >>> print(karate.explain("0", "financier").splitlines()[0])
        Financier: role score 0.01. Its records speak more against it than for it.
        """
        code = self._asked(person, role)
        label = self.network.vocabulary.roles[role].label
        score = float(self.inference.score[role][code])
        is_protected = bool(self.network.is_protected[person])
        return telling.of(
            label, score, is_protected, self._evidence(code, role), self._why_not(code, role)
        )

    def why_not(self, person: str, role: str) -> pd.DataFrame:
        """Return why a role score is no higher.

        It misleads where it is read as exonerating: a pattern without records may be one that
        nobody looked for.

        Parameters
        ----------
        person : str
            Entity id of a person.
        role : str
            A role of the vocabulary.

        Returns
        -------
        pandas.DataFrame
            A row a reason: ``reason`` ("against": it takes away from the score; "no records": there
            is none that could show it; "no more than chance": there are some, and they say nothing;
            "short": what would bring the score to 0.5, where it is lower), ``pattern``,
            ``contribution`` (nats), ``relationship_ids``, ``documents`` and ``words``.

        Raises
        ------
        UnknownEntityError
            The id is not in the network.
        ArgumentError
            The entity is no person, or the role is not in the vocabulary.

        Examples
        --------
        >>> import netlink as nl
        >>> karate = nl.roles.assess(nl.datasets.karate_club())
        >>> sorted(set(karate.why_not("0", "harbourer")["reason"]))
        ['no more than chance', 'no records', 'short']
        """
        return self._why_not(self._asked(person, role), role)

    def what_would_change(
        self,
        person: str,
        role: str,
        *,
        below: float = 0.5,
        tries: int = 200,
        progress: bool = False,
    ) -> removal.Change:
        """Find the fewest records without which a score falls.

        The network is assessed again without them, everybody's likelihood included. The records
        are sought among those that the evidence cites for the role. A first set is found by taking
        away the strongest and putting back what can be spared; then every smaller set is tried, as
        far as ``tries`` goes. A lead that hangs on one record needs that record checked first.
        It takes as long as a few dozen assessments, and ``tries`` more.

        Parameters
        ----------
        person : str
            Entity id of a person.
        role : str
            A role of the vocabulary.
        below : float, default 0.5
            The score to fall under, between 0 and 1: at 0.5 the records say no more for the role
            than against it, and a case no longer names a lead.
        tries : int, default 200
            Most smaller sets to try; 0 for none.
        progress : bool, default False
            Show a progress bar.

        Returns
        -------
        netlink.roles.Change
            The records, the score with and without them, and whether fewer could do.

        Raises
        ------
        UnknownEntityError
            The id is not in the network.
        ArgumentError
            The entity is no person, the role is not in the vocabulary, or a number is out of range.

        Examples
        --------
        >>> import netlink as nl
        >>> made_up = nl.datasets.synthetic_case(seed=1, size=100)
        >>> network = nl.read_tables(
        ...     made_up.entities, made_up.relationships, schema=made_up.schema
        ... )
        >>> assessment = nl.roles.assess(network)
        >>> lead = assessment.leads("exploiter", n=1).index[0]
        >>> assessment.what_would_change(lead, "exploiter", tries=0).is_enough
        True
        """
        code = self._asked(person, role)
        return removal.find(
            self.records,
            self.model,
            self.inference.roles,
            code,
            role,
            self._evidence(code, role),
            float(self.inference.score[role][code]),
            below=below,
            tries=tries,
            progress=progress,
        )

    @property
    def unexplained(self) -> pd.DataFrame:
        """Rows that the model could not use, with the reason.

        ``relationship_type``, ``reason`` and ``rows``, most first. A large figure is a question
        about the tables: a type mapped onto a word that no pattern reads, phones without a holder,
        records without a date. Rows that were used, yet have no date, stand here too: they count
        where order in time is not asked for.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.roles.assess(nl.datasets.karate_club()).unexplained["rows"].sum()
        np.int64(78)
        """
        return unread.find(self.records, self.model, self.inference.roles)

    def elements(
        self,
        people: str | Iterable[str] | None = None,
        *,
        law: Literal["palermo", "tvpa"] = "palermo",
    ) -> pd.DataFrame:
        """Lay people's acts out by element of the offence.

        Parameters
        ----------
        people : str or iterable of str, optional
            Ids of the people who acted; without it, whoever did.
        law : {"palermo", "tvpa"}, default "palermo"
            Whose elements.

        Returns
        -------
        pandas.DataFrame
            As `netlink.roles.elements` returns it.

        Raises
        ------
        UnknownEntityError
            Somebody is not in the network.
        ArgumentError
            Somebody is no person, or the law is not one of the two.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.roles.assess(nl.datasets.karate_club()).elements("0")["state"].unique().tolist()
        ['missing']
        """
        return elements.of_records(self.records, people, law)

    def _asked(self, person: str, role: str) -> int:
        self._check_role(role)
        return self._code(person)

    def _evidence(self, code: int, role: str) -> pd.DataFrame:
        return evidence.of_role(self.inference, self.model, self.records, code, role)

    def _why_not(self, code: int, role: str) -> pd.DataFrame:
        table = self._evidence(code, role)
        return against.find(self.inference, self.model, self.records, code, role, table)

    def _code(self, person: str) -> int:
        code = int(self.records.person_of[self.network.positions([person])[0]])
        if code < 0:
            raise ArgumentError("'person' must be an entity of type 'person'; this one is not.")
        return code

    def _check_role(self, role: str) -> None:
        if role not in self.inference.roles:
            raise ArgumentError(
                f"'role' must be one of {self.inference.roles}, got '{role}'."
                f"{near(str(role), self.inference.roles)}"
            )
