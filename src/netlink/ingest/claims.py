"""Rows -> relationships: one each, or several where a word or a row speaks of several."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netlink import _arrays
from netlink.ingest import endpoints, values
from netlink.ingest.failures import Failures
from netlink.schema.checks import named

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netlink.ingest.raw import Raw
    from netlink.schema import Schema

    Codes = NDArray[np.int32]


@dataclass(frozen=True)
class Known:
    """Ids of a table of entities: accepted ones in order, those set aside, those of no events."""

    ids: pa.Array
    set_aside: pa.Array
    no_events: pa.Array


@dataclass(frozen=True)
class Claims:
    """Ends and types of relationships, before the rows that fail are set aside.

    `ids` are in order; `is_entity` tells which of them stay without a relationship, `is_event`
    which a row made an entity. `row` is the row that each relationship comes from, None where each
    row is one. `empty` counts the cells of each column of participants that name none. Where events
    have no ids of the table's, `same_event` numbers them so that those of the same participants in
    the same parts are one; the numbers are none of `codes`.
    """

    ids: pa.Array
    is_entity: NDArray[np.bool_]
    is_event: NDArray[np.bool_]
    codes: tuple[Codes, Codes]
    columns: dict[str, Any]
    row: NDArray[np.int64] | None = None
    empty: dict[str, int] = field(default_factory=dict)
    same_event: Codes | None = None

    def numbered(self, ids: pa.Array, name: str, failures: Failures) -> pa.Array:
        """Return an id for each relationship: that of its row, with the type where it has several.

        Of rows whose ids would then be alike none is used.
        """
        if self.row is None:
            return ids
        found = ids.take(pa.array(self.row))
        types = self.columns["relationship_type"]
        is_part = np.bincount(self.row, minlength=len(ids))[self.row] > 1
        joined = pc.binary_join_element_wise(found, types, pa.scalar("-", pa.large_string()))
        found = pc.if_else(pa.array(is_part), joined, found)
        sound = np.flatnonzero(~failures.failed[self.row])
        again = found.take(pa.array(sound)).to_pandas().duplicated(keep=False).to_numpy()
        wrong = np.zeros(len(ids), dtype=bool)
        wrong[self.row[sound[again]]] = True
        failures.add(wrong, name, "id is given more than once")
        return found


def of_two_ends(raw: Raw, schema: Schema, entities: Known | None, failures: Failures) -> Claims:
    """Read rows with a source and a target."""
    columns: dict[str, Any] = {}
    for end in ("source", "target"):
        name = schema.column(end)
        columns[end] = values.ids(raw.table[name], name, failures, raw.not_text.get(name))
    known = (
        endpoints.ids_of(columns["source"], columns["target"]) if entities is None else entities.ids
    )
    beside = Failures(failures.name, raw)  # of its own, as both are read at the same time
    with ThreadPoolExecutor(1) as pool:
        typing = pool.submit(_types, raw, schema, beside)
        codes = [_arrays.codes(columns[end], known) for end in ("source", "target")]
        for end, found in zip(("source", "target"), codes, strict=True):
            set_aside = None if entities is None else entities.set_aside
            endpoints.check(columns[end], found, schema.column(end), set_aside, failures)
        types, row = typing.result()
    failures.take(beside)
    names = [pa.scalar(schema.column(end), known.type) for end in ("source", "target")]
    first, second = (pc.index(known, name).as_py() for name in names)
    if first >= 0 and second >= 0:  # where files were put under each other with their first lines
        again = (codes[0] == first) & (codes[1] == second)
        failures.add(again, schema.column("source"), "row repeats the names of the columns")
    if row is not None:
        columns = {end: column.take(pa.array(row)) for end, column in columns.items()}
        codes = [found[row] for found in codes]
    columns["relationship_type"] = types
    if row is not None:
        text = values.text(raw.table[schema.column("relationship_type")])
        columns["relationship_type_text"] = text.take(pa.array(row))
    is_entity = np.full(len(known), entities is not None)
    is_event = np.zeros(len(known), dtype=bool)
    return Claims(known, is_entity, is_event, (codes[0], codes[1]), columns, row)


def _types(
    raw: Raw, schema: Schema, failures: Failures
) -> tuple[pa.Array, NDArray[np.int64] | None]:
    """Return the types, and the row of each where the schema has a word of several types."""
    name = schema.column("relationship_type")
    n = raw.table.num_rows
    if name not in raw.names:
        return values.repeated("related_to", n), None
    meant, at = values.meanings(
        raw.table[name],
        name,
        schema.relationship_types,
        schema.vocabulary.relationship_types,
        "relationship type",
        "related_to",
        failures,
    )
    if any(isinstance(word, tuple) for word in schema.relationship_types.values()):
        return spread(meant, at)
    return pa.array(meant, pa.large_string()).take(pa.array(at)), None


def spread(meant: Sequence[Any], at: NDArray[np.int32]) -> tuple[pa.Array, NDArray[np.int64]]:
    """Write out the one or several types that each row means, and which row each is of."""
    several = [named(words) for words in meant]
    size = np.array([len(words) for words in several], dtype=np.int64)
    counts = size[at]
    row = np.repeat(np.arange(len(at)), counts)
    within = np.arange(len(row)) - np.repeat(np.cumsum(counts) - counts, counts)
    first = np.cumsum(size) - size
    words = pa.array([word for words in several for word in words], pa.large_string())
    return words.take(pa.array(first[at[row]] + within)), row
