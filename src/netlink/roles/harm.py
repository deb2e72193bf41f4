"""Signs of harm: what a person's own records say of being a victim, company apart."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.roles import acts, earnings
from netlink.roles.moves import passages, silence

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.model import RoleModel
    from netlink.roles.records import Records

    Floats = NDArray[np.float64]

_DAYS_ON_ROAD = 3  # one passage takes no more days of travel than this
_CASES = ("victim_in", "victim_and_suspect_in")


@dataclass(frozen=True)
class Harm:
    """Signs of harm of every person, in nats, and the records behind them."""

    sources: acts.Sources  # acts suffered and cases
    signs: dict[str, Floats]  # status, advertised, moved, silent
    rows: dict[str, pd.DataFrame]  # person, row
    stated: Floats
    total: Floats  # everything above, without the prior

    def behind(self, person: int, records: Records) -> NDArray[np.int64]:
        """Return the records behind the signs of one person."""
        stated = self.sources.rows[self.sources.rows["person"] == person]
        found = [part.loc[part["person"] == person, "row"] for part in self.rows.values()]
        return np.unique(np.concatenate([records.behind(stated), *found]).astype(np.int64))


def signs(records: Records, model: RoleModel) -> Harm:
    """Collect the signs of harm of every person."""
    n = records.n_people
    sources = _suffered(records, model)
    shown = records.at(["advertised_in"], "advert")
    shown = shown.rename(columns={"a": "person"})[["person", "row"]]
    moved, trips = records.once(_on_the_road, passages(records), records.travel_days, model)
    travel = records.travel_days[["person", "row"]]
    silent, quiet = silence(records, trips, model)
    given = records.handed_over
    rows = {
        "status": travel.iloc[:0],
        "advertised": shown,
        "moved": travel[moved[travel["person"].to_numpy(np.int64)] > 0],
        "silent": quiet,
        "handed_over": given.rename(columns={"b": "person"})[["person", "row"]],
    }
    found = {
        "status": _of_status(records, model),
        "advertised": np.where(
            np.isin(np.arange(n), shown["person"]), model.victim["advertised"], 0.0
        ),
        "moved": model.victim["moved_once"] * moved,
        "silent": np.clip(model.victim["silent"] * silent, *model.silent_bounds),
        "handed_over": model.victim["handed_over"] * earnings.share_handed_over(given, n),
    }
    stated = sources.total(n, model.repeat)
    return Harm(sources, found, rows, stated, stated + np.sum(list(found.values()), axis=0))


def _on_the_road(
    records: Records, trips: pd.DataFrame, days: pd.DataFrame, model: RoleModel
) -> tuple[Floats, pd.DataFrame]:
    """Return how far everybody moved once, and the passages of those who did."""
    n = records.n_people
    times = np.bincount(trips["person"].to_numpy(np.int64), minlength=n)
    on_road = np.bincount(days["person"].to_numpy(np.int64), minlength=n)
    # One way, or there and back: whoever travels more often is on the road for another reason.
    times[on_road > _DAYS_ON_ROAD * times] = _DAYS_ON_ROAD
    moved = np.select([times == 1, times == 2], [1.0, model.victim["moved_back"]], 0.0)
    return moved, trips[times[trips["person"].to_numpy(np.int64)] == 1]


def _suffered(records: Records, model: RoleModel) -> acts.Sources:
    known = records.network.vocabulary.relationship_types
    table = records.between(
        set(model.acts) | {word for word, kind in known.items() if kind.group == "act"}
    )
    cases = records.rows(word for word in _CASES if word in model.victim)
    return records.once(_stated, table, cases, model)


def _stated(
    records: Records, table: pd.DataFrame, row: NDArray[np.int64], model: RoleModel
) -> acts.Sources:
    confidence = records.confidence[table["row"].to_numpy(dtype=np.int64)]
    # That somebody did no harm to a person says nothing of who else did.
    said = np.maximum(acts.of_grade(confidence, model), 0.0)
    acted_on = table.assign(person=table["b"], nats=said)
    cases = pd.DataFrame({"person": records.person_of[records.ends[0][row]], "row": row})
    cases["nats"] = np.array([model.victim[kind] for kind in records.kinds[row]], dtype=float)
    cases = cases[cases["person"] >= 0].assign(via_a=-1, via_b=-1)
    return acts.sources(records, pd.concat([acted_on, cases], ignore_index=True))


def _of_status(records: Records, model: RoleModel) -> Floats:
    """Return what the protection status of any of a person's references says."""
    status = records.network.entity_table["protection_status"].iloc[records.people]
    nats = status.map(lambda word: model.victim.get(word, 0.0)).to_numpy(dtype=float)
    found = np.zeros(records.n_people)
    np.maximum.at(found, records.person_of[records.people], nats)
    return found
