"""Schema: what it maps, what it refuses, and the near names it offers."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from typing import Any

import pytest

import netlink as nl
from netlink.errors import SchemaError
from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS


def test_the_canonical_columns_are_these() -> None:
    assert ENTITY_COLUMNS == ("entity_id", "entity_type", "label", "protection_status")
    assert RELATIONSHIP_COLUMNS == (
        "relationship_id", "source", "target", "relationship_type", "weight", "start", "end",
        "start_precision", "end_precision",
        "confidence", "grade", "grade_scheme", "handling", "dataset", "document",
    )  # fmt: skip


@pytest.mark.parametrize("name", [*ENTITY_COLUMNS, *RELATIONSHIP_COLUMNS])
def test_every_canonical_column_can_be_mapped(name: str) -> None:
    schema = nl.Schema(**{name: "theirs"})
    assert schema.column(name) == "theirs"
    assert schema.is_mapped(name)
    assert nl.Schema().column(name) == name
    assert not nl.Schema().is_mapped(name)


def test_the_schema_of_the_main_path_is_taken() -> None:
    schema = nl.Schema(
        entity_id="ref", entity_type="category", label="title", protection_status="standing",
        source="subject", target="object", relationship_type="link", start="seen_on",
        document="report", grade="grade", entity_types={"PERS": "person", "TEL": "phone"},
        relationship_types={"CALL": "communicated", "ST-RECRUITED": "recruited"},
        protection_statuses={"victim": "identified_victim", "known": "none"},
        grade_scheme="admiralty",
    )  # fmt: skip
    assert schema.column("grade_scheme") == "admiralty"
    assert schema.entity_types["TEL"] == "phone"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"entity_types": {"P": "persn"}}, r"\['persn'\].*Did you mean 'person'"),
        ({"relationship_types": {"C": "comunicated"}}, "Did you mean 'communicated'"),
        ({"protection_statuses": {"v": "victim"}}, r"\['victim'\], which the vocabulary lacks"),
        ({"entity_types": ["person"]}, "'entity_types' must map .*, got list"),
        ({"relationship_types": "met"}, "'relationship_types' must map .*, got str"),
        ({"source": 3}, "'source' must be the name of a column, got int"),
        ({"label": ["a"]}, "'label' must be the name of a column, got list"),
        ({"source": "x", "target": "x"}, r"\['x'\] are mapped more than once"),
        ({"entity_id": "x", "label": "x"}, r"\['x'\] are mapped more than once"),
        ({"source": "target"}, "'target' is mapped to something else"),
        ({"dataset": "source"}, "Map 'source' too, or rename the column"),
        ({"tz": "Europe/Lodnon"}, "'tz' must be an IANA time zone"),
        ({"tz": "../etc/passwd"}, "'tz' must be an IANA time zone"),
    ],
)
def test_what_does_not_map_is_refused(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        nl.Schema(**arguments)


def test_columns_may_trade_places_and_serve_both_tables() -> None:
    schema = nl.Schema(source="target", target="source")
    assert (schema.column("source"), schema.column("target")) == ("target", "source")
    assert nl.Schema(entity_id="ref", relationship_id="ref").column("relationship_id") == "ref"
    assert nl.Schema(dataset="source", source="from", target="to").column("dataset") == "source"


def test_a_schema_is_frozen_and_can_be_pickled() -> None:
    schema = nl.Schema(source="subject", tz="Europe/London")
    with pytest.raises(FrozenInstanceError):
        schema.source = "x"  # type: ignore[misc]
    assert pickle.loads(pickle.dumps(schema)) == schema


def test_positional_arguments_and_unknown_names_are_refused() -> None:
    with pytest.raises(TypeError):
        nl.Schema("ref")  # type: ignore[misc]
    with pytest.raises(TypeError, match="sorce"):
        nl.Schema(sorce="x")  # type: ignore[call-arg]


def test_repr_shows_what_was_mapped() -> None:
    assert repr(nl.Schema()) == "Schema()"
    shown = repr(nl.Schema(source="subject", relationship_types={"CALL": "communicated"}))
    assert shown == "Schema(source='subject', relationship_types={'CALL': 'communicated'})"
