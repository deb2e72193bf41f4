"""FollowTheMoney JSON lines -> entities and relationships."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import product
from typing import TYPE_CHECKING, Any, TypeAlias

from netlink.ingest import details, frames, text_files
from netlink.ingest.graph_files import ftm_model
from netlink.ingest.raw import Malformed, Raw
from netlink.schema import ENTITY_COLUMNS, MONEY_COLUMNS, RELATIONSHIP_COLUMNS

if TYPE_CHECKING:
    from netlink.ingest.caps import Cap
    from netlink.ingest.sources import Source
    from netlink.vocabulary import Vocabulary

    Row: TypeAlias = dict[str, Any]

_ACCOUNTS = ("payerAccount", "beneficiaryAccount")  # more exact ends of a payment, where given
_NUMBER = re.compile(r"-?\d{1,300}(\.\d+)?")  # 1.000,00 and 1,000.00 stay text
_ROW = 200  # bytes that a relationship takes at least
_READ = {"id", "schema", "caption", "properties", "datasets"}
_UNKNOWN = "entities of schemata that FollowTheMoney lacks, as ties"
_LABELS = ("name", "title", "fileName", "username", "full", "iban", "accountNumber", "number")


def read(source: Source, vocabulary: Vocabulary) -> tuple[Raw, Raw]:
    """Read the entities of a file, and the relationships between them."""
    entities: list[Row] = []
    links: list[Row] = []
    references: list[tuple[Row, str, list[str]]] = []
    unknown = 0
    malformed: list[Malformed] = []
    error = None
    try:
        for line, found, reason in text_files.objects(source):
            if found is None or not _is_entity(found):
                at = len(entities) + len(malformed)
                malformed.append(Malformed(at, reason or "object is no FtM entity", line))
            elif _is_link(found):
                links += _link(found, vocabulary, source.cap, len(links))
            else:
                entities.append(_entity(found))
                unknown += found["schema"] not in ftm_model.ENTITIES
                references += _references(entities[-1], found)
    except UnicodeError:
        error = text_files.unreadable_line(source)
    if error is not None:
        raise error
    links += _ties(entities, references)
    nodes = _table(entities, ("entity_id", "entity_type", "label"))
    edges = _table(links, ("relationship_id", "source", "target", "relationship_type"))
    return replace(nodes, malformed=malformed, unread={_UNKNOWN: unknown}), edges


def _is_entity(found: Row) -> bool:
    # What has a property of its own is a statement about an entity.
    properties = found.get("properties", None if "prop" in found else {})
    return (
        isinstance(found.get("id"), str)
        and isinstance(found.get("schema"), str)
        and isinstance(properties, dict)
        and all(
            isinstance(values, list) and all(isinstance(value, str) for value in values)
            for values in properties.values()
        )
    )


def _entity(found: Row) -> Row:
    properties = found.get("properties", {})
    kind = ftm_model.ENTITIES.get(found["schema"], "unknown")
    if found["schema"] == "UserAccount" and properties.get("service") == ["phone"]:
        kind = "phone"
    labels = [properties[name][0] for name in _LABELS if properties.get(name)]
    label = found.get("caption") or next(iter(labels), None)
    row = {"entity_id": found["id"], "entity_type": kind, "label": label}
    return {**row, **_others(found, properties, ENTITY_COLUMNS)}


def _is_link(found: Row) -> bool:
    ends = ftm_model.LINKS.get(found["schema"], ())[:2]
    if found["schema"] == "Call":  # of which often one number is known
        return all(found.get("properties", {}).get(end) for end in ends)
    return bool(ends)


def _references(row: Row, found: Row) -> list[tuple[Row, str, list[str]]]:
    """Return what in the row of an entity may be ties to others."""
    properties = found.get("properties", {})
    return [
        (row, name, texts)
        for name, texts in properties.items()
        if texts and ftm_model.tie(found["schema"], name) is not None
    ]


def _ties(entities: list[Row], references: list[tuple[Row, str, list[str]]]) -> list[Row]:
    """Make relationships of references to entities of the file; others stay in their cells."""
    known = {row["entity_id"] for row in entities}
    ties: list[Row] = []
    for row, name, texts in references:
        there = [text for text in texts if text in known]
        if not there:
            continue
        missing = [text for text in texts if text not in known]
        del row[name]
        if missing:
            row[name] = _cell(missing)
        kind, is_to = ftm_model.tie(row["ftm_schema"], name) or ("related_to", False)
        own: Row = {key: row[key] for key in ("ftm_schema", "dataset") if key in row}
        for at, other in enumerate(there, 1):
            ends = (other, row["entity_id"]) if is_to else (row["entity_id"], other)
            number = "" if len(there) == 1 else f" {at}"
            ties.append(
                {
                    "relationship_id": f"{row['entity_id']} {name}{number}",
                    "source": ends[0],
                    "target": ends[1],
                    "relationship_type": kind,
                    **own,
                    "ftm_property": name,
                }
            )
    return ties


def _link(found: Row, vocabulary: Vocabulary, cap: Cap, n_before: int) -> list[Row]:
    properties = dict(found.get("properties", {}))
    first, second, word, kind = ftm_model.LINKS[found["schema"]]
    ends = (first, second)
    if found["schema"] == "Payment" and all(properties.get(name) for name in _ACCOUNTS):
        ends = _ACCOUNTS
    given = [properties.pop(end, None) or [None] for end in ends]
    cap.check(
        _ROW * (n_before + len(given[0]) * len(given[1]))
    )  # a line of many and many is a bomb
    words = properties.get(word, [])
    meant = words[0].strip().lower().replace(" ", "_") if len(words) == 1 else ""
    if meant in vocabulary.relationship_types:
        kind = meant
        del properties[word]
    pairs = list(product(*given))
    rest = {**_times(properties), **_money(properties)}
    rest |= _others(found, properties, (*RELATIONSHIP_COLUMNS, *MONEY_COLUMNS))
    return [
        {
            "relationship_id": found["id"] if len(pairs) == 1 else f"{found['id']} {at}",
            "source": source,
            "target": target,
            "relationship_type": kind,
            **rest,
        }
        for at, (source, target) in enumerate(pairs, 1)
    ]


def _times(properties: dict[str, list[str]]) -> Row:
    """Take the dates and the record out of the properties, where each is one."""
    row: Row = {}
    for name, place in (
        ("startDate", "start"),
        ("date", "start"),
        ("endDate", "end"),
        ("recordId", "document"),
    ):
        if len(properties.get(name, [])) == 1 and place not in row:
            row[place] = properties.pop(name)[0]
    return row


def _money(properties: dict[str, list[str]]) -> Row:
    """Take amount and currency out of the properties, where each is one that needs no guess."""
    amount, currency = (properties.get(name, []) for name in MONEY_COLUMNS)
    is_one = len(amount) == len(currency) == 1 and currency[0] in details.currencies()
    if not is_one or not _NUMBER.fullmatch(amount[0]):
        return {}
    del properties["amount"], properties["currency"]
    return {"amount": float(amount[0]), "currency": currency[0]}


def _others(found: Row, properties: dict[str, list[str]], canonical: tuple[str, ...]) -> Row:
    row: Row = {"ftm_schema": found["schema"]}
    datasets = found.get("datasets")
    if isinstance(datasets, list) and datasets:
        row["dataset"] = _cell([str(name) for name in datasets])
    for name, value in found.items():
        if name not in _READ and value is not None:
            row[f"ftm_{name}"] = value if isinstance(value, str | int | float) else _json(value)
    for name, values in properties.items():
        if values:
            row[f"ftm_{name}" if name in {*canonical, *row, "dataset"} else name] = _cell(values)
    return row


def _cell(values: list[str]) -> str:
    return values[0] if len(values) == 1 else _json(values)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _table(rows: list[Row], first: tuple[str, ...]) -> Raw:
    names = list(dict.fromkeys([*first, *(name for row in rows for name in row)]))
    return frames.of_rows(names, [[row.get(name) for name in names] for row in rows])
