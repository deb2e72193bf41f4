"""An invented case, from an agency's tables to leads, evidence, a case file and a picture.

    python examples/quickstart.py [FOLDER]

Nobody in it exists. The case file goes to FOLDER, or to quickstart_case in the current folder.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import netlink as nl

if TYPE_CHECKING:
    import pandas as pd

ROLES = ("recruiter", "transporter")


def said(score: float) -> str:
    """Write a role score so that it does not look like certainty."""
    return "over 0.99" if score > 0.99 else f"{score:.2f}"


def show_leads(assessment: nl.roles.RoleAssessment, role: str) -> None:
    """Print the leads of a role, and what the first of them rests on."""
    leads = assessment.leads(role, n=5)
    print(f"\nLeads: {role}. To be read with their evidence; a lead is not a verdict.")
    for entity, lead in leads.iterrows():
        print(
            f"  {lead['rank']}. {entity}  score {said(lead['score'])}, "
            f"rank {lead['rank_low']} to {lead['rank_high']} if records were missing"
        )
    first = leads.index[0]
    print(f"  What speaks for {first}:")
    evidence = assessment.evidence(first, role)
    # The rest says next to nothing of the score, to which all contributions add up.
    for _, item in evidence[evidence["contribution"].abs() >= 0.05].iterrows():
        records = len(item["relationship_ids"])
        print(f"    {item['contribution']:+5.1f}  {item['words']} Records: {records}.")


def show_reach(assessment: nl.roles.RoleAssessment) -> None:
    """Print how many people are to be reached; never who they are."""
    people = assessment.safeguarding(n=10)
    strong = int((people["score"] > 0.5).sum())
    print(f"\nPeople to reach: {strong} of the first {len(people)} have a score over 0.5.")
    print("  They are potential victims. They stand in a list of their own and under pseudonyms.")


def main(
    folder: Path, entities: pd.DataFrame, relationships: pd.DataFrame, schema: nl.Schema
) -> None:
    """Go the whole way, from two tables to a case file in a folder."""
    network = nl.read_tables(entities, relationships, schema=schema)
    print(network)
    print(nl.ingest.describe(network.ledger))

    assessment = nl.roles.assess(network, seed=0)
    show_reach(assessment)
    for role in ROLES:
        show_leads(assessment, role)

    around = assessment.leads("recruiter", n=2).index
    case = nl.cases.build(network, around=around, hops=2, assessment=assessment)
    formats = ["graphml", "gexf", "csv", "json", "i2", "ftm", "html"]
    nl.export.bundle(case, folder, formats=formats, policy=nl.export.Policy())
    print(f"\n{case}\nThe case file, its picture and its manifest are in {folder.name}.")
    print(nl.export.verify(folder)["status"].value_counts().to_string())


if __name__ == "__main__":
    made_up = nl.datasets.synthetic_case(seed=0)
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "quickstart_case")
    main(target, made_up.entities, made_up.relationships, made_up.schema)
