"""What the role model never reads: what a person is, in whatever column and word it stands."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import netlink as nl

ROLES = ["recruiter", "transporter", "harbourer", "exploiter", "financier"]
# What a person is, as agencies' columns are called.
ABOUT = [
    "nationality", "Nationality 2", "citizenship", "nat", "country", "birth_country", "passport",
    "ethnicity", "Ethnic Appearance", "race", "IC code", "skin", "language", "mother tongue",
    "gender", "sex", "Geschlecht", "sexual orientation", "religion", "faith", "caste", "age",
    "disability", "migration_status",
]  # fmt: skip
# Words that the model and the vocabulary use: a column of people is not to be taken for them.
TAKEN = ["victim", "role", "prior", "score", "confidence", "identified_victim", "acts", "recruited"]


@pytest.fixture(scope="module")
def case() -> nl.datasets.SyntheticCase:
    made = nl.datasets.synthetic_case(seed=3, size=120)
    # Without ids of its own a record is named by all that stands in it.
    rows = made.relationships
    return replace(made, relationships=rows.assign(number=[f"R{i}" for i in range(len(rows))]))


def everything(network: nl.Network) -> list[pd.DataFrame | str]:
    """All that an assessment says of anybody, with the people whom it names."""
    found = nl.roles.assess(network)
    said: list[pd.DataFrame | str] = [found.scores, found.calibrated_scores]
    said.append(found.safeguarding(n=20))
    said += [found.signs_of_harm(person) for person in said[2].index[:3]]  # type: ignore[union-attr]
    for role in ROLES:
        leads = found.leads(role, include_protected=True)
        said += [leads, found.leads(role)]
        for person in leads.index[:1]:
            said += [found.evidence(person, role), found.explain(person, role)]
            said.append(found.elements(person))
    return said


def same(one: list[pd.DataFrame | str], other: list[pd.DataFrame | str]) -> None:
    assert len(one) == len(other)
    for left, right in zip(one, other, strict=True):
        if isinstance(left, str) or isinstance(right, str):
            assert left == right
        else:
            pd.testing.assert_frame_equal(left, right, check_exact=True)


def places(case: nl.datasets.SyntheticCase) -> pd.Series:
    types = case.schema.entity_types
    return case.entities["category"].map(lambda word: types.get(word, word) == "location")


@pytest.fixture(scope="module")
def bare(case: nl.datasets.SyntheticCase) -> list[pd.DataFrame | str]:
    """People as codes: an id, what sort of entity, and who is protected; places in countries."""
    entities = case.entities[["ref", "category", "standing"]]
    entities = entities.assign(country=case.entities["country"].where(places(case)))
    schema = replace(case.schema, label=None, dataset=None, relationship_id="number")
    needed = [case.schema.column(name) for name in ("source", "target", "relationship_type")]
    needed.append("number")
    needed += [case.schema.column(name) for name in ("start", "end", "grade", "document")]
    return everything(nl.read_tables(entities, case.relationships[needed], schema=schema))


@pytest.mark.parametrize("turn", range(2))
def test_what_a_person_is_changes_nothing(
    turn: int, case: nl.datasets.SyntheticCase, bare: list[pd.DataFrame | str]
) -> None:
    """In columns of entities and of records, mapped and not, as text, codes and categories."""
    draw = np.random.default_rng(turn + 1)
    entities, records = case.entities.copy(), case.relationships.copy()
    for table in (entities, records):
        for name in [*ABOUT, *(TAKEN if table is entities else [])]:
            values = draw.choice(["female", "identified_victim", "Ruritanian"], len(table))
            kind = draw.integers(3)
            if name == "country" and table is entities:  # of places it is read, of nothing else
                table[name] = np.where(places(case), case.entities[name], values)
                continue
            if kind == 0:
                values = draw.integers(0, 9, len(table))
            table[name] = pd.Categorical(values) if kind == 1 else values
    # Canonical columns may carry it too: the label of a person, the system that a record is from.
    entities["what"] = draw.choice(["Ruritanian, female", "Syldavian"], len(entities))
    records["whose"] = draw.choice(["Ruritanian desk", "Syldavian desk"], len(records))
    schema = replace(case.schema, label="what", dataset="whose", relationship_id="number")
    network = nl.read_tables(entities, records, schema=schema)
    assert {*ABOUT, *TAKEN, "label"} <= set(network.entities)  # it is all there to be read
    assert {*ABOUT, "dataset"} <= set(network.relationships)
    same(everything(network), bare)


def test_no_word_for_what_a_person_is_stands_in_the_model() -> None:
    """Neither in the weights nor in any text of the code but what is said to readers."""
    words = re.compile(
        r"nationalit|citizen|ethnic|\brace\b|gender|\bsex\b|religio|country|\bbirth|\bage\b", re.I
    )
    folder = Path(nl.roles.__file__).parent
    found = []
    for path in sorted(folder.glob("*.py")):
        tree = ast.parse(path.read_text("utf-8"))
        docs = {
            id(part.body[0].value)
            for part in ast.walk(tree)
            if isinstance(part, ast.Module | ast.ClassDef | ast.FunctionDef)
            and part.body
            and isinstance(part.body[0], ast.Expr)
        }
        for part in ast.walk(tree):
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                is_read = id(part) not in docs and words.search(part.value)
                # The country of places, and `brokers` asks for nobody else's.
                is_place = (path.name, part.value) == ("brokers.py", "country")
                found += [f"{path.name}:{part.lineno}"] if is_read and not is_place else []
            if isinstance(part, ast.Attribute | ast.Name):
                name = part.attr if isinstance(part, ast.Attribute) else part.id
                found += [f"{path.name}:{part.lineno}"] if words.search(name) else []
    assert not found
    assert not words.search((folder / "model.toml").read_text("utf-8"))
