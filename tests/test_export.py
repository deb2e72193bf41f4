"""Policies: who is named, what gives people away, and that nothing else leaves."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from contents import content
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, shuffled

import netlink as nl
from netlink import export
from netlink.errors import ArgumentError, ExportError
from netlink.export import naming, redaction, report

LEADS = nl.export.Policy()
TEXTS = {
    ".cx2",
    ".cyjs",
    ".jsonld",
    ".parquet",
    ".toml",
    ".xlsx",
    ".csv",
    ".md",
    ".graphml",
    ".gexf",
    ".json",
    ".jsonl",
    ".html",
}


def published(case: nl.cases.Case, policy: nl.export.Policy = LEADS) -> redaction.Published:
    return redaction.publish(case, policy)


def network(
    entities: list[tuple[str, str, str | None, str]], rows: list[tuple[Any, ...]], **more: Any
) -> nl.Network:
    names = ["entity_id", "entity_type", "label", "protection_status"]
    table = pd.DataFrame(rows, columns=["source", "target", "relationship_type"])
    return nl.read_tables(pd.DataFrame(entities, columns=names), table.assign(**more))


@lru_cache
def made_up() -> nl.cases.Case:
    case = nl.datasets.synthetic_case(seed=1, size=200)
    whole = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    assessment = nl.roles.assess(whole)
    first = assessment.leads("recruiter", n=1).index
    return nl.cases.build(whole, around=first, hops=2, assessment=assessment)


def hidden(case: nl.cases.Case, policy: nl.export.Policy = LEADS) -> set[str]:
    flags = naming.hidden(case, policy)
    return set(case.source.entities.index[flags])


# Who is named


def test_leads_and_people_asked_about_are_named_and_nobody_else() -> None:
    case = made_up()
    entities = case.source.entities
    people = set(entities.index[entities["entity_type"] == "person"])
    protected = set(case.protected.index[case.protected])
    assert people - hidden(case) == {*case.leads.index, *case.around} - protected
    assert protected


def test_protected_people_are_named_only_where_the_policy_says_so() -> None:
    case = made_up()
    protected = set(case.protected.index[case.protected])
    assert protected <= hidden(case, nl.export.Policy(names="all"))
    assert not protected & hidden(case, nl.export.Policy(names="leads", name_protected=True))
    assert hidden(case, nl.export.Policy(names="all", name_protected=True)) == set()
    assert hidden(case, nl.export.Policy(names="nobody")) == set(case.source.entities.index)


def test_a_protected_person_asked_about_is_not_named() -> None:
    part = network(
        [("p", "person", "P", "witness"), ("q", "person", "Q", "none")], [("p", "q", "met")]
    )
    case = nl.cases.build(part, around=["p", "q"])
    assert hidden(case) == {"p"}


def test_whoever_may_be_a_person_is_not_named() -> None:
    part = network(
        [("p", "person", "P", "none"), ("x", "unknown", "X", "none")], [("p", "x", "knows")]
    )
    assert hidden(nl.cases.build(part, around=["p"])) == {"x"}


def test_every_reference_of_a_named_person_is_named() -> None:
    entities = [(name, "person", None, "none") for name in ("a", "b", "c")]
    rows = [("a", "b", "same_as"), ("b", "c", "met")]
    assert hidden(nl.cases.build(network(entities, rows), around=["a"])) == {"c"}


# What gives people away

OBJECTS = [
    ("lead", "person", "Lead", "none"),
    ("victim", "person", "Victim", "identified_victim"),
    ("other", "person", "Other", "none"),
    ("t-victim", "phone", "Victim's phone", "unknown"),
    ("t-both", "phone", "Shared phone", "unknown"),
    ("t-lead", "phone", "Lead's phone", "unknown"),
    ("t-free", "phone", "Nobody's phone", "unknown"),
    ("home", "location", "Home Street 1", "unknown"),
    ("flat", "location", "Flat Street 2", "unknown"),
    ("ad-victim", "advert", "Advert 1", "unknown"),
    ("ad-both", "advert", "Advert 2", "unknown"),
    ("car", "vehicle", "Car", "unknown"),
    ("seen", "location", "Car park", "unknown"),
    ("t-same", "phone", "The same phone", "unknown"),
]
TIES = [
    ("lead", "victim", "met"),
    ("lead", "other", "met"),
    ("victim", "t-victim", "uses"),
    ("victim", "t-both", "uses"),
    ("lead", "t-both", "uses"),
    ("lead", "t-lead", "owns"),
    ("t-lead", "t-free", "communicated"),
    ("t-lead", "t-victim", "communicated"),
    ("victim", "home", "resides_at"),
    ("victim", "flat", "stayed_at"),
    ("lead", "flat", "resides_at"),
    ("t-victim", "ad-victim", "listed_in"),
    ("t-victim", "ad-both", "listed_in"),
    ("t-lead", "ad-both", "listed_in"),
    ("other", "car", "owns"),
    ("car", "seen", "seen_at"),
    ("t-victim", "t-same", "same_as"),
]


def test_objects_of_people_without_a_name_go_without_one() -> None:
    case = nl.cases.build(network(OBJECTS, TIES), around=["lead"], hops=3)
    away = {"victim", "other", "t-victim", "home", "ad-victim", "car", "seen", "t-same"}
    assert hidden(case) == away
    # With everyone else named, the car and where it was seen are too.
    everyone = hidden(case, nl.export.Policy(names="all"))
    assert everyone == away - {"other", "car", "seen"}


def test_an_object_at_the_rim_is_judged_by_who_holds_it_beyond() -> None:
    entities = [("lead", "person", None, "none"), ("t", "phone", None, "unknown")]
    entities += [("u", "phone", None, "unknown"), ("victim", "person", None, "child")]
    rows = [("lead", "t", "uses"), ("t", "u", "communicated"), ("victim", "u", "uses")]
    case = nl.cases.build(network(entities, rows), around=["lead"], hops=2)
    assert "victim" not in case.network.entities.index
    assert hidden(case) == {"victim", "u"}


def test_an_object_that_speaks_of_somebody_goes_without_a_name() -> None:
    entities = [("lead", "person", None, "none"), ("v1", "person", "Ann Example", "child")]
    entities += [
        ("x1", "phone", "phone of ANN  example", "unknown"),
        ("x2", "phone", "B", "unknown"),
    ]
    rows = [("lead", "v1", "met"), ("lead", "x1", "uses"), ("lead", "x2", "uses")]
    assert hidden(nl.cases.build(network(entities, rows), around=["lead"])) == {"v1", "x1"}


def test_documents_and_labels_that_speak_of_somebody_are_replaced() -> None:
    entities = [("lead", "person", "friend of Ann Example", "none")]
    entities += [("PERS-0001", "person", "Ann Example", "child"), ("z", "person", "Z", "none")]
    rows = [("lead", "PERS-0001", "met"), ("lead", "z", "met"), ("lead", "z", "knows")]
    documents = ["statement_pers-0001.pdf", "PERS-00012 is another", "Interview: Ann  EXAMPLE"]
    case = nl.cases.build(
        network(entities, rows, document=documents, dataset="D", handling="of ann example"),
        around=["lead", "z"],
    )
    found = published(case)
    assert not any("example" in str(v).lower() for v in found.relationships["document"])
    assert "PERS-00012 is another" in set(found.relationships["document"])
    assert found.relationships["document"].str.startswith("document-").sum() == 2
    assert found.relationships["handling"].str.startswith("handling-").all()
    assert (found.relationships["dataset"] == "D").all()
    assert found.entities.loc["lead", "label"].startswith("label-")
    assert found.counts["texts_replaced"] == {"document": 2, "handling": 3, "label": 1}


def test_a_namesake_keeps_the_label() -> None:
    entities = [("lead", "person", "Ann Example", "none"), ("v", "person", "ann example", "child")]
    case = nl.cases.build(network(entities, [("lead", "v", "met")]), around=["lead"])
    assert published(case).entities.loc["lead", "label"] == "Ann Example"


def test_ids_of_relationships_are_hashes_and_get_pseudonyms() -> None:
    case = made_up()
    found = published(case)
    away = hidden(case)
    rows = case.network.relationships
    touched = rows["source"].isin(away) | rows["target"].isin(away)
    assert 0 < touched.sum() < len(rows)
    assert set(found.relationships.index) & set(rows.index) == set(rows.index[~touched])
    assert found.counts["pseudonyms_of_relationships"] == touched.sum()
    cited = {name for names in found.evidence["relationship_ids"] for name in names}
    assert not cited & set(rows.index[touched])
    assert cited & set(found.relationships.index)


def test_an_id_of_a_relationship_may_speak_of_somebody_too() -> None:
    entities = [("p", "person", None, "none"), ("PERS-9", "person", None, "child")]
    entities += [("q", "person", None, "none")]
    names = ["about PERS-9", "plain", "met"]
    rows = [("p", "q", "met"), ("p", "q", "knows"), ("p", "PERS-9", "met")]
    case = nl.cases.build(network(entities, rows, relationship_id=names), around=["p", "q"])
    assert set(published(case).relationships.index) & set(names) == {"plain"}


def test_findings_name_people_as_the_tables_do() -> None:
    found = published(made_up())
    known = set(found.entities.index)
    assert {*found.leads.index, *found.safeguarding.index, *found.evidence["person"]} <= known
    assert set(found.around) <= known
    ends = {*found.relationships["source"], *found.relationships["target"]}
    assert ends <= known


def test_own_columns_leave_by_name_only_and_never_with_a_pseudonym() -> None:
    case = made_up()
    assert "country" not in published(case).entities
    found = published(case, nl.export.Policy(columns=("country", "amount")))
    named = found.entities["named"].astype(bool)
    assert found.entities.loc[named, "country"].notna().any()
    assert found.entities.loc[~named, "country"].isna().all()
    assert "amount" in found.relationships
    assert "logged_on" not in found.relationships
    assert found.counts["columns_withheld"]["relationships"] == [
        *["end_text", "logged_on", "start_text"]
    ]


def test_the_order_of_rows_says_nothing_of_who_is_who() -> None:
    found = published(made_up())
    assert found.entities.index.is_monotonic_increasing
    assert found.relationships.index.is_monotonic_increasing


# Pseudonyms


def test_pseudonyms_depend_on_key_type_and_case() -> None:
    entities = [
        ("a", "person", None, "child"),
        ("b", "phone", None, "child"),
        ("p", "person", None, "none"),
    ]
    rows = [("p", "a", "met"), ("p", "b", "uses")]
    part = network(entities, rows)
    case = nl.cases.build(part, around=["p"])
    keys = [nl.export.Policy(key=key * 16) for key in (b"1", b"2")]
    first, second = (set(published(case, key).entities.index) - {"p"} for key in keys)
    assert first.isdisjoint(second)
    assert {name.rpartition("-")[0] for name in first} == {"person", "phone"}
    assert len({name.rpartition("-")[2] for name in first}) == 2
    other = nl.cases.build(
        network([*entities, ("c", "person", None, "none")], [*rows, ("p", "c", "met")]),
        around=["p"],
    )
    assert first < set(published(other, keys[0]).entities.index)
    own = set(published(case).entities.index) - {"p"}
    assert own.isdisjoint(published(other).entities.index)
    assert own == set(published(case).entities.index) - {"p"}


def test_without_a_key_pseudonyms_are_no_unkeyed_hashes() -> None:
    part = network(
        [("v", "person", None, "child"), ("p", "person", None, "none")], [("p", "v", "met")]
    )
    case = nl.cases.build(part, around=["p"])
    name = next(n for n in published(case).entities.index if n != "p").rpartition("-")[2]
    for text in ("v", "person-v", "person:v", "personv", "person\0v"):
        for kind in ("sha256", "sha1", "md5", "blake2b"):
            assert name not in hashlib.new(kind, text.encode()).hexdigest()


def test_the_manifest_holds_no_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    policy = nl.export.Policy(key=b"secret key of the agency")
    folder = export.bundle(made_up(), tmp_path / "case", policy=policy)
    for path in folder.iterdir():
        data = path.read_bytes()
        assert b"secret key" not in data
        assert policy.key is not None
        assert policy.key.hex().encode() not in data
    assert "secret" not in repr(policy)


def test_the_key_of_a_case_does_not_follow_from_what_the_manifest_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    part = network_of([("p", "v"), ("v", "w")])
    case = nl.cases.build(part, around=["p"], hops=9)  # the case is the whole network
    content = json.loads((export.bundle(case, tmp_path / "case") / "manifest.json").read_text())
    key = redaction._key(case, LEADS).hex()
    for table in ("entities", "relationships"):
        assert content["input"][table]["sha256"] not in key


def test_the_same_pseudonyms_in_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    folder = export.bundle(made_up(), tmp_path / "case")
    found = published(made_up())
    for name in found.entities.index[~found.entities["named"].astype(bool)]:
        assert all(
            str(name) in (folder / file).read_text("utf-8")
            for file in (
                "network.graphml",
                "network.gexf",
                "network.json",
                "entities.csv",
                "ftm.jsonl",
            )
        )


def test_the_manifest_counts_whom_ties_single_out() -> None:
    """A path p - a - b - c and a star: by degree, by neighbors' degrees, by those two ties away."""
    ties = [("p", "a"), ("a", "b"), ("b", "c"), ("p", "s"), *[("s", f"x{i}") for i in range(3)]]
    found = published(nl.cases.build(network_of(ties), around=["p"], hops=9))
    # p, a, b have two neighbors, c and the x one, s alone has four. Of those with two, p is next to
    # s and b next to c; c is told from the x by its neighbor.
    assert found.counts["pseudonyms_singled_out"] == {
        "by number of neighbors": 1,
        "by those of the neighbors": 4,
        "by those two ties away": 4,
    }


def test_a_strict_policy_refuses_whom_ties_single_out() -> None:
    ties = [("p", "a"), ("a", "b"), ("b", "c"), ("p", "s"), *[("s", f"x{i}") for i in range(3)]]
    case = nl.cases.build(network_of(ties), around=["p"], hops=9)
    with pytest.raises(ExportError, match=r"single out 4 pseudonyms.*allows 3") as caught:
        published(case, nl.export.Policy(strict=True, most_singled_out=3))
    assert "x0" not in str(caught.value)
    assert published(case, nl.export.Policy(strict=True, most_singled_out=4)).counts
    everyone = nl.export.Policy(names="all", name_protected=True, strict=True)
    assert published(case, everyone).counts["pseudonyms_singled_out"]  # nobody is hidden


# Canaries


def canaries(case: nl.cases.Case) -> set[str]:
    """Ids and labels of all protected people of the whole network."""
    table = case.source.entities[case.protected.to_numpy()]
    return {*table.index, *table["label"].dropna()}


def test_no_protected_person_is_in_any_byte(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names: dict[str, str] = {}

    def picture(drawing: report.Drawing) -> bytes:
        names.update(drawing.published.names)
        return b"picture"

    monkeypatch.setattr(export, "_picture", picture)
    case = made_up()
    words = canaries(case)
    assert len(words) > 20
    assert any(word in case.network.entities.index for word in words)
    folder = export.bundle(case, tmp_path / "case")
    for path in folder.iterdir():
        text = content(path)
        assert path.suffix in TEXTS | {".png"}
        assert not [word for word in words if word in text], path.name
    assert names
    assert not words & set(names.values())


def test_the_canaries_are_found_where_the_policy_names_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    policy = nl.export.Policy(names="all", name_protected=True)
    folder = export.bundle(made_up(), tmp_path / "case", policy=policy)
    here = canaries(made_up()) & set(made_up().network.entities.index)
    for path in folder.iterdir():
        if path.name.startswith(("entities", "network", "report", "ftm", "case.x", "neo4j_nodes")):
            assert any(word in content(path) for word in here)


def test_with_nobody_named_no_id_and_no_label_leaves(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    case = made_up()
    folder = export.bundle(case, tmp_path / "case", policy=nl.export.Policy(names="nobody"))
    table = case.network.entities
    words = {*table.index, *table["label"].dropna(), *case.network.relationships.index}
    for path in folder.iterdir():
        text = content(path)
        assert not [word for word in words if word in text], path.name


# Determinism


def digests(folder: Path) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(folder.iterdir())}


def case_of(whole: nl.Network) -> nl.cases.Case:
    assessment = nl.roles.assess(whole)
    first = assessment.leads("recruiter", n=1).index
    return nl.cases.build(whole, around=first, hops=1, assessment=assessment)


@pytest.mark.slow
def test_the_order_of_rows_changes_no_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    made_up = nl.datasets.synthetic_case(seed=2, size=100)
    whole = nl.read_tables(made_up.entities, made_up.relationships, schema=made_up.schema)
    # Read again, so that both went the same way in; `shuffled` turns undirected ties around too.
    plain = nl.read_tables(whole.entities.reset_index(), whole.relationships.reset_index())
    wanted = digests(export.bundle(case_of(plain), tmp_path / "plain"))
    folder = export.bundle(case_of(shuffled(whole, 1)), tmp_path / "shuffled")
    assert digests(folder) == wanted


_BUNDLE = """
import sys
import netlink as nl
made_up = nl.datasets.synthetic_case(seed=1, size=150)
order = made_up.relationships.sample(frac=1, random_state=int(sys.argv[2])).reset_index(drop=True)
network = nl.read_tables(made_up.entities, order, schema=made_up.schema)
assessment = nl.roles.assess(network)
first = assessment.leads("recruiter", n=1).index
case = nl.cases.build(network, around=first, assessment=assessment)
nl.export.bundle(case, sys.argv[1])
"""


@pytest.mark.slow
def test_hash_seeds_and_row_orders_change_no_byte(tmp_path: Path) -> None:
    found = []
    for seed in ("0", "1", "2"):
        folder = tmp_path / seed
        command = [sys.executable, "-c", _BUNDLE, str(folder), seed]
        subprocess.run(
            command, check=True, env={"PYTHONHASHSEED": seed, "PATH": "", "HOME": "/tmp"}
        )
        found.append(digests(folder))
    assert found[0] == found[1] == found[2]
    assert "picture.png" in found[0]


def test_the_picture_repeats_and_is_embedded(tmp_path: Path) -> None:
    case = nl.cases.build(nl.datasets.florentine_families(), around=["Medici"], hops=1)
    folders = [export.bundle(case, tmp_path / name, formats=["html"]) for name in ("a", "b")]
    assert digests(folders[0]) == digests(folders[1])
    picture = (folders[0] / "picture.png").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert b"Software" not in picture
    import base64

    assert base64.b64encode(picture).decode() in (folders[0] / "report.html").read_text()


def test_a_digest_of_the_input_is_of_its_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")

    def inputs(whole: nl.Network, name: str) -> list[str]:
        case = nl.cases.build(whole, around=["a"])
        folder = export.bundle(case, tmp_path / name, formats=["json"])
        content = json.loads((folder / "manifest.json").read_text())["input"]
        return [content[part]["sha256"] for part in ("entities", "relationships")]

    ties = [("a", "b", 1.0), ("b", "c", 2.0)]
    first = inputs(network_of(ties), "first")
    assert inputs(network_of(ties[::-1]), "turned") == first
    weight = inputs(network_of([ties[0], ("b", "c", 3.0)]), "weight")
    assert (weight[0], weight[1] != first[1]) == (first[0], True)
    more = inputs(network_of(ties, entities=["a", "b", "c", "d"]), "more")
    assert (more[0] != first[0], more[1]) == (True, first[1])


# Finding mentions


def mentions(*texts: str) -> naming.Mentions:
    return naming.Mentions(texts)


@pytest.mark.parametrize(
    ("known", "text", "is_found"),
    [
        ("PERS-0001", "report_pers-0001.pdf", True),
        ("PERS-0001", "xPERS-0001y", True),
        ("PERS-0001", "PERS-00012", False),
        ("0001", "10001", False),
        ("Ann Example", "ann   EXAMPLE", True),
        ("Ann Example", "Ann\nExample", True),
        ("\uff21nna", "anna", True),
        ("Li", "of Li, seen", True),
        ("Li", "Linz", False),
        ("12", "page 12", False),
        ("", "anything", False),
    ],
)
def test_mentions(known: str, text: str, is_found: bool) -> None:
    assert mentions(known).found_in(text) is is_found


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.text("abAB12 ", min_size=4, max_size=7), max_size=4),
    st.text("abAB12 ", max_size=12),
)
def test_mentions_are_those_of_a_search(known: list[str], text: str) -> None:
    found = mentions(*known)
    folded = " ".join(text.casefold().split())
    wanted = False
    for word in {" ".join(word.casefold().split()) for word in known}:
        if len(word) < 4:
            if any(c.isalpha() for c in word):
                wanted |= word in folded.split()
            continue
        for at in range(len(folded)):
            cut = (
                folded[:at][-1:] + folded[at:][:1],
                folded[: at + len(word)][-1:] + folded[at + len(word) :][:1],
            )
            glued = any(len(pair) == 2 and pair.isdigit() for pair in cut)
            wanted |= folded.startswith(word, at) and not glued
    assert found.found_in(text) is wanted


# Arguments


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"names": "some"}, "'names' must be 'nobody', 'leads' or 'all', got 'some'"),
        ({"name_protected": 1}, "'name_protected' must be True or False"),
        ({"names": "nobody", "name_protected": True}, "needs names 'leads' or 'all'"),
        ({"key": "text"}, "'key' must be at least 16 bytes"),
        ({"key": b"short"}, "'key' must be at least 16 bytes"),
        ({"strict": "yes"}, "'strict' must be True or False"),
        ({"most_singled_out": -1}, "'most_singled_out' must be a number"),
        ({"columns": "country"}, "'columns' must be a tuple"),
    ],
)
def test_bad_policies(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message) as caught:
        nl.export.Policy(**arguments)
    assert "short" not in str(caught.value)


def test_a_policy_names_only_columns_that_are_there() -> None:
    case = made_up()
    with pytest.raises(ArgumentError, match=r"'columns' names 'contry'.*Did you mean 'country'"):
        published(case, nl.export.Policy(columns=("contry",)))
    with pytest.raises(ArgumentError, match="no column of your own"):
        published(case, nl.export.Policy(columns=("label",)))
    assert nl.export.Policy(columns=["country"]).columns == ("country",)  # type: ignore[arg-type]


def test_an_empty_network_of_one_is_a_case(tmp_path: Path) -> None:
    case = nl.cases.build(network_of([], entities=["only"]), around=["only"])
    folder = export.bundle(case, tmp_path / "case")
    assert (export.verify(folder)["status"] == "ok").all()
    assert np.array_equal(published(case).entities.index, ["only"])


def test_findings_travel_in_tables_sheets_and_json(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import openpyxl

    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    asked = made_up().assessment.leads("recruiter", n=2).index  # type: ignore[union-attr]
    case = nl.cases.build(made_up().source, around=asked, hops=3)
    folder = export.bundle(case, tmp_path / "case", formats=["csv", "excel", "json"], policy=LEADS)
    found = published(case)
    book = openpyxl.load_workbook(folder / "case.xlsx")
    graph = json.loads((folder / "network.json").read_text("utf-8"))["graph"]["findings"]
    sheets = {"elements": "Elements of the offence", "groups": "Groups", "paths": "Paths"}
    for name, title in {**sheets, "profile": "Profile"}.items():
        table = found.findings[name]
        assert len(table)
        read = pd.read_csv(folder / f"{name}.csv", dtype=str, keep_default_na=False)
        assert read.columns.tolist() == [*table.columns]
        assert len(read) == book[title].max_row - 1 == len(graph[name]) == len(table)
    assert {row["entity_id"]: row["group"] for row in graph["groups"]} == found.groups[
        "group"
    ].to_dict()
    assert graph["paths"][1]["relationship_ids"] == found.paths["relationship_ids"][1]
    assert set(found.groups.index) == set(found.entities.index)
    sizes = found.groups["group"].value_counts().sort_index()
    assert sizes.is_monotonic_decreasing
    # Who is together is as in the case, and under the names that are written.
    together = case.groups.labels.groupby(case.groups.labels).groups.values()
    hidden = dict(zip(case.network.entities.index, found.ids, strict=True))
    wanted = {frozenset(hidden[name] for name in names) for names in together}
    assert {frozenset(names) for names in found.groups.groupby("group").groups.values()} == wanted
    ids = {name for names in found.paths["relationship_ids"] for name in names}
    assert ids <= set(found.relationships.index)
    assert set(found.paths["entity_id"]) <= set(found.entities.index)
