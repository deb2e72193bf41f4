"""Workbooks, Parquet, Neo4j, Cytoscape, CASE/UCO and STIX, by the programs that read them."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pytest
from test_export_formats import EVERYTHING, HOSTILE, OWN, bundle, graded, hostile, losses

import netlink as nl
from netlink import export
from netlink.errors import ExportError
from netlink.export import redaction, values, workbook

FORMATS = ["excel", "parquet", "neo4j", "cx2", "cyjs", "case_uco", "stix"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_picture", lambda drawing: b"\x89PNG picture")
        policy = nl.export.Policy(names="all", name_protected=True, columns=OWN)
        place = tmp_path_factory.mktemp("hostile")
        return bundle(hostile(), place, policy=policy, formats=FORMATS)


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[nl.Network, Path]:
    found = nl.datasets.synthetic_case(seed=1, size=100)
    network = nl.read_tables(found.entities, found.relationships, schema=found.schema)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_picture", lambda drawing: b"\x89PNG picture")
        place = tmp_path_factory.mktemp("made up")
        formats = [*FORMATS, "ftm"]
        return network, bundle(network, place, policy=EVERYTHING, formats=formats)


# Excel


def test_openpyxl_reads_texts_as_texts_and_numbers_as_numbers(folder: Path) -> None:
    book = openpyxl.load_workbook(folder / "case.xlsx")
    wanted = ["Entities", "Relationships", "Leads", "People to reach", "Evidence"]
    wanted += ["Elements of the offence", "Groups", "Paths", "Profile"]
    assert book.sheetnames == wanted
    rows = list(book["Entities"].iter_rows())
    header = [cell.value for cell in rows[0]]
    assert all(cell.data_type != "f" for sheet in book for row in sheet for cell in row)
    found = {row[0].value: dict(zip(header, row, strict=True)) for row in rows[1:]}
    entities = hostile().entities
    assert len(found) == len(entities)
    for name, row in entities.iterrows():
        marked = export.csv_tables.marked(str(name), "escape")
        cells = found[values.spelled(marked)]
        assert cells["large"].value == str(row["large"])  # more digits than a cell holds
        assert cells["born"].value == row["born"].isoformat()
        ratio = {float("inf"): "INF", float("-inf"): "-INF"}.get(row["ratio"], row["ratio"])
        assert (cells["ratio"].value == ratio) or (cells["ratio"].value is None and pd.isna(ratio))
        assert cells["flag"].value == row["flag"]
    rows = list(book["Relationships"].iter_rows(values_only=True))
    weights = [row[rows[0].index("weight")] for row in rows[1:]]
    assert sorted(weights) == pytest.approx(sorted(hostile().relationships["weight"]))


def test_a_workbook_holds_nothing_of_its_making(folder: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(folder / "case.xlsx") as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert not [name for name in package.namelist() if name.startswith("docProps")]


def test_what_a_sheet_cannot_hold_is_counted_or_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entities = pd.DataFrame({"entity_id": ["a", "b"], "entity_type": "person"})
    entities["label"] = ["x" * 40_000, "short"]
    rows = pd.DataFrame({"source": ["a"], "target": ["b"], "relationship_type": "met"})
    network = nl.read_tables(entities, rows)
    case = nl.cases.build(network, around=["a"])
    published = redaction.publish(case, EVERYTHING)
    ((_, content),) = workbook.files(published)
    book = openpyxl.load_workbook(io.BytesIO(b"".join(content)))
    assert len(book["Entities"]["C2"].value) == 32_767
    assert published.losses[("excel", "entities", "label", workbook._CUT)] == 1
    monkeypatch.setattr(workbook, "_MOST_ROWS", 1)
    with pytest.raises(ExportError, match="A sheet holds 1 rows, the entities are 2"):
        list(next(iter(workbook.files(published)))[1])


# Parquet


def test_polars_and_duckdb_read_the_parquet(folder: Path) -> None:
    table = pl.read_parquet(folder / "entities.parquet")
    assert table.schema["born"] == pl.Date
    assert table.schema["flag"] == pl.Boolean
    assert table.schema["large"] == pl.Int64
    assert set(table["entity_id"]) == set(HOSTILE)
    path = folder / "relationships.parquet"
    rows = hostile().relationships
    query = 'SELECT count(*), sum(weight), count("start") FROM read_parquet(?)'
    with duckdb.connect() as base:
        found = base.execute(query, [str(path)]).fetchone()
    assert found is not None
    assert found[0] == len(rows)
    assert found[1] == pytest.approx(rows["weight"].sum())
    assert found[2] == rows["start"].notna().sum()
    assert pl.read_parquet(path).schema["start"] == pl.String  # some are known to the day alone


def test_times_are_times_where_all_are_precise(tmp_path: Path) -> None:
    rows = pd.DataFrame({"source": ["a"], "target": ["b"], "relationship_type": "met"})
    network = nl.read_tables(None, rows.assign(start="2024-01-31T10:00:00+01:00"))
    published = redaction.publish(nl.cases.build(network, around=["a"]), EVERYTHING)
    found = dict(export._WRITERS["parquet"](published))["relationships.parquet"]
    table = pl.read_parquet(io.BytesIO(b"".join(found)))
    assert table.schema["start"] == pl.Datetime("us", "UTC")
    assert table["start"][0].isoformat() == "2024-01-31T09:00:00+00:00"
    text = next(iter(dict(export._WRITERS["neo4j"](published))["neo4j_relationships.csv"]))
    assert "start:datetime" in str(text)


def test_partial_dates_are_counted_where_a_format_needs_moments(folder: Path) -> None:
    rows = hostile().relationships
    partial = int(rows["start_precision"].isin(["day", "month", "year"]).sum())
    assert partial
    for form in ("stix", "case_uco"):
        assert losses(folder, form)["relationships", "start"] == partial


# Neo4j: https://neo4j.com/docs/operations-manual/5/tools/neo4j-admin/neo4j-admin-import/

_FIELD = re.compile(r"(\w*)(?::([A-Za-z0-9_]+(?:\[\])?)?(?:\((\w+)\))?)?")


def read_neo4j(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        return list(reader.fieldnames or []), list(reader)


def test_neo4j_has_its_columns(folder: Path) -> None:
    header, nodes = read_neo4j(folder / "neo4j_nodes.csv")
    assert header[0] == "entity_id:ID(Entity)"
    assert header[-1] == ":LABEL"
    kinds = {"ID", "LABEL", "START_ID", "END_ID", "TYPE", "string[]", "boolean", "long", "double"}
    ends, rows = read_neo4j(folder / "neo4j_relationships.csv")
    assert (ends[0], ends[-2], ends[-1]) == (":START_ID(Entity)", ":END_ID(Entity)", ":TYPE")
    for name in header + ends:
        found = _FIELD.fullmatch(name)
        assert found is not None, name
        assert found[2] is None or found[2] in kinds | {"datetime"}
    names = [row["entity_id:ID(Entity)"] for row in nodes]
    assert set(names) == set(HOSTILE)
    assert {row[end] for row in rows for end in (ends[0], ends[-2])} <= set(names)
    assert {row["ratio:double"] for row in nodes} == {"", "Infinity", "-Infinity", "-0.5"}
    assert {row[":TYPE"] for row in rows} == {"COMMUNICATED", "KNOWS", "MET"}


def test_neo4j_has_lists_of_texts(tmp_path: Path) -> None:
    entities = pd.DataFrame({"entity_id": ["a", "b"], "entity_type": ["person", "online_account"]})
    entities["aliases"] = pd.Series([["x", "y"], []], dtype=object)
    entities["a:b"] = ["1", "2"]
    rows = pd.DataFrame({"source": ["a"], "target": ["b"], "relationship_type": "uses"})
    policy = nl.export.Policy(names="all", columns=("aliases", "a:b"))
    network = nl.read_tables(entities, rows)
    published = redaction.publish(nl.cases.build(network, around=["a"]), policy)
    _, chunks = next(iter(export._WRITERS["neo4j"](published)))
    text = b"".join(c.encode() if isinstance(c, str) else c for c in chunks).decode()
    lines = text.splitlines()
    assert lines[0].endswith("a_b,aliases:string[],:LABEL")
    assert lines[1].endswith("1,x;y,Person")
    assert lines[2].endswith("2,,OnlineAccount")


# Cytoscape


def test_cx2_says_the_type_of_every_value(folder: Path) -> None:
    text = (folder / "network.cx2").read_text("utf-8")
    parts = json.loads(text, parse_constant=pytest.fail)
    assert parts[0] == {"CXVersion": "2.0", "hasFragments": False}
    assert parts[-1] == {"status": [{"error": "", "success": True}]}
    found = {name: part for entry in parts[1:-1] for name, part in entry.items()}
    counts = {entry["name"]: entry["elementCount"] for entry in found["metaData"]}
    assert counts["nodes"] == len(found["nodes"]) == len(HOSTILE)
    assert counts["edges"] == len(found["edges"]) == hostile().n_relationships
    types = {"string": str, "boolean": bool, "long": int, "double": (int, float)}
    for name in ("nodes", "edges"):
        declared = found["attributeDeclarations"][0][name]
        for row in found[name]:
            for key, value in row["v"].items():
                wanted: Any = types[declared[key]["d"]]
                assert isinstance(value, wanted)
                assert isinstance(value, bool) == (wanted is bool)
    ids = {row["id"] for row in found["nodes"]}
    assert ids == set(range(len(HOSTILE)))
    assert {row[end] for row in found["edges"] for end in ("s", "t")} <= ids


def test_cyjs_has_text_ids_that_differ(folder: Path) -> None:
    text = (folder / "network.cyjs").read_text("utf-8")
    elements = json.loads(text, parse_constant=pytest.fail)["elements"]
    nodes = [row["data"] for row in elements["nodes"]]
    edges = [row["data"] for row in elements["edges"]]
    ids = [row["id"] for row in nodes + edges]
    assert all(isinstance(name, str) for name in ids)
    assert len(set(ids)) == len(ids)
    assert {row["id"] for row in nodes} == set(HOSTILE)
    assert {row[end] for row in edges for end in ("source", "target")} <= set(HOSTILE)


def test_an_edge_of_cyjs_never_has_the_id_of_a_node(tmp_path: Path) -> None:
    rows = pd.DataFrame({"relationship_id": ["a"], "source": ["a"], "target": ["b"]})
    network = nl.read_tables(None, rows.assign(relationship_type="met"))
    published = redaction.publish(nl.cases.build(network, around=["a"]), EVERYTHING)
    _, chunks = next(iter(export._WRITERS["cyjs"](published)))
    text = b"".join(c.encode() if isinstance(c, str) else c for c in chunks)
    assert json.loads(text)["elements"]["edges"][0]["data"]["id"] == "relationship a"


# CASE/UCO and STIX


def test_case_uco_names_every_end_once(made_up: tuple[nl.Network, Path]) -> None:
    network, folder = made_up
    found = json.loads((folder / "case_uco.jsonld").read_text("utf-8"))
    objects = {entry["@id"]: entry for entry in found["@graph"]}
    assert len(objects) == len(found["@graph"]) == network.n_entities + network.n_relationships
    pattern = "kb:[a-z-]+-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"
    assert all(re.fullmatch(pattern, name) for name in objects)
    ties = [entry for entry in objects.values() if entry["@type"] == "uco-core:Relationship"]
    assert len(ties) == network.n_relationships
    for tie in ties:
        assert {tie[f"uco-core:{end}"]["@id"] for end in ("source", "target")} <= set(objects)
        assert isinstance(tie["uco-core:isDirectional"], bool)
    documents = {
        tie.get("uco-core:externalReference", {}).get("uco-core:externalIdentifier") for tie in ties
    }
    assert documents == set(network.relationships["document"].dropna()) | (
        {None} if network.relationships["document"].isna().any() else set()
    )


def test_stix_leaves_out_and_counts_what_it_has_no_object_for(
    made_up: tuple[nl.Network, Path],
) -> None:
    network, folder = made_up
    objects = json.loads((folder / "stix.json").read_text("utf-8"))["objects"]
    ids = {entry["id"] for entry in objects}
    assert len(ids) == len(objects)
    ties = [entry for entry in objects if entry["type"] == "relationship"]
    for tie in ties:
        assert {tie["source_ref"], tie["target_ref"]} <= ids
        assert tie.get("stop_time", "~") > tie.get("start_time", "")
    lost = losses(folder, "stix")
    assert len(objects) - len(ties) + lost["entities", ""] == network.n_entities
    assert len(ties) + lost["relationships", ""] == network.n_relationships
    kinds = network.entities["entity_type"].value_counts()
    assert lost["entities", ""] == kinds.get("vehicle", 0) + kinds.get("location", 0)


def test_ids_of_people_without_a_name_enter_no_uuid(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"\x89PNG picture")
    named = redaction.publish(nl.cases.build(graded(), around=["p"]), EVERYTHING)
    hidden = redaction.publish(
        nl.cases.build(graded(), around=["p"]), nl.export.Policy(names="nobody")
    )
    one, other = (
        set(export.identifiers.of(found, "entities").to_pylist()) for found in (named, hidden)
    )
    assert one.isdisjoint(other)


# The libraries of the standards, where they are installed


def test_stix2_parses_the_bundle(made_up: tuple[nl.Network, Path], folder: Path) -> None:
    stix2 = pytest.importorskip("stix2", reason="in the dev extra, not in that of test")
    for place in (made_up[1], folder):
        text = (place / "stix.json").read_text("utf-8")
        assert len(stix2.parse(text).objects) == len(json.loads(text)["objects"])


def test_followthemoney_validates_every_line(made_up: tuple[nl.Network, Path]) -> None:
    ftm = pytest.importorskip(
        "followthemoney", reason="not in the test extra (pyicu needs a compiler)"
    )
    for line in (made_up[1] / "ftm.jsonl").read_text("utf-8").splitlines():
        data = json.loads(line)
        proxy = ftm.model.get_proxy(data)
        proxy.schema.validate(data)
        found = {name: sorted(texts) for name, texts in proxy.to_dict()["properties"].items()}
        assert found == {name: sorted(texts) for name, texts in data["properties"].items()}


@pytest.mark.slow
def test_case_utils_finds_the_graph_to_conform(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = shutil.which("case_validate")
    if program is None:
        pytest.skip("case-utils is in the dev extra: rdflib and pyshacl come with it")
    monkeypatch.setattr(export, "_picture", lambda drawing: b"\x89PNG picture")
    # Few rows, of every type: it takes minutes for thousands.
    types = list(nl.vocabulary.default().entity_types)
    entities = pd.DataFrame({"entity_id": types, "entity_type": types, "label": types})
    rows = pd.DataFrame({"source": types, "target": types[1:] + types[:1]})
    rows["relationship_type"] = "associate_of"
    rows["start"] = (["2024-01-01", "2024-02", "2024-03-05T10:00:00Z", None] * 9)[: len(rows)]
    rows["end"] = rows["start"]
    rows["document"], rows["dataset"] = "D 1", "set"
    network = nl.read_tables(entities, rows)
    folder = bundle(network, tmp_path, policy=EVERYTHING, formats=["case_uco"])
    path = str(folder / "case_uco.jsonld")
    command = [program, "--built-version", "case-1.4.0", path]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    assert "Conforms: True" in found.stdout


def test_stix_marks_what_has_a_code_of_tlp() -> None:
    rows = pd.DataFrame({"source": list("aaaaa"), "target": list("bcdef")})
    rows["relationship_type"] = "met"
    rows["handling"] = ["TLP:RED", "TLP:CLEAR; 5", "TLP:AMBER+STRICT", "5", None]
    entities = pd.DataFrame({"entity_id": list("abcdef"), "entity_type": "person"})
    case = nl.cases.build(nl.read_tables(entities, rows), around=["a"])
    published = redaction.publish(case, EVERYTHING)
    _, chunks = next(iter(export._WRITERS["stix"](published)))
    text = b"".join(c.encode() if isinstance(c, str) else c for c in chunks)
    objects = json.loads(text)["objects"]
    defined = {o["id"]: o["name"] for o in objects if o["type"] == "marking-definition"}
    assert sorted(defined.values()) == ["TLP:RED", "TLP:WHITE"]
    ties = [o for o in objects if o["type"] == "relationship"]
    marked = [[defined[name] for name in o.get("object_marking_refs", [])] for o in ties]
    assert sorted(marked) == [[], [], ["TLP:RED"], ["TLP:RED"], ["TLP:WHITE"]]
    lost = {key[3]: n for key, n in published.losses.items() if key[2] == "handling"}
    assert lost["no code of TLP"] == 1
    assert [n for reason, n in lost.items() if "AMBER+STRICT" in reason] == [1]
