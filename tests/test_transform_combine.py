"""Networks of several systems in one: ids checked, protection kept, nothing lost uncounted."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import networks, random_network, shuffled

import netlink as nl
from netlink import vocabulary
from netlink.errors import ArgumentError


def system(
    people: dict[str, dict[str, Any]], claims: list[tuple[str, str]], **columns: Any
) -> nl.Network:
    entities = pd.DataFrame.from_dict(people, orient="index").rename_axis("entity_id").reset_index()
    rows = pd.DataFrame(claims, columns=["source", "target"]).assign(
        relationship_type="met", **columns
    )
    return nl.read_tables(entities, rows, on_invalid="reject")


PERSON = {"entity_type": "person"}
POLICE = system(
    {"p1": {**PERSON, "label": "Ann", "age": 30, "protection_status": "none"},
     "p2": {**PERSON, "label": None, "age": 40, "protection_status": "unknown"},
     "p3": {"entity_type": "unknown", "label": "Cem", "age": 50, "protection_status": "unknown"}},
    [("p1", "p2"), ("p1", "p3"), ("p1", "p9")],
    dataset=["crime", None, None], times=[1, 2, 3],
)  # fmt: skip
NGO = system(
    {"p1": {**PERSON, "label": "Anna", "protection_status": "potential_victim"},
     "p2": {**PERSON, "label": "Bea", "protection_status": "none"},
     "p3": {**PERSON, "label": "Cem", "protection_status": "unknown"},
     "p4": {**PERSON, "label": "Dan", "protection_status": "child"}},
    [("p4", "p1")], document=["D1"], is_sure=[True],
)  # fmt: skip


def test_two_systems_in_one() -> None:
    both = nl.transform.combine({"police": POLICE, "ngo": NGO})
    assert both.entities.index.tolist() == ["p1", "p2", "p3", "p4"]
    assert both.entities["entity_type"].tolist() == ["person"] * 4
    assert both.entities["label"].tolist() == ["Ann", "Bea", "Cem", "Dan"]
    assert both.entities["protection_status"].tolist() == [
        "potential_victim", "none", "unknown", "child"
    ]  # fmt: skip
    assert both.entities["age"].tolist()[:3] == [30, 40, 50]
    assert pd.isna(both.entities["age"].iloc[3])
    rows = both.relationships
    assert rows[["source", "target", "dataset"]].values.tolist() == [
        ["p1", "p2", "crime"], ["p1", "p3", "police"], ["p4", "p1", "ngo"]
    ]  # fmt: skip
    assert rows["times"].dtype == "Int64"
    assert rows["is_sure"].dtype == "boolean"
    assert rows["document"].isna().tolist() == [True, True, False]
    assert both.is_protected.tolist() == [True, False, False, True]
    assert both.rejected[["row", "reason", "dataset"]].values.tolist() == [
        [2, "no such entity", "police"]
    ]


def test_the_ledger_is_the_sum_and_counts_what_was_joined() -> None:
    both = nl.transform.combine({"police": POLICE, "ngo": NGO})
    sums = both.ledger.groupby(["table", "outcome"])["rows"].sum()
    assert sums["entities", "read"] == 7
    assert sums["entities", "used"] - sums["entities", "joined"] == both.n_entities
    assert sums["relationships", "read"] == sums["relationships", "used"] + 1 == 4
    assert nl.ingest.describe(both.ledger).splitlines() == [
        "entities: 7 rows read; 7 used (6 person, 1 unknown); none set aside. 3 joined with that "
        "of an earlier network. Where it says something else: 1 label, 2 protection_status.",
        "relationships: 4 rows read; 3 used (3 met); 1 set aside (1 no such entity).",
    ]


def test_the_order_of_systems_decides_only_what_differs() -> None:
    one = nl.transform.combine({"police": POLICE, "ngo": NGO})
    other = nl.transform.combine({"ngo": NGO, "police": POLICE})
    assert other.entities["label"].tolist() == ["Anna", "Bea", "Cem", "Dan"]
    alike = [n.entities.drop(columns="label")[["entity_type", "protection_status"]]
             for n in (one, other)]  # fmt: skip
    pd.testing.assert_frame_equal(*alike)
    assert set(one.relationships.index) == set(other.relationships.index)


def test_ids_of_the_tables_are_kept_apart_by_system() -> None:
    first = system({"a": PERSON, "b": PERSON}, [("a", "b")], relationship_id=["1"])
    second = system({"a": PERSON, "c": PERSON}, [("a", "c")], relationship_id=["1"])
    both = nl.transform.combine({"x": first, "y": second})
    assert both.relationships.index.tolist() == ["x:1", "y:1"]
    mixed = nl.transform.combine({"x": first, "kite": nl.datasets.krackhardt_kite()})
    assert mixed.relationships.index.is_unique
    assert mixed.relationships.index[1].startswith("kite:")


@pytest.mark.slow
@given(networks(weighted=True), networks(weighted=True), st.integers(0, 99))
@settings(max_examples=10, deadline=None)
def test_nothing_is_lost_and_the_order_of_rows_does_not_show(
    one: nl.Network, other: nl.Network, seed: int
) -> None:
    both = nl.transform.combine({"one": one, "other": other})
    assert set(both.entities.index) == set(one.entities.index) | set(other.entities.index)
    assert both.n_relationships == one.n_relationships + other.n_relationships
    assert both.relationships["weight"].sum() == pytest.approx(
        one.relationships["weight"].sum() + other.relationships["weight"].sum()
    )
    mixed = {"one": shuffled(one, seed, flip=False), "other": shuffled(other, seed, flip=False)}
    again = nl.transform.combine(mixed)
    pd.testing.assert_frame_equal(again.entities, both.entities)
    pd.testing.assert_frame_equal(
        again.relationships.sort_index(), nl.transform.combine(
            {"one": shuffled(one, seed + 1, flip=False), "other": shuffled(other, 5, flip=False)}
        ).relationships.sort_index(),
    )  # fmt: skip


def test_degrees_add_up_where_no_id_is_shared() -> None:
    one, other = random_network(1), random_network(2)
    rows = other.relationships.reset_index()
    rows[["source", "target"]] = "q" + rows[["source", "target"]]
    people = other.entities.reset_index()
    people["entity_id"] = "q" + people["entity_id"]
    moved = nl.read_tables(people, rows)
    both = nl.transform.combine({"one": one, "other": moved})
    degree = nl.centrality.degree(both)
    assert degree[one.entities.index].tolist() == nl.centrality.degree(one).tolist()
    assert degree[moved.entities.index].tolist() == nl.centrality.degree(moved).tolist()
    assert both.n_components == one.n_components + moved.n_components


def test_an_empty_network_changes_no_types() -> None:
    empty = nl.read_tables(None, pd.DataFrame({"source": [], "target": [], "times": []}))
    both = nl.transform.combine({"empty": empty, "police": POLICE})
    assert both.relationships["times"].tolist() == [1, 2]
    assert both.n_entities == 3


# What is refused

CANARY = "Zebedee Quux"


def test_an_id_of_two_types_is_refused_without_showing_it() -> None:
    person = system({CANARY: PERSON, "b": PERSON}, [(CANARY, "b")])
    phone = system({CANARY: {"entity_type": "phone"}, "b": PERSON}, [(CANARY, "b")])
    with pytest.raises(ArgumentError, match=r"1 ids stand for .*\(person, phone\)") as error:
        nl.transform.combine({"one": person, "other": phone})
    assert "Zebedee" not in str(error.value)


def test_columns_of_two_kinds_are_refused() -> None:
    one = system({"a": PERSON}, [("a", "a")], amount=[5])
    other = system({"a": PERSON}, [("a", "a")], amount=[CANARY])
    with pytest.raises(ArgumentError, match="'amount' of the relationships holds numbers and text"):
        nl.transform.combine({"one": one, "other": other})


@pytest.mark.parametrize(
    ("given_", "message"),
    [
        ([POLICE, NGO], "must map the names of at least two systems"),
        ({"police": POLICE}, "at least two systems"),
        ({"a:b": POLICE, "ngo": NGO}, "text without a colon"),
        ({1: POLICE, "ngo": NGO}, "text without a colon"),
        ({"police": POLICE, "ngo": "NGO"}, "must hold networks, got str for 'ngo'"),
    ],
)
def test_bad_arguments(given_: Any, message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        nl.transform.combine(given_)


def test_other_words_are_refused() -> None:
    own = vocabulary.on_default({"roles": {"forger": {"label": "Forger"}}})
    rows = pd.DataFrame({"source": ["a"], "target": ["b"]})
    other = nl.read_tables(None, rows, schema=nl.Schema(vocabulary=own))
    with pytest.raises(ArgumentError, match="one vocabulary"):
        nl.transform.combine({"police": POLICE, "other": other})
