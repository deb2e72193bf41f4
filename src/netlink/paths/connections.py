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
        Entities of too high a degree to be passed that a search from those asked about met.

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
    directed: bool | None = False,
    backward: bool = False,
    conditions: Conditions | None = None,
) -> Connection:
    """Find the short tree that links several entities.

    The fewest hops, or the least cost, that join all of them, within a factor of two: to find the
    very least is not feasible in large networks. What stands on it is one way to link the people
    asked about; who is not on it may be as good. Through a phone book, a bank or a help line
    everybody is linked: exclude such hubs with `Conditions.max_degree`.

    Relationships are read either way, unless `directed` says otherwise: then the tree leads from
    one of the entities along the directions to all the others, or with `backward` from all of them
    to one, as money does that is collected. It begins (or ends) at the one that is nearest to the
    others; for three entities it is within a factor of two of the least, for one more each by one
    more.

    Parameters
    ----------
    network : Network
        The network.
    entities : iterable of str
        Ids of at least two entities to link.
    length : str, optional
        Numeric column of the relationship table that holds a cost, as in `shortest`.
    directed : bool, optional
        False: either way. None: as each relationship type says, attachments such as ``uses``
        either way. True: from source to target of each relationship only.
    backward : bool, default False
        With a direction, whether the tree leads from all of the entities to one of them.
    conditions : Conditions, optional
        Which records and entities it may use.

    Returns
    -------
    Connection
        A tree: one tie fewer than entities. With a direction, ``source`` and ``target`` of each tie
        are as it is gone.

    Raises
    ------
    NoPathError
        They are not all connected, or nobody reaches all others along the directions; it says which
        condition closed the last way.
    UnknownEntityError
        Some are not in the network.
    ArgumentError
        There are fewer than two, or the column of lengths or the direction will not do.

    References
    ----------
    Kou, Markowsky & Berman 1981, A fast algorithm for Steiner trees; Mehlhorn 1988; with
    directions Takahashi & Matsuyama 1980.

    Examples
    --------
    >>> import netlink as nl
    >>> families = nl.datasets.florentine_families()
    >>> found = nl.paths.connection(families, ["Pazzi", "Acciaiuoli", "Ginori"])
    >>> found.entities.index.tolist()
    ['Acciaiuoli', 'Albizzi', 'Ginori', 'Medici', 'Pazzi', 'Salviati']
    """
    question = _asked(network, entities, conditions, directed, backward)
    values = question.lengths(length)[0][2]
    if directed is False:
        found, who = tree.spanning(question, values), "all of the entities"
    else:
        found = tree.branching(question, length, backward=backward)
        who = "one of the entities and all others"
    if found is None:
        raise no_path(
            question,
            is_open=lambda asked, _: tree.is_joined(asked, backward=backward),
            who=who,
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
    directed: bool | None = False,
    backward: bool = False,
    conditions: Conditions | None = None,
) -> Connection:
    """Find the entities that are near to several at once.

    From each entity asked about a walker sets out along the ties, the stronger the likelier, and
    starts again with probability `restart`. The score is the probability that all walkers, or at
    least so many, are at an entity at the same time. Many ways count for more than one, which
    `connection` does not see. Ties to much tied entities count less (by the root of their
    strength), yet a hub that is near to everybody still comes high.

    Ties are read either way, unless `directed` says otherwise: then walkers go along the directions
    and meet where what sets out from all of them may arrive, or with `backward` against them, and
    meet where what reached all of them may have set out: who recruited them, who paid them. A
    walker who cannot go on starts again.

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
    directed : bool, optional
        False: either way. None: as each relationship type says, attachments such as ``uses``
        either way. True: from source to target of each relationship only.
    backward : bool, default False
        With a direction, whether walkers go against it.
    conditions : Conditions, optional
        Which records and entities the walks may use.

    Returns
    -------
    Connection
        Those asked about and at most `n` others, the ties among them, and the score of each;
        fewer where no walks meet. It need not hang together. With a direction, a tie that leads
        both ways is two.

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
    question = _asked(network, entities, conditions, directed, backward)
    asked = question.sources
    least = len(asked) if at_least is None else at_least
    check_count(least, "at_least")
    if least > len(asked):
        raise ArgumentError(
            f"'at_least' must be at most the number of entities, {len(asked)}, got {least}."
        )
    if isinstance(restart, bool) or not isinstance(restart, Real) or not 0 < restart < 1:
        raise ArgumentError("'restart' must be a number between 0 and 1.")
    score = walks.meeting(question, weight, float(restart), least, backward=backward)
    others = score.copy()
    others[asked] = 0
    order = np.lexsort((np.arange(len(others)), -others))[:n]
    is_in = np.zeros(network.n_entities, dtype=bool)
    is_in[order[others[order] > 0]] = True
    is_in[asked] = True
    ways = question.ways
    inside = is_in[ways.source] & is_in[ways.out]
    if directed is False:
        inside &= ways.source < ways.out
    found = _connection(question, is_in, np.flatnonzero(inside))
    return replace(found, entities=found.entities.assign(score=score[is_in]))


def _asked(
    network: Network,
    entities: Iterable[str],
    conditions: Conditions | None,
    directed: bool | None,
    backward: bool,
) -> Question:
    """Return the question; those asked about stand as sources, and may be passed."""
    given = check(conditions, directed)
    if not isinstance(backward, bool):
        raise ArgumentError(f"'backward' must be True or False, got {type(backward).__name__}.")
    if isinstance(entities, str):
        raise ArgumentError("'entities' must be a list of entity ids, got one str.")
    asked = group(network, entities, "entities")
    if len(asked) < 2:
        raise ArgumentError("'entities' must have at least two entities, has one.")
    not_avoided(network, asked, given)
    return Question(network, asked, asked[:0], given, directed, False)


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
