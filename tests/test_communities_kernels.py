"""Leiden's own kernels: groups hang together, whatever the weights, blocks, order and names."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, random_network, shuffled
from scipy.sparse.csgraph import connected_components

import netlink as nl
from netlink.communities import _leiden, _runs

WEIGHTS = st.sampled_from([0.0, 1e-9, 0.1, 1.0, 1.0, 2.5, 1e6])
HOW = st.sampled_from(
    [
        {},
        {"resolution": 0.05},
        {"resolution": 3.0},
        {"objective": "cpm", "resolution": 1e-6},
        {"objective": "cpm", "resolution": 0.3},
        {"objective": "cpm", "resolution": 5.0},
    ]
)


@st.composite
def any_ties(draw: st.DrawFn) -> nl.Network:
    """Parallel ties, self-loops, ties of weight 0, weights far apart, mostly unconnected."""
    names = [f"p{i:02d}" for i in range(draw(st.integers(1, 14)))]
    end = st.sampled_from(names)
    ties = draw(st.lists(st.tuples(end, end, WEIGHTS), max_size=40))
    return network_of(ties, entities=names)


def torn(network: nl.Network, labels: pd.Series) -> int:
    """How many more parts than groups there are, by ties within groups that weigh above 0."""
    ties = network.to_scipy(directed=False).tocoo()
    source, target = ties.coords
    codes = labels.to_numpy()
    kept = (codes[source] == codes[target]) & (ties.data > 0)
    inside = type(ties)((ties.data[kept], (source[kept], target[kept])), shape=ties.shape)
    return int(connected_components(inside, directed=False)[0]) - labels.nunique()


@pytest.mark.slow
@given(any_ties(), HOW, st.integers(0, 99))
@settings(max_examples=80, deadline=None)
def test_no_group_falls_apart(network: nl.Network, how: dict[str, Any], seed: int) -> None:
    assert torn(network, nl.communities.leiden(network, seed=seed, **how).labels) == 0


@given(any_ties(), st.integers(0, 99))
@settings(max_examples=15, deadline=None)
def test_no_group_that_runs_agree_on_falls_apart(network: nl.Network, seed: int) -> None:
    assert torn(network, nl.communities.consensus(network, runs=4, seed=seed).labels) == 0


@pytest.mark.parametrize("how", [{}, {"resolution": 20.0}, {"objective": "cpm", "resolution": 0.1}])
@pytest.mark.parametrize(("n", "m"), [(600, 700), (900, 4_000), (3_000, 24_000)])
def test_no_group_falls_apart_where_many_could(n: int, m: int, how: dict[str, Any]) -> None:
    network = random_network(n, n=n, m=m, weighted=True)
    for seed in range(3):
        assert torn(network, nl.communities.leiden(network, seed=seed, **how).labels) == 0


def test_a_hub_that_leaves_does_not_leave_its_group_in_two() -> None:
    # Traag, Waltman & van Eck 2019, figure 2: what Louvain tears, over many seeds and weights.
    bridge = [("hub", f"{side}{i}", 1.2) for side in "ab" for i in range(4)]
    sides = [(f"{s}{i}", f"{s}{(i + 1) % 4}", 1.0) for s in "ab" for i in range(4)]
    far = [("hub", f"c{i}", 2.0) for i in range(6)]
    around = [(f"c{i}", f"c{j}", 1.0) for i in range(6) for j in range(i)]
    network = network_of([*bridge, *sides, *far, *around])
    for seed in range(30):
        for resolution in (0.2, 0.5, 1.0):
            found = nl.communities.leiden(network, resolution=resolution, seed=seed)
            assert torn(network, found.labels) == 0


@pytest.mark.slow
@given(any_ties(), HOW, st.integers(0, 99))
@settings(max_examples=25, deadline=None)
def test_rows_names_and_halves_of_ties_change_nothing(
    network: nl.Network, how: dict[str, Any], seed: int
) -> None:
    expected = nl.communities.leiden(network, seed=seed, **how)
    found = nl.communities.leiden(shuffled(network, seed), seed=seed, **how)
    pd.testing.assert_series_equal(found.labels, expected.labels)
    names = {name: f"q-{name}" for name in network.entities.index}  # in the same order
    rows = network.relationships.replace({"source": names, "target": names})
    halves = pd.concat([rows, rows]).assign(weight=lambda t: t["weight"] / 2)
    ties = list(halves[["source", "target", "weight"]].itertuples(index=False, name=None))
    found = nl.communities.leiden(network_of(ties, entities=list(names.values())), seed=seed, **how)
    assert found.labels.tolist() == expected.labels.tolist()


@pytest.mark.parametrize("m", [900, 26_000])
def test_where_kernels_are_left_changes_nothing(m: int, monkeypatch: pytest.MonkeyPatch) -> None:
    network = random_network(6, n=1_000, m=m, weighted=True)
    expected = nl.communities.leiden(network).labels
    monkeypatch.setattr(_leiden, "_TIES", 501)
    monkeypatch.setattr(_leiden, "_BLOCK", 7)
    pd.testing.assert_series_equal(nl.communities.leiden(network).labels, expected)


def test_few_and_many_ties_are_grouped_by_the_same_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    # Going on while it gains is never worse than three iterations.
    network = random_network(2, n=500, m=2_000, weighted=True)
    longer = nl.communities.leiden(network).modularity
    monkeypatch.setattr(_runs, "_FEW", 0)
    assert nl.communities.leiden(network).modularity <= longer + 1e-12


@pytest.mark.parametrize("spread", [0.0, 1.0, 6.0])
def test_the_end_is_reached_whatever_the_weights(spread: float) -> None:
    rng = np.random.default_rng(3)
    graph = nx.gnm_random_graph(300, 1_500, seed=3)
    weights = 10.0 ** rng.uniform(-spread, spread, graph.number_of_edges())
    ties = [(f"{a:03d}", f"{b:03d}", w) for (a, b), w in zip(graph.edges, weights, strict=True)]
    network = network_of(ties)
    for how in ({}, {"resolution": 1e3}, {"objective": "cpm", "resolution": 1e-3}):
        found = nl.communities.leiden(network, **how)  # type: ignore[arg-type]
        assert torn(network, found.labels) == 0


TO_INTERRUPT = """
import signal, sys, time
sys.path.insert(0, "tests")
import netlink as nl
from networks import random_network
network = random_network(0, n=60_000, m=600_000, weighted=True)
method = getattr(nl.communities, sys.argv[1])
method(random_network(0))
signal.signal(signal.SIGPROF, signal.default_int_handler)
for after in (0.6, 1.5):
    begun = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, after)
    try:
        while True:
            method(network)
    except KeyboardInterrupt:
        print(time.process_time() - begun - after, flush=True)
"""


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no timer of processor time")
@pytest.mark.parametrize("method", ["consensus", "label_propagation", "leiden"])
def test_an_interrupt_is_heard_within_a_second_of_work(
    method: str, request: pytest.FixtureRequest
) -> None:
    assert signal.SIGPROF
    done = subprocess.run(
        [sys.executable, "-c", TO_INTERRUPT, method], cwd=request.config.rootpath, check=True,
        capture_output=True, text=True,
    )  # fmt: skip
    late = [float(line) for line in done.stdout.split()]
    assert len(late) == 2
    assert max(late) < 1.0
