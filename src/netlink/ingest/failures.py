"""Failures of a table, all of them at once."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from numpy.typing import NDArray


@dataclass
class Failures:
    """What is wrong with the rows of one table; the first reason of a row is the one it is counted by."""

    table: str
    rows: NDArray[np.int64]  # position of each read row in the table as given
    failed: NDArray[np.bool_] = field(init=False)
    found: list[tuple[NDArray[np.int64], str, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.failed = np.zeros(len(self.rows), dtype=bool)

    def add(self, mask: NDArray[np.bool_], column: str, reason: str) -> None:
        """Note that the rows where mask is true fail for a reason."""
        if mask.any():
            self.found.append((np.flatnonzero(mask), column, reason))
            self.failed |= mask

    def frame(self) -> pd.DataFrame:
        """Return table, row, column, reason and position among the rows read."""
        parts = [
            pd.DataFrame(
                {
                    "table": self.table,
                    "row": self.rows[at],
                    "column": column,
                    "reason": reason,
                    "at": at,
                }
            )
            for at, column, reason in self.found
        ]
        if not parts:
            return pd.DataFrame(
                {"table": [], "row": [], "column": [], "reason": [], "at": []}
            ).astype(
                {"table": "str", "row": "int64", "column": "str", "reason": "str", "at": "int64"}
            )
        return pd.concat(parts, ignore_index=True).sort_values(
            ["row", "column", "reason"], kind="stable", ignore_index=True
        )

    def records(self, table: pa.Table) -> pd.DataFrame:
        """Return the failures with the record they concern as JSON."""
        frame = self.frame()
        at, where = np.unique(frame["at"].to_numpy(dtype=np.int64), return_inverse=True)
        texts = np.array([row_text(row) for row in table.take(at).to_pylist()], dtype=object)
        frame["record"] = pd.Series(texts[where], dtype="str")
        return frame.drop(columns="at")


def row_text(row: dict[str, object]) -> str:
    """Write a row as JSON, one text for one content."""
    return json.dumps(row, default=str, ensure_ascii=False, sort_keys=True)
