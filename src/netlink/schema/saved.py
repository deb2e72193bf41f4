"""A schema as TOML: the import specification that an agency keeps."""

from __future__ import annotations

from dataclasses import MISSING, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tomli_w

from netlink import _files
from netlink import vocabulary as words
from netlink.errors import ExportError, SchemaError, near

if TYPE_CHECKING:
    from netlink.schema import Schema

_HEAD = "# How tables map onto netlink; read with netlink.Schema.load.\n"


def write(schema: Schema, path: Path, reference: str | None) -> None:
    """Write what a schema says beyond the defaults."""
    if reference is not None and not _is_same(_referenced(path, reference), schema.vocabulary):
        raise SchemaError("'vocabulary' names a file with other words than the schema's.")
    data = text(schema, reference)
    try:
        _files.write_whole(path, data)
    except OSError as error:
        told = f"{type(error).__name__}: {error.strerror}"
        raise ExportError(
            f"The schema could not be written ({told}). If there was one before, it is as it was."
        ) from None


def text(schema: Schema, reference: str | None = None) -> bytes:
    """Return what a schema says beyond the defaults, as TOML."""
    document = {
        field.name: _plain(value)
        for field in fields(schema)
        if field.name != "vocabulary"
        and (value := getattr(schema, field.name)) not in (None, {}, field.default)
    }
    if reference is not None:
        document["vocabulary"] = reference
    elif own := _own_words(schema.vocabulary):
        document["vocabulary"] = own
    try:
        return (_HEAD + tomli_w.dumps(document)).encode("utf-8")
    except UnicodeEncodeError:
        raise SchemaError("A column or word of the schema holds half a surrogate pair.") from None


def read(kind: type[Schema], path: Path) -> dict[str, Any]:
    """Read the arguments of a schema."""
    document = _files.toml_of(path, "The schema", SchemaError)
    known = {field.name: field for field in fields(kind)}
    unknown = sorted(set(document) - set(known))
    if unknown:
        raise SchemaError(f"A schema has no {unknown}.{near(unknown[0], known)}")
    found: dict[str, Any] = {}
    for name, value in document.items():
        is_table = known[name].default_factory is not MISSING
        if name == "vocabulary" and isinstance(value, str):
            found[name] = _referenced(path, value)
        elif is_table != isinstance(value, dict):
            wanted = "a table" if is_table else "a value, not a table"
            raise SchemaError(f"'{name}' of a schema must be {wanted}.")
        else:
            found[name] = words.on_default(value) if name == "vocabulary" else _tuples(value)
    return found


def _plain(value: Any) -> Any:
    return dict(value) if hasattr(value, "items") else value


def _tuples(value: Any) -> Any:
    if isinstance(value, dict):
        return {word: _tuples(meant) for word, meant in value.items()}
    return tuple(value) if isinstance(value, list) else value


def _referenced(path: Path, name: str) -> words.Vocabulary:
    # A schema comes from elsewhere: it must not make netlink read any file there is.
    if Path(name).name != name or not (path.parent / name).is_file():
        raise SchemaError("'vocabulary' must be the name of a file in the folder of the schema.")
    return words.load(path.parent / name)


def _is_same(one: words.Vocabulary, other: words.Vocabulary) -> bool:
    # The order of entity types decides where an untyped end allows several.
    return one == other and list(one.entity_types) == list(other.entity_types)


def _own_words(vocabulary: words.Vocabulary) -> dict[str, dict[str, Any]]:
    """Return the words that a vocabulary has beyond netlink's, as in a file of words."""
    base = words.default()
    own: dict[str, dict[str, Any]] = {}
    for part in (field.name for field in fields(words.Vocabulary)):
        known = getattr(base, part)
        entries = {
            name: _fields(entry)
            for name, entry in getattr(vocabulary, part).items()
            if known.get(name) != entry
        }
        if entries:
            own[part] = entries
    if not _is_same(words.on_default(own), vocabulary):
        raise SchemaError(
            "The vocabulary lacks words of netlink's, or has them in another order: only words "
            "added or changed, as netlink.vocabulary.load reads them, can be saved."
        )
    return own


def _fields(entry: Any) -> dict[str, Any]:
    values = {field.name: getattr(entry, field.name) for field in fields(entry)}
    return {name: _plain(value) for name, value in values.items() if value is not None}
