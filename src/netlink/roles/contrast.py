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
    n: int,
    kept: NDArray[np.bool_] | None = None,
) -> Contrast:
    """Compare the share of a person's counterparts that fit with the share of everyone's.

    The log-likelihood ratio of a binomial share at its best against the share of all pairs together
    (Dunning 1993), zero where the person's share is no larger. One occasion is no pattern: the
    ratio is scaled by k / (k + 1). `kept` says which pairs count, where not all do.
    """
    weight = pairs.fit * likelihood[pairs.b]
    count = np.ones(len(weight)) if kept is None else kept.astype(float)
    weight = weight * count
    if pairs.groups:
        (order, starts, who), (order_b, starts_b, who_b) = pairs.groups
        weights = np.maximum.reduceat(weight[order], starts)
        units = np.bincount(who, np.maximum.reduceat(count[order], starts), minlength=n)
        by_person = np.maximum.reduceat(weight[order_b], starts_b)
        fitting = np.minimum(
            np.bincount(who, weights, minlength=n), np.bincount(who_b, by_person, minlength=n)
        )
    else:
        weights = weight
        units = np.bincount(pairs.a, count, minlength=n)
        fitting = np.bincount(pairs.a, weight, minlength=n)
    total = float(units.sum())
    rate = float(np.clip(weights.sum() / total if total else 0.0, *bounds))
    share = np.divide(fitting, units, out=np.zeros(n), where=units > 0)
    rest = units - fitting
    with np.errstate(divide="ignore", invalid="ignore"):
        hits = np.where(fitting > 0, fitting * np.log(share / rate), 0.0)
        misses = np.where(rest > 1e-9, rest * np.log((1 - share) / (1 - rate)), 0.0)
    nats = np.where(share > rate, hits + misses, 0.0) * fitting / (fitting + 1.0)
    return Contrast(fitting, units, rate, np.maximum(nats, 0.0))


def explained(
    pairs: Pairs,
    victim: NDArray[np.float64],
    propensity: NDArray[np.float64],
    unrecorded: float,
    n: int,
) -> NDArray[np.float64]:
    """Return how many likely victims each person explains, beyond chance.

    Someone recruited, moved or housed each victim: one victim's weight is shared out among those
    whose records fit, by how likely each holds the role, with a share for people not recorded.
    """
    a, b, fit = pairs.once
    weight = fit * propensity[a]
    around = np.bincount(b, weight, minlength=n) + unrecorded
    share = victim[b] * weight / around[b]
    mine = np.bincount(a, share, minlength=n)
    count = np.bincount(a, minlength=n)
    rate = share.sum() / max(len(a), 1)
    found: NDArray[np.float64] = np.maximum(mine - count * rate, 0.0)
    return found
