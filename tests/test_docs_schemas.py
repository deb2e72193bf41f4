"""The saved schemas of the docs give the ledgers that the page shows."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from networks import shared_data

import netlink as nl

HOW_TO = Path(__file__).parents[1] / "docs" / "how-to"
NAMES = ["st_louis_crime", "us_ht_prosecutions"]


def shown(name: str) -> list[list[str]]:
    """Rows of the ledger under the heading of a data set."""
    page = (HOW_TO / "saved-schemas.md").read_text("utf-8")
    part = page.split(f"schemas/{name}.toml")[1].split("\n## ")[0]
    rows = [
        [cell.strip() for cell in row.strip("|").split("|")]
        for row in re.findall(r"^\|.*\|$", part, re.M)
    ]
    assert rows[0] == ["table", "outcome", "detail", "rows"]
    return rows[2:]


@pytest.mark.parametrize("name", NAMES)
def test_the_saved_schemas_load_and_are_what_save_writes(name: str, tmp_path: Path) -> None:
    file = HOW_TO / "schemas" / f"{name}.toml"
    nl.Schema.load(file).save(tmp_path / "s.toml")
    assert (tmp_path / "s.toml").read_text("utf-8") == file.read_text("utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_the_page_shows_the_ledger_that_they_give(name: str) -> None:
    folder = shared_data(name)
    schema = nl.Schema.load(HOW_TO / "schemas" / f"{name}.toml")
    network = nl.read_tables(folder / "nodes.csv", folder / "edges.csv", schema=schema)
    assert network.ledger.astype(str).to_numpy().tolist() == shown(name)
    assert network.rejected.empty


def test_defendants_without_their_judges() -> None:
    folder = shared_data("us_ht_prosecutions")
    schema = nl.Schema.load(HOW_TO / "schemas" / "us_ht_prosecutions.toml")
    network = nl.read_tables(folder / "nodes.csv", folder / "edges.csv", schema=schema)
    charged = network.where(relationship_types=["suspect_in"])
    assert charged.n_relationships == 1762
    assert charged.relationships["start"].notna().sum() > 1000
