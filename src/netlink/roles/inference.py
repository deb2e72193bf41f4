"""Who is likely a victim and who holds which role inform each other, to a fixed point.

Every step is a function of arrays that stand in the order of ids, so the result does not depend on
the order of the rows. Company is capped: nobody is condemned by it alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from netlink.roles import acts, patterns
from netlink.roles.contrast import Contrast, against_chance, explained
from netlink.roles.harm import Harm, signs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netlink.roles.model import Pattern, RoleModel
    from netlink.roles.patterns import Pairs
    from netlink.roles.records import Records

    Floats = NDArray[np.float64]

COMPANY = ("company", "coordination")  # tables of pairs in which people are merely in touch
_ROUNDS = 200
_STILL = 1e-4


@dataclass(frozen=True)
class Inference:
    """The fixed point and everything it is made of."""

    roles: list[str]
    sources: dict[str, acts.Sources]
    harm: Harm
    pairs: dict[str, Pairs]
    contrasts: dict[str, Contrast]
    said: dict[str, Floats]  # nats each pattern says of each person
    victim: Floats
    score: dict[str, Floats]


def infer(records: Records, model: RoleModel, roles: list[str]) -> Inference:
    """Run the model to its fixed point."""
    n = records.n_people
    sources = acts.by_role(records, model, roles)
    harm = signs(records, model)
    pairs = patterns.collect(records, model)
    stated = {role: sources[role].total(n, model.repeat) for role in roles}
    victim = sigmoid(model.victim_prior + harm.total)
    score = {role: sigmoid(model.prior + stated[role]) for role in roles}
    for _ in range(_ROUNDS):
        contrasts, said, new_victim, new_score = _once(
            victim, score, stated=stated, harm=harm.total, pairs=pairs, model=model
        )
        moved = [np.abs(new_victim - victim), *(np.abs(new_score[r] - score[r]) for r in roles)]
        victim = 0.5 * (victim + new_victim)
        score = {role: 0.5 * (score[role] + new_score[role]) for role in roles}
        if max(float(change.max(initial=0.0)) for change in moved) < _STILL:
            break
    # What stands in the result is made of the last contributions, so that they add up exactly.
    return Inference(roles, sources, harm, pairs, contrasts, said, new_victim, new_score)


def _once(
    victim: Floats,
    score: Mapping[str, Floats],
    *,
    stated: Mapping[str, Floats],
    harm: Floats,
    pairs: Mapping[str, Pairs],
    model: RoleModel,
) -> tuple[dict[str, Contrast], dict[str, Floats], Floats, dict[str, Floats]]:
    """Return what the patterns say of everybody now, and the probabilities that follow."""
    n = len(victim)
    contrasts: dict[str, Contrast] = {}
    said: dict[str, Floats] = {}
    for name, pattern in model.patterns.items():
        contrasts[name], said[name] = says(pattern, pairs[name], victim, score, model)
    said = bounded(said, model)
    new_score = {
        role: sigmoid(model.prior + evidence(role, stated[role], said, harm, model))
        for role in score
    }
    beside = sum_of(company_by(pairs, new_score, model, n), n)
    beside = beside + pattern_total("victim", said, model, n)
    company = np.minimum(beside, model.company_cap)
    return contrasts, said, sigmoid(model.victim_prior + harm + company), new_score


def says(
    pattern: Pattern,
    pairs: Pairs,
    victim: Floats,
    score: Mapping[str, Floats],
    model: RoleModel,
    kept: NDArray[np.bool_] | None = None,
) -> tuple[Contrast, Floats]:
    """Return how a pattern stands against chance, and what it says of each person, in nats."""
    contrast, parts = measures(pattern, pairs, victim, score, model, kept)
    nats = pattern.weight * parts[0] + pattern.explains * parts[1] + pattern.nearest * parts[2]
    return contrast, np.minimum(nats, pattern.cap)


def bounded(said: Mapping[str, Floats], model: RoleModel) -> dict[str, Floats]:
    """Return what patterns say, company taken together no more than its bound for a role."""
    found = dict(said)
    company = [name for name in said if model.patterns[name].pairs in COMPANY]
    for role in {model.patterns[name].role for name in company} - {"victim"}:
        names = [name for name in company if model.patterns[name].role == role]
        total = np.sum([said[name] for name in names], axis=0)
        share = model.company_bound / np.maximum(total, model.company_bound)
        found |= {name: said[name] * share for name in names}
    return found


def measures(
    pattern: Pattern,
    pairs: Pairs,
    victim: Floats,
    score: Mapping[str, Floats],
    model: RoleModel,
    kept: NDArray[np.bool_] | None = None,
) -> tuple[Contrast, tuple[Floats, Floats, Floats]]:
    """Return the three readings of a pattern: against chance, accounted for, and the nearest."""
    like = likelihood(pattern, victim, score)
    contrast = against_chance(pairs, like, model.base_rate, kept)
    # Who does the same with everyone is a look-alike: both readings fade as the share falls.
    with np.errstate(invalid="ignore"):
        share = np.nan_to_num(contrast.fitting / contrast.total)
    focus = share**2 / (share**2 + pattern.lookalike**2) if pattern.lookalike > 0 else 1.0
    against = np.minimum(contrast.nats, model.chance_cap) * focus
    accounted = nearest = np.zeros_like(victim)
    if pattern.explains > 0:
        propensity = score[pattern.role] + model.least_propensity
        propensity = propensity * (1.0 - model.victim_propensity * pattern.harm_discount * victim)
        part = explained(pairs, victim, propensity, model.unrecorded, kept)
        # Accounting for one victim is no pattern either.
        accounted = np.log1p(part * model.explain_scale) * part / (part + 1.0) * focus
    if pattern.nearest > 0:
        value = pairs.fit * beyond(like, _before(pattern, score, model))[pairs.b]
        nearest = np.zeros_like(victim)
        np.maximum.at(nearest, pairs.a, value if kept is None else value * kept)
    return contrast, (against, accounted, nearest)


def evidence(
    role: str, stated: Floats, said: Mapping[str, Floats], harm: Floats, model: RoleModel
) -> Floats:
    """Add up what speaks for a role, without the prior."""
    n = len(harm)
    pattern = pattern_total(role, said, model, n)
    return stated + pattern + harm_discount(role, said, harm, model)


def pattern_total(role: str, said: Mapping[str, Floats], model: RoleModel, n: int) -> Floats:
    """Add up what the patterns of a role say."""
    return sum_of({name: said[name] for name in said if model.patterns[name].role == role}, n)


def harm_discount(role: str, said: Mapping[str, Floats], harm: Floats, model: RoleModel) -> Floats:
    """Take back what patterns say of people with signs of harm of their own.

    Victims travel, lodge and are advertised together: the same patterns hold of them. Without a
    sign of harm nothing is taken back. Company does not count here: two people who travel together
    would take turns in being each other's victim.
    """
    own = {
        name: part.harm_discount * said[name]
        for name, part in model.patterns.items()
        if part.role == role
    }
    pattern = sum_of(own, len(harm))
    least = float(sigmoid(np.array(model.victim_prior)))
    shown = (sigmoid(model.victim_prior + harm) - least) / (1.0 - least)
    return -model.own_harm * np.maximum(shown, 0.0) * pattern


def likelihood(pattern: Pattern, victim: Floats, score: Mapping[str, Floats]) -> Floats:
    """Return how likely each person is a victim, or holds any role but that of the pattern."""
    if pattern.counterpart == "victim":
        return victim
    if pattern.counterpart in score:
        return score[pattern.counterpart]
    none = np.ones_like(victim)
    for role, value in score.items():
        if pattern.counterpart == "anyone" or role != pattern.role:
            none = none * (1.0 - value)
    return 1.0 - none


def _before(pattern: Pattern, score: Mapping[str, Floats], model: RoleModel) -> float:
    """Return how likely a counterpart of whom nothing is known is what counts."""
    role = float(sigmoid(np.array(model.prior)))
    if pattern.counterpart == "victim":
        return float(sigmoid(np.array(model.victim_prior)))
    if pattern.counterpart in score:
        return role
    return 1.0 - (1.0 - role) ** (len(score) - (pattern.counterpart == "others"))


def beyond(value: Floats, before: float) -> Floats:
    """Return how far a likelihood exceeds that of somebody of whom nothing is known."""
    found: Floats = np.maximum(value - before, 0.0) / (1.0 - before)
    # What only the last digit says is nothing.
    return np.where(found > 1e-9, found, 0.0)


def sigmoid(x: Floats) -> Floats:
    """Turn log-odds into a probability."""
    found: Floats = 0.5 * (1.0 + np.tanh(0.5 * x))
    return found


def sum_of(parts: Mapping[str, Floats], n: int) -> Floats:
    """Add arrays up, in their order."""
    total = np.zeros(n)
    for part in parts.values():
        total = total + part
    return total


def company_by(
    pairs: Mapping[str, Pairs],
    score: Mapping[str, Floats],
    model: RoleModel,
    n: int,
    kept: Mapping[str, NDArray[np.bool_]] | None = None,
) -> dict[str, Floats]:
    """Return what the company of likely role holders says of being a victim, by pattern."""
    found = {}
    base = float(sigmoid(np.array(model.prior)))
    for name, pattern in model.patterns.items():
        if pattern.company > 0:
            part = pairs[name]
            value = part.fit * beyond(score[pattern.role], base)[part.a]
            found[name] = np.zeros(n)
            np.maximum.at(found[name], part.b, value if kept is None else value * kept[name])
            found[name] *= pattern.company
    return found
