"""Odd files and frames: each is read as it is meant, or refused without showing a cell."""

from __future__ import annotations

import datetime as dt
import json
import time
import zipfile
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import netlink as nl

if TYPE_CHECKING:
    from pathlib import Path

CANARY = "CANARY"


def book(path: Path, *rows: tuple[Any, ...], epoch: Any = None) -> Path:
    import openpyxl

    made = openpyxl.Workbook()
    if epoch is not None:
        made.epoch = epoch
    for row in rows:
        made.active.append(row)
    made.save(path)
    return path


def test_formulas_without_results_stay_as_text_where_they_do_no_harm(tmp_path: Path) -> None:
    rows = (("source", "target", "weight", "own"), ("a", "b", 1, "=1+1"), ("a", "b", "=2+2", "x"))
    network = nl.read_tables(None, book(tmp_path / "t.xlsx", *rows), on_invalid="reject")
    assert network.relationships["own"].tolist() == ["=1+1"]
    assert network.rejected[["column", "reason"]].values.tolist() == [
        [
            "weight",
            "cell is a formula without its result: open the workbook in Excel and save it",
        ]
    ]
    assert "cells of other columns: a formula without its result" in set(network.ledger["detail"])


def test_a_workbook_whose_sheets_are_all_hidden_is_an_error(tmp_path: Path) -> None:
    path = book(tmp_path / "plain.xlsx", ("source", "target"), ("a", "b"))
    with zipfile.ZipFile(path) as plain, zipfile.ZipFile(tmp_path / "t.xlsx", "w") as archive:
        for name in plain.namelist():
            part = plain.read(name)
            archive.writestr(name, part.replace(b'state="visible"', b'state="hidden"'))
    with pytest.raises(nl.errors.SchemaError, match="hidden"):
        nl.read_tables(None, tmp_path / "t.xlsx")


def test_dates_of_the_calendar_of_1904_are_those_the_sheet_shows(tmp_path: Path) -> None:
    from openpyxl.utils.datetime import CALENDAR_MAC_1904

    rows = (("source", "target", "start"), ("a", "b", dt.datetime(2024, 1, 2)))
    path = book(tmp_path / "t.xlsx", *rows, epoch=CALENDAR_MAC_1904)
    assert nl.read_tables(None, path).relationships["start"].dt.date.tolist() == [
        dt.date(2024, 1, 2)
    ]


def test_lists_in_lists_of_json_are_set_aside_and_objects_stay_json(tmp_path: Path) -> None:
    deep = '{"source": "a", "target": "CANARY", "own": ' + "[" * 300 + "]" * 300 + "}"
    brackets = {"source": "a", "target": "b", "own": "[" * 300}
    cells = [{"k": "v"}, {"other": [1, None]}]
    lines = [deep, json.dumps(brackets)]
    lines += [json.dumps({"source": "a", "target": "b", "own": cell}) for cell in cells]
    (tmp_path / "t.jsonl").write_text("\n".join(lines))
    network = nl.read_tables(None, tmp_path / "t.jsonl", on_invalid="reject")
    assert network.rejected["row"].tolist() == [0]
    assert "nests more than 64" in network.rejected["reason"].iloc[0]
    assert [json.loads(cell) for cell in network.relationships["own"][1:]] == cells
    (tmp_path / "one.jsonl").write_text(deep)
    with pytest.raises(nl.errors.SchemaError, match="nests more than 64") as error:
        nl.read_tables(None, tmp_path / "one.jsonl")
    assert CANARY not in str(error.value)


def test_text_that_is_not_utf_8_is_told_by_row_and_column() -> None:
    letters = b"abCANARY\xe9c"
    ends = pa.py_buffer(np.array([0, 1, 2, 9, 10], np.int32))
    text = pa.StringArray.from_buffers(4, ends, pa.py_buffer(letters))
    with pytest.raises(nl.errors.SchemaError, match=r"column 2 .*, row 2 ") as error:
        nl.read_tables(None, pa.table({"target": list("wxyz"), "source": text}))
    assert CANARY not in str(error.value)


def test_frames_of_every_kind_of_column() -> None:
    runs = pa.RunEndEncodedArray.from_arrays(pa.array([1, 3], pa.int32()), pa.array(["a", "b"]))
    parts = [pa.array([1, 2, 3]), pa.array(["x", "y", "z"])]
    table = pa.table(
        {
            "source": runs,
            "target": pa.array([str(2**70), "1", "7"]).cast(pa.decimal128(38, 0)),
            "own": pa.UnionArray.from_sparse(pa.array([0, 1, 0], pa.int8()), parts),
        }
    )
    found = nl.read_tables(None, table).relationships
    assert found["source"].tolist() == ["a", "b", "b"]
    assert found["target"].tolist() == [str(2**70), "1", "7"]
    assert found["own"].tolist() == ["1", "y", "3"]


def test_batches_of_arrow_are_tables() -> None:
    table = pa.table({"source": ["a", "b"], "target": ["b", "c"]})
    wanted = nl.read_tables(None, table)
    for given in (table.to_batches()[0], table.to_reader()):
        nl.testing.assert_networks_equal(nl.read_tables(None, given), wanted)


def test_objects_of_polars_are_refused() -> None:
    polars = pytest.importorskip("polars")
    own = polars.Series([{CANARY}], dtype=polars.Object)
    with pytest.raises(nl.errors.SchemaError, match="Python objects"):
        nl.read_tables(None, polars.DataFrame({"source": ["a"], "target": ["b"], "own": own}))


@pytest.mark.parametrize("name", ["../../slip.csv", "/slip.csv", "d/t.csv"])
def test_names_in_a_zip_lead_nowhere(name: str, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "t.csv.zip", "w") as archive:
        archive.writestr(name, "source,target\na,b\n")
        archive.writestr("__MACOSX/._t.csv", b"\0\5\x16\7")
    assert nl.read_tables(None, tmp_path / "t.csv.zip").n_relationships == 1
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv.zip"]


def test_a_line_of_follow_the_money_that_would_fill_the_memory(tmp_path: Path) -> None:
    ends = {"owner": [CANARY] * 100_000, "asset": ["c"] * 100_000}
    (tmp_path / "t").write_text(json.dumps({"id": "o", "schema": "Ownership", "properties": ends}))
    with pytest.raises(nl.errors.SchemaError, match="unpacks to more than") as error:
        nl.read_ftm(tmp_path / "t")
    assert CANARY not in str(error.value)


def test_statements_of_follow_the_money_are_no_entities(tmp_path: Path) -> None:
    said = {"id": "s", "entity_id": "p", "schema": "Person", "prop": "name", "value": CANARY}
    (tmp_path / "t").write_text(json.dumps(said))
    with pytest.raises(nl.errors.TableError, match="object is no FtM entity"):
        nl.read_ftm(tmp_path / "t")


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        (f"<key id='k' for='node' attr.name='x'><default>{'x' * 10**6}</default></key>", "unpacks"),
        (
            "<key id='k' for='node' attr.name='x'/><key id='k' for='edge' attr.name='y'/>",
            "declares",
        ),
    ],
)
def test_keys_of_graphml(keys: str, words: str, tmp_path: Path) -> None:
    nodes = "".join(f"<node id='{at}'/>" for at in range(5000))
    (tmp_path / "t").write_text(f"<graphml>{keys}<graph>{nodes}</graph></graphml>")
    with pytest.raises(nl.errors.SchemaError, match=words):
        nl.read_graphml(tmp_path / "t")


def test_one_event_told_in_two_documents_is_counted() -> None:
    rows = pd.DataFrame(
        {
            "driver": ["a", "a", "a"],
            "guests": ["b;c", "c;b", "c;b"],
            "start": ["2024-01-01", "2024-01-01", "2024-01-02"],
            "document": ["d1", "d2", "d2"],
        }
    )
    parts = {"driver": "involved_in", "guests": "involved_in"}
    schema = nl.Schema(participants=parts, id_separator=";")
    ledger = nl.read_tables(None, rows, schema=schema).ledger.set_index("detail")["rows"]
    assert ledger["alike but for dataset or document"] == 3
    assert "alike in every value" not in ledger
    other = rows.assign(guests=["b;c", "c", "c;b"])
    assert "repeated" not in set(nl.read_tables(None, other, schema=schema).ledger["outcome"])


def test_an_index_with_a_name_is_a_column() -> None:
    ends = pd.DataFrame({"source": ["a", "b"], "target": ["b", "c"], "case": ["x", "y"]})
    network = nl.read_tables(None, ends.set_index(["source", "case"]))
    assert network.relationships[["source", "case"]].values.tolist() == [["a", "x"], ["b", "y"]]
    again = nl.read_tables(network.entities, network.relationships)
    nl.testing.assert_networks_equal(again, network)
    kept = nl.read_tables(None, ends.set_index("source", drop=False))
    assert kept.relationships["source"].tolist() == ["a", "b"]
    assert "index" not in nl.read_tables(None, ends.set_axis(["x", "y"])).relationships


def test_files_of_offices_whose_decimal_sign_is_a_comma(tmp_path: Path) -> None:
    people = "ref;Breite;Länge\n007;52,5;13,25\n7;-1;+2,75\n"
    (tmp_path / "p.csv").write_bytes(people.encode("cp1252"))
    calls = (
        'source;target;weight;confidence;;\n007;7;1.234,5;0,75;;\n7;007;"1 000";;;\n7;7;1.5;;;\n'
    )
    (tmp_path / "c.csv").write_bytes(calls.encode("cp1252"))
    schema = nl.Schema(
        entity_id="ref", latitude="Breite", longitude="Länge",
        delimiter=";", decimal=",", encoding="cp1252",
    )  # fmt: skip
    network = nl.read_tables(
        tmp_path / "p.csv", tmp_path / "c.csv", schema=schema, on_invalid="reject"
    )
    assert network.entities.loc["007", ["latitude", "longitude"]].tolist() == [52.5, 13.25]
    assert network.entities.loc["7", ["latitude", "longitude"]].tolist() == [-1, 2.75]
    rows = network.relationships
    assert rows[["weight", "confidence"]].fillna(-1).values.tolist() == [[1234.5, 0.75], [1000, -1]]
    assert network.rejected[["row", "column", "reason"]].values.tolist() == [
        [2, "weight", "weight is not a number with the decimal sign ','"]
    ]
    schema.save(tmp_path / "s.toml")
    assert nl.Schema.load(tmp_path / "s.toml") == schema
    given = {"encoding": "cp1252", "delimiter": ";"}
    proposed = nl.Schema.propose(tmp_path / "p.csv", tmp_path / "c.csv", **given).schema
    assert (proposed.delimiter, proposed.encoding, proposed.entity_id) == (";", "cp1252", "ref")
    for mark in (";;", "", "é", ".", '"', "a", 7):
        with pytest.raises(nl.errors.SchemaError, match="'delimiter' must be one character"):
            nl.Schema(delimiter=mark)  # type: ignore[arg-type]


def test_each_of_several_files_has_the_columns_that_make_a_row(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("source,target,start\na,b,2024\n")
    (tmp_path / "b.csv").write_text(f"{CANARY},x\nc,d\n")  # no line of names
    with pytest.raises(nl.errors.SchemaError, match="file 1 of 'relationships' lacks") as error:
        nl.read_tables(None, f"{tmp_path}/*.csv", on_invalid="reject")
    assert CANARY not in str(error.value)
    (tmp_path / "b.csv").write_text("source,target,Start,Weight\nc,d,2024,5\ne,f,,\n")
    network = nl.read_tables(None, f"{tmp_path}/*.csv")
    told = network.ledger.query("outcome == 'not read'")[["detail", "rows"]].values.tolist()
    assert told == [
        ["cells of the column 'Start' as 'start'", 1],
        ["cells of the column 'Weight' as 'weight'", 1],
    ]
    events = nl.Schema(participants={"driver": "involved_in", "guest": "involved_in"})
    (tmp_path / "a.csv").write_text("driver\na\n")
    (tmp_path / "b.csv").write_text("driver,guest\nc,d\n")
    assert nl.read_tables(None, f"{tmp_path}/*.csv", schema=events).n_relationships == 3


def test_columns_that_miss_their_name_by_a_letter_are_told() -> None:
    ends = {"source": ["a"], "target": ["b"], "Relationship Type": ["met"], "Weight": [2]}
    network = nl.read_tables(None, pd.DataFrame(ends))
    assert "1 cells of the column 'Weight' as 'weight'" in nl.ingest.describe(network.ledger)
    mapped = nl.Schema(relationship_type="Relationship Type", weight="Weight")
    for schema, rows in (
        (mapped, ends),
        (None, {**ends, "weight": [1], "relationship_type": None}),
    ):
        network = nl.read_tables(None, pd.DataFrame(rows), schema=schema)
        assert "not read" not in set(network.ledger["outcome"])


@pytest.mark.parametrize("codec", ["cp1252", "cp1251", "iso8859-2"])
def test_a_file_in_two_encodings_is_told_by_line(codec: str, tmp_path: Path) -> None:
    good = "source,target\nÄ,b\n" if codec != "cp1251" else "source,target\n«ПАО» Ё,b\n"
    (tmp_path / "t.csv").write_bytes(good.encode(codec) + f"{CANARY} José,c\n".encode())
    schema = nl.Schema(encoding=codec)
    with pytest.raises(nl.errors.SchemaError, match=r"two encodings.*in line 3 ") as error:
        nl.read_tables(None, tmp_path / "t.csv", schema=schema)
    assert CANARY not in str(error.value)
    (tmp_path / "t.csv").write_bytes(good.encode(codec))
    assert nl.read_tables(None, tmp_path / "t.csv", schema=schema).n_relationships == 1


TITLES = 'Export of May\n"two\nlines",x\n\nsep=,\n'


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_rows_above_the_names_of_columns_are_told(end: str, start: str, tmp_path: Path) -> None:
    rows = {
        "quick": "source,target,note\n007,b,\n8,c,x\n",
        "slow": "source,target,note\n007,b,\n8,c,x\n9,d,y,z\n",
    }
    for name, text in rows.items():
        path = tmp_path / f"{name}.csv"
        path.write_text(f"{start}{TITLES}{text}".replace("\n", end), "utf-8", newline="")
        network = nl.read_tables(None, path, on_invalid="reject")
        assert network.relationships["source"].tolist() == ["007", "8"]
        assert network.rejected["row"].tolist() == [2] * (name == "slow")
        told = network.ledger.query("outcome == 'not read'")[["detail", "rows"]].values.tolist()
        assert told == [["rows above the names of the columns", 3]]


def test_rows_above_the_names_in_a_workbook(tmp_path: Path) -> None:
    rows = [
        (CANARY,),
        (),
        ("By me", None, None),
        ("ref", "kind"),
        ("007", "person"),
        ("8", "person"),
    ]
    schema = nl.Schema(entity_id="ref", entity_type="kind")
    path = book(tmp_path / "t.xlsx", *rows)
    none = pd.DataFrame({"source": [], "target": []})
    network = nl.read_tables(path, none, schema=schema)
    assert network.entities.index.tolist() == ["007", "8"]
    assert "Not read: 2 rows above the names" in nl.ingest.describe(network.ledger)
    with pytest.raises(
        nl.errors.SchemaError, match="entities need the column 'entity_id'"
    ) as error:
        nl.read_tables(path, none)
    assert CANARY not in str(error.value)


def test_a_line_of_names_among_the_rows_is_no_relationship(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("source,target\na,b\nsource,target\nc,source\ntarget,source\n")
    network = nl.read_tables(None, tmp_path / "t.csv", on_invalid="reject")
    assert network.rejected[["row", "reason"]].values.tolist() == [
        [1, "row repeats the names of the columns"]
    ]
    assert network.entities.index.tolist() == ["a", "b", "c", "source", "target"]


def test_a_record_is_not_taken_for_the_names_of_columns(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(f"ID,kind,name\n7,document,x\nid,person,{CANARY}\n8,person,y\n")
    schema = nl.Schema(entity_id="id")
    none = pd.DataFrame({"source": [], "target": []})
    with pytest.raises(nl.errors.SchemaError, match="Did you mean 'ID'") as error:
        nl.read_tables(tmp_path / "t.csv", none, schema=schema)
    assert CANARY not in str(error.value)


def test_the_look_for_two_encodings_takes_as_long_as_the_file_is(tmp_path: Path) -> None:
    rows = "source,target,note\n" + f"a,b,{'x' * 5000}\n" * 600 + "Ä,b,\n"
    (tmp_path / "t.csv").write_bytes(rows.encode("cp1252"))
    began = time.process_time()
    network = nl.read_tables(None, tmp_path / "t.csv", schema=nl.Schema(encoding="cp1252"))
    assert network.n_relationships == 601
    assert time.process_time() - began < 5  # from each letter to the end of its line: a minute
