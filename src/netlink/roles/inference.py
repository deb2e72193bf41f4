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

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from netlink.roles.model import RoleModel
    from netlink.roles.patterns import Pairs
    from netlink.roles.records import Records

    Floats = NDArray[np.float64]

_ROUNDS = 60
_STILL = 1e-5


@dataclass(frozen=True)
class Inference:
    """The fixed point and everything it is made of."""

    roles: list[str]
    sources: dict[str, acts.Sources]
    harm: acts.Sources
    own_harm: Floats  # log-odds of being a victim by a person's own records
    pairs: dict[str, Pairs]
    contrasts: dict[str, Contrast]
    said: dict[str, Floats]  # nats each pattern says of each person
    victim: Floats
    score: dict[str, Floats]

    def likelihood(self, counterpart: str, role: str) -> Floats:
        """Return how likely each person is a counterpart of the kind a pattern asks for."""
        return self.victim if counterpart == "victim" else others(self.score, role)


def infer(records: Records, model: RoleModel, roles: list[str]) -> Inference:
    """Run the model to its fixed point."""
    n = records.n_people
    sources = acts.by_role(records, model, roles)
    harm = acts.of_harm(records, model)
    own = _own_harm(records, model, harm)
    pairs = patterns.collect(records, model)
    stated = {role: sources[role].total(n, model.repeat) for role in roles}
    victim = sigmoid(own)
    score = {role: sigmoid(model.prior + stated[role]) for role in roles}
    contrasts: dict[str, Contrast] = {}
    said: dict[str, Floats] = {}
    for _ in range(_ROUNDS):
        for name, pattern in model.patterns.items():
            like = victim if pattern.counterpart == "victim" else others(score, pattern.role)
            contrasts[name] = against_chance(pairs[name], like, model.base_rate, n)
            nats = pattern.weight * contrasts[name].nats
            if pattern.explains > 0:
                propensity = (score[pattern.role] + 0.005) * (1.0 - 0.9 * victim)
                part = explained(pairs[name], victim, propensity, model.unrecorded, n)
                nats = nats + pattern.explains * np.log1p(part * model.explain_scale)
            said[name] = np.minimum(nats, pattern.cap)
        new_score = {role: sigmoid(log_odds(role, stated, said, own, model)) for role in roles}
        new_victim = sigmoid(own + _company(pairs, new_score, model, n))
        moved = max(
            float(np.abs(new_victim - victim).max(initial=0.0)),
            *(float(np.abs(new_score[role] - score[role]).max(initial=0.0)) for role in roles),
        )
        victim = 0.5 * (victim + new_victim)
        score = {role: 0.5 * (score[role] + new_score[role]) for role in roles}
        if moved < _STILL:
            break
    # The scores are those of the last contributions, so that they add up exactly.
    score = {role: sigmoid(log_odds(role, stated, said, own, model)) for role in roles}
    return Inference(roles, sources, harm, own, pairs, contrasts, said, victim, score)


def log_odds(
    role: str, stated: dict[str, Floats], said: dict[str, Floats], own: Floats, model: RoleModel
) -> Floats:
    """Add up what speaks for a role."""
    pattern = pattern_total(role, said, model)
    return model.prior + stated[role] + pattern + harm_discount(pattern, own, model)


def pattern_total(role: str, said: dict[str, Floats], model: RoleModel) -> Floats:
    """Add up what the patterns of a role say."""
    parts = [said[name] for name, pattern in model.patterns.items() if pattern.role == role]
    return np.sum(parts, axis=0)


def harm_discount(pattern: Floats, own: Floats, model: RoleModel) -> Floats:
    """Take back what patterns say of people with signs of harm of their own.

    Victims travel, lodge and are advertised together: the same patterns hold of them.
    """
    return -model.own_harm * sigmoid(own) * pattern


def others(score: dict[str, Floats], role: str) -> Floats:
    """Return how likely each person holds any role but this one."""
    none = np.ones_like(score[role])
    for name, value in score.items():
        if name != role:
            none = none * (1.0 - value)
    return 1.0 - none


def sigmoid(x: Floats) -> Floats:
    """Turn log-odds into a probability."""
    found: Floats = 0.5 * (1.0 + np.tanh(0.5 * x))
    return found


def _own_harm(records: Records, model: RoleModel, harm: acts.Sources) -> Floats:
    n = records.n_people
    status: pd.Series = records.network.entity_table["protection_status"]
    own = model.victim_prior + acts.statuses(status, records.person_of, n, model.victim)
    own += harm.total(n, model.repeat)
    shown = records.at(["advertised_in"], "advert")
    own[np.unique(shown["a"])] += model.victim["advertised"]
    times = np.bincount(records.travel_days["person"], minlength=n)
    own[(times >= 1) & (times <= 2)] += model.victim["moved_once"]
    return own


def _company(pairs: dict[str, Pairs], score: dict[str, Floats], model: RoleModel, n: int) -> Floats:
    total = np.zeros(n)
    for name, pattern in model.patterns.items():
        if pattern.company <= 0:
            continue
        most = np.zeros(n)
        part = pairs[name]
        np.maximum.at(most, part.b, part.fit * score[pattern.role][part.a])
        total += pattern.company * most
    return np.minimum(total, model.company_cap)
