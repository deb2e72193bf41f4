"""CSV for an import specification of i2 Analyst's Notebook: a row a link, complete in itself.

Strength says how sure a link is: Confirmed from a confidence of 0.8, Unconfirmed from 0.5 or where
there is none, Tentative below.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pandas as pd

from netlink.export import i2_guide
from netlink.export.csv_tables import table
from netlink.export.values import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.export.published import Published

_LINK = [
    *[f"End{end} {part}" for end in (1, 2) for part in ("Identity", "Type", "Label")],
    *["Link Type", "Link Label", "Direction", "Strength", "Date", "Time", "Description"],
    *["Source Type", "Source Reference", "Grade1", "Grade2", "Grade3"],
]
_ENTITY = ["Identity", "Type", "Label", "Grade1", "Grade2", "Grade3"]
_UNGRADED = "Ungraded"  # an empty grade would be imported as the lowest
# A start goes into a date and a time if it has them, and stands as it is known in a column too.
_IN_PLACES = {"source", "target", "directed", "relationship_type", "grade", "handling"}
_IN_PLACES |= {"dataset", "document"}


def files(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of each file and its text, piece by piece."""
    links = _links(published)
    isolates = _isolates(published)
    yield "i2_links.csv", table(links, published)
    yield "i2_isolates.csv", table(isolates, published)
    yield "i2_guide.md", i2_guide.text(links, isolates)


def _links(published: Published) -> pd.DataFrame:
    rows = published.relationships
    own = [str(name) for name in published.entities.columns.drop(["entity_type", "label", "named"])]
    rest = [str(name) for name in rows.columns if name not in _IN_PLACES]
    ends = [f"End{end} {_title(name)}" for end in (1, 2) for name in own]
    entities = _ends(published)
    at = [published.at(end) for end in ("source", "target")]
    moments = [_moment(start) for start in rows["start"]]
    kind = [str(word).replace("_", " ") for word in rows["relationship_type"]]
    grades = _grades(published)
    cells = [
        *[entities[part].to_numpy()[to] for to in at for part in ("Identity", "Type", "Label")],
        *[kind, kind],
        ["End1 to End2" if directed else "None" for directed in rows["directed"]],
        [_strength(confidence) for confidence in rows["confidence"]],
        *[[moment[part] for moment in moments] for part in (0, 1)],
        [f"Record {name}" for name in rows.index],
        *[rows["dataset"], rows["document"]],
        *[[grade[part] for grade in grades] for part in (0, 1, 2)],
        rows.index,
        *[rows[name] for name in rest],
        *[published.entities[name].to_numpy()[to] for to in at for name in own],
    ]
    no_day = int(rows["start"].notna().sum()) - sum(bool(date) for date, _ in moments)
    reason = "known to the month or year: in the column Start, not under Date"
    published.lost("i2", "relationships", "start", no_day, reason)
    return _table([*_LINK, "Relationship Id", *map(_title, rest), *ends], cells)


def _isolates(published: Published) -> pd.DataFrame:
    own = [str(name) for name in published.entities.columns.drop(["entity_type", "label", "named"])]
    tied = {*published.relationships["source"], *published.relationships["target"]}
    alone = ~published.entities.index.isin(tied)
    ends, rest = _ends(published)[alone], published.entities[alone]
    cells = [
        *[ends[part] for part in ("Identity", "Type", "Label")],
        *[[_UNGRADED] * len(ends)] * 3,
        *[rest[name] for name in own],
    ]
    return _table([*_ENTITY, *map(_title, own)], cells)


def _table(header: list[str], cells: list[Any]) -> pd.DataFrame:
    columns = dict(zip(_distinct(header), map(list, cells), strict=True))
    return pd.DataFrame(columns, dtype=object)


def _ends(published: Published) -> pd.DataFrame:
    entities, kinds = published.entities, published.vocabulary.entity_types
    cells = {
        "Identity": list(entities.index),
        "Type": [kinds[kind].label for kind in entities["entity_type"]],
        "Label": [
            visible(label or name)
            for name, label in zip(entities.index, entities["label"], strict=True)
        ],
    }
    return pd.DataFrame(cells, index=entities.index, dtype=object)


def _title(name: str) -> str:
    return name.replace("_", " ").title()


def _distinct(header: list[str]) -> list[str]:
    """Tell columns of the user's own from i2's where they have the same name."""
    return [f"{name} (own {at})" if name in header[:at] else name for at, name in enumerate(header)]


def _moment(start: Any) -> tuple[str, str]:
    text = "" if start is None else str(start)
    return ("", "") if len(text) < len("2024-03-05") else (text[:10], text[11:19])


def _strength(confidence: Any) -> str:
    if confidence is None:
        return "Unconfirmed"
    return "Confirmed" if confidence >= 0.8 else "Unconfirmed" if confidence >= 0.5 else "Tentative"


def _grades(published: Published) -> list[list[str]]:
    rows, known = published.relationships, {}
    parts = list(zip(rows["grade"], rows["grade_scheme"], rows["handling"], strict=True))
    for grade, scheme, handling in set(parts):
        known[grade, scheme, handling] = [*_graded(published, grade, scheme), handling or _UNGRADED]
    return [known[part] for part in parts]


def _graded(published: Published, grade: Any, scheme: Any) -> list[str]:
    if grade and scheme:
        pattern = published.vocabulary.grades[scheme].pattern
        found = re.fullmatch(pattern, grade.strip().upper())
        if found:
            return [found["source"], found["information"]]
    return [grade or _UNGRADED, _UNGRADED]
