"""Every hostile value is written as it is, told or refused cleanly, in every format."""

from __future__ import annotations

import csv
import json
import re
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import hostile_values
import pandas as pd
import pytest
from openpyxl import load_workbook

import netlink as nl
from netlink import export

NAMES = [value.name for value in hostile_values.VALUES]
FORMS = hostile_values.LIBRARIES["netlink"][1]
# Nobody can hold these; what else is a clean error would be one for want of trying.
REFUSED = re.compile("surrogate|ids: the number 7 and the text 7")
TOLD = {
    # A missing value of one's own reads as empty text; in a list it is part of the text.
    "csv": re.compile("^(?!a list).*(missing|NaN)"),
    "excel": re.compile("40,000 characters"),  # a cell holds 32,767
}
QUICK = [
    "a control character, in a cell",
    "NUL, in an id",
    "half a surrogate pair, in a cell",
    "an equals sign in front, in an id",
    "40,000 characters, in an id",
    "a path that climbs, in an id",
    "two ids: 12345678901234567890 and ...1",
    "two cells: an empty text and a missing one",
    "2^70, in a cell",
    "a dictionary, in a cell",
    "a moment after 2262, in a cell",
]


def expected(form: str, name: str) -> set[str]:
    if REFUSED.search(name):
        return {"clean error"}
    if form in TOLD and TOLD[form].search(name):
        return {"told"}
    return {"correct", "as text"}


def check(name: str, folder: Path) -> None:
    value = hostile_values.VALUES[NAMES.index(name)]
    for form in FORMS:
        place = folder / form
        place.mkdir()
        found = hostile_values.outcome("netlink", form, value, place)
        assert found in expected(form, name), form


def test_there_are_a_hundred_values_and_each_has_a_name() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 100
    assert set(QUICK) <= set(NAMES)
    promises = {value.promise for value in hostile_values.VALUES}
    assert promises >= {"R1", "R3", "R4", "R7", "R8", "R9"}


@pytest.mark.parametrize("name", QUICK)
def test_netlink_is_correct_or_says_why_not(name: str, tmp_path: Path) -> None:
    check(name, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in NAMES if name not in QUICK])
def test_netlink_is_correct_or_says_why_not_for_all_others(name: str, tmp_path: Path) -> None:
    check(name, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize(
    "library", [name for name in hostile_values.LIBRARIES if name != "netlink"]
)
def test_the_page_of_the_docs_says_what_comes_of_them(library: str) -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split(" | ")]
        for line in hostile_values.PAGE.read_text("utf-8").splitlines()
        if line.startswith("| ")
    ]
    header = next(row for row in rows if row[0] == "value")
    table = {row[0]: dict(zip(header, row, strict=True)) for row in rows if len(row) == len(header)}
    found = hostile_values.outcomes(library)
    assert found == {(name, form): table[name][f"{library} {form}"] for name, form in found}


def test_no_silent_corruption_and_no_crash_stands_in_the_page_for_netlink() -> None:
    text = hostile_values.PAGE.read_text("utf-8")
    line = next(line for line in text.splitlines() if line.startswith("- **netlink:**"))
    counts = dict(reversed(part.split(" ", 1)) for part in line[15:].strip(" .").split(", "))  # type: ignore[misc]
    assert set(counts) == {"as text", "clean error", "correct", "told"}
    assert sum(map(int, counts.values())) == len(NAMES) * len(FORMS)


# Everything at once, in every format


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bundle of all texts, as ids, labels and cells, with the picture drawn."""
    texts = [
        value.pair[0]
        for value in hostile_values.VALUES
        if value.is_id and value.pair[1] == "plain" and "surrogate" not in value.name
    ]
    people = pd.DataFrame({"entity_id": texts, "label": texts[::-1], "cell": texts})
    kinds = ["person", "location", "phone", "organisation", "account"]
    people["entity_type"] = (kinds * len(texts))[: len(texts)]
    rows = pd.DataFrame({"source": texts, "target": texts[1:] + texts[:1]})
    rows = rows.assign(relationship_type="related_to", document=texts, start="2024-03-05")
    case = nl.cases.build(nl.read_tables(people, rows), around=texts, hops=1)
    policy = nl.export.Policy(names="all", name_protected=True, columns=("cell",))
    place = tmp_path_factory.mktemp("values")
    export.bundle(case, place / "case", policy=policy)
    assert [path.name for path in place.iterdir()] == ["case"]  # no id is a path
    return place / "case"


def test_no_id_is_the_name_of_a_file(folder: Path) -> None:
    names = [path.name for path in folder.iterdir()]
    assert all(re.fullmatch(r"[a-z0-9_]+\.[a-z0-9]+", name) for name in names)
    assert len(names) >= 27
    assert not [name for name in names if name.startswith(("con.", "nul."))]
    assert (export.verify(folder)["status"] == "ok").all()


def strict(text: str) -> Any:
    return json.loads(text, parse_constant=lambda word: pytest.fail(f"{word} is not strict JSON"))


def test_every_file_can_be_parsed(folder: Path) -> None:
    for path in folder.iterdir():
        if path.suffix in {".json", ".jsonld", ".cx2", ".cyjs"}:
            strict(path.read_text("utf-8"))
        elif path.suffix == ".jsonl":
            for line in path.read_text("utf-8").split("\n")[:-1]:
                strict(line)
        elif path.suffix in {".graphml", ".gexf"}:
            ET.parse(path)
        elif path.suffix == ".csv":
            with path.open(encoding="utf-8", newline="") as stream:
                widths = {len(row) for row in csv.reader(stream, strict=True)}
            assert len(widths) == 1, path.name
        elif path.suffix == ".xlsx":
            load_workbook(path)


def test_nothing_runs_in_a_spreadsheet(folder: Path) -> None:
    tables = [*folder.glob("*.csv")]
    assert len(tables) >= 9
    for path in tables:
        if path.name.startswith("neo4j"):  # read by a program, and the guide says so
            continue
        with path.open(encoding="utf-8", newline="") as stream:
            hostile_values._check_cells(row for row in csv.reader(stream))
    book = load_workbook(folder / "case.xlsx")
    assert not [c for sheet in book for row in sheet.iter_rows() for c in row if c.data_type == "f"]


def test_the_report_holds_no_markup_of_the_data(folder: Path) -> None:
    page = (folder / "report.html").read_text("utf-8")
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert "\\u202e" in page
