"""From facts to the records that an agency holds of them, and the documents they stand in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from netlink.datasets._draw import Draw
from netlink.datasets._recording.channels import CHANNELS
from netlink.datasets._world.model import DAYS

if TYPE_CHECKING:
    from netlink.datasets._recording.chances import Chances
    from netlink.datasets._recording.channels import Channel
    from netlink.datasets._world.model import Fact, World

FIRST_DAY = date(2023, 1, 1)


class Record(NamedTuple):
    """One row of the relationship table, still with the world's own numbers."""

    subject: int
    object: int
    link: str
    seen_on: str | None
    until: str | None
    document: int
    grade: str | None
    system: str
    amount: int | None


@cache
def iso_date(day: int | None) -> str | None:
    """Write a day as an ISO date."""
    return None if day is None else (FIRST_DAY + timedelta(days=day)).isoformat()


def _seen_on(fact: Fact) -> str | None:
    if fact.minute is None:
        return iso_date(fact.day)
    return f"{iso_date(fact.day)}T{fact.minute // 60:02d}:{fact.minute % 60:02d}:00Z"


@dataclass(eq=False)
class Documents:
    """Documents as they come up, and the day each was put into its system.

    Every fact is asked for its document, recorded or not: numbers do not depend on the share kept.
    """

    numbers: dict[tuple[object, ...], int] = field(default_factory=dict)
    logged: list[int] = field(default_factory=list)

    def find(self, key: tuple[object, ...], last: int, delay: int) -> int:
        """Return the document of a key, entered some days after the last day it speaks of."""
        number = self.numbers.setdefault(key, len(self.logged))
        if number == len(self.logged):
            self.logged.append(last + delay)
        self.logged[number] = max(self.logged[number], last + delay)
        return number


def _document(fact: Fact, channel: Channel, documents: Documents, delay: float) -> int:
    entity = fact.target if channel.by_target else fact.source
    if channel.is_register or fact.day is None:
        looked_up = max(int(delay * DAYS), fact.day or 0)
        return documents.find((channel.system, channel.link, entity), looked_up, 1)
    period = fact.day // channel.period
    end = (period + 1) * channel.period - 1
    return documents.find((channel.system, entity, period), end, 1 + int(delay * 30))


def ordinary_records(
    world: World, recorded: float, documents: Documents, chances: Chances
) -> list[Record]:
    """Keep a share of what happened; of registers, two looks at that share.

    Every fact takes the same four draws whether kept or not, so that a smaller share keeps a part
    of the same records.
    """
    looked_up = 1 - (1 - recorded) ** 2
    records, draw = [], Draw(chances.seed, "recording")
    for fact in world.chronicle.facts:
        keep, turn, grade, delay = draw.unit(), draw.unit(), draw.unit(), draw.unit()
        channel = CHANNELS[fact.channel]
        document = _document(fact, channel, documents, delay)
        if keep >= chances[fact.channel] * (looked_up if channel.is_register else recorded):
            continue
        ends = (fact.source, fact.target)
        subject, target = ends[::-1] if channel.either_way and turn < 0.5 else ends
        records.append(
            Record(
                subject,
                target,
                channel.link,
                _seen_on(fact),
                iso_date(fact.until),
                document,
                channel.grades[int(grade * len(channel.grades))] or None,
                channel.system,
                fact.amount,
            )
        )
    return records
