"""Rows that are events: an entity each, and a relationship from each participant to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink import _arrays
from netlink.ingest import endpoints, values
from netlink.ingest.claims import Claims, Known, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.ingest.failures import Failures
    from netlink.ingest.raw import Raw
    from netlink.schema import Schema


def of_participants(raw: Raw, schema: Schema, entities: Known | None, failures: Failures) -> Claims:
    """Read rows with participants."""
    events = _event_ids(raw, schema, failures)
    of_events = endpoints.ids_of(events, events)
    parts: list[tuple[pa.Array, pa.Array, NDArray[np.int64], str]] = []
    empty: dict[str, int] = {}
    n = raw.table.num_rows
    named = np.zeros(n, dtype=bool)
    for column, meant in schema.participants.items():
        cells, row, is_given = _participants(raw, column, schema.id_separator, failures)
        named |= is_given
        empty[column] = int(n - is_given.sum())
        is_event = values.mask(pc.is_in(cells, value_set=of_events))
        failures.add(_rows(is_event, row, n), column, "id is that of an event too")
        if entities is not None:
            found = _arrays.codes(cells, entities.ids)
            endpoints.check(cells, found, column, entities.set_aside, failures, row)
        types, at = spread([meant], np.zeros(len(cells), dtype=np.int32))
        parts.append((cells.take(pa.array(at)), types, row[at], column))
    failures.add(~named, "", "row names no participant")
    if entities is not None:
        _check_events(events, schema, entities, failures)
    source, types = (pa.concat_arrays([part[i] for part in parts]) for i in (0, 1))
    row = np.concatenate([part[2] for part in parts])
    column_of = np.repeat(np.arange(len(parts)), [len(part[2]) for part in parts])
    order = np.argsort(row, kind="stable")  # the relationships of a row stand together
    row, take = row[order], pa.array(order)
    target = events.take(pa.array(row))
    columns = {
        "source": source.take(take),
        "target": target,
        "relationship_type": types.take(take),
        "participant": pa.array([part[3] for part in parts], pa.large_string()).take(
            pa.array(column_of[order])
        ),
    }
    given = columns["source"] if entities is None else entities.ids
    known = endpoints.ids_of(given, of_events)
    is_entity = np.zeros(len(known), dtype=bool)
    if entities is not None:
        is_entity = values.mask(pc.is_in(known, value_set=entities.ids))
    is_event = values.mask(pc.is_in(known, value_set=of_events)) & ~is_entity
    codes = (_arrays.codes(columns["source"], known), _arrays.codes(target, known))
    same = None
    if schema.column("event_id") not in raw.names:
        parts_of = _arrays.mixed(codes[0].astype(np.uint64), column_of[order].astype(np.uint64))
        key = np.zeros(n, dtype=np.uint64)
        np.add.at(key, row, parts_of)
        same = (pd.factorize(key[row])[0] + len(known)).astype(np.int32)
    return Claims(known, is_entity, is_event, codes, columns, row, empty, same)


def _rows(wrong: NDArray[np.bool_], row: NDArray[np.int64], n: int) -> NDArray[np.bool_]:
    found = np.zeros(n, dtype=bool)
    found[row[wrong]] = True
    return found


def _event_ids(raw: Raw, schema: Schema, failures: Failures) -> pa.Array:
    name = schema.column("event_id")
    if name in raw.names:
        ids = values.ids(raw.table[name], name, failures, raw.not_text.get(name))
        failures.add(values.is_blank(ids), name, "id is empty or blank")
        return ids
    # A missing cell and an empty one are the same content, or an id would depend on the format.
    columns = {
        column: values.text(raw.table[column]).fill_null("").to_pandas() for column in raw.names
    }
    keys = _arrays.content_keys(columns, np.zeros(raw.table.num_rows, dtype=np.uint64))
    # Rows with the same content are numbered: being alike, any of them may be the first.
    copies = pd.Series(keys).groupby(keys).cumcount()
    texts = [
        f"e{key:016x}" + (f"-{copy + 1}" if copy else "")
        for key, copy in zip(keys.tolist(), copies, strict=True)
    ]
    return pa.array(texts, pa.large_string())


def _participants(
    raw: Raw, column: str, separator: str | None, failures: Failures
) -> tuple[pa.Array, NDArray[np.int64], NDArray[np.bool_]]:
    """Return the participants of a column, the row of each, and which rows name one."""
    cells = values.ids(
        raw.table[column], column, failures, raw.not_text.get(column), may_be_missing=True
    )
    is_given = values.mask(pc.is_valid(values.flat(raw.table[column]))) & ~values.is_blank(cells)
    row = np.flatnonzero(is_given)
    is_unread = is_given & values.mask(pc.is_null(cells))  # noted already
    cells = cells.filter(pa.array(is_given))
    if separator is not None:
        split = pc.split_pattern(cells, separator)
        row = row[pc.list_parent_indices(split).to_numpy()]
        cells = pc.utf8_trim_whitespace(pc.list_flatten(split))
        is_empty = values.is_blank(cells)
        cells, row = cells.filter(pa.array(~is_empty)), row[~is_empty]
        is_given = is_unread
        is_given[row] = True
    return cells, row, is_given


def _check_events(events: pa.Array, schema: Schema, entities: Known, failures: Failures) -> None:
    name = schema.column("event_id")
    for ids, reason in (
        (entities.no_events, f"id is that of an entity which is no {schema.event_type}"),
        (entities.set_aside, "the row of this entity was set aside"),
    ):
        failures.add(values.mask(pc.is_in(events, value_set=ids)), name, reason)
