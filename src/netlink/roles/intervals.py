"""How far a rank moves when records are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.roles.inference import (
    Belief,
    beside_victims,
    bounded,
    company_by,
    evidence,
    says,
    sum_of,
)
from netlink.roles.tables import Table, table_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.inference import Inference
    from netlink.roles.model import RoleModel
    from netlink.roles.patterns import Pairs

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

    How likely everyone is a victim or holds a role stays as inferred; what is drawn again is which
    statements and which pairs of people the records still show.
    """
    rng = np.random.default_rng(seed)
    ranks = np.empty((_DRAWS, len(people)), dtype=np.int64)
    for draw in range(_DRAWS):
        if role is None:
            value = _victim_draw(found, model, rng)
        else:
            value = _role_draw(found, model, rng, role)
        ordered = np.sort(-value[eligible])
        ranks[draw] = np.searchsorted(ordered, -value[people], side="left") + 1
    return ranks


def _role_draw(
    found: Inference, model: RoleModel, rng: np.random.Generator, role: str
) -> NDArray[np.float64]:
    n = len(found.victim)
    sources = found.sources[role]
    stated = sources.total(n, model.repeat, rng.random(len(sources.table)) < _KEPT)
    said, belief = {}, Belief(found.victim, found.score, model)
    for name, pattern in model.patterns.items():
        if pattern.role == role:
            said[name] = says(pattern, _kept(found.pairs[name], n, rng), belief)
    return evidence(role, stated, bounded(said, model, found.score), found.harm.total, model)


def _victim_draw(
    found: Inference, model: RoleModel, rng: np.random.Generator
) -> NDArray[np.float64]:
    n = len(found.victim)
    sources = found.harm.sources
    kept = rng.random(len(sources.table)) < _KEPT
    own = found.harm.total - found.harm.stated + sources.total(n, model.repeat, kept)
    tables = {
        name: _kept(found.pairs[name], n, rng)
        for name, pattern in model.patterns.items()
        if pattern.company > 0 or pattern.role == "victim"
    }
    company = sum_of(company_by(tables, found.score, model, n), n)
    belief = Belief(found.victim, found.score, model)
    for name, pattern in model.patterns.items():
        if pattern.role == "victim":
            company += says(pattern, tables[name], belief)
    return own + beside_victims(company, found.score, model)


def _kept(pairs: Pairs, n: int, rng: np.random.Generator) -> Table:
    """Draw which pairs still show: a pair with several records is lost less easily."""
    kept = rng.random(len(pairs.a)) < 1.0 - (1.0 - _KEPT) ** pairs.n_records
    return table_of(pairs.only(kept), n)
