"""Two checked tables and the arrays behind them, built on first use."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink import vocabulary as words
from netlink.errors import ArgumentError, near
from netlink.network import periods
from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_LEDGER = {"table": "str", "outcome": "str", "detail": "str", "rows": "int64"}
_REJECTED = {"table": "str", "row": "int64", "column": "str", "reason": "str", "record": "str"}


class _HandedOut:
    """A field that holds a table and gives shallow copies: writing to one leaves the network alone.

    Pandas copies on write, so a shallow copy costs microseconds.
    """

    def __init__(self, empty: dict[str, str] | None) -> None:
        self.empty = empty

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, network: object | None, owner: type) -> Any:
        if network is None:  # a dataclass asks its class for the default
            if self.empty is None:
                raise AttributeError(self.name)
            return None
        return vars(network)[self.name].copy(deep=False)

    def __set__(self, network: object, table: pd.DataFrame | None) -> None:
        if table is None:
            kinds = self.empty or {}
            table = pd.DataFrame({name: pd.Series(dtype=kind) for name, kind in kinds.items()})
        vars(network)[self.name] = table.copy(deep=False)


def _handed_out(empty: dict[str, str] | None = None) -> Any:
    return _HandedOut(empty)


@dataclass(frozen=True, eq=False, repr=False)
class Tables:
    """The data of a network, checked and read-only; `Network` adds the questions."""

    entity_table: pd.DataFrame = _handed_out()  # noqa: RUF009 (a descriptor)
    relationship_table: pd.DataFrame = _handed_out()  # noqa: RUF009 (a descriptor)
    vocabulary: words.Vocabulary = field(default_factory=words.default)
    ledger: pd.DataFrame = _handed_out(_LEDGER)  # noqa: RUF009 (a descriptor)
    rejected: pd.DataFrame = _handed_out(_REJECTED)  # noqa: RUF009 (a descriptor)
    known_codes: tuple[NDArray[np.int32], NDArray[np.int32]] | None = None
    tz: str = "UTC"
    merged: pd.DataFrame = _handed_out({"merged_into": "str"})  # noqa: RUF009 (a descriptor)
    known_kinds: pa.DictionaryArray | None = None

    def __post_init__(self) -> None:
        for table, name, wanted in (
            (self.entity_table, "entity_table", ENTITY_COLUMNS[1:]),
            (self.relationship_table, "relationship_table", RELATIONSHIP_COLUMNS[1:]),
        ):
            missing = [column for column in wanted if column not in table.columns]
            if missing:
                raise ArgumentError(
                    f"'{name}' must have the canonical columns, lacks {missing}. "
                    "Read tables of your own with netlink.read_tables."
                )

    # Tables

    @cached_property
    def _entities(self) -> pd.DataFrame:
        return self.entity_table.rename_axis("entity_id")

    @cached_property
    def _relationships(self) -> pd.DataFrame:
        table = self.relationship_table
        if table.index.name == "relationship_id":
            return table
        return table.set_axis(pd.Index(self._made_ids(), name="relationship_id"))

    def _made_ids(self) -> pd.Series:
        table = self.relationship_table
        ids = _arrays.text_keys(self.entity_table.index.to_numpy(dtype=object))
        source, target = self.codes
        directed = self._is_directed
        apart = {"source", "target", "start_precision", "end_precision"}
        rest = {str(name): table[name] for name in table.columns if name not in apart}
        keys = _arrays.row_keys(rest, (ids[source], ids[target], directed))
        for number, end in enumerate(("start", "end")):  # 2024 is not 2024-01-01
            code = table[f"{end}_precision"].cat.codes.to_numpy()
            rows = np.flatnonzero((code >= 0) & (code < periods.TIME))
            keys[rows] = _arrays.mixed(keys[rows], 2 * code[rows].astype(np.uint64) + 3 + number)
        # Rows with the same content are numbered: being alike, any of them may be the first.
        copies = pd.Series(keys).groupby(keys).cumcount().to_numpy()
        texts = pd.Series(_arrays.named("r", keys), dtype="str")
        again = np.flatnonzero(copies)
        if len(again):
            numbers = (copies[again] + 1).astype(str)
            texts.iloc[again] = texts.iloc[again].to_numpy() + np.char.add("-", numbers)
        return texts

    @property
    def entities(self) -> pd.DataFrame:
        """The entity table, indexed by ``entity_id``; a shallow copy.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().entities["entity_type"].unique().tolist()
        ['person']
        """
        return self._entities.copy(deep=False)

    @property
    def relationships(self) -> pd.DataFrame:
        """The relationship table, indexed by ``relationship_id``; a shallow copy.

        Examples
        --------
        >>> import netlink as nl
        >>> len(nl.datasets.krackhardt_kite().relationships)
        18
        """
        return self._relationships.copy(deep=False)

    # Counts

    @property
    def n_entities(self) -> int:
        """Number of entities.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().n_entities
        10
        """
        return len(self.entity_table)

    @property
    def n_relationships(self) -> int:
        """Number of relationships, parallel ones counted each.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().n_relationships
        18
        """
        return len(self.relationship_table)

    @cached_property
    def n_components(self) -> int:
        """Number of weakly connected components, isolates not counted.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().n_components
        1
        """
        from scipy.sparse.csgraph import connected_components

        if not self.n_entities:
            return 0
        count, _ = connected_components(self._ties(directed=False, weight=None), directed=False)
        return int(count) - self.n_isolates

    @cached_property
    def n_isolates(self) -> int:
        """Number of entities with no relationship to another entity.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().n_isolates
        0
        """
        source, target = self.codes
        tied = np.zeros(self.n_entities, dtype=bool)
        tied[source[source != target]] = True
        tied[target[source != target]] = True
        return int(self.n_entities - tied.sum())

    # Arrays

    @cached_property
    def ids(self) -> pa.Array:
        """Entity ids as an Arrow array.

        In the order of the entity table.

        Examples
        --------
        >>> import netlink as nl
        >>> len(nl.datasets.krackhardt_kite().ids)
        10
        """
        return _arrays.to_arrow(self.entity_table.index)

    @cached_property
    def codes(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        """Source and target of every relationship as numbers.

        Positions in the entity table; read-only.

        Examples
        --------
        >>> import netlink as nl
        >>> source, target = nl.datasets.krackhardt_kite().codes
        >>> source.dtype, len(source)
        (dtype('int32'), 18)
        """
        if self.known_codes is not None:
            found = self.known_codes
        else:
            table = self.relationship_table
            found = (
                _arrays.codes(_arrays.to_arrow(table["source"]), self.ids),
                _arrays.codes(_arrays.to_arrow(table["target"]), self.ids),
            )
            dangling = int(((found[0] < 0) | (found[1] < 0)).sum())
            if dangling:
                raise ArgumentError(
                    f"Every end of a relationship must be an entity of the network; {dangling:,} "
                    "relationships have an end that is not."
                )
        for array in found:
            array.flags.writeable = False
        return found

    @cached_property
    def _is_directed(self) -> NDArray[np.bool_]:
        return self._of_type(lambda kind: kind.directed)

    @cached_property
    def _kinds(self) -> pa.DictionaryArray:
        """Relationship types as numbers of their words."""
        if self.known_kinds is not None:
            return self.known_kinds
        return _arrays.to_arrow(self.relationship_table["relationship_type"]).dictionary_encode()

    def _of_type(self, asked: Callable[[words.RelationshipType], bool]) -> NDArray[np.bool_]:
        known = self.vocabulary.relationship_types
        answers = [asked(known[word]) for word in self._kinds.dictionary.to_pylist()]
        found: NDArray[np.bool_] = np.array(answers, dtype=bool)[self._kinds.indices.to_numpy()]
        return found

    @cached_property
    def _is_one_way(self) -> NDArray[np.bool_]:
        return self._of_type(lambda kind: kind.directed and not kind.both_ways)

    def is_directed(self, directed: bool | None = None) -> bool:
        """Tell whether any relationship is read as one way only.

        Parameters
        ----------
        directed : bool, optional
            As in `to_scipy`: None reads the direction from the relationship types.

        Returns
        -------
        bool

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().is_directed()
        False
        """
        return bool(self._is_one_way.any()) if directed is None else directed

    def _both_ways(self, directed: bool | None) -> NDArray[np.bool_]:
        """Tell which relationships are read from target to source too."""
        if directed is None:
            return ~self._is_one_way
        return np.full(self.n_relationships, not directed)

    @cached_property
    def _tie_cache(self) -> dict[tuple[bool | None, str | None, bool], csr_array]:
        return {}

    @cached_property
    def _contact_cache(self) -> dict[Any, Any]:
        """Contacts in the order of time, by how `netlink.temporal` was asked to read them."""
        return {}

    @cached_property
    def _ways(self) -> dict[Any, Any]:
        """Ties under the conditions that `netlink.paths` was asked with last."""
        return {}

    def _ties(self, *, directed: bool | None, weight: str | None, loops: bool = True) -> csr_array:
        key = (directed, weight, loops)
        if key not in self._tie_cache:
            if loops:
                built = self._merged(directed, weight)
            else:
                built = _arrays.without_loops(self._ties(directed=directed, weight=weight))
            for array in (built.data, built.indices, built.indptr):
                array.flags.writeable = False
            self._tie_cache[key] = built
        return self._tie_cache[key]

    def _merged(self, directed: bool | None, weight: str | None) -> csr_array:
        values = None
        if weight is not None:
            values = self.relationship_table[weight].to_numpy(dtype=float)
        return _arrays.ties(*self.codes, values, self._both_ways(directed), self.n_entities)

    def to_scipy(self, *, directed: bool | None = None, weight: str | None = "weight") -> csr_array:
        """Return the ties as a sparse matrix, parallel relationships merged.

        Parameters
        ----------
        directed : bool, optional
            None: as each relationship type says, an undirected one in both directions, and so an
            attachment such as ``uses`` or ``suspect_in``, through which nothing flows. True: every
            relationship from source to target only. False: every one in both directions.
        weight : str or None, default "weight"
            Numeric column of strengths, none missing, infinite or negative, added where
            relationships are parallel; None counts them.

        Returns
        -------
        scipy.sparse.csr_array of shape (n_entities, n_entities)
            Row i, column j: from entity i to entity j. A self-loop stands once on the diagonal.
            Read-only.

        Raises
        ------
        ArgumentError
            There is no such column, or it is not of strengths.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().to_scipy().shape
        (10, 10)
        """
        if directed not in (None, True, False):
            raise ArgumentError(f"'directed' must be None, True or False, got {directed!r}.")
        if weight is not None and (directed, weight, True) not in self._tie_cache:
            self._check_strengths(weight)
        return self._ties(directed=directed, weight=weight)

    def _check_strengths(self, weight: str) -> None:
        self.check_column(weight)
        column = self.relationship_table[weight]
        if not pd.api.types.is_numeric_dtype(column):
            raise ArgumentError(f"'weight' must be a numeric column, '{weight}' is not.")
        values = column.to_numpy(dtype=float)
        wrong = int((~(np.isfinite(values) & (values >= 0))).sum())
        if wrong:
            raise ArgumentError(
                f"'weight' must be a column of strengths, none missing, infinite or negative; "
                f"in '{weight}' {wrong:,} of {len(values):,} are."
            )

    def check_column(self, name: str) -> None:
        """Raise unless the relationship table has a column.

        Parameters
        ----------
        name : str
            Name of the column.

        Raises
        ------
        ArgumentError
            There is no such column; near names are offered.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.krackhardt_kite().check_column("weight")
        """
        columns = [str(column) for column in self.relationship_table.columns]
        if name not in columns:
            raise ArgumentError(
                f"The relationship table has no column '{name}'.{near(str(name), columns)}"
            )
