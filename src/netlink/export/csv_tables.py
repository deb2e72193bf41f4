"""CSV: entities, relationships and findings, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING, Any

from netlink.export import values
from netlink.ingest import escapes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pandas as pd

    from netlink.export.redaction import Published

_LISTS = ("relationship_ids", "documents")


def files(published: Published) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the name of each file and its text, piece by piece."""
    yield "entities.csv", _table(published, "entities", published.entities.drop(columns="named"))
    yield "relationships.csv", _table(published, "relationships", _rows(published))
    yield "leads.csv", table(published.leads.reset_index())
    yield "safeguarding.csv", table(published.safeguarding.reset_index())
    evidence = published.evidence.copy()
    for name in _LISTS:
        evidence[name] = evidence[name].map(lambda names: json.dumps(names, ensure_ascii=False))
    yield "evidence.csv", table(evidence)


def _rows(published: Published) -> pd.DataFrame:
    # The direction follows from the type: a column of it would come back as one of the user's own.
    return published.relationships.drop(columns="directed")


def _table(published: Published, part: str, rows: pd.DataFrame) -> Iterator[str]:
    for name in rows.columns:
        empty = int((rows[name] == "").sum())
        published.lost("csv", part, str(name), empty, "an empty text reads as a missing value")
    return table(rows.reset_index())


def table(rows: pd.DataFrame) -> Iterator[str]:
    """Write a table, a line at a time; also for other formats in CSV."""
    yield line(map(str, rows.columns))
    for cells in zip(*(rows[name].tolist() for name in rows.columns), strict=True):
        yield line(cells)


def line(cells: Iterable[Any]) -> str:
    """Write a line of CSV; texts that would run as a formula get an apostrophe."""
    found = io.StringIO()
    csv.writer(found, lineterminator="\r\n").writerow(cell(value) for value in cells)
    return found.getvalue()


def cell(value: Any) -> str:
    """Return the text of a cell."""
    value = values.plain(value)
    text = values.written(value)
    return escapes.marked(text) if isinstance(value, str) else text
