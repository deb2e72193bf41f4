"""Schemas saved and loaded: equal again, whole or not at all, and nothing unknown passed over."""

from __future__ import annotations

import os
import stat
import tomllib
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
import tomli_w
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import netlink as nl
from netlink import vocabulary
from netlink.errors import ArgumentError, ExportError, SchemaError
from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS

if TYPE_CHECKING:
    from pathlib import Path

WORDS = """
[entity_types.boat]
label = "Boat"
is_object = true
[relationship_types.sailed_on]
directed = true
both_ways = true
source_types = ["person"]
target_types = ["boat", "event"]
group = "movement"
[roles.forger]
label = "Forger"
acts = []
[grades.house]
pattern = "(?P<source>[AB])(?P<information>[12])"
source = {A = 0.9, B = 0.4}
information = {1 = 0.95, 2 = 0.5}
"""
FULL = nl.Schema(
    entity_id="ref", entity_type="cat \"x\"", label="título", protection_status="a\nb",
    source="= 1+1", target="\t", relationship_type="link", start="seen", end="until",
    start_precision="how known", end_precision="until how",
    grade_scheme="admiralty", entity_types={"PERS": "person", "": "unknown"},
    relationship_types={"BOTH": ("victim_in", "suspect_in"), "CALL": "communicated"},
    protection_statuses={"known": "none"}, tz="Europe/London", format="%d/%m/%Y",
    amount="sum", currency="EUR", decimal=",", latitude="y", longitude="x", handling_scheme="tlp",
    encoding="cp1252", escaped=True, end_types={"= 1+1": "phone", "\t": "vehicle"},
)  # fmt: skip
EVENTS = nl.Schema(
    participants={"driver": "involved_in", "source": ("victim_in", "witness_in")},
    event_id="ref", event_type="event", id_separator=";",
)  # fmt: skip


def own_words(folder: Path) -> vocabulary.Vocabulary:
    file = folder / "words.toml"
    file.write_text(WORDS, encoding="utf-8")
    return vocabulary.load(file)


# Round trips


@pytest.mark.parametrize("schema", [nl.Schema(), FULL, EVENTS])
def test_what_is_saved_loads_equal(schema: nl.Schema, tmp_path: Path) -> None:
    schema.save(tmp_path / "s.toml")
    loaded = nl.Schema.load(str(tmp_path / "s.toml"))
    assert loaded == schema
    assert repr(loaded) == repr(schema)
    first = (tmp_path / "s.toml").read_bytes()
    loaded.save(tmp_path / "s.toml")
    assert (tmp_path / "s.toml").read_bytes() == first


@pytest.mark.parametrize("name", [*ENTITY_COLUMNS, *RELATIONSHIP_COLUMNS])
def test_every_column_is_saved(name: str, tmp_path: Path) -> None:
    schema = nl.Schema(**{name: "theirs"})
    schema.save(tmp_path / "s.toml")
    assert nl.Schema.load(tmp_path / "s.toml") == schema != nl.Schema()


NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=8)


@given(
    columns=st.dictionaries(
        st.sampled_from(["entity_id", "label", "relationship_id", "weight", "start", "document"]),
        NAMES.map(lambda name: f"my {name}"),
    ),
    kinds=st.dictionaries(NAMES, st.sampled_from(["person", "phone", "unknown"]), max_size=4),
    links=st.dictionaries(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=6),
        st.sampled_from(["met", "paid", ("victim_in", "suspect_in"), ("paid", "met", "knows")]),
        max_size=4,
    ),
)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_schema_loads_equal(
    columns: dict[str, str], kinds: dict[str, str], links: dict[str, Any], tmp_path: Path
) -> None:
    try:
        schema = nl.Schema(**columns, entity_types=kinds, relationship_types=links)
    except SchemaError:
        return  # one name twice
    schema.save(tmp_path / "s.toml")
    loaded = nl.Schema.load(tmp_path / "s.toml")
    assert loaded == schema
    assert list(loaded.relationship_types) == list(links)


def test_own_words_are_included(tmp_path: Path) -> None:
    schema = nl.Schema(vocabulary=own_words(tmp_path), grade_scheme="house",
                       participants={"crew": "sailed_on"}, event_type="boat")  # fmt: skip
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    schema.save(folder / "s.toml")
    loaded = nl.Schema.load(folder / "s.toml")
    assert loaded == schema
    assert loaded.vocabulary.grades["house"].confidence("A1") == pytest.approx(0.9 * 0.95)
    assert list(loaded.vocabulary.entity_types) == list(schema.vocabulary.entity_types)
    document = tomllib.loads((folder / "s.toml").read_text("utf-8"))
    assert document["vocabulary"] == tomllib.loads(WORDS)


def test_own_words_are_referred_to(tmp_path: Path) -> None:
    schema = nl.Schema(vocabulary=own_words(tmp_path), relationship_types={"S": "sailed_on"})
    schema.save(tmp_path / "s.toml", vocabulary="words.toml")
    assert 'vocabulary = "words.toml"' in (tmp_path / "s.toml").read_text("utf-8")
    assert nl.Schema.load(tmp_path / "s.toml") == schema
    with pytest.raises(SchemaError, match="other words than the schema's"):
        nl.Schema().save(tmp_path / "t.toml", vocabulary="words.toml")
    assert not (tmp_path / "t.toml").exists()


@pytest.mark.parametrize("name", ["none.toml", "../words.toml", "", ".", "/etc/passwd", "a\0b"])
def test_only_a_file_beside_the_schema_is_referred_to(name: str, tmp_path: Path) -> None:
    own_words(tmp_path)
    folder = tmp_path / "in"
    folder.mkdir()
    with pytest.raises(SchemaError, match="a file in the folder of the schema"):
        nl.Schema().save(folder / "s.toml", vocabulary=name)
    (folder / "s.toml").write_text(f"vocabulary = {name!r}".replace("\\x00", ""), "utf-8")
    with pytest.raises(SchemaError, match="a file in the folder of the schema"):
        nl.Schema.load(folder / "s.toml")


def test_a_vocabulary_without_netlinks_words_cannot_be_saved(tmp_path: Path) -> None:
    base = vocabulary.default()
    fewer = replace(base, roles={})
    turned = replace(base, entity_types=dict(reversed(base.entity_types.items())))
    for words in (fewer, turned):
        with pytest.raises(SchemaError, match="lacks words of netlink's"):
            nl.Schema(vocabulary=words).save(tmp_path / "s.toml")
    assert not list(tmp_path.iterdir())


def test_a_loaded_schema_reads_tables(tmp_path: Path) -> None:
    table = pd.DataFrame({"subject": ["p1"], "object": ["c1"], "link": ["Both"]})
    schema = nl.Schema(source="subject", target="object", relationship_type="link",
                       relationship_types={"Both": ("victim_in", "suspect_in")})  # fmt: skip
    schema.save(tmp_path / "s.toml")
    loaded = nl.Schema.load(tmp_path / "s.toml")
    nl.testing.assert_networks_equal(
        nl.read_tables(None, table, schema=loaded), nl.read_tables(None, table, schema=schema)
    )


# What is refused


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('sorce = "x"', r"A schema has no \['sorce'\]\. Did you mean 'source'"),
        ('relationship_type = "a"\n[relationships_types]\nA = "met"', "'relationship_types'"),
        ("zz = 1\nyy = 2", r"has no \['yy', 'zz'\]\."),
        ("source = ", "not valid TOML: Invalid value"),
        ('source = "a"\nsource = "b"', "not valid TOML"),
        ("source = 3", "'source' must be the name of a column, got int"),
        ('source = ["a"]', "'source' must be the name of a column, got tuple"),
        ("[source]\nname = 'a'", "'source' of a schema must be a value, not a table"),
        ("entity_types = 'person'", "'entity_types' of a schema must be a table"),
        ("vocabulary = 3", "'vocabulary' of a schema must be a table"),
        ("vocabulary = []", "'vocabulary' of a schema must be a table"),
        ("[vocabulary.rols.x]\nlabel='X'", "Did you mean 'roles'"),
        ("[entity_types]\nP = 'persn'", "Did you mean 'person'"),
        ("[entity_types]\nP = {a = 1}", "which the vocabulary lacks"),
        ("[entity_types]\nP = ['person', 'phone']", "each word to one of the vocabulary's"),
        ("tz = 3", "'tz' must be text, got int"),
        ("format = 2024-01-01", "'format' must be text, got date"),
        ("escaped = 'yes'", "'escaped' must be True or False"),
        ("encoding = 1.5", "'encoding' must be an encoding"),
        (
            "event_type = 1\n[participants]\na = 'involved_in'",
            "'event_type' must be an entity type",
        ),
    ],
)
def test_what_is_no_schema_is_refused(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(text, "utf-8")
    with pytest.raises(SchemaError, match=message) as error:
        nl.Schema.load(tmp_path / "s.toml")
    assert error.value.__cause__ is None


VALUES = st.one_of(
    st.sampled_from(["person", "met", "a", "", "utf-8", "words.toml", "event", "admiralty"]),
    st.booleans(), st.integers(-1, 2), st.floats(), st.dates(), st.just("a\0b"),
)  # fmt: skip
TREES = st.recursive(
    VALUES,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text("ab", max_size=1), inner),
    max_leaves=4,
)


@given(
    document=st.dictionaries(st.sampled_from([field.name for field in fields(nl.Schema)]), TREES)
)
@settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_any_toml_is_a_schema_or_a_clean_error(document: dict[str, Any], tmp_path: Path) -> None:
    (tmp_path / "s.toml").write_text(tomli_w.dumps(document), "utf-8")
    try:
        schema = nl.Schema.load(tmp_path / "s.toml")
    except SchemaError:
        return
    schema.save(tmp_path / "s.toml")
    assert nl.Schema.load(tmp_path / "s.toml") == schema


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "Zebedee.toml", tmp_path):
        with pytest.raises(ArgumentError, match="a file that can be read") as error:
            nl.Schema.load(path)
        assert "Zebedee" not in str(error.value)
    (tmp_path / "s.toml").write_bytes(b"source = '\xff'")
    with pytest.raises(SchemaError, match="not valid TOML: UnicodeDecodeError"):
        nl.Schema.load(tmp_path / "s.toml")


def test_half_a_surrogate_pair_cannot_be_saved(tmp_path: Path) -> None:
    with pytest.raises(SchemaError, match="half a surrogate pair"):
        nl.Schema(source="\ud800").save(tmp_path / "s.toml")


# Whole or not at all


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_former_schema_stays_where_writing_fails(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "s.toml"
    EVENTS.save(path)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(ExportError, match="it is as it was"):
        FULL.save(path)
    monkeypatch.undo()
    assert nl.Schema.load(path) == EVENTS
    assert [file.name for file in tmp_path.iterdir()] == ["s.toml"]


def test_a_saved_schema_is_private_and_replaces_a_link_not_its_target(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    (tmp_path / "other").write_text("untouched")
    path.symlink_to(tmp_path / "other")
    FULL.save(path)
    assert not path.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert (tmp_path / "other").read_text() == "untouched"
    with pytest.raises(ExportError, match="FileNotFoundError") as error:
        FULL.save(tmp_path / "Zebedee Quux" / "s.toml")
    assert "Zebedee" not in str(error.value)
