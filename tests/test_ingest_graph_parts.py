"""What graph files hold beside nodes and edges is kept, told in the ledger, or refused."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

import netlink as nl

if TYPE_CHECKING:
    from pathlib import Path

NAMESPACE = 'xmlns="http://graphml.graphdrawing.org/xmlns"'


def unread(network: nl.Network) -> dict[tuple[str, str], int]:
    part = network.ledger[network.ledger["outcome"] == "not read"]
    return part.set_index(["table", "detail"])["rows"].to_dict()


def test_ports_notes_and_what_yed_draws(tmp_path: Path) -> None:
    # The layout of a file by yEd 3.23, shortened.
    text = f"""<?xml version="1.0" encoding="UTF-8" standalone="no"?>
<graphml {NAMESPACE} xmlns:y="http://www.yworks.com/xml/graphml" xmlns:x="urn:other">
  <key attr.name="Beschreibung" attr.type="string" for="graph" id="d0"/>
  <key for="port" id="d1" yfiles.type="portgraphics"/>
  <key attr.name="url" attr.type="string" for="node" id="d4"/>
  <key for="node" id="d6" yfiles.type="nodegraphics"/>
  <key for="edge" id="d10" yfiles.type="edgegraphics"/>
  <key for="node" id="note"/>
  <graph edgedefault="directed" id="G">
    <data key="d0" xml:space="preserve">About all</data>
    <desc>About all too</desc>
    <node id="n0" parse.indegree="1">
      <desc>The first</desc>
      stray
      <data key="d4" xml:space="preserve"/>
      <data key="note"> kept </data>
      <data key="d6">
        <y:ShapeNode>
          <y:Geometry height="30.0" width="30.0" x="1" y="2"/>
          <y:NodeLabel alignment="center">Person 1<y:LabelModel/>
          </y:NodeLabel>
          <y:NodeLabel>born 1990</y:NodeLabel>
        </y:ShapeNode>
      </data>
      <x:node id="none of ours"/>
    </node>
    <node id="n1"/>
    <edge id="e0" source="n0" target="n1" sourceport="North" targetport="South" xml:id="x">
      <data key="d10"><y:PolyLineEdge><y:EdgeLabel>called</y:EdgeLabel></y:PolyLineEdge></data>
    </edge>
  </graph>
</graphml>"""
    (tmp_path / "t.graphml").write_text(text)
    network = nl.read_graphml(tmp_path / "t.graphml")
    assert network.entities["label"].fillna("").tolist() == ["Person 1\nborn 1990", ""]
    assert network.entities["desc"].fillna("").tolist() == ["The first", ""]
    assert network.entities["note"].fillna("").tolist() == [" kept ", ""]
    row = network.relationships.iloc[0]
    assert row[["sourceport", "targetport", "label"]].tolist() == ["North", "South", "called"]
    assert unread(network) == {
        ("entities", "attributes of the whole graph"): 2,
        ("entities", "elements of other programs or formats"): 4,
        ("entities", "texts between elements"): 1,
        ("relationships", "elements of other programs or formats"): 1,
    }


def test_a_label_of_its_own_stays_beside_the_drawn_one(tmp_path: Path) -> None:
    text = f"""<graphml {NAMESPACE} xmlns:y="urn:y"><key id="a" for="node" attr.name="label"/>
    <key id="b" for="edge" attr.name="sourceport"/><graph>
    <node id="n"><data key="a">own</data><y:NodeLabel>drawn</y:NodeLabel></node>
    <edge source="n" target="n" sourceport="p"><data key="b">of the user</data></edge>
    </graph></graphml>"""
    (tmp_path / "t.graphml").write_text(text)
    network = nl.read_graphml(tmp_path / "t.graphml")
    assert network.entities[["label", "label_in_table"]].values.tolist() == [["own", "drawn"]]
    row = network.relationships.iloc[0]
    assert row[["sourceport", "sourceport_in_table"]].tolist() == ["p", "of the user"]


GEXF = """<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
<meta lastmodifieddate="2024-01-01"><creator>Gephi</creator><description>x</description></meta>
<graph defaultedgetype="undirected" mode="dynamic">
<attributes class="node"><attribute id="0" title="size"><options>1|2</options></attribute>
</attributes><nodes>
<node id="a" label="A" pid="b">{inside}<viz:color r="1" g="2" b="3"/><viz:size value="2"/></node>
<node id="b" timestamp="2024"/></nodes><edges>
<edge source="a" target="b" type="mutual"><spells><spell start="2024-01-01" endopen="2024-02-01"/>
</spells></edge></edges></graph></gexf>"""


def test_parts_of_gexf(tmp_path: Path) -> None:
    path = tmp_path / "t.gexf"
    value = '<attvalues><attvalue for="0" value="3"/></attvalues>'
    path.write_text(GEXF.format(inside=f"stray{value}"))
    network = nl.read_gexf(path)
    columns = ["label", "pid", "size", "timestamp"]
    nothing = [["A", "b", "3", ""], ["", "", "", "2024"]]
    assert network.entities[columns].fillna("").values.tolist() == nothing
    row = network.relationships.iloc[0]
    assert row[["type", "endopen"]].tolist() == ["mutual", "2024-02-01"]
    assert str(row["start"].date()) == "2024-01-01"
    assert unread(network) == {
        ("entities", "attributes of the whole graph"): 1,
        ("entities", "elements of other programs or formats"): 2,
        ("entities", "texts between elements"): 1,
    }


@pytest.mark.parametrize(
    ("inside", "words"),
    [
        ('<attvalues><attvalue for="0" value="3" start="2024"/></attvalues>', "for a time only"),
        ('<attvalues><attvalue for="0" value="3" endopen="2024"/></attvalues>', "for a time only"),
        ('<parents><parent for="b"/></parents>', "nodes within nodes"),
    ],
)
def test_what_would_lose_time_or_place_is_refused(inside: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "t.gexf"
    path.write_text(GEXF.format(inside=inside))
    with pytest.raises(nl.errors.SchemaError, match=words):
        nl.read_gexf(path)


def test_parts_of_node_link(tmp_path: Path) -> None:
    path = tmp_path / "t.json"
    graph = {"nodes": [{"id": "a"}, {"id": "b"}], "edges": [{"source": "a", "target": "b"}]}
    path.write_text(json.dumps({**graph, "graph": {"name": "x"}, "hyperedges": [["a", "b"]]}))
    assert unread(nl.read_node_link(path)) == {("entities", "attributes of the whole graph"): 2}
    path.write_text(json.dumps({**graph, "links": []}))
    with pytest.raises(nl.errors.SchemaError, match="both 'edges' and 'links'"):
        nl.read_node_link(path)
    path.write_text(json.dumps(graph).replace('"id": "b"', '"id": "b", "x": 1, "x": 2'))
    with pytest.raises(nl.errors.SchemaError, match="names a key more than once"):
        nl.read_node_link(path)
    path.write_text(json.dumps(graph))
    assert unread(nl.read_node_link(path)) == {}
