"""Paths under conditions: against every path of small networks, and why there is none."""

from __future__ import annotations

import pickle
from functools import lru_cache
from itertools import pairwise
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, random_network, shuffled

import netlink as nl
from netlink.errors import ArgumentError, NoPathError, UnknownEntityError
from netlink.network.chosen import Bounds
from netlink.paths import Conditions

TYPES = ["communicated", "knows", "paid", "uses"]
DAY = "2024-01-15T00:00Z"
GRADES = ["A1", "B2", "C3", "E4", None]


@lru_cache
def rich_network(seed: int, n: int = 9, m: int = 26) -> nl.Network:
    """People, phones and records of all kinds at random."""
    rng = np.random.default_rng(seed)
    names = [f"p{i}" for i in range(n)]
    entities = pd.DataFrame(
        {
            "entity_id": names,
            "entity_type": rng.choice(["person", "person", "phone"], n),
            "country": rng.choice(["AA", "BB", "CC"], n),
        }
    )
    day = pd.Timestamp("2024-01-01", tz="UTC") + pd.to_timedelta(rng.integers(0, 90, m), unit="D")
    rows = pd.DataFrame(
        {
            "source": rng.choice(names, m),
            "target": rng.choice(names, m),
            "relationship_type": rng.choice(TYPES, m),
            "start": day.strftime("%Y-%m-%dT%H:%M:%SZ").where(rng.random(m) < 0.9),
            "grade": rng.choice(GRADES, m),
            "handling": rng.choice(["P", "C"], m),
            "dataset": rng.choice(["d1", "d2", "d3"], m),
            "document": rng.choice(["doc1", "doc2", None], m),
            "color": rng.choice(["red", "blue", "green"], m),
            "cost": rng.integers(1, 6, m) / 2,
            "relationship_id": [f"r{i:02d}" for i in range(m)],
        }
    )
    return nl.read_tables(entities, rows, schema=nl.Schema(grade_scheme="admiralty"))


def holds(value: Any, wanted: Any) -> bool:
    """Whether a value is one of some, or lies in a range."""
    bounds = dict(wanted) if isinstance(wanted, Bounds) else None
    if bounds is None:
        return value in wanted
    lies = {
        "at_least": value >= bounds.get("at_least", value),
        "above": "above" not in bounds or value > bounds["above"],
        "at_most": value <= bounds.get("at_most", value),
        "below": "below" not in bounds or value < pd.Timestamp(bounds["below"])
        if isinstance(bounds.get("below"), str)
        else "below" not in bounds or value < bounds["below"],
    }
    return all(lies.values()) or (pd.isna(value) and bounds.get("or_missing", False))


def allowed(network: nl.Network, conditions: Conditions, directed: bool | None) -> pd.DataFrame:
    """Every hop that meets the conditions, one row a record and direction, slowly."""
    kinds = network.vocabulary.relationship_types
    found = []
    for at, row in network.relationships.iterrows():
        c, start = conditions, row["start"]
        if row["source"] == row["target"]:
            continue
        if (
            c.relationship_types is not None
            and row["relationship_type"] not in c.relationship_types
        ):
            continue
        if c.handling is not None and row["handling"] not in c.handling:
            continue
        if c.datasets is not None and row["dataset"] not in c.datasets:
            continue
        if c.min_confidence is not None and not row["confidence"] >= c.min_confidence:
            continue
        if c.min_grade is not None and (
            pd.isna(row["grade"])
            or row["grade"][0] > c.min_grade[0]
            or row["grade"][1] > c.min_grade[1]
        ):
            continue
        if c.relationship_columns is not None and any(
            not holds(row[k], v) for k, v in c.relationship_columns.items()
        ):
            continue
        if c.start is not None and not start >= pd.Timestamp(str(c.start), tz="UTC"):
            continue
        if c.end is not None and not start < pd.Timestamp(str(c.end), tz="UTC"):
            continue
        kind = kinds[row["relationship_type"]]
        found.append((row["source"], row["target"], at, row["cost"]))
        if directed is False or (directed is None and (not kind.directed or kind.both_ways)):
            found.append((row["target"], row["source"], at, row["cost"]))
    return pd.DataFrame(found, columns=["a", "b", "id", "cost"])


def may_pass(network: nl.Network, conditions: Conditions) -> set[str]:
    c = conditions
    graph: Any = nx.Graph(network.to_networkx())
    graph.remove_edges_from(nx.selfloop_edges(graph))
    found = set()
    for entity, row in network.entities.iterrows():
        if c.entity_types is not None and row["entity_type"] not in c.entity_types:
            continue
        if c.entity_columns is not None and any(
            not holds(row[k], v) for k, v in c.entity_columns.items()
        ):
            continue
        if c.max_degree is not None and graph.degree(entity) > c.max_degree:
            continue
        if c.avoid is None or entity not in c.avoid:
            found.add(str(entity))
    return found


def every_path(
    network: nl.Network,
    source: list[str],
    target: list[str],
    conditions: Conditions,
    directed: bool | None,
) -> list[tuple[float, list[str]]]:
    """Cost and entities of every path that meets the conditions, the best first."""
    hops = allowed(network, conditions, directed)
    inner = may_pass(network, conditions) - {*source, *target}
    cost = hops.groupby(["a", "b"])["cost"].min()
    found = []
    for a in source:
        for b in target:
            graph: Any = nx.DiGraph(list(cost.index))
            graph.add_nodes_from([a, b])
            graph = graph.subgraph(inner | {a, b})
            for path in nx.all_simple_paths(graph, a, b):
                found.append((sum(cost[pair] for pair in pairwise(path)), path))
    return sorted(found)


def routes(table: pd.DataFrame) -> list[list[str]]:
    return [list(part) for _, part in table.groupby("path")["entity_id"]]


@st.composite
def conditions(draw: st.DrawFn) -> Conditions:
    def some(values: list[str]) -> Any:
        return st.none() | st.lists(st.sampled_from(values), min_size=1, max_size=3)

    def maybe(strategy: Any) -> Any:
        return st.none() | st.none() | strategy

    given: dict[str, Any] = {
        "relationship_types": draw(maybe(some(TYPES))),
        "entity_types": draw(maybe(st.just(["person"]))),
        "relationship_columns": draw(
            maybe(
                st.sampled_from(
                    [
                        {"color": ["red", "blue"]},
                        {"color": "red", "cost": {"above": 0.5}},
                        {"cost": {"at_least": 1.0, "below": 2.5}},
                        {"cost": {"at_most": 1.5}, "start": {"at_least": pd.Timestamp(DAY)}},
                        {"start": {"below": DAY, "or_missing": True}},
                    ]
                )
            )
        ),
        "entity_columns": draw(maybe(st.just({"country": ["AA", "BB"]}))),
        "min_confidence": draw(maybe(st.sampled_from([0.1, 0.5, 0.9]))),
        "handling": draw(maybe(st.just(["P"]))),
        "datasets": draw(maybe(some(["d1", "d2", "d3"]))),
        "start": draw(maybe(st.just("2024-01-20"))),
        "end": draw(maybe(st.just("2024-03-10"))),
        "avoid": draw(maybe(st.just(["p4"]))),
        "max_degree": draw(maybe(st.sampled_from([3, 5]))),
    }
    if draw(st.booleans()):
        given |= {"min_grade": "C3", "grade_scheme": "admiralty"}
    return Conditions(**given)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5), conditions(), st.sampled_from([None, True, False]))
def test_paths_are_those_of_brute_force_under_every_condition(
    seed: int, asked: Conditions, directed: bool | None
) -> None:
    network = rich_network(seed)
    wanted = every_path(network, ["p0"], ["p8"], asked, directed)
    ask: dict[str, Any] = {"directed": directed, "conditions": asked}
    if not wanted:
        for function in (nl.paths.shortest, nl.paths.k_shortest, nl.paths.all_simple):
            with pytest.raises(NoPathError):
                function(network, "p0", "p8", **ask)  # type: ignore[operator]
        return
    best = nl.paths.shortest(network, "p0", "p8", length="cost", **ask)
    assert routes(best) == [wanted[0][1]]
    assert best["length"].iloc[-1] == wanted[0][0]
    several = nl.paths.k_shortest(network, "p0", "p8", k=5, length="cost", **ask)
    assert routes(several) == [path for _, path in wanted[:5]]
    short = sorted((len(path), path) for _, path in wanted if len(path) <= 5)
    if short:
        table = nl.paths.all_simple(network, "p0", "p8", **ask)
        assert routes(table) == [path for _, path in short]
    # Every hop exists, goes its way, and names every record that meets the conditions and no other.
    hops = allowed(network, asked, directed).groupby(["a", "b"])["id"].agg(sorted)
    for _, part in several.groupby("path"):
        steps = part["entity_id"].tolist()
        for pair, ids in zip(pairwise(steps), part["relationship_ids"].iloc[1:], strict=True):
            assert ids == hops[pair]


@pytest.mark.parametrize("directed", [None, False])
def test_between_groups_a_path_leads_from_member_to_member(directed: bool | None) -> None:
    for seed in range(6):
        network = rich_network(seed, n=10, m=24)
        for source, target in ((["p0", "p3"], ["p7", "p9"]), (["p5"], ["p1", "p2", "p6"])):
            wanted = every_path(network, source, target, Conditions(), directed)
            if not wanted:
                with pytest.raises(NoPathError, match="between the two groups"):
                    nl.paths.shortest(network, source, target, directed=directed)
                continue
            table = nl.paths.k_shortest(
                network, source, target, k=6, length="cost", directed=directed
            )
            assert routes(table) == [path for _, path in wanted[:6]]
            one = nl.paths.shortest(network, source, target, length="cost", directed=directed)
            assert routes(one) == [wanted[0][1]]
            short = sorted((len(path), path) for _, path in wanted if len(path) <= 4)
            if short:
                table = nl.paths.all_simple(network, source, target, max_hops=3, directed=directed)
                assert routes(table) == [path for _, path in short]


def test_groups_have_nobody_in_common() -> None:
    network = network_of([("canary", "b"), ("b", "c")])
    with pytest.raises(ArgumentError, match="1 are in both") as caught:
        nl.paths.shortest(network, ["canary", "b"], ["canary", "c"])
    assert "canary" not in str(caught.value)
    for wrong in ([], 3):
        with pytest.raises(ArgumentError, match="'target' must"):
            nl.paths.shortest(network, "b", wrong)  # type: ignore[arg-type]


# What a hop says


def test_many_rows_of_one_document_are_one_source() -> None:
    network = network_of(
        [("a", "b")] * 6 + [("b", "c")] * 2,
        document=["x", "x", "y", None, None, "x", None, None],
        grade=["B2", "A1", "E5", None, "C3", "A1", None, None],
        confidence=[0.76, 0.96, 0.03, np.nan, 0.49, 0.96, np.nan, np.nan],
        relationship_id=[f"r{i}" for i in range(8)],
    )
    table = nl.paths.shortest(network, "a", "c")
    assert table["documents"].tolist() == [[], ["x", "y"], []]
    assert table["n_sources"].tolist() == [0, 3, 1]
    assert table["relationship_id"].tolist()[1:] == ["r1", "r6"]
    assert table["confidence"].tolist()[1] == 0.96
    assert table["weakest"].tolist()[1] == 0.03
    assert table["weakest_grade"].tolist()[1] == "E5"
    assert table[["confidence", "weakest", "weakest_grade"]].iloc[[0, 2]].isna().all(axis=None)


def test_a_grade_that_says_nothing_of_how_sure_is_shown_where_there_is_no_other() -> None:
    network = network_of(
        [("a", "b"), ("a", "b"), ("b", "c")],
        grade=["X", "Y", "X"],
        confidence=[np.nan, 0.8, np.nan],
    )
    table = nl.paths.shortest(network, "a", "c")
    assert table["weakest_grade"].tolist()[1:] == ["Y", "X"]
    assert table["weakest"].isna().tolist() == [True, False, True]


def test_sources_of_a_tie_that_stands_for_several_records_are_theirs() -> None:
    rows = pd.DataFrame(
        [
            ("p1", "t1", "uses", "register"),
            ("p2", "t2", "uses", "register"),
            ("t1", "t2", "communicated", "bill"),
            ("p1", "p2", "met", None),
            ("p2", "p3", "met", "note"),
        ],
        columns=["source", "target", "relationship_type", "document"],
    )
    network = nl.read_tables(None, rows)
    people = nl.transform.project(network, onto="person")
    table = nl.paths.shortest(people, "p1", "p3", directed=False)
    assert table["documents"].tolist() == [[], ["bill", "register"], ["note"]]
    assert nl.paths.summary(table)["documents"].tolist() == [["bill", "note", "register"]]
    assert table["n_sources"].tolist()[2] == 1
    # Joined with a network without such lists, a record has its own document.
    other = nl.read_tables(None, rows.iloc[4:].assign(source="p3", target="p4", document="other"))
    both = nl.transform.combine({"a": people, "b": other})
    table = nl.paths.shortest(both, "p1", "p4", directed=False)
    assert table["documents"].tolist()[1:] == [["bill", "register"], ["note"], ["other"]]


def test_what_a_caller_does_to_a_list_of_records_stays_his() -> None:
    network = network_of([("a", "b"), ("b", "c"), ("c", "d"), ("b", "d")], document=["x"] * 4)
    table = nl.paths.all_simple(network, "a", "d")
    table["relationship_ids"].iloc[1].append("mine")
    assert "mine" not in table["relationship_ids"].iloc[4]
    again = nl.paths.all_simple(network, "a", "d")
    assert "mine" not in again["relationship_ids"].iloc[1]


def test_hubs_that_were_met_and_not_passed_are_listed() -> None:
    spokes = [("hub", f"x{i}") for i in range(5)]
    network = network_of([("a", "hub"), ("hub", "z"), ("a", "b"), ("b", "z"), *spokes])
    table = nl.paths.shortest(network, "a", "z", conditions=Conditions(max_degree=4))
    assert routes(table) == [["a", "b", "z"]]
    assert table.attrs["not_expanded"] == ["hub"]
    assert nl.paths.shortest(network, "a", "z").attrs == {}
    # One that is asked about is passed from, whatever its degree.
    table = nl.paths.shortest(network, "hub", "b", conditions=Conditions(max_degree=2))
    assert routes(table) == [["hub", "a", "b"]]
    assert table.attrs["not_expanded"] == []
    for function in (nl.paths.entity_cut, nl.paths.relationship_cut):
        cut = function(network, "a", "z", conditions=Conditions(max_degree=4))
        assert cut.attrs["not_expanded"] == ["hub"]
        assert function(network, "a", "x1").attrs == {}


def test_all_paths_say_when_the_limit_cut_them() -> None:
    kite = nl.datasets.krackhardt_kite()
    whole = nl.paths.all_simple(kite, "0", "9", max_hops=9)
    graph = nx.krackhardt_kite_graph()
    assert len(routes(whole)) == len(list(nx.all_simple_paths(graph, 0, 9)))
    assert whole.attrs["is_complete"] is True
    for limit in (1, 7, len(routes(whole)) - 1):
        part = nl.paths.all_simple(kite, "0", "9", max_hops=9, limit=limit)
        assert part.attrs["is_complete"] is False
        assert routes(part) == routes(whole)[:limit]
    exact = nl.paths.all_simple(kite, "0", "9", max_hops=9, limit=len(routes(whole)))
    assert exact.attrs["is_complete"] is True


# No path is an answer


def closed(network: nl.Network, asked: Conditions, **more: Any) -> NoPathError:
    with pytest.raises(NoPathError) as caught:
        nl.paths.shortest(network, "canary1", "canary2", conditions=asked, **more)
    assert "canary" not in str(caught.value)
    return caught.value


def test_it_says_which_condition_closed_the_last_way() -> None:
    network = network_of(
        [("canary1", "m"), ("m", "canary2"), ("canary1", "n"), ("n", "canary2")],
        confidence=[0.9, 0.2, 0.1, 0.9],
        dataset=["d", "d", "d", "e"],
    )
    error = closed(network, Conditions(min_confidence=0.5))
    assert error.closed_by == (("min_confidence",),)
    assert "under the conditions" in str(error)
    assert "Without 'min_confidence' there is one" in str(error)
    # Of two that each close a way of their own; what is of no matter is not named.
    either = closed(network, Conditions(avoid=["n"], min_confidence=0.15, datasets=["e"]))
    assert either.closed_by == (("datasets",),)
    either = closed(network, Conditions(avoid=["m"], min_confidence=0.15))
    assert either.closed_by == (("min_confidence",), ("avoid",))
    both = closed(
        network, Conditions(min_confidence=0.5, handling=["X"], relationship_types=["knows"])
    )
    assert both.closed_by == (("min_confidence", "handling"),)
    assert "No condition alone closes the way" in str(both)
    assert pickle.loads(pickle.dumps(both)).closed_by == both.closed_by


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 5), conditions())
def test_a_way_out_is_one_and_a_smallest(seed: int, asked: Conditions) -> None:
    network = rich_network(seed, m=14)
    try:
        nl.paths.shortest(network, "p0", "p8", conditions=asked)
    except NoPathError as error:
        names = [*asked._given(), "directed"]

        def is_open(lifted: tuple[str, ...]) -> bool:
            directed = False if "directed" in lifted else None
            relaxed = asked._without(lifted)
            return bool(every_path(network, ["p0"], ["p8"], relaxed, directed))

        alone = tuple((name,) for name in names if is_open((name,)))
        if alone:
            assert error.closed_by == alone
        elif is_open(tuple(names)):
            ((*found,),) = error.closed_by
            assert is_open(tuple(found))
            assert not any(is_open(tuple(set(found) - {name})) for name in found)
        else:
            assert error.closed_by == ()


def reached(hops: pd.DataFrame, starts: list[str], inner: set[str]) -> set[str]:
    """Who is met from some entities on ways through others."""
    met: set[str] = set()
    todo = list(starts)
    while todo:
        ends = set(hops["b"][hops["a"] == todo.pop()]) - met
        met |= ends
        todo += [end for end in ends if end in inner]
    return met


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(st.integers(0, 5), conditions(), st.sampled_from([None, False]), st.booleans())
def test_what_links_several_says_what_closed_it_and_whom_it_did_not_pass(
    seed: int, asked: Conditions, directed: bool | None, backward: bool
) -> None:
    network, several = rich_network(seed, m=18), ["p0", "p3", "p8"]

    def is_open(lifted: tuple[str, ...]) -> bool:
        relaxed = asked._without(lifted)
        hops = allowed(network, relaxed, False if "directed" in lifted else directed)
        if backward:
            hops = hops.rename(columns={"a": "b", "b": "a"})
        inner = may_pass(network, relaxed) | {*several}
        return any({*several} <= reached(hops, [one], inner) | {one} for one in several)

    ask: dict[str, Any] = {"directed": directed, "backward": backward, "conditions": asked}
    try:
        found = nl.paths.connection(network, several, **ask)
    except NoPathError as error:
        names = [*asked._given(), *([] if directed is False else ["directed"])]
        alone = tuple((name,) for name in names if is_open((name,)))
        if alone or not is_open(tuple(names)):
            assert error.closed_by == alone
        else:
            ((*least,),) = error.closed_by
            assert is_open(tuple(least))
            assert not any(is_open(tuple(set(least) - {name})) for name in least)
        return
    assert is_open(())
    hops = allowed(network, asked, directed)
    inner = may_pass(network, asked) - {*several}
    both = reached(hops, several, inner)
    both |= reached(hops.rename(columns={"a": "b", "b": "a"}), several, inner)
    hubs = may_pass(network, asked._without(["max_degree"])) - inner - {*several}
    assert found.not_expanded == tuple(sorted(both & hubs))


def test_a_path_longer_than_asked_is_said_to_be() -> None:
    network = network_of([("a", "b"), ("b", "c"), ("c", "d")])
    with pytest.raises(NoPathError, match="Without 'max_hops' there is one") as caught:
        nl.paths.all_simple(network, "a", "d", max_hops=2)
    assert caught.value.closed_by == (("max_hops",),)


# What is no condition


def test_conditions_that_are_none_are_refused_in_words() -> None:
    for wrong, words in (
        ({"min_confidence": 2}, "must lie in 0 to 1"),
        ({"min_confidence": True}, "must be a number"),
        ({"max_degree": 0}, "'max_degree' must be a positive integer"),
        ({"min_grade": "B2"}, "must be given together"),
        ({"avoid": "canary"}, "'avoid' must be a list"),
        ({"datasets": [1]}, "not all of them are str"),
        ({"start": "canary"}, "'start' must be a date"),
        ({"undated": "all"}, "'undated' must be"),
        ({"start": "2024-02-01", "end": "2024-02-01"}, "must be earlier"),
        ({"entity_columns": ["canary"]}, "must map names of columns"),
        ({"entity_columns": {"a": [["canary"]]}}, "to values, lists of values or ranges"),
        ({"entity_columns": {"a": {"at_least": ["canary"]}}}, "to values, lists of values or"),
        ({"entity_columns": {"a": {"atleast": 1}}}, "Did you mean 'at_least'"),
        ({"entity_columns": {"a": {"or_missing": True}}}, "must have a bound, of"),
        ({"entity_columns": {"a": {"below": 1, "or_missing": 1}}}, "must be True or False"),
    ):
        with pytest.raises(ArgumentError, match=words) as caught:
            Conditions(**wrong)  # type: ignore[arg-type]
        assert "canary" not in str(caught.value)


def test_conditions_that_the_network_does_not_know_are_refused() -> None:
    network = network_of([("canary", "b"), ("b", "c")])
    for wrong, words in (
        ({"relationship_types": ["know"]}, "Did you mean 'knows'"),
        ({"entity_types": ["persons"]}, "Did you mean 'person'"),
        ({"relationship_columns": {"documents": 1}}, "Did you mean 'document'"),
        ({"entity_columns": {"labels": 1}}, "Did you mean 'label'"),
        ({"relationship_columns": {"source": {"below": 1}}}, "2 of its 2 values are no numbers"),
        ({"relationship_columns": {"weight": {"below": "canary"}}}, "must be a number"),
        ({"relationship_columns": {"weight": {"below": np.nan}}}, "must be a number"),
        ({"relationship_columns": {"start": {"below": "canary"}}}, "must be a date or time"),
        ({"min_grade": "B2", "grade_scheme": "admirality"}, "Did you mean 'admiralty'"),
        ({"min_grade": "Z9", "grade_scheme": "admiralty"}, "must be a grade of the scheme"),
        ({"avoid": ["canary"]}, "holds 1"),
    ):
        with pytest.raises(ArgumentError, match=words) as caught:
            nl.paths.shortest(network, "canary", "c", conditions=Conditions(**wrong))  # type: ignore[arg-type]
        assert "canary" not in str(caught.value)
    with pytest.raises(UnknownEntityError):
        nl.paths.shortest(network, "b", "c", conditions=Conditions(avoid=["nobody"]))
    with pytest.raises(ArgumentError, match=r"must be a netlink\.paths\.Conditions"):
        nl.paths.shortest(network, "b", "c", conditions={"avoid": []})  # type: ignore[arg-type]


def test_conditions_are_equal_by_what_they_ask_for_and_show_no_id() -> None:
    one = Conditions(avoid=["canary", "b"], entity_columns={"x": ["1", "2"]})
    same = Conditions(avoid=("b", "canary", "b"), entity_columns={"x": {"2", "1"}})
    assert one == same
    assert hash(one) == hash(same)
    assert one != Conditions(avoid=["b"])
    assert repr(one) == "<Conditions on entity_columns: x, avoid>"
    amount = Conditions(entity_columns={"x": {"at_least": 1, "below": 2}})
    assert amount == Conditions(entity_columns={"x": {"below": 2, "at_least": 1}})
    assert amount._without(["avoid"]) == amount  # what is lifted leaves the rest as it was
    assert amount != Conditions(entity_columns={"x": [("at_least", 1), ("below", 2)]})


def test_an_amount_of_at_least_and_a_duration_below() -> None:
    network = network_of(
        [("a", "b"), ("b", "z"), ("a", "c"), ("c", "z"), ("a", "d"), ("d", "z")],
        amount=[5000, 12_000, 10_000, 10_000, np.nan, 90_000],
        lasted=pd.to_timedelta([1, 2, 3, 4, 5, 6], unit="h"),
    )
    large = Conditions(relationship_columns={"amount": {"at_least": 10_000}})
    assert routes(nl.paths.all_simple(network, "a", "z", conditions=large)) == [["a", "c", "z"]]
    short = Conditions(relationship_columns={"lasted": {"above": "1h", "at_most": "240 minutes"}})
    assert routes(nl.paths.all_simple(network, "a", "z", conditions=short)) == [["a", "c", "z"]]
    both = {"amount": {"above": 10_000}, "lasted": {"below": "2h"}}
    with pytest.raises(NoPathError) as caught:
        nl.paths.shortest(network, "a", "z", conditions=Conditions(relationship_columns=both))
    both_columns = ("relationship_columns: amount", "relationship_columns: lasted")
    assert caught.value.closed_by == (both_columns,)
    longer = Conditions(relationship_columns={**both, "lasted": {"below": "7h"}})
    with pytest.raises(NoPathError, match="Without 'relationship_columns: amount'") as caught:
        nl.paths.shortest(network, "a", "z", conditions=longer)
    assert caught.value.closed_by == ((both_columns[0],),)
    for function in (nl.paths.widest, nl.paths.disjoint, nl.paths.k_shortest):
        table = function(network, "a", "z", conditions=large)
        assert routes(table) == [["a", "c", "z"]]
    assert len(nl.paths.connection(network, ["a", "z"], conditions=large).ties) == 2


def test_a_window_reads_partial_dates_as_during_does() -> None:
    ties = [("a", "b"), ("b", "z"), ("a", "c"), ("c", "z"), ("a", "d"), ("d", "z")]
    starts = ["2024-03", "2024-03-20", "2024-03", "2024-02-28", "2024-03-20", None]
    network = network_of(ties, start=starts)
    for start, end in (("2024-03-10", "2024-03-30"), ("2024-03-10", None), (None, "2024-03-21")):
        window = Conditions(start=start, end=end)
        kept = network.during(start or "2000-01-01", end or "2100-01-01")
        wanted = nl.paths.all_simple(kept, "a", "z")
        table = nl.paths.all_simple(network, "a", "z", conditions=window)
        assert routes(table) == routes(wanted)
    undated = Conditions(start="2024-03-10", avoid=["b"], undated="keep")
    assert routes(nl.paths.shortest(network, "a", "z", conditions=undated)) == [["a", "d", "z"]]
    with pytest.raises(NoPathError) as caught:
        dated = Conditions(start="2024-03-10", avoid=["b"])
        nl.paths.shortest(network, "a", "z", conditions=dated)
    assert caught.value.closed_by == (("window",), ("avoid",))


def test_windows_know_years_leap_days_and_the_change_of_the_clocks() -> None:
    # A path over each day of its own; 31 March 2024 in Vienna ends at 22:00 UTC.
    starts = {
        "b": "2024",
        "c": "2024-02-29",
        "d": "2024-03-31",
        "e": "2023",
        "f": "2024-03-31T22:30Z",
    }
    rows = pd.DataFrame(
        [(a, b, start) for x, start in starts.items() for a, b in (("a", x), (x, "z"))],
        columns=["source", "target", "start"],
    ).assign(relationship_type="knows")
    network = nl.read_tables(None, rows, schema=nl.Schema(tz="Europe/Vienna"))
    for start, end, wanted in (
        ("2024-02-28T23:00Z", "2024-02-29T23:00Z", "bc"),
        ("2024-02-29T23:00Z", "2024-03-01T23:00Z", "b"),
        ("2024-03-31T21:59Z", "2024-03-31T22:00Z", "bd"),
        ("2024-03-31T22:00Z", "2024-03-31T23:00Z", "bf"),
        ("2024-03-31T02:30+02:00", "2024-04-01", "bdf"),
        ("2023-12-31T22:59Z", "2023-12-31T23:00Z", "e"),
        ("2023-12-31T23:00Z", "2024-01-01", "b"),
        ("2024-12-31", None, "b"),
    ):
        window = Conditions(start=start, end=end)
        found = nl.paths.all_simple(network, "a", "z", conditions=window)
        assert [path[1] for path in routes(found)] == list(wanted)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 5), conditions(), st.sampled_from([None, True, False]))
def test_every_way_of_asking_keeps_every_condition(
    seed: int, asked: Conditions, directed: bool | None
) -> None:
    network = rich_network(seed)
    inner = may_pass(network, asked) | {"p0", "p8"}
    hops = allowed(network, asked, directed).groupby(["a", "b"])["id"].agg(sorted)
    either = allowed(network, asked, False).groupby(["a", "b"])["id"].agg(sorted)
    is_open = bool(every_path(network, ["p0"], ["p8"], asked, directed))
    for function in (nl.paths.widest, nl.paths.most_reliable, nl.paths.disjoint):
        given: dict[str, Any] = (
            {"missing_confidence": 0.5} if "reliable" in function.__name__ else {}
        )
        if not is_open:
            with pytest.raises(NoPathError):
                function(network, "p0", "p8", directed=directed, conditions=asked, **given)
            continue
        table = function(network, "p0", "p8", directed=directed, conditions=asked, **given)
        assert set(table["entity_id"]) <= inner
        for _, part in table.groupby("path"):
            pairs = pairwise(part["entity_id"])
            for pair, ids in zip(pairs, part["relationship_ids"].iloc[1:], strict=True):
                assert ids == hops[pair]
    if is_open:
        cut = nl.paths.relationship_cut(network, "p0", "p8", directed=directed, conditions=asked)
        for row in cut.itertuples():
            assert row.relationship_ids == hops[row.source, row.target]
        if ("p0", "p8") not in hops.index:
            found = nl.paths.entity_cut(
                network, "p0", "p8", directed=directed, conditions=asked
            ).index
            assert set(found) <= inner - {"p0", "p8"}
            without = Conditions(**{**vars(asked), "avoid": {*(asked.avoid or ()), *found}})
            assert not every_path(network, ["p0"], ["p8"], without, directed)
    if every_path(network, ["p0"], ["p8"], asked, False):
        for found in (
            nl.paths.connection(network, ["p0", "p8"], conditions=asked),
            nl.paths.center_piece(network, ["p0", "p8"], n=3, conditions=asked),
        ):
            assert set(found.entities.index) <= inner
            for row in found.ties.itertuples():
                assert row.relationship_ids == either[row.source, row.target]


def test_the_order_of_the_rows_does_not_show_under_conditions() -> None:
    network = rich_network(2, n=12, m=60)
    asked = Conditions(min_confidence=0.3, max_degree=9)
    for seed in range(3):
        other = shuffled(network, seed, flip=False)
        for function in (nl.paths.k_shortest, nl.paths.all_simple):
            pd.testing.assert_frame_equal(
                function(network, "p0", "p8", conditions=asked),
                function(other, "p0", "p8", conditions=asked),
            )


def test_a_network_without_anything_has_no_path() -> None:
    network = network_of([], entities=["a", "b"])
    with pytest.raises(NoPathError, match="reaches 0 of the other 1 entities"):
        nl.paths.shortest(network, "a", "b", conditions=Conditions(max_degree=1))
    loops = network_of([("a", "a"), ("b", "b")])
    with pytest.raises(NoPathError):
        nl.paths.all_simple(loops, "a", "b")


def test_only_the_latest_conditions_are_kept() -> None:
    network = random_network(1)
    for degree in range(20, 40):
        nl.paths.shortest(
            network, "p001", "p001", conditions=Conditions(max_degree=degree), directed=False
        )
    assert len(network._ways) <= 8
