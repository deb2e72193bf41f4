"""The best way from one entity to another that follows the order of time."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.errors import ArgumentError
from netlink.temporal.chains import found, no_way, table
from netlink.temporal.question import question

if TYPE_CHECKING:
    import pandas as pd

    from netlink.network import Network
    from netlink.temporal.chains import Kind
    from netlink.temporal.contacts import Dates
    from netlink.temporal.question import Question, Undated, Wait, When


def earliest_arrival(
    network: Network,
    /,
    source: str,
    target: str,
    *,
    start: When = None,
    end: When = None,
    duration: Wait = None,
    min_wait: Wait = None,
    max_wait: Wait = None,
    directed: bool | None = None,
    undated: Undated = "drop",
    dates: Dates = "possible",
) -> pd.DataFrame:
    """Find the way that arrives first.

    Each hop is begun as early as can be. Of several ways that arrive at the same moment the answer
    is the one found first when contacts are gone through by time, then by the order of ids. With a
    maximum wait it is a walk: it may come by an entity twice, to pass the time.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    source, target : str
        Ids of the two entities.
    start, end : str, datetime.date or datetime.datetime, optional
        Window, from start up to and not including end; UTC without a zone. Every contact begins
        and is over within it.
    duration : str or datetime.timedelta, optional
        Time that each hop takes, such as "90 minutes"; none without it.
    min_wait, max_wait : str or datetime.timedelta, optional
        Shortest and longest time from arriving at somebody to going on from there.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target only, False in both directions.
    undated : {"drop", "keep"}, default "drop"
        Leave a relationship without a date out, so that what is said to be impossible is so by the
        dated ones alone; or take it as one that may have been at any time.
    dates : {"possible", "certain"}, default "possible"
        Read uncertain dates as they help most, or ask for a chain of records that holds however
        they fall; its times are then those of the worst case.

    Returns
    -------
    pandas.DataFrame
        One row a step: ``path`` (1), ``step`` (from 0), ``entity_id``, ``relationship_id`` (of the
        contact that leads here, the smallest of those alike in ends and times; missing at step 0),
        ``departure`` (when that contact is begun), ``arrival`` (a `duration` later), and
        ``answer``: certain where this chain of records holds however the dates fall, or possible.

    Raises
    ------
    NoPathError
        No way follows the order of time; it says whom each side reaches, without which of the terms
        there is one (``closed_by``), and whether there is a path when time is left aside.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        A time, a wait or a direction is not what it must be, or a maximum wait far shorter than the
        ties last has more stays to keep than fit.

    References
    ----------
    Wu and others 2014, Path problems in temporal graphs; Bentert and others 2020.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame(
    ...     [("p1", "p2", "2024-01-02T10:00Z"), ("p2", "p3", "2024-01-02T12:00Z"),
    ...      ("p1", "p3", "2024-01-04T08:00Z"), ("p1", "p2", "2024-01-02T11:00Z")],
    ...     columns=["source", "target", "start"],
    ... ).assign(relationship_type="communicated")
    >>> way = nl.temporal.earliest_arrival(nl.read_tables(None, calls), "p1", "p3")
    >>> way["departure"].dt.strftime("%d %H:%M").tolist()[1:]
    ['02 10:00', '02 12:00']
    """
    asked = question(
        network,
        start=start,
        end=end,
        duration=duration,
        min_wait=min_wait,
        max_wait=max_wait,
        directed=directed,
        undated=undated,
    )
    return _way(asked, source, target, "earliest_arrival", dates)


def latest_departure(
    network: Network,
    /,
    source: str,
    target: str,
    *,
    start: When = None,
    end: When = None,
    duration: Wait = None,
    min_wait: Wait = None,
    max_wait: Wait = None,
    directed: bool | None = None,
    undated: Undated = "drop",
    dates: Dates = "possible",
) -> pd.DataFrame:
    """Find the way that leaves last.

    Of the ways that arrive before `end`, the one that leaves the source last; each hop is begun as
    late as can be. What leaves later does not arrive. With a maximum wait it is a walk.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    source, target : str
        Ids of the two entities.
    start, end : str, datetime.date or datetime.datetime, optional
        Window, from start up to and not including end; UTC without a zone. Every contact begins
        and is over within it.
    duration : str or datetime.timedelta, optional
        Time that each hop takes, such as "90 minutes"; none without it.
    min_wait, max_wait : str or datetime.timedelta, optional
        Shortest and longest time from arriving at somebody to going on from there.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target only, False in both directions.
    undated : {"drop", "keep"}, default "drop"
        Leave a relationship without a date out, so that what is said to be impossible is so by the
        dated ones alone; or take it as one that may have been at any time.
    dates : {"possible", "certain"}, default "possible"
        Read uncertain dates as they help most, or ask for a chain of records that holds however
        they fall; its times are then those of the worst case.

    Returns
    -------
    pandas.DataFrame
        One row a step: ``path`` (1), ``step`` (from 0), ``entity_id``, ``relationship_id`` (of the
        contact that leads here, the smallest of those alike in ends and times; missing at step 0),
        ``departure`` (when that contact is begun), ``arrival`` (a `duration` later), and
        ``answer``: certain where this chain of records holds however the dates fall, or possible.

    Raises
    ------
    NoPathError
        No way follows the order of time; it says whom each side reaches, without which of the terms
        there is one (``closed_by``), and whether there is a path when time is left aside.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        A time, a wait or a direction is not what it must be, or a maximum wait far shorter than the
        ties last has more stays to keep than fit.

    References
    ----------
    Wu and others 2014, Path problems in temporal graphs.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame(
    ...     [("p1", "p2", "2024-01-02T10:00Z"), ("p2", "p3", "2024-01-02T12:00Z"),
    ...      ("p1", "p3", "2024-01-04T08:00Z"), ("p1", "p2", "2024-01-02T11:00Z")],
    ...     columns=["source", "target", "start"],
    ... ).assign(relationship_type="communicated")
    >>> way = nl.temporal.latest_departure(nl.read_tables(None, calls), "p1", "p3")
    >>> way["departure"].dt.strftime("%d %H:%M").tolist()[1:]
    ['04 08:00']
    """
    asked = question(
        network,
        start=start,
        end=end,
        duration=duration,
        min_wait=min_wait,
        max_wait=max_wait,
        directed=directed,
        undated=undated,
    )
    return _way(asked, source, target, "latest_departure", dates)


def fastest(
    network: Network,
    /,
    source: str,
    target: str,
    *,
    start: When = None,
    end: When = None,
    duration: Wait = None,
    min_wait: Wait = None,
    max_wait: Wait = None,
    directed: bool | None = None,
    undated: Undated = "drop",
    dates: Dates = "possible",
) -> pd.DataFrame:
    """Find the way that takes the least time.

    From the first departure to the last arrival; of several that take the same, the one that
    arrives first. A tie that lasts can be used at any moment within it, so a way over ties that
    last at the same time takes no time but the `duration` of its hops and the waits asked for.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    source, target : str
        Ids of the two entities.
    start, end : str, datetime.date or datetime.datetime, optional
        Window, from start up to and not including end; UTC without a zone. Every contact begins
        and is over within it.
    duration : str or datetime.timedelta, optional
        Time that each hop takes, such as "90 minutes"; none without it.
    min_wait, max_wait : str or datetime.timedelta, optional
        Shortest and longest time from arriving at somebody to going on from there.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target only, False in both directions.
    undated : {"drop", "keep"}, default "drop"
        Leave a relationship without a date out, so that what is said to be impossible is so by the
        dated ones alone; or take it as one that may have been at any time.
    dates : {"possible", "certain"}, default "possible"
        Read uncertain dates as they help most, or ask for moments at which every contact was open
        however they fall; a contact of which no such moment is known is then left out.

    Returns
    -------
    pandas.DataFrame
        One row a step: ``path`` (1), ``step`` (from 0), ``entity_id``, ``relationship_id`` (of the
        contact that leads here, the smallest of those alike in ends and times; missing at step 0),
        ``departure`` (when that contact is begun), ``arrival`` (a `duration` later), and
        ``answer``: certain where this chain of records holds however the dates fall, or possible.

    Raises
    ------
    NoPathError
        No way follows the order of time; it says whom each side reaches, without which of the terms
        there is one (``closed_by``), and whether there is a path when time is left aside.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        A time, a wait or a direction is not what it must be, or a maximum wait far shorter than the
        ties last has more stays to keep than fit.

    References
    ----------
    Wu and others 2014, Path problems in temporal graphs; Bentert and others 2020.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame(
    ...     [("p1", "p2", "2024-01-02T10:00Z"), ("p2", "p3", "2024-01-02T12:00Z"),
    ...      ("p1", "p3", "2024-01-04T08:00Z"), ("p1", "p2", "2024-01-02T11:00Z")],
    ...     columns=["source", "target", "start"],
    ... ).assign(relationship_type="communicated")
    >>> way = nl.temporal.fastest(nl.read_tables(None, calls), "p1", "p3")
    >>> way["departure"].dt.strftime("%d %H:%M").tolist()[1:]
    ['04 08:00']
    """
    asked = question(
        network,
        start=start,
        end=end,
        duration=duration,
        min_wait=min_wait,
        max_wait=max_wait,
        directed=directed,
        undated=undated,
    )
    return _way(asked, source, target, "fastest", dates)


def fewest_hops(
    network: Network,
    /,
    source: str,
    target: str,
    *,
    start: When = None,
    end: When = None,
    duration: Wait = None,
    min_wait: Wait = None,
    max_wait: Wait = None,
    directed: bool | None = None,
    undated: Undated = "drop",
    dates: Dates = "possible",
) -> pd.DataFrame:
    """Find the way with the fewest contacts.

    Of several with as few, the one that arrives first. Fewer contacts are fewer people who would
    have had to take part; it is rarely the way that arrives first.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    source, target : str
        Ids of the two entities.
    start, end : str, datetime.date or datetime.datetime, optional
        Window, from start up to and not including end; UTC without a zone. Every contact begins
        and is over within it.
    duration : str or datetime.timedelta, optional
        Time that each hop takes, such as "90 minutes"; none without it.
    min_wait, max_wait : str or datetime.timedelta, optional
        Shortest and longest time from arriving at somebody to going on from there.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target only, False in both directions.
    undated : {"drop", "keep"}, default "drop"
        Leave a relationship without a date out, so that what is said to be impossible is so by the
        dated ones alone; or take it as one that may have been at any time.
    dates : {"possible", "certain"}, default "possible"
        Read uncertain dates as they help most, or ask for a chain of records that holds however
        they fall; its times are then those of the worst case.

    Returns
    -------
    pandas.DataFrame
        One row a step: ``path`` (1), ``step`` (from 0), ``entity_id``, ``relationship_id`` (of the
        contact that leads here, the smallest of those alike in ends and times; missing at step 0),
        ``departure`` (when that contact is begun), ``arrival`` (a `duration` later), and
        ``answer``: certain where this chain of records holds however the dates fall, or possible.

    Raises
    ------
    NoPathError
        No way follows the order of time; it says whom each side reaches, without which of the terms
        there is one (``closed_by``), and whether there is a path when time is left aside.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        A time, a wait or a direction is not what it must be, or a maximum wait far shorter than the
        ties last has more stays to keep than fit.

    References
    ----------
    Wu and others 2014, Path problems in temporal graphs.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame(
    ...     [("p1", "p2", "2024-01-02T10:00Z"), ("p2", "p3", "2024-01-02T12:00Z"),
    ...      ("p1", "p3", "2024-01-04T08:00Z"), ("p1", "p2", "2024-01-02T11:00Z")],
    ...     columns=["source", "target", "start"],
    ... ).assign(relationship_type="communicated")
    >>> way = nl.temporal.fewest_hops(nl.read_tables(None, calls), "p1", "p3")
    >>> way["departure"].dt.strftime("%d %H:%M").tolist()[1:]
    ['04 08:00']
    """
    asked = question(
        network,
        start=start,
        end=end,
        duration=duration,
        min_wait=min_wait,
        max_wait=max_wait,
        directed=directed,
        undated=undated,
    )
    return _way(asked, source, target, "fewest_hops", dates)


def _way(asked: Question, source: str, target: str, kind: Kind, dates: object) -> pd.DataFrame:
    if dates not in ("possible", "certain"):
        raise ArgumentError(f"'dates' must be 'possible' or 'certain', got {dates!r}.")
    start, end = (int(position) for position in asked.network.positions([source, target]))
    chain = found(asked, start, end, kind, dates) if start != end else []
    if chain is None:
        raise no_way(asked, start, end, dates)
    return table(asked, start, chain)
