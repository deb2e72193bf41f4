"""Excel workbooks -> tables."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from itertools import repeat, zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netlink.errors import MissingDependencyError, SchemaError
from netlink.ingest import frames
from netlink.ingest.failures import row_text
from netlink.ingest.raw import ABOVE, Malformed, titles

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netlink.ingest.caps import Cap
    from netlink.ingest.raw import Kinds, Raw

ENDINGS = (".xlsx", ".xlsm")
_CELL = 8  # bytes that an empty cell takes in a row
_MOST_ROWS = 1 << 20  # of a sheet; numbers of rows beyond it would be counted up to
_LONGEST_LOOK = 255  # letters of the format of a number; a longer one would be for each cell
_EXACT = 10**15  # Excel holds 15 digits of a number
_OLE = b"\xd0\xcf\x11\xe0"  # how files begin that are no zip
_NAMED = re.compile(r"\.xls[xm](#)", re.IGNORECASE)
_FORMULA = re.compile(rb"<(?:\w+:)?f[ />]")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell [^>]{0,40}ref=[\"']([A-Z]+\d+:[A-Z]+\d+)[\"']")
_TO_CALCULATE = re.compile(rb"fullCalcOnLoad=[\"'](?:1|true)[\"']")

_UNSHOWN = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')  # texts and colors in the format of a number
# What a workbook has beside cells, by the name of the part.
_BESIDE = (
    ("xl/comments", "comments on cells of the workbook", re.compile(rb"<(?:\w+:)?comment ")),
    ("xl/worksheets/sheet", "links behind cells", re.compile(rb"<(?:\w+:)?hyperlink ")),
)

_ERROR = "cell is an error of Excel"
_NO_RESULT = "cell is a formula without its result: open the workbook in Excel and save it"
_COVERED = "cell is merged with another: unmerge the cells and fill them"
_ROUNDED = "number has more than 15 digits, which Excel rounds: make the column text"


@dataclass(frozen=True)
class NoValue:
    """A cell that shows what nobody wrote there, and why: harmless where no one reads it."""

    reason: str
    shown: Any

    def __str__(self) -> str:
        """Return what the cell shows."""
        return "" if self.shown is None else str(self.shown)


@dataclass
class _Parts:
    """What the XML of a workbook has anywhere, which openpyxl does not tell."""

    has_formulas: bool = False
    is_to_be_calculated: bool = False
    merged: dict[str, set[str]] = field(default_factory=dict)
    beside: Counter[str] = field(default_factory=Counter)


def split(path: Path) -> tuple[Path, str | None]:
    """Take the name of the sheet off a path such as 'calls.xlsx#May'."""
    found = _NAMED.search(str(path))
    if found is None or path.exists():
        return path, None
    return Path(str(path)[: found.start(1)]), str(path)[found.end(1) :]


def _openpyxl() -> Any:
    try:
        import openpyxl
        import openpyxl.utils.escape
    except ImportError:
        raise MissingDependencyError("openpyxl", "excel", "Reading .xlsx") from None
    return openpyxl


def table(path: Path, cap: Cap, kinds: Kinds, name: str | None) -> Raw:
    """Read a sheet; cells keep the type that it gives them.

    A row whose cell in one of the columns used has no value of its own is malformed; such a cell of
    another column is missing, and counted.
    """
    openpyxl = _openpyxl()
    parts = _parts(path, cap)
    with warnings.catch_warnings(), ExitStack() as stack:
        warnings.simplefilter("ignore")  # on parts of the file that hold no cells

        def book(*, results: bool) -> Any:
            found = openpyxl.load_workbook(path, read_only=True, data_only=results)
            stack.callback(found.close)
            for sheet in found.worksheets:
                sheet.reset_dimensions()  # rows are as long as their cells, not as the file claims
            return found

        with_results = book(results=True)
        at, n_hidden = _chosen(with_results.worksheets, name)
        sheet = with_results.worksheets[at]
        # Excel stores what a formula gave beside it, programs that write workbooks often do not.
        formulas = book(results=False).worksheets[at].iter_rows() if parts.has_formulas else None
        rows = _rows(sheet.iter_rows(), formulas, parts, cap)
        place = sheet._worksheet_path.lstrip("/")
        _cover(rows, parts.merged.get(place, set()), cap)
    raw = _of_rows(list(rows.values()), kinds)
    parts.beside["hidden sheets of the workbook"] = n_hidden
    return replace(raw, unread={**raw.unread, **+parts.beside})


def _chosen(sheets: list[Any], name: str | None) -> tuple[int, int]:
    """Return the place of the sheet to read, and how many hidden ones with cells are not read."""
    if name is not None:
        named = [at for at, s in enumerate(sheets) if s.title.casefold() == name.casefold()]
        if not named:
            raise SchemaError(
                f"None of the {len(sheets):,} sheets of the workbook has the name behind the '#' "
                "of the path (names are not shown: they may be data)."
            )
        return named[0], 0
    filled = [at for at, sheet in enumerate(sheets) if _is_filled(sheet)]
    shown = [at for at in filled if sheets[at].sheet_state == "visible"]
    if len(shown) == 1:
        return shown[0], len(filled) - 1
    if filled:
        which = ", ".join(f"{at + 1:,}" for at in filled)
        state = "several sheets with cells" if shown else "cells only in sheets that are hidden"
        raise SchemaError(
            f"The workbook has {state}: number {which} from the left, hidden ones counted (names "
            "are not shown: they may be data). Name the one to read behind the path, as in "
            "'calls.xlsx#Sheet1'; a list of such paths is one table."
        )
    raise SchemaError("A table must have a row of column names; the workbook has no cells.")


def _is_filled(sheet: Any) -> bool:
    return any(
        cell is not None for cells in _counted(sheet.iter_rows(values_only=True)) for cell in cells
    )


def _counted(rows: Iterable[Any]) -> Iterable[Any]:
    for number, row in enumerate(rows, 1):
        if number > _MOST_ROWS:
            raise SchemaError(f"A sheet has at most {_MOST_ROWS:,} rows, this one claims more.")
        yield row


def _rows(sheet: Iterable[Any], formulas: Any, parts: _Parts, cap: Cap) -> dict[int, list[Any]]:
    """Return the rows with cells by their numbers in the sheet, from 1."""
    found, size = {}, 0
    pairs = zip(_counted(sheet), repeat(()) if formulas is None else formulas, strict=False)
    for number, (cells, beside) in enumerate(pairs, 1):
        size += _CELL * len(cells)
        cap.check(size)
        row = [_value(*pair, parts) for pair in zip_longest(cells, beside[: len(cells)])]
        while row and row[-1] is None:
            row.pop()  # cells that were only formatted
        if row:
            found[number] = row
    return found


def _value(cell: Any, formula: Any, parts: _Parts) -> Any:
    value = cell.value
    if cell.data_type == "e":
        return NoValue(_ERROR, str(value))
    if formula is not None and formula.data_type == "f":
        # A formula that gave "" says so; 0 stands for none where Excel is told to calculate first.
        is_empty = value is None and cell.data_type != "str"
        if is_empty or (parts.is_to_be_calculated and value == 0):
            return NoValue(_NO_RESULT, str(getattr(formula.value, "text", formula.value)))
    if isinstance(value, str):
        return _openpyxl().utils.escape.unescape(value) if "_x" in value else value
    if isinstance(value, dt.datetime):
        return _as_shown(value, cell.number_format)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return _number(value, cell.number_format)
    return value


def _number(value: float, look: str) -> Any:
    """Return a number as a sheet means it: of one kind, and with the zeros that it shows."""
    if abs(value) >= _EXACT:
        # Excel may have rounded it, unless it has digits that Excel would not write.
        if isinstance(value, int) and value % 10 ** (len(str(abs(value))) - 15):
            return value
        return NoValue(_ROUNDED, value)
    if isinstance(value, float):
        if not value.is_integer():
            return value
        value = int(value)
    is_padded = look[:2] == "00" and len(look) <= _LONGEST_LOOK and not look.strip("0")
    return str(value).zfill(len(look)) if is_padded and value >= 0 else value


def _as_shown(time: dt.datetime, look: str) -> Any:
    """Return a time as far as it shows: Excel makes the first of March of 'Mar-24'."""
    shown = _UNSHOWN.sub("", look[:_LONGEST_LOOK].lower())
    if time.time() != dt.time() or "h" in shown or "s" in shown:
        return time
    if "d" in shown or time.day > 1 or "y" not in shown:
        return time.date()
    if "m" in shown:
        return f"{time:%Y-%m}" if time.year > 999 else time.date()
    return str(time.year) if time.month == 1 and time.year > 999 else time.date()


def _cover(rows: dict[int, list[Any]], merged: set[str], cap: Cap) -> None:
    """Mark the cells that show what stands in another one they are merged with."""
    size, widest = 0, max(map(len, rows.values()), default=0)
    for ref in sorted(merged):
        left, top, right, bottom = _openpyxl().utils.range_boundaries(ref)
        first = rows.get(top, [])
        if len(first) < left or first[left - 1] is None:
            continue  # it shows nothing
        for number in range(top, bottom + 1):
            size += _CELL * (right - left + 1)
            cap.check(size)
            row = rows.get(number)
            if row is None:
                continue
            row += [None] * (min(right, widest) - len(row))
            for at in range(left - 1, min(right, len(row))):
                if (number, at) != (top, left - 1):
                    row[at] = NoValue(_COVERED, None)


def _of_rows(rows: list[list[Any]], kinds: Kinds) -> Raw:
    n_above = titles(rows, kinds.ends)
    header = ["" if cell is None else str(cell) for cell in rows[n_above]]
    n = len(header)
    good: list[list[Any]] = []
    malformed: list[Malformed] = []
    unread = Counter({ABOVE: n_above})
    for row, cells in enumerate(rows[n_above + 1 :]):
        wrong = [at for at, cell in enumerate(cells[:n]) if isinstance(cell, NoValue)]
        broken = [at for at in wrong if header[at] in _wanted(cells[at], kinds)]
        if any(cell is not None and not _is_covered(cell) for cell in cells[n:]):
            malformed.append(Malformed.of_cells(row, [c if c is None else str(c) for c in cells]))
        elif broken:
            record = row_text(dict(zip_longest(header, cells[:n])))
            reason = cells[broken[0]].reason
            malformed.append(Malformed(row, reason, record, header[broken[0]]))
        else:
            for at in wrong:
                reason = cells[at].reason.partition(":")[0].removeprefix("cell is ")
                # Columns leave by an allow-list, the ledger with every export: no name stands here.
                unread[f"cells of other columns: {reason}"] += cells[at].reason != _ROUNDED
                cells[at] = cells[at].shown
            good.append(cells[:n])
    raw = frames.of_rows(header, good)
    return replace(raw, malformed=malformed, unread=dict(+unread))


def _wanted(cell: NoValue, kinds: Kinds) -> frozenset[str]:
    """Return the columns in which such a cell costs the row."""
    return kinds.used - kinds.numbers if cell.reason == _ROUNDED else kinds.used


def _is_covered(cell: Any) -> bool:
    return isinstance(cell, NoValue) and cell.reason == _COVERED


def _beside(name: str) -> tuple[str, re.Pattern[bytes]] | None:
    return next(((what, sign) for start, what, sign in _BESIDE if name.startswith(start)), None)


def _parts(path: Path, cap: Cap) -> _Parts:
    """Look through the XML of a workbook.

    Raise where the zip that it is unpacks too far, or its XML declares entities.
    """
    found = _Parts()
    with path.open("rb") as file:
        if file.read(4) == _OLE:
            raise SchemaError(
                "The workbook has a password, or is one of the old format .xls by another name: "
                "save it as .xlsx without a password."
            )
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        cap.check(sum(member.file_size for member in members))  # as stated; more is not read
        for member in members:
            if not member.filename.endswith((".xml", ".rels")):
                found.beside["pictures in the workbook"] += "/media/" in member.filename
                continue
            merged = found.merged.setdefault(member.filename, set())
            what = _beside(member.filename)
            with archive.open(member) as stream:
                before = b""
                while block := stream.read(1 << 20):
                    part = before + block
                    # Text cannot hold it: there '<' is written '&lt;'. UTF-16 would hide it.
                    if b"<!DOCTYPE" in part or (not before and b"\0" in block[:4]):
                        raise SchemaError(
                            "The workbook has a DOCTYPE or is not UTF-8, as none of Excel's is."
                        )
                    found.has_formulas |= _FORMULA.search(part) is not None
                    found.is_to_be_calculated |= _TO_CALCULATE.search(part) is not None
                    merged.update(ref.decode() for ref in _MERGED.findall(part))
                    if what:
                        found.beside[what[0]] += len(what[1].findall(block))
                    before = block[-128:]
    return found
