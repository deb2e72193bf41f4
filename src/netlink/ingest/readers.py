"""A path or a data frame -> an Arrow table in which nothing was coerced."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from netlink.errors import ArgumentError, MissingDependencyError, SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd
    from numpy.typing import NDArray

_COMPRESSED = {".gz", ".bz2", ".zst", ".lz4"}


@dataclass(frozen=True)
class Raw:
    """A table as read: its rows, where they stood, which were malformed, which cells are no text."""

    table: pa.Table
    rows: NDArray[np.int64]
    malformed: list[tuple[int, list[str]]]
    not_text: dict[str, NDArray[np.bool_]]

    @property
    def names(self) -> list[str]:
        """Names of the columns."""
        return list(self.table.column_names)


def read(given: Any, name: str) -> Raw:
    """Read a path or take a data frame; `name` is the argument's, for messages."""
    not_text: dict[str, NDArray[np.bool_]] = {}
    malformed: list[tuple[int, list[str]]] = []
    if isinstance(given, str | Path):
        table, malformed = _file(Path(given), name)
    else:
        table = _frame(given, name, not_text)
    twice = sorted({c for c in table.column_names if table.column_names.count(c) > 1})
    if twice:
        raise SchemaError(f"'{name}' has the columns {twice} more than once; rename them.")
    bad = {row for row, _ in malformed}
    total = table.num_rows + len(bad)
    rows = np.arange(total, dtype=np.int64)
    if bad:
        rows = np.delete(rows, sorted(bad))
    return Raw(table, rows, malformed, not_text)


def _file(path: Path, name: str) -> tuple[pa.Table, list[tuple[int, list[str]]]]:
    if not path.is_file():
        raise ArgumentError(f"'{name}' must be a file that exists or a data frame; no such file.")
    kinds = [s.lower() for s in path.suffixes if s.lower() not in _COMPRESSED]
    kind = kinds[-1] if kinds else ""
    if kind in {".csv", ".txt"}:
        return _delimited(path, ",", name)
    if kind in {".tsv", ".tab"}:
        return _delimited(path, "\t", name)
    readers: dict[str, Callable[[Path], pa.Table]] = {
        ".parquet": _parquet,
        ".feather": _feather,
        ".arrow": _feather,
        ".xlsx": _excel,
        ".jsonl": _json_lines,
        ".ndjson": _json_lines,
    }
    if kind not in readers:
        raise ArgumentError(
            f"'{name}' must end in .csv, .tsv, .parquet, .feather, .arrow, .xlsx, .jsonl or "
            f".ndjson (csv, tsv and json lines also .gz, .bz2, .zst), got '{path.suffix}'."
        )
    try:
        return readers[kind](path), []
    except (pa.ArrowException, ValueError, OSError) as error:
        if isinstance(error, SchemaError):
            raise
        # The message of the library may quote the data: only its type goes on.
        raise SchemaError(
            f"'{name}' cannot be read as {kind[1:]} ({type(error).__name__})."
        ) from None


def _delimited(
    path: Path, delimiter: str, name: str
) -> tuple[pa.Table, list[tuple[int, list[str]]]]:
    from pyarrow import csv as arrow_csv

    parse = arrow_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True)
    try:
        with pa.input_stream(path, compression="detect") as stream:
            header = next(
                csv.reader(io.TextIOWrapper(stream, "utf-8-sig"), delimiter=delimiter), []
            )
        text = dict.fromkeys(header, pa.string())
        convert = arrow_csv.ConvertOptions(
            column_types=text, strings_can_be_null=False, null_values=[], auto_dict_encode=False
        )
        return arrow_csv.read_csv(path, parse_options=parse, convert_options=convert), []
    except UnicodeDecodeError:
        raise SchemaError(f"'{name}' is not UTF-8; save it as UTF-8 and read it again.") from None
    except (pa.ArrowInvalid, csv.Error):
        # Rows of another length, or a broken encoding: the slow reader says which.
        return _delimited_slowly(path, delimiter, name)


def _delimited_slowly(
    path: Path, delimiter: str, name: str
) -> tuple[pa.Table, list[tuple[int, list[str]]]]:
    good: list[list[str]] = []
    malformed: list[tuple[int, list[str]]] = []
    try:
        with pa.input_stream(path, compression="detect") as stream:
            lines = csv.reader(
                io.TextIOWrapper(stream, "utf-8-sig", newline=""), delimiter=delimiter, strict=True
            )
            header = next(lines, None)
            if header is None:
                raise SchemaError(f"'{name}' is empty: it must have a line of column names.")
            row = 0
            for cells in lines:
                if not cells:
                    continue  # an empty line is no row
                if len(cells) == len(header):
                    good.append(cells)
                else:
                    malformed.append((row, cells))
                row += 1
    except UnicodeDecodeError:
        raise SchemaError(f"'{name}' is not UTF-8; save it as UTF-8 and read it again.") from None
    except csv.Error:
        raise SchemaError(
            f"'{name}' has a quoted cell that does not end, after about {len(good):,} rows."
        ) from None
    columns = list(zip(*good, strict=True)) if good else [()] * len(header)
    arrays = [pa.array(column, type=pa.string()) for column in columns]
    return pa.Table.from_arrays(arrays, names=header), malformed


def _parquet(path: Path) -> pa.Table:
    from pyarrow import parquet

    return parquet.read_table(path)


def _feather(path: Path) -> pa.Table:
    from pyarrow import feather

    return feather.read_table(path)


def _excel(path: Path) -> pa.Table:
    import pandas as pd

    try:
        import openpyxl  # noqa: F401 (pandas' own message does not name the extra)
    except ImportError:
        raise MissingDependencyError("openpyxl", "excel", "Reading .xlsx") from None
    sheet = pd.read_excel(path, dtype=str, keep_default_na=False, na_filter=False)
    return pa.Table.from_pandas(sheet, preserve_index=False)


def _json_lines(path: Path) -> pa.Table:
    with pa.input_stream(path, compression="detect") as stream:
        rows = [json.loads(line) for line in io.TextIOWrapper(stream, "utf-8-sig") if line.strip()]
    if any(not isinstance(row, dict) for row in rows):
        raise SchemaError("Every line of JSON lines must be an object.")
    names = list(dict.fromkeys(name for row in rows for name in row))
    import pandas as pd

    columns = {name: pd.Series([row.get(name) for row in rows], dtype=object) for name in names}
    return pa.table({name: _column(column)[0] for name, column in columns.items()})


def _frame(given: Any, name: str, not_text: dict[str, NDArray[np.bool_]]) -> pa.Table:
    import narwhals as nw
    import pandas as pd

    if isinstance(given, pa.Table):
        return given
    if isinstance(given, pd.DataFrame):
        arrays = []
        for position, label in enumerate(given.columns):
            array, mixed = _column(given.iloc[:, position])
            arrays.append(array)
            if mixed is not None:
                not_text[str(label)] = mixed
        names = [str(column) for column in given.columns]
        return pa.Table.from_arrays(arrays, names=names)
    try:
        frame: Any = nw.from_native(given)
    except TypeError:
        raise ArgumentError(
            f"'{name}' must be the path of a table or a data frame (pandas, polars, pyarrow, "
            f"DuckDB relation), got {type(given).__name__}."
        ) from None
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect("pyarrow")
    return frame.to_arrow()


def _column(column: pd.Series) -> tuple[pa.Array, NDArray[np.bool_] | None]:
    """Turn a pandas column to Arrow; of mixed types to text, with the cells that were none."""
    if column.dtype == object:
        present = column[column.notna()]
        kinds = {type(value) for value in present}
        if str in kinds and len(kinds) > 1:
            mixed = column.notna() & ~column.map(lambda value: isinstance(value, str))
            text = column.map(str, na_action="ignore").astype(object)
            return pa.array(text, type=pa.string(), from_pandas=True), mixed.to_numpy(dtype=bool)
    try:
        array = pa.array(column, from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError, OverflowError):
        text = column.map(str, na_action="ignore").astype(object)
        mixed = column.notna()
        return pa.array(text, type=pa.string(), from_pandas=True), mixed.to_numpy(dtype=bool)
    return array, None
