"""CSV for an import specification of i2 Analyst's Notebook: a row a link, complete in itself.

Strength says how sure a link is: Confirmed from a confidence of 0.8, Unconfirmed from 0.5 or where
there is none, Tentative below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from netlink.export.csv_tables import line
from netlink.export.values import rows, visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.export.redaction import Published

_LINK = [
    *[f"End{end} {part}" for end in (1, 2) for part in ("Identity", "Type", "Label")],
    *["Link Type", "Link Label", "Direction", "Strength", "Date", "Time", "Description"],
    *["Source Type", "Source Reference", "Grade1", "Grade2", "Grade3"],
]
_ENTITY = ["Identity", "Type", "Label", "Grade1", "Grade2", "Grade3"]
_UNGRADED = "Ungraded"  # an empty grade would be imported as the lowest
_IN_PLACES = {"source", "target", "directed", "relationship_type", "start", "grade", "handling"}
_IN_PLACES |= {"dataset", "document"}


def files(published: Published) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the name of each file and its text, piece by piece."""
    yield "i2_links.csv", _links(published)
    yield "i2_isolates.csv", _isolates(published)


def _links(published: Published) -> Iterator[str]:
    own = [str(name) for name in published.entities.columns.drop(["entity_type", "label", "named"])]
    rest = [str(name) for name in published.relationships.columns if name not in _IN_PLACES]
    ends = [f"End{end} {_title(name)}" for end in (1, 2) for name in own]
    yield line(_distinct([*_LINK, "Relationship Id", *map(_title, rest), *ends]))
    entities = dict(rows(published.entities))
    times = 0
    for name, row in rows(published.relationships):
        date, time = _moment(row["start"])
        times += bool(date) and not time
        kind = str(row["relationship_type"]).replace("_", " ")
        yield line(
            [
                *_end(published, entities, str(row["source"])),
                *_end(published, entities, str(row["target"])),
                kind,
                kind,
                "End1 to End2" if row["directed"] else "None",
                _strength(row["confidence"]),
                date,
                time,
                f"Record {name}",
                row["dataset"],
                row["document"],
                *_grades(published, row),
                name,
                *[row[column] for column in rest],
                *[
                    entities[str(row[end])][column]
                    for end in ("source", "target")
                    for column in own
                ],
            ]
        )
    reason = "no time of day: midnight, or a date alone"
    published.lost("i2", "relationships", "start", times, reason)


def _isolates(published: Published) -> Iterator[str]:
    own = [str(name) for name in published.entities.columns.drop(["entity_type", "label", "named"])]
    yield line(_distinct([*_ENTITY, *map(_title, own)]))
    tied = {*published.relationships["source"], *published.relationships["target"]}
    entities = dict(rows(published.entities))
    for name, row in entities.items():
        if name not in tied:
            grades = [_UNGRADED] * 3
            cells = [row[column] for column in own]
            yield line([*_end(published, entities, name), *grades, *cells])


def _title(name: str) -> str:
    return name.replace("_", " ").title()


def _distinct(header: list[str]) -> list[str]:
    """Tell columns of the user's own from i2's where they have the same name."""
    return [f"{name} (own {at})" if name in header[:at] else name for at, name in enumerate(header)]


def _end(published: Published, entities: dict[Any, Any], name: Any) -> list[Any]:
    row = entities[name]
    kind = published.vocabulary.entity_types[row["entity_type"]].label
    return [name, kind, visible(row["label"] or name)]


def _moment(start: Any) -> tuple[str, str]:
    if start is None:
        return "", ""
    date, time = str(start)[:10], str(start)[11:19]
    return date, "" if time == "00:00:00" else time


def _strength(confidence: Any) -> str:
    if confidence is None:
        return "Unconfirmed"
    return "Confirmed" if confidence >= 0.8 else "Unconfirmed" if confidence >= 0.5 else "Tentative"


def _grades(published: Published, row: dict[Any, Any]) -> list[str]:
    grade, scheme = row["grade"], row["grade_scheme"]
    parts = [grade or _UNGRADED, _UNGRADED]
    if grade and scheme:
        pattern = published.vocabulary.grades[scheme].pattern
        found = re.fullmatch(pattern, grade.strip().upper())
        if found:
            parts = [found["source"], found["information"]]
    return [*parts, row["handling"] or _UNGRADED]
