"""What the cells of a column look like; counts only, never a value."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from netlink.vocabulary import GradeScheme

_DATE = r"^\s*\d{4}-\d{2}(-\d{2}([T ]\d{2}(:.*)?)?)?\s*$"
_LOCAL = r"\d[T ]\d{2}:\d{2}(:\d{2}([.,]\d+)?)?\s*$"
_MIDNIGHT = r" 00:00:00([.,]0+)?$"
_DATE_LIKE = r"^\s*\d{1,4}[./-]\d{1,2}[./-]\d{2,4}\b"


@dataclass(frozen=True)
class Cells:
    """The different values of a column and how often each stands there; blank ones left out."""

    values: pa.Array
    counts: pa.Array
    kind: pa.DataType

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> Cells:
        """Count the values of a column; of cells that are lists and the like there are none."""
        try:
            counted = pc.value_counts(column.drop_null().combine_chunks())
            values = counted.field(0)
            if pa.types.is_dictionary(values.type):
                values = values.dictionary_decode()
            texts = values.cast(pa.large_string())
        except (pa.ArrowException, NotImplementedError):
            texts, counted = pa.array([], pa.large_string()), None
        is_given = pc.greater(pc.binary_length(pc.utf8_trim_whitespace(texts)), 0)
        counts = pa.array([], pa.int64()) if counted is None else counted.field(1)
        return cls(texts.filter(is_given), counts.filter(is_given), column.type)

    @cached_property
    def n(self) -> int:
        """Number of cells that hold something."""
        return int(pc.sum(self.counts).as_py() or 0)

    @property
    def are_different(self) -> bool:
        """Whether no value stands there twice."""
        return len(self.values) == self.n > 0

    def inside(self, others: Cells) -> int:
        """Count the cells whose value stands in another column too."""
        hit = pc.is_in(self.values, value_set=others.values)
        return int(pc.sum(self.counts.filter(hit)).as_py() or 0)

    @property
    def are_dates(self) -> bool:
        """Whether every cell is a date or a time that needs no format."""
        if pa.types.is_date(self.kind) or pa.types.is_timestamp(self.kind):
            return self.n > 0
        return self._all(_DATE)

    @property
    def need_zone(self) -> bool:
        """Whether any cell is a time of day without a zone; midnights alone are days."""
        if pa.types.is_timestamp(self.kind) and self._all(_MIDNIGHT):
            return False
        return bool(pc.any(pc.match_substring_regex(self.values, _LOCAL)).as_py())

    @property
    def are_like_dates(self) -> bool:
        """Whether every cell looks like a date in a format that must be stated."""
        return not self.are_dates and self._all(_DATE_LIKE)

    def _all(self, pattern: str) -> bool:
        return self.n > 0 and bool(pc.all(pc.match_substring_regex(self.values, pattern)).as_py())

    def schemes(self, grades: dict[str, GradeScheme]) -> list[str]:
        """Return the schemes of which every cell is a grade."""
        if not 0 < len(self.values) <= 200:  # no scheme has more grades, however they are written
            return []
        texts = self.values.to_pylist()
        return [
            name
            for name, scheme in grades.items()
            if all(scheme.confidence(text) is not None for text in texts)
        ]

    def ranked(self) -> list[tuple[str, int]]:
        """Return the values and their counts, the most frequent first."""
        pairs = zip(self.values.to_pylist(), self.counts.to_pylist(), strict=True)
        return sorted(pairs, key=lambda pair: (-pair[1], pair[0]))
