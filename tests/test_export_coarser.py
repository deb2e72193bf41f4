"""Dates and places no finer than a policy lets them leave, in every file."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import lru_cache
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from contents import content
from hypothesis import given, settings
from hypothesis import strategies as st

import netlink as nl
from netlink import export
from netlink.errors import ArgumentError, ExportError
from netlink.export import coarser, redaction, report
from netlink.network import periods

EVERYTHING = {"names": "all", "name_protected": True}


def left(case: nl.cases.Case, **policy: Any) -> redaction.Published:
    return redaction.publish(case, nl.export.Policy(**{**EVERYTHING, **policy}))


@lru_cache
def made_up() -> nl.cases.Case:
    made = nl.datasets.synthetic_case(seed=1, size=100)
    rows = made.relationships.copy()
    days = rows["seen_on"].astype(str).str[:10]
    rows["report"] = rows["report"].where(rows.index % 7 != 0, rows["report"] + "-" + days)
    rows["logged"] = pd.to_datetime(days, errors="coerce")
    whole = nl.read_tables(made.entities, rows, schema=made.schema)
    assessment = nl.roles.assess(whole)
    asked = [
        *assessment.leads("recruiter", n=1).index,
        *assessment.safeguarding(n=1).index,
    ]
    return nl.cases.build(whole, around=asked, hops=1, assessment=assessment)


@pytest.fixture(scope="module")
def drawn() -> list[nl.Network]:
    return []


@pytest.fixture(scope="module")
def folders(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[nl.Network]
) -> dict[str | None, Path]:
    def picture(drawing: report.Drawing) -> bytes:
        drawn.append(drawing.published.case.network)
        return b"picture"

    found = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(export, "_picture", picture)
        for dates in (None, "month"):
            policy = nl.export.Policy(**EVERYTHING, dates=dates, columns=("logged",))  # type: ignore[arg-type]
            place = tmp_path_factory.mktemp("coarser") / str(dates)
            some = ["graphml", "csv", "i2", "neo4j", "ftm"]
            formats = export._FORMATS if dates else some
            found[dates] = export.bundle(made_up(), place, formats=formats, policy=policy)
    return found


def test_no_day_is_in_any_byte(folders: dict[str | None, Path], drawn: list[nl.Network]) -> None:
    table = made_up().network.relationships
    times = pd.concat([table["start"], table["end"]]).dropna()
    # The first and the last day of a month stand for the month in formats that know moments alone.
    inner = times[~(times.dt.is_month_start | times.dt.is_month_end)]
    days = set(inner.dt.strftime("%Y-%m-%d"))
    assert len(days) > 20
    held = 0
    for path in folders[None].iterdir():
        held += any(day in content(path) for day in days)
    assert held >= 6
    for path in folders["month"].iterdir():
        text = content(path)
        assert not [day for day in days if day in text or day.replace("-", "") in text], path.name
    coarse = drawn[1].relationships
    assert set(coarse["start_precision"].dropna()) == {"month"}
    assert (export.verify(folders["month"])["status"] == "ok").all()


def test_what_is_written_says_how_far_it_is_known(folders: dict[str | None, Path]) -> None:
    folder = folders["month"]
    exact = made_up().network.relationships
    again = nl.read_tables(folder / "entities.csv", folder / "relationships.csv").relationships
    assert set(again["start_precision"].dropna()) == {"month"}
    assert again["start"].notna().sum() == exact["start"].notna().sum()
    months = sorted(exact["start"].dropna().dt.strftime("%Y-%m"))
    assert sorted(again["start"].dropna().dt.strftime("%Y-%m")) == months
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    assert manifest["policy"]["dates"] == "month"
    partial = [row for row in manifest["losses"] if "written as its first moment" in row["reason"]]
    assert {row["format"] for row in partial} >= {"stix", "case_uco"}
    # And the record itself says so, for whoever reads it without the manifest.
    stix = json.loads((folder / "stix.json").read_text("utf-8"))["objects"]
    ties = [o for o in stix if o["type"] == "relationship" and "start_time" in o]
    assert ties
    assert all(re.search(r"start: \d{4}-\d\d\b(?!-)", tie["description"]) for tie in ties)
    uco = json.loads((folder / "case_uco.jsonld").read_text("utf-8"))["@graph"]
    dated = [o for o in uco if "uco-core:startTime" in o]
    assert dated
    assert all("start: 20" in o["uco-core:description"] for o in dated)


def test_evidence_names_no_finer_dates(folders: dict[str | None, Path]) -> None:
    fine, coarse = left(made_up()), left(made_up(), dates="month")
    assert len(fine.evidence) == len(coarse.evidence) > 5
    words = sorted(coarse.evidence["words"])
    assert any(re.search(r" In \d{4}-\d\d\.$", text) for text in words)
    assert any(re.search(r" Between \d{4}-\d\d and \d{4}-\d\d\.$", text) for text in words)
    plain = re.compile(r" (?:In|On|Between) [\d-]+(?: and [\d-]+)?\.$")
    assert sorted(plain.sub("", w) for w in fine.evidence["words"]) == sorted(
        plain.sub("", w) for w in words
    )
    page = (folders["month"] / "report.html").read_text("utf-8")
    assert escape(next(text for text in words if " In 20" in text)) in page


def test_periods_of_people_to_reach_are_as_coarse() -> None:
    ends = {"roles_from": "2024-03-05T10:00Z", "roles_until": "2024-12-31T23:59Z"}
    table = made_up().safeguarding
    table = table.assign(
        **{
            n: pd.to_datetime([None] * 2 + [t] * (len(table) - 2), utc=True)
            for n, t in ends.items()
        }
    )
    found = left(replace(made_up(), safeguarding=table), dates="month").safeguarding
    wanted = {None, "2024-03"}, {None, "2024-12"}
    assert (set(found["roles_from"]), set(found["roles_until"])) == wanted


def small(rows: dict[str, list[Any]], zone: str | None = None, **own: list[Any]) -> nl.cases.Case:
    table = pd.DataFrame({"source": "a", "target": "b", "relationship_type": "met", **rows})
    people = pd.DataFrame({"entity_id": ["a", "b"], "entity_type": "person", **own})
    schema = nl.Schema(tz=zone) if zone else None
    return nl.cases.build(nl.read_tables(people, table, schema=schema), around=["a"])


@pytest.mark.parametrize(
    ("dates", "wanted"),
    [
        ("day", {"2024-03-05", "2024-03", "2024", "2024-12-31"}),
        ("month", {"2024-03", "2024", "2024-12"}),
        ("year", {"2024"}),
    ],
)
def test_a_date_gets_no_finer_than_it_was(dates: str, wanted: set[str]) -> None:
    given_dates = ["2024-03-05T23:30:00Z", "2024-03", "2024", "2024-12-31"]
    case = small({"start": given_dates})
    assert set(left(case, dates=dates).relationships["start"]) == wanted


def test_days_and_months_are_those_of_the_zone() -> None:
    case = small({"start": ["2024-03-31T23:30:00Z"]}, zone="Europe/Bucharest")
    assert left(case, dates="day").relationships["start"].tolist() == ["2024-04-01"]
    assert left(case, dates="month").relationships["start"].tolist() == ["2024-04"]
    assert left(case, dates="month").case.network.relationships["start"].tolist() == [
        pd.Timestamp("2024-03-31T21:00:00Z")
    ]


@given(
    st.lists(st.datetimes(pd.Timestamp(1700, 1, 1), pd.Timestamp(2500, 1, 1)), max_size=8),
    st.sampled_from(["day", "month", "year"]),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/Sao_Paulo"]),
)
@settings(max_examples=20, deadline=None)
def test_a_coarser_time_is_the_first_moment_of_the_period_it_was_in(
    moments: list[Any], to: str, zone: str
) -> None:
    times = pd.Series(pd.DatetimeIndex(moments, dtype="datetime64[us]").tz_localize("UTC"))
    precision = pd.Series(pd.Categorical(["time"] * len(times), dtype=periods.PRECISION))
    found, known = periods.coarser(times, precision, zone, to)
    last = periods.last_moments(found, known, zone)
    assert (known == to).all()
    assert ((found <= times) & (times <= last)).all()
    again, _ = periods.coarser(found, known, zone, to)
    assert again.equals(found)


def test_ids_that_are_hashes_over_dates_do_not_leave() -> None:
    case = small({"start": ["2024-03-05"]})
    fine, coarse = left(case), left(case, dates="year")
    assert fine.relationships.index.tolist() == case.network.relationships.index.tolist()
    assert not set(coarse.relationships.index) & set(fine.relationships.index)
    events = pd.DataFrame({"who": ["a"], "other": ["b"], "start": ["2024-03-05"]})
    schema = nl.Schema(participants={"who": "involved_in", "other": "involved_in"})
    network = nl.read_tables(None, events, schema=schema)
    made = network.entities.index[network.entities["entity_type"] == "event"]
    assert len(made) == 1
    case = nl.cases.build(network, around=network.entities.index)
    assert set(made) <= set(left(case).entities.index)
    assert not set(made) & set(left(case, dates="year").entities.index)


DATED = {
    "day": ["at 10:30", "scan 20240305T1030.pdf"],
    "month": ["2024-03-05", "log 5.3.2024", "IMG_20240305.jpg", "03/05/2024", "at 23:59"],
    "year": ["statement 2024-03", "3/2024", "2024_12"],
}
UNDATED = ["2024", "case 17/2", "+40 722 123 456", "R-0001", "12345678901234", "ISBN 978"]


@pytest.mark.parametrize("dates", ["day", "month", "year"])
def test_texts_with_finer_dates_are_replaced(dates: str) -> None:
    levels = ["day", "month", "year"][: ["day", "month", "year"].index(dates) + 1]
    finer = [text for level in levels for text in DATED[level]]
    kept = [*UNDATED, *([] if dates != "day" else DATED["month"][:4])]
    case = small({"document": [*finer, *kept]})
    found = left(case, dates=dates)
    assert {text for text in found.relationships["document"] if text in finer + kept} == set(kept)
    assert found.counts["texts_replaced"] == {"document": len(finer)}
    assert len(set(found.relationships["document"])) == len(finer + kept)  # two stay two


def test_ids_and_labels_of_entities_that_hold_dates_are_replaced() -> None:
    people = pd.DataFrame({"entity_id": ["a", "P-19900203"], "entity_type": "person"})
    people["label"] = ["Born 1990-02-03", None]
    ties = pd.DataFrame({"source": ["a"], "target": ["P-19900203"]})
    case = nl.cases.build(nl.read_tables(people, ties), around=["a"])
    found = left(case, dates="year").entities
    assert "a" in found.index
    assert "P-19900203" not in found.index
    assert not found["label"].str.contains("1990").any()


def test_columns_of_your_own_are_as_coarse(tmp_path: Path) -> None:
    moments = [pd.Timestamp("2024-03-31T23:30:00Z"), pd.NaT]
    texts = ["1990-02-03", "about 1990-02-03"]
    own = {"seen": moments, "born": texts, "age": [30, 40], "listed": [["2024-01-02"], ["x"]]}
    case = small({"start": ["2024"]}, **own)
    names = tuple(own)
    found = left(case, dates="year", columns=names)
    assert found.entities["seen"].tolist() == ["2024", None]
    assert found.entities["born"].iloc[0] == "1990"
    assert found.entities["born"].iloc[1].startswith("born-")
    assert found.entities["age"].tolist() == [30, 40]
    assert found.entities["listed"].iloc[0].startswith('["listed-')
    policy = nl.export.Policy(**EVERYTHING, dates="year", columns=names)  # type: ignore[arg-type]
    folder = export.bundle(case, tmp_path / "case", policy=policy, formats=["parquet", "csv"])
    again = nl.read_tables(folder / "entities.parquet", folder / "relationships.parquet")
    assert again.entities["seen"].dropna().tolist() == ["2024"]


# Places

PLACES = pd.DataFrame(
    {
        "entity_id": ["a", "b", "flat-7", "hotel", "t1", "home"],
        "entity_type": ["person", "person", "location", "location", "phone", "location"],
        "label": ["Ann", "Bo", "Flat Street 7", "Hotel Canary", "phone of Hotel Canary", "Home"],
        "protection_status": ["none", "child", *["unknown"] * 4],
        "country": ["XB", "XB", "XA", "XA", "XA", "XC"],
        "latitude": [None, None, 44.4378, 44.4412, None, 47.16],
        "longitude": [None, None, 26.0972, 26.1034, None, 27.58],
    }
)
STAYS = pd.DataFrame(
    [
        ("a", "flat-7", "stayed_at", "2024-03-05", "keys of flat-7"),
        ("a", "hotel", "stayed_at", "2024-03-06", "bill"),
        ("b", "hotel", "stayed_at", "2024-03-06", "bill"),
        ("a", "b", "met", "2024-03-06", "at the HOTEL canary"),
        ("a", "t1", "uses", None, None),
        ("b", "home", "resides_at", None, None),
    ],
    columns=["source", "target", "relationship_type", "start", "document"],
)


@lru_cache
def placed() -> nl.cases.Case:
    return nl.cases.build(nl.read_tables(PLACES, STAYS), around=["a"])


@pytest.mark.parametrize(
    ("places", "ending"),
    [("country", " in XA"), (0, " near 44, 26"), (1, " near 44.4, 26.1"), ("withheld", "")],
)
def test_places_leave_as_coarse_as_the_policy_says(places: Any, ending: str) -> None:
    columns = ("country", "latitude", "longitude")
    found = left(placed(), name_protected=False, places=places, columns=columns).entities
    away = {"flat-7", "hotel", "t1", "home"}  # the phone's label names the hotel
    assert not away & set(found.index)
    of = found[found["entity_type"] == "location"]
    assert sorted(re.sub("Location [0-9a-f]{6}", "", label) for label in of["label"]) == [
        *sorted(["", ending, ending])  # where a child lives, nothing is said
    ]
    known = [
        (c, x, y) for c, x, y in zip(of["country"], of["latitude"], of["longitude"], strict=True)
    ]
    wanted = {
        "country": ("XA", None, None),
        "withheld": (None, None, None),
        0: (None, 44.0, 26.0),
        1: (None, 44.4, 26.1),
    }[places]
    assert sorted(known, key=str) == sorted([wanted, wanted, (None, None, None)], key=str)
    assert found.loc["a", "country"] == "XB"


def test_no_place_is_in_any_byte(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    policy = nl.export.Policy(
        **EVERYTHING,  # type: ignore[arg-type]
        places=1,
        columns=("country", "latitude", "longitude"),
    )
    whole = nl.export.Policy(**EVERYTHING, columns=policy.columns)  # type: ignore[arg-type]
    words = ["flat-7", "hotel", "flat street", "44.4378", "26.1034"]
    for name, of, wanted in (("whole", whole, True), ("case", policy, False)):
        formats = ["csv"] if wanted else export._FORMATS
        folder = export.bundle(placed(), tmp_path / name, policy=of, formats=formats)
        text = "".join(content(path) for path in folder.iterdir()).lower()
        # The vocabulary and the guide name no place of the case.
        assert [word in text for word in words] == [wanted] * len(words)


def test_where_two_were_stays_told_and_where_it_is_does_not() -> None:
    found = left(placed(), places="country").relationships
    stays = found[found["relationship_type"] == "stayed_at"]
    assert stays["target"].value_counts().tolist() == [2, 1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"dates": "week"}, "'dates' must be 'day', 'month' or 'year'"),
        ({"places": "city"}, "'places' must be 'country', 'withheld' or a number"),
        ({"places": 4}, "decimals from 0 to 3"),
        ({"places": True}, "decimals from 0 to 3"),
    ],
)
def test_bad_policies(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        nl.export.Policy(**arguments)


def test_what_the_columns_cannot_give_is_refused() -> None:
    case = small({"start": ["2024-03-05"]})
    with pytest.raises(ArgumentError, match=r"needs the columns \['country'\]"):
        left(case, places="country")
    with pytest.raises(ArgumentError, match="'latitude', 'longitude'"):
        left(case, places=1)
    with pytest.raises(ArgumentError, match="dates as they were given"):
        left(case, dates="year", columns=("start_text",))
    assert left(case, columns=("start_text",)).relationships["start_text"].tolist() == [
        "2024-03-05"
    ]


# Who is still told apart


def test_coarser_dates_and_places_tell_fewer_apart() -> None:
    rows = [("h", f"p{at}", "met", f"2024-03-0{at + 1}") for at in range(4)]
    rows += [(f"p{at}", f"x{at % 2}", "stayed_at", "2024-05-01") for at in range(4)]
    rows += [("h", place, "stayed_at", "2024-05-01") for place in ("x0", "x1")]
    table = pd.DataFrame(rows, columns=["source", "target", "relationship_type", "start"])
    people = pd.DataFrame({"entity_id": ["h", *(f"p{at}" for at in range(4)), "x0", "x1"]})
    people["entity_type"] = ["person"] * 5 + ["location"] * 2
    people["protection_status"] = ["none", *["child"] * 4, "unknown", "unknown"]
    people["country"] = [None] * 5 + ["XA", "XB"]
    case = nl.cases.build(nl.read_tables(people, table), around=["h"])
    steps = [
        "by type and status",
        "and by the types of their records",
        "and by the dates of those",
        "and by the places of those",
    ]
    exact = left(case, name_protected=False).counts["pseudonyms_unique"]
    assert [exact[step] for step in steps] == [0, 0, 4, 4]
    month = left(case, name_protected=False, dates="month").counts["pseudonyms_unique"]
    assert [month[step] for step in steps] == [0, 0, 0, 0]
    # Two children were in each country: the places themselves are told apart by it.
    both = left(case, name_protected=False, dates="month", places="country")
    assert [both.counts["pseudonyms_unique"][step] for step in steps] == [2, 2, 2, 2]
    with pytest.raises(ExportError, match="would single out 4 pseudonyms"):
        left(case, name_protected=False, strict=True)
    assert left(case, name_protected=False, strict=True, dates="month").counts


def test_nothing_is_finer_where_no_option_is_given() -> None:
    assert not coarser.finer("2024-03-05T10:30", nl.export.Policy())
    assert coarser.coarsen(made_up(), nl.export.Policy()) is made_up()


# Releases


def test_two_releases_of_one_key_cannot_be_joined(tmp_path: Path) -> None:
    def names(release: str) -> set[str]:
        policy = nl.export.Policy(names="nobody", key=b"a key of the agency", release=release)
        found = redaction.publish(placed(), policy)
        return {*found.entities.index, *found.relationships.index, *found.relationships["source"]}

    assert names("police, May") == names("police, May")
    assert not names("police, May") & names("police, June")
    assert not names("police, May") & names("")
    with pytest.raises(ArgumentError, match="'release' needs a 'key'"):
        nl.export.Policy(release="May")
    with pytest.raises(ArgumentError, match="'release' must be text, got int"):
        nl.export.Policy(key=b"k" * 16, release=5)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("formula", "said"),
    [("escape", "apostrophe"), ("raw", "may run some"), ("error", "No text in CSV")],
)
def test_the_manifest_says_what_became_of_formulas(
    formula: Any, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: b"picture")
    policy = nl.export.Policy(formula=formula)
    folder = export.bundle(small({"start": ["2024"]}), tmp_path / "a", policy=policy, formats=[])
    notes = json.loads((folder / "manifest.json").read_text("utf-8"))["notes"]
    assert [said in note for note in notes].count(True) == 1
    assert said in notes[0]
