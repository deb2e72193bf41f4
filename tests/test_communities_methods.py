"""Every method: figures, sound answers, and the same answer whatever must not matter."""

from __future__ import annotations

import hashlib
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shared_data, shuffled

import netlink as nl
from netlink.communities import _workers
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable

    Communities = nl.communities.Communities

METHODS: dict[str, Callable[..., Communities]] = {
    "leiden": nl.communities.leiden,
    "cpm": lambda network, **given: nl.communities.leiden(
        network, objective="cpm", resolution=0.3, **given
    ),
    "louvain": nl.communities.louvain,
    "infomap": nl.communities.infomap,
    "label_propagation": nl.communities.label_propagation,
    "walktrap": lambda network, seed=0, **given: nl.communities.walktrap(network, **given),
    "consensus": lambda network, **given: nl.communities.consensus(network, runs=5, **given),
}
methods = pytest.mark.parametrize("method", METHODS)


def groups_of(communities: Communities) -> set[frozenset[str]]:
    groups = communities.labels.groupby(communities.labels).groups
    return {frozenset(ids) for ids in groups.values()}


def graph_of(network: nl.Network) -> nx.Graph:
    ties = network.to_scipy(directed=False)
    graph = nx.from_scipy_sparse_array(ties)
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    return graph


def cliques(sizes: list[int]) -> nl.Network:
    """Cliques in a row, one tie between two of them."""
    ties: list[tuple[str, str]] = []
    for k, size in enumerate(sizes):
        names = [f"c{k:02d}-{i:02d}" for i in range(size)]
        ties += [(a, b) for i, a in enumerate(names) for b in names[:i]]
        if k:
            ties.append((f"c{k - 1:02d}-00", names[1]))
    return network_of(ties)


def montagna_meetings() -> nl.Network:
    """256 ties: of two rows for one pair the last counts, as in the figures."""
    rows = pd.read_csv(shared_data("montagna_mafia") / "edges.csv", dtype={"source": str})
    rows = rows[rows["relation"] == "meeting"].astype({"target": str})
    ends = np.sort(rows[["source", "target"]].to_numpy(dtype=str), axis=1)
    ties = {(a, b): weight for (a, b), weight in zip(ends, rows["weight"], strict=True)}
    assert len(ties) == 256
    return network_of([(*pair, weight) for pair, weight in ties.items()])


# Figures


@methods
def test_cliques_in_a_row_are_the_groups(method: str) -> None:
    found = METHODS[method](cliques([8, 7, 7, 6, 6]))
    assert found.labels.groupby(lambda name: name[:3]).nunique().max() == 1
    assert found.labels.nunique() == 5
    assert found.labels["c00-00"] == 0


@pytest.mark.parametrize(
    ("method", "modularity", "n"),
    [
        ("leiden", 0.41979, 4),  # Brandes et al. 2008: the optimum
        ("louvain", 0.4188, 4),  # Blondel et al. 2008, table 1: 0.42 with 4
        ("infomap", 0.40204, 3),
        ("walktrap", 0.3532, 5),
        ("consensus", 0.41979, 4),
    ],
)
def test_the_karate_club(method: str, modularity: float, n: int) -> None:
    found = METHODS[method](nl.datasets.karate_club())
    assert found.modularity == pytest.approx(modularity, abs=2e-3)
    assert found.labels.nunique() == n


def test_les_miserables_reach_the_published_modularity() -> None:
    network = network_of(list(nx.les_miserables_graph().edges))
    for method in ("leiden", "consensus"):
        assert METHODS[method](network).modularity == pytest.approx(0.560, abs=6e-4)


@pytest.mark.parametrize("method", ["leiden", "louvain"])
def test_fifty_seeds_on_the_montagna_meetings(method: str) -> None:
    # networkx Louvain, 50 seeds: 7 partitions, Q 0.571 to 0.589 (methods.md).
    network = montagna_meetings()
    found = [METHODS[method](network, seed=seed).modularity for seed in range(50)]
    assert min(found) >= 0.571
    assert max(found) >= 0.5885


# Leiden by the constant Potts model


def potts(graph: nx.Graph, groups: set[frozenset[Any]], resolution: float) -> float:
    total = 0.0
    for members in groups:
        total += graph.subgraph(members).size(weight="weight")
        total -= resolution * len(members) * (len(members) - 1) / 2
    return total


@pytest.mark.parametrize("seed", range(4))
def test_no_entity_and_no_two_groups_gain_by_the_potts_model(seed: int) -> None:
    network = random_network(seed, n=14, m=40, weighted=True)
    found = nl.communities.leiden(network, objective="cpm", resolution=1.2, seed=seed)
    graph = nx.relabel_nodes(graph_of(network), dict(enumerate(network.entities.index)))
    groups = groups_of(found)
    reached = potts(graph, groups, 1.2)
    for a in groups:
        for b in groups - {a}:
            assert potts(graph, (groups - {a, b}) | {a | b}, 1.2) <= reached + 1e-9
            for entity in a:
                moved = (groups - {a, b}) | {a - {entity}, b | {entity}}
                assert potts(graph, moved, 1.2) <= reached + 1e-9


def test_the_potts_model_sees_small_groups_in_a_large_network() -> None:
    # Fortunato & Barthelemy 2007: in a ring of 30 cliques of 5, modularity joins neighbors.
    network = cliques([5] * 30)
    assert nl.communities.leiden(network, objective="cpm", resolution=0.5).labels.nunique() == 30
    assert nl.communities.leiden(network).labels.nunique() < 30


def test_the_modularity_beside_the_potts_model_is_at_resolution_1() -> None:
    network = random_network(4, weighted=True)
    found = nl.communities.leiden(network, objective="cpm", resolution=0.2)
    assert found.modularity == nl.communities.modularity(network, groups=found)


# Infomap reads direction


def test_infomap_reads_direction() -> None:
    # Rosvall & Bergstrom 2008, figure 2: where ties run round, who is on the round is a group.
    rounds = [("a1", "a2"), ("a2", "a3"), ("a3", "a4"), ("a4", "a1")]
    rounds += [(x.replace("a", "b"), y.replace("a", "b")) for x, y in rounds]
    network = network_of(
        [(x, y, 2) for x, y in rounds] + [("a1", "b3", 1), ("b1", "a3", 1)], directed=True
    )
    found = nl.communities.infomap(network)
    assert groups_of(found) == {frozenset(f"{g}{i}" for i in range(1, 5)) for g in "ab"}
    assert dict(found.parameters) == {"directed": None, "weight": "weight", "seed": 0}
    both_ways = nl.communities.infomap(network, directed=False)
    assert both_ways.modularity == nl.communities.modularity(network, groups=both_ways)


def test_infomap_of_undirected_types_is_undirected() -> None:
    network = random_network(5, weighted=True)
    plain, told = (nl.communities.infomap(network, directed=d) for d in (None, False))
    pd.testing.assert_series_equal(plain.labels, told.labels)


# Label propagation


@given(networks(weighted=True), st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_everybody_has_the_label_of_most_of_its_weight(network: nl.Network, seed: int) -> None:
    # Raghavan et al. 2007: what the sweeps end at. Groups that fell apart are parted afterwards.
    found = nl.communities.label_propagation(network, seed=seed)
    graph = graph_of(network)
    label = dict(enumerate(found.labels))
    for entity in graph:
        weights: dict[int, float] = {}
        for other, tie in graph[entity].items():
            weights[label[other]] = weights.get(label[other], 0.0) + tie["weight"]
        if weights:
            assert weights.get(label[entity], 0.0) >= max(weights.values()) - 1e-9
    for members in groups_of(found):
        positions = network.positions(sorted(members))
        assert nx.is_connected(graph.subgraph(positions.tolist()))


# Walktrap


@pytest.mark.parametrize("seed", range(3))
def test_walktrap_takes_the_best_cut_of_every_component(seed: int) -> None:
    network = random_network(seed, n=20, m=24, weighted=True)
    found = nl.communities.walktrap(network)
    components = nl.cohesion.components(network)
    assert (components.groupby(found.labels).nunique() == 1).all()
    assert nl.communities.walktrap(network, steps=2).parameters["steps"] == 2


# The shape of the answer


@methods
@given(network=networks(weighted=True), seed=st.integers(0, 3))
@settings(max_examples=10, deadline=None)
def test_every_small_network_gets_a_sound_answer(
    method: str, network: nl.Network, seed: int
) -> None:
    found = METHODS[method](network, seed=seed)
    nl.testing.assert_entity_scores(found.labels, network, name="community")
    assert sorted(found.labels.unique()) == list(range(found.labels.nunique()))
    assert found.sizes.is_monotonic_decreasing
    graph = graph_of(network)
    groups = [set(ids) for ids in groups_of(found)]
    places = [set(network.positions(sorted(ids)).tolist()) for ids in groups]
    if graph.number_of_edges():
        expected = nx.community.modularity(graph, places, weight="weight")
        assert found.modularity == pytest.approx(expected, abs=1e-12)
    else:
        assert np.isnan(found.modularity)
        assert found.labels.tolist() == list(range(network.n_entities))


@methods
@pytest.mark.parametrize(
    ("ties", "names"),
    [([], []), ([], ["a"]), ([], ["a", "b"]), ([("a", "a", 2)], ["a", "b"]), ([("a", "b", 0)], [])],
)
def test_without_ties_everybody_is_alone(method: str, ties: list[Any], names: list[str]) -> None:
    network = network_of(ties, entities=names or sorted({e for t in ties for e in t[:2]}))
    found = METHODS[method](network)
    assert np.isnan(found.modularity)
    assert found.labels.tolist() == list(range(network.n_entities))


@methods
def test_loops_and_ties_of_weight_0_change_nothing(method: str) -> None:
    ties = [(str(a), str(b), 1.0) for a, b in nx.karate_club_graph().edges]
    more = [(str(a), str(a), 50.0) for a in range(34)] + [("0", "33", 0.0), ("4", "20", 0.0)]
    plain, wider = (METHODS[method](network_of(rows)) for rows in (ties, [*ties, *more]))
    pd.testing.assert_series_equal(plain.labels, wider.labels)
    assert plain.modularity == wider.modularity


@methods
def test_weight_is_strength_and_none_counts_relationships(method: str) -> None:
    ring = [("a", "b", 9), ("b", "c", 0.1), ("c", "d", 9), ("d", "a", 0.1)]
    two = METHODS[method](network_of(ring))
    assert groups_of(two) == {frozenset("ab"), frozenset("cd")}
    often = [("b", "c", 1)] * 9 + [("d", "a", 1)] * 9 + [("a", "b", 99), ("c", "d", 99)]
    by_number = METHODS[method](network_of(often), weight=None)
    assert by_number.labels["b"] == by_number.labels["c"]
    assert by_number.parameters["weight"] is None


# Determinism


@methods
@pytest.mark.parametrize("directed", [False, True])
def test_ten_row_orders_give_one_grouping(method: str, directed: bool) -> None:
    # networkx Louvain with one seed gives 4 partitions over 10 orders of the rows (methods.md).
    rng = np.random.default_rng(8)
    ends = rng.integers(0, 40, (160, 2)).astype(str)
    weights = rng.random(160)  # fractions: their sums depend on the order of the terms
    network = network_of(list(zip(*ends.T, weights, strict=True)), directed=directed)
    expected = METHODS[method](network, seed=4)
    for seed in range(10):
        found = METHODS[method](shuffled(network, seed), seed=4)
        pd.testing.assert_series_equal(found.labels, expected.labels)
        assert found.modularity == expected.modularity


@methods
def test_eight_threads_give_what_one_gives(method: str) -> None:
    network = random_network(11, n=120, m=300, weighted=True)
    expected = {seed: METHODS[method](network, seed=seed).labels for seed in range(4)}
    seeds = [seed for _ in range(8) for seed in range(4)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda seed: METHODS[method](network, seed=seed), seeds))
    for seed, communities in zip(seeds, found, strict=True):
        pd.testing.assert_series_equal(communities.labels, expected[seed])


IN_A_PROCESS = """
import hashlib, sys
sys.path.insert(0, "tests")
from networks import random_network
from test_communities_methods import METHODS
network = random_network(3, n=60, m=150, weighted=True)
for name, method in METHODS.items():
    print(name, hashlib.sha256(method(network).labels.to_numpy().tobytes()).hexdigest())
"""


@pytest.mark.slow
def test_the_hash_seed_changes_nothing(request: pytest.FixtureRequest) -> None:
    answers = set()
    for hash_seed in ("0", "1"):
        done = subprocess.run(
            [sys.executable, "-c", IN_A_PROCESS], cwd=request.config.rootpath, check=True,
            capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": hash_seed},
        )  # fmt: skip
        answers.add(done.stdout)
    network = random_network(3, n=60, m=150, weighted=True)
    here = [
        f"{name} {hashlib.sha256(method(network).labels.to_numpy().tobytes()).hexdigest()}\n"
        for name, method in METHODS.items()
    ]
    assert answers == {"".join(here)}


@methods
def test_an_isolate_more_is_a_community_more(method: str) -> None:
    ties = [(str(a), str(b)) for a, b in nx.karate_club_graph().edges]
    names = sorted({end for tie in ties for end in tie})
    before, after = (
        METHODS[method](network_of(ties, entities=more)) for more in (names, ["!", *names])
    )
    assert groups_of(after) == groups_of(before) | {frozenset("!")}
    assert after.sizes[after.labels["!"]] == 1
    assert after.modularity == before.modularity


# Interruption


TO_INTERRUPT = """
import sys
sys.path.insert(0, "tests")
import netlink as nl
from networks import random_network
network = random_network(0, n=20_000, m=150_000)
nl.communities.leiden(network)
for _ in range(4):
    try:
        print("ready", flush=True)
        while True:
            nl.communities.leiden(network)
    except KeyboardInterrupt:
        pass
print("whole", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signal to another process")
def test_an_interrupted_leiden_leaves_the_process_whole(request: pytest.FixtureRequest) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", TO_INTERRUPT], cwd=request.config.rootpath, stdout=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        for before in (0.21, 0.34, 0.47, 0.6):
            assert process.stdout.readline() == "ready\n"
            time.sleep(before)
            process.send_signal(signal.SIGINT)
        assert process.stdout.readline() == "whole\n"
    assert process.returncode == 0


LONG = """
import sys
sys.path.insert(0, "tests")
import netlink as nl
from netlink.communities import _ties
from networks import random_network
network = random_network(0, n=60_000, m=500_000)
_ties.read(network, "weight")
method = getattr(nl.communities, sys.argv[1])
print("ready", flush=True)
try:
    method(network)
except KeyboardInterrupt:
    print("stopped", flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signal to another process")
@pytest.mark.parametrize("method", ["infomap", "louvain", "walktrap"])
def test_a_long_run_of_igraph_is_ended_by_an_interruption(
    method: str, request: pytest.FixtureRequest
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", LONG, method], cwd=request.config.rootpath, stdout=subprocess.PIPE,
        text=True,
    ) as process:  # fmt: skip
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        since = time.monotonic()
        assert process.stdout.readline() == "stopped\n"
        assert time.monotonic() - since < 4  # one second where nothing else runs
    assert process.returncode == 0


@pytest.mark.slow
@pytest.mark.parametrize("method", ["infomap", "louvain", "walktrap"])
def test_a_run_in_a_process_of_its_own_is_the_same_run(
    method: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = random_network(3, n=60, m=300, directed=True)
    here = METHODS[method](network)
    spread = _workers._spread
    asked = []
    monkeypatch.setattr(_workers, "_LONG", dict.fromkeys(_workers._LONG, 0))
    monkeypatch.setattr(_workers, "_spread", lambda *a: asked.append(spread(*a)) or asked[-1])
    pd.testing.assert_series_equal(METHODS[method](network).labels, here.labels)
    assert len(asked) == 1
    assert asked[0] is not None


# Large shapes


@pytest.mark.slow
@pytest.mark.parametrize("method", [name for name in METHODS if name != "walktrap"])
@pytest.mark.parametrize("shape", ["star", "path"])
def test_a_star_and_a_path_of_100_000(method: str, shape: str) -> None:
    names = np.char.zfill(np.arange(100_000).astype(str), 6)
    first = np.repeat(names[:1], 99_999) if shape == "star" else names[:-1]
    network = network_of(list(zip(first, names[1:], strict=True)))
    given = {"resolution": 1e-4} if method == "cpm" else {}
    if method == "cpm":
        found = nl.communities.leiden(network, objective="cpm", **given)  # type: ignore[arg-type]
    else:
        found = METHODS[method](network)
    assert np.isfinite(found.modularity)
    if shape == "path":
        assert found.modularity > 0.6
        # On a path a group that hangs together is a stretch of it.
        turns = int((np.diff(found.labels.to_numpy()) != 0).sum())
        assert turns == found.labels.nunique() - 1


# Bad arguments


@pytest.mark.parametrize("objective", ["CPM", None, "potts", 1])
def test_a_bad_objective_is_refused(objective: Any) -> None:
    with pytest.raises(ArgumentError, match="'objective' must be 'modularity' or 'cpm'"):
        nl.communities.leiden(nl.datasets.krackhardt_kite(), objective=objective)


@pytest.mark.parametrize("steps", [0, -1, 2.0, None, True])
def test_bad_steps_are_refused(steps: Any) -> None:
    with pytest.raises(ArgumentError, match="'steps' must be a positive integer"):
        nl.communities.walktrap(nl.datasets.krackhardt_kite(), steps=steps)


@pytest.mark.parametrize("method", ["louvain", "infomap", "label_propagation", "consensus"])
def test_a_bad_seed_is_refused(method: str) -> None:
    with pytest.raises(ArgumentError, match="'seed' must be an integer"):
        METHODS[method](nl.datasets.krackhardt_kite(), seed=1.5)


@methods
def test_a_bad_weight_is_refused(method: str) -> None:
    with pytest.raises(ArgumentError, match="no column 'wieght'"):
        METHODS[method](nl.datasets.krackhardt_kite(), weight="wieght")
    network = network_of([("a", "b"), ("b", "a")], odd=[-1.0, 5.0])
    with pytest.raises(ArgumentError, match="in 'odd' 1 of 2 are"):
        METHODS[method](network, weight="odd")


@pytest.mark.parametrize("directed", ["yes", 2])
def test_a_bad_direction_is_refused(directed: Any) -> None:
    with pytest.raises(ArgumentError, match="'directed' must be None, True or False"):
        nl.communities.infomap(nl.datasets.krackhardt_kite(), directed=directed)
