"""How to map the columns of the i2 files in an import specification of Analyst's Notebook."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from netlink.export.values import visible

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

_MEANT = re.compile(r"[\\`*_\[\]<>&|~]")  # characters that mean something in Markdown
_STEPS = """\
# Importing into i2 Analyst's Notebook

Two files, both UTF-8, separated by commas, with one line of headings:

- `i2_links.csv`: a row a link, complete in itself, both ends included.
- `i2_isolates.csv`: a row an entity without any link.

A cell that begins with an apostrophe is text that a spreadsheet could have run as a formula. In the
import specification remove that apostrophe with a column action, or leave it.

1. Import from a text file: choose the file, code page 65001 (UTF-8), separator comma, text
   qualifier the quotation mark, the first row holds column headings.
2. Choose the design "Association chart" with two entities and a link for `i2_links.csv`, and
   "Entities only" for `i2_isolates.csv`.
3. Assign the columns as in the tables below, then save the specification: the headings are the same
   in every bundle, but for the attributes.
4. Dates are written year-month-day, times of day as hours:minutes:seconds in UTC. A row without a
   time of day has a date that is known to the day. Where less is known, the date is empty and Start
   says what is.
5. Identity is what Analyst's Notebook merges on: import both files into one chart. A label is what
   is shown.

"""
_WORDS = """\
`Ungraded` stands wherever a grade is missing: an empty one would be imported as the lowest.
Strength follows from the confidence of the record: Confirmed from 0.8, Unconfirmed from 0.5 or
where there is none, Tentative below.
"""
_PLACES = {
    "Identity": "entity: identity",
    "Type": "entity: type (icon)",
    "Label": "entity: label",
    "Link Type": "link: type",
    "Link Label": "link: label",
    "Direction": "link: direction (values `End1 to End2`, `None`)",
    "Strength": "link: strength (values `Confirmed`, `Unconfirmed`, `Tentative`)",
    "Date": "link: date, format `yyyy-MM-dd`",
    "Time": "link: time, format `HH:mm:ss`",
    "Description": "link: description",
    "Source Type": "link: source type (the dataset)",
    "Source Reference": "link: source reference (the document)",
    "Grade1": "grade of the source",
    "Grade2": "grade of the information",
    "Grade3": "handling",
}


def text(links: pd.DataFrame, isolates: pd.DataFrame) -> Iterator[str]:
    """Write the guide for the columns that the two files have."""
    yield _STEPS
    for name, table in (("i2_links.csv", links), ("i2_isolates.csv", isolates)):
        yield f"## {name}\n\n| column | goes to |\n|---|---|\n"
        for column in table.columns:
            shown = _MEANT.sub(r"\\\g<0>", " ".join(visible(str(column)).split()))
            yield f"| {shown} | {_place(str(column))} |\n"
        yield "\n"
    yield _WORDS


def _place(column: str) -> str:
    end, _, part = column.partition(" ")
    if end in {"End1", "End2"} and part in {"Identity", "Type", "Label"}:
        return f"{end}, {_PLACES[part]}"
    return _PLACES.get(column, "attribute, if wanted")
