"""What a contribution says, in a sentence with counts and dates and no names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.roles.contrast import Contrast
    from netlink.roles.model import Pattern

# By what the pairs are: {k} the counterparts that fit, weighted by likelihood, and {n} all of them,
# with the noun of all; the noun of those that fit is that of the pattern's counterpart.
_PATTERNS = {
    "first_contact_before_move": (
        "Contact with {k} falls in the weeks before a move, among {n} in contact",
        "person",
    ),
    "contact_on_arrival": (
        "Contact opened with {k} within weeks of an arrival, among {n} in contact",
        "person",
    ),
    "bookings": ("Travel booked for {k}, among {n} booked for", "person"),
    "collects": ("Money came in from {k}, early or late, among {n}", "payer"),
    "fee_before_move": ("Money came in from {k} before they moved, among {n}", "payer"),
    "money_from_victims": ("Money came in from {k}, among {n}", "payer"),
    "lodging": (
        "A place held lodged {k}, no relative among them, of {n} who stayed there",
        "person",
    ),
    "shared_home": (
        "{k}, no relative among them, came to stay where the person lives, of {n} under that roof",
        "person",
    ),
    "adverts": (
        "A phone or account held is listed in adverts with {k}, of {n} in those adverts",
        "person",
    ),
    "phones_shared": ("A phone is used by the person and by {k}, of {n} who use it", "person"),
    "charged": (
        "Suspected in cases in which {k} stand as victims, of {n} who do; which part is not said",
        "person",
    ),
    "employer": ("The person employs {k}, among {n}", "employee"),
    "papers_held": ("The person holds papers of {k}, among {n} whose papers are held", "person"),
    "accounts_held": (
        "Accounts of {k} are run by the person, among {n} such",
        "person",
    ),
    "handed_over": (
        "What came in for {k} went on to the person within days, among {n} of whom it did",
        "person",
    ),
    "payments": ("Money to or from {k}, among {n} to payments", "party"),
    "payments_in": ("Money came in again and again from {k}, among {n}", "payer"),
    "payments_out": ("Money went again and again to {k}, among {n}", "payee"),
    "paid_at_moves": (
        "Money came in from {k} around a move in which those have a part, among {n}",
        "payer",
    ),
    "company": (
        "In contact with {k}, among {n} in contact; company alone proves nothing, so it is capped",
        "person",
    ),
    "coordination": (
        "In contact with {k} within days of a move in which those have a part, among {n} in "
        "contact; company alone proves nothing, so it is capped",
        "person",
    ),
    "between_places": (
        "In contact with people where {k} set out and with people where they came to stay, among "
        "{n} who moved between contacts; company alone proves nothing, so it is capped",
        "person",
    ),
    "travelled_with_victims": ("The one journey was made with {k}, of {n} in company", "person"),
    "lodged_with_victims": ("Lodged where {k} lodged, of {n} who did", "person"),
    "worked_with_victims": ("Worked where {k} worked, of {n} who did", "person"),
    "advertised_with_victims": ("Advertised under one number with {k}, of {n}", "person"),
}
_OCCASIONS = {
    "journeys": (
        "{k} of the person's own with likely victims, of {n} in company",
        "journey",
        "journey",
    ),
    "vehicle_on_the_way": (
        "A vehicle held was seen on {k} where likely victims crossed, of {n} with others",
        "occasion",
        "sighting",
    ),
    "vehicle_at_lodging": (
        "A vehicle held was seen on {k} where likely victims lodged, of {n} where others did",
        "occasion",
        "sighting",
    ),
}
TABLES = frozenset({*_PATTERNS, *_OCCASIONS})  # the tables of pairs that a pattern can read
_COUNTERPARTS = {
    "victim": "likely victim",
    "others": "person in another role",
    "anyone": "person in a role",
}
_PLURALS = {
    "person": "people",
    "party": "parties",
    "person in another role": "people in other roles",
    "person in a role": "people in roles",
}

SIGNS = {
    "status": "The protection status that is recorded for the person.",
    "advertised": "The person is shown in adverts.",
    "handed_over": "What came in went on within days to one who receives so from others too.",
    "moved": "The person made one journey, or two, and is no regular traveller.",
}


def of_pattern(
    name: str,
    pattern: Pattern,
    contrast: Contrast,
    person: int,
    days: NDArray[np.float64] | None = None,
) -> str:
    """Say what a pattern found."""
    key = pattern.pairs or name
    if key in _OCCASIONS:
        text, fits, all_of = _OCCASIONS[key]
    else:
        text, all_of = _PATTERNS.get(key, ("{k}, of {n}", "counterpart"))
        fits = _COUNTERPARTS.get(pattern.counterpart, f"likely {pattern.counterpart}")
    n = float(contrast.total[person])
    said = text.format(k=counted(float(contrast.fitting[person]), fits), n=counted(n, all_of))
    return f"{said}; chance would give {_figure(contrast.rate * n)}.{_when(days)}"


def of_silence(nats: float) -> str:
    """Say what became of contact with relatives and old acquaintances."""
    if nats > 0:
        return "Contact with relatives and old acquaintances fell silent after the one move."
    return "Contact with relatives and old acquaintances went on after the one move."


def of_source(
    kinds: Iterable[str],
    n_records: int,
    confidence: float,
    days: NDArray[np.float64],
    document: bool,
    *,
    refuted: bool,
) -> str:
    """Say what one source states."""
    what = ", ".join(sorted(set(kinds)))
    where = "One document" if document else "One record without a document"
    graded = "not graded" if math.isnan(confidence) else f"confidence {confidence:.2f} by its grade"
    against = " Likely false: it speaks against." * refuted
    said = f"{where} states: {what} ({counted(n_records, 'record')}, {graded})."
    return f"{said}{against}{_when(days)}"


def of_harm(signs: Iterable[str]) -> str:
    """Say why part of what patterns say is taken back."""
    return (
        f"Signs that the person is a victim ({', '.join(signs)}): part of what the patterns say is "
        "taken back, because victims travel, lodge and are advertised together."
    )


def of_company(pattern: str, score: float) -> str:
    """Say what the company of somebody with a likely role says of being a victim."""
    return (
        f"Stands in the pattern '{pattern}' to somebody whose role score for it is {score:.2f}; "
        "company is capped."
    )


def counted(number: float, noun: str) -> str:
    """Write a number with its noun, in the singular or the plural."""
    figure = _figure(number)
    plural = _PLURALS.get(noun, f"{noun}s")
    return f"{figure} {noun if figure == '1' else plural}"


def _figure(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")


def _when(days: NDArray[np.float64] | None) -> str:
    dated = np.array([]) if days is None else days[~np.isnan(days)]
    if not len(dated):
        return " Not dated."
    first, last = (
        str(np.datetime64(int(np.floor(day)), "D")) for day in (dated.min(), dated.max())
    )
    return f" On {first}." if first == last else f" Between {first} and {last}."
