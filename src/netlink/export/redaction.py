"""A case and a policy -> tables that may leave. Writers see nothing else."""

from __future__ import annotations

import hmac
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, ExportError, near
from netlink.export import (
    coarser,
    digest,
    disclosure,
    handling,
    kinds,
    naming,
    suppression,
)
from netlink.export.published import Published
from netlink.export.values import plain
from netlink.network import periods
from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.cases import Case
    from netlink.export.policy import Policy

_TEXTS = ["handling", "dataset", "document"]
_SHOWN = 6  # digits of a pseudonym in a label


class _Pseudonyms:
    """Keyed names, under a key of its own for each kind of thing."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def of(self, kind: str, value: str) -> str:
        own = hmac.digest(self._key, b"netlink pseudonyms: " + kind.encode(), "sha256")
        found = hmac.digest(own, value.encode("utf-8", "surrogatepass"), "sha256")
        return f"{kind.replace('_', '-')}-{found.hex()[:16]}"


class _Redaction:
    """The decisions of one export: who is hidden, under what, and which texts are replaced."""

    def __init__(self, case: Case, policy: Policy) -> None:
        self.network = case.source
        self.policy = policy
        allowed, self.withheld = handling.withhold(case, policy)
        self.case = coarser.coarsen(allowed, policy)
        hidden = naming.hidden(case, policy)
        self.hidden, self.is_place = coarser.without_a_name(self.network, hidden, policy)
        self.mentions = naming.mentions(self.network, self.hidden | self.withheld.entities)
        # Whoever has a name keeps it under a pseudonym where the id tells somebody else's.
        self.away = self.hidden | naming.telling_ids(self.network, self.hidden, self.mentions)
        self.pseudonyms = _Pseudonyms(_key(case, policy))
        self.replaced: Counter[str] = Counter()
        self._relationships: dict[str, str] = {}
        self._mentioned: dict[tuple[str, bool], bool] = {}

    def entity(self, names: Iterable[str]) -> list[str]:
        """Return the ids that entities go by."""
        # The ends of relationships name few entities many times.
        at, rows = np.unique(self.network.positions(_listed(names)), return_inverse=True)
        kinds = self.network.entity_table["entity_type"].iloc[at]
        own = self.network.entities.index[at]
        found = [
            self.pseudonyms.of(kind, name) if is_away else name
            for name, kind, is_away in zip(own, kinds, self.away[at], strict=True)
        ]
        return [found[row] for row in rows.tolist()]

    def relationship(self, names: Iterable[str]) -> list[str]:
        """Return the ids that relationships go by."""
        names = _listed(names)
        new = [name for name in names if name not in self._relationships]
        at = self.network.relationships.index.get_indexer(pd.Index(new, dtype="str"))
        source, target = self.network.codes
        touches = self.away[source[at]] | self.away[target[at]]
        # The ids that netlink makes are hashes over the whole row: dates can be tried against them.
        touches |= self.policy.dates is not None
        for name, is_touched in zip(new, touches, strict=True):
            is_hidden = is_touched or self.mentions.found_in(name)
            found = self.pseudonyms.of("relationship", name) if is_hidden else name
            self._relationships[name] = found
        return [self._relationships[name] for name in names]

    def text(self, value: Any, column: str, *, whole: bool = False) -> Any:
        """Return a value, or a pseudonym where it tells what may not leave.

        That is who somebody without a name is, and dates finer than the policy lets leave.
        """
        if not isinstance(value, str):
            return value
        # Documents, datasets and codes stand in many rows.
        known = self._mentioned.get((value, whole))
        if known is None:
            known = self.mentions.found_in(value, whole=whole) or coarser.finer(value, self.policy)
            self._mentioned[value, whole] = known
        if not known:
            return value
        self.replaced[column] += 1
        return self.pseudonyms.of(column, value)

    def cell(self, value: Any, column: str) -> Any:
        """Return a cell of a column of the user's own; a list stays one."""
        known = plain(value)
        if isinstance(known, int | float) and self.mentions.is_number(known):
            self.replaced[column] += 1
            return self.pseudonyms.of(column, f"{known:.0f}")
        found = self.text(known, column)
        is_listed = found is not known and not isinstance(value, str) and kinds.is_nested(value)
        return json.dumps([found]) if is_listed else found

    def label(self, value: Any) -> Any:
        """Return the label of somebody with a name; it may speak of another, or be a namesake's."""
        if not isinstance(value, str):
            return value
        if self.mentions.is_one(value) and not coarser.finer(value, self.policy):
            return value
        return self.text(value, "label", whole=True)


def publish(case: Case, policy: Policy) -> Published:
    """Apply a policy to a case."""
    _check_columns(case, policy)
    coarser.check(case, policy)
    redaction = _Redaction(case, policy)
    case = redaction.case
    entities = _entities(case, policy, redaction)
    relationships = _relationships(case, policy, redaction)
    counts = disclosure.counts(case, policy, entities, relationships)
    ids = redaction.away & ~redaction.hidden
    redaction.replaced["entity_id"] += int(
        ids[case.source.positions(case.network.entities.index)].sum()
    )
    counts["columns_withheld"] = {
        part: sorted(redaction.text(name, "column", whole=True) for name in names)
        for part, names in counts["columns_withheld"].items()
    }
    counts["texts_replaced"] = {name: n for name, n in sorted(redaction.replaced.items()) if n}
    counts["by_handling"] = suppression.withheld(redaction.withheld.counts, policy)
    shown = list(dict.fromkeys([*case.leads.index, *case.safeguarding.index, *case.around]))
    labels = entities["label"].fillna(entities.index.to_series())
    return Published(
        entities=entities,
        relationships=relationships,
        spans=_spans(case, redaction),
        leads=_findings(case.leads, redaction),
        safeguarding=_findings(case.safeguarding, redaction),
        evidence=_evidence(case, redaction),
        elements=_cited(case.elements.copy(), redaction),
        groups=_groups(case, redaction),
        paths=_paths(case, redaction),
        profile=_findings(case.profile, redaction).sort_index(kind="stable"),
        around=tuple(sorted(redaction.entity(case.around))),
        ids=redaction.entity(case.network.entities.index),
        names=dict(zip(shown, labels[redaction.entity(shown)], strict=True)),
        vocabulary=case.source.vocabulary,
        tz=case.network.tz,
        counts=counts,
        kinds=_kinds(case, policy),
        formula=policy.formula,
        case=case,
    )


def _key(case: Case, policy: Policy) -> bytes:
    if policy.key is not None:
        of = b"netlink release: " + policy.release.encode("utf-8", "surrogatepass")
        return hmac.digest(policy.key, of, "sha256") if policy.release else policy.key
    # The manifest gives digests of the same tables: another purpose makes this one unknown.
    asked: tuple[object, ...] = (case.hops, case.max_degree, policy.recipient)
    if policy.dates is not None or policy.places is not None:
        asked += (policy.dates, policy.places)
    own = repr(asked).encode()
    purpose = b"netlink pseudonyms of one case\0" + own
    parts = (digest.entities, digest.relationships)
    return b"".join(part(case.network, purpose=purpose) for part in parts)


def _check_columns(case: Case, policy: Policy) -> None:
    known = {str(name) for name in case.source.entity_table.columns} - {*ENTITY_COLUMNS}
    known |= {str(name) for name in case.source.relationship_table.columns} - {
        *RELATIONSHIP_COLUMNS
    }
    for name in policy.columns:
        if name in ("named", "directed"):
            raise ArgumentError(
                f"'columns' names '{name}', under which netlink writes what it says itself; rename "
                "the column of your own."
            )
        if name not in known:
            raise ArgumentError(
                f"'columns' names '{name}', which is no column of your own in either table."
                f"{near(name, known)}"
            )


def _own(table: pd.DataFrame, canonical: tuple[str, ...], policy: Policy) -> list[str]:
    return sorted(set(policy.columns) & {str(c) for c in table.columns} - set(canonical))


def _kinds(case: Case, policy: Policy) -> dict[str, dict[str, kinds.Kind]]:
    tables = {
        "entities": (case.network.entity_table, ENTITY_COLUMNS),
        "relationships": (case.network.relationship_table, RELATIONSHIP_COLUMNS),
    }
    return {
        part: {name: kinds.of(table[name]) for name in _own(table, canonical, policy)}
        for part, (table, canonical) in tables.items()
    }


def _listed(values: Iterable[Any]) -> list[Any]:
    """Return a list; pandas gives the cells of a column one by one only slowly."""
    return values.tolist() if isinstance(values, pd.Series | pd.Index) else list(values)


def _objects(values: Iterable[Any]) -> NDArray[np.object_]:
    """Keep plain values as they are: pandas would make numbers of what is mixed."""
    if isinstance(values, pd.Series) and (
        isinstance(values.dtype, pd.StringDtype) or values.dtype == np.float64
    ):
        cells: NDArray[np.object_] = values.to_numpy().astype(object)
        cells[values.isna().to_numpy()] = None
        return cells
    listed = [plain(value) for value in _listed(values)]
    found = np.empty(len(listed), dtype=object)
    found[:] = listed
    return found


def _entities(case: Case, policy: Policy, redaction: _Redaction) -> pd.DataFrame:
    table = case.network.entities
    hidden = redaction.hidden[redaction.network.positions(table.index)]
    names = pd.Index(redaction.entity(table.index), name="entity_id", dtype="str")
    if not names.is_unique:
        raise ExportError("Two entities would get one pseudonym; give the policy another key.")
    kinds = redaction.network.vocabulary.entity_types
    is_place = redaction.is_place[redaction.network.positions(table.index)]
    lies = iter(coarser.said(table[is_place], policy))
    short = Counter(name.rpartition("-")[2][:_SHOWN] for name in names[hidden])
    labels = []
    for label, name, kind, is_hidden, at_place in zip(
        table["label"], names, table["entity_type"], hidden, is_place, strict=True
    ):
        if is_hidden:
            where = next(lies) if at_place else ""
            digits = name.rpartition("-")[2]
            # Two people of one label would be taken for one.
            shown = digits[:_SHOWN] if short[digits[:_SHOWN]] == 1 else digits
            labels.append(f"{kinds[kind].label} {shown}{where}")
        else:
            labels.append(redaction.label(plain(label)))
    columns = {
        "entity_type": _objects(table["entity_type"]),
        "label": _objects(labels),
        "protection_status": _objects(table["protection_status"]),
        "named": _objects(~hidden),
    }
    for name in _own(table, ENTITY_COLUMNS, policy):
        away = hidden & ~is_place if name in coarser.told(policy) else hidden
        columns[name] = _objects(
            None if is_away else redaction.cell(value, name)
            for value, is_away in zip(table[name], away, strict=True)
        )
    # In the order of the ids that are written: the order of the others says something of them.
    return pd.DataFrame(columns, index=names, dtype=object).sort_index()


def _relationships(case: Case, policy: Policy, redaction: _Redaction) -> pd.DataFrame:
    table = case.network.relationships
    names = pd.Index(redaction.relationship(table.index), name="relationship_id", dtype="str")
    kinds = redaction.network.vocabulary.relationship_types
    directed = table["relationship_type"].map({w: k.directed for w, k in kinds.items()})
    ends = [redaction.entity(table[end]) for end in ("source", "target")]
    sided = [
        (a, b) if is_directed or a <= b else (b, a)
        for a, b, is_directed in zip(*ends, directed, strict=True)
    ]
    columns = {
        "source": _objects(a for a, _ in sided),
        "target": _objects(b for _, b in sided),
        "directed": _objects(directed),
    }
    # How far a time is known shows in how it is written.
    apart = {"relationship_id", "start_precision", "end_precision", *columns}
    rest = [name for name in RELATIONSHIP_COLUMNS if name not in apart]
    for name in rest + _own(table, RELATIONSHIP_COLUMNS, policy):
        if name in {"start", "end"}:
            values = periods.texts(table[name], table[f"{name}_precision"], case.network.tz)
        elif name not in RELATIONSHIP_COLUMNS:
            values = _objects(redaction.cell(value, name) for value in table[name])
        else:
            values = _objects(table[name])
        if name in _TEXTS:
            values = _objects(redaction.text(value, name) for value in values)
        elif name == "grade":  # one of a scheme is checked to be a grade
            free = table["grade_scheme"].isna()
            values = _objects(
                redaction.text(value, name) if is_free else value
                for value, is_free in zip(values, free, strict=True)
            )
        columns[name] = values
    return pd.DataFrame(columns, index=names, dtype=object).sort_index()


def _spans(case: Case, redaction: _Redaction) -> pd.DataFrame:
    table = case.network.spans
    names = pd.Index(redaction.relationship(table.index), name="relationship_id", dtype="str")
    columns = {name: _moments(table[name]) for name in ("start_first", "end_last")}
    return pd.DataFrame(columns, index=names, dtype=object).sort_index()


def _moments(times: pd.Series) -> NDArray[np.object_]:
    found = np.full(len(times), None, dtype=object)
    is_there = times.notna().to_numpy()
    found[is_there] = periods.written(times[is_there])
    return found


def _findings(table: pd.DataFrame, redaction: _Redaction) -> pd.DataFrame:
    names = pd.Index(redaction.entity(table.index), name="entity_id", dtype="str")
    return table.set_axis(names)


def _evidence(case: Case, redaction: _Redaction) -> pd.DataFrame:
    table = case.evidence.copy()
    table["person"] = redaction.entity(table["person"])
    table = _cited(table, redaction)
    return table.sort_values("person", kind="stable", ignore_index=True)


def _groups(case: Case, redaction: _Redaction) -> pd.DataFrame:
    """Give the groups numbers: the largest first, then by the smallest id that is written."""
    labels = case.groups.labels
    names = pd.Index(redaction.entity(labels.index), name="entity_id", dtype="str")
    table = pd.DataFrame({"label": labels.to_numpy(), "name": names})
    order = table.groupby("label")["name"].agg(["size", "min"])
    order = order.sort_values(["size", "min"], ascending=[False, True])
    number = pd.Series(range(1, len(order) + 1), index=order.index)
    return pd.DataFrame({"group": number[table["label"]].to_numpy()}, index=names).sort_index()


def _paths(case: Case, redaction: _Redaction) -> pd.DataFrame:
    """Write paths in the order of the ids that are written."""
    table = case.paths.copy()
    table["entity_id"] = redaction.entity(table["entity_id"])
    is_hop = table["relationship_id"].notna()
    hops = redaction.relationship(table["relationship_id"][is_hop])
    table["relationship_id"] = pd.Series(hops, index=table.index[is_hop], dtype=object)
    table = _cited(table, redaction)
    way = table.groupby("path")["entity_id"].agg(list)
    ways = sorted(way.index, key=lambda path: (way[path], path))
    number = {path: at for at, path in enumerate(ways, 1)}
    table["path"] = [number[path] for path in table["path"]]
    return table.sort_values(["path", "step"], ignore_index=True)


def _cited(table: pd.DataFrame, redaction: _Redaction) -> pd.DataFrame:
    """Give the records and documents that a table cites the names they go by."""
    table["relationship_ids"] = [
        sorted(redaction.relationship(ids)) for ids in table["relationship_ids"]
    ]
    table["documents"] = [
        sorted({redaction.text(plain(name), "document") for name in names})
        for names in table["documents"]
    ]
    return table
