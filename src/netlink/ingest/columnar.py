"""Parquet and Feather -> tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa

from netlink.ingest.raw import Raw

if TYPE_CHECKING:
    from pathlib import Path

    from netlink.ingest.caps import Cap

_CELL = 8  # bytes that a cell may take at least, however small it was packed


def parquet(path: Path, cap: Cap) -> Raw:
    """Read a Parquet file; its footer says beforehand how large it will be."""
    from pyarrow import parquet as files

    # Not `read_table`, which makes a column of a folder called a=b and imports slowly.
    with files.ParquetFile(path) as file:
        about = file.metadata
        stated = [about.row_group(at).total_byte_size for at in range(about.num_row_groups)]
        cap.check(max(sum(stated), _CELL * about.num_rows * about.num_columns))
        # Long values that stand once in the file and in every row show only as they unpack.
        tables, size = [], 0
        for at in range(len(stated)):
            tables.append(file.read_row_group(at))
            size += tables[-1].nbytes
            cap.check(size)
        return Raw(pa.concat_tables(tables) if tables else file.read())


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
