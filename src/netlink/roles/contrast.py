"""How far a count exceeds what chance would give."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.tables import Table

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Contrast:
    """Per person: units that fit, units in all, the chance rate, and the log-likelihood ratio."""

    fitting: Floats
    total: Floats
    rate: float
    nats: Floats


@dataclass(frozen=True)
class Reading:
    """A table read with how likely everybody is what counts; each part when it is asked for.

    Arrays stand in the order of the table's `people`: nobody else has a counterpart that fits.
    """

    table: Table
    like: Floats
    before: float  # how likely somebody is of whom nothing is known
    bounds: tuple[float, float]  # of the chance rate

    @cached_property
    def _weights(self) -> tuple[Floats, float]:
        return self.table.weights(self.like)

    @property
    def fitting(self) -> Floats:
        """Units that fit, weighted by likelihood."""
        return self._weights[0]

    @cached_property
    def rate(self) -> float:
        """Share of all units that fit, within its bounds."""
        low, high = self.bounds
        return min(max(self._weights[1] / max(self.table.n_units, 1.0), low), high)

    @cached_property
    def share(self) -> Floats:
        """Share of the units of each person that fit."""
        return self.fitting / self.table.own_units

    @cached_property
    def nats(self) -> Floats:
        """Compare the share of a person's counterparts that fit with the share of everyone's.

        The log-likelihood ratio of a binomial share at its best against the share of all pairs
        together (Dunning 1993), zero where the person's share is no larger. One occasion is no
        pattern: the ratio is scaled by k / (k + 1).
        """
        nats = np.zeros(len(self.table.people))
        at = np.flatnonzero(self.share > self.rate + 1e-9)
        fitting, share = self.fitting[at], self.share[at]
        rest = self.table.own_units[at] - fitting
        left = np.where(rest > 1e-9, 1 - share, 1.0)
        misses = np.where(rest > 1e-9, rest * np.log(left / (1 - self.rate)), 0.0)
        found = fitting * np.log(share / self.rate) + misses
        nats[at] = np.maximum(found * fitting / (fitting + 1.0), 0.0)
        return nats

    @cached_property
    def nearest(self) -> Floats:
        """How far the likeliest counterpart is likelier than somebody of whom nothing is known."""
        return self.table.fits.most(beyond(self.like[self.table.others], self.before))

    def explained(self, victim: Floats, propensity: Floats, unrecorded: float) -> Floats:
        """Return how many likely victims each person explains, beyond chance.

        Someone recruited, moved or housed each victim: one victim's weight is shared out among
        those whose records fit, by how likely each holds the role, with a share for people not
        recorded.
        """
        table, own = self.table, propensity[self.table.people]
        around = table.turned.sums(own) + unrecorded
        part = own * table.fits.sums(victim[table.others] / around)
        rate = part.sum() / max(table.pairs.sum(), 1.0)
        more = part - rate * table.pairs[table.people]
        # Who explains just what chance gives is not singled out by the last digit.
        return np.where(more > 1e-9, more, 0.0)

    def of_everybody(self) -> Contrast:
        """Return what stands in a result, in the order of everybody."""
        fitting, nats = np.zeros((2, len(self.like)))
        fitting[self.table.people], nats[self.table.people] = self.fitting, self.nats
        return Contrast(fitting, self.table.units, self.rate, nats)


def beyond(value: Floats, before: float) -> Floats:
    """Return how far a likelihood exceeds that of somebody of whom nothing is known."""
    found: Floats = np.maximum(value - before, 0.0) / (1.0 - before)
    # What only the last digit says is nothing.
    return np.where(found > 1e-9, found, 0.0)
