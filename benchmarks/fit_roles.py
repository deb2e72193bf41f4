"""How the weights of the role model were chosen: logistic regression on made-up worlds.

Both makers, three settings each, seeds from 100 up alone. With everybody's role scores held fixed,
the readings of every pattern are the features of one regression a role, whose coefficients cannot
be negative and are drawn towards zero; the model then infers anew, a few times over. It prints what
belongs into `roles/model.toml`; the bounds there are declared and not fitted.

    python benchmarks/fit_roles.py [--seeds 100 101 102] [--rounds 5]
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from roles import MAKERS, SETTINGS

import netlink as nl
from netlink.roles.contrast import beyond
from netlink.roles.inference import sigmoid
from netlink.roles.readings import READINGS, of_role, solve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SIGNS = {
    "advertised": "advertised",
    "moved": "moved_once",
    "silent": "silent",
    "handed_over": "handed_over",
}
STEP = 0.6  # how far each round goes towards the new coefficients: full steps swing
RIDGE = 1.0


@dataclass(frozen=True)
class World:
    network: nl.Network
    answers: dict[str, Floats]
    weight: float


def worlds(seeds: Sequence[int]) -> list[World]:
    found = []
    for maker in MAKERS.values():
        for setting in SETTINGS.values():
            for seed in seeds:
                network, answers = maker(seed, 1000, setting)
                records = nl.roles.assess(network).records
                people = network.entities.index[records.people]
                first = np.unique(records.person_of[records.people], return_index=True)[1]
                known = answers.loc[people[first]]
                columns = {name: known[name].to_numpy(float) for name in (*ROLES, "victim")}
                # Where little is recorded little can be learned.
                weight = 0.5 if setting.get("recorded", 1.0) < 0.5 else 1.0
                found.append(World(network, columns, weight))
    return found


ROLES = list(nl.vocabulary.default().roles)


def readings(found: nl.roles.RoleAssessment, role: str) -> tuple[list[tuple[str, str]], Floats]:
    """Return the readings that speak for a role, or for being a victim, each with weight one."""
    model, inference = found.model, found.inference
    names, x = of_role(inference, model, role)
    columns = [*x.T]
    if role == "victim":
        for name, pattern in model.patterns.items():
            if pattern.company > 0:
                pairs = inference.pairs[name]
                score = beyond(inference.score[pattern.role], float(sigmoid(np.array(model.prior))))
                nearest = np.zeros(len(x))
                np.maximum.at(nearest, pairs.b, pairs.fit * score[pairs.a])
                names.append((name, "company"))
                columns.append(nearest)
        for sign, word in SIGNS.items():
            names.append(("victim", word))
            columns.append(inference.harm.signs[sign] / model.victim[word])
    return names, np.array(columns).T


def fit(x: Floats, offset: Floats, y: Floats, weight: Floats, prior: float | None) -> Floats:
    """Return the prior, learned where none is given, and the weights; all answers are known."""
    columns = np.column_stack([np.ones(len(x)), x])
    found = solve(
        columns,
        offset,
        y,
        centre=np.r_[-4.7 if prior is None else prior, np.zeros(x.shape[1])],
        penalty=np.r_[0.0, np.full(x.shape[1], RIDGE)],
        bounds=[(-7.0, -3.0) if prior is None else (prior, prior), *[(0.0, 4.0)] * x.shape[1]],
        count=weight,
        share=1.0,
    )
    return found.weights


def learn(known: Sequence[World], model: nl.roles.RoleModel) -> nl.roles.RoleModel:
    """Return the model after one round."""
    found = [nl.roles.assess(world.network, model=model) for world in known]
    patterns, victim, prior = dict(model.patterns), dict(model.victim), model.victim_prior
    for role in (*ROLES, "victim"):
        parts = []
        for world, one in zip(known, found, strict=True):
            names, x = readings(one, role)
            sources, harm = one.inference.sources, one.inference.harm
            if role == "victim":
                offset = harm.stated + harm.signs["status"]
                asked = harm.signs["status"] < model.victim["identified_victim"]
            else:
                offset = sources[role].total(len(x), model.repeat)
                asked = np.ones(len(x), dtype=bool)
            weight = np.full(len(x), world.weight)
            parts.append([part[asked] for part in (x, offset, world.answers[role], weight)])
        x, offset, y, weight = (np.concatenate(part) for part in zip(*parts, strict=True))
        t = fit(x, offset, y, weight, None if role == "victim" else model.prior)
        if role == "victim":
            prior += STEP * (float(t[0]) - prior)
        for (name, reading), value in zip(names, t[1:], strict=True):
            old = victim[reading] if name == "victim" else getattr(patterns[name], reading)
            # Never quite zero: a reading that is switched off cannot come back.
            new = max(old + STEP * (float(value) - old), 1e-3)
            if name == "victim":
                victim[reading] = new
            else:
                patterns[name] = replace(patterns[name], **{reading: new})
    return replace(model, patterns=patterns, victim=victim, victim_prior=prior)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=[100, 101, 102])
    parser.add_argument("--rounds", type=int, default=5)
    asked = parser.parse_args()
    if min(asked.seeds) < 100:
        parser.error("Seeds below 100 are kept for reports.")
    known, model = worlds(asked.seeds), nl.roles.default_model()
    for _ in range(asked.rounds):
        model = learn(known, model)
    print(f"victim_prior = {model.victim_prior:.2f}")
    for word in SIGNS.values():
        print(f"{word} = {model.victim[word]:.2f}")
    for name, pattern in model.patterns.items():
        figures = {word: getattr(pattern, word) for word in (*READINGS, "company")}
        print(name, {word: round(value, 2) for word, value in figures.items() if value > 0})


if __name__ == "__main__":
    main()
