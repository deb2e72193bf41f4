"""How far a rank moves when records are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.roles.contrast import against_chance
from netlink.roles.inference import harm_discount, sigmoid

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.inference import Inference
    from netlink.roles.model import RoleModel

_DRAWS = 50
_KEPT = 0.8  # Montagna with a quarter of ties missing keeps 85 % of its top ten (methods.md)


def rank_draws(
    found: Inference,
    model: RoleModel,
    eligible: NDArray[np.bool_],
    people: NDArray[np.int64],
    role: str | None,
    seed: int,
) -> NDArray[np.int64]:
    """Return the rank of some people in each draw of four fifths of the records.

    How likely everyone is a victim or holds another role stays as inferred; what is drawn again is
    which statements and which pairs of people the records still show.
    """
    rng = np.random.default_rng(seed)
    n = len(eligible)
    ranks = np.empty((_DRAWS, len(people)), dtype=np.int64)
    for draw in range(_DRAWS):
        if role is None:
            value = _victim_draw(found, model, n, rng)
        else:
            value = _role_draw(found, model, n, rng, role)
        ordered = np.sort(-value[eligible])
        ranks[draw] = np.searchsorted(ordered, -value[people], side="left") + 1
    return ranks


def _role_draw(
    found: Inference, model: RoleModel, n: int, rng: np.random.Generator, role: str
) -> NDArray[np.float64]:
    sources = found.sources[role]
    stated = sources.total(n, model.repeat, rng.random(len(sources.table)) < _KEPT)
    total = np.zeros(n)
    for name, pattern in model.patterns.items():
        if pattern.role != role:
            continue
        pairs = found.pairs[name]
        kept = rng.random(len(pairs.a)) < 1.0 - (1.0 - _KEPT) ** pairs.n_records
        like = found.likelihood(pattern.counterpart, role)
        nats = against_chance(pairs, like, model.base_rate, n, kept).nats
        total += np.minimum(pattern.weight * nats, pattern.cap)
    return stated + total + harm_discount(total, found.own_harm, model)


def _victim_draw(
    found: Inference, model: RoleModel, n: int, rng: np.random.Generator
) -> NDArray[np.float64]:
    table = found.harm.table
    kept = rng.random(len(table)) < _KEPT
    own = (
        found.own_harm - found.harm.total(n, model.repeat) + found.harm.total(n, model.repeat, kept)
    )
    company = np.zeros(n)
    for name, pattern in model.patterns.items():
        if pattern.company > 0:
            pairs = found.pairs[name]
            here = rng.random(len(pairs.a)) < 1.0 - (1.0 - _KEPT) ** pairs.n_records
            most = np.zeros(n)
            value = pairs.fit * found.score[pattern.role][pairs.a] * here
            np.maximum.at(most, pairs.b, value)
            company += pattern.company * most
    return sigmoid(own + np.minimum(company, model.company_cap))
