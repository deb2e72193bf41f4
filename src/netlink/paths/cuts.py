"""How many ways there are apart from one another, and what holds two entities together."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError
from netlink.paths import hops
from netlink.paths.missing import no_path
from netlink.paths.question import Question

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network
    from netlink.paths.conditions import Conditions


def disjoint(
    network: Network,
    /,
    source: str | Iterable[str],
    target: str | Iterable[str],
    *,
    sharing: Literal["nothing", "entities"] = "nothing",
    directed: bool | None = None,
    conditions: Conditions | None = None,
) -> pd.DataFrame:
    """Find the most paths that share nothing on the way.

    Paths that share no entity on the way: as many independent connections as the records hold
    (Menger). Which paths these are is not unique, their number is. Independent of each other they
    are as paths only; if all of their records come from one document, see ``documents``, it is one
    source all the same.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str or iterable of str
        Ids of the two entities or groups, as in `shortest`.
    sharing : {"nothing", "entities"}, default "nothing"
        What the paths may share: nothing on the way, or entities, but no hop.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    conditions : Conditions, optional
        Which records and entities the paths may use.

    Returns
    -------
    pandas.DataFrame
        As from `shortest`, paths of fewer hops first; ``length`` counts hops. The number of paths
        is that of `entity_cut` or `relationship_cut`.

    Raises
    ------
    NoPathError
        No path leads from source to target; it says which condition closed the last way.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        `sharing` is neither, or source and target are the same entity.

    References
    ----------
    Menger 1927; Even & Tarjan 1975, Network flow and testing graph connectivity.

    Examples
    --------
    >>> import netlink as nl
    >>> table = nl.paths.disjoint(nl.datasets.krackhardt_kite(), "0", "6")
    >>> table.groupby("path")["entity_id"].agg(list).tolist()
    [['0', '1', '6'], ['0', '3', '6'], ['0', '5', '6']]
    """
    if sharing not in {"nothing", "entities"}:
        raise ArgumentError(f"'sharing' must be 'nothing' or 'entities', got {sharing!r}.")
    question = _asked(network, source, target, conditions, directed)
    flow = _flow(question, is_split=sharing == "nothing", is_open=False)
    onward = flow.hops
    starts = np.searchsorted(onward[:, 0], np.arange(network.n_entities + 1)).tolist()
    taken, heads = starts[:-1].copy(), onward[:, 1].tolist()
    is_source = question.kind == 2
    paths = []
    for source_at in np.repeat(*np.unique(onward[is_source[onward[:, 0]], 0], return_counts=True)):
        path, place = [int(source_at)], {int(source_at): 0}
        while question.kind[path[-1]] != 3:
            at = path[-1]
            to = heads[taken[at]]
            taken[at] += 1
            if to in place:  # a loop is cut off
                for gone in path[place[to] + 1 :]:
                    del place[gone]
                del path[place[to] + 1 :]
                continue
            place[to] = len(path)
            path.append(to)
        paths.append(tuple(path))
    paths.sort(key=lambda path: (len(path), path))
    steps = np.concatenate([np.array(path, dtype=np.int64) for path in paths])
    sizes = np.array([len(path) for path in paths])
    value = ("length", question.ways.ones, np.add, 0.0)
    return hops.table(question, steps, sizes, value=value)


def entity_cut(
    network: Network,
    /,
    source: str | Iterable[str],
    target: str | Iterable[str],
    *,
    directed: bool | None = None,
    conditions: Conditions | None = None,
) -> pd.DataFrame:
    """Find the fewest entities through which every path leads.

    Without them no path is left. There may be several such sets; the answer is the one nearest to
    the source. It says on whom the recorded connection rests, not who matters: a
    tie that nobody recorded is not in it, and a help line may be the only thing that two people
    share.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str or iterable of str
        Ids of the two entities or groups, as in `shortest`.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    conditions : Conditions, optional
        Which records and entities the paths may use.

    Returns
    -------
    pandas.DataFrame
        Their rows of ``network.entities``.

    Raises
    ------
    NoPathError
        No path leads from source to target; it says which condition closed the last way.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        Source and target are tied directly, so that no entity stands between them, or the same.

    References
    ----------
    Menger 1927; Ford & Fulkerson 1956, Maximal flow through a network.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.paths.entity_cut(nl.datasets.krackhardt_kite(), "0", "9").index.tolist()
    ['7']
    """
    question = _asked(network, source, target, conditions, directed)
    tail, head = question.ways.source, question.ways.out
    direct = int(((question.kind[tail] == 2) & (question.kind[head] == 3)).sum())
    if direct:
        raise ArgumentError(
            "'source' and 'target' must not be tied directly: no entity stands between them. "
            "Ask relationship_cut, or disjoint for the other ways."
        )
    n = network.n_entities
    is_near = _flow(question, is_split=True, is_open=True).is_near
    cut: pd.DataFrame = network.entities[is_near[:n] & ~is_near[n : 2 * n] & (question.kind == 1)]
    return hops.with_hubs(cut, question)


def relationship_cut(
    network: Network,
    /,
    source: str | Iterable[str],
    target: str | Iterable[str],
    *,
    directed: bool | None = None,
    conditions: Conditions | None = None,
) -> pd.DataFrame:
    """Find the fewest ties through which every path leads.

    A tie counts once however many records stand behind it. There may be several such sets; the
    answer is the one nearest to the source. If one of its ties is in doubt, so is the connection as
    far as it rests on it.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str or iterable of str
        Ids of the two entities or groups, as in `shortest`.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    conditions : Conditions, optional
        Which records and entities the paths may use.

    Returns
    -------
    pandas.DataFrame
        One row a tie, in the direction that the paths go it: ``source``, ``target``,
        ``relationship_ids`` (list), ``confidence``, ``weakest``, ``weakest_grade``, ``documents``
        and ``n_sources`` as from `shortest`.

    Raises
    ------
    NoPathError
        No path leads from source to target; it says which condition closed the last way.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        Source and target are the same entity.

    References
    ----------
    Ford & Fulkerson 1956, Maximal flow through a network.

    Examples
    --------
    >>> import netlink as nl
    >>> cut = nl.paths.relationship_cut(nl.datasets.krackhardt_kite(), "0", "9")
    >>> cut[["source", "target"]].to_numpy().tolist()
    [['7', '8']]
    """
    question = _asked(network, source, target, conditions, directed)
    is_near = _flow(question, is_split=False, is_open=False).is_near
    tail, head = question.ways.source, question.ways.out
    is_cut = is_near[tail] & ~is_near[head] & _is_way(question, tail, head)
    return hops.with_hubs(hops.ties_table(question, np.flatnonzero(is_cut)), question)


class _Flow(NamedTuple):
    """Hops with a flow, sorted, and what is reached from the source once they are taken."""

    hops: NDArray[np.int64]
    is_near: NDArray[np.bool_]


def _asked(
    network: Network,
    source: str | Iterable[str],
    target: str | Iterable[str],
    conditions: Conditions | None,
    directed: bool | None,
) -> Question:
    question = Question.of(network, source, target, conditions, directed)
    if question.is_nowhere:
        raise ArgumentError("'source' and 'target' must be two entities, are the same.")
    return question


def _is_way(
    question: Question, tail: NDArray[np.int32], head: NDArray[np.int32]
) -> NDArray[np.bool_]:
    kind = question.kind
    is_way: NDArray[np.bool_] = np.isin(kind, (1, 2))[tail] & np.isin(kind, (1, 3))[head]
    return is_way


def _flow(question: Question, *, is_split: bool, is_open: bool) -> _Flow:
    """Return a maximum flow in units, and the side of the source of the cut nearest to it.

    Split, an entity is two, with a unit between what comes in and what goes out; the second stands
    n places after the first. A tie holds a unit too, or any number where it is open.
    """
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    n = question.network.n_entities
    tail, head = question.ways.source, question.ways.out
    kept = _is_way(question, tail, head)
    tail, head = tail[kept].astype(np.int32), head[kept]
    apart = n if is_split else 0
    inner = np.flatnonzero(question.kind == 1).astype(np.int32) if is_split else head[:0]
    start, end = 2 * n, 2 * n + 1
    many = n + 1
    arcs = [
        (inner, inner + apart, 1),
        (tail + apart, head, many if is_open else 1),
        (np.full_like(question.sources, start), question.sources + apart, many),
        (question.targets, np.full_like(question.targets, end), many),
    ]
    capacity = _matrix(arcs, 2 * n + 2)
    done = maximum_flow(capacity, start, end)
    if not done.flow_value:
        raise no_path(question)
    left = capacity - done.flow
    left.data = np.maximum(left.data, 0)
    left.eliminate_zeros()
    is_near = np.zeros(2 * n + 2, dtype=bool)
    is_near[breadth_first_order(left, start, return_predecessors=False)] = True
    flow = done.flow.tocoo()
    at, to = (ends.astype(np.int64) for ends in flow.coords)
    is_hop = (flow.data > 0) & (at < 2 * n) & (to < n)
    taken = np.column_stack([at[is_hop] % n, to[is_hop]])
    return _Flow(taken[np.lexsort((taken[:, 1], taken[:, 0]))], is_near)


def _matrix(arcs: list[tuple[NDArray[np.int32], NDArray[np.int32], int]], size: int) -> csr_array:
    from scipy.sparse import csr_array

    at, to = (np.concatenate([arc[i] for arc in arcs]) for i in (0, 1))
    most = np.concatenate([np.full(len(arc[0]), arc[2], dtype=np.int32) for arc in arcs])
    return csr_array((most, (at, to)), shape=(size, size))
