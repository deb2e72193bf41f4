"""The shortest path, the k shortest, and all up to a number of hops."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np

from netlink.errors import check_count
from netlink.paths import hops
from netlink.paths.missing import no_path, reaches_within
from netlink.paths.question import Question, numbers
from netlink.paths.search import Search, best

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.paths.conditions import Conditions


def shortest(
    network: Network,
    /,
    source: str | Iterable[str],
    target: str | Iterable[str],
    *,
    directed: bool | None = None,
    length: str | None = None,
    conditions: Conditions | None = None,
) -> pd.DataFrame:
    """Find the shortest path from one entity to another.

    Shortest means fewest hops, or least cost with `length`. It is one way in which two people
    connect, not the way that anything went: a hop is a record, not a message passed on, and the
    hops need not follow each other in time. Often several paths are equally short; the
    answer is then the one whose entities come first in the order of ids, so that the order of the
    rows never shows. Ask `k_shortest` for the others.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str or iterable of str
        Ids of the two entities, or of two groups that share none: the path then leads from some
        member of the one to some member of the other, and through no further member.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    length : str, optional
        Numeric column of the relationship table that holds a cost: non-negative, smaller is
        closer. ``weight`` is a strength: to use it, make a column of costs from it first. Of
        parallel relationships the least cost counts.
    conditions : Conditions, optional
        Which records and entities the path may use.

    Returns
    -------
    pandas.DataFrame
        One row a step: ``path`` (1), ``step`` (from 0), ``entity_id``, ``relationship_id`` (of the
        hop that leads here the record of least length, then highest confidence, then smallest id;
        missing at step 0), ``relationship_ids`` (list of all records behind the hop that meet the
        conditions, sorted), ``length`` (cost up to here), ``confidence`` (of the surest of them),
        ``weakest`` and ``weakest_grade`` (confidence and grade of the least sure; a missing
        confidence is counted only where all are), ``documents`` (list, sorted; of a tie that
        `netlink.transform` made, those of all records behind it) and ``n_sources`` (how many
        documents; records without a document are one source together). One row where source and
        target are the same. With `Conditions.max_degree`, ``attrs["not_expanded"]`` lists the
        entities that were met and not passed.

    Raises
    ------
    NoPathError
        No path leads from source to target; it says which condition closed the last way.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        The column of lengths is missing, not numeric, or has values that are no cost.

    References
    ----------
    Dijkstra 1959; Pohl 1971, Bi-directional search; Hart, Nilsson & Raphael 1968 (A*).

    Examples
    --------
    >>> import netlink as nl
    >>> nl.paths.shortest(nl.datasets.krackhardt_kite(), "0", "9")["entity_id"].tolist()
    ['0', '5', '7', '8', '9']
    """
    question = Question.of(network, source, target, conditions, directed)
    ties, back = question.lengths(length)
    if question.is_nowhere:
        return in_length(question, [question.sources], length)
    found = best(question, ties, back)
    if found is None:
        raise no_path(question)
    return in_length(question, [found], length)


def k_shortest(
    network: Network,
    /,
    source: str | Iterable[str],
    target: str | Iterable[str],
    *,
    k: int = 10,
    directed: bool | None = None,
    length: str | None = None,
    conditions: Conditions | None = None,
) -> pd.DataFrame:
    """Find the shortest paths from one entity to another.

    Paths that visit no entity twice, shortest first; those of equal length in the order of their
    ids, so that it is settled which of them are among the `k`. Two paths often differ in one entity
    alone: ten paths are not ten independent connections. Ask `disjoint` for those.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str or iterable of str
        Ids of the two entities or groups, as in `shortest`.
    k : int, default 10
        How many paths at most.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    length : str, optional
        Numeric column of the relationship table that holds a cost, as in `shortest`.
    conditions : Conditions, optional
        Which records and entities the paths may use.

    Returns
    -------
    pandas.DataFrame
        As from `shortest`, ``path`` counting from 1; fewer than `k` where there are fewer.

    Raises
    ------
    NoPathError
        No path leads from source to target; it says which condition closed the last way.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        `k` is not a positive integer, or the column of lengths will not do.

    References
    ----------
    Yen 1971, Finding the K shortest loopless paths in a network; Lawler 1972.

    Examples
    --------
    >>> import netlink as nl
    >>> table = nl.paths.k_shortest(nl.datasets.krackhardt_kite(), "0", "7", k=3)
    >>> table.groupby("path")["entity_id"].agg(list).tolist()
    [['0', '5', '7'], ['0', '1', '6', '7'], ['0', '2', '5', '7']]
    """
    check_count(k, "k")
    question = Question.of(network, source, target, conditions, directed)
    ties, back = question.lengths(length)
    if question.is_nowhere:
        return in_length(question, [question.sources], length)
    from netlink.paths._kernels import SOURCE, distances

    left = distances(back, question.kind, question.targets, SOURCE)
    if np.isinf(left[question.sources]).all():
        raise no_path(question)
    return in_length(question, Search(question, ties, back, left).best(k), length)


def all_simple(
    network: Network,
    /,
    source: str | Iterable[str],
    target: str | Iterable[str],
    *,
    max_hops: int = 4,
    limit: int = 100_000,
    directed: bool | None = None,
    conditions: Conditions | None = None,
) -> pd.DataFrame:
    """Find all paths up to a number of hops.

    Every path that visits no entity twice, fewer hops first, then in the order of ids. Their number
    grows by the number of neighbors with every hop and soon says nothing: most of the paths of four
    hops in a large network run through a few entities that everybody is tied to. Exclude those
    with `Conditions.max_degree`, or ask `k_shortest`.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str or iterable of str
        Ids of the two entities or groups, as in `shortest`.
    max_hops : int, default 4
        How many hops a path may have.
    limit : int, default 100000
        How many paths are listed at most, the first in the order above.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    conditions : Conditions, optional
        Which records and entities the paths may use.

    Returns
    -------
    pandas.DataFrame
        As from `shortest`; ``length`` counts hops. ``attrs["is_complete"]`` is False where there
        are more paths than `limit`.

    Raises
    ------
    NoPathError
        No such path leads from source to target; it says which condition closed the last way.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        A number is not a positive integer.

    Examples
    --------
    >>> import netlink as nl
    >>> table = nl.paths.all_simple(nl.datasets.krackhardt_kite(), "0", "7", max_hops=3)
    >>> table["path"].max(), table.attrs["is_complete"]
    (np.int64(6), True)
    """
    check_count(max_hops, "max_hops")
    check_count(limit, "limit")
    question = Question.of(network, source, target, conditions, directed)
    if question.is_nowhere:
        table = in_length(question, [question.sources], None)
        table.attrs["is_complete"] = True
        return table
    from netlink.paths._every import every
    from netlink.paths._kernels import SOURCE
    from netlink.paths._kernels import hops as hops_to

    ways, most = question.ways, min(max_hops, network.n_entities - 1)
    ties, back = question.lengths(None)
    label = hops_to(back, question.kind, question.targets, SOURCE, most)
    if (label[question.sources] < 0).all():

        def is_open(asked: Question, lifted: set[str]) -> bool:
            far = network.n_entities if "max_hops" in lifted else most
            return reaches_within(asked, asked.ways.ones, far)

        raise no_path(question, is_open=is_open, further=("max_hops",))
    steps, sizes, is_all = every(ties, question.kind, label, question.sources, most, limit)
    table = hops.table(question, steps, sizes, value=("length", ways.ones, np.add, 0.0))
    table.attrs["is_complete"] = bool(is_all)
    return table


def in_length(
    question: Question,
    paths: list[NDArray[np.int32]] | list[tuple[int, ...]],
    length: str | None,
) -> pd.DataFrame:
    """Return paths as a table, their lengths added up."""
    steps = np.concatenate([np.array(path, dtype=np.int64) for path in paths])
    sizes = np.array([len(path) for path in paths])
    value = ("length", question.lengths(length)[0][2], np.add, 0.0)
    order = None if length is None else numbers(question.network, length, "length")
    return hops.table(question, steps, sizes, value=value, order=order)
