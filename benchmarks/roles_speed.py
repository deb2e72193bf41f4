"""How long an assessment takes: seconds and memory, by number of people.

A fresh process a size, on a synthetic case (`netlink.datasets.synthetic_case`, about 18
relationships a person). "CPU" is the processor seconds of one call in a process that has assessed a
small case before; "wall" is what a clock says, and "load" how many processes wanted the machine
then. "evidence" and "what would change" are of the first lead for recruiter: the slowest of five
calls, and processor seconds a reassessment. "peak" is the largest memory of the process, the making
of the case included. ::

    python benchmarks/roles_speed.py                  # 1,000, 5,000 and 20,000 people
    python benchmarks/roles_speed.py --sizes 100000   # about a minute, and as long for the case
"""

from __future__ import annotations

import argparse
import os
import resource
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import netlink as nl

if TYPE_CHECKING:
    from collections.abc import Callable

HEAD = (
    f"{'people':>9} {'relationships':>14} {'CPU':>7} {'wall':>7} {'load':>5} {'peak GB':>8} "
    f"{'evidence ms':>12} {'leads':>7} {'safeguarding':>13} {'reassessment':>13}"
)


def network_of(size: int) -> nl.Network:
    case = nl.datasets.synthetic_case(seed=100, size=size)
    return nl.read_tables(case.entities, case.relationships, schema=case.schema)


def seconds(call: Callable[[], object]) -> float:
    start = time.process_time()
    call()
    return time.process_time() - start


def row(size: int) -> str:
    nl.roles.assess(network_of(200))
    network = network_of(size)
    cpu, wall = time.process_time(), time.perf_counter()
    found = nl.roles.assess(network)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    load, peak = os.getloadavg()[0], resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    lead = found.leads("recruiter").index[0]
    evidence = max(seconds(lambda: found.evidence(lead, "recruiter")) for _ in range(5))
    leads = seconds(lambda: found.leads("recruiter"))
    reach = seconds(found.safeguarding)
    again = "-"
    if size <= 5000:
        start = time.process_time()
        change = found.what_would_change(lead, "recruiter", tries=0)
        again = f"{(time.process_time() - start) / change.n_assessed:.2f}"
    return (
        f"{found.records.n_people:9,} {network.n_relationships:14,} {cpu:7.2f} {wall:7.2f} "
        f"{load:5.1f} {peak:8.2f} {1000 * evidence:12.0f} {leads:7.2f} {reach:13.2f} {again:>13}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1000, 5000, 20000])
    parser.add_argument("--one", type=int, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(row(asked.one))
        return
    print(HEAD, flush=True)
    for size in asked.sizes:
        subprocess.run([sys.executable, __file__, "--one", str(size)], check=True)


if __name__ == "__main__":
    main()
