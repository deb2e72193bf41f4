"""What a bundle says by the way, and columns and values that programs take for something else."""

from __future__ import annotations

import datetime as dt
import json
import xml.etree.ElementTree as ET
from typing import TYPE_CHECKING, Any

import openpyxl
import pandas as pd
import pytest

import netlink as nl
from netlink import export
from netlink.export import redaction

if TYPE_CHECKING:
    from pathlib import Path

LEAD = ("lead", "person", "Lead", "none")
SMILE = "\U0001f600"


def network(
    entities: list[tuple[Any, ...]], rows: list[tuple[Any, ...]], **more: Any
) -> nl.Network:
    names = ["entity_id", "entity_type", "label", "protection_status"]
    ties = pd.DataFrame(rows, columns=["source", "target", "relationship_type"]).assign(**more)
    return nl.read_tables(pd.DataFrame(entities, columns=names), ties)


def published(whole: nl.Network, around: str = "lead", **policy: Any) -> redaction.Published:
    case = nl.cases.build(whole, around=[around], hops=3)
    return redaction.publish(case, nl.export.Policy(**policy))


def with_child(name: str, label: str | None, **more: Any) -> nl.Network:
    return network([LEAD, (name, "person", label, "child")], [("lead", name, "met")], **more)


def written(form: str, found: redaction.Published, folder: Path) -> Path:
    for name, chunks in export._WRITERS[form](found):
        data = b"".join(c.encode() if isinstance(c, str) else c for c in chunks)
        (folder / name).write_bytes(data)
    return folder


# What is said of somebody without a name


@pytest.mark.parametrize(
    ("name", "label", "document"),
    [
        ("P-1", None, "statement P-1.pdf"),
        ("A 1", None, "about A_1"),
        ("x-77", "Ann Example", "Statement_Ann_Example.pdf"),
        ("x-77", "Ann Example", "ann-example.docx"),
        ("x-77", "Ann Example", "ANN.EXAMPLE"),
        ("x-77", "Ann Example", "A\u00adnn Ex\u200bample"),
        ("x-77", 'Ann "La Jefa" Example', "Ann La Jefa Example"),
        (4 * SMILE, None, f"of {4 * SMILE}"),
    ],
)
def test_a_document_that_names_somebody_is_replaced(
    name: str, label: str | None, document: str
) -> None:
    found = published(with_child(name, label, document=document)).relationships["document"]
    assert found.iloc[0].startswith("document-")


def test_a_name_inside_a_list_is_found_whatever_json_makes_of_it() -> None:
    label = 'Ann "La Jefa"\\ Example'
    whole = with_child("x-77", label, tags=pd.Series([[label]], dtype=object))
    assert "Jefa" not in published(whole, columns=("tags",)).relationships["tags"].iloc[0]


def test_a_number_that_is_the_phone_of_somebody_is_replaced() -> None:
    entities = [LEAD, ("v", "person", None, "child"), ("+49 151 12345678", "phone", None, "none")]
    ties = [("lead", "v", "met"), ("v", "+49 151 12345678", "uses")]
    for numbers in ([4915112345678, 7], [4915112345678.0, None], [7, 15112345678]):
        found = published(network(entities, ties, dialed=numbers), columns=("dialed",))
        kept = [cell for cell in found.relationships["dialed"] if not isinstance(cell, str)]
        assert 4915112345678 not in kept
        assert len(kept) == (2 if numbers[0] == 7 else 1)


def test_an_id_that_speaks_of_somebody_else_goes_and_the_label_stays() -> None:
    entities = [("brother of ann-x", "person", "Bob", "none"), ("ann-x", "person", None, "child")]
    whole = network(entities, [("brother of ann-x", "ann-x", "family")])
    found = published(whole, around="brother of ann-x")
    assert not found.entities.index.str.contains("ann").any()
    assert found.entities["label"][found.entities["named"].astype(bool)].tolist() == ["Bob"]
    assert found.around[0].startswith("person-")
    assert found.counts["texts_replaced"] == {"entity_id": 1}


def test_a_grade_of_no_scheme_and_a_column_may_name_somebody() -> None:
    whole = with_child(
        "x-77", "Ann Example", grade="told by Ann Example", **{"seen with Ann Example": 1}
    )
    found = published(whole)
    assert found.relationships["grade"].iloc[0].startswith("grade-")
    assert "Ann" not in str(found.counts["columns_withheld"])
    assert len(found.counts["columns_withheld"]["relationships"]) == 1


def test_references_merged_into_somebody_are_names_of_theirs() -> None:
    entities = [LEAD, ("v-a1", "person", "Ann", "child"), ("v-b2", "person", "Bea", "none")]
    whole = network(entities, [("lead", "v-a1", "met")] * 2, document=["of v-b2", "of Bea"])
    judged = pd.DataFrame({"source": ["v-a1"], "target": ["v-b2"]})
    found = published(nl.transform.merge_entities(whole, judgements=judged)).relationships
    assert found["document"].dropna().str.startswith("document-").all()


def test_two_pseudonyms_of_one_type_never_have_one_label(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(redaction, "_SHOWN", 1)
    people = [LEAD, *((f"p{at}", "person", None, "none") for at in range(40))]
    found = published(network(people, [("lead", f"p{at}", "met") for at in range(40)]))
    assert found.entities["label"].is_unique


def test_no_small_count_follows_from_what_is_in_the_bundle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """200 rows read less 197 in the bundle are the three withheld; so it is type by type."""
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    people = [LEAD, *((f"p{at}", "person", None, "none") for at in range(60))]
    ties = [("lead", f"p{at}", "met" if at < 30 else "knows") for at in range(60)]
    codes = ["TLP:RED"] * 3 + ["TLP:GREEN"] * 42 + ["TLP:RED"] * 15
    for rows in (60, 45):
        whole = network(people[: rows + 1], ties[:rows], handling=codes[:rows])
        case = nl.cases.build(whole, around=["lead"], max_degree=99)
        policy = nl.export.Policy(names="all", recipient="community")
        folder = export.bundle(case, tmp_path / str(rows), formats=[], policy=policy)
        given = json.loads((folder / "manifest.json").read_text("utf-8"))["input"]
        used = {row["rows"] for row in given["ledger"] if row["detail"] in {"met", "knows"}}
        assert used == {None}
        assert given["relationships"]["rows"] == (60 if rows == 60 else None)


# Columns


ALIKE = ["Note", "note", "NOTE", " note", "id", "ID", "Type", "Label", "parent", "name", "Name"]
ALIKE += ["a/b", "a:b", "=1", "x\ny", "_x000B_", "id_in_table", "weight", "document", "source"]


def alike() -> nl.Network:
    table = pd.DataFrame({"entity_id": ["p", "q"], "entity_type": "person"})
    table = table.assign(**{name: [f"{at}", None] for at, name in enumerate(ALIKE)})
    return nl.read_tables(table, pd.DataFrame({"source": ["p"], "target": ["q"]}))


def test_columns_of_nearly_one_name_come_back(tmp_path: Path) -> None:
    whole = alike()
    found = published(whole, around="p", names="all", columns=tuple(ALIKE))
    for form in ("graphml", "json", "parquet"):
        written(form, found, tmp_path)
    for again in (
        nl.read_graphml(tmp_path / "network.graphml"),
        nl.read_node_link(tmp_path / "network.json"),
        nl.read_tables(tmp_path / "entities.parquet", tmp_path / "relationships.parquet"),
    ):
        nl.testing.assert_networks_equal(again, whole)


def test_gephi_and_cytoscape_tell_columns_apart_that_differ_only_in_case(tmp_path: Path) -> None:
    found = published(alike(), around="p", names="all", columns=tuple(ALIKE))
    for form in ("gexf", "cx2", "cyjs"):
        written(form, found, tmp_path)
    space = {"g": "http://gexf.net/1.3"}
    root = ET.parse(tmp_path / "network.gexf").getroot()
    ids = [part.attrib["id"] for part in root.findall(".//g:attributes[@class='node']/*", space)]
    cells = root.findall(".//g:node[@id='p']//g:attvalue", space)
    nodes = json.loads((tmp_path / "network.cyjs").read_text("utf-8"))["elements"]["nodes"]
    aspects = json.loads((tmp_path / "network.cx2").read_text("utf-8"))
    declared = next(part for part in aspects if "attributeDeclarations" in part)
    for names in (ids, list(nodes[0]["data"]), list(declared["attributeDeclarations"][0]["nodes"])):
        assert len({name.lower() for name in names}) == len(names)
    assert not {"id", "label", "type", "weight"} & {name.lower() for name in ids}
    assert not {"parent", "selected"} & {name.lower() for name in nodes[0]["data"]}
    # Every cell is under the column it is of.
    titles = {p.attrib["id"]: p.attrib["title"] for p in root.findall(".//g:attribute", space)}
    said = {titles[cell.attrib["for"]]: cell.attrib["value"] for cell in cells}
    assert said["NOTE"] == str(ALIKE.index("NOTE"))
    assert said["note"] == str(ALIKE.index("note"))


def test_the_guide_of_i2_takes_no_heading_for_markup(tmp_path: Path) -> None:
    table = pd.DataFrame({"entity_id": ["p", "q"], "entity_type": "person", "<b>x|y": "1"})
    whole = nl.read_tables(table, pd.DataFrame({"source": ["p"], "target": ["q"]}))
    found = published(whole, around="p", names="all", columns=("<b>x|y",))
    text = (written("i2", found, tmp_path) / "i2_guide.md").read_text("utf-8")
    assert "| End1 \\<B\\>X\\|Y |" in text


# Values


def test_a_cell_of_excel_is_cut_where_excel_cuts_it(tmp_path: Path) -> None:
    texts = [SMILE * 16_384, SMILE * 16_383, "x" * 32_767]
    table = pd.DataFrame({"entity_id": list("pqr"), "entity_type": "person", "note": texts})
    whole = nl.read_tables(table, pd.DataFrame({"source": ["p", "q"], "target": ["q", "r"]}))
    found = published(whole, around="p", names="all", columns=("note",))
    sheet = openpyxl.load_workbook(written("excel", found, tmp_path) / "case.xlsx")["Entities"]
    kept = [row[4] for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert kept == [SMILE * 16_383, *texts[1:]]
    assert [n for (form, _, name, _), n in found.losses.items() if name == "note"] == [1]


@pytest.mark.parametrize("is_text", [False, True])
def test_stix_takes_only_places_that_are_some(tmp_path: Path, is_text: bool) -> None:
    stix2 = pytest.importorskip("stix2")
    table = pd.DataFrame(
        {
            "entity_id": ["p", "L1", "L2", "L3"],
            "entity_type": ["person", *["location"] * 3],
            "latitude": [1.0, float("inf"), 200.0, 51.5],
            "longitude": [1.0, 0.0, 0.0, 4.3],
            "country": [None, None, "XA", None],
        }
    )
    if is_text:
        table["latitude"] = table["latitude"].astype(str) + " N"
    rows = pd.DataFrame({"source": "p", "target": table["entity_id"][1:]})
    whole = nl.read_tables(table, rows.assign(relationship_type="seen_at"))
    names = ("latitude", "longitude", "country")
    found = published(whole, around="p", names="all", columns=names)
    text = (written("stix", found, tmp_path) / "stix.json").read_text("utf-8")
    places = [part for part in stix2.parse(text).objects if part.type == "location"]
    latitudes = {part.name: part.get("latitude") for part in places}
    assert latitudes == ({"L2": None} if is_text else {"L2": None, "L3": 51.5})
    lost = {column: n for (form, _, column, _), n in found.losses.items() if form == "stix"}
    assert lost["latitude"] == (4 if is_text else 3)
    assert "country" not in lost


def test_categories_leave_as_what_they_are(tmp_path: Path) -> None:
    table = pd.DataFrame({"entity_id": ["p", "q"], "entity_type": "person"})
    table["level"] = pd.Categorical([1, 2])
    table["on"] = pd.Categorical([dt.date(2024, 1, 1), dt.date(2024, 1, 2)])
    whole = nl.read_tables(table, pd.DataFrame({"source": ["p"], "target": ["q"]}))
    found = published(whole, around="p", names="all", columns=("level", "on"))
    assert found.kinds["entities"] == {"level": "integer", "on": "date"}
    again = nl.read_graphml(written("graphml", found, tmp_path) / "network.graphml")
    assert again.entities["level"].tolist() == [1, 2]


def test_a_timeline_has_the_first_and_the_last_year() -> None:
    rows = pd.DataFrame({"source": ["p", "q"], "target": ["q", "r"]})
    rows = rows.assign(relationship_type="met", start=["0001-01-01", "9999-12-31"])
    axes = nl.plot.timeline(nl.read_tables(None, rows))
    axes.figure.canvas.draw()
    assert axes.get_xlim()[0] < axes.get_xlim()[1]


def test_numbers_are_rounded_where_people_read_and_nowhere_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    table = pd.DataFrame({"entity_id": ["p", "q"], "entity_type": "person", "size": 0.1 + 0.2})
    whole = nl.read_tables(table, pd.DataFrame({"source": ["p"], "target": ["q"]}))
    groups = nl.communities.leiden(whole, seed=0)
    groups = nl.communities.Communities(groups.labels, 0.41499999999999987, "leiden", {})
    case = nl.cases.build(whole, around=["p"], groups=groups)
    policy = nl.export.Policy(names="all", columns=("size",))
    folder = export.bundle(case, tmp_path / "case", formats=["html", "json"], policy=policy)
    page = (folder / "report.html").read_text("utf-8")
    assert "<td>0.3</td>" in page
    assert "0.415" in page
    assert "0.4149999" not in page
    assert "0.41499999999999987" in (folder / "manifest.json").read_text("utf-8")
    assert "0.30000000000000004" in (folder / "network.json").read_text("utf-8")
