"""Every public measure on shapes that are hard, and the same bytes whatever must not matter."""

from __future__ import annotations

import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from measures import MEASURES, columns_of, digest
from networks import network_of, random_network

import netlink as nl

MODULES = (nl.brokerage, nl.centrality, nl.cohesion, nl.communities)
RESULTS = {"Communities", "Consensus", "CorePeriphery"}


def test_no_public_measure_is_left_out() -> None:
    public = {name for module in MODULES for name in module.__all__} - RESULTS
    assert {name.split()[0] for name in MEASURES} == public


def check(found: Any, n: int) -> None:
    """Every number is finite or a NaN, and every share within its bounds."""
    columns = columns_of(found)
    for values in columns.values():
        if values.dtype.kind == "f":
            assert not np.isinf(values).any()
    if isinstance(found, nl.communities.Communities):
        assert len(found.labels) == n
        assert (np.unique(found.labels) == np.arange(found.labels.nunique())).all()


# Small shapes

HARD: dict[str, tuple[list[tuple[Any, ...]], list[str]]] = {
    "nobody": ([], []),
    "one": ([], ["a"]),
    "one tied to itself": ([("a", "a", 2.0)], ["a"]),
    "isolates": ([], ["a", "b", "c", "d"]),
    "two": ([("a", "b", 0.5)], ["a", "b"]),
    "both ways and twice": ([("a", "b", 1.0), ("b", "a", 2.0), ("a", "b", 3.0)], ["a", "b"]),
    "a tie, a loop, an isolate": ([("a", "b"), ("b", "b")], ["a", "b", "c"]),
    "everybody tied to everybody": (
        [(a, b) for a in "abcdefg" for b in "abcdefg"],
        list("abcdefg"),
    ),
    "two parts": ([("a", "b"), ("b", "c"), ("d", "e"), ("e", "f"), ("f", "d")], list("abcdef")),
}
ON_COSTS = {name for name in MEASURES if name.endswith("costs")}


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("shape", HARD)
def test_hard_shapes_have_finite_or_undefined_answers(shape: str, directed: bool) -> None:
    ties, names = HARD[shape]
    network = network_of(ties, entities=names, directed=directed)
    for measure in MEASURES.values():
        check(measure(network), len(names))


@pytest.mark.parametrize("shape", ["isolates", "two", "two parts"])
def test_ties_of_weight_0_have_finite_or_undefined_answers(shape: str) -> None:
    ties, names = HARD[shape]
    network = network_of([(*tie[:2], 0.0) for tie in ties], entities=names)
    for name in MEASURES.keys() - ON_COSTS:
        check(MEASURES[name](network), len(names))


def test_relationships_of_one_type_alone() -> None:
    calls = random_network(2, n=20, m=50, directed=True, weighted=True)
    friends = random_network(3, n=20, m=50, weighted=True)
    rows = pd.concat([friends.relationships, calls.relationships]).reset_index(drop=True)
    both = nl.read_tables(calls.entities.reset_index(), rows)
    for alone, kind in ((calls, "communicated"), (friends, "knows")):
        part = both.where(relationship_types=[kind])
        for name, measure in MEASURES.items():
            assert digest(measure(part)) == digest(measure(alone)), name


# Large shapes

N = 100_000
SLOW = {  # more than 20 processor seconds: entities times ties or more
    "star": {"betweenness", "edge_betweenness", "harmonic costs", "table", "walktrap"},
    "path": {
        "betweenness", "closeness", "edge_betweenness", "harmonic", "harmonic costs", "table",
        "walktrap",
    },
}  # fmt: skip


@cache
def large(shape: str) -> nl.Network:
    names = [f"p{i:06d}" for i in range(N)]
    first = names[:1] * (N - 1) if shape == "star" else names[:-1]
    return network_of(list(zip(first, names[1:], strict=True)))


@pytest.mark.slow
@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize("shape", SLOW)
def test_a_star_and_a_path_of_a_hundred_thousand(shape: str, measure: str) -> None:
    if measure in SLOW[shape]:
        pytest.skip("takes more than 20 processor seconds")
    check(MEASURES[measure](large(shape)), N)


@cache
def thick() -> nl.Network:
    """A million relationships among four, self-loops among them."""
    ends = np.random.default_rng(0).integers(0, 4, (1_000_000, 2)).astype(str)
    return network_of(list(zip(*ends.T, strict=True)), entities=list("0123"))


@pytest.mark.slow
@pytest.mark.parametrize("measure", MEASURES)
def test_a_million_parallel_relationships(measure: str) -> None:
    check(MEASURES[measure](thick()), 4)


# What must not matter

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
IN_A_PROCESS = """
import sys
from measures import MEASURES, digest
from networks import random_network, shuffled
n, m, turn = map(int, sys.argv[1:])
for directed in (False, True):
    network = random_network(5, n=n, m=m, directed=directed, weighted=True, loops=True)
    network = shuffled(network, turn) if turn else network
    for name, measure in sorted(MEASURES.items()):
        print(name, directed, digest(measure(network)))
"""


def said(n: int, m: int, turn: int, threads: int) -> str:
    """Return what a fresh process says: another row order, hash seed and number of threads."""
    paths = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | dict.fromkeys(THREADS, str(threads))
    environment |= {"PYTHONPATH": paths, "PYTHONHASHSEED": str(turn)}
    call = [sys.executable, "-c", IN_A_PROCESS, str(n), str(m), str(turn)]
    done = subprocess.run(call, env=environment, capture_output=True, check=True, text=True)
    return done.stdout


@pytest.mark.slow
def test_row_order_and_hash_seed_change_no_byte_of_any_measure() -> None:
    expected = said(60, 150, 0, 1)
    assert len(expected.splitlines()) == 2 * len(MEASURES)
    assert said(60, 150, 1, 8) == expected


@pytest.mark.slow
def test_row_order_hash_seed_and_threads_change_no_byte_of_any_measure() -> None:
    expected = said(1_500, 9_000, 0, 1)
    for turn, threads in ((0, 2), (0, 8), (1, 1), (2, 2), (3, 8)):
        assert said(1_500, 9_000, turn, threads) == expected
