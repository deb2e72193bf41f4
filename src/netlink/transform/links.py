"""Who is tied to whom, and who stands at which object, by the records of a network.

A relationship is read in one way only: between two entities (themselves, or through what they
hold), or as somebody standing at an object. Positions stand for entities and rows throughout.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from netlink.transform.behind import best

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.vocabulary import RelationshipType

SHARES = "shares"


class Reading(NamedTuple):
    """How each relationship is read; a row for which none is true ties nobody."""

    direct: NDArray[np.bool_]  # between two entities of the type themselves
    passing: NDArray[np.bool_]  # between two, one or both through what they hold
    standing: NDArray[np.bool_]  # one entity at an object
    through_source: NDArray[np.bool_]  # who holds the source stands at the target
    through_target: NDArray[np.bool_]  # who holds the target stands at the source


@dataclass(frozen=True)
class Links:
    """The records of a network, read between entities of one type."""

    network: Network
    onto: str
    max_shared: int

    @cached_property
    def _entity_types(self) -> NDArray[np.object_]:
        found: NDArray[np.object_] = self.network.entity_table["entity_type"].to_numpy(dtype=object)
        return found

    @cached_property
    def is_onto(self) -> NDArray[np.bool_]:
        """Whether each entity is of the type."""
        return np.asarray(self._entity_types == self.onto, dtype=bool)

    @cached_property
    def is_object(self) -> NDArray[np.bool_]:
        """Whether each entity is an object that others can be tied through."""
        known = self.network.vocabulary.entity_types
        objects = [name for name, kind in known.items() if kind.is_object and name != self.onto]
        return np.isin(self._entity_types, objects)

    @cached_property
    def _is_instrument(self) -> NDArray[np.bool_]:
        # What a phone or an account did, its holder did. An organisation acts for itself: what it
        # did is not laid on everybody who belongs to it.
        kinds = self.network.vocabulary.relationship_types.values()
        actors = {name for kind in kinds if kind.group == "act" for name in kind.source_types}
        return self.is_object & ~np.isin(self._entity_types, sorted(actors))

    @cached_property
    def kinds(self) -> list[str]:
        """The relationship types that a tie can have, sorted."""
        return sorted({*self.network.relationship_table["relationship_type"].unique(), SHARES})

    @cached_property
    def kind(self) -> NDArray[np.int64]:
        """Which of the types each relationship is of."""
        column = self.network.relationship_table["relationship_type"]
        return pd.Index(self.kinds).get_indexer(pd.Index(column)).astype(np.int64)

    def _where(self, kinds: list[bool]) -> NDArray[np.bool_]:
        return np.array(kinds, dtype=bool)[self.kind]

    @cached_property
    def _types(self) -> list[RelationshipType]:
        return [self.network.vocabulary.relationship_types[name] for name in self.kinds]

    @cached_property
    def is_identity(self) -> NDArray[np.bool_]:
        """Whether each relationship says that two entities are one."""
        return self._where([kind.group == "identity" for kind in self._types])

    @cached_property
    def confidence(self) -> NDArray[np.float64]:
        """Confidence of each relationship, NaN where it is not known."""
        return self.network.relationship_table["confidence"].to_numpy(dtype=np.float64)

    @cached_property
    def _is_holding(self) -> NDArray[np.bool_]:
        s, t = self.network.codes
        held = self._is_instrument
        return self._where([kind.group == "holding" for kind in self._types]) & (
            (self.is_onto[s] & held[t]) | (self.is_onto[t] & held[s])
        )

    @cached_property
    def holdings(self) -> pd.DataFrame:
        """Every record of an entity holding an object: `object`, `entity`, `row`."""
        return self._at(np.flatnonzero(self._is_holding))

    def _at(self, rows: NDArray[np.int64]) -> pd.DataFrame:
        s, t = (ends[rows] for ends in self.network.codes)
        first = self.is_onto[s]
        return pd.DataFrame(
            {"object": np.where(first, t, s), "entity": np.where(first, s, t), "row": rows}
        )

    @cached_property
    def _holders(self) -> pd.DataFrame:
        # One row an object and holder, with the best record of it; unknown where none is known.
        n, held = self.network.n_entities, self.holdings
        pairs, pair = np.unique(
            held["object"].to_numpy(np.int64) * n + held["entity"].to_numpy(), return_inverse=True
        )
        known = best(pair, self.confidence[held["row"]], len(pairs))
        return pd.DataFrame(
            {"object": pairs // max(n, 1), "entity": pairs % max(n, 1), "known": known}
        )

    @cached_property
    def _n_holders(self) -> NDArray[np.int64]:
        return np.bincount(self._holders["object"], minlength=self.network.n_entities)

    @cached_property
    def reading(self) -> Reading:
        """How each relationship is read."""
        s, t = self.network.codes
        held = self._n_holders > 0
        stands = self.is_onto | held
        mutual = self._where(
            [
                self.onto in kind.source_types and self.onto in kind.target_types
                for kind in self._types
            ]
        )
        direct = self.is_onto[s] & self.is_onto[t]
        rest = ~direct & ~self.is_identity & (s != t)
        passing = rest & ~self._is_holding & mutual & stands[s] & stands[t]
        rest &= ~passing
        objects = rest & self.is_object[s] & self.is_object[t]
        return Reading(
            direct & (s != t),
            passing,
            rest & ((self.is_onto[s] & self.is_object[t]) | (self.is_object[s] & self.is_onto[t])),
            objects & held[s],
            objects & ~held[s] & held[t] & mutual,
        )

    @cached_property
    def _bearers(self) -> pd.DataFrame:
        # Whom an end of a relationship stands for: the entity itself, or who holds the object.
        own = np.flatnonzero(self.is_onto)
        alone = pd.DataFrame({"end": own, "entity": own, "via": -1, "known": 1.0})
        few = self._holders[self._n_holders[self._holders["object"]] <= self.max_shared]
        held = few.rename(columns={"object": "end"}).assign(via=few["object"])
        return pd.concat([alone, held], ignore_index=True)

    def chains(self) -> pd.DataFrame:
        """Return who is tied to whom, by which row, through which objects (-1 for none)."""
        rows = np.flatnonzero(self.reading.direct | self.reading.passing)
        s, t = (ends[rows] for ends in self.network.codes)
        table = pd.DataFrame({"row": rows, "s": s, "t": t, "kind": self.kind[rows]})
        left = self._bearers.set_axis(["s", "a", "via_a", "known_a"], axis=1)
        right = self._bearers.set_axis(["t", "b", "via_b", "known_b"], axis=1)
        table = table.merge(left, on="s").merge(right, on="t")
        table = table[table["a"] != table["b"]].reset_index(drop=True)
        table["known"] = self.confidence[table["row"]] * table["known_a"] * table["known_b"]
        directed = np.array([kind.directed for kind in self._types], dtype=bool)[table["kind"]]
        turn = ~directed & (table["a"] > table["b"]).to_numpy()
        table.loc[turn, ["a", "b", "via_a", "via_b"]] = table.loc[
            turn, ["b", "a", "via_b", "via_a"]
        ].to_numpy()
        return table[["a", "b", "kind", "row", "via_a", "via_b", "known"]]

    @cached_property
    def standing(self) -> pd.DataFrame:
        """Who stands at which object, by which row and through what (-1 for nothing), sorted."""
        s, t = self.network.codes
        own = self._at(np.flatnonzero(self.reading.standing)).assign(via=-1, known=1.0)
        parts = [own]
        for mask, held, at in (
            (self.reading.through_source, s, t),
            (self.reading.through_target, t, s),
        ):
            rows = np.flatnonzero(mask)
            table = pd.DataFrame({"row": rows, "end": held[rows], "object": at[rows]})
            parts.append(table.merge(self._bearers, on="end").drop(columns="end"))
        table = pd.concat(parts, ignore_index=True)
        table["known"] *= self.confidence[table["row"]]
        return table.sort_values(["object", "entity", "via", "row"], ignore_index=True)

    @cached_property
    def n_standing(self) -> NDArray[np.int64]:
        """Number of distinct entities standing at each object."""
        table = self.standing[["object", "entity"]].drop_duplicates()
        return np.bincount(table["object"], minlength=self.network.n_entities)

    def groups(self) -> pd.DataFrame:
        """Return the runs of `standing` with one object, entity and via, and the best `known`."""
        keys = self.standing[["object", "entity", "via"]].to_numpy()
        new = np.ones(len(keys), dtype=bool)
        new[1:] = (keys[1:] != keys[:-1]).any(axis=1)
        first = np.flatnonzero(new)
        known = self.standing["known"].to_numpy()
        return pd.DataFrame(keys[first], columns=["object", "entity", "via"]).assign(
            first=first,
            size=np.diff(np.append(first, len(keys))),
            known=np.fmax.reduceat(known, first) if len(first) else known,
        )

    def pairs(self, groups: pd.DataFrame) -> pd.DataFrame:
        """Return who shares which object, with the numbers of their two groups."""
        at = groups["object"].to_numpy()
        many = self.n_standing[at]
        mine = np.flatnonzero((many > 1) & (many <= self.max_shared))
        ends = np.searchsorted(at[mine], at[mine], side="right")
        left, right = expand(np.arange(1, len(mine) + 1), ends - np.arange(1, len(mine) + 1))
        left, right = mine[left], mine[right]
        entity, via = groups["entity"].to_numpy(), groups["via"].to_numpy()
        # One vehicle seen somewhere is one record, however many people hold the vehicle.
        keep = (entity[left] != entity[right]) & ((via[left] < 0) | (via[left] != via[right]))
        left, right = left[keep], right[keep]
        known = groups["known"].to_numpy()
        return pd.DataFrame(
            {
                "a": entity[left],
                "b": entity[right],
                "object": at[left],
                "left": left,
                "right": right,
                "known": known[left] * known[right],
            }
        )


def expand(
    first: NDArray[np.int64], size: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return, for runs of positions, the number of the run and each position in it."""
    run = np.repeat(np.arange(len(first)), size)
    within = np.arange(len(run)) - np.repeat(np.cumsum(size) - size, size)
    return run, np.repeat(first, size) + within
