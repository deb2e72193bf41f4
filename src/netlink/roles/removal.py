"""Which few records a lead rests on: those without which it would be none."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations
from math import comb
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from tqdm import tqdm

from netlink.errors import ArgumentError
from netlink.roles import parts
from netlink.roles.inference import infer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records

__all__ = ["Change"]


@dataclass(frozen=True, repr=False, eq=False, kw_only=True)
class Change:
    """The records without which a role score would fall.

    Made by `RoleAssessment.what_would_change`.

    Attributes
    ----------
    relationships : pandas.DataFrame
        Indexed by ``relationship_id``: ``relationship_type``, ``document``, ``dataset``, ``start``
        and ``confidence`` of the records. Empty where the score is under ``below`` as it stands, or
        where it would stay above without every record that the evidence cites.
    score, score_without : float
        The role score, and what it is when the network is assessed again without those records
        (without every record cited, where that is not enough).
    below : float
        The score to fall under.
    is_enough : bool
        Whether the score falls under it.
    is_smallest : bool
        Whether every smaller set among the records cited was tried. Otherwise the set is one that
        holds nothing to spare: each of its records is needed, yet a smaller one may exist.
    n_assessed : int
        How often the network was assessed again.

    Examples
    --------
    >>> import netlink as nl
    >>> karate = nl.roles.assess(nl.datasets.karate_club())
    >>> karate.what_would_change("0", "recruiter")
    <Change: the score 0.01 is under 0.50 as it stands>
    """

    relationships: pd.DataFrame
    score: float
    score_without: float
    below: float
    is_enough: bool
    is_smallest: bool
    n_assessed: int

    def __repr__(self) -> str:
        if self.score < self.below:
            return f"<Change: the score {self.score:.2f} is under {self.below:.2f} as it stands>"
        if not self.is_enough:
            return (
                f"<Change: without any record cited the score {self.score:.2f} would still be "
                f"{self.score_without:.2f}>"
            )
        kind = "the fewest" if self.is_smallest else "none to spare"
        n = len(self.relationships)
        return (
            f"<Change: without {n:,} record{'s' * (n != 1)} ({kind}) the score {self.score:.2f} "
            f"would be {self.score_without:.2f}>"
        )


@dataclass
class _Search:
    """Assess a network again and again without some records."""

    records: Records
    model: RoleModel
    roles: list[str]
    role: str
    person: int
    below: float
    advance: Callable[[], object]
    known: dict[frozenset[str], float] = field(default_factory=dict)

    @cached_property
    def _ids(self) -> pd.Index:
        return pd.Index(self.records.ids)

    def without(self, records: Sequence[str]) -> float:
        """Return the score when these records are missing."""
        key = frozenset(records)
        if key not in self.known:
            left_out = np.flatnonzero(self._ids.isin(key))
            part = parts.without(self.records, left_out)
            found = infer(part, self.model, self.roles)
            self.known[key] = float(found.score[self.role][self.person])
            self.advance()
        return self.known[key]

    def falls(self, records: Sequence[str]) -> bool:
        """Whether the score falls without these records."""
        return self.without(records) < self.below


def find(
    records: Records,
    model: RoleModel,
    roles: list[str],
    person: int,
    role: str,
    evidence: pd.DataFrame,
    score: float,
    *,
    below: float,
    tries: int,
    progress: bool,
) -> Change:
    """Look for the fewest of the records cited without which a score falls."""
    if isinstance(below, bool) or not isinstance(below, (int, float)) or not 0 < below < 1:
        raise ArgumentError(f"'below' must be a number between 0 and 1, got {below!r}.")
    if isinstance(tries, bool) or not isinstance(tries, int) or tries < 0:
        raise ArgumentError(f"'tries' must be an integer of at least 0, got {tries!r}.")
    cited = _strongest_first(evidence)
    with tqdm(disable=not progress, unit="assessment") as bar:
        search = _Search(records, model, roles, role, person, below, bar.update)
        if score < below:
            return _change(search, [], score, score, is_enough=True, is_smallest=True)
        # What is made of all records is made once; a part makes anew only what it changes.
        search.records = parts.remembering(records)
        infer(search.records, model, roles)
        if not search.falls(cited):
            return _change(search, [], score, search.without(cited), is_enough=False)
        enough = _thinned(search, _prefix(search, cited))
        fewer, is_smallest = _fewest(search, cited, len(enough), tries)
        chosen = fewer or enough
        after = search.without(chosen)
        return _change(search, chosen, score, after, is_enough=True, is_smallest=is_smallest)


def _strongest_first(evidence: pd.DataFrame) -> list[str]:
    """Order the records that speak for the role by what each is worth, at an even share."""
    table = evidence[evidence["contribution"] > 0]
    worth: dict[str, float] = {}
    for nats, ids in zip(table["contribution"], table["relationship_ids"], strict=True):
        for name in ids:
            worth[name] = worth.get(name, 0.0) + nats / len(ids)
    return sorted(worth, key=lambda name: (-worth[name], name))


def _prefix(search: _Search, cited: list[str]) -> list[str]:
    """Halve the way to a first part of the list without which the score falls."""
    low, high = 0, len(cited)  # falls without the first `high`, stands without the first `low`
    while high - low > 1:
        middle = (low + high) // 2
        if search.falls(cited[:middle]):
            high = middle
        else:
            low = middle
    return cited[:high]


def _thinned(search: _Search, enough: list[str]) -> list[str]:
    """Put records back, weakest first, many at a time and then one by one, while it still falls."""
    size = len(enough) // 2
    while size >= 1:
        at = len(enough)
        while at > 0:
            rest = enough[: max(at - size, 0)] + enough[at:]
            if search.falls(rest):
                enough = rest
            at -= size
        # After something was put back one by one, others may have become dispensable: once more.
        again = size == 1 and any(
            search.falls([other for other in enough if other != name]) for name in enough
        )
        size = 1 if again else size // 2
    return enough


def _fewest(search: _Search, cited: list[str], most: int, tries: int) -> tuple[list[str], bool]:
    """Try every smaller set, smallest first, as long as there are tries enough for all of a size.

    Returns a smaller set, if there is one, and whether no set can be smaller than what is known.
    """
    names = sorted(cited)
    for size in range(1, most):
        tries -= comb(len(names), size)
        if tries < 0:
            return [], False
        for chosen in combinations(names, size):
            if search.falls(chosen):
                return list(chosen), True
    return [], True


def _change(
    search: _Search,
    chosen: list[str],
    score: float,
    after: float,
    *,
    is_enough: bool,
    is_smallest: bool = False,
) -> Change:
    columns = ["relationship_type", "document", "dataset", "start", "confidence"]
    return Change(
        relationships=search.records.network.relationships.loc[sorted(chosen), columns],
        score=score,
        score_without=after,
        below=search.below,
        is_enough=is_enough,
        is_smallest=is_smallest,
        n_assessed=len(search.known),
    )
