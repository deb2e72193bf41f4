"""What weights are learned from: each reading of an assessment with weight one, a row a person."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from netlink.roles.contrast import beyond
from netlink.roles.inference import measures, sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.inference import Inference
    from netlink.roles.model import RoleModel

    Floats = NDArray[np.float64]

READINGS = ("weight", "explains", "nearest")
_SHARES = (0.02, 0.999)  # bounds of an estimated share of holders who are confirmed


class Solution(NamedTuple):
    """The weights, and the share of holders who are confirmed."""

    weights: Floats
    share: float


def of_role(found: Inference, model: RoleModel, role: str) -> tuple[list[tuple[str, str]], Floats]:
    """Return pattern and reading of each weight of a role, or of "victim", and what it reads.

    With everybody's likelihood held fixed, the columns times the model's weights add up to what the
    patterns say: where a cap or a bound holds something back, and where own signs of harm take it
    back, the columns are less by the same share.
    """
    n = len(found.victim)
    names, columns = [], []
    before = float(sigmoid(np.array(model.victim_prior)))
    shown = beyond(sigmoid(model.victim_prior + found.harm.total), before)
    for name, pattern in model.patterns.items():
        if pattern.role != role:
            continue
        parts = measures(pattern, found.pairs[name], found.victim, found.score, model)[1]
        weights = [getattr(pattern, reading) for reading in READINGS]
        said = np.sum([w * part for w, part in zip(weights, parts, strict=True)], axis=0)
        left = np.divide(found.said[name], said, out=np.ones(n), where=said > 0)
        if role != "victim":
            left = left * (1.0 - model.own_harm * pattern.harm_discount * shown)
        for reading, weight, part in zip(READINGS, weights, parts, strict=True):
            if weight > 0:
                names.append((name, reading))
                columns.append(part * left)
    return names, np.array(columns).reshape(len(columns), n).T


def solve(
    x: Floats,
    offset: Floats,
    confirmed: Floats,
    *,
    centre: Floats,
    penalty: Floats,
    bounds: list[tuple[float, float]],
    count: Floats | None = None,
    share: float | None = None,
) -> Solution:
    """Return the weights under which what is confirmed is likeliest, drawn towards a centre.

    A logistic model of who holds the role, of whom a share is confirmed, whatever the records say
    (Elkan and Noto 2008, lemma 1): the share is estimated too, unless it is given.
    """
    from scipy.optimize import minimize

    count = np.ones(len(x)) if count is None else count
    held = sigmoid(offset + x @ centre)
    start = confirmed.sum() / max(float(held.sum()), 1.0)
    start = float(np.clip(start, *_SHARES)) if share is None else share

    def loss(t: Floats) -> tuple[float, Floats]:
        weights, c = t[:-1], (share if share is not None else float(sigmoid(t[-1:])[0]))
        z = offset + x @ weights
        p = sigmoid(z)
        with np.errstate(divide="ignore"):
            open_ = z + np.log1p(-c)  # log-odds of holding it unconfirmed, against not holding it
        log = np.where(
            confirmed > 0,
            np.log(c) - np.logaddexp(0.0, -z),
            np.logaddexp(0.0, open_) - np.logaddexp(0.0, z),
        )
        slope = np.where(confirmed > 0, 1.0 - p, -c * p * sigmoid(-open_))
        by_share = np.where(confirmed > 0, 1.0 - c, -c * sigmoid(open_))
        off = weights - centre
        value = -(count * log).sum() + (penalty * off**2).sum()
        slopes = -(x.T @ (count * slope)) + 2.0 * penalty * off
        free = 0.0 if share is not None else -float((count * by_share).sum())
        return float(value), np.r_[slopes, free]

    odds = [float(np.log(s) - np.log1p(-s)) for s in (*_SHARES, min(start, _SHARES[1]))]
    limits = [*bounds, (odds[0], odds[1])]
    low, high = np.array(bounds).reshape(-1, 2).T
    found = minimize(
        loss, np.r_[np.clip(centre, low, high), odds[2]], jac=True, method="L-BFGS-B", bounds=limits
    ).x
    return Solution(found[:-1], start if share is not None else float(sigmoid(found[-1:])[0]))
