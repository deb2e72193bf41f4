"""Text files, plain or packed, in whatever encoding -> streams of UTF-8."""

from __future__ import annotations

import codecs
import io
import re
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pyarrow as pa

from netlink.errors import SchemaError

if TYPE_CHECKING:
    from pathlib import Path

    from netlink.ingest.caps import Cap

PACKED = (".gz", ".bz2", ".zst", ".lz4", ".zip")
_HIGH = re.compile(rb"[\x80-\xff]")
_MARK = "\udcff"  # stands in no text: half of a surrogate pair


def _marked(error: UnicodeError) -> tuple[str, int]:
    return _MARK, error.end  # type: ignore[attr-defined]


codecs.register_error("netlink-mark", _marked)


@dataclass(frozen=True)
class Source:
    """A text file that can be read from its beginning as often as need be."""

    path: Path
    cap: Cap
    encoding: str | None = None

    @cached_property
    def is_plain(self) -> bool:
        """Whether the file itself holds UTF-8."""
        return self.path.suffix.lower() not in PACKED and self.codec == "utf-8"

    @cached_property
    def codec(self) -> str:
        """Name of the encoding as Python spells it."""
        name = codecs.lookup(self.encoding or "utf-8").name
        return "utf-8" if name == "utf-8-sig" else name

    def stream(self) -> Any:
        """Open the text as UTF-8."""
        return pa.OSFile(str(self.path)) if self.is_plain else pa.BufferReader(self._unpacked)

    def lines(self, errors: str = "strict") -> io.TextIOWrapper:
        """Open the text line by line, without a mark at its beginning."""
        return io.TextIOWrapper(self.stream(), "utf-8-sig", errors, newline="")

    def marked_lines(self) -> io.TextIOWrapper | io.StringIO:
        """Open the text with a mark that stands in no text where bytes could not be read."""
        if self.is_plain:
            return self.lines("netlink-mark")
        return io.StringIO(self._bytes.decode(self.codec, "netlink-mark"), newline="")

    @cached_property
    def _bytes(self) -> bytes:
        if self.path.suffix.lower() == ".zip":
            return _only_member(self.path, self.cap)
        with pa.input_stream(str(self.path), compression="detect") as stream:
            return self.cap.unpack(stream)

    @cached_property
    def _unpacked(self) -> bytes:
        if self.codec == "utf-8":
            return self._bytes
        if _is_utf_8(self._bytes, self.codec):
            raise SchemaError("The file is UTF-8: leave out Schema(encoding=...).")
        line = _first_of_two_encodings(self._bytes, self.codec)
        if line is not None:
            raise SchemaError(
                f"The file is in two encodings: {self.codec} as named, and UTF-8, first in line "
                f"{line:,} (from 1). Save its parts in one."
            )
        return self._bytes.decode(self.codec).removeprefix("\ufeff").encode("utf-8")

    def is_marked(self, text: object) -> bool:
        """Tell whether a text holds bytes that could not be read."""
        return isinstance(text, str) and _MARK in text

    def unreadable(self, row: int | None, column: str) -> SchemaError:
        """Return the error about a place whose bytes are none of the encoding."""
        where = "in the names of the columns" if row is None else f"first in row {row:,}"
        named = "UTF-8" if self.codec == "utf-8" else f"in the encoding {self.codec}"
        with self.path.open("rb") as file:
            is_utf_16 = file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}
        likely = "utf-16" if is_utf_16 else "cp1252"
        return SchemaError(
            f"The file is not {named}: {where}{column} (rows are counted from 0). Name its "
            f"encoding, for instance Schema(encoding='{likely}'), or save it as UTF-8."
        )


def _is_utf_8(data: bytes, codec: str) -> bool:
    """Tell whether bytes said to be in another encoding can hardly be but UTF-8."""
    wide = codec.startswith(("utf-16", "utf-32"))
    if data.isascii():
        return wide and b"\0" not in data and bool(data)
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return not (wide and b"\0" in data)


def _first_of_two_encodings(data: bytes, codec: str) -> int | None:
    """Return the first line that can hardly be but UTF-8 in a file of one byte a letter."""
    if len("é".encode(codec, "ignore")) > 1 or len("я".encode(codec, "ignore")) > 1:
        return None
    end = 0
    while found := _HIGH.search(data, end):
        start = data.rfind(b"\n", 0, found.start()) + 1
        end = data.find(b"\n", start) % (len(data) + 1)  # -1 is the end
        with suppress(UnicodeDecodeError):
            data[start:end].decode("utf-8")
            return data.count(b"\n", 0, start) + 1
    return None


def _only_member(path: Path, cap: Cap) -> bytes:
    import zipfile

    with zipfile.ZipFile(path) as archive:
        members = [
            member
            for member in archive.infolist()
            # Beside each file macOS packs one about its looks.
            if not member.is_dir() and not member.filename.startswith("__MACOSX/")
        ]
        if len(members) != 1:
            raise SchemaError(
                f"A zip must hold one file, this one holds {len(members):,}: unpack it and give "
                "the files as a list."
            )
        if members[0].flag_bits & 1:
            raise SchemaError("The zip is encrypted: unpack it first.")
        cap.check(members[0].file_size)  # as stated; more is not read
        with archive.open(members[0]) as stream:
            return cap.unpack(stream)
