"""What the ledger says of used rows: those that repeat another, and periods that cannot be."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

import netlink as nl

ALIKE, BUT = "alike in every value", "alike but for dataset or document"
MET = {"source": "a", "target": "b", "relationship_type": "met", "start": "2024-01-02", "weight": 1}
CALL = {**MET, "relationship_type": "communicated"}


def noted(network: nl.Network) -> dict[str, int]:
    rows = network.ledger[network.ledger["outcome"].isin(["repeated", "flagged"])]
    assert (rows["table"] == "relationships").all()
    return dict(zip(rows["detail"], rows["rows"], strict=True))


def read(*rows: dict[str, Any], **terms: Any) -> nl.Network:
    return nl.read_tables(None, pd.DataFrame(list(rows)), **terms)


def test_alike_rows_are_kept_and_counted() -> None:
    network = read(
        {**MET, "document": "D1"},
        {**MET, "document": "D1"},
        {**MET, "document": "D2"},
        {**MET, "document": None},
        {**MET, "start": "2024-01", "document": "D1"},  # some day of January
        {**MET, "weight": 2.0, "document": "D1"},
    )
    assert network.n_relationships == 6
    assert network.relationships.index.is_unique
    assert noted(network) == {ALIKE: 1, BUT: 2}
    assert nl.ingest.describe(network.ledger).endswith(
        f"6 used (6 met); none set aside. Repeated and kept: 1 {ALIKE}, 2 {BUT}."
    )


def test_ends_are_turned_only_where_the_type_has_no_direction() -> None:
    back = {"source": "b", "target": "a"}
    assert noted(read(MET, {**MET, **back})) == {ALIKE: 1}
    assert noted(read(CALL, {**CALL, **back})) == {}


def test_ids_and_spellings_of_a_time_do_not_make_rows_differ() -> None:
    one = {**MET, "relationship_id": "r1", "start": "2024-01-02T10:00Z", "weight": 0.0}
    two = {**one, "relationship_id": "r2", "start": "2024-01-02 11:00+01:00", "weight": -0.0}
    assert noted(read(one, two)) == {ALIKE: 1}
    assert noted(read({**one, "seat": 4}, {**two, "seat": 5})) == {}
    assert noted(read({**one, "seats": [4, 5]}, {**two, "seats": [4, 5]})) == {ALIKE: 1}


def test_a_row_that_is_set_aside_repeats_nothing() -> None:
    network = read(MET, {**MET, "weight": -1.0}, {**MET, "weight": -1.0}, on_invalid="reject")
    assert network.n_relationships == 1
    assert noted(network) == {}


def test_events_made_of_alike_rows_are_counted_by_their_relationships() -> None:
    schema = nl.Schema(participants={"who": "involved_in"}, id_separator=";", start="day")
    bookings = pd.DataFrame({"who": ["a;b", "a;b", "a", "c"], "day": "2024-01-02"})
    assert noted(nl.read_tables(None, bookings, schema=schema)) == {ALIKE: 2}
    numbered = bookings.assign(event_id=["e1", "e2", "e3", "e3"])
    assert noted(nl.read_tables(None, numbered, schema=schema)) == {}
    again = pd.concat([numbered, numbered])
    assert noted(nl.read_tables(None, again, schema=schema)) == {ALIKE: 6}


def test_a_period_that_ends_before_it_starts_is_flagged() -> None:
    network = read(
        {**MET, "start": "2024-03-04T10:00Z", "end": "2024-03-04T09:59Z"},
        {**MET, "start": "2024-03-04T10:00Z", "end": "2024-03-04"},  # some moment of that day
        {**MET, "start": "2024-03-04", "end": "2024-03"},
        {**MET, "start": "2024-03-04", "end": "2024-02"},
        {**MET, "start": "2024-03-04", "end": None},
        {**MET, "start": None, "end": "2023"},
    )
    assert network.n_relationships == 6
    assert noted(network) == {"end is before the start": 2}
    spans = network.spans
    assert (spans["end_last"] < spans["start_first"]).tolist() == [True, False, False, True] + [
        False
    ] * 2
    assert "Kept as recorded: 2 end is before the start." in nl.ingest.describe(network.ledger)


def test_days_are_those_of_the_zone() -> None:
    late = {**MET, "start": "2024-03-04T23:30", "end": "2024-03-04"}  # 04:30 of the 5th in UTC
    schema = nl.Schema(tz="America/New_York")
    assert noted(read(late, schema=schema)) == {}


def test_systems_that_recorded_the_same_are_counted_where_they_are_combined() -> None:
    one, other = read(CALL, CALL), read(CALL)
    both = nl.transform.combine({"police": one, "ngo": other})
    assert both.n_relationships == 3
    assert noted(both) == {ALIKE: 1, BUT: 1}


def test_every_manifest_has_them() -> None:
    network = read(MET, MET, {**MET, "end": "2023"})
    case = nl.cases.build(network, around=["a"])
    folder = nl.export.bundle(case, tempfile.mkdtemp(), formats=["csv"])
    manifest = json.loads((Path(folder) / "manifest.json").read_text("utf-8"))
    stated = {(row["outcome"], row["detail"]): row["rows"] for row in manifest["input"]["ledger"]}
    assert stated["repeated", ALIKE] == 1
    assert stated["flagged", "end is before the start"] == 1


CELLS = {
    "source": st.sampled_from("ab"),
    "target": st.sampled_from("ab"),
    "relationship_type": st.sampled_from(["met", "communicated"]),
    "start": st.sampled_from([None, "2024", "2024-01-01"]),
    "weight": st.sampled_from([1.0, 2.0]),
    "document": st.sampled_from([None, "D1"]),
    "dataset": st.sampled_from([None, "police"]),
}


@given(st.lists(st.fixed_dictionaries(CELLS), min_size=1, max_size=25), st.randoms())
@settings(max_examples=12, deadline=None)
def test_the_counts_are_those_of_a_set_in_any_order(rows: list[dict[str, Any]], dice: Any) -> None:
    found = noted(read(*rows))
    whole = set()
    for row in rows:
        ends = (row["source"], row["target"])
        if row["relationship_type"] == "met":
            ends = (min(ends), max(ends))
        whole.add((*ends, *(row[name] for name in list(CELLS)[2:])))
    part = {cells[:-2] for cells in whole}
    wanted = {ALIKE: len(rows) - len(whole), BUT: len(whole) - len(part)}
    assert found == {detail: n for detail, n in wanted.items() if n}
    dice.shuffle(rows)
    assert noted(read(*rows)) == found
