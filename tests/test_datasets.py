"""The synthetic case is the same everywhere, balanced and silent; the known networks are known."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest

import netlink as nl

ROLES = ["recruiter", "transporter", "harbourer", "exploiter", "financier"]
# Tables of seed 0 with 200 people; the same for every hash seed and machine.
GOLDEN = "37807d93059e1dd2f8755b4e85612aba27744b42096a12b08094ef339a8c7f44"


def tables(case: nl.datasets.SyntheticCase) -> tuple[pd.DataFrame, ...]:
    return case.entities, case.relationships, case.answers.reset_index()


def digest(case: nl.datasets.SyntheticCase) -> str:
    text = "".join(table.to_csv(index=False, lineterminator="\n") for table in tables(case))
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture(scope="module")
def case() -> nl.datasets.SyntheticCase:
    return nl.datasets.synthetic_case(seed=0, size=200)


def test_the_same_seed_gives_the_same_tables(case: nl.datasets.SyntheticCase) -> None:
    assert digest(case) == GOLDEN
    assert digest(nl.datasets.synthetic_case(seed=0, size=200)) == GOLDEN


@pytest.mark.parametrize("hash_seed", ["1", "4242"])
def test_the_hash_seed_changes_nothing(hash_seed: str) -> None:
    code = (
        "import hashlib, netlink as nl\n"
        "for scenario in ('default', 'mixed'):\n"
        "    c = nl.datasets.synthetic_case(scenario=scenario, seed=0, size=200)\n"
        "    t = (c.entities, c.relationships, c.answers.reset_index())\n"
        "    text = ''.join(x.to_csv(index=False, lineterminator='\\n') for x in t)\n"
        "    print(hashlib.sha256(text.encode()).hexdigest())"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    mixed = digest(nl.datasets.synthetic_case(scenario="mixed", seed=0, size=200))
    assert done.stdout.split() == [GOLDEN, mixed]


def test_another_seed_gives_other_tables(case: nl.datasets.SyntheticCase) -> None:
    other = nl.datasets.synthetic_case(seed=1, size=200)
    assert digest(other) != digest(case)
    assert len(other.answers) == len(case.answers) == 200


def test_the_schema_reads_every_row(case: nl.datasets.SyntheticCase) -> None:
    network = nl.read_tables(
        case.entities, case.relationships, schema=case.schema, on_invalid="reject"
    )
    assert len(network.rejected) == 0
    assert network.n_entities == len(case.entities)
    assert network.n_relationships == len(case.relationships)


def test_every_person_has_an_answer(case: nl.datasets.SyntheticCase) -> None:
    people = case.entities.loc[case.entities["category"] == "PERS", "ref"]
    assert case.answers.index.is_unique
    assert set(case.answers.index) == set(people)
    assert list(case.answers.columns) == [*ROLES, "victim", "ring", "lookalike"]
    in_ring = case.answers[[*ROLES, "victim"]].any(axis=1)
    assert (case.answers["ring"].notna() == in_ring).all()
    assert not (case.answers["lookalike"].notna() & in_ring).any()


def test_there_are_rings_victims_and_lookalikes() -> None:
    answers = nl.datasets.synthetic_case(seed=2, size=600).answers
    assert answers["ring"].nunique() >= 2
    assert (
        answers[["recruiter", "transporter", "harbourer", "exploiter", "victim"]].sum() > 0
    ).all()
    assert {"employment agent", "taxi driver", "landlord", "outreach worker"} <= set(
        answers["lookalike"].dropna()
    )


def contents(case: nl.datasets.SyntheticCase) -> pd.Series:
    """Count rows by what they say."""
    return (
        case.relationships.astype(object)
        .fillna("")
        .astype(str)
        .agg("\t".join, axis=1)
        .value_counts()
    )


def test_a_smaller_share_keeps_a_part_of_the_same_records() -> None:
    counts = []
    for share in (0.2, 0.5, 1.0):
        counts.append(contents(nl.datasets.synthetic_case(seed=3, size=150, recorded=share)))
    for part, whole in pairwise(counts):
        assert part.sum() < whole.sum()
        assert (whole.reindex(part.index).fillna(0) >= part).all()


@pytest.mark.slow
def test_more_statements_keep_the_ones_there_were() -> None:
    few, many = (
        nl.datasets.synthetic_case(seed=3, size=400, statements=share) for share in (0.2, 0.8)
    )
    told = [contents(c).filter(like="\tST-") for c in (few, many)]
    assert 0 < told[0].sum() < told[1].sum()
    assert (told[1].reindex(told[0].index).fillna(0) >= told[0]).all()


def test_without_statements_no_act_is_recorded() -> None:
    case = nl.datasets.synthetic_case(seed=0, size=150, statements=0.0)
    assert not case.relationships["link"].str.startswith("ST-").any()


def test_with_nothing_recorded_and_told_there_are_people_alone() -> None:
    case = nl.datasets.synthetic_case(seed=0, size=100, recorded=0.0, statements=0.0)
    assert len(case.relationships) == 0
    assert set(case.entities["category"]) == {"PERS"}
    assert nl.read_tables(case.entities, case.relationships, schema=case.schema).n_isolates == 100


def test_identifiers_say_nothing() -> None:
    z = []
    for seed in range(6):
        answers = nl.datasets.synthetic_case(seed=seed, size=500).answers
        place = np.arange(len(answers)) / len(answers)
        for column in (answers["victim"], answers[ROLES].any(axis=1), answers["lookalike"].notna()):
            z.append((place[column].mean() - 0.5) * np.sqrt(12 * column.sum()))
    # Standard scores of 18 independent means: none is far off, nor are they together.
    assert np.abs(z).max() < 3.5
    assert abs(np.mean(z)) * np.sqrt(len(z)) < 3.5


def test_documents_stand_in_an_order_that_says_nothing(case: nl.datasets.SyntheticCase) -> None:
    rows = case.relationships.drop_duplicates("report")
    number = rows["report"].str.removeprefix("D-").astype(int)
    is_told = rows["link"].str.startswith("ST-")
    assert is_told.any()
    assert abs(np.corrcoef(number, is_told)[0, 1]) < 0.1


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"seed": 1.0}, "'seed' must be an integer, got float."),
        ({"seed": True}, "'seed' must be an integer, got bool."),
        ({"size": "200"}, "'size' must be an integer, got str."),
        ({"size": 99}, "'size' must be at least 100 people, got 99."),
        ({"recorded": 1.5}, "'recorded' must be a number from 0 to 1, got 1.5."),
        ({"recorded": float("nan")}, "'recorded' must be a number from 0 to 1, got nan."),
        ({"statements": -0.1}, "'statements' must be a number from 0 to 1, got -0.1."),
        ({"statements": True}, "'statements' must be a number from 0 to 1, got True."),
    ],
)
def test_arguments_are_refused(arguments: dict[str, Any], says: str) -> None:
    with pytest.raises(nl.errors.ArgumentError) as caught:
        nl.datasets.synthetic_case(**arguments)
    assert str(caught.value) == says


def test_the_repr_counts(case: nl.datasets.SyntheticCase) -> None:
    assert repr(case).startswith("<SyntheticCase of 200 people, ")


@pytest.mark.parametrize(
    ("name", "entities", "ties"),
    [
        ("florentine_families", 15, 20),  # Padgett & Ansell 1993, the family without ties left out
        ("karate_club", 34, 78),  # Zachary 1977
        ("krackhardt_kite", 10, 18),  # Krackhardt 1990
    ],
)
def test_known_networks_have_their_published_sizes(name: str, entities: int, ties: int) -> None:
    network = getattr(nl.datasets, name)()
    assert (network.n_entities, network.n_relationships) == (entities, ties)
    assert network.n_components == 1
    assert set(network.entities["entity_type"]) == {"person"}
