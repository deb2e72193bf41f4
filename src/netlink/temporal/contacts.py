"""Relationships as contacts: who can pass something on to whom, and when."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np

from netlink.network import periods
from netlink.temporal._arrivals import NEVER

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network

    Moments: TypeAlias = NDArray[np.int64]

Dates: TypeAlias = Literal["possible", "certain"]
Reading: TypeAlias = Literal["possible", "certain", "throughout"]


@dataclass(frozen=True)
class Contacts:
    """Contacts in the order of (opens, u, v, closes): their moments, ends and rows.

    Moments are microseconds since 1970 in UTC. A relationship read both ways makes two contacts.
    """

    opens: Moments
    closes: Moments
    u: NDArray[np.int32]
    v: NDArray[np.int32]
    row: NDArray[np.int32]
    n: int

    def alike(self, contact: int) -> list[int]:
        """Return the rows of the contacts that have ends and moments like those of one."""
        found = [int(self.row[contact])]
        for step in (-1, 1):
            k = contact + step
            while 0 <= k < len(self.u) and all(part[k] == part[contact] for part in self.arrays):
                found.append(int(self.row[k]))
                k += step
        return found

    @property
    def arrays(self) -> tuple[Moments, Moments, NDArray[np.int32], NDArray[np.int32]]:
        """What the passes run over."""
        return self.opens, self.closes, self.u, self.v

    def _by_entity(self, kept: NDArray[np.int64]) -> tuple[Moments, Moments]:
        start = np.zeros(self.n + 1, dtype=np.int64)
        np.cumsum(np.bincount(self.u[kept], minlength=self.n), out=start[1:])
        return start, kept[np.argsort(self.u[kept], kind="stable")]

    @cached_property
    def lasting(self) -> tuple[Moments, Moments]:
        """Contacts by entity that close after they open, CSR."""
        return self._by_entity(np.flatnonzero(self.closes > self.opens))

    @cached_property
    def by_entity(self) -> tuple[Moments, Moments]:
        """All contacts by entity, CSR."""
        return self._by_entity(np.arange(len(self.u)))

    @cached_property
    def crowded(self) -> NDArray[np.int64]:
        """Contacts to somebody of whom an earlier one of the same moment goes out."""
        some = np.flatnonzero(_is_shared(self.opens))
        moment = np.cumsum(np.diff(self.opens[some], prepend=self.opens[some][:1]) != 0)
        out, to = (moment * self.n + part[some] for part in (self.u, self.v))
        back = np.flatnonzero(to < out)
        at = np.searchsorted(out, to[back])  # sorted, as contacts are
        found: NDArray[np.int64] = some[back[out[at] == to[back]]]
        return found

    @cached_property
    def early(self) -> Moments:
        """Contacts that close before they open, in the order of closing."""
        found = np.flatnonzero(self.closes < self.opens)
        return found[np.argsort(self.closes[found], kind="stable")]

    @cached_property
    def is_reachable(self) -> NDArray[np.bool_]:
        """Which entities any contact leads to."""
        found = np.zeros(self.n, dtype=bool)
        found[self.v] = True
        return found

    @cached_property
    def backward(self) -> Contacts:
        """The same contacts with time and direction turned around."""
        return _sorted(-self.closes, -self.opens, self.v, self.u, self.row, self.n)


def _is_shared(opens: Moments) -> NDArray[np.bool_]:
    """Tell which contacts open at the same moment as the one before or after."""
    found = np.zeros(len(opens), dtype=bool)
    same = opens[1:] == opens[:-1]
    found[1:] = same
    found[:-1] |= same
    return found


def _sorted(
    opens: Moments,
    closes: Moments,
    u: NDArray[np.int32],
    v: NDArray[np.int32],
    row: NDArray[np.int32],
    n: int,
) -> Contacts:
    order = np.argsort(opens, kind="stable")
    shared = np.flatnonzero(_is_shared(opens[order]))  # few: the rest is in order already
    some = order[shared]
    keys: tuple[Moments, ...] = (u[some] * np.int64(n) + v[some], opens[some])
    if closes is not opens:
        keys = (closes[some], *keys)
    order[shared] = some[np.lexsort(keys)]
    closes = opens[order] if closes is opens else closes[order]
    opens = opens[order]
    if np.array_equal(opens, closes):
        closes = opens
    found = Contacts(opens, closes, u[order], v[order], row[order], n)
    for part in (*found.arrays, found.row):
        part.flags.writeable = False
    return found


def contacts(
    network: Network, reading: Reading, *, directed: bool | None, undated: bool
) -> Contacts:
    """Return the contacts of a network under a reading of its dates, kept for the next question.

    possible: dates fall as they help most. certain: one must be there by the first moment at which
    the contact may close, and has gone over it by the last at which it may open. throughout: the
    moments at which it is open under every reading.
    """
    kept: dict[tuple[Reading, bool | None, bool], Contacts] = network._contact_cache
    key = (reading, directed, undated)
    if key not in kept:
        kept[key] = _built(network, reading, directed, undated)
    return kept[key]


def _built(network: Network, reading: Reading, directed: bool | None, undated: bool) -> Contacts:
    start_first, start_last, end_first, end_last = spans(network).T
    is_precise = np.array_equal(start_first, start_last) and np.array_equal(end_first, end_last)
    if reading != "possible" and is_precise and not undated:
        return contacts(network, "possible", directed=directed, undated=False)
    opens, closes = (start_first, end_last) if reading == "possible" else (start_last, end_first)
    is_dated = start_first != NEVER
    source, target = network.codes
    usable = (source != target) & (end_last >= start_first)
    if reading == "throughout":
        usable &= opens <= closes
    if reading == "possible" and undated:
        opens = np.where(is_dated, opens, -NEVER)
    else:
        usable &= is_dated
    rows = np.flatnonzero(usable).astype(np.int32)
    back = rows[network._both_ways(directed)[rows]]
    row = np.concatenate([rows, back])
    u = np.concatenate([source[rows], target[back]])
    v = np.concatenate([target[rows], source[back]])
    return _sorted(opens[row], closes[row], u, v, row, network.n_entities)


def spans(network: Network, rows: list[int] | None = None) -> Moments:
    """Return the first and last moment of start and of end (columns), NEVER without a date."""
    table = network.relationship_table
    columns = periods.spans(table if rows is None else table.iloc[rows], network.tz)
    found = np.empty((len(table) if rows is None else len(rows), 4), dtype=np.int64)
    for j, column in enumerate(columns.values()):
        moments = column.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
        found[:, j] = np.where(np.isnat(moments), NEVER, moments.astype(np.int64))
    return found
