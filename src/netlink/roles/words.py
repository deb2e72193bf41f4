"""What a contribution says, in a sentence with counts and dates and no names."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.roles.contrast import Contrast

# {k}: the counterparts that fit, weighted by likelihood; {n}: all of them; and their two nouns.
_PATTERNS = {
    "first_contact_before_move": (
        "Contact opened with {k} in the weeks before a move, among {n} in contact",
        ("likely victim", "person"),
    ),
    "booked_travel": ("Travel booked for {k}, among {n} booked for", ("likely victim", "person")),
    "collects": ("Money came in from {k}, early or late, among {n}", ("likely victim", "payer")),
    "fee_before_move": (
        "Money came in from {k} before they moved, among {n}",
        ("likely victim", "payer"),
    ),
    "bookings": ("Travel booked for {k}, among {n} booked for", ("likely victim", "person")),
    "journeys": (
        "{k} of the person's own with likely victims, of {n} in company",
        ("journey", "journey"),
    ),
    "vehicle_on_the_way": (
        "A vehicle held was seen on {k} where likely victims crossed, of {n} with others",
        ("occasion", "sighting"),
    ),
    "lodging": (
        "A place held lodged {k}, no relative among them, of {n} who stayed there",
        ("likely victim", "person"),
    ),
    "shared_home": (
        "{k}, no relative among them, came to stay where the person lives, of {n} under that roof",
        ("likely victim", "person"),
    ),
    "money_from_victims": ("Money came in from {k}, among {n}", ("likely victim", "payer")),
    "adverts": (
        "A phone or account held is listed in adverts with {k}, of {n} in those adverts",
        ("likely victim", "person"),
    ),
    "contact_on_arrival": (
        "Contact opened with {k} within weeks of an arrival, among {n} in contact",
        ("likely victim", "person"),
    ),
    "employer": ("The person employs {k}, among {n}", ("likely victim", "employee")),
    "pays_the_others": (
        "Money to or from {k} in other roles, among {n} to payments",
        ("person", "party"),
    ),
    "company": (
        "In contact with {k} in other roles, among {n} in contact; company alone proves nothing, "
        "so it is capped",
        ("person", "person"),
    ),
}
_PLURALS = {"person": "people", "party": "parties"}

SIGNS = {
    "status": "The protection status that is recorded for the person.",
    "advertised": "The person is shown in adverts.",
    "moved": "The person travelled on one or two days and is no regular traveller.",
}


def of_pattern(
    name: str, contrast: Contrast, person: int, days: NDArray[np.float64] | None = None
) -> str:
    """Say what a pattern found."""
    key = "company" if name.startswith("company") else name
    text, (fits, all_of) = _PATTERNS.get(key, ("{k} fit, of {n}", ("counterpart", "counterpart")))
    n = float(contrast.total[person])
    said = text.format(k=counted(float(contrast.fitting[person]), fits), n=counted(n, all_of))
    return f"{said}; chance would give {_figure(contrast.rate * n)}.{_when(days)}"


def of_source(
    kinds: Iterable[str],
    n_records: int,
    confidence: float,
    days: NDArray[np.float64],
    document: bool,
) -> str:
    """Say what one source states."""
    what = ", ".join(sorted(set(kinds)))
    where = "One document" if document else "One record without a document"
    graded = "not graded" if math.isnan(confidence) else f"confidence {confidence:.2f} by its grade"
    return f"{where} states: {what} ({counted(n_records, 'record')}, {graded}).{_when(days)}"


def of_harm(signs: Iterable[str]) -> str:
    """Say why part of what patterns say is taken back."""
    return (
        f"Signs that the person is a victim ({', '.join(signs)}): part of what the patterns say is "
        "taken back, because victims travel, lodge and are advertised together."
    )


def of_company(pattern: str, share: float) -> str:
    """Say what the company of somebody with a likely role says of being a victim."""
    return (
        f"Stands in the pattern '{pattern}' to somebody whose role score for it is {share:.2f}; "
        "company is capped."
    )


def counted(number: float, noun: str) -> str:
    """Write a number with its noun, in the singular or the plural."""
    figure = _figure(number)
    plural = _PLURALS.get(noun.rsplit(" ", maxsplit=1)[-1], f"{noun}s")
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
