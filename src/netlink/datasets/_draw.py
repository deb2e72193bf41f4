"""Random draws that are the same on every machine and for every version of Python and numpy.

Only `random.Random.random` is guaranteed to repeat, so everything is arithmetic on it; nothing here
calls log or exp, whose last digit differs between platforms.
"""

from __future__ import annotations

import hashlib
import random
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")


class Draw:
    """One stream of draws; streams of other names with the same seed are independent of it."""

    def __init__(self, seed: int, stream: str) -> None:
        digest = hashlib.sha256(f"{seed}/{stream}".encode()).digest()
        self.unit = random.Random(int.from_bytes(digest, "big")).random  # noqa: S311 (no secret)

    def chance(self, share: float) -> bool:
        """Tell whether something of this probability happens."""
        return self.unit() < share

    def integer(self, low: int, high: int) -> int:
        """Draw from low to high, both included."""
        return low + int(self.unit() * (high - low + 1))

    def heavy(self, typical: float, most: int) -> int:
        """Draw a count with a heavy tail: half the draws lie under twice `typical`."""
        return min(most, int(typical / (1.0 - self.unit())))

    def choice(self, items: Sequence[T]) -> T:
        """Draw one of the items."""
        return items[int(self.unit() * len(items))]

    def sample(self, items: Sequence[T], count: int) -> list[T]:
        """Draw different items, as many as asked for or as there are."""
        # Fisher-Yates on a sparse list: whole towns are not copied to draw three people.
        moved: dict[int, int] = {}
        drawn = []
        for i in range(min(count, len(items))):
            j = self.integer(i, len(items) - 1)
            drawn.append(items[moved.get(j, j)])
            moved[j] = moved.get(i, i)
        return drawn
