"""Recorded acts: what people state of each other, weighted by grade, a document one source."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records
    from netlink.vocabulary import Vocabulary

    Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Sources:
    """What independent sources say of people, and the records of each source."""

    table: pd.DataFrame  # person, source, nats: of a person first what speaks for it, then by size
    rows: pd.DataFrame  # person, source, row, via_a, via_b

    @cached_property
    def _arrays(self) -> tuple[NDArray[np.int64], Floats]:
        return self.table["person"].to_numpy(np.int64), self.table["nats"].to_numpy(float)

    def total(self, n: int, repeat: float, kept: NDArray[np.bool_] | None = None) -> Floats:
        """Add the sources of each person up, each further one at a falling share."""
        person, nats = self._arrays
        if kept is not None:
            person, nats = person[kept], nats[kept]
        counted = nats * _share_of(person, nats, repeat)
        return np.bincount(person, counted, minlength=n).astype(float)

    def of(self, person: int, repeat: float) -> list[tuple[float, pd.DataFrame]]:
        """Return what each source of one person adds, and its rows."""
        table = self.table[self.table["person"] == person]
        own = self.rows[self.rows["person"] == person]
        rows = dict(iter(own.groupby("source")))
        nats = table["nats"].to_numpy(float)
        counted = nats * _share_of(table["person"].to_numpy(np.int64), nats, repeat)
        return [(float(v), rows[s]) for v, s in zip(counted, table["source"], strict=True)]


def _share_of(person: NDArray[np.int64], nats: Floats, repeat: float) -> Floats:
    """Return what counts of each source: in full the first for and the first against."""
    side = 2 * person + (nats < 0)
    place = np.arange(len(person)) - np.searchsorted(side, side, side="left")
    return np.asarray(repeat**place, dtype=float)


def added(nats: Iterable[float], repeat: float) -> float:
    """Add the sources of one person up, as `Sources.total` does."""
    by_size = np.array(sorted(nats, key=lambda one: (one < 0, -abs(one))), dtype=float)
    nobody = np.zeros(len(by_size), dtype=np.int64)
    return float((by_size * _share_of(nobody, by_size, repeat)).sum())


def share(act: str, role: str, model: RoleModel, vocabulary: Vocabulary) -> float:
    """Return how far a record of an act speaks for a role.

    The model says it; of a role that it does not name beside an act, the vocabulary does: an act
    of the role counts in full.
    """
    declared = act in vocabulary.roles[role].acts
    return model.acts.get(act, {}).get(role, 1.0 if declared else 0.0)


def kinds(model: RoleModel, vocabulary: Vocabulary) -> list[str]:
    """Return the relationship types that record an act of somebody on somebody."""
    named = {act for role in vocabulary.roles.values() for act in role.acts}
    return sorted(named | set(model.acts))


def by_role(records: Records, model: RoleModel, roles: list[str]) -> dict[str, Sources]:
    """Return what recorded acts say of each role of the person who acted."""
    table = records.between(kinds(model, records.network.vocabulary))
    return records.once(_by_role, table, model, roles)


def _by_role(
    records: Records, table: pd.DataFrame, model: RoleModel, roles: list[str]
) -> dict[str, Sources]:
    words = records.network.vocabulary
    acts = kinds(model, words)
    rows = table["row"].to_numpy(dtype=np.int64)
    nats = of_grade(records.confidence[rows], model)
    found = {}
    for role in roles:
        shares = {act: share(act, role, model, words) for act in acts}
        part = np.array([shares[kind] for kind in records.kinds[rows]], dtype=float)
        keep = part > 0
        stated = table.assign(person=table["a"], nats=nats * part)
        found[role] = sources(records, stated[keep])
    return found


def of_grade(confidence: Floats, model: RoleModel) -> Floats:
    """Return what a recorded act says by its grade, in nats."""
    known = np.where(np.isnan(confidence), model.ungraded, confidence)
    with np.errstate(divide="ignore"):
        odds = np.clip(np.log(known) - np.log1p(-known), *model.act_bounds)
    refuted = known <= model.refuted_at
    return np.asarray(np.where(refuted, np.minimum(odds, 0.0), model.act_base + odds), dtype=float)


def sources(records: Records, stated: pd.DataFrame) -> Sources:
    """Group `person`, `nats`, `row`, `via_a` and `via_b` by person and source.

    The source of a record is its document, or the record itself where it has none.
    """
    row = stated["row"].to_numpy(dtype=np.int64)
    documents = pd.Series(records.documents[row], index=stated.index)
    own = pd.Series([f"\x1f{number:012d}" for number in row], index=stated.index, dtype=object)
    table = stated.assign(source=documents.where(documents.notna(), own).astype(object))
    best = table.groupby(["person", "source"])["nats"].max().reset_index()
    best["against"], best["size"] = best["nats"] < 0, best["nats"].abs()
    order = ["person", "against", "size", "source"]
    best = best.sort_values(order, ascending=[True, True, False, True], ignore_index=True)
    best = best[["person", "source", "nats"]]
    return Sources(best, table[["person", "source", "row", "via_a", "via_b"]])
