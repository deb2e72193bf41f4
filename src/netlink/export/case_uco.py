"""CASE/UCO 1.x JSON-LD: entities as UCO objects, relationships with their times and documents."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from netlink.export import columns, identifiers

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.export.published import Published

_UCO = "https://ontology.unifiedcyberontology.org/uco"
_CONTEXT = {
    "kb": "http://example.org/kb/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    **{f"uco-{part}": f"{_UCO}/{part}/" for part in ("core", "identity", "location", "observable")},
}
# Class of an entity, and the facet that holds what it is known by.
_CLASSES = {
    "person": ("uco-identity:Person", None),
    "organisation": ("uco-identity:Organization", None),
    "phone": ("uco-observable:PhoneAccount", ("PhoneAccountFacet", "phoneNumber")),
    "account": ("uco-observable:Account", ("AccountFacet", "accountIdentifier")),
    "online_account": ("uco-observable:DigitalAccount", ("AccountFacet", "accountIdentifier")),
    "location": ("uco-location:Location", None),
    "device": ("uco-observable:Device", None),
    "event": ("uco-core:Event", None),
    "document": ("uco-observable:ObservableObject", None),
    "advert": ("uco-observable:ObservableObject", None),
    "unknown": ("uco-identity:Identity", None),
}
_OTHER: tuple[str, None] = ("uco-core:UcoObject", None)
_REFERENCES = (("document", "externalIdentifier"), ("dataset", "definingContext"))
_HELD = {"source", "target", "directed", "relationship_type", "start", "end", "document", "dataset"}


def files(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "case_uco.jsonld", _text(published)


def _text(published: Published) -> Iterator[str | bytes]:
    yield f'{{"@context": {json.dumps(_CONTEXT)},\n"@graph": [\n'
    ids = identifiers.of(published, "entities")
    kinds = published.entities["entity_type"].tolist()
    labels = columns.json_texts(published.labels).to_pylist()
    rows = zip(ids.to_pylist(), kinds, labels, strict=True)
    yield ",\n".join(_entity(name, str(kind), label) for name, kind, label in rows)
    if len(published.relationships):
        yield ",\n"
    yield from columns.separated(_relationships(published, ids), len(published.relationships))
    yield "\n]}\n"
    _note(published)


def _id(kind: str, name: str) -> str:
    return f"kb:{kind.replace('_', '-')}-{name}"


def _entity(name: str, kind: str, label: str) -> str:
    of, facet = _CLASSES.get(kind, _OTHER)
    known = f'"uco-core:name": "{label}"'
    tag = f'"uco-core:tag": "{kind}"'
    if facet is not None:
        place, word = facet
        known += (
            f', "uco-core:hasFacet": {{"@id": "{_id("facet", name)}", '
            f'"@type": "uco-observable:{place}", "uco-observable:{word}": "{label}"}}'
        )
    return f'{{"@id": "{_id("entity", name)}", "@type": "{of}", {known}, {tag}}}'


def _relationships(published: Published, ids: pa.StringArray) -> list[columns.Piece]:
    ends = [ids.take(pa.array(published.at(end))) for end in ("source", "target")]
    texts = {
        n: published.texts("relationships", n) for n in ("start", "end", "document", "dataset")
    }
    kind = columns.json_texts(published.texts("relationships", "relationship_type"))
    own = identifiers.of(published, "relationships")
    pieces: list[columns.Piece] = ['{"@id": "kb:relationship-', own, '", "@type": ']
    pieces += ['"uco-core:Relationship", "uco-core:source": {"@id": "kb:entity-', ends[0]]
    pieces += ['"}, "uco-core:target": {"@id": "kb:entity-', ends[1]]
    pieces += ['"}, "uco-core:kindOfRelationship": "', kind, '", "uco-core:isDirectional": ']
    pieces.append(published.texts("relationships", "directed"))
    for name, word in (("start", "startTime"), ("end", "endTime")):
        before = f', "uco-core:{word}": {{"@type": "xsd:dateTime", "@value": "'
        pieces += columns.around(before, published.moments("case_uco", name), '"}')
    pieces += columns.around(', "uco-core:description": "', published.known(), '"')
    is_known = pc.or_(pc.is_valid(texts["document"]), pc.is_valid(texts["dataset"]))
    source = pc.binary_join_element_wise(
        ', "uco-core:externalReference": {"@id": "kb:reference-',
        own,
        '", "@type": "uco-core:ExternalReference"',
        *[_reference(texts[name], word) for name, word in _REFERENCES],
        "}",
        "",
        null_handling="skip",
    )
    return [*pieces, pc.if_else(is_known, source, None), "}"]


def _reference(texts: pa.StringArray, word: str) -> Any:
    before = f', "uco-core:{word}": "'
    return pc.binary_join_element_wise(before, columns.json_texts(texts), '"', "")


def _note(published: Published) -> None:
    tables = {"entities": published.entities, "relationships": published.relationships}
    for part, table in tables.items():
        held = _HELD if part == "relationships" else {"named", "label", "entity_type"}
        for name in table.columns:
            if name not in held:
                count = int(table[name].notna().sum())
                published.lost("case_uco", part, name, count, "no property for it in CASE/UCO")
