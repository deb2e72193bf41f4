"""Ways in the order of time: against all walks of small networks, hour by hour."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netlink as nl
from netlink.errors import NoPathError

if TYPE_CHECKING:
    from collections.abc import Iterator

ZERO = pd.Timestamp("2024-01-01", tz="UTC")
COLUMNS = [
    "path",
    "step",
    "entity_id",
    "relationship_id",
    "departure",
    "arrival",
    "answer",
]
KINDS = ("earliest_arrival", "latest_departure", "fastest", "fewest_hops")


class Tie(NamedTuple):
    """A relationship at whole hours."""

    source: str
    target: str
    directed: bool
    start: int
    end: int | None


class Terms(NamedTuple):
    """What is asked, in hours."""

    duration: int = 0
    least: int = 0
    most: int | None = None
    start: int | None = None
    end: int | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        def length(hours: int | None) -> str | None:
            return None if hours is None else f"{hours} hours"

        found = {
            "duration": length(self.duration),
            "min_wait": length(self.least),
            "max_wait": length(self.most),
            "start": None if self.start is None else at(self.start),
            "end": None if self.end is None else at(self.end),
        }
        return {name: value for name, value in found.items() if value is not None}


def at(hour: int) -> pd.Timestamp:
    return ZERO + pd.Timedelta(hours=hour)


def hours(moment: pd.Timestamp) -> float:
    return (moment - ZERO) / pd.Timedelta(hours=1)


def network_at(ties: list[Tie], names: str = "abcde") -> nl.Network:
    rows = pd.DataFrame(
        {
            "relationship_id": [f"r{i:02d}" for i in range(len(ties))],
            "source": [tie.source for tie in ties],
            "target": [tie.target for tie in ties],
            "relationship_type": ["communicated" if tie.directed else "knows" for tie in ties],
            "start": pd.to_datetime([at(tie.start) for tie in ties], utc=True),
            "end": pd.to_datetime(
                [pd.NaT if tie.end is None else at(tie.end) for tie in ties], utc=True
            ),
        }
    )
    people = pd.DataFrame({"entity_id": list(names), "entity_type": "person"})
    return nl.read_tables(people, rows)


def moves(ties: list[Tie]) -> Iterator[tuple[str, str, int, int]]:
    """Every contact: who, whom, from when, to when."""
    for tie in ties:
        end = tie.start if tie.end is None else tie.end
        yield tie.source, tie.target, tie.start, end
        if not tie.directed:
            yield tie.target, tie.source, tie.start, end


class Walks:
    """All walks from one entity, by whole hours: an oracle that knows no algorithm.

    Whole hours are enough: from a walk each hop of which is as early as can be every hour between
    is a start, or a start and some waits and durations.
    """

    def __init__(self, ties: list[Tie], source: str, terms: Terms) -> None:
        every = [tie.start for tie in ties] + [tie.end for tie in ties if tie.end is not None]
        # Up to and not including the end: between whole hours nothing more is possible.
        last = max(every, default=0) if terms.end is None else terms.end - 1 - terms.duration
        first = min(every, default=0) if terms.start is None else terms.start
        self.terms = terms
        # (entity, hour at which the contact to it is begun) -> latest hour of setting out, hops
        self.set_out: dict[tuple[str, int], int] = {}
        self.hops: dict[tuple[str, int], int] = {}
        gap = terms.duration + terms.least
        most = 10**6 if terms.most is None else terms.duration + terms.most
        contacts = list(moves(ties))
        layer = [(source, None, None)]
        seen: set[tuple[str, int | None, int | None]] = set()
        count = 0
        while layer:
            count += 1
            new = []
            for entity, begun, out in layer:
                for u, v, opens, closes in contacts:
                    if u != entity or v == u:
                        continue
                    for hour in range(max(opens, first), min(closes, last) + 1):
                        if begun is not None and not gap <= hour - begun <= most:
                            continue
                        state = (v, hour, hour if out is None else out)
                        if state in seen:
                            continue
                        seen.add(state)
                        new.append(state)
                        key = (v, hour)
                        self.hops.setdefault(key, count)
                        self.set_out[key] = max(self.set_out.get(key, -(10**6)), state[2])
            layer = new

    def arrival(self, entity: str) -> int | None:
        found = [hour for to, hour in self.set_out if to == entity]
        return min(found) + self.terms.duration if found else None

    def departure(self, entity: str) -> int | None:
        return max((out for (to, _), out in self.set_out.items() if to == entity), default=None)

    def taken(self, entity: str) -> int | None:
        found = [hour - out for (to, hour), out in self.set_out.items() if to == entity]
        return min(found) + self.terms.duration if found else None

    def n_hops(self, entity: str) -> int | None:
        return min((n for (to, _), n in self.hops.items() if to == entity), default=None)


def check_way(network: nl.Network, way: pd.DataFrame, terms: Terms, ends: tuple[str, str]) -> None:
    """Every hop is over a record, in its direction, while it is open, after a wait as asked for."""
    assert list(way.columns) == COLUMNS
    assert (way["entity_id"].iloc[0], way["entity_id"].iloc[-1]) == ends
    assert way["step"].tolist() == list(range(len(way)))
    rows = network.relationships
    kinds = network.vocabulary.relationship_types
    took = pd.Timedelta(hours=terms.duration)
    for before, step in pairwise(way.itertuples()):
        row = rows.loc[step.relationship_id]
        hop = (before.entity_id, step.entity_id)
        directed = kinds[row["relationship_type"]].directed
        assert hop == (row["source"], row["target"]) or (
            not directed and hop == (row["target"], row["source"])
        )
        end = row["start"] if pd.isna(row["end"]) else row["end"]
        assert row["start"] <= step.departure <= end
        assert step.arrival == step.departure + took
        if not pd.isna(before.arrival):
            wait = step.departure - before.arrival
            assert wait >= pd.Timedelta(hours=terms.least)
            assert terms.most is None or wait <= pd.Timedelta(hours=terms.most)
    if terms.start is not None:
        assert (way["departure"].dropna() >= at(terms.start)).all()
    if terms.end is not None:
        assert (way["arrival"].dropna() < at(terms.end)).all()


def check(ties: list[Tie], terms: Terms, names: str = "abcde") -> None:
    network = network_at(ties, names)
    walks = {name: Walks(ties, name, terms) for name in names}
    table = nl.temporal.reachability(network, list(names), **terms.arguments)
    back = nl.temporal.reachability(network, list(names), backward=True, **terms.arguments)
    pd.testing.assert_frame_equal(
        table, back.T.rename_axis(None, axis=1).astype(table.dtypes["a"]).rename_axis("entity_id")
    )
    for source in names:
        arrivals = nl.temporal.arrivals(network, source, **terms.arguments)
        assert (arrivals["possible_arrival"].dropna() == arrivals["certain_arrival"].dropna()).all()
        departures = nl.temporal.departures(network, source, **terms.arguments)
        for target in names:
            if source == target:
                continue
            walk = walks[source]
            wanted = walk.arrival(target)
            assert table.loc[target, source] == ("impossible" if wanted is None else "certain")
            left = walks[target].departure(source)
            if wanted is None:
                assert pd.isna(arrivals.loc[target, "possible_arrival"])
                for kind in KINDS:
                    with pytest.raises(NoPathError):
                        getattr(nl.temporal, kind)(network, source, target, **terms.arguments)
            # With an end, what lasts can be left at up to a microsecond before a whole hour.
            is_whole = terms.end is None or all(tie.end is None for tie in ties)
            if left is not None and is_whole:
                assert hours(departures.loc[target, "certain_departure"]) == left
            if wanted is None:
                continue
            assert hours(arrivals.loc[target, "certain_arrival"]) == wanted
            ways = {
                kind: getattr(nl.temporal, kind)(network, source, target, **terms.arguments)
                for kind in KINDS
            }
            for way in ways.values():
                check_way(network, way, terms, (source, target))
                assert (way["answer"] == "certain").all()
            last = {kind: way["arrival"].iloc[-1] for kind, way in ways.items()}
            out = {kind: way["departure"].iloc[1] for kind, way in ways.items()}
            assert hours(last["earliest_arrival"]) == wanted
            if is_whole:
                assert hours(out["latest_departure"]) == walk.departure(target)
            taken = last["fastest"] - out["fastest"]
            assert taken / pd.Timedelta(hours=1) == walk.taken(target)
            assert len(ways["fewest_hops"]) - 1 == walk.n_hops(target)


def random_ties(
    rng: np.random.Generator, *, lasting: float, m: int, names: str = "abcde"
) -> list[Tie]:
    ties = []
    for _ in range(m):
        source, target = rng.choice(list(names), 2)
        start = int(rng.integers(0, 8))
        end = start + int(rng.integers(0, 4)) if rng.random() < lasting else None
        ties.append(Tie(str(source), str(target), bool(rng.random() < 0.5), start, end))
    return ties


@pytest.mark.parametrize("lasting", [0.0, 0.7])
@pytest.mark.parametrize(
    "terms",
    [
        Terms(),
        Terms(duration=1),
        Terms(least=1),
        Terms(duration=1, least=1),
        Terms(most=0),
        Terms(most=2),
        Terms(duration=1, most=1),
        Terms(least=1, most=2),
        Terms(duration=2, least=1, most=1),
        Terms(start=3),
        Terms(end=5),
        Terms(duration=1, start=1, end=7),
        Terms(most=2, end=6),
    ],
)
def test_every_question_is_answered_as_all_walks_answer_it(lasting: float, terms: Terms) -> None:
    rng = np.random.default_rng(int(10 * lasting) + terms.duration + 3 * terms.least)
    check(random_ties(rng, lasting=lasting, m=8, names="abcd"), terms, "abcd")


def test_no_way_says_which_term_closed_it() -> None:
    rng = np.random.default_rng(7)
    said = set()
    for k in range(8):
        ties = random_ties(rng, lasting=0.4, m=7, names="abcd")
        network = network_at(ties, "abcd")
        terms = Terms(k % 3 // 2, k % 2, 1 + k % 3, 2 if k % 2 else None, 7)
        either = [tie._replace(directed=False) for tie in ties]
        try:
            nl.temporal.fewest_hops(network, "a", "d", **terms.arguments)
        except NoPathError as error:
            lifts: dict[str, Any] = {
                "window": {"start": None, "end": None},
                "duration": {"duration": 0},
                "min_wait": {"least": 0},
                "max_wait": {"most": None},
            }
            names = [
                name
                for name, free in lifts.items()
                if any(getattr(terms, part) != value for part, value in free.items())
            ]
            names += ["directed"] if any(tie.directed for tie in ties) else []

            def is_open(
                lifted: tuple[str, ...],
                ties: list[Tie] = ties,
                either: list[Tie] = either,
                terms: Terms = terms,
                lifts: dict[str, Any] = lifts,
            ) -> bool:
                freed = [lifts.get(name, {}) for name in lifted]
                rest = terms._replace(**{part: v for free in freed for part, v in free.items()})
                used = either if "directed" in lifted else ties
                return Walks(used, "a", rest).arrival("d") is not None

            alone = tuple((name,) for name in names if is_open((name,)))
            said |= {*error.closed_by}
            if alone or not is_open(tuple(names)):
                assert error.closed_by == alone
            else:
                ((*least,),) = error.closed_by
                assert is_open(tuple(least))
                assert not any(is_open((*(set(least) - {name}),)) for name in least)
    assert len(said) > 2


@pytest.mark.slow
@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.5, 1.0]),
    st.sampled_from([0, 1, 2]),
    st.sampled_from([0, 1]),
    st.sampled_from([None, 0, 1, 3]),
    st.sampled_from([None, 2, 9]),
)
@settings(max_examples=150, deadline=None)
def test_many_more_of_them(
    seed: int, lasting: float, duration: int, least: int, more: int | None, start: int | None
) -> None:
    terms = Terms(duration, least, None if more is None else least + more, start)
    check(random_ties(np.random.default_rng(seed), lasting=lasting, m=10), terms)


@given(
    st.integers(0, 2**32 - 1),
    st.sampled_from([0.0, 0.6]),
    st.sampled_from([Terms(), Terms(1, 1), Terms(most=2)]),
)
@settings(max_examples=6, deadline=None)
def test_turning_time_around_swaps_first_arrival_and_last_departure(
    seed: int, lasting: float, terms: Terms
) -> None:
    ties = random_ties(np.random.default_rng(seed), lasting=lasting, m=9)
    turned = [
        Tie(t.target, t.source, t.directed, -(t.start if t.end is None else t.end), -t.start)
        for t in ties
    ]
    network, other = network_at(ties), network_at(turned)
    for entity in "ab":
        there = nl.temporal.arrivals(network, entity, **terms.arguments)
        back = nl.temporal.departures(other, entity, **terms.arguments)
        assert there["answer"].tolist() == back["answer"].tolist()
        rest = there.index != entity
        # What arrives after a hop was begun a duration before: its start is turned around.
        took = terms.duration
        forth = [hours(moment) - took for moment in there["certain_arrival"][rest].dropna()]
        assert forth == [-hours(moment) for moment in back["certain_departure"][rest].dropna()]
        for target, moment in there["certain_arrival"][rest].dropna().items():
            for kind in KINDS:
                way = getattr(nl.temporal, kind)(network, entity, target, **terms.arguments)
                assert way["arrival"].iloc[-1] >= moment
                check_way(network, way, terms, (entity, str(target)))
