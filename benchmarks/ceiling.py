"""What could be found at all: gradient boosting on every number the role model computes.

Trained on the answers of other cases of the same maker, which nobody has in casework. It learns the
maker's habits, so it shows what the records of such a world hold, not what a model should reach.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingClassifier

import netlink as nl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from netlink.roles import RoleAssessment

LABELS = ["recruiter", "transporter", "harbourer", "exploiter", "financier", "victim"]
FOLDS = 3


def features(found: RoleAssessment, likely: pd.DataFrame | None = None) -> pd.DataFrame:
    """Return numbers a person; with `likely`, also how likely the people around hold a role."""
    inference, n = found.inference, found.records.n_people
    columns = {f"score {role}": inference.score[role] for role in inference.roles}
    columns["victim"] = inference.victim
    for role, sources in inference.sources.items():
        columns[f"stated {role}"] = sources.total(n, found.model.repeat)
    columns |= {f"sign {name}": nats for name, nats in inference.harm.signs.items()}
    for name, contrast in inference.contrasts.items():
        a, b, fit = inference.pairs[name].once
        columns[f"said {name}"] = inference.said[name]
        columns[f"fitting {name}"] = contrast.fitting
        columns[f"total {name}"] = contrast.total
        columns[f"out {name}"] = np.bincount(a, fit, minlength=n)
        columns[f"in {name}"] = np.bincount(b, fit, minlength=n)
        for label in LABELS if likely is not None else []:
            value = likely[label].to_numpy()
            columns[f"near {label} {name}"] = np.zeros(n)
            np.maximum.at(columns[f"near {label} {name}"], a, fit * value[b])
            columns[f"sum {label} {name}"] = np.bincount(a, fit * value[b], minlength=n)
    return pd.DataFrame(columns)


def _model() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.06, max_leaf_nodes=12, l2_regularization=5.0, random_state=0
    )


def ceiling(
    training: Sequence[tuple[RoleAssessment, pd.DataFrame]], tested: Sequence[RoleAssessment]
) -> list[pd.DataFrame]:
    """Return how likely everybody of each tested case holds each role, after two rounds."""
    fold = np.concatenate(
        [np.full(one.records.n_people, i % FOLDS) for i, (one, _) in enumerate(training)]
    )
    answers = pd.concat([_by_person(one, known) for one, known in training], ignore_index=True)
    known: list[pd.DataFrame | None] = [None] * len(training)
    found: list[pd.DataFrame | None] = [None] * len(tested)
    ends = np.cumsum([one.records.n_people for one, _ in training])
    for _ in range(2):
        rows = pd.concat(
            [features(one, near) for (one, _), near in zip(training, known, strict=True)],
            ignore_index=True,
        )
        asked = [features(one, near) for one, near in zip(tested, found, strict=True)]
        held_out = pd.DataFrame(0.0, index=rows.index, columns=LABELS)
        found = [pd.DataFrame(0.0, index=one.index, columns=LABELS) for one in asked]
        for label in LABELS:
            for i in range(FOLDS):
                model = _model().fit(rows[fold != i], answers.loc[fold != i, label])
                held_out.loc[fold == i, label] = model.predict_proba(rows[fold == i])[:, 1]
                for one, likely in zip(asked, found, strict=True):
                    likely[label] += model.predict_proba(one)[:, 1] / FOLDS
        known = [
            held_out.iloc[a:b].reset_index(drop=True) for a, b in pairwise([0, *ends.tolist()])
        ]
    return [
        likely.iloc[one._person].set_axis(one.scores.index)
        for one, likely in zip(tested, found, strict=True)
        if likely is not None
    ]


def _by_person(found: nl.roles.RoleAssessment, answers: pd.DataFrame) -> pd.DataFrame:
    ids = found.scores.index[found._first]
    return answers.loc[ids, LABELS].reset_index(drop=True)
