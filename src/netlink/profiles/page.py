"""What is known of one entity, and how it shows itself in a notebook."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from netlink.vocabulary import Vocabulary

_LISTED = 10  # as many of the nearest as the page lists


@dataclass(frozen=True, eq=False, repr=False)
class Profile:
    """One entity: its measures, community, brokerage and nearest.

    Made by `netlink.profile`. In a notebook it shows itself as a page of counts and measures, with
    the names that were passed and no ids.

    Attributes
    ----------
    entity, entity_type, protection_status : str
        Whom or what it is of, as in the entity table.
    is_protected : bool
        Whether the entity is a person to protect, under this or any other reference.
    measures : pandas.DataFrame
        Indexed by ``measure``: ``value``; ``rank`` among the entities of its type, 1 for the
        largest value, equal ones share the better rank; ``of``, how many of them have a value;
        ``percentile``, how many of a hundred others have a smaller value, equal ones counted half.
        NaN where there is no value, or nobody to compare with.
    community : int or None
        Number of its community; None where the grouping does not have the entity.
    members : pandas.Series
        Number of entities in that community, itself included, indexed by ``entity_type``.
    brokerage : pandas.Series
        Whether it is an articulation point, and how often it stands between communities in each
        role of Gould & Fernandez; as far as the table of measures says so.
    relationship_types : pandas.DataFrame
        Indexed by ``relationship_type``: ``n_relationships``, and how many of them are directed and
        go out from it (``outgoing``) or come in (``incoming``).
    nearest : pandas.DataFrame
        Everybody and everything tied to it, indexed by ``entity_id``: the largest ``weight`` first,
        then the most relationships, then the smallest id. ``entity_type``, ``is_protected``,
        ``n_relationships``, ``weight`` (their sum), ``relationship_types``, ``relationship_ids``
        (the records), ``first`` and ``last`` (earliest start, latest end).
    names : mapping of str to str
        Names that the page shows.
    vocabulary : Vocabulary
        What the words mean.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.profile(nl.datasets.karate_club(), "33")
    <Profile of one person: 9 measures, 17 neighbors by 17 relationships, community of 12>
    """

    entity: str
    entity_type: str
    protection_status: str
    is_protected: bool
    measures: pd.DataFrame
    community: int | None
    members: pd.Series
    brokerage: pd.Series
    relationship_types: pd.DataFrame
    nearest: pd.DataFrame
    names: Mapping[str, str]
    vocabulary: Vocabulary

    def __repr__(self) -> str:
        def counted(n: int, word: str) -> str:
            return f"{n:,} {word}" + ("" if n == 1 else "s")

        n = int(self.relationship_types["n_relationships"].sum())
        group = "no community" if self.community is None else f"community of {self._size:,}"
        return (
            f"<Profile of one {self._type(self.entity_type).lower()}: "
            f"{counted(len(self.measures), 'measure')}, {counted(len(self.nearest), 'neighbor')} "
            f"by {counted(n, 'relationship')}, {group}>"
        )

    def _repr_html_(self) -> str:
        title = escape(self.names.get(self.entity, self._type(self.entity_type)))
        parts = [
            f"<p><strong>{title}</strong></p>",
            _line(self._status()),
            _line(self._group()),
            _table(("Measure", "Value", "Rank", "Of", "Percentile"), self._measured()),
            _table(("Brokerage", "Value"), [(_said(k), _number(v)) for k, v in self._between()]),
            _table(("Relationships", "Count", "Outgoing", "Incoming"), self._typed()),
            _table(("Nearest", "Type", "Relationships", "Weight"), self._closest()),
        ]
        if (more := len(self.nearest) - _LISTED) > 0:
            parts.append(_line(f"{more:,} more are in .nearest, with the records."))
        return f'<div class="netlink-profile">{"".join(parts)}</div>'

    @property
    def _size(self) -> int:
        return int(self.members.sum())

    def _type(self, name: str) -> str:
        return self.vocabulary.entity_types[name].label

    def _status(self) -> str:
        known = self.vocabulary.protection_statuses[self.protection_status]
        said = f"Protection status: {known.label}."
        if self.is_protected and not known.is_protected:
            said += " To be protected: another reference to the same person says so."
        return said + (" To be protected." if known.is_protected else "")

    def _group(self) -> str:
        if self.community is None:
            return "In no community of this grouping."
        counts = ", ".join(f"{self._type(str(k))} {n:,}" for k, n in self.members.items())
        return f"Community {self.community} of {self._size:,}: {counts}."

    def _measured(self) -> list[tuple[str, ...]]:
        return [(_said(name), *map(_number, row)) for name, *row in self.measures.itertuples()]

    def _between(self) -> list[tuple[object, object]]:
        return list(self.brokerage.items())

    def _typed(self) -> list[tuple[str, ...]]:
        rows = self.relationship_types.itertuples()
        return [(_said(name), *map(_number, row)) for name, *row in rows]

    def _closest(self) -> list[tuple[str, ...]]:
        columns = ["entity_type", "is_protected", "n_relationships", "weight"]
        rows = self.nearest.head(_LISTED)[columns].itertuples()
        return [
            (
                self.names.get(entity, ""),
                self._type(kind) + (", to be protected" if protected else ""),
                *map(_number, row),
            )
            for entity, kind, protected, *row in rows
        ]


def _said(name: object) -> str:
    return str(name).replace("_", " ")


def _number(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    number = float(value)  # type: ignore[arg-type]
    if number != number:  # noqa: PLR0124  NaN
        return "\N{EN DASH}"
    return f"{number:,.0f}" if number == int(number) else f"{number:,.3g}"


def _line(text: str) -> str:
    return f"<p>{escape(text)}</p>"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""

    def row(cells: Sequence[str], tag: str) -> str:
        return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"

    body = "".join(row(cells, "td") for cells in rows)
    return f"<table><thead>{row(head, 'th')}</thead><tbody>{body}</tbody></table>"
