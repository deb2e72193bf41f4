"""Everything netlink raises on purpose.

::

    NetlinkError
    ├── ArgumentError (ValueError)       an argument is not what the function takes
    ├── SchemaError (ValueError)         columns or words do not map onto the vocabulary
    ├── TableError (ValueError)          rows cannot be used; all of them in ``failures``
    ├── UnknownEntityError (KeyError)    an entity asked about is not in the network
    ├── NoPathError                      two entities are not connected under the conditions given
    ├── ExportError (ValueError)         a file cannot be written as asked
    └── MissingDependencyError (ImportError)   an optional package is not installed

Messages give columns, row numbers, counts and types, never a value from the data.
"""

from __future__ import annotations

import difflib
from numbers import Integral
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pandas as pd

__all__ = [
    "ArgumentError",
    "ExportError",
    "MissingDependencyError",
    "NetlinkError",
    "NoPathError",
    "SchemaError",
    "TableError",
    "UnknownEntityError",
]


class NetlinkError(Exception):
    """Base of every error that netlink raises on purpose."""


class ArgumentError(NetlinkError, ValueError):
    """An argument is not what the function takes."""


class SchemaError(NetlinkError, ValueError):
    """Columns or words do not map onto the vocabulary."""


class TableError(NetlinkError, ValueError):
    """Rows that cannot be used, all of them at once.

    Attributes
    ----------
    failures : pandas.DataFrame
        One row a failure: ``table`` (entities or relationships), ``row`` (position in the table
        as given, from 0), ``column`` (the user's name for it) and ``reason``. No values. Where a
        table was given as several files, ``file`` too: its number in the order of their paths,
        from 0; ``row`` is then the position in that file.
    """

    failures: pd.DataFrame

    def __init__(self, failures: pd.DataFrame) -> None:
        self.failures = failures
        place = [name for name in ("table", "file", "row") if name in failures.columns]
        lines = []
        for (table, column, reason), part in failures.groupby(["table", "column", "reason"]):
            told = f"{len(part):,} rows"
            if "file" in place:
                files = sorted(part["file"].unique())
                told += f" in {len(files):,} files, the first is file {files[0]}"
            lines.append(f"  {table}, column '{column}': {reason} ({told})")
        rows = len(failures[place].drop_duplicates())
        super().__init__(
            f"{rows:,} rows cannot be used:\n" + "\n".join(lines) + "\n"
            "The rows are listed in '.failures' of this error. Correct them, or read with "
            "on_invalid='reject' to set them aside in 'network.rejected'."
        )

    def __reduce__(self) -> tuple[type[TableError], tuple[pd.DataFrame]]:
        return type(self), (self.failures,)


class UnknownEntityError(NetlinkError, KeyError):
    """An entity asked about is not in the network."""

    def __str__(self) -> str:
        return str(self.args[0])  # KeyError would print the message in quotes


class NoPathError(NetlinkError):
    """Two entities are not connected under the conditions given.

    Attributes
    ----------
    closed_by : tuple of tuple of str
        The ways out: each is a smallest set of conditions without which there is a path, one on a
        column as ``"relationship_columns: amount"``. Empty where the two are not connected whatever
        the conditions.
    """

    def __init__(self, message: str, closed_by: tuple[tuple[str, ...], ...] = ()) -> None:
        self.closed_by = closed_by
        super().__init__(message)

    def __reduce__(self) -> tuple[type[NoPathError], tuple[str, tuple[tuple[str, ...], ...]]]:
        return type(self), (str(self), self.closed_by)


class ExportError(NetlinkError, ValueError):
    """A file cannot be written as asked."""


class MissingDependencyError(NetlinkError, ImportError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        self._given = (package, extra, purpose)
        super().__init__(
            f"{purpose} needs the package '{package}', which is not installed. "
            f"Install it with: pip install 'netlink-analysis[{extra}]'"
        )

    def __reduce__(self) -> tuple[type[MissingDependencyError], tuple[str, str, str]]:
        return type(self), self._given


def ways_out(
    names: Sequence[str], opens: Callable[[Sequence[str]], bool]
) -> tuple[tuple[str, ...], ...]:
    """Return the smallest sets of conditions without which there is a way.

    Each condition that opens one alone; where none does, one set of several.
    """
    alone = tuple((name,) for name in names if opens([name]))
    if alone or len(names) < 2 or not opens(names):
        return alone
    left = list(names)
    for name in names:
        if opens([other for other in left if other != name]):
            left.remove(name)
    return (tuple(left),)


def check_seed(seed: object) -> int:
    """Return a seed, an integer from 0 on; raise on anything else."""
    if isinstance(seed, bool) or not isinstance(seed, Integral):
        raise ArgumentError(f"'seed' must be an integer, got {type(seed).__name__}.")
    if seed < 0:
        raise ArgumentError(f"'seed' must be an integer from 0 on, got {seed}.")
    return int(seed)


def check_count(value: object, name: str) -> int:
    """Return a positive integer; raise on anything else."""
    if isinstance(value, bool) or not isinstance(value, Integral) or value < 1:
        raise ArgumentError(f"'{name}' must be a positive integer, got {value!r}.")
    return int(value)


def near(word: str, known: Iterable[str]) -> str:
    """Return ' Did you mean ...?' for a word of the vocabulary or a column, or ''."""
    names = sorted(known)
    found = [name for name in names if name.casefold() == word.casefold()]
    found = found or difflib.get_close_matches(word, names, n=3)
    return f" Did you mean {' or '.join(repr(name) for name in found)}?" if found else ""
