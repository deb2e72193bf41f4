"""Excel workbooks -> tables."""

from __future__ import annotations

import warnings
import zipfile
from contextlib import ExitStack
from itertools import repeat, zip_longest
from typing import TYPE_CHECKING, Any

from netlink.errors import MissingDependencyError, SchemaError
from netlink.ingest import frames

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from netlink.ingest.caps import Cap
    from netlink.ingest.raw import Raw

_CELL = 8  # bytes that an empty cell takes in a row


class NotText:
    """A cell that shows a text which nobody wrote: an error, or a formula without its result."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __str__(self) -> str:
        """Return what the cell shows."""
        return self.text


def first_sheet(path: Path, cap: Cap) -> Raw:
    """Read the first sheet that is not hidden; cells keep the type that the sheet gives them."""
    try:
        import openpyxl
    except ImportError:
        raise MissingDependencyError("openpyxl", "excel", "Reading .xlsx") from None
    has_formulas = _check_parts(path, cap)
    with warnings.catch_warnings(), ExitStack() as stack:
        warnings.simplefilter("ignore")  # on parts of the file that hold no cells

        def sheet(*, results: bool) -> Any:
            book = openpyxl.load_workbook(path, read_only=True, data_only=results)
            stack.callback(book.close)
            shown = [part for part in book.worksheets if part.sheet_state == "visible"]
            if not shown:
                raise SchemaError("Every sheet of the workbook is hidden: show the one to read.")
            shown[0].reset_dimensions()  # rows are as long as their cells, not as the file claims
            return shown[0].iter_rows()

        # Excel stores what a formula gave beside it, programs that write workbooks often do not.
        formulas = sheet(results=False) if has_formulas else repeat(())
        rows = _rows(zip(sheet(results=True), formulas, strict=False), cap)
    if not rows:
        raise SchemaError("A table must have a row of column names; the sheet is empty.")
    header = ["" if cell is None else str(cell) for cell in rows[0]]
    return frames.of_rows(header, rows[1:])


def _value(cell: Any, formula: Any) -> Any:
    if cell.data_type == "e":
        return NotText(str(cell.value))
    if cell.value is None and formula is not None and formula.data_type == "f":
        return NotText(str(getattr(formula.value, "text", formula.value)))
    return cell.value


def _rows(sheet: Iterable[tuple[Any, Any]], cap: Cap) -> list[list[Any]]:
    found, size = [], 0
    for cells, formulas in sheet:
        size += _CELL * len(cells)
        cap.check(size)
        row = [_value(*pair) for pair in zip_longest(cells, formulas[: len(cells)])]
        n = len(row)
        while n and row[n - 1] is None:
            n -= 1  # cells that were only formatted
        if n:
            found.append(row[:n])
    return found


def _check_parts(path: Path, cap: Cap) -> bool:
    """Raise where the zip that a workbook is unpacks too far, or its XML declares entities.

    Tell whether there may be a formula in any cell.
    """
    has_formulas = False
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        cap.check(sum(member.file_size for member in members))  # as stated; more is not read
        for member in members:
            if not member.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(member) as stream:
                before = b""
                while block := stream.read(1 << 20):
                    # Text cannot hold it: there '<' is written '&lt;'. UTF-16 would hide it.
                    if b"<!DOCTYPE" in before + block or (not before and b"\0" in block[:4]):
                        raise SchemaError(
                            "The workbook has a DOCTYPE or is not UTF-8, as none of Excel's is."
                        )
                    has_formulas |= b"<f>" in before + block or b"<f " in before + block
                    before = block[-16:]
    return has_formulas
