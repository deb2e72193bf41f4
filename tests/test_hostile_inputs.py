"""Every hostile input is read as it is or refused cleanly, and no message shows a person."""

from __future__ import annotations

import logging
import tempfile
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import hostile
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netlink as nl
from netlink.schema import ENTITY_COLUMNS, RELATIONSHIP_COLUMNS

NAMES = [given.name for given in hostile.INPUTS]


def test_there_are_sixty_inputs_and_each_has_a_name() -> None:
    assert len(set(NAMES)) == len(NAMES) >= 60
    assert {given.promise for given in hostile.INPUTS} >= {"R2", "R5", "R6", "R8", "R9", "R10"}


@pytest.mark.parametrize("given", hostile.INPUTS, ids=NAMES)
def test_netlink_is_correct_or_says_why_not(given: hostile.Hostile, tmp_path: Path) -> None:
    wanted = "clean error" if given.ends is None else "correct"
    assert hostile.outcome("netlink", given, tmp_path) == wanted


@pytest.mark.parametrize(
    ("name", "detail"),
    [
        ("rows that repeat another", "alike in every value"),
        ("a period that ends before it starts", "end is before the start"),
    ],
)
def test_what_is_kept_and_cannot_be_so_is_counted(name: str, detail: str, tmp_path: Path) -> None:
    made = hostile.INPUTS[NAMES.index(name)].make(tmp_path)
    ledger = nl.read_tables(None, made).ledger
    rows = {"alike in every value": 2, "end is before the start": 1}
    assert ledger.set_index("detail").loc[detail, "rows"] == rows[detail]


@pytest.mark.parametrize(
    "given",
    [given for given in hostile.INPUTS if given.ends is None and given.promise in {"R8", "R10"}],
    ids=lambda given: given.name,
)
def test_no_log_shows_a_cell(
    given: hostile.Hostile, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = given.make(tmp_path)
    paths = made if isinstance(made, tuple) else (made,)
    with caplog.at_level(logging.DEBUG), suppress(nl.errors.NetlinkError):
        hostile.netlink(paths)
    assert hostile.CANARY not in caplog.text


@pytest.mark.slow
def test_the_page_of_the_docs_says_what_comes_of_them() -> None:
    page = hostile.PAGE.read_text("utf-8")
    rows = [line.split(" | ") for line in page.splitlines() if line.startswith("| ")]
    table = {row[0].removeprefix("| "): [cell.strip(" |") for cell in row[2:]] for row in rows}
    for at, library in enumerate(hostile.LIBRARIES):
        found = dict(zip(NAMES, hostile.outcomes(library), strict=True))
        assert found == {name: table[name][at] for name in NAMES}, library


# Canaries in every field

FIELDS = {name: f"CANARY {name}" for name in (*ENTITY_COLUMNS, *RELATIONSHIP_COLUMNS, "own")}


def told(error: BaseException) -> str:
    """Everything a notebook or a log would show of an error."""
    shown = "".join(traceback.format_exception(error))
    # Lines of this file are code, not data.
    return "\n".join(line for line in shown.splitlines() if not line.startswith("    "))


@pytest.mark.parametrize("spoiled", FIELDS)
@pytest.mark.parametrize("on_invalid", ["raise", "reject"])
def test_a_canary_in_every_field_is_in_no_message(spoiled: str, on_invalid: Any) -> None:
    people = pd.DataFrame({name: [FIELDS[name]] * 2 for name in ENTITY_COLUMNS})
    people["entity_type"], people["protection_status"] = "person", "none"
    people.loc[1, "entity_id"] = "other CANARY"
    ties = pd.DataFrame({name: [FIELDS[name]] * 2 for name in RELATIONSHIP_COLUMNS})
    ties["source"], ties["target"] = FIELDS["entity_id"], "other CANARY"
    ties["relationship_type"], ties["grade_scheme"], ties["grade"] = "met", "admiralty", "A1"
    ties["weight"], ties["confidence"], ties["start"], ties["end"] = "1", "0.5", None, None
    ties["relationship_id"] = ["CANARY r1", "CANARY r2"]
    for table in (people, ties):
        table["own"] = FIELDS["own"]
        if spoiled in table:
            table.loc[0, spoiled] = FIELDS[spoiled]
    shown = ""
    try:
        network = nl.read_tables(people, ties, on_invalid=on_invalid)
    except nl.errors.TableError as error:
        shown = told(error) + error.failures.to_string()
    else:
        columns = ["table", "row", "column", "reason"]
        shown = repr(network) + network.ledger.to_string()
        shown += network.rejected[columns].to_string() + nl.ingest.describe(network.ledger)
    assert "CANARY" not in shown


# Any table at all

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**70), 2**70),
    st.floats(),
    st.sampled_from(["", " ", "CANARYa", "CANARYb", "CANARY\0", "CANARY,\"'\n", "\ud800CANARY"]),
    st.sampled_from(["person", "met", "A1", "admiralty", "2024-01-01", "1", "-1", "none"]),
    st.dates(),
    st.datetimes(),
    st.binary(max_size=2),
    st.lists(st.just("CANARY"), max_size=2),
)


def tables(columns: tuple[str, ...], needed: tuple[str, ...]) -> st.SearchStrategy[pd.DataFrame]:
    """Tables of any cells under any of some columns."""

    def of(names: list[str]) -> st.SearchStrategy[pd.DataFrame]:
        row = st.fixed_dictionaries(dict.fromkeys([*needed, *names], CELLS))
        return st.lists(row, max_size=4).map(
            lambda rows: pd.DataFrame(
                rows, columns=list(dict.fromkeys([*needed, *names])), dtype=object
            )
        )

    return st.lists(st.sampled_from([*columns, "own"]), max_size=5, unique=True).flatmap(of)


@given(
    st.none() | tables(ENTITY_COLUMNS, ("entity_id",)),
    tables(RELATIONSHIP_COLUMNS, ("source", "target")),
    st.sampled_from(["raise", "reject"]),
)
@settings(max_examples=120, deadline=None)
def test_any_table_gives_a_network_or_a_clean_error(
    entities: pd.DataFrame | None, relationships: pd.DataFrame, on_invalid: Any
) -> None:
    try:
        network = nl.read_tables(entities, relationships, on_invalid=on_invalid)
    except nl.errors.NetlinkError as error:
        assert "CANARY" not in told(error)
        if isinstance(error, nl.errors.TableError):
            assert "CANARY" not in error.failures.to_string()
        return
    ledger = network.ledger.query("table == 'relationships'").groupby("outcome")["rows"].sum()
    assert ledger.get("read", 0) == len(relationships)
    assert ledger.get("used", 0) == network.n_relationships
    assert network.n_relationships + ledger.get("set aside", 0) == len(relationships)
    ends = {*network.relationships["source"], *network.relationships["target"]}
    assert ends <= set(network.entities.index)
    given_ids = {str(cell) for name in ("source", "target") for cell in relationships[name]}
    assert ends <= given_ids


@given(
    st.binary(max_size=60),
    st.sampled_from(["csv", "tsv", "jsonl", "xlsx", "parquet", "feather", "csv.gz", "csv.zip"]),
)
@settings(max_examples=120, deadline=None)
def test_any_bytes_give_a_network_or_a_clean_error(content: bytes, ending: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"t.{ending}"
        path.write_bytes(b"source,target\nCANARY," + content)
        with (
            pytest.raises(nl.errors.NetlinkError)
            if ending in {"xlsx", "parquet"}
            else suppress(nl.errors.NetlinkError) as caught
        ):
            nl.read_tables(None, path, on_invalid="reject")
    if caught is not None:
        assert "CANARY" not in told(caught.value)


@given(
    st.binary(max_size=60),
    st.sampled_from([nl.read_graphml, nl.read_gexf, nl.read_node_link, nl.read_ftm]),
)
@settings(max_examples=80, deadline=None)
def test_any_bytes_give_a_graph_or_a_clean_error(content: bytes, read: Any) -> None:
    heads = {
        nl.read_graphml: b"<graphml><graph><node id='CANARY'/>",
        nl.read_gexf: b"<gexf><graph><nodes><node id='CANARY'/>",
        nl.read_node_link: b'{"nodes": [{"id": "CANARY"}], "edges": [',
        nl.read_ftm: b'{"id": "CANARY", "schema": "Person"}\n',
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t"
        path.write_bytes(heads[read] + content)
        try:
            read(path, on_invalid="reject")
        except nl.errors.NetlinkError as error:
            assert "CANARY" not in told(error)
