"""What a notebook shows of a network, an assessment and a case: counts, and nothing of the data."""

from __future__ import annotations

import pandas as pd
import pytest

import netlink as nl

CANARY = "CANARY-<b>Maria</b>"


def named() -> nl.Network:
    """A recruiter and a victim whose every text is a canary."""
    entities = pd.DataFrame(
        {
            "entity_id": [f"{CANARY} 1", f"{CANARY} 2", f"{CANARY} 3"],
            "entity_type": ["person", "person", "phone"],
            "label": CANARY,
            "protection_status": ["none", "identified_victim", None],
            "remark": CANARY,
        }
    )
    ids = entities["entity_id"]
    rows = pd.DataFrame(
        {
            "source": [ids[0], ids[0]],
            "target": [ids[1], ids[2]],
            "relationship_type": ["recruited", "uses"],
            "start": ["2024-03", None],
            "grade": "A1",
            "grade_scheme": "admiralty",
            "document": CANARY,
            "dataset": CANARY,
            "remark": CANARY,
        }
    )
    return nl.read_tables(entities, rows)


def shown() -> dict[str, str]:
    network = named()
    assessment = nl.roles.assess(network)
    case = nl.cases.build(network, around=network.entities.index[:1], assessment=assessment)
    return {
        name: thing._repr_html_()
        for name, thing in {"network": network, "assessment": assessment, "case": case}.items()
    }


@pytest.mark.parametrize("name", ["network", "assessment", "case"])
def test_nothing_of_the_data_is_shown(name: str) -> None:
    text = shown()[name]
    assert "CANARY" not in text
    assert "Maria" not in text


def cells(text: str, at: int = 0) -> dict[str, list[int]]:
    table = text.split("<table")[at + 1].split("</table>", maxsplit=1)[0]
    body = table.split("<tbody>")[1]
    found = {}
    for row in body.split("<tr>")[1:]:
        head = row.split("<th>")[1].split("</th>")[0]
        found[head] = [int(part.split("</td>")[0]) for part in row.split("<td>")[1:]]
    return found


def test_the_counts_are_those_of_the_data() -> None:
    pages = shown()
    assert cells(pages["network"]) == {"person": [2], "phone": [1]}
    assert cells(pages["network"], 1) == {"recruited": [1, 1], "uses": [1, 0]}
    assert cells(pages["case"]) == {"person": [2], "phone": [1]}
    assert cells(pages["case"], 1) == {"recruiter": [1]}
    leads = cells(pages["assessment"])
    assert leads["recruiter"] == [1, 1]
    assert leads["financier"] == [0, 1]
    assert pages["network"].startswith("<p>Network of 3 entities and 2 relationships")


def test_an_empty_network_has_a_page() -> None:
    empty = named().subgraph([])
    assert empty._repr_html_() == f"<p>{repr(empty)[1:-1]}</p>"
