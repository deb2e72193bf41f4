"""A table as it was read, before anything is checked."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from netlink.errors import NetlinkError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    import pyarrow as pa
    from numpy.typing import NDArray

T = TypeVar("T")


class Kinds(NamedTuple):
    """Columns read as words of a vocabulary, and as numbers: nobody needs their texts.

    `used` are all columns that a schema reads, `ends` those without which a row says nothing.
    """

    words: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()
    used: frozenset[str] = frozenset()
    ends: frozenset[str] = frozenset()


_TITLES = 50  # rows in which the names of columns are looked for
ABOVE = "rows above the names of the columns"


def titles(rows: Iterable[Sequence[object]], ends: frozenset[str]) -> int:
    """Count the rows above the one that names the columns; 0 where none names all that it must.

    Each of them has fewer cells than there are columns, or it may be the one that names them, and
    the other a record.
    """
    most = 0
    for at, cells in enumerate(islice(rows, _TITLES)):
        n_filled = sum(cell not in (None, "") for cell in cells)
        if ends <= {str(cell) for cell in cells}:
            return at if n_filled > most else 0
        most = max(most, n_filled)
    return 0


@dataclass(frozen=True)
class Malformed:
    """A row of a text file that is none of the table: where it stood, why, and what it holds."""

    row: int
    reason: str
    record: str
    column: str = ""

    @classmethod
    def of_cells(cls, row: int, cells: Sequence[object]) -> Malformed:
        """Describe a row that has more or fewer cells than the header."""
        record = json.dumps(cells, default=str, ensure_ascii=False)
        return cls(row, "row has another number of cells than the header", record)


@dataclass(frozen=True)
class Raw:
    """The rows of a table, the malformed ones, and which cells of a column of text are no text.

    `unread` counts what a file has beside what a table can hold.
    """

    table: pa.Table
    malformed: list[Malformed] = field(default_factory=list)
    not_text: dict[str, NDArray[np.bool_]] = field(default_factory=dict)
    files: tuple[int, ...] = ()  # rows of each file, where there were several
    unread: dict[str, int] = field(default_factory=dict)

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self.table.column_names)

    @property
    def n_rows(self) -> int:
        """Number of rows as given, the malformed ones counted."""
        return int(self.table.num_rows) + len(self.malformed)

    def stood(self, at: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return where rows that were read stood in the table as given."""
        return self._rows[at] if self.malformed else at

    @cached_property
    def _rows(self) -> NDArray[np.int64]:
        return np.delete(np.arange(self.n_rows), [part.row for part in self.malformed])

    def placed(self, rows: pd.Series) -> tuple[pd.Series, pd.Series]:
        """Return in which file rows stand, and where in it."""
        first = np.cumsum([0, *self.files[:-1]])
        file = np.searchsorted(first, rows, side="right") - 1
        # An empty file has no rows: of several that begin at one row the last is right.
        return pd.Series(file, rows.index), rows - first[file]


def attempt(read: Callable[[], T], what: str) -> T:
    """Run a reader; of another library's error, which may quote the data, tell only the type.

    The new error is raised after the other was dealt with, so that it has no context.
    """
    try:
        return read()
    except NetlinkError:
        raise
    except Exception as error:
        kind = type(error).__name__
    raise SchemaError(f"{what} ({kind}).")
