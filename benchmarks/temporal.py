"""Ways in the order of time, for `compare.py`: against one sum over the sorted column of times.

Nobody else answers these questions in Python, so the measure is the least that a pass over the
contacts can cost. CPU seconds, the best of five later calls in turns; in brackets the first call,
which sorts the contacts, and compiles where nothing is kept from before.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MOST = {"one pass from one person": 15}  # times the sum
MOST_SECONDS = 0.05  # a single question, up to 200,000 contacts


def asked(network: Any) -> dict[str, Callable[[], object]]:
    """Return what is asked; the passes alone first, then whole questions."""
    import netlink as nl
    from netlink.temporal import _arrivals
    from netlink.temporal.question import question

    terms = {"start": None, "end": None, "duration": None, "min_wait": None, "max_wait": None}
    q = question(network, **terms, directed=True, undated="drop")
    part = q.contacts("possible")
    window = q._window(part, backward=False)
    people = np.linspace(0, network.n_entities - 1, 64).astype(np.int32)
    source, target = (str(network.entities.index[at]) for at in (part.u[0], part.v[-1]))
    ids = network.entities.index[people]
    t = nl.temporal
    return {
        "sum of the times": part.opens.sum,
        "one pass from one person": lambda: q.begun("possible", int(part.u[0])),
        "one pass from 64 people": lambda: _arrivals.reached(
            part.arrays, part.lasting, part.early, part.n, people, window, 0
        ),
        "arrivals": lambda: t.arrivals(network, source),
        "departures": lambda: t.departures(network, target),
        "reachability, 64": lambda: t.reachability(network, ids),
        "earliest_arrival": lambda: t.earliest_arrival(network, source, target),
        "latest_departure": lambda: t.latest_departure(network, source, target),
        "fastest": lambda: t.fastest(network, source, target),
        "fewest_hops": lambda: t.fewest_hops(network, source, target),
        "arrivals, max_wait 1 day": lambda: t.arrivals(network, source, max_wait="1 day"),
    }


def compare(folder: Path) -> None:
    """Print the table."""
    import netlink as nl

    network = nl.read_tables(
        folder / "entities.parquet",
        folder / "relationships.parquet",
        schema=nl.Schema(grade_scheme="admiralty"),
    )
    questions = asked(network)
    seconds: dict[str, list[float]] = {name: [] for name in questions}
    for _ in range(6):
        for name, question in questions.items():
            begun = time.process_time()
            question()
            seconds[name].append(time.process_time() - begun)
    least = min(seconds["sum of the times"][1:])
    print(f"\nIn the order of time, {network.n_relationships:,} contacts: CPU seconds (first call)")
    for name, calls in seconds.items():
        best = min(calls[1:])
        told = f"{name:28}{best:9.4f} ({calls[0]:.2f}){best / least:9.1f} sums"
        if name in MOST:
            told += f", at most {MOST[name]}: {'met' if best <= MOST[name] * least else 'MISSED'}"
        elif " pass" not in name and "sum" not in name and network.n_relationships <= 200_000:
            told += f", at most {MOST_SECONDS} s: {'met' if best <= MOST_SECONDS else 'MISSED'}"
        print(told)
