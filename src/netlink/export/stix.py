"""STIX 2.1: people, organizations, accounts and the relationships among them, as a bundle."""

from __future__ import annotations

import json
import re
import uuid
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netlink.export import columns, identifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from netlink.export.published import Published

# What STIX has an object for. It has none for vehicles, and a location must carry coordinates, a
# country or a region.
_IDENTITIES = {"person": "individual", "organisation": "organization", "unknown": "unknown"}
_OBJECTS = {"event": "incident", "device": "infrastructure"}
_ACCOUNTS = {"phone", "account", "online_account"}
_FILES = {"document", "advert"}
# STIX asks when an object was made. That would be the time of writing, and differ with every call.
_MADE = "1970-01-01T00:00:00.000Z"
_OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")  # STIX 2.1, section 2.9
# The statements that STIX 2.1 defines for the Traffic Light Protocol, section 7.2.1.4: version 1.0,
# in which CLEAR is WHITE and AMBER+STRICT is missing: the next narrower takes its place.
_TLP = {
    "white": "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9",
    "green": "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da",
    "amber": "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82",
    "red": "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed",
}
_HELD = {"source", "target", "relationship_type", "start", "end", "confidence", "handling"}


def files(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "stix.json", _text(published)


def _text(published: Published) -> Iterator[str | bytes]:
    ids = identifiers.of(published, "entities").to_pylist()
    kinds = published.entities["entity_type"].tolist()
    names = published.texts("entities").to_pylist()
    labels = published.labels.to_pylist()
    rows = zip(ids, names, kinds, labels, _places(published), strict=True)
    objects = [_entity(*row) for row in rows]
    whole = uuid.uuid5(uuid.NAMESPACE_URL, "\0".join(map(str, ids)))
    yield f'{{"type": "bundle", "id": "bundle--{whole}", "objects": [\n'
    marks = _marks(published)
    written = [*_statements(marks), *(o for o in objects if o is not None)]
    yield ",\n".join(json.dumps(o, ensure_ascii=False, sort_keys=True) for o in written)
    references = pa.array([None if o is None else o["id"] for o in objects], pa.string())
    ends = [references.take(pa.array(published.at(end))) for end in ("source", "target")]
    is_tied = pc.and_(pc.is_valid(ends[0]), pc.is_valid(ends[1])).to_numpy(zero_copy_only=False)
    if is_tied.any():
        yield ",\n"
        mask = pa.array(is_tied)
        pieces = _relationships(published, [end.filter(mask) for end in ends], is_tied)
        pieces += columns.around(', "object_marking_refs": ["', marks.filter(mask), '"]')
        pieces.append("}")
        yield from columns.separated(pieces, int(is_tied.sum()))
    yield "\n]}\n"
    _note(published, objects, is_tied)


def _entity(
    name: str, entity_id: str, kind: str, label: str, place: dict[str, Any] | None
) -> dict[str, Any] | None:
    if kind in _ACCOUNTS:
        known = {"account_type": kind.replace("_", "-"), "account_login": label}
        return _observable("user-account", {**known, "user_id": entity_id})
    if kind in _FILES:
        return {**_observable("file", {"name": label}), "id": f"file--{name}"}
    of, more = _OBJECTS.get(kind), dict[str, Any]()
    if kind in _IDENTITIES:
        of, more = "identity", {"identity_class": _IDENTITIES[kind]}
    elif kind == "location" and place is not None:
        of, more = "location", place
    if of is None:
        return None
    made = {"spec_version": "2.1", "created": _MADE, "modified": _MADE, "name": label}
    return {"type": of, "id": f"{of}--{name}", **made, **more}


def _observable(kind: str, known: dict[str, Any]) -> dict[str, Any]:
    """Return an observable, its id made of what it says, as the standard has it."""
    text = json.dumps(known, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    name = uuid.uuid5(_OBSERVABLES, text)
    return {"type": kind, "spec_version": "2.1", "id": f"{kind}--{name}", **known}


def _places(published: Published) -> Iterator[dict[str, Any] | None]:
    table = published.entities
    empty = [None] * len(table)
    found = {n: table[n].tolist() if n in table else empty for n in _PLACE}
    for point in zip(*found.values(), strict=True):
        place = {n: v for n, v in zip(_PLACE, point, strict=True) if _is_valid(n, v)}
        has_point = {*_MOST} <= {*place}
        if not has_point:
            place = {n: v for n, v in place.items() if n not in _MOST}
        yield place or None


def _is_valid(name: str, value: Any) -> bool:
    """Tell whether a value may stand in a location: degrees, and a name of a country or region."""
    if name in _MOST:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return is_number and abs(value) <= _MOST[name]
    return isinstance(value, str) and value != ""


_MOST = {"latitude": 90, "longitude": 180}
_PLACE = (*_MOST, "country", "region")


def _relationships(
    published: Published, ends: list[pa.StringArray], kept: NDArray[np.bool_]
) -> list[columns.Piece]:
    mask = pa.array(kept)
    times = [published.moments("stix", name).filter(mask) for name in ("start", "end")]
    words = published.texts("relationships", "relationship_type").filter(mask)
    own = identifiers.of(published, "relationships").filter(mask)
    kind = columns.mapped(words, _ANY, _word)
    pieces: list[columns.Piece] = ['{"type": "relationship", "spec_version": "2.1", "id": ']
    pieces += ['"relationship--', own, f'", "created": "{_MADE}", "modified": "{_MADE}", ']
    pieces += ['"relationship_type": "', kind, '", "source_ref": "', ends[0], '", "target_ref": "']
    pieces += [ends[1], '"']
    start, end = (columns.mapped(column, _ANY, _moment) for column in times)
    # It must end after it starts: a moment is written as its start.
    end = pc.if_else(pc.fill_null(pc.greater(end, start), True), end, None)
    pieces += columns.around(', "start_time": "', start, '"')
    pieces += columns.around(', "stop_time": "', end, '"')
    pieces += columns.around(', "description": "', published.known().filter(mask), '"')
    sure = [
        None if c is None else str(round(100 * c)) for c in published.relationships["confidence"]
    ]
    pieces += columns.around(', "confidence": ', pa.array(sure, pa.string()).filter(mask), "")
    return pieces


def _marks(published: Published) -> pa.StringArray:
    """Return the marking that each relationship refers to; missing where its code is not of TLP."""
    marks = columns.mapped(published.texts("relationships", "handling"), _ANY, _marking)
    return pc.if_else(pc.equal(marks, ""), None, marks)


def _marking(handling: str) -> str:
    codes = {part.strip().upper().replace(" ", "") for part in handling.split(";")}
    is_meant = {
        "red": {"TLP:RED", "TLP:AMBER+STRICT"},
        "amber": {"TLP:AMBER"},
        "green": {"TLP:GREEN"},
        "white": {"TLP:WHITE", "TLP:CLEAR"},
    }
    return next((_TLP[word] for word, known in is_meant.items() if codes & known), "")


def _statements(marks: pa.StringArray) -> list[dict[str, Any]]:
    """Return the markings that relationships refer to, as the standard gives them."""
    used = set(marks.drop_null().to_pylist())
    return [
        {
            **{"type": "marking-definition", "spec_version": "2.1", "id": name},
            **{"created": "2017-01-20T00:00:00.000Z", "definition_type": "tlp"},
            **{"name": f"TLP:{word.upper()}", "definition": {"tlp": word}},
        }
        for word, name in _TLP.items()
        if name in used
    ]


_ANY = (bytes(range(256)), "")


def _word(kind: str) -> str:
    return re.sub("[^a-z0-9-]", "-", kind.lower())


def _moment(text: str) -> str:
    return text.replace("+00:00", "Z")


def _note(
    published: Published, objects: list[dict[str, Any] | None], is_tied: NDArray[np.bool_]
) -> None:
    left = sum(o is None for o in objects)
    published.lost("stix", "entities", "", left, "no object for the type in STIX: left out")
    reason = "an end has no object in STIX: left out"
    published.lost("stix", "relationships", "", int((~is_tied).sum()), reason)
    codes = published.texts("relationships", "handling")
    unmarked = len(codes) - codes.null_count
    unmarked -= len(codes) - _marks(published).null_count
    published.lost("stix", "relationships", "handling", unmarked, "no code of TLP")
    strict = pc.sum(pc.match_substring(codes, "AMBER+STRICT", ignore_case=True)).as_py() or 0
    reason = "TLP:AMBER+STRICT is missing in STIX 2.1: written as TLP:RED, which is narrower"
    published.lost("stix", "relationships", "handling", strict, reason)
    tables = {"entities": published.entities, "relationships": published.relationships}
    for part, table in tables.items():
        held = _HELD if part == "relationships" else {"named", "label", "entity_type"}
        for name in table.columns:
            if name not in held:
                count = int(table[name].notna().sum())
                if part == "entities" and name in _PLACE:
                    count -= sum(name in o for o in objects if o is not None)
                published.lost("stix", part, name, count, "no property for it in STIX")
