"""How far a count exceeds what chance would give."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.patterns import Pairs


@dataclass(frozen=True)
class Contrast:
    """Per person: units that fit, units in all, the chance rate, and the log-likelihood ratio."""

    fitting: NDArray[np.float64]
    total: NDArray[np.float64]
    rate: float
    nats: NDArray[np.float64]


def against_chance(
    pairs: Pairs,
    likelihood: NDArray[np.float64],
    bounds: tuple[float, float],
    kept: NDArray[np.bool_] | None = None,
) -> Contrast:
    """Compare the share of a person's counterparts that fit with the share of everyone's.

    The log-likelihood ratio of a binomial share at its best against the share of all pairs together
    (Dunning 1993), zero where the person's share is no larger. One occasion is no pattern: the
    ratio is scaled by k / (k + 1). `kept` says which pairs count, where not all do.
    """
    n = len(likelihood)
    weight = pairs.fit * likelihood[pairs.b]
    count = np.ones(len(weight)) if kept is None else kept.astype(float)
    weight = weight * count
    if pairs.groups:
        (order, starts, who), (order_b, starts_b, who_b) = pairs.groups
        weights = np.maximum.reduceat(weight[order], starts)
        units = _totals(who, np.maximum.reduceat(count[order], starts), n)
        by_person = np.maximum.reduceat(weight[order_b], starts_b)
        fitting = np.minimum(_totals(who, weights, n), _totals(who_b, by_person, n))
    else:
        weights = weight
        units = _totals(pairs.a, count, n)
        fitting = _totals(pairs.a, weight, n)
    total = float(units.sum())
    rate = float(np.clip(weights.sum() / total if total else 0.0, *bounds))
    share = np.divide(fitting, units, out=np.zeros(n), where=units > 0)
    rest = units - fitting
    with np.errstate(divide="ignore", invalid="ignore"):
        hits = np.where(fitting > 0, fitting * np.log(share / rate), 0.0)
        misses = np.where(rest > 1e-9, rest * np.log((1 - share) / (1 - rate)), 0.0)
    nats = np.where(share > rate + 1e-9, hits + misses, 0.0) * fitting / (fitting + 1.0)
    return Contrast(fitting, units, rate, np.maximum(nats, 0.0))


def explained(
    pairs: Pairs,
    victim: NDArray[np.float64],
    propensity: NDArray[np.float64],
    unrecorded: float,
    kept: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Return how many likely victims each person explains, beyond chance.

    Someone recruited, moved or housed each victim: one victim's weight is shared out among those
    whose records fit, by how likely each holds the role, with a share for people not recorded.
    """
    n = len(victim)
    a, b, fit = pairs.once
    count = np.ones(len(a)) if kept is None else pairs.once_kept(kept).astype(float)
    weight = count * fit * propensity[a]
    around = _totals(b, weight, n) + unrecorded
    share = victim[b] * weight / around[b]
    rate = share.sum() / max(count.sum(), 1.0)
    beyond = _totals(a, share, n) - rate * _totals(a, count, n)
    # Who explains just what chance gives is not singled out by the last digit.
    return np.where(beyond > 1e-9, beyond, 0.0)


def _totals(who: NDArray[np.int64], values: NDArray[np.float64], n: int) -> NDArray[np.float64]:
    # Without rows bincount answers in whole numbers.
    return np.bincount(who, values, minlength=n).astype(float)
