"""The examples run as a user runs them; the case file is the same for every order of the rows."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from networks import shared_data

import netlink as nl

EXAMPLES = Path(__file__).parents[1] / "examples"

SHUFFLED = """
import sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
import numpy as np
import quickstart
import netlink as nl
made_up = nl.datasets.synthetic_case(seed=0)
tables = [made_up.entities, made_up.relationships]
if int(sys.argv[3]):
    rng = np.random.default_rng(int(sys.argv[3]))
    tables = [t.iloc[rng.permutation(len(t))].reset_index(drop=True) for t in tables]
quickstart.main(Path(sys.argv[2]), *tables, made_up.schema)
"""


def run(*arguments: str, hash_seed: str = "0") -> str:
    done = subprocess.run(
        [sys.executable, "-W", "error", *arguments],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def digests(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.mark.slow
def test_quickstart_tells_the_story(tmp_path: Path) -> None:
    said = run(str(EXAMPLES / "quickstart.py"), str(tmp_path / "case"))
    assert "rows read" in said
    assert "Leads: recruiter" in said
    assert "What speaks for" in said
    assert {"manifest.json", "picture.png"} <= set(digests(tmp_path / "case"))
    assert (nl.export.verify(tmp_path / "case")["status"] == "ok").all()


@pytest.mark.slow
def test_the_case_file_is_the_same_bytes_whatever_the_order(tmp_path: Path) -> None:
    found = []
    for order in (0, 1, 2):
        folder = tmp_path / str(order)
        arguments = ["-c", SHUFFLED, str(EXAMPLES), str(folder / "case"), str(order)]
        folder.mkdir()
        run(*arguments, hash_seed=str(order))
        found.append(digests(folder / "case"))
    assert len(found[0]) > 8
    assert found[0] == found[1] == found[2]


@pytest.mark.slow
def test_caviar_prints_the_published_figures(tmp_path: Path) -> None:
    said = run(str(EXAMPLES / "caviar.py"), str(shared_data("caviar")), str(tmp_path / "c.png"))
    # The data set's README: undirected betweenness over the whole period.
    assert "N1 0.637  N12 0.292  N87 0.119  N76 0.115  N3 0.105" in said
    assert len([line for line in said.splitlines() if line.startswith("Phase ")]) == 11
    assert (tmp_path / "c.png").stat().st_size > 10_000


@pytest.mark.slow
def test_st_louis_balances_and_shows_people_who_are_both_apart(tmp_path: Path) -> None:
    folder = shared_data("st_louis_crime")
    said = run(str(EXAMPLES / "st_louis.py"), str(folder), str(tmp_path / "s.png"))
    # The data set's README: 870 people, 557 crimes; 569 victims, 682 suspects, 195 witnesses, 41
    # both in one crime, who count as victims and as suspects.
    assert "557 event, 870 person" in said
    for count in ("723 suspect_in", "41 created", "610 victim_in", "195 witness_in"):
        assert count in said
    # methods.md, Roles: 127 of 830 people appear as both victim and suspect.
    assert "830 people have a part in a crime" in said
    assert "127 are recorded as victim and as suspect" in said


def test_a_shuffled_table_gives_the_same_network() -> None:
    made_up = nl.datasets.synthetic_case(size=100)
    rows = made_up.relationships
    order = np.random.default_rng(0).permutation(len(rows))
    mixed = rows.iloc[order].reset_index(drop=True)
    one, other = (
        nl.read_tables(made_up.entities, table, schema=made_up.schema) for table in (rows, mixed)
    )
    nl.testing.assert_networks_equal(one, other)
