"""How each kind of fact reaches an agency: its word for it, its system, and how often at all.

The words are an agency's own; `RELATIONSHIP_TYPES` and its neighbors say what they mean.
"""

from __future__ import annotations

from dataclasses import dataclass

WIRE = ("A1", "A1", "A2", "A2", "B1")
REGISTER = ("A1", "A2", "A2", "B2")
FIELD = ("B2", "B2", "B3", "C2", "C3", "C3", "D4", "F6", "")
OPEN = ("B3", "C3", "C3", "F3", "F6", "")


@dataclass(frozen=True, kw_only=True)
class Channel:
    """How facts of one kind are recorded."""

    link: str
    meaning: str
    system: str
    share: float  # recorded where everything that can be is
    grades: tuple[str, ...]
    period: int = 1  # days that one document covers, of one source (or target) entity
    by_target: bool = False
    is_register: bool = False  # looked up, so found more often than what has to be observed
    either_way: bool = False  # undirected: nothing follows from who stands first


CHANNELS = {
    "call": Channel(
        link="CALL", meaning="communicated", system="TELCO", share=1.0, grades=WIRE, period=30
    ),
    "message": Channel(
        link="CHAT", meaning="communicated", system="WEB", share=0.5, grades=OPEN, period=30
    ),
    "payment": Channel(
        link="PAID", meaning="paid", system="BANK", share=0.85, grades=WIRE, period=30
    ),
    "meeting": Channel(
        link="MET", meaning="met", system="FIELD", share=0.35, grades=FIELD, either_way=True
    ),
    "friends": Channel(
        link="KNOWS", meaning="knows", system="FIELD", share=0.12, grades=FIELD, either_way=True
    ),
    "kinship": Channel(
        link="KIN", meaning="family", system="REGISTER", share=0.6, grades=REGISTER,
        is_register=True, either_way=True,
    ),
    "home": Channel(
        link="LIVES-AT", meaning="resides_at", system="REGISTER", share=0.8, grades=REGISTER,
        is_register=True,
    ),
    "lodging": Channel(
        link="LODGED-AT", meaning="stayed_at", system="HOUSING", share=0.65, grades=FIELD
    ),
    "stay": Channel(
        link="GUEST-AT", meaning="stayed_at", system="HOUSING", share=0.6, grades=REGISTER,
        by_target=True,
    ),
    "title_deed": Channel(
        link="TITLE", meaning="owns", system="HOUSING", share=0.8, grades=REGISTER,
        is_register=True,
    ),
    "tenancy": Channel(
        link="TENANT-OF", meaning="uses", system="HOUSING", share=0.6, grades=REGISTER,
        is_register=True,
    ),
    "phone_contract": Channel(
        link="SUBSCRIBER", meaning="uses", system="TELCO", share=0.9, grades=REGISTER,
        is_register=True,
    ),
    "phone_borrowed": Channel(
        link="HANDSET", meaning="uses", system="FIELD", share=0.6, grades=FIELD, is_register=True
    ),
    "web_account": Channel(
        link="PROFILE", meaning="uses", system="WEB", share=0.6, grades=OPEN, is_register=True
    ),
    "bank_mandate": Channel(
        link="HOLDER", meaning="owns", system="BANK", share=0.95, grades=REGISTER,
        is_register=True,
    ),
    "vehicle_registration": Channel(
        link="KEEPER", meaning="owns", system="REGISTER", share=0.9, grades=REGISTER,
        is_register=True,
    ),
    "vehicle_use": Channel(
        link="DRIVES", meaning="uses", system="FIELD", share=0.7, grades=FIELD, is_register=True
    ),
    "company": Channel(
        link="DIRECTOR", meaning="owns", system="REGISTER", share=0.8, grades=REGISTER,
        is_register=True,
    ),
    "job": Channel(
        link="WORKS-FOR", meaning="employed_by", system="REGISTER", share=0.6, grades=REGISTER,
        is_register=True,
    ),
    "shared_journey": Channel(
        link="TRAVELLED", meaning="travelled_with", system="TRAVEL", share=0.5, grades=FIELD,
        either_way=True,
    ),
    "booking": Channel(
        link="BOOKED", meaning="booked_travel_for", system="TRAVEL", share=0.65, grades=REGISTER
    ),
    "border": Channel(
        link="CROSSED", meaning="crossed_border_at", system="BORDER", share=0.85, grades=WIRE,
        by_target=True,
    ),
    "sighting": Channel(
        link="PLATE-READ", meaning="seen_at", system="BORDER", share=0.6, grades=WIRE, period=7,
        by_target=True,
    ),
    "listing": Channel(
        link="AD-NUMBER", meaning="listed_in", system="WEB", share=0.9, grades=OPEN,
        by_target=True,
    ),
    "portrayal": Channel(
        link="AD-PERSON", meaning="advertised_in", system="WEB", share=0.55, grades=OPEN,
        by_target=True,
    ),
    "street": Channel(
        link="STREET-CHECK", meaning="seen_at", system="FIELD", share=0.4, grades=FIELD
    ),
}  # fmt: skip

ACTS = (
    "recruited", "deceived", "transported", "transferred", "received", "harboured", "exploited",
    "controlled", "threatened",
)  # fmt: skip

ENTITY_TYPES = {
    "PERS": "person",
    "TEL": "phone",
    "WEB": "online_account",
    "ACC": "account",
    "VEH": "vehicle",
    "LOC": "location",
    "ADV": "advert",
    "ORG": "organisation",
}
RELATIONSHIP_TYPES = {
    **{channel.link: channel.meaning for channel in CHANNELS.values()},
    **{f"ST-{act.upper()}": act for act in ACTS},
    "ST-KNOWS": "knows",
}
PROTECTION_STATUSES = {
    "victim": "identified_victim",
    "possible victim": "potential_victim",
    "minor": "child",
    "witness": "witness",
    "no marker": "none",
    "not recorded": "unknown",
}
