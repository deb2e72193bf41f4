"""Cells of nodes or edges as they come from a graph file -> a table."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa

from netlink.errors import SchemaError
from netlink.ingest.raw import Raw

if TYPE_CHECKING:
    from netlink.ingest.caps import Cap

_CELL = 8  # bytes that a cell takes at least
_MOST_ROWS = 20_000_000
_KINDS = {
    "boolean": pa.bool_(),
    **dict.fromkeys(("int", "integer", "long", "short", "byte"), pa.int64()),
    **dict.fromkeys(("float", "double"), pa.float64()),
}
# What is told of a file, where netlink reads no further.
FOREIGN = "elements of other programs or formats"
STRAY = "texts between elements"
WHOLE = "attributes of the whole graph"
DRAWN = "directed as drawn"  # until it is known whether the file has a column of its own for it
_ENDING = "_in_table"
# A character that XML 1.0 cannot hold, and an underscore that would look like one, as
# `netlink.export` spells them.
_SPELLED = re.compile("_x(00[01][0-9A-F]|005F|D[89A-F][0-9A-F]{2}|FFF[EF])_")
_LEGAL = "\t\n\r"


def _unspelled(found: re.Match[str]) -> str:
    character = chr(int(found[1], 16))
    return found[0] if character in _LEGAL else character


class Columns:
    """Rows of text cells; a cell that is not given takes no room until the table is made."""

    def __init__(self) -> None:
        self.n_rows = 0
        self.unread: Counter[str] = Counter()
        self._cells: dict[str, tuple[list[int], list[str]]] = {}
        self._kinds: dict[str, str] = {}
        self._defaults: dict[str, str] = {}

    def declare(self, name: str, kind: str, default: str | None) -> None:
        """Note the type of a column, and what stands where a cell is not given."""
        self._kinds[name] = kind
        self._cells.setdefault(name, ([], []))
        if default is not None:
            self._defaults[name] = default

    def add_row(self) -> None:
        """Begin a row."""
        self.n_rows += 1
        if self.n_rows > _MOST_ROWS:
            raise SchemaError(
                f"The file has more than {_MOST_ROWS:,} nodes or edges: make tables of it, Parquet "
                "or CSV, and read them with netlink.read_tables."
            )

    def put(self, name: str, text: str) -> None:
        """Put a cell into the row begun last."""
        at, texts = self._cells.setdefault(name, ([], []))
        if at and at[-1] == self.n_rows - 1:
            raise SchemaError(
                f"Row {self.n_rows - 1:,} of the nodes or edges (from 0) has an attribute more "
                "than once, as files of changing attributes do: netlink reads one value each."
            )
        at.append(self.n_rows - 1)
        texts.append(text)

    def is_full(self, name: str) -> bool:
        """Tell whether every row has the cell."""
        return name in self._cells and len(self._cells[name][0]) == self.n_rows

    def texts(self, name: str) -> list[str]:
        """Return the cells given in a column."""
        return self._cells[name][1] if name in self._cells else []

    def rename(self, name: str, new: str) -> None:
        """Give a column another name, one that no other column has."""
        if name not in self._cells:
            return
        while new in self._cells:
            new += _ENDING
        self._cells[new] = self._cells.pop(name)
        if name in self._kinds:
            self._kinds[new] = self._kinds.pop(name)
        if name in self._defaults:
            self._defaults[new] = self._defaults.pop(name)

    def strip_names(self) -> None:
        """Take off the space in front that kept attributes apart from elements."""
        # Fewest spaces first: a name that begins with one itself makes way for none.
        for name in sorted(self._cells, key=lambda name: len(name) - len(name.lstrip(" "))):
            if name.startswith(" "):
                self.rename(name, name[1:])

    def overlay(self, name: str, known: str) -> None:
        """Let the cells of another column stand where it has any, and drop that column."""
        cells = dict(zip(*self._cells[name], strict=True))
        cells |= dict(zip(*self._cells.pop(known), strict=True))
        self._kinds.pop(known, None)
        self._cells[name] = list(cells), list(cells.values())

    def raw(self, cap: Cap) -> Raw:
        """Make the table."""
        # A default stands once in the file and in every row that has no cell.
        letters = sum(
            len(text) * (self.n_rows - len(self._cells[name][0]))
            for name, text in self._defaults.items()
        )
        cap.check(_CELL * self.n_rows * len(self._cells) + letters)
        table = pa.table({name: self._array(name) for name in self._cells})
        return Raw(table, unread=dict(self.unread))

    def _array(self, name: str) -> pa.Array:
        at, texts = self._cells[name]
        found = pa.array([*texts, self._defaults.get(name)], pa.large_string())
        with suppress(pa.ArrowInvalid):  # what is none of its type is kept as text
            found = found.cast(_KINDS.get(self._kinds.get(name, ""), found.type))
        position = np.full(self.n_rows, len(texts))
        position[np.array(at, dtype=np.int64)] = np.arange(len(at))
        return found.take(pa.array(position))


def own_name(name: str, reserved: set[str]) -> str:
    """Return the name that a column had before an export made way for names of the format."""
    return name.removesuffix(_ENDING) if name.partition(_ENDING)[0] in reserved else name


def unescaped(text: str) -> str:
    """Return a text whose characters that XML cannot hold were spelled out."""
    return _SPELLED.sub(_unspelled, text) if "_x" in text else text
