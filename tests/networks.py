"""Networks to test on: from ties, at random, in another row order, from the published data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import strategies as st

import netlink as nl

if TYPE_CHECKING:
    from collections.abc import Sequence

UNDIRECTED, DIRECTED = "knows", "communicated"


def network_of(
    ties: Sequence[tuple[Any, ...]],
    *,
    entities: Sequence[str] | None = None,
    directed: bool = False,
    **columns: Sequence[Any],
) -> nl.Network:
    """A network of people from (source, target) or (source, target, weight), in that row order."""
    ends = [(str(tie[0]), str(tie[1])) for tie in ties]
    table = pd.DataFrame(ends, columns=["source", "target"], dtype="str")
    table["relationship_type"] = DIRECTED if directed else UNDIRECTED
    table["weight"] = [float(tie[2]) if len(tie) > 2 else 1.0 for tie in ties]
    names = sorted({end for pair in ends for end in pair}) if entities is None else entities
    people = pd.DataFrame({"entity_id": pd.array(list(names), dtype="str")})
    return nl.read_tables(people.assign(entity_type="person"), table.assign(**columns))


def random_network(
    seed: int,
    *,
    n: int = 14,
    m: int = 24,
    directed: bool = False,
    weighted: bool = False,
    loops: bool = False,
) -> nl.Network:
    """A random multigraph of people, often unconnected, with isolates and parallel ties."""
    rng = np.random.default_rng(seed)
    names = [f"p{i:03d}" for i in range(n)]
    source, target = rng.integers(0, n, m), rng.integers(0, n, m)
    weights = rng.integers(1, 9, m) / 2 if weighted else np.ones(m)
    ties = [
        (names[a], names[b], w)
        for a, b, w in zip(source, target, weights, strict=True)
        if loops or a != b
    ]
    return network_of(ties, entities=names, directed=directed)


def shuffled(network: nl.Network, seed: int, *, flip: bool = True) -> nl.Network:
    """The same network from tables in another row order, ends of undirected ties flipped."""
    rng = np.random.default_rng(seed)
    entities = network.entities.reset_index()
    rows = network.relationships.reset_index()
    if flip:
        kinds = network.vocabulary.relationship_types
        is_directed = rows["relationship_type"].map({w: k.directed for w, k in kinds.items()})
        turn = ~is_directed.to_numpy(dtype=bool) & (rng.random(len(rows)) < 0.5)
        rows.loc[turn, ["source", "target"]] = rows.loc[turn, ["target", "source"]].to_numpy()
    entities = entities.iloc[rng.permutation(len(entities))].reset_index(drop=True)
    rows = rows.iloc[rng.permutation(len(rows))].reset_index(drop=True)
    schema = nl.Schema(vocabulary=network.vocabulary, tz=network.tz)
    return nl.read_tables(entities, rows, schema=schema)


@st.composite
def networks(
    draw: st.DrawFn, *, directed: bool = False, weighted: bool = False, max_entities: int = 9
) -> nl.Network:
    """Small networks of every shape: empty, isolates, self-loops, parallel ties."""
    n = draw(st.integers(1, max_entities))
    names = [f"p{i}" for i in range(n)]
    end = st.sampled_from(names)
    weight = st.integers(1, 8).map(lambda w: w / 2) if weighted else st.just(1.0)
    ties = draw(st.lists(st.tuples(end, end, weight), max_size=3 * n))
    return network_of(ties, entities=names, directed=directed)


def shared_data(name: str) -> Path:
    """Folder of a published data set; the test is skipped where it is absent."""
    folder = Path(__file__).parents[2] / "shared" / "data" / name
    if not folder.is_dir():
        pytest.skip(f"the published data set {name} is not beside this checkout (../shared/data)")
    return folder


def merged(network: nl.Network, *, directed: bool, length: str | None = None) -> Any:
    """The ties in networkx: weights added, the shortest length, self-loops left out."""
    graph: Any = nx.DiGraph() if directed else nx.Graph()
    graph.add_nodes_from(network.entities.index)
    for row in network.relationships.to_dict("records"):
        source, target = row["source"], row["target"]
        if source == target:
            continue
        cost = row[length] if length else 1.0
        if graph.has_edge(source, target):
            tie = graph.edges[source, target]
            tie["weight"] += row["weight"]
            tie["cost"] = min(tie["cost"], cost)
        else:
            graph.add_edge(source, target, weight=row["weight"], cost=cost)
    return graph


def same(found: pd.Series, expected: Any, **options: Any) -> None:
    wanted = [expected[entity] for entity in found.index]
    np.testing.assert_allclose(found.to_numpy(), wanted, **{"rtol": 1e-10, "atol": 1e-12} | options)
