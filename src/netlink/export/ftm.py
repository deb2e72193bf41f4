"""FollowTheMoney JSON lines, and a table of what its schemata have no place for."""

from __future__ import annotations

import hashlib
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any, TypeAlias

import pandas as pd

from netlink.export import values
from netlink.export.csv_tables import table

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.export.published import Published

# Schema of an entity, and the property that its label goes to.
_ENTITIES = {
    "person": ("Person", "name"),
    "organisation": ("Organization", "name"),
    "phone": ("UserAccount", "username"),  # there is no schema for a phone
    "online_account": ("UserAccount", "username"),
    "account": ("BankAccount", "name"),
    "vehicle": ("Vehicle", "name"),
    "location": ("Address", "name"),
    "advert": ("Document", "fileName"),
    "event": ("Event", "name"),
    "document": ("Document", "fileName"),
    "device": ("Asset", "name"),
    "unknown": ("LegalEntity", "name"),
}
_OTHER = ("Asset", "name")  # a type of the user's own that is an object
_LEGAL = {"Person", "Organization", "LegalEntity"}
_Link: TypeAlias = tuple[str, str, set[str], str, set[str], str]
# Schema of a relationship: its properties for both ends and what may stand there, and the property
# for the word. Where the ends are others it is an UnknownLink.
_LINKS: dict[str, _Link] = {
    "family": ("Family", "person", {"Person"}, "relative", {"Person"}, "relationship"),
    "associate_of": ("Associate", "person", {"Person"}, "associate", {"Person"}, "relationship"),
    "knows": ("Associate", "person", {"Person"}, "associate", {"Person"}, "relationship"),
    "works_with": ("Associate", "person", {"Person"}, "associate", {"Person"}, "relationship"),
    "employed_by": ("Employment", "employee", {"Person"}, "employer", {"Organization"}, "role"),
    "member_of": ("Membership", "member", _LEGAL, "organization", {"Organization"}, "role"),
    "owns": ("Ownership", "owner", _LEGAL, "asset", {"Asset", "BankAccount", "Vehicle"}, "role"),
    "paid": ("Payment", "payer", _LEGAL, "beneficiary", _LEGAL, "purpose"),
}
_UNKNOWN: _Link = ("UnknownLink", "subject", set(), "object", set(), "role")
_REFERENCE = re.compile(r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?")
_encoded = json.JSONEncoder(ensure_ascii=False, allow_nan=False, sort_keys=True).encode
_GRADES = ["confidence", "grade", "grade_scheme", "handling", "weight", "dataset"]
_MONEY = ("amount", "currency")
_OWN_PLACES = {"source", "target", "directed", "relationship_type", "start", "end", "document"}


def files(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of each file and its text, piece by piece."""
    yield "ftm.jsonl", _lines(published)
    yield "ftm_grades.csv", _grades(published)


def _lines(published: Published) -> Iterator[str]:
    schemata = {}
    for name, row in values.rows(published.entities):
        schema, place = _schema(published, row["entity_type"])
        schemata[name] = schema
        label = str(row["label"] or name)
        properties = {place: [label]}
        if schema == "UserAccount":
            properties["service"] = [str(row["entity_type"]).replace("_", " ")]
        yield _line(_reference(name), schema, properties)
    holders = _holders(published, schemata)
    placed = dict.fromkeys(_MONEY, 0)
    for name, row in values.rows(published.relationships):
        schema, properties = _link(row, schemata, holders)
        placed = {column: n + (column in properties) for column, n in placed.items()}
        yield _line(_own_reference(name, schemata), schema, properties)
    for column in [
        c for c in published.entities.columns if c not in {"entity_type", "label", "named"}
    ]:
        count = int(published.entities[column].notna().sum())
        published.lost("ftm", "entities", str(column), count, "no property for it in the schema")
    for column in ("start", "end"):
        texts = published.relationships[column].dropna()
        count = sum(text[19:20] == "." for text in texts)
        published.lost("ftm", "relationships", column, count, "fractions of a second")
    for column in [c for c in published.relationships.columns if c not in _OWN_PLACES]:
        count = int(published.relationships[column].notna().sum()) - placed.get(str(column), 0)
        reason = (
            "in ftm_grades.csv alone" if column in _GRADES else "no property for it in the schema"
        )
        published.lost("ftm", "relationships", str(column), count, reason)


def _schema(published: Published, kind: Any) -> tuple[str, str]:
    if kind in _ENTITIES:
        return _ENTITIES[kind]
    return _OTHER if published.vocabulary.entity_types[kind].is_object else _ENTITIES["unknown"]


def _holders(published: Published, schemata: dict[str, str]) -> dict[str, list[str]]:
    """Collect who holds each bank account."""
    found: dict[str, list[str]] = {}
    rows = published.relationships
    rows = rows[rows["relationship_type"].isin(["owns", "uses"])]
    for holder, held in zip(rows["source"], rows["target"], strict=True):
        if schemata[holder] in _LEGAL:
            found.setdefault(held, []).append(_reference(holder))
    return {name: sorted(set(names)) for name, names in found.items()}


def _link(
    row: dict[str, Any], schemata: dict[str, str], holders: dict[str, list[str]]
) -> tuple[str, dict[str, list[str]]]:
    kind = str(row["relationship_type"])
    ends = schemata[row["source"]], schemata[row["target"]]
    found = _LINKS.get(kind, _UNKNOWN)
    if kind == "paid" and ends == ("BankAccount", "BankAccount"):
        parties = holders.get(row["source"]), holders.get(row["target"])
        if parties[0] and parties[1]:  # a Payment must name who pays and who is paid
            return _payment(row, parties[0], parties[1])
    if not (ends[0] in found[2] and ends[1] in found[4]):
        found = _UNKNOWN
    schema, first, _, second, _, word = found
    properties = {
        first: [_reference(row["source"])],
        second: [_reference(row["target"])],
        word: [kind.replace("_", " ")],
        **_interval(row),
    }
    return schema, properties | (_money(row) if schema == "Payment" else {})


def _payment(
    row: dict[str, Any], payer: list[str], beneficiary: list[str]
) -> tuple[str, dict[str, list[str]]]:
    properties = {
        "payer": payer,
        "beneficiary": beneficiary,
        "payerAccount": [_reference(row["source"])],
        "beneficiaryAccount": [_reference(row["target"])],
        "purpose": ["paid"],
        **_interval(row),
        **_money(row),
    }
    return "Payment", properties


def _money(row: dict[str, Any]) -> dict[str, list[str]]:
    """Return amount and currency of a payment, where they leave and are a number and a word."""
    amount, currency = (row.get(column) for column in _MONEY)
    if isinstance(amount, bool) or not isinstance(amount, int | float) or values.is_wide(amount):
        return {}
    found = {"amount": [f"{Decimal(repr(amount)):f}"]}
    return found | ({"currency": [currency]} if isinstance(currency, str) and currency else {})


def _interval(row: dict[str, Any]) -> dict[str, list[str]]:
    found = {}
    if row["start"] is not None and row["end"] is not None:
        found = {"startDate": [row["start"][:19]], "endDate": [row["end"][:19]]}
    elif row["start"] is not None:
        found = {"date": [row["start"][:19]]}
    elif row["end"] is not None:
        found = {"endDate": [row["end"][:19]]}
    if row["document"] is not None:
        found["recordId"] = [str(row["document"])]
    return found


def _reference(name: Any) -> str:
    """Return an id that FollowTheMoney takes; another one, where it would drop it."""
    text = str(name)
    if _REFERENCE.fullmatch(text) and not text.startswith("id-"):
        return text
    return f"id-{hashlib.sha256(text.encode('utf-8')).hexdigest()[:32]}"


def _own_reference(name: str, entities: dict[str, str]) -> str:
    """Return the id of a relationship: here it must differ from those of entities too."""
    return _reference(f"relationship {name}" if name in entities else name)


def _line(name: str, schema: str, properties: dict[str, list[str]]) -> str:
    return _encoded({"id": name, "schema": schema, "properties": properties}) + "\n"


def _grades(published: Published) -> Iterator[str | bytes]:
    entities, rows = published.entities, published.relationships
    known = dict.fromkeys(entities.index, "")
    cells = {
        "ftm_id": [
            *map(_reference, entities.index),
            *(_own_reference(name, known) for name in rows.index),
        ],
        "table": ["entities"] * len(entities) + ["relationships"] * len(rows),
        "id": [*entities.index, *rows.index],
        "type": [*entities["entity_type"], *rows["relationship_type"]],
        "protection_status": [*entities["protection_status"], *[None] * len(rows)],
    }
    cells |= {name: [*[None] * len(entities), *rows[name]] for name in _GRADES}
    return table(pd.DataFrame(cells, dtype=object), published)
