"""An Arrow table -> a canonical table, with every failure of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink import _arrays
from netlink.errors import SchemaError, near
from netlink.ingest import values
from netlink.ingest.failures import Failures, row_text
from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.ingest.readers import Raw
    from netlink.schema import Schema


def check_columns(raw: Raw, schema: Schema, table: str, needed: tuple[str, ...]) -> None:
    """Raise unless every column that is mapped or needed stands in the table."""
    canonical = ENTITY_COLUMNS if table == "entities" else RELATIONSHIP_COLUMNS
    for name in canonical:
        column = schema.column(name)
        if column in raw.names:
            continue
        if name == "grade_scheme" and column in schema.vocabulary.grades:
            continue
        if name in needed or schema.is_mapped(name):
            raise SchemaError(
                f"The {table} need the column '{column}' (canonical '{name}'), got the columns "
                f"{raw.names}.{near(column, raw.names)} Map it with Schema({name}=...)."
            )


def present(raw: Raw, schema: Schema, name: str) -> Any | None:
    """Return the user's column for a canonical one, or None where the table has none."""
    column = schema.column(name)
    return raw.table[column] if column in raw.names else None


def entities(raw: Raw, schema: Schema) -> tuple[pd.DataFrame, Failures]:
    """Check an entity table; return the accepted rows in the order of their ids."""
    check_columns(raw, schema, "entities", ("entity_id",))
    failures = Failures("entities", raw.rows)
    name = schema.column("entity_id")
    ids = values.ids(raw.table[name], name, failures, raw.not_text.get(name))
    columns: dict[str, Any] = {
        "entity_type": _words(raw, schema, "entity_type", "unknown", failures),
        "label": _text(raw, schema, "label"),
        "protection_status": _words(raw, schema, "protection_status", "unknown", failures),
    }
    _repeated(ids, raw, name, failures)
    keep = ~failures.failed
    order = pc.sort_indices(ids).to_numpy()
    order = order[keep[order]]
    columns |= _others(raw, schema, ENTITY_COLUMNS)
    frame = _pandas({**{"entity_id": ids}, **columns}, order)
    return frame.set_index("entity_id"), failures


def relationships(
    raw: Raw, schema: Schema, ids: pa.Array | None, set_aside: pa.Array | None
) -> tuple[pd.DataFrame, pa.Array, tuple[NDArray[np.int32], NDArray[np.int32]], Failures]:
    """Check a relationship table against the ids of the entities, or make those from the ends.

    Returns the accepted rows in the order given, the ids, the codes of both ends and the failures.
    """
    check_columns(raw, schema, "relationships", ("source", "target"))
    failures = Failures("relationships", raw.rows)
    columns: dict[str, Any] = {}
    for end in ("source", "target"):
        name = schema.column(end)
        columns[end] = values.ids(raw.table[name], name, failures, raw.not_text.get(name))
    name = schema.column("relationship_id")
    given_ids = None
    if name in raw.names:
        given_ids = values.ids(raw.table[name], name, failures, raw.not_text.get(name))
    columns |= _relationship_values(raw, schema, failures)
    if ids is not None:
        codes = [_arrays.codes(columns[end], ids) for end in ("source", "target")]
        for end, found in zip(("source", "target"), codes, strict=True):
            _dangling(columns[end], found, schema.column(end), set_aside, failures)
    if given_ids is not None:
        _repeated(given_ids, raw, name, failures)
    keep = ~failures.failed
    if ids is None:
        kept = [columns[end].filter(pa.array(keep)) for end in ("source", "target")]
        ids = pc.unique(pa.concat_arrays(kept))
        ids = ids.take(pc.sort_indices(ids))
        codes = [_arrays.codes(columns[end], ids) for end in ("source", "target")]
    columns |= _others(raw, schema, RELATIONSHIP_COLUMNS)
    if given_ids is not None:
        columns["relationship_id"] = given_ids
    order = None if keep.all() else np.flatnonzero(keep)
    frame = _pandas(columns, order)
    if given_ids is not None:
        frame = frame.set_index("relationship_id")
    ends = (codes[0], codes[1]) if order is None else (codes[0][order], codes[1][order])
    return frame, ids, ends, failures


def failed_ids(raw: Raw, name: str, failures: Failures) -> pa.Array:
    """Return the ids of rows that were set aside, where they have one."""
    column = values.text(raw.table[name]).filter(pa.array(failures.failed))
    return pc.drop_null(pc.unique(column))


def _relationship_values(raw: Raw, schema: Schema, failures: Failures) -> dict[str, Any]:
    n = raw.table.num_rows
    columns: dict[str, Any] = {
        "relationship_type": _words(raw, schema, "relationship_type", "related_to", failures)
    }
    weight = present(raw, schema, "weight")
    if weight is None:
        columns["weight"] = np.ones(n)
    else:
        name = schema.column("weight")
        found = values.numbers(weight, name, "weight", failures)
        failures.add(np.isnan(found) & ~failures.failed, name, "weight is missing")
        failures.add(found < 0, name, "weight is negative")
        columns["weight"] = found
    for end in ("start", "end"):
        column = present(raw, schema, end)
        if column is None:
            columns[end] = pd.Series(np.full(n, np.datetime64("NaT", "us"))).dt.tz_localize("UTC")
            continue
        columns[end] = values.times(column, schema.column(end), schema, failures)
        if values.is_text(column.type):
            columns[f"{end}_text"] = values.flat(column)
    columns |= _graded(raw, schema, failures)
    for name in ("handling", "dataset", "document"):
        columns[name] = _text(raw, schema, name)
    return columns


def _graded(raw: Raw, schema: Schema, failures: Failures) -> dict[str, Any]:
    n = raw.table.num_rows
    grade = _text(raw, schema, "grade")
    given = schema.column("grade_scheme")
    known = schema.vocabulary.grades
    if given in raw.names:
        what = "grade scheme"
        scheme = values.words(raw.table[given], given, {}, known, what, "", failures)
        scheme = pc.if_else(pc.equal(scheme, ""), None, scheme)
    elif schema.is_mapped("grade_scheme"):
        scheme = pc.if_else(pc.is_valid(grade), given, None).cast(pa.large_string())
    else:
        scheme = pa.nulls(n, pa.large_string())
    found = values.confidences(grade, scheme, schema.column("grade"), schema, failures)
    stated = present(raw, schema, "confidence")
    if stated is not None:
        name = schema.column("confidence")
        numbers = values.numbers(stated, name, "confidence", failures)
        failures.add((numbers < 0) | (numbers > 1), name, "confidence is not in 0 to 1")
        found = np.where(np.isnan(numbers), found, numbers)
    return {"confidence": found, "grade": grade, "grade_scheme": scheme}


def _words(raw: Raw, schema: Schema, name: str, default: str, failures: Failures) -> pa.Array:
    column = present(raw, schema, name)
    if column is None:
        return pa.array([default], pa.large_string()).take(
            pa.array(np.zeros(raw.table.num_rows, "i4"))
        )
    part = "protection_statuses" if name == "protection_status" else f"{name}s"
    return values.words(
        column,
        schema.column(name),
        getattr(schema, part),
        getattr(schema.vocabulary, part),
        name.replace("_", " "),
        default,
        failures,
    )


def _text(raw: Raw, schema: Schema, name: str) -> pa.Array:
    column = present(raw, schema, name)
    if column is None:
        return pa.nulls(raw.table.num_rows, pa.large_string())
    found = values.text(column)
    # An empty cell of a text file holds nothing; in a data frame "" and missing mean the same here.
    return pc.if_else(pc.equal(found, ""), None, found)


def _others(raw: Raw, schema: Schema, canonical: tuple[str, ...]) -> dict[str, Any]:
    used = {schema.column(name) for name in canonical}
    reserved = {*canonical, "start_text", "end_text"}
    return {
        # A user's own column may carry a canonical name for something else: it keeps its values.
        (f"{name}_in_table" if name in reserved else name): raw.table[name]
        for name in raw.names
        if name not in used
    }


def _repeated(ids: pa.Array, raw: Raw, name: str, failures: Failures) -> None:
    """Set aside all rows of an id but one: of several the first by content, whatever the row order."""
    if pc.count_distinct(ids).as_py() == len(ids):
        return
    column = pd.Series(ids.to_pylist(), dtype=object)
    sound = ~failures.failed
    again = column.where(sound).duplicated(keep=False).to_numpy() & sound
    at = np.flatnonzero(again)
    contents = [row_text(row) for row in raw.table.take(at).to_pylist()]
    rows = pd.DataFrame({"at": at, "id": column.to_numpy()[at], "content": contents})
    extra = rows.sort_values(["id", "content", "at"])["id"].duplicated()
    beaten = np.zeros(len(ids), dtype=bool)
    beaten[rows.loc[extra[extra].index, "at"].to_numpy(dtype=np.int64)] = True
    failures.add(beaten, name, "id is given more than once")


def _dangling(
    column: pa.Array,
    codes: NDArray[np.int32],
    name: str,
    set_aside: pa.Array | None,
    failures: Failures,
) -> None:
    unknown = (codes < 0) & values.mask(pc.is_valid(column))
    unknown &= values.mask(pc.greater(pc.binary_length(pc.utf8_trim_whitespace(column)), 0))
    if not unknown.any():
        return
    if set_aside is not None and len(set_aside):
        lost = unknown & values.mask(pc.is_in(column, value_set=set_aside))
        failures.add(lost, name, "the row of this entity was set aside")
        unknown &= ~lost
    failures.add(unknown, name, "no such entity")


def _pandas(columns: dict[str, Any], order: NDArray[np.int64] | None) -> pd.DataFrame:
    """Build a frame from columns of Arrow, numpy and pandas, rows taken in an order."""
    built: dict[str, Any] = {}
    for name, column in columns.items():
        if isinstance(column, pa.Array | pa.ChunkedArray):
            array = column if order is None else column.take(pa.array(order))
            series = array.to_pandas()
            is_text = values.is_text(array.type) or pa.types.is_null(array.type)
            built[name] = series.astype("str") if is_text else series
        elif isinstance(column, pd.Series):
            built[name] = column if order is None else column.iloc[order].reset_index(drop=True)
        else:
            built[name] = column if order is None else column[order]
    return pd.DataFrame(built)
