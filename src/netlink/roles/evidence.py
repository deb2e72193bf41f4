"""From the numbers back to the records: what each contribution is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from netlink.roles import words
from netlink.roles.inference import beside_victims, company_by, harm_discount, likelihood

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netlink.roles.acts import Sources
    from netlink.roles.inference import Inference
    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records

COLUMNS = ["contribution", "pattern", "relationship_ids", "documents", "words"]


class Part(NamedTuple):
    """One contribution, the numbers of its records, and its sentence."""

    nats: float
    pattern: str
    rows: NDArray[np.int64]
    words: str


def of_role(
    found: Inference, model: RoleModel, records: Records, person: int, role: str
) -> pd.DataFrame:
    """Return what speaks for and against a role of one person."""
    parts = [*_stated(found.sources[role], "recorded_act", model, records, person)]
    parts += _of_patterns(found, model, records, person, role)
    taken = float(harm_discount(role, found.said, found.harm.total, model)[person])
    if taken < 0.0:
        signs = [name for name, nats in found.harm.signs.items() if nats[person] > 0]
        signs += ["recorded acts or cases"] * bool(found.harm.stated[person] > 0)
        parts.append(
            Part(
                taken, "own_harm", found.harm.behind(person, records), words.of_harm(sorted(signs))
            )
        )
    return _table(parts, records)


def of_harm(found: Inference, model: RoleModel, records: Records, person: int) -> pd.DataFrame:
    """Return what speaks for one person being a victim."""
    parts = [*_stated(found.harm.sources, "recorded_harm", model, records, person)]
    for name, nats in found.harm.signs.items():
        value = float(nats[person])
        if value != 0.0:
            table = found.harm.rows[name]
            rows = table.loc[table["person"] == person, "row"].to_numpy(dtype=np.int64)
            text = words.of_silence(value) if name == "silent" else words.SIGNS[name]
            parts.append(Part(value, name, np.unique(rows), text))
    beside = [*_of_patterns(found, model, records, person, "victim")]
    company = company_by(found.tables, found.score, model, records.n_people)
    for name, nats in company.items():
        if nats[person] > 0:
            value = float(nats[person])
            rows, score = _companion(found, model, records, name, person)
            text = words.of_company(name, score)
            beside.append(Part(value, f"company_{name}", rows, text))
    total = sum(part.nats for part in beside)
    kept = beside_victims(np.full(records.n_people, total), found.score, model)[person]
    counted = float(kept) / total if total > 0 else 1.0
    parts += [part._replace(nats=part.nats * counted) for part in beside]
    return _table(parts, records)


def _of_patterns(
    found: Inference, model: RoleModel, records: Records, person: int, role: str
) -> Iterator[Part]:
    for name, pattern in model.patterns.items():
        value = float(found.said[name][person])
        if pattern.role == role and value > 0.0:
            rows = _counterparts(found, model, records, name, person)
            days = records.day[rows]
            text = words.of_pattern(name, pattern, found.contrasts[name], person, days)
            yield Part(value, name, rows, text)


def _stated(
    sources: Sources, pattern: str, model: RoleModel, records: Records, person: int
) -> Iterator[Part]:
    for nats, table in sources.of(person, model.repeat):
        rows = np.unique(table["row"].to_numpy(dtype=np.int64))
        graded = records.confidence[rows]
        best = float("nan") if np.isnan(graded).all() else float(np.nanmax(graded))
        named = bool(pd.notna(records.documents[rows]).any())
        text = words.of_source(
            records.kinds[rows], len(rows), best, records.day[rows], named, refuted=nats < 0.0
        )
        yield Part(nats, pattern, records.behind(table), text)


def _counterparts(
    found: Inference, model: RoleModel, records: Records, name: str, person: int
) -> NDArray[np.int64]:
    """Return the records of the counterparts who count for more than chance."""
    table = found.pairs[name].records
    a = table["a"].to_numpy()
    part = table.iloc[np.searchsorted(a, person) : np.searchsorted(a, person, side="right")]
    like = likelihood(model.patterns[name], found.victim, found.score)
    like = like[part["b"].to_numpy(dtype=np.int64)]
    # Somebody always counts: where all lie under chance, those who come closest.
    return records.behind(part[like >= min(found.contrasts[name].rate, like.max(initial=0.0))])


def _companion(
    found: Inference, model: RoleModel, records: Records, name: str, person: int
) -> tuple[NDArray[np.int64], float]:
    """Return the records that tie a person to the likeliest role holder, and that score."""
    pairs = found.pairs[name]
    near = np.flatnonzero(pairs.b == person)
    score = found.score[model.patterns[name].role][pairs.a[near]]
    best = int(np.argmax(pairs.fit[near] * score))
    table = pairs.records
    rows = records.behind(table[(table["a"] == pairs.a[near[best]]) & (table["b"] == person)])
    return rows, float(score[best])


def _table(parts: list[Part], records: Records) -> pd.DataFrame:
    rows = []
    for part in parts:
        documents = pd.Series(records.documents[part.rows], dtype=object).dropna().unique()
        ids = records.ids_of(part.rows)
        rows.append((part.nats, part.pattern, ids, sorted(documents), part.words))
    table = pd.DataFrame(rows, columns=COLUMNS)
    table = table.astype({"contribution": float, "pattern": "str", "words": "str"})
    return table.sort_values("contribution", ascending=False, kind="stable", ignore_index=True)
