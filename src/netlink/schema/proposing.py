"""Tables -> a proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from netlink.schema.cells import Cells
from netlink.schema.drafting import Draft
from netlink.schema.proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

    from netlink.schema import Schema

# The readers stand in a row above and cannot be imported here: netlink.ingest hands its own down.
HANDED_DOWN: dict[str, Callable[[Any, str, Schema], pa.Table]] = {}


def propose(
    basis: Schema, canonical: dict[str, tuple[str, ...]], given: dict[str, Any]
) -> Proposal:
    """Look at tables by name, of which that of the entities may be None."""
    cells: dict[str, dict[str, Cells]] = {}
    for name, table in given.items():
        if table is not None or name == "relationships":
            read = HANDED_DOWN["read"](table, name, basis)
            columns = zip(read.column_names, read.columns, strict=True)
            cells[name] = {label: Cells.of(column) for label, column in columns}
    draft = Draft(basis.vocabulary, canonical, cells)
    for name in cells:
        draft.by_name(name)
        draft.check_header(name)
    draft.ends_by_values()
    for name in cells:
        draft.types(name)
    draft.times_and_grades()
    draft.untyped_ends()
    return _proposal(draft, basis)


def _proposal(draft: Draft, basis: Schema) -> Proposal:
    needed = {"entities": ("entity_id",), "relationships": ("source", "target")}
    lacking = [
        (table, name)
        for table, wanted in needed.items()
        for name in wanted
        if table in draft.mapped and name not in draft.mapped[table]
    ]
    told = [f"No column of the {table} was found for '{name}'." for table, name in lacking]
    arguments = dict(draft.arguments)
    for found in draft.mapped.values():
        arguments |= {name: column for name, (column, _) in found.items() if column != name}
    columns = [
        (table, column, name, reason)
        for table, found in draft.mapped.items()
        for name, (column, reason) in found.items()
    ]
    unmapped = [row for table in draft.cells for row in draft.notes(table)]
    words = ["table", "column", "word", "rows", "means", "reason"]
    return Proposal(
        pd.DataFrame(columns, columns=["table", "column", "stands_for", "reason"]),
        pd.DataFrame(unmapped, columns=["table", "column", "note"]),
        pd.DataFrame(draft.words, columns=words),
        (*told, *draft.undecided),
        None if lacking else replace(basis, **arguments),
    )
