"""How far a file may unpack: a cap on its size, and one on how many times as large it becomes."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from netlink.errors import ArgumentError, SchemaError

if TYPE_CHECKING:
    from pathlib import Path

_MAX_BYTES = 4 * 2**30
_RATIO = 200  # tables of ten million rows unpack to 4 to 40 times their size, bombs to a thousand
_FREE = 64 * 2**20  # what is no larger than this harms nobody, whatever it was packed to


@dataclass(frozen=True)
class Cap:
    """The most that one file may unpack to; a number of the caller's stands for both caps."""

    packed: int
    max_bytes: int | None

    @classmethod
    def of(cls, path: Path, max_bytes: int | None) -> Cap:
        """Return the cap of a file."""
        return cls(path.stat().st_size, max_bytes)

    def check(self, unpacked: int) -> None:
        """Raise where this many bytes are too many."""
        limit = _MAX_BYTES if self.max_bytes is None else self.max_bytes
        if unpacked > limit:
            raise SchemaError(
                f"The file of {self.packed:,} bytes unpacks to more than {limit:,} bytes. If it is "
                "meant to be that large, give the number of bytes as max_bytes=."
            )
        if self.max_bytes is None and unpacked > max(_FREE, _RATIO * self.packed):
            raise SchemaError(
                f"The file of {self.packed:,} bytes unpacks to more than {_RATIO} times its size, "
                f"as files do that are made to fill the memory: {unpacked:,} bytes. If it is meant "
                "to, give the number of bytes as max_bytes=."
            )

    def unpack(self, stream: Any) -> bytes:
        """Read a stream to its end, or to the cap."""
        found = io.BytesIO()
        while block := stream.read(1 << 20):
            found.write(block)
            self.check(found.tell())
        return found.getvalue()


def check_argument(max_bytes: int | None) -> None:
    """Raise unless the argument is a number of bytes or None."""
    is_number = isinstance(max_bytes, int) and not isinstance(max_bytes, bool) and max_bytes > 0
    if max_bytes is not None and not is_number:
        raise ArgumentError(f"'max_bytes' must be a positive integer or None, got {max_bytes!r}.")
