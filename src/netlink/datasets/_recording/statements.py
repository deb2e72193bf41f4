"""Statements: the only records of acts on a person. Few, some late, a few of them wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.datasets._draw import Draw
from netlink.datasets._recording.records import Record, iso_date

if TYPE_CHECKING:
    from netlink.datasets._recording.records import Documents
    from netlink.datasets._world.model import Fact, Person, Ring, Victim, World

# How often somebody who gives a statement speaks of an act done to her.
TOLD = {
    "recruited": 0.85,
    "deceived": 0.45,
    "transported": 0.7,
    "transferred": 0.4,
    "received": 0.3,
    "harboured": 0.6,
    "exploited": 0.8,
    "controlled": 0.45,
    "threatened": 0.35,
}
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


def take_statements(
    world: World, share: float, documents: Documents, seed: int
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
            draw = Draw(seed, f"statement of {victim.person.entity}")
            speaks = draw.unit() < share
            told = _tell(ring, victim, acts, bystanders, documents=documents, draw=draw)
            if speaks:
                records += told
                givers.add(victim.person.entity)
    for i in range(max(1, len(world.people) // 150)):
        draw = Draw(seed, f"complaint {i}")
        speaks = draw.unit() < share
        complaint = _complain(bystanders, i, documents, draw)
        if speaks:
            records.append(complaint)
    return records, givers


def _row(act: Fact, document: int, grade: str, draw: Draw) -> Record:
    """Write down an act on about the day it was done, if on a day at all."""
    day = (act.day or 0) + draw.integer(-7, 7)
    seen = None if draw.chance(0.15) else iso_date(day)
    link = f"ST-{act.channel.upper()}"
    return Record(act.source, act.target, link, seen, None, document, grade, SYSTEM, None)


def _tell(
    ring: Ring,
    victim: Victim,
    acts: dict[int, list[Fact]],
    bystanders: list[Person],
    *,
    documents: Documents,
    draw: Draw,
) -> list[Record]:
    """Tell of what was done to her, what she heard of others, and sometimes of the wrong person."""
    entity = victim.person.entity
    given = victim.moved + 90 if victim.left is None else victim.left
    late = draw.integer(120, 400) if draw.chance(0.25) else 0
    document = documents.find((SYSTEM, entity), given + late, draw.integer(3, 60))
    letter = draw.choice("ABBBBCC")
    wrong = draw.choice(sorted(MISTAKEN_FOR)) if draw.chance(0.15) else None
    records = []
    for act in acts[entity]:
        if act.channel == wrong:
            other = _mistaken(bystanders, MISTAKEN_FOR[wrong], victim.person, draw)
            grade = letter + draw.choice("234")
            records.append(_row(act._replace(source=other.entity), document, grade, draw))
        elif draw.chance(TOLD[act.channel]):
            records.append(_row(act, document, letter + draw.choice("1222233"), draw))
    for other_victim in ring.victims:
        other = other_victim.person
        if other is victim.person or abs(other_victim.moved - victim.moved) > 45:
            continue
        if draw.chance(0.4):
            told = Record(
                entity, other.entity, "ST-KNOWS", None, None, document, letter + "2", SYSTEM, None
            )
            records.append(told)
        for act in acts[other.entity]:
            # A victim who was made to recruit does not speak of that herself.
            known = act.source != entity and (act.day or 0) + 7 < given
            if known and draw.chance(0.08):
                records.append(_row(act, document, letter + draw.choice("334"), draw))
    return records


def _mistaken(
    bystanders: list[Person], profession: str | None, speaker: Person, draw: Draw
) -> Person:
    """Choose somebody with no part in it: of a profession, in the speaker's country if any is."""
    found = [p for p in bystanders if p is not speaker]
    fitting = [p for p in found if profession in (None, p.profession)] or found
    near = [p for p in fitting if p.town.country is speaker.town.country]
    return draw.choice(near or fitting)


def _complain(bystanders: list[Person], number: int, documents: Documents, draw: Draw) -> Record:
    """Accuse somebody with no part in any ring, out of a quarrel or a misunderstanding."""
    complainant = draw.choice(bystanders)
    profession, act = draw.choice(COMPLAINTS)
    accused = _mistaken(bystanders, profession, complainant, draw)
    day = draw.integer(30, 500)
    document = documents.find((SYSTEM, "complaint", number), day, draw.integer(3, 60))
    grade = draw.choice("BCCDDE") + draw.choice("3345")
    return Record(
        accused.entity, complainant.entity, f"ST-{act.upper()}", iso_date(day), None, document,
        grade, SYSTEM, None,
    )  # fmt: skip
