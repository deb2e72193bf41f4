"""Rows with several participants, and words that mean several relationships."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import shared_data

import netlink as nl
from netlink.errors import SchemaError, TableError

if TYPE_CHECKING:
    from pathlib import Path

JOURNEYS = pd.DataFrame(
    {
        "ref": ["J1", "J2", "J3"],
        "driver": ["p1", "p2", ""],
        "passengers": ["p3; p4", None, "p3;"],
        "when": ["2024-01-03", "2024-01", "2024-02-01T10:00Z"],
        "report": ["D1", "D2", "D3"],
        "grade": ["B2", "", "A1"],
        "system": ["anpr", "anpr", "border"],
        "route": ["north", "south", None],
    }
)
SCHEMA = nl.Schema(
    participants={"driver": "involved_in", "passengers": ("victim_in", "witness_in")},
    event_id="ref",
    id_separator=";",
    start="when",
    document="report",
    dataset="system",
    grade_scheme="admiralty",
)


def claims(network: nl.Network) -> list[tuple[str, str, str, str]]:
    columns = ["source", "relationship_type", "target", "participant"]
    return sorted(network.relationships[columns].itertuples(index=False, name=None))


def balances(network: nl.Network) -> bool:
    """Rows in = rows used + rows set aside, and both agree with the tables."""
    sums = network.ledger.groupby(["table", "outcome"])["rows"].sum()
    sizes = {"entities": network.n_entities, "relationships": network.n_relationships}
    aside = network.rejected.groupby("table")["row"].nunique()
    return all(
        sums.get((table, "read"), 0) + sums.get((table, "created"), 0)
        == sums.get((table, "used"), 0) + sums.get((table, "set aside"), 0)
        and sums.get((table, "used"), 0) == size
        and sums.get((table, "set aside"), 0) == aside.get(table, 0)
        for table, size in sizes.items()
    )


# Events


def test_a_row_becomes_an_event_with_its_participants() -> None:
    network = nl.read_tables(None, JOURNEYS, schema=SCHEMA)
    assert claims(network) == [
        ("p1", "involved_in", "J1", "driver"),
        ("p2", "involved_in", "J2", "driver"),
        ("p3", "victim_in", "J1", "passengers"),
        ("p3", "victim_in", "J3", "passengers"),
        ("p3", "witness_in", "J1", "passengers"),
        ("p3", "witness_in", "J3", "passengers"),
        ("p4", "victim_in", "J1", "passengers"),
        ("p4", "witness_in", "J1", "passengers"),
    ]
    assert network.entities["entity_type"].to_dict() == {
        **dict.fromkeys(["J1", "J2", "J3"], "event"),
        **dict.fromkeys(["p1", "p2", "p3", "p4"], "person"),
    }
    rows = network.relationships.set_index("target")
    assert set(rows.loc["J1", "document"]) == {"D1"}
    assert set(rows.loc["J3", "dataset"]) == {"border"}
    assert rows.loc["J1", "confidence"].round(3).unique().tolist() == [0.765]
    assert set(rows.loc["J3", "start"]) == {pd.Timestamp("2024-02-01T10:00Z")}
    assert set(rows.loc["J1", "route"]) == {"north"}
    assert not {"driver", "passengers", "ref"} & set(rows.columns)
    assert balances(network)
    assert nl.ingest.describe(network.ledger).splitlines() == [
        "entities: 0 rows read, 3 created from rows that are events, 4 created from the ends of "
        "relationships; 7 used (3 event, 4 person); none set aside.",
        "relationships: 3 rows read, 5 created as further relationships of a row; 8 used "
        "(2 involved_in, 3 victim_in, 3 witness_in); none set aside. Cells that name "
        "no participant: 1 driver, 1 passengers.",
    ]


def test_people_who_were_in_one_event_are_tied_with_its_document() -> None:
    people = nl.transform.project(nl.read_tables(None, JOURNEYS, schema=SCHEMA), onto="person")
    ties = people.relationships
    assert {frozenset(pair) for pair in zip(ties["source"], ties["target"], strict=True)} == {
        frozenset(pair) for pair in (["p1", "p3"], ["p1", "p4"], ["p3", "p4"])
    }


def test_a_cell_is_one_id_unless_a_separator_is_declared() -> None:
    table = pd.DataFrame({"a": ["x;y"], "b": [" z "]})
    schema = nl.Schema(participants={"a": "involved_in", "b": "involved_in"})
    assert {row[0] for row in claims(nl.read_tables(None, table, schema=schema))} == {"x;y", " z "}


def test_rows_of_one_event_id_speak_of_one_event() -> None:
    table = pd.DataFrame({"event_id": ["E", "E"], "a": ["x", "y"], "document": ["1", "2"]})
    network = nl.read_tables(None, table, schema=nl.Schema(participants={"a": "involved_in"}))
    assert network.entities.index.tolist() == ["E", "x", "y"]
    assert network.relationships["document"].tolist() == ["1", "2"]
    assert network.ledger.query("outcome == 'created'")["rows"].tolist() == [1, 2]
    assert balances(network)


def test_ids_made_from_content_are_those_of_every_order_and_format(tmp_path: Path) -> None:
    table = JOURNEYS.drop(columns="ref")
    table = pd.concat([table, table.iloc[:1]], ignore_index=True)
    schema = nl.Schema(**{**vars(SCHEMA), "event_id": None})
    network = nl.read_tables(None, table, schema=schema)
    events = network.entities.query("entity_type == 'event'").index
    assert len(events) == 4  # equal rows are claims of their own
    assert events.str.fullmatch(r"e[0-9a-f]{16}(-2)?").all()
    table.to_csv(tmp_path / "j.csv", index=False)
    for other in (table.iloc[::-1], table[table.columns[::-1]], tmp_path / "j.csv"):
        again = nl.read_tables(None, other, schema=schema)
        assert again.entities.index.equals(network.entities.index)
    assert balances(network)


def test_an_own_type_of_event_and_entities_of_a_table() -> None:
    people = pd.DataFrame(
        {
            "entity_id": ["t1", "t2", "A1"],
            "entity_type": ["phone", "phone", "advert"],
            "label": ["Phone", "Phone", "An advert"],
            "times_seen": [2**60 + 1, 2, 3],
            "is_known": [True, False, True],
        }
    )
    adverts = pd.DataFrame({"event_id": ["A1", "A2"], "phone": ["t1", "t2"]})
    schema = nl.Schema(participants={"phone": "listed_in"}, event_type="advert")
    network = nl.read_tables(people, adverts, schema=schema)
    assert network.entities["entity_type"].tolist() == ["advert", "advert", "phone", "phone"]
    assert network.entities.loc["A1", "label"] == "An advert"
    assert network.entities.loc["A2", "protection_status"] == "unknown"
    assert network.entities.loc["t1", "times_seen"] == 2**60 + 1
    assert (
        network.entities.loc["t2", "is_known"] is False
        or not network.entities.loc["t2", "is_known"]
    )
    assert network.entities["times_seen"].isna().tolist() == [False, True, False, False]
    assert network.ledger.query("table == 'entities' and outcome == 'created'")[
        "rows"
    ].tolist() == [1]
    assert balances(network)


def test_entities_of_a_table_without_types() -> None:
    people = pd.DataFrame({"entity_id": ["x", "E", "lone"]})
    table = pd.DataFrame({"event_id": ["E", "F"], "a": ["x", "x"]})
    network = nl.read_tables(people, table, schema=nl.Schema(participants={"a": "suspect_in"}))
    assert network.entities["entity_type"].to_dict() == {
        "E": "event", "F": "event", "lone": "unknown", "x": "person"
    }  # fmt: skip


def test_what_stands_at_an_end_can_be_declared() -> None:
    table = pd.DataFrame({"event_id": ["E"], "driver": ["p1"], "plate": ["V1"]})
    schema = nl.Schema(
        participants={"driver": "involved_in", "plate": "involved_in"},
        end_types={"plate": "vehicle"},
    )
    network = nl.read_tables(None, table, schema=schema)
    assert network.entities["entity_type"].to_dict() == {
        "E": "event", "V1": "vehicle", "p1": "person"
    }  # fmt: skip
    calls = pd.DataFrame({"a": ["1", "2"], "b": ["2", "3"], "relationship_type": "communicated"})
    ends = {"source": "a", "target": "b"}
    for declared, kinds in (
        ({"a": "phone", "b": "phone"}, ["phone", "phone", "phone"]),
        ({"a": "phone"}, ["phone", "phone", "person"]),
        ({"a": "phone", "b": "vehicle"}, ["phone", "unknown", "vehicle"]),
    ):
        for people in (None, pd.DataFrame({"entity_id": ["1", "2", "3"]})):
            found = nl.read_tables(people, calls, schema=nl.Schema(**ends, end_types=declared))
            assert found.entities["entity_type"].tolist() == kinds
    typed = pd.DataFrame({"entity_id": ["1", "2", "3"], "entity_type": "device"})
    found = nl.read_tables(typed, calls, schema=nl.Schema(**ends, end_types={"a": "phone"}))
    assert set(found.entities["entity_type"]) == {"device"}


# Rows that cannot be used

PEOPLE = pd.DataFrame(
    {"entity_id": ["p1", "p2", "p3", "p3", "V"], "entity_type": ["person"] * 4 + ["vehicle"]}
)
BAD = pd.DataFrame(
    [
        {"ref": "E1", "driver": "p1", "passengers": "p2", "when": "2024"},
        {"ref": "E2", "driver": "p1", "passengers": "p9; p2; p8", "when": "2024"},
        {"ref": "E3", "driver": "", "passengers": " ; ", "when": "2024"},
        {"ref": "", "driver": "p1", "passengers": "", "when": "2024"},
        {"ref": None, "driver": "p1", "passengers": "", "when": "nonsense"},
        {"ref": "V", "driver": "p1", "passengers": "", "when": "2024"},
        {"ref": "E4", "driver": "E1", "passengers": "", "when": "2024"},
        {"ref": "E5", "driver": "p1", "passengers": "p1", "when": "2024"},
    ]
)
REASONS = [
    ("relationships", 1, "passengers", "no such entity"),
    ("relationships", 2, "", "row names no participant"),
    ("relationships", 3, "ref", "id is empty or blank"),
    ("relationships", 4, "ref", "id is missing"),
    ("relationships", 4, "when", "not an ISO 8601 date or time; give Schema(format=...)"),
    ("relationships", 5, "ref", "id is that of an entity which is no event"),
    ("relationships", 6, "driver", "id is that of an event too"),
    ("relationships", 6, "driver", "no such entity"),
]
BAD_SCHEMA = nl.Schema(
    participants={"driver": "involved_in", "passengers": "involved_in"},
    event_id="ref",
    id_separator=";",
    start="when",
)


def rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    return list(frame[["table", "row", "column", "reason"]].itertuples(index=False, name=None))


def test_a_row_is_used_whole_or_not_at_all() -> None:
    people = PEOPLE.drop(index=3)
    with pytest.raises(TableError) as error:
        nl.read_tables(people, BAD, schema=BAD_SCHEMA)
    assert rows(error.value.failures) == REASONS
    network = nl.read_tables(people, BAD, schema=BAD_SCHEMA, on_invalid="reject")
    assert rows(network.rejected) == REASONS
    assert network.entities.index.tolist() == ["E1", "E5", "V", "p1", "p2", "p3"]
    assert claims(network) == [
        ("p1", "involved_in", "E1", "driver"),
        ("p1", "involved_in", "E5", "driver"),
        ("p1", "involved_in", "E5", "passengers"),
        ("p2", "involved_in", "E1", "passengers"),
    ]
    assert balances(network)


def test_a_participant_or_an_event_whose_own_row_was_set_aside() -> None:
    people = pd.DataFrame({"entity_id": ["p1", "p2", "E"], "entity_type": ["person", "x", "evnt"]})
    table = pd.DataFrame({"event_id": ["D", "E"], "a": ["p2", "p1"]})
    schema = nl.Schema(participants={"a": "involved_in"})
    network = nl.read_tables(people, table, schema=schema, on_invalid="reject")
    aside = "the row of this entity was set aside"
    assert rows(network.rejected)[-2:] == [
        ("relationships", 0, "a", aside),
        ("relationships", 1, "event_id", aside),
    ]
    assert network.entities.index.tolist() == ["p1"]
    assert balances(network)


def test_numbers_with_gaps_are_no_ids() -> None:
    table = pd.DataFrame({"a": [1.0, None], "b": ["x", "y"]})
    schema = nl.Schema(participants={"a": "involved_in", "b": "involved_in"}, id_separator=";")
    network = nl.read_tables(None, table, schema=schema, on_invalid="reject")
    assert rows(network.rejected) == [("relationships", 0, "a", "id is a double, not text")]
    whole = nl.read_tables(None, table.astype({"a": "Int64"}), schema=schema)
    assert {row[0] for row in claims(whole)} == {"1", "x", "y"}


@given(
    st.lists(
        st.tuples(*[st.sampled_from(["", "p1", "p2", "p9", "p1;p2", ";p3", "E0", None])] * 2,
                  st.sampled_from(["E0", "E1", "E2", "p1", ""])),
        max_size=6,
    ),
    st.randoms(use_true_random=False),
    st.booleans(),
)  # fmt: skip
@settings(max_examples=20, deadline=None)
def test_the_ledger_balances_and_the_order_of_rows_does_not_show(
    cells: list[tuple[Any, ...]], random: Any, has_table: bool
) -> None:
    table = pd.DataFrame(cells, columns=["a", "b", "event_id"], dtype=object)
    people = PEOPLE if has_table else None
    schema = nl.Schema(
        participants={"a": ("involved_in", "suspect_in"), "b": "witness_in"}, id_separator=";"
    )
    first = nl.read_tables(people, table, schema=schema, on_invalid="reject")
    assert balances(first)
    order = random.sample(range(len(table)), len(table))
    other = nl.read_tables(people, table.iloc[order], schema=schema, on_invalid="reject")
    nl.testing.assert_networks_equal(first, other)
    assert other.ledger.equals(first.ledger)
    # Every sound row by hand: two relationships for each id in `a`, one for each in `b`.
    aside = set(first.rejected.loc[first.rejected["table"] == "relationships", "row"])
    wanted = [
        (name, kind, event, column)
        for row, (a, b, event) in enumerate(cells)
        if row not in aside
        for column, cell, kinds in (
            ("a", a, ("involved_in", "suspect_in")), ("b", b, ("witness_in",))
        )
        for name in (cell or "").split(";")
        if name
        for kind in kinds
    ]  # fmt: skip
    assert claims(first) == sorted(wanted)


# A word that means several types


def test_a_word_may_mean_several_relationships() -> None:
    table = pd.DataFrame(
        {
            "relationship_id": ["1", "2", "3", "4"],
            "source": ["p1", "p2", "p3", "p4"],
            "target": ["c1", "c1", "c2", "c2"],
            "role": ["Victim", "Victim Suspect", "", "Suspec"],
            "document": ["D1", "D2", "D3", "D4"],
        }
    )
    schema = nl.Schema(
        relationship_type="role",
        relationship_types={
            "Victim": "victim_in", "Suspect": "suspect_in",
            "Victim Suspect": ("victim_in", "suspect_in"),
        },
    )  # fmt: skip
    network = nl.read_tables(None, table, schema=schema, on_invalid="reject")
    columns = ["source", "relationship_type", "relationship_type_text", "document"]
    found = network.relationships[columns]
    assert found.loc["1"].tolist() == ["p1", "victim_in", "Victim", "D1"]
    assert found.loc["2-victim_in"].tolist() == ["p2", "victim_in", "Victim Suspect", "D2"]
    assert found.loc["2-suspect_in"].tolist() == ["p2", "suspect_in", "Victim Suspect", "D2"]
    assert found.loc["3", "relationship_type"] == "related_to"
    assert rows(network.rejected) == [
        (
            "relationships",
            3,
            "role",
            "unknown relationship type. Did you mean 'Suspect' or 'suspect_in' or 'uses'?",
        )
    ]
    assert network.n_relationships == 4
    assert network.ledger.query("outcome == 'created'")["rows"].tolist() == [5, 1]
    assert balances(network)
    clash = table.assign(relationship_id=["2-victim_in", "2", "3", "5"])
    again = nl.read_tables(None, clash, schema=schema, on_invalid="reject")
    assert set(again.rejected["row"]) == {0, 1, 3}
    assert balances(again)


def test_the_crimes_of_st_louis_are_read_directly() -> None:
    folder = shared_data("st_louis_crime")
    words = {"Victim": "victim_in", "Suspect": "suspect_in", "Witness": "witness_in"}
    schema = nl.Schema(
        relationship_type="role",
        relationship_types={**words, "Victim Suspect": ("victim_in", "suspect_in")},
    )
    network = nl.read_tables(None, folder / "edges.csv", schema=schema)
    # The data set's README: 569 victims, 682 suspects, 195 witnesses, 41 both.
    assert network.relationships["relationship_type"].value_counts().to_dict() == {
        "suspect_in": 682 + 41, "victim_in": 569 + 41, "witness_in": 195
    }  # fmt: skip
    assert network.entities["entity_type"].value_counts().to_dict() == {"person": 830, "event": 553}
    assert balances(network)


# What a schema may not say


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"participants": {"a": "involvd_in"}}, "Did you mean 'involved_in'"),
        ({"participants": {"a": ()}}, "a tuple of several different ones"),
        ({"participants": {"a": ("victim_in", "victim_in")}}, "a tuple of several different ones"),
        ({"participants": ["a"]}, "'participants' must map .*, got list"),
        ({"participants": {1: "involved_in"}}, "'participants' must map text, got a key"),
        ({"participants": {"a": "met"}}, "'met', which leads to .*, never to the"),
        ({"participants": {"a": "involved_in"}, "source": "a"}, "'source' cannot be mapped"),
        ({"participants": {"a": "involved_in"}, "event_id": "a"}, r"\['a'\] are mapped more than"),
        ({"participants": {"document": "involved_in"}}, "'document' is mapped to something else"),
        ({"participants": {"a": "involved_in"}, "event_type": "evnt"}, "Did you mean 'event'"),
        ({"participants": {"a": "involved_in"}, "id_separator": " "}, "'id_separator' must be"),
        ({"end_types": {"sorce": "phone"}}, "names the column 'sorce'.*Did you mean 'source'"),
        ({"end_types": {"source": "phon"}}, "Did you mean 'phone'"),
        ({"participants": {"a": "victim_in"}, "end_types": {"a": "vehicle"}}, "starts from"),
        ({"event_id": "ref"}, "'event_id' is for rows that are events"),
        ({"id_separator": ";"}, "'id_separator' is for rows that are events"),
        ({"entity_types": {"a": ("person", "phone")}}, "each word to one of the vocabulary's"),
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        nl.Schema(**arguments)


def test_columns_may_be_called_as_netlink_calls_what_events_lack() -> None:
    table = pd.DataFrame({"source": ["p1"], "target": ["p2"], "relationship_id": ["7"]})
    schema = nl.Schema(participants={"source": "suspect_in", "target": "victim_in"})
    network = nl.read_tables(None, table, schema=schema)
    assert [row[::3] for row in claims(network)] == [("p1", "source"), ("p2", "target")]
    assert set(network.relationships["relationship_id_in_table"]) == {"7"}


def test_a_column_of_participants_that_is_not_there() -> None:
    schema = nl.Schema(participants={"driver": "involved_in"})
    with pytest.raises(SchemaError, match=r"'driver'.*Did you mean 'drivr'.*participants=\.\.\."):
        nl.read_tables(None, pd.DataFrame({"drivr": ["p1"], "weight": 1}), schema=schema)


# Personal data

CANARY = "Zebedee Quux"


@pytest.mark.parametrize("bad", [CANARY, f"{CANARY} 9", 987654321.125, {CANARY: 1}, "", None])
@pytest.mark.parametrize("column", ["event_id", "driver", "start", "weight"])
def test_no_error_shows_a_value(
    column: str, bad: object, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    table = pd.DataFrame(
        {"event_id": f"{CANARY} e", "driver": f"{CANARY} 0", "start": "2024", "weight": "1"},
        index=range(3),
    ).astype(object)
    table.loc[1, column] = None
    table.at[1, column] = bad
    people = pd.DataFrame({"entity_id": [f"{CANARY} 0"], "entity_type": "person"})
    schema = nl.Schema(participants={"driver": "involved_in"}, id_separator=";")
    shown = []
    try:
        nl.read_tables(people, table, schema=schema)
    except nl.errors.NetlinkError as error:
        shown += [*traceback.format_exception(error), repr(error)]
        shown.append(getattr(error, "failures", pd.DataFrame()).to_string())
    network = nl.read_tables(people, table, schema=schema, on_invalid="reject")
    assert balances(network)
    shown += [caplog.text, *capsys.readouterr(), repr(network), nl.ingest.describe(network.ledger)]
    for text in shown:
        assert "Zebedee" not in text
        assert "98765" not in text
