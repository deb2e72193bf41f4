"""Centrality: published figures, networkx as oracle, and what must not change a result."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import pairwise, permutations
from pathlib import Path
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import (
    DIRECTED,
    UNDIRECTED,
    merged,
    network_of,
    networks,
    random_network,
    same,
    shared_data,
    shuffled,
)

import netlink as nl
from netlink import centrality
from netlink._arrays import _leading
from netlink.errors import ArgumentError
from netlink.testing import assert_entity_scores

if TYPE_CHECKING:
    from collections.abc import Callable

OF_OTHER_SHAPE = [
    *("degree_centralization", "edge_betweenness", "hubs_and_authorities"),
    *("personalized_pagerank", "table"),
]
MEASURES: dict[str, Callable[..., pd.Series]] = {
    name: getattr(centrality, name) for name in centrality.__all__ if name not in OF_OTHER_SHAPE
}
ON_DIRECTION = [name for name in MEASURES if name not in {"eigenvector", "local_clustering"}]
ON_LENGTH = ["betweenness", "closeness", "harmonic"]
ON_WEIGHT = ["eigenvector", "katz", "pagerank", "strength"]


def star(n: int) -> nl.Network:
    return network_of([("hub", f"p{i:05d}") for i in range(n - 1)])


def path(n: int) -> nl.Network:
    return network_of([(f"p{i:05d}", f"p{i + 1:05d}") for i in range(n - 1)])


def mixed() -> nl.Network:
    """A knows B, B called C, C called D, D knows A."""
    network = network_of([("A", "B"), ("B", "C"), ("C", "D"), ("D", "A")])
    rows = network.relationships.reset_index(drop=True)
    rows["relationship_type"] = [UNDIRECTED, DIRECTED, DIRECTED, UNDIRECTED]
    return nl.read_tables(network.entities.reset_index(), rows)


# Published figures (reference: netlink's page of methods, "agrees": two programs or the author)


def test_florentine_families() -> None:
    families = nl.datasets.florentine_families()
    assert centrality.betweenness(families)["Medici"] == pytest.approx(0.521978, abs=5e-7)
    near = centrality.closeness(families)
    assert near["Medici"] == pytest.approx(0.56, abs=5e-7)
    assert near.attrs["definition"] == "freeman"


def test_karate_club() -> None:
    between = centrality.betweenness(nl.datasets.karate_club())
    assert between[["0", "33"]].tolist() == pytest.approx([0.437635, 0.304075], abs=5e-7)


def test_krackhardt_kite() -> None:
    kite = nl.datasets.krackhardt_kite()
    between = centrality.betweenness(kite)
    assert between[["7", "5", "6", "8", "3"]].round(4).tolist() == [
        *(0.3889, 0.2315, 0.2315, 0.2222, 0.1019)
    ]
    near = centrality.closeness(kite)  # Krackhardt 1990: "5" and "6" are closest, 9/14
    assert near[["5", "6"]].tolist() == pytest.approx([9 / 14] * 2)
    assert near.max() == near["5"]
    assert centrality.degree(kite).idxmax() == "3"


def test_caviar_undirected() -> None:
    rows = pd.read_csv(shared_data("caviar") / "edges.csv", dtype="str").astype({"weight": float})
    network = nl.read_tables(None, rows.assign(relationship_type="communicated"))
    between = centrality.betweenness(network, directed=False)  # one program
    expected = {"1": 0.637, "12": 0.292, "87": 0.119, "76": 0.115, "3": 0.105}
    assert between.nlargest(5).round(3).to_dict() == expected


def test_montagna_meetings() -> None:
    # The figures (one program) are of the unweighted reading: numbers of meetings are strengths.
    rows = pd.read_csv(shared_data("montagna_mafia") / "edges.csv", dtype="str")
    rows = rows[rows["relation"] == "meeting"].assign(relationship_type="met")
    network = nl.read_tables(None, rows[["source", "target", "relationship_type"]])
    between = centrality.betweenness(network)
    assert between.nlargest(3).round(4).to_dict() == {"18": 0.3732, "47": 0.2198, "27": 0.1585}


def test_reading_a_strength_as_a_length_turns_the_montagna_meetings_over() -> None:
    # methods.md, one program: 6 of the top 10 stay, and the first place changes. Of two rows for
    # one pair the last counts, as in the figures.
    rows = pd.read_csv(shared_data("montagna_mafia") / "edges.csv", dtype={"source": "str"})
    rows = rows[rows["relation"] == "meeting"].astype({"target": "str"})
    ends = np.sort(rows[["source", "target"]].to_numpy(dtype=str), axis=1)
    ties = {(a, b): weight for (a, b), weight in zip(ends, rows["weight"], strict=True)}
    network = network_of(
        [(*pair, weight) for pair, weight in ties.items()],
        distance=[1 / weight for weight in ties.values()],
    )
    wrong, right = (
        centrality.betweenness(network, length=column).nlargest(10).index
        for column in ("weight", "distance")
    )
    assert len(wrong.intersection(right)) == 6
    assert (wrong[0], right[0]) == ("18", "27")


# Conventions


def test_parallel_relationships_make_one_tie() -> None:
    # Four in a ring, one tie doubled: peers give three different vectors; merged, all are alike.
    once = network_of([("A", "B"), ("B", "C"), ("C", "D"), ("D", "A")])
    twice = network_of([("A", "B"), ("A", "B"), ("B", "C"), ("C", "D"), ("D", "A")])
    assert centrality.betweenness(twice).tolist() == [1 / 6] * 4  # 0.5 of three pairs
    for name in ("betweenness", "closeness", "degree", "harmonic"):
        pd.testing.assert_series_equal(MEASURES[name](twice), MEASURES[name](once))
    assert centrality.strength(twice).tolist() == [3, 3, 2, 2]
    assert centrality.pagerank(twice)["A"] > centrality.pagerank(once)["A"]
    assert centrality.eigenvector(twice).round(9).tolist()[:2] == [1, 1]


def test_both_ways_is_one_other() -> None:
    network = network_of([("A", "B", 2), ("B", "A", 3), ("A", "C", 4)], directed=True)
    assert centrality.degree(network).tolist() == [2, 1, 1]
    assert centrality.degree(network, mode="out").tolist() == [2, 1, 0]
    assert centrality.degree(network, mode="in").tolist() == [1, 1, 1]
    assert centrality.strength(network).tolist() == [9, 5, 4]
    assert centrality.strength(network, mode="out").tolist() == [6, 3, 0]
    assert centrality.strength(network, mode="in").tolist() == [3, 2, 4]
    assert centrality.strength(network, mode="out", weight=None).tolist() == [2, 1, 0]
    assert centrality.strength(network, mode="out", directed=False).tolist() == [9, 5, 4]


def test_directed_and_undirected_ties_in_one_network() -> None:
    network = mixed()
    assert centrality.degree(network).tolist() == [2, 2, 2, 2]
    assert centrality.degree(network, mode="out").tolist() == [2, 2, 1, 1]
    assert centrality.strength(network, mode="in").tolist() == [2, 1, 1, 2]
    arcs = nx.DiGraph([("A", "B"), ("B", "A"), ("B", "C"), ("C", "D"), ("D", "A"), ("A", "D")])
    same(centrality.betweenness(network), nx.betweenness_centrality(arcs))
    same(centrality.closeness(network), nx.closeness_centrality(arcs.reverse()))
    same(centrality.pagerank(network), nx.pagerank(arcs, tol=1e-14), rtol=1e-9)


def test_distances_run_outward() -> None:
    network = network_of([("A", "B"), ("B", "C")], directed=True)
    assert centrality.harmonic(network).tolist() == [0.75, 0.5, 0]
    assert centrality.harmonic(network, directed=False).tolist() == [0.75, 1, 0.75]


def test_direction_can_be_imposed() -> None:
    network = network_of([("A", "B"), ("B", "C")])
    assert centrality.betweenness(network).tolist() == [0, 1, 0]
    assert centrality.betweenness(network, directed=True).tolist() == [0, 0.5, 0]


def test_closeness_is_harmonic_on_an_unconnected_network() -> None:
    network = network_of([("A", "B"), ("B", "C"), ("D", "E")])
    near = centrality.closeness(network)
    assert near.attrs["definition"] == "harmonic"
    assert near.tolist() == centrality.harmonic(network).tolist() == [0.375, 0.5, 0.375, 0.25, 0.25]
    chain = network_of([("A", "B"), ("B", "C")], directed=True)  # C reaches nobody
    assert centrality.closeness(chain).attrs["definition"] == "harmonic"


def test_eigenvector_of_an_unconnected_network_is_that_of_one_component() -> None:
    clique = [("A", "B"), ("B", "C"), ("C", "A"), ("A", "D"), ("B", "D"), ("C", "D")]
    network = network_of([*clique, ("X", "Y"), ("Y", "Z")], entities=[*"ABCDXYZ", "alone"])
    value = centrality.eigenvector(network)
    assert value[list("ABCD")].tolist() == pytest.approx([1] * 4)
    assert value[list("XYZ")].tolist() == pytest.approx([0] * 3, abs=1e-9)
    assert value["alone"] == 0


def test_two_like_components_share_the_eigenvector() -> None:
    network = network_of([("A", "B"), ("B", "C"), ("X", "Y"), ("Y", "Z")])
    assert centrality.eigenvector(network).tolist() == pytest.approx([0.5**0.5, 1, 0.5**0.5] * 2)


# Against networkx


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_networkx_agrees(seed: int, directed: bool) -> None:
    network = random_network(seed, m=14 + 4 * seed, directed=directed, weighted=True, loops=True)
    graph = merged(network, directed=directed)
    same(centrality.betweenness(network), nx.betweenness_centrality(graph))
    facing = graph.reverse() if directed else graph  # theirs are inward
    others = len(graph) - 1
    inverses = {k: v / others for k, v in nx.harmonic_centrality(facing).items()}
    same(centrality.harmonic(network), inverses)
    near = centrality.closeness(network)
    connected = nx.is_strongly_connected(graph) if directed else nx.is_connected(graph)
    assert near.attrs["definition"] == ("freeman" if connected else "harmonic")
    same(near, nx.closeness_centrality(facing) if connected else inverses)
    same(centrality.pagerank(network), nx.pagerank(graph, tol=1e-14, max_iter=1000), rtol=1e-9)
    loose = merged(network, directed=False)
    same(centrality.degree(network), dict(loose.degree))
    if directed:
        same(centrality.degree(network, mode="in"), dict(graph.in_degree))
        same(centrality.strength(network, mode="out"), dict(graph.out_degree(weight="weight")))


def test_the_networks_of_the_oracle_are_of_both_kinds() -> None:
    kinds = {
        centrality.closeness(random_network(seed, m=14 + 4 * seed)).attrs["definition"]
        for seed in range(8)
    }
    assert kinds == {"freeman", "harmonic"}


@pytest.mark.parametrize("seed", range(6))
def test_eigenvector_against_a_dense_solver(seed: int) -> None:
    network = random_network(seed, n=12, m=40, weighted=True, loops=True, directed=seed % 2 == 0)
    matrix = network.to_scipy(directed=False).toarray()
    np.fill_diagonal(matrix, 0)
    expected = np.abs(np.linalg.eigh(matrix).eigenvectors[:, -1])
    found = centrality.eigenvector(network)
    np.testing.assert_allclose(found, expected / expected.max(), atol=1e-8)


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_lengths_against_networkx(seed: int, directed: bool) -> None:
    network = random_network(seed, m=40, directed=directed, weighted=True, loops=True)
    graph = merged(network, directed=directed, length="weight")
    between = centrality.betweenness(network, length="weight")
    same(between, nx.betweenness_centrality(graph, weight="cost"))
    facing = graph.reverse() if directed else graph
    others = len(graph) - 1
    inverses = nx.harmonic_centrality(facing, distance="cost")
    same(
        centrality.harmonic(network, length="weight"),
        {k: v / others for k, v in inverses.items()},
    )
    near = centrality.closeness(network, length="weight")
    if near.attrs["definition"] == "freeman":
        same(near, nx.closeness_centrality(facing, distance="cost"))


def test_lengths_are_read_both_ways_where_types_say_so() -> None:
    network = mixed()
    rows = network.relationships.reset_index(drop=True).assign(cost=[1.0, 2.0, 4.0, 8.0])
    ends = zip(rows["source"], rows["target"], rows["cost"], rows["relationship_type"], strict=True)
    arcs = nx.DiGraph()
    for source, target, cost, kind in ends:
        arcs.add_edge(source, target, cost=cost)
        if kind == UNDIRECTED:
            arcs.add_edge(target, source, cost=cost)
    again = nl.read_tables(network.entities.reset_index(), rows)
    expected = nx.closeness_centrality(arcs.reverse(), distance="cost")
    same(centrality.closeness(again, length="cost"), expected)
    same(
        centrality.betweenness(again, length="cost"), nx.betweenness_centrality(arcs, weight="cost")
    )


def by_hand(graph: Any, cutoff: float, weight: str | None) -> dict[str, float]:
    """Betweenness up to a cutoff, from every shortest path."""
    found = dict.fromkeys(graph, 0.0)
    for source, target in permutations(graph, 2):
        if not nx.has_path(graph, source, target):
            continue
        paths = list(nx.all_shortest_paths(graph, source, target, weight=weight))
        if nx.path_weight(graph, paths[0], weight or "one") > cutoff:
            continue
        for steps in paths:
            for entity in steps[1:-1]:
                found[entity] += 1 / len(paths)
    n = len(graph)
    return {k: v / (n - 1) / (n - 2) for k, v in found.items()}


@pytest.mark.parametrize("cutoff", [1, 2, 2.5, 4])
@pytest.mark.parametrize("directed", [False, True])
def test_a_cutoff_leaves_out_longer_paths(cutoff: float, directed: bool) -> None:
    network = random_network(3, n=12, m=24, directed=directed, weighted=True)
    graph = merged(network, directed=directed, length="weight")
    nx.set_edge_attributes(graph, 1, "one")
    same(centrality.betweenness(network, cutoff=cutoff), by_hand(graph, cutoff, None))
    found = centrality.betweenness(network, cutoff=cutoff, length="weight")
    same(found, by_hand(graph, cutoff, "cost"))


def test_lengths_that_differ_by_rounding_are_equal() -> None:
    ties = [("A", "B"), ("B", "C"), ("A", "D"), ("D", "C")]
    network = network_of(ties, cost=[0.1, 0.2, 0.15, 0.15])  # 0.1 + 0.2 is not 0.3 in floats
    assert centrality.betweenness(network, length="cost").tolist() == [1 / 3, 1 / 6, 0, 1 / 6]


@pytest.mark.parametrize("unit", [1e-15, 1e-5, 1.0, 1e12])
def test_the_unit_of_length_does_not_matter(unit: float) -> None:
    network = random_network(5, m=30, weighted=True)
    rows = network.relationships.reset_index(drop=True)
    rows["cost"] = rows["weight"] * unit
    scaled = nl.read_tables(network.entities.reset_index(), rows)
    found = centrality.betweenness(scaled, length="cost", cutoff=6.2 * unit)
    expected = centrality.betweenness(network, length="weight", cutoff=6.2)
    np.testing.assert_allclose(found, expected, atol=1e-12)


# Shapes


def test_a_network_without_entities() -> None:
    network = network_of([], entities=[])
    for name, measure in MEASURES.items():
        assert_entity_scores(measure(network), network, name=name)
    assert centrality.table(network).shape == (0, 6)


@pytest.mark.parametrize("loops", [[], [("A", "A")]])
def test_one_entity(loops: list[tuple[str, str]]) -> None:
    found = centrality.table(network_of(loops, entities=["A"])).iloc[0]
    assert found[["degree", "strength", "pagerank"]].tolist() == [0, 0, 1]
    assert found[["betweenness", "harmonic", "eigenvector"]].isna().all()
    assert centrality.closeness(network_of(loops, entities=["A"])).isna().all()


def test_isolates_and_two_entities() -> None:
    network = network_of([("A", "B")])
    assert centrality.betweenness(network).isna().all()
    assert centrality.harmonic(network).tolist() == [1, 1]
    alone = network_of([], entities=["A", "B", "C"])
    assert centrality.betweenness(alone).tolist() == [0, 0, 0]
    assert centrality.harmonic(alone).tolist() == [0, 0, 0]
    assert centrality.eigenvector(alone).isna().all()
    assert centrality.pagerank(alone).tolist() == pytest.approx([1 / 3] * 3)


@given(networks(weighted=True))
@settings(max_examples=12, deadline=None)
def test_self_loops_count_for_nothing(network: nl.Network) -> None:
    rows = network.relationships.reset_index(drop=True)
    plain = nl.read_tables(network.entities.reset_index(), rows[rows["source"] != rows["target"]])
    pd.testing.assert_frame_equal(centrality.table(network), centrality.table(plain))


def test_a_star_of_ten_thousand() -> None:
    n = 10_000
    network = star(n)
    assert centrality.betweenness(network)["hub"] == 1
    assert centrality.closeness(network)["hub"] == 1
    assert centrality.harmonic(network).iloc[1] == pytest.approx((1 + (n - 2) / 2) / (n - 1))
    assert centrality.eigenvector(network).iloc[1] == pytest.approx((n - 1) ** -0.5)
    assert centrality.degree(network)["hub"] == n - 1
    assert centrality.pagerank(network).sum() == pytest.approx(1, abs=1e-12)


def test_a_path_of_four_thousand() -> None:
    n = 4_000
    network = path(n)
    between = centrality.betweenness(network)
    left = np.arange(n)
    expected = 2 * left * (n - 1 - left) / ((n - 1) * (n - 2))
    np.testing.assert_allclose(between, expected, rtol=1e-9)
    inverses = np.concatenate([[0], np.cumsum(1 / np.arange(1, n))])
    expected = (inverses[left] + inverses[n - 1 - left]) / (n - 1)
    np.testing.assert_allclose(centrality.harmonic(network), expected, rtol=1e-12)


def test_the_eigenvector_of_a_star_of_a_hundred_thousand() -> None:
    # The sum at the hub has more rounding in it than the search is let to leave elsewhere.
    n = 100_000
    star = network_of([("hub", f"p{i:05d}") for i in range(n - 1)])
    found = centrality.eigenvector(star)
    assert found["hub"] == 1.0
    np.testing.assert_allclose(found.drop("hub"), 1 / np.sqrt(n - 1), rtol=1e-8)


# ARPACK does not converge on long paths: the second eigenvalue is nearly the first.


def test_standing_along_two_paths_is_that_along_the_longer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_leading, "_PATIENCE", 0)
    names = [f"p{i:04d}" for i in range(5_000)]
    ties = [pair for pair in pairwise(names) if pair[0] != names[2_999]]
    expected = np.zeros(5_001)
    expected[:3_000] = np.sin(np.pi * np.arange(1, 3_001) / 3_001)
    found = centrality.eigenvector(network_of(ties, entities=[*names, "x"]))
    np.testing.assert_allclose(found, expected / expected.max(), rtol=1e-9, atol=1e-12)


@pytest.mark.slow
def test_the_eigenvector_of_a_path_of_a_hundred_thousand() -> None:
    network = path(100_000)
    expected = np.sin(np.pi * np.arange(1, 100_001) / 100_001)
    np.testing.assert_allclose(centrality.eigenvector(network), expected, rtol=1e-8)
    for column in centrality.hubs_and_authorities(network).to_numpy().T:
        np.testing.assert_allclose(column, expected, rtol=1e-8)
    coreness = nl.cohesion.core_periphery(network).scores["coreness"]
    np.testing.assert_allclose(coreness, expected, rtol=1e-8)


def test_harmonic_on_more_than_one_batch_of_waves() -> None:
    network = random_network(1, n=300, m=700, directed=True)
    facing = merged(network, directed=True).reverse()
    same(
        centrality.harmonic(network),
        {k: v / 299 for k, v in nx.harmonic_centrality(facing).items()},
    )


def test_the_table_holds_the_measures() -> None:
    network = random_network(2, directed=True, weighted=True)
    for directed in (None, False):
        table = centrality.table(network, directed=directed)
        assert list(table) == [
            *("degree", "strength", "betweenness", "harmonic", "eigenvector", "pagerank")
        ]
        pd.testing.assert_index_equal(table.index, network.entities.index)
        for name in table:
            options = {} if name == "eigenvector" else {"directed": directed}
            pd.testing.assert_series_equal(table[name], MEASURES[name](network, **options))


@given(networks(directed=True, weighted=True))
@settings(max_examples=15, deadline=None)
def test_every_result_stands_on_the_entities(network: nl.Network) -> None:
    for name, measure in MEASURES.items():
        found = measure(network)
        assert_entity_scores(found, network, name=name)
        defined = found.dropna()
        assert (defined >= 0).all()
        assert name in {"degree", "katz", "strength"} or (defined <= 1 + 1e-12).all()
    assert centrality.pagerank(network).sum() == pytest.approx(1, abs=1e-12)
    assert centrality.degree(network, directed=False).sum() % 2 == 0


# What must not change a result


def digest(network: nl.Network) -> str:
    parts = [measure(network).to_numpy().tobytes() for measure in MEASURES.values()]
    if network.n_relationships:
        costs = {"length": "weight"}
        parts += [MEASURES[name](network, **costs).to_numpy().tobytes() for name in ON_LENGTH]
    return hashlib.sha256(b"".join(parts)).hexdigest()


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_row_order_changes_no_byte(seed: int, directed: bool) -> None:
    network = random_network(seed, n=90, m=300, weighted=True, directed=directed)
    rows = network.relationships.reset_index(drop=True)
    rows["weight"] = np.random.default_rng(seed).random(len(rows)) + 0.1  # sums that round
    network = nl.read_tables(network.entities.reset_index(), rows)
    assert {digest(shuffled(network, draw)) for draw in range(3)} == {digest(network)}


@given(networks(weighted=True), st.integers(0, 99))
@settings(max_examples=8, deadline=None)
def test_row_order_changes_no_byte_of_any_network(network: nl.Network, seed: int) -> None:
    assert digest(shuffled(network, seed)) == digest(network)


def renamed(network: nl.Network, names: dict[str, str]) -> nl.Network:
    entities = network.entities.reset_index().replace({"entity_id": names})
    rows = network.relationships.reset_index(drop=True)
    return nl.read_tables(entities, rows.replace({"source": names, "target": names}))


@pytest.mark.parametrize("directed", [False, True])
def test_names_carry_no_meaning(directed: bool) -> None:
    network = random_network(7, n=80, m=200, weighted=True, directed=directed)
    ids = network.entities.index.tolist()
    longer = {name: f"q-{name}" for name in ids}  # in the same order: not a byte changes
    assert digest(renamed(network, longer)) == digest(network)
    other = dict(zip(ids, np.random.default_rng(0).permutation(ids).tolist(), strict=True))
    again = renamed(network, other)
    for name, measure in MEASURES.items():
        found = measure(again).loc[[other[entity] for entity in ids]].to_numpy()
        expected = measure(network).to_numpy()
        if name == "degree":
            np.testing.assert_array_equal(found, expected)
        else:
            np.testing.assert_allclose(found, expected, rtol=1e-9, atol=1e-11)


@pytest.mark.slow
def test_threads_change_no_byte() -> None:
    code = (
        "import hashlib; from networks import random_network; from netlink import centrality as c\n"
        "n = random_network(0, n=20_000, m=100_000, weighted=True)\n"
        "values = [f(n).to_numpy().tobytes() for f in (c.eigenvector, c.pagerank, c.harmonic)]\n"
        "print(hashlib.sha256(b''.join(values)).hexdigest())"
    )
    threads = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
    found = set()
    for number in ("1", "8"):
        paths = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
        environment = os.environ | dict.fromkeys(threads, number) | {"PYTHONPATH": paths}
        command = [sys.executable, "-c", code]
        found.add(subprocess.run(command, env=environment, capture_output=True, check=True).stdout)
    assert len(found) == 1


# Bad arguments


@pytest.mark.parametrize("name", ON_DIRECTION)
def test_a_bad_direction_is_refused(name: str) -> None:
    with pytest.raises(ArgumentError, match="'directed' must be None, True or False, got 'in'"):
        MEASURES[name](nl.datasets.krackhardt_kite(), directed="in")


@pytest.mark.parametrize("name", ["degree", "strength"])
def test_a_bad_mode_is_refused(name: str) -> None:
    with pytest.raises(ArgumentError, match="'mode' must be 'all', 'in' or 'out', got 'both'"):
        MEASURES[name](nl.datasets.krackhardt_kite(), mode="both")


@pytest.mark.parametrize(
    ("cutoff", "says"),
    [(0, "positive finite"), (-1, "got -1"), (np.nan, "nan"), (np.inf, "inf"), (True, "bool")],
)
def test_a_bad_cutoff_is_refused(cutoff: Any, says: str) -> None:
    with pytest.raises(ArgumentError, match=f"'cutoff' must be.*{says}"):
        centrality.betweenness(nl.datasets.krackhardt_kite(), cutoff=cutoff)


@pytest.mark.parametrize("damping", [0, 1, -0.1, 2, np.nan, "0.85", True])
def test_a_bad_damping_is_refused(damping: Any) -> None:
    with pytest.raises(ArgumentError, match="'damping' must"):
        centrality.pagerank(nl.datasets.krackhardt_kite(), damping=damping)


def test_lengths_of_every_size_give_finite_answers_or_are_refused() -> None:
    ties = [("A", "B"), ("B", "C"), ("C", "D"), ("D", "A")]
    values = {"cost": [1e-100, 1e100, 1, 2], "far": [1e-8, 5, 1, 2], "over": [1, 1, 0, 1e101]}
    network = network_of(ties, **{name: list(map(float, them)) for name, them in values.items()})
    for name in ("closeness", "harmonic"):
        assert np.isfinite(MEASURES[name](network, length="cost")).all()
        with pytest.raises(ArgumentError, match="in 'over' 2 of 4 are not"):
            MEASURES[name](network, length="over")
    # A tie too short for the engine to see would be walked both ways within one path.
    with pytest.raises(ArgumentError, match=r"at most 1,666,666,667 times its smallest"):
        centrality.betweenness(network, length="cost")
    between = centrality.betweenness(network, length="far", cutoff=1e308)
    assert between.tolist() == [2 / 3, 0, 0, 2 / 3]


def odd() -> nl.Network:
    ties = [("A", "B"), ("B", "C"), ("C", "A"), ("A", "D")]
    values = {"cost": [1.0, 0.0, -31337.0, np.nan], "word": list("wxyz")}
    return network_of(ties, **values)


@pytest.mark.parametrize("name", ON_LENGTH)
def test_bad_lengths_are_counted_and_not_shown(name: str) -> None:
    with pytest.raises(ArgumentError, match="in 'cost' 3 of 4 are not") as caught:
        MEASURES[name](odd(), length="cost")
    assert "31337" not in str(caught.value)
    with pytest.raises(ArgumentError, match="'length' must be a numeric column, 'word' is not"):
        MEASURES[name](odd(), length="word")
    with pytest.raises(ArgumentError, match=r"no column 'costs'\. Did you mean 'cost'"):
        MEASURES[name](odd(), length="costs")


@pytest.mark.parametrize("name", ON_WEIGHT)
def test_bad_weights_are_counted_and_not_shown(name: str) -> None:
    with pytest.raises(ArgumentError, match="in 'cost' 2 of 4 are") as caught:
        MEASURES[name](odd(), weight="cost")
    assert "31337" not in str(caught.value)
    with pytest.raises(ArgumentError, match="'weight' must be a numeric column, 'word' is not"):
        MEASURES[name](odd(), weight="word")
