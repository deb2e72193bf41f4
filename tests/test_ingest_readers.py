"""Files and frames: whatever holds a table gives the same network, and no cell is coerced."""

from __future__ import annotations

import builtins
import csv
import json
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import feather, parquet

import netlink as nl
from netlink.ingest import text_files
from netlink.ingest.caps import Cap
from netlink.ingest.sources import Source

if TYPE_CHECKING:
    from collections.abc import Callable

ODD = ["007", "7", "1e5", "0x1F", "NA", "None", "null", "nan", "True", "N/A", "=1+1", 'a"b', "a,b"]
ODD += ["a\tb", "a\nb", "+15550100", "0015550100", "ßä", "2024-01-01"]
TABLE = pd.DataFrame({"source": ODD, "target": ["007"] * len(ODD)}, dtype="str")


def read(given: Any) -> nl.Network:
    return nl.read_tables(None, given, on_invalid="reject")


def compressed(path: Path, text: str, kind: str) -> Path:
    with pa.output_stream(str(path), compression=kind) as stream:
        stream.write(text.encode())
    return path


def csv_text(delimiter: str = ",") -> str:
    return TABLE.to_csv(index=False, sep=delimiter)


def json_text() -> str:
    return "\n".join(json.dumps(row) for row in TABLE.to_dict("records"))


FILES: dict[str, Callable[[Path], object]] = {
    "t.csv": lambda p: p.write_text(csv_text()),
    "t.CSV": lambda p: p.write_text(csv_text()),
    "bom.csv": lambda p: p.write_text(csv_text(), "utf-8-sig"),
    "crlf.csv": lambda p: p.write_bytes(csv_text().encode().replace(b"7\n", b"7\r\n")),
    "quoted.csv": lambda p: TABLE.to_csv(p, index=False, quoting=1),
    "stray.csv": lambda p: p.write_text(csv_text().replace('"a""b"', 'a"b')),
    "t.tsv": lambda p: p.write_text(csv_text("\t")),
    "t.csv.gz": lambda p: compressed(p, csv_text(), "gzip"),
    "t.csv.bz2": lambda p: compressed(p, csv_text(), "bz2"),
    "t.csv.zst": lambda p: compressed(p, csv_text(), "zstd"),
    "t.csv.lz4": lambda p: compressed(p, csv_text(), "lz4"),
    "t.jsonl": lambda p: p.write_text(json_text()),
    "t.ndjson": lambda p: p.write_text(json_text() + "\n\n"),
    "t.jsonl.gz": lambda p: compressed(p, json_text(), "gzip"),
    "t.parquet": TABLE.to_parquet,
    "t.feather": TABLE.to_feather,
    "t.arrow": lambda p: feather.write_feather(pa.Table.from_pandas(TABLE), str(p)),
}
FRAMES: dict[str, Callable[[], Any]] = {
    "pandas": lambda: TABLE,
    "pandas of objects": lambda: TABLE.astype(object),
    "pandas of categories": lambda: TABLE.astype("category"),
    "pandas of Arrow": lambda: TABLE.astype(pd.ArrowDtype(pa.string())),
    "pandas with an index": lambda: TABLE.set_index(pd.Index(range(5, 5 + len(TABLE)))),
    "polars": lambda: pl.from_pandas(TABLE),
    "polars of categories": lambda: pl.from_pandas(TABLE).cast(pl.Categorical),
    "lazy polars": lambda: pl.from_pandas(TABLE).lazy(),
    "pyarrow": lambda: pa.Table.from_pandas(TABLE),
    "pyarrow in chunks": lambda: pa.concat_tables(
        [pa.Table.from_pandas(TABLE)[i : i + 1] for i in range(len(TABLE))]
    ),
    "pyarrow views": lambda: pa.table(
        {n: pa.array(TABLE[n].tolist(), pa.string_view()) for n in TABLE}
    ),
    "DuckDB": lambda: duckdb.from_arrow(pa.Table.from_pandas(TABLE)),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_file_gives_the_same_network(name: str, tmp_path: Path) -> None:
    FILES[name](tmp_path / name)
    for path in (tmp_path / name, str(tmp_path / name)):
        network = read(path)
        assert network.relationships["source"].tolist() == ODD
        assert network.entities.index.tolist() == sorted(ODD)
        assert network.rejected.empty


@pytest.mark.parametrize("name", FRAMES)
def test_every_kind_of_frame_gives_the_same_network(name: str) -> None:
    network = read(FRAMES[name]())
    assert network.relationships["source"].tolist() == ODD
    assert network.relationships.index.tolist() == read(TABLE).relationships.index.tolist()


# Delimited text


def malformed(path: Path) -> list[tuple[int, str]]:
    return list(read(path).rejected[["row", "reason"]].itertuples(index=False, name=None))


def test_short_and_long_rows_are_set_aside_with_their_cells(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("source,target\na,b\nc\n\nd,e,f\n  \ng,h\n")
    network = read(path)
    assert network.relationships["source"].tolist() == ["a", "g"]
    assert network.rejected["row"].tolist() == [1, 2, 3]
    assert set(network.rejected["reason"]) == {"row has another number of cells than the header"}
    assert network.rejected["record"].tolist() == ['["c"]', '["d", "e", "f"]', '["  "]']
    read_rows, used, aside = network.ledger.query("table == 'relationships'")["rows"]
    assert (read_rows, used, aside) == (5, 2, 3)


def test_row_numbers_count_malformed_rows(tmp_path: Path) -> None:
    path = tmp_path / "t.csv"
    path.write_text("source,target\nc\n,b\na,b\n")
    assert malformed(path) == [
        (0, "row has another number of cells than the header"),
        (1, "id is empty or blank"),
    ]


@pytest.mark.parametrize(
    "text",
    ['source,target\na,"b\nc,d\n', 'source,target\n"a,b\nc,d\n', 'source,target\na,"b"x\nc,d\n'],
)
def test_a_quote_that_does_not_end_swallows_no_rows(text: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(nl.errors.SchemaError, match="a quoted cell does not end"):
        read(tmp_path / "t.csv")


@given(
    st.text(st.sampled_from('"",a\n'), max_size=14),
    st.sampled_from([2, 3, 1 << 18]),
)
@settings(max_examples=150, deadline=None)
def test_quoting_that_passes_is_sound(text: str, block: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        path = Path(folder) / "t.csv"
        path.write_text(text)
        patch.setattr(text_files, "_BLOCK", block)
        scanned = text_files._scan(Source(path, Cap.of(path, None)), ",")
        if scanned is not None:
            lines = text.splitlines(keepends=True)
            rows = csv.reader(lines, strict=True)
            ends = [0, *(rows.line_num for _ in rows)]
            longest = max((len("".join(lines[a:b])) for a, b in pairwise(ends)), default=0)
            assert longest <= scanned.longest


@pytest.mark.parametrize("text", ["", "\n\n", "\ufeff"])
def test_an_empty_file_is_an_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(text)
    with pytest.raises(nl.errors.SchemaError, match="the file is empty"):
        read(tmp_path / "t.csv")


@pytest.mark.parametrize("text", ["source,target", "source,target\n", "source,target\r\n\r\n"])
def test_a_header_alone_is_an_empty_table(text: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(text)
    assert read(tmp_path / "t.csv").n_relationships == 0


def test_a_column_given_twice_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("source,source,target\na,b,c\n")
    twice = pd.DataFrame([["a", "b", "c"]], columns=["source", "source", "target"])
    for table in (tmp_path / "t.csv", twice):
        with pytest.raises(nl.errors.SchemaError, match=r"\['source'\] more than once"):
            read(table)


@pytest.mark.parametrize("encoding", ["latin-1", "utf-16"])
@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_other_encodings_are_an_error_that_shows_nothing(
    encoding: str, ending: str, tmp_path: Path
) -> None:
    path = tmp_path / f"t.{ending}"
    path.write_text('source,target\n{"source": "Ann\xe9e", "target": "b"}\n', encoding)
    with pytest.raises(nl.errors.SchemaError, match="not UTF-8") as error:
        read(path)
    assert "Ann" not in str(error.value)
    assert error.value.__context__ is None


def test_nul_bytes_stay(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_bytes(b"source,target\na\x00b,c\nd\n")
    assert read(tmp_path / "t.csv").relationships["source"].tolist() == ["a\x00b"]


@pytest.mark.parametrize("letter", ["x", "\n", ","])
def test_a_row_longer_than_a_block_is_read_quickly_and_whole(
    letter: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # An error amid its blocks makes pyarrow before 23 hang, and reads on in the next file opened.
    monkeypatch.delattr(text_files, "_slowly")
    cells = [letter * 2_500_000, letter, "", letter * 1_000_000]
    table = pd.DataFrame({"source": "a", "target": "b", "document": cells})
    table.to_csv(tmp_path / "t.csv", index=False)
    for ending in ("", "\n\n"):
        with (tmp_path / "t.csv").open("a") as file:
            file.write(ending)
        found = read(tmp_path / "t.csv").relationships["document"]
        assert sorted(found.str.len().dropna()) == [1, 1_000_000, 2_500_000]


def test_cells_longer_than_the_slow_reader_takes_of_its_own_accord(tmp_path: Path) -> None:
    table = pd.DataFrame({"source": ["a"] * 30, "target": "b", "document": "x" * 100_000})
    table.to_csv(tmp_path / "t.csv", index=False)
    assert read(tmp_path / "t.csv").relationships["document"].str.len().sum() == 3_000_000
    usual = csv.field_size_limit()
    table[:3].assign(document="x" * 2_000_000).to_csv(tmp_path / "t.csv", index=False)
    with (tmp_path / "t.csv").open("a") as file:
        file.write("c\n")  # a row that is too short: all is read by the slow one
    assert read(tmp_path / "t.csv").relationships["document"].str.len().sum() == 6_000_000
    assert csv.field_size_limit() == usual


# JSON lines


def test_json_lines_keep_types_apart(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    rows = [
        '{"source": 7, "target": "x"}',
        '{"source": "7", "target": "x"}',
        "[1]",
        "{",
        "[" * 99_999,
    ]
    path.write_text(
        "\n".join([*rows, '{"target": "x"}', '{"source": "007", "target": "x", "n": 1}'])
    )
    network = read(path)
    assert network.relationships["source"].tolist() == ["7", "007"]
    assert network.rejected[["row", "reason"]].values.tolist() == [
        [0, "id is not text in a column of text"],
        [2, "line is not a JSON object"],
        [3, "line is not a JSON object"],
        [4, "line nests more than 64 lists and objects in each other"],
        [5, "id is missing"],
    ]
    assert network.rejected["record"].tolist()[1:3] == ["[1]", "{"]


def test_numbers_of_json_lines_stay_numbers(tmp_path: Path) -> None:
    path = tmp_path / "t.jsonl"
    cells = ['"weight": 2, "n": 1', '"weight": 1.5, "n": 2.5', '"weight": "3"', '"weight": [1]']
    path.write_text("\n".join(f'{{"source": "a", "target": "b", {cell}}}' for cell in cells))
    network = read(path)
    assert network.relationships["weight"].tolist() == [2, 1.5, 3]
    assert network.relationships["n"].tolist()[:2] == [1.0, 2.5]
    assert network.rejected["reason"].tolist() == ["weight is not a finite number"]


# Excel


def workbook(path: Path, *rows: list[Any]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.create_sheet("second")
    book.save(path)
    return path


def test_excel_keeps_text_and_numbers_apart(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "t.xlsx",
        ["source", "target", "weight", "start", None],
        ["007", "NA", 2, pd.Timestamp("2024-03-05").to_pydatetime()],
        [7, "NA", 2.5],
        [],
        ["7", "None", 1, None, None],
        ["8", "x", 1, None, "beyond the header"],
    )
    network = read(path)
    rows = network.relationships
    assert rows[["source", "target", "weight"]].values.tolist() == [
        ["007", "NA", 2.0],
        ["7", "None", 1.0],
    ]
    assert rows["start"].iloc[0] == pd.Timestamp("2024-03-05", tz="UTC")
    assert network.rejected[["row", "reason"]].values.tolist() == [
        [1, "id is not text in a column of text"],
        [3, "row has another number of cells than the header"],
    ]


def test_excel_of_integers_is_their_text(tmp_path: Path) -> None:
    path = workbook(tmp_path / "t.xlsx", ["source", "target"], [100000, 7], [8, 7])
    assert read(path).entities.index.tolist() == ["100000", "7", "8"]


def test_an_empty_sheet_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(nl.errors.SchemaError, match="the workbook has no cells"):
        read(workbook(tmp_path / "t.xlsx"))


def test_excel_without_its_package_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = workbook(tmp_path / "t.xlsx", ["source", "target"])
    whole = builtins.__import__

    def lacking(name: str, *rest: Any) -> Any:
        if name == "openpyxl":
            raise ImportError(name)
        return whole(name, *rest)

    monkeypatch.setattr(builtins, "__import__", lacking)
    with pytest.raises(nl.errors.MissingDependencyError, match=r"netlink-analysis\[excel\]"):
        read(path)


# Columnar files


def test_columns_come_from_the_file_and_not_from_its_folder(tmp_path: Path) -> None:
    folder = tmp_path / "year=2024"
    folder.mkdir()
    parquet.write_table(pa.Table.from_pandas(TABLE), folder / "t.parquet")
    assert "year" not in read(folder / "t.parquet").relationships


def test_a_network_does_not_change_with_the_file_it_was_read_from(tmp_path: Path) -> None:
    path = tmp_path / "t.feather"
    table = pa.table({"source": ["a"], "target": ["b"], "n": [1]})
    feather.write_feather(table, str(path), compression="uncompressed")
    network = read(path)
    path.write_bytes(bytes(path.stat().st_size))
    assert network.relationships["n"].tolist() == [1]


def test_text_of_parquet_in_a_dictionary(tmp_path: Path) -> None:
    table = pa.table({name: pa.array(ODD).dictionary_encode() for name in ("source", "target")})
    parquet.write_table(table, tmp_path / "t.parquet")
    assert read(tmp_path / "t.parquet").entities.index.tolist() == sorted(ODD)


# What is no table


@pytest.mark.parametrize("ending", ["csv.gz", "parquet", "feather", "arrow", "xlsx"])
def test_a_broken_file_is_an_error_that_shows_nothing(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"t.{ending}"
    path.write_bytes(b"CANARY")
    kind = "csv" if ending == "csv.gz" else ending
    with pytest.raises(nl.errors.SchemaError, match=f"cannot be read as {kind}") as error:
        read(path)
    assert error.value.__context__ is None
    assert "CANARY" not in str(error.value)


def test_a_cut_off_compressed_file_is_an_error(tmp_path: Path) -> None:
    path = compressed(tmp_path / "t.csv.gz", csv_text() * 1000, "gzip")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(nl.errors.SchemaError, match="cannot be read as csv"):
        read(path)


@pytest.mark.parametrize("given", [5, None, b"source", [1], pd.Series(["a"]), pl.Series(["a"])])
def test_what_is_no_table_is_an_error(given: Any) -> None:
    with pytest.raises(
        nl.errors.ArgumentError, match="'relationships' must be the path of a table"
    ):
        read(given)


def test_a_path_that_is_no_table_is_an_error_without_its_name(tmp_path: Path) -> None:
    (tmp_path / "ann.lopez").touch()
    for path, words in ((tmp_path, "no such file"), (tmp_path / "ann.lopez", "must end in one of")):
        with pytest.raises(nl.errors.ArgumentError, match=words) as error:
            read(path)
        assert "lopez" not in str(error.value).lower()


def test_an_error_of_a_lazy_frame_shows_nothing() -> None:
    frames = [
        duckdb.from_arrow(pa.Table.from_pandas(TABLE)).project(
            "cast(source as int) as source, target"
        ),
        pl.from_pandas(TABLE).lazy().with_columns(pl.col("source").cast(pl.Int64)),
    ]
    for frame in frames:
        with pytest.raises(nl.errors.SchemaError, match="cannot be read as a table") as error:
            read(frame)
        assert error.value.__context__ is None
