"""Projections: every way to be tied by hand, and against the rules in plain Python."""

from __future__ import annotations

import json
from collections import defaultdict
from itertools import combinations, product
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, random_network, shuffled

import netlink as nl
from netlink.errors import ArgumentError, UnknownEntityError
from netlink.schema import RELATIONSHIP_COLUMNS

LETTERS = {
    "p": "person",
    "t": "phone",
    "a": "account",
    "v": "vehicle",
    "l": "location",
    "x": "advert",
    "e": "event",
    "o": "organisation",
    "u": "unknown",
}
COLUMNS = ["source", "target", "relationship_type"]


def case(*records: tuple[str, str, str], entities: str = "", **columns: Any) -> nl.Network:
    """A network of records with ids r0, r1, ...; the first letter of an entity is its type."""
    rows = pd.DataFrame(list(records), columns=["source", "relationship_type", "target"])
    rows["relationship_id"] = [f"r{i}" for i in range(len(rows))]
    names = sorted({*rows["source"], *rows["target"], *entities.split()})
    table = pd.DataFrame({"entity_id": names, "entity_type": [LETTERS[n[0]] for n in names]})
    return nl.read_tables(table, rows.assign(**columns))


def ties(network: nl.Network) -> list[list[str]]:
    return network.relationships[COLUMNS].values.tolist()


def only(network: nl.Network) -> pd.Series:
    assert network.n_relationships == 1, ties(network)
    return network.relationships.iloc[0]


def balances(network: nl.Network) -> None:
    for table in ("entities", "relationships"):
        rows = network.ledger[network.ledger["table"] == table].groupby("outcome")["rows"].sum()
        assert rows["read"] == rows.get("used", 0) + rows.get("set aside", 0)
    assert list(network.ledger.columns) == ["table", "outcome", "detail", "rows"]


def aside(network: nl.Network) -> dict[str, int]:
    rows = network.ledger[network.ledger["outcome"] == "set aside"]
    rows = rows[rows["table"] == "relationships"]
    return dict(zip(rows["detail"], rows["rows"], strict=True))


# One way to be tied at a time


def test_direct_records_of_one_type_are_one_tie() -> None:
    network = case(
        ("p1", "communicated", "p2"),
        ("p1", "communicated", "p2"),
        ("p2", "communicated", "p1"),
        ("p2", "knows", "p1"),
        ("p1", "knows", "p2"),
        weight=[2.0, 3.0, 1.0, 1.0, 1.0],
    )
    people = nl.transform.project(network)
    assert ties(people) == [
        ["p1", "p2", "communicated"],
        ["p1", "p2", "knows"],
        ["p2", "p1", "communicated"],
    ]
    table = people.relationships
    assert table["weight"].tolist() == [5, 2, 1]
    assert table["relationship_ids"].tolist() == [["r0", "r1"], ["r3", "r4"], ["r2"]]
    assert table["via"].tolist() == [[], [], []]


@pytest.mark.parametrize(
    ("letter", "holding", "kind"), [("t", "uses", "communicated"), ("a", "owns", "paid")]
)
def test_a_record_between_objects_is_one_between_their_holders(
    letter: str, holding: str, kind: str
) -> None:
    one, two = f"{letter}1", f"{letter}2"
    network = case(
        ("p1", holding, one),
        ("p2", holding, two),
        (one, kind, two),
        (one, kind, two),
        ("p1", kind, two),
        weight=[9, 9, 2, 3, 4],
        start=["2020-01-01", "2020-01-01", "2024-03-01", "2024-02-01", "2024-01-15"],
        end=[None, None, None, "2024-02-02", None],
        document=["d1", "d2", "d9", "d3", "d3"],
    )
    people = nl.transform.project(network)
    row = only(people)
    assert row[COLUMNS].tolist() == ["p1", "p2", kind]
    assert row["relationship_ids"] == ["r0", "r1", "r2", "r3", "r4"]
    assert row["via"] == [one, two]
    assert row["documents"] == ["d1", "d2", "d3", "d9"]
    assert pd.isna(row["document"])
    assert row["weight"] == 9  # of the three that link, without the holdings
    assert (row["start"], row["end"]) == (
        pd.Timestamp("2024-01-15", tz="UTC"),
        pd.Timestamp("2024-03-01", tz="UTC"),
    )
    balances(people)
    assert aside(people) == {}


def test_direct_and_derived_records_of_a_type_are_one_tie() -> None:
    network = case(
        ("p1", "uses", "t1"),
        ("t1", "communicated", "p2"),
        ("p1", "communicated", "p2"),
    )
    row = only(nl.transform.project(network))
    assert row["relationship_ids"] == ["r0", "r1", "r2"]
    assert row["weight"] == 2


@pytest.mark.parametrize(
    ("kind", "thing"),
    [
        ("uses", "t1"),
        ("owns", "a1"),
        ("uses", "v1"),
        ("resides_at", "l1"),
        ("seen_at", "l1"),
        ("advertised_in", "x1"),
        ("suspect_in", "e1"),
        ("member_of", "o1"),
        ("communicated", "t1"),
    ],
)
def test_two_people_at_an_object_share_it(kind: str, thing: str) -> None:
    row = only(nl.transform.project(case(("p2", kind, thing), ("p1", kind, thing))))
    assert row[COLUMNS].tolist() == ["p1", "p2", "shares"]
    assert row["relationship_ids"] == ["r0", "r1"]
    assert row["via"] == [thing]
    assert row["weight"] == 1


def test_a_share_weighs_less_the_more_people_have_it() -> None:
    records = [(f"p{i}", "uses", "v1") for i in range(4)]
    records += [("p0", "stayed_at", "l1"), ("p1", "stayed_at", "l1")]
    people = nl.transform.project(case(*records))
    weights = {
        (row.source, row.target): row.weight for row in people.relationships.itertuples(index=False)
    }
    assert weights[("p2", "p3")] == pytest.approx(1 / 3)
    assert weights[("p0", "p1")] == pytest.approx(1 / 3 + 1)
    assert people.relationships["via"].iloc[0] == ["l1", "v1"]


def test_who_holds_an_object_stands_where_the_object_does() -> None:
    network = case(
        ("p1", "uses", "t1"),
        ("t1", "listed_in", "x1"),
        ("p2", "advertised_in", "x1"),
        ("p3", "owns", "v1"),
        ("v1", "seen_at", "l1"),
        ("p2", "resides_at", "l1"),
        start=["2020-01-01", "2024-01-01", "2024-01-02", "2020-01-01", None, None],
    )
    people = nl.transform.project(network)
    assert ties(people) == [["p1", "p2", "shares"], ["p2", "p3", "shares"]]
    first, second = people.relationships.itertuples()
    assert first.relationship_ids == ["r0", "r1", "r2"]
    assert first.via == ["t1", "x1"]
    assert first.start == pd.Timestamp("2024-01-01", tz="UTC")  # not that of the holding
    assert second.relationship_ids == ["r3", "r4", "r5"]
    assert second.via == ["l1", "v1"]
    assert pd.isna(second.start)


def test_only_what_can_stand_between_people_is_read_so() -> None:
    # Nobody is "seen at" the owner of a place, and the owner is not at every vehicle seen there.
    network = case(("p1", "uses", "v1"), ("v1", "seen_at", "l1"), ("p2", "owns", "l1"))
    row = only(nl.transform.project(network))
    assert row[COLUMNS].tolist() == ["p1", "p2", "shares"]
    assert row["via"] == ["l1", "v1"]
    unheld = case(
        ("p1", "owns", "l1"), ("v9", "seen_at", "l1"), ("v9", "seen_at", "l2"), ("p2", "owns", "l2")
    )
    assert nl.transform.project(unheld).n_relationships == 0


def test_one_sighting_of_a_shared_vehicle_is_one_record() -> None:
    network = case(("p1", "uses", "v1"), ("p2", "uses", "v1"), ("v1", "seen_at", "l1"))
    people = nl.transform.project(network)
    row = only(people)
    assert row["via"] == ["v1"]
    assert row["weight"] == 1
    assert aside(people) == {"ties no two entities of type person": 1}


def test_phones_that_called_one_unheld_number_tie_their_holders() -> None:
    network = case(
        ("p1", "uses", "t1"),
        ("p2", "uses", "t2"),
        ("t1", "communicated", "t9"),
        ("t9", "communicated", "t2"),
    )
    row = only(nl.transform.project(network))
    assert row["relationship_type"] == "shares"
    assert row["via"] == ["t1", "t2", "t9"]
    assert row["relationship_ids"] == ["r0", "r1", "r2", "r3"]


def test_a_call_to_a_held_phone_is_no_share_of_it() -> None:
    network = case(("p1", "uses", "t1"), ("p2", "communicated", "t1"), ("p3", "communicated", "t1"))
    assert ties(nl.transform.project(network)) == [
        ["p2", "p1", "communicated"],
        ["p3", "p1", "communicated"],
    ]


def test_the_acts_of_an_organisation_are_not_laid_on_its_people() -> None:
    network = case(
        ("p1", "employed_by", "o1"),
        ("p2", "owns", "o1"),
        ("o1", "recruited", "p3"),
        ("o1", "paid", "a1"),
        ("p4", "owns", "a1"),
    )
    people = nl.transform.project(network)
    assert set(people.relationships["relationship_type"]) == {"shares"}
    assert people.n_relationships == 6
    assert set(people.relationships["weight"]) == {1 / 3}


# Identity, oneself, nothing


def test_identity_stays_between_people_and_ties_nobody_through_objects() -> None:
    network = case(
        ("p1", "same_as", "p2"),
        ("p1", "uses", "t1"),
        ("p3", "uses", "t2"),
        ("t1", "same_as", "t2"),
    )
    people = nl.transform.project(network)
    assert ties(people) == [["p1", "p2", "same_as"]]
    assert only(people)["relationship_ids"] == ["r0"]
    assert aside(people)["says that two objects are one"] == 1
    balances(people)


def test_nobody_is_tied_to_oneself() -> None:
    network = case(
        ("p1", "uses", "t1"),
        ("p1", "uses", "t2"),
        ("t1", "communicated", "t2"),
        ("p1", "communicated", "p1"),
        ("t1", "communicated", "t1"),
        ("p1", "uses", "t1"),
        ("u1", "communicated", "p1"),
    )
    people = nl.transform.project(network)
    assert people.n_relationships == 0
    assert aside(people) == {
        "from an entity to itself": 2,
        "ties no two entities of type person": 5,
    }
    balances(people)


def test_entities_keep_their_rows_and_types() -> None:
    network = case(("p2", "uses", "t1"), ("p3", "uses", "t1"), entities="p1 p9")
    people = nl.transform.project(network)
    wanted = network.entities[network.entities["entity_type"] == "person"]
    pd.testing.assert_frame_equal(people.entities, wanted)
    table = people.relationships
    extra = ["relationship_ids", "documents", "via"]
    assert [table.index.name, *table.columns] == [*RELATIONSHIP_COLUMNS, *extra]
    for name in RELATIONSHIP_COLUMNS[1:]:
        assert table[name].dtype == network.relationships[name].dtype, name


def test_the_empty_and_the_unconnected_have_the_same_columns() -> None:
    full = nl.transform.project(case(("p2", "uses", "t1"), ("p3", "uses", "t1")))
    for network in (case(entities="p1 p2"), case(entities="t1"), case()):
        people = nl.transform.project(network)
        assert people.n_relationships == 0
        assert list(people.relationships.columns) == list(full.relationships.columns)
        assert people.relationships.dtypes.equals(full.relationships.dtypes)
        balances(people)


def test_onto_another_type() -> None:
    network = case(
        ("t1", "listed_in", "x1"), ("t2", "listed_in", "x1"), ("t2", "communicated", "t1")
    )
    phones = nl.transform.project(network, onto="phone")
    assert ties(phones) == [["t1", "t2", "shares"], ["t2", "t1", "communicated"]]
    assert set(phones.entities["entity_type"]) == {"phone"}


def test_a_projection_of_a_projection_changes_no_tie() -> None:
    people = nl.transform.project(case(("p1", "uses", "t1"), ("p2", "uses", "t1")))
    again = nl.transform.project(people)
    assert ties(again) == ties(people)
    assert only(again)["weight"] == only(people)["weight"]
    assert again.relationships.index.equals(people.relationships.index)


# Numbers that come along


def test_confidence_is_that_of_the_best_known_chain() -> None:
    network = case(
        ("p1", "uses", "t1"),
        ("p1", "owns", "t1"),
        ("p2", "uses", "t2"),
        ("t1", "communicated", "t2"),
        ("t1", "communicated", "t2"),
        confidence=[0.5, 0.8, 0.9, 0.4, np.nan],
    )
    assert only(nl.transform.project(network))["confidence"] == pytest.approx(0.8 * 0.9 * 0.4)
    unknown = case(("p1", "uses", "t1"), ("p2", "uses", "t1"), confidence=[np.nan, 1.0])
    assert np.isnan(only(nl.transform.project(unknown))["confidence"])
    shared = case(
        ("p1", "uses", "t1"),
        ("p2", "uses", "t1"),
        ("p1", "seen_at", "l1"),
        ("p2", "seen_at", "l1"),
        confidence=[0.9, 0.5, 0.7, 0.8],
    )
    assert only(nl.transform.project(shared))["confidence"] == pytest.approx(0.7 * 0.8)


def test_texts_stand_where_the_records_agree_and_handling_is_never_lost() -> None:
    network = case(
        ("p1", "knows", "p2"),
        ("p1", "knows", "p2"),
        ("p1", "met", "p3"),
        ("p1", "met", "p3"),
        dataset=["one", "one", "one", None],
        document=["d1", "d2", "d1", "d1"],
        handling=["P", "C", "C", "C"],
    )
    table = nl.transform.project(network).relationships
    assert table["dataset"].tolist() == ["one", "one"]
    assert table["document"].isna().tolist() == [True, False]
    assert table["documents"].tolist() == [["d1", "d2"], ["d1"]]
    assert table["handling"].tolist() == ["C; P", "C"]


def test_a_tie_keeps_its_id_when_records_are_added() -> None:
    few = nl.transform.project(case(("p1", "uses", "t1"), ("p2", "uses", "t1")))
    more = nl.transform.project(
        case(("p1", "uses", "t1"), ("p2", "uses", "t1"), ("p1", "uses", "v1"), ("p2", "uses", "v1"))
    )
    assert few.relationships.index.tolist() == more.relationships.index.tolist()


# Crowds


def test_an_object_of_many_is_not_expanded_and_is_listed() -> None:
    records = [(f"p{i}", "uses", "t1") for i in range(4)]
    records += [("t1", "communicated", "t2"), ("p9", "uses", "t2"), ("p0", "uses", "v1")]
    network = case(*records, ("p1", "uses", "v1"))
    people = nl.transform.project(network, max_shared=3)
    assert ties(people) == [["p0", "p1", "shares"]]
    assert only(people)["via"] == ["v1"]
    row = people.rejected.iloc[0]
    assert len(people.rejected) == 1
    assert list(people.rejected.columns) == ["table", "row", "column", "reason", "record"]
    assert row[["table", "column"]].tolist() == ["entities", "entity_id"]
    assert network.entities.index[row["row"]] == "t1"
    assert row["reason"] == "shared by more than 3 people: not expanded"
    wanted = {"entity_id": "t1", "entity_type": "phone", "people": 4}
    assert json.loads(row["record"]) == wanted
    assert aside(people) == {
        "object shared by more than 3 people": 5,
        "ties no two entities of type person": 1,
    }
    balances(people)
    expanded = nl.transform.project(network, max_shared=4)
    assert len(expanded.rejected) == 0
    assert ["p0", "p9", "communicated"] in ties(expanded)


def test_a_crowd_at_a_place_is_counted_through_what_it_holds() -> None:
    records = [(f"p{i}", "uses", f"v{i}") for i in range(3)]
    records += [(f"v{i}", "seen_at", "l1") for i in range(3)]
    assert nl.transform.project(case(*records), max_shared=2).n_relationships == 0
    assert nl.transform.project(case(*records), max_shared=3).n_relationships == 3


@pytest.mark.parametrize("wrong", [0, -1, True, 2.0])
def test_bad_arguments_are_refused_in_words(wrong: Any) -> None:
    network = case(("p1", "knows", "p2"))
    with pytest.raises(ArgumentError, match="'max_shared' must be a positive integer"):
        nl.transform.project(network, max_shared=wrong)
    with pytest.raises(ArgumentError, match=r"'onto'.*Did you mean 'person'"):
        nl.transform.project(network, onto="persons")
    with pytest.raises(ArgumentError, match="'hops' must be a positive integer"):
        nl.transform.ego(network, ["p1"], hops=wrong)
    with pytest.raises(ArgumentError, match="'max_degree' must be a positive integer"):
        nl.transform.ego(network, ["p1"], max_degree=wrong)


# Against the rules in plain Python

ENDS = {
    "communicated": ("pto", "pto"),
    "paid": ("pao", "pao"),
    "knows": ("p", "p"),
    "uses": ("po", "tavl"),
    "owns": ("po", "tavlo"),
    "member_of": ("p", "o"),
    "seen_at": ("pvt", "le"),
    "listed_in": ("tpl", "x"),
    "advertised_in": ("p", "x"),
    "recruited": ("po", "p"),
    "same_as": ("ptavlxeo", "ptavlxeo"),
}
MUTUAL = {"communicated", "paid", "knows", "recruited"}


def by_the_rules(  # noqa: PLR0912 (one branch a rule)
    network: nl.Network, max_shared: int
) -> dict[tuple[str, ...], tuple[Any, ...]]:
    """Weight, records and objects of every tie, record by record."""
    rows = list(network.relationships.itertuples())
    held, ties = defaultdict(lambda: defaultdict(set)), defaultdict(list)
    for row in rows:
        kind, first, second = row.relationship_type, row.source[0], row.target[0]
        if kind in ("uses", "owns") and first == "p" and second != "o":
            held[row.target][row.source].add(row.Index)

    def bearers(end: str) -> list[tuple[str, set[str], set[str]]]:
        if end[0] == "p":
            return [(end, set(), set())]
        few = held[end] if len(held[end]) <= max_shared else {}
        return [(person, ids, {end}) for person, ids in few.items()]

    at = defaultdict(lambda: defaultdict(list))
    for row in rows:
        s, t, kind = row.source, row.target, row.relationship_type
        stands = [end[0] == "p" or bool(held[end]) for end in (s, t)]
        if s == t or (kind == "same_as" and s[0] + t[0] != "pp"):
            continue
        if s[0] + t[0] == "pp" or (kind in MUTUAL and all(stands)):
            for (a, ids, one), (b, more, two) in product(bearers(s), bearers(t)):
                if a != b:
                    pair = (
                        (a, b) if kind in ("communicated", "paid", "recruited") else sorted((a, b))
                    )
                    ties[(*pair, kind)].append(
                        ({row.Index: row.weight}, {row.Index, *ids, *more}, one | two)
                    )
        elif "p" in (s[0], t[0]):
            person, thing = (s, t) if s[0] == "p" else (t, s)
            at[thing][person].append((row.Index, {row.Index}, {thing}))
        elif stands[0] or (stands[1] and kind in MUTUAL):
            holder, thing = (s, t) if stands[0] else (t, s)
            for person, ids, via in bearers(holder):
                at[thing][person].append((holder, {row.Index, *ids}, {thing, *via}))
    for thing, people in at.items():
        if 1 < len(people) <= max_shared:
            for a, b in combinations(sorted(people), 2):
                for (one, ids, via), (two, more, also) in product(people[a], people[b]):
                    if one != two:
                        share = {thing: 1 / (len(people) - 1)}
                        ties[(a, b, "shares")].append((share, ids | more, via | also))
    found = {}
    for key, parts in ties.items():
        weight = {name: value for part, _, _ in parts for name, value in part.items()}
        records, via = (set().union(*(part[i] for part in parts)) for i in (1, 2))
        found[key] = (pytest.approx(sum(weight.values())), sorted(records), sorted(via))
    return found


@st.composite
def cases(draw: st.DrawFn) -> nl.Network:
    records = []
    for _ in range(draw(st.integers(0, 25))):
        kind = draw(st.sampled_from(sorted(ENDS)))
        first, second = ENDS[kind]
        ends = [
            draw(st.sampled_from(side)) + str(draw(st.integers(1, 3))) for side in (first, second)
        ]
        if kind == "same_as":
            ends[1] = ends[0][0] + ends[1][1]
        records.append((ends[0], kind, ends[1]))
    weight = draw(st.lists(st.integers(1, 4), min_size=len(records), max_size=len(records)))
    return case(*records, weight=[w / 2 for w in weight])


@pytest.mark.slow
@given(cases(), st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_every_tie_follows_from_the_rules(network: nl.Network, max_shared: int) -> None:
    people = nl.transform.project(network, max_shared=max_shared)
    found = {
        (row.source, row.target, row.relationship_type): (row.weight, row.relationship_ids, row.via)
        for row in people.relationships.itertuples()
    }
    assert found == by_the_rules(network, max_shared)
    balances(people)
    used = {name for _, records, _ in found.values() for name in records}
    assert used <= set(network.relationships.index)
    ledger = people.ledger[people.ledger["table"] == "relationships"]
    assert ledger.loc[ledger["outcome"] == "used", "rows"].sum() == len(used)
    ends = network.relationships[["source", "target"]]
    for (a, b, _), (_, records, _) in found.items():
        touched = set(ends.loc[records].to_numpy().ravel())
        assert {a, b} <= touched


@given(cases(), st.integers(0, 9))
@settings(max_examples=6, deadline=None)
def test_the_order_of_the_rows_does_not_show(network: nl.Network, seed: int) -> None:
    ours = nl.transform.project(network, max_shared=2)
    theirs = nl.transform.project(shuffled(network, seed), max_shared=2)
    pd.testing.assert_frame_equal(ours.relationships, theirs.relationships)
    pd.testing.assert_frame_equal(ours.ledger, theirs.ledger)
    pd.testing.assert_frame_equal(ours.rejected, theirs.rejected)


def test_the_synthetic_case_is_projected_whole() -> None:
    made = nl.datasets.synthetic_case(size=300)
    network = nl.read_tables(made.entities, made.relationships, schema=made.schema)
    people = nl.transform.project(network)
    balances(people)
    kinds = set(people.relationships["relationship_type"])
    assert {"shares", "communicated", "paid"} <= kinds
    assert people.n_entities == (network.entities["entity_type"] == "person").sum()


@pytest.mark.slow
def test_a_million_records_take_seconds() -> None:
    rng = np.random.default_rng(0)
    person, thing = rng.integers(0, 100_000, 10**6), rng.integers(0, 200_000, 10**6)
    table = pd.DataFrame({"source": person, "target": thing}).astype("str")
    table["source"], table["target"] = "p" + table["source"], "t" + table["target"]
    network = nl.read_tables(None, table.assign(relationship_type="uses"))
    people = nl.transform.project(network)
    balances(people)
    assert people.n_relationships > 10**6


# Ego networks


@pytest.mark.parametrize("directed", [True, False])
@pytest.mark.parametrize("hops", [1, 2, 3])
def test_an_ego_network_is_what_lies_within_some_hops(hops: int, directed: bool) -> None:
    import networkx as nx

    for seed in range(4):
        network = random_network(seed, directed=directed, loops=True)
        start = [network.entities.index[0], network.entities.index[5]]
        graph = nx.Graph(network.to_networkx())
        wanted = {e for s in start for e in nx.ego_graph(graph, s, radius=hops).nodes}
        found = nl.transform.ego(network, start, hops=hops)
        assert set(found.entities.index) == wanted
        pd.testing.assert_frame_equal(
            found.relationships, network.subgraph(sorted(wanted)).relationships
        )
        assert len(found.rejected) == 0


def test_a_hub_is_kept_but_not_walked_through() -> None:
    spokes = [("hub", f"s{i}") for i in range(5)]
    network = network_of([("a", "hub"), ("a", "b"), ("b", "c"), *spokes])
    found = nl.transform.ego(network, ["a"], hops=2, max_degree=5)
    assert found.entities.index.tolist() == ["a", "b", "c", "hub"]
    row = found.rejected.iloc[0]
    assert network.entities.index[row["row"]] == "hub"
    assert row["reason"] == "more than 5 neighbors: not walked through"
    wanted = {"entity_id": "hub", "entity_type": "person", "neighbors": 6}
    assert json.loads(row["record"]) == wanted
    assert nl.transform.ego(network, ["a"], hops=2, max_degree=6).n_entities == 9
    # At the rim nothing is cut off; and what is asked about is always walked from.
    assert len(nl.transform.ego(network, ["a"], hops=1, max_degree=1).rejected) == 0
    assert nl.transform.ego(network, ["hub"], max_degree=1).n_entities == 7


def test_an_ego_network_keeps_the_ledger_of_reading() -> None:
    people = pd.DataFrame({"entity_id": ["a", "b", "c"], "entity_type": "person"})
    rows = pd.DataFrame({"source": ["a", "b", "a"], "target": ["b", "c", "nobody"]})
    network = nl.read_tables(people, rows, on_invalid="reject")
    found = nl.transform.ego(network, ["a"], hops=2, max_degree=1)
    assert found.entities.index.tolist() == ["a", "b"]
    assert found.rejected["table"].tolist() == ["relationships", "entities"]
    pd.testing.assert_frame_equal(found.ledger, network.ledger)


def test_an_unknown_entity_is_not_named() -> None:
    with pytest.raises(UnknownEntityError) as caught:
        nl.transform.ego(network_of([("a", "b")]), ["canary"])
    assert "canary" not in str(caught.value)
