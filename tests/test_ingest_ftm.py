"""FollowTheMoney: whatever its model ties together is tied, or told."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import netlink as nl
from netlink.ingest.graph_files import ftm_model

if TYPE_CHECKING:
    from pathlib import Path

# The `edge` of each schema of followthemoney 4.11.2, with what else it may say.
EDGES = {
    "Associate": ("person", "associate"),
    "ContractAward": ("contract", "supplier"),
    "Control": ("controller", "controlled"),
    "CourtCaseParty": ("party", "case"),
    "Debt": ("debtor", "creditor"),
    "Directorship": ("director", "organization"),
    "Documentation": ("document", "entity"),
    "Employment": ("employee", "employer"),
    "Family": ("person", "relative"),
    "Membership": ("member", "organization"),
    "Occupancy": ("holder", "post"),
    "Ownership": ("owner", "asset"),
    "Payment": ("payer", "beneficiary"),
    "ProjectParticipant": ("participant", "project"),
    "Representation": ("agent", "client"),
    "Succession": ("predecessor", "successor"),
    "UnknownLink": ("subject", "object"),
}
# Its other schemata that refer to entities, by the property.
OTHERS = {
    "Sanction": ("entity", "related_to", ["s", "p1"]),
    "Risk": ("entity", "related_to", ["s", "p1"]),
    "Passport": ("holder", "owns", ["p1", "s"]),
    "Identification": ("holder", "owns", ["p1", "s"]),
    "CryptoWallet": ("holder", "owns", ["p1", "s"]),
    "UserAccount": ("owner", "owns", ["p1", "s"]),
    "Vessel": ("operator", "uses", ["p1", "s"]),
    "Event": ("involved", "involved_in", ["p1", "s"]),
    "Email": ("recipients", "involved_in", ["p1", "s"]),
    "Call": ("caller", "involved_in", ["p1", "s"]),
    "EconomicActivity": ("sender", "related_to", ["s", "p1"]),
    "Company": ("addressEntity", "resides_at", ["s", "p1"]),
    "Vehicle": ("addressEntity", "related_to", ["s", "p1"]),
    "TaxRoll": ("taxee", "related_to", ["s", "p1"]),
    "Image": ("pictured", "related_to", ["s", "p1"]),
}
PEOPLE = [{"id": name, "schema": "Person", "properties": {}} for name in ("p1", "p2")]


def read(path: Path, lines: list[Any]) -> nl.Network:
    path.write_text("\n".join(map(json.dumps, [*PEOPLE, *lines])))
    return nl.read_ftm(path, on_invalid="reject")


def test_every_edge_of_the_model_is_a_relationship(tmp_path: Path) -> None:
    said = {"startDate": ["2020"], "endDate": ["2021-03"], "summary": ["s"], "status": ["x", "y"]}
    lines = [
        {"id": schema, "schema": schema, "properties": {one: ["p1"], other: ["p2"], **said}}
        for schema, (one, other) in EDGES.items()
    ]
    network = read(tmp_path / "t.json", lines)
    rows = network.relationships
    assert sorted(rows.index) == sorted(EDGES)
    assert rows["source"].eq("p1").all()
    assert rows["target"].eq("p2").all()
    assert rows["start_text"].eq("2020").all()
    assert rows["end_precision"].eq("month").all()
    assert rows["summary"].eq("s").all()
    assert rows["status"].eq('["x", "y"]').all()
    assert network.entities.index.tolist() == ["p1", "p2"]


def test_what_entities_refer_to_is_a_relationship(tmp_path: Path) -> None:
    more = {"datasets": ["list"], "first_seen": "2024"}
    lines = [
        {"id": schema, "schema": schema, "properties": {name: ["p1"], "country": ["xx"]}, **more}
        for schema, (name, _, _) in OTHERS.items()
    ]
    network = read(tmp_path / "t.json", lines)
    assert network.n_relationships == len(OTHERS)
    for schema, (name, kind, ends) in OTHERS.items():
        row = network.relationships.loc[f"{schema} {name}"]
        wanted = [end if end == "p1" else schema for end in ends]
        assert row[["source", "target"]].tolist() == wanted, schema
        told = row[["relationship_type", "ftm_schema", "ftm_property", "dataset"]].tolist()
        assert told == [kind, schema, name, "list"]
        assert name not in network.entities
        said = network.entities.loc[schema, ["country", "ftm_first_seen"]].tolist()
        assert said == ["xx", "2024"], schema


def test_references_to_what_is_not_in_the_file_stay_in_their_cells(tmp_path: Path) -> None:
    meeting = {"involved": ["p1", "gone", "p2"], "organizer": ["gone"], "name": ["p1"]}
    lines: list[Any] = [{"id": "e", "schema": "Event", "properties": meeting}]
    lines += [{"id": "z", "schema": "OfOurOwn", "properties": {"holder": ["p1"]}}]
    network = read(tmp_path / "t.json", lines)
    assert network.relationships.index.tolist() == ["e involved 1", "e involved 2"]
    assert network.entities.loc["e", ["involved", "organizer"]].tolist() == ["gone", "gone"]
    assert network.entities.loc["z", "holder"] == "p1"
    told = network.ledger.query("outcome == 'not read'")[["detail", "rows"]].values.tolist()
    assert told == [["entities of schemata that FollowTheMoney lacks, as ties", 1]]
    assert network.rejected.empty


def test_a_call_of_which_both_ends_are_known_is_one(tmp_path: Path) -> None:
    call = {"caller": ["p1"], "receiver": ["p2"], "duration": ["60"], "date": ["2024-03-05"]}
    network = read(tmp_path / "t.json", [{"id": "c", "schema": "Call", "properties": call}])
    row = network.relationships.loc["c"]
    said = row[["source", "target", "relationship_type", "duration", "start_text"]].tolist()
    assert said == ["p1", "p2", "communicated", "60", "2024-03-05"]


def test_no_schema_is_two_things() -> None:
    assert set(ftm_model.ENTITIES) & set(ftm_model.LINKS) == {"Call"}
    assert set(EDGES) <= set(ftm_model.LINKS)
