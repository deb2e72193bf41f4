"""Values of any column as what a file can hold: nothing, a Boolean, a number or text."""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import unicodedata
from typing import TYPE_CHECKING, Any, TypeAlias
from xml.sax.saxutils import escape

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    Plain: TypeAlias = bool | int | float | str | None

_EXACT = 2**53  # larger integers lose digits in programs that read every number as a double
_SURROGATE = re.compile("[\ud800-\udfff]")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0
_LOOKS_SPELLED = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
# A reader would make a space or a line feed of these.
_REFERENCES = {'"': "&quot;", "\t": "&#9;", "\n": "&#10;", "\r": "&#13;"}
# Zero-width and bidirectional controls, and the byte order mark.
_UNSEEN = re.compile("[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]")


def plain(value: Any) -> Plain:  # noqa: PLR0911 (one case a line reads best)
    """Return a value as None, bool, int, float or text: dates in ISO 8601, lists as JSON."""
    if isinstance(value, str):
        return value if value.isascii() else _SURROGATE.sub("\ufffd", value)
    if value is None or value is pd.NA or value is pd.NaT:
        return None
    if isinstance(value, bool | np.bool_):
        return bool(value)
    if isinstance(value, int | np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return None if math.isnan(value) else float(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, np.datetime64):
        return plain(pd.Timestamp(value))
    if isinstance(value, list | tuple | set | frozenset | dict | np.ndarray):
        return json.dumps(_nested(value), ensure_ascii=False, allow_nan=False, sort_keys=True)
    return _SURROGATE.sub("\ufffd", str(value))


def _nested(value: Any) -> Any:
    if isinstance(value, dict):
        return {written(plain(k)): _nested(v) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return sorted((_nested(v) for v in value), key=repr)
    if isinstance(value, list | tuple | np.ndarray):
        return [_nested(v) for v in value]
    found = plain(value)
    return (
        found if found is None or isinstance(found, bool) or not is_wide(found) else written(found)
    )


def is_wide(value: Plain) -> bool:
    """Tell whether a number is one that JSON or a double cannot hold: infinite, or over 2^53."""
    if isinstance(value, float):
        return math.isinf(value)
    return isinstance(value, int) and abs(value) > _EXACT


def written(value: Plain) -> str:
    """Spell a value as XML Schema does."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and math.isinf(value):
        return "INF" if value > 0 else "-INF"
    return repr(value) if isinstance(value, float) else str(value)


def rows(table: pd.DataFrame) -> Iterator[tuple[str, dict[str, Plain]]]:
    """Go through the rows of a published table: index and cells by column."""
    names = [str(name) for name in table.columns]
    columns = [table[name].tolist() for name in table.columns]
    for name, *cells in zip(table.index, *columns, strict=True):
        yield name, dict(zip(names, cells, strict=True))


def kind(values: Iterable[Plain], types: set[type]) -> str:
    """Return the GraphML type of a column of some types: boolean, long, double or string."""
    if not types or str in types:
        return "string"
    if types == {bool}:
        return "boolean"
    if bool in types or any(isinstance(v, int) and abs(v) > _EXACT for v in set(values)):
        return "string"
    return "long" if types == {int} else "double"


def xml(text: str) -> str:
    """Return a text as it stands in attributes and elements of XML.

    What XML 1.0 cannot hold is spelled ``_x000B_``, as spreadsheets do; a text that looks like such
    a spelling gets ``_x005F_`` for its first underscore, so that two texts stay two.
    """
    return escape(spelled(text), _REFERENCES)


def spelled(text: str) -> str:
    """Spell out what XML 1.0 cannot hold."""
    text = _LOOKS_SPELLED.sub("_x005F_", text)
    return _ILLEGAL.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def n_illegal(text: str) -> int:
    """Count the characters that XML 1.0 cannot hold."""
    return len(_ILLEGAL.findall(text))


def visible(text: str) -> str:
    """Return a text for people: no control characters, what cannot be seen spelled out."""
    if text.isascii() and text.isprintable():
        return text  # most are; there may be a million
    text = _UNSEEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)
    return "".join(
        f"\\x{ord(c):02x}" if unicodedata.category(c) == "Cc" and c not in "\t\n" else c
        for c in text
    )
