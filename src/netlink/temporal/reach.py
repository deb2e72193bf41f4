"""Who could have passed something on to whom, and when at the earliest or latest."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError
from netlink.temporal._arrivals import NEVER
from netlink.temporal.question import question

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.temporal.contacts import Moments
    from netlink.temporal.question import Question, Undated, Wait, When

ANSWERS = ("impossible", "possible", "certain")


def arrivals(
    network: Network,
    /,
    source: str,
    *,
    start: When = None,
    end: When = None,
    duration: Wait = None,
    min_wait: Wait = None,
    max_wait: Wait = None,
    directed: bool | None = None,
    undated: Undated = "drop",
) -> pd.DataFrame:
    """When something could have come from one entity to each.

    Contacts in an order that time allows: see `netlink.temporal` for what a contact is, how waits
    are counted and how uncertain dates are read. That it could have come does not say that it did,
    nor that the two ever dealt with each other.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    source : str
        Id of the entity from which it comes.
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

    Returns
    -------
    pandas.DataFrame
        On ``network.entities.index``: ``answer`` (impossible, possible or certain),
        ``possible_arrival``, the earliest arrival where the dates fall as they help most, and
        ``certain_arrival``, by when it has come, over one chain of records, however they fall; NaT
        where it has not. The source has the start of the window, or the first date there is.

    Raises
    ------
    UnknownEntityError
        The source is not in the network.
    ArgumentError
        A time, a wait or a direction is not what it must be, or a maximum wait far shorter than the
        ties last has more stays to keep than fit.

    References
    ----------
    Wu and others 2014, Path problems in temporal graphs; Bentert and others 2020, Efficient
    computation of optimal temporal walks under waiting-time constraints.

    Examples
    --------
    Two calls on one day may have come in either order.

    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame(
    ...     [("p1", "p2", "2024-01-02"), ("p2", "p3", "2024-01-02"), ("p2", "p4", "2024-01-03")],
    ...     columns=["source", "target", "start"],
    ... ).assign(relationship_type="communicated")
    >>> nl.temporal.arrivals(nl.read_tables(None, calls), "p1")["answer"].tolist()
    ['certain', 'certain', 'possible', 'certain']
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
    return _times(asked, source, backward=False, name="arrival")


def departures(
    network: Network,
    /,
    target: str,
    *,
    start: When = None,
    end: When = None,
    duration: Wait = None,
    min_wait: Wait = None,
    max_wait: Wait = None,
    directed: bool | None = None,
    undated: Undated = "drop",
) -> pd.DataFrame:
    """When something must have left each entity to reach one.

    The same as `arrivals` with time and direction turned around: who could have passed something
    on to the target, and until when.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    target : str
        Id of the entity to which it comes.
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

    Returns
    -------
    pandas.DataFrame
        On ``network.entities.index``: ``answer`` (impossible, possible or certain),
        ``possible_departure``, the latest at which it can leave where the dates fall as they help
        most, and ``certain_departure``, by when it must leave so as to arrive, over one chain of
        records, however they fall; NaT where it does not arrive. The target has the end of the
        window, or the last date there is.

    Raises
    ------
    UnknownEntityError
        The target is not in the network.
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
    ...     [("p1", "p2", "2024-01-02T10:00Z"), ("p2", "p3", "2024-01-02T09:00Z")],
    ...     columns=["source", "target", "start"],
    ... ).assign(relationship_type="communicated")
    >>> nl.temporal.departures(nl.read_tables(None, calls), "p3")["answer"].tolist()
    ['impossible', 'certain', 'certain']
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
    return _times(asked, target, backward=True, name="departure")


def reachability(
    network: Network,
    /,
    entities: Iterable[str],
    *,
    backward: bool = False,
    start: When = None,
    end: When = None,
    duration: Wait = None,
    min_wait: Wait = None,
    max_wait: Wait = None,
    directed: bool | None = None,
    undated: Undated = "drop",
) -> pd.DataFrame:
    """Who could have passed something on to whom.

    For many people at once: up to 64 are followed in one pass over the contacts (with a maximum
    wait one by one). See `arrivals` for what is counted and for what it does not say.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    entities : iterable of str
        Ids of the entities asked about, each once.
    backward : bool, default False
        Ask who could have passed something on to them rather than to whom they could have.
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

    Returns
    -------
    pandas.DataFrame
        A row an entity of the network, a column an entity asked about: impossible, possible or
        certain. Certain of themselves.

    Raises
    ------
    UnknownEntityError
        Some are not in the network.
    ArgumentError
        A time, a wait or a direction is not what it must be, or a maximum wait far shorter than the
        ties last has more stays to keep than fit.

    References
    ----------
    Holme & Saramaki 2012, Temporal networks; the bit masks are those of Then and others 2014, The
    more the merrier: efficient multi-source graph traversal.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame(
    ...     [("p1", "p2", "2024-01-02T10:00Z"), ("p2", "p3", "2024-01-02T09:00Z")],
    ...     columns=["source", "target", "start"],
    ... ).assign(relationship_type="communicated")
    >>> table = nl.temporal.reachability(nl.read_tables(None, calls), ["p1", "p2"])
    >>> (table == "certain").sum().to_dict()
    {'p1': 2, 'p2': 2}
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
    if not isinstance(backward, bool):
        raise ArgumentError(f"'backward' must be True or False, got {type(backward).__name__}.")
    wanted = entities if isinstance(entities, str) else list(entities)
    positions = network.positions(wanted)
    if len(np.unique(positions)) < len(positions):
        raise ArgumentError("'entities' must have each entity once.")
    possible = asked.reached("possible", positions, backward=backward)
    certain = possible
    if asked.contacts("certain") is not asked.contacts("possible"):
        certain = asked.reached("certain", positions, backward=backward)
    index = network.entities.index
    columns = {j: _answers(possible[:, j], certain[:, j]) for j in range(len(positions))}
    found = pd.DataFrame(columns, index=index)
    return found.set_axis(index[positions].rename(None), axis=1)


def _answers(possible: NDArray[np.bool_], certain: NDArray[np.bool_]) -> pd.Categorical[int]:
    codes = possible.astype(np.int8) + (certain & possible)
    return pd.Categorical.from_codes(codes, dtype=pd.CategoricalDtype(list(ANSWERS), ordered=True))


def _times(asked: Question, entity: str, *, backward: bool, name: str) -> pd.DataFrame:
    position = int(asked.network.positions([entity])[0])
    possible = asked.begun("possible", position, backward=backward)[0]
    certain = possible
    if asked.contacts("certain") is not asked.contacts("possible"):
        certain = asked.begun("certain", position, backward=backward)[0]
    first, last = asked.window
    own = last + asked.duration if backward else first
    columns: dict[str, object] = {"answer": _answers(possible < NEVER, certain < NEVER)}
    for reading, begun in (("possible", possible), ("certain", certain)):
        moments = -begun if backward else begun + asked.duration
        moments[begun == NEVER] = NEVER
        moments[position] = own
        columns[f"{reading}_{name}"] = times(moments)
    return pd.DataFrame(columns, index=asked.network.entities.index)


def times(moments: Moments) -> pd.DatetimeIndex:
    """Return microseconds as times in UTC, NEVER as missing."""
    found = moments.astype("datetime64[us]")
    found[moments == NEVER] = np.datetime64("NaT")
    return pd.DatetimeIndex(found, tz="UTC")
