"""Files that appear whole or not at all; TOML as it is read back."""

from __future__ import annotations

import os
import tempfile
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from netlink.errors import NetlinkError


def write_whole(path: Path, data: bytes) -> None:
    """Write a file private to its owner and durable, then put it in the place of a former one.

    Whatever fails, the former one stands there whole or the new one does. Raises OSError.
    """
    opened, name = tempfile.mkstemp(prefix=f".{path.name}.new-", dir=path.parent)
    try:
        with os.fdopen(opened, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        os.replace(name, path)  # noqa: PTH105 (the one name that tests make fail)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    sync(path.parent)


def sync(folder: Path) -> None:
    """Make the entries of a folder durable."""
    if os.name != "posix":
        return  # elsewhere a folder cannot be opened; its entries are made durable by the system
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)


def toml_of(path: Path, what: str, error: type[NetlinkError]) -> dict[str, Any]:
    """Return what a file of TOML holds; an error of the kind given says why it is none."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except OSError as reason:
        told = type(reason).__name__
        raise ArgumentError(f"'path' must be a file that can be read ({told}).") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as reason:
        told = str(reason) if isinstance(reason, tomllib.TOMLDecodeError) else type(reason).__name__
        raise error(f"{what} is not valid TOML: {told}.") from None
