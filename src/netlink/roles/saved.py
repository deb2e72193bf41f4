"""A role model as TOML: every weight with its reason, checked whole before any of it is used."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import MISSING, fields
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import tomli_w

from netlink import _files
from netlink.errors import ArgumentError, ExportError, near
from netlink.roles import words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from netlink.roles.model import RoleModel

_HEAD = """\
# Every weight of a role model, in nats of log-odds (1 nat = 4.34 decibans); read with
# netlink.roles.RoleModel.load. What differs from netlink's own says by how much in a comment.
"""
_SHARE, _NATS, _DAYS = (0.0, 1.0), (0.0, 20.0), (0.0, 3660.0)
_LEAST = 1e-6  # of what is divided by, or whose logarithm is taken
# Where a number must lie; what is not named here: from 0 to 20 nats.
_RANGES = {
    "prior": (-20.0, 20.0),
    "victim_prior": (-20.0, 20.0),
    "contact_prior": (-20.0, 20.0),
    "act_bounds": (-20.0, 20.0),
    "silent_bounds": (-20.0, 20.0),
    "refuted_at": _SHARE,
    "ungraded": _SHARE,
    "repeat": _SHARE,
    "own_harm": _SHARE,
    "harm_discount": _SHARE,
    "lookalike": _SHARE,
    "moved_back": _SHARE,
    "acts": (0.0, 3.0),
    "base_rate": (_LEAST, 1.0 - _LEAST),
    "stayed_share": _SHARE,
    "spell": (_LEAST, 1.0 - _LEAST),
    "silent_rate": (_LEAST, 1.0),
    "unrecorded": (_LEAST, 1.0),
    "least_propensity": (_LEAST, 1.0),
    "victim_propensity": _SHARE,
    "explain_scale": (0.0, 1000.0),
    "window_days": (1.0, 3660.0),
    "eve_days": _DAYS,
    "arrival_days": _DAYS,
}
_CURVE = {"a": (_LEAST, 20.0), "b": (_LEAST, 20.0), "c": (-20.0, 20.0)}
_SIGNS = ("advertised", "moved_once", "moved_back", "silent", "handed_over")


def default_text() -> str:
    """Return the model that comes with netlink, as written."""
    return (resources.files(__package__) / "model.toml").read_text("utf-8")


def read(path: Path, kind: type[RoleModel], part: type[Any]) -> dict[str, Any]:
    """Read the fields of a model whose patterns are of class `part`; raise with every fault."""
    document = _files.toml_of(path, "The role model", ArgumentError)
    check(document, kind, part)
    return document


def write(model: RoleModel, path: Path, part: type[Any]) -> None:
    """Write every weight; a former file is replaced whole or left as it was."""
    document = _plain(model)
    check(document, type(model), part)
    try:
        _files.write_whole(path, _text(document).encode("utf-8"))
    except OSError as error:
        told = f"{type(error).__name__}: {error.strerror}"
        raise ExportError(
            f"The role model could not be written ({told}). If there was one before, it is as it "
            "was."
        ) from None
    except UnicodeEncodeError:
        raise ArgumentError("A word of the role model holds half a surrogate pair.") from None


# What a model must be


def check(document: Mapping[str, Any], kind: type[RoleModel], part: type[Any]) -> None:
    """Raise where keys are unknown or missing, or values of the wrong type or out of range."""
    found = [*_keys("", document, kind)]
    for field in fields(kind):
        name, value = field.name, document.get(field.name)
        if name not in document:
            continue
        if name == "patterns":
            found += _patterns(value, part)
        elif name in _TABLES:
            found += _TABLES[name](value)
        elif str(field.type).startswith("tuple"):
            found += _bounds(name, value)
        else:
            found += _number(name, value, _RANGES.get(name, _NATS))
    if found:
        count = f"{len(found)} faults" if len(found) > 1 else "a fault"
        raise ArgumentError(f"The role model has {count}: {'; '.join(found)}.")


def _keys(where: str, given: Iterable[str], kind: type[Any]) -> Iterator[str]:
    """Give the keys that a class lacks, and those that it needs."""
    known = {
        field.name: field.default is MISSING and field.default_factory is MISSING
        for field in fields(kind)
    }
    for key in sorted(set(given) - set(known)):
        yield f"'{where}{key}' is unknown{_near(key, known)}"
    for key, is_needed in known.items():
        if is_needed and key not in given:
            yield f"'{where}{key}' is missing"


def _near(word: str, known: Iterable[str]) -> str:
    hint = near(word, known).strip()
    return f" ({hint})" if hint else ""


def _entries(where: str, value: object, faults: list[str]) -> list[tuple[str, Any]]:
    if isinstance(value, Mapping):
        return [*value.items()]
    faults.append(f"'{where}' must be a table, got {type(value).__name__}")
    return []


def _number(where: str, value: object, bounds: tuple[float, float]) -> Iterator[str]:
    low, high = bounds
    if isinstance(value, bool) or not isinstance(value, int | float):
        yield f"'{where}' must be a number, got {type(value).__name__}"
    elif not low <= value <= high:
        yield f"'{where}' must lie between {low:g} and {high:g}"


def _bounds(where: str, value: object) -> Iterator[str]:
    if not isinstance(value, list | tuple) or len(value) != 2:
        yield f"'{where}' must be two numbers, the least and the most"
        return
    faults = [fault for one in value for fault in _number(where, one, _RANGES.get(where, _NATS))]
    yield from dict.fromkeys(faults)
    if not faults and value[0] > value[1]:
        yield f"'{where}' must be two numbers, the least first"


def _acts(value: object) -> list[str]:
    found: list[str] = []
    for word, roles in _entries("acts", value, found):
        for role, share in _entries(f"acts.{word}", roles, found):
            found += _number(f"acts.{word}.{role}", share, _RANGES["acts"])
    return found


def _victim(value: object) -> list[str]:
    found: list[str] = []
    entries = dict(_entries("victim", value, found))
    for word, nats in entries.items():
        found += _number(f"victim.{word}", nats, _RANGES.get(word, _NATS))
    if not found or entries:
        found += [f"'victim.{word}' is missing" for word in _SIGNS if word not in entries]
    return found


def _calibration(value: object) -> list[str]:
    found: list[str] = []
    for role, curve in _entries("calibration", value, found):
        where = f"calibration.{role}"
        entries = dict(_entries(where, curve, found))
        if isinstance(curve, Mapping) and set(entries) != set(_CURVE):
            found.append(f"'{where}' must have the keys a, b and c")
        for key in sorted(set(_CURVE) & set(entries)):
            found += _number(f"{where}.{key}", entries[key], _CURVE[key])
    return found


_TABLES = {"acts": _acts, "victim": _victim, "calibration": _calibration}


def _patterns(value: object, part: type[Any]) -> Iterator[str]:
    found: list[str] = []
    for name, pattern in _entries("patterns", value, found):
        where = f"patterns.{name}."
        entries = dict(_entries(where[:-1], pattern, found))
        found += _keys(where, entries, part) if isinstance(pattern, Mapping) else ()
        for field in fields(part):
            if field.name not in entries:
                continue
            one = entries[field.name]
            if field.type == "str":
                if not isinstance(one, str):
                    got = type(one).__name__
                    found.append(f"'{where}{field.name}' must be text, got {got}")
            else:
                found += _number(where + field.name, one, _RANGES.get(field.name, _NATS))
        table = entries.get("pairs") or name
        if isinstance(table, str) and table not in words.TABLES:
            hint = _near(table, words.TABLES)
            found.append(f"'{where}pairs' must name a table of pairs{hint}")
        if entries.get("role") == "victim" and (entries.get("explains") or entries.get("company")):
            found.append(f"'{where}explains' and 'company' must be 0 where 'role' is \"victim\"")
    yield from found


# How a model is written


def _plain(model: RoleModel) -> dict[str, Any]:
    document = {field.name: getattr(model, field.name) for field in fields(model)}
    document["patterns"] = {
        name: {
            field.name: value
            for field in fields(pattern)
            if (value := getattr(pattern, field.name)) != field.default
        }
        for name, pattern in model.patterns.items()
    }
    return document


def _text(document: Mapping[str, Any]) -> str:
    default = tomllib.loads(default_text())
    plain = {key: value for key, value in document.items() if not isinstance(value, Mapping)}
    lines = [_HEAD, *_lines("", plain, default)]
    for table in ("acts", "victim"):
        lines += ["", _noted(f"[{table}]", _notes().get((table, ""), ""))]
        lines += _lines(table, document[table], default[table])
    for name, pattern in document["patterns"].items():
        lines += ["", f"[patterns.{_key(name)}]"]
        lines += _lines(f"patterns.{name}", pattern, default["patterns"].get(name, {}))
    if document["calibration"]:
        lines += ["", _noted("[calibration]", _notes().get(("calibration", ""), ""))]
        lines += _lines("calibration", document["calibration"], default.get("calibration", {}))
    return "\n".join(lines) + "\n"


def _lines(table: str, values: Mapping[str, Any], default: Mapping[str, Any]) -> Iterator[str]:
    for key, value in values.items():
        note = _notes().get((table, key), "")
        if key in default and _value(value) != _value(default[key]) and not isinstance(value, str):
            note = f"netlink's own: {_value(default[key])}" + (f"; {note}" if note else "")
        yield _noted(f"{_key(key)} = {_value(value)}", note)


def _noted(line: str, note: str) -> str:
    return f"{line} # {note}" if note else line


@cache
def _notes() -> dict[tuple[str, str], str]:
    """Return what the model that comes with netlink says beside each number, by table and key."""
    found, table = {}, ""
    for line in default_text().splitlines():
        head, _, note = line.partition("#")
        if head.startswith("["):
            table = head.strip(" []")
        key = "" if head.startswith("[") else head.partition(" = ")[0]
        if note and head and '"' not in head:
            found[table, key] = note.strip()
    return found


def _value(value: Any) -> str:
    if isinstance(value, str):
        return tomli_w.dumps({"x": value})[4:-1]
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key)} = {_value(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_value, value)) + "]"
    return str(value) if isinstance(value, int) else repr(float(value))


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else tomli_w.dumps({name: 0})[:-5]
