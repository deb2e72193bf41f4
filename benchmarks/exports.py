"""The writers of a case of 10,000 entities and 130,000 relationships beside those of the peers.

Every library writes the same columns from what it holds in memory: netlink from the tables that may
leave (made once for all formats: the first row), igraph and networkx from graphs whose attributes
have been made plain (None, dates and missing values taken out, which they refuse or break on),
pyarrow from Arrow tables. Processor seconds, the best of some runs, in turns in one process.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable

N_ENTITIES, N_RELATIONSHIPS = 10_000, 130_000


def make_case() -> Any:
    """A case of graded, dated relationships of heavy-tailed degrees."""
    import netlink as nl

    rng = np.random.default_rng(0)
    ids = np.char.add("P", np.char.zfill(np.arange(N_ENTITIES).astype(str), 7))
    activity = rng.permutation((np.arange(N_ENTITIES) + 10.0) ** -0.6)
    ends = rng.choice(N_ENTITIES, (2, N_RELATIONSHIPS), p=activity / activity.sum())
    moments = np.datetime64("2024-01-01T00:00:00") + rng.integers(0, 31_000_000, N_RELATIONSHIPS)
    entities = pd.DataFrame({"entity_id": ids, "entity_type": "person"})
    entities["label"] = np.char.add("Person ", np.arange(N_ENTITIES).astype(str))
    rows = pd.DataFrame({"source": ids[ends[0]], "target": ids[ends[1]]})
    rows["relationship_type"] = rng.choice(["communicated", "met", "paid"], N_RELATIONSHIPS)
    rows["start"] = np.char.add(np.datetime_as_string(moments), "Z")
    rows["weight"] = np.round(rng.gamma(2.0, 1.0, N_RELATIONSHIPS) + 0.01, 3)
    rows["grade"] = rng.choice(["A1", "B2", "C3", "D4"], N_RELATIONSHIPS)
    rows["grade_scheme"] = "admiralty"
    rows["document"] = np.char.add("DOC-", rng.integers(0, 20_000, N_RELATIONSHIPS).astype(str))
    network = nl.read_tables(entities, rows)
    return nl.cases.build(network, around=ids, hops=1)


def plain(attributes: dict[str, Any]) -> None:
    """Leave only what networkx can write."""
    for name, value in list(attributes.items()):
        if pd.isna(value):
            del attributes[name]
        elif not isinstance(value, bool | int | float | str):
            attributes[name] = str(value)


def peers(network: Any, folder: Path) -> dict[str, dict[str, Callable[[], Any]]]:
    """How the others write each format."""
    import networkx as nx
    import pyarrow as pa
    from pyarrow import csv, parquet

    graph, other = network.to_networkx(), network.to_igraph()
    for _, attributes in graph.nodes(data=True):
        plain(attributes)
    for *_, attributes in graph.edges(data=True):
        plain(attributes)
    for name in other.es.attributes():
        cells = [None if pd.isna(v) else v for v in other.es[name]]
        other.es[name] = [v if v is None or isinstance(v, int | float) else str(v) for v in cells]
    tables = [pa.Table.from_pandas(t) for t in (network.entities, network.relationships)]
    files = [folder / "one", folder / "two"]

    def node_link() -> None:
        with files[0].open("w") as stream:
            json.dump(nx.node_link_data(graph, edges="edges"), stream)

    return {
        "graphml": {
            "igraph": lambda: other.write_graphml(str(files[0])),
            "networkx": lambda: nx.write_graphml(graph, files[0]),
        },
        "gexf": {"networkx": lambda: nx.write_gexf(graph, files[0])},
        "json": {"networkx": node_link},
        "csv": {"pyarrow": lambda: [csv.write_csv(*p) for p in zip(tables, files, strict=True)]},
        "parquet": {
            "pyarrow": lambda: [parquet.write_table(*p) for p in zip(tables, files, strict=True)]
        },
    }


def seconds(call: Callable[[], Any], repeat: int) -> float:
    found = []
    for _ in range(repeat):
        start = time.process_time()
        call()
        found.append(time.process_time() - start)
    return min(found)


def main(repeat: int = 3) -> None:
    import netlink as nl
    from netlink.export import _WRITERS, redaction

    case = make_case()
    policy = nl.export.Policy(names="all", name_protected=True, key=b"a key to measure with")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)

        def write(form: str) -> None:
            for file, chunks in _WRITERS[form](published):
                with (folder / file).open("wb") as stream:
                    for chunk in chunks:
                        stream.write(chunk.encode() if isinstance(chunk, str) else chunk)

        start = time.process_time()
        published = redaction.publish(case, policy)
        for form in ("csv", "parquet"):  # what all formats share is made by the first
            write(form)
        print(f"tables that may leave: {time.process_time() - start:.2f} s, once for all formats")
        print(f"{'format':10}{'netlink':>9}  peers (times as long)")
        others = peers(case.network, folder)
        for form in _WRITERS:
            own = seconds(lambda form=form: write(form), repeat)
            shown = []
            for peer, call in others.get(form, {}).items():
                theirs = seconds(call, 1 if peer == "networkx" else repeat)
                shown.append(f"{peer} {theirs:.2f} s ({theirs / own:.2f})")
            print(f"{form:10}{own:8.2f}s  {', '.join(shown)}")
        start, clock = time.process_time(), time.perf_counter()
        nl.export.bundle(case, folder / "case", policy=policy)
        spent, waited = time.process_time() - start, time.perf_counter() - clock
        print(
            f"whole bundle, every format, report and picture: {spent:.1f} s ({waited:.1f} s by the "
            f"clock, {os.getloadavg()[0]:.1f} processes at work)"
        )


if __name__ == "__main__":
    main()
