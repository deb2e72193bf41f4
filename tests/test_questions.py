"""Every question about ways, time, journeys and change: hard shapes, and the same bytes always."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from networks import network_of
from questions import MODULES, QUESTIONS, busy_network, digest, people_of

import netlink as nl

NO_QUESTIONS = {"Conditions", "Connection", "GroupHistory"}


def test_no_question_is_left_out() -> None:
    public = {name for module in MODULES for name in module.__all__} - NO_QUESTIONS
    assert {name.split()[0] for name in QUESTIONS} == public


def check(found: Any) -> None:
    """Every number is finite or a NaN."""
    tables = [found, *vars(found).values()] if hasattr(found, "__dict__") else [found]
    for table in tables:
        if isinstance(table, pd.DataFrame):
            numbers = table.select_dtypes("float")
            assert not np.isinf(numbers.to_numpy()).any()


# Small shapes

HARD: dict[str, tuple[list[tuple[str, str]], list[str]]] = {
    "nobody": ([], []),
    "one": ([], ["a"]),
    "one tied to itself": ([("a", "a")], ["a"]),
    "isolates": ([], list("abcd")),
    "two": ([("a", "b")], ["a", "b"]),
    "both ways and twice": ([("a", "b"), ("b", "a"), ("a", "b")], ["a", "b"]),
    "two parts": ([("a", "b"), ("b", "b"), ("c", "d")], list("abcde")),
    "everybody to everybody": ([(a, b) for a in "abcdef" for b in "abcdef"], list("abcdef")),
}


@pytest.mark.parametrize("shape", HARD)
def test_hard_shapes_have_an_answer(shape: str) -> None:
    ties, names = HARD[shape]
    dates = ["2024-02-29T10:00Z", "2024", None]
    network = network_of(ties, entities=names, start=[dates[k % 3] for k in range(len(ties))])
    for question in QUESTIONS.values():
        check(question(network))


# Large shapes

N = 100_000


def large(source: Any, target: Any, kind: str = "met", step: str = "1min") -> nl.Network:
    n = max(len(source), len(target))
    times = pd.date_range("2024-02-28", periods=n, freq=step, tz="UTC")
    rows = pd.DataFrame({"source": source, "target": target, "start": times})
    return nl.read_tables(None, rows.assign(relationship_type=kind, weight=1.0))


@pytest.mark.slow
@pytest.mark.parametrize("shape", ["path", "star", "parallel"])
def test_large_shapes_have_an_answer(shape: str) -> None:
    names = np.array([f"p{i:06d}" for i in range(N)])
    if shape == "parallel":
        network = large(np.full(10 * N, "a"), np.full(10 * N, "b"), step="1s")
    elif shape == "path":
        network = large(names[:-1], names[1:])
    else:
        network = large(np.full(N - 1, names[0]), names[1:])
    first, last = people_of(network)[[0, -1]]
    there = nl.temporal.arrivals(network, first)
    assert (there["answer"] == "certain").all()
    n_hops = 2 if shape != "path" else N
    for kind in ("earliest_arrival", "latest_departure", "fastest", "fewest_hops"):
        way = getattr(nl.temporal, kind)(network, first, last)
        assert len(way) == n_hops
        check(way)
    # Turned around in time a long way is none: the tie nearest to the target came first.
    back = nl.temporal.arrivals(network, last)
    assert (back["answer"] != "impossible").sum() == {"path": 2, "star": 2, "parallel": 2}[shape]
    for name in ("change_points", "over_windows", "itinerary", "visits", "windows"):
        check(QUESTIONS[name](network))
    months = nl.changes.windows(network, every="month")
    check(nl.changes.replacements(network, windows=months))
    assert nl.changes.change_points(network, first, every="day")["n_relationships"].sum() > 0


@pytest.mark.slow
def test_many_sightings_at_two_places_have_an_answer() -> None:
    n = 2 * N
    at = np.where(np.arange(n) % 2, "harbour", "hotel")
    network = large(np.array([f"p{i % 1000:04d}" for i in range(n)]), at, "seen_at")
    check(nl.journeys.itinerary(network, "p0000"))
    assert nl.journeys.visits(network).shape[0] == n
    # Everybody is at one place always: many records there, and no move.
    assert nl.journeys.moves(network).empty
    assert nl.journeys.flows(network).empty
    assert nl.journeys.co_movement(network, draws=3).empty  # a crowd is no company


# What must not matter

THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "NUMBA_NUM_THREADS")
IN_A_PROCESS = """
import sys
from networks import shuffled
from questions import QUESTIONS, busy_network, digest
n, m, turn = map(int, sys.argv[1:])
network = shuffled(busy_network(3, n, m), turn)
for name, question in sorted(QUESTIONS.items()):
    print(name, digest(question(network)))
"""


def told(n: int, m: int, turn: int, threads: int) -> list[str]:
    """Return what a fresh process says: another row order, hash seed and number of threads."""
    paths = os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])
    environment = os.environ | dict.fromkeys(THREADS, str(threads))
    environment |= {"PYTHONPATH": paths, "PYTHONHASHSEED": str(turn)}
    call = [sys.executable, "-c", IN_A_PROCESS, str(n), str(m), str(turn)]
    done = subprocess.run(call, env=environment, capture_output=True, check=True, text=True)
    return done.stdout.splitlines()


@pytest.mark.slow
def test_row_order_ends_and_hash_seed_change_no_byte_of_any_answer() -> None:
    network = busy_network(3)
    answers = {name: ask(network) for name, ask in sorted(QUESTIONS.items())}
    for name, found in answers.items():  # none is empty, which would be the same always
        assert not isinstance(found, str), name
        assert len(getattr(found, "ties", getattr(found, "events", found))), name
    expected = [f"{name} {digest(found)}" for name, found in answers.items()]
    assert told(40, 300, 1, 8) == expected


@pytest.mark.slow
def test_row_order_ends_hash_seed_and_threads_change_no_byte_of_any_answer() -> None:
    network = busy_network(3, 200, 2_000)
    expected = [f"{name} {digest(ask(network))}" for name, ask in sorted(QUESTIONS.items())]
    assert told(200, 2_000, 2, 1) == expected
