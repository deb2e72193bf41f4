"""Every question about ways, time, journeys and change, asked of a network in the same way."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import netlink as nl
from netlink import changes, journeys, paths, temporal
from netlink.errors import ArgumentError, NoPathError

if TYPE_CHECKING:
    from collections.abc import Callable

    Question = Callable[[nl.Network], Any]

MODULES = (changes, journeys, paths, temporal)
KINDS = ("knows", "communicated", "met", "paid", "travelled_with", "booked_travel_for")


def busy_network(seed: int, n: int = 40, m: int = 300) -> nl.Network:
    """People, phones and places with all kinds of dates, documents, grades and phases."""
    rng = np.random.default_rng(seed)
    names, places = [f"p{i:04d}" for i in range(n)], [f"x{i}" for i in range(8)]
    entities = pd.DataFrame({"entity_id": [*names, *places]})
    entities["entity_type"] = ["person"] * n + ["location"] * len(places)
    entities["country"] = [None] * n + list("AABBCCDD")
    degrees = [(40.0 + k, 3.0 * k) for k in range(len(places))]
    entities[["latitude", "longitude"]] = [(None, None)] * n + degrees
    at_place = rng.random(m) < 0.3
    # Who comes later in the names comes later in time, so that some leave and others appear.
    who = rng.integers(0, n, m)
    whom = np.clip(who + rng.integers(-n // 3, n // 3, m), 0, n - 1)
    hour = 3600 * who // n + rng.integers(0, 1200, m)
    day = pd.Timestamp("2023-11-01") + pd.to_timedelta(hour, "h")
    written = ["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:00Z"]
    form = rng.choice(written, m, p=[0.05, 0.1, 0.4, 0.45])
    start = [f"{moment:{text}}" for moment, text in zip(day, form, strict=True)]
    lasts = (form == written[3]) & (rng.random(m) < 0.3)
    end = day + pd.to_timedelta(rng.integers(1, 300, m), "h")
    rows = pd.DataFrame(
        {
            "relationship_id": [f"r{i:05d}" for i in range(m)],
            "source": np.array(names)[who],
            "target": np.where(at_place, rng.choice(places, m), np.array(names)[whom]),
            "relationship_type": np.where(
                at_place, rng.choice(["seen_at", "stayed_at"], m), rng.choice(KINDS, m)
            ),
            "start": [None if k % 17 == 0 else text for k, text in enumerate(start)],
            "end": [
                f"{moment:%Y-%m-%dT%H:00Z}" if k % 17 and is_long else None
                for k, (moment, is_long) in enumerate(zip(end, lasts, strict=True))
            ],
            "weight": rng.integers(1, 9, m) / 2,
            "grade": rng.choice(["A1", "B2", "C3", "E4", ""], m),
            "document": rng.choice(["d1", "d2", "d3", ""], m),
            "phase": rng.integers(1, 5, m).astype(str),
        }
    ).replace("", None)
    return nl.read_tables(entities, rows, schema=nl.Schema(grade_scheme="admiralty"))


def of_pair(function: Any, **given: Any) -> Question:
    """Ask for the first and the last person; no path is an answer too."""

    def ask(network: nl.Network) -> Any:
        ids = people_of(network)
        if len(ids) < 2:
            return None
        try:
            return function(network, ids[0], ids[-1], **given)
        except NoPathError as error:
            return f"{error} {getattr(error, 'closed_by', '')}"
        except ArgumentError as error:  # tied directly: there is nobody between them
            assert "tied directly" in str(error)
            return str(error)

    return ask


def of_all(function: Any, **given: Any) -> Question:
    def ask(network: nl.Network) -> Any:
        ids = people_of(network)[:: max(1, network.n_entities // 4)]
        if len(ids) < 2:
            return None
        try:
            return function(network, ids, **given)
        except NoPathError as error:
            return f"{error} {error.closed_by}"

    return ask


def of_one(function: Any, **given: Any) -> Question:
    def ask(network: nl.Network) -> Any:
        ids = people_of(network)
        return function(network, ids[0], **given) if len(ids) else None

    return ask


def people_of(network: nl.Network) -> pd.Index:
    return network.entities.index[(network.entities["entity_type"] == "person").to_numpy()]


def in_windows(function: Any, **given: Any) -> Question:
    def ask(network: nl.Network) -> Any:
        months = changes.windows(network, every="month")
        return function(network, windows=months, **given) if len(months) else None

    return ask


ASKED = paths.Conditions(max_degree=18, min_confidence=0.05)
QUESTIONS: dict[str, Question] = {
    "shortest": of_pair(paths.shortest),
    "shortest under conditions": of_pair(paths.shortest, conditions=ASKED),
    "k_shortest": of_pair(paths.k_shortest, k=4, length="weight"),
    "all_simple": of_pair(paths.all_simple, max_hops=4, limit=500),
    "widest": of_pair(paths.widest),
    "most_reliable": of_pair(paths.most_reliable, missing_confidence=0.4),
    "disjoint": of_pair(paths.disjoint),
    "entity_cut": of_pair(paths.entity_cut),
    "relationship_cut": of_pair(paths.relationship_cut, conditions=ASKED),
    "connection": of_all(paths.connection, conditions=ASKED),
    "connection along directions": of_all(paths.connection, directed=None),
    "center_piece": of_all(paths.center_piece, n=6),
    "center_piece against directions": of_all(paths.center_piece, directed=None, backward=True),
    "summary": of_pair(lambda *a: paths.summary(paths.disjoint(*a))),
    "arrivals": of_one(temporal.arrivals),
    "departures": of_one(temporal.departures, duration="2h", undated="keep"),
    "reachability": lambda n: temporal.reachability(n, people_of(n)[:70], min_wait="1h"),
    "earliest_arrival": of_pair(temporal.earliest_arrival),
    "latest_departure": of_pair(temporal.latest_departure, directed=False),
    "fastest": of_pair(temporal.fastest, directed=False),
    "fewest_hops": of_pair(temporal.fewest_hops, max_wait="30D"),
    "visits": journeys.visits,
    "itinerary": of_one(journeys.itinerary),
    "co_movement": lambda n: journeys.co_movement(n, draws=9, within="9D", min_together=1),
    "moves": journeys.moves,
    "flows": lambda n: journeys.flows(n, by="country" if "country" in n.entities else None),
    "routes": journeys.routes,
    "jurisdictions": lambda n: (
        journeys.jurisdictions(n) if "country" in n.entities.columns else None
    ),
    "windows": lambda n: changes.windows(n, every="month", step="week"),
    "over_windows": in_windows(changes.over_windows, measure=nl.centrality.degree),
    "follow_groups": in_windows(changes.follow_groups, method=nl.communities.leiden),
    "change_points": of_one(changes.change_points),
    "replacements": in_windows(changes.replacements, min_shared=1),
}


def said(found: Any) -> str:
    """Return all that an answer says as text, the numbers to the last digit."""
    if isinstance(found, nl.Network):
        return said(sorted(found.relationships.index))
    if is_dataclass(found):
        return "\n".join(said(getattr(found, part.name)) for part in fields(found))
    if isinstance(found, pd.DataFrame | pd.Series):
        return f"{found.to_csv()}\n{sorted(found.attrs.items())}"
    return repr(found)


def digest(found: Any) -> str:
    """Return the sha256 of all that an answer says."""
    return hashlib.sha256(said(found).encode()).hexdigest()
