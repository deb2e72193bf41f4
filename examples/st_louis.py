"""People and the crimes they were part of: victim, suspect, witness, or more than one of them.

    python examples/st_louis.py FOLDER [PICTURE]

FOLDER holds nodes.csv and edges.csv of the St. Louis crime network (Rosenfeld & White; codes only):
870 people, 557 crimes, and the part each person had in each. Many of those recorded as suspects are
recorded as victims too. They are shown apart: people to protect as well as people to ask.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd

import netlink as nl

SCHEMA = nl.Schema(
    entity_id="id",
    entity_types={"crime": "event"},
    relationship_type="role",
    relationship_types={
        "Victim": "victim_in",
        "Suspect": "suspect_in",
        "Witness": "witness_in",
        "Victim Suspect": ("victim_in", "suspect_in"),
    },
)


def parts(network: nl.Network) -> pd.DataFrame:
    """Count the crimes in which each person was victim, suspect, witness."""
    rows = network.relationships
    counts = pd.crosstab(rows["source"], rows["relationship_type"]).rename_axis("entity_id")
    names = {"victim_in": "victim", "suspect_in": "suspect", "witness_in": "witness"}
    return counts.rename(columns=names)[[*names.values()]].rename_axis(columns=None)


def main(folder: Path, picture: Path) -> None:
    """Print the ledger, who is both victim and suspect, and how people hang together."""
    network = nl.read_tables(folder / "nodes.csv", folder / "edges.csv", schema=SCHEMA)
    print(network)
    print(nl.ingest.describe(network.ledger))

    table = parts(network)
    is_both = (table["victim"] > 0) & (table["suspect"] > 0)
    print(f"\n{len(table)} people have a part in a crime.")
    print(f"  {is_both.sum()} are recorded as victim and as suspect. They are shown apart:")
    print(table[is_both].sort_values(["victim", "suspect"], ascending=False).head(8).to_string())
    only = table[~is_both & (table["suspect"] > 0)]
    print(f"  {len(only)} are recorded as suspect and never as victim:")
    print(only.sort_values("suspect", ascending=False, kind="stable").head(8).to_string())

    people = nl.transform.project(network, onto="person")
    measures = nl.centrality.table(people)
    between = nl.brokerage.articulation_points(people)
    print(f"\nTied by a crime in common: {people}")
    print(f"  {between.sum()} people would split their component if taken out of the data;")
    print(f"  {(between & is_both.reindex(between.index, fill_value=False)).sum()} are both.")
    print(measures.sort_values("betweenness", ascending=False).head(5).round(3).to_string())

    # A person recorded as a victim is protected, whatever else is recorded of them.
    victims = table.index[table["victim"] > 0]
    status = pd.Series("none", index=network.entities.index).mask(
        network.entities.index.isin(victims), "identified_victim"
    )
    entities = network.entities.assign(protection_status=status).reset_index()
    marked = nl.read_tables(entities, network.relationships.reset_index())
    component = nl.cohesion.components(marked)
    axes = nl.plot.network(marked.subgraph(component.index[component == 0]))
    axes.figure.savefig(picture, dpi=150)
    print(f"\nThe largest component is drawn in {picture.name}; victims without a name.")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Give the folder of the St. Louis tables: python examples/st_louis.py FOLDER")
    main(Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "st_louis.png"))
