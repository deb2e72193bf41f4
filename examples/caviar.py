"""Eleven phases of a drug importation network: who is central when, and after the seizures.

    python examples/caviar.py FOLDER [PICTURE]

FOLDER holds nodes.csv, edges.csv, edges_phases.csv and seizures.csv of the CAVIAR network (Morselli
2009, Inside Criminal Networks): calls among 110 people under published codes, Montreal, 1994 to
1996, in eleven phases of two months. Police seized goods from phase 4 on, so the network can be
watched while it changes.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import netlink as nl

SHOWN = 5


def read_phase(people: pd.DataFrame, calls: pd.DataFrame) -> nl.Network:
    """Read calls between people, and only the people who called or were called."""
    called = people[people["id"].isin([*calls["source"], *calls["target"]])]
    schema = nl.Schema(
        entity_id="id",
        entity_type="kind",
        relationship_type="kind",
        relationship_types={"call": "communicated"},
    )
    return nl.read_tables(
        called.assign(kind="person"), calls.assign(kind="call"), schema=schema, on_invalid="raise"
    )


def betweenness(network: nl.Network) -> pd.Series:
    """Betweenness by label, calls read in both directions."""
    found = nl.centrality.betweenness(network, directed=False)
    return found.set_axis(network.entities["label"]).rename_axis("label")


def top(values: pd.Series) -> str:
    """Say the first few; ties go to the first label."""
    first = values.sort_index().sort_values(ascending=False, kind="stable").head(SHOWN)
    return "  ".join(f"{label} {value:.3f}" for label, value in first.items())


def main(folder: Path, picture: Path) -> None:
    """Print the whole period, then each phase, then before against after the first seizure."""
    tables = {
        name: pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        for name in ("nodes", "edges", "edges_phases", "seizures")
    }
    people = tables["nodes"]
    whole = read_phase(people, tables["edges"])
    print(f"Whole period: {whole}\n{nl.ingest.describe(whole.ledger)}")
    print(f"  betweenness: {top(betweenness(whole))}\n")

    calls = tables["edges_phases"]
    seizures = tables["seizures"].set_index("phase")
    by_phase: dict[int, pd.Series] = {}
    for phase in sorted(calls["phase"].unique(), key=int):
        network = read_phase(people, calls[calls["phase"] == phase].drop(columns="phase"))
        by_phase[int(phase)] = values = betweenness(network)
        struck = f"{seizures.loc[phase, 'n_seizures']} seized" if phase in seizures.index else ""
        size = f"{network.n_entities} people, {network.n_relationships} ties"
        print(f"Phase {phase:>2}  {size:<22} {struck:<9} {top(values)}")

    table = pd.DataFrame(by_phase)
    struck_first = int(seizures.index.astype(int).min())
    before = table.loc[:, : struck_first - 1].mean(axis=1)
    after = table.loc[:, struck_first:].mean(axis=1)
    moved = pd.DataFrame({"before": before, "after": after}).fillna(0.0)
    moved["change"] = moved["after"] - moved["before"]
    moved = moved.sort_values("change", kind="stable")
    print(
        f"\nMean betweenness in the phases someone is seen, before phase {struck_first} and since:"
    )
    print(pd.concat([moved.head(4), moved.tail(4)]).round(3).to_string())

    groups = nl.communities.leiden(whole, seed=0)
    axes = nl.plot.network(whole, communities=groups, names=whole.entities["label"].to_dict())
    axes.figure.savefig(picture, dpi=150)
    print(f"\nThe picture is in {picture.name}.")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Give the folder of the CAVIAR tables: python examples/caviar.py FOLDER")
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "caviar.png"))
