"""What stands in a file that was written, whatever its format."""

from __future__ import annotations

import zipfile
from typing import TYPE_CHECKING

from pyarrow import parquet

if TYPE_CHECKING:
    from pathlib import Path


def content(path: Path) -> str:
    """Whatever a file holds, unpacked, as text."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as package:
            return "".join(package.read(name).decode() for name in package.namelist())
    if path.suffix == ".parquet":
        return str(parquet.read_table(path).to_pylist())
    return path.read_bytes().decode("utf-8", "replace")
