"""Tables -> what their columns and words may stand for, each with the reason.

Names come first, the nearer the better; what cells look like decides only where names do not. What
could be two things is left to the analyst.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from netlink.errors import SchemaError
from netlink.schema import names

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netlink.schema.cells import Cells
    from netlink.vocabulary import Vocabulary

_TYPES = {
    "entities": {"entity_type": "entity_types", "protection_status": "protection_statuses"},
    "relationships": {"relationship_type": "relationship_types"},
}
_MANY_WORDS = 100  # a column of more holds no types


@dataclass
class Draft:
    """What was found so far."""

    vocabulary: Vocabulary
    canonical: dict[str, tuple[str, ...]]
    cells: dict[str, dict[str, Cells]]
    mapped: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict)
    words: list[tuple[str, str, str, int, str, str]] = field(default_factory=list)
    undecided: list[str] = field(default_factory=list)
    open: set[str] = field(default_factory=set)  # what several columns could be
    arguments: dict[str, Any] = field(default_factory=dict)

    def free(self, table: str) -> list[str]:
        """Return the columns of a table that stand for nothing yet."""
        taken = {column for column, _ in self.mapped[table].values()}
        return [column for column in self.cells[table] if column not in taken]

    def by_name(self, table: str) -> None:
        """Map columns by their names: the same, what others call them, nearly one of these."""
        known = names.meanings(self.canonical[table], names.synonyms()[table])
        found = self.mapped.setdefault(table, {})
        for level in (0, 1, 2):
            could: dict[str, list[tuple[str, str]]] = {}
            for column in self.free(table):
                meant, reason = _meant(column, known, level)
                if meant and self._is_open(table, meant):
                    could.setdefault(meant, []).append((column, reason))
            for meant, columns in could.items():
                exact = [pair for pair in columns if pair[0] == meant]
                if len(columns) == 1 or exact:
                    found[meant] = (exact or columns)[0]
                else:
                    self._decide_between(columns, meant)

    def _decide_between(self, columns: Iterable[tuple[str, str]], meant: str) -> None:
        if meant not in self.open:
            self.open.add(meant)
            told = " and ".join(f"'{column}'" for column, _ in columns)
            self.undecided.append(f"Which of the columns {told} is '{meant}'?")

    def _is_open(self, table: str, meant: str) -> bool:
        return meant not in self.mapped[table] and meant not in self.open

    def check_header(self, table: str) -> None:
        """Raise where no name is known: the first line may be a person's record."""
        aside = [*names.synonyms()["things"].values(), *names.synonyms()["attributes"].values()]
        known = {names.plain(name) for called in aside for name in called}
        columns = list(self.cells[table])
        if not self.mapped[table] and not known & {names.plain(column) for column in columns}:
            told = (
                "The table must begin with the names of its columns (not shown: they may be data); "
                "map them by hand."
            )
            if len(columns) == 1 and any(mark in columns[0] for mark in ";\t|"):
                told = "The one name holds ';', '|' or a tab: give delimiter=... to read it."
            raise SchemaError(
                f"None of the {len(columns)} columns of the {table} has a name that netlink knows. "
                f"{told}"
            )

    def ends_by_values(self) -> None:
        """Find ends, and what shows that they are right, by the ids of the entities."""
        own, found = self.cells["relationships"], self.mapped["relationships"]
        if "entities" not in self.cells:
            return
        ids = self._entity_ids(own)
        if ids is None:
            return
        inside = {column: cells.inside(ids) for column, cells in own.items()}
        told = {
            c: f"{n:,} of {own[c].n:,} cells are ids of the entities" for c, n in inside.items()
        }
        holds = [c for c in self.free("relationships") if inside[c] * 2 > own[c].n]
        for end in ("source", "target"):
            if end not in found:
                continue
            column, reason = found[end]
            found[end] = (column, f"{reason}; {told[column]}")
            if not inside[column]:
                self.undecided.append(f"'{column}' holds no id of the entities: is it the {end}?")
        lacking = [end for end in ("source", "target") if end not in found]
        if lacking and len(holds) == len(lacking):
            for end, column in zip(lacking, holds, strict=True):
                found[end] = (column, told[column])
            if len(lacking) == 2:
                self.undecided.append(
                    f"'{holds[0]}' was taken for the source because it stands first: is it?"
                )
        elif holds and (lacking or len(holds) > 1):
            told_of = " and ".join(f"'{column}'" for column in holds)
            self.undecided.append(
                f"Ids of the entities stand in {told_of} too: is a row an event with participants, "
                "Schema(participants=...)?"
            )

    def _entity_ids(self, relationships: dict[str, Cells]) -> Cells | None:
        """Return the cells of the ids of the entities, found by their values where need be."""
        own, found = self.cells["entities"], self.mapped["entities"]
        if "entity_id" not in found:
            fits = {
                column: sum(cells.inside(own[column]) for cells in relationships.values())
                for column in self.free("entities")
                if own[column].are_different
            }
            best = max(fits, key=lambda column: fits[column], default=None)
            if best is None or not fits[best]:
                return None
            reason = f"all {own[best].n:,} differ; {fits[best]:,} cells of relationships hold them"
            found["entity_id"] = (best, reason)
        column, reason = found["entity_id"]
        if not own[column].are_different:
            self.undecided.append(f"'{column}' holds some ids more than once.")
        return own[column]

    def times_and_grades(self) -> None:
        """Find a column of dates and one of grades, and what to say of them."""
        own, found = self.cells["relationships"], self.mapped["relationships"]
        dates = [
            (column, f"all {own[column].n:,} cells are dates or times")
            for column in self.free("relationships")
            if own[column].are_dates
        ]
        self._take_only("relationships", "start", dates)
        for end in ("start", "end"):
            if end in found and own[found[end][0]].are_like_dates:
                self.undecided.append(
                    f"'{found[end][0]}' holds dates that are not ISO 8601: give Schema(format=...)."
                )
        local = [found[end][0] for end in ("start", "end") if end in found]
        local = [column for column in local if own[column].need_zone]
        if local:
            told = " and ".join(f"'{column}'" for column in local)
            self.undecided.append(f"{told}: times of day without a zone, give Schema(tz=...).")
        grades = dict(self.vocabulary.grades)
        fits = {c: own[c].schemes(grades) for c in self.free("relationships")}
        graded = [(c, f"all {own[c].n:,} cells are grades") for c, known in fits.items() if known]
        self._take_only("relationships", "grade", graded)
        if "grade" in found and "grade_scheme" not in found:
            schemes = own[found["grade"][0]].schemes(grades)
            if len(schemes) == 1:
                self.arguments["grade_scheme"] = schemes[0]
            else:
                told = f"of {' or '.join(schemes)}" if schemes else "of no scheme netlink knows"
                self.undecided.append(
                    f"'{found['grade'][0]}' holds grades {told}: give Schema(grade_scheme=...)."
                )

    def types(self, table: str) -> None:
        """Find type columns by their words where names did not, and map their words."""
        own, found = self.cells[table], self.mapped[table]
        for name, part in _TYPES[table].items():
            known = names.meanings(
                getattr(self.vocabulary, part), names.synonyms()["words"].get(part, {})
            )
            if name != "protection_status":  # 'No' and 'Unknown' stand in many columns
                reason = "most of its words are of the vocabulary"
                speaking = [(c, reason) for c in self.free(table) if _speaks(own[c], known)]
                self._take_only(table, name, speaking)
            if name in found:
                self._map_words(table, found[name][0], part, known)

    def _take_only(self, table: str, meant: str, columns: list[tuple[str, str]]) -> None:
        """Map the only column that could be something, where names did not say."""
        if columns and self._is_open(table, meant):
            if len(columns) == 1:
                self.mapped[table][meant] = columns[0]
            else:
                self._decide_between(columns, meant)

    def _map_words(
        self, table: str, column: str, part: str, known: dict[str, tuple[str, str]]
    ) -> None:
        cells = self.cells[table][column]
        mapping: dict[str, str | tuple[str, ...]] = {}
        unknown = 0
        for word, rows in cells.ranked():
            found = known.get(names.plain(word))
            parts = names.several(word, known) if part == "relationship_types" else ()
            if word in getattr(self.vocabulary, part):
                self.words.append((table, column, word, rows, word, "word of the vocabulary"))
            elif found or parts:
                meant: str | tuple[str, ...] = found[0] if found else parts
                reason = found[1] if found else "several in one word"
                mapping[word] = meant
                told = meant if isinstance(meant, str) else " and ".join(meant)
                self.words.append((table, column, word, rows, told, reason))
            elif len(cells.values) <= _MANY_WORDS and (near := names.near(word, known)):
                told = " or ".join(dict.fromkeys(known[name][0] for name in near))
                self.words.append((table, column, word, rows, "", f"near {told}"))
                unknown += 1
            else:
                unknown += 1
        if mapping:
            self.arguments[part] = mapping
        if unknown:
            self.undecided.append(
                f"{unknown:,} of the {len(cells.values):,} words in '{column}' have no meaning "
                f"yet: give Schema({part}=...)."
            )

    def untyped_ends(self) -> None:
        """Ask for the types of ends where neither a table nor the relationship types say them."""
        if "entities" in self.cells:
            return
        kinds = self.vocabulary.relationship_types
        meant = {name for *_, told, _ in self.words for name in told.split(" and ") if name}
        ends = ("source", "target")
        wide = [e for e in ends if any(len(getattr(kinds[m], f"{e}_types")) > 1 for m in meant)]
        found = self.mapped["relationships"]
        told = " and ".join(f"'{found[end][0]}'" for end in wide if end in found)
        if told:
            self.undecided.append(
                f"The relationship types leave open what stands in {told}: give a table of "
                "entities or Schema(end_types=...)."
            )

    def notes(self, table: str) -> list[tuple[str, str, str]]:
        """Return the columns that stay as they are, with what their names say."""
        known: dict[str, str] = {}
        for thing, called in names.synonyms()["things"].items():
            told = f"names a {thing.replace('_', ' ')}: to tie people by it, make it an entity"
            known |= {names.plain(name): told for name in called}
        for what, called in names.synonyms()["attributes"].items():
            known |= {names.plain(name): what for name in called}
        return [(table, column, known.get(names.plain(column), "")) for column in self.free(table)]


def _meant(column: str, known: dict[str, tuple[str, str]], level: int) -> tuple[str, str]:
    name = names.plain(column)
    meant, reason = known.get(name, ("", ""))
    if level == 0:
        return (meant, reason) if name == names.plain(meant) else ("", "")
    if level == 1 or meant:
        return meant, reason
    close = names.near(column, [other for other in known if len(other) > 3])
    return (known[close[0]][0], f"nearly '{known[close[0]][0]}'") if close else ("", "")


def _speaks(cells: Cells, known: dict[str, tuple[str, str]]) -> bool:
    """Tell whether most cells hold words that are known."""
    if not 0 < len(cells.values) <= _MANY_WORDS:
        return False
    known = {name: meant for name, meant in known.items() if meant[0] != "unknown"}
    hit = sum(rows for word, rows in cells.ranked() if names.plain(word) in known)
    return hit * 2 > cells.n
