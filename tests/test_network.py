"""The network: frozen, indifferent to row order, silent about values, sound in every shape."""

from __future__ import annotations

import copy
import pickle
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import FrozenInstanceError
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import DIRECTED, UNDIRECTED, network_of, networks, random_network, shuffled

import netlink as nl
from netlink.errors import ArgumentError, NetlinkError, UnknownEntityError

if TYPE_CHECKING:
    from collections.abc import Callable


def mixed(seed: int = 0, *, n: int = 8, m: int = 30, ids: bool = True) -> nl.Network:
    """Directed and undirected rows, self-loops, parallel ones, fractions as weights."""
    rng = np.random.default_rng(seed)
    ends = rng.integers(0, n, (m, 2))
    rows = pd.DataFrame(
        {
            "source": [f"p{i}" for i in ends[:, 0]],
            "target": [f"p{i}" for i in ends[:, 1]],
            "relationship_type": rng.choice([DIRECTED, UNDIRECTED], m),
            "weight": rng.random(m),
            "note": rng.choice(["x", "y", None], m),
        }
    )
    if ids:
        rows["relationship_id"] = [f"r{i}" for i in range(m)]
    people = pd.DataFrame({"entity_id": [f"p{i}" for i in range(n)], "entity_type": "person"})
    return nl.read_tables(people, rows)


def columns_of(network: nl.Network) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The tables as a user would hand them in, without ids for the relationships."""
    return network.entities.reset_index(), network.relationships.reset_index(drop=True)


# It never changes


def test_a_network_is_frozen() -> None:
    network = random_network(0)
    for name in ("entity_table", "vocabulary", "n_components", "codes", "anything"):
        with pytest.raises(FrozenInstanceError):
            setattr(network, name, None)


@pytest.mark.parametrize(
    "name",
    ["entities", "relationships", "entity_table", "relationship_table", "ledger", "rejected"],
)
def test_writing_to_a_table_leaves_the_network_alone(name: str) -> None:
    network = network_of([("a", "b")])
    before = getattr(network, name).copy(deep=True)
    for change in (
        lambda table: table.insert(0, "new", 1),
        lambda table: table.pop(table.columns[0]),
        lambda table: table.__setitem__(table.columns[0], "changed"),
        lambda table: setattr(table, "columns", table.columns.str.upper()),
        lambda table: setattr(table.index, "name", "changed"),
    ):
        change(getattr(network, name))
        pd.testing.assert_frame_equal(getattr(network, name), before)


def test_writing_to_the_tables_it_was_made_from_leaves_it_alone() -> None:
    one = network_of([("a", "b"), ("b", "c")])
    entities, relationships = one.entities, one.relationships
    network = nl.Network(entities, relationships)
    entities.loc["a", "label"] = "changed"
    relationships["weight"] = 7.0
    nl.testing.assert_networks_equal(network, one)


def test_arrays_are_read_only() -> None:
    network = mixed()
    ties = network.to_scipy()
    for array in (*network.codes, ties.data, ties.indices, ties.indptr):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1


def test_views_are_built_once() -> None:
    network = mixed()
    assert network.codes is network.codes
    assert network.to_scipy() is network.to_scipy()
    assert network.to_scipy() is not network.to_scipy(directed=False)


def test_copies_and_pickles_are_equal() -> None:
    network = mixed()
    assert network != copy.copy(network)  # a network equals itself alone; content is compared
    for again in (copy.copy(network), copy.deepcopy(network), pickle.loads(pickle.dumps(network))):
        nl.testing.assert_networks_equal(again, network)
        np.testing.assert_array_equal(again.to_scipy().toarray(), network.to_scipy().toarray())
    assert len({network, network}) == 1


def test_eight_threads_see_one_network() -> None:
    network = random_network(2, n=200, m=900, weighted=True)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: (repr(network), network.to_scipy().sum()), range(32)))
    assert len(set(found)) == 1


def test_the_canonical_columns_are_needed() -> None:
    one = network_of([("a", "b")])
    with pytest.raises(ArgumentError, match=r"lacks \['label'\].*netlink\.read_tables"):
        nl.Network(one.entities.drop(columns="label"), one.relationships)
    with pytest.raises(ArgumentError, match=r"'relationship_table' .* lacks \['weight'\]"):
        nl.Network(one.entities, one.relationships.drop(columns="weight"))


def test_an_end_outside_the_network_is_refused() -> None:
    one = network_of([("CANARY", "b"), ("b", "c")])
    network = nl.Network(one.entities.drop(index="CANARY"), one.relationships)
    with pytest.raises(ArgumentError, match="1 relationships have an end that is not") as caught:
        _ = network.codes
    assert "CANARY" not in str(caught.value)


# Counts and repr


@given(networks())
@settings(max_examples=25, deadline=None)
def test_counts_are_those_of_networkx(network: nl.Network) -> None:
    graph = nx.Graph()
    graph.add_nodes_from(network.entities.index)
    ends = network.relationships[["source", "target"]].itertuples(index=False)
    graph.add_edges_from((a, b) for a, b in ends if a != b)
    isolates = nx.number_of_isolates(graph)
    assert network.n_isolates == isolates
    assert network.n_components == nx.number_connected_components(graph) - isolates
    assert network.n_entities == len(network.entities)
    assert network.n_relationships == len(network.relationships)


@pytest.mark.parametrize(
    ("ties", "entities", "shown"),
    [
        ([], [], "0 entities and 0 relationships (0 components, 0 isolates)"),
        ([], ["a"], "1 entity and 0 relationships (0 components, 1 isolate)"),
        ([("a", "a")], ["a"], "1 entity and 1 relationship (0 components, 1 isolate)"),
        ([("a", "b")] * 1234, ["a", "b"], "2 entities and 1,234 relationships (1 component, 0 iso"),
    ],
)
def test_repr_counts_and_names_nobody(ties: Any, entities: list[str], shown: str) -> None:
    assert repr(network_of(ties, entities=entities)).startswith(f"<Network of {shown}")


# No message shows a person


def canary_network() -> nl.Network:
    """Two people whose every field holds the canary."""
    mark = "CANARY"
    people = pd.DataFrame({"entity_id": [f"{mark}1", f"{mark}2"], "entity_type": "person"})
    people["label"] = people["phone_number"] = mark
    rows = pd.DataFrame({"source": [f"{mark}1"], "target": [f"{mark}2"], "relationship_id": mark})
    fields = dict.fromkeys(["handling", "dataset", "document", "remark"], mark)
    return nl.read_tables(people, rows.assign(relationship_type=DIRECTED, weight=777.25, **fields))


FAILURES: dict[str, Callable[[nl.Network], Any]] = {
    "unknown entity": lambda n: n.neighbors("CANARY3"),
    "unknown entities": lambda n: n.subgraph(["CANARY1", "CANARY3"]),
    "one str": lambda n: n.positions("CANARY1"),
    "not str": lambda n: n.positions(["CANARY1", 777.25]),
    "not a numeric column": lambda n: n.to_scipy(weight="remark"),
    "no column": lambda n: n.to_scipy(weight="remrk"),
    "direction": lambda n: n.to_scipy(directed="yes"),  # type: ignore[arg-type]
    "entity type": lambda n: n.where(entity_types=["persn"]),
    "relationship type": lambda n: n.where(relationship_types="comunicated"),
    "confidence": lambda n: n.where(min_confidence=1.5),
    "no time": lambda n: n.during("yesterday", "2024-01-01"),
    "window": lambda n: n.during("2024-01-01", "2024-01-01"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_errors_and_logs_hold_no_value(failure: str, caplog: pytest.LogCaptureFixture) -> None:
    network = canary_network()
    with caplog.at_level("DEBUG"), pytest.raises(NetlinkError) as caught:
        FAILURES[failure](network)
    said = f"{caught.value} {caught.value!r} {caught.value.__cause__!r} {caplog.text} {network!r}"
    assert "CANARY" not in said
    assert "777" not in said


# Entities asked about


def test_positions_are_those_in_the_table_and_ids_match_letter_by_letter() -> None:
    network = network_of([("007", "7"), ("7", "NA")])
    assert network.entities.index.tolist() == ["007", "7", "NA"]
    assert network.positions(iter(["NA", "007", "NA"])).tolist() == [2, 0, 2]
    assert network.positions([]).tolist() == []
    with pytest.raises(UnknownEntityError, match="1 of the 2 entities asked about"):
        network.positions(["7", "07"])
    with pytest.raises(ArgumentError, match="1 of 2 are not str"):
        network.positions(["7", 7])  # type: ignore[list-item]
    with pytest.raises(ArgumentError, match="must be a list of entity ids, got one str"):
        network.positions("7")


@pytest.mark.parametrize("seed", range(4))
def test_neighbors_are_tied_in_either_direction(seed: int) -> None:
    network = mixed(seed)
    rows = network.relationships
    for entity in network.entities.index:
        around = {*rows.loc[rows["source"] == entity, "target"]}
        around |= {*rows.loc[rows["target"] == entity, "source"]}
        found = network.neighbors(entity)
        assert found.tolist() == sorted(around - {entity})
        assert found.name == "entity_id"


# Parts


def test_a_subgraph_has_the_entities_and_what_is_among_them() -> None:
    network = mixed(3)
    keep = ["p5", "p1", "p1", "p2"]
    part = network.subgraph(keep)
    rows = network.relationships
    among = rows[rows["source"].isin(keep) & rows["target"].isin(keep)]
    pd.testing.assert_frame_equal(part.relationships, among)
    pd.testing.assert_frame_equal(part.entities, network.entities.loc[["p1", "p2", "p5"]])
    at = network.positions(["p1", "p2", "p5"])
    expected = network.to_scipy().toarray()[np.ix_(at, at)]
    np.testing.assert_array_equal(part.to_scipy().toarray(), expected)
    assert network.subgraph([]).n_entities == 0


def test_the_codes_of_a_part_are_those_of_its_tables() -> None:
    part = mixed(4).subgraph(["p0", "p3", "p4", "p7"]).where(relationship_types=DIRECTED)
    fresh = nl.Network(part.entities, part.relationships)
    for one, other in zip(part.codes, fresh.codes, strict=True):
        np.testing.assert_array_equal(one, other)


def test_a_part_keeps_ids_vocabulary_and_ledger() -> None:
    network = mixed(ids=False)
    part = network.subgraph(["p0", "p1", "p2"])
    assert set(part.relationships.index) <= set(network.relationships.index)
    assert part.vocabulary is network.vocabulary
    pd.testing.assert_frame_equal(part.ledger, network.ledger)
    pd.testing.assert_frame_equal(part.rejected, network.rejected)


def test_where_keeps_types_of_relationships() -> None:
    network = mixed(5)
    rows = network.relationships
    part = network.where(relationship_types=[DIRECTED])
    pd.testing.assert_frame_equal(part.relationships, rows[rows["relationship_type"] == DIRECTED])
    assert part.n_entities == network.n_entities
    both = network.where(relationship_types=(DIRECTED, UNDIRECTED))
    nl.testing.assert_networks_equal(both, network)
    nl.testing.assert_networks_equal(network.where(), network)
    assert network.where(relationship_types=[]).n_relationships == 0


def test_where_keeps_types_of_entities_and_what_is_among_them() -> None:
    entities = pd.DataFrame(
        {"entity_id": ["a", "b", "t"], "entity_type": ["person"] * 2 + ["phone"]}
    )
    rows = pd.DataFrame({"source": ["a", "a", "b"], "target": ["b", "t", "t"]})
    network = nl.read_tables(entities, rows.assign(relationship_type=["knows", "uses", "uses"]))
    part = network.where(entity_types="person")
    assert part.entities.index.tolist() == ["a", "b"]
    assert part.relationships["relationship_type"].tolist() == ["knows"]


def test_where_keeps_what_columns_hold() -> None:
    rows = pd.DataFrame(
        {
            "source": list("aabc"),
            "target": list("bccd"),
            "relationship_type": "paid",
            "amount": [100.0, 250.0, np.nan, 900.0],
            "currency": ["EUR", "EUR", "USD", "USD"],
            "seconds": ["30", " ", None, "1e2"],
            "start": ["2024-01-05", "2024-02-29", "2024-03-01", None],
        }
    )
    people = pd.DataFrame(
        {"entity_id": list("abcd"), "entity_type": "person", "age": [17, 18, 30, None]}
    )
    network = nl.read_tables(people, rows)
    for held, n in (
        ({"currency": "EUR"}, 2),
        ({"currency": ["EUR", "USD"], "amount": {"at_least": 250}}, 2),
        ({"amount": {"above": 100, "below": 900}}, 1),
        ({"amount": {"at_most": 100}}, 1),
        ({"seconds": {"below": 60}}, 1),
        ({"seconds": {"below": 60, "or_missing": True}}, 3),
        ({"amount": {"above": 250, "or_missing": False}}, 1),
        ({"start": {"above": "2024-01-31", "or_missing": True}}, 3),
        ({"start": {"at_least": "2024-02-29", "below": "2024-03-01T00:00Z"}}, 1),
        ({}, 4),
    ):
        assert network.where(relationship_columns=held).n_relationships == n
    adults = network.where(entity_columns={"age": {"at_least": 18}})
    assert adults.entities.index.tolist() == ["b", "c"]
    assert adults.n_relationships == 1
    # What a path may use is chosen in the same words.
    asked = nl.paths.Conditions(relationship_columns={"amount": {"at_least": 250}})
    kept = network.where(relationship_columns={"amount": {"at_least": 250}})
    assert nl.paths.shortest(network, "a", "d", conditions=asked)["entity_id"].tolist() == [
        *nl.paths.shortest(kept, "a", "d")["entity_id"]
    ]
    with pytest.raises(ArgumentError, match="Did you mean 'amount'"):
        network.where(relationship_columns={"amounts": 1})
    with pytest.raises(ArgumentError, match="must hold numbers, times"):
        network.where(relationship_columns={"currency": {"above": 1}})


def test_where_keeps_what_is_known_to_be_sure_enough() -> None:
    network = network_of([("a", "b"), ("b", "c"), ("c", "d")], confidence=[0.5, 0.7, None])
    found = [network.where(min_confidence=c).n_relationships for c in (0, 0.5, 0.6, 1)]
    assert found == [2, 2, 1, 0]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"relationship_types": ["comunicated"]}, "no 'comunicated'. Did you mean 'communicated'"),
        ({"entity_types": "persn"}, "'entity_types' has no 'persn'. Did you mean 'person'"),
        ({"min_confidence": -0.1}, "'min_confidence' must lie in 0 to 1, got -0.1"),
        ({"min_confidence": float("nan")}, "'min_confidence' must lie in 0 to 1, got nan"),
        ({"min_confidence": "high"}, "'min_confidence' must be a number, got str"),
    ],
)
def test_where_refuses_words_and_numbers_it_does_not_know(
    arguments: dict[str, Any], message: str
) -> None:
    with pytest.raises(ArgumentError, match=message):
        random_network(0).where(**arguments)


TIMES = {
    "before": ("2023-12-31T23:59:59Z", None),
    "at the start": ("2024-01-01", None),
    "inside": ("2024-01-15T12:00:00Z", None),
    "at the end": ("2024-02-01", None),
    "into it": ("2023-06-01", "2024-01-01"),
    "across it": ("2023-06-01", "2024-06-01"),
    "over before": ("2023-06-01", "2023-12-31"),
    "no start": (None, "2024-01-15"),
    "no time": (None, None),
}
INSIDE = ["at the start", "inside", "into it", "across it"]


def timed() -> nl.Network:
    start, end = zip(*TIMES.values(), strict=True)
    return network_of([("a", "b")] * len(TIMES), start=start, end=end, note=list(TIMES))


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("2024-01-01", "2024-02-01"),
        ("2024", "2024-02"),
        ("2024-01-01", "2024-02-01T00:00:00+00:00"),
        ("2024-01-01T01:00+01:00", "2024-02-01"),
        (date(2024, 1, 1), datetime(2024, 2, 1)),
        (datetime(2024, 1, 1, tzinfo=UTC), pd.Timestamp("2024-02-01", tz="UTC")),
    ],
)
def test_during_keeps_what_was_or_may_have_been_in_the_window(start: Any, end: Any) -> None:
    part = timed().during(start, end)
    assert sorted(part.relationships["note"]) == sorted(INSIDE)
    assert part.n_entities == 2


@pytest.mark.parametrize("start", ["01/02/2024", "soon", "", None, 2024, pd.NaT, float("nan")])
def test_during_refuses_what_is_no_time(start: Any) -> None:
    with pytest.raises(ArgumentError, match="'start' must be a date or time, ISO 8601"):
        timed().during(start, "2024-02-01")
    with pytest.raises(ArgumentError, match="'end' must be a date or time, ISO 8601"):
        timed().during("2024-01-01", start)


@pytest.mark.parametrize("end", ["2024-01-01", "2023-01-01"])
def test_a_window_ends_after_it_starts(end: str) -> None:
    with pytest.raises(ArgumentError, match="'start' must be earlier than 'end'"):
        timed().during("2024-01-01", end)


# Three readings of direction


@pytest.mark.parametrize("weight", ["weight", None])
@pytest.mark.parametrize("directed", [None, True, False])
@pytest.mark.parametrize("seed", range(3))
def test_ties_are_those_of_a_loop(seed: int, directed: bool | None, weight: str | None) -> None:
    network = mixed(seed)
    expected = np.zeros((network.n_entities, network.n_entities))
    at = {entity: i for i, entity in enumerate(network.entities.index)}
    for _, row in network.relationships.iterrows():
        more = 1.0 if weight is None else row[weight]
        source, target = at[row["source"]], at[row["target"]]
        expected[source, target] += more
        both = row["relationship_type"] == UNDIRECTED if directed is None else not directed
        if both and source != target:
            expected[target, source] += more
    found = network.to_scipy(directed=directed, weight=weight)
    np.testing.assert_allclose(found.toarray(), expected, rtol=1e-12)
    assert found.nnz == (expected != 0).sum()


def test_direction_is_that_of_the_types_unless_told() -> None:
    assert not random_network(0).is_directed()
    assert mixed().is_directed()
    assert mixed().is_directed(False) is False
    assert random_network(0).is_directed(True) is True


@pytest.mark.parametrize("directed", [None, True, False])
@pytest.mark.parametrize("seed", range(4))
def test_row_order_and_flipped_ends_change_no_bit(seed: int, directed: bool | None) -> None:
    network = mixed(seed, m=120)
    other = shuffled(network, seed, flip=directed is not True)
    one, two = network.to_scipy(directed=directed), other.to_scipy(directed=directed)
    for part in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(one, part), getattr(two, part))
    pd.testing.assert_index_equal(network.entities.index, other.entities.index)


def test_any_numeric_column_can_be_the_weight() -> None:
    network = network_of([("a", "b"), ("b", "a")], euros=[2, 3], gap=[1.0, None])
    assert network.to_scipy(weight="euros")[0, 1] == 5
    # R10: a missing strength is an error, never a sum that is quietly missing.
    with pytest.raises(ArgumentError, match="none missing, infinite or negative; in 'gap' 1 of 2"):
        network.to_scipy(weight="gap")
    with pytest.raises(ArgumentError, match=r"no column 'euro'\. Did you mean 'euros'"):
        network.to_scipy(weight="euro")
    with pytest.raises(ArgumentError, match="'weight' must be a numeric column, 'source' is not"):
        network.to_scipy(weight="source")


# Relationship ids


def test_ids_that_were_given_are_kept() -> None:
    assert sorted(mixed().relationships.index) == sorted(f"r{i}" for i in range(30))
    assert mixed().relationships.index.name == "relationship_id"


@given(st.integers(0, 50), st.integers(0, 50))
@settings(max_examples=12, deadline=None)
def test_made_ids_belong_to_the_content_of_a_row(seed: int, order: int) -> None:
    network = mixed(seed, n=3, m=25, ids=False)
    rng = np.random.default_rng(order)
    entities, rows = columns_of(network)
    turn = (rows["relationship_type"] == UNDIRECTED) & (rng.random(len(rows)) < 0.5)
    rows.loc[turn, ["source", "target"]] = rows.loc[turn, ["target", "source"]].to_numpy()
    rows = rows.iloc[rng.permutation(len(rows))][rng.permutation(rows.columns)]
    other = nl.read_tables(entities.iloc[rng.permutation(len(entities))], rows)

    def contents(network: nl.Network) -> dict[str, tuple[Any, ...]]:
        table = network.relationships
        ends = [
            (a, b) if kind == DIRECTED else tuple(sorted((a, b)))
            for a, b, kind in zip(
                table["source"], table["target"], table["relationship_type"], strict=True
            )
        ]
        rest = zip(table["weight"], table["note"].fillna(""), strict=True)
        return dict(zip(table.index, zip(ends, rest, strict=True), strict=True))

    assert contents(other) == contents(network)
    assert network.relationships.index.is_unique


def test_rows_that_say_the_same_are_numbered() -> None:
    ids = network_of([("a", "b"), ("b", "a"), ("a", "b", 2)]).relationships.index
    numbered = [name for name in ids if name.endswith("-2")]
    assert len(numbered) == 1
    assert numbered[0].removesuffix("-2") in ids
    directed = network_of([("a", "b"), ("b", "a")], directed=True).relationships.index
    assert not any("-" in name for name in directed)


def test_made_ids_are_the_same_on_every_machine() -> None:
    network = network_of([("a", "b"), ("b", "c", 2.5)])
    assert network.relationships.index.tolist() == ["r6fffa90a679fa7ec", "re6bc92c86c884a65"]


# Hand-over


def test_igraph_gets_every_relationship_and_column() -> None:
    network = mixed(6)
    graph = network.to_igraph()
    assert graph.is_directed()
    assert graph.vs["name"] == network.entities.index.tolist()
    rows = network.relationships
    assert graph.es["relationship_id"] == rows.index.tolist()
    assert graph.es["weight"] == rows["weight"].tolist()
    ends = [(graph.vs[e.source]["name"], graph.vs[e.target]["name"]) for e in graph.es]
    assert ends == list(zip(rows["source"], rows["target"], strict=True))
    assert not random_network(0).to_igraph().is_directed()


def test_networkx_gets_every_relationship_and_column() -> None:
    network = mixed(6)
    graph = network.to_networkx()
    assert isinstance(graph, nx.MultiDiGraph)
    assert list(graph) == network.entities.index.tolist()
    rows = network.relationships
    found = {key: (a, b, data["weight"]) for a, b, key, data in graph.edges(keys=True, data=True)}
    wanted = zip(rows["source"], rows["target"], rows["weight"], strict=True)
    assert found == dict(zip(rows.index, wanted, strict=True))
    assert graph.nodes["p0"]["entity_type"] == "person"
    assert type(random_network(0).to_networkx()) is nx.MultiGraph


def test_columns_may_be_called_as_the_other_library_calls_its_own() -> None:
    odd = ["name", "key", "self", "node_for_adding", "u_for_edge", "attr"]
    people = pd.DataFrame({"entity_id": ["a", "b"], "entity_type": "person"})
    rows = pd.DataFrame({"source": ["a"], "target": ["b"], "relationship_type": ["knows"]})
    people[odd] = rows[odd] = "x"
    network = nl.read_tables(people, rows)
    graph = network.to_igraph()
    assert graph.vs["name"] == ["a", "b"]
    assert graph.vs["name_in_table"] == ["x", "x"]
    assert graph.es["name"] == graph.es["key"] == ["x"]
    other = network.to_networkx()
    assert other.nodes["a"]["node_for_adding"] == "x"
    assert [data["key"] for *_, data in other.edges(data=True)] == ["x"]


# Shapes


@pytest.mark.parametrize("entities", [[], ["a"]])
def test_next_to_nothing_is_a_network(entities: list[str]) -> None:
    network = network_of([], entities=entities)
    assert (network.n_entities, network.n_relationships) == (len(entities), 0)
    assert network.to_scipy().shape == (len(entities), len(entities))
    assert network.to_scipy(directed=False, weight=None).nnz == 0
    assert not network.is_directed()
    assert network.relationships.index.name == "relationship_id"
    assert network.relationships.empty
    assert network.to_igraph().vcount() == len(network.to_networkx()) == len(entities)
    nl.testing.assert_networks_equal(network.subgraph(entities), network)
    nl.testing.assert_networks_equal(network.where(min_confidence=0.5), network)
    nl.testing.assert_networks_equal(network.during("2024", "2025"), network)


@pytest.mark.parametrize("directed", [True, False])
def test_a_self_loop_stands_once_on_the_diagonal(directed: bool) -> None:
    network = network_of([("a", "a", 2), ("a", "b", 1)], directed=directed)
    for reading in (None, True, False):
        assert network.to_scipy(directed=reading)[0, 0] == 2
    assert network.neighbors("a").tolist() == ["b"]


@pytest.mark.slow
def test_a_million_parallel_ties_are_one() -> None:
    n = 1_000_000
    ends = pd.DataFrame({"source": ["a"], "target": ["b"], "relationship_type": ["knows"]})
    network = nl.read_tables(None, ends.loc[np.zeros(n, dtype=int)].reset_index(drop=True))
    assert repr(network) == (
        "<Network of 2 entities and 1,000,000 relationships (1 component, 0 isolates)>"
    )
    ties = network.to_scipy()
    assert ties.nnz == 2
    assert ties[0, 1] == ties[1, 0] == n
    assert network.relationships.index.is_unique
    assert Counter(network.codes[0].tolist()) == {0: n}


def test_a_path_of_a_hundred_thousand_is_one_component() -> None:
    names = [f"p{i:06d}" for i in range(100_000)]
    ends = pd.DataFrame({"source": names[:-1], "target": names[1:], "relationship_type": "knows"})
    network = nl.read_tables(None, ends)
    assert (network.n_components, network.n_isolates) == (1, 0)
    assert network.neighbors(names[50_000]).tolist() == [names[49_999], names[50_001]]


def test_attachments_are_read_both_ways_unless_asked_not_to() -> None:
    rows = pd.DataFrame(
        {
            "source": ["a", "b", "x"],
            "target": ["x", "y", "y"],
            "relationship_type": ["uses", "uses", "communicated"],
        }
    )
    network = nl.read_tables(None, rows)
    by_type = network.to_scipy().toarray()
    positions = {entity: i for i, entity in enumerate(network.entities.index)}
    a, b, x, y = (positions[entity] for entity in "abxy")
    assert by_type[a, x] == by_type[x, a] == by_type[b, y] == by_type[y, b] == 1
    assert (by_type[x, y], by_type[y, x]) == (1, 0)
    assert network.to_scipy(directed=True).toarray()[x, a] == 0
    assert network.is_directed()
    assert not network.where(relationship_types=["uses"]).is_directed()
    assert nl.paths.shortest(network, "a", "b")["entity_id"].tolist() == ["a", "x", "y", "b"]
    with pytest.raises(nl.errors.NoPathError):
        nl.paths.shortest(network, "b", "a")


def test_references_follow_same_as_between_entities_of_one_type() -> None:
    entities = pd.DataFrame(
        {
            "entity_id": ["a", "b", "c", "d", "x", "y"],
            "entity_type": ["person"] * 4 + ["phone"] * 2,
            "protection_status": ["none", "none", "child", "none", "unknown", "unknown"],
        }
    )
    rows = pd.DataFrame(
        {
            "source": ["c", "b", "y", "d", "a"],
            "target": ["b", "a", "x", "x", "d"],
            "relationship_type": ["same_as", "same_as", "same_as", "same_as", "knows"],
        }
    )
    network = nl.read_tables(entities, rows)
    assert network.references.tolist() == [0, 0, 0, 3, 4, 4]
    assert network.is_protected.tolist() == [True, True, True, False, False, False]
    with pytest.raises(ValueError, match="read-only"):
        network.references[0] = 1
    empty = network.subgraph([])
    assert len(empty.references) == len(empty.is_protected) == 0


def test_of_two_wrong_bounds_the_same_is_told() -> None:
    families = nl.datasets.florentine_families()
    for words in (["below", "at_least", "above"], ["above", "below", "at_least"]):
        with pytest.raises(nl.errors.ArgumentError, match="'at_least' of a column of numbers"):
            families.where(relationship_columns={"weight": dict.fromkeys(words, "x")})
