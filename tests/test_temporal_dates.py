"""Uncertain dates: certain, possible and impossible, against every reading of small networks."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from networks import shuffled

import netlink as nl
from netlink.errors import ArgumentError, NoPathError, UnknownEntityError

if TYPE_CHECKING:
    from collections.abc import Iterator

ZERO = pd.Timestamp("2024-01-01", tz="UTC")
STEP = pd.Timedelta(hours=6)


def network_of(
    rows: list[tuple[Any, ...]], *, tz: str = "UTC", kind: str = "communicated"
) -> nl.Network:
    """From (source, target, start) or (source, target, start, end)."""
    table = pd.DataFrame(
        [(*row, None)[:4] for row in rows], columns=["source", "target", "start", "end"]
    )
    table = table.assign(
        relationship_type=kind, relationship_id=[f"r{i}" for i in range(len(rows))]
    )
    return nl.read_tables(None, table, schema=nl.Schema(tz=tz))


def random_network(seed: int) -> nl.Network:
    rng = np.random.default_rng(seed)
    rows = []
    for _ in range(7):
        source, target = rng.choice(list("abcd"), 2, replace=False)
        start = ZERO + int(rng.integers(0, 10)) * STEP
        is_day, lasts = rng.random(2) < (0.6, 0.3)
        end = start + int(rng.integers(1, 6)) * STEP
        texts = [
            f"{moment:%Y-%m-%d}" if is_day else f"{moment:%Y-%m-%dT%HZ}" for moment in (start, end)
        ]
        rows.append((source, target, texts[0], texts[1] if lasts else None))
    return network_of(rows, kind="knows" if seed % 2 else "communicated")


def readings(span: Any, *, is_instant: bool) -> list[tuple[pd.Timestamp, pd.Timestamp]]:
    """Start and end in every reading, six hours apart and at the last moment."""

    def moments(first: pd.Timestamp, last: pd.Timestamp) -> list[pd.Timestamp]:
        return sorted({*pd.date_range(first, last, freq=STEP), last})

    starts = moments(span.start_first, span.start_last)
    if is_instant:
        return [(start, start) for start in starts]
    return [(s, e) for s, e in product(starts, moments(span.end_first, span.end_last)) if s <= e]


def chains(network: nl.Network, source: str) -> Iterator[list[tuple[str, str]]]:
    """Every chain of records that comes by nobody twice: (record, entity it leads to)."""
    rows = network.relationships
    kinds = network.vocabulary.relationship_types
    todo: list[list[tuple[str, str]]] = [[]]
    while todo:
        chain = todo.pop()
        if chain:
            yield chain
        at = chain[-1][1] if chain else source
        met = {source, *(entity for _, entity in chain)}
        for row in rows.itertuples():
            ways = [(row.source, row.target)]
            if not kinds[row.relationship_type].directed:
                ways.append((row.target, row.source))
            todo += [[*chain, (row.Index, to)] for a, to in ways if a == at and to not in met]


def arrivals(
    network: nl.Network, chain: list[tuple[str, str]], gap: pd.Timedelta, most: pd.Timedelta
) -> list[pd.Timestamp | None]:
    """When the last contact of a chain is begun in each reading at the earliest, or None."""
    rows, spans = network.relationships, network.spans
    each = [
        readings(spans.loc[record], is_instant=pd.isna(rows.loc[record, "end"]))
        for record, _ in chain
    ]
    found: list[pd.Timestamp | None] = []
    for reading in product(*each):
        low, high = reading[0]
        for start, end in reading[1:]:
            low, high = max(start, low + gap), min(end, high + most)
            if low > high:
                break
        found.append(low if low <= high else None)
    return found


@pytest.mark.parametrize(
    ("terms", "gap", "most"),
    [
        ({}, 0, 99),
        ({"duration": "6 hours"}, 6, 99),
        ({"min_wait": "6 hours", "duration": "6h"}, 12, 99),
        ({"max_wait": "12 hours"}, 0, 12),
    ],
)
def test_answers_are_those_of_all_readings(terms: dict[str, str], gap: int, most: int) -> None:
    least, longest = pd.Timedelta(hours=gap), pd.Timedelta(hours=most if most < 99 else 99_999)
    took = pd.Timedelta(terms.get("duration", "0h"))
    answers = set()
    for seed in range(6):
        network = random_network(seed)
        ids = network.entities.index
        table = nl.temporal.reachability(network, ids, **terms)
        back = nl.temporal.reachability(network, ids, backward=True, **terms)
        assert (table.to_numpy() == back.to_numpy().T).all()
        for source in ids:
            possible: dict[str, pd.Timestamp] = {}
            certain: dict[str, pd.Timestamp] = {}
            for chain in chains(network, source):
                begun = arrivals(network, chain, least, longest)
                to = chain[-1][1]
                some = [moment for moment in begun if moment is not None]
                if some:
                    possible[to] = min(possible.get(to, min(some)), *some)
                if len(some) == len(begun):
                    certain[to] = min(certain.get(to, max(some)), max(some))
            found = nl.temporal.arrivals(network, source, **terms)
            assert (found["answer"].astype(str) == table[source].astype(str)).all()
            for target in ids.drop(source):
                answer = (
                    "certain"
                    if target in certain
                    else "possible"
                    if target in possible
                    else "impossible"
                )
                answers.add(answer)
                if most < 99:  # walks may do more than chains that come by nobody twice
                    order = ["impossible", "possible", "certain"]
                    assert order.index(found.loc[target, "answer"]) >= order.index(answer)
                    continue
                assert found.loc[target, "answer"] == answer
                if target in possible:
                    assert found.loc[target, "possible_arrival"] == possible[target] + took
                if target in certain:
                    assert found.loc[target, "certain_arrival"] == certain[target] + took
    assert answers == {"impossible", "possible", "certain"}


@pytest.mark.parametrize("kind", ["earliest_arrival", "latest_departure", "fewest_hops", "fastest"])
def test_a_chain_is_called_certain_where_it_holds_in_every_reading(kind: str) -> None:
    ask = getattr(nl.temporal, kind)
    n_certain = 0
    for seed in range(6):
        network = random_network(seed)
        ids = network.entities.index
        for source, target in product(ids, ids):
            if source == target:
                continue
            answer = nl.temporal.arrivals(network, source).loc[target, "answer"]
            if answer == "impossible":
                with pytest.raises(NoPathError, match="follows the order of time"):
                    ask(network, source, target)
                continue
            ways = [ask(network, source, target)]
            if answer == "possible":
                with pytest.raises(NoPathError, match="however the dates fall"):
                    ask(network, source, target, dates="certain")
            elif kind != "fastest":
                ways.append(ask(network, source, target, dates="certain"))
                assert ways[1]["answer"].iloc[0] == "certain"
            for way in ways:
                chain = list(zip(way["relationship_id"][1:], way["entity_id"][1:], strict=True))
                begun = arrivals(network, chain, pd.Timedelta(0), pd.Timedelta(days=999))
                assert any(moment is not None for moment in begun)
                holds = all(moment is not None for moment in begun)
                assert (way["answer"] == ("certain" if holds else "possible")).all()
                n_certain += holds
    assert n_certain > 20


# Where the clocks change, the year has a leap day or ends: (zone, first day of four)
EDGES = [
    ("Europe/Vienna", "2024-03-29"),
    ("America/New_York", "2024-11-02"),
    ("Australia/Lord_Howe", "2024-04-05"),
    ("America/Sao_Paulo", "2018-11-02"),  # a midnight is skipped
    ("Asia/Kathmandu", "2024-02-27"),
    ("Pacific/Kiritimati", "2023-12-30"),
]
WRITTEN = ["%Y", "%Y-%m", "%Y-%m-%d", "%Y-%m-%dT%H:%MZ"]


def period(text: str, tz: str) -> tuple[pd.Timestamp, pd.Timestamp]:
    """First and last moment of a date, by the clock of a zone and Python's own calendar."""
    if text.endswith("Z"):
        return pd.Timestamp(text), pd.Timestamp(text)
    year, month, day = (int(part) for part in (*text.split("-"), 1, 1)[:3])
    first = date(year, month, day)
    following = {
        4: date(year + 1, 1, 1),
        7: date(year + month // 12, month % 12 + 1, 1),
        10: first + timedelta(days=1),
    }[len(text)]
    start, end = (
        datetime.combine(at, time(), tzinfo=ZoneInfo(tz)).astimezone(UTC)
        for at in (first, following)
    )
    return pd.Timestamp(start), pd.Timestamp(end) - pd.Timedelta(microseconds=1)


@pytest.mark.slow
@pytest.mark.parametrize(("tz", "day"), EDGES)
def test_partial_dates_of_a_zone_are_read_by_its_own_calendar(tz: str, day: str) -> None:
    answers = set()
    for seed in range(8):
        rng = np.random.default_rng(seed)
        rows = []
        for _ in range(8):
            moment = pd.Timestamp(day, tz="UTC") + pd.Timedelta(hours=int(rng.integers(0, 96)))
            form = rng.choice(WRITTEN, p=[0.1, 0.1, 0.4, 0.4])
            rows.append((*rng.choice(list("abcd"), 2, replace=False), f"{moment:{form}}"))
        network = network_of(rows, tz=tz)
        dates = {f"r{i}": period(text, tz) for i, (*_, text) in enumerate(rows)}
        possible: dict[str, pd.Timestamp] = {}
        certain: dict[str, pd.Timestamp] = {}
        source = network.entities.index[0]
        for chain in chains(network, source):
            spans, to = [dates[record] for record, _ in chain], chain[-1][1]
            latest_first = [max(first for first, _ in spans[: i + 1]) for i in range(len(spans))]
            if all(at <= last for at, (_, last) in zip(latest_first, spans, strict=True)):
                possible[to] = min(possible.get(to, latest_first[-1]), latest_first[-1])
            if all(a[1] <= b[0] for a, b in pairwise(spans)):
                certain[to] = min(certain.get(to, spans[-1][1]), spans[-1][1])
        found = nl.temporal.arrivals(network, source).drop(source)
        assert found["possible_arrival"].dropna().to_dict() == possible
        assert found["certain_arrival"].dropna().to_dict() == certain
        answers |= {*found["answer"]}
        wanted = [
            "certain" if to in certain else "possible" if to in possible else "impossible"
            for to in found.index
        ]
        assert found["answer"].tolist() == wanted
    assert answers == {"impossible", "possible", "certain"}


def test_two_calls_on_one_day_may_have_come_in_either_order() -> None:
    network = network_of(
        [("a", "b", "2024-03-01"), ("b", "c", "2024-03-01"), ("b", "d", "2024-03-02")]
    )
    found = nl.temporal.arrivals(network, "a")
    assert found["answer"].tolist() == ["certain", "certain", "possible", "certain"]
    assert found.loc["b", "possible_arrival"] == pd.Timestamp("2024-03-01", tz="UTC")
    assert found.loc["b", "certain_arrival"] == pd.Timestamp("2024-03-01T23:59:59.999999Z")
    assert pd.isna(found.loc["c", "certain_arrival"])


def test_a_year_is_before_the_next_and_holds_a_leap_day() -> None:
    rows = [
        ("a", "b", "2023"),
        ("b", "c", "2024-02"),
        ("c", "d", "2024-02-29"),
        ("c", "e", "2024-03-01"),
    ]
    found = nl.temporal.arrivals(network_of(rows), "a")
    assert found["answer"].tolist() == ["certain", "certain", "certain", "possible", "certain"]
    assert found.loc["c", "certain_arrival"] == pd.Timestamp("2024-02-29T23:59:59.999999Z")
    other = nl.temporal.arrivals(network_of([("a", "b", "2024"), ("b", "c", "2024-06-01")]), "a")
    assert other["answer"].tolist() == ["certain", "certain", "possible"]
    late = nl.temporal.arrivals(network_of([("a", "b", "2024"), ("b", "c", "2023")]), "a")
    assert late["answer"].tolist() == ["certain", "certain", "impossible"]


def test_days_are_those_of_the_zone_with_the_change_of_the_clocks() -> None:
    # 31 March 2024 in Vienna runs from 23:00 of the day before to 22:00 UTC: 23 hours.
    rows = [
        ("a", "b", "2024-03-31"),
        ("b", "c", "2024-03-31T22:00Z"),
        ("b", "d", "2024-03-31T21:59Z"),
    ]
    vienna = nl.temporal.arrivals(network_of(rows, tz="Europe/Vienna"), "a")
    assert vienna["answer"].tolist() == ["certain", "certain", "certain", "possible"]
    assert vienna.loc["b", "possible_arrival"] == pd.Timestamp("2024-03-30T23:00Z")
    utc = nl.temporal.arrivals(network_of(rows), "a")
    assert utc["answer"].tolist() == ["certain", "certain", "possible", "possible"]
    # An hour that comes twice: told apart by the offset.
    rows = [("a", "b", "2024-10-27T02:30+02:00"), ("b", "c", "2024-10-27T02:15+01:00")]
    autumn = nl.temporal.earliest_arrival(network_of(rows, tz="Europe/Vienna"), "a", "c")
    assert (autumn["departure"].iloc[2] - autumn["departure"].iloc[1]) == pd.Timedelta(minutes=45)


def test_what_has_no_date_is_left_out_or_was_at_any_time() -> None:
    network = network_of(
        [("a", "b", "2024-03-01T10:00Z"), ("b", "c", None), ("c", "d", "2024-03-01T11:00Z")]
    )
    assert nl.temporal.arrivals(network, "a")["answer"].tolist()[1:] == [
        "certain",
        "impossible",
        "impossible",
    ]
    kept = nl.temporal.arrivals(network, "a", undated="keep")
    assert kept["answer"].tolist()[1:] == ["certain", "possible", "possible"]
    assert kept.loc["d", "possible_arrival"] == pd.Timestamp("2024-03-01T11:00Z")
    back = nl.temporal.departures(network, "d", undated="keep")
    assert back["answer"].tolist()[:3] == ["possible", "possible", "certain"]
    assert back.loc["a", "possible_departure"] == pd.Timestamp("2024-03-01T10:00Z")
    way = nl.temporal.fewest_hops(network, "a", "d", undated="keep")
    assert (way["answer"] == "possible").all()
    with pytest.raises(NoPathError, match="1 relationships have no date") as caught:
        nl.temporal.fastest(network, "a", "d")
    assert "Without regard to time there is a path" in str(caught.value)
    assert caught.value.closed_by == (("undated",),)
    assert str(caught.value).endswith("Without 'undated' there is one.")


def test_what_ends_before_it_starts_is_never_used() -> None:
    network = network_of(
        [("a", "b", "2024-03-02T10:00Z", "2024-03-01T10:00Z"), ("a", "c", "2024-03-03")]
    )
    assert nl.temporal.arrivals(network, "a")["answer"].tolist() == [
        "certain",
        "impossible",
        "certain",
    ]


def test_equal_times_follow_each_other_unless_a_hop_takes_time() -> None:
    rows = [(a, b, "2024-03-01T10:00Z") for a, b in ("cd", "bc", "ab", "de")]
    network = network_of(rows)
    assert (nl.temporal.arrivals(network, "a")["answer"] == "certain").all()
    assert len(nl.temporal.earliest_arrival(network, "a", "e")) == 5
    strict = nl.temporal.reachability(network, ["a"], duration="1us")["a"]
    assert strict.tolist() == ["certain", "certain", "impossible", "impossible", "impossible"]


def test_more_than_64_are_followed_in_blocks() -> None:
    names = [f"p{i:03d}" for i in range(150)]
    rows = [
        (a, b, f"2024-03-01T{i // 60:02d}:{i % 60:02d}Z")
        for i, (a, b) in enumerate(pairwise(names))
    ]
    table = nl.temporal.reachability(network_of(rows), names)
    assert (table.to_numpy() == "certain").sum() == 150 * 151 // 2
    for terms in ({"duration": "30s"}, {"max_wait": "1h"}):
        other = nl.temporal.reachability(network_of(rows), names[:2], **terms)
        pd.testing.assert_frame_equal(other, table[names[:2]])


def test_neither_the_order_of_rows_nor_of_ends_shows() -> None:
    for seed in (1, 3):
        network = random_network(seed)
        ids = network.entities.index
        for turn in range(3):
            other = shuffled(network, turn)
            pd.testing.assert_frame_equal(
                nl.temporal.reachability(network, ids), nl.temporal.reachability(other, ids)
            )
            for kind in ("earliest_arrival", "latest_departure", "fewest_hops", "fastest"):
                for target in ids[1:]:
                    if nl.temporal.arrivals(network, ids[0]).loc[target, "answer"] == "impossible":
                        continue
                    ways = [
                        getattr(nl.temporal, kind)(part, ids[0], target)
                        for part in (network, other)
                    ]
                    pd.testing.assert_frame_equal(*ways)


def test_empty_and_single() -> None:
    people = pd.DataFrame({"entity_id": ["a"], "entity_type": "person"})
    ties = pd.DataFrame({"source": ["a"], "target": ["a"], "start": ["2024-01-01"]})
    for rows in (ties, ties.iloc[:0]):
        network = nl.read_tables(people, rows)
        assert nl.temporal.arrivals(network, "a")["answer"].tolist() == ["certain"]
        assert nl.temporal.departures(network, "a")["answer"].tolist() == ["certain"]
        assert nl.temporal.reachability(network, ["a"]).shape == (1, 1)
        assert nl.temporal.reachability(network, []).shape == (1, 0)
        assert len(nl.temporal.fastest(network, "a", "a")) == 1


def test_bad_arguments_are_refused_in_words() -> None:
    network = network_of(
        [("canary1", "canary2", "2024-01-01"), ("canary3", "canary2", "2024-01-01")]
    )
    ask = nl.temporal.earliest_arrival
    for wrong in (
        {"start": 5},
        {"start": "2024-02-01", "end": "2024-01-01"},
        {"duration": "soon"},
        {"duration": "-1 hours"},
        {"min_wait": 3},
        {"min_wait": "2h", "max_wait": "1h"},
        {"directed": "no"},
        {"undated": True},
        {"dates": "likely"},
    ):
        with pytest.raises(ArgumentError) as caught:
            ask(network, "canary1", "canary2", **wrong)  # type: ignore[arg-type]
        assert "canary" not in str(caught.value)
    with pytest.raises(UnknownEntityError):
        ask(network, "canary1", "canary4")
    with pytest.raises(ArgumentError, match="each entity once"):
        nl.temporal.reachability(network, ["canary1", "canary1"])
    with pytest.raises(ArgumentError, match="list of entity ids"):
        nl.temporal.reachability(network, "canary1")
    with pytest.raises(NoPathError) as none:
        ask(network, "canary2", "canary1")
    assert "canary" not in str(none.value)
    assert "reach" not in str(none.value) or "0 of the other 2" in str(none.value)
