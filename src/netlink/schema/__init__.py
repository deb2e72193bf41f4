"""How a user's columns and words map onto the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from netlink import vocabulary as words
from netlink.errors import SchemaError, near

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENTITY_COLUMNS", "RELATIONSHIP_COLUMNS", "Schema"]

ENTITY_COLUMNS = ("entity_id", "entity_type", "label", "protection_status")
RELATIONSHIP_COLUMNS = (
    "relationship_id",
    "source",
    "target",
    "relationship_type",
    "weight",
    "start",
    "end",
    "confidence",
    "grade",
    "grade_scheme",
    "handling",
    "dataset",
    "document",
)


@dataclass(frozen=True, kw_only=True)
class Schema:
    """How a user's columns and words map onto netlink's.

    A column that is not mapped is looked for under its canonical name; every other column of the
    tables is kept as it is. Words that are not mapped must be the vocabulary's own: nothing is
    guessed.

    Parameters
    ----------
    entity_id, entity_type, label, protection_status : str, optional
        Names of the columns of the entity table.
    relationship_id, source, target, relationship_type, weight : str, optional
        Names of the columns of the relationship table. Without ``relationship_id`` ids are made
        from the content of the rows, so that they do not depend on the order of the rows.
    start, end, confidence, grade, handling, dataset, document : str, optional
        More columns of the relationship table.
    grade_scheme : str, optional
        A scheme of the vocabulary ("admiralty", "5x5x5", "3x5x2") for every row, or the name of
        the column that names it row by row.
    entity_types, relationship_types, protection_statuses : mapping of str to str
        The user's words to the vocabulary's.
    tz : str, optional
        IANA time zone of timestamps that carry none, e.g. "Europe/London". Without it such a
        timestamp is a failure; dates without a time of day need none.
    format : str, optional
        `strptime` format of dates and times that are not ISO 8601, e.g. "%d/%m/%Y".
    encoding : str, optional
        Encoding of text files (CSV, TSV, JSON lines) that are not UTF-8, e.g. "cp1252", "utf-16".
    escaped : bool, default False
        Text cells and column names of CSV and TSV carry the apostrophe of files written for
        spreadsheets, as `netlink.export` writes it: it is taken off again, and no other.
    vocabulary : Vocabulary, optional
        Words of your own, from `netlink.vocabulary.load`.

    Raises
    ------
    SchemaError
        A word mapped to is not in the vocabulary, a column would be read twice, or the time zone
        or the encoding does not exist.

    Examples
    --------
    >>> import netlink as nl
    >>> schema = nl.Schema(source="subject", target="object",
    ...                    relationship_types={"CALL": "communicated"})
    >>> schema.column("source"), schema.column("weight")
    ('subject', 'weight')
    """

    entity_id: str | None = None
    entity_type: str | None = None
    label: str | None = None
    protection_status: str | None = None
    relationship_id: str | None = None
    source: str | None = None
    target: str | None = None
    relationship_type: str | None = None
    weight: str | None = None
    start: str | None = None
    end: str | None = None
    confidence: str | None = None
    grade: str | None = None
    grade_scheme: str | None = None
    handling: str | None = None
    dataset: str | None = None
    document: str | None = None
    entity_types: Mapping[str, str] = field(default_factory=dict)
    relationship_types: Mapping[str, str] = field(default_factory=dict)
    protection_statuses: Mapping[str, str] = field(default_factory=dict)
    tz: str | None = None
    format: str | None = None
    encoding: str | None = None
    escaped: bool = False
    vocabulary: words.Vocabulary = field(default_factory=words.default)

    def __post_init__(self) -> None:
        for part in ("entity_types", "relationship_types", "protection_statuses"):
            known = getattr(self.vocabulary, part)
            mapping = getattr(self, part)
            if not hasattr(mapping, "items"):
                raise SchemaError(
                    f"'{part}' must map the user's words to the vocabulary's, "
                    f"got {type(mapping).__name__}."
                )
            unknown = sorted({str(word) for word in mapping.values()} - set(known))
            if unknown:
                raise SchemaError(
                    f"'{part}' maps to {unknown}, which the vocabulary lacks."
                    f"{near(unknown[0], known)}"
                )
        for name in (*ENTITY_COLUMNS, *RELATIONSHIP_COLUMNS):
            value = getattr(self, name)
            if value is not None and not isinstance(value, str):
                raise SchemaError(
                    f"'{name}' must be the name of a column, got {type(value).__name__}."
                )
        for table in (ENTITY_COLUMNS, RELATIONSHIP_COLUMNS):
            mapped = [value for name in table if (value := getattr(self, name)) is not None]
            twice = sorted({column for column in mapped if mapped.count(column) > 1})
            if twice:
                raise SchemaError(f"The columns {twice} are mapped more than once.")
            for name in table:
                if getattr(self, name) is None and name in mapped:
                    raise SchemaError(
                        f"The column '{name}' is mapped to something else and still stands for "
                        f"'{name}' itself. Map '{name}' too, or rename the column."
                    )
        self._check_text()

    def _check_text(self) -> None:
        if self.tz is not None:
            try:
                ZoneInfo(self.tz)
            except (ZoneInfoNotFoundError, ValueError):
                raise SchemaError(
                    f"'tz' must be an IANA time zone such as 'Europe/London', got '{self.tz}'."
                ) from None
        if not isinstance(self.escaped, bool):
            raise SchemaError(f"'escaped' must be True or False, got {self.escaped!r}.")
        if self.encoding is not None:
            try:
                "".encode(self.encoding)
            except (LookupError, TypeError, ValueError):
                raise SchemaError(
                    "'encoding' must be an encoding that Python knows such as 'cp1252', "
                    f"got {self.encoding!r}."
                ) from None

    def column(self, name: str) -> str:
        """Return the user's name for a canonical column.

        Parameters
        ----------
        name : str
            A canonical column, e.g. "source".

        Returns
        -------
        str

        Examples
        --------
        >>> import netlink as nl
        >>> nl.Schema(label="title").column("label")
        'title'
        """
        mapped = getattr(self, name)
        return name if mapped is None else str(mapped)

    def is_mapped(self, name: str) -> bool:
        """Tell whether the schema names a column itself.

        Parameters
        ----------
        name : str
            A canonical column.

        Returns
        -------
        bool

        Examples
        --------
        >>> import netlink as nl
        >>> nl.Schema(label="title").is_mapped("label")
        True
        """
        return getattr(self, name) is not None

    def __repr__(self) -> str:
        shown = [
            f"{f.name}={getattr(self, f.name)!r}"
            for f in fields(self)
            if f.name != "vocabulary" and getattr(self, f.name)
        ]
        return f"Schema({', '.join(shown)})"
