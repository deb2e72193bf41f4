"""What is told of pseudonyms, and how many of them stand alone by it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink.errors import ExportError
from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from netlink.cases import Case
    from netlink.export.policy import Policy

_STEPS = ("by number of neighbors", "by those of the neighbors", "by those two ties away")
_TOLD = (
    "by type and status",
    "and by the types of their records",
    "and by the dates of those",
    "and by the places of those",
)


def counts(
    case: Case, policy: Policy, entities: pd.DataFrame, relationships: pd.DataFrame
) -> dict[str, Any]:
    """Count what a policy hides, and refuse what a strict one does not allow."""
    hidden = entities[~entities["named"].astype(bool)]
    own = set(case.network.relationships.index)
    cited = {name for names in case.evidence["relationship_ids"] for name in names}
    withheld = {
        part: sorted({str(c) for c in table.columns} - set(canonical) - set(policy.columns))
        for part, table, canonical in (
            ("entities", case.network.entity_table, ENTITY_COLUMNS),
            ("relationships", case.network.relationship_table, RELATIONSHIP_COLUMNS),
        )
    }
    by_ties, by_records = singled_out(entities, relationships), unique(entities, relationships)
    _check(policy, {**by_ties, **by_records})
    return {
        "pseudonyms_of_entities": {
            str(kind): int(n)
            for kind, n in hidden["entity_type"].value_counts().sort_index().items()
        },
        "pseudonyms_singled_out": by_ties,
        "pseudonyms_unique": by_records,
        "pseudonyms_of_relationships": len(set(relationships.index) - own),
        "columns_withheld": withheld,
        "cited_outside_the_case": len(cited - own),
    }


def _check(policy: Policy, counts: dict[str, int]) -> None:
    most = max(counts.values(), default=0)
    if policy.strict and most > policy.most_singled_out:
        raise ExportError(
            f"What is told of them would single out {most:,} pseudonyms, and 'most_singled_out' "
            f"allows {policy.most_singled_out:,}: cut a smaller case, tell less of dates and "
            "places, allow more, or export without 'strict'."
        )


def singled_out(entities: pd.DataFrame, relationships: pd.DataFrame) -> dict[str, int]:
    """Count the pseudonyms that are the only ones of their type with their surroundings.

    Each step refines the one before, as in the test of Weisfeiler and Leman (1968) for isomorphism.
    """
    neighbors: dict[Any, set[Any]] = {name: set() for name in entities.index}
    for a, b in zip(relationships["source"], relationships["target"], strict=True):
        if a != b:
            neighbors[a].add(b)
            neighbors[b].add(a)
    hidden = entities.index[~entities["named"].astype(bool)]
    kinds = entities["entity_type"].to_dict()
    looks: dict[Any, Any] = {name: (kinds[name], len(around)) for name, around in neighbors.items()}
    found = {}
    for step in _STEPS:
        # Numbers in place of nested tuples, which would grow with every step.
        number = {look: at for at, look in enumerate(sorted(set(looks.values())))}
        looks = {name: number[look] for name, look in looks.items()}
        found[step] = _alone(looks, hidden)
        looks = {
            name: (looks[name], tuple(sorted(looks[other] for other in around)))
            for name, around in neighbors.items()
        }
    return found


def unique(entities: pd.DataFrame, relationships: pd.DataFrame) -> dict[str, int]:
    """Count the pseudonyms that are the only ones of whom the same is told.

    Told of a pseudonym are its type, its status and, of a place, where it lies; then of each of its
    records the type and which end it is; then the dates; then the place at the other end. Each
    step adds to the one before, as the quasi-identifiers of Samarati and Sweeney (1998) do.
    """
    is_hidden = ~entities["named"].to_numpy(dtype=bool)
    where = _where(entities)
    own = [entities["entity_type"], entities["protection_status"], where]
    looks = _numbered(own)
    found = {_TOLD[0]: _alone(dict(enumerate(looks)), np.flatnonzero(is_hidden))}
    ends = [entities.index.get_indexer(pd.Index(relationships[n])) for n in ("source", "target")]
    directed = relationships["directed"].to_numpy(dtype=bool)
    at = np.concatenate(ends)
    side = np.concatenate([directed.astype(int), 2 * directed])
    names = ["relationship_type", "start", "end"]
    kind, *dates = (np.tile(relationships[name].fillna("").to_numpy(), 2) for name in names)
    place = where[np.concatenate(ends[::-1])]
    steps = ([kind, side], dates, [place])
    code = np.zeros(len(at), dtype=np.int64)
    for step, columns in zip(_TOLD[1:], steps, strict=True):
        code = _numbered([code, *columns])
        told = _of_each(looks, at, code)
        found[step] = _alone(dict(enumerate(told)), np.flatnonzero(is_hidden))
    return found


def _numbered(columns: list[Any]) -> NDArray[np.int64]:
    """Give rows numbers, those that are alike the same one."""
    if len(columns[0]) == 0:
        return np.zeros(0, dtype=np.int64)
    frame = pd.DataFrame({at: np.asarray(column) for at, column in enumerate(columns)})
    return frame.groupby(list(frame), sort=True).ngroup().to_numpy().astype(np.int64)


def _of_each(
    looks: NDArray[np.int64], at: NDArray[np.intp], code: NDArray[np.int64]
) -> list[tuple[int, bytes]]:
    """Return how each entity looks with its records, whatever their order."""
    order = np.lexsort((code, at))
    bounds = np.searchsorted(at[order], np.arange(len(looks) + 1))
    rows = code[order]
    return [
        (int(look), rows[first:last].tobytes())
        for look, first, last in zip(looks, bounds[:-1], bounds[1:], strict=True)
    ]


def _where(entities: pd.DataFrame) -> NDArray[np.object_]:
    """Return what is told of where each place lies: its id, or what its label says beside it."""
    found = np.full(len(entities), "", dtype=object)
    for at in np.flatnonzero((entities["entity_type"] == "location").to_numpy()).tolist():
        name, label = str(entities.index[at]), str(entities["label"].iloc[at])
        digits = name.rpartition("-")[2]
        of_label = label.partition(digits[:6])[2].removeprefix(digits[6:])
        found[at] = name if entities["named"].iloc[at] else of_label
    return found


def _alone(looks: Mapping[Any, Any], hidden: Iterable[Any]) -> int:
    count = Counter(looks.values())
    return sum(count[looks[name]] == 1 for name in hidden)
