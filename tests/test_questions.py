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
from questions import MODULES, QUESTIONS, busy_network, digest

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


def test_row_order_ends_and_hash_seed_change_no_byte_of_any_answer() -> None:
    network = busy_network(3)
    answers = {name: ask(network) for name, ask in sorted(QUESTIONS.items())}
    for name, found in answers.items():  # none is empty, which would be the same always
        assert not isinstance(found, str), name
        assert len(getattr(found, "ties", getattr(found, "events", found))), name
    expected = [f"{name} {digest(found)}" for name, found in answers.items()]
    assert told(40, 300, 1, 8) == expected
