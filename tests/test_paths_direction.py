"""What links several entities along the directions: against every tree, and linear algebra."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, shuffled

import netlink as nl
from netlink.errors import ArgumentError, NoPathError
from netlink.paths import Conditions


def mixed_network(seed: int, n: int = 6, m: int = 12) -> nl.Network:
    """Calls one way and acquaintances both ways."""
    rng = np.random.default_rng(seed)
    names = [f"p{i}" for i in range(n)]
    rows = pd.DataFrame(
        {
            "source": rng.choice(names, m),
            "target": rng.choice(names, m),
            "relationship_type": rng.choice(["communicated", "communicated", "knows"], m),
            "weight": rng.integers(1, 7, m) / 2,
        }
    )
    return nl.read_tables(pd.DataFrame({"entity_id": names, "entity_type": "person"}), rows)


def graph_of(network: nl.Network, *, directed: bool | None, backward: bool, length: Any) -> Any:
    """The hops that may be gone: the least cost, and the weights added up."""
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(network.entities.index)
    for row in network.relationships.itertuples():
        ends = [(row.source, row.target)]
        if directed is False or (directed is None and row.relationship_type == "knows"):
            ends.append((row.target, row.source))
        for a, b in ends:
            hop = (b, a) if backward else (a, b)
            if a == b:
                continue
            cost = row.weight if length else 1.0
            old = graph.get_edge_data(*hop, {"cost": np.inf, "weight": 0.0})
            graph.add_edge(*hop, cost=min(cost, old["cost"]), weight=old["weight"] + row.weight)
    return graph


def shortest_branching(graph: Any, asked: list[str]) -> float:
    """The least length of a tree from one of them to all, by trying every set on the way."""
    others = [entity for entity in graph if entity not in asked]
    best = np.inf
    for extra in (part for k in range(len(others) + 1) for part in combinations(others, k)):
        for root in asked:
            part = nx.DiGraph(graph.subgraph([*asked, *extra]))
            part.remove_edges_from(list(part.in_edges(root)))
            if len(nx.descendants(part, root)) == len(part) - 1:
                tree = nx.minimum_spanning_arborescence(part, attr="cost")
                best = min(best, tree.size(weight="cost"))
    return best


@settings(max_examples=5, deadline=None)
@given(
    st.integers(0, 10_000),
    st.integers(2, 4),
    st.sampled_from([None, True]),
    st.booleans(),
    st.sampled_from([None, "weight"]),
)
def test_a_connection_along_directions_is_a_tree_near_the_least(
    seed: int, n: int, directed: bool | None, backward: bool, length: str | None
) -> None:
    network = mixed_network(seed)
    asked = network.entities.index[:n].tolist()
    graph = graph_of(network, directed=directed, backward=backward, length=length)
    ask: dict[str, Any] = {"directed": directed, "backward": backward, "length": length}
    least = shortest_branching(graph, asked)
    if np.isinf(least):
        with pytest.raises(NoPathError, match="one of the entities and all others") as caught:
            nl.paths.connection(network, asked, **ask)
        either: Any = graph_of(network, directed=False, backward=False, length=None)
        is_open = nx.node_connected_component(either.to_undirected(), asked[0]) >= set(asked)
        assert caught.value.closed_by == ((("directed",),) if is_open else ())
        return
    found = nl.paths.connection(network, asked, **ask)
    ends = found.ties[["source", "target"]].to_numpy().tolist()
    hops = [(b, a) if backward else (a, b) for a, b in ends]
    tree: Any = nx.DiGraph(hops)
    assert nx.is_arborescence(tree)
    assert set(asked) <= set(tree) == set(found.entities.index)
    assert all(graph.has_edge(*hop) for hop in hops)
    assert all(end in asked for end in tree if tree.out_degree(end) == 0)
    assert next(end for end in tree if tree.in_degree(end) == 0) in asked
    total = found.ties["length"].sum()
    assert total == sum(graph.edges[hop]["cost"] for hop in hops)
    assert least <= total <= (n - 1) * least + 1e-9
    ids = sorted(i for ids in found.ties["relationship_ids"] for i in ids)
    assert sorted(found.network.relationships.index) == ids


def test_money_that_is_collected_leads_to_one() -> None:
    paid = [("a", "m"), ("b", "m"), ("m", "boss"), ("boss", "far")]
    network = network_of(paid, directed=True)
    with pytest.raises(NoPathError) as caught:
        nl.paths.connection(network, ["a", "b", "boss"], directed=None)
    assert caught.value.closed_by == (("directed",),)
    found = nl.paths.connection(network, ["a", "b", "boss"], directed=None, backward=True)
    wanted = [["a", "m"], ["b", "m"], ["m", "boss"]]
    assert found.ties[["source", "target"]].to_numpy().tolist() == wanted
    # Who gave what all of them have: against the direction; what they all lead to: along it.
    ask: dict[str, Any] = {"n": 1, "directed": None}
    down = nl.paths.center_piece(network, ["a", "b"], **ask)
    assert down.entities.index.tolist() == ["a", "b", "m"]
    up = nl.paths.center_piece(network, ["boss", "far"], backward=True, **ask)
    assert up.entities.index.tolist() == ["boss", "far", "m"]
    assert nl.paths.center_piece(network, ["a", "b"], backward=True, **ask).ties.empty
    for function in (nl.paths.connection, nl.paths.center_piece):
        for wrong in ({"directed": "yes"}, {"backward": None}):
            with pytest.raises(ArgumentError, match="must be"):
                function(network, ["a", "b"], **wrong)


@pytest.mark.parametrize("backward", [False, True])
def test_walkers_along_directions_meet_where_linear_algebra_says(backward: bool) -> None:
    for seed, directed in ((1, None), (2, True), (3, None)):
        network = mixed_network(seed, n=8, m=20)
        graph = graph_of(network, directed=directed, backward=backward, length=None)
        names = network.entities.index.tolist()
        weight = nx.to_numpy_array(graph, nodelist=names, weight="weight").T
        strong = weight / np.sqrt(np.maximum(weight.sum(axis=1), 1e-300))[:, None]
        out = strong.sum(axis=0)
        at = [0, 3, 5]
        score = np.ones(8)
        for start in at:
            home = np.eye(8)[start]
            # A step along the ties, or home where there is none; and home with the restart.
            step = np.where(out > 0, strong / np.maximum(out, 1e-300), home[:, None])
            chain = 0.7 * step + 0.3 * home[:, None]
            score *= np.linalg.matrix_power(chain, 4096)[:, start]
        found = nl.paths.center_piece(
            network, [names[i] for i in at], n=8, restart=0.3, directed=directed, backward=backward
        ).entities["score"]
        np.testing.assert_allclose(found, score[[names.index(i) for i in found.index]], rtol=1e-6)
        left_out = [i for i, name in enumerate(names) if name not in found.index]
        assert (score[left_out] < 1e-12).all()


def test_hubs_on_either_side_are_listed_and_conditions_hold() -> None:
    ties = [("a", "m"), ("m", "z"), ("hub", "z"), ("a", "sink"), *(("hub", f"x{i}") for i in "123")]
    network = network_of([*ties, *((f"y{i}", "sink") for i in "123")], directed=True)
    ask: dict[str, Any] = {"directed": None, "conditions": Conditions(max_degree=3)}
    for function in (nl.paths.connection, nl.paths.center_piece):
        assert function(network, ["a", "z"], **ask).not_expanded == ("hub", "sink")
    with pytest.raises(NoPathError) as caught:
        nl.paths.connection(network, ["a", "z"], directed=None, conditions=Conditions(avoid=["m"]))
    assert caught.value.closed_by == (("avoid",),)


def test_the_order_of_the_rows_does_not_show_along_directions() -> None:
    network = mixed_network(4, n=12, m=60)
    other = shuffled(network, 1)
    for function in (nl.paths.connection, nl.paths.center_piece):
        for backward in (False, True):
            ours, theirs = (
                function(each, ["p0", "p10", "p5"], directed=None, backward=backward)
                for each in (network, other)
            )
            pd.testing.assert_frame_equal(ours.entities, theirs.entities)
            pd.testing.assert_frame_equal(ours.ties, theirs.ties)
