"""Rows that meet conditions: types, columns with their values or ranges, confidence."""

from __future__ import annotations

import operator
from collections.abc import Iterable, Iterator, Mapping
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, near
from netlink.network.moments import length_of_time, moment

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network._tables import Tables
    from netlink.vocabulary import Vocabulary

_BOUNDS = {
    "at_least": operator.ge,
    "above": operator.gt,
    "at_most": operator.le,
    "below": operator.lt,
}
_MISSING = "or_missing"


class Bounds(tuple[tuple[str, Any], ...]):
    """The ends of a range, by their words: (("at_least", 10),); whether a missing value is in."""


class Columns(Mapping[str, Any]):
    """Columns and what they may hold, values or the bounds of a range; read-only and hashable."""

    def __init__(self, given: object, name: str) -> None:
        if not isinstance(given, Mapping) or not all(isinstance(key, str) for key in given):
            raise ArgumentError(f"'{name}' must map names of columns to values.")
        self._values = {column: _allowed(value, name) for column, value in sorted(given.items())}
        try:
            self._key = tuple(
                (column, isinstance(held, Bounds), frozenset(held))
                for column, held in self._values.items()
            )
            self._hash = hash(self._key)
        except TypeError:
            raise ArgumentError(
                f"'{name}' must map names of columns to values, lists of values or ranges."
            ) from None

    def __getitem__(self, column: str) -> tuple[Any, ...]:
        return self._values[column]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Columns) and self._key == other._key


def columns(given: object, name: str) -> Columns | None:
    """Return conditions on columns, checked, if any are given."""
    return given if given is None or isinstance(given, Columns) else Columns(given, name)


def _allowed(value: object, name: str) -> tuple[Any, ...]:
    if isinstance(value, Bounds):
        return value
    if not isinstance(value, Mapping):
        return tuple(value) if isinstance(value, list | tuple | set | frozenset) else (value,)
    words = [*_BOUNDS, _MISSING]
    for word in value:
        if word not in words:
            raise ArgumentError(
                f"A range in '{name}' must be of {words}, has another word.{near(str(word), words)}"
            )
    if not _BOUNDS.keys() & value.keys():
        raise ArgumentError(f"A range in '{name}' must have a bound, of {list(_BOUNDS)}.")
    if not isinstance(value.get(_MISSING, True), bool):
        raise ArgumentError(f"'{_MISSING}' of a range in '{name}' must be True or False.")
    return Bounds(value.items())


def check_confidence(least: object) -> None:
    """Raise unless it is a confidence."""
    if isinstance(least, bool) or not isinstance(least, Real):
        raise ArgumentError(f"'min_confidence' must be a number, got {type(least).__name__}.")
    if not 0 <= float(least) <= 1:
        raise ArgumentError(f"'min_confidence' must lie in 0 to 1, got {least}.")


def known(vocabulary: Vocabulary, names: Iterable[str], part: str) -> list[str]:
    """Return names of a part of the vocabulary, all of which it has."""
    wanted = [names] if isinstance(names, str) else list(names)
    words = getattr(vocabulary, part)
    for name in wanted:
        if name not in words:
            raise ArgumentError(f"'{part}' has no '{name}'.{near(str(name), words)}")
    return wanted


def relationships(
    network: Tables,
    types: Iterable[str] | None,
    columns: Mapping[str, Any] | None,
    least: float | None,
) -> NDArray[np.bool_]:
    """Tell which relationships are of some types, hold something and are as sure as that."""
    table = network.relationship_table
    keep = has_values(table, columns, "relationship")
    if types is not None:
        names = known(network.vocabulary, types, "relationship_types")
        keep &= table["relationship_type"].isin(names).to_numpy(dtype=bool)
    if least is not None:
        check_confidence(least)
        keep &= (table["confidence"] >= least).to_numpy(dtype=bool)
    return keep


def entities(
    network: Tables, types: Iterable[str] | None, columns: Mapping[str, Any] | None
) -> NDArray[np.bool_]:
    """Tell which entities are of some types and hold something."""
    keep = has_values(network.entity_table, columns, "entity")
    if types is not None:
        names = known(network.vocabulary, types, "entity_types")
        keep &= network.entity_table["entity_type"].isin(names).to_numpy(dtype=bool)
    return keep


def has_values(
    table: pd.DataFrame, wanted: Mapping[str, Any] | None, kind: str
) -> NDArray[np.bool_]:
    """Tell which rows have one of the values wanted, or one in the range, in every column."""
    keep: NDArray[np.bool_] = np.ones(len(table), dtype=bool)
    names = [str(column) for column in table.columns]
    for column, held in (wanted or {}).items():
        if column not in names:
            raise ArgumentError(f"The {kind} table has no column '{column}'.{near(column, names)}")
        if isinstance(held, Bounds):
            keep &= _is_in(table[column], dict(held))
        else:
            keep &= table[column].isin(list(held)).to_numpy(dtype=bool)
    return keep


def _is_in(column: pd.Series, bounds: dict[str, Any]) -> NDArray[np.bool_]:
    """Tell which values lie in a range."""
    cells = _comparable(column)
    found = np.ones(len(cells), dtype=bool)
    for word, is_within in _BOUNDS.items():  # in one order, as several may be wrong
        if word in bounds:
            is_met = is_within(cells, _bound(cells, bounds[word], word))
            found &= is_met.to_numpy(dtype=bool, na_value=False)
    if bounds.get(_MISSING):
        found |= cells.isna().to_numpy()
    return found


def _comparable(column: pd.Series) -> pd.Series:
    """Return a column of numbers, times or lengths of time; numbers that are text are read."""
    kind = pd.api.types
    if kind.is_bool_dtype(column):
        raise ArgumentError(f"The column '{column.name}' is of yes and no, and has no range.")
    if kind.is_numeric_dtype(column) or column.dtype.kind in "mM":
        return column
    found = pd.to_numeric(column, errors="coerce").astype("float64")
    wrong = int((found.isna() & column.notna() & (column.astype(str).str.strip() != "")).sum())
    if wrong:
        raise ArgumentError(
            f"The column '{column.name}' must hold numbers, times or lengths of time to be asked "
            f"for a range; {wrong:,} of its {len(column):,} values are no numbers."
        )
    return found


def _bound(column: pd.Series, bound: object, word: str) -> Any:
    """Return the end of a range as the column can be compared with it."""
    kind = pd.api.types
    if kind.is_datetime64_any_dtype(column):
        found = moment(bound, word)
        # A column of times without a zone is read as the bounds are: in UTC.
        return found if getattr(column.dtype, "tz", None) else found.tz_localize(None)
    if kind.is_timedelta64_dtype(column):
        length = length_of_time(bound)
        if length is None:
            raise ArgumentError(
                f"'{word}' of a column of lengths of time must be one, such as '90 minutes'."
            )
        return length
    if isinstance(bound, bool) or not isinstance(bound, Real) or np.isnan(float(bound)):
        raise ArgumentError(f"'{word}' of a column of numbers must be a number.")
    return bound
