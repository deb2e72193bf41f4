"""Consensus: what many runs agree on, by hand, and the same from any number of processes."""

from __future__ import annotations

import itertools
import os
import pickle
import signal
import subprocess
import sys
import threading
import time
from dataclasses import FrozenInstanceError
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shuffled

import netlink as nl
from netlink.communities import _leiden, _runs, _ties, _workers
from netlink.communities._closing import closed
from netlink.errors import ArgumentError


class Fixed:
    """Stands for the generator that numbers the runs: 0, 1, 2 ..."""

    def __init__(self) -> None:
        self.numbers = itertools.count()

    def getrandbits(self, _: int) -> int:
        return next(self.numbers)


def ties_of(pairs: list[tuple[int, int]], n: int) -> _ties.Ties:
    source, target = np.array(pairs, dtype=np.int32).reshape(-1, 2).T
    return _ties.Ties(source, target, np.ones(len(pairs)), n)


def groups_of(labels: Any) -> set[frozenset[Any]]:
    labels = pd.Series(labels)
    return {frozenset(ids) for ids in labels.groupby(labels).groups.values()}


def noisy_cliques() -> nl.Network:
    """Two cliques of six and one person tied alike to both."""
    ties = [(f"{g}{i}", f"{g}{j}") for g in "ab" for i in range(6) for j in range(i)]
    between = [(f"{g}{i}", "c") for g in "ab" for i in range(3)]
    return network_of([*ties, *between])


# What is agreed


def test_the_karate_club() -> None:
    # All runs of Leiden find the optimum of Brandes et al. 2008.
    found = nl.communities.consensus(nl.datasets.karate_club())
    assert round(found.modularity, 5) == 0.41979
    assert found.sizes.tolist() == [12, 11, 6, 5]
    assert found.stability.tolist() == [1.0] * 34
    assert found.group_stability.tolist() == [1.0] * 4


def test_who_stands_between_two_groups_has_the_lowest_stability() -> None:
    found = nl.communities.consensus(noisy_cliques(), method="label_propagation")
    assert found.labels.nunique() == 2
    assert found.stability.idxmin() == "c"
    assert found.stability["c"] < 0.8
    assert found.stability.drop("c").min() > 0.9


def test_shares_below_the_threshold_count_as_none() -> None:
    # A square: 0-1 and 2-3 together in all four runs, 1-2 in two of them, 3-0 in one.
    square = ties_of([(0, 1), (1, 2), (2, 3), (3, 0)], 4)
    runs = np.array([[0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 1, 1], [0, 0, 0, 0]], dtype=np.int32)
    assert groups_of(closed(square, runs, 0.5, Fixed())) == {frozenset({0, 1}), frozenset({2, 3})}  # type: ignore[arg-type]
    assert groups_of(closed(square, runs[[0, 3, 3, 3]], 0.5, Fixed())) == {frozenset(range(4))}  # type: ignore[arg-type]


def test_an_entity_below_the_threshold_everywhere_keeps_its_strongest_tie() -> None:
    # Lancichinetti & Fortunato 2012: nobody is cut off by the threshold alone.
    star = ties_of([(0, 1), (2, 3), (1, 4), (2, 4)], 5)
    runs = np.array([[0, 0, 1, 1, 0], [0, 0, 1, 1, 1], [0, 0, 1, 1, 1]] + [[0, 0, 1, 1, 2]] * 5)
    found = closed(star, runs.astype(np.int32), 0.5, Fixed())  # type: ignore[arg-type]
    assert groups_of(found) == {frozenset({0, 1}), frozenset({2, 3, 4})}
    never = np.array([[0, 0, 1, 1, 2]] * 8, dtype=np.int32)
    assert frozenset({4}) in groups_of(closed(star, never, 0.5, Fixed()))  # type: ignore[arg-type]


@given(networks(weighted=True), st.integers(0, 5))
@settings(max_examples=15, deadline=None)
def test_whom_all_runs_keep_together_along_ties_stays_together(
    network: nl.Network, seed: int
) -> None:
    ties, _ = _ties.read(network, "weight")
    rng = np.random.default_rng(seed)
    runs = rng.integers(0, 2, (3, ties.n)).astype(np.int32)
    found = closed(ties, runs, 0.5, Fixed())  # type: ignore[arg-type]
    for a, b in zip(ties.source, ties.target, strict=True):
        together = (runs[:, a] == runs[:, b]).mean()
        if together == 1:
            assert found[a] == found[b]
    graph = nx.Graph(list(zip(ties.source.tolist(), ties.target.tolist(), strict=True)))
    for members in groups_of(found):
        assert nx.is_connected(graph.subgraph(members))


def test_units_are_divided_as_their_entities_would_be() -> None:
    # The constant Potts model with strengths for sizes is modularity, ties within units counted.
    network = nl.datasets.karate_club()
    ties, _ = _ties.read(network, "weight")
    strength = np.bincount(np.concatenate([ties.source, ties.target]), minlength=ties.n) * 1.0
    found = _leiden.grouped(ties.matrix, strength, 1 / strength.sum(), 0, is_small=True)
    assert _ties.modularity_of(ties, found, 1.0) == pytest.approx(0.4198, abs=3e-4)


# Stability


@pytest.mark.parametrize("method", ["leiden", "louvain", "label_propagation"])
def test_stability_is_counted_pair_by_pair(method: Any) -> None:
    network = random_network(7, n=30, m=45, weighted=True)
    found = nl.communities.consensus(network, runs=6, method=method, seed=3)
    ties, is_tied = _ties.read(network, "weight")
    draws = nl.communities.agreement.random.Random(3)  # type: ignore[attr-defined]
    seeds = [draws.getrandbits(63) for _ in range(6)]
    runs = [_runs.METHODS[method](ties, 1.0, seed) for seed in seeds]
    label = found.labels[is_tied].to_numpy()
    share = np.mean([run[:, None] == run[None, :] for run in runs], axis=0)
    for i, entity in enumerate(network.entities.index[is_tied]):
        others = [j for j in range(len(label)) if label[j] == label[i] and j != i]
        expected = np.mean(share[i, others]) if others else np.nan
        assert found.stability[entity] == pytest.approx(expected, nan_ok=True)
    assert found.stability[~is_tied].isna().all()
    for group, members in found.labels[is_tied].groupby(label).groups.items():
        places = [int(np.flatnonzero(network.entities.index[is_tied] == m)[0]) for m in members]
        pairs = [share[i, j] for i, j in itertools.combinations(places, 2)]
        expected = np.mean(pairs) if pairs else np.nan
        assert found.group_stability[group] == pytest.approx(expected, nan_ok=True)


def test_a_random_network_is_less_stable_than_cliques() -> None:
    random = nl.communities.consensus(random_network(1, n=60, m=120), method="louvain")
    assert random.stability.mean() < 0.9


# The shape of the answer


def test_the_result_says_how_it_was_made() -> None:
    network = random_network(3)
    found = nl.communities.consensus(network, runs=4, threshold=0.6, resolution=2, seed=5)
    nl.testing.assert_entity_scores(found.stability, network, name="stability")
    assert found.group_stability.index.tolist() == list(range(found.labels.nunique()))
    assert found.group_stability.name == "group_stability"
    assert isinstance(found, nl.communities.Communities)
    assert dict(found.parameters) == {
        "runs": 4, "method": "leiden", "resolution": 2.0, "threshold": 0.6, "weight": "weight",
        "seed": 5,
    }  # fmt: skip
    assert found.modularity == nl.communities.modularity(network, groups=found, resolution=2)


def test_it_is_frozen_and_can_be_pickled() -> None:
    found = nl.communities.consensus(nl.datasets.krackhardt_kite(), runs=3)
    with pytest.raises(FrozenInstanceError):
        found.stability = found.labels  # type: ignore[misc]
    again = pickle.loads(pickle.dumps(found))
    pd.testing.assert_series_equal(again.stability, found.stability)
    pd.testing.assert_series_equal(again.group_stability, found.group_stability)
    assert again.parameters == found.parameters
    assert repr(found).startswith("<Consensus by consensus: ")


def test_progress_is_shown_where_it_is_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    nl.communities.consensus(nl.datasets.krackhardt_kite(), runs=3, progress=True)
    assert "3/3" in capsys.readouterr().err
    nl.communities.consensus(nl.datasets.krackhardt_kite(), runs=3)
    assert capsys.readouterr().err == ""


# Processes


def large() -> nl.Network:
    return random_network(2, n=300, m=900, weighted=True)


@pytest.mark.slow
@pytest.mark.parametrize(("method", "n_workers"), [("louvain", 2), ("infomap", 3)])
def test_processes_change_nothing(
    method: Any, n_workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = large()
    expected = nl.communities.consensus(network, runs=5, method=method)
    asked: list[int] = []

    def workers(n_ties: int, n_runs: int) -> int:
        asked.append(n_ties)
        return n_workers

    monkeypatch.setattr(_workers, "_n_processes", workers)
    # Nothing is left to be done here: a run in this process would fail.
    monkeypatch.setattr(_runs, "METHODS", {method: None})
    found = nl.communities.consensus(network, runs=5, method=method)
    assert asked
    pd.testing.assert_series_equal(found.labels, expected.labels)
    pd.testing.assert_series_equal(found.stability, expected.stability)


@pytest.mark.parametrize("method", ["leiden", "label_propagation"])
def test_threads_change_nothing(method: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    network = large()
    expected = nl.communities.consensus(network, runs=5, method=method)
    for n_threads in (2, 8):
        monkeypatch.setattr(_workers, "_n_cores", lambda *_, n=n_threads: n)
        found = nl.communities.consensus(network, runs=5, method=method)
        pd.testing.assert_series_equal(found.labels, expected.labels)
        pd.testing.assert_series_equal(found.stability, expected.stability)


def test_where_processes_cannot_be_started_the_runs_are_done_here(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Any
) -> None:
    network = large()
    expected = nl.communities.consensus(network, runs=4, method="louvain")
    monkeypatch.setattr(_workers, "_n_processes", lambda *_: 2)
    broken = tmp_path / "python"
    for text in (None, "#!/bin/sh\nexit 1\n"):
        if text is not None:
            broken.write_text(text)
            broken.chmod(0o700)
        monkeypatch.setattr(sys, "executable", str(broken))
        found = nl.communities.consensus(network, runs=4, method="louvain")
        pd.testing.assert_series_equal(found.labels, expected.labels)


def test_processes_are_started_only_where_they_pay(monkeypatch: pytest.MonkeyPatch) -> None:
    if hasattr(os, "sched_getaffinity"):
        monkeypatch.setattr(os, "sched_getaffinity", lambda _: set(range(8)))
    monkeypatch.setattr(os, "cpu_count", lambda: 8)
    for counted in (_workers._n_processes, _workers._n_cores):
        assert counted(1_000_000, 20) == 4
        assert counted(1_000_000, 3) == 3
        assert counted(100_000, 20) == 1
    assert _workers._n_cores(10_000_000, 20) == 4
    assert _workers._n_processes(10_000_000, 20) == 1  # memory
    for program in ("/opt/program", "", None):
        monkeypatch.setattr(sys, "executable", program)
        assert _workers._n_processes(1_000_000, 20) == 1


@pytest.mark.slow
@pytest.mark.skipif(os.name == "nt", reason="no signal to oneself")
def test_an_interrupt_ends_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    network = random_network(0, n=20_000, m=200_000)
    network.to_scipy(directed=False)
    monkeypatch.setattr(_workers, "_n_processes", lambda *_: 2)
    started: list[Any] = []
    popen = subprocess.Popen

    def remembered(*arguments: Any, **options: Any) -> Any:
        started.append(popen(*arguments, **options))
        return started[-1]

    monkeypatch.setattr(subprocess, "Popen", remembered)

    def send() -> None:
        time.sleep(2)
        os.kill(os.getpid(), signal.SIGINT)

    thread = threading.Thread(target=send)
    thread.start()
    with pytest.raises(KeyboardInterrupt):
        nl.communities.consensus(network, runs=400, method="louvain")
    thread.join()
    assert len(started) == 2
    # Killed at work, which takes a minute, and not waited for until they were done.
    assert [process.poll() for process in started] == [-signal.SIGKILL] * 2


# Determinism


def test_row_order_changes_nothing() -> None:
    network = random_network(9, n=50, m=120, weighted=True)
    expected = nl.communities.consensus(network, method="louvain", seed=2)
    assert expected.stability.min() < 1
    for seed in range(4):
        found = nl.communities.consensus(shuffled(network, seed), method="louvain", seed=2)
        pd.testing.assert_series_equal(found.labels, expected.labels)
        pd.testing.assert_series_equal(found.stability, expected.stability)
        pd.testing.assert_series_equal(found.group_stability, expected.group_stability)


def test_it_depends_on_the_seed_less_than_one_run() -> None:
    # Lancichinetti & Fortunato 2012, figure 5: that is what it is for.
    network = random_network(5, n=100, m=220)

    def alike(found: list[Any]) -> float:
        index = "adjusted_rand_index"
        pairs = itertools.combinations(found, 2)
        return float(np.mean([nl.communities.compare(a, b)[index] for a, b in pairs]))

    single = [nl.communities.louvain(network, seed=seed) for seed in range(6)]
    agreed = [
        nl.communities.consensus(network, method="louvain", runs=40, seed=seed) for seed in range(6)
    ]
    assert alike(agreed) > alike(single) + 0.05


# Bad arguments


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"runs": 1}, "'runs' must be an integer of at least 2, got 1"),
        ({"runs": 2.0}, "'runs' must be an integer of at least 2, got float"),
        ({"runs": True}, "'runs' must be an integer of at least 2, got True"),
        (
            {"method": "walktrap"},
            "'method' must be one of 'infomap', 'label_propagation', 'leiden'",
        ),
        ({"threshold": 0}, "'threshold' must be above 0 and at most 1, got 0"),
        ({"threshold": float("nan")}, "'threshold' must be above 0"),
        ({"threshold": "0.5"}, "'threshold' must be a number, got str"),
        ({"resolution": 0}, "'resolution' must be above 0"),
        ({"seed": None}, "'seed' must be an integer"),
        ({"progress": 1}, "'progress' must be True or False"),
    ],
)
def test_a_bad_argument_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        nl.communities.consensus(nl.datasets.krackhardt_kite(), **given)
