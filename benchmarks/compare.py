r"""netlink, igraph and networkx side by side: the same file, the same machine, in turns.

Run it from anywhere, in an environment that holds netlink, on a machine that does nothing else::

    python benchmarks/compare.py                      # 100,000 entities, 1,000,000 relationships
    python benchmarks/compare.py --entities 10000 --relationships 100000 --repeat 5

First table: from a file with text ids to something that can be measured. netlink reads both tables,
checks every cell of them and builds the ties in CSR; the others do what their users do, pandas and
then `igraph.Graph.DataFrame`, or pandas and then a `networkx.MultiDiGraph`, and check nothing.
The floor is what no reader can do without: both tables read with pyarrow, and both ends turned into
codes, by pyarrow's `index_in`, a join of DuckDB or an Enum of polars, whichever is fastest.
Every run is a fresh process. "seconds" is the median from the call to the result; the modules are
imported before, all that the way needs, in each. "CPU" is the processor seconds of that, of all
threads together, which other work on the machine disturbs less. "peak" is the largest peak memory
of a process (ru_maxrss). A ratio above 1 says how many times as much the other takes. ::

    python benchmarks/compare.py --only files --kinds parquet --entities 1000000 \
        --relationships 10000000 --repeat 1

Second table: measures on the same merged ties, one fresh process a library (igraph, networkx and,
where they are installed, networkit and scikit-network): the best later call, and in brackets the
first, which compiles and builds what is kept. A first call of more than 10 processor seconds is
not repeated.
`peers` says what each is asked; "of the best" is netlink's time as a share of that of the fastest
peer, or of the peer that the limit names; "CPU" is the same share of processor seconds, of all
threads together, which other work on the machine disturbs less. A limit is met by seconds; where
only processor seconds are within it, the row says "met by CPU". Two limits are multiples of what
netlink takes for another measure. With ``--limits`` peers answer only where a limit needs them::

    python benchmarks/compare.py --only measures --limits

Third table: paths, asked in the same way; `path_peers` says what.

Fourth table, only where asked for: netlink alone with ten times as much, for the memory::

    python benchmarks/compare.py --only memory --entities 1000000 --relationships 10000000

Fifth table, only where asked for: ways in the order of time, against one sum over the times::

    python benchmarks/compare.py --only temporal --entities 1000000 --relationships 10000000

Sixth table, only where asked for: the writers of a case, and a whole bundle (see `exports`)::

    python benchmarks/compare.py --only export

A fresh process a measure: "peak" is the largest memory of the process during the first call, what
the network takes included, its reading not. A call of more than 100 seconds is ended, and marked.
"""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import exports
import numpy as np
import path_peers
import peers
import temporal

if TYPE_CHECKING:
    from collections.abc import Callable

LIBRARIES = ("netlink", "igraph", "networkx")
FLOORS = ("index_in", "DuckDB", "polars")
KINDS = ("csv", "parquet")
LONGEST = 100.0  # seconds of a call in the table of memory
MOST_MB = 4096
TABLES = {"measures": peers, "paths": path_peers}
# How many times as long they are to take from Parquet, and how much of igraph's memory netlink may.
TARGETS = {"igraph": 10, "networkx": 30}
MOST_OF_MEMORY = 1 / 2
MOST_OF_FLOOR = 2.5


def make_tables(folder: Path, n_entities: int, n_relationships: int, seed: int = 0) -> None:
    """Write a network with heavy-tailed degrees and communities as CSV and Parquet."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    rng = np.random.default_rng(seed)
    ids = np.char.add("P", np.char.zfill(np.arange(n_entities).astype(str), 7))
    activity = rng.permutation((np.arange(n_entities) + 10.0) ** -0.6)
    source = rng.choice(n_entities, n_relationships, p=activity / activity.sum())
    target = rng.choice(n_entities, n_relationships, p=activity / activity.sum())
    # Seven of ten ties stay within a community of 100 neighboring numbers.
    near = source // 100 * 100 + rng.integers(0, 100, n_relationships)
    is_near = rng.random(n_relationships) < 0.7
    target = np.where(is_near, np.minimum(near, n_entities - 1), target)
    moments = np.datetime64("2024-01-01T00:00:00") + rng.integers(0, 31_000_000, n_relationships)
    tables = {
        "entities": {
            "entity_id": rng.permutation(ids),
            "entity_type": np.full(n_entities, "person"),
        },
        "relationships": {
            "source": ids[source],
            "target": ids[target],
            "relationship_type": rng.choice(["communicated", "met", "paid"], n_relationships),
            "start": np.char.add(np.datetime_as_string(moments), "Z"),
            "weight": np.round(rng.gamma(2.0, 1.0, n_relationships) + 0.01, 3),
            "grade": rng.choice(["A1", "B2", "C3", "D4", "F6"], n_relationships),
        },
    }
    for name, columns in tables.items():
        table = pa.table({column: pa.array(values) for column, values in columns.items()})
        csv.write_csv(table, folder / f"{name}.csv")
        parquet.write_table(table, folder / f"{name}.parquet")


# From a file to something that can be measured


def netlink_network(folder: Path, kind: str) -> Any:
    import netlink as nl

    schema = nl.Schema(grade_scheme="admiralty")
    network = nl.read_tables(
        folder / f"entities.{kind}", folder / f"relationships.{kind}", schema=schema
    )
    network.to_scipy()
    return network


def _pandas_tables(folder: Path, kind: str) -> tuple[Any, Any]:
    import pandas as pd

    # Ids as text is what a careful user asks for; everything else is read as pandas reads it.
    if kind == "csv":
        text = {"entity_id": str, "source": str, "target": str}
        return tuple(  # type: ignore[return-value]
            pd.read_csv(folder / f"{name}.csv", dtype=text)
            for name in ("entities", "relationships")
        )
    return tuple(  # type: ignore[return-value]
        pd.read_parquet(folder / f"{name}.parquet") for name in ("entities", "relationships")
    )


def igraph_network(folder: Path, kind: str) -> Any:
    import igraph

    entities, relationships = _pandas_tables(folder, kind)
    return igraph.Graph.DataFrame(relationships, directed=True, vertices=entities, use_vids=False)


def networkx_network(folder: Path, kind: str) -> Any:
    import networkx as nx

    entities, relationships = _pandas_tables(folder, kind)
    graph = nx.from_pandas_edgelist(relationships, edge_attr=True, create_using=nx.MultiDiGraph)
    graph.add_nodes_from(entities["entity_id"])
    return graph


def _arrow_tables(folder: Path, kind: str) -> tuple[Any, Any]:
    """Read the ids of the entities, and all columns of the relationships, ids as text."""
    import pyarrow as pa
    from pyarrow import csv, parquet

    if kind == "parquet":
        return tuple(  # type: ignore[return-value]
            parquet.ParquetFile(folder / f"{name}.parquet").read()
            for name in ("entities", "relationships")
        )
    text = dict.fromkeys(("entity_id", "source", "target"), pa.string())
    options = csv.ConvertOptions(column_types=text)
    return tuple(  # type: ignore[return-value]
        csv.read_csv(folder / f"{name}.csv", convert_options=options)
        for name in ("entities", "relationships")
    )


def index_in_floor(folder: Path, kind: str) -> Any:
    import pyarrow.compute as pc

    entities, rows = _arrow_tables(folder, kind)
    ids = entities["entity_id"].combine_chunks()
    return rows, [pc.index_in(rows[end], value_set=ids) for end in ("source", "target")]


def duckdb_floor(folder: Path, kind: str) -> Any:
    import duckdb

    entities, rows = _arrow_tables(folder, kind)
    n = rows.num_rows
    ids = entities.select(["entity_id"]).append_column("code", [np.arange(entities.num_rows)])
    ends = rows.select(["source", "target"]).append_column("row", [np.arange(n)])
    with duckdb.connect() as base:
        base.register("ids", ids)
        base.register("ends", ends)
        found = base.sql(
            "select ends.row, a.code as source, b.code as target from ends "
            "left join ids a on ends.source = a.entity_id "
            "left join ids b on ends.target = b.entity_id"
        ).fetchnumpy()
    codes = np.empty((2, n), dtype=np.int32)
    for at, end in enumerate(("source", "target")):  # a join returns rows in another order
        codes[at, found["row"]] = found[end]
    return rows, codes


def polars_floor(folder: Path, kind: str) -> Any:
    import polars as pl

    entities, rows = _arrow_tables(folder, kind)
    ids = pl.Enum(pl.Series(pl.from_arrow(entities["entity_id"])))
    ends = [pl.Series(pl.from_arrow(rows[end])) for end in ("source", "target")]
    return rows, [end.cast(ids).to_physical().to_numpy() for end in ends]


BUILD: dict[str, Callable[[Path, str], Any]] = {
    "netlink": netlink_network,
    "igraph": igraph_network,
    "networkx": networkx_network,
    "index_in": index_in_floor,
    "DuckDB": duckdb_floor,
    "polars": polars_floor,
}
MODULES = {
    "netlink": {
        "csv": ["netlink", "pyarrow.csv", "scipy.sparse", "numba"],
        "parquet": ["netlink", "pyarrow.parquet", "scipy.sparse", "numba"],
    },
    "igraph": {"csv": ["igraph", "pandas"], "parquet": ["igraph", "pandas", "pyarrow.parquet"]},
    "networkx": {
        "csv": ["networkx", "pandas"],
        "parquet": ["networkx", "pandas", "pyarrow.parquet"],
    },
    **{
        floor: {
            kind: ["pyarrow.csv", "pyarrow.parquet", "pyarrow.compute", *more] for kind in KINDS
        }
        for floor, more in (("index_in", []), ("DuckDB", ["duckdb"]), ("polars", ["polars"]))
    },
}

# A run: one process, one line of JSON


def peak_mb() -> float:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 2**10)


def timed(call: Callable[..., object], *arguments: object) -> tuple[float, object]:
    begun = time.perf_counter()
    result = call(*arguments)
    return time.perf_counter() - begun, result


def run_build(library: str, kind: str, folder: Path) -> dict[str, Any]:
    for module in MODULES[library][kind]:
        importlib.import_module(module)
    begun = time.process_time()
    # What was built is held until the peak is read.
    seconds, _ = timed(BUILD[library], folder, kind)
    return {"seconds": seconds, "cpu": time.process_time() - begun, "peak": peak_mb()}


def run_measures(table: str, library: str, asked: str, folder: Path) -> dict[str, list[float]]:
    n_entities = peers.load(folder).shape[0]
    of = TABLES[table]
    found: dict[str, list[float]] = {}
    for name, measure in of.ASKED[library](folder).items():
        counts = library == "netlink" or library in of.PEERS.get(name, of.ASKED)
        if asked == "limits" and not counts:
            continue
        factor = of.scale(library, name, n_entities)
        calls: list[tuple[float, float]] = []
        while not calls or (calls[0][1] < 10 and len(calls) < 4):
            begun = time.process_time()
            seconds = timed(measure)[0]
            calls.append((seconds, time.process_time() - begun))
        best = [min(part) for part in zip(*(calls[1:] or calls), strict=True)]
        found[name] = [factor * part for part in (best[0], calls[0][0], best[1])]
    return found


def reset_peak() -> bool:
    """Forget the largest memory so far, where the system can (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return False
    return True


def peak_now_mb() -> float:
    status = Path("/proc/self/status").read_text()
    return int(status.split("VmHWM:")[1].split()[0]) / 2**10


def run_memory(name: str, folder: Path) -> dict[str, Any]:
    """Call one measure, or end it after a while, and see what memory it took."""
    network = netlink_network(folder, "parquet")
    measure = peers.of_netlink(network)[name]
    if not reset_peak():
        raise SystemExit("The memory of one call is seen on Linux only.")
    before = peak_now_mb()

    def end(*_: object) -> None:
        found = {"seconds": LONGEST, "before": before, "peak": peak_now_mb(), "ended": True}
        print(json.dumps(found), flush=True)
        os._exit(0)

    timer = threading.Timer(LONGEST, end)  # a thread, as a kernel does not look up for signals
    timer.start()
    seconds, _ = timed(measure)
    timer.cancel()
    return {"seconds": seconds, "before": before, "peak": peak_now_mb(), "ended": False}


def fresh(arguments: list[str]) -> dict[str, Any]:
    """Run a part of this file in a fresh process."""
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, __file__, "--run", *arguments], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)} failed:\n{done.stderr}")
    return {"process": time.perf_counter() - begun, **json.loads(done.stdout.splitlines()[-1])}


# Tables


def machine() -> str:
    pages = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    load = os.getloadavg()[0]
    return (
        f"{platform.system()} on {platform.machine()}, {os.cpu_count()} cores, "
        f"{pages / 2**30:.0f} GB, load before the first run {load:.1f}"
    )


def versions() -> str:
    from importlib.metadata import version

    names = ["netlink-analysis", "igraph", "networkx", "pandas", "pyarrow", "numpy", "scipy"]
    names += [name for name in ("networkit", "scikit-network") if peers.installed(name)]
    return f"Python {platform.python_version()}, " + ", ".join(f"{n} {version(n)}" for n in names)


def compare_builds(folder: Path, repeat: int, kinds: list[str], libraries: list[str]) -> None:
    runs: dict[tuple[str, str], list[dict[str, Any]]] = {}
    asked = [*libraries, *FLOORS]
    for turn in range(repeat):
        # Whoever comes after the largest process waits for its memory: each library in turn.
        first = turn % len(asked)
        for kind in kinds:
            for library in asked[first:] + asked[:first]:
                found = fresh(["build", library, kind, str(folder)])
                runs.setdefault((kind, library), []).append(found)
    print(f"\nFrom a file to something that can be measured, {repeat} runs each in turns")
    head = f"{'seconds':>8} {'ratio':>6} {'CPU':>8} {'ratio':>6} {'peak MB':>8} {'ratio':>6}"
    print(f"{'file':8} {'library':9} {head}")
    for kind in kinds:
        figures = {library: _figures(runs[kind, library]) for library in asked}
        own = figures["netlink"]
        for library in asked:
            ratios = [a / b for a, b in zip(figures[library], own, strict=True)]
            cells = zip(figures[library], ratios, (".2f", ".2f", ".0f"), strict=True)
            told = " ".join(f"{figure:8{form}} {ratio:6.2f}" for figure, ratio, form in cells)
            print(f"{kind:8} {library:9} {told}")
            if library in TARGETS and kind == "parquet":
                is_met = ratios[0] >= TARGETS[library]
                told = f"at least {TARGETS[library]} times the time: {_verdict(is_met)}"
                told += "" if is_met or ratios[1] < TARGETS[library] else " (met by CPU)"
                if library == "igraph":
                    told += (
                        f"; at least twice the memory: {_verdict(ratios[2] > 1 / MOST_OF_MEMORY)}"
                    )
                print(f"{'':18} {told}")
        for at, what in enumerate(("seconds", "CPU")):
            least = min(figures[floor][at] for floor in FLOORS)
            is_met = own[at] <= MOST_OF_FLOOR * least
            told = f"{own[at] / least:.2f} times the floor by {what}, at most {MOST_OF_FLOOR}"
            print(f"{'':18} netlink takes {told}: {_verdict(is_met)}")


def _figures(runs: list[dict[str, Any]]) -> list[float]:
    return [
        statistics.median(run["seconds"] for run in runs),
        statistics.median(run["cpu"] for run in runs),
        max(run["peak"] for run in runs),
    ]


def _verdict(is_met: bool) -> str:
    return "met" if is_met else "MISSED"


def save_ties(folder: Path) -> None:
    """Save the merged ties that every library is asked about."""
    from scipy.sparse import csr_array, save_npz

    ties = netlink_network(folder, "parquet").to_scipy(directed=False).tocoo()
    source, target = ties.coords
    keep = source != target
    ends = (source[keep], target[keep])
    save_npz(folder / "ties.npz", csr_array((ties.data[keep], ends), shape=ties.shape))


def compare_measures(folder: Path, table: str, asked: str) -> None:
    save_ties(folder)
    asked_of = TABLES[table]
    libraries = [library for library in asked_of.ASKED if peers.installed(library)]
    found = {library: fresh([table, library, asked, str(folder)]) for library in libraries}
    print(
        f"\n{table.capitalize()} on the same ties: seconds of the best later call (of the first), "
        "processor seconds"
    )
    print(
        f"{'measure':34}"
        + "".join(f"{name:>24}" for name in libraries)
        + f"{'of the best':>13}{'CPU':>8}"
    )
    for name in [key for key in found["netlink"] if key != "process"]:
        calls = [found[library].get(name) for library in libraries]
        texts = ["-" if c is None else f"{c[0]:.3f} ({c[1]:.3f}) {c[2]:.3f}" for c in calls]
        named = asked_of.PEERS.get(name, libraries)
        others = [
            c
            for library, c in zip(libraries[1:], calls[1:], strict=True)
            if c is not None and library in named
        ]
        limits = (asked_of.LIMITS.get(name),) * 2
        if table == "measures" and name in peers.OWN:
            other, alone, together = peers.OWN[name]
            others, limits = [found["netlink"][other]], (alone, together)
        print(f"{name:34}" + "".join(f"{t:>24}" for t in texts) + verdict(calls[0], others, limits))


def verdict(
    own: list[float], others: list[list[float]], limits: tuple[float | None, float | None]
) -> str:
    """Say how netlink does beside others; of two limits the second is that of two cores."""
    if not others:
        return ""
    ratio, cpu = (own[k] / min(c[k] for c in others) for k in (0, 2))
    said = f"{ratio:>13.3f}{cpu:>8.3f}"
    of_processor, limit = limits if (os.cpu_count() or 1) > 1 else limits[:1] * 2
    if limit is None or of_processor is None:
        return said
    met = "met" if ratio <= limit else "met by CPU" if cpu <= of_processor else "MISSED"
    return f"{said} {met} (limit {limit:.3g})"


def measure_memory(folder: Path) -> None:
    print("\nMemory of netlink, a fresh process a measure")
    print(f"{'measure':34}{'seconds':>10}{'before MB':>11}{'peak MB':>9}")
    for name in peers.OF_NETLINK:
        of = fresh(["memory", name, "-", str(folder)])
        seconds = f"{'>' if of['ended'] else ''}{of['seconds']:.2f}"
        verdict = "" if of["peak"] < MOST_MB else " MISSED"
        print(f"{name:34}{seconds:>10}{of['before']:>11.0f}{of['peak']:>9.0f}{verdict}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entities", type=int, default=100_000)
    parser.add_argument("--relationships", type=int, default=1_000_000)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument(
        "--only",
        choices=["files", "measures", "paths", "temporal", "export", "memory"],
        help="one table",
    )
    parser.add_argument("--kinds", nargs="+", choices=KINDS, default=list(KINDS))
    parser.add_argument("--libraries", nargs="+", choices=LIBRARIES, default=list(LIBRARIES))
    parser.add_argument("--limits", action="store_true", help="peers only where limits need them")
    parser.add_argument("--run", nargs="+", help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if chosen.run:
        part, library, detail, folder = chosen.run
        if part == "tables":
            make_tables(Path(folder), int(library), int(detail))
            print("{}")
        elif part == "build":
            print(json.dumps(run_build(library, detail, Path(folder))))
        elif part == "memory":
            print(json.dumps(run_memory(library, Path(folder))))
        else:
            print(json.dumps(run_measures(part, library, detail, Path(folder))))
        return
    sys.stdout.reconfigure(line_buffering=True)  # so that a file shows how far it is
    print(machine())
    print(versions())
    if chosen.only == "export":
        exports.main(chosen.repeat)
        return
    print(f"{chosen.entities:,} entities, {chosen.relationships:,} relationships")
    with tempfile.TemporaryDirectory() as folder:
        # Not here: the peak of a process begins with that of the one that started it.
        fresh(["tables", str(chosen.entities), str(chosen.relationships), folder])
        if chosen.only in (None, "files"):
            compare_builds(Path(folder), chosen.repeat, chosen.kinds, chosen.libraries)
        for table in TABLES:
            if chosen.only in (None, table):
                compare_measures(Path(folder), table, "limits" if chosen.limits else "all")
        if chosen.only == "temporal":
            temporal.compare(Path(folder))
        if chosen.only == "memory":
            measure_memory(Path(folder))


if __name__ == "__main__":
    main()
