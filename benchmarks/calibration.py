"""What a role score comes to: reliability, and the map in `roles/model.toml` that mends it.

The map of each role (beta calibration) is fitted on worlds of both makers, three settings each, of
seeds from 5000 up, on which no weight was chosen; what is reported comes from seeds from 6000 up,
on which nothing was. It prints what belongs into `[calibration]` of the model, and then how the
scores and the calibrated ones stand, all settings together and each for itself.

    python benchmarks/calibration.py [--worlds 12] [--tested 6] [--size 300]
"""

from __future__ import annotations

import argparse
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from roles import MAKERS, ROLES, SETTINGS

import netlink as nl
from netlink.roles.curves import terms
from netlink.roles.readings import solve

if TYPE_CHECKING:
    import pandas as pd

    Case = tuple[nl.roles.RoleAssessment, pd.DataFrame]

MAP_FROM, TESTED_FROM = 5000, 6000


def worlds(first: int, n: int, size: int) -> dict[tuple[str, str], list[Case]]:
    """Return assessments and answers, by maker and setting."""
    found: dict[tuple[str, str], list[Case]] = {}
    for name, maker in MAKERS.items():
        for setting, arguments in SETTINGS.items():
            made = [maker(seed, size, arguments) for seed in range(first, first + n)]
            found[name, setting] = [(nl.roles.assess(network), known) for network, known in made]
    return found


def curves(cases: list[Case]) -> dict[str, dict[str, float]]:
    """Return the map of each role, drawn a little towards the one that changes nothing."""
    found = {}
    for role in ROLES:
        score = np.concatenate([one.scores[role] for one, _ in cases])
        hit = np.concatenate([known.loc[one.scores.index, role] for one, known in cases])
        c, a, b = solve(
            terms(score),
            np.zeros(len(score)),
            hit.astype(float),
            centre=np.array([0.0, 1.0, 1.0]),
            penalty=np.array([0.0, 0.5, 0.5]),
            bounds=[(-20.0, 20.0), (0.01, 20.0), (0.01, 20.0)],
            share=1.0,
        ).weights
        found[role] = {"a": round(float(a), 2), "b": round(float(b), 2), "c": round(float(c), 2)}
    return found


def show(title: str, cases: list[Case], model: nl.roles.RoleModel, bins: bool) -> None:
    mapped = [replace(one, model=model) for one, _ in cases]
    found = nl.roles.reliability(mapped, [known for _, known in cases])
    print(f"\n{title}: {len(cases)} worlds")
    print(found.table.round(4).to_string())
    if bins:
        print(found.bins.round(3).to_string())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=12)
    parser.add_argument("--tested", type=int, default=6)
    parser.add_argument("--size", type=int, default=300)
    asked = parser.parse_args()
    made = worlds(MAP_FROM, asked.worlds, asked.size)
    found = curves([case for part in made.values() for case in part])
    print("[calibration]")
    for role, curve in found.items():
        print(f"{role} = {{a = {curve['a']}, b = {curve['b']}, c = {curve['c']}}}")
    model = replace(nl.roles.default_model(), calibration=found)
    tested = worlds(TESTED_FROM, asked.tested, asked.size)
    show("All", [case for part in tested.values() for case in part], model, bins=True)
    for (maker, setting), part in tested.items():
        show(f"{maker} maker, {setting}", part, model, bins=False)


if __name__ == "__main__":
    main()
