"""What a contribution says, in a sentence with counts and dates and no names."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from netlink.roles.contrast import Contrast

_PATTERNS = {
    "first_contact_before_move": (
        "Contact opened with {k:.1f} likely victims in the weeks before they moved, among {n:.0f} "
        "people in contact; chance would give {e:.1f}."
    ),
    "booked_travel": (
        "Travel booked for {k:.1f} likely victims among {n:.0f} people booked for; chance would give {e:.1f}."
    ),
    "journeys": (
        "{k:.1f} journeys with different likely victims, of {n:.0f} journeys in company; "
        "chance would give {e:.1f}."
    ),
    "vehicle_on_the_way": (
        "A vehicle held was seen on {k:.1f} occasions where likely victims crossed, of {n:.0f} "
        "sightings with others; chance would give {e:.1f}."
    ),
    "lodging": (
        "{k:.1f} likely victims, not relatives, stayed at a place held, of {n:.0f} people who "
        "stayed; chance would give {e:.1f}."
    ),
    "shared_home": (
        "{k:.1f} likely victims, not relatives, came to stay where the person already lived, of "
        "{n:.0f} people under the same roof; chance would give {e:.1f}."
    ),
    "money_from_victims": (
        "Money in from {k:.1f} likely victims, of {n:.0f} payers; chance would give {e:.1f}."
    ),
    "adverts": (
        "A phone or account held is listed in adverts with {k:.1f} likely victims, of {n:.0f} "
        "people in the same adverts; chance would give {e:.1f}."
    ),
    "contact_on_arrival": (
        "Contact opened with {k:.1f} likely victims within weeks of their arrival, among {n:.0f} "
        "people in contact; chance would give {e:.1f}."
    ),
    "employer": "{k:.1f} likely victims work for the person, of {n:.0f} employed; chance would give {e:.1f}.",
    "pays_the_others": (
        "Money to or from {k:.1f} people in other roles, of {n:.0f} parties to payments; chance "
        "would give {e:.1f}."
    ),
    "company": (
        "In contact with {k:.1f} people in other roles, of {n:.0f} people in contact; chance would "
        "give {e:.1f}. Company alone proves nothing: capped."
    ),
}
_SAME = {"bookings": "booked_travel"}


def of_pattern(name: str, contrast: Contrast, person: int) -> str:
    """Say what a pattern found."""
    key = "company" if name.startswith("company") else _SAME.get(name, name)
    n = contrast.total[person]
    text = _PATTERNS.get(key, "{k:.1f} counterparts fit of {n:.0f}; chance would give {e:.1f}.")
    return text.format(k=contrast.fitting[person], n=n, e=contrast.rate * n)


def of_source(kinds: list[str], n_records: int, confidence: float, has_document: bool) -> str:
    """Say what one source states."""
    what = ", ".join(sorted(set(kinds)))
    where = "One document" if has_document else "One record without a document"
    graded = (
        f"graded at a confidence of {confidence:.2f}" if confidence == confidence else "not graded"
    )
    return f"{where} states: {what} ({n_records} record{'s' if n_records != 1 else ''}), {graded}."


HARM = (
    "The person's own records show signs of being a victim: most of what patterns say is taken "
    "back, because victims travel, lodge and are advertised together."
)
