"""Workbooks: no sheet is taken for another, and no cell that nobody wrote is a value."""

from __future__ import annotations

import datetime as dt
import json
import zipfile
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

import netlink as nl
from netlink.ingest import workbooks

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HEADER = ("source", "target", "own")
CANARY = "CANARY"


def book(path: Path, **sheets: list[tuple[Any, ...]]) -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


def changed(path: Path, change: Callable[[openpyxl.Workbook], object]) -> Path:
    made = openpyxl.load_workbook(path)
    change(made)
    made.save(path)
    return path


def rewritten(path: Path, part: str, old: bytes, new: bytes) -> Path:
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def ends(network: nl.Network) -> list[list[str]]:
    rows: list[list[str]] = network.relationships[["source", "target"]].values.tolist()
    return rows


def reasons(network: nl.Network) -> list[list[Any]]:
    rows: list[list[Any]] = network.rejected[["row", "column", "reason"]].values.tolist()
    return [[row, column, reason.partition(":")[0]] for row, column, reason in rows]


# Sheets


def test_of_several_sheets_with_cells_none_is_taken_silently(tmp_path: Path) -> None:
    rows = {name: [HEADER, (name, "b")] for name in ("May", CANARY, "Juni 24")}
    path = book(tmp_path / "t.xlsx", Empty=[], **rows)
    with pytest.raises(nl.errors.SchemaError, match="number 2, 3, 4 from the left") as error:
        nl.read_tables(None, path)
    assert CANARY not in str(error.value)
    assert ends(nl.read_tables(None, f"{path}#may")) == [["May", "b"]]
    network = nl.read_tables(None, [f"{path}#May", f"{path}#Juni 24"])
    assert ends(network) == [["Juni 24", "b"], ["May", "b"]]
    assert network.relationships["dataset"].tolist() == ["t#Juni 24", "t#May"]
    book(tmp_path / "u.xlsx", May=[HEADER, ("u", "b")])
    network = nl.read_tables(None, f"{tmp_path}/*.xlsx#May")
    assert ends(network) == [["May", "b"], ["u", "b"]]
    with pytest.raises(nl.errors.ArgumentError, match="lists a file more than once"):
        nl.read_tables(None, [f"{path}#May", f"{path}#MAY"])
    for name in (CANARY[:-1], ""):
        with pytest.raises(nl.errors.SchemaError, match="None of the 4 sheets") as error:
            nl.read_tables(None, f"{path}#{name}")
        assert CANARY not in str(error.value)
    proposed = nl.Schema.propose(None, f"{path}#May")
    assert "source" in str(proposed)


@pytest.mark.slow
def test_both_tables_of_one_workbook_come_back_from_a_bundle(tmp_path: Path) -> None:
    texts = ["=1+1", "a\x0bb", "_x0041_", "'=x", "007"]
    people = [("entity_id", "entity_type", "label")]
    people += [(f"p{at}", "person", text) for at, text in enumerate(texts)]
    calls = [("source", "target", "relationship_type"), ("p0", "p1", "met"), ("p2", "p3", "met")]
    calls += [("p3", "p4", "met")]
    frames = [nl.read_tables(None, book(tmp_path / "a.xlsx", x=calls)).relationships]
    import pandas as pd

    network = nl.read_tables(pd.DataFrame(people[1:], columns=people[0]), frames[0].reset_index())
    case = nl.cases.build(network, around=network.entities.index)
    policy = nl.export.Policy(names="all")
    folder = nl.export.bundle(case, tmp_path / "case", formats=["excel"], policy=policy)
    path = folder / "case.xlsx"
    schema = nl.Schema(escaped=True)
    found = nl.read_tables(f"{path}#Entities", f"{path}#Relationships", schema=schema)
    assert found.entities["label"].tolist() == texts
    assert ends(found) == ends(network)


def test_hidden_sheets_are_told_and_hidden_rows_are_read(tmp_path: Path) -> None:
    path = book(
        tmp_path / "t.xlsx", Kept=[HEADER, ("x", "y")], May=[HEADER, ("a", "b"), ("c", "d")]
    )

    def hide(made: openpyxl.Workbook) -> None:
        made["Kept"].sheet_state = "hidden"
        made["May"].row_dimensions[3].hidden = True
        made["May"].column_dimensions["B"].hidden = True

    network = nl.read_tables(None, changed(path, hide))
    assert ends(network) == [["a", "b"], ["c", "d"]]
    assert "Not read: 1 hidden sheets of the workbook." in nl.ingest.describe(network.ledger)
    assert ends(nl.read_tables(None, f"{path}#Kept")) == [["x", "y"]]


def test_a_row_number_beyond_every_sheet_does_not_hang(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert workbooks._MOST_ROWS == 2**20
    monkeypatch.setattr(workbooks, "_MOST_ROWS", 1000)
    path = book(tmp_path / "t.xlsx", May=[HEADER, ("a", "b")])
    rewritten(path, "xl/worksheets/sheet1.xml", b'<row r="2">', b'<row r="99999999999">')
    with pytest.raises(nl.errors.SchemaError, match="at most 1,000 rows"):
        nl.read_tables(None, path)


# Cells


def test_an_error_among_integer_ids_costs_its_row(tmp_path: Path) -> None:
    rows = [HEADER, (1, 2, 3), ("#N/A", 2, 4), (3, "#REF!", 5), (4, 2, "#DIV/0!"), (4, 2.0, 5)]
    network = nl.read_tables(None, book(tmp_path / "t.xlsx", x=rows), on_invalid="reject")
    assert sorted(ends(network)) == [["1", "2"], ["4", "2"], ["4", "2"]]
    assert reasons(network) == [
        [1, "source", "cell is an error of Excel"],
        [2, "target", "cell is an error of Excel"],
    ]
    assert json.loads(network.rejected["record"][0]) == {"source": "#N/A", "target": 2, "own": 4}
    assert sorted(network.relationships["own"]) == ["#DIV/0!", "3", "5"]
    told = network.ledger.query("outcome == 'not read'")[["detail", "rows"]].values.tolist()
    assert told == [["cells of other columns: an error of Excel", 1]]


def test_numbers_of_a_sheet_are_of_one_kind(tmp_path: Path) -> None:
    phones = [49151000111, 49151000112.0, 4.9151000113e10]
    path = book(tmp_path / "t.xlsx", x=[HEADER, *((phone, 7, None) for phone in phones)])
    old, new = b"<v>49151000113</v>", b"<v>4.9151000113E10</v>"
    with zipfile.ZipFile(path) as archive:
        part = "xl/worksheets/sheet1.xml"
        old = old if old in archive.read(part) else b"<v>49151000113.0</v>"
    network = nl.read_tables(None, rewritten(path, part, old, new))
    assert [row[0] for row in ends(network)] == ["49151000111", "49151000112", "49151000113"]


def test_numbers_that_excel_rounded_are_no_ids(tmp_path: Path) -> None:
    # Excel keeps 15 digits: two SIM cards become one number.
    rows = [
        HEADER,
        (8949000000000000000, 7, 1),
        (123456789012345, 7, 2),
        (8949000000000001, 7, 3),
    ]
    rows += [(1, 7, 8949000000000000000)]
    network = nl.read_tables(None, book(tmp_path / "t.xlsx", x=rows), on_invalid="reject")
    assert reasons(network) == [[0, "source", "number has more than 15 digits, which Excel rounds"]]
    assert sorted(row[0] for row in ends(network)) == [
        "1",
        "123456789012345",
        "8949000000000001",
    ]
    assert network.relationships["own"].max() == 8949000000000000000


def test_what_formulas_gave(tmp_path: Path) -> None:
    formula = '=IF(1,"","x")'
    rows = [(*HEADER, "label"), ("a", "b", 1, formula), ("=1", "b", 2, None)]
    path = book(tmp_path / "t.xlsx", x=rows)
    sheet = "xl/worksheets/sheet1.xml"
    with zipfile.ZipFile(path) as archive:
        text = archive.read(sheet)
    at = text.index(b'<c r="D2"')
    end = text.index(b"</c>", at)
    new = b'<c r="D2" t="str"><f>IF(1,"","x")</f><v></v>'  # what Excel writes of an empty text
    rewritten(path, sheet, text[at:end], new)
    schema = nl.Schema(document="label")
    network = nl.read_tables(None, path, schema=schema, on_invalid="reject")
    assert ends(network) == [["a", "b"]]
    assert network.relationships["document"].isna().all()
    assert reasons(network) == [[1, "source", "cell is a formula without its result"]]
    # XlsxWriter writes 0 for what it did not calculate, and has Excel calculate first.
    old = text[text.index(b'<c r="A3"') : text.index(b"</c>", text.index(b'<c r="A3"'))]
    zero = b'<c r="A3"><f>B2</f><v>0</v>'
    rewritten(path, sheet, old, zero)
    network = nl.read_tables(None, path, schema=schema, on_invalid="reject")
    assert reasons(network) == [[1, "source", "cell is a formula without its result"]]
    rewritten(path, "xl/workbook.xml", b'fullCalcOnLoad="1"', b"")
    rows_ = nl.read_tables(None, path, schema=schema, on_invalid="reject")
    assert reasons(rows_) == [[1, "source", "id is not text in a column of text"]]


def test_cells_that_are_merged_are_told(tmp_path: Path) -> None:
    rows = [HEADER, ("a", "b", "x"), ("a", "c", None), (None, "d", None), ("Part 2", None, None)]
    rows += [("e", "f", None)]
    path = book(tmp_path / "t.xlsx", x=rows)

    def merge(made: openpyxl.Workbook) -> None:
        for ref in ("A3:A4", "C2:C3", "A5:C5", "B6:B6", "E1:F9", "C6:C9"):
            made["x"].merge_cells(ref)

    network = nl.read_tables(None, changed(path, merge), on_invalid="reject")
    assert ends(network) == [["a", "b"], ["a", "c"], ["e", "f"]]
    assert reasons(network) == [
        [2, "source", "cell is merged with another"],
        [3, "target", "cell is merged with another"],
    ]
    assert network.relationships["own"].isna().tolist() == [False, True, True]
    told = network.ledger.query("outcome == 'not read'")[["detail", "rows"]].values.tolist()
    assert told == [["cells of other columns: merged with another", 1]]


def test_dates_times_and_columns_without_a_name(tmp_path: Path) -> None:
    names = ("source", "target", "start", None, "hour", "long")
    rows = [names, ("a", "b", dt.date(2024, 3, 4), None, dt.time(9, 30), dt.timedelta(hours=30))]
    path = book(tmp_path / "t.xlsx", x=[(*row, None, None) for row in rows])

    def formatted(made: openpyxl.Workbook) -> None:
        for column in "GH":
            made["x"][f"{column}1"].number_format = "0.00"

    found = nl.read_tables(None, changed(path, formatted)).relationships
    assert found["start"].dt.date.tolist() == [dt.date(2024, 3, 4)]
    assert found["hour"].astype(str).tolist() == ["09:30:00"]
    assert "" not in found.columns


def test_numbers_and_dates_as_far_as_they_show(tmp_path: Path) -> None:
    first, other = dt.datetime(2024, 3, 1), dt.datetime(2024, 3, 4, 10, 30)
    times = [
        (first, "mmm\\-yy", "month"),
        (first, "[$-407]dd.mm.yyyy", "day"),
        (other, "d/m/yy", "time"),
    ]
    times += [(dt.datetime(2024, 1, 1), "yyyy", "year"), (first, 'mmm yy" dh"', "month")]
    times += [(dt.datetime(2024, 3, 2), "mmm-yy", "day"), (first, "dd/mm/yy hh:mm", "time")]
    rows = [
        ("source", "target", "start"),
        *((7, at, time) for at, (time, _, _) in enumerate(times)),
    ]
    path = book(tmp_path / "t.xlsx", x=rows)

    def formatted(made: openpyxl.Workbook) -> None:
        for at, (_, look, _) in enumerate(times, 2):
            made["x"][f"A{at}"].number_format = "0000"
            made["x"][f"C{at}"].number_format = look

    network = nl.read_tables(None, changed(path, formatted), schema=nl.Schema(tz="UTC"))
    found = network.relationships.sort_values("target")
    assert found["source"].tolist() == ["0007"] * len(times)
    assert found["start_precision"].tolist() == [precision for _, _, precision in times]
    assert found["start"].dt.tz_localize(None).tolist() == [time for time, _, _ in times]


def test_comments_links_and_pictures_are_told(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", x=[HEADER, ("a", "b")])

    def beside(made: openpyxl.Workbook) -> None:
        made["x"]["A2"].comment = openpyxl.comments.Comment(CANARY, CANARY)
        made["x"]["B2"].hyperlink = f"https://example.org/{CANARY}"

    with zipfile.ZipFile(changed(path, beside), "a") as archive:
        archive.writestr("xl/media/image1.png", b"no picture")
    told = nl.read_tables(None, path).ledger.query("outcome == 'not read'")
    assert told[["detail", "rows"]].values.tolist() == [
        ["comments on cells of the workbook", 1],
        ["links behind cells", 1],
        ["pictures in the workbook", 1],
    ]


def test_a_workbook_with_a_password_says_so(tmp_path: Path) -> None:
    (tmp_path / "t.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(512))
    with pytest.raises(nl.errors.SchemaError, match="has a password"):
        nl.read_tables(None, tmp_path / "t.xlsx")


def test_formats_of_numbers_do_not_fill_the_memory(tmp_path: Path) -> None:
    path = book(tmp_path / "t.xlsx", x=[HEADER, (7, 8, dt.datetime(2024, 3, 1))])

    def formatted(made: openpyxl.Workbook) -> None:
        for cell in ("A2", "C2"):
            made["x"][cell].number_format = "0" * 100_000

    assert ends(nl.read_tables(None, changed(path, formatted))) == [["7", "8"]]
