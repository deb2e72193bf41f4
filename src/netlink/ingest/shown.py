"""Which names of columns a message may show.

The first line of a file without a header is a person's record. So names are shown only where one of
them is a name that the schema knows, and so the line is a header; otherwise only their number.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.errors import near
from netlink.schema import (
    ENTITY_COLUMNS,
    MONEY_COLUMNS,
    PLACE_COLUMNS,
    RELATIONSHIP_COLUMNS,
)
from netlink.schema.checks import OF_TWO_ENDS

if TYPE_CHECKING:
    from netlink.schema import Schema


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())


def is_header(names: list[str], schema: Schema) -> bool:
    """Tell whether any of the names is one that the schema knows, in whatever spelling."""
    canonical = (*ENTITY_COLUMNS, *RELATIONSHIP_COLUMNS, "event_id")
    names_of = (*canonical, *map(schema.column, canonical), *schema.participants)
    known = {_plain(name) for name in names_of}
    # Words that stand in cells too, such as the entity type 'document', prove nothing.
    words = schema.vocabulary
    cells = [words.entity_types, words.relationship_types, words.protection_statuses, words.grades]
    cells += [schema.entity_types, schema.relationship_types, schema.protection_statuses]
    known -= {_plain(word) for part in cells for word in part}
    return any(_plain(name) in known for name in names)


def nearly(names: list[str], schema: Schema, table: str) -> dict[str, str]:
    """Return columns whose names differ by a sign or case from canonical ones that nobody maps."""
    canonical = [*(ENTITY_COLUMNS if table == "entities" else RELATIONSHIP_COLUMNS)]
    if table == "relationships" and schema.participants:
        canonical = [name for name in canonical if name not in OF_TWO_ENDS]
    free = {_plain(name): name for name in canonical if not schema.is_mapped(name)}
    used = {schema.column(name) for name in (*canonical, *PLACE_COLUMNS, *MONEY_COLUMNS)}
    used |= {*schema.participants}
    plain = {name: _plain(name) for name in names if name not in used}
    return {name: free[word] for name, word in plain.items() if word in free}


def columns(wanted: str, names: list[str], schema: Schema) -> str:
    """Say which columns there are, and which of them is near the one that is wanted."""
    if any("\0" in name for name in names):
        return (
            f"got {len(names):,} columns. The names hold NUL: the file may be UTF-16, "
            "Schema(encoding='utf-16')."
        )
    if is_header(names, schema):
        return f"got the columns {names}.{near(wanted, names)}"
    told = f"got {len(names):,} columns of which the schema names none."
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        return f"{told} The one name holds ';', '|' or a tab: give Schema(delimiter=...)."
    return (
        f"{told} The table must begin with the names of its columns (not shown: they may be data)."
    )
