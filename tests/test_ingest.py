"""Tables to a network: every failure at once, a ledger that balances, and no value in a message."""

from __future__ import annotations

import logging
import traceback
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import shuffled

import netlink as nl
from netlink import vocabulary

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA = nl.Schema(grade_scheme="admiralty", tz="Europe/London")
PEOPLE = pd.DataFrame(
    {
        "entity_id": ["p1", "p1", "p2", None, " ", "p3", "p4", "p5"],
        "entity_type": ["person", "phone", "person", "person", "person", "persn", "phone", None],
        "label": ["Ann", "Bea", "Cem", "Dan", "Eva", "Fay", "Gil", ""],
        "protection_status": ["none", "none", "", "child", "child", "chld", "child", "witness"],
    }
)
GOOD = {"source": "p1", "target": "p2", "relationship_type": "met", "weight": "1", "start": "2024"}
CLAIMS = pd.DataFrame(
    [
        GOOD,
        GOOD,
        {**GOOD, "source": "p9"},
        {**GOOD, "target": "p3"},
        {**GOOD, "target": None, "source": ""},
        {**GOOD, "relationship_type": "mett", "weight": "-1", "start": "2024-02-30"},
        {**GOOD, "weight": "inf", "start": "2024-10-27T01:30"},
        {**GOOD, "confidence": "1.2", "grade": "Z9"},
        {**GOOD, "target": "p4", "grade": "B2"},
        {**GOOD, "source": "p4", "target": "p5", "weight": ""},
    ]
)
FAILURES = [
    ("entities", 1, "entity_id", "id is given more than once"),
    ("entities", 3, "entity_id", "id is missing"),
    ("entities", 4, "entity_id", "id is empty or blank"),
    ("entities", 5, "entity_type", "unknown entity type. Did you mean 'person'?"),
    ("entities", 5, "protection_status", "unknown protection status. Did you mean 'child'?"),
    ("relationships", 2, "source", "no such entity"),
    ("relationships", 3, "target", "the row of this entity was set aside"),
    ("relationships", 4, "source", "id is empty or blank"),
    ("relationships", 4, "target", "id is missing"),
    ("relationships", 5, "relationship_type", "unknown relationship type. Did you mean 'met'?"),
    ("relationships", 5, "start", "no such date or time"),
    ("relationships", 5, "weight", "weight is negative"),
    (
        "relationships",
        6,
        "start",
        "local time is ambiguous or impossible (change of the clocks)",
    ),
    ("relationships", 6, "weight", "weight is not a finite number"),
    ("relationships", 7, "confidence", "confidence is not in 0 to 1"),
    ("relationships", 7, "grade", "grade is not one of the scheme 'admiralty'"),
    ("relationships", 9, "weight", "weight is missing"),
]


def rows(frame: pd.DataFrame) -> list[tuple[Any, ...]]:
    columns = ["table", "row", "column", "reason"]
    return list(frame[columns].itertuples(index=False, name=None))


def balances(network: nl.Network) -> bool:
    """Rows in = rows used + rows set aside, and both agree with the tables."""
    sums = network.ledger.groupby(["table", "outcome"])["rows"].sum()
    aside = network.rejected.groupby("table")["row"].nunique()
    return all(
        sums.get((table, "read"), 0) + sums.get((table, "created"), 0)
        == sums.get((table, "used"), 0) + sums.get((table, "set aside"), 0)
        and sums.get((table, "used"), 0) == used
        and sums.get((table, "set aside"), 0) == aside.get(table, 0)
        for table, used in (
            ("entities", network.n_entities),
            ("relationships", network.n_relationships),
        )
    )


# All at once, either way


def test_all_failures_are_raised_at_once() -> None:
    with pytest.raises(nl.errors.TableError) as error:
        nl.read_tables(PEOPLE, CLAIMS, schema=SCHEMA)
    assert rows(error.value.failures) == FAILURES
    assert str(error.value).startswith("11 rows cannot be used:\n  entities, column 'entity_id': ")


def test_the_same_rows_are_set_aside_with_their_records() -> None:
    network = nl.read_tables(PEOPLE, CLAIMS, schema=SCHEMA, on_invalid="reject")
    assert rows(network.rejected) == FAILURES
    assert '"label": "Dan"' in network.rejected["record"].iloc[1]
    assert network.entities.index.tolist() == ["p1", "p2", "p4", "p5"]
    assert network.entities["entity_type"].tolist() == ["person", "person", "phone", "unknown"]
    assert network.relationships[["source", "target"]].values.tolist() == [
        ["p1", "p2"],
        ["p1", "p2"],
        ["p1", "p4"],
    ]
    assert network.relationships["confidence"].tolist()[2] == pytest.approx(0.765)
    assert balances(network)
    assert nl.ingest.describe(network.ledger).splitlines() == [
        "entities: 8 rows read; 4 used (2 person, 1 phone, 1 unknown); 4 set aside (1 id is empty "
        "or blank, 1 id is given more than once, 1 id is missing, 1 unknown entity type. Did you "
        "mean 'person'?).",
        "relationships: 10 rows read; 3 used (3 met); 7 set aside (1 confidence is not in 0 to 1, "
        "1 id is empty or blank, 1 local time is ambiguous or impossible (change of the clocks), "
        "1 no such entity, 1 the row of this entity was set aside, 1 unknown relationship type. "
        "Did you mean 'met'?, 1 weight is missing). Repeated and kept: 1 alike in every value.",
    ]


@given(st.permutations(range(len(PEOPLE))), st.permutations(range(len(CLAIMS))))
@settings(max_examples=8, deadline=None)
def test_what_is_accepted_does_not_depend_on_the_order_of_rows(
    people: list[int], claims: list[int]
) -> None:
    first = nl.read_tables(PEOPLE, CLAIMS, schema=SCHEMA, on_invalid="reject")
    other = nl.read_tables(
        PEOPLE.iloc[people], CLAIMS.iloc[claims], schema=SCHEMA, on_invalid="reject"
    )
    nl.testing.assert_networks_equal(first, other)
    place = {"entities": people, "relationships": claims}
    moved = [(table, place[table][row], *rest) for table, row, *rest in rows(other.rejected)]
    assert sorted(moved) == FAILURES
    assert other.ledger.equals(first.ledger)
    assert balances(other)


def test_a_repeated_relationship_id_is_a_failure() -> None:
    claims = pd.DataFrame(
        {"relationship_id": ["r1", "r1", "r2", None], "source": ["b", "a", "a", "a"], "target": "c"}
    )
    for order in ([0, 1, 2, 3], [3, 2, 1, 0]):
        network = nl.read_tables(None, claims.iloc[order], on_invalid="reject")
        assert network.relationships.sort_index()["source"].to_dict() == {"r1": "a", "r2": "a"}
        assert set(network.rejected["reason"]) == {"id is given more than once", "id is missing"}


def test_a_failed_row_does_not_push_out_a_sound_one_of_the_same_id() -> None:
    people = pd.DataFrame({"entity_id": ["p1", "p1"], "entity_type": ["aaa", "person"]})
    claims = pd.DataFrame({"source": ["p1"], "target": ["p1"]})
    network = nl.read_tables(people, claims, on_invalid="reject")
    assert rows(network.rejected) == [("entities", 0, "entity_type", "unknown entity type.")]
    assert network.n_relationships == 1


# Entities from the ends


def test_entities_are_made_and_typed_from_the_ends() -> None:
    claims = pd.DataFrame(
        [
            ("ann", "555", "uses"),
            ("ann", "bea", "knows"),
            ("555", "556", "communicated"),
            ("7", "ann", "recruited"),
            ("ann", "7", "resides_at"),
            ("gone", None, "knows"),
        ],
        columns=["source", "target", "relationship_type"],
    )
    network = nl.read_tables(None, claims, on_invalid="reject")
    # The person 7 and the address 7 carry one id: what it is, is not known.
    kinds = network.entities["entity_type"].to_dict()
    assert set(kinds) == {"ann", "bea", "555", "556", "7"}
    assert (kinds["ann"], kinds["bea"], kinds["7"]) == ("person", "person", "unknown")
    assert network.entities["protection_status"].unique().tolist() == ["unknown"]
    assert balances(network)
    assert network.ledger.iloc[1].tolist()[1:] == ["created", "from the ends of relationships", 5]
    assert nl.ingest.describe(network.ledger).startswith("entities: 0 rows read, 5 created")
    assert [network.ids[int(code)].as_py() for code in network.codes[0]] == claims["source"][
        :5
    ].tolist()


def test_entities_without_a_type_column_are_typed_from_the_ends() -> None:
    people = pd.DataFrame({"entity_id": ["z", "a", "lone"], "label": ["Zoe", "Ann", None]})
    claims = pd.DataFrame({"source": ["z"], "target": ["a"], "relationship_type": ["resides_at"]})
    network = nl.read_tables(people, claims)
    assert network.entities["entity_type"].to_dict() == {
        "a": "location",
        "lone": "unknown",
        "z": "person",
    }
    assert network.entities.columns[0] == "entity_type"


def test_a_person_and_a_phone_of_one_id_are_not_merged_silently() -> None:
    both = pd.DataFrame({"entity_id": ["7", "7"], "entity_type": ["person", "phone"]})
    claims = pd.DataFrame({"source": ["7"], "target": ["7"], "relationship_type": ["uses"]})
    with pytest.raises(nl.errors.TableError, match="id is given more than once"):
        nl.read_tables(both, claims)


@pytest.mark.parametrize("people", [None, pd.DataFrame({"entity_id": []})])
def test_empty_tables(people: pd.DataFrame | None) -> None:
    network = nl.read_tables(people, pd.DataFrame({"source": [], "target": []}))
    assert repr(network).startswith("<Network of 0 entities and 0 relationships")
    assert network.to_scipy().shape == (0, 0)
    assert balances(network)
    assert network.rejected.empty


def test_no_relationships_and_no_entities() -> None:
    people = pd.DataFrame({"entity_id": ["a", "b"], "entity_type": "person"})
    network = nl.read_tables(people, pd.DataFrame({"source": [], "target": []}))
    assert network.n_isolates == 2
    claims = pd.DataFrame({"source": ["a"], "target": ["b"]})
    with pytest.raises(nl.errors.TableError, match="no such entity"):
        nl.read_tables(people.iloc[:0], claims)


def test_a_network_reads_back_from_its_own_tables() -> None:
    network = nl.read_tables(PEOPLE, CLAIMS, schema=SCHEMA, on_invalid="reject")
    nl.testing.assert_networks_equal(shuffled(network, 1, flip=False), network)


# Columns and arguments


def test_a_needed_or_mapped_column_that_is_not_there() -> None:
    claims = pd.DataFrame({"sourc": ["a"], "target": ["b"]})
    with pytest.raises(
        nl.errors.SchemaError, match=r"'source'.*Did you mean 'sourc'.*Schema\(source"
    ):
        nl.read_tables(None, claims)
    schema = nl.Schema(source="sourc", weight="kilos")
    with pytest.raises(nl.errors.SchemaError, match="need the column 'kilos'"):
        nl.read_tables(None, claims, schema=schema)


def test_bad_arguments() -> None:
    claims = pd.DataFrame({"source": ["a"], "target": ["b"]})
    with pytest.raises(nl.errors.ArgumentError, match="'on_invalid' must be 'raise' or 'reject'"):
        nl.read_tables(None, claims, on_invalid="drop")  # type: ignore[arg-type]
    with pytest.raises(nl.errors.ArgumentError, match=r"'schema' must be a netlink\.Schema"):
        nl.read_tables(None, claims, schema={"source": "a"})  # type: ignore[arg-type]
    with pytest.raises(nl.errors.ArgumentError, match="'ledger' must have the columns"):
        nl.ingest.describe(claims)


# Personal data

CANARY = "Zebedee Quux"
NUMBER = 987654321.125


def spoiled(column: str, value: object) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Tables full of canaries, with one more in a column where it cannot be read."""
    people = pd.DataFrame(
        {
            "entity_id": [f"{CANARY} {i}" for i in range(3)],
            "entity_type": "person",
            "label": CANARY,
            "protection_status": "none",
            "note": CANARY,
        }
    )
    claims = pd.DataFrame(
        {
            "relationship_id": [f"{CANARY} r{i}" for i in range(3)],
            "source": f"{CANARY} 0",
            "target": f"{CANARY} 1",
            "relationship_type": "met",
            "weight": 1.0,
            "start": "2024-01-01",
            "end": "2024-01-02",
            "confidence": 0.5,
            "grade": "B2",
            "handling": CANARY,
            "dataset": CANARY,
            "document": CANARY,
            "note": CANARY,
        }
    )
    for table in (people, claims):
        if column in table:
            first, _, last = table[column]
            table[column] = pd.Series([first, value, last], dtype=object)
    return people, claims


@pytest.mark.parametrize("value", [CANARY, f"{CANARY} 0", NUMBER, {CANARY: CANARY}, 10**400])
@pytest.mark.parametrize(
    "column",
    [
        *["entity_id", "entity_type", "protection_status", "relationship_id", "source", "target"],
        *["relationship_type", "weight", "start", "end", "confidence", "grade"],
    ],
)
def test_no_error_shows_a_value(
    column: str, value: object, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    people, claims = spoiled(column, value)
    raised: BaseException | None = None
    try:
        network = nl.read_tables(people, claims, schema=SCHEMA)
    except nl.errors.NetlinkError as error:
        raised = error
        network = nl.read_tables(people, claims, schema=SCHEMA, on_invalid="reject")
    assert balances(network)
    shown = [caplog.text, *capsys.readouterr(), repr(network), nl.ingest.describe(network.ledger)]
    shown.append(network.ledger.to_string())
    while raised is not None:
        shown += [str(raised), repr(raised), *traceback.format_exception(raised)]
        if isinstance(raised, nl.errors.TableError):
            shown.append(raised.failures.to_string())
        raised = raised.__cause__ or raised.__context__
    for text in shown:
        assert "Zebedee" not in text
        assert "98765" not in text
        assert "0" * 50 not in text


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_no_error_of_a_malformed_file_shows_a_value(ending: str, tmp_path: Path) -> None:
    path = tmp_path / f"{CANARY}.{ending}"
    path.write_text(f'source,target\n{CANARY},{CANARY},{CANARY}\n{{"{CANARY}\n')
    with pytest.raises(nl.errors.NetlinkError) as error:
        nl.read_tables(None, path)
    assert "Zebedee" not in "".join(traceback.format_exception(error.value))
    assert error.value.__context__ is None


def test_near_names_come_from_the_vocabulary_alone() -> None:
    people = pd.DataFrame({"entity_id": ["a", "b"], "entity_type": [CANARY, CANARY[:-1]]})
    with pytest.raises(nl.errors.TableError) as error:
        nl.read_tables(people, pd.DataFrame({"source": ["a"], "target": ["b"]}))
    assert set(error.value.failures["reason"][:2]) == {"unknown entity type."}


# Large and other vocabularies


def test_words_of_an_own_vocabulary(tmp_path: Path) -> None:
    file = tmp_path / "words.toml"
    file.write_text(
        '[relationship_types.lent_to]\ndirected = true\ngroup = "money"\n'
        'source_types = ["person"]\ntarget_types = ["organisation"]\n'
    )
    claims = pd.DataFrame({"source": ["a"], "target": ["b"], "relationship_type": ["lent_to"]})
    schema = nl.Schema(vocabulary=vocabulary.load(file))
    network = nl.read_tables(None, claims, schema=schema)
    assert network.entities["entity_type"].tolist() == ["person", "organisation"]


def test_codes_agree_with_the_tables_on_a_larger_network() -> None:
    rng = np.random.default_rng(3)
    ids = np.array([f"P{i:05d}" for i in rng.permutation(3000)], dtype=object)
    people = pd.DataFrame({"entity_id": ids, "entity_type": "person"})
    claims = pd.DataFrame({"source": rng.choice(ids, 20_000), "target": rng.choice(ids, 20_000)})
    network = nl.read_tables(people, claims)
    index = network.entities.index
    assert index.is_monotonic_increasing
    for end, codes in zip(("source", "target"), network.codes, strict=True):
        assert codes.dtype == np.int32
        assert (index.to_numpy()[codes] == claims[end].to_numpy()).all()
