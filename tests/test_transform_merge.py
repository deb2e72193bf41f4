"""References joined by judgement and taken apart; parallel relationships put together."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, shuffled

import netlink as nl
from netlink.transform import merge_entities, simplify, split_entities

PEOPLE = pd.DataFrame(
    {
        "entity_id": ["p1", "p2", "p3", "t1"],
        "entity_type": ["person", "person", "person", "phone"],
        "label": [None, "Ann", "Anna", None],
        "protection_status": ["none", "unknown", "child", "unknown"],
        "born": [None, 1990, 1991, None],
    }
)
ROWS = pd.DataFrame(
    {
        "relationship_id": ["a", "b", "c", "d"],
        "source": ["p2", "p3", "p1", "p1"],
        "target": ["t1", "p1", "p3", "t1"],
        "relationship_type": ["uses", "same_as", "knows", "uses"],
        "document": ["D1", "D2", "D3", "D4"],
    }
)


def whole() -> nl.Network:
    return nl.read_tables(PEOPLE, ROWS)


def test_references_become_one_by_same_as() -> None:
    merged = merge_entities(whole())
    assert merged.entities.index.tolist() == ["p1", "p2", "t1"]
    ann = merged.entities.loc["p1"]
    assert ann[["label", "protection_status", "born"]].tolist() == ["Anna", "child", 1991]
    rows = merged.relationships
    assert rows.loc["b", ["source", "target", "document"]].tolist() == ["p1", "p1", "D2"]
    assert rows.loc["c", ["source_reference", "target_reference"]].isna().tolist() == [True, False]
    assert rows.loc["c", "target_reference"] == "p3"
    assert merged.merged["merged_into"].to_dict() == {"p1": "p1", "p3": "p1"}
    assert merged.is_protected["p1"]


def test_a_judgement_given_is_a_row_with_who_and_when() -> None:
    said = pd.DataFrame(
        {"source": ["p2"], "target": ["p3"], "document": ["note 7"], "start": ["2024-05"]}
    )
    merged = merge_entities(whole(), judgements=said)
    assert merged.entities.index.tolist() == ["p1", "t1"]
    row = merged.relationships.query("document == 'note 7'").iloc[0]
    assert (row["relationship_type"], row["start_precision"]) == ("same_as", "month")
    assert (row["source_reference"], row["target_reference"]) == ("p2", "p3")
    apart = split_entities(merged)
    assert apart.n_entities == 4
    assert apart.relationships.loc[row.name, ["source", "target"]].tolist() == ["p2", "p3"]
    pd.testing.assert_frame_equal(apart.entities, whole().entities)
    assert merge_entities(apart).n_entities == 2


def test_judgements_that_cannot_be_are_refused() -> None:
    ends = pd.DataFrame({"source": ["p1"], "target": ["CANARY"]})
    with pytest.raises(nl.errors.TableError, match="no such entity") as caught:
        merge_entities(whole(), judgements=ends)
    assert "CANARY" not in str(caught.value)
    ends["target"] = "t1"
    with pytest.raises(nl.errors.ArgumentError, match="1 of 1 'judgements' join entities of diff"):
        merge_entities(whole(), judgements=ends)
    ends = ends.assign(target="p2", relationship_id="a")
    with pytest.raises(nl.errors.ArgumentError, match="relationship ids that the network has"):
        merge_entities(whole(), judgements=ends)
    with pytest.raises(nl.errors.ArgumentError, match="merged already"):
        merge_entities(merge_entities(whole()))


def test_a_part_comes_apart() -> None:
    part = merge_entities(whole()).where(entity_types=["person"])
    again = split_entities(part)
    nl.testing.assert_networks_equal(again, whole().where(entity_types=["person"]))
    lone = merge_entities(whole()).subgraph(["p2", "t1"])
    nl.testing.assert_networks_equal(split_entities(lone), whole().subgraph(["p2", "t1"]))
    assert split_entities(whole()).n_entities == 4


@pytest.mark.slow
@given(networks(), st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=4))
@settings(max_examples=30, deadline=None)
def test_what_is_merged_comes_apart(network: nl.Network, pairs: list[tuple[int, int]]) -> None:
    ids = network.entities.index
    same = [(ids[a % len(ids)], ids[b % len(ids)]) for a, b in pairs]
    rows = pd.concat(
        [
            network.relationships,
            pd.DataFrame(same, columns=["source", "target"]).assign(relationship_type="same_as"),
        ]
    )[["source", "target", "relationship_type"]]
    joined = nl.read_tables(network.entities.reset_index(), rows.reset_index(drop=True))
    merged = merge_entities(joined)
    assert merged.n_entities == len(set(joined.references))
    assert merged.n_relationships == joined.n_relationships
    nl.testing.assert_networks_equal(split_entities(merged), joined)
    nl.testing.assert_networks_equal(merge_entities(shuffled(joined, 1, flip=False)), merged)


# Parallel relationships


def test_parallel_relationships_are_one_tie_that_names_them() -> None:
    people = pd.DataFrame({"entity_id": ["a", "b", "c"], "entity_type": "person"})
    rows = pd.DataFrame(
        {
            "relationship_id": ["r3", "r1", "r2", "r4"],
            "source": ["a", "b", "a", "a"],
            "target": ["b", "a", "b", "b"],
            "relationship_type": ["met", "met", "paid", "met"],
            "weight": [1.0, 2.5, 1.0, 0.5],
            "start": ["2024-03", "2024-05-01", None, None],
            "end": [None, None, None, "2024-06"],
            "confidence": [0.5, 0.9, None, None],
            "handling": ["P", "C", None, "P"],
            "dataset": ["X", "X", "Y", "X"],
            "document": ["D2", "D1", None, "D2"],
        }
    )
    network = nl.read_tables(people, rows)
    found = simplify(network)
    assert found.n_entities == 3
    table = found.relationships.set_index("relationship_type")
    met, paid = table.loc["met"], table.loc["paid"]
    assert met[["source", "target", "weight", "n_relationships"]].tolist() == ["a", "b", 4.0, 3]
    assert list(met["relationship_ids"]) == ["r1", "r3", "r4"]
    assert list(met["documents"]) == ["D1", "D2"]
    assert met[["start_precision", "end_precision"]].tolist() == ["month", "month"]
    assert (met["start"].month, met["end"].month) == (3, 6)
    assert met[["confidence", "handling", "dataset"]].tolist() == [0.9, "C; P", "X"]
    assert pd.isna(met["document"])
    assert list(paid["documents"]) == []
    assert pd.isna(paid["confidence"])


@pytest.mark.slow
@given(networks(weighted=True, directed=True), st.integers(0, 5))
@settings(max_examples=25, deadline=None)
def test_strengths_stay_and_every_record_is_behind_one_tie(network: nl.Network, seed: int) -> None:
    found = simplify(network)
    assert (found.to_scipy() != network.to_scipy()).nnz == 0
    records = [name for names in found.relationships["relationship_ids"] for name in names]
    assert sorted(records) == sorted(network.relationships.index)
    assert found.relationships["n_relationships"].sum() == network.n_relationships
    assert not found.relationships.duplicated(["source", "target", "relationship_type"]).any()
    again = simplify(shuffled(network, seed)).relationships.sort_index()
    pd.testing.assert_frame_equal(again, found.relationships.sort_index())
    twice = simplify(found).relationships
    assert twice.index.tolist() == found.relationships.index.tolist()


def test_nothing_to_simplify() -> None:
    assert simplify(network_of([], entities=["a"])).n_relationships == 0
