"""Who finds the people with roles: netlink, every single centrality, or counting statements.

Average precision on synthetic cases with known answers, mean over seeds, for records that hold
much, no statements, and little of either. It shows that the method works on the assumptions of the
generator, nothing more: it is no figure for casework. Weights were chosen on seeds from 100 up
(`fit_roles.py`); no weight may be chosen by the seeds reported. The second world is of another
maker (`second_world.py`). The ceiling is what gradient boosting finds that was trained on the
answers of other cases of the same maker (`ceiling.py`).

    python benchmarks/roles.py [--seeds 0 1 2 3 4] [--size 1000] [--world first] [--ceiling 30]
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd
from second_world import schema_of, second_case

import netlink as nl
from netlink.roles.evaluation import average_precision

SETTINGS: dict[str, dict[str, float]] = {
    "recorded 0.6, statements 0.25 (default)": {},
    "recorded 0.6, no statements": {"statements": 0.0},
    "recorded 0.2, statements 0.025": {"recorded": 0.2, "statements": 0.025},
}
ROLES = ["recruiter", "transporter", "harbourer", "exploiter", "financier"]


def _first(seed: int, size: int, setting: dict[str, float]) -> tuple[nl.Network, pd.DataFrame]:
    case = nl.datasets.synthetic_case(seed=seed, size=size, **setting)  # type: ignore[arg-type]
    network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    return network, case.answers


def _second(seed: int, size: int, setting: dict[str, float]) -> tuple[nl.Network, pd.DataFrame]:
    case = second_case(seed=seed, size=size, **setting)
    return nl.read_tables(case.entities, case.relationships, schema=schema_of()), case.answers


MAKERS = {"first": _first, "second": _second}


def statements(network: nl.Network) -> pd.DataFrame:
    """Number of statements on each person, by role; of acts suffered for victims."""
    rows = network.relationships
    columns = {}
    for name, role in network.vocabulary.roles.items():
        told = rows.loc[rows["relationship_type"].isin(role.acts), "source"]
        columns[name] = told.value_counts()
    acts = [w for w, k in network.vocabulary.relationship_types.items() if k.group == "act"]
    columns["victim"] = rows.loc[rows["relationship_type"].isin(acts), "target"].value_counts()
    return pd.DataFrame(columns, index=network.entities.index).fillna(0.0)


def compare(
    network: nl.Network, answers: pd.DataFrame, most: pd.DataFrame | None
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return average precision by method and role, and what stands among netlink's ten leads."""
    assessment = nl.roles.assess(network)
    found = nl.roles.evaluate(assessment, answers, n=10)
    people = assessment.scores.index
    answers = answers.loc[people]
    status = network.entities["protection_status"].loc[people]
    central = nl.centrality.table(nl.transform.project(network, onto="person")).loc[people]
    told = statements(network).loc[people]
    precision: dict[str, dict[str, float]] = {}
    for role in [*ROLES, "victim"]:
        # As in `evaluate`: identified victims are known, the question is who else is one.
        asked = status != "identified_victim" if role == "victim" else pd.Series(True, index=people)
        others = {"statements": told[role], **dict(central.items())}
        if most is not None:
            others["ceiling"] = most[role]
        hit = answers.loc[asked, role].to_numpy(dtype=float)
        precision[role] = {"netlink": found.table.at[role, "average_precision"]}
        for name, score in others.items():
            known = score[asked].fillna(-np.inf).to_numpy(dtype=float)
            precision[role][name] = average_precision(hit, known)
    lookalikes = found.false_leads.drop(columns="no look-alike", errors="ignore").sum(axis=1)
    top = pd.DataFrame(
        {
            "precision at 10": found.table["precision"],
            "look-alikes": lookalikes,
            "victims, known": found.victims["known"],
            "victims, not known": found.victims["unknown"],
        }
    )
    return pd.DataFrame(precision), top.reindex([*ROLES, "victim"])


def report(asked: argparse.Namespace, setting: dict[str, float]) -> None:
    cases = [MAKERS[asked.world](seed, asked.size, setting) for seed in asked.seeds]
    most: list[pd.DataFrame | None] = [None] * len(cases)
    if asked.ceiling:
        from ceiling import ceiling

        others = [MAKERS[asked.world](200 + i, asked.size, setting) for i in range(asked.ceiling)]
        training = [(nl.roles.assess(network), known) for network, known in others]
        most = [*ceiling(training, [nl.roles.assess(network) for network, _ in cases])]
    found = [compare(*case, likely) for case, likely in zip(cases, most, strict=True)]
    precision = pd.concat([part for part, _ in found]).groupby(level=0, sort=False).mean()
    top = pd.concat([part for _, part in found]).groupby(level=0, sort=False).mean()
    base = pd.concat([answers[[*ROLES, "victim"]] for _, answers in cases]).mean()
    print("\nAverage precision")
    print(pd.concat([precision, base.to_frame("at random").T]).round(3).to_string())
    print("\nThe first ten: precision, and people a case who do not hold the role")
    print(top.round(2).to_string())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(range(5)))
    parser.add_argument("--size", type=int, default=1000)
    parser.add_argument("--world", choices=list(MAKERS), default="first")
    parser.add_argument("--ceiling", type=int, default=0, help="cases to train the ceiling on")
    asked = parser.parse_args()
    for name, setting in SETTINGS.items():
        print(f"\n{name}: {len(asked.seeds)} cases of {asked.size:,} people, {asked.world} world")
        report(asked, setting)


if __name__ == "__main__":
    main()
