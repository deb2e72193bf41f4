"""What the schemata of FollowTheMoney are to netlink: entities, links, and what they refer to.

As in its model 4.11; the older names of it that are gone are read too.
"""

from __future__ import annotations

_OF_TYPE = {
    "person": ("Person",),
    "organisation": ("Organization", "Company", "PublicBody"),
    "online_account": ("UserAccount",),
    "account": ("BankAccount", "CryptoWallet"),
    "vehicle": ("Vehicle", "Airplane", "Vessel"),
    "location": ("Address", "RealEstate", "Territory"),
    "document": (
        *("Document", "PlainText", "HyperText", "Pages", "Page", "Image", "Table", "Workbook"),
        *("Package", "Folder", "Note", "Article", "Audio", "Video"),
        *("Identification", "Passport", "License"),
    ),
    "event": ("Event", "Trip", "Call", "Message", "Email"),
    "unknown": (
        *("LegalEntity", "Asset", "Security", "Contract", "CallForTenders", "Project", "CourtCase"),
        *("Position", "Mention", "Sanction", "Risk", "TaxRoll", "EconomicActivity", "Land"),
        *("Thing", "Interval", "Interest", "Value", "Analyzable", "Concession", "Assessment"),
    ),
}
ENTITIES = {schema: kind for kind, schemata in _OF_TYPE.items() for schema in schemata}

# Schema of what stands between two entities: the properties of its ends, the one that holds its
# word, and the type where the word is none of the vocabulary.
LINKS = {
    "Family": ("person", "relative", "relationship", "family"),
    "Associate": ("person", "associate", "relationship", "associate_of"),
    "Employment": ("employee", "employer", "role", "employed_by"),
    "Membership": ("member", "organization", "role", "member_of"),
    "Directorship": ("director", "organization", "role", "member_of"),
    "Ownership": ("owner", "asset", "role", "owns"),
    "Payment": ("payer", "beneficiary", "purpose", "paid"),
    "Call": ("caller", "receiver", "role", "communicated"),
    # Of a firm, which is none of what the vocabulary means by 'controlled'.
    "Control": ("controller", "controlled", "role", "related_to"),
    "ContractAward": ("contract", "supplier", "role", "related_to"),
    "Representation": ("agent", "client", "role", "related_to"),
    "Debt": ("debtor", "creditor", "role", "related_to"),
    "Succession": ("predecessor", "successor", "role", "related_to"),
    "Documentation": ("document", "entity", "role", "related_to"),
    "CourtCaseParty": ("party", "case", "role", "related_to"),
    "ProjectParticipant": ("participant", "project", "role", "related_to"),
    "Occupancy": ("holder", "post", "role", "related_to"),
    "Similar": ("candidate", "match", "role", "related_to"),
    "UnknownLink": ("subject", "object", "role", "related_to"),
}

_TO_EVENT = (
    *("organizer", "involved", "caller", "receiver", "sender", "senderAccount", "recipients"),
    *("recipientAccount", "emitters", "vehicle", "startLocation", "endLocation"),
)
# Properties of entities that name another entity, and the type of that tie; `ancestors` of folders
# follow from their parents.
_REFERENCES = {
    **dict.fromkeys(_TO_EVENT, "involved_in"),
    **dict.fromkeys(("holder", "owner"), "owns"),
    "operator": "uses",
    "addressEntity": "resides_at",
    **dict.fromkeys(
        (
            *("authority", "bank", "bankAccount", "bankForeign", "bankRub", "contract"),
            *("contractHolder", "declarant", "document", "entity", "inReplyToEmail"),
            *("inReplyToMessage", "issuer", "onBehalfOf", "organization", "parent", "partOf"),
            *("pictured", "project", "proof", "resolved", "riskSource", "taxee", "tenderers"),
            "transport",
        ),
        "related_to",
    ),
}
_RESIDENTS = {"Person", "LegalEntity", "Organization", "Company", "PublicBody"}


def tie(schema: str, name: str) -> tuple[str, bool] | None:
    """Return the type of the tie that a property of an entity is, None where it is none.

    And whether it leads to the entity: from who holds or takes part.
    """
    kind = _REFERENCES.get(name) if schema in ENTITIES else None
    is_event = ENTITIES.get(schema) == "event"
    if kind is None:
        return None
    if (kind == "involved_in" and not is_event) or (
        kind == "resides_at" and schema not in _RESIDENTS
    ):
        kind = "related_to"
    return kind, kind in {"involved_in", "owns", "uses"}
