"""What may leave of a case: the tables that writers see, and nothing else."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow.compute as pc

from netlink.export import columns, kinds, values

if TYPE_CHECKING:
    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from netlink.cases import Case
    from netlink.vocabulary import Vocabulary

_KINDS = {"directed": "boolean", "weight": "double", "confidence": "double"}


@dataclass(frozen=True, eq=False, repr=False)
class Published:
    """What may leave of a case: every cell is None, bool, int, float or text."""

    entities: pd.DataFrame  # indexed by entity_id; `named` beside the columns that are written
    relationships: pd.DataFrame  # indexed by relationship_id; `directed` too
    spans: pd.DataFrame  # on the same index: first moment of the start, last one of the end
    leads: pd.DataFrame
    safeguarding: pd.DataFrame
    evidence: pd.DataFrame
    elements: pd.DataFrame
    groups: pd.DataFrame  # `group` by entity_id, the largest is 1
    paths: pd.DataFrame
    profile: pd.DataFrame
    around: tuple[str, ...]
    ids: list[str]  # what the entities of the case are written as, in its order
    names: dict[str, str]  # entity id of the case -> what a picture may write beside it
    vocabulary: Vocabulary
    tz: str  # zone whose days, months and years partial dates are
    counts: dict[str, Any]
    kinds: dict[str, dict[str, kinds.Kind]]  # of the columns of the user's own, by table
    formula: str
    case: Case  # what of it may leave, under its own names: for the manifest and the picture
    kept: dict[tuple[str, str | None], columns.Column] = field(default_factory=dict)
    losses: Counter[tuple[str, str, str, str]] = field(default_factory=Counter)

    @property
    def findings(self) -> dict[str, pd.DataFrame]:
        """What was found, as tables with their ids in a column."""
        return {
            "leads": self.leads.reset_index(),
            "safeguarding": self.safeguarding.reset_index(),
            "evidence": self.evidence,
            "elements": self.elements,
            "groups": self.groups.reset_index(),
            "paths": self.paths,
            "profile": self.profile.reset_index(),
        }

    def lost(self, form: str, part: str, column: str, count: int, reason: str) -> None:
        """Count what a format could not hold."""
        if count:
            self.losses[form, part, column, reason] += count

    def column(self, part: str, column: str | None = None) -> columns.Column:
        """Return a column of "entities" or "relationships" as text; without a name, the ids."""
        key = part, column
        if key not in self.kept:
            table: pd.DataFrame = getattr(self, part)
            self.kept[key] = columns.column(table.index if column is None else table[column])
        return self.kept[key]

    def texts(self, part: str, column: str | None = None) -> pa.StringArray:
        """Return the texts of a column."""
        return self.column(part, column).texts

    def at(self, end: str) -> NDArray[np.intp]:
        """Return the positions in the entity table of the sources or targets."""
        return self.entities.index.get_indexer(pd.Index(self.relationships[end]))

    @property
    def labels(self) -> pa.StringArray:
        """Labels of the entities, and the ids of those that have none."""
        return pc.coalesce(self.texts("entities", "label"), self.texts("entities"))

    def moments(self, form: str, column: str) -> pa.StringArray:
        """Return times for formats without partial dates."""
        found, partial = columns.moments(self.texts("relationships", column))
        reason = "a date known to the day, month or year, written as its first moment in UTC"
        self.lost(form, "relationships", column, partial, reason)
        return found

    def known(self) -> pa.StringArray:
        """Say how far partial dates are known, beside the moments written for them."""
        found = []
        for name in ("start", "end"):
            texts = self.texts("relationships", name)
            is_partial = pc.less(pc.utf8_length(texts), len("2024-01-01T"))
            said = pc.binary_join_element_wise(f"{name}: ", texts, "")
            found.append(pc.if_else(pc.fill_null(is_partial, False), said, None))
        # Arrow leaves out the rows of which every part is missing: an empty part stands first.
        both = pc.binary_join_element_wise("", *found, "; ", null_handling="skip")
        return pc.if_else(pc.equal(both, ""), None, pc.utf8_slice_codeunits(both, 2))

    def kind(self, part: str, column: str) -> str:
        """Return the GraphML type of a column: boolean, long, double or string."""
        if part == "relationships" and column in _KINDS:
            return _KINDS[column]
        table: pd.DataFrame = getattr(self, part)
        return values.kind(table[column], self.column(part, column).types)

    def xml(self, form: str, part: str, column: str) -> pa.StringArray:
        """Return a column as it stands in XML, counting what XML cannot hold."""
        cells = self.texts(part, column)
        self.illegal(form, part, column, cells)
        return columns.xml(cells)

    def illegal(self, form: str, part: str, column: str, cells: pa.StringArray) -> None:
        """Count the characters that XML cannot hold."""
        reason = "characters XML 1.0 cannot hold, spelled like _x000B_"
        self.lost(form, part, column, columns.n_illegal(cells), reason)
