"""Moves added up: flows between places or countries, routes, jurisdictions touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, near
from netlink.journeys.itinerary import joined, positive
from netlink.journeys.visits import visits

if TYPE_CHECKING:
    from netlink.network import Network


def moves(network: Network, /, *, by: str | None = None) -> pd.DataFrame:
    """List every move from one place to the next.

    What lies between two records one after the other of an entity at different places; the way
    between is not known, and neither is whatever nobody recorded.

    Parameters
    ----------
    network : Network
        With locations; what counts as a presence, see `visits`.
    by : str, optional
        A column of the entity table, such as ``country``: moves from one of its values to another,
        instead of from one place to another. Places without a value are passed over.

    Returns
    -------
    pandas.DataFrame
        In the order of entity and time: ``entity_id``, ``origin``, ``destination``, ``left`` (last
        moment on record at the origin), ``arrived`` (first at the destination) and
        ``relationship_ids``, the records at both ends.

    Raises
    ------
    ArgumentError
        There is no such column.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> rows = pd.DataFrame({"source": "p1", "target": ["harbour", "hotel"],
    ...                      "relationship_type": "seen_at",
    ...                      "start": ["2024-03-01", "2024-03-04"]})
    >>> nl.journeys.moves(nl.read_tables(None, rows))[["origin", "destination"]]
        origin destination
    0  harbour       hotel
    """
    runs = _runs(network, by)
    left, arrived = runs.iloc[:-1].reset_index(drop=True), runs.iloc[1:].reset_index(drop=True)
    same = (left["entity_id"] == arrived["entity_id"]).to_numpy()
    left, arrived = left[same].reset_index(drop=True), arrived[same].reset_index(drop=True)
    return pd.DataFrame(
        {
            "entity_id": left["entity_id"],
            "origin": left["at"],
            "destination": arrived["at"],
            "left": left["last"],
            "arrived": arrived["first"],
            "relationship_ids": pd.Series(
                [
                    sorted({*a, *b})
                    for a, b in zip(
                        left["relationship_ids"], arrived["relationship_ids"], strict=True
                    )
                ],
                dtype=object,
            ),
        }
    )


def flows(network: Network, /, *, by: str | None = None) -> pd.DataFrame:
    """Count the moves between each two places or countries.

    Parameters
    ----------
    network : Network
        With locations; what counts as a presence, see `visits`.
    by : str, optional
        A column of the entity table, such as ``country``; see `moves`.

    Returns
    -------
    pandas.DataFrame
        The most used first: ``origin``, ``destination``, ``n_moves``, ``n_entities``, ``first``,
        ``last`` and ``relationship_ids``.

    Raises
    ------
    ArgumentError
        There is no such column.

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(seed=1, size=200)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> flows = nl.journeys.flows(network, by="country")
    >>> bool((flows["origin"] != flows["destination"]).all())
    True
    """
    grouped = moves(network, by=by).groupby(["origin", "destination"], sort=True)
    found = grouped.agg(
        n_moves=("entity_id", "size"),
        n_entities=("entity_id", "nunique"),
        first=("left", "min"),
        last=("arrived", "max"),
        relationship_ids=("relationship_ids", joined),
    ).reset_index()
    order = ["n_moves", "origin", "destination"]
    return found.sort_values(order, ascending=[False, True, True], ignore_index=True)


def routes(network: Network, /, *, by: str | None = None, max_wait: str = "14D") -> pd.DataFrame:
    """Count the journeys over each route, transits included.

    A journey goes on from place to place for as long as no stay on the way is longer than
    `max_wait`: a fortnight in a transit house is still one journey by default, a month is two.

    Parameters
    ----------
    network : Network
        With locations; what counts as a presence, see `visits`.
    by : str, optional
        A column of the entity table, such as ``country``; see `moves`.
    max_wait : str, default "14D"
        The longest stay on record that a journey goes on after.

    Returns
    -------
    pandas.DataFrame
        The most used first: ``route`` (tuple from origin to destination), ``n_transits``,
        ``n_journeys``, ``n_entities``, ``first``, ``last`` and ``relationship_ids``.

    Raises
    ------
    ArgumentError
        There is no such column, or `max_wait` is no positive length of time.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> rows = pd.DataFrame({"source": "p1", "target": ["harbour", "ferry", "hotel"],
    ...                      "relationship_type": "seen_at",
    ...                      "start": ["2024-03-01", "2024-03-04", "2024-03-05"]})
    >>> nl.journeys.routes(nl.read_tables(None, rows))["route"].tolist()
    [('harbour', 'ferry', 'hotel')]
    """
    longest = positive(max_wait, "max_wait")
    table = moves(network, by=by)
    wait = table["left"] - table["arrived"].shift()
    new = (table["entity_id"] != table["entity_id"].shift()) | (wait > longest)
    journey = table.groupby(new.cumsum(), sort=True)
    found = pd.DataFrame(
        {
            "entity_id": journey["entity_id"].first(),
            "route": [(part["origin"].iloc[0], *part["destination"]) for _, part in journey],
            "first": journey["left"].min(),
            "last": journey["arrived"].max(),
            "relationship_ids": journey["relationship_ids"].agg(joined),
        }
    )
    grouped = found.groupby("route", sort=True)
    result = grouped.agg(
        n_journeys=("entity_id", "size"),
        n_entities=("entity_id", "nunique"),
        first=("first", "min"),
        last=("last", "max"),
        relationship_ids=("relationship_ids", joined),
    ).reset_index()
    result.insert(1, "n_transits", [len(route) - 2 for route in result["route"]])
    order = ["n_journeys", "route"]
    return result.sort_values(order, ascending=[False, True], ignore_index=True)


def jurisdictions(network: Network, /, *, by: str = "country") -> pd.DataFrame:
    """List the jurisdictions that each entity touched.

    Who must be asked, and whose law may hold: each country, or district, in which a dated record
    puts an entity. An undated address is not among them.

    Parameters
    ----------
    network : Network
        With locations; what counts as a presence, see `visits`.
    by : str, default "country"
        The column of the entity table that names the jurisdiction of a location.

    Returns
    -------
    pandas.DataFrame
        In the order of entity and first time: ``entity_id``, ``jurisdiction``, ``first``, ``last``,
        ``n_records`` and ``relationship_ids``.

    Raises
    ------
    ArgumentError
        There is no such column.

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(seed=1, size=200)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> nl.journeys.jurisdictions(network).columns.tolist()[:2]
    ['entity_id', 'jurisdiction']
    """
    table = _valued(network, visits(network), by)
    found = (
        table.groupby(["entity_id", "at"], sort=True)
        .agg(
            first=("start_first", "min"),
            last=("end_last", "max"),
            n_records=("place", "size"),
            relationship_ids=("relationship_ids", joined),
        )
        .reset_index()
        .rename(columns={"at": "jurisdiction"})
    )
    return found.sort_values(["entity_id", "first", "jurisdiction"], ignore_index=True)


def _valued(network: Network, table: pd.DataFrame, by: str | None) -> pd.DataFrame:
    if by is None:
        return table.assign(at=table["place"])
    columns = [str(column) for column in network.entity_table.columns]
    if by not in columns:
        raise ArgumentError(f"The entity table has no column '{by}'.{near(str(by), columns)}")
    values = network.entities[by].reindex(table["place"]).to_numpy()
    table = table.assign(at=values)
    return table[table["at"].notna()].reset_index(drop=True)


def _runs(network: Network, by: str | None) -> pd.DataFrame:
    """Join the presences of an entity one after the other at one place (or value of `by`)."""
    table = _valued(network, visits(network), by)
    new = (table["entity_id"] != table["entity_id"].shift()) | (table["at"] != table["at"].shift())
    run = np.cumsum(new.to_numpy())
    return table.groupby(run, sort=True).agg(
        entity_id=("entity_id", "first"),
        at=("at", "first"),
        first=("start_first", "min"),
        last=("end_last", "max"),
        relationship_ids=("relationship_ids", joined),
    )
