"""Why a role score is no higher: what speaks against it, what is missing, what it would take."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from netlink.roles import acts, words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.roles.inference import Inference
    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records

COLUMNS = ["reason", "pattern", "contribution", "relationship_ids", "documents", "words"]
_GRADES = np.arange(1, 100) / 100


class _Reason(NamedTuple):
    reason: str
    pattern: str
    contribution: float
    relationship_ids: list[str]
    documents: list[str]
    words: str


def find(
    found: Inference,
    model: RoleModel,
    records: Records,
    person: int,
    role: str,
    evidence: pd.DataFrame,
) -> pd.DataFrame:
    """Return the reasons why the score of one role is no higher."""
    takes = evidence[evidence["contribution"] < 0]
    columns = (takes[name].tolist() for name in COLUMNS[1:])
    reasons = [_Reason("against", *row) for row in zip(*columns, strict=True)]
    reasons += _missing(found, model, records, person, role)
    score = float(found.score[role][person])
    if score < 0.5:
        reasons.append(_short(found, model, person, role, score))
    table = pd.DataFrame(reasons, columns=COLUMNS)
    return table.astype({"reason": "str", "pattern": "str", "contribution": float, "words": "str"})


def _missing(
    found: Inference, model: RoleModel, records: Records, person: int, role: str
) -> Iterator[_Reason]:
    """Give what says nothing: no record of it, or no more of it than chance gives."""
    if not (found.sources[role].table["person"] == person).any():
        vocabulary = records.network.vocabulary
        kinds = acts.kinds(model, vocabulary)
        named = [kind for kind in kinds if acts.share(kind, role, model, vocabulary) > 0]
        text = f"No record states an act of the role by the person: {', '.join(named) or 'none'}."
        yield _Reason("no records", "recorded_act", 0.0, [], [], text)
    for name, pattern in model.patterns.items():
        if pattern.role != role or found.said[name][person] > 0.0:
            continue
        if found.contrasts[name].total[person] > 0.0:
            text = words.of_pattern(name, pattern, found.contrasts[name], person)
            text = text.removesuffix(" Not dated.")
            yield _Reason("no more than chance", name, 0.0, [], [], text)
        else:
            text = f"No record that could show it: {pattern.reason}."
            yield _Reason("no records", name, 0.0, [], [], text)


def _short(found: Inference, model: RoleModel, person: int, role: str, score: float) -> _Reason:
    """Say how far the score is from even odds, and what statement would bring it there."""
    gap = -math.log(score) + math.log1p(-score)
    own = found.sources[role].table
    nats = own.loc[own["person"] == person, "nats"].to_numpy(dtype=float)
    graded = acts.of_grade(_GRADES, model)
    now = acts.added(nats, model.repeat)
    enough = [
        c
        for c, x in zip(_GRADES, graded, strict=True)
        if acts.added([*nats, x], model.repeat) - now >= gap
    ]
    if enough:
        text = f"one further source that states an act, of confidence {enough[0]:.2f} by its grade"
    else:
        text = "more than any one further source that states an act"
    return _Reason(
        "short",
        "score",
        -gap,
        [],
        [],
        f"The score is {score:.2f}; {gap:.1f} nats more would bring it to 0.50: {text}.",
    )
