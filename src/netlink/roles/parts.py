"""Records less some: whatever does not depend on those is taken over, not made again."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np

from netlink.roles.records import HOLDINGS, Records

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    import pandas as pd
    from numpy.typing import NDArray

T = TypeVar("T")
R = TypeVar("R", bound=Records)
# What no missing record changes: the columns and numbers of all.
_SHARED = (
    "_order",
    "ids",
    "ends",
    "kinds",
    "documents",
    "confidence",
    "day",
    "about",
    "amount",
    "types",
    "people",
    "person_of",
    "n_people",
    "_by_kind",
    "chains",
)


def remembering(records: Records) -> Records:
    """Return the same records, which remember what is made of them for parts that lack some."""
    return _sharing(records, _Whole(records.network))


def without(records: Records, rows: NDArray[np.int64]) -> Records:
    """Return the same records less some, none of which joins two references of one person."""
    whole = records if isinstance(records, _Whole) else _sharing(records, _Whole(records.network))
    return _sharing(whole, _Part(whole.network, whole, rows))


@dataclass(frozen=True)
class _Whole(Records):
    """Records that remember what was made of them."""

    known: dict[Hashable, Any] = field(default_factory=dict)

    def once(self, made: Callable[..., T], *given: Any) -> T:
        key = _key(made, given)
        if key not in self.known:
            # What was given is kept as well: while it is, its number is nobody else's.
            self.known[key] = (made(self, *given), given)
        found: T = self.known[key][0]
        return found

    def rows(self, kinds: Iterable[str]) -> NDArray[np.int64]:
        return self.once(Records.rows, frozenset(kinds))

    def between(self, kinds: Iterable[str]) -> pd.DataFrame:
        return self.once(Records.between, frozenset(kinds))

    def at(self, kinds: Iterable[str], objects: str) -> pd.DataFrame:
        return self.once(Records.at, frozenset(kinds), objects)

    def at_any(self, kinds: Iterable[str], objects: str) -> pd.DataFrame:
        return self.once(Records.at_any, frozenset(kinds), objects)


@dataclass(frozen=True)
class _Part(Records):
    """Records less those left out."""

    whole: _Whole
    left_out: NDArray[np.int64]

    def once(self, made: Callable[..., T], *given: Any) -> T:
        known = self.whole.known.get(_key(made, given))
        found: T = made(self, *given) if known is None else known[0]
        return found

    def rows(self, kinds: Iterable[str]) -> NDArray[np.int64]:
        found = self.whole.rows(kinds)
        kept = ~np.isin(found, self.left_out)
        return found if kept.all() else found[kept]

    @cached_property
    def holders(self) -> pd.DataFrame:
        if not len(self._unheld):
            return self.whole.holders
        return super().holders

    @cached_property
    def tenures(self) -> pd.DataFrame:
        return super().tenures if len(self._unheld) else self.whole.tenures

    def between(self, kinds: Iterable[str]) -> pd.DataFrame:
        return self._read(Records.between, frozenset(kinds))

    def at(self, kinds: Iterable[str], objects: str) -> pd.DataFrame:
        return self._read(Records.at, frozenset(kinds), objects)

    def at_any(self, kinds: Iterable[str], objects: str) -> pd.DataFrame:
        return self._read(Records.at_any, frozenset(kinds), objects)

    def _read(
        self, made: Callable[..., pd.DataFrame], kinds: frozenset[str], *objects: str
    ) -> pd.DataFrame:
        rows = self.whole.rows(kinds)
        if any(self._unheld[end[rows]].any() for end in self.ends if len(self._unheld)):
            return made(self, kinds, *objects)
        table = self.whole.once(made, kinds, *objects)
        gone = np.isin(table["row"].to_numpy(), self.left_out)
        return table[~gone].reset_index(drop=True) if gone.any() else table

    @cached_property
    def _unheld(self) -> NDArray[np.bool_]:
        """Whether each entity is one of which a holding is left out; empty where none is."""
        lost = self.left_out[np.isin(self.kinds[self.left_out].astype(str), HOLDINGS)]
        found = np.zeros(self.network.n_entities * bool(len(lost)), dtype=bool)
        found[self.ends[1][lost]] = True
        over, under = self.chains.to_numpy(dtype=np.int64).T
        found[self.ends[1][under[np.isin(over, lost)]]] = True
        return found


def _sharing(records: Records, other: R) -> R:
    vars(other).update({name: getattr(records, name) for name in _SHARED})
    return other


def _key(made: object, given: tuple[Any, ...]) -> Hashable:
    """Name a question by what was asked: words and numbers by value, all else by itself."""
    plain = (str, int, float, frozenset)
    return (made, *(one if isinstance(one, plain) else ("id", id(one)) for one in given))
