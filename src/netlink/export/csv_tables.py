"""CSV: entities, relationships and findings, safe to open in a spreadsheet."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow.compute as pc

from netlink.errors import ExportError, SchemaError
from netlink.export import columns, values
from netlink.ingest import escapes
from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS, Schema, saved

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import Any, TypeAlias

    import pyarrow as pa

    from netlink.export.published import Published

    _Cells: TypeAlias = tuple[Iterable[Any], columns.Column]

# The first character of a text that may get an apostrophe.
_MAY_RUN = (bytes(range(256)), "^(?:['\\s=+\\-@|%\\x00-\\x1f]|[^\\x00-\\x7f])")
_QUOTED = (b'",\r\n', '[",\r\n]')


def files(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of each file and its text, piece by piece."""
    yield "entities.csv", _table(published, "entities", published.entities.drop(columns="named"))
    # The direction follows from the type: a column of it would come back as one of the user's own.
    rows = published.relationships.drop(columns="directed")
    yield "relationships.csv", _table(published, "relationships", rows)
    yield from ((f"{name}.csv", table(found, published)) for name, found in findings(published))
    yield "schema.toml", _schema(published)


def _schema(published: Published) -> Iterator[bytes]:
    """Give the schema that `netlink.read_tables` reads both tables with."""
    is_marked = published.formula == "escape"
    words = published.vocabulary
    tz = None if published.tz == "UTC" else published.tz
    try:
        yield saved.text(Schema(escaped=is_marked, tz=tz, vocabulary=words))
    except SchemaError:
        reason = "a vocabulary that lacks words of netlink's cannot be saved"
        published.lost("csv", "schema", "vocabulary", 1, reason)
        yield saved.text(Schema(escaped=is_marked, tz=tz))


def findings(published: Published) -> Iterator[tuple[str, pd.DataFrame]]:
    """Give the tables of what was found, with lists as JSON."""
    yield from ((name, _plain(found)) for name, found in published.findings.items())


def _plain(table: pd.DataFrame) -> pd.DataFrame:
    cells = {name: [values.plain(cell) for cell in table[name]] for name in table.columns}
    return pd.DataFrame(cells, dtype=object)


def _table(published: Published, part: str, rows: pd.DataFrame) -> Iterator[str | bytes]:
    canonical = ENTITY_COLUMNS if part == "entities" else RELATIONSHIP_COLUMNS
    for name in rows.columns:
        kind = published.kinds[part].get(name, "text")
        cells_there = int(rows[name].notna().sum()) if kind != "text" else 0
        published.lost("csv", part, str(name), cells_there, f"{kind} that reads back as text")
        if name in canonical:
            empty = pc.sum(pc.equal(published.texts(part, name), "")).as_py() or 0
            published.lost("csv", part, str(name), empty, "an empty text reads as a missing value")
        else:
            missing = published.texts(part, name).null_count
            published.lost("csv", part, str(name), missing, "a missing value reads as empty text")
    found: dict[str, _Cells] = {str(rows.index.name): (rows.index, published.column(part))}
    found |= {name: (rows[name], published.column(part, name)) for name in rows.columns}
    return _lines(found, published.formula, len(rows))


def table(rows: pd.DataFrame, published: Published) -> Iterator[str | bytes]:
    """Write a table of plain cells; also for other formats in CSV."""
    found: dict[str, _Cells] = {
        str(name): (column, columns.column(column)) for name, column in rows.items()
    }
    return _lines(found, published.formula, len(rows))


def _lines(found: dict[str, _Cells], formula: str, n_rows: int) -> Iterator[str | bytes]:
    texts = {
        marked(name, formula): columns.Column(cells(listed, column, formula), column.types)
        for name, (listed, column) in found.items()
    }
    return lines(texts, n_rows)


def lines(found: dict[str, columns.Column], n_rows: int) -> Iterator[str | bytes]:
    """Write columns as they are."""
    yield ",".join(map(_quoted, found)) + "\r\n"
    pieces: list[columns.Piece] = []
    for column in found.values():
        texts = columns.mapped(column.texts, _QUOTED, _quoted)
        pieces += [",", pc.fill_null(texts, "") if texts.null_count else texts]
    # A line with one empty cell would read as no line.
    if len(found) == 1:
        pieces[1] = pc.if_else(pc.equal(pieces[1], ""), '""', pieces[1])
    yield from columns.joined([*pieces[1:], "\r\n"], n_rows)


def cells(listed: Iterable[Any], column: columns.Column, formula: str) -> pa.StringArray:
    """Return the texts of cells; one that would run as a formula gets an apostrophe.

    Numbers stay numbers, also beside texts.
    """
    texts, types = column
    if formula == "raw" or str not in types:
        return texts
    if types == {str}:
        return columns.mapped(texts, _MAY_RUN, lambda text: marked(text, formula))
    found = [marked(cell, formula) if isinstance(cell, str) else cell for cell in listed]
    return columns.column(found).texts


def marked(text: str, formula: str) -> str:
    """Return a text with an apostrophe where it would run as a formula; or refuse it."""
    if formula == "raw" or not escapes.RUNS.match(text):
        return text
    if formula == "error":
        raise ExportError(
            "A text of the case would run as a formula in a spreadsheet. Mark such texts with an "
            "apostrophe (formula='escape') or write them as they are (formula='raw')."
        )
    return escapes.marked(text)


def _quoted(text: str) -> str:
    return f'"{text.replace(chr(34), chr(34) * 2)}"' if re.search(_QUOTED[1], text) else text
