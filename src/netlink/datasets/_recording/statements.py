"""Statements: the only records of acts on a person. Few, some late, a few of them wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.datasets._draw import Draw
from netlink.datasets._recording.chances import USUAL
from netlink.datasets._recording.records import Record, iso_date

if TYPE_CHECKING:
    from netlink.datasets._recording.chances import Chances
    from netlink.datasets._recording.records import Documents
    from netlink.datasets._world.model import Fact, Person, Ring, Victim, World

# Who is taken for whom: the look-alike an act is wrongly laid on.
MISTAKEN_FOR = {
    "recruited": "employment agent",
    "deceived": "employment agent",
    "transported": "bus driver",
    "harboured": "landlord",
    "exploited": None,
}
COMPLAINTS = (
    ("employment agent", "deceived"),
    ("employment agent", "recruited"),
    ("landlord", "threatened"),
    ("landlord", "exploited"),
    ("taxi driver", "transported"),
    (None, "controlled"),
)
SYSTEM = "INTERVIEW"
# The second part of the grade: of what was done to her, of what she heard, of a wrong person.
TRUE, HEARD, WRONG = "1222233", "334", "234"


def take_statements(
    world: World, share: float, documents: Documents, chances: Chances
) -> tuple[list[Record], set[int]]:
    """Return the records of statements, and who gave one.

    Each person has a stream of her own, so that a larger share adds statements to those of a
    smaller one and changes none.
    """
    acts: dict[int, list[Fact]] = {}
    for act in world.chronicle.acts:
        acts.setdefault(act.target, []).append(act)
    bystanders = [p for p in world.people if p.ring is None and not p.is_child]
    records: list[Record] = []
    givers: set[int] = set()
    for ring in world.rings:
        for victim in ring.victims:
            draw = Draw(chances.seed, f"statement of {victim.person.entity}")
            speaks = draw.unit() < share
            telling = _Telling(ring, victim, acts, bystanders, documents, chances, draw)
            told = [*telling.of_herself(), *telling.of_others()]
            if speaks:
                records += told
                givers.add(victim.person.entity)
    for i in range(max(1, len(world.people) // 150)):
        draw = Draw(chances.seed, f"complaint {i}")
        speaks = draw.unit() < share * chances["complaint"]
        kind, complaint = _complain(bystanders, i, documents, draw)
        if speaks and chances.remains(kind, "complaint", i):
            records.append(complaint)
    return records, givers


class _Telling:
    """What one victim tells: what was done to her, what she heard, and of whom by mistake."""

    def __init__(
        self,
        ring: Ring,
        victim: Victim,
        acts: dict[int, list[Fact]],
        bystanders: list[Person],
        documents: Documents,
        chances: Chances,
        draw: Draw,
    ) -> None:
        self.ring, self.victim, self.acts, self.bystanders = ring, victim, acts, bystanders
        self.chances, self.draw = chances, draw
        self.entity = entity = victim.person.entity
        self.given = victim.moved + 90 if victim.left is None else victim.left
        usually = draw.chance(USUAL["late"])
        days = draw.integer(120, 400) if usually else 0
        if not chances.happens("late", usually, entity):
            days = 0
        elif not usually:
            days = chances.draw("days late", entity).integer(120, 400)
        self.document = documents.find((SYSTEM, entity), self.given + days, draw.integer(3, 60))
        self.letter = draw.choice("ABBBBCC")
        self.usually_wrong = self.wrong = None
        if draw.chance(USUAL["mistaken"]):
            self.usually_wrong = self.wrong = draw.choice(sorted(MISTAKEN_FOR))
        if not chances.happens("mistaken", self.wrong is not None, entity):
            self.wrong = None
        elif self.wrong is None:
            told_of = [act.channel for act in acts[entity] if act.channel in MISTAKEN_FOR]
            self.wrong = chances.draw("mistaken act", entity).choice(told_of)

    def of_herself(self) -> list[Record]:
        """Tell of the acts done to her, one of them perhaps laid on the wrong person."""
        records = []
        for i, act in enumerate(self.acts[self.entity]):
            kind, what = act.channel, (self.entity, i)
            # What is told at the usual chances is drawn whether or not it stands.
            usual = None
            if kind == self.usually_wrong:
                usual = self._mistake(act, self.draw, i)
            elif self.draw.chance(USUAL[kind]):
                usual = self._row(act, self.draw, TRUE, i)
            is_as_usual = (kind == self.wrong) == (kind == self.usually_wrong)
            if kind == self.wrong:
                is_told = self.chances.remains(kind, *what)
            elif is_as_usual:
                is_told = self.chances.happens(kind, usual is not None, *what)
            else:
                is_told = self.chances.draw("told", *what).chance(self.chances[kind])
            if is_told and (usual is None or not is_as_usual):
                fresh = self.chances.draw("told instead", *what)
                is_wrong = kind == self.wrong
                usual = self._mistake(act, fresh, i) if is_wrong else self._row(act, fresh, TRUE, i)
            if is_told and usual is not None:
                records.append(usual)
        return records

    def of_others(self) -> list[Record]:
        """Tell of victims moved at about the same time, and what was done to them."""
        records = []
        for victim in self.ring.victims:
            other = victim.person
            if other is self.victim.person or abs(victim.moved - self.victim.moved) > 45:
                continue
            usually = self.draw.chance(USUAL["acquaintance"])
            if self.chances.happens("acquaintance", usually, self.entity, other.entity):
                records.append(
                    Record(
                        self.entity, other.entity, "ST-KNOWS", None, None, self.document,
                        self.letter + "2", SYSTEM, None,
                    )
                )  # fmt: skip
            for i, act in enumerate(self.acts[other.entity]):
                # A victim who was made to recruit does not speak of that herself.
                if act.source == self.entity or (act.day or 0) + 7 >= self.given:
                    continue
                what = (self.entity, other.entity, i)
                usual = None
                if self.draw.chance(USUAL["hearsay"]):
                    usual = self._row(act, self.draw, HEARD, *what[1:])
                if self.chances.happens("hearsay", usual is not None, *what):
                    if usual is None:
                        usual = self._row(act, self.chances.draw("heard", *what), HEARD, *what[1:])
                    if self.chances.remains(act.channel, *what):
                        records.append(usual)
        return records

    def _mistake(self, act: Fact, draw: Draw, *what: int) -> Record:
        person = _mistaken(self.bystanders, MISTAKEN_FOR[act.channel], self.victim.person, draw)
        return self._row(act._replace(source=person.entity), draw, WRONG, *what)

    def _row(self, act: Fact, draw: Draw, grades: str, *what: int) -> Record:
        """Write down an act on about the day it was done, if on a day at all."""
        grade = self.letter + draw.choice(grades)
        day = (act.day or 0) + draw.integer(-7, 7)
        is_undated = self.chances.happens(
            "undated", draw.chance(USUAL["undated"]), self.entity, *what
        )
        return Record(
            act.source, act.target, f"ST-{act.channel.upper()}",
            None if is_undated else iso_date(day), None, self.document, grade, SYSTEM, None,
        )  # fmt: skip


def _mistaken(
    bystanders: list[Person], profession: str | None, speaker: Person, draw: Draw
) -> Person:
    """Choose somebody with no part in it: of a profession, in the speaker's country if any is."""
    found = [p for p in bystanders if p is not speaker]
    fitting = [p for p in found if profession in (None, p.profession)] or found
    near = [p for p in fitting if p.town.country is speaker.town.country]
    return draw.choice(near or fitting)


def _complain(
    bystanders: list[Person], number: int, documents: Documents, draw: Draw
) -> tuple[str, Record]:
    """Accuse somebody with no part in any ring, out of a quarrel or a misunderstanding."""
    complainant = draw.choice(bystanders)
    profession, act = draw.choice(COMPLAINTS)
    accused = _mistaken(bystanders, profession, complainant, draw)
    day = draw.integer(30, 500)
    document = documents.find((SYSTEM, "complaint", number), day, draw.integer(3, 60))
    grade = draw.choice("BCCDDE") + draw.choice("3345")
    return act, Record(
        accused.entity, complainant.entity, f"ST-{act.upper()}", iso_date(day), None, document,
        grade, SYSTEM, None,
    )  # fmt: skip
