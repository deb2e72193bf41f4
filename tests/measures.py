"""Every public measure, asked of a network in the same way, and what it says in bytes."""

from __future__ import annotations

import hashlib
from dataclasses import fields, is_dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

import netlink as nl
from netlink import brokerage, centrality, cohesion, communities

if TYPE_CHECKING:
    from collections.abc import Callable

    from netlink.communities import Communities


def by_order(network: nl.Network, n_groups: int = 3) -> pd.Series:
    """Groups that go by the place of an entity among all."""
    ids = network.entities.index
    return pd.Series(np.arange(len(ids)) % n_groups, index=ids)


def with_groups(network: nl.Network) -> nl.Network:
    people = network.entities.assign(team=by_order(network).map(lambda k: f"team {k}"))
    return nl.Network(people, network.relationships, network.vocabulary)


def grouping(name: str, **given: Any) -> Callable[[nl.Network], Communities]:
    found: Callable[..., Communities] = getattr(communities, name)
    return lambda network: found(network, **given)


def two(name: str) -> Callable[[nl.Network], Any]:
    return lambda n: getattr(communities, name)(by_order(n), by_order(n, 4))


def plain(module: Any, *names: str) -> dict[str, Callable[[nl.Network], Any]]:
    return {name: getattr(module, name) for name in names}


# Variants of a measure stand behind its name, after a blank.
MEASURES: dict[str, Callable[[nl.Network], Any]] = {
    **plain(centrality, *sorted(set(centrality.__all__) - {"personalized_pagerank"})),
    "degree in": lambda n: centrality.degree(n, mode="in"),
    "strength out": lambda n: centrality.strength(n, mode="out"),
    "betweenness pivots": lambda n: centrality.betweenness(n, pivots=20),
    "betweenness within": lambda n: centrality.betweenness(n, epsilon=0.1),
    "betweenness costs": lambda n: centrality.betweenness(n, pivots=20, length="weight"),
    "harmonic costs": lambda n: centrality.harmonic(n, length="weight"),
    "personalized_pagerank": lambda n: centrality.personalized_pagerank(
        n, n.entities.index[:: n.n_entities // 40 + 1]
    ),
    **plain(
        brokerage,
        *sorted(set(brokerage.__all__) - {"gould_fernandez", "gould_fernandez_scores"}),
    ),
    "gould_fernandez": lambda n: brokerage.gould_fernandez(n, groups=by_order(n)),
    "gould_fernandez partial": lambda n: brokerage.gould_fernandez(
        n, groups=by_order(n), partial=True
    ),
    "gould_fernandez_scores": lambda n: brokerage.gould_fernandez_scores(n, groups=by_order(n)),
    **plain(
        cohesion,
        *sorted(set(cohesion.__all__) - {"CorePeriphery", "assortativity", "k_edge_components"}),
    ),
    "k_edge_components": lambda n: cohesion.k_edge_components(n, k=2),
    "assortativity": lambda n: cohesion.assortativity(with_groups(n), by="team"),
    **{
        name: grouping(name)
        for name in ("infomap", "label_propagation", "leiden", "louvain", "walktrap")
    },
    "leiden cpm": grouping("leiden", objective="cpm", resolution=0.01),
    "consensus": grouping("consensus", runs=6),
    "modularity": lambda n: communities.modularity(n, groups=by_order(n)),
    "quality": lambda n: communities.quality(n, groups=by_order(n)),
    "compare": two("compare"),
    "matching_table": two("matching_table"),
}


def columns_of(found: Any) -> dict[str, np.ndarray]:
    """Return what a measure says as arrays, in the order of its index."""
    if is_dataclass(found):
        parts = [part.name for part in fields(found) if part.name not in {"method", "parameters"}]
        of_parts = {part: columns_of(getattr(found, part)) for part in parts}
        return {f"{a} {b}": values for a, of in of_parts.items() for b, values in of.items()}
    if isinstance(found, pd.Series):
        found = found.to_frame("value")
    if isinstance(found, pd.DataFrame):
        found = found.sort_index().reset_index()
        return {str(name): found[name].to_numpy() for name in found}
    return {"value": np.array([found])}


def digest(found: Any) -> str:
    """Return the sha256 of all that a measure says."""
    said = hashlib.sha256()
    for name, values in columns_of(found).items():
        said.update(name.encode())
        if values.dtype.kind in "biuf":
            said.update(values.tobytes())
        else:
            said.update("\0".join(map(str, values)).encode())
    return said.hexdigest()
