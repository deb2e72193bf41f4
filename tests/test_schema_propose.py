"""Schema.propose: what is mapped and why, what is left to decide, and no value shown."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import shared_data

import netlink as nl
from netlink import vocabulary
from netlink.errors import SchemaError
from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS, names

if TYPE_CHECKING:
    from pathlib import Path

PEOPLE = pd.DataFrame(
    {
        "Ref": ["007", "7", "t1", "t2"],
        "Category": ["PERS", "person", "TEL", "TEL"],
        "Full Name": ["Ann", "Bea", None, ""],
        "DOB": ["1990-01-01", "1991-01-01", None, None],
        "Tel": ["1", "2", None, None],
    }
)
LINKS = pd.DataFrame(
    {
        "caller": ["007", "7", "7"],
        "callee": ["t1", "t2", "x"],
        "linktype": ["CALL", "Victim Suspect", "comunicated"],
        "logged": ["2024-01-03", "2024-01-04T10:00Z", None],
        "code": ["B2", "F6", ""],
        "operator": ["o1", "o2", "o3"],
    }
)


def mapped(proposal: nl.schema.Proposal) -> dict[tuple[str, str], str]:
    rows = proposal.columns[["table", "stands_for", "column"]]
    return {(table, name): column for table, name, column in rows.itertuples(index=False)}


def reasons(proposal: nl.schema.Proposal) -> dict[str, str]:
    return dict(zip(proposal.columns["stands_for"], proposal.columns["reason"], strict=True))


# What is found


def test_columns_are_mapped_each_with_its_reason() -> None:
    proposal = nl.Schema.propose(PEOPLE, LINKS)
    assert mapped(proposal) == {
        ("entities", "entity_id"): "Ref",
        ("entities", "entity_type"): "Category",
        ("entities", "label"): "Full Name",
        ("relationships", "source"): "caller",
        ("relationships", "target"): "callee",
        ("relationships", "relationship_type"): "linktype",
        ("relationships", "start"): "logged",
        ("relationships", "grade"): "code",
    }
    assert reasons(proposal) == {
        "entity_id": "called 'ref' elsewhere",
        "entity_type": "called 'category' elsewhere",
        "label": "called 'full name' elsewhere",
        "source": "called 'caller' elsewhere; 3 of 3 cells are ids of the entities",
        "target": "called 'callee' elsewhere; 2 of 3 cells are ids of the entities",
        "relationship_type": "called 'link type' elsewhere",
        "start": "all 2 cells are dates or times",
        "grade": "all 2 cells are grades",
    }
    assert proposal.unmapped.values.tolist() == [
        ["entities", "DOB", "a date of birth"],
        ["entities", "Tel", "names a phone: to tie people by it, make it an entity"],
        ["relationships", "operator", ""],
    ]
    assert proposal.words[["word", "rows", "means", "reason"]].values.tolist() == [
        ["TEL", 2, "phone", "called 'tel' elsewhere"],
        ["PERS", 1, "person", "called 'pers' elsewhere"],
        ["person", 1, "person", "word of the vocabulary"],
        ["CALL", 1, "communicated", "called 'call' elsewhere"],
        ["Victim Suspect", 1, "victim_in and suspect_in", "several in one word"],
        ["comunicated", 1, "", "near communicated"],
    ]
    assert proposal.undecided == (
        "1 of the 3 words in 'linktype' have no meaning yet: give Schema(relationship_types=...).",
    )
    assert proposal.schema == nl.Schema(
        entity_id="Ref", entity_type="Category", label="Full Name", source="caller",
        target="callee", relationship_type="linktype", start="logged", grade="code",
        grade_scheme="admiralty", entity_types={"TEL": "phone", "PERS": "person"},
        relationship_types={"CALL": "communicated", "Victim Suspect": ("victim_in", "suspect_in")},
    )  # fmt: skip


def test_what_is_proposed_reads_the_tables_of_the_synthetic_case() -> None:
    made_up = nl.datasets.synthetic_case(size=100)
    proposal = nl.Schema.propose(made_up.entities, made_up.relationships)
    found, true = proposal.schema, made_up.schema
    for name in (*ENTITY_COLUMNS, *RELATIONSHIP_COLUMNS):
        assert found.column(name) == true.column(name)
    for part in ("entity_types", "relationship_types", "protection_statuses"):
        right = getattr(true, part)
        assert getattr(found, part).items() <= right.items()
        near = proposal.words.query("means == ''")
        assert near["word"].tolist() == ["ADV", "TRAVELLED"]


@pytest.mark.parametrize(
    ("columns", "source", "target"),
    [
        (["from", "to"], "from", "to"),
        (["Payer", "PAYEE"], "Payer", "PAYEE"),
        (["End1 Identity", "End2 Identity"], "End1 Identity", "End2 Identity"),
        (["source", "target"], "source", "target"),
        (["Source", "Target"], "Source", "Target"),
        (["sourc", "tarGet_"], "sourc", "tarGet_"),
    ],
)
def test_ends_by_name(columns: list[str], source: str, target: str) -> None:
    table = pd.DataFrame([["a", "b"]], columns=columns)
    schema = nl.Schema.propose(None, table).schema
    assert (schema.column("source"), schema.column("target")) == (source, target)
    assert nl.read_tables(None, table, schema=schema).n_relationships == 1


def test_ends_and_ids_by_the_values_they_share() -> None:
    people = pd.DataFrame({"name": ["x", "x", "y"], "no": ["p1", "p2", "p3"], "n": ["1", "2", "3"]})
    links = pd.DataFrame({"who": ["p1", "p2"], "whom": ["p2", "p9"], "date": "2024-01-01"})
    proposal = nl.Schema.propose(people, links)
    assert proposal.undecided[-1].startswith("Ids of the entities stand in 'who' too")
    assert proposal.proposed is None  # half of the cells of 'whom' are no ids
    links.loc[1, "whom"] = "p3"
    proposal = nl.Schema.propose(people, links)
    assert (proposal.schema.entity_id, proposal.schema.source) == ("no", "who")
    assert reasons(proposal)["entity_id"] == "all 3 differ; 4 cells of relationships hold them"
    assert proposal.schema.target == "whom"
    assert "'who' was taken for the source because it stands first: is it?" in proposal.undecided


def test_a_row_with_several_participants_is_pointed_out() -> None:
    people = pd.DataFrame({"id": ["p1", "p2", "p3"]})
    rows = pd.DataFrame({"a": ["p1"], "b": ["p2"], "c": ["p3"], "date": ["2024-01-01"]})
    proposal = nl.Schema.propose(people, rows)
    assert any("Schema(participants=...)" in sentence for sentence in proposal.undecided)
    with pytest.raises(SchemaError, match=r"not complete:\n  No column .* found for 'source'"):
        _ = proposal.schema
    assert "for 'target'" in repr(proposal)


# What is left to decide


def test_what_could_be_two_things_is_not_mapped() -> None:
    links = pd.DataFrame(
        {"from": ["a"], "to": ["b"], "start date": ["2024-01-01"], "seen on": ["2024-01-02"]}
    )
    proposal = nl.Schema.propose(None, links)
    assert not proposal.schema.is_mapped("start")
    assert proposal.undecided == ("Which of the columns 'start date' and 'seen on' is 'start'?",)


def test_dates_in_another_format_and_grades_of_several_schemes() -> None:
    links = pd.DataFrame(
        {"from": ["a"], "to": ["b"], "date": ["03/01/2024"], "grade": ["B2"], "source": ["x"]}
    )
    people = pd.DataFrame({"id": ["a", "b"]})
    proposal = nl.Schema.propose(people, links.drop(columns="from"))
    assert proposal.undecided == (
        "'source' holds no id of the entities: is it the source?",
        "'date' holds dates that are not ISO 8601: give Schema(format=...).",
        "'grade' holds grades of admiralty or 5x5x5: give Schema(grade_scheme=...).",
    )
    assert proposal.schema.grade_scheme is None


def test_ends_that_nothing_types_are_pointed_out() -> None:
    calls = pd.DataFrame({"caller": ["1"], "callee": ["2"], "type": ["CALL"]})
    assert nl.Schema.propose(None, calls).undecided == (
        "The relationship types leave open what stands in 'caller' and 'callee': give a table of "
        "entities or Schema(end_types=...).",
    )
    crimes = calls.assign(type="Victim")  # a person, an event
    assert nl.Schema.propose(None, crimes).undecided == ()
    phones = pd.DataFrame({"id": ["1", "2"], "type": "phone"})
    assert nl.Schema.propose(phones, calls).undecided == ()


def test_ids_given_twice_are_pointed_out() -> None:
    people = pd.DataFrame({"id": ["a", "a"]})
    proposal = nl.Schema.propose(people, pd.DataFrame({"from": ["a"], "to": ["a"]}))
    assert proposal.undecided == ("'id' holds some ids more than once.",)


def test_words_decide_a_column_of_types_but_never_of_protection() -> None:
    people = pd.DataFrame({"id": ["a", "b"], "x": ["PERS", "car"], "y": ["unknown", "child"]})
    proposal = nl.Schema.propose(people, pd.DataFrame({"from": ["a"], "to": ["b"]}))
    assert proposal.schema.entity_type == "x"
    assert not proposal.schema.is_mapped("protection_status")


def test_a_word_with_a_doubt_is_only_near() -> None:
    links = pd.DataFrame({"from": ["a", "b"], "to": ["b", "a"], "type": ["Recruited?", "MET"]})
    proposal = nl.Schema.propose(None, links)
    assert proposal.schema.relationship_types == {"MET": "met"}
    assert proposal.words[["word", "means", "reason"]].values.tolist() == [
        ["MET", "met", "the same name"],
        ["Recruited?", "", "near recruited"],
    ]


def test_words_of_ones_own(tmp_path: Path) -> None:
    file = tmp_path / "words.toml"
    file.write_text('[entity_types.boat]\nlabel = "Boat"\n', "utf-8")
    words = vocabulary.load(file)
    people = pd.DataFrame({"id": ["a"], "type": ["BOAT"]})
    schema = nl.Schema.propose(
        people, pd.DataFrame({"from": ["a"], "to": ["a"]}), vocabulary=words
    ).schema
    assert schema.entity_types == {"BOAT": "boat"}
    assert schema.vocabulary is words


def test_files_are_read_and_the_order_of_rows_does_not_show(tmp_path: Path) -> None:
    PEOPLE.to_csv(tmp_path / "p.csv", index=False)
    LINKS.to_parquet(tmp_path / "l.parquet")
    first = nl.Schema.propose(tmp_path / "p.csv", tmp_path / "l.parquet")
    other = nl.Schema.propose(PEOPLE.iloc[::-1], LINKS.iloc[::-1])
    assert repr(first) == repr(other)
    assert first.schema == other.schema


def test_columns_of_lists_and_numbers_do_no_harm() -> None:
    links = pd.DataFrame(
        {"from": [1, 2], "to": [2, 3], "tags": [["a"], ["b"]], "n": [1.5, None],
         "when": pd.to_datetime(["2024-01-01", "2024-01-02"]), "kind": pd.Categorical(["met", ""])}
    )  # fmt: skip
    proposal = nl.Schema.propose(pd.DataFrame({"id": [1, 2, 3]}), links)
    assert reasons(proposal)["source"].endswith("2 of 2 cells are ids of the entities")
    assert proposal.schema.relationship_type == "kind"


@pytest.mark.parametrize(
    ("name", "columns"),
    [("st_louis_crime", "role"), ("us_ht_prosecutions", "relation")],
)
def test_published_tables(name: str, columns: str) -> None:
    folder = shared_data(name)
    proposal = nl.Schema.propose(folder / "nodes.csv", folder / "edges.csv")
    assert proposal.schema.entity_id == "id"
    assert proposal.schema.relationship_type == columns
    if name == "st_louis_crime":
        assert proposal.undecided == ()
        network = nl.read_tables(folder / "nodes.csv", folder / "edges.csv", schema=proposal.schema)
        assert network.n_relationships == 1487 + 41


# The synonyms


def test_the_synonyms_are_of_words_that_there_are() -> None:
    found = names.synonyms()
    assert set(found["entities"]) <= set(ENTITY_COLUMNS)
    assert set(found["relationships"]) <= set(RELATIONSHIP_COLUMNS)
    assert set(found["things"]) <= set(vocabulary.default().entity_types)
    for part, words in found["words"].items():
        assert set(words) <= set(getattr(vocabulary.default(), part))


def test_a_synonym_stands_for_one_thing() -> None:
    found = names.synonyms()
    for part in (found["entities"], found["relationships"], *found["words"].values()):
        called = [names.plain(name) for meant in part.values() for name in meant]
        called += [names.plain(name) for name in part]
        assert sorted(called) == sorted(set(called))


# No value is shown

CANARY = "Zebedee Quux"


def test_no_value_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    people = pd.DataFrame(
        {name: [f"{CANARY} {i}" for i in range(4)] for name in
         ("id", "type", "name", "standing", "dob", "tel", "<b>x</b>")}
    )  # fmt: skip
    links = pd.DataFrame(
        {name: [f"{CANARY} {i}" for i in range(4)] for name in
         ("from", "to", "role", "date", "grade", "document", "note", "&x")}
    )  # fmt: skip
    proposal = nl.Schema.propose(people, links)
    html = proposal._repr_html_()
    shown = [repr(proposal), html, str(proposal.undecided), caplog.text]
    shown += [table.to_string() for table in (proposal.columns, proposal.unmapped, proposal.words)]
    for text in shown:
        assert "Zebedee" not in text
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x&lt;/b&gt;" in html
    assert "from" in repr(proposal)


@pytest.mark.parametrize("table", ["entities", "relationships"])
def test_a_first_line_that_may_be_a_record_is_not_shown(table: str) -> None:
    record = pd.DataFrame([["p2", "Bea"]], columns=[f"{CANARY} 1", CANARY])
    sound = {"entities": pd.DataFrame({"id": ["a"]}),
             "relationships": pd.DataFrame({"from": ["a"], "to": ["a"]})}  # fmt: skip
    with pytest.raises(SchemaError, match=f"None of the 2 columns of the {table}") as error:
        nl.Schema.propose(**{**sound, table: record})
    assert "Zebedee" not in str(error.value)


NAMES = [*RELATIONSHIP_COLUMNS, "from", "to", "role", "type", "date", "seen on", "id", "x", "Grade"]


@given(
    st.lists(st.sampled_from(NAMES), min_size=1, max_size=7, unique=True),
    st.lists(
        st.sampled_from(["a", "B2", "2024-01-01", "Victim", "met", "", None, "03/01/2024", "7"]),
        min_size=7, max_size=14,
    ),
)  # fmt: skip
@settings(max_examples=25, deadline=None)
def test_whatever_is_proposed_is_a_schema(columns: list[str], cells: list[Any]) -> None:
    rows = [cells[:7], cells[-7:]]
    table = pd.DataFrame([row[: len(columns)] for row in rows], columns=columns, dtype="str")
    people = pd.DataFrame({"id": ["a", "7", "B2"], "type": ["PERS", "TEL", "x"]})
    try:
        proposal = nl.Schema.propose(people, table)
    except SchemaError as error:
        assert "None of the" in str(error)
        return
    taken = proposal.columns.query("table == 'relationships'")["column"].tolist()
    left = proposal.unmapped.query("table == 'relationships'")["column"].tolist()
    assert sorted([*taken, *left]) == sorted(columns)
    if proposal.proposed is not None:
        nl.read_tables(people, table, schema=proposal.schema, on_invalid="reject")


def test_times_without_a_zone_and_amounts_are_pointed_out() -> None:
    ends = {"Sender IBAN": ["a"], "Receiver IBAN": ["b"]}
    rows = pd.DataFrame({**ends, "Betrag": ["1,5"], "ccy": "EUR"})
    zone = "'when': times of day without a zone, give Schema(tz=...)."
    for times, told in (
        (["2024-03-05 10:11"], (zone,)),
        (["2024-03-05T10:11:12.5"], (zone,)),
        (pd.to_datetime(["2024-03-05 10:11"]), (zone,)),
        (pd.to_datetime(["2024-03-05"]), ()),
        (["2024-03-05T10:11Z"], ()),
        (["2024-03-05"], ()),
    ):
        found = nl.Schema.propose(None, rows.assign(when=times))
        assert (found.schema.source, found.schema.target) == ("Sender IBAN", "Receiver IBAN")
        assert found.undecided == told
        notes = found.unmapped.set_index("column")["note"]
        assert "Schema(amount=" in notes["Betrag"]
        assert "Schema(currency=" in notes["ccy"]


def test_another_separator_is_pointed_out(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("CANARY;to\na;b\n")
    with pytest.raises(nl.errors.SchemaError, match="give delimiter=") as error:
        nl.Schema.propose(None, tmp_path / "t.csv")
    assert "CANARY" not in str(error.value)
