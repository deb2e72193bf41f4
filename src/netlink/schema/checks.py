"""What a schema may say: the words it maps to, its columns, its participants."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from netlink.errors import SchemaError, near

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from netlink.schema import Schema
    from netlink.vocabulary import Vocabulary

# Where a row has several participants it has no two ends and no type of its own.
OF_TWO_ENDS = ("relationship_id", "source", "target", "relationship_type")


def words(mapping: Any, part: str, known: Iterable[str]) -> dict[str, Any]:
    """Return words -> the vocabulary's, of which only `part` may name several."""
    several = part in {"relationship_types", "participants"}
    if not hasattr(mapping, "items"):
        raise SchemaError(
            f"'{part}' must map the user's words to the vocabulary's, got {type(mapping).__name__}."
        )
    found: dict[str, Any] = {}
    for word, meant in mapping.items():
        if not isinstance(word, str):
            raise SchemaError(f"'{part}' must map text, got a key of {type(word).__name__}.")
        is_list = isinstance(meant, tuple | list)
        names = list(meant) if is_list else [meant]
        if is_list and (not several or not names or len({*map(str, names)}) < len(names)):
            allowed = ", or a tuple of several different ones" if several else ""
            raise SchemaError(f"'{part}' must map each word to one of the vocabulary's{allowed}.")
        found[word] = tuple(names) if len(names) > 1 else names[0]
    unknown = sorted({str(name) for meant in found.values() for name in named(meant)} - {*known})
    if unknown:
        raise SchemaError(
            f"'{part}' maps to {unknown}, which the vocabulary lacks.{near(unknown[0], known)}"
        )
    return found


def named(meant: Any) -> tuple[Any, ...]:
    """Return what a word means as a tuple, also where it means one thing."""
    return meant if isinstance(meant, tuple) else (meant,)


def columns(tables: Mapping[str, Mapping[str, Any]]) -> None:
    """Raise unless each column of a table is mapped once and stands for one thing."""
    for table in tables.values():
        for name, value in table.items():
            if value is not None and not isinstance(value, str):
                raise SchemaError(
                    f"'{name}' must be the name of a column, got {type(value).__name__}."
                )
    for table in tables.values():
        mapped = [value for value in table.values() if value is not None]
        twice = sorted({column for column in mapped if mapped.count(column) > 1})
        if twice:
            raise SchemaError(f"The columns {twice} are mapped more than once.")
        for name, value in table.items():
            if value is None and name in mapped:
                raise SchemaError(
                    f"The column '{name}' is mapped to something else and still stands for "
                    f"'{name}' itself. Map '{name}' too, or rename the column."
                )


def participants(schema: Schema, vocabulary: Vocabulary) -> None:
    """Raise unless rows are events whose participants can have a part in them."""
    if not schema.participants:
        for name in ("event_id", "id_separator"):
            if getattr(schema, name) is not None:
                raise SchemaError(f"'{name}' is for rows that are events: give 'participants' too.")
        return
    for name in OF_TWO_ENDS:
        if getattr(schema, name) is not None:
            raise SchemaError(
                f"'{name}' cannot be mapped together with 'participants': a row is an event, and "
                "each participant has a relationship to it."
            )
    if not isinstance(schema.event_type, str) or schema.event_type not in vocabulary.entity_types:
        raise SchemaError(
            f"'event_type' must be an entity type, got {schema.event_type!r}."
            f"{near(str(schema.event_type), vocabulary.entity_types)}"
        )
    for meant in schema.participants.values():
        for word in named(meant):
            ends = vocabulary.relationship_types[word].target_types
            if schema.event_type not in ends:
                raise SchemaError(
                    f"'participants' maps to '{word}', which leads to {list(ends)}, never to the "
                    f"event_type '{schema.event_type}'."
                )
    if schema.id_separator is not None and not (
        isinstance(schema.id_separator, str) and schema.id_separator.strip()
    ):
        raise SchemaError("'id_separator' must be text such as ';' that is not only white space.")


def end_types(schema: Schema) -> None:
    """Raise unless types are declared of columns of ends, and such as can stand there."""
    ends = [*schema.participants] or [schema.column("source"), schema.column("target")]
    for column, kind in schema.end_types.items():
        if column not in ends:
            raise SchemaError(
                f"'end_types' names the column '{column}', which is no end: those are {ends}."
                f"{near(column, ends)}"
            )
        for word in named(schema.participants.get(column, ())):
            allowed = schema.vocabulary.relationship_types[word].source_types
            if kind not in allowed:
                raise SchemaError(
                    f"'end_types' makes '{column}' a {kind}, but '{word}' starts from {[*allowed]}."
                )


def spelling(schema: Schema) -> None:
    """Raise unless what the schema says of how cells are written can be."""
    for name in ("tz", "format"):
        value = getattr(schema, name)
        if value is not None and not isinstance(value, str):
            raise SchemaError(f"'{name}' must be text, got {type(value).__name__}.")
    if schema.tz is not None:
        try:
            ZoneInfo(schema.tz)
        except (ZoneInfoNotFoundError, ValueError):
            raise SchemaError(
                f"'tz' must be an IANA time zone such as 'Europe/London', got '{schema.tz}'."
            ) from None
    if not isinstance(schema.escaped, bool):
        raise SchemaError(f"'escaped' must be True or False, got {schema.escaped!r}.")
    mark = schema.delimiter
    is_mark = isinstance(mark, str) and len(mark) == 1 and mark.isascii()
    if mark is not None and (not is_mark or mark.isalnum() or mark in "\"'\r\n\0.-"):
        raise SchemaError(
            "'delimiter' must be one character such as ';' that is no letter, digit, dot, quote or "
            f"line end, got {mark!r}."
        )
    if schema.encoding is not None:
        try:
            "".encode(schema.encoding)
        except (LookupError, TypeError, ValueError):
            raise SchemaError(
                "'encoding' must be an encoding that Python knows such as 'cp1252', "
                f"got {schema.encoding!r}."
            ) from None


def details(schema: Schema) -> None:
    """Raise unless amounts, coordinates and handling codes can be read as the schema says."""
    for name, known in (("decimal", (".", ",")), ("handling_scheme", ("tlp", "5x5x5", "3x5x2"))):
        value = getattr(schema, name)
        if value is not None and value not in known:
            raise SchemaError(f"'{name}' must be one of {list(known)}, got {value!r}.")
    if (schema.latitude is None) != (schema.longitude is None):
        raise SchemaError("'latitude' and 'longitude' must be mapped together.")
