"""Communities: published figures, networkx as the oracle, and what must not change them."""

from __future__ import annotations

import pickle
import random
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from typing import Any

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shuffled
from published import DOLPHINS, FOOTBALL, ties

import netlink as nl
from netlink import _engine
from netlink.errors import ArgumentError


def simple_graph(network: nl.Network, weight: str | None = "weight") -> nx.Graph:
    """The network as communities read it: undirected, merged, without loops."""
    graph = nx.Graph()
    graph.add_nodes_from(network.entities.index)
    for _, row in network.relationships.iterrows():
        if row["source"] != row["target"]:
            more = 1.0 if weight is None else row[weight]
            known = graph.get_edge_data(row["source"], row["target"], {"weight": 0.0})
            graph.add_edge(row["source"], row["target"], weight=known["weight"] + more)
    return graph


def groups_of(communities: nl.communities.Communities) -> list[set[str]]:
    return [set(ids) for ids in communities.labels.groupby(communities.labels).groups.values()]


# Figures


def test_the_karate_club_has_its_best_modularity() -> None:
    # Brandes et al. 2008, On modularity clustering: 0.41979 with 4 groups is the optimum.
    found = nl.communities.leiden(nl.datasets.karate_club(), seed=0)
    assert round(found.modularity, 5) == 0.41979
    assert found.labels.nunique() == 4
    assert found.sizes.tolist() == [12, 11, 6, 5]
    assert found.labels["0"] == found.labels["1"] != found.labels["33"]


def test_les_miserables_reach_the_published_modularity() -> None:
    # 0.560: the best modularity published for this network, ties counted once.
    found = nl.communities.leiden(network_of(list(nx.les_miserables_graph().edges)))
    assert round(found.modularity, 3) == 0.560


@pytest.mark.parametrize(
    ("network", "n_ties", "modularity"), [(DOLPHINS, 159, 0.529), (FOOTBALL, 613, 0.605)]
)
def test_published_modularities_are_reached(network: str, n_ties: int, modularity: float) -> None:
    # The best published for the dolphins and for the football teams (methods.md).
    people = network_of(ties(network))
    assert people.n_relationships == n_ties
    runs = [nl.communities.leiden(people, seed=seed).modularity for seed in range(10)]
    assert round(max(runs), 3) == modularity
    assert min(runs) > modularity - 0.011
    assert nl.communities.consensus(people).modularity > modularity - 0.002


def test_every_seed_finds_the_best_of_the_karate_club() -> None:
    club = nl.datasets.karate_club()
    assert {round(nl.communities.leiden(club, seed=s).modularity, 5) for s in range(20)} == {
        0.41979
    }


def test_two_cliques_and_a_bridge_are_two_communities() -> None:
    cliques = [(a + x, a + y) for a in "ab" for x, y in ("12", "13", "14", "23", "24", "34")]
    found = nl.communities.leiden(network_of([*cliques, ("a1", "b1")]))
    assert groups_of(found) == [{"a1", "a2", "a3", "a4"}, {"b1", "b2", "b3", "b4"}]


# Oracle


@pytest.mark.parametrize("seed", range(12))
@pytest.mark.parametrize("resolution", [0.5, 1.0, 2.0])
def test_modularity_is_that_of_networkx(seed: int, resolution: float) -> None:
    network = random_network(seed, weighted=True, loops=True, directed=seed % 2 == 0)
    found = nl.communities.leiden(network, resolution=resolution, seed=seed)
    expected = nx.community.modularity(
        simple_graph(network), groups_of(found), weight="weight", resolution=resolution
    )
    assert found.modularity == pytest.approx(expected, abs=1e-12)


@pytest.mark.parametrize("seed", range(5))
def test_no_entity_gains_by_moving(seed: int) -> None:
    network = random_network(seed, n=12, m=20, weighted=True)
    found = nl.communities.leiden(network)
    graph = simple_graph(network)
    for entity in network.entities.index:
        for label in range(found.labels.max() + 1):
            moved = found.labels.copy()
            moved[entity] = label
            groups = [set(ids) for ids in moved.groupby(moved).groups.values()]
            assert nx.community.modularity(graph, groups) <= found.modularity + 1e-9


def igraph_leiden(network: nl.Network, seed: int) -> float:
    graph = _engine.graph(network.to_scipy(directed=False), directed=False)
    with _engine.seeded(seed):
        found = graph.community_leiden(
            objective_function="modularity", weights="weight", n_iterations=2
        )
    return float(graph.modularity(found, weights="weight"))


@pytest.mark.parametrize("m", [15_000, 26_000])
def test_it_is_at_least_as_good_as_two_iterations_of_igraph(m: int) -> None:
    network = random_network(1, n=2_000, m=m, weighted=True)
    found = [nl.communities.leiden(network, seed=seed).modularity for seed in range(3)]
    assert np.mean(found) >= np.mean([igraph_leiden(network, seed) for seed in range(3)])


def test_groups_hang_together() -> None:
    # What Louvain does not keep (Traag and others 2019).
    network = random_network(3, n=400, m=900, weighted=True)
    graph = simple_graph(network)
    for seed in range(5):
        for group in groups_of(nl.communities.leiden(network, seed=seed)):
            assert nx.is_connected(graph.subgraph(group))


def test_weights_on_which_a_gain_is_only_rounding_return() -> None:
    # With n_iterations=-1 igraph 0.11 and 1.0 loop for ever on one of these in about 5,000.
    for seed in range(60):
        rng = np.random.default_rng(seed)
        network = random_network(seed, n=int(rng.integers(2, 10)), m=20, weighted=True)
        assert -0.5 <= nl.communities.leiden(network, seed=seed).modularity <= 1.0


def test_weight_is_strength_and_none_counts_relationships() -> None:
    ring = [("a", "b", 9), ("b", "c", 1), ("c", "d", 9), ("d", "a", 1)]
    assert groups_of(nl.communities.leiden(network_of(ring))) == [{"a", "b"}, {"c", "d"}]
    often = [("b", "c", 1)] * 9 + [("d", "a", 1)] * 9 + [("a", "b", 9), ("c", "d", 9)]
    by_number = nl.communities.leiden(network_of(often), weight=None)
    assert groups_of(by_number) == [{"a", "d"}, {"b", "c"}]
    assert by_number.parameters["weight"] is None


def test_a_higher_resolution_gives_more_communities() -> None:
    club = nl.datasets.karate_club()
    numbers = [nl.communities.leiden(club, resolution=r).labels.nunique() for r in (0.1, 1.0, 4.0)]
    assert numbers == sorted(set(numbers))


# The shape of the answer


def test_labels_are_numbered_by_size_and_then_by_smallest_id() -> None:
    three = [("z1", "z2"), ("z2", "z3"), ("z1", "z3")]
    pairs = [("m1", "m2"), ("c1", "x9")]
    found = nl.communities.leiden(
        network_of([*pairs, *three], entities=[*"ab", "c1", "m1", "m2", "x9", "z1", "z2", "z3"])
    )
    assert found.labels.to_dict() == {
        "z1": 0, "z2": 0, "z3": 0, "c1": 1, "x9": 1, "m1": 2, "m2": 2, "a": 3, "b": 4,
    }  # fmt: skip
    assert found.sizes.to_dict() == {0: 3, 1: 2, 2: 2, 3: 1, 4: 1}


def test_the_result_is_a_series_on_the_entities_and_says_how_it_was_made() -> None:
    network = random_network(3)
    found = nl.communities.leiden(network, resolution=0.7, seed=5)
    nl.testing.assert_entity_scores(found.labels, network, name="community")
    assert found.labels.dtype.kind == "i"
    assert found.method == "leiden"
    assert dict(found.parameters) == {
        "objective": "modularity", "resolution": 0.7, "weight": "weight", "seed": 5,
    }  # fmt: skip


def test_communities_are_frozen_and_can_be_pickled() -> None:
    found = nl.communities.leiden(nl.datasets.karate_club())
    with pytest.raises(FrozenInstanceError):
        found.modularity = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        found.parameters["seed"] = 1  # type: ignore[index]
    again = pickle.loads(pickle.dumps(found))
    pd.testing.assert_series_equal(again.labels, found.labels)
    assert (again.modularity, again.method, again.parameters) == (
        found.modularity, found.method, found.parameters,
    )  # fmt: skip


def test_repr_gives_counts_and_no_ids() -> None:
    found = nl.communities.leiden(network_of([("canary-a", "canary-b")], entities=None))
    assert repr(found) == "<Communities by leiden: 1 community of 2 entities (modularity 0.000)>"
    one = nl.communities.leiden(network_of([], entities=["canary"]))
    assert repr(one) == "<Communities by leiden: 1 community of 1 entity (modularity nan)>"


# Shapes


@pytest.mark.parametrize(
    ("ties", "names"),
    [([], []), ([], ["a"]), ([], ["a", "b"]), ([("a", "a", 2)], ["a", "b"]), ([("a", "b", 0)], [])],
)
def test_modularity_is_nan_without_ties_of_any_weight(ties: list[Any], names: list[str]) -> None:
    network = network_of(ties, entities=names or sorted({e for t in ties for e in t[:2]}))
    found = nl.communities.leiden(network)
    assert np.isnan(found.modularity)
    assert found.labels.tolist() == list(range(network.n_entities))


def test_self_loops_change_nothing() -> None:
    ties = [(a, b) for a, b in nx.karate_club_graph().edges]
    loops = [(a, a, 50) for a in range(34)]
    plain, looped = (nl.communities.leiden(network_of(t)) for t in (ties, [*ties, *loops]))
    pd.testing.assert_series_equal(plain.labels, looped.labels)
    assert plain.modularity == looped.modularity


@given(networks(weighted=True), st.integers(0, 3))
@settings(max_examples=20, deadline=None)
def test_every_small_network_gets_a_sound_answer(network: nl.Network, seed: int) -> None:
    found = nl.communities.leiden(network, seed=seed)
    nl.testing.assert_entity_scores(found.labels, network, name="community")
    assert sorted(found.labels.unique()) == list(range(found.labels.nunique()))
    assert found.sizes.is_monotonic_decreasing
    graph = simple_graph(network)
    assert np.isnan(found.modularity) == (graph.number_of_edges() == 0)
    for members in groups_of(found):
        assert nx.is_connected(graph.subgraph(members))


# Determinism


@pytest.mark.parametrize("directed", [False, True])
def test_row_order_and_flipped_ends_change_nothing(directed: bool) -> None:
    rng = np.random.default_rng(8)
    ends = rng.integers(0, 40, (260, 2)).astype(str)
    weights = rng.random(260)  # fractions: their sums depend on the order of the terms
    rows = zip(*ends.T, weights, strict=True)
    network = network_of(list(rows), directed=directed)
    expected = nl.communities.leiden(network, seed=4)
    for seed in range(5):
        found = nl.communities.leiden(shuffled(network, seed), seed=4)
        pd.testing.assert_series_equal(found.labels, expected.labels)
        assert found.modularity == expected.modularity


@given(networks(weighted=True), st.integers(0, 99))
@settings(max_examples=12, deadline=None)
def test_an_isolate_more_is_a_community_more(network: nl.Network, seed: int) -> None:
    table = network.entities.reset_index()[["entity_id", "entity_type"]]
    more = pd.DataFrame({"entity_id": ["zz"], "entity_type": ["person"]})
    rows = shuffled(network, seed).relationships.reset_index()
    wider = nl.read_tables(pd.concat([table, more], ignore_index=True), rows)
    before, after = nl.communities.leiden(network), nl.communities.leiden(wider)
    assert after.sizes[after.labels["zz"]] == 1
    np.testing.assert_equal(after.modularity, before.modularity)


def test_eight_threads_give_what_one_gives() -> None:
    network = random_network(11, n=200, m=600, weighted=True)
    expected = {seed: nl.communities.leiden(network, seed=seed).labels for seed in range(4)}
    seeds = [seed for _ in range(8) for seed in range(4)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda seed: nl.communities.leiden(network, seed=seed), seeds))
    for seed, communities in zip(seeds, found, strict=True):
        pd.testing.assert_series_equal(communities.labels, expected[seed])


def test_the_generators_of_python_and_igraph_are_left_as_they_were() -> None:
    def drawn() -> list[tuple[int, int]]:
        random.seed(7)
        return igraph.Graph.Erdos_Renyi(n=20, m=30).get_edgelist()

    expected = drawn()
    random.seed(7)
    state = random.getstate()
    nl.communities.leiden(nl.datasets.karate_club(), seed=3)
    assert random.getstate() == state
    assert drawn() == expected


# Bad arguments


@pytest.mark.parametrize("resolution", [0, -1.0, float("nan"), float("inf"), "1", None, True])
def test_a_bad_resolution_is_refused(resolution: Any) -> None:
    with pytest.raises(ArgumentError, match="'resolution' must be"):
        nl.communities.leiden(nl.datasets.krackhardt_kite(), resolution=resolution)


@pytest.mark.parametrize("seed", [None, 1.0, "0", True])
def test_a_bad_seed_is_refused(seed: Any) -> None:
    with pytest.raises(ArgumentError, match="'seed' must be an integer"):
        nl.communities.leiden(nl.datasets.krackhardt_kite(), seed=seed)


def test_an_unknown_weight_is_refused_with_near_names() -> None:
    with pytest.raises(ArgumentError, match=r"no column 'wieght'\. Did you mean 'weight'"):
        nl.communities.leiden(nl.datasets.krackhardt_kite(), weight="wieght")


@pytest.mark.parametrize("value", [-1.0, float("nan"), float("inf")])
def test_a_weight_that_is_no_strength_is_refused(value: float) -> None:
    network = network_of([("a", "b"), ("b", "a")], odd=[value, 5.0])
    with pytest.raises(ArgumentError, match="in 'odd' 1 of 2 are"):
        nl.communities.leiden(network, weight="odd")
