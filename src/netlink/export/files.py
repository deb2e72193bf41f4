"""Folders that appear whole or not at all.

A bundle is written into a folder beside its place, made durable, and renamed into it. A former
bundle is renamed aside first and removed last: whatever fails, one of the two stands there whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from netlink import _files
from netlink.errors import ExportError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_BLOCK = 2**16  # bytes


class Output:
    """Files written into a new folder, each with its digest."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: dict[str, dict[str, object]] = {}

    def write(self, name: str, chunks: Iterable[str | bytes]) -> None:
        """Write a file, private to its owner and durable."""
        found = hashlib.sha256()
        size = 0
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
        with os.fdopen(os.open(self.folder / name, flags, 0o600), "wb") as stream:
            for data in _blocks(chunks):
                stream.write(data)
                found.update(data)
                size += len(data)
            stream.flush()
            os.fsync(stream.fileno())
        self.files[name] = {"sha256": found.hexdigest(), "bytes": size}


def _blocks(chunks: Iterable[str | bytes]) -> Iterator[bytes]:
    """Join small pieces, so that few writes are made."""
    waiting = bytearray()
    for chunk in chunks:
        waiting += chunk.encode("utf-8") if isinstance(chunk, str) else chunk
        if len(waiting) > _BLOCK:
            yield bytes(waiting)
            waiting.clear()
    if waiting:
        yield bytes(waiting)


@contextlib.contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give a new folder to fill; put it in the place of `folder` where nothing failed."""
    try:
        new = Path(tempfile.mkdtemp(prefix=f".{folder.name}.new-", dir=folder.parent))
        try:
            yield new
            _files.sync(new)
            _swap(new, folder)
        finally:
            shutil.rmtree(new, ignore_errors=True)  # gone, where it was put in its place
    except OSError as error:
        raise ExportError(
            f"The bundle could not be written ({type(error).__name__}: {error.strerror}). "
            "Where there was one before, it is as it was."
        ) from error


def restore(folder: Path) -> None:
    """Put back a former bundle that was renamed aside when the program was killed."""
    before = _aside(folder)
    if not folder.exists() and before.is_dir() and not before.is_symlink():
        os.replace(before, folder)  # noqa: PTH105 (the one name that tests make fail)


def _aside(folder: Path) -> Path:
    return folder.with_name(f".{folder.name}.before")


def _swap(new: Path, folder: Path) -> None:
    before = _aside(folder)
    _discard(before)
    is_there = folder.exists()
    if is_there:
        os.replace(folder, before)  # noqa: PTH105 (as in restore)
    try:
        os.replace(new, folder)  # noqa: PTH105 (as in restore)
        _files.sync(folder.parent)
    except BaseException:
        if folder.exists():
            os.replace(folder, new)  # noqa: PTH105 (as in restore)
        if is_there:
            os.replace(before, folder)  # noqa: PTH105 (as in restore)
        raise
    if is_there:
        _remove(before)


def _remove(before: Path) -> None:
    try:
        _discard(before)
    except OSError as error:
        raise ExportError(
            "The bundle is written. The former one could not be removed "
            f"({type(error).__name__}): it lies beside it, hidden, under a name that ends in "
            "'.before' or '.gone'."
        ) from error


def _discard(before: Path) -> None:
    """Remove a former bundle, renamed first: what is aside is whole, and never put back in part."""
    gone = before.with_suffix(".gone")
    for path in (before, gone):
        if path.is_symlink():
            path.unlink()  # and where it leads to is left alone
    if gone.exists():
        shutil.rmtree(gone)
    if before.exists():
        os.replace(before, gone)  # noqa: PTH105 (as in restore)
        shutil.rmtree(gone)
