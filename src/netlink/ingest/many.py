"""Several files that are one table: lists of paths, and patterns of names."""

from __future__ import annotations

import glob
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from netlink.errors import ArgumentError, SchemaError
from netlink.ingest import shown, values, workbooks
from netlink.ingest.raw import Malformed, Raw
from netlink.ingest.sources import PACKED

if TYPE_CHECKING:
    from netlink.schema import Schema


def paths(given: Any, name: str) -> list[tuple[int, Path]] | None:
    """Return the files that a list or a pattern stands for, numbered in the order of their paths.

    None where it is neither: one path, or a data frame.
    """
    if isinstance(given, str) and glob.has_magic(given) and not Path(given).exists():
        pattern, sheet = workbooks.split(Path(given))
        matches = glob.iglob(str(pattern), recursive=True)  # noqa: PTH207 (it may be absolute)
        ending = "" if sheet is None else f"#{sheet}"
        found = [Path(f"{path}{ending}") for path in matches if Path(path).is_file()]
        if not found:
            raise ArgumentError(f"'{name}' is a pattern that no file matches.")
    elif isinstance(given, list | tuple):
        wrong = sum(not isinstance(path, str | Path) for path in given)
        if wrong or not given:
            raise ArgumentError(
                f"'{name}' must be the path of a table, a list of paths or a data frame; of the "
                f"{len(given):,} items of the list {wrong:,} are no path."
            )
        found = [Path(path) for path in given]
        places = {(file.resolve(), s and s.casefold()) for file, s in map(workbooks.split, found)}
        if len(places) < len(found):
            raise ArgumentError(f"'{name}' lists a file more than once.")
    else:
        return None
    return list(enumerate(sorted(found, key=lambda path: path.as_posix())))


def ends(name: str, schema: Schema) -> list[str]:
    """Return the columns without which no row of a table says anything."""
    if name == "entities":
        return [schema.column("entity_id")]
    return [*schema.participants] or [schema.column("source"), schema.column("target")]


def check_ends(raw: Raw, what: str, name: str, schema: Schema) -> None:
    """Raise where a file has none of the columns that make a row: its first line may be data."""
    wanted = ends(name, schema)
    lacking = [column for column in wanted if column not in raw.names]
    if lacking and (not schema.participants or len(lacking) == len(wanted)):
        told = shown.columns(lacking[0], raw.names, schema)
        raise SchemaError(f"{what} lacks the column '{lacking[0]}', which others may have: {told}")


def together(paths: list[Path], raws: list[Raw], name: str, schema: Schema) -> Raw:
    """Put tables under each other; a column that one of them lacks is missing there."""
    if name == "relationships" and not schema.is_mapped("dataset"):
        raws = [_with_dataset(path, raw) for path, raw in zip(paths, raws, strict=True)]
    names = sorted({column for raw in raws for column in raw.names})
    arrays, not_text = {}, {}
    for column in names:
        arrays[column], mask = _under_each_other(raws, column)
        if mask is not None:
            not_text[column] = mask
    malformed: list[Malformed] = []
    first = 0
    for raw in raws:
        malformed += [replace(part, row=first + part.row) for part in raw.malformed]
        first += raw.n_rows
    unread: Counter[str] = Counter()
    for raw in raws:
        unread.update(raw.unread)
    n_rows = tuple(raw.n_rows for raw in raws)
    return Raw(pa.table(arrays), malformed, not_text, n_rows, dict(unread))


def _with_dataset(path: Path, raw: Raw) -> Raw:
    if "dataset" in raw.names:
        return raw
    path, sheet = workbooks.split(path)
    stem = path.stem if path.suffix.lower() not in PACKED else Path(path.stem).stem
    stem += "" if sheet is None else f"#{sheet}"
    column = pa.array([stem], pa.large_string()).take(
        pa.array(np.zeros(raw.table.num_rows, np.int8))
    )
    return replace(raw, table=raw.table.append_column("dataset", column))


def _under_each_other(raws: list[Raw], column: str) -> tuple[Any, Any]:
    """Keep cells of one type as that type; others become text, and it is told which were none."""
    parts = [
        values.decoded(raw.table[column]) if column in raw.names else pa.nulls(raw.table.num_rows)
        for raw in raws
    ]
    kinds = {part.type for part in parts if not pa.types.is_null(part.type)}
    is_mixed = len(kinds) > 1
    kind = pa.large_string() if is_mixed else kinds.pop() if kinds else pa.null()
    chunks: list[Any] = []
    masks = []
    for raw, part in zip(raws, parts, strict=True):
        cells = values.text(part) if is_mixed else part.cast(kind)
        chunks += cells.chunks if isinstance(cells, pa.ChunkedArray) else [cells]
        is_odd = is_mixed and not values.is_text(part.type)
        own = values.mask(cells.is_valid()) if is_odd else np.zeros(len(cells), dtype=bool)
        masks.append(raw.not_text.get(column, own))
    is_any = is_mixed or any(column in raw.not_text for raw in raws)
    return pa.chunked_array(chunks, kind), np.concatenate(masks) if is_any else None
