"""What the cells of a column are, so that a reader can make the same of what is written."""

from __future__ import annotations

import datetime as dt
from typing import Any, Literal, TypeAlias

import numpy as np
import pandas as pd

from netlink.export.values import plain

Kind: TypeAlias = Literal["boolean", "integer", "number", "text", "time", "date", "json", "mixed"]

_NESTED = (list, tuple, dict, set, frozenset, np.ndarray)
_OF_TYPE: list[tuple[tuple[type, ...], Kind]] = [
    ((str,), "text"),
    ((bool, np.bool_), "boolean"),
    ((int, np.integer), "integer"),
    ((float, np.floating), "number"),
    ((dt.datetime, np.datetime64), "time"),
    ((dt.date,), "date"),
    (_NESTED, "json"),
]


def of(column: pd.Series) -> Kind:
    """Return the kind of a column: one for all its cells, or "mixed".

    What is of no kind listed above leaves as text, as lists, sets and dictionaries leave as JSON.
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return of(column.dtype.categories.to_series())
    if column.dtype != object:
        return _of_dtype(column.dtype)
    found = {_of_cell(cell) for cell in column if not _is_missing(cell)}
    if found == {"integer", "number"}:
        return "number"
    return found.pop() if len(found) == 1 else ("mixed" if found else "text")


def is_nested(cell: Any) -> bool:
    """Tell whether a cell is written as JSON."""
    return isinstance(cell, _NESTED)


def _is_missing(cell: Any) -> bool:
    return plain(cell) is None


def _of_dtype(dtype: Any) -> Kind:
    if pd.api.types.is_bool_dtype(dtype):
        return "boolean"
    if pd.api.types.is_integer_dtype(dtype):
        return "integer"
    if pd.api.types.is_float_dtype(dtype):
        return "number"
    return "time" if pd.api.types.is_datetime64_any_dtype(dtype) else "text"


def _of_cell(cell: Any) -> Kind:
    return next((kind for types, kind in _OF_TYPE if isinstance(cell, types)), "text")
