"""What of a network the model could not use, and why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.roles import acts, patterns
from netlink.roles.harm import signs
from netlink.roles.records import Records

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.roles.model import RoleModel

    Rows = NDArray[np.int64]

UNREAD = "no act, pattern or sign of harm reads this type"
IDLE = "a holding through which no record that is read leads to a person"
ALONE = "both ends lead to one and the same person"
APART = "an end leads to nobody: it is no person, and nothing that a few people hold"
REPEATED = "a holding that another record states already"
LONE = "no record of the same place and day that is read with it leads to anybody else"
UNHARMED = "a case in which nobody else is recorded as a victim"
UNDATED = "used, but not dated: nothing that asks for an order in time sees it"
_IN_TIME = {"movement", "money"}


@dataclass(frozen=True)
class _Watched(Records):
    """Records that note which types were asked for and which rows were found fit to use."""

    asked: set[str] = field(default_factory=set)
    used: list[Rows] = field(default_factory=list)

    def rows(self, kinds: Iterable[str]) -> Rows:
        wanted = set(kinds)
        self.asked.update(wanted)
        return super().rows(wanted)

    def between(self, kinds: Iterable[str]) -> pd.DataFrame:
        table = super().between(kinds)
        self.used.append(self.behind(table))
        return table

    def at(self, kinds: Iterable[str], objects: str) -> pd.DataFrame:
        table = super().at(kinds, objects)
        self.used.append(self.behind(table))
        return table


def find(records: Records, model: RoleModel, roles: list[str]) -> pd.DataFrame:
    """Count the rows that were not used, by type and reason."""
    watched = _Watched(records.network)
    # The same reading as that of the scores, so that nothing here can drift from it.
    acts.by_role(watched, model, roles)
    harm = signs(watched, model)
    collected = patterns.collect(watched, model)
    used = np.zeros(len(watched.kinds), dtype=bool)
    for rows in watched.used:
        used[rows] = True
    used[watched.behind(harm.sources.rows)] = True
    for pairs in collected.values():
        used[watched.behind(pairs.records)] = True
    used |= (watched.kinds == "same_as") & _joins(watched)
    reasons = _reasons(watched, used)
    table = pd.DataFrame({"relationship_type": watched.kinds, "reason": reasons})
    table = table[table["reason"] != ""]
    counts = table.groupby(["relationship_type", "reason"], sort=True).size()
    found = counts.rename("rows").reset_index()
    order = found.sort_values("rows", ascending=False, kind="stable", ignore_index=True)
    return order.astype({"relationship_type": "str", "reason": "str", "rows": "int64"})


def _reasons(watched: _Watched, used: NDArray[np.bool_]) -> NDArray[np.object_]:
    """Give each row its reason, or none where it was used in full."""
    source, target = watched.ends
    leads = np.zeros(watched.network.n_entities, dtype=bool)
    leads[watched.people] = True
    leads[watched.holders["entity"].to_numpy(dtype=np.int64)] = True
    kinds = watched.kinds.astype(str)
    words = watched.network.vocabulary.relationship_types
    in_time = [w for w, kind in words.items() if kind.group in _IN_TIME]
    contact = [w for w, kind in words.items() if kind.group == "contact" and w != "family"]
    undated = np.isin(kinds, in_time) & np.isnan(watched.day)
    undated |= np.isin(kinds, contact) & np.isnan(watched.about)
    cases = [
        (used & undated, UNDATED),
        (used, ""),
        (~np.isin(kinds, sorted(watched.asked | {"same_as"})), UNREAD),
        (np.isin(kinds, ["uses", "owns"]) & _repeats(watched), REPEATED),
        (np.isin(kinds, ["uses", "owns"]), IDLE),
        (np.isin(kinds, ["seen_at", "crossed_border_at"]) & leads[source], LONE),
        ((kinds == "suspect_in") & (watched.person_of[source] >= 0), UNHARMED),
        (leads[source] & leads[target], ALONE),
    ]
    return np.select([case for case, _ in cases], [text for _, text in cases], APART).astype(object)


def _repeats(watched: _Watched) -> NDArray[np.bool_]:
    """Whether a row states a holding that stands in another row too."""
    source, target = watched.ends
    held = watched.holders
    n = watched.network.n_entities
    stated = held["person"].to_numpy(np.int64) * n + held["entity"].to_numpy(np.int64)
    own = watched.person_of[source].astype(np.int64) * n + target
    found = np.isin(own, stated)
    via = held["via"].to_numpy(np.int64)
    found[via[via < len(found)]] = False
    return found


def _joins(watched: _Watched) -> NDArray[np.bool_]:
    """Whether a row joins two references of one person."""
    source, target = watched.ends
    person = watched.person_of
    found: NDArray[np.bool_] = (person[source] >= 0) & (person[source] == person[target])
    return found
