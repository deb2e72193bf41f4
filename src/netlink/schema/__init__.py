"""How a user's columns and words map onto the vocabulary."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netlink import vocabulary as words
from netlink.schema import checks, proposing, saved
from netlink.schema.proposal import Proposal

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["ENTITY_COLUMNS", "RELATIONSHIP_COLUMNS", "Proposal", "Schema"]

ENTITY_COLUMNS = ("entity_id", "entity_type", "label", "protection_status")
# Checked where a schema maps them; a table of one's own may use the names for something else.
PLACE_COLUMNS = ("latitude", "longitude")
MONEY_COLUMNS = ("amount", "currency")
CLOCK_COLUMNS = ("start_time", "end_time")
RELATIONSHIP_COLUMNS = (
    "relationship_id",
    "source",
    "target",
    "relationship_type",
    "weight",
    "start",
    "end",
    "start_precision",
    "end_precision",
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
    start_precision, end_precision : str, optional
        Columns that say how far a time is known: "year", "month", "day" or "time". Without them it
        is read from the spelling.
    start_time, end_time : str, optional
        Columns of times of day, where those of ``start`` and ``end`` hold the dates alone. Both are
        read as one text with a space between, which ``format`` describes.
    grade_scheme : str, optional
        A scheme of the vocabulary ("admiralty", "5x5x5", "3x5x2") for every row, or the name of
        the column that names it row by row.
    entity_types, relationship_types, protection_statuses : mapping of str to str
        The user's words to the vocabulary's. A word of ``relationship_types`` may mean several at
        once, as a tuple: ``{"Victim Suspect": ("victim_in", "suspect_in")}`` makes two
        relationships of one row, and ``relationship_type_text`` keeps the word.
    participants : mapping of str to str, optional
        For a table whose row is an event with several people or things in it: each column that
        names participants -> the relationship type from them to the event (or a tuple of several),
        e.g. ``{"driver": "involved_in", "passenger": "victim_in"}``. The event becomes an entity,
        each participant has a relationship to it with what the row says (times, document, grade,
        every other column), and the column ``participant`` keeps the name of theirs. An empty cell
        is no participant; a row is used whole or set aside whole.
    event_id : str, optional
        Column of ids of the events; rows of one id speak of one event. Without it an id is made
        from the content of the row, and rows of the same content are events of their own.
    event_type : str, default "event"
        Entity type of the events.
    id_separator : str, optional
        Text between several ids in one cell of a participants' column, e.g. ";"; white space around
        each id is taken off. Without it a cell is one id as it stands.
    end_types : mapping of str to str, optional
        Columns of ends or participants -> the entity type of what stands there, e.g.
        ``{"caller": "phone", "callee": "phone"}``: for ends that no table of entities types, in the
        place of what the relationship types allow. One declared as two types is "unknown".
    tz : str, optional
        IANA time zone of timestamps that carry none, e.g. "Europe/London", and of days, months and
        years. Without it such a timestamp is a failure, and a day is one of UTC.
    format : str, optional
        `strptime` format of dates and times that are not ISO 8601, e.g. "%d/%m/%Y".
    encoding : str, optional
        Encoding of text files (CSV, TSV, JSON lines) that are not UTF-8, e.g. "cp1252", "utf-16".
    delimiter : str, optional
        What separates cells in CSV files that have no commas there, e.g. ";", and in TSV files that
        have no tabs.
    escaped : bool, default False
        Text cells and column names of CSV, TSV and Excel carry the apostrophe of files written for
        spreadsheets, as `netlink.export` writes it: it is taken off again, and no other.
    amount, currency : str, optional
        Columns of relationships that are checked where they are mapped: numbers, and codes of ISO
        4217; `currency` may be a code that holds for every row, e.g. "EUR".
    decimal : {".", ","}, optional
        The decimal sign of numbers that are text: amounts, weights, confidence, coordinates; the
        other sign, spaces and apostrophes may group their digits, as in "1.234,56". Without it such
        a number is a failure, and so is an amount such as "1.234".
    latitude, longitude : str, optional
        Columns of entities in degrees, checked where both are mapped.
    handling_scheme : {"tlp", "5x5x5", "3x5x2"}, optional
        Check handling codes against a scheme, and spell them as it does: "amber" as "TLP:AMBER".
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
    start_precision: str | None = None
    end_precision: str | None = None
    start_time: str | None = None
    end_time: str | None = None
    confidence: str | None = None
    grade: str | None = None
    grade_scheme: str | None = None
    handling: str | None = None
    dataset: str | None = None
    document: str | None = None
    entity_types: Mapping[str, str] = field(default_factory=dict)
    relationship_types: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    protection_statuses: Mapping[str, str] = field(default_factory=dict)
    participants: Mapping[str, str | tuple[str, ...]] = field(default_factory=dict)
    event_id: str | None = None
    event_type: str = "event"
    id_separator: str | None = None
    end_types: Mapping[str, str] = field(default_factory=dict)
    tz: str | None = None
    format: str | None = None
    amount: str | None = None
    currency: str | None = None
    decimal: str | None = None
    latitude: str | None = None
    longitude: str | None = None
    handling_scheme: str | None = None
    encoding: str | None = None
    delimiter: str | None = None
    escaped: bool = False
    vocabulary: words.Vocabulary = field(default_factory=words.default)

    def __post_init__(self) -> None:
        known = {
            "entity_types": self.vocabulary.entity_types,
            "relationship_types": self.vocabulary.relationship_types,
            "protection_statuses": self.vocabulary.protection_statuses,
            "participants": self.vocabulary.relationship_types,
            "end_types": self.vocabulary.entity_types,
        }
        for part, names in known.items():
            object.__setattr__(self, part, checks.words(getattr(self, part), part, names))
        events = {
            "event_id": self.event_id,
            **{f"participants[{c!r}]": c for c in self.participants},
        }
        is_used = [name for name in RELATIONSHIP_COLUMNS if name not in checks.OF_TWO_ENDS]
        own = is_used if self.participants else RELATIONSHIP_COLUMNS
        # The others stand for nothing unless they are mapped.
        places, more = (
            {name: getattr(self, name) for name in names if self.is_mapped(name)}
            for names in (PLACE_COLUMNS, (*MONEY_COLUMNS, *CLOCK_COLUMNS))
        )
        checks.columns(
            {
                "entities": {name: getattr(self, name) for name in ENTITY_COLUMNS} | places,
                "relationships": {name: getattr(self, name) for name in own} | more | events,
            }
        )
        checks.participants(self, self.vocabulary)
        checks.end_types(self)
        checks.spelling(self)
        checks.details(self)

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

    def save(self, path: str | Path, *, vocabulary: str | None = None) -> None:
        """Write the schema to a TOML file.

        The import specification to keep beside the tables: what was mapped, nothing of the data. A
        former file is replaced whole or left as it was.

        Parameters
        ----------
        path : str or pathlib.Path
            The file to write.
        vocabulary : str, optional
            Name of a file of words in the same folder to refer to, which must hold the schema's
            own. Without it words of your own are written into the file.

        Raises
        ------
        ExportError
            The file cannot be written.
        SchemaError
            The vocabulary is not that of the file named, or lacks words of netlink's.

        Examples
        --------
        >>> import pathlib, tempfile, netlink as nl
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "calls.toml"
        >>> nl.Schema(source="caller", target="callee").save(file)
        >>> print(file.read_text())
        # How tables map onto netlink; read with netlink.Schema.load.
        source = "caller"
        target = "callee"
        """
        saved.write(self, Path(path), vocabulary)

    @classmethod
    def load(cls, path: str | Path) -> Schema:
        r"""Read a schema from a TOML file.

        Parameters
        ----------
        path : str or pathlib.Path
            A file as `save` writes it: a key for each argument of `Schema`, tables for those that
            map words. ``vocabulary`` is a table of words as `netlink.vocabulary.load` reads them,
            or the name of such a file in the same folder.

        Returns
        -------
        Schema

        Raises
        ------
        SchemaError
            The file is no TOML, or a key, column or word is none that a schema can have.

        Examples
        --------
        >>> import pathlib, tempfile, netlink as nl
        >>> file = pathlib.Path(tempfile.mkdtemp()) / "calls.toml"
        >>> _ = file.write_text('source = "caller"\n[relationship_types]\nCALL = "communicated"\n')
        >>> nl.Schema.load(file)
        Schema(source='caller', relationship_types={'CALL': 'communicated'})
        """
        return cls(**saved.read(cls, Path(path)))

    @classmethod
    def propose(
        cls,
        entities: Any,
        relationships: Any,
        *,
        vocabulary: words.Vocabulary | None = None,
        encoding: str | None = None,
        delimiter: str | None = None,
    ) -> Proposal:
        """Propose a schema for tables, with reasons.

        A draft for an analyst to go through, never applied by itself: a name that fits can still
        mean something else. Names of columns come first (the same, what other systems call them,
        nearly one of these), then what cells look like: ids of the entities at both ends, dates,
        grades, words of the vocabulary.

        Parameters
        ----------
        entities, relationships : path or data frame
            As for `netlink.read_tables`; entities can be None. All rows are looked at.
        vocabulary : Vocabulary, optional
            Words of your own, from `netlink.vocabulary.load`.
        encoding, delimiter : str, optional
            How text files are written, as in `Schema`; the proposed schema says the same.

        Returns
        -------
        Proposal
            With ``schema``, and what was mapped, what was not, and what to decide by hand.

        Raises
        ------
        SchemaError
            A table cannot be read, or none of its columns has a name that is known.

        Examples
        --------
        >>> import pandas as pd, netlink as nl
        >>> people = pd.DataFrame({"ref": ["007", "8"], "category": ["PERS", "TEL"]})
        >>> links = pd.DataFrame({"subject": ["007"], "object": ["8"], "link": ["uses"]})
        >>> nl.Schema.propose(people, links).schema.entity_types
        {'PERS': 'person', 'TEL': 'phone'}
        """
        vocabulary = words.default() if vocabulary is None else vocabulary
        basis = cls(vocabulary=vocabulary, encoding=encoding, delimiter=delimiter)
        canonical = {"entities": ENTITY_COLUMNS, "relationships": RELATIONSHIP_COLUMNS}
        given = {"entities": entities, "relationships": relationships}
        return proposing.propose(basis, canonical, given)

    def __repr__(self) -> str:
        shown = [
            f"{f.name}={getattr(self, f.name)!r}"
            for f in fields(self)
            if f.name != "vocabulary" and getattr(self, f.name) not in (None, {}, f.default)
        ]
        return f"Schema({', '.join(shown)})"
