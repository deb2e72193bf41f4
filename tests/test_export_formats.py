"""Each format, read back by the programs that read it; hostile values; golden files."""

from __future__ import annotations

import csv
import datetime as dt
import json
import re
import xml.etree.ElementTree as ET
from functools import lru_cache
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import numpy as np
import openpyxl
import pandas as pd
import pytest
from networks import network_of

import netlink as nl
from netlink import export
from netlink.errors import ExportError
from netlink.export import columns, csv_tables, values
from netlink.ingest import escapes

GOLDEN = Path(__file__).parent / "golden" / "export"
EVERYTHING = nl.export.Policy(names="all", name_protected=True)
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+15550100",
    "-2+3",
    "@SUM(1)",
    "|x",
    "%x",
    "\t=1",
    "\ufeff=1",
    "\uff1d1+1",
    "'=1",
    "a\x0bb",
    "nul\0byte",
    "<script>alert(1)</script>",
    "\"quotes\" & 'single'",
    "two\nlines",
    "carriage\rreturn",
    "\u202eright to left",
    "zero\u200bwidth",
    "comma, semicolon;",
    "007",
    "7",
    "NA",
    "None",
    "1e5",
    "]]>",
    "\\u0041 {x} %s",
    "\U0001f600",
]


@pytest.fixture(autouse=True)
def _no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"\x89PNG picture")


@lru_cache
def hostile() -> nl.Network:
    n = len(HOSTILE)
    entities = pd.DataFrame({"entity_id": HOSTILE, "entity_type": "person"})
    entities["label"] = HOSTILE[::-1]
    entities["large"] = [2**53 + 1 + at for at in range(n)]
    entities["ratio"] = ([np.nan, np.inf, -np.inf, -0.5] * n)[:n]
    entities["listed"] = pd.Series([["a", None], ["=1"], []] * n, dtype=object)[:n]
    entities["born"] = [dt.date(1990, 1, 1 + at % 28) for at in range(n)]
    entities["flag"] = pd.Series([True, False, None] * n, dtype=object)[:n]
    entities["type"] = [None, "=x"] * (n // 2) + [None] * (n % 2)
    rows = pd.DataFrame({"source": HOSTILE, "target": HOSTILE[1:] + HOSTILE[:1]})
    rows = pd.concat([rows, rows.iloc[:2]], ignore_index=True)
    rows["relationship_type"] = (["communicated", "knows", "met"] * n)[: len(rows)]
    rows["weight"] = np.arange(len(rows)) / 7
    rows["start"] = ([None, "2024-01-31", "2024-02-29T23:59:59.123456Z"] * n)[: len(rows)]
    rows["end"] = ([None, "2024-03", None] * n)[: len(rows)]
    rows["grade"] = ([None, "B2", "A1"] * n)[: len(rows)]
    rows["grade_scheme"] = "admiralty"
    rows["document"] = (HOSTILE * 2)[3 : len(rows) + 3]
    rows["id"] = np.arange(len(rows))
    return nl.read_tables(entities, rows)


def as_known(row: pd.Series, end: str) -> str | None:
    """The start or end of a relationship as files give it: no more than what is known."""
    if pd.isna(row[end]):
        return None
    n = {"month": 7, "day": 10, "time": None}[row[f"{end}_precision"]]
    return str(row[end].isoformat()[:n])


# How far a time is known shows in how it is written; the text as given is a column to ask for.
UNWRITTEN = ["start_text", "end_text", "start_precision", "end_precision"]
OWN = ("large", "ratio", "listed", "born", "flag", "type", "id")


def bundle(network: nl.Network, folder: Path, **arguments: Any) -> Path:
    case = nl.cases.build(network, around=network.entities.index, hops=1)
    return export.bundle(case, folder / "case", **arguments)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_picture", lambda drawing: b"\x89PNG picture")
        policy = nl.export.Policy(names="all", name_protected=True, columns=OWN)
        return bundle(hostile(), tmp_path_factory.mktemp("hostile"), policy=policy)


def losses(folder: Path, form: str) -> dict[tuple[str, str], int]:
    found = json.loads((folder / "manifest.json").read_text("utf-8"))["losses"]
    return {(row["table"], row["column"]): row["count"] for row in found if row["format"] == form}


# GraphML


def test_networkx_reads_the_graphml(folder: Path) -> None:
    network = hostile()
    graph = nx.read_graphml(folder / "network.graphml", force_multigraph=True)
    assert graph.is_directed()
    assert set(graph) == {values.spelled(name) for name in HOSTILE}
    for name, row in network.entities.iterrows():
        found = graph.nodes[values.spelled(str(name))]
        assert found["label"] == values.spelled(row["label"])
        assert found["large"] == str(row["large"])
        assert found["born"] == row["born"].isoformat()
        assert json.loads(found["listed"]) == list(row["listed"])
        assert ("ratio" in found) == (row["ratio"] == row["ratio"])
        assert found.get("ratio", row["ratio"]) == row["ratio"] or "ratio" not in found
        assert found.get("flag") == (None if row["flag"] is None else row["flag"])
    rows = network.relationships
    assert graph.number_of_edges() == len(rows)
    kinds = network.vocabulary.relationship_types
    for _, _, key, found in graph.edges(keys=True, data=True):
        row = rows.loc[key]
        assert found["weight"] == row["weight"]
        assert found["relationship_type"] == row["relationship_type"]
        assert found["directed"] == kinds[row["relationship_type"]].directed
        assert found.get("start") == as_known(row, "start")
        assert found.get("end") == as_known(row, "end")
        assert found["id_in_table"] == row["id"]


def test_igraph_reads_the_graphml(folder: Path) -> None:
    graph = igraph.Graph.Read_GraphML(str(folder / "network.graphml"))
    network = hostile()
    assert graph.vcount() == network.n_entities
    assert graph.ecount() == network.n_relationships
    names = {name.replace("&#38;", "&") for name in graph.vs["id"]}  # igraph leaves it escaped
    assert names == {values.spelled(name) for name in HOSTILE}
    # igraph 1.0 gives edges the ids of vertices: what is written is compared by its values.
    rows = network.relationships
    wanted = {"NA" if pd.isna(text) else values.spelled(text) for text in rows["document"]}
    assert {text or "NA" for text in graph.es["document"]} == wanted
    assert sorted(graph.es["weight"]) == sorted(rows["weight"])
    assert sum(graph.es["directed"]) == (rows["relationship_type"] == "communicated").sum()


def test_graphml_counts_the_characters_it_cannot_hold(folder: Path) -> None:
    assert losses(folder, "graphml") == {("entities", "label"): 2, ("relationships", "document"): 2}


def test_graphml_keeps_undirected_networks_undirected(tmp_path: Path) -> None:
    folder = bundle(network_of([("a", "b"), ("a", "b")]), tmp_path, formats=["graphml"])
    graph = nx.read_graphml(folder / "network.graphml")
    assert not graph.is_directed()
    assert graph.number_of_edges("a", "b") == 2


def test_an_empty_cell_is_no_text(tmp_path: Path) -> None:
    folder = bundle(network_of([("a", "b")]), tmp_path, policy=EVERYTHING)
    text = (folder / "network.graphml").read_text()
    assert "label" in text
    assert "nan" not in text.lower()
    assert nx.read_graphml(folder / "network.graphml").nodes["a"] == {
        "entity_type": "person",
        "protection_status": "unknown",
    }


# GEXF


def test_networkx_reads_the_gexf(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(nx.NetworkXError, match="Undirected edge found"):  # it takes no mixed one
        nx.read_gexf(folder / "network.gexf", version="1.3")
    calls = hostile().where(relationship_types=["communicated"])
    policy = nl.export.Policy(names="all", name_protected=True, columns=OWN)
    folder = bundle(calls, tmp_path, policy=policy, formats=["gexf"])
    graph = nx.read_gexf(folder / "network.gexf", version="1.3")
    assert set(graph) == {values.spelled(name) for name in HOSTILE}
    for name, row in hostile().entities.iterrows():
        found = graph.nodes[values.spelled(str(name))]
        assert found["label"] == values.spelled(row["label"])
        assert found.get("type_in_table") == (None if pd.isna(row["type"]) else row["type"])


def test_gexf_has_times_kinds_and_directions(folder: Path) -> None:
    space = {"g": "http://gexf.net/1.3"}
    root = ET.parse(folder / "network.gexf").getroot()
    assert root.tag == "{http://gexf.net/1.3}gexf"
    assert root.get("version") == "1.3"
    graph = root.find("g:graph", space)
    assert graph is not None
    assert graph.get("mode") == "dynamic"
    assert (graph.get("timeformat"), graph.get("timerepresentation")) == ("dateTime", "interval")
    rows = hostile().relationships
    edges = graph.findall("g:edges/g:edge", space)
    assert len(edges) == len(rows)
    assert len({edge.get("id") for edge in edges}) == len(rows)
    for edge in edges:
        row = rows.loc[str(edge.get("id"))]
        assert edge.get("kind") == row["relationship_type"]
        directed = row["relationship_type"] == "communicated"
        assert edge.get("type") == ("directed" if directed else "undirected")
        start, end = edge.get("start"), edge.get("end")
        if pd.isna(row["start"]):
            assert (start, end) == (None, None)
        else:
            assert start == row["start"].isoformat()
            last = "2024-03-31T23:59:59.999999+00:00"  # of the month that is all that is known
            assert end == (start if pd.isna(row["end"]) else last)
        known = {
            value.get("for"): value.get("value") for value in edge.iter(f"{{{space['g']}}}attvalue")
        }
        for name in ("start", "end"):
            text = as_known(row, name)
            assert known.get(f"{name}_known") == (text if len(text or "") in {7, 10} else None)
    titles = [a.get("title") for a in graph.findall("g:attributes/g:attribute", space)]
    assert not {"id", "label", "type", "weight", "kind", "start", "end"} & set(titles)


def test_a_network_without_dates_is_static(tmp_path: Path) -> None:
    text = (bundle(network_of([("a", "b")]), tmp_path) / "network.gexf").read_text()
    assert 'mode="static"' in text
    assert "timeformat" not in text


def test_gexf_says_what_gephi_merges(folder: Path) -> None:
    rows = hostile().relationships
    parallel = int(rows.duplicated(["source", "target", "relationship_type"]).sum())
    assert losses(folder, "gexf").get(("relationships", ""), 0) == parallel


# Node-link JSON


def test_networkx_reads_the_json(folder: Path) -> None:
    data = json.loads(
        (folder / "network.json").read_text("utf-8"),
        parse_constant=lambda word: pytest.fail(f"{word} is not strict JSON"),
    )
    graph = nx.node_link_graph(data, edges="edges")
    assert set(graph) == set(HOSTILE)
    for name, row in hostile().entities.iterrows():
        found = graph.nodes[name]
        assert found["label"] == row["label"]
        assert found["large"] == str(row["large"])
        wanted = {np.inf: "INF", -np.inf: "-INF"}.get(row["ratio"], row["ratio"])
        assert found.get("ratio") == (None if pd.isna(wanted) else wanted)
    assert {key for *_, key in graph.edges(keys=True)} == set(hostile().relationships.index)
    assert losses(folder, "json") == {}


# CSV


def test_pandas_reads_the_csv(folder: Path) -> None:
    for name, table in (
        ("entities", hostile().entities),
        ("relationships", hostile().relationships.drop(columns=UNWRITTEN)),
    ):
        found = pd.read_csv(
            folder / f"{name}.csv", dtype=str, keep_default_na=False, engine="python", index_col=0
        )
        found.index = found.index.map(unescaped)
        assert set(found.index) == set(table.index)
        for column in table.columns:
            texts = table[column].map(lambda value: values.written(values.plain(value)))
            if column in {"start", "end"}:
                rows = hostile().relationships.iterrows()
                texts = pd.Series([as_known(row, column) or "" for _, row in rows])
            kept = found[column].map(unescaped)[table.index]
            if column not in {"source", "target"}:  # ends of undirected rows stand in order
                assert kept.tolist() == texts.tolist(), column


def unescaped(text: str) -> str:
    """Take off the apostrophe that marks a text as one."""
    return escapes.unmarked(text)


@pytest.mark.parametrize("text", [*HOSTILE, "''=1", "'plain", "", " =1", "\u200b@x", "plain"])
def test_a_cell_that_would_run_is_marked_and_comes_back(text: str) -> None:
    cell = written([text])[0]
    assert unescaped(cell) == text
    shown = re.sub("^[\\s\0\u200b\ufeff]+", "", cell)
    assert not shown.startswith(tuple("=+-@|%\uff1d"))
    assert not cell.startswith(("\t", "\r", "\n", "\0"))


def written(cells: list[Any], formula: str = "escape") -> list[Any]:
    found = csv_tables.cells(cells, columns.column(cells), formula)
    return list(found.to_pylist())


@pytest.mark.parametrize("name", ["=SUM(1)", "+a", "-a", "@a", "|a", "%a", "\ta", "\uff1da"])
def test_a_header_that_would_run_is_marked_and_comes_back(tmp_path: Path, name: str) -> None:
    people = pd.DataFrame({"entity_id": ["a", "b"], "entity_type": "person", name: ["x", "y"]})
    network = nl.read_tables(people, pd.DataFrame({"source": ["a"], "target": ["b"]}))
    policy = nl.export.Policy(names="all", columns=(name,))
    folder = bundle(network, tmp_path, policy=policy, formats=["csv", "excel"])
    assert f"'{name}" in (folder / "entities.csv").read_text("utf-8").splitlines()[0]
    sheet = openpyxl.load_workbook(folder / "case.xlsx")["Entities"]
    assert f"'{name}" in {cell.value for cell in next(sheet.iter_rows())}
    schema = nl.Schema.load(folder / "schema.toml")
    found = nl.read_tables(folder / "entities.csv", folder / "relationships.csv", schema=schema)
    assert found.entities[name].tolist() == ["x", "y"]


def test_numbers_stay_numbers() -> None:
    assert written([-1.5, -3, True, None, "-3"]) == ["-1.5", "-3", "true", None, "'-3"]
    assert written([-1.5, None]) == ["-1.5", None]


def test_a_formula_may_be_an_error_or_stay() -> None:
    for text in HOSTILE:
        assert written([text], "raw") == [text]
        if written([text]) != [text]:
            with pytest.raises(ExportError, match="would run as a formula") as caught:
                written([text], "error")
            assert text not in str(caught.value)


def test_netlink_reads_its_own_csv(tmp_path: Path) -> None:
    made_up = nl.datasets.synthetic_case(seed=3, size=100)
    whole = nl.read_tables(made_up.entities, made_up.relationships, schema=made_up.schema)
    policy = nl.export.Policy(
        names="all", name_protected=True, columns=("country", "amount", "logged_on")
    )
    folder = bundle(whole, tmp_path, formats=["csv"], policy=policy)
    found = nl.read_tables(folder / "entities.csv", folder / "relationships.csv")
    people = found.entities
    people["country"] = people["country"].replace("", None)  # a column of its own stays as it is
    pd.testing.assert_frame_equal(
        people.sort_index(axis=1), whole.entities.sort_index(axis=1), check_dtype=False
    )
    rows = whole.relationships.drop(columns=["start_text", "end_text"])
    again = found.relationships.drop(columns=["start_text", "end_text"]).loc[rows.index]
    again["amount"] = pd.to_numeric(again["amount"].replace("", None))
    again["logged_on"] = again["logged_on"].replace("", None)
    undirected = {n for n, k in whole.vocabulary.relationship_types.items() if not k.directed}
    for table in (rows, again):
        turn = table["relationship_type"].isin(undirected) & (table["source"] > table["target"])
        table.loc[turn, ["source", "target"]] = table.loc[turn, ["target", "source"]].to_numpy()
    pd.testing.assert_frame_equal(
        again.sort_index(axis=1), rows.sort_index(axis=1), check_dtype=False
    )


# i2


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def graded() -> nl.Network:
    entities = pd.DataFrame({"entity_id": ["p", "q", "t", "alone"]})
    entities["entity_type"] = ["person", "person", "phone", "person"]
    entities["label"] = ["Person P", "\u202eQ", None, "Alone"]
    rows = pd.DataFrame(
        [
            ("r1", "p", "q", "met", "2024-05-01", "B2", "admiralty", None, "D1"),
            ("r2", "p", "t", "uses", "2024-05-01T08:30:00Z", "1A", "3x5x2", "C", None),
            ("r3", "q", "t", "uses", None, None, None, None, None),
            ("r4", "p", "q", "recruited", None, "D5", "admiralty", None, None),
        ],
        columns=[
            *["relationship_id", "source", "target", "relationship_type", "start", "grade"],
            *["grade_scheme", "handling", "document"],
        ],
    )
    return nl.read_tables(entities, rows.assign(dataset="BOOK"))


def test_i2_has_its_columns_and_always_grades(tmp_path: Path) -> None:
    folder = bundle(graded(), tmp_path, formats=["i2"], policy=EVERYTHING)
    links = {row["Relationship Id"]: row for row in read_csv(folder / "i2_links.csv")}
    # The order of columns is that of reference/formats.md.
    assert list(links["r1"])[:18] == [
        *["End1 Identity", "End1 Type", "End1 Label", "End2 Identity", "End2 Type", "End2 Label"],
        *["Link Type", "Link Label", "Direction", "Strength", "Date", "Time", "Description"],
        *["Source Type", "Source Reference", "Grade1", "Grade2", "Grade3"],
    ]
    first = links["r1"]
    assert (first["End1 Identity"], first["End1 Label"]) == ("p", "Person P")
    assert first["End2 Label"] == "\\u202eQ"
    assert (first["Direction"], first["Strength"]) == ("None", "Unconfirmed")
    assert (first["Date"], first["Time"]) == ("2024-05-01", "")
    assert (first["Source Type"], first["Source Reference"]) == ("BOOK", "D1")
    grades = {name: [row[f"Grade{n}"] for n in (1, 2, 3)] for name, row in links.items()}
    assert grades == {
        "r1": ["B", "2", "Ungraded"],
        "r2": ["1", "A", "C"],
        "r3": ["Ungraded"] * 3,
        "r4": ["D", "5", "Ungraded"],
    }
    assert (links["r2"]["Time"], links["r2"]["Direction"]) == ("08:30:00", "End1 to End2")
    assert links["r2"]["End2 Label"] == "t"
    assert [links[r]["Strength"] for r in ("r2", "r3", "r4")] == [
        *["Confirmed", "Unconfirmed", "Tentative"]
    ]
    alone = read_csv(folder / "i2_isolates.csv")
    assert [(row["Identity"], row["Grade1"]) for row in alone] == [("alone", "Ungraded")]
    assert losses(folder, "i2") == {}


def test_i2_gets_no_day_that_is_not_known(tmp_path: Path) -> None:
    starts = ["2024-05", "2024", "2024-05-01", "2024-05-01T00:00Z"]
    network = network_of([("a", "b")] * 4, start=starts)
    links = read_csv(bundle(network, tmp_path, formats=["i2"]) / "i2_links.csv")
    assert sorted((row["Date"], row["Time"], row["Start"]) for row in links) == [
        ("", "", "2024"),
        ("", "", "2024-05"),
        ("2024-05-01", "", "2024-05-01"),
        ("2024-05-01", "00:00:00", "2024-05-01T00:00:00+00:00"),
    ]
    assert losses(tmp_path / "case", "i2") == {("relationships", "start"): 2}


def test_dates_are_written_in_the_zone_that_counts_them(tmp_path: Path) -> None:
    """A day in London begins at 23:00 UTC of the day before, in summer."""
    texts = ["2024-07-01", "2024-07", "2024"]
    rows = pd.DataFrame({"source": "a", "target": "b", "start": texts})
    network = nl.read_tables(None, rows, schema=nl.Schema(tz="Europe/London"))
    folder = bundle(network, tmp_path, formats=["csv", "ftm", "gexf"])
    assert sorted(row["start"] for row in read_csv(folder / "relationships.csv")) == sorted(texts)
    lines = map(json.loads, (folder / "ftm.jsonl").read_text().splitlines())
    dates = [line["properties"]["date"] for line in lines if "date" in line["properties"]]
    assert sorted(dates) == sorted([text] for text in texts)
    gexf = (folder / "network.gexf").read_text()
    assert 'start="2024-06-30T23:00:00+00:00" end="2024-07-01T22:59:59.999999+00:00"' in gexf
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["input"]["time_zone_of_dates"] == "Europe/London"
    tables = (folder / f"{name}.csv" for name in ("entities", "relationships"))
    back = nl.read_tables(*tables, schema=nl.Schema.load(folder / "schema.toml"))
    pd.testing.assert_frame_equal(back.spans, network.spans.sort_index())


def test_the_report_counts_days_in_the_zone_of_the_network(tmp_path: Path) -> None:
    rows = pd.DataFrame({"source": "a", "target": ["x", "y"], "relationship_type": "seen_at"})
    rows["start"] = ["2024-07-01", "2024-07-03T10:00"]
    network = nl.read_tables(None, rows, schema=nl.Schema(tz="America/New_York"))
    page = (bundle(network, tmp_path, formats=["html"]) / "report.html").read_text()
    assert "by the calendar of America/New_York" in page
    assert "<td>2024-07-02 03:59</td><td>2024-07-03 14:00</td>" in page


def test_i2_headers_are_distinct(tmp_path: Path) -> None:
    network = network_of([("a", "b")], date=["x"], description=["y"])
    policy = nl.export.Policy(columns=("date", "description"))
    folder = bundle(network, tmp_path, formats=["i2"], policy=policy)
    header = (folder / "i2_links.csv").read_text().splitlines()[0].split(",")
    assert len(set(header)) == len(header)


# FollowTheMoney: schemata and properties of followthemoney 4.11 for what is written here.

_INTERVAL = {"startDate", "endDate", "date", "recordId"}
FTM = {
    "Person": {"name"},
    "Organization": {"name"},
    "LegalEntity": {"name"},
    "UserAccount": {"username", "service"},
    "BankAccount": {"name"},
    "Vehicle": {"name"},
    "Address": {"name"},
    "Document": {"fileName"},
    "Event": {"name"},
    "Asset": {"name"},
    "UnknownLink": {"subject", "object", "role"} | _INTERVAL,
    "Associate": {"person", "associate", "relationship"} | _INTERVAL,
    "Family": {"person", "relative", "relationship"} | _INTERVAL,
    "Employment": {"employer", "employee", "role"} | _INTERVAL,
    "Membership": {"member", "organization", "role"} | _INTERVAL,
    "Ownership": {"owner", "asset", "role"} | _INTERVAL,
    "Payment": {"payer", "beneficiary", "payerAccount", "beneficiaryAccount", "purpose"}
    | {"amount", "currency"}
    | _INTERVAL,
}


_LEGAL = {"Person", "Organization", "LegalEntity"}
RANGES = {key: {"Person"} for key in ("person", "associate", "relative", "employee")}
RANGES |= {key: {"Organization"} for key in ("employer", "organization")}
RANGES |= dict.fromkeys(("member", "owner", "payer", "beneficiary"), _LEGAL)
RANGES |= {key: {"BankAccount"} for key in ("payerAccount", "beneficiaryAccount")}
RANGES["asset"] = {"Asset", "BankAccount", "Vehicle"}


def lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "ftm.jsonl").read_text("utf-8").split("\n")[:-1]]


def check_ftm(entities: list[dict[str, Any]]) -> None:
    schema = {entity["id"]: entity["schema"] for entity in entities}
    known = set(schema)
    assert len(known) == len(entities)
    assert all(re.fullmatch(r"[0-9a-zA-Z]([0-9a-zA-Z.\-]*[0-9a-zA-Z])?", name) for name in known)
    references = {"subject", "object", "person", "associate", "relative", "employer", "employee"}
    references |= {"member", "organization", "owner", "asset", "payer", "beneficiary"}
    references |= {"payerAccount", "beneficiaryAccount"}
    for entity in entities:
        assert set(entity) == {"id", "schema", "properties"}
        assert set(entity["properties"]) <= FTM[entity["schema"]]
        for name, texts in entity["properties"].items():
            assert isinstance(texts, list)
            assert all(isinstance(text, str) and text for text in texts)
            if name in references:
                assert set(texts) <= known
                assert {schema[text] for text in texts} <= RANGES.get(name, set(FTM))


def test_ftm_lines_are_valid_entities(folder: Path, tmp_path: Path) -> None:
    check_ftm(lines(folder))
    made_up = nl.datasets.synthetic_case(seed=1, size=100)
    network = nl.read_tables(made_up.entities, made_up.relationships, schema=made_up.schema)
    whole = lines(bundle(network, tmp_path, formats=["ftm"], policy=EVERYTHING))
    check_ftm(whole)
    assert len(whole) == network.n_entities + network.n_relationships
    schemata = {entity["schema"] for entity in whole}
    assert {"Person", "UserAccount", "Family", "Payment", "Ownership", "Employment"} <= schemata


def test_ftm_keeps_grades_and_ids_in_a_table_beside(tmp_path: Path) -> None:
    folder = bundle(graded(), tmp_path, formats=["ftm"], policy=EVERYTHING)
    rows = {row["id"]: row for row in read_csv(folder / "ftm_grades.csv")}
    assert (rows["r1"]["grade"], rows["r1"]["grade_scheme"]) == ("B2", "admiralty")
    assert rows["p"]["protection_status"] == "unknown"
    assert losses(folder, "ftm")["relationships", "grade"] == 3
    links = {line["id"]: line for line in lines(folder)}
    assert links["r1"]["properties"]["role"] == ["met"]
    assert links["r2"]["properties"]["date"] == ["2024-05-01T08:30:00"]


def test_ftm_ids_of_relationships_differ_from_those_of_entities(tmp_path: Path) -> None:
    network = network_of([("1", "2")], relationship_id=["1"])
    folder = bundle(network, tmp_path, formats=["ftm"], policy=EVERYTHING)
    check_ftm(lines(folder))


# HTML


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_runs_only_its_own_scripts_and_fetches_nothing(folder: Path) -> None:
    text = (folder / "report.html").read_text("utf-8")
    page = _Page()
    page.feed(text)
    names = {tag for tag, _ in page.tags}
    assert not names & {"iframe", "object", "embed", "link", "base", "form", "a"}
    for _, attributes in page.tags:
        assert not any(name.startswith("on") for name in attributes)
        assert "style" not in attributes
        assert "href" not in attributes
        assert (attributes.get("src") or "data:").startswith("data:image/png;base64,") or (
            "src" not in attributes
        )
    policy = next(a["content"] for t, a in page.tags if t == "meta" and "http-equiv" in a)
    assert policy is not None
    one = r"'sha256-[A-Za-z0-9+/]{43}='"
    assert re.fullmatch(
        rf"default-src 'none'; style-src {one}; script-src {one} {one}; img-src data:; "
        "base-uri 'none'; form-action 'none'",
        policy,
    )
    assert "<script>alert(1)" not in text
    assert "<script>alert(1)</script>" in page.text
    assert "\u202e" not in text
    assert "\\u202eright to left" in page.text
    assert "a\\x0bb" in page.text


def test_the_hashes_of_the_policy_are_those_of_style_and_scripts(folder: Path) -> None:
    import base64
    import hashlib

    text = (folder / "report.html").read_text("utf-8")
    inline = re.findall(r"<(?:style|script)>(.*?)</(?:style|script)>", text, re.DOTALL)
    found = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in inline]
    assert re.findall("'sha256-(.*?)'", text) == found


def test_the_data_of_the_page_is_json_that_cannot_end_its_script(folder: Path) -> None:
    text = (folder / "report.html").read_text("utf-8")
    data = text.split('<script type="application/json" id="data">')[1].split("</script>")[0]
    assert not set(data) & set("<>&\u2028\u2029")
    found = json.loads(data)
    assert sorted(found["entities"]["id"]) == sorted(values.visible(name) for name in HOSTILE)
    assert len(found["relationships"]["id"]) == hostile().n_relationships


def test_the_page_has_its_parts_in_order(folder: Path) -> None:
    text = (folder / "report.html").read_text("utf-8")
    wanted = ["People to reach", "Network", "Leads", "Evidence", "Elements of the offence"]
    wanted += ["Timeline", "Journeys", "Groups", "Paths", "Where those asked about stand"]
    wanted += ["Entities", "Methods and versions", "Limits"]
    assert re.findall("<h2 tabindex=.-1.>(.*?)</h2>", text) == wanted
    assert "A lead is not a verdict" in text


# Golden files


@pytest.mark.parametrize("path", sorted(GOLDEN.iterdir()), ids=lambda path: path.name)
def test_the_bytes_are_those_agreed(path: Path, tmp_path: Path) -> None:
    """A change of these files is a change of what other programs read: look at it first."""
    policy = nl.export.Policy(key=b"a key for the tests")
    case = nl.cases.build(graded(), around=["p", "alone"], hops=1)
    folder = export.bundle(case, tmp_path / "case", policy=policy)
    assert (folder / path.name).read_bytes() == path.read_bytes()
