"""Rows in = rows used + rows set aside, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from netlink.ingest.raw import Raw

__all__ = ["describe"]


def balance(
    tables: dict[str, tuple[Raw | None, pd.Series[int]]],
    rejected: pd.DataFrame,
    *,
    n_events: int,
    empty: dict[str, int],
    noted: dict[tuple[str, str], int],
) -> pd.DataFrame:
    """Count the rows of tables as read, None where there was none, and those used, given by type.

    A row may fail in several ways; it is one row set aside, under its first reason. `n_events` of
    the entities are rows of relationships; `empty` counts the cells that name no participant, and
    `noted` the used relationships of which there is more to say.
    """
    rows: list[tuple[str, str, str, int]] = []
    aside = rejected.drop_duplicates([c for c in ("table", "file", "row") if c in rejected.columns])
    for table, (raw, used) in tables.items():
        rows.append((table, "read", "", 0 if raw is None else raw.n_rows))
        reasons = aside.loc[aside["table"] == table, "reason"]
        created = _created(table, raw, int(used.sum()), len(reasons), n_events)
        rows += [(table, "created", detail, n) for detail, n in created.items() if n]
        if table == "relationships":
            rows += [(table, "empty", column, n) for column, n in empty.items() if n]
        for outcome, counts in (("used", used), ("set aside", reasons.value_counts())):
            rows += [(table, outcome, str(kind), int(n)) for kind, n in counts.sort_index().items()]
        came = sum(n for t, outcome, _, n in rows if t == table and outcome in {"read", "created"})
        if came != used.sum() + len(reasons):
            raise AssertionError(f"The ledger of the {table} does not balance: a bug in netlink.")
        unread = {} if raw is None else raw.unread
        rows += [(table, "not read", what, n) for what, n in sorted(unread.items()) if n]
    rows += [("relationships", *note, n) for note, n in noted.items() if n]
    return pd.DataFrame(rows, columns=["table", "outcome", "detail", "rows"])


def _created(table: str, raw: Raw | None, used: int, aside: int, n_events: int) -> dict[str, int]:
    read = 0 if raw is None else raw.n_rows
    if table == "relationships":
        return {"as further relationships of a row": used - (read - aside)}
    ends = used - n_events if raw is None else 0
    return {"from rows that are events": n_events, "from the ends of relationships": ends}


def describe(ledger: pd.DataFrame) -> str:
    """Say a ledger in sentences.

    Parameters
    ----------
    ledger : pandas.DataFrame
        The ``ledger`` of a network that was read from tables.

    Returns
    -------
    str
        A sentence or more a table: rows read, created, used and set aside, with the reasons; then
        what is used and repeats another, or cannot be as it says.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame({"source": ["p1", "p1"], "target": ["p2", "p3"]})
    >>> people = pd.DataFrame({"entity_id": ["p1", "p2", "p3"], "entity_type": "person"})
    >>> print(nl.ingest.describe(nl.read_tables(people, calls).ledger))
    entities: 3 rows read; 3 used (3 person); none set aside.
    relationships: 2 rows read; 2 used (2 related_to); none set aside.
    """
    wanted = ["table", "outcome", "detail", "rows"]
    if list(ledger.columns) != wanted:
        raise ArgumentError(f"'ledger' must have the columns {wanted}, got {list(ledger.columns)}.")
    lines = []
    for table, part in ledger.groupby("table", sort=False):
        of = dict(list(part.groupby("outcome")))
        text = f"{table}: {_sum(of.get('read')):,} rows read"
        if "created" in of:
            text += f", {_list(of['created'], 'created ')}"
        text += f"; {_sum(of.get('used')):,} used"
        if "used" in of:
            text += f" ({_list(of['used'])})"
        aside = of.get("set aside")
        text += (
            f"; {_sum(aside):,} set aside ({_list(aside)})."
            if aside is not None
            else "; none set aside."
        )
        if "empty" in of:
            text += f" Cells that name no participant: {_list(of['empty'])}."
        if "not read" in of:
            text += f" Not read: {_list(of['not read'])}."
        if "repeated" in of:
            text += f" Repeated and kept: {_list(of['repeated'])}."
        if "flagged" in of:
            text += f" Kept as recorded: {_list(of['flagged'])}."
        if "joined" in of:
            text += f" {_sum(of['joined']):,} joined with that of an earlier network."
        if "differs" in of:
            text += f" Where it says something else: {_list(of['differs'])}."
        lines.append(text)
    return "\n".join(lines)


def _sum(rows: pd.DataFrame | None) -> int:
    return 0 if rows is None else int(rows["rows"].sum())


def _list(rows: pd.DataFrame, what: str = "") -> str:
    return ", ".join(f"{n:,} {what}{d}" for n, d in zip(rows["rows"], rows["detail"], strict=True))
