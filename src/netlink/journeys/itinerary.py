"""One entity's way: stays, moves between them, gaps, and what cannot be."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError
from netlink.journeys.distances import kilometers
from netlink.journeys.travels import travels
from netlink.journeys.visits import visits
from netlink.network.moments import length_of_time

if TYPE_CHECKING:
    from netlink.network import Network


def itinerary(
    network: Network, /, entity: str, *, max_speed: float = 900.0, gap: str = "30D"
) -> pd.DataFrame:
    """List the stays and moves of one entity.

    Records one after the other at one place are a stay; between two places there is a move. How
    long a move took is known only from its ends: it began at some time after the last record at
    one place and ended before the first at the next, so it has a least and a most. A stay says that
    the entity was on record there first and last, not that it never left.

    A booking for the entity, company on the way (``travelled_with``) and being transported say that
    it was to travel at some time, and not where: each has a row of its own, *travel*, among the
    stays and moves. Whether the time of a booking is that of the journey, its dataset must say.

    A move is marked where no reading of its times makes it possible: that points to a wrong record,
    to two people under one id, to a phone in other hands or to papers in use by somebody else.

    Parameters
    ----------
    network : Network
        With locations; distances need their ``latitude`` and ``longitude`` in degrees.
    entity : str
        Id of a person, vehicle, phone or device; any reference of a person stands for all.
    max_speed : float, default 900.0
        Kilometers an hour that nobody exceeds: the default is an airliner's.
    gap : str, default "30D"
        A move that took longer than this, whatever the reading, is marked as a gap.

    Returns
    -------
    pandas.DataFrame
        In order of time, a row a stay, move or travel: ``kind`` (which of the three), ``origin``
        and ``destination`` (the same place for a stay, missing for a travel), ``first`` and
        ``last`` (of a stay, its first and last moment on record; of a move, the last at the origin
        and the first at the destination; of a travel, when the record can begin and end),
        ``hours_least`` and ``hours_most`` (NaN for a travel), ``distance_km`` (great circle, NaN
        without coordinates), ``speed_least`` (the speed that the longest time allows), ``mark``
        ("", "gap", "impossible speed" or "two places at once"), ``relationship_ids`` and
        ``documents``.

    Raises
    ------
    UnknownEntityError
        The entity is not in the network.
    ArgumentError
        The speed is no positive number, the gap no positive length of time, or a coordinate of a
        place no number of degrees.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> rows = pd.DataFrame({"source": "p1", "target": ["harbour", "hotel", "hotel"],
    ...                      "relationship_type": "seen_at",
    ...                      "start": ["2024-03-01T10:00Z", "2024-03-01T12:00Z", "2024-03-02"]})
    >>> way = nl.journeys.itinerary(nl.read_tables(None, rows), "p1")
    >>> way[["kind", "origin", "destination"]]
       kind   origin destination
    0  stay  harbour     harbour
    1  move  harbour       hotel
    2  stay    hotel       hotel
    """
    if isinstance(max_speed, bool) or not isinstance(max_speed, Real) or not max_speed > 0:
        raise ArgumentError(f"'max_speed' must be a positive number, got {max_speed!r}.")
    longest = positive(gap, "gap")
    at = network.references[network.positions([entity])[0]]
    whole = network.references == at
    source, target = network.codes
    near = whole[source] | whole[target]
    # Events that it had part in have their place in records of others.
    events = np.zeros(network.n_entities, dtype=bool)
    events[source[near]] = events[target[near]] = True
    events &= (network.entity_table["entity_type"] == "event").to_numpy()
    rows = near | events[source] | events[target]
    part = network.subgraph(
        network.entities.index[np.unique(np.concatenate([[at], source[rows], target[rows]]))]
    )
    own = visits(part)
    stays = _stays(own[own["entity_id"] == network.entities.index[at]])
    moves = _marked(_moves(network, stays), float(max_speed), longest)
    stays = stays.assign(
        kind="stay",
        origin=stays["place"],
        destination=stays["place"],
        first=stays["start_first"],
        last=stays["end_last"],
        hours_least=_hours(stays["start_last"], stays["end_first"]).clip(lower=0.0),
        hours_most=_hours(stays["start_first"], stays["end_last"]),
        mark="",
        order=2 * np.arange(len(stays)),
    )
    on_the_way = _placed(travels(part, int(part.positions(network.entities.index[[at]])[0])), stays)
    both = pd.concat([stays, moves, on_the_way], ignore_index=True)
    both = both.sort_values("order", kind="stable", ignore_index=True)
    return both.reindex(columns=_COLUMNS).astype(
        dict.fromkeys(("kind", "origin", "destination", "mark"), "str")
        | dict.fromkeys(("distance_km", "speed_least", "hours_least", "hours_most"), "float64")
    )


_COLUMNS = [
    "kind",
    "origin",
    "destination",
    "first",
    "last",
    "hours_least",
    "hours_most",
    "distance_km",
    "speed_least",
    "mark",
    "relationship_ids",
    "documents",
]


def positive(value: object, name: str) -> pd.Timedelta:
    """Return a positive length of time, such as "7D"."""
    found = length_of_time(value)
    if not found:
        raise ArgumentError(f"'{name}' must be a positive length of time such as '7D'.")
    return found


def _stays(own: pd.DataFrame) -> pd.DataFrame:
    """Join presences one after the other at one place."""
    run = (own["place"] != own["place"].shift()).cumsum()
    return own.groupby(run, sort=True).agg(
        place=("place", "first"),
        start_first=("start_first", "min"),
        start_last=("start_last", "min"),
        end_first=("end_first", "max"),
        end_last=("end_last", "max"),
        relationship_ids=("relationship_ids", joined),
        documents=("documents", joined),
    )


def _hours(begin: pd.Series, end: pd.Series) -> pd.Series:
    return (end - begin).dt.total_seconds() / 3600.0


def joined(lists: pd.Series) -> list[str]:
    """Return the distinct members of lists in order."""
    return sorted({member for part in lists for member in part})


def _moves(network: Network, stays: pd.DataFrame) -> pd.DataFrame:
    """Return what lies between one stay and the next."""
    left = stays.iloc[:-1].reset_index(drop=True)
    arrived = stays.iloc[1:].reset_index(drop=True)
    least = _hours(left["end_last"], arrived["start_first"]).clip(lower=0.0)
    most = _hours(left["end_first"], arrived["start_last"])
    return pd.DataFrame(
        {
            "kind": "move",
            "origin": left["place"],
            "destination": arrived["place"],
            "first": left["end_last"],
            "last": arrived["start_first"],
            "hours_least": least,
            "hours_most": most,
            "distance_km": kilometers(network, left["place"], arrived["place"]),
            "relationship_ids": [
                joined(pd.Series([a, b]))
                for a, b in zip(left["relationship_ids"], arrived["relationship_ids"], strict=True)
            ],
            "documents": [
                joined(pd.Series([a, b]))
                for a, b in zip(left["documents"], arrived["documents"], strict=True)
            ],
            "order": 2 * np.arange(len(left)) + 1,
        }
    )


def _placed(travel: pd.DataFrame, stays: pd.DataFrame) -> pd.DataFrame:
    """Say where each travel stands: after the stay it begins in, or after the move from it."""
    begun = np.searchsorted(stays["first"].array, travel["first"].array, side="right")
    until = stays["last"].reset_index(drop=True).reindex(begun - 1).array
    within = np.asarray(travel["first"].array < until, dtype=bool)
    return travel.assign(order=2.0 * begun - np.where(within, 1.5, 0.5))


def _marked(moves: pd.DataFrame, max_speed: float, longest: pd.Timedelta) -> pd.DataFrame:
    hours = moves["hours_most"].to_numpy(dtype=float)
    distance = moves["distance_km"].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        speed = np.where(distance > 0, distance / np.maximum(hours, 0.0), 0.0)
    speed = np.where(np.isnan(distance), np.nan, speed)
    mark = np.where(moves["hours_least"] > longest.total_seconds() / 3600.0, "gap", "")
    mark = np.where(speed > max_speed, "impossible speed", mark)
    mark = np.where(hours < 0, "two places at once", mark)
    return moves.assign(speed_least=speed, mark=mark, hours_most=np.maximum(hours, 0.0))
