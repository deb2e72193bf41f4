"""Rows in = rows used + rows set aside, each with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from netlink.ingest.failures import Failures

__all__ = ["describe"]


def count(
    table: str, read: int, created: int, used: pd.Series, failures: Failures | None, malformed: int
) -> pd.DataFrame:
    """Count the rows of one table; `used` holds the type of every row that was used."""
    rows: list[tuple[str, str, str, int]] = [(table, "read", "", read)]
    if created:
        rows.append((table, "created", "from the ends of relationships", created))
    for kind, n in used.value_counts().sort_index().items():
        rows.append((table, "used", str(kind), int(n)))
    if malformed:
        rows.append(
            (table, "set aside", "row has another number of cells than the header", malformed)
        )
    if failures is not None:
        # A row may fail in several ways; it is one row set aside, under its first reason.
        first = failures.frame().drop_duplicates("at")
        for reason, n in first["reason"].value_counts().sort_index().items():
            rows.append((table, "set aside", str(reason), int(n)))
    frame = pd.DataFrame(rows, columns=["table", "outcome", "detail", "rows"])
    total = frame.groupby("outcome")["rows"].sum()
    came = total.get("read", 0) + total.get("created", 0)
    if came != total.get("used", 0) + total.get("set aside", 0):
        raise AssertionError(f"The ledger of the {table} does not balance: a bug in netlink.")
    return frame


def describe(ledger: pd.DataFrame) -> str:
    """Say a ledger in sentences.

    Parameters
    ----------
    ledger : pandas.DataFrame
        The ``ledger`` of a network that was read from tables.

    Returns
    -------
    str
        One sentence a table: rows read, used and set aside, with the reasons.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame({"source": ["p1", "p1"], "target": ["p2", "p3"]})
    >>> print(nl.ingest.describe(nl.read_tables(None, calls).ledger))
    entities: 0 rows read, 3 created from the ends of relationships; 3 used (3 person); none set aside.
    relationships: 2 rows read; 2 used (2 related_to); none set aside.
    """
    wanted = ["table", "outcome", "detail", "rows"]
    if list(ledger.columns) != wanted:
        raise ArgumentError(f"'ledger' must have the columns {wanted}, got {list(ledger.columns)}.")
    lines = []
    for table, part in ledger.groupby("table", sort=False):
        of = {outcome: rows for outcome, rows in part.groupby("outcome")}
        text = f"{table}: {_sum(of.get('read')):,} rows read"
        if "created" in of:
            text += f", {_sum(of['created']):,} created from the ends of relationships"
        text += f"; {_sum(of.get('used')):,} used"
        if "used" in of:
            text += f" ({_list(of['used'])})"
        aside = of.get("set aside")
        text += (
            f"; {_sum(aside):,} set aside ({_list(aside)})."
            if aside is not None
            else "; none set aside."
        )
        lines.append(text)
    return "\n".join(lines)


def _sum(rows: pd.DataFrame | None) -> int:
    return 0 if rows is None else int(rows["rows"].sum())


def _list(rows: pd.DataFrame) -> str:
    return ", ".join(f"{n:,} {d}" for n, d in zip(rows["rows"], rows["detail"], strict=True))
