"""Excel workbooks -> tables."""

from __future__ import annotations

import warnings
import zipfile
from typing import TYPE_CHECKING, Any

from netlink.errors import MissingDependencyError, SchemaError
from netlink.ingest import frames

if TYPE_CHECKING:
    from pathlib import Path

    from netlink.ingest.caps import Cap
    from netlink.ingest.raw import Raw

_CELL = 8  # bytes that an empty cell takes in a row


def first_sheet(path: Path, cap: Cap) -> Raw:
    """Read the first sheet; cells keep the type that the sheet gives them."""
    try:
        import openpyxl
    except ImportError:
        raise MissingDependencyError("openpyxl", "excel", "Reading .xlsx") from None
    _check_parts(path, cap)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on parts of the file that hold no cells
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
        try:
            sheet = book.worksheets[0]
            sheet.reset_dimensions()  # rows are as long as their cells, not as the file claims
            rows = _rows(sheet, cap)
        finally:
            book.close()
    if not rows:
        raise SchemaError("A table must have a row of column names; the sheet is empty.")
    header = ["" if cell is None else str(cell) for cell in rows[0]]
    return frames.of_rows(header, rows[1:])


def _rows(sheet: Any, cap: Cap) -> list[tuple[Any, ...]]:
    found, size = [], 0
    for row in sheet.iter_rows(values_only=True):
        size += _CELL * len(row)
        cap.check(size)
        n = len(row)
        while n and row[n - 1] is None:
            n -= 1  # cells that were only formatted
        if n:
            found.append(row[:n])
    return found


def _check_parts(path: Path, cap: Cap) -> None:
    """Raise where the zip that a workbook is unpacks too far, or its XML declares entities."""
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
                    before = block[-16:]
