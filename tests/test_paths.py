"""Paths: against every simple path of small networks, and the records behind each hop."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shuffled

import netlink as nl
from netlink.errors import ArgumentError, NoPathError, UnknownEntityError

COLUMNS = [
    "path",
    "step",
    "entity_id",
    "relationship_id",
    "relationship_ids",
    "length",
    "confidence",
    "weakest",
    "weakest_grade",
    "documents",
    "n_sources",
]


def routes(table: pd.DataFrame) -> list[list[str]]:
    return [list(part) for _, part in table.groupby("path")["entity_id"]]


def every_path(
    network: nl.Network, source: str, target: str, *, directed: bool | None, length: str | None
) -> list[tuple[float, list[str]]]:
    """Length and entities of every simple path, by trying them all."""
    graph: Any = nx.DiGraph()
    graph.add_nodes_from(network.entities.index)
    kinds = network.vocabulary.relationship_types
    for _, row in network.relationships.iterrows():
        cost = 1.0 if length is None else float(row[length])
        ends = [(row["source"], row["target"])]
        if directed is False or (directed is None and not kinds[row["relationship_type"]].directed):
            ends.append((row["target"], row["source"]))
        for a, b in ends:
            old = graph[a][b]["cost"] if graph.has_edge(a, b) else np.inf
            graph.add_edge(a, b, cost=min(cost, old))
    found = [[source]] if source == target else list(nx.all_simple_paths(graph, source, target))
    return sorted((sum(graph[a][b]["cost"] for a, b in pairwise(p)), list(p)) for p in found)


def check(network: nl.Network, *, directed: bool | None, length: str | None, k: int) -> None:
    ids = network.entities.index
    for source, target in ((ids[0], ids[-1]), (ids[-1], ids[len(ids) // 2])):
        wanted = every_path(network, source, target, directed=directed, length=length)
        if not wanted:
            with pytest.raises(NoPathError):
                nl.paths.shortest(network, source, target, directed=directed, length=length)
            continue
        table = nl.paths.k_shortest(network, source, target, k=k, directed=directed, length=length)
        assert routes(table) == [path for _, path in wanted[:k]]
        assert table.groupby("path")["length"].last().tolist() == [c for c, _ in wanted[:k]]
        one = nl.paths.shortest(network, source, target, directed=directed, length=length)
        pd.testing.assert_frame_equal(one, table[table["path"] == 1].reset_index(drop=True))


@pytest.mark.parametrize("directed", [None, True, False])
@pytest.mark.parametrize("length", [None, "weight"])
@pytest.mark.parametrize("is_directed", [True, False])
def test_the_shortest_paths_are_those_that_brute_force_finds(
    directed: bool | None, length: str | None, is_directed: bool
) -> None:
    for seed in range(4):
        network = random_network(
            seed, n=8, m=16, directed=is_directed, weighted=length is not None, loops=True
        )
        check(network, directed=directed, length=length, k=7)


@given(networks(directed=True, weighted=True, max_entities=6), st.integers(0, 2**32 - 1))
@settings(max_examples=12, deadline=None)
def test_hops_without_length_do_not_lead_in_circles(network: nl.Network, seed: int) -> None:
    cost = np.random.default_rng(seed).integers(0, 2, network.n_relationships) / 2
    table = network.relationships.assign(cost=cost)
    network = nl.Network(network.entities, table)
    check(network, directed=None, length="cost", k=9)
    check(network, directed=False, length="cost", k=9)


def test_a_dead_end_at_no_cost_is_not_taken() -> None:
    # b comes first in order and costs nothing, but leads only back to a.
    network = network_of([("a", "b"), ("a", "c"), ("c", "d")], cost=[0.0, 0.0, 1.0])
    table = nl.paths.shortest(network, "a", "d", length="cost")
    assert routes(table) == [["a", "c", "d"]]
    check(network, directed=None, length="cost", k=3)


def test_mixed_types_keep_their_own_direction() -> None:
    table = pd.DataFrame(
        [("a", "b", "communicated"), ("c", "b", "knows"), ("c", "d", "communicated")],
        columns=["source", "target", "relationship_type"],
    )
    people = pd.DataFrame({"entity_id": list("abcd"), "entity_type": "person"})
    network = nl.read_tables(people, table)
    assert routes(nl.paths.shortest(network, "a", "d")) == [list("abcd")]
    with pytest.raises(NoPathError):
        nl.paths.shortest(network, "a", "d", directed=True)
    with pytest.raises(NoPathError):
        nl.paths.shortest(network, "d", "a")
    assert routes(nl.paths.shortest(network, "d", "a", directed=False)) == [list("dcba")]


def test_the_kite_has_its_paths() -> None:
    kite = nl.datasets.krackhardt_kite()
    assert routes(nl.paths.shortest(kite, "0", "9")) == [["0", "5", "7", "8", "9"]]
    graph = nx.krackhardt_kite_graph()
    table = nl.paths.k_shortest(kite, "0", "9", k=1000)
    assert len(routes(table)) == len(list(nx.all_simple_paths(graph, 0, 9)))


def test_one_row_a_step() -> None:
    network = network_of([("a", "b", 2), ("b", "c", 0.5)], relationship_id=["r1", "r2"])
    table = nl.paths.shortest(network, "a", "c", length="weight")
    assert list(table.columns) == COLUMNS
    assert table["path"].tolist() == [1, 1, 1]
    assert table["step"].tolist() == [0, 1, 2]
    assert table["entity_id"].tolist() == ["a", "b", "c"]
    assert pd.isna(table["relationship_id"].iloc[0])
    assert table["relationship_id"].tolist()[1:] == ["r1", "r2"]
    assert table["relationship_ids"].tolist() == [[], ["r1"], ["r2"]]
    assert table["length"].tolist() == [0, 2, 2.5]


def test_a_hop_names_its_best_record_and_all_of_them() -> None:
    ends = [
        ("a", "b", 2),
        ("b", "a", 1),
        ("a", "b", 1),
        ("a", "b", 1),
        ("a", "b", 1),
        ("b", "c", 9),
    ]
    network = network_of(
        ends,
        relationship_id=["r0", "r9", "r7", "r5", "r4", "r1"],
        confidence=[1.0, 0.8, 0.9, 0.9, np.nan, 0.5],
    )
    table = nl.paths.shortest(network, "a", "b", length="weight")
    assert table["relationship_id"].iloc[1] == "r5"  # least length, then confidence, then id
    assert table["relationship_ids"].iloc[1] == ["r0", "r4", "r5", "r7", "r9"]
    unweighted = nl.paths.shortest(network, "a", "b")
    assert unweighted["relationship_id"].iloc[1] == "r0"


def test_a_hop_names_only_records_that_go_its_way() -> None:
    network = network_of([("a", "b"), ("b", "a")], directed=True, relationship_id=["r1", "r2"])
    assert nl.paths.shortest(network, "b", "a")["relationship_ids"].tolist() == [[], ["r2"]]
    table = nl.paths.shortest(network, "b", "a", directed=False)
    assert table["relationship_ids"].tolist() == [[], ["r1", "r2"]]


def test_from_an_entity_to_itself_is_one_row() -> None:
    network = network_of([("a", "a"), ("a", "b")])
    for table in (nl.paths.shortest(network, "a", "a"), nl.paths.k_shortest(network, "a", "a")):
        assert table[["path", "step", "entity_id", "length"]].values.tolist() == [[1, 0, "a", 0.0]]


@pytest.mark.parametrize("directed", [True, False])
def test_the_order_of_the_rows_does_not_show(directed: bool) -> None:
    network = random_network(3, n=12, m=40, directed=directed, weighted=True)
    ids = network.entities.index
    for seed in range(3):
        other = shuffled(network, seed)
        for length in (None, "weight"):
            pd.testing.assert_frame_equal(
                nl.paths.k_shortest(network, ids[0], ids[7], length=length),
                nl.paths.k_shortest(other, ids[0], ids[7], length=length),
            )


def test_other_names_in_the_same_order_give_the_same_paths() -> None:
    network = random_network(4, n=10, m=22)
    names = {name: f"x-{name}" for name in network.entities.index}
    ends = zip(network.relationships["source"], network.relationships["target"], strict=True)
    other = network_of([(names[a], names[b]) for a, b in ends], entities=sorted(names.values()))
    ids = network.entities.index
    ours = routes(nl.paths.k_shortest(network, ids[0], ids[5]))
    theirs = routes(nl.paths.k_shortest(other, names[ids[0]], names[ids[5]]))
    assert theirs == [[names[entity] for entity in path] for path in ours]


def test_no_path_says_how_far_each_side_reaches() -> None:
    ties = [("canary1", "x"), ("x", "y"), ("z", "canary2")]
    network = network_of(ties, directed=True, entities=["canary1", "canary2", "x", "y", "z"])
    with pytest.raises(NoPathError) as caught:
        nl.paths.shortest(network, "canary1", "canary2")
    message = str(caught.value)
    assert "reaches 2 of the other 4 entities, and 1 reach the target" in message
    assert "directed=False" in message
    assert "canary" not in message
    with pytest.raises(NoPathError) as caught:
        nl.paths.k_shortest(network, "canary1", "canary2", directed=False)
    assert "directed" not in str(caught.value)


def test_bad_arguments_are_refused_in_words() -> None:
    network = network_of(
        [("a", "b", 1), ("b", "c", 1)],
        cost=[-1.0, np.inf],
        words=["x", "y"],
        relationship_id=["1", "2"],
    )
    for source, target in (("a", "canary"), ("canary", "a")):
        with pytest.raises(UnknownEntityError) as unknown:
            nl.paths.shortest(network, source, target)
        assert "canary" not in str(unknown.value)
    with pytest.raises(ArgumentError, match=r"no column 'costs'.*Did you mean 'cost'"):
        nl.paths.shortest(network, "a", "b", length="costs")
    with pytest.raises(ArgumentError, match="1 are missing or infinite and 1 are negative"):
        nl.paths.shortest(network, "a", "b", length="cost")
    with pytest.raises(ArgumentError, match="'words' is not"):
        nl.paths.shortest(network, "a", "b", length="words")
    with pytest.raises(ArgumentError, match="'directed' must be None, True or False"):
        nl.paths.shortest(network, "a", "b", directed="no")  # type: ignore[arg-type]
    for k in (0, True, 1.5):
        with pytest.raises(ArgumentError, match="'k' must be a positive integer"):
            nl.paths.k_shortest(network, "a", "b", k=k)  # type: ignore[arg-type]


@pytest.mark.slow
def test_a_path_of_100_000_needs_no_recursion() -> None:
    names = np.array([f"p{i:06d}" for i in range(100_001)])
    ties = pd.DataFrame({"source": names[:-1], "target": names[1:], "relationship_type": "knows"})
    network = nl.read_tables(None, ties.assign(cost=0.0))
    table = nl.paths.k_shortest(network, names[0], names[-1], k=2)
    assert table["entity_id"].tolist() == names.tolist()
    assert table["length"].iloc[-1] == 100_000
    table = nl.paths.shortest(network, names[0], names[-1], length="cost")
    assert table["entity_id"].tolist() == names.tolist()
    assert table["length"].iloc[-1] == 0


def test_a_wall_around_the_target_is_not_searched_from_afar() -> None:
    # The target hangs on one entity of a large network: no second way in.
    rng = np.random.default_rng(0)
    ends = rng.integers(0, 20_000, (100_000, 2))
    names = np.array([f"p{i:05d}" for i in range(20_001)])
    ends = np.concatenate([ends[ends[:, 0] != ends[:, 1]], [[0, 20_000]]])
    ties = pd.DataFrame({"source": names[ends[:, 0]], "target": names[ends[:, 1]]})
    network = nl.read_tables(None, ties.assign(relationship_type="knows"))
    table = nl.paths.k_shortest(network, names[0], names[-1])
    assert routes(table) == [[names[0], names[-1]]]
    several = nl.paths.k_shortest(network, names[5], names[-1])
    assert len(routes(several)) == 10
