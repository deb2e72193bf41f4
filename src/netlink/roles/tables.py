"""Pairs of a pattern from both sides: built once, read in every round of the inference.

Only pairs that fit stand in a table, and only people who have one, so that a round costs what the
records say and not how many people there are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.patterns import Pairs

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]


class Side(NamedTuple):
    """The rows of a table one after the other: where each starts, whom it holds, how they fit."""

    starts: Ints
    other: Ints
    fit: Floats

    def sums(self, value: Floats) -> Floats:
        """Add up fit times value in each row."""
        return self._reduced(np.add, value)

    def most(self, value: Floats) -> Floats:
        """Return the largest of fit times value in each row."""
        return self._reduced(np.maximum, value)

    def _reduced(self, ufunc: np.ufunc, value: Floats) -> Floats:
        if not len(self.starts):
            return np.zeros(0)
        found: Floats = ufunc.reduceat(self.fit * value[self.other], self.starts)
        return found


@dataclass(frozen=True)
class Table:
    """Who fits with whom."""

    people: Ints  # who fits with somebody
    others: Ints  # with whom
    fits: Side  # a row for each of `people`, in positions of `others`
    occasions: Side | None  # a row a unit, where units are not pairs
    owner: Ints  # position in `people` of whoever has each unit
    units: Floats  # of everybody, those that do not fit counted too
    pairs: Floats

    @cached_property
    def own_units(self) -> Floats:
        """The units of each of `people`."""
        return self.units[self.people]

    @cached_property
    def n_units(self) -> float:
        """The units of everybody together."""
        return float(self.units.sum())

    @cached_property
    def turned(self) -> Side:
        """A row for each of `others`, in positions of `people`."""
        starts, other, fit = self.fits
        row = np.repeat(np.arange(len(starts)), np.diff(starts, append=len(other)))
        order = np.argsort(other, kind="stable")
        return Side(_starts(other[order]), row[order], fit[order])

    def weights(self, like: Floats) -> tuple[Floats, float]:
        """Return the units of each of `people` that fit, at most one a counterpart, and of all."""
        near = like[self.others]
        by_pair = self.fits.sums(near)
        if self.occasions is None:
            return by_pair, float(by_pair.sum())
        units = self.occasions.most(near)
        by_unit = np.bincount(self.owner, units, minlength=len(self.people)).astype(float)
        return np.minimum(by_unit, by_pair), float(units.sum())


def table_of(pairs: Pairs, n: int) -> Table:
    """Build the table of some pairs among so many people."""
    a, b, fit = pairs.once
    kept = fit > 0
    others, place = _numbered(b[kept], n)
    starts = _starts(a[kept])
    people = a[kept][starts]
    fits = Side(starts, place[b[kept]], fit[kept])
    per_pair = np.bincount(a, minlength=n).astype(float)
    if not pairs.groups:
        return Table(people, others, fits, None, starts[:0], per_pair, per_pair)
    order, first, who = pairs.groups[0]
    unit = np.repeat(np.arange(len(first)), np.diff(first, append=len(order)))
    kept = pairs.fit[order] > 0
    order, unit = order[kept], unit[kept]
    starts = _starts(unit)
    occasions = Side(starts, place[pairs.b[order]], pairs.fit[order])
    owner = np.searchsorted(people, who[unit[starts]])
    units = np.bincount(who, minlength=n).astype(float)
    return Table(people, others, fits, occasions, owner, units, per_pair)


def _starts(sorted_: Ints) -> Ints:
    """Return where each run of equal numbers starts."""
    return np.flatnonzero(np.r_[True, sorted_[1:] != sorted_[:-1]][: len(sorted_)])


def _numbered(people: Ints, n: int) -> tuple[Ints, Ints]:
    """Return who is among them, and the position of each of those."""
    among = np.zeros(n, dtype=bool)
    among[people] = True
    return np.flatnonzero(among), np.cumsum(among) - 1
