"""Small networks that everybody knows, to learn on and to check figures against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from netlink.ingest import read_tables

if TYPE_CHECKING:
    import networkx

    from netlink.network import Network

__all__ = ["florentine_families", "karate_club", "krackhardt_kite"]


def _network(graph: networkx.Graph[Any], **columns: list[str]) -> Network:
    ids = [str(name) for name in graph.nodes]
    entities = pd.DataFrame({"entity_id": ids, "entity_type": "person", "label": ids, **columns})
    ends = [(str(source), str(target)) for source, target in graph.edges]
    relationships = pd.DataFrame(ends, columns=["source", "target"])
    return read_tables(entities, relationships.assign(relationship_type="knows"))


def florentine_families() -> Network:
    """Return the marriages among families of Renaissance Florence.

    15 families and 20 marriages, each family one entity of type person. The Medici stand between
    most others without having the most ties by far. The family without marriages is not in it.

    Returns
    -------
    Network

    References
    ----------
    Padgett & Ansell 1993, Robust action and the rise of the Medici, 1400-1434; as in networkx.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.datasets.florentine_families().neighbors("Medici").tolist()
    ['Acciaiuoli', 'Albizzi', 'Barbadori', 'Ridolfi', 'Salviati', 'Tornabuoni']
    """
    import networkx as nx

    return _network(nx.florentine_families_graph())


def karate_club() -> Network:
    """Return the friendships in a karate club that split.

    34 members, "0" to "33", and 78 ties; ``club`` in the entity table says with whom a member went:
    the instructor ("0") or the officer ("33"). Ties are not weighted here, as in most published
    figures; Zachary also counted the occasions on which two members met.

    Returns
    -------
    Network

    References
    ----------
    Zachary 1977, An information flow model for conflict and fission in small groups; as in
    networkx.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> club.entities["club"].value_counts().to_dict()
    {'instructor': 17, 'officer': 17}
    """
    import networkx as nx

    graph = nx.karate_club_graph()
    sides = {"Mr. Hi": "instructor", "Officer": "officer"}
    return _network(graph, club=[sides[club] for _, club in graph.nodes(data="club")])


def krackhardt_kite() -> Network:
    """Return ten people among whom three measures disagree.

    18 ties: "3" has the most, "5" and "6" are closest to everybody, and "7" lies between most.

    Returns
    -------
    Network

    References
    ----------
    Krackhardt 1990, Assessing the political landscape; as in networkx.

    Examples
    --------
    >>> import netlink as nl
    >>> len(nl.datasets.krackhardt_kite().neighbors("3"))
    6
    """
    import networkx as nx

    return _network(nx.krackhardt_kite_graph())
