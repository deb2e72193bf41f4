"""What links several people best: a tree of short paths, or whoever is near to all of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, check_count
from netlink.paths import hops, tree, walks
from netlink.paths.missing import no_path
from netlink.paths.question import Question, check, group, not_avoided

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.paths.conditions import Conditions


@dataclass(frozen=True, eq=False, repr=False)
class Connection:
    """What links several entities.

    Attributes
    ----------
    network : Network
        The entities of it, and the records behind its ties that meet the conditions.
    entities : pandas.DataFrame
        On the index of its entities: ``is_asked``, and ``score`` where they were ranked.
    ties : pandas.DataFrame
        One row a tie: ``source``, ``target``, ``relationship_ids``, ``confidence``, ``weakest``,
        ``weakest_grade``, ``documents`` and ``n_sources`` as from `shortest`, and ``length`` where
        it has one.
    not_expanded : tuple of str
        Entities of too high a degree to be passed that are tied to it.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.paths.connection(nl.datasets.krackhardt_kite(), ["0", "4", "9"])
    <Connection of 3 entities by 7 entities and 6 ties>
    """

    network: Network
    entities: pd.DataFrame
    ties: pd.DataFrame
    not_expanded: tuple[str, ...]

    def __repr__(self) -> str:
        asked = int(self.entities["is_asked"].sum())
        return (
            f"<Connection of {asked:,} entities by {len(self.entities):,} entities and "
            f"{len(self.ties):,} ties>"
        )


def connection(
    network: Network,
    /,
    entities: Iterable[str],
    *,
    length: str | None = None,
    conditions: Conditions | None = None,
) -> Connection:
    """Find the short tree that links several entities.

    The fewest hops, or the least cost, that join all of them, within a factor of two: to find the
    very least is not feasible in large networks. Relationships are read either way. What
    stands on it is one way to link the people asked about; who is not on it may be as good.
    Through a phone book, a bank or a help line everybody is linked: exclude such hubs with
    `Conditions.max_degree`.

    Parameters
    ----------
    network : Network
        The network.
    entities : iterable of str
        Ids of at least two entities to link.
    length : str, optional
        Numeric column of the relationship table that holds a cost, as in `shortest`.
    conditions : Conditions, optional
        Which records and entities it may use.

    Returns
    -------
    Connection
        A tree: one tie fewer than entities.

    Raises
    ------
    NoPathError
        They are not all connected; it says which condition closed the last way.
    UnknownEntityError
        Some are not in the network.
    ArgumentError
        There are fewer than two, or the column of lengths will not do.

    References
    ----------
    Kou, Markowsky & Berman 1981, A fast algorithm for Steiner trees; Mehlhorn 1988.

    Examples
    --------
    >>> import netlink as nl
    >>> families = nl.datasets.florentine_families()
    >>> found = nl.paths.connection(families, ["Pazzi", "Acciaiuoli", "Ginori"])
    >>> found.entities.index.tolist()
    ['Acciaiuoli', 'Albizzi', 'Ginori', 'Medici', 'Pazzi', 'Salviati']
    """
    question = _asked(network, entities, conditions)
    values = question.lengths(length)[0][2]
    found = tree.spanning(question, values)
    if found is None:
        raise no_path(
            question, is_open=lambda asked, _: tree.is_connected(asked), who="all of the entities"
        )
    is_in = np.zeros(network.n_entities, dtype=bool)
    is_in[question.ways.source[found]] = is_in[question.ways.out[found]] = True
    result = _connection(question, is_in, found)
    return replace(result, ties=result.ties.assign(length=values[found]))


def center_piece(
    network: Network,
    /,
    entities: Iterable[str],
    *,
    n: int = 10,
    at_least: int | None = None,
    restart: float = 0.5,
    weight: str = "weight",
    conditions: Conditions | None = None,
) -> Connection:
    """Find the entities that are near to several at once.

    From each entity asked about a walker sets out along the ties, the stronger the likelier, and
    starts again with probability `restart`. The score is the probability that all walkers, or at
    least so many, are at an entity at the same time. Many ways count for more than one, which
    `connection` does not see. Ties are read either way, and those to much tied entities count less
    (by the root of their strength), yet a hub that is near to everybody still comes high.

    Parameters
    ----------
    network : Network
        The network.
    entities : iterable of str
        Ids of at least two entities.
    n : int, default 10
        How many entities to find.
    at_least : int, optional
        To how many of those asked about they must be near; without it, to all.
    restart : float, default 0.5
        Between 0 and 1: the larger, the nearer they are to those asked about.
    weight : str, default "weight"
        Numeric column of strengths, added up over the records of a tie.
    conditions : Conditions, optional
        Which records and entities the walks may use.

    Returns
    -------
    Connection
        Those asked about and at most `n` others, the ties among them, and the score of each;
        fewer where no walks meet. It need not hang together.

    Raises
    ------
    UnknownEntityError
        Some are not in the network.
    ArgumentError
        A number is not what it should be.

    References
    ----------
    Tong & Faloutsos 2006, Center-piece subgraphs: problem definition and fast solutions.

    Examples
    --------
    >>> import netlink as nl
    >>> families = nl.datasets.florentine_families()
    >>> found = nl.paths.center_piece(families, ["Albizzi", "Ridolfi", "Tornabuoni"], n=2)
    >>> found.entities["is_asked"].to_dict()
    {'Albizzi': True, 'Guadagni': False, 'Medici': False, 'Ridolfi': True, 'Tornabuoni': True}
    """
    check_count(n, "n")
    question = _asked(network, entities, conditions)
    asked = question.sources
    least = len(asked) if at_least is None else at_least
    check_count(least, "at_least")
    if least > len(asked):
        raise ArgumentError(
            f"'at_least' must be at most the number of entities, {len(asked)}, got {least}."
        )
    if isinstance(restart, bool) or not isinstance(restart, Real) or not 0 < restart < 1:
        raise ArgumentError("'restart' must be a number between 0 and 1.")
    score = walks.meeting(question, weight, float(restart), least)
    others = score.copy()
    others[asked] = 0
    order = np.lexsort((np.arange(len(others)), -others))[:n]
    is_in = np.zeros(network.n_entities, dtype=bool)
    is_in[order[others[order] > 0]] = True
    is_in[asked] = True
    ways = question.ways
    inside = is_in[ways.source] & is_in[ways.out] & (ways.source < ways.out)
    found = _connection(question, is_in, np.flatnonzero(inside))
    return replace(found, entities=found.entities.assign(score=score[is_in]))


def _asked(network: Network, entities: Iterable[str], conditions: Conditions | None) -> Question:
    """Return the question; those asked about stand as sources, and may be passed."""
    given = check(conditions, False)
    if isinstance(entities, str):
        raise ArgumentError("'entities' must be a list of entity ids, got one str.")
    asked = group(network, entities, "entities")
    if len(asked) < 2:
        raise ArgumentError("'entities' must have at least two entities, has one.")
    not_avoided(network, asked, given)
    return Question(network, asked, asked[:0], given, False, False)


def _connection(
    question: Question, is_in: NDArray[np.bool_], ties: NDArray[np.int64]
) -> Connection:
    network = question.network
    rows = np.zeros(network.n_relationships, dtype=bool)
    rows[hops.rows_of(question.ways, ties)[0]] = True
    part = network._part(is_in, rows)
    asked = network.entities.index[question.sources]
    entities = pd.DataFrame({"is_asked": part.entities.index.isin(asked)}, part.entities.index)
    hubs = question.not_expanded()
    return Connection(part, entities, hops.ties_table(question, ties), tuple(hubs))
