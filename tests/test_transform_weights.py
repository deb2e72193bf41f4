"""The weights of a projection against networkx and by hand, and projections of a window of time."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from networks import shuffled
from networkx.algorithms import bipartite

import netlink as nl
from netlink.errors import ArgumentError

SCHEMA = nl.Schema(end_types={"source": "person", "target": "vehicle"})
WEIGHTS = ["count", "hyperbolic", "strength"]


def two_mode(seed: int, n_people: int = 12, n_things: int = 9, n: int = 40) -> nl.Network:
    """People and vehicles at random, with parallel records and vehicles of one person."""
    rng = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "source": [f"p{i:02d}" for i in rng.integers(0, n_people, n)],
            "target": [f"v{i:02d}" for i in rng.integers(0, n_things, n)],
            "relationship_type": "uses",
            "weight": rng.integers(1, 20, n) / 10,
        }
    )
    return nl.read_tables(None, table, schema=SCHEMA)


def graph_of(network: nl.Network) -> nx.Graph:
    graph = nx.Graph()
    for row in network.relationships.itertuples():
        before = graph.get_edge_data(row.source, row.target, {"weight": 0})["weight"]
        graph.add_edge(row.source, row.target, weight=before + row.weight)
    return graph


def weights_of(people: nl.Network) -> dict[tuple[str, str], float]:
    rows = people.relationships
    assert set(rows["relationship_type"]) <= {"shares"}
    return dict(zip(zip(rows["source"], rows["target"], strict=True), rows["weight"], strict=True))


def smaller(graph: nx.Graph, u: str, v: str) -> float:
    return sum(min(graph[u][w]["weight"], graph[v][w]["weight"]) for w in {*graph[u]} & {*graph[v]})


@pytest.mark.parametrize("seed", range(6))
def test_weights_are_those_of_networkx(seed: int) -> None:
    network = two_mode(seed)
    graph = graph_of(network)
    people = [name for name in graph if name[0] == "p"]
    oracles = {
        "hyperbolic": bipartite.collaboration_weighted_projected_graph(graph, people),
        "count": bipartite.weighted_projected_graph(graph, people),
        "strength": bipartite.generic_weighted_projected_graph(graph, people, smaller),
    }
    for weights, oracle in oracles.items():
        found = weights_of(nl.transform.project(network, weights=weights, max_shared=99))
        wanted = {tuple(sorted((a, b))): w for a, b, w in oracle.edges(data="weight")}
        assert found == pytest.approx(wanted), weights


def records(*rows: tuple[Any, ...]) -> nl.Network:
    """Rows of source, type, target, weight and start, with ids r0, r1, ..."""
    columns = ["source", "relationship_type", "target", "weight", "start"]
    table = pd.DataFrame([(*row, *[1.0, None][len(row) - 3 :]) for row in rows], columns=columns)
    table["relationship_id"] = [f"r{i}" for i in range(len(rows))]
    table["document"] = [f"d{i}" for i in range(len(rows))]
    kinds = {"p": "person", "t": "phone", "v": "vehicle", "l": "location"}
    names = sorted({*table["source"], *table["target"]})
    entities = pd.DataFrame({"entity_id": names, "entity_type": [kinds[n[0]] for n in names]})
    return nl.read_tables(entities, table)


def weight(network: nl.Network, weights: str) -> float:
    rows = nl.transform.project(network, weights=weights).relationships
    assert len(rows) == 1
    return float(rows["weight"].iloc[0])


def test_ties_that_are_no_shares_count_their_records_or_add_them_up() -> None:
    network = records(
        ("p1", "uses", "t1", 9.0),
        ("p2", "uses", "t2", 9.0),
        ("t1", "communicated", "t2", 2.0),
        ("t1", "communicated", "t2", 0.5),
        ("p1", "communicated", "p2", 4.0),
    )
    assert [weight(network, weights) for weights in WEIGHTS] == [3, 6.5, 6.5]


def test_all_ways_to_stand_at_an_object_add_up_before_the_smaller_counts() -> None:
    network = records(
        ("p1", "stayed_at", "l1", 1.0),
        ("p1", "stayed_at", "l1", 2.0),
        ("p1", "uses", "v1", 50.0),
        ("v1", "seen_at", "l1", 4.0),
        ("p2", "stayed_at", "l1", 5.0),
        ("p2", "stayed_at", "l2", 3.0),
        ("p1", "stayed_at", "l2", 0.25),
    )
    # At l1 seven (two stays and the sighting of the vehicle) and five; at l2 a quarter and three.
    assert [weight(network, weights) for weights in WEIGHTS] == [2, 2, 5.25]


def test_weights_do_not_change_what_else_a_tie_says() -> None:
    network = two_mode(7)
    plain, *others = (nl.transform.project(network, weights=weights) for weights in WEIGHTS)
    for other in others:
        pd.testing.assert_frame_equal(
            plain.relationships.drop(columns="weight"), other.relationships.drop(columns="weight")
        )
        assert other.ledger.equals(plain.ledger)
    default = nl.transform.project(network)
    nl.testing.assert_networks_equal(default, nl.transform.project(network, weights="hyperbolic"))


@pytest.mark.parametrize("weights", WEIGHTS)
def test_the_order_of_rows_and_ends_does_not_show(weights: str) -> None:
    network = two_mode(8)
    ours = nl.transform.project(network, weights=weights)
    theirs = nl.transform.project(shuffled(network, 1), weights=weights)
    pd.testing.assert_frame_equal(ours.relationships, theirs.relationships)


def test_a_window_reads_only_its_records_and_the_ledger_says_so() -> None:
    network = records(
        ("p1", "uses", "v1", 1.0, "2024-01-05"),
        ("p2", "uses", "v1", 1.0, "2024-01"),
        ("p3", "uses", "v1", 1.0, "2024-03-01"),
        ("p4", "uses", "v1"),
    )
    january = ("2024-01-01", "2024-02-01")
    people = nl.transform.project(network, window=january)
    rows = people.relationships
    assert rows[["source", "target", "weight"]].values.tolist() == [["p1", "p2", 1]]
    assert rows["relationship_ids"].tolist() == [["r0", "r1"]]
    assert rows["documents"].tolist() == [["d0", "d1"]]
    ledger = people.ledger[people.ledger["table"] == "relationships"]
    assert ledger[["outcome", "detail", "rows"]].values.tolist() == [
        ["read", "", 4],
        ["used", "uses", 2],
        ["set aside", "outside the window", 2],
    ]
    assert people.n_entities == 4
    kept = nl.transform.project(network, window=january, undated="keep")
    assert kept.relationships["weight"].tolist() == [0.5, 0.5, 0.5]


def test_windows_are_the_projections_of_what_is_during() -> None:
    network = two_mode(9, n=60)
    rng = np.random.default_rng(9)
    start = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 90, 60), "D")
    network = nl.read_tables(
        None, network.relationships.reset_index().assign(start=start), schema=SCHEMA
    )
    for window in pairwise(["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]):
        nl.testing.assert_networks_equal(
            nl.transform.project(network, window=window),
            nl.transform.project(network.during(*window)),
        )


def test_wrong_arguments_are_refused_in_words() -> None:
    network = two_mode(0)
    with pytest.raises(ArgumentError, match="'weights' must be one of count, hyperbolic, strength"):
        nl.transform.project(network, weights="newman")
    with pytest.raises(ArgumentError, match="'window' must be a pair of times"):
        nl.transform.project(network, window="2024")
    with pytest.raises(ArgumentError):
        nl.transform.project(network, window=("2024-02-01", "2024-01-01"))
