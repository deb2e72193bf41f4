"""Widest and most reliable paths, cuts and disjoint paths: against brute force and networkx."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shuffled

import netlink as nl
from netlink.errors import ArgumentError, NoPathError
from netlink.paths import Conditions


def ties_of(network: nl.Network, directed: bool | None) -> dict[tuple[str, str], pd.DataFrame]:
    """The records of each hop."""
    kinds = network.vocabulary.relationship_types
    found: dict[tuple[str, str], list[Any]] = {}
    for _, row in network.relationships.iterrows():
        a, b = row["source"], row["target"]
        found.setdefault((a, b), []).append(row)
        if directed is False or (directed is None and not kinds[row["relationship_type"]].directed):
            found.setdefault((b, a), []).append(row)
    return {pair: pd.DataFrame(rows) for pair, rows in found.items() if pair[0] != pair[1]}


def simple_paths(ties: Any, network: nl.Network, source: str, target: str) -> list[list[str]]:
    graph: Any = nx.DiGraph(list(ties))
    graph.add_nodes_from(network.entities.index)
    return [list(path) for path in nx.all_simple_paths(graph, source, target)]


def routes(table: pd.DataFrame) -> list[list[str]]:
    return [list(part) for _, part in table.groupby("path")["entity_id"]]


@pytest.mark.parametrize("directed", [None, False])
@pytest.mark.parametrize("is_directed", [True, False])
def test_the_widest_path_is_that_of_brute_force(directed: bool | None, is_directed: bool) -> None:
    for seed in range(5):
        network = random_network(seed, n=8, m=15, directed=is_directed, weighted=True)
        ties = ties_of(network, directed)
        width = {pair: rows["weight"].sum() for pair, rows in ties.items()}
        paths = simple_paths(ties, network, "p000", "p007")
        if not paths:
            with pytest.raises(NoPathError):
                nl.paths.widest(network, "p000", "p007", directed=directed)
            continue
        wanted = min((-min(width[p] for p in pairwise(path)), len(path), path) for path in paths)
        table = nl.paths.widest(network, "p000", "p007", directed=directed)
        assert routes(table) == [wanted[2]]
        assert table["width"].iloc[-1] == -wanted[0]
        assert np.isnan(table["width"].iloc[0])
        assert (table["width"].iloc[1:].diff().dropna() <= 0).all()


@pytest.mark.parametrize("missing", [None, 0.35])
@pytest.mark.parametrize("directed", [None, False])
def test_the_most_reliable_path_is_that_of_brute_force(
    directed: bool | None, missing: float | None
) -> None:
    for seed in range(8):
        network = random_network(seed, n=8, m=18, directed=seed % 2 == 0)
        rng = np.random.default_rng(seed)
        known = rng.choice([0.97, 0.83, 0.61, 0.29, 0.0, 1.0, np.nan], network.n_relationships)
        network = nl.Network(network.entities, network.relationships.assign(confidence=known))
        ties = ties_of(network, directed)
        sure = {
            pair: rows["confidence"].fillna(np.nan if missing is None else missing).max()
            for pair, rows in ties.items()
        }
        sure = {pair: value for pair, value in sure.items() if value > 0}
        paths = simple_paths(sure, network, "p000", "p007")
        ask: dict[str, Any] = {"directed": directed, "missing_confidence": missing}
        if not paths:
            with pytest.raises(NoPathError):
                nl.paths.most_reliable(network, "p000", "p007", **ask)
            continue
        wanted = min(
            (-round(float(np.prod([sure[p] for p in pairwise(path)])), 9), len(path), path)
            for path in paths
        )
        table = nl.paths.most_reliable(network, "p000", "p007", **ask)
        assert routes(table) == [wanted[2]]
        assert table["reliability"].iloc[-1] == pytest.approx(-wanted[0], abs=1e-9)
        assert table["reliability"].iloc[0] == 1


def test_records_without_a_confidence_are_used_only_when_said_how() -> None:
    network = network_of([("a", "b"), ("b", "c")], confidence=[0.9, np.nan])
    with pytest.raises(NoPathError, match="missing_confidence=") as caught:
        nl.paths.most_reliable(network, "a", "c")
    assert caught.value.closed_by == (("confidence",),)
    table = nl.paths.most_reliable(network, "a", "c", missing_confidence=0.5)
    assert table["reliability"].tolist() == [1, 0.9, 0.45]
    with pytest.raises(NoPathError) as caught:  # known to be false is not unknown
        false = network_of([("a", "b")], confidence=[0.0])
        nl.paths.most_reliable(false, "a", "b")
    assert caught.value.closed_by == ()


def test_of_equally_reliable_paths_the_shortest_then_the_first() -> None:
    ties = [("a", "b"), ("b", "c"), ("c", "z"), ("a", "m"), ("m", "z"), ("a", "k"), ("k", "z")]
    table = nl.paths.most_reliable(network_of(ties, confidence=[1.0] * 7), "a", "z")
    assert routes(table) == [["a", "k", "z"]]
    turned = network_of(ties, confidence=[1.0, 1.0, 1.0, 0.61, 0.97, 0.97, 0.61])
    assert routes(nl.paths.most_reliable(turned, "a", "z")) == [["a", "b", "c", "z"]]
    turned = network_of(ties[3:], confidence=[0.61, 0.97, 0.97, 0.61])
    assert routes(nl.paths.most_reliable(turned, "a", "z")) == [["a", "k", "z"]]


@pytest.mark.parametrize("value", [-1, 2, True, "1"])
def test_a_confidence_is_a_number_from_0_to_1(value: Any) -> None:
    with pytest.raises(ArgumentError, match="from 0 to 1"):
        nl.paths.most_reliable(network_of([("a", "b")]), "a", "b", missing_confidence=value)


def test_weights_that_are_none_are_refused() -> None:
    network = network_of([("a", "b"), ("b", "c")])
    for wrong in ([1, np.nan], [1, -1], [1, np.inf]):
        bad = nl.Network(network.entities, network.relationships.assign(amount=wrong))
        with pytest.raises(ArgumentError, match="in 'amount' 1 are"):
            nl.paths.widest(bad, "a", "c", weight="amount")


# Cuts and disjoint paths


def graph_of(network: nl.Network, directed: bool | None) -> Any:
    graph: Any = nx.DiGraph(list(ties_of(network, directed)))
    graph.add_nodes_from(network.entities.index)
    return graph


@pytest.mark.parametrize("directed", [None, False])
@pytest.mark.parametrize("is_directed", [True, False])
def test_disjoint_paths_and_cuts_are_menger(directed: bool | None, is_directed: bool) -> None:
    for seed in range(10):
        network = random_network(seed, n=9, m=24, directed=is_directed, loops=True)
        graph = graph_of(network, directed)
        ask: dict[str, Any] = {"directed": directed}
        a, z = "p000", "p008"
        if not nx.has_path(graph, a, z):
            for function in (nl.paths.disjoint, nl.paths.relationship_cut):
                with pytest.raises(NoPathError):
                    function(network, a, z, **ask)
            continue
        apart = routes(nl.paths.disjoint(network, a, z, **ask))
        sharing = routes(nl.paths.disjoint(network, a, z, sharing="entities", **ask))
        inner = [entity for path in apart for entity in path[1:-1]]
        assert len(inner) == len(set(inner))
        hops = [pair for path in sharing for pair in pairwise(path)]
        assert len(hops) == len(set(hops))
        for path in apart + sharing:
            assert len(set(path)) == len(path)
            assert (path[0], path[-1]) == (a, z)
            assert all(graph.has_edge(*pair) for pair in pairwise(path))
        assert len(sharing) == len(nx.minimum_edge_cut(graph, a, z))
        cut = nl.paths.relationship_cut(network, a, z, **ask)
        assert len(cut) == len(sharing)
        rest = graph.copy()
        rest.remove_edges_from(zip(cut["source"], cut["target"], strict=True))
        assert not nx.has_path(rest, a, z)
        if graph.has_edge(a, z):
            with pytest.raises(ArgumentError, match="must not be tied directly"):
                nl.paths.entity_cut(network, a, z, **ask)
            rest = graph.copy()
            rest.remove_edge(a, z)
            assert len(apart) == 1 + nx.node_connectivity(rest, a, z)
            continue
        entities = nl.paths.entity_cut(network, a, z, **ask)
        assert len(entities) == len(apart) == nx.node_connectivity(graph, a, z)
        rest = graph.copy()
        rest.remove_nodes_from(entities.index)
        assert not nx.has_path(rest, a, z)


def test_the_cut_nearest_to_the_source_is_given() -> None:
    network = network_of([("a", "b"), ("b", "c"), ("c", "d"), ("d", "z")], entities=[*"abcdz"])
    assert nl.paths.entity_cut(network, "a", "z").index.tolist() == ["b"]
    assert nl.paths.entity_cut(network, "z", "a").index.tolist() == ["d"]
    cut = nl.paths.relationship_cut(network, "a", "z")
    assert cut[["source", "target"]].to_numpy().tolist() == [["a", "b"]]


def test_a_tie_of_many_records_is_one_and_names_them_all() -> None:
    network = network_of(
        [("a", "b")] * 3 + [("b", "z"), ("a", "c"), ("c", "z")],
        relationship_id=[f"r{i}" for i in range(6)],
        document=["x", "x", None, "y", "y", "y"],
    )
    cut = nl.paths.relationship_cut(network, "a", "z")
    assert cut["relationship_ids"].tolist() == [["r0", "r1", "r2"], ["r4"]]
    assert cut["documents"].tolist() == [["x"], ["y"]]
    assert cut["n_sources"].tolist() == [2, 1]


def test_conditions_hold_for_cuts_and_disjoint_paths() -> None:
    ties = [("a", x) for x in "bcd"] + [(x, "z") for x in "bcd"]
    network = network_of(ties, confidence=[0.9, 0.9, 0.2, 0.9, 0.9, 0.9])
    sure = Conditions(min_confidence=0.5, avoid=["b"])
    assert routes(nl.paths.disjoint(network, "a", "z", conditions=sure)) == [["a", "c", "z"]]
    assert nl.paths.entity_cut(network, "a", "z", conditions=sure).index.tolist() == ["c"]
    with pytest.raises(NoPathError) as caught:
        nl.paths.disjoint(network, "a", "z", conditions=Conditions(min_confidence=0.95))
    assert caught.value.closed_by == (("min_confidence",),)


def test_between_groups_a_path_may_begin_at_any_member() -> None:
    network = network_of([("a1", "m"), ("a2", "m"), ("a2", "n"), ("m", "z1"), ("n", "z2")])
    table = nl.paths.disjoint(network, ["a1", "a2"], ["z1", "z2"])
    assert [path[1:] for path in routes(table)] == [["m", "z1"], ["n", "z2"]]
    assert nl.paths.entity_cut(network, ["a1", "a2"], ["z1", "z2"]).index.tolist() == ["m", "n"]


def test_one_entity_has_no_cut_from_itself() -> None:
    network = network_of([("a", "b")])
    for function in (nl.paths.disjoint, nl.paths.entity_cut, nl.paths.relationship_cut):
        with pytest.raises(ArgumentError, match="must be two entities"):
            function(network, "a", "a")
    with pytest.raises(ArgumentError, match="'sharing' must be"):
        nl.paths.disjoint(network, "a", "b", sharing="all")  # type: ignore[arg-type]


# What links several


def shortest_tree(graph: Any, asked: list[str]) -> float:
    """The least length of a tree that joins some entities, by trying every set on the way."""
    others = [entity for entity in graph if entity not in asked]
    best = np.inf
    for size in range(len(others) + 1):
        for extra in combinations(others, size):
            part = graph.subgraph([*asked, *extra])
            if nx.is_connected(part):
                best = min(best, nx.minimum_spanning_tree(part, weight="cost").size(weight="cost"))
    return best


@settings(max_examples=15, deadline=None)
@given(networks(weighted=True, max_entities=8), st.integers(2, 4), st.booleans())
def test_a_connection_is_a_tree_of_at_most_twice_the_least(
    network: nl.Network, n: int, is_weighted: bool
) -> None:
    asked = network.entities.index[:n].tolist()
    if len(asked) < 2:
        return
    graph: Any = nx.Graph()
    graph.add_nodes_from(network.entities.index)
    for pair, rows in ties_of(network, False).items():
        graph.add_edge(*pair, cost=rows["weight"].min() if is_weighted else 1)
    length = "weight" if is_weighted else None
    if not all(nx.has_path(graph, asked[0], other) for other in asked):
        with pytest.raises(NoPathError, match="between all of the entities"):
            nl.paths.connection(network, asked, length=length)
        return
    found = nl.paths.connection(network, asked, length=length)
    tree: Any = nx.Graph(zip(found.ties["source"], found.ties["target"], strict=True))
    assert nx.is_tree(tree)
    assert set(tree) == set(found.entities.index) == set(found.network.entities.index)
    assert set(asked) <= set(tree)
    assert all(end in asked for end in tree if tree.degree(end) == 1)
    least = shortest_tree(graph, asked)
    assert least <= found.ties["length"].sum() <= 2 * (1 - 1 / len(asked)) * least + 1e-9
    ids = sorted(i for ids in found.ties["relationship_ids"] for i in ids)
    assert sorted(found.network.relationships.index) == ids


def test_a_connection_says_what_closed_it_and_what_it_did_not_pass() -> None:
    network = network_of(
        [("canary", "hub"), ("hub", "c"), ("hub", "k"), ("canary", "b"), ("b", "x"), ("x", "c")],
        confidence=[0.9, 0.9, 0.9, 0.9, 0.9, 0.2],
    )
    found = nl.paths.connection(network, ["canary", "c"], conditions=Conditions(max_degree=2))
    assert found.entities.index.tolist() == ["b", "c", "canary", "x"]
    assert found.not_expanded == ("hub",)
    with pytest.raises(NoPathError) as caught:
        nl.paths.connection(
            network, ["canary", "c"], conditions=Conditions(avoid=["hub"], min_confidence=0.5)
        )
    assert caught.value.closed_by == (("min_confidence",), ("avoid",))
    assert "canary" not in str(caught.value)
    for wrong in (["b"], "b", []):
        with pytest.raises(ArgumentError):
            nl.paths.connection(network, wrong)


def test_walkers_meet_where_linear_algebra_says() -> None:
    for seed, at_least in ((1, None), (2, 1), (3, 2)):
        network = random_network(seed, n=12, m=40, weighted=True)
        asked = ["p000", "p003", "p007"]
        found = nl.paths.center_piece(network, asked, n=20, at_least=at_least, restart=0.3)
        weight = np.zeros((12, 12))
        for (a, b), rows in ties_of(network, False).items():
            weight[int(a[1:]), int(b[1:])] = rows["weight"].sum()
        penalty = weight / np.sqrt(np.maximum(weight.sum(axis=1), 1e-300))[:, None]
        steps = penalty / np.maximum(penalty.sum(axis=0), 1e-300)
        near = 0.3 * np.linalg.inv(np.eye(12) - 0.7 * steps)[:, [0, 3, 7]]
        k = 3 if at_least is None else at_least
        wanted = np.zeros(12)
        for is_met in np.ndindex(2, 2, 2):
            if sum(is_met) >= k:
                wanted += np.prod(np.where(is_met, near, 1 - near), axis=1)
        score = found.entities["score"]
        at = [int(entity[1:]) for entity in score.index]
        np.testing.assert_allclose(score, wanted[at], rtol=1e-6, atol=1e-9)
        few = nl.paths.center_piece(network, asked, n=2, at_least=at_least, restart=0.3)
        best = score.drop(asked).sort_values(ascending=False, kind="stable").index[:2]
        assert set(few.entities.index) == {*asked, *best}
        assert few.entities["is_asked"].sum() == 3


def test_a_center_piece_names_the_ties_among_its_entities() -> None:
    network = network_of(
        [("a", "m"), ("b", "m"), ("c", "m"), ("a", "x"), ("x", "y")], confidence=[0.9] * 5
    )
    found = nl.paths.center_piece(network, ["a", "b", "c"], n=1)
    assert found.entities.index.tolist() == ["a", "b", "c", "m"]
    assert found.ties[["source", "target"]].to_numpy().tolist() == [
        ["a", "m"],
        ["b", "m"],
        ["c", "m"],
    ]
    assert found.network.n_relationships == 3
    assert repr(found) == "<Connection of 3 entities by 4 entities and 3 ties>"
    alone = nl.paths.center_piece(network, ["a", "b"], n=3, conditions=Conditions(avoid=["m"]))
    assert alone.entities.index.tolist() == ["a", "b"]
    for wrong in ({"n": 0}, {"at_least": 3}, {"restart": 1}, {"restart": True}):
        with pytest.raises(ArgumentError):
            nl.paths.center_piece(network, ["a", "b"], **wrong)  # type: ignore[arg-type]


# Whatever the order of rows; whatever the size


def test_the_order_of_the_rows_does_not_show() -> None:
    network = random_network(3, n=12, m=44, weighted=True)
    known = np.random.default_rng(1).choice([0.97, 0.83, 0.61], network.n_relationships)
    weight = np.random.default_rng(2).random(network.n_relationships)
    rows = network.relationships.assign(confidence=known, weight=weight)
    network = nl.Network(network.entities, rows)
    for seed in range(2):
        other = shuffled(network, seed)
        for function in (
            nl.paths.widest,
            nl.paths.most_reliable,
            nl.paths.disjoint,
            nl.paths.relationship_cut,
        ):
            pd.testing.assert_frame_equal(
                function(network, "p000", "p007"), function(other, "p000", "p007")
            )
        for function in (nl.paths.connection, nl.paths.center_piece):
            ours, theirs = (function(each, ["p000", "p007", "p009"]) for each in (network, other))
            pd.testing.assert_frame_equal(ours.entities, theirs.entities)
            pd.testing.assert_frame_equal(ours.ties, theirs.ties)


def test_a_star_and_parallel_ties_of_many() -> None:
    n = 5_000
    names = np.array([f"p{i:06d}" for i in range(n)])
    star = pd.DataFrame({"source": "p000000", "target": names[1:], "relationship_type": "knows"})
    network = nl.read_tables(None, star.assign(confidence=0.9, weight=2.0))
    a, z = names[1], names[-1]
    for table in (
        nl.paths.shortest(network, a, z),
        nl.paths.widest(network, a, z),
        nl.paths.most_reliable(network, a, z),
        nl.paths.disjoint(network, a, z),
        nl.paths.all_simple(network, a, z),
        nl.paths.k_shortest(network, a, z),
    ):
        assert routes(table) == [[a, "p000000", z]]
    assert nl.paths.entity_cut(network, a, z).index.tolist() == ["p000000"]
    assert len(nl.paths.connection(network, [a, z, names[5]]).ties) == 3
    assert nl.paths.center_piece(network, [a, z], n=3).entities["score"].idxmax() == "p000000"
    same = pd.DataFrame({"source": ["a"] * n, "target": ["b"] * n, "relationship_type": "knows"})
    network = nl.read_tables(None, same.assign(document="x", relationship_id=names))
    table = nl.paths.shortest(network, "a", "b")
    assert len(table["relationship_ids"].iloc[1]) == n
    assert table["n_sources"].iloc[1] == 1


# Paths in one row each


def test_a_summary_counts_sources_over_the_whole_path() -> None:
    network = network_of(
        [("a", "b"), ("b", "c"), ("c", "d"), ("a", "x"), ("x", "d")],
        document=["one", "one", None, "one", "two"],
        confidence=[0.9, 0.5, 0.8, 0.9, np.nan],
    )
    table = nl.paths.summary(nl.paths.k_shortest(network, "a", "d"))
    assert table["n_hops"].tolist() == [2, 3]
    assert table["documents"].tolist() == [["one", "two"], ["one"]]
    assert table["n_sources"].tolist() == [2, 2]
    assert table["n_relationships"].tolist() == [2, 3]
    assert np.isnan(table["reliability"].iloc[0])
    assert table["reliability"].iloc[1] == pytest.approx(0.36)
    assert table["weakest"].tolist() == [0.9, 0.5]
    with pytest.raises(ArgumentError, match="must be a table of paths"):
        nl.paths.summary(pd.DataFrame({"path": [1]}))
