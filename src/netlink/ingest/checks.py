"""An Arrow table -> a canonical table, with every failure of every row."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink.errors import SchemaError
from netlink.ingest import claims, details, endpoints, events, shown, times, values
from netlink.ingest.failures import Failures, row_texts
from netlink.schema import (
    CLOCK_COLUMNS,
    ENTITY_COLUMNS,
    MONEY_COLUMNS,
    PLACE_COLUMNS,
    RELATIONSHIP_COLUMNS,
)
from netlink.schema.checks import OF_TWO_ENDS

if TYPE_CHECKING:
    from concurrent.futures import Future

    from numpy.typing import NDArray

    from netlink.ingest.claims import Claims, Known
    from netlink.ingest.raw import Raw
    from netlink.schema import Schema


def check_columns(raw: Raw, schema: Schema, table: str, needed: tuple[str, ...]) -> None:
    """Raise unless every column that is mapped or needed stands in the table."""
    canonical = ENTITY_COLUMNS if table == "entities" else RELATIONSHIP_COLUMNS
    wanted = {name: schema.column(name) for name in canonical}
    if table == "relationships":
        wanted |= {name: schema.column(name) for name in CLOCK_COLUMNS}
    if table == "relationships" and schema.participants:
        wanted["event_id"] = schema.column("event_id")
        wanted |= {column: column for column in schema.participants}
    for name, column in wanted.items():
        if column in raw.names:
            continue
        if name == "grade_scheme" and column in schema.vocabulary.grades:
            continue
        if name in needed or (name not in schema.participants and schema.is_mapped(name)):
            is_part = name in schema.participants
            way, what = ("participants", "") if is_part else (name, f" (canonical '{name}')")
            raise SchemaError(
                f"The {table} need the column '{column}'{what}, "
                f"{shown.columns(column, raw.names, schema)} Map it with Schema({way}=...)."
            )


def present(raw: Raw, schema: Schema, name: str) -> Any | None:
    """Return the user's column for a canonical one, or None where the table has none."""
    column = schema.column(name)
    return raw.table[column] if column in raw.names else None


def entities(raw: Raw, schema: Schema) -> tuple[pd.DataFrame, pa.Array, Failures]:
    """Check an entity table; return the accepted rows in the order of their ids, and the ids."""
    check_columns(raw, schema, "entities", ("entity_id",))
    failures = Failures("entities", raw)
    ids = _own_ids(raw, schema, "entity_id", failures)
    columns: dict[str, Any] = {
        "entity_type": _words(raw, schema, "entity_type", "unknown", failures),
        "label": _text(raw, schema, "label"),
        "protection_status": _words(raw, schema, "protection_status", "unknown", failures),
        **details.of_entities(raw, schema, failures),
    }
    order = pc.sort_indices(ids)
    in_order = ids.take(order)
    if pc.any(pc.equal(in_order[1:], in_order[:-1])).as_py():
        _repeated(ids, raw, schema.column("entity_id"), failures)
    order = order.to_numpy()
    if failures.failed.any():
        order = order[~failures.failed[order]]
        in_order = ids.take(pa.array(order))
    taken = {*columns, *ENTITY_COLUMNS}
    columns |= _others(raw, used(schema, "entities"), taken)
    frame = pd.DataFrame(_series({"entity_id": ids, **columns}, order), copy=False)
    return frame.set_index("entity_id"), in_order, failures


@dataclass(frozen=True)
class Relationships:
    """Accepted relationships in the order given, the ids of entities, the codes of both ends.

    `is_made` tells which ids a row made an entity of; `claims` is what was read.
    """

    table: pd.DataFrame
    ids: pa.Array
    codes: tuple[NDArray[np.int32], NDArray[np.int32]]
    is_made: NDArray[np.bool_]
    claims: Claims
    failures: Failures
    same_event: NDArray[np.int32] | None


def relationships(
    raw: Raw, schema: Schema, known: Known | None, reading: Future[tuple[dict[str, Any], Failures]]
) -> Relationships:
    """Check a relationship table against the entities, or make those from the ends.

    `reading` reads what `relationship_values` does meanwhile.
    """
    needed = (*schema.participants,) or ("source", "target")
    check_columns(raw, schema, "relationships", needed)
    failures = Failures("relationships", raw)
    read = events.of_participants if schema.participants else claims.of_two_ends
    found = read(raw, schema, known, failures)
    of_rows, beside = reading.result()
    failures.take(beside)
    of_rows["handling"] = details.handling(of_rows["handling"], schema, failures)
    of_rows |= details.of_relationships(raw, schema, failures)
    columns = dict(found.columns)
    name = schema.column("relationship_id")
    if name in raw.names and not schema.participants:
        ids = _own_ids(raw, schema, "relationship_id", failures)
        if pc.count_distinct(ids).as_py() < len(ids):
            _repeated(ids, raw, name, failures)
        columns["relationship_id"] = found.numbered(ids, name, failures)
    taken = {*columns, *of_rows, *RELATIONSHIP_COLUMNS}
    of_rows |= _others(raw, used(schema, "relationships"), taken)
    is_sound = ~failures.failed if found.row is None else ~failures.failed[found.row]
    keep = None if is_sound.all() else np.flatnonzero(is_sound)
    row = found.row if keep is None or found.row is None else found.row[keep]
    built = _series(columns, keep) | _series(of_rows, keep if row is None else row)
    frame = pd.DataFrame(built, copy=False)
    if "relationship_id" in columns:
        frame = frame.set_index("relationship_id")
    ends = found.codes if keep is None else [codes[keep] for codes in found.codes]
    is_used, source, target = endpoints.used(found.is_entity, *ends)
    ids = found.ids.filter(pa.array(is_used))
    same = found.same_event
    same = same if same is None or keep is None else same[keep]
    made = found.is_event[is_used]
    return Relationships(frame, ids, (source, target), made, found, failures, same)


def used(schema: Schema, table: str) -> set[str]:
    """Return the user's columns that are read as canonical ones."""
    if table == "entities":
        places = {schema.column(name) for name in PLACE_COLUMNS if schema.is_mapped(name)}
        return {*map(schema.column, ENTITY_COLUMNS), *places}
    optional = (*MONEY_COLUMNS, *CLOCK_COLUMNS)
    mapped = {schema.column(name) for name in optional if schema.is_mapped(name)}
    if not schema.participants:
        return {*map(schema.column, RELATIONSHIP_COLUMNS), *mapped}
    rest = [name for name in RELATIONSHIP_COLUMNS if name not in OF_TWO_ENDS]
    return {*map(schema.column, (*rest, "event_id")), *schema.participants, *mapped}


def failed_ids(schema: Schema, failures: Failures) -> pa.Array:
    """Return the ids of the entities that were set aside, where they have one."""
    column = values.text(failures.raw.table[schema.column("entity_id")])
    return pc.drop_null(pc.unique(column.filter(pa.array(failures.failed))))


def _own_ids(raw: Raw, schema: Schema, name: str, failures: Failures) -> pa.Array:
    column = schema.column(name)
    ids = values.ids(raw.table[column], column, failures, raw.not_text.get(column))
    failures.add(values.is_blank(ids), column, "id is empty or blank")
    return ids


def relationship_values(raw: Raw, schema: Schema) -> tuple[dict[str, Any], Failures]:
    """Read what does not depend on the ends: weights, times, grades and texts, and what fails."""
    failures = Failures("relationships", raw)
    n = raw.table.num_rows
    columns: dict[str, Any] = {}
    weight = present(raw, schema, "weight")
    if weight is None:
        columns["weight"] = np.ones(n)
    else:
        name = schema.column("weight")
        found, given = values.numbers(weight, name, "weight", failures, schema.decimal)
        failures.add(~given, name, "weight is missing")
        failures.add(np.isfinite(found) & (found < 0), name, "weight is negative")
        columns["weight"] = found
    columns |= _times(raw, schema, failures)
    columns |= _graded(raw, schema, failures)
    columns |= {name: _text(raw, schema, name) for name in ("handling", "dataset", "document")}
    return columns, failures


def _times(raw: Raw, schema: Schema, failures: Failures) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    texts: dict[str, Any] = {}
    for end in ("start", "end"):
        column, precision = present(raw, schema, end), present(raw, schema, f"{end}_precision")
        clock = present(raw, schema, f"{end}_time") if schema.is_mapped(f"{end}_time") else None
        if column is None and precision is None and clock is None:
            columns[end], columns[f"{end}_precision"] = times.none(raw.table.num_rows)
            continue
        stated = None
        if precision is not None:
            stated = times.stated(precision, schema.column(f"{end}_precision"), failures)
        array = pa.nulls(raw.table.num_rows) if column is None else values.flat(column)
        if pa.types.is_integer(array.type):  # a year, or a spelling of Schema(format=...)
            array = array.cast(pa.large_string())
        if clock is not None:
            array = times.with_clock(array, clock, schema.column(f"{end}_time"), failures)
        found = times.times(array, schema.column(end), schema, failures, stated)
        columns[end], columns[f"{end}_precision"] = found
        if values.is_text(array.type):
            texts[f"{end}_text"] = array
    order = ("start", "end", "start_precision", "end_precision")
    return {**{name: columns[name] for name in order}, **texts}


def _graded(raw: Raw, schema: Schema, failures: Failures) -> dict[str, Any]:
    n = raw.table.num_rows
    grade = _coded(raw, schema, "grade")
    given = schema.column("grade_scheme")
    known = schema.vocabulary.grades
    one = None
    if given in raw.names:
        what = "grade scheme"
        scheme = values.words(raw.table[given], given, {}, known, what, "", failures)
        scheme = pc.if_else(pc.equal(scheme, ""), None, scheme)
    elif schema.is_mapped("grade_scheme"):
        scheme, one = values.repeated(given, n), given
        if grade.null_count:
            scheme = pc.if_else(pc.is_valid(grade), scheme, None)
    else:
        scheme = values.repeated(None, n)
    name = schema.column("grade")
    found = values.confidences(grade, one or scheme, name, known, failures)
    stated = present(raw, schema, "confidence")
    if stated is not None:
        name = schema.column("confidence")
        numbers, is_given = values.numbers(stated, name, "confidence", failures, schema.decimal)
        outside = np.isfinite(numbers) & ((numbers < 0) | (numbers > 1))
        failures.add(outside, name, "confidence is not in 0 to 1")
        found = np.where(is_given, numbers, found)
    return {"confidence": found, "grade": grade.cast(pa.large_string()), "grade_scheme": scheme}


def _coded(raw: Raw, schema: Schema, name: str) -> pa.DictionaryArray:
    """Return a column of text as numbers of its words; an empty cell holds nothing."""
    column = present(raw, schema, name)
    if column is None:
        column = pa.nulls(raw.table.num_rows, pa.large_string())
    coded = values.encoded(column)
    if "" not in coded.dictionary.to_pylist():
        return coded
    empty = pc.equal(coded.dictionary, "").take(coded.indices)
    return pa.DictionaryArray.from_arrays(pc.if_else(empty, None, coded.indices), coded.dictionary)


def _words(raw: Raw, schema: Schema, name: str, default: str, failures: Failures) -> pa.Array:
    column = present(raw, schema, name)
    if column is None:
        return values.repeated(default, raw.table.num_rows)
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
        return values.repeated(None, raw.table.num_rows)
    found = values.text(column)
    empty = pc.equal(found, "")
    # An empty cell of a text file holds nothing; in a data frame "" and missing mean the same here.
    return pc.if_else(empty, None, found) if pc.any(empty).as_py() else found


def _others(raw: Raw, used: set[str], taken: set[str]) -> dict[str, Any]:
    """Return the user's other columns; one that carries a canonical name is renamed, not lost."""
    taken = {*taken}
    others: dict[str, Any] = {}
    for column in raw.names:
        if column not in used:
            name = column
            while name in taken or (name != column and name in raw.names):
                name += "_in_table"
            others[name] = raw.table[column]
            taken.add(name)
    return others


def _repeated(ids: pa.Array, raw: Raw, name: str, failures: Failures) -> None:
    """Set aside all rows of an id but one: the first by content, whatever the row order."""
    column = pd.Series(ids.to_pylist(), dtype=object)
    sound = ~failures.failed
    again = column.where(sound).duplicated(keep=False).to_numpy() & sound
    at = np.flatnonzero(again)
    contents = row_texts(raw.table, at)
    rows = pd.DataFrame({"at": at, "id": column.to_numpy()[at], "content": contents})
    extra = rows.sort_values(["id", "content", "at"])["id"].duplicated()
    beaten = np.zeros(len(ids), dtype=bool)
    beaten[rows.loc[extra[extra].index, "at"].to_numpy(dtype=np.int64)] = True
    failures.add(beaten, name, "id is given more than once")


def _series(columns: dict[str, Any], order: NDArray[np.int64] | None) -> dict[str, Any]:
    """Return columns of Arrow, numpy and pandas for a frame, rows taken in an order."""
    built: dict[str, Any] = {}
    for name, column in columns.items():
        if isinstance(column, pa.Array | pa.ChunkedArray):
            array = column if order is None else column.take(pa.array(order))
            if values.is_text(array.type):
                # `to_pandas` casts, and earlier versions of Arrow copy what needs no cast.
                built[name] = pd.Series(pd.array(array, dtype="str"))
            elif pa.types.is_null(array.type):
                built[name] = array.to_pandas().astype("str")
            elif pa.types.is_integer(array.type) and array.null_count:
                # As floats, which have room for a missing one, large numbers would be others.
                kind = "Int64" if pa.types.is_signed_integer(array.type) else "UInt64"
                built[name] = array.to_pandas(integer_object_nulls=True).astype(kind)
            else:
                try:
                    built[name] = array.to_pandas()
                except pa.ArrowNotImplementedError:  # cells that may be of several types
                    built[name] = pd.Series(values.text(array).to_pandas(), dtype="str")
        elif isinstance(column, pd.Series):
            built[name] = column if order is None else column.iloc[order].reset_index(drop=True)
        else:
            built[name] = column if order is None else column[order]
    return built
