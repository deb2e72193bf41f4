"""A schema proposed from tables, with the reasons, for an analyst to decide on."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from netlink.errors import SchemaError

if TYPE_CHECKING:
    import pandas as pd

    from netlink.schema import Schema

__all__ = ["Proposal"]


@dataclass(frozen=True, eq=False, repr=False)
class Proposal:
    """A schema proposed from tables, with its reasons.

    Made by `Schema.propose`. It shows names of columns, counts, and those words of type columns
    that map or nearly do; no other value of the tables.

    Parameters
    ----------
    columns : pandas.DataFrame
        One row a column that was mapped: ``table``, ``column``, ``stands_for``, ``reason``.
    unmapped : pandas.DataFrame
        One row a column that stays as it is: ``table``, ``column``, ``note``.
    words : pandas.DataFrame
        Words of type columns: ``table``, ``column``, ``word``, ``rows``, ``means`` (empty where the
        word is only near some), ``reason``.
    undecided : tuple of str
        What to decide by hand.
    proposed : Schema or None
        None where a column is lacking without which no table can be read.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame({"caller": ["t1"], "callee": ["t2"], "type": ["CALL"]})
    >>> proposal = nl.Schema.propose(None, calls)
    >>> proposal.columns["stands_for"].tolist()
    ['source', 'target', 'relationship_type']
    >>> proposal.schema.relationship_types
    {'CALL': 'communicated'}
    """

    columns: pd.DataFrame
    unmapped: pd.DataFrame
    words: pd.DataFrame
    undecided: tuple[str, ...]
    proposed: Schema | None

    @property
    def schema(self) -> Schema:
        """The proposed schema.

        Raises
        ------
        SchemaError
            A column is lacking without which no table can be read.

        Examples
        --------
        >>> import pandas as pd, netlink as nl
        >>> nl.Schema.propose(None, pd.DataFrame({"from": ["a"], "to": ["b"]})).schema
        Schema(source='from', target='to')
        """
        if self.proposed is None:
            told = "\n".join(f"  {sentence}" for sentence in self.undecided)
            raise SchemaError(f"The proposal is not complete:\n{told}")
        return self.proposed

    def __repr__(self) -> str:
        parts = []
        for title, table in self._tables():
            parts.append(f"{title}\n{_text(table)}")
        told = "\n".join(f"  {sentence}" for sentence in self.undecided) or "  nothing"
        return "\n\n".join([*parts, f"To decide by hand\n{told}"])

    def _repr_html_(self) -> str:
        import pandas as pd

        with pd.option_context("display.max_colwidth", None):  # whole reasons
            parts = [
                f"<p><b>{title}</b></p>" + (table.to_html(index=False) if len(table) else "none")
                for title, table in self._tables()
            ]
        told = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.undecided)
        parts.append(f"<p><b>To decide by hand</b></p><ul>{told or '<li>nothing</li>'}</ul>")
        return "".join(parts)

    def _tables(self) -> tuple[tuple[str, pd.DataFrame], ...]:
        return (
            ("Mapped columns", self.columns),
            ("Columns that stay as they are", self.unmapped),
            ("Words", self.words),
        )


def _text(table: pd.DataFrame) -> str:
    if not len(table):
        return "  none"
    rows = [[str(name) for name in table.columns], *table.astype(str).to_numpy().tolist()]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    padded = [[cell.ljust(n) for cell, n in zip(row, widths, strict=True)] for row in rows]
    return "\n".join(f"  {'  '.join(row)}".rstrip() for row in padded)
