"""What is asked of the contacts: window, waits, direction; and the passes that answer it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Literal, TypeAlias

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError
from netlink.network.moments import length_of_time, moment
from netlink.temporal import _arrivals, _labels
from netlink.temporal._arrivals import NEVER
from netlink.temporal.contacts import contacts

if TYPE_CHECKING:
    from collections.abc import Collection

    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.temporal.contacts import Contacts, Moments, Reading

    When: TypeAlias = str | date | None
    Wait: TypeAlias = str | timedelta | None
    Undated: TypeAlias = Literal["drop", "keep"]

_EVER = 2**60  # a window without an end


@dataclass(frozen=True)
class Question:
    """A network with the terms on which something is passed on; moments in microseconds."""

    network: Network
    start: int | None
    end: int | None
    duration: int
    gap: int  # from the beginning of one contact to that of the next, at least
    most: int  # and at most
    directed: bool | None
    undated: Undated

    def given(self) -> list[str]:
        """Return the names of the terms that may close a way."""
        has_undated = self.network.relationship_table["start"].isna().any()
        asked = {
            "window": self.start is not None or self.end is not None,
            "duration": self.duration > 0,
            "min_wait": self.gap > self.duration,
            "max_wait": self.most < NEVER,
            "undated": self.undated == "drop" and bool(has_undated),
            "directed": self.network.is_directed(self.directed),
        }
        return [name for name, is_given in asked.items() if is_given]

    def without(self, names: Collection[str]) -> Question:
        """Return the question without some terms."""
        taken = 0 if "duration" in names else self.duration
        least = 0 if "min_wait" in names else self.gap - self.duration
        longest = NEVER if "max_wait" in names else self.most
        return replace(
            self,
            start=None if "window" in names else self.start,
            end=None if "window" in names else self.end,
            duration=taken,
            gap=taken + least,
            most=longest if longest >= NEVER else longest - self.duration + taken,
            directed=False if "directed" in names else self.directed,
            undated="keep" if "undated" in names else self.undated,
        )

    def contacts(self, reading: Reading, *, backward: bool = False) -> Contacts:
        """Return the contacts as they are gone through."""
        found = contacts(
            self.network, reading, directed=self.directed, undated=self.undated == "keep"
        )
        return found.backward if backward else found

    @cached_property
    def window(self) -> tuple[int, int]:
        """First moment at which a contact can be begun, and last."""
        found = self.contacts("possible")
        opens, closes = found.opens, found.closes
        first = opens[np.searchsorted(opens, -NEVER, side="right") :][:1]
        last = closes[closes < NEVER]
        start = self.start if self.start is not None else int(first[0]) if len(first) else 0
        end = self.end if self.end is not None else int(last.max()) + 1 if len(last) else 1
        return start, end - 1 - (self.duration if self.end is not None else 0)

    def _when(self, backward: bool) -> tuple[int, int]:
        first, last = self.window
        if backward:
            return -last, -first if self.start is not None else _EVER
        return first, last if self.end is not None else _EVER

    def _window(self, part: Contacts, backward: bool) -> tuple[int, int, int, int]:
        first, last = self._when(backward)
        begin = np.searchsorted(part.opens, first)
        return first, last, int(begin), int(np.searchsorted(part.opens, last, side="right"))

    def begun(
        self, reading: Reading, entity: int, *, backward: bool = False, target: int = -1
    ) -> tuple[Moments, Moments, Moments | None]:
        """Return when the contact that first reaches each entity is begun, and where it is.

        The third is the table of labels where there is a maximum wait; the second is then of it,
        and only the target is sure to be reached where there is one.
        """
        part = self.contacts(reading, backward=backward)
        window, n = self._window(part, backward), part.n
        if self.most >= NEVER and self.gap == 0 and part.closes is part.opens:
            ends = part.u.view(np.uint32), part.v.view(np.uint32)
            found = _arrivals.instants(part.opens, *ends, part.crowded, n, entity, window)
            return *found, None
        if self.most >= NEVER:
            missing = int(part.is_reachable.sum() - part.is_reachable[entity])
            found = _arrivals.earliest(
                part.arrays, part.lasting, n, entity, window, self.gap, missing
            )
            return *found, None
        labels = _checked(
            _labels.stays(
                part.arrays, part.lasting, n, entity, target, window, self.gap, self.most, False
            )
        )
        begun, over = np.full(n, NEVER), np.full(n, -1)
        at, place = np.unique(labels[:, _labels.AT], return_index=True)
        begun[at], over[at] = labels[place, _labels.LO], place
        return begun, over, labels

    def reached(
        self, reading: Reading, entities: NDArray[np.int32], *, backward: bool
    ) -> NDArray[np.bool_]:
        """Return which entities (rows) each of those asked about (columns) reaches."""
        part = self.contacts(reading, backward=backward)
        if self.most < NEVER:
            found = np.empty((part.n, len(entities)), dtype=bool)
            for j, entity in enumerate(entities.tolist()):
                found[:, j] = self.begun(reading, entity, backward=backward)[0] < NEVER
            return found
        window = self._window(part, backward)
        return _arrivals.reached(
            part.arrays, part.lasting, part.early, part.n, entities, window, self.gap
        )

    def labels(self, reading: Reading, source: int, target: int, *, speed: bool) -> Moments:
        """Return the labels for the fastest way, or for the one of fewest contacts."""
        part = self.contacts(reading)
        terms = (part.n, source, target, self._window(part, False), self.gap, self.most)
        if speed:
            return _checked(_labels.stays(part.arrays, part.lasting, *terms, True))
        return _checked(_labels.layers(part.arrays, part.by_entity, *terms))


def _checked(labels: Moments) -> Moments:
    if not len(labels):
        raise ArgumentError(
            f"The question has more than {_labels.LIMIT:,} stays to keep. Narrow the window with "
            "'start' and 'end', or give a longer 'max_wait' or 'duration'."
        )
    return labels


def question(
    network: Network,
    *,
    start: When,
    end: When,
    duration: Wait,
    min_wait: Wait,
    max_wait: Wait,
    directed: bool | None,
    undated: Undated,
) -> Question:
    """Check the terms."""
    if directed not in (None, True, False):
        raise ArgumentError(f"'directed' must be None, True or False, got {directed!r}.")
    if undated not in ("drop", "keep"):
        raise ArgumentError(f"'undated' must be 'drop' or 'keep', got {undated!r}.")
    first = None if start is None else _microseconds(moment(start, "start"))
    last = None if end is None else _microseconds(moment(end, "end"))
    if first is not None and last is not None and first >= last:
        raise ArgumentError("'start' must be earlier than 'end'.")
    taken = 0 if duration is None else _length(duration, "duration")
    least = 0 if min_wait is None else _length(min_wait, "min_wait")
    most = NEVER if max_wait is None else _length(max_wait, "max_wait")
    if most < least:
        raise ArgumentError("'max_wait' must not be shorter than 'min_wait'.")
    longest = most if most >= NEVER else most + taken
    return Question(network, first, last, taken, taken + least, longest, directed, undated)


def _microseconds(moment: pd.Timestamp) -> int:
    return int(moment.tz_localize(None).as_unit("us").asm8.astype(np.int64))


def _length(value: object, name: str) -> int:
    found = length_of_time(value)
    if found is None:
        raise ArgumentError(
            f"'{name}' must be a length of time from 0 on, such as '90 minutes' or a timedelta."
        )
    return int(found.as_unit("us").asm8.astype(np.int64))
