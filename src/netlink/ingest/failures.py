"""Failures of a table, all of them at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

from netlink.ingest import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.ingest.raw import Raw

_COLUMNS = {"table": "str", "row": "int64", "column": "str", "reason": "str"}


@dataclass
class Failures:
    """What is wrong with the rows of one table."""

    name: str
    raw: Raw
    failed: NDArray[np.bool_] = field(init=False)
    found: list[tuple[NDArray[np.int64], str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.failed = np.zeros(self.raw.table.num_rows, dtype=bool)

    def add(self, mask: NDArray[np.bool_], column: str, reason: str) -> None:
        """Note that the rows where mask is true fail for a reason."""
        if mask.any():
            self.found.append((np.flatnonzero(mask), column, reason))
            self.failed |= mask

    def take(self, other: Failures) -> None:
        """Add what was noted elsewhere of the same rows."""
        self.found += other.found
        self.failed |= other.failed

    def frame(self) -> pd.DataFrame:
        """Return table, row, column and reason of every failure, in this order."""
        parts = [
            pd.DataFrame({"row": self.raw.stood(at), "column": column, "reason": reason})
            for at, column, reason in self.found
        ]
        malformed = [(part.row, part.column, part.reason) for part in self.raw.malformed]
        parts.append(pd.DataFrame(malformed, columns=["row", "column", "reason"]))
        frame = pd.concat(parts, ignore_index=True).assign(table=self.name)
        frame = frame[list(_COLUMNS)].astype(_COLUMNS)
        return frame.sort_values(["row", "column", "reason"], ignore_index=True)

    def placed(self, frame: pd.DataFrame, *, by_file: bool) -> pd.DataFrame:
        """Say of each failure in which file its row is, where tables are of several files."""
        if not by_file:
            return frame
        file, row = self.raw.placed(frame["row"]) if self.raw.files else (0, frame["row"])
        frame = frame.assign(file=file, row=row).astype({"file": "int64", "row": "int64"})
        return frame[["table", "file", *frame.columns.drop(["table", "file"])]]

    def records(self) -> pd.DataFrame:
        """Return the failures with the record they concern as JSON."""
        at = np.flatnonzero(self.failed)
        texts = dict(zip(self.raw.stood(at), row_texts(self.raw.table, at), strict=True))
        texts |= {part.row: part.record for part in self.raw.malformed}
        frame = self.frame()
        return frame.assign(record=frame["row"].map(texts).astype("str"))


def row_texts(table: pa.Table, at: NDArray[np.int64]) -> list[str]:
    """Write rows as JSON, one text for one content."""
    if not len(at):
        return []  # taking none of many rows would still copy the table
    # Times as text: Python has none beyond the year 9999.
    part = {
        name: values.text(column) if pa.types.is_temporal(column.type) else column
        for name, column in zip(table.column_names, table.take(pa.array(at)).columns, strict=True)
    }
    return [row_text(row) for row in pa.table(part).to_pylist()]


def row_text(row: dict[str, object]) -> str:
    """Write a row as JSON, one text for one content."""
    return json.dumps(row, default=str, ensure_ascii=False, sort_keys=True)
