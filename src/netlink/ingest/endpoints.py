"""The ends of relationships: which are no entity, and the entities that they imply."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink.ingest import values

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable

    from numpy.typing import NDArray

    from netlink.ingest.checks import Relationships
    from netlink.ingest.failures import Failures
    from netlink.schema import Schema
    from netlink.vocabulary import Vocabulary

    Declared: TypeAlias = tuple[int, NDArray[np.bool_], str]


def check(
    column: pa.Array,
    codes: NDArray[np.int32],
    name: str,
    set_aside: pa.Array | None,
    failures: Failures,
    row: NDArray[np.int64] | None = None,
) -> None:
    """Note which ends are blank or no entity; missing ones were noted when they were read.

    `row` is the row that each end stands in, where a row can have several.
    """
    rows = np.flatnonzero(codes < 0)
    ends = column.take(pa.array(rows))
    is_blank = values.is_blank(ends)
    is_lost = np.zeros(len(rows), dtype=bool)
    if set_aside is not None:
        is_lost = values.mask(pc.is_in(ends, value_set=set_aside)) & ~is_blank
    is_unknown = values.mask(pc.is_valid(ends)) & ~is_blank & ~is_lost
    for part, reason in (
        (is_blank, "id is empty or blank"),
        (is_lost, "the row of this entity was set aside"),
        (is_unknown, "no such entity"),
    ):
        wrong = np.zeros(len(failures.failed), dtype=bool)
        wrong[rows[part] if row is None else row[rows[part]]] = True
        failures.add(wrong, name, reason)


def ids_of(source: pa.Array, target: pa.Array) -> pa.Array:
    """Return the ids that stand at the ends, in order."""
    ids = pc.drop_null(pc.unique(pa.concat_arrays([source, target])))
    ids = ids.filter(pa.array(~values.is_blank(ids)))
    return ids.take(pc.sort_indices(ids))


def used(
    is_entity: NDArray[np.bool_], source: NDArray[np.int32], target: NDArray[np.int32]
) -> tuple[NDArray[np.bool_], NDArray[np.int32], NDArray[np.int32]]:
    """Tell which ids are entities or have a row left, and number the ends anew."""
    if is_entity.all():
        return is_entity, source, target
    keep = is_entity.copy()
    keep[source] = True
    keep[target] = True
    renumber = np.cumsum(keep, dtype=np.int32) - np.int32(1)
    return keep, renumber[source], renumber[target]


def completed(
    given: pd.DataFrame | None, found: Relationships, schema: Schema, *, is_typed: bool
) -> pd.DataFrame:
    """Return the entities with those that relationships speak of and the types that they imply."""
    made = found.is_made
    if given is not None and is_typed and not made.any():
        return given
    kinds = found.table["relationship_type"]
    implied = typed(found.ids, kinds, found.codes, schema.vocabulary, _declared(found, schema))
    implied.loc[made, "entity_type"] = schema.event_type
    if given is None:
        return implied
    if made.any():
        given = with_room(given, given.columns).reindex(implied.index)
        given = given.fillna({"protection_status": "unknown"})
    replaced = made if is_typed else np.ones(len(made), dtype=bool)
    return given.assign(entity_type=given["entity_type"].mask(replaced, implied["entity_type"]))


def _declared(found: Relationships, schema: Schema) -> list[Declared]:
    """Return the types that the schema declares of ends: which end, of which rows, what."""
    if schema.participants and schema.end_types:
        column_of = found.table["participant"]
        kinds = schema.end_types.items()
        return [(0, (column_of == column).to_numpy(), kind) for column, kind in kinds]
    every = np.ones(len(found.table), dtype=bool)
    kinds_of = [schema.end_types.get(schema.column(end)) for end in ("source", "target")]
    return [(end, every, kind) for end, kind in enumerate(kinds_of) if kind is not None]


def with_room(table: pd.DataFrame, columns: Iterable[Hashable]) -> pd.DataFrame:
    """Return a table whose columns can miss cells and stay of integers and truth values."""
    room = {"i": "Int64", "u": "UInt64", "b": "boolean"}
    kinds = {name: room.get(table[name].dtype.kind) for name in columns if name in table.columns}
    return table.astype({name: kind for name, kind in kinds.items() if kind})


def typed(
    ids: pa.Array,
    kinds: pd.Series,
    codes: tuple[NDArray[np.int32], NDArray[np.int32]],
    vocabulary: Vocabulary,
    declared: list[Declared],
) -> pd.DataFrame:
    """Give each id the first entity type that all its relationships allow, or 'unknown'.

    Where the type of an end is declared, what its relationship allows does not count.
    """
    names = list(vocabulary.entity_types)
    # One bit an entity type; an end allows a set of types, an entity the intersection of its ends'.
    allowed = np.full(len(ids), (1 << len(names)) - 1, dtype=np.int64)
    tied = np.zeros(len(ids), dtype=bool)
    is_open = [np.ones(len(kinds), dtype=bool) for _ in codes]
    for side, rows, name in declared:
        at = np.unique(codes[side][rows])
        allowed[at] &= 1 << names.index(name)
        tied[at] = True
        is_open[side] &= ~rows
    for word in kinds.unique():
        rows = (kinds == word).to_numpy()
        kind = vocabulary.relationship_types[word]
        allow = (kind.source_types, kind.target_types)
        for end, types, counts in zip(codes, allow, is_open, strict=True):
            at = np.unique(end[rows & counts])
            allowed[at] &= sum(1 << names.index(name) for name in types)
            tied[at] = True
    lowest = np.full(len(ids), names.index("unknown"), dtype=np.int64)
    for position in reversed(range(len(names))):
        lowest[((allowed >> position) & 1 == 1) & tied] = position
    frame = pd.DataFrame(
        {
            "entity_type": pd.array(np.array(names, dtype=object)[lowest], dtype="str"),
            "label": pd.array([None] * len(ids), dtype="str"),
            "protection_status": pd.array(["unknown"] * len(ids), dtype="str"),
        }
    )
    frame.index = pd.Index(ids.to_pandas(), dtype="str", name="entity_id")
    return frame
