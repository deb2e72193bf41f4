"""Data frames and cells of Python objects -> tables."""

from __future__ import annotations

import json
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pyarrow as pa

from netlink.errors import ArgumentError, SchemaError
from netlink.ingest.raw import Malformed, Raw

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Sequence

    from numpy.typing import NDArray


def of_frame(given: Any, name: str) -> Raw:
    """Take a data frame; `name` is the argument's, for messages."""
    import narwhals as nw

    if isinstance(given, pa.RecordBatchReader):
        return Raw(given.read_all())
    if isinstance(given, pa.RecordBatch):
        return Raw(pa.Table.from_batches([given]))
    if isinstance(given, pa.Table):
        return Raw(given)
    if isinstance(given, pd.DataFrame):
        columns = [(label, given.iloc[:, at]) for at, label in enumerate(given.columns)]
        return _of_columns([*_named_levels(given), *columns])
    frame: Any = nw.from_native(given, pass_through=True)
    if not isinstance(frame, nw.DataFrame | nw.LazyFrame):
        raise ArgumentError(
            f"'{name}' must be the path of a table or a data frame (pandas, polars, pyarrow, "
            f"DuckDB relation), got {type(given).__name__}."
        )
    n_objects = sum(kind == nw.Object for kind in frame.collect_schema().values())
    if n_objects:  # of which others see addresses in the memory
        raise SchemaError(
            f"'{name}' has {n_objects:,} columns of Python objects: make them text or numbers."
        )
    if isinstance(frame, nw.LazyFrame):
        frame = frame.collect("pyarrow")
    return Raw(frame.to_arrow())


def _named_levels(frame: pd.DataFrame) -> list[tuple[Hashable, pd.Series]]:
    """Return the index as columns where it has a name, as columns have that were put there."""
    return [
        (label, frame.index.get_level_values(at).to_series())
        for at, label in enumerate(frame.index.names)
        if label is not None and label not in frame.columns
    ]


def of_rows(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Raw:
    """Take rows of Python objects; short ones end in missing cells, longer ones are malformed."""
    n = len(header)
    good: list[Sequence[Any]] = []
    malformed: list[Malformed] = []
    for row, cells in enumerate(rows):
        if any(cell is not None for cell in cells[n:]):
            malformed.append(Malformed.of_cells(row, cells))
        else:
            good.append([*cells[:n], *[None] * (n - len(cells))])
    columns = zip(*good, strict=True) if good else [()] * n
    raw = _of_columns(
        (name, pd.Series(cells, dtype=object)) for name, cells in zip(header, columns, strict=True)
    )
    return Raw(raw.table, malformed, raw.not_text)


def _of_columns(columns: Iterable[tuple[Hashable, pd.Series]]) -> Raw:
    names, arrays = [], []
    not_text = {}
    for label, column in columns:
        array, mixed = _objects(column) if column.dtype == object else _typed(column)
        names.append(str(label))
        arrays.append(array)
        if mixed is not None:
            not_text[str(label)] = mixed
    return Raw(pa.Table.from_arrays(arrays, names=names), not_text=not_text)


def _typed(column: pd.Series) -> tuple[pa.Array, NDArray[np.bool_] | None]:
    if isinstance(column.dtype, np.dtype):
        column = column.copy()  # or the network would change with the frame of the caller's
    array = None
    with suppress(pa.ArrowException, TypeError, ValueError, NotImplementedError):
        array = pa.array(column, from_pandas=True)
    if array is None or isinstance(array.type, pa.BaseExtensionType):  # periods and the like
        return _spelled(column), column.notna().to_numpy(dtype=bool)
    return array, None


def _objects(column: pd.Series) -> tuple[pa.Array, NDArray[np.bool_] | None]:
    """Keep cells of one type as that type; write mixed ones as text, and say which were no text."""
    present = column[column.notna()]
    kinds = {type(cell) for cell in present}
    has_zone = {cell.tzinfo is not None for cell in present if isinstance(cell, datetime)}
    if (len(kinds) <= 1 or kinds <= {int, float}) and len(has_zone) <= 1:
        with suppress(pa.ArrowException, TypeError, ValueError, OverflowError):
            found = pa.array(column, from_pandas=True)
            # Of dictionaries with different keys Arrow makes ones that have them all.
            if kinds != {dict} or found.drop_null().to_pylist() == present.tolist():
                return found, None
    if kinds and all(issubclass(kind, int | np.integer) and kind is not bool for kind in kinds):
        return _spelled(column), None  # integers of any size
    is_other = column.notna() & ~column.map(lambda cell: isinstance(cell, str))
    return _spelled(column), is_other.to_numpy(dtype=bool)


def _spelled(column: pd.Series) -> pa.Array:
    cells = [
        None if is_none else _text(cell)
        for cell, is_none in zip(column, column.isna(), strict=True)
    ]
    return pa.array(cells, pa.large_string())


def _text(cell: Any) -> str:
    if isinstance(cell, list | dict):
        with suppress(TypeError, ValueError, RecursionError):
            return json.dumps(cell, ensure_ascii=False)
    return str(cell)
