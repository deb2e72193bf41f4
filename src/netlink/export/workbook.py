"""An Excel workbook: a sheet a table, every text as text.

A workbook is XML in a zip file. It is written here a column at a time, as the other formats are:
openpyxl takes twenty times as long for a case of 130,000 relationships.
"""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from netlink.errors import ExportError
from netlink.export import columns, csv_tables, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from netlink.export.published import Published

_MOST_ROWS = 2**20 - 1  # of data in a sheet
_MOST_CHARACTERS = 32_767  # in a cell
_CUT = f"cut after {_MOST_CHARACTERS:,} characters, the most a cell holds"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CONTENT = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TITLES = {
    "entities": "Entities",
    "relationships": "Relationships",
    "leads": "Leads",
    "safeguarding": "People to reach",
    "evidence": "Evidence",
    "elements": "Elements of the offence",
    "groups": "Groups",
    "paths": "Paths",
    "profile": "Profile",
}
_TEXT = '<c t="inlineStr"><is><t xml:space="preserve">', "</t></is></c>"
_NUMBER = "<c><v>", "</v></c>"
_HEAD = (
    f'{_XML}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0"><pane ySplit="1"'
    ' topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><sheetData>'
)


def files(published: Published) -> Iterator[tuple[str, Iterator[bytes]]]:
    """Give the name of the file and its content."""
    yield "case.xlsx", _workbook(published)


def _workbook(published: Published) -> Iterator[bytes]:
    tables = {
        "entities": published.entities.drop(columns="named").reset_index(),
        "relationships": published.relationships.reset_index(),
        **dict(csv_tables.findings(published)),
    }
    for name, table in tables.items():
        if len(table) > _MOST_ROWS:
            raise ExportError(
                f"A sheet holds {_MOST_ROWS:,} rows, the {name} are {len(table):,}: leave 'excel' "
                "out of the formats, or cut a smaller case."
            )
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        for name, text in _parts(list(tables)).items():
            package.writestr(_entry(name), _XML + text)
        for at, (name, table) in enumerate(tables.items(), 1):
            with package.open(_entry(f"xl/worksheets/sheet{at}.xml"), "w") as sheet:
                for block in _sheet(published, name, table):
                    sheet.write(block)
    yield stream.getvalue()


def _entry(name: str) -> zipfile.ZipInfo:
    """Return an entry whose date is always the same: the first that a zip file can hold."""
    entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _parts(names: list[str]) -> dict[str, str]:
    numbers = range(1, len(names) + 1)
    sheets = "".join(
        f'<sheet name="{_TITLES[name]}" sheetId="{at}" r:id="rId{at}"/>'
        for at, name in zip(numbers, names, strict=True)
    )
    link = f'Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet'
    links = "".join(f'<Relationship Id="rId{at}" {link}{at}.xml"/>' for at in numbers)
    kind = f'ContentType="{_CONTENT}.worksheet+xml"'
    types = "".join(f'<Override PartName="/xl/worksheets/sheet{at}.xml" {kind}/>' for at in numbers)
    return {
        "[Content_Types].xml": (
            f'<Types xmlns="{_PACKAGE}/content-types"><Default Extension="rels" '
            f'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{_CONTENT}.sheet.main+xml"/>'
            f"{types}</Types>"
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
            f'Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": (
            f'<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>{sheets}</sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{_PACKAGE}/relationships">{links}</Relationships>'
        ),
    }


def _sheet(published: Published, part: str, table: pd.DataFrame) -> Iterator[bytes]:
    header = [csv_tables.marked(str(name), published.formula) for name in table.columns]
    names = "".join(f'<c t="inlineStr"><is><t>{values.xml(name)}</t></is></c>' for name in header)
    yield f"{_HEAD}<row>{names}</row>".encode()
    pieces: list[columns.Piece] = ["<row>"]
    for name, cells in table.items():
        column = columns.column(cells)
        texts = csv_tables.cells(cells, column, published.formula)
        texts = _cut(published, part, str(name), texts)
        published.illegal("excel", part, str(name), texts)
        pieces += _cells(columns.xml(texts), cells, column.types)
    yield from columns.joined([*pieces, "</row>"], len(table))
    yield b"</sheetData></worksheet>"


def _cells(texts: pa.StringArray, cells: pd.Series, types: set[type]) -> list[columns.Piece]:
    """Return the pieces of a column; what is missing leaves an empty cell."""
    if types <= {str}:
        found = pc.binary_join_element_wise(_TEXT[0], texts, _TEXT[1], "")
    elif types <= {int, float} and not any(values.is_wide(cell) for cell in set(cells)):
        found = pc.binary_join_element_wise(_NUMBER[0], texts, _NUMBER[1], "")
    else:
        filled = zip(cells, texts.to_pylist(), strict=True)
        found = pa.array([None if c is None else _cell(c, text) for c, text in filled], pa.string())
    return [pc.fill_null(found, "<c/>")]


def _cell(cell: values.Plain, text: str) -> str:
    if isinstance(cell, bool):
        return f'<c t="b"><v>{int(cell)}</v></c>'
    is_number = isinstance(cell, int | float) and not values.is_wide(cell)
    before, after = _NUMBER if is_number else _TEXT
    return f"{before}{text}{after}"


def _cut(published: Published, part: str, name: str, texts: pa.StringArray) -> pa.StringArray:
    # A spreadsheet counts units of UTF-16: a character beyond the first 65,536 is two of them.
    is_long = pc.fill_null(pc.greater(pc.utf8_length(texts), _MOST_CHARACTERS // 2), False)
    if not pc.any(is_long).as_py():
        return texts
    long = texts.filter(is_long).to_pylist()
    cut = [text.encode("utf-16-le")[: 2 * _MOST_CHARACTERS] for text in long]
    kept = [data.decode("utf-16-le", "ignore") for data in cut]
    count = sum(new != text for new, text in zip(kept, long, strict=True))
    published.lost("excel", part, name, count, _CUT)
    return pc.replace_with_mask(texts, is_long, pa.array(kept, pa.string()))
