"""Recorded acts: statements, bookings and charges, weighted by grade, a document one source."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records


@dataclass(frozen=True)
class Sources:
    """What independent sources say of people: `person`, `nats`, `source`, and rows by source."""

    table: pd.DataFrame  # person, source, nats: strongest first within a person
    rows: pd.DataFrame  # person, source, row

    def total(
        self, n: int, repeat: float, kept: NDArray[np.bool_] | None = None
    ) -> NDArray[np.float64]:
        """Add the sources of each person up, each further one at a falling share."""
        table = self.table if kept is None else self.table[kept]
        return np.bincount(table["person"], weights=_shared(table, repeat), minlength=n)

    def of(self, person: int, repeat: float) -> pd.DataFrame:
        """Return the sources of one person with what each adds."""
        table = self.table[self.table["person"] == person]
        return table.assign(nats=_shared(table, repeat))


def _shared(table: pd.DataFrame, repeat: float) -> NDArray[np.float64]:
    rank = table.groupby("person").cumcount().to_numpy()
    found: NDArray[np.float64] = table["nats"].to_numpy(dtype=float) * repeat**rank
    return found


def by_role(records: Records, model: RoleModel, roles: list[str]) -> dict[str, Sources]:
    """Return what recorded acts say of each role of the person who acted."""
    table = _acts(records, list(model.acts))
    nats = _nats(table["confidence"].to_numpy(dtype=float), model)
    found = {}
    for role in roles:
        share = table["kind"].map({w: s.get(role, 0.0) for w, s in model.acts.items()})
        share = share.to_numpy(dtype=float)
        keep = share > 0
        found[role] = _sources(
            table["a"][keep], table["source"][keep], table["row"][keep], (nats * share)[keep]
        )
    return found


def of_harm(records: Records, model: RoleModel) -> Sources:
    """Return what recorded acts and cases say of the person acted on being a victim."""
    table = _acts(records, list(model.acts))
    nats = _nats(table["confidence"].to_numpy(dtype=float), model)
    case = [word for word in ("victim_in", "victim_and_suspect_in") if word in model.victim]
    rows = records.rows(case)
    person = records.person_of[records.network.codes[0][rows]]
    cases = pd.DataFrame({"b": person, "row": rows, "source": _source(records, rows)})
    value = np.array([model.victim[kind] for kind in records.kinds[rows]], dtype=float)
    keep = person >= 0
    return _sources(
        pd.concat([table["b"], cases["b"][keep]], ignore_index=True),
        pd.concat([table["source"], cases["source"][keep]], ignore_index=True),
        pd.concat([table["row"], cases["row"][keep]], ignore_index=True),
        np.concatenate([nats, value[keep]]),
    )


def _acts(records: Records, kinds: list[str]) -> pd.DataFrame:
    table = records.between(kinds)
    rows = table["row"].to_numpy(dtype=np.int64)
    return table.assign(
        kind=records.kinds[rows],
        confidence=records.confidence[rows],
        source=_source(records, rows),
    )


def _source(records: Records, rows: NDArray[np.int64]) -> NDArray[np.object_]:
    """Name the source of each record: its document, or the record itself where it has none."""
    documents = records.network.relationship_table["document"].iloc[rows]
    own = pd.Series([f"\x1f{row}" for row in rows], index=documents.index, dtype=object)
    found: NDArray[np.object_] = documents.astype(object).where(documents.notna(), own).to_numpy()
    return found


def _nats(confidence: NDArray[np.float64], model: RoleModel) -> NDArray[np.float64]:
    known = np.where(np.isnan(confidence), model.ungraded, confidence)
    with np.errstate(divide="ignore"):
        odds = np.log(known) - np.log1p(-known)
    found: NDArray[np.float64] = model.act_base + np.clip(odds, *model.act_bounds)
    return found


def _sources(
    person: pd.Series, source: pd.Series, row: pd.Series, nats: NDArray[np.float64]
) -> Sources:
    table = pd.DataFrame(
        {
            "person": person.to_numpy(),
            "source": source.to_numpy(),
            "row": row.to_numpy(),
            "nats": nats,
        }
    )
    best = table.groupby(["person", "source"], as_index=False, sort=True)["nats"].max()
    best = best.sort_values(
        ["person", "nats", "source"], ascending=[True, False, True], kind="stable"
    )
    return Sources(best.reset_index(drop=True), table[["person", "source", "row"]])


def statuses(
    network_status: pd.Series, person_of: NDArray[np.int32], n: int, values: Mapping[str, float]
) -> NDArray[np.float64]:
    """Return what the protection status of any of a person's references says."""
    people = person_of >= 0
    nats = network_status.map(lambda word: values.get(word, 0.0)).to_numpy(dtype=float)
    found = np.zeros(n)
    np.maximum.at(found, person_of[people], nats[people])
    return found
