"""The tables that leave the agency: shuffled references, standings, and the answers apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netlink.datasets._draw import Draw
from netlink.datasets._recording.channels import ENTITY_TYPES
from netlink.datasets._recording.records import iso_date

if TYPE_CHECKING:
    from collections.abc import Sequence, Set

    from netlink.datasets._recording.chances import Chances
    from netlink.datasets._recording.records import Documents, Record
    from netlink.datasets._world.model import Chronicle, Person, World

ROLES = ("recruiter", "transporter", "harbourer", "exploiter", "financier", "victim")
CATEGORIES = {kind: word for word, kind in ENTITY_TYPES.items()}


def references(chronicle: Chronicle, draw: Draw) -> list[str]:
    """Give the entities of each kind numbers, in an order that says nothing."""
    found = [""] * len(chronicle.kinds)
    for kind, word in CATEGORIES.items():
        members = [i for i, other in enumerate(chronicle.kinds) if other == kind]
        for number, entity in enumerate(draw.sample(members, len(members)), start=1):
            found[entity] = f"{word}-{number:05d}"
    return found


def standings(people: Sequence[Person], givers: Set[int], chances: Chances) -> dict[int, str]:
    """Say how each person stands with the agency, which knows of few victims and errs."""
    found, draw = {}, Draw(chances.seed, "standings")
    for person in people:
        known, other = draw.unit(), draw.unit()
        who = "other"
        if "victim" in person.roles:
            who = "speaker" if person.entity in givers else "silent"
        identified = chances[f"identified_{who}"]
        possible = identified + chances[f"possible_{who}"]
        if known < identified:
            standing = "victim"
        elif person.is_child and other < chances["minor"]:
            standing = "minor"
        elif known < possible:
            standing = "possible victim"
        elif known > 1 - chances["witness"]:
            standing = "witness"
        else:
            standing = "no marker" if other < chances["unmarked"] else "not recorded"
        found[person.entity] = standing
    return found


def entity_table(
    chronicle: Chronicle,
    refs: Sequence[str],
    standing: dict[int, str],
    records: Sequence[Record],
    chances: Chances,
) -> pd.DataFrame:
    """List every person, and of the rest what a record speaks of."""
    named = {end for record in records for end in (record.subject, record.object)}
    rows: list[tuple[str | None, ...]] = []
    draw = Draw(chances.seed, "countries")
    for entity, kind in enumerate(chronicle.kinds):
        place = chronicle.countries[entity] if draw.chance(chances["country"]) else None
        if kind == "person" or entity in named:
            word, number = refs[entity].split("-")
            title = f"{kind.replace('_', ' ').capitalize()} {number}"
            rows.append((refs[entity], word, title, standing.get(entity), place))
    rows.sort(key=lambda row: row[0] or "")
    columns = ["ref", "category", "title", "standing", "country"]
    return pd.DataFrame(rows, columns=columns, dtype="str")


def relationship_table(
    records: Sequence[Record], refs: Sequence[str], documents: Documents, draw: Draw
) -> pd.DataFrame:
    """Write the records out, by document and date."""
    count = len(documents.logged)
    shuffled = draw.sample(range(1, count + 1), count)
    rows = [
        (
            refs[record.subject],
            refs[record.object],
            record.link,
            record.seen_on,
            record.until,
            f"D-{shuffled[record.document]:06d}",
            record.grade,
            record.system,
            record.amount,
            iso_date(documents.logged[record.document]),
        )
        for record in records
    ]
    rows.sort(key=lambda row: (row[5], row[3] or "", *row[:3], row[4] or "", row[8] or 0))
    columns = [
        "subject", "object", "link", "seen_on", "until", "report", "grade", "system", "amount",
        "logged_on",
    ]  # fmt: skip
    table = pd.DataFrame(rows, columns=columns, dtype="object")
    return table.astype({name: "float64" if name == "amount" else "str" for name in columns})


def answer_table(world: World, refs: Sequence[str]) -> pd.DataFrame:
    """Say what every person did, in the order of the references."""
    people = sorted(world.people, key=lambda person: refs[person.entity])
    index = pd.Index([refs[person.entity] for person in people], name="entity_id", dtype="str")
    answers = pd.DataFrame(
        {role: [role in person.roles for person in people] for role in ROLES}, index=index
    )
    rings = [None if person.ring is None else f"ring {person.ring}" for person in people]
    answers["ring"] = pd.array(rings, dtype="str")
    answers["lookalike"] = pd.array([person.profession for person in people], dtype="str")
    return answers
