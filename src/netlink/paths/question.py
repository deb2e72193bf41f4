"""What is asked: from where to where, under which conditions; and the ties that may be used."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink.errors import ArgumentError
from netlink.paths.conditions import Conditions

if TYPE_CHECKING:
    from typing import TypeAlias

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network

    Codes: TypeAlias = NDArray[np.int32]
    Floats: TypeAlias = NDArray[np.float64]
    Ties: TypeAlias = tuple[Codes, Codes, Floats]

_KEPT = 8  # sets of conditions whose ties a network keeps, the latest
_lock = threading.Lock()


@dataclass(frozen=True, eq=False)
class Ways:
    """The ties that meet some conditions, in CSR, with the rows behind each."""

    start: Codes
    out: Codes
    rows: Codes  # of the relationship table, tie by tie
    first: NDArray[np.int64]  # where the rows of each tie begin, and where the last ends
    passable: NDArray[np.bool_]
    is_hub: NDArray[np.bool_]
    _lengths: dict[str, tuple[Ties, Ties]] = field(default_factory=dict)
    _weights: dict[str, Floats] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network, conditions: Conditions, directed: bool | None) -> Ways:
        """Return the ties of a network; those of the latest conditions are kept with it."""
        key = (conditions, directed)
        with _lock:
            found: Ways | None = network._ways.get(key)
        if found is None:
            found = cls._built(network, conditions, directed)
            with _lock:
                network._ways[key] = found
                while len(network._ways) > _KEPT:
                    del network._ways[next(iter(network._ways))]
        return found

    @classmethod
    def _built(cls, network: Network, conditions: Conditions, directed: bool | None) -> Ways:
        n, (source, target) = network.n_entities, network.codes
        rows = np.flatnonzero(conditions._rows(network) & (source != target))
        back = rows[network._both_ways(directed)[rows]]
        start, out, row = _arrays.sorted_pairs(
            np.concatenate([source[rows], target[back]]),
            np.concatenate([target[rows], source[back]]),
            np.concatenate([rows, back]).astype(np.float64),
            n,
        )
        # A tie begins where the other end changes, or an entity's own ties begin.
        is_new = np.ones(len(out), dtype=bool)
        np.not_equal(out[1:], out[:-1], out=is_new[1:])
        is_new[start[:-1][start[:-1] < len(out)]] = True
        count = np.append(0, np.cumsum(is_new))
        return cls(
            count[start].astype(np.int32),
            out[is_new].astype(np.int32),
            row.astype(np.int32),
            np.append(np.flatnonzero(is_new), len(out)),
            conditions._passable(network),
            conditions._is_hub(network),
        )

    @cached_property
    def source(self) -> Codes:
        """Where each tie comes from."""
        n = len(self.start) - 1
        return np.repeat(np.arange(n, dtype=np.int32), np.diff(self.start))

    @cached_property
    def _turned(self) -> tuple[Codes, Codes, Codes]:
        n = len(self.start) - 1
        place = np.arange(len(self.out), dtype=np.float64)
        start, into, tie = _arrays.sorted_pairs(self.out, self.source, place, n)
        return start.astype(np.int32), into.astype(np.int32), tie.astype(np.int32)

    def along(self, values: Floats) -> Ties:
        """Return the ties with a number each, for the kernels."""
        return self.start, self.out, values

    def back(self, values: Floats) -> Ties:
        """Return the same ties turned around."""
        start, into, tie = self._turned
        return start, into, values if values is self.ones else values[tie]

    def each(self, values: Floats, how: np.ufunc) -> Floats:
        """Return one number a tie from one number a row."""
        if not len(self.out):
            return np.empty(0)
        found: Floats = how.reduceat(values[self.rows], self.first[:-1])
        return found

    @cached_property
    def ones(self) -> Floats:
        """One hop each."""
        return np.ones(len(self.out))

    def ties(self, tail: NDArray[np.int64], head: NDArray[np.int64]) -> NDArray[np.int64]:
        """Return the positions of the ties of some hops."""
        n = len(self.start) - 1
        if "_keys" not in vars(self):
            object.__setattr__(self, "_keys", self.source.astype(np.int64) * n + self.out)
        found: NDArray[np.int64] = np.searchsorted(vars(self)["_keys"], tail * n + head)
        return found


@dataclass(frozen=True, eq=False)
class Question:
    """From which entities to which, with which ties."""

    network: Network
    sources: Codes
    targets: Codes
    conditions: Conditions
    directed: bool | None
    is_pair: bool = True

    @classmethod
    def of(
        cls,
        network: Network,
        source: str | Iterable[str],
        target: str | Iterable[str],
        conditions: Conditions | None,
        directed: bool | None,
    ) -> Question:
        """Check what is asked."""
        asked = check(conditions, directed)
        is_pair = isinstance(source, str) and isinstance(target, str)
        if is_pair:
            both = network.positions([str(source), str(target)])
            ends = both[:1], both[1:]
        else:
            ends = group(network, source, "source"), group(network, target, "target")
            shared = len(np.intersect1d(*ends))
            if shared:
                raise ArgumentError(
                    f"The groups 'source' and 'target' must have no entity in common; {shared} "
                    "are in both."
                )
        not_avoided(network, np.concatenate(ends), asked)
        return cls(network, *ends, asked, directed, is_pair)

    @cached_property
    def ways(self) -> Ways:
        """The ties that may be used."""
        return Ways.of(self.network, self.conditions, self.directed)

    @cached_property
    def kind(self) -> NDArray[np.uint8]:
        """What a path may do with each entity, as the kernels read it."""
        found = (self.ways.passable & ~self.ways.is_hub).astype(np.uint8)
        found[self.sources], found[self.targets] = 2, 3
        return found

    @cached_property
    def allowed(self) -> tuple[NDArray[np.int64], csr_array]:
        """Ties among what may be passed and the entities asked about: places, and a matrix of them.

        The matrix has one more than the place, so that none is 0.
        """
        from scipy.sparse import csr_array

        n, ways = self.network.n_entities, self.ways
        inside = self.kind != 0
        place = np.flatnonzero(inside[ways.source] & inside[ways.out])
        start = np.searchsorted(place, ways.start)
        return place, csr_array((place + 1, ways.out[place], start), shape=(n, n))

    @property
    def is_nowhere(self) -> bool:
        """Whether source and target are the same entity."""
        return self.is_pair and self.sources[0] == self.targets[0]

    def asking(self, conditions: Conditions, directed: bool | None) -> Question:
        """Return the same question under other conditions."""
        return replace(self, conditions=conditions, directed=directed)

    def lengths(self, column: str | None) -> tuple[Ties, Ties]:
        """Return the ties and the same turned around: one hop each, or the least of their records.

        What was made for a column is kept.
        """
        ways = self.ways
        if column is None:
            return ways.along(ways.ones), ways.back(ways.ones)
        if column not in ways._lengths:
            values = ways.each(self.costs(column), np.minimum)
            ways._lengths[column] = ways.along(values), ways.back(values)
        return ways._lengths[column]

    def costs(self, column: str) -> Floats:
        """Return the cost of each relationship; of those that may be used it is checked."""
        values = numbers(self.network, column, "length")
        used = values[self.ways.rows]
        infinite, negative = int((~np.isfinite(used)).sum()), int((used < 0).sum())
        if infinite or negative:
            used = values[np.unique(self.ways.rows)]
            infinite, negative = int((~np.isfinite(used)).sum()), int((used < 0).sum())
            raise ArgumentError(
                f"'length' must be a column of finite, non-negative costs; of the {len(used):,} "
                f"values of '{column}' {infinite:,} are missing or infinite and "
                f"{negative:,} are negative."
            )
        return values

    def weights(self, column: str) -> Floats:
        """Return the weight of each tie: of its records added up, from small to large.

        So the order of the rows does not show in the last digits. What was made is kept.
        """
        ways = self.ways
        if column not in ways._weights:
            used = numbers(self.network, column, "weight")[ways.rows]
            is_wrong = ~(np.isfinite(used) & (used >= 0))
            if is_wrong.any():
                raise ArgumentError(
                    f"'weight' must be a column of strengths, none missing, infinite or negative; "
                    f"in '{column}' {len(np.unique(ways.rows[is_wrong])):,} are."
                )
            tie = np.repeat(np.arange(len(ways.out)), np.diff(ways.first))
            added = used[np.lexsort((used, tie))]
            ways._weights[column] = (
                np.add.reduceat(added, ways.first[:-1]) if len(added) else np.empty(0)
            )
        return ways._weights[column]

    def not_expanded(self) -> list[str]:
        """Return the hubs that were met from either end, and not passed.

        Where several entities are to be linked, each of them is either end.
        """
        from netlink.paths._kernels import SOURCE, TARGET, hops

        ways, n = self.ways, self.network.n_entities
        if not ways.is_hub.any():
            return []
        met = np.zeros(n, dtype=bool)
        back = (self.targets, SOURCE) if len(self.targets) else (self.sources, TARGET)
        for ties, seeds, end in (
            (ways.along(ways.ones), self.sources, TARGET),
            (ways.back(ways.ones), *back),
        ):
            reached = hops(ties, self.kind, seeds, end, n) >= 0
            reached &= self.kind != end
            tail = np.repeat(reached, np.diff(ties[0]))
            met[ties[1][tail]] = True
        met &= ways.is_hub & ways.passable & (self.kind == 0)
        found: list[str] = self.network.entities.index[met].tolist()
        return found


def check(conditions: object, directed: object) -> Conditions:
    """Return the conditions, if these are some and the direction is one."""
    if directed not in (None, True, False):
        raise ArgumentError(f"'directed' must be None, True or False, got {directed!r}.")
    if conditions is None:
        return Conditions()
    if not isinstance(conditions, Conditions):
        raise ArgumentError(
            f"'conditions' must be a netlink.paths.Conditions, got {type(conditions).__name__}."
        )
    return conditions


def group(network: Network, entities: object, name: str) -> Codes:
    """Return the positions of a group, sorted, each once."""
    if isinstance(entities, str):
        return network.positions([entities])
    if not isinstance(entities, Iterable):
        got = type(entities).__name__
        raise ArgumentError(f"'{name}' must be an entity id or a list of them, got {got}.")
    found: Codes = np.unique(network.positions(entities))
    if not len(found):
        raise ArgumentError(f"'{name}' must have at least one entity, is empty.")
    return found


def not_avoided(network: Network, asked: Codes, conditions: Conditions) -> None:
    """Raise where an entity asked about is one to avoid."""
    if conditions.avoid is not None:
        both = len(np.intersect1d(network.positions(conditions.avoid), asked))
        if both:
            raise ArgumentError(
                f"'avoid' must hold none of the entities asked about, holds {both}."
            )


def numbers(network: Network, column: str, name: str) -> Floats:
    """Return a numeric column of the relationship table."""
    network.check_column(column)
    values: Any = network.relationship_table[column]
    if not pd.api.types.is_numeric_dtype(values):
        raise ArgumentError(f"'{name}' must be a numeric column, '{column}' is not.")
    found: Floats = values.to_numpy(dtype=np.float64, na_value=np.nan)
    return found
