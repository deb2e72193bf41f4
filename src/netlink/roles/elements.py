"""Act, means and purpose: which elements of the offence have records, and which have none."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, near
from netlink.roles import words
from netlink.roles.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.network import Network

__all__ = ["elements"]

_ELEMENTS = ("act", "means", "purpose")


@cache
def _laws() -> dict[str, Any]:
    return tomllib.loads((resources.files(__package__) / "laws.toml").read_text("utf-8"))


def elements(
    network: Network,
    /,
    *,
    people: str | Iterable[str] | None = None,
    law: Literal["palermo", "tvpa"] = "palermo",
) -> pd.DataFrame:
    """Lay recorded acts out by element of the offence.

    What a prosecutor asks of a file: which elements have records, from how many independent
    sources, how good, and which have none. Records are those whose type the vocabulary ties to an
    element; patterns and scores play no part. It misleads where it is read as a finding in law: a
    record of each element is a claim about each, and they may be of different people and times.
    Most signs of means never become a row of their own.

    Parameters
    ----------
    network : Network
        The records.
    people : str or iterable of str, optional
        Ids of the people who acted; without it, whoever did.
    law : {"palermo", "tvpa"}, default "palermo"
        Whose elements: the Palermo Protocol, Article 3, or the US Trafficking Victims Protection
        Act, where a child's means fall away for a commercial sex act alone.

    Returns
    -------
    pandas.DataFrame
        One row an element and its form: ``element`` (act, means or purpose), ``form``, ``state``
        ("recorded"; "doubtful", if the best grade says that it is likelier false than true;
        "missing"; "not required", for means that are missing where everybody acted on is a child
        and the law asks for none), ``sources`` (documents, and records without one),
        ``confidence`` and ``grade`` of the best record, ``n_people`` and ``n_children`` acted on
        in those records, ``relationship_ids`` and ``documents`` (lists of str), and ``words``. Own
        terms of a vocabulary stand after the law's.

    Raises
    ------
    UnknownEntityError
        Somebody is not in the network.
    ArgumentError
        Somebody is no person, or the law is not one of the two.

    References
    ----------
    Palermo Protocol (United Nations 2000), Article 3; 22 U.S.C. 7102.

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(seed=1, size=200)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> table = nl.roles.elements(network)
    >>> table.loc[table["element"] == "purpose", ["form", "state"]].to_numpy().tolist()
    [['exploitation', 'recorded']]
    """
    return of_records(Records(network), people, law)


def of_records(records: Records, people: str | Iterable[str] | None, law: str) -> pd.DataFrame:
    """Lay the acts of records out by element."""
    if law not in _laws():
        raise ArgumentError(
            f"'law' must be one of {list(_laws())}, got {law!r}.{near(str(law), _laws())}"
        )
    kinds = records.network.vocabulary.relationship_types
    spoken = [w for w, kind in kinds.items() if kind.act or kind.means or kind.purpose]
    pairs = records.between(spoken)
    if people is None:
        rows = records.rows(spoken)
    else:
        pairs = pairs[np.isin(pairs["a"], _codes(records, people))]
        rows = np.unique(pairs["row"].to_numpy(dtype=np.int64))
    is_child = _children(records)
    acted_on = np.unique(pairs["b"].to_numpy(dtype=np.int64))
    young = acted_on[is_child[acted_on]]
    reading = _Reading(records, _laws()[law], len(acted_on), len(young))
    found = []
    for element in _ELEMENTS:
        terms = np.array([getattr(kinds[kind], element) or "" for kind in records.kinds[rows]])
        known = {term for named in reading.law[element].values() for term in named}
        own = {term: [term] for term in sorted(set(terms.tolist()) - known - {""})}
        for form, named in {**reading.law[element], **own}.items():
            of_form = rows[np.isin(terms, named)]
            on = pairs.loc[pairs["row"].isin(of_form), "b"].unique()
            people_of = {"n_people": len(on), "n_children": int(is_child[on].sum())}
            found.append(
                {"element": element, "form": form} | reading.of(element, of_form, people_of)
            )
    texts = dict.fromkeys(["element", "form", "state", "grade", "words"], "str")
    return pd.DataFrame(found).astype(texts)


def _codes(records: Records, people: str | Iterable[str]) -> NDArray[np.int32]:
    asked = [people] if isinstance(people, str) else list(people)
    codes = records.person_of[records.network.positions(asked)]
    if (codes < 0).any():
        n = int((codes < 0).sum())
        raise ArgumentError(f"'people' must be entities of type 'person'; {n:,} are not.")
    return codes


def _children(records: Records) -> NDArray[np.bool_]:
    """Whether any reference of each person is recorded as a child."""
    status = records.network.entity_table["protection_status"].iloc[records.people]
    found = np.zeros(records.n_people, dtype=bool)
    found[records.person_of[records.people[(status == "child").to_numpy()]]] = True
    return found


@dataclass(frozen=True)
class _Reading:
    """Records read by one law, and how many were acted on in all of them."""

    records: Records
    law: dict[str, Any]
    n_people: int
    n_children: int

    def of(self, element: str, rows: NDArray[np.int64], people: dict[str, int]) -> dict[str, Any]:
        """Say which records one form of an element has, and how good they are."""
        named = pd.Series(self.records.documents[rows], dtype=object)
        confidence = self.records.confidence[rows]
        graded = bool((~np.isnan(confidence)).any())
        best = rows[np.nanargmax(confidence)] if graded else -1
        sources = int(named.nunique() + named.isna().sum())
        state = "recorded" if len(rows) else "missing"
        if graded and self.records.confidence[best] < 0.5:
            state = "doubtful"
        if state == "missing" and element == "means" and self._is_excused:
            state = "not required"
        table = self.records.network.relationships
        ids = self.records.ids
        return {
            "state": state,
            "sources": sources,
            "confidence": float(self.records.confidence[best]) if graded else np.nan,
            "grade": table["grade"].loc[ids[best]] if graded else None,
            **people,
            "relationship_ids": sorted(ids[rows]),
            "documents": sorted(named.dropna().unique()),
            "words": self._words(element, state, sources, len(rows), graded),
        }

    @property
    def _is_excused(self) -> bool:
        # Where a law lets the means fall away for some purposes only, nothing is marked so.
        everyone = 0 < self.n_people == self.n_children
        return everyone and bool(self.law["child_always"])

    def _words(self, element: str, state: str, sources: int, n: int, graded: bool) -> str:
        said = "No record speaks of it."
        if n:
            said = f"{words.counted(n, 'record')} from {words.counted(sources, 'source')}."
        if state == "doubtful":
            said += " The best of them is likelier false than true by its grade."
        elif n and not graded:
            said += " None is graded."
        if element == "means" and self.n_children:
            children = f"{self.n_children} of the {self.n_people} acted on"
            said += f" The means are {self.law['child']}: {children} are recorded as children."
        return said
