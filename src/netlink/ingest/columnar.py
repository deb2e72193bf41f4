"""Parquet and Feather -> tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from netlink.ingest import values
from netlink.ingest.raw import Kinds, Raw

if TYPE_CHECKING:
    from pathlib import Path

    from netlink.ingest.caps import Cap

_CELL = 8  # bytes that a cell may take at least, however small it was packed


def parquet(path: Path, cap: Cap, kinds: Kinds) -> Raw:
    """Read a Parquet file, some columns as numbers of their words where the file has them so.

    The footer says beforehand how large it will be.
    """
    from pyarrow import parquet as files

    # Not `read_table`, which makes a column of a folder called a=b and imports slowly.
    with files.ParquetFile(path) as file:
        about, own = file.metadata, file.schema_arrow
    few = _words(about)
    with files.ParquetFile(path, metadata=about, read_dictionary=few) as file:
        stated = [about.row_group(at).total_byte_size for at in range(about.num_row_groups)]
        cap.check(max(sum(stated), _CELL * about.num_rows * about.num_columns))
        # A long text that stands once in the file and in every row is counted before it unpacks.
        tables, size = [], 0
        for at in range(len(stated)):
            part = file.read_row_group(at)
            size += sum(_size(column) for column in part.columns)
            cap.check(size)
            # The type of a column of the user's own must not depend on how many words it has.
            for name in {*few} - kinds.words:
                if name in part.column_names:
                    place = part.column_names.index(name)
                    column = values.cast(part[name], own.field(name).type)
                    part = part.set_column(place, name, column)
            tables.append(part)
        return Raw(values.in_one_piece(tables, kinds.numbers) if tables else file.read())


def _size(column: pa.ChunkedArray) -> int:
    """Return the bytes of a column once its words are written out."""
    if not pa.types.is_dictionary(column.type):
        return int(column.nbytes)
    letters = 0
    for chunk in column.chunks:
        letters += pc.sum(pc.binary_length(chunk.dictionary).take(chunk.indices)).as_py() or 0
    return letters + _CELL * len(column)


def _words(about: Any) -> list[str]:
    """Name the columns that hold few different values, a byte or less a cell in the file.

    They stay numbers of words, which is what is made of them in any case.
    """
    size = dict.fromkeys(range(about.num_columns), 0)
    names = dict.fromkeys(size, "")
    for at in range(about.num_row_groups):
        for column in size:
            part = about.row_group(at).column(column)
            size[column] += part.total_uncompressed_size
            if part.physical_type == "BYTE_ARRAY" and part.has_dictionary_page:
                names[column] = part.path_in_schema
    return [names[at] for at in size if names[at] and size[at] <= about.num_rows]


def feather(path: Path, cap: Cap) -> Raw:
    """Read a Feather or Arrow file, batch by batch up to the cap."""
    # Not mapped: a network would change with the file.
    with pa.OSFile(str(path)) as stream, pa.ipc.open_file(stream) as file:
        batches, size = [], 0
        for at in range(file.num_record_batches):
            batches.append(file.get_batch(at))
            size += batches[-1].nbytes
            cap.check(size)
        return Raw(pa.Table.from_batches(batches, file.schema))
