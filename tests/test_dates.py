"""Times known to the second, the day, the month or the year: read, kept, asked about, handed on."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, shuffled

import netlink as nl
from netlink.network.periods import PRECISION
from netlink.network.periods import texts as texts_of

ZONES = ["UTC", "Europe/London", "America/New_York", "Asia/Kathmandu", "Pacific/Auckland"]


def read(start: Any, end: Any = None, *, tz: str | None = None, **columns: Any) -> nl.Network:
    table = pd.DataFrame({"source": "a", "target": "b", "start": start, "end": end, **columns})
    return nl.read_tables(None, table, schema=nl.Schema(tz=tz), on_invalid="reject")


def stamp(text: str) -> pd.Timestamp:
    return pd.Timestamp(text, tz="UTC")


# Read


def test_dates_and_times_of_day_in_columns_of_their_own(tmp_path: Path) -> None:
    days = ["2024-07-05", "2024-07-05", "", "2024-07", "2024-07-05T10:00", "2024-01-05"]
    hours = ["18:20", None, "18:20", "18:20", "11:00", " 00:00:30.5 "]
    table = pd.DataFrame({"source": "a", "target": "b", "day": days, "hour": hours})
    schema = nl.Schema(start="day", start_time="hour", tz="Europe/London")
    network = nl.read_tables(None, table, schema=schema, on_invalid="reject")
    rows = network.relationships.sort_values("start_text")
    assert rows["start_text"].tolist() == ["2024-01-05 00:00:30.5", days[1], "2024-07-05 18:20"]
    assert rows["start_precision"].tolist() == ["time", "day", "time"]
    assert rows["start"].iloc[2] == stamp("2024-07-05T17:20")
    assert "hour" not in rows
    assert network.rejected[["row", "column", "reason"]].values.tolist() == [
        [2, "hour", "time of day without a date"],
        [3, "day", "not an ISO 8601 date or time; give Schema(format=...)"],
        [4, "day", "not an ISO 8601 date or time; give Schema(format=...)"],
    ]
    typed = table[:1].assign(day=pd.to_datetime(days[:1]), hour=[time(18, 20)])
    typed.to_excel(tmp_path / "t.xlsx", index=False)
    for source in (typed, tmp_path / "t.xlsx"):
        found = nl.read_tables(None, source, schema=schema).relationships
        assert found["start"].tolist() == [stamp("2024-07-05T17:20")]
    spelled = nl.Schema(end="day", end_time="hour", tz="UTC", format="%d/%m/%Y %I:%M %p")
    american = table[:1].assign(day="05/07/2024", hour="6:20 PM")
    found = nl.read_tables(None, american, schema=spelled).relationships
    assert found["end"].tolist() == [stamp("2024-07-05T18:20")]
    # Names that stand for nothing unless they are mapped may be those of other columns.
    assert nl.Schema(start="start_time", weight="amount").column("start") == "start_time"


def test_how_far_a_time_is_known_is_kept() -> None:
    texts = ["2024", "2024-03", "2024-03-05", "2024-03-05T10:00Z", None]
    rows = read(texts, texts[::-1]).relationships
    assert rows["start_precision"].tolist() == ["year", "month", "day", "time", np.nan]
    assert rows["end_precision"].tolist() == [np.nan, "time", "day", "month", "year"]
    assert rows["start_precision"].dtype == rows["end_precision"].dtype == PRECISION
    assert rows["start_text"].tolist()[:4] == texts[:4]


def test_the_columns_are_there_without_any_time() -> None:
    rows = network_of([("a", "b")]).relationships
    assert rows[["start_precision", "end_precision"]].isna().all(axis=None)
    assert rows["start_precision"].dtype == PRECISION
    assert "start_text" not in rows


@pytest.mark.parametrize(
    ("column", "precision"),
    [
        (pd.to_datetime(["2024-03-05"]), "day"),  # midnight alone: a column of dates
        (pd.to_datetime(["2024-03-05"]).tz_localize("UTC"), "time"),
        ([date(2024, 3, 5)], "day"),
        ([2024], "year"),
    ],
)
def test_the_precision_of_typed_columns(column: Any, precision: str) -> None:
    assert read(column).relationships["start_precision"].tolist() == [precision]


@pytest.mark.parametrize(
    ("text", "spelling", "precision"),
    [
        ("05/03/2024", "%d/%m/%Y", "day"),
        ("065 2024", "%j %Y", "day"),
        ("03/2024", "%m/%Y", "month"),
        ("Mar 24", "%b %y", "month"),
        ("'24", "'%y", "year"),
        ("05/03/2024 10", "%d/%m/%Y %H", "time"),
        ("05/03/2024 10:00 +0100", "%d/%m/%Y %H:%M %z", "time"),
    ],
)
def test_the_precision_of_a_format(text: str, spelling: str, precision: str) -> None:
    schema = nl.Schema(format=spelling, tz="UTC")
    table = pd.DataFrame({"source": ["a"], "target": "b", "start": text})
    rows = nl.read_tables(None, table, schema=schema).relationships
    assert rows["start_precision"].tolist() == [precision]
    assert rows["start_text"].tolist() == [text]


@pytest.mark.parametrize("text", ["03/05/2024", "3.5.2024", "05-03-24"])
def test_a_day_that_may_be_a_month_is_never_guessed(text: str) -> None:
    found = read([text])
    assert found.n_relationships == 0
    assert "give Schema(format=...)" in found.rejected["reason"].iloc[0]


def test_days_are_counted_in_the_zone_of_the_schema() -> None:
    network = read(["2024-07-01", "2024-07", "2024"], tz="Europe/London")
    assert network.tz == "Europe/London"
    assert network.relationships["start"].tolist() == [
        stamp("2024-06-30T23:00"),
        stamp("2024-06-30T23:00"),
        stamp("2024-01-01"),
    ]


def test_midnight_may_be_missing_and_a_day_too() -> None:
    # Toronto skipped 23:30 to 00:30 on 1919-03-30.
    toronto = read(["1919-03-30", "1919-03-31"], tz="America/Toronto").spans
    assert toronto["start_first"].iloc[1] == stamp("1919-03-31T04:30")
    assert toronto["start_last"].iloc[0] == stamp("1919-03-31T04:29:59.999999")
    # Sao Paulo skipped the first hour of 2018-11-04, Samoa all of 2011-12-30.
    found = read(["2018-11-04", "2018-11-03"], tz="America/Sao_Paulo").spans
    assert found["start_first"].tolist() == [stamp("2018-11-04T03:00"), stamp("2018-11-03T03:00")]
    assert found["start_last"].iloc[1] == stamp("2018-11-04T02:59:59.999999")
    samoa = read(["2011-12-29", "2011-12-30", "2011-12-31"], tz="Pacific/Apia")
    assert samoa.rejected[["row", "reason"]].values.tolist() == [[1, "no such date or time"]]
    first, last = samoa.spans["start_last"].iloc[0], samoa.spans["start_first"].iloc[1]
    assert last - first == pd.Timedelta(microseconds=1)


@pytest.mark.parametrize("tz", ["Asia/Tokyo", "America/New_York", None])
def test_the_first_and_last_years_of_the_calendar(tz: str | None) -> None:
    texts = ["0001", "9999", "9999-12-31", "0001-01-01", "0001-12-31"]
    network = read(texts, tz=tz)
    rows = network.relationships
    kept = [text for text in texts if tz != "Asia/Tokyo" or text not in {"0001", "0001-01-01"}]
    assert rows["start_text"].tolist() == kept
    assert set(network.rejected["reason"]) <= {"time is outside the years 1 to 9999"}
    assert texts_of(rows["start"], rows["start_precision"], network.tz).tolist() == kept
    assert (network.spans["start_first"] <= network.spans["start_last"]).all()
    assert network.during("9999-12-31T06:00Z", "9999-12-31T10:00Z").n_relationships == 2


@pytest.mark.parametrize("text", ["0001-01-01T00:30", "9999-12-31T23:30"])
def test_a_time_that_its_zone_moves_out_of_the_calendar_is_a_failure(text: str) -> None:
    found = [read([text], tz=tz).n_relationships for tz in ("Asia/Tokyo", "America/New_York")]
    assert sorted(found) == [0, 1]


# Read again


@given(
    st.lists(
        st.sampled_from(["2024", "2024-02", "2023-02-28", "2024-03-31T01:30Z", None]), max_size=6
    ),
    st.sampled_from(ZONES),
)
@settings(max_examples=25, deadline=None)
def test_tables_read_again_say_the_same(texts: list[str | None], tz: str) -> None:
    network = read(texts, texts[::-1], tz=tz)
    schema = nl.Schema(tz=tz)
    tables = network.entities.reset_index(), network.relationships.reset_index()
    nl.testing.assert_networks_equal(network, nl.read_tables(*tables, schema=schema))


def test_a_precision_that_does_not_fit_is_a_failure() -> None:
    stamps = pd.to_datetime(["2024-01-01", "2024-02-10", "2024-02-01", None]).tz_localize("UTC")
    found = read(stamps, start_precision=["year", "month", "mnth", "day"])
    assert found.rejected[["row", "column"]].values.tolist() == [
        [1, "start"],
        [2, "start_precision"],
        [3, "start"],
    ]
    assert "not the first moment" in found.rejected["reason"].iloc[0]
    assert "Did you mean 'month'?" in found.rejected["reason"].iloc[1]
    finer = read(["2024"], start_precision=["day"]).rejected
    assert finer["reason"].tolist() == ["precision is finer than the time given"]


def test_a_network_read_in_another_zone_is_refused() -> None:
    rows = read(["2024-07-01"], tz="Europe/London").relationships.reset_index()
    with pytest.raises(nl.errors.TableError, match=r"tz=\.\.\.\) it was read by"):
        nl.read_tables(None, rows)


# Spans


def period(text: str, tz: str) -> tuple[datetime, datetime]:
    """First and last moment of a date, by the standard library."""
    numbers = [int(part) for part in text.split("-")]
    first = date(*[*numbers, 1, 1][:3])
    if len(numbers) == 1:
        after = date(first.year + 1, 1, 1)
    elif len(numbers) == 2:
        after = first + timedelta(days=calendar.monthrange(*numbers)[1])
    else:
        after = first + timedelta(days=1)
    begin, end = (
        datetime(d.year, d.month, d.day, tzinfo=ZoneInfo(tz)).astimezone(UTC)
        for d in (first, after)
    )
    return begin, end - timedelta(microseconds=1)


@st.composite
def partial(draw: st.DrawFn) -> str:
    day = draw(st.dates(date(1990, 1, 1), date(2030, 12, 31))).isoformat()
    return day[: draw(st.sampled_from([4, 7, 10]))]


@given(st.lists(partial(), min_size=1, max_size=5), st.sampled_from(ZONES))
@settings(max_examples=60, deadline=None)
def test_a_span_is_the_whole_period(texts: list[str], tz: str) -> None:
    found = read(texts, tz=tz).spans
    for text, row in zip(texts, found.itertuples(index=False), strict=True):
        first, last = period(text, tz)
        assert (row.start_first, row.start_last) == (first, last)
        assert (row.end_first, row.end_last) == (first, last)  # without an end it ends as it starts


def test_spans_of_ends_and_of_nothing() -> None:
    network = read(["2024-03-05T10:00Z", None, "2024"], ["2024-02", "2024-02", None])
    spans = network.spans
    assert spans.index.equals(network.relationships.index)
    assert spans.columns.tolist() == ["start_first", "start_last", "end_first", "end_last"]
    assert {str(kind) for kind in spans.dtypes} == {"datetime64[us, UTC]"}
    first = spans.iloc[0]
    assert first["start_first"] == first["start_last"] == stamp("2024-03-05T10:00")
    assert first["end_last"] == stamp("2024-02-29T23:59:59.999999")  # a leap year
    assert spans.iloc[1, :2].isna().all()
    assert spans["end_last"].iloc[2] == stamp("2024-12-31T23:59:59.999999")


# Windows


def test_during_reads_a_partial_date_by_its_whole_period() -> None:
    texts = ["2024-03", "2024", "2024-03-15", "2024-03-15T12:00Z", "2024-04", "2023"]
    network = read(texts)

    def kept(*window: str) -> list[str]:
        return network.during(*window).relationships["start_text"].tolist()

    assert kept("2024-03-10", "2024-03-12") == ["2024-03", "2024"]
    assert kept("2024-03-15T13:00Z", "2024-03-16") == ["2024-03", "2024", "2024-03-15"]
    assert kept("2024-04-30T23:59:59.999999Z", "2024-05-01") == ["2024", "2024-04"]
    assert kept("2023-12-31T23:59Z", "2024-01-01") == ["2023"]


def test_the_end_of_a_relationship_may_be_partial_too() -> None:
    network = read(["2024-01-05"], ["2024-02"])
    assert network.during("2024-02-29", "2024-03-01").n_relationships == 1
    assert network.during("2024-03-01", "2024-03-02").n_relationships == 0


def test_undated_relationships_stay_where_asked() -> None:
    network = read(["2024-01-05", None, "2023-01-01"], [None, "2024-01-01", None])
    assert network.during("2024-01-01", "2025-01-01").n_relationships == 1
    kept = network.during("2024-01-01", "2025-01-01", undated="keep")
    assert kept.relationships["start"].isna().tolist() == [False, True]
    with pytest.raises(nl.errors.ArgumentError, match="'undated' must be 'drop' or 'keep'"):
        network.during("2024-01-01", "2025-01-01", undated=True)  # type: ignore[arg-type]


@pytest.mark.slow
@given(
    st.lists(partial(), min_size=1, max_size=8), partial(), st.integers(1, 500), st.integers(0, 9)
)
@settings(max_examples=40, deadline=None)
def test_a_window_keeps_what_can_fall_into_it(
    texts: list[str], opening: str, days: int, seed: int
) -> None:
    network = read(texts)
    first, _ = period(opening, "UTC")
    last = first + timedelta(days=days)
    wanted = [t for t in texts if period(t, "UTC")[0] < last and period(t, "UTC")[1] >= first]
    assert network.during(first, last).relationships["start_text"].tolist() == wanted
    other = shuffled(network, seed).during(first, last)
    assert set(other.relationships.index) == set(network.during(first, last).relationships.index)


# Everywhere else


def test_what_is_known_of_a_date_is_part_of_a_relationship() -> None:
    """2024 and 2024-01-01 begin at one moment and are two records."""
    table = pd.DataFrame(
        {"source": "a", "target": "b", "start": pd.to_datetime(["2024-01-01"] * 2)}
    )
    one, other = (
        nl.read_tables(None, table.assign(start_precision=["year", "day"][::way]))
        for way in (1, -1)
    )
    nl.testing.assert_networks_equal(one, other)
    assert not any("-" in name for name in one.relationships.index)
    by_id = one.relationships["start_precision"].astype(str)
    assert by_id.to_dict() == other.relationships["start_precision"].astype(str).to_dict()


def test_parts_keep_the_zone() -> None:
    network = read(["2024-07"], tz="Europe/London")
    for part in (
        network.where(relationship_types=["related_to"]),
        network.during("2024", "2025"),
        network.subgraph(["a", "b"]),
        nl.transform.ego(network, ["a"]),
        nl.transform.project(network, onto="unknown"),
    ):
        assert part.tz == "Europe/London"
    other = read(["2024-06-30T23:00Z"], tz="Europe/London", start_precision=["month"])
    assert other.relationships["start_precision"].tolist() == ["month"]
    moved = nl.Network(network.entities, network.relationships)
    with pytest.raises(AssertionError, match="tz: not the same zone"):
        nl.testing.assert_networks_equal(network, moved)


def test_networks_of_two_zones_are_combined_where_no_day_is_counted() -> None:
    london, day = read(["2024-07-01"], tz="Europe/London"), read(["2024-07-01"])
    times = read(["2024-07-01T10:00"], tz="America/New_York")
    for order in ({"l": london, "t": times}, {"t": times, "l": london}):
        both = nl.transform.combine(order)
        assert both.tz == "Europe/London"
        assert set(both.relationships["start"]) == {stamp("2024-06-30T23"), stamp("2024-07-01T14")}
        assert both.relationships["start_precision"].dtype == PRECISION
    with pytest.raises(nl.errors.ArgumentError, match="in 2 time zones"):
        nl.transform.combine({"l": london, "d": day})


def test_days_of_two_zones_stay_the_same_dates_in_the_one_that_is_given() -> None:
    texts = ["2024-07-01", "2024-07", "2024", "2024-07-01T10:00"]
    london, york = read(texts, tz="Europe/London"), read(texts, tz="America/New_York")
    for tz in ("UTC", "Europe/London", "Asia/Tokyo"):
        both = nl.transform.combine({"l": london, "y": york}, tz=tz)
        assert both.tz == tz
        wanted = read(texts[:3], tz=tz).spans
        for name, hour in (("l", 9), ("y", 14)):
            spans = both.spans[both.relationships["dataset"] == name].set_axis(range(4))
            pd.testing.assert_frame_equal(spans[:3], wanted.set_axis(range(3)))
            assert spans.loc[3, "start_last"] == stamp(f"2024-07-01T{hour:02d}")
    assert london.spans.equals(read(texts, tz="Europe/London").spans)
    with pytest.raises(nl.errors.SchemaError, match="'tz' must be an IANA time zone"):
        nl.transform.combine({"l": london, "y": york}, tz="Mars")


def test_a_tie_says_how_far_its_times_are_known() -> None:
    people = pd.DataFrame({"entity_id": ["a", "b"], "entity_type": "person"})
    rows = pd.DataFrame(
        {
            "source": "a",
            "target": "b",
            "relationship_type": ["met", "met", "met", "knows", "paid"],
            "start": ["2024-01-01", "2024", "2024-05-01", None, "2024-02"],
            "end": [None, None, "2024-05", "2024-05", None],
        }
    )
    ties = nl.transform.project(nl.read_tables(people, rows)).relationships
    ties = ties.set_index("relationship_type")
    met, paid = ties.loc["met"], ties.loc["paid"]
    assert (met["start"], met["start_precision"]) == (stamp("2024-01-01"), "year")
    assert (met["end"], met["end_precision"]) == (stamp("2024-05-01"), "month")
    assert (paid["end"], paid["end_precision"]) == (stamp("2024-02-01"), "month")
    assert ties.loc["knows", ["start", "start_precision"]].isna().all()
