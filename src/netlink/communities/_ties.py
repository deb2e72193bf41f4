"""Ties as communities read them: merged, with a weight above 0, without self-loops.

Entities without such a tie are numbered apart, and take no draw from the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import fsum, isfinite
from numbers import Real
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink import _arrays, _engine
from netlink.communities.result import Communities
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network


@dataclass(frozen=True, eq=False)
class Ties:
    """Each tie once, by the numbers of its ends among the n entities that have one."""

    source: NDArray[np.int32]
    target: NDArray[np.int32]
    weight: NDArray[np.float64]
    n: int
    is_directed: bool = False

    @cached_property
    def graph(self) -> Any:
        """The igraph graph of these ties."""
        built = _engine.parallel_graph(self.source, self.target, self.n, directed=self.is_directed)
        built.es["weight"] = self.weight
        return built

    @cached_property
    def matrix(self) -> csr_array:
        """The same ties in CSR, in both directions."""
        from scipy.sparse import csr_array

        ends = (self.source, self.target)
        once = csr_array((self.weight, ends), shape=(self.n, self.n))
        return once + once.T


def read(
    network: Network, weight: str | None, *, directed: bool | None = False
) -> tuple[Ties, NDArray[np.bool_]]:
    """Return the ties, and which entities have one."""
    merged = network.to_scipy(directed=directed, weight=weight)
    is_directed = network.is_directed(directed)
    source, target, value = _engine.arcs(merged)
    keep = (source != target if is_directed else source < target) & (value > 0)
    source, target, value = source[keep], target[keep], value[keep]
    is_tied = np.zeros(network.n_entities, dtype=bool)
    is_tied[source] = is_tied[target] = True
    number = np.cumsum(is_tied, dtype=np.int32) - np.int32(1)
    return Ties(number[source], number[target], value, int(is_tied.sum()), is_directed), is_tied


def modularity_of(ties: Ties, groups: NDArray[np.int64], resolution: float) -> float:
    """Return the modularity of ties read in both directions; NaN without any."""
    if not len(ties.weight):
        return float("nan")
    weight = ties.weight / ties.weight.sum()
    within = weight[groups[ties.source] == groups[ties.target]].sum()
    strength = np.bincount(
        np.concatenate([groups[ties.source], groups[ties.target]]), np.tile(weight, 2)
    )
    # Added up exactly: one more group of nobody must not change the last digit.
    return float(within - resolution * fsum((strength / 2) ** 2))


def communities_of(
    network: Network, is_tied: NDArray[np.bool_], membership: NDArray[np.int64]
) -> pd.Series:
    """Return the groups numbered, each entity without a tie on its own."""
    whole = np.empty(network.n_entities, dtype=np.int64)
    whole[is_tied] = membership
    whole[~is_tied] = network.n_entities + np.arange(int((~is_tied).sum()))
    return pd.Series(_arrays.numbered(whole), index=network.entities.index, name="community")


def check_resolution(resolution: object) -> float:
    if isinstance(resolution, bool) or not isinstance(resolution, Real):
        raise ArgumentError(f"'resolution' must be a number, got {type(resolution).__name__}.")
    value = float(resolution)
    if not (isfinite(value) and value > 0):
        raise ArgumentError(f"'resolution' must be above 0 and finite, got {resolution}.")
    return value


def labels_of(network: Network, groups: object) -> pd.Series:
    """Return the group of every entity of the network, in its order."""
    labels = groups.labels if isinstance(groups, Communities) else groups
    if not isinstance(labels, pd.Series):
        got = type(groups).__name__
        raise ArgumentError(f"'groups' must be Communities or a Series by entity id, got {got}.")
    if not labels.index.is_unique:
        raise ArgumentError("'groups' must give each entity one group; some stand in it twice.")
    found = labels.reindex(network.entities.index)
    lacking, other = int(found.isna().sum()), len(labels.index.difference(found.index))
    if lacking or other:
        raise ArgumentError(
            f"'groups' must give every entity of the network a group and no other: {lacking:,} of "
            f"{len(found):,} have none, {other:,} are not in the network."
        )
    # Reading labels of integers in another order must not make floats of them.
    return labels.loc[network.entities.index]
