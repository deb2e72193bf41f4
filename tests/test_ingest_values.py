"""Cells: ids, words, numbers, times and grades, each with what cannot be read."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netlink as nl
from netlink.ingest import values

ODD = ["007", "7", "1e5", "0x1F", "NA", "None", "null", "nan", "True", "N/A", "-", "ß", "a b"]


def calls(**columns: Any) -> pd.DataFrame:
    """Relationships from a to b, as many as the longest column."""
    n = max(len(column) for column in columns.values())
    return pd.DataFrame({"source": ["a"] * n, "target": ["b"] * n, **columns})


def read(table: pd.DataFrame, **schema: Any) -> nl.Network:
    return nl.read_tables(None, table, schema=nl.Schema(**schema), on_invalid="reject")


def wrong(table: pd.DataFrame, **schema: Any) -> list[tuple[int, str, str]]:
    """Row, column and reason of every failure; the same whether rows are raised or set aside."""
    rejected = read(table, **schema).rejected
    found = list(rejected[["row", "column", "reason"]].itertuples(index=False, name=None))
    if found:
        with pytest.raises(nl.errors.TableError) as error:
            nl.read_tables(None, table, schema=nl.Schema(**schema))
        assert found == list(error.value.failures.iloc[:, 1:].itertuples(index=False, name=None))
    return found


# Ids


def test_ids_of_text_stay_as_they_stand() -> None:
    people = pd.DataFrame({"entity_id": ODD, "entity_type": "person"})
    network = nl.read_tables(people, pd.DataFrame({"source": ODD, "target": ["7"] * len(ODD)}))
    assert network.entities.index.tolist() == sorted(ODD)
    assert network.relationships["source"].tolist() == ODD


@pytest.mark.parametrize("integers", [[7, 100000], [10**30, 7], np.array([7, 8], dtype="uint8")])
def test_a_column_of_integers_becomes_their_plain_text(integers: Any) -> None:
    found = read(calls(source=integers))
    assert found.relationships["source"].tolist() == [str(i) for i in integers]


@pytest.mark.parametrize(
    ("cells", "rows"),
    [
        ([7, "7", "x"], [0]),
        ([1.5, 2.0], [0, 1]),
        ([True, False], [0, 1]),
        ([True, "x"], [0]),
        ([["x"], ["y"]], [0, 1]),
        ([{"maria": 1}, {"maria": 2}], [0, 1]),
        ([b"x", b"y"], [0, 1]),
        ([datetime.date(2024, 1, 1), "x"], [0]),
        ([datetime.date(2024, 1, 1)], [0]),
        ([1j], [0]),
        (pd.period_range("2024", periods=2, freq="M"), [0, 1]),
        (pd.to_timedelta(["1h"]), [0]),
    ],
)
def test_ids_that_are_no_text_are_failures(cells: Any, rows: list[int]) -> None:
    found = wrong(calls(source=cells))
    assert [row for row, _, _ in found] == rows
    assert all("text" in reason and "maria" not in reason for _, _, reason in found)


def test_integers_with_a_gap_are_told_apart_from_the_gap() -> None:
    assert wrong(calls(source=[1, None])) == [
        (0, "source", "id is a double, not text"),
        (1, "source", "id is missing"),
    ]


def test_missing_empty_and_blank_ids_are_failures() -> None:
    assert wrong(calls(source=[None, "", " \t", "\u00a0", "x"])) == [
        (0, "source", "id is missing"),
        (1, "source", "id is empty or blank"),
        (2, "source", "id is empty or blank"),
        (3, "source", "id is empty or blank"),
    ]


# Words


def test_words_are_mapped_and_never_guessed() -> None:
    table = calls(relationship_type=["CALL", "met", "", None, "  ", "Met", "comunicated"])
    found = read(table, relationship_types={"CALL": "communicated"})
    assert found.relationships["relationship_type"].tolist() == [
        "communicated",
        "met",
        *["related_to"] * 3,
    ]
    reasons = found.rejected["reason"].tolist()
    assert all(reason.startswith("unknown relationship type.") for reason in reasons)
    assert "'met'" in reasons[0]
    assert "'communicated'" in reasons[1]


def test_a_mapped_word_wins_over_the_same_word_of_the_vocabulary() -> None:
    found = read(calls(relationship_type=["met"]), relationship_types={"met": "knows"})
    assert found.relationships["relationship_type"].tolist() == ["knows"]


def test_words_that_are_numbers_can_be_mapped() -> None:
    found = read(calls(relationship_type=[1, 2]), relationship_types={"1": "met", "2": "knows"})
    assert found.relationships["relationship_type"].tolist() == ["met", "knows"]


def test_a_wrong_column_of_words_is_found_quickly() -> None:
    found = wrong(calls(relationship_type=[f"person {i}" for i in range(5000)]))
    assert len(found) == 5000
    assert {reason for _, _, reason in found} == {"unknown relationship type."}


def test_unknown_types_and_statuses_of_entities() -> None:
    people = pd.DataFrame(
        {
            "entity_id": list("abcd"),
            "entity_type": ["person", "persn", "", "zzz"],
            "protection_status": ["child", None, "chld", "child"],
        }
    )
    with pytest.raises(nl.errors.TableError) as error:
        nl.read_tables(people, pd.DataFrame({"source": ["a"], "target": ["a"]}))
    found = error.value.failures
    assert found["row"].tolist() == [1, 2, 3]
    assert found["column"].tolist() == ["entity_type", "protection_status", "entity_type"]
    assert [reason.partition(".")[0] for reason in found["reason"]] == [
        "unknown entity type",
        "unknown protection status",
        "unknown entity type",
    ]


# Numbers


def test_weights_that_are_no_finite_positive_number_are_failures() -> None:
    texts = ["1", " 2.5 ", "1e3", "+4", ".5", "0", "", None, "-1", "inf", "NaN", "1,5", "0x1F"]
    found = read(calls(weight=texts))
    assert found.relationships["weight"].tolist() == [1, 2.5, 1000, 4, 0.5, 0]
    assert found.rejected["row"].tolist() == list(range(6, 13))
    assert found.rejected["reason"].tolist() == [
        *["weight is missing"] * 2,
        "weight is negative",
        *["weight is not a finite number"] * 4,
    ]


def test_weights_as_numbers() -> None:
    cells = [1.5, float("nan"), float("inf"), -2.0]
    assert [reason for _, _, reason in wrong(calls(weight=cells))] == [
        "weight is missing",
        "weight is not a finite number",
        "weight is negative",
    ]
    assert wrong(calls(weight=[True])) == [(0, "weight", "weight is not a finite number")]


def test_without_a_column_every_weight_is_one() -> None:
    assert read(calls(document=["d"])).relationships["weight"].tolist() == [1.0]


def test_confidence_is_a_probability_and_wins_over_the_grade() -> None:
    table = calls(confidence=[0, 1, 0.25, None, 1.01, -0.1], grade=["A1"] * 6)
    found = read(table, grade_scheme="admiralty")
    assert found.relationships["confidence"].tolist() == pytest.approx([0, 1, 0.25, 0.98 * 0.98])
    assert found.rejected["row"].tolist() == [4, 5]
    assert set(found.rejected["reason"]) == {"confidence is not in 0 to 1"}


def test_grades_by_a_scheme_for_all_rows() -> None:
    found = read(calls(grade=["B2", " b/2 ", "", None, "Z9"]), grade_scheme="admiralty")
    assert found.relationships["confidence"].tolist() == pytest.approx(
        [0.765, 0.765, np.nan, np.nan], nan_ok=True
    )
    assert found.rejected["reason"].tolist() == ["grade is not one of the scheme 'admiralty'"]


def test_grades_by_a_scheme_row_by_row() -> None:
    table = calls(grade=["B2", "1A", "B2", "B2"], how=["admiralty", "3x5x2", "3x5x2", None])
    found = read(table, grade_scheme="how")
    assert found.relationships["confidence"].tolist() == pytest.approx(
        [0.765, 0.95 * 0.95, np.nan], nan_ok=True
    )
    assert found.rejected["row"].tolist() == [2]
    assert wrong(calls(grade=["B2"], how=["admirality"]), grade_scheme="how") == [
        (0, "how", "unknown grade scheme. Did you mean 'admiralty'?")
    ]


# Times

TIMES = {
    "2024": "2024-01-01",
    "2024-03": "2024-03-01",
    "2024-03-05": "2024-03-05",
    "2024-03-05T10:00Z": "2024-03-05T10:00",
    "2024-03-05 10:00:00+02:00": "2024-03-05T08:00",
    "2024-03-05T10:00:00.123456789z": "2024-03-05T10:00:00.123456",
    "2024-03-05 10:00:00,5 +0100": "2024-03-05T09:00:00.5",
    "2024-03-05T10+01": "2024-03-05T09:00",
    " 2024-03-05 ": "2024-03-05",
    "2500-01-01T00:00Z": "2500-01-01",
}
NO_TIMES = ["2024-02-30", "2024-13", "05/03/2024", "yesterday", "2024-03-05T25:00Z", "0000-01-01"]
NO_TIMES += ["20240305", "2024-3-5", "2024-03-05T10:00:61Z", "2024-03-05T10:00+25:00", "1e3"]


def test_times_are_read_to_utc_and_their_text_is_kept() -> None:
    found = read(calls(start=list(TIMES))).relationships
    assert found["start"].dt.tz_localize(None).tolist() == [
        pd.Timestamp(time) for time in TIMES.values()
    ]
    assert str(found["start"].dt.tz) == "UTC"
    assert found["start_text"].tolist() == list(TIMES)


def test_times_that_cannot_be_read_are_failures() -> None:
    found = wrong(calls(start=NO_TIMES, end=["2024"] * len(NO_TIMES)))
    assert [row for row, _, _ in found] == list(range(len(NO_TIMES)))
    assert {reason for _, _, reason in found} == {
        "no such date or time",
        "not an ISO 8601 date or time; give Schema(format=...)",
    }


@given(st.lists(st.sampled_from([*TIMES, *NO_TIMES, "", None]), min_size=1, max_size=6))
@settings(max_examples=30, deadline=None)
def test_a_time_is_read_alike_in_any_company(texts: list[str | None]) -> None:
    """Uniform columns take a quick way: it must accept the same and give the same."""
    together = read(calls(start=texts))
    bad = set(together.rejected["row"])
    assert bad == {row for row, text in enumerate(texts) if text in NO_TIMES}
    alone = [
        read(calls(start=[t])).relationships["start"].iloc[0] for t in texts if t not in NO_TIMES
    ]
    pd.testing.assert_series_equal(
        together.relationships["start"].reset_index(drop=True),
        pd.Series(alone, dtype="datetime64[us, UTC]", name="start"),
    )


def test_missing_times_are_no_failure() -> None:
    found = read(calls(start=["", None, " "])).relationships
    assert found["start"].isna().all()
    assert found["end"].isna().all()
    assert str(found["end"].dtype) == "datetime64[us, UTC]"


def test_a_time_of_day_needs_a_zone() -> None:
    reason = "time of day without a time zone; give Schema(tz=...)"
    assert wrong(calls(start=["2024-03-05 00:00", "2024-03-05"])) == [(0, "start", reason)]
    stamps = pd.to_datetime(["2024-03-05 10:00", "2024-03-06 00:00"])
    assert [r for _, _, r in wrong(calls(start=stamps))] == [reason, reason]
    found = read(calls(start=["2024-07-01 10:00"]), tz="Europe/London").relationships
    assert found["start"].tolist() == [pd.Timestamp("2024-07-01 09:00", tz="UTC")]


def test_timestamps_at_midnight_alone_are_dates() -> None:
    found = read(calls(start=pd.to_datetime(["2024-03-05", None]))).relationships
    assert found["start"].iloc[0] == pd.Timestamp("2024-03-05", tz="UTC")


def test_local_times_at_a_change_of_the_clocks_are_failures() -> None:
    twice, never = "2024-10-27 01:30", "2024-03-31 01:30"
    found = wrong(calls(start=[twice, never, "2024-10-27 03:30"]), tz="Europe/London")
    assert [row for row, _, _ in found] == [0, 1]
    assert {reason.partition(" (")[0] for _, _, reason in found} == {
        "local time is ambiguous or impossible"
    }
    stamps = pd.to_datetime([twice, "2024-10-27 03:30"])
    assert len(wrong(calls(start=stamps), tz="Europe/London")) == 1


def test_typed_times() -> None:
    aware = pd.to_datetime(["2024-03-05 10:00+02:00"])
    assert read(calls(start=aware)).relationships["start"].iloc[0].hour == 8
    dates = [datetime.date(2024, 3, 5), None]
    assert read(calls(start=dates)).relationships["start"].iloc[0].day == 5
    years = read(calls(start=[2024])).relationships
    assert years[["start", "start_text"]].values.tolist() == [
        [pd.Timestamp("2024", tz="UTC"), "2024"]
    ]
    mixed = [datetime.datetime(2024, 3, 5, tzinfo=datetime.UTC), datetime.datetime(2024, 3, 5)]
    assert [row for row, _, _ in wrong(calls(start=pd.Series(mixed, dtype=object)))] == [1]
    assert [r for _, _, r in wrong(calls(start=[1.5]))] == [
        "time is a double, not text or a timestamp"
    ]
    far = pd.Series(np.array(["20000-01-01", "2024-01-01"], dtype="datetime64[s]"))
    assert wrong(calls(start=far)) == [(0, "start", "time is outside the years 1 to 9999")]


def test_times_in_a_format() -> None:
    texts = ["05/03/2024", "13/13/2024", "2024-03-05", "", None]
    found = read(calls(start=texts), format="%d/%m/%Y")
    assert found.relationships["start"].iloc[0] == pd.Timestamp("2024-03-05", tz="UTC")
    assert found.rejected["row"].tolist() == [1, 2]
    hours = read(calls(start=["05/07/2024 10:00"]), format="%d/%m/%Y %H:%M", tz="Europe/London")
    assert hours.relationships["start"].iloc[0].hour == 9
    zoned = read(calls(start=["05/07/2024 10:00 +0200"]), format="%d/%m/%Y %H:%M %z")
    assert zoned.relationships["start"].iloc[0].hour == 8
    assert len(wrong(calls(start=["05/07/2024 10:00"]), format="%d/%m/%Y %H:%M")) == 1
    for guessing in ("mixed", "%Q"):
        with pytest.raises(nl.errors.SchemaError, match="'format' must be a strptime format"):
            read(calls(start=["05/03/2024"]), format=guessing)


# Text and other columns


def test_empty_text_is_missing_and_other_columns_are_kept() -> None:
    table = calls(document=["", "NA"], start_text=["x", "y"], amount=[1, 2], label=["l", "m"])
    found = read(table).relationships
    assert found["document"].isna().tolist() == [True, False]
    assert found[["start_text", "amount", "label"]].values.tolist() == [
        ["x", 1, "l"],
        ["y", 2, "m"],
    ]


def test_a_column_that_carries_a_canonical_name_for_something_else_is_renamed() -> None:
    table = calls(weight=["heavy"], kilos=[2.0], weight_in_table=["kept"], start=["2024"])
    found = read(table.assign(start_text="mine"), weight="kilos").relationships
    assert found["weight"].tolist() == [2.0]
    assert found["weight_in_table_in_table"].tolist() == ["heavy"]
    assert found["weight_in_table"].tolist() == ["kept"]
    assert found[["start_text", "start_text_in_table"]].values.tolist() == [["2024", "mine"]]


def test_a_network_does_not_change_with_the_frame_it_was_read_from() -> None:
    table = calls(weight=[1.0, 2.0], amount=[1, 2])
    network = read(table)
    table.loc[:, ["weight", "amount"]] = 9
    assert network.relationships[["weight", "amount"]].values.tolist() == [[1, 1], [2, 2]]
    copy = network.relationships
    copy.loc[copy.index[0], "weight"] = 5.0
    assert network.relationships["weight"].tolist() == [1.0, 2.0]


# Other columns


@pytest.mark.parametrize(("kind", "large"), [("Int64", -(2**63)), ("UInt64", 2**64 - 1)])
def test_large_numbers_stay_beside_a_missing_one(kind: str, large: int) -> None:
    for row in ([large, None], [large, 7]):
        account = pd.array(row, dtype=kind)
        found = read(calls(account=account)).relationship_table["account"]
        assert [None if cell is pd.NA else int(cell) for cell in found] == row
        assert found.dtype == (kind if None in row else kind.lower())


# Parts of files


@given(
    st.lists(st.lists(st.one_of(st.none(), st.text(max_size=3)), max_size=4), max_size=4),
    st.booleans(),
)
@settings(max_examples=60)
def test_parts_of_a_column_are_put_in_one_piece(parts: list[list[str]], is_full: bool) -> None:
    cells = [[cell or "" for cell in part] if is_full else part for part in parts]
    chunks = [pa.array(["zz", *part, "zz"], pa.string())[1:-1] for part in cells]
    table = pa.table(
        {"text": pa.chunked_array(chunks, pa.string()), "n": range(sum(map(len, parts)))}
    )
    joined = values.in_one_piece([table], frozenset())["text"]
    assert (joined.num_chunks, joined.type) == (1, pa.large_string())
    joined.validate(full=True)
    assert joined.to_pylist() == [cell for part in cells for cell in part]
