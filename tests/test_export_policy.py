"""Recipients: what handling codes let leave, and that nothing else does."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from contents import content

import netlink as nl
from netlink import export
from netlink.errors import ArgumentError
from netlink.export import redaction, report

CIRCLES = ["public", "community", "partners", "organization", "named"]
WIDEST = {
    "TLP:CLEAR": 0,
    "tlp: green": 1,
    "TLP:AMBER": 2,
    "amber+strict": 3,
    "TLP:RED": 4,
    "1": 3,
    "2": 2,
    "3": 3,
    "4": 3,
    "5": 4,
    "P": 2,
    "c": 4,
    "TLP:CLEAR; TLP:AMBER": 2,
    "TLP:WHITE": 5,
    "TLP:CLEAR; secret": 5,
}


def case_of(rows: list[tuple[Any, ...]], around: list[str], **more: Any) -> nl.cases.Case:
    table = pd.DataFrame(rows, columns=["source", "target", "handling"])
    table = table.assign(relationship_type="communicated", **more)
    names = sorted({*table["source"], *table["target"]})
    people = pd.DataFrame({"entity_id": names, "entity_type": "person"})
    people = people.assign(label=[f"Name of {name}" for name in names])
    return nl.cases.build(nl.read_tables(people, table), around=around)


def left(case: nl.cases.Case, **policy: Any) -> redaction.Published:
    return redaction.publish(case, nl.export.Policy(names="all", **policy))


# Which code lets a record go to whom


@pytest.mark.parametrize(("code", "widest"), WIDEST.items())
def test_a_code_lets_a_record_go_to_its_circle_and_the_narrower_ones(
    code: str, widest: int
) -> None:
    case = case_of([("a", "b", code)], ["a"])
    allowed = [len(left(case, recipient=circle).relationships) == 1 for circle in CIRCLES]
    assert allowed == [at >= widest for at in range(5)]


@pytest.mark.parametrize(
    ("scheme", "grade", "widest"),
    [("5x5x5", "B24", 3), ("5x5x5", "B2", 0), ("3x5x2", "1A-C", 4), ("admiralty", "B2", 0)],
)
def test_a_code_in_the_grade_counts_beside_the_handling(
    scheme: str, grade: str, widest: int
) -> None:
    case = case_of([("a", "b", "TLP:CLEAR")], ["a"], grade=grade, grade_scheme=scheme)
    allowed = [len(left(case, recipient=circle).relationships) == 1 for circle in CIRCLES]
    assert allowed == [at >= widest for at in range(5)]


def test_without_a_code_a_record_is_withheld_unless_the_policy_says_otherwise() -> None:
    case = case_of([("a", "b", None), ("a", "c", "nonsense")], ["a"])
    assert len(left(case).relationships) == 2
    careful = left(case, recipient="named", k=1)
    assert len(careful.relationships) == 0
    assert careful.counts["by_handling"]["relationships"] == {"code of no scheme": 1, "no code": 1}
    open_ = left(case, recipient="public", withhold_uncoded=False)
    assert open_.relationships["target"].tolist() == ["b"]


def test_entities_without_a_record_left_are_withheld_unless_asked_about() -> None:
    case = case_of(
        [("a", "b", "TLP:RED"), ("a", "c", "TLP:GREEN"), ("b", "d", "TLP:GREEN"), ("a", "e", "5")],
        ["a"],
    )
    found = left(case, recipient="community", k=1)
    assert found.entities.index.tolist() == ["a", "b", "c", "d"]
    counts = found.counts["by_handling"]
    assert counts["relationships"] == {"5": 1, "TLP:RED": 1}
    assert counts["entities"] == {"person": 1}
    alone = left(case, recipient="public")
    assert alone.entities.index.tolist() == ["a"]


def test_an_object_is_that_of_those_whose_records_leave() -> None:
    people = pd.DataFrame(
        {
            "entity_id": ["lead", "victim", "t1", "x"],
            "entity_type": ["person", "person", "phone", "person"],
            "protection_status": ["none", "identified_victim", "unknown", "none"],
        }
    )
    rows = pd.DataFrame(
        [("lead", "t1", "uses", "TLP:RED"), ("victim", "t1", "uses", "TLP:GREEN")],
        columns=["source", "target", "relationship_type", "handling"],
    )
    case = nl.cases.build(nl.read_tables(people, rows), around=["lead"])
    assert "t1" in left(case).entities.index
    assert "t1" not in left(case, recipient="community").entities.index


# Findings


@lru_cache
def made_up() -> nl.cases.Case:
    """A case whose records are RED in four documents of ten, GREEN in the others."""
    made = nl.datasets.synthetic_case(seed=1, size=200)
    rows = made.relationships.copy()
    rows["handling"] = [
        "TLP:RED" if str(name).endswith(("1", "4", "7", "8")) else "TLP:GREEN"
        for name in rows["report"]
    ]
    whole = nl.read_tables(made.entities, rows, schema=made.schema)
    assessment = nl.roles.assess(whole)
    first = assessment.leads("recruiter", n=1).index
    return nl.cases.build(whole, around=first, assessment=assessment)


def test_nothing_withheld_is_in_any_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[nl.Network] = []

    def picture(drawing: report.Drawing) -> bytes:
        drawn.append(drawing.published.case.network)
        return b"picture"

    monkeypatch.setattr(export, "_picture", picture)
    case = made_up()
    table = case.source.relationships
    red = table[table["handling"] == "TLP:RED"]
    policy = nl.export.Policy(names="all", name_protected=True, recipient="community")
    found = redaction.publish(case, policy)
    entities = case.network.entities
    gone = entities[~entities.index.isin(found.entities.index)]
    documents = set(red["document"]) - set(table["document"][table["handling"] != "TLP:RED"])
    words = {*red.index, *documents, *gone.index, *gone["label"].dropna()}
    assert len(red) > 100
    assert len(gone) > 3
    everything = nl.export.Policy(names="all", name_protected=True)
    whole = export.bundle(case, tmp_path / "whole", policy=everything)
    texts = "".join(content(path) for path in whole.iterdir())
    present = {word for word in words if word in texts}
    assert {*gone.index} <= present
    assert len(present) > 150
    folder = export.bundle(case, tmp_path / "case", policy=policy)
    for path in folder.iterdir():
        text = content(path)
        assert not [word for word in present if word in text], path.name
    assert drawn[1].entities.index.tolist() == sorted(found.entities.index)
    assert not red.index.isin(drawn[1].relationships.index).any()


def test_evidence_on_withheld_records_is_left_out_and_counted(tmp_path: Path) -> None:
    case = made_up()
    policy = nl.export.Policy(names="all", name_protected=True, recipient="community", k=1)
    found = redaction.publish(case, policy)
    handling = case.source.relationships["handling"]
    cited = {name for names in found.evidence["relationship_ids"] for name in names}
    assert cited
    assert set(handling[sorted(cited)]) == {"TLP:GREEN"}
    lost = found.counts["by_handling"]["evidence"]
    assert len(found.evidence) + lost == len(case.evidence)
    folder = export.bundle(case, tmp_path / "case", policy=policy, formats=["html"])
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["withheld"]["by_handling"] == found.counts["by_handling"]
    assert manifest["policy"]["recipient"] == "community"
    assert any("those withheld" in note for note in manifest["notes"])
    page = (folder / "report.html").read_text("utf-8")
    assert f"{lost:,} rows of evidence are not here" in page
    assert "For recipient: community. Withheld by handling code" in page
    assert (export.verify(folder)["status"] == "ok").all()


def test_each_recipient_has_pseudonyms_of_its_own() -> None:
    case = made_up()
    names = [
        set(redaction.publish(case, nl.export.Policy(names="nobody", recipient=to)).entities.index)
        for to in ("community", "named")
    ]
    assert not names[0] & names[1]


# Arguments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"recipient": "press"}, "'recipient' must be one of .*, got 'press'"),
        ({"recipient": "public", "withhold_uncoded": 1}, "'withhold_uncoded' must be True or"),
        ({"withhold_uncoded": False}, "'withhold_uncoded' needs a 'recipient'"),
    ],
)
def test_bad_policies(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        nl.export.Policy(**arguments)


def test_elements_of_the_offence_rest_on_records_that_leave() -> None:
    people = pd.DataFrame({"entity_id": ["a", "v", "w"], "entity_type": "person"})
    rows = pd.DataFrame(
        [("a", "v", "recruited", "TLP:RED", "CANARY-D1"), ("a", "w", "met", "TLP:GREEN", "D2")],
        columns=["source", "target", "relationship_type", "handling", "document"],
    )
    case = nl.cases.build(nl.read_tables(people, rows), around=["a"])
    assert "CANARY-D1" in str(left(case).elements["documents"].tolist())
    found = left(case, recipient="community").elements
    assert "CANARY-D1" not in str(found["documents"].tolist())
    assert not any(found["relationship_ids"].map(len))


def test_people_to_reach_have_no_period_of_records_that_may_be_withheld() -> None:
    made = nl.datasets.synthetic_case(seed=1, size=300)
    network = nl.read_tables(made.entities, made.relationships, schema=made.schema)
    assessment = nl.roles.assess(network)
    to_reach = assessment.safeguarding(n=1).index
    case = nl.cases.build(network, around=to_reach, assessment=assessment)
    assert "roles_from" in left(case).safeguarding.columns
    found = left(case, recipient="named", withhold_uncoded=False).safeguarding
    assert len(found) > 0
    assert not {"roles", "roles_from", "roles_until"} & set(found.columns)


@pytest.mark.parametrize("name", ["named", "directed"])
def test_a_column_that_netlink_writes_itself_is_refused(name: str) -> None:
    case = case_of([("a", "b", "TLP:CLEAR")], ["a"], **{name: "mine"})
    with pytest.raises(ArgumentError, match="rename the column"):
        left(case, columns=(name,))
