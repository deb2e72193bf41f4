"""Files as agencies send them: several, packed, in old encodings, marked for spreadsheets."""

from __future__ import annotations

import gzip
import io
import json
import pickle
import tempfile
import tracemalloc
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather, parquet

import netlink as nl
from netlink.ingest import caps, escapes

ROWS = "source,target,label_of_row\n007,NA,x\n7,1e5,y\n"


def read(given: Any, on_invalid: Any = "raise", max_bytes: Any = None, **schema: Any) -> nl.Network:
    found = nl.Schema(**schema)
    return nl.read_tables(None, given, schema=found, on_invalid=on_invalid, max_bytes=max_bytes)


def write(folder: Path, **texts: str) -> list[Path]:
    paths = [folder / name.replace("_", ".") for name in texts]
    for path, text in zip(paths, texts.values(), strict=True):
        path.write_text(text, "utf-8")
    return paths


# Several files


def test_several_files_are_one_table(tmp_path: Path) -> None:
    paths = write(
        tmp_path, calls_csv="source,target,phone\na,b,1\n", bank_csv="source,target\nb,c\n"
    )
    paths.append(tmp_path / "till.parquet")
    pd.DataFrame({"source": ["c"], "target": ["d"], "amount": [5]}).to_parquet(paths[-1])
    networks = [
        read(paths),
        read(tuple(map(str, paths[::-1]))),
        read(str(tmp_path / "*")),
        read(str(tmp_path / "?*.[cp]*")),
    ]
    for network in networks:
        nl.testing.assert_networks_equal(network, networks[0])
        rows = network.relationships
        assert rows["source"].tolist() == ["b", "a", "c"]
        assert rows["dataset"].tolist() == ["bank", "calls", "till"]
        assert rows["phone"].fillna("").tolist() == ["", "1", ""]
        assert rows["amount"].fillna(0).tolist() == [0, 0, 5]
        assert network.rejected.empty


def test_the_dataset_of_the_table_or_the_schema_stays(tmp_path: Path) -> None:
    paths = write(
        tmp_path,
        a_csv="source,target,dataset,book\na,b,X,B1\n",
        b_csv="source,target,book\na,b,B2\n",
    )
    assert read(paths).relationships["dataset"].tolist() == ["X", "b"]
    found = read(paths, dataset="book").relationships
    assert found["dataset"].tolist() == ["B1", "B2"]
    packed = tmp_path / "old.calls.csv.gz"
    packed.write_bytes(gzip.compress(ROWS.encode()))
    assert set(read([packed]).relationships["dataset"]) == {"old.calls"}


def test_rows_of_several_files_are_told_by_number(tmp_path: Path) -> None:
    paths = write(
        tmp_path,
        lopez_csv="source,target\na,b\n,b\nx\n",
        anna_csv="source,target\n",
        zoe_csv="source,target\n,c\n",
    )
    failed = read(paths, "reject").rejected
    assert failed[["file", "row", "reason"]].values.tolist() == [
        [1, 1, "id is empty or blank"],
        [1, 2, "row has another number of cells than the header"],
        [2, 0, "id is empty or blank"],
    ]
    with pytest.raises(
        nl.errors.TableError, match="2 rows in 2 files, the first is file 1"
    ) as error:
        read(paths[::-1])
    assert "3 rows cannot be used" in str(error.value)
    text = str(error.value) + error.value.failures.to_string()
    assert not any(name in text for name in ("lopez", "anna", "zoe"))
    ledger = read(paths, "reject").ledger
    assert ledger.query("table == 'relationships' and outcome == 'set aside'")["rows"].sum() == 3
    people = pd.DataFrame({"entity_id": ["a", "b", None], "entity_type": "person"})
    both = nl.read_tables(people, paths, on_invalid="reject").rejected
    assert both[["table", "file", "row"]].values.tolist()[:2] == [
        ["entities", 0, 2],
        ["relationships", 1, 1],
    ]


def test_entities_of_several_files(tmp_path: Path) -> None:
    paths = write(
        tmp_path,
        a_csv="entity_id,entity_type,born\np1,person,1990\n",
        b_csv="entity_id,entity_type\np2,person\np1,phone\n",
    )
    calls = pd.DataFrame({"source": ["p1"], "target": ["p2"]})
    network = nl.read_tables(paths, calls, on_invalid="reject")
    assert "dataset" not in network.entities
    assert network.entities["born"].fillna("").tolist() == ["1990", ""]
    assert network.rejected[["file", "row"]].values.tolist() == [[1, 1]]


def test_ids_of_different_types_in_two_files_stay_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "a.parquet", tmp_path / "b.csv"]
    pd.DataFrame({"source": [7], "target": ["x"], "weight": [2.5]}).to_parquet(paths[0])
    paths[1].write_text("source,target,weight\n7,x,3\n")
    network = read(paths, "reject")
    assert network.relationships["weight"].tolist() == [3.0]
    assert network.rejected["reason"].tolist() == ["id is not text in a column of text"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        (["a.csv", "./a.csv"], "lists a file more than once"),
        ([], "list of paths"),
        (["a.csv", 3], "of the 2 items of the list 1 are no path"),
        (["a.csv", "lopez.csv"], "file 1 of 'relationships' must be a file that exists"),
        ("lopez*.csv", "a pattern that no file matches"),
    ],
)
def test_what_is_no_list_of_files_is_an_error(
    files: Any, words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.csv").write_text(ROWS)
    with pytest.raises(nl.errors.ArgumentError, match=words) as error:
        read(files)
    assert "lopez" not in str(error.value)


def test_a_file_whose_name_looks_like_a_pattern(tmp_path: Path) -> None:
    (tmp_path / "a[1].csv").write_text(ROWS)
    assert read(str(tmp_path / "a[1].csv")).n_relationships == 2


# Packed files


def zipped(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name.replace("_", "."), data)
    return path


def test_a_zip_of_one_file(tmp_path: Path) -> None:
    path = zipped(tmp_path / "t.csv.zip", anything_txt=ROWS.encode())
    assert read(path).relationships["source"].tolist() == ["007", "7"]


def test_a_zip_of_several_files_is_an_error_that_names_none(tmp_path: Path) -> None:
    path = zipped(tmp_path / "t.csv.zip", lopez_csv=b"", ann_csv=b"")
    with pytest.raises(nl.errors.SchemaError, match="this one holds 2") as error:
        read(path)
    assert "lopez" not in str(error.value)


@pytest.mark.parametrize(
    "form",
    ["csv.gz", "csv.zst", pytest.param("csv.bz2", marks=pytest.mark.slow), "csv.zip", "jsonl.gz"],
)
def test_a_bomb_stops_at_the_ratio(
    form: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(caps, "_FREE", 1 << 20)
    path, text = tmp_path / f"t.{form}", ROWS.encode() + b"a,b,c\n" * 2_000_000
    if form.endswith("zip"):
        zipped(path, t_csv=text)
    else:
        kind = {"gz": "gzip", "zst": "zstd", "bz2": "bz2"}[form.split(".")[1]]
        with pa.output_stream(str(path), compression=kind) as stream:
            stream.write(text)
    tracemalloc.start()
    with pytest.raises(nl.errors.SchemaError, match=r"more than 200 times .* max_bytes="):
        read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < len(text)
    if form == "csv.gz":
        assert read(path, max_bytes=len(text)).n_relationships == 2_000_002
        with pytest.raises(nl.errors.SchemaError, match="unpacks to more than 1,000,000 bytes"):
            read(path, max_bytes=1_000_000)


def test_a_zip_cannot_lie_about_its_size(tmp_path: Path) -> None:
    path = zipped(tmp_path / "t.csv.zip", t_csv=b"source,target\n" + b"a,b\n" * 100_000)
    data = bytearray(path.read_bytes())
    size = (14 + 400_000).to_bytes(4, "little")
    while size in data:  # in the member's head and in the directory
        at = data.index(size)
        data[at : at + 4] = (20).to_bytes(4, "little")
    path.write_bytes(data)
    with pytest.raises(nl.errors.SchemaError, match="cannot be read as csv"):
        read(path)


def test_a_workbook_is_a_zip_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    frame = pd.DataFrame({"source": ["a"], "target": ["b"]})
    frame.to_excel(tmp_path / "t.xlsx", index=False)
    with pytest.raises(nl.errors.SchemaError, match="unpacks to more than 1,000 bytes"):
        read(tmp_path / "t.xlsx", max_bytes=1000)
    wide = pd.DataFrame(columns=["source", "target"], index=range(1000)).fillna("a")
    wide["x"] = None
    book = io.BytesIO()
    wide.to_excel(book, index=False)
    parts = zipfile.ZipFile(book)
    with zipfile.ZipFile(tmp_path / "wide.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        for name in parts.namelist():
            data = parts.read(name)
            if name.endswith("sheet1.xml"):  # the sheet claims to be as wide as there is
                data = data.replace(b'ref="A1:C1001"', b'ref="A1:XFD1048576"')
            archive.writestr(name, data)
    assert read(tmp_path / "wide.xlsx").n_relationships == 1000
    entity = b'<!DOCTYPE x [<!ENTITY a "CANARY">]>'
    with zipfile.ZipFile(tmp_path / "entity.xlsx", "w") as archive:
        for name in parts.namelist():
            data = parts.read(name)
            is_sheet = name.endswith("sheet1.xml")
            archive.writestr(
                name, data.replace(b"<worksheet", entity + b"<worksheet") if is_sheet else data
            )
    with pytest.raises(nl.errors.SchemaError, match="DOCTYPE"):
        read(tmp_path / "entity.xlsx")


@pytest.mark.parametrize("form", ["parquet", "feather"])
def test_columnar_files_are_estimated_beforehand(form: str, tmp_path: Path) -> None:
    path = tmp_path / f"t.{form}"
    n = 200_000
    table = pa.table({"source": ["a" * 100] * n, "target": ["b"] * n})
    if form == "parquet":
        parquet.write_table(table, path)
    else:
        feather.write_feather(table, str(path), compression="zstd")
    assert path.stat().st_size < 2_000_000
    with pytest.raises(nl.errors.SchemaError, match="unpacks to more than 10,000,000 bytes"):
        read(path, max_bytes=10_000_000)
    assert read(path).n_relationships == n


@pytest.mark.parametrize("max_bytes", [0, -1, True, 1.5, "1"])
def test_max_bytes_is_a_number_of_bytes(max_bytes: Any, tmp_path: Path) -> None:
    with pytest.raises(nl.errors.ArgumentError, match="'max_bytes' must be a positive integer"):
        read(pd.DataFrame(), max_bytes=max_bytes)


def test_columns_of_few_words_are_read_as_such_and_mean_the_same(tmp_path: Path) -> None:
    n = 2000
    table = pd.DataFrame({"source": [f"p{at}" for at in range(n)], "target": "p1"})
    table["relationship_type"] = (["met", "", None, "CALL"] * n)[:n]
    table["grade"] = (["A1", "", None, "B2", "Z9"] * n)[:n]
    table["handling"] = (["", None, "C"] * n)[:n]
    schema = {"relationship_types": {"CALL": "communicated"}, "grade_scheme": "admiralty"}
    wanted = read(table, "reject", **schema)
    for name, rows in (("one.parquet", n), ("many.parquet", 300)):
        parquet.write_table(pa.Table.from_pandas(table), tmp_path / name, row_group_size=rows)
        found = read(tmp_path / name, "reject", **schema)
        nl.testing.assert_networks_equal(found, wanted)
        pd.testing.assert_frame_equal(found.rejected, wanted.rejected)
    assert len(wanted.rejected) == n / 5
    assert wanted.relationships["grade_scheme"].isna().sum() == n * 2 / 5


# Encodings

NAMES = "source,target\nZoë,Łukasz\n007,Ünal\n"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "iso8859-2", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("packed", [False, True])
def test_an_encoding_that_is_named(encoding: str, packed: bool, tmp_path: Path) -> None:
    data = NAMES.encode(encoding)
    path = tmp_path / ("t.csv.gz" if packed else "t.csv")
    path.write_bytes(gzip.compress(data) if packed else data)
    assert read(path, encoding=encoding).relationships["target"].tolist() == ["Łukasz", "Ünal"]
    lines = tmp_path / "t.jsonl"
    lines.write_bytes(
        json.dumps({"source": "Zoë", "target": "b"}, ensure_ascii=False).encode(encoding)
    )
    assert read(lines, encoding=encoding).relationships["source"].tolist() == ["Zoë"]


@pytest.mark.parametrize(
    ("data", "encoding", "words"),
    [
        ("source,target\na,b\nc,CAN\xe9ARY\n".encode("cp1252"), None, "row 1, column 2 .*'cp1252'"),
        ("source,target\na,b\nc,CAN\xe9ARY\n".encode("cp1252"), "ascii", "row 1, column 2"),
        (b"source,target\nCAN\x81ARY,b\n", "cp1252", "not in the encoding cp1252: first in row 0"),
        (
            "source,CAN\xe9ARY\na,b\n".encode("cp1252"),
            None,
            "in the names of the columns, column 2",
        ),
        (NAMES.encode("utf-16"), None, r"Schema\(encoding='utf-16'\)"),
        (NAMES.encode("utf-8"), "cp1252", "The file is UTF-8"),
        (b"source,target\na,b\n", "utf-16", "The file is UTF-8"),
        ("source,target\na,b\n".encode("utf-16-le"), None, r"Schema\(encoding='utf-16'\)"),
        (NAMES.encode("utf-16")[:-1], "utf-16", "row 1, column 2"),
    ],
)
def test_a_wrong_encoding_is_an_error_with_row_and_column(
    data: bytes, encoding: str | None, words: str, tmp_path: Path
) -> None:
    (tmp_path / "t.csv").write_bytes(data)
    with pytest.raises(nl.errors.SchemaError, match=words) as error:
        read(tmp_path / "t.csv", encoding=encoding)
    assert error.value.__context__ is None
    assert not any(part in str(error.value) for part in ("CAN", "ARY", "Zo", "nal"))


def test_a_wrong_encoding_of_json_lines(tmp_path: Path) -> None:
    line = '{"source": "a", "target": "CAN\xe9ARY"}\n'
    (tmp_path / "t.jsonl").write_bytes(("\n" + line.replace("\xe9", "") + line).encode("cp1252"))
    with pytest.raises(nl.errors.SchemaError, match="first in row 1, key 2") as error:
        read(tmp_path / "t.jsonl")
    assert "CAN" not in str(error.value)


@pytest.mark.parametrize("encoding", ["no such", "hex", 5, ""])
def test_an_encoding_that_is_none_is_an_error(encoding: Any) -> None:
    with pytest.raises(nl.errors.SchemaError, match="'encoding' must be"):
        nl.Schema(encoding=encoding)


# Texts marked for spreadsheets

FORMULAS = st.text(
    st.sampled_from("'=+-@|% \t\r\n\0\ufeff\u200b\u202e\uff1d\uff20\xa0aé,\"1"), max_size=6
)


POLICY: Any = SimpleNamespace(formula="escape")


def _bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode()


@given(st.lists(st.tuples(FORMULAS, FORMULAS), min_size=1, max_size=5), FORMULAS)
@settings(max_examples=60, deadline=None)
def test_what_export_marks_the_reader_takes_off(rows: list[tuple[str, str]], name: str) -> None:
    from netlink.export import csv_tables

    table = pd.DataFrame(
        [("s", "t", *row) for row in rows], columns=["source", "target", "document", "note_" + name]
    )
    table = table.rename(columns={"note_" + name: name + "_note"})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.csv"
        path.write_bytes(b"".join(_bytes(part) for part in csv_tables.table(table, POLICY)))
        found = read(path, escaped=True).relationships
        assert found["document"].fillna("").tolist() == table["document"].tolist()
        assert found[name + "_note"].tolist() == table[name + "_note"].tolist()


def test_the_rule_is_its_own_inverse_only_where_it_applied() -> None:
    for text in (
        "=1",
        "'=1",
        "''=1",
        "'plain",
        "'",
        "''",
        "-5",
        "\u200b=x",
        "'\t",
        "O'Neill",
        "'n Sync",
    ):
        assert escapes.unmarked(escapes.marked(text)) == text
    assert escapes.unmarked("'plain") == "'plain"
    assert escapes.unmarked("-5") == "-5"


def test_apostrophes_stay_where_the_schema_does_not_say_so(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("source,target\n'=1,-5\n'tis,x\n")
    assert read(tmp_path / "t.csv").relationships["source"].tolist() == ["'=1", "'tis"]
    found = read(tmp_path / "t.csv", escaped=True).relationships
    assert found[["source", "target"]].values.tolist() == [["=1", "-5"], ["'tis", "x"]]
    with pytest.raises(nl.errors.SchemaError, match="'escaped' must be True or False"):
        nl.Schema(escaped="yes")  # type: ignore[arg-type]


# Names of columns that may be data


@pytest.mark.parametrize("wanted", [{}, {"source": "subject", "target": "object"}])
def test_a_file_without_a_header_shows_no_person(wanted: Any, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("CANARY Lopez,Targett,document,1990-02-03\na,b,c,d\n")
    (tmp_path / "two.csv").write_text("CANARY,CANARY\na,b\n")
    (tmp_path / "t.jsonl").write_text('{"CANARY": "x"}\n')
    frame = pd.DataFrame({"CANARY": ["a"]})
    for table in (tmp_path / "t.csv", tmp_path / "two.csv", tmp_path / "t.jsonl", frame):
        with pytest.raises(nl.errors.SchemaError) as error:
            read(table, **wanted)
        assert not any(word in str(error.value) for word in ("CANARY", "Targett", "1990"))


def test_a_header_shows_its_names_and_near_ones(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("Source,targt\na,b\n")
    with pytest.raises(
        nl.errors.SchemaError, match=r"\['Source', 'targt'\]. Did you mean 'Source'"
    ):
        read(tmp_path / "t.csv")


def test_another_separator_is_told(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("CANARY;x\na;b\n")
    with pytest.raises(nl.errors.SchemaError, match=r"give Schema\(delimiter=...\)") as error:
        read(tmp_path / "t.csv")
    assert "CANARY" not in str(error.value)


# Code in data


@pytest.mark.parametrize(
    "name", ["t.pickle", "t.pkl", "t.joblib", "t.csv", "t.parquet", "t.csv.gz"]
)
def test_pickles_are_refused_by_name_and_by_magic(name: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(pickle.dumps({"source": ["CANARY"]}))
    with pytest.raises(nl.errors.ArgumentError, match="a pickle, which runs code"):
        read(tmp_path / name)


# Frames, without a copy


def address(array: Any) -> int:
    array = array.chunk(0) if isinstance(array, pa.ChunkedArray) else array
    return int(array.buffers()[2].address)


@pytest.mark.parametrize("kind", ["pyarrow", "pandas", "duckdb"])
def test_text_of_frames_is_not_copied(kind: str) -> None:
    table = pa.table({"source": ["a", "b"], "target": ["b", "c"], "note": ["x", "y"]})
    table = table.cast(pa.schema([(name, pa.large_string()) for name in table.column_names]))
    frame = table.to_pandas(zero_copy_only=False) if kind == "pandas" else table
    given = pa.array(frame["note"]) if kind == "pandas" else table["note"]
    network = read(duckdb.from_arrow(table) if kind == "duckdb" else frame)
    found = pa.array(network.relationships["note"])
    if kind != "duckdb":  # DuckDB hands out its own vectors
        assert address(found) == address(given)
    assert network.relationships["note"].tolist() == ["x", "y"]
    assert read(pl.from_arrow(table)).relationships["note"].tolist() == ["x", "y"]


def test_a_frame_that_changes_leaves_the_network_alone() -> None:
    frame = pd.DataFrame({"source": ["a"], "target": ["b"], "n": np.array([1])})
    network = read(frame)
    frame.loc[0, "n"] = 2
    frame.loc[0, "source"] = "z"
    assert network.relationships[["source", "n"]].values.tolist() == [["a", 1]]


def test_few_words_in_a_column_show_neither_in_its_type_nor_beside_another_file(
    tmp_path: Path,
) -> None:
    n = 2000
    many = [f"p{at}" for at in range(n)]
    tables = [
        pd.DataFrame({"source": "p1", "target": many, "own": "x", "grade": "A1"}),
        pd.DataFrame({"source": many, "target": "p1", "own": many, "grade": many}),
    ]
    for at, table in enumerate(tables):
        table.to_parquet(tmp_path / f"{at}.parquet", index=False)
        table.to_csv(tmp_path / f"{at}.csv", index=False)
    for ending in ("parquet", "csv"):
        one = read(tmp_path / f"0.{ending}").relationships
        assert (one["own"].dtype, set(one["own"])) == ("str", {"x"})
        both = read([tmp_path / f"{at}.{ending}" for at in range(2)]).relationships
        assert both["own"].tolist() == ["x"] * n + many
        assert both["source"].tolist() == ["p1"] * n + many
        assert both["grade"].tolist() == ["A1"] * n + many
    tables[0].astype({"own": "category"}).to_parquet(tmp_path / "own.parquet")
    assert read(tmp_path / "own.parquet").relationships["own"].dtype == "category"
