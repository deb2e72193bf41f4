"""What the records say between people: contacts, journeys, lodging, money, adverts, acts.

People are counted once: references joined by ``same_as`` share one number. Records are numbered in
the order of their ids, so that no choice among them depends on the order of the rows. Every table
has a row a pair and record, with the numbers of the records behind it (`row`, and `via_a`, `via_b`
for the holding of a phone, account or vehicle that ties the record to the person; -1 for none;
`Records.behind` gives the records of all of them).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from netlink._arrays import to_arrow
from netlink.network import periods
from netlink.roles import earnings, travels
from netlink.roles.pairs import COLUMNS, both_ways, held_then, in_order, none, pair_keys

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from numpy.typing import NDArray

    from netlink.network import Network

T = TypeVar("T")

HOLDINGS = ("uses", "owns")
MAX_HOLDERS = 5  # an object held by more people says nothing of any one of them
_HALF_MONTH = 15.0


@dataclass(frozen=True)
class Records:
    """The records of a network, read between people."""

    network: Network

    @cached_property
    def _order(self) -> NDArray[np.int64]:
        """Row of each record in the network's table."""
        import pyarrow.compute as pc

        ids = to_arrow(self.network.relationships.index)
        return np.asarray(pc.sort_indices(ids)).astype(np.int64)

    @cached_property
    def ids(self) -> NDArray[np.object_]:
        """Relationship id of every record."""
        return self.network.relationships.index.to_numpy(dtype=object)[self._order]

    def ids_of(self, rows: NDArray[np.int64]) -> list[str]:
        """Return the relationship ids of some records, sorted."""
        return sorted(self.network.relationships.index[self._order[rows]])

    def once(self, made: Callable[..., T], *given: Any) -> T:
        """Return what a function makes of these records and of what it is given.

        Of the records it may read what no missing record changes, their columns and numbers; all
        else it must be given, so that parts of the records can take over what was made before.
        """
        return made(self, *given)

    @cached_property
    def ends(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Positions of both ends of every record among the entities."""
        source, target = self.network.codes
        return source[self._order], target[self._order]

    def _column(self, name: str, kind: type) -> NDArray[Any]:
        return self.network.relationship_table[name].to_numpy(dtype=kind)[self._order]

    @cached_property
    def kinds(self) -> NDArray[np.object_]:
        """Relationship type of every record."""
        return self._column("relationship_type", object)

    @cached_property
    def documents(self) -> NDArray[np.object_]:
        """Document of every record; missing where it has none."""
        return self._column("document", object)

    @cached_property
    def confidence(self) -> NDArray[np.float64]:
        """Confidence of every record; NaN where it has no grade."""
        return self._column("confidence", float)

    @cached_property
    def day(self) -> NDArray[np.float64]:
        """Start of every record in days since 1970; NaN where not known to the day."""
        table = self.network.relationship_table
        days = _days(table["start"])
        days[(table["start_precision"] < "day").to_numpy(dtype=bool)] = np.nan
        return days[self._order]

    @cached_property
    def about(self) -> NDArray[np.float64]:
        """Start of every record in days since 1970, the middle of a month known as such."""
        table = self.network.relationship_table
        is_month = (table["start_precision"] == "month").to_numpy(dtype=bool)
        days = np.where(is_month, _days(table["start"]) + _HALF_MONTH, np.nan)[self._order]
        return np.where(np.isnan(self.day), days, self.day)

    @cached_property
    def amount(self) -> NDArray[np.float64]:
        """Amount of every record; NaN where it has none, or the network has no such column."""
        table = self.network.relationship_table
        if "amount" not in table or table["amount"].dtype.kind not in "iuf":
            return np.full(len(table), np.nan)
        return self._column("amount", float)

    @cached_property
    def types(self) -> NDArray[np.object_]:
        """Entity type of every entity."""
        found: NDArray[np.object_] = self.network.entity_table["entity_type"].to_numpy(dtype=object)
        return found

    @cached_property
    def people(self) -> NDArray[np.int32]:
        """Positions of the people among the entities."""
        return np.flatnonzero(self.types == "person").astype(np.int32)

    @cached_property
    def person_of(self) -> NDArray[np.int32]:
        """Number of the person each entity refers to; -1 where it is no person."""
        found = np.full(self.network.n_entities, -1, dtype=np.int32)
        # Numbered by the first reference of each person, so that the order of ids decides.
        found[self.people] = np.unique(self.network.references[self.people], return_inverse=True)[1]
        return found

    @cached_property
    def n_people(self) -> int:
        """Number of distinct people."""
        return int(self.person_of.max(initial=-1)) + 1

    def rows(self, kinds: Iterable[str]) -> NDArray[np.int64]:
        """Return the numbers of the records of some types."""
        found = [self._by_kind[kind] for kind in set(kinds) if kind in self._by_kind]
        return np.sort(np.concatenate(found)) if found else np.empty(0, dtype=np.int64)

    @cached_property
    def _by_kind(self) -> dict[Hashable, Any]:
        return dict(pd.Series(self.kinds).groupby(self.kinds).indices)

    @cached_property
    def chains(self) -> pd.DataFrame:
        """Places of an organisation that few people own: `over` and `under`, the two records.

        Its phones and vehicles are used by whoever works there, and its accounts pay wages and take
        in what customers pay: they say little of its owners. Of all records, whatever is left out,
        so that each chain keeps its number.
        """
        source, target = self.ends
        kinds = [self._by_kind[kind] for kind in HOLDINGS if kind in self._by_kind]
        rows = np.sort(np.concatenate([np.empty(0, dtype=np.int64), *kinds]))
        is_firm = self.types == "organisation"
        owned = rows[(self.kinds[rows] == "owns") & is_firm[target[rows]]]
        owned = owned[self.person_of[source[owned]] >= 0]
        table = pd.DataFrame({"over": owned, "firm": target[owned], "owner": source[owned]})
        few = table.groupby("firm")["owner"].transform("nunique") <= MAX_HOLDERS
        held = rows[is_firm[source[rows]] & (self.types[target[rows]] == "location")]
        under = pd.DataFrame({"under": held, "firm": source[held]})
        found = table[few].merge(under, on="firm").sort_values(["over", "under"])
        return found[["over", "under"]].reset_index(drop=True)

    @cached_property
    def holdings(self) -> pd.DataFrame:
        """Every holding of an object by a person: `entity`, `person`, `via`.

        `via` is the record; beyond the number of records, a chain through an organisation.
        """
        source, target = self.ends
        rows = self.rows(HOLDINGS)
        known = np.isin(self.chains.to_numpy(dtype=np.int64), rows).all(axis=1)
        over, under = self.chains[known].to_numpy(dtype=np.int64).T
        via = np.concatenate([rows, np.flatnonzero(known) + len(self.kinds)])
        holder = self.person_of[source[np.concatenate([rows, over])]]
        table = pd.DataFrame({"entity": target[np.concatenate([rows, under])], "person": holder})
        table["via"] = via
        table = table[(table["person"] >= 0) & (self.person_of[table["entity"]] < 0)]
        found: pd.DataFrame = table.sort_values(["entity", "person", "via"], ignore_index=True)
        return found

    @cached_property
    def holders(self) -> pd.DataFrame:
        """Who holds which object: `entity`, `person`, `via` (the holding)."""
        table = self.holdings.drop_duplicates(["entity", "person"])
        held_by = table.groupby("entity")["person"].transform("size")
        return table[held_by <= MAX_HOLDERS].reset_index(drop=True)

    @cached_property
    def tenures(self) -> pd.DataFrame:
        """Every holding of what several held, if one is dated: `entity`, `person`, `since`, `till`.

        In days; without a start or an end it is open there.
        """
        held = self.holders
        shared = held.loc[held.groupby("entity")["person"].transform("size") > 1, "entity"]
        found = self.holdings[self.holdings["entity"].isin(shared)]
        since, till = np.full(len(found), -np.inf), np.full(len(found), np.inf)
        for part in self._links(found["via"].to_numpy(dtype=np.int64)).T:
            table = self.network.relationship_table.iloc[self._order[part]]
            spans = periods.spans(table, self.network.tz)
            since = np.fmax(since, np.floor(_days(spans["start_first"])))
            till = np.fmin(till, np.where(table["end"].isna(), np.inf, _days(spans["end_last"])))
        found = found[["entity", "person"]].assign(since=since, till=till)
        dated = found.loc[np.isfinite(since) | np.isfinite(till), "entity"]
        return found[found["entity"].isin(dated)].reset_index(drop=True)

    def _links(self, via: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the two records of each holding; of one without an organisation, it twice."""
        both = np.column_stack([via, via])
        far = via >= len(self.kinds)
        both[far] = self.chains.to_numpy(dtype=np.int64)[via[far] - len(self.kinds)]
        return both

    def behind(self, parts: pd.DataFrame) -> NDArray[np.int64]:
        """Return the distinct records behind rows of a pair table."""
        rows = parts[["row", "via_a", "via_b"]].to_numpy(dtype=np.int64)
        return np.unique(self._links(rows[rows >= 0]))

    @cached_property
    def _bearers(self) -> pd.DataFrame:
        """Who an end of a record stands for: the person, or the holders of the object."""
        own = pd.DataFrame(
            {"entity": self.people, "person": self.person_of[self.people], "via": -1}
        )
        return pd.concat([own, self.holders], ignore_index=True)

    def between(self, kinds: Iterable[str]) -> pd.DataFrame:
        """Return records of some types between people, through held objects too, one way."""
        rows = self.rows(kinds)
        if not len(rows):
            return none()
        source, target = self.ends
        table = pd.DataFrame({"row": rows, "s": source[rows], "t": target[rows]})
        left = self._bearers.set_axis(["s", "a", "via_a"], axis=1)
        right = self._bearers.set_axis(["t", "b", "via_b"], axis=1)
        table = table.merge(left, on="s").merge(right, on="t")
        table["day"] = self.day[table["row"]]
        table = held_then(held_then(table, self.tenures, "s", "a"), self.tenures, "t", "b")
        return in_order(table[table["a"] != table["b"]])

    def at(self, kinds: Iterable[str], objects: str) -> pd.DataFrame:
        """Return who is tied to which object by records of some types: `a` person, `b` object."""
        rows = self.rows(kinds)
        if not len(rows):
            return none()
        source, target = self.ends
        table = pd.DataFrame({"row": rows, "s": source[rows], "b": target[rows]})
        table = table[self.types[table["b"]] == objects]
        table = table.merge(self._bearers.set_axis(["s", "a", "via_a"], axis=1), on="s")
        table["day"] = self.day[table["row"]]
        table["via_b"] = -1
        return in_order(held_then(table, self.tenures, "s", "a"))

    def at_any(self, kinds: Iterable[str], objects: str) -> pd.DataFrame:
        """Return what is tied to which object, person or not: `s` and `b` are entities."""
        rows = self.rows(kinds)
        source, target = self.ends
        table = pd.DataFrame({"row": rows, "s": source[rows], "b": target[rows]})
        found: pd.DataFrame = table[self.types[table["b"]] == objects].reset_index(drop=True)
        return found

    @cached_property
    def relatives(self) -> NDArray[np.int64]:
        """Keys of the pairs recorded as family, both ways."""
        return self.once(_relatives, self.between(["family"]))

    @cached_property
    def all_contacts(self) -> pd.DataFrame:
        """Every contact between two people, both ways, and whether they are relatives: `is_kin`."""
        known = self.network.vocabulary.relationship_types
        kinds = {word for word, kind in known.items() if kind.group == "contact"} - {"family"}
        return self.once(_contacts, self.between(kinds | {"related_to"}), self.relatives)

    @cached_property
    def contacts(self) -> pd.DataFrame:
        """Every contact between two people, both ways, relatives left out."""
        return self.once(_strangers, self.all_contacts)

    @cached_property
    def period(self) -> tuple[float, float]:
        """First and last day of contact between people; of no contact, NaN."""
        day = self.about[self.all_contacts["row"].to_numpy(np.int64)]
        day = day[~np.isnan(day)]
        return (float(day.min()), float(day.max())) if len(day) else (np.nan, np.nan)

    @cached_property
    def journeys(self) -> pd.DataFrame:
        """Who travelled in whose company on which day, both ways; relatives left out."""
        together = self.between(["travelled_with"])
        crossings = self.at(["crossed_border_at"], "location")
        return self.once(travels.journeys, together, crossings, self.relatives)

    @cached_property
    def vehicle_company(self) -> pd.DataFrame:
        """Who held a vehicle that was seen where and when others crossed or were seen."""
        rows = self.rows(["seen_at", "crossed_border_at"])
        return self.once(travels.on_the_way, rows, self.holders, self.tenures)

    @cached_property
    def vehicle_at_lodging(self) -> pd.DataFrame:
        """Who held a vehicle that was seen where others lodged, about when they did."""
        stays = self.at(["stayed_at"], "location")
        held = self.holders, self.tenures
        return self.once(travels.at_lodging, self.rows(["seen_at"]), stays, *held, self.relatives)

    @cached_property
    def handed_over(self) -> pd.DataFrame:
        """Who receives within days what another person was paid, and which share: `fit`."""
        paid = self.between(["paid"])
        return self.once(earnings.handed_over, self.rows(["paid"]), paid, self.relatives)

    @cached_property
    def travel_days(self) -> pd.DataFrame:
        """Days on which a person travelled: `person`, `day`, `row`; distinct days."""
        together = self.between(["travelled_with"])
        moved = self.between(["booked_travel_for", "transported", "transferred"])
        return self.once(
            travels.travel_days, together, moved, self.at(["crossed_border_at"], "location")
        )


def _relatives(records: Records, family: pd.DataFrame) -> NDArray[np.int64]:
    table = both_ways(family)
    return np.unique(pair_keys(table["a"], table["b"], records.n_people))


def _contacts(records: Records, table: pd.DataFrame, relatives: NDArray[np.int64]) -> pd.DataFrame:
    table = both_ways(table)
    keys = pair_keys(table["a"], table["b"], records.n_people)
    return table.assign(is_kin=np.isin(keys, relatives))


def _strangers(_: Records, table: pd.DataFrame) -> pd.DataFrame:
    known = ~table["is_kin"].to_numpy(dtype=bool)
    found: pd.DataFrame = table[known][COLUMNS].reset_index(drop=True)
    return found


def _days(times: pd.Series) -> NDArray[np.float64]:
    values = times.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    days: NDArray[np.float64] = values.astype(np.int64) / 86_400e6
    days[np.isnat(values)] = np.nan
    return days
