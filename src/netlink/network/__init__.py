"""The network: two checked tables, frozen, with views built on first use."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
import pyarrow as pa

from netlink import _arrays
from netlink.errors import ArgumentError, UnknownEntityError
from netlink.network import chosen
from netlink.network._displayed import Displayed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import date

    import igraph
    import networkx
    from numpy.typing import NDArray

__all__ = ["Network"]


@dataclass(frozen=True, eq=False, repr=False)
class Network(Displayed):
    """Entities and the relationships between them.

    Made by `netlink.read_tables`; what "changes" a network returns a new one. Entities stand in the
    order of their ids, so that no result depends on the order of the rows.

    Parameters
    ----------
    entity_table : pandas.DataFrame
        Canonical entity table, indexed by ``entity_id``: unique text, sorted.
    relationship_table : pandas.DataFrame
        Canonical relationship table. With an index named ``relationship_id`` the ids are taken from
        it; otherwise they are made from the content of the rows when first asked for.
    vocabulary : Vocabulary
        What the words mean.
    ledger : pandas.DataFrame
        Rows read, created, used, set aside, repeated and flagged, empty cells of participants, and
        what `combine` did: ``table``, ``outcome``, ``detail``, ``rows``.
    rejected : pandas.DataFrame
        Rows set aside: ``table``, ``row``, ``column``, ``reason``, and the ``record`` as JSON.
    known_codes : tuple of two numpy.ndarray of int32, optional
        Positions of source and target in the entity table where they are known already.
    tz : str, default "UTC"
        Time zone whose days, months and years partial dates are.
    merged : pandas.DataFrame, optional
        Rows of entities that `netlink.transform.merge_entities` joined, with ``merged_into``.
    known_kinds : pyarrow.DictionaryArray, optional
        Relationship types as numbers of their words, where they are known already.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame({"source": ["p1", "p1"], "target": ["p2", "p3"],
    ...                       "relationship_type": "communicated"})
    >>> nl.read_tables(None, calls)
    <Network of 3 entities and 2 relationships (1 component, 0 isolates)>
    """

    # Questions without an algorithm to choose

    def positions(self, entities: Iterable[str]) -> NDArray[np.int32]:
        """Return the positions of entities in the entity table.

        Parameters
        ----------
        entities : iterable of str
            Entity ids.

        Returns
        -------
        numpy.ndarray of int32

        Raises
        ------
        UnknownEntityError
            Some are not in the network; the message counts them and names none.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().positions(["0", "9"])
        array([0, 9], dtype=int32)
        """
        if isinstance(entities, str):
            raise ArgumentError("'entities' must be a list of entity ids, got one str.")
        wanted = list(entities)
        wrong = sum(not isinstance(entity, str) for entity in wanted)
        if wrong:
            raise ArgumentError(f"Entity ids are text; {wrong} of {len(wanted)} are not str.")
        if len(wanted) < 1000:  # the index keeps its hash table, Arrow makes one a call
            found = self._entities.index.get_indexer(pd.Index(wanted)).astype(np.int32)
        else:
            found = _arrays.codes(pa.array(wanted, type=pa.large_string()), self.ids)
        missing = int((found < 0).sum())
        if missing:
            raise UnknownEntityError(
                f"{missing} of the {len(wanted)} entities asked about are not in the network of "
                f"{self.n_entities:,} entities. Ids are text and must match letter by letter."
            )
        return found

    def neighbors(self, entity: str) -> pd.Index:
        """Return the entities tied to one entity, in either direction.

        Parameters
        ----------
        entity : str
            Entity id.

        Returns
        -------
        pandas.Index
            Entity ids in order; never the entity itself.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().neighbors("9").tolist()
        ['8']
        """
        position = int(self.positions([entity])[0])
        ties = self._ties(directed=False, weight=None)
        around = ties.indices[ties.indptr[position] : ties.indptr[position + 1]]
        found: pd.Index = self._entities.index[around[around != position]]
        return found

    @cached_property
    def references(self) -> NDArray[np.int32]:
        """First of the entities that each is the same as.

        Positions in the entity table. ``same_as`` between entities of one type joins them, also
        over several steps: a person who stands in the tables under three ids has three rows here,
        all with the position of the first. Read-only.

        Examples
        --------
        >>> import pandas as pd, netlink as nl
        >>> same = pd.DataFrame({"source": ["p3"], "target": ["p1"],
        ...                      "relationship_type": "same_as"})
        >>> people = pd.DataFrame({"entity_id": ["p1", "p2", "p3"], "entity_type": "person"})
        >>> nl.read_tables(people, same).references
        array([0, 1, 0], dtype=int32)
        """
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        types = self.entity_table["entity_type"].to_numpy()
        same = (self.relationship_table["relationship_type"] == "same_as").to_numpy()
        source, target = (ends[same] for ends in self.codes)
        alike = types[source] == types[target]
        joined = (np.ones(alike.sum()), (source[alike], target[alike]))
        n = self.n_entities
        group = connected_components(coo_array(joined, shape=(n, n)), directed=False)[1]
        _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
        found: NDArray[np.int32] = first[inverse].astype(np.int32)
        found.flags.writeable = False
        return found

    @cached_property
    def is_protected(self) -> pd.Series:
        """Whether each entity is a person to protect.

        By the protection status of any reference to the same person: somebody known as a victim
        under one id is protected under every other.

        Examples
        --------
        >>> import pandas as pd, netlink as nl
        >>> people = pd.DataFrame({"entity_id": ["p1", "p2"], "entity_type": "person",
        ...                        "protection_status": ["child", "none"]})
        >>> ties = pd.DataFrame({"source": ["p1"], "target": ["p2"]})
        >>> nl.read_tables(people, ties).is_protected.tolist()
        [True, False]
        """
        known = {w: s.is_protected for w, s in self.vocabulary.protection_statuses.items()}
        flags = self.entity_table["protection_status"].map(known).to_numpy(dtype=bool)
        found = np.isin(self.references, self.references[flags])
        return pd.Series(found, index=self._entities.index, name="is_protected")

    # Parts of it

    def _part(self, entities: NDArray[np.bool_], rows: NDArray[np.bool_]) -> Network:
        source, target = self.codes
        renumber = np.cumsum(entities, dtype=np.int32) - np.int32(1)
        return Network(
            self._entities[entities],
            self._relationships[rows],
            self.vocabulary,
            self.ledger,
            self.rejected,
            (renumber[source[rows]], renumber[target[rows]]),
            self.tz,
            self.merged,
        )

    def subgraph(self, entities: Iterable[str]) -> Network:
        """Keep some entities and the relationships among them.

        Parameters
        ----------
        entities : iterable of str
            Entity ids.

        Returns
        -------
        Network

        Raises
        ------
        UnknownEntityError
            Some are not in the network.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().subgraph(["7", "8", "9"])
        <Network of 3 entities and 2 relationships (1 component, 0 isolates)>
        """
        keep = np.zeros(self.n_entities, dtype=bool)
        keep[self.positions(entities)] = True
        source, target = self.codes
        return self._part(keep, keep[source] & keep[target])

    def where(
        self,
        *,
        relationship_types: Iterable[str] | None = None,
        entity_types: Iterable[str] | None = None,
        relationship_columns: Mapping[str, Any] | None = None,
        entity_columns: Mapping[str, Any] | None = None,
        min_confidence: float | None = None,
    ) -> Network:
        """Keep relationships and entities that meet conditions.

        Parameters
        ----------
        relationship_types : iterable of str, optional
            Keep only these types of relationship; every entity stays.
        entity_types : iterable of str, optional
            Keep only these types of entity and the relationships among them.
        relationship_columns, entity_columns : mapping of str, optional
            Keep only rows with this value, one of these values or a value in this range: a mapping
            of ``at_least``, ``above``, ``at_most`` and ``below`` to numbers, times or lengths of
            time. A missing value is in no range, unless ``"or_missing": True`` stands beside.
        min_confidence : float, optional
            Keep only relationships whose confidence is known and at least this (0 to 1).

        Returns
        -------
        Network

        Raises
        ------
        ArgumentError
            A type is not in the vocabulary, there is no such column, or it cannot be compared with
            the bounds of a range, or the confidence is no number from 0 to 1.

        Examples
        --------
        >>> import netlink as nl
        >>> families = nl.datasets.florentine_families()
        >>> families.where(relationship_types=["met"]).n_relationships
        0
        >>> families.where(relationship_columns={"weight": {"at_least": 1}}).n_relationships
        20
        """
        ties = chosen.columns(relationship_columns, "relationship_columns")
        parts = chosen.columns(entity_columns, "entity_columns")
        rows = chosen.relationships(self, relationship_types, ties, min_confidence)
        keep = chosen.entities(self, entity_types, parts)
        source, target = self.codes
        return self._part(keep, rows & keep[source] & keep[target])

    def during(
        self, start: str | date, end: str | date, *, undated: Literal["drop", "keep"] = "drop"
    ) -> Network:
        """Keep relationships that can fall into a window of time.

        A relationship counts if its period can fall into the window: one of "2024-03" is in every
        window that touches that March (see `spans`). So what is kept was, or may have been, then.

        Parameters
        ----------
        start, end : str, datetime.date or datetime.datetime
            The window, from start up to and not including end; taken as UTC without a zone. Text
            is ISO 8601, e.g. "2024-01-03" or "2024-01-03T14:00+01:00".
        undated : {"drop", "keep"}, default "drop"
            What to do with relationships without ``start``. Registers of who uses a phone or owns
            a car often have no dates: kept, a call from phone to phone stays one between people.

        Returns
        -------
        Network
            Every entity stays. A relationship without ``end`` counts at its ``start`` alone.

        Raises
        ------
        ArgumentError
            Something is not a time, the start is not before the end, or 'undated' is another word.

        Examples
        --------
        >>> import pandas as pd, netlink as nl
        >>> calls = pd.DataFrame({"source": ["p1", "p1"], "target": ["p2", "p3"],
        ...                       "start": ["2024-01-03", "2024-02-01"]})
        >>> nl.read_tables(None, calls).during("2024-01-01", "2024-02-01").n_relationships
        1
        """
        rows = self._is_during(start, end, undated)
        return self._part(np.ones(self.n_entities, dtype=bool), rows)

    # Hand-over to other libraries

    def to_igraph(self) -> igraph.Graph:
        """Return an `igraph.Graph` with every relationship and its columns.

        Returns
        -------
        igraph.Graph
            Directed if any relationship type is; the vertex attribute ``name`` is the entity id and
            the edge attribute ``relationship_id`` the relationship's. A column of the entity table
            that is called "name" itself becomes ``name_in_table``.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().to_igraph().ecount()
        18
        """
        from netlink import _engine

        built = _engine.parallel_graph(
            *self.codes, self.n_entities, directed=bool(self._is_directed.any())
        )
        for name in self._entities.columns:
            spelled = "name_in_table" if name == "name" else str(name)
            built.vs[spelled] = self._entities[name].tolist()
        built.vs["name"] = self._entities.index.tolist()
        built.es["relationship_id"] = self._relationships.index.tolist()
        for name in self._relationships.columns.drop(["source", "target"]):
            built.es[str(name)] = self._relationships[name].tolist()
        return built

    def to_networkx(self) -> networkx.MultiDiGraph[str] | networkx.MultiGraph[str]:
        """Return a networkx multigraph with every relationship and its columns.

        Returns
        -------
        networkx.MultiDiGraph or networkx.MultiGraph
            Directed if any relationship type is; the key of an edge is its relationship id.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().to_networkx().number_of_edges()
        18
        """
        import networkx as nx

        built: Any = nx.MultiDiGraph() if self._is_directed.any() else nx.MultiGraph()
        built.add_nodes_from(zip(self._entities.index, _records(self._entities), strict=True))
        table = self._relationships
        rest = _records(table.drop(columns=["source", "target"]))
        built.add_edges_from(zip(table["source"], table["target"], table.index, rest, strict=True))
        graph: networkx.MultiDiGraph[str] | networkx.MultiGraph[str] = built
        return graph

    def __repr__(self) -> str:
        def counted(n: int, word: str) -> str:
            return f"{n:,} {word}" + ("" if n == 1 else "s")

        entities = f"{self.n_entities:,} " + ("entity" if self.n_entities == 1 else "entities")
        return (
            f"<Network of {entities} and {counted(self.n_relationships, 'relationship')} "
            f"({counted(self.n_components, 'component')}, {counted(self.n_isolates, 'isolate')})>"
        )


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    return table.rename(columns=str).to_dict("records")  # type: ignore[return-value]
