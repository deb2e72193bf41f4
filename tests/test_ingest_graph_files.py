"""Graph files: what netlink, networkx and igraph wrote comes back; what is hostile is refused."""

from __future__ import annotations

import datetime as dt
import gzip
import json
from pathlib import Path
from typing import Any

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of

import netlink as nl
from netlink import export
from netlink.ingest.graph_files import columns, xml_stream

READERS: dict[str, Any] = {
    "network.graphml": nl.read_graphml,
    "network.gexf": nl.read_gexf,
    "network.json": nl.read_node_link,
}
ODD = [
    "007",
    "7",
    "NA",
    "nan",
    "1e5",
    "=1",
    "a\tb",
    "a\nb",
    "ß\U0001f600",
    "'",
    '"',
    "<&>",
    "]]>",
    " x ",
]


OWN = ("count", "ratio", "flag", "id", "kind", "large", "born", "seen", "listed", "nothing", "far")
GEXF_LACKS = ["born", "seen", "listed", "nothing", "large"]  # what GEXF says of them is text
OWN += ("id_in_table",)


@pytest.fixture(autouse=True)
def _no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"\x89PNG picture")


def written(network: nl.Network, folder: Path, own: tuple[str, ...] = ()) -> Path:
    case = nl.cases.build(network, around=network.entities.index, hops=1)
    policy = nl.export.Policy(names="all", name_protected=True, columns=own)
    formats = ["graphml", "gexf", "json", "ftm"]
    return export.bundle(case, folder / "case", formats=formats, policy=policy)


def plain(network: nl.Network) -> nl.Network:
    """A network whose times were no text and whose undirected rows lead from the smaller id."""
    rows = network.relationships.drop(columns=["start_text", "end_text"], errors="ignore")
    undirected = {n for n, k in network.vocabulary.relationship_types.items() if not k.directed}
    turn = rows["relationship_type"].isin(undirected) & (rows["source"] > rows["target"])
    rows.loc[turn, ["source", "target"]] = rows.loc[turn, ["target", "source"]].to_numpy()
    return nl.Network(network.entities, rows, network.vocabulary)


def made_up() -> nl.Network:
    found = nl.datasets.synthetic_case(seed=3, size=100)
    return nl.read_tables(found.entities, found.relationships, schema=found.schema)


def odd() -> nl.Network:
    n = len(ODD)
    entities = pd.DataFrame({"entity_id": ODD, "entity_type": "person", "label": ODD[::-1]})
    entities["count"] = np.arange(n)
    entities["ratio"] = np.arange(n) / 7
    entities["flag"] = np.arange(n) % 2 == 0
    entities["large"] = 2**53 + 1 + np.arange(n)
    entities["born"] = [dt.date(1990, 1, 1 + at) for at in range(n)]
    entities["seen"] = pd.Timestamp("2024-03-05T06:07:08.9", tz="UTC") + pd.to_timedelta(
        range(n), "h"
    )
    entities["listed"] = pd.Series([["a"], ["b", "c"]] * (n // 2), dtype=object)
    entities["nothing"] = pd.Series([None] * n, dtype="str")
    entities["far"] = ([np.inf, -np.inf, 0.5, np.nan] * n)[:n]
    rows = pd.DataFrame({"source": ODD, "target": [*ODD[1:], ODD[0]]})
    rows["relationship_id"] = [f"r{at}" for at in range(n)]
    rows["relationship_type"] = (["communicated", "knows"] * n)[:n]
    rows["weight"] = np.arange(n) / 3
    rows["document"] = ODD
    rows["id"] = np.arange(n)
    rows["id_in_table"] = ODD[::-1]
    rows["kind"] = ODD
    return nl.read_tables(entities, rows)


@pytest.mark.parametrize("file", READERS)
def test_netlink_reads_what_it_wrote(file: str, tmp_path: Path) -> None:
    for at, (network, own) in enumerate(
        [
            (made_up(), ("amount", "country", "logged_on")),
            (odd(), OWN),
        ]
    ):
        (tmp_path / str(at)).mkdir()
        folder = written(network, tmp_path / str(at), own)
        found = READERS[file](folder / file)
        assert found.rejected.empty
        if file == "network.gexf":  # it has no place for a missing label, nor an end of its own
            found = nl.Network(
                found.entities.assign(**network.entities[["label", *GEXF_LACKS]])
                if "born" in found.entities
                else found.entities.assign(label=network.entities["label"]),
                found.relationships.assign(**network.relationships[["end", "end_precision"]]),
                found.vocabulary,
            )
        nl.testing.assert_networks_equal(plain(found), plain(network))


def test_a_packed_file(tmp_path: Path) -> None:
    folder = written(odd(), tmp_path)
    for file, read in READERS.items():
        path = tmp_path / f"{file}.gz"
        path.write_bytes(gzip.compress((folder / file).read_bytes()))
        assert read(path).n_relationships == len(ODD)
        with pytest.raises(nl.errors.SchemaError, match="unpacks to more than 100 bytes"):
            read(path, max_bytes=100)


def test_follow_the_money_comes_back_as_far_as_it_reaches(tmp_path: Path) -> None:
    network = made_up()
    found = nl.read_ftm(written(network, tmp_path) / "ftm.jsonl")
    assert found.entities.index.tolist() == network.entities.index.tolist()
    labels = network.entities["label"].fillna(network.entities.index.to_series())
    assert found.entities["label"].tolist() == labels.tolist()
    theirs, ours = plain(found).relationships, plain(network).relationships
    ids = theirs.index.str.removeprefix("relationship ")
    is_payment = ours["relationship_type"] == "paid"  # between people there, not accounts
    for column in ("relationship_type", "source", "target", "start", "document"):
        one, other = theirs.set_axis(ids)[column].sort_index(), ours[column].sort_index()
        if column in {"source", "target"}:
            one, other = one[~is_payment], other[~is_payment]
        assert one.astype("str").tolist() == other.astype("str").tolist(), column


PAID = pd.DataFrame(
    {
        "relationship_id": ["r1", "r2", "r3", "r4", "r5", "r6"],
        "source": ["p1", "a1", "p1", "p1", "a1", "a2"],
        "target": ["p2", "a2", "p2", "a1", "a3", "a1"],
        "relationship_type": ["paid", "paid", "paid", "owns", "paid", "paid"],
        "sum": [1234.56, 5000, None, None, 1e-7, 9.5],
        "coin": ["EUR", "USD", None, None, "EUR", "GBP"],
        "start": ["2024-03-05T10:11:12Z", "2024-03-05", "2024-03", None, "2024", None],
        "document": ["D1", "D2", "D3", "D4", None, "D6"],
    }
)


def test_payments_come_back_from_follow_the_money(tmp_path: Path) -> None:
    kinds = {"p": "person", "a": "account"}
    names = ["p1", "p2", "a1", "a2", "a3"]
    people = pd.DataFrame({"entity_id": names, "entity_type": [kinds[name[0]] for name in names]})
    held = pd.DataFrame({"source": ["p2"], "target": ["a2"], "relationship_type": ["owns"]})
    rows = pd.concat([PAID, held.assign(relationship_id="r7")], ignore_index=True)
    schema = nl.Schema(amount="sum", currency="coin")
    network = nl.read_tables(people, rows, schema=schema)
    folder = written(network, tmp_path, ("amount", "currency"))
    lines = {
        line["id"]: line
        for line in map(json.loads, (folder / "ftm.jsonl").read_text().split("\n")[:-1])
    }
    assert lines["r1"]["schema"] == lines["r2"]["schema"] == "Payment"
    assert lines["r1"]["properties"]["amount"] == ["1234.56"]
    assert lines["r2"]["properties"]["payerAccount"] == ["a1"]
    assert lines["r2"]["properties"]["date"] == ["2024-03-05"]
    assert lines["r5"]["schema"] == "UnknownLink"  # nobody is known to hold one of the accounts
    found, given = nl.read_ftm(folder / "ftm.jsonl").relationships, network.relationships
    placed = given.index.drop("r5")
    columns = ["source", "target", "relationship_type", "start", "start_precision", "document"]
    pd.testing.assert_frame_equal(
        found.loc[placed, [*columns, "amount", "currency"]],
        given.loc[placed, [*columns, "amount", "currency"]],
    )
    pd.testing.assert_frame_equal(found[columns].sort_index(), given[columns].sort_index())
    manifest = json.loads((folder / "manifest.json").read_text())
    losses = {
        (p["column"], p["reason"]): p["count"] for p in manifest["losses"] if p["format"] == "ftm"
    }
    reason = "no property for it in the schema"
    assert losses["amount", reason] == losses["currency", reason] == 1


@pytest.mark.parametrize(
    ("amount", "currency"),
    [(["1.000,00"], ["EUR"]), (["1", "2"], ["EUR"]), (["1"], ["euro"]), (["1"], []), ([], ["EUR"])],
)
def test_amounts_that_would_need_a_guess_stay_text(
    amount: list[str], currency: list[str], tmp_path: Path
) -> None:
    ends = {"payer": ["p1"], "beneficiary": ["p2"]}
    given = {"amount": amount, "currency": currency}
    link = {"id": "r1", "schema": "Payment", "properties": {**ends, **given}}
    people = [{"id": name, "schema": "Person"} for name in ("p1", "p2")]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, [*people, link])))
    row = nl.read_ftm(tmp_path / "t.jsonl").relationships.loc["r1"]
    assert "amount" not in row
    for name, texts in given.items():
        if texts:
            assert row[f"ftm_{name}"] in {texts[0], json.dumps(texts)}


FTM = [
    {
        "id": "p1",
        "schema": "Person",
        "caption": "P 1",
        "properties": {"name": ["P 1", "P One"], "birthDate": ["1990"]},
    },
    {"id": "p2", "schema": "Person", "properties": {}, "datasets": ["list"]},
    {"id": "c1", "schema": "Company", "properties": {"name": ["C"], "label": ["x"]}},
    {"id": "t1", "schema": "UserAccount", "properties": {"service": ["phone"], "username": ["1"]}},
    {
        "id": "o1",
        "schema": "Ownership",
        "properties": {"owner": ["p1", "p2"], "asset": ["c1"], "startDate": ["2020"]},
    },
    {
        "id": "u1",
        "schema": "UnknownLink",
        "properties": {"subject": ["p1"], "object": ["p2"], "role": ["travelled with"]},
    },
    {
        "id": "u2",
        "schema": "UnknownLink",
        "properties": {"subject": ["p1"], "object": ["p2"], "role": ["cellmates"]},
    },
    {"id": "d1", "schema": "Directorship", "properties": {"director": ["p1"]}},
]


def test_follow_the_money_of_others(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    lines = [*map(json.dumps, FTM), "[]", "{", '{"id": 1, "schema": "Person"}']
    path.write_text("\n".join(lines))
    network = nl.read_ftm(path, on_invalid="reject")
    assert network.entities["entity_type"].tolist() == ["organisation", "person", "person", "phone"]
    assert network.entities["label"].fillna("").tolist() == ["C", "P 1", "", "1"]
    assert json.loads(network.entities.loc["p1", "name"]) == ["P 1", "P One"]  # type: ignore[arg-type]
    assert network.entities.loc["c1", "ftm_label"] == "x"
    rows = network.relationships
    assert rows["relationship_type"].to_dict() == {
        "o1 1": "owns",
        "o1 2": "owns",
        "u1": "travelled_with",
        "u2": "related_to",
    }
    assert rows.loc["u2", "role"] == "cellmates"
    assert rows.loc["o1 2", "source"] == "p2"
    assert sorted(network.rejected["reason"]) == [
        "id is missing",
        "line is not a JSON object",
        "line is not a JSON object",
        "object is no FtM entity",
    ]


# What others wrote


def test_graphml_of_networkx(tmp_path: Path) -> None:
    graph = nx.MultiDiGraph()
    graph.add_node("a", age=30, tall=True)
    graph.add_node("b", age=31)
    graph.add_edge("a", "b", how="phone", weight=2.5)
    graph.add_edge("a", "b", how="bank")
    graph.add_edge("b", "a", how="bank", weight=1)
    nx.write_graphml(graph, tmp_path / "t.graphml")
    schema = nl.Schema(
        relationship_types={"phone": "communicated", "bank": "paid"}, relationship_type="how"
    )
    with pytest.raises(nl.errors.TableError, match="weight is missing"):
        nl.read_graphml(tmp_path / "t.graphml", schema=schema)
    network = nl.read_graphml(tmp_path / "t.graphml", schema=schema, on_invalid="reject")
    assert sorted(network.relationships["relationship_type"]) == ["communicated", "paid"]
    assert network.relationships["edge_id"].tolist() == ["0", "0"]
    assert network.entities["age"].tolist() == [30, 31]
    assert network.entities["tall"].tolist()[0] is True
    assert "directed" not in network.relationships


def test_graphml_of_igraph(tmp_path: Path) -> None:
    network = made_up().where(entity_types=["person"])
    network.to_igraph().write_graphml(str(tmp_path / "t.graphml"))
    schema = nl.Schema(entity_id="name")
    found = nl.read_graphml(tmp_path / "t.graphml", schema=schema)
    assert found.entities.index.tolist() == network.entities.index.tolist()
    assert (
        found.relationships["source"].sort_index().tolist()
        == network.relationships["source"].sort_index().tolist()
    )
    assert found.entities["node_id"].str.match(r"n\d+$").all()


def test_gexf_of_networkx(tmp_path: Path) -> None:
    graph = nx.MultiGraph()
    graph.add_node("a", born="1990", label="A")
    graph.add_edge("a", "b", weight=2.0, start="2024-01-02", end="2024-01-03", how="met")
    graph.add_edge("a", "c")
    nx.write_gexf(graph, tmp_path / "t.gexf")
    network = nl.read_gexf(tmp_path / "t.gexf", relationship_type="met")
    assert network.entities.index.tolist() == ["a", "b", "c"]
    assert network.entities["born"].fillna("").tolist() == ["1990", "", ""]
    rows = network.relationships
    assert set(rows["relationship_type"]) == {"met"}
    assert sorted(rows["weight"]) == [1.0, 2.0]
    assert rows["start"].notna().sum() in {0, 1}


def test_node_link_of_networkx(tmp_path: Path) -> None:
    graph = nx.DiGraph([(7, 8), (8, 9)])
    path = tmp_path / "t.json"
    for edges in ("edges", "links"):
        path.write_text(json.dumps(nx.node_link_data(graph, edges=edges)))
        network = nl.read_node_link(path)
        assert network.entities.index.tolist() == ["7", "8", "9"]
        assert network.relationships["relationship_type"].tolist() == ["related_to"] * 2
        assert network.relationships["directed"].tolist() == [True, True]  # the type says it is not
    graph.add_edge("7", 9)
    path.write_text(json.dumps(nx.node_link_data(graph, edges="edges")))
    with pytest.raises(nl.errors.TableError, match="id is not text in a column of text"):
        nl.read_node_link(path)


TEXTS = st.text(st.characters(min_codepoint=32, max_codepoint=0x2FFF), min_size=1, max_size=6)


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=6))
@settings(max_examples=25, deadline=None)
def test_any_text_comes_back_from_networkx(rows: list[tuple[str, str, str]]) -> None:
    import tempfile

    graph = nx.MultiDiGraph()
    for source, target, note in rows:
        graph.add_edge(source, target, note=note)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "t.graphml"
        nx.write_graphml(graph, path)
        found = nl.read_graphml(path, on_invalid="reject")
    ids = {text for row in rows for text in row[:2] if text.strip()}
    assert set(found.entities.index) == ids
    wanted = sorted(row for row in rows if row[0].strip() and row[1].strip())
    kept = found.relationships[["source", "target", "note"]]
    assert sorted(kept.itertuples(index=False, name=None)) == wanted


# What is hostile

HEAD = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">'
NODE = '<node id="a"/><node id="b"/><edge source="a" target="b"/>'
KEY, DATA = '<key id="k" for="node" attr.name="x"/>', '<data key="k">1</data>'
BOMB = '<!DOCTYPE x [<!ENTITY a "CANARY"><!ENTITY b "&a;&a;&a;">]>'
XXE = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'
HOSTILE = {
    "entities": (f"{BOMB}{HEAD}<graph>{NODE}</graph></graphml>", "DOCTYPE"),
    "external": (f"{XXE}{HEAD}<graph>{NODE}</graph></graphml>", "DOCTYPE"),
    "doctype alone": (f"<!DOCTYPE graphml>{HEAD}<graph>{NODE}</graph></graphml>", "DOCTYPE"),
    "depth": (HEAD + "<graph>" + "<a>" * 100 + "</a>" * 100 + "</graph></graphml>", "nests more"),
    "long attribute": (
        f'{HEAD}<graph><node id="{"CANARY" * 200_000}"/></graph></graphml>',
        "more than 1,048,576 characters",
    ),
    "long text": (
        f"{HEAD}<graph><data key='a'>{'CANARY' * 200_000}</data></graph></graphml>",
        "more than 1,048,576 characters",
    ),
    "cut off": (f"{HEAD}<graph>{NODE}", "not well-formed XML"),
    "no XML": ("CANARY", "not well-formed XML"),
    "another root": ("<html><graphml/></html>", "outermost element"),
    "hyperedge": (f"{HEAD}<graph><hyperedge/></graph></graphml>", "hyperedges"),
    "graph in graph": (
        f'{HEAD}<graph><node id="a"><graph/></node></graph></graphml>',
        "several graphs",
    ),
    "data twice": (
        f'{HEAD}{KEY}<graph><node id="CANARY">{DATA}{DATA}</node></graph></graphml>',
        "more than once",
    ),
    "key not declared": (
        f'{HEAD}<graph><node id="CANARY"><data key="k">1</data></node></graph></graphml>',
        "does not declare",
    ),
    "control character": (
        f'{HEAD}<graph><node id="CANARY\x01"/></graph></graphml>',
        "not well-formed XML",
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_graphml_is_a_clean_error(name: str, tmp_path: Path) -> None:
    text, words = HOSTILE[name]
    (tmp_path / "t.graphml").write_text(text)
    with pytest.raises(nl.errors.SchemaError, match=words) as error:
        nl.read_graphml(tmp_path / "t.graphml")
    assert "CANARY" not in str(error.value)
    assert error.value.__context__ is None


def test_utf_16_hides_no_doctype(tmp_path: Path) -> None:
    (tmp_path / "t.graphml").write_bytes(HOSTILE["entities"][0].encode("utf-16"))
    with pytest.raises(nl.errors.SchemaError, match="DOCTYPE"):
        nl.read_graphml(tmp_path / "t.graphml")
    (tmp_path / "t.graphml").write_bytes(f"{HEAD}<graph>{NODE}</graph></graphml>".encode("utf-16"))
    assert nl.read_graphml(tmp_path / "t.graphml").n_relationships == 1


def test_more_nodes_than_there_may_be(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_MOST_ROWS", 1)
    (tmp_path / "t.graphml").write_text(f"{HEAD}<graph>{NODE}</graph></graphml>")
    with pytest.raises(nl.errors.SchemaError, match="more than 1 nodes or edges"):
        nl.read_graphml(tmp_path / "t.graphml")
    monkeypatch.setattr(xml_stream, "_DEPTH", 2)
    with pytest.raises(nl.errors.SchemaError, match="nests more than 2"):
        nl.read_graphml(tmp_path / "t.graphml")


def test_columns_that_would_fill_the_memory(tmp_path: Path) -> None:
    keys = "".join(f'<key id="k{at}" for="node" attr.name="c{at}"/>' for at in range(1000))
    nodes = "".join(f'<node id="{at}"/>' for at in range(20_000))
    (tmp_path / "t.graphml").write_text(f"{HEAD}{keys}<graph>{nodes}</graph></graphml>")
    with pytest.raises(nl.errors.SchemaError, match="unpacks to more than"):
        nl.read_graphml(tmp_path / "t.graphml")


def test_ends_that_are_no_nodes_and_nodes_given_twice(tmp_path: Path) -> None:
    extra = '<node id="a"/><edge source="a" target="z"/><edge source="a"/>'
    (tmp_path / "t.graphml").write_text(f"{HEAD}<graph>{NODE}{extra}</graph></graphml>")
    network = nl.read_graphml(tmp_path / "t.graphml", on_invalid="reject")
    assert sorted(network.rejected["reason"]) == [
        "id is given more than once",
        "id is missing",
        "no such entity",
    ]


GEXF = '<gexf xmlns="http://gexf.net/1.3" version="1.3"><graph>'
VALUE = '<attvalue for="0" value="1"/>'
GEXF_END = "</nodes></graph></gexf>"  # what comes after the error does not count
TITLE = '<attributes class="node"><attribute id="0" title="x"/></attributes>'
SPELLS = '<spells><spell start="1"/><spell start="2"/></spells>'


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (f"{BOMB}{GEXF}</graph></gexf>", "DOCTYPE"),
        (
            f'{GEXF}<nodes><node id="a"><nodes><node id="CANARY"/>{GEXF_END}',
            "nodes within nodes",
        ),
        (
            f'{GEXF}<nodes><node id="CANARY"><attvalues>{VALUE}{GEXF_END}',
            "does not declare",
        ),
        (
            f'{GEXF}{TITLE}<nodes><node id="CANARY"><attvalues>{VALUE * 2}{GEXF_END}',
            "more than once",
        ),
        (
            f'{GEXF}<edges><edge id="1" source="CANARY" target="b">{SPELLS}{GEXF_END}',
            "several spells",
        ),
    ],
)
def test_hostile_gexf_is_a_clean_error(text: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "t.gexf").write_text(text)
    with pytest.raises(nl.errors.SchemaError, match=words) as error:
        nl.read_gexf(tmp_path / "t.gexf")
    assert "CANARY" not in str(error.value)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"nodes": [1], "edges": []}',
        '{"nodes": {}, "edges": []}',
        "[" * 99_999,
        '{"CANARY"',
        "\x80",
    ],
)
def test_hostile_node_link_json_is_a_clean_error(text: str, tmp_path: Path) -> None:
    (tmp_path / "t.json").write_bytes(text.encode("latin-1"))
    with pytest.raises(nl.errors.SchemaError, match="The file") as error:
        nl.read_node_link(tmp_path / "t.json")
    assert "CANARY" not in str(error.value)
    assert error.value.__context__ is None


@pytest.mark.parametrize("read", [*READERS.values(), nl.read_ftm])
def test_arguments_are_checked(read: Any, tmp_path: Path) -> None:
    for path in (tmp_path / "lopez", tmp_path, 5):
        with pytest.raises(nl.errors.ArgumentError, match="'path' must be") as error:
            read(path)
        assert "lopez" not in str(error.value)
    (tmp_path / "t").touch()
    with pytest.raises(nl.errors.ArgumentError, match="'on_invalid' must be"):
        read(tmp_path / "t", on_invalid="ignore")
    with pytest.raises(nl.errors.ArgumentError, match="'schema' must be"):
        read(tmp_path / "t", schema={})


def test_a_type_is_given_once(tmp_path: Path) -> None:
    (tmp_path / "t.graphml").write_text(f"{HEAD}<graph>{NODE}</graph></graphml>")
    with pytest.raises(nl.errors.ArgumentError, match="'relationship_type' must be one of"):
        nl.read_graphml(tmp_path / "t.graphml", relationship_type="no such")
    folder = written(network_of([("a", "b")]), tmp_path)
    with pytest.raises(nl.errors.ArgumentError, match="whose edges have no type"):
        nl.read_graphml(folder / "network.graphml", relationship_type="met")
    assert igraph.Graph.Read_GraphML(str(tmp_path / "t.graphml")).ecount() == 1
