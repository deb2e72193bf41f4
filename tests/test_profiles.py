"""A person's page: where it stands, what is nearest, and what it never shows."""

from __future__ import annotations

import pickle
from dataclasses import FrozenInstanceError
from html.parser import HTMLParser
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from networks import network_of, networks, random_network, shuffled
from pictures import made_up, table

import netlink as nl
from netlink.errors import ArgumentError, UnknownEntityError

CANARIES = ["CANARY-self", "CANARY-victim", "CANARY-friend", "CANARY-phone"]
HOSTILE = "<script>alert(1)</script> & \"x\" 'y'"


def page_network() -> nl.Network:
    """A person with a victim, a friend and a phone, with times and weights."""
    entities = table(
        entity_id=[*CANARIES, "CANARY-alias"],
        entity_type=["person", "person", "person", "phone", "person"],
        label=["LABEL-self", "LABEL-victim", "LABEL-friend", HOSTILE, "LABEL-alias"],
        protection_status=["none", "identified_victim", "none", "unknown", "unknown"],
    )
    me, victim, friend, phone, alias = entities["entity_id"]
    rows = [
        ("r1", me, victim, "recruited", 1.0, "2024-01-05", None),
        ("r2", friend, me, "communicated", 0.1, "2024-02-01", "2024-02-03"),
        ("r3", me, friend, "communicated", 0.2, "2024-01-01", None),
        ("r4", friend, me, "knows", 0.3, None, None),
        ("r5", me, phone, "uses", 1.0, "2023-06-01", "2025-01-01"),
        ("r6", me, me, "communicated", 9.0, None, None),
        ("r7", victim, alias, "same_as", 1.0, None, None),
    ]
    names = ["relationship_id", "source", "target", "relationship_type", "weight", "start", "end"]
    return nl.read_tables(entities, pd.DataFrame(rows, columns=names))


def text_of(page: nl.profiles.Profile) -> str:
    return f"{page!r} {page._repr_html_()}"


class Tags(HTMLParser):
    """Collect the tags and the texts of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)


# What it says


def test_the_front_door_is_the_function() -> None:
    assert nl.profile is nl.profiles.profile


def test_ranks_and_percentiles_are_those_of_pandas() -> None:
    network, _ = made_up()
    every = nl.profiles.measures(network)
    kinds = network.entities["entity_type"]
    groups = nl.communities.leiden(network)
    numbers = every.drop(columns=list(nl.profiles._BROKERAGE), errors="ignore").round(9)
    for entity in network.entities.index[[0, 50, 400, 700]]:
        page = nl.profile(network, entity, measures=numbers, communities=groups)
        alike = numbers[kinds == kinds[entity]]
        rank = alike.rank(ascending=False, method="min").loc[entity]
        expected = (alike.rank(method="average").loc[entity] - 1) / (alike.notna().sum() - 1) * 100
        assert page.measures["value"].tolist() == pytest.approx(numbers.loc[entity], nan_ok=True)
        assert page.measures["rank"].tolist() == pytest.approx(rank.tolist(), nan_ok=True)
        assert page.measures["percentile"].tolist() == pytest.approx(expected.tolist(), nan_ok=True)
        assert (page.measures["of"] == alike.notna().sum()).all()


def test_entities_are_compared_with_those_of_their_type() -> None:
    page = nl.profile(page_network(), "CANARY-phone")
    assert page.entity_type == "phone"
    assert (page.measures["of"].dropna() <= 1).all()
    assert page.measures["percentile"].isna().all()
    assert page.measures.loc["degree", "rank"] == 1


def test_the_last_digits_make_no_rank() -> None:
    network = network_of([], entities=["a", "b", "c"])
    sums = pd.DataFrame({"m": [0.1 + 0.2, 0.3, 0.1]}, index=network.entities.index)
    ranks = [nl.profile(network, e, measures=sums).measures.loc["m", "rank"] for e in "abc"]
    assert ranks == [1, 1, 3]


def test_measures_are_the_functions() -> None:
    club = nl.datasets.karate_club()
    found = nl.profiles.measures(club)
    pd.testing.assert_series_equal(found["betweenness"], nl.centrality.betweenness(club))
    pd.testing.assert_series_equal(found["core_number"], nl.cohesion.core_number(club))
    pd.testing.assert_series_equal(found["constraint"], nl.brokerage.constraint(club))
    clustering = nl.centrality.local_clustering(club)
    pd.testing.assert_series_equal(found["local_clustering"], clustering)
    groups = nl.communities.leiden(club, seed=0)
    roles = nl.brokerage.gould_fernandez(club, groups=groups.labels).drop(columns="total")
    pd.testing.assert_frame_equal(found[roles.columns], roles)
    pd.testing.assert_frame_equal(nl.profiles.measures(club, communities=groups), found)
    points = nl.brokerage.articulation_points(club)
    pd.testing.assert_series_equal(found["articulation_points"], points)


def test_brokerage_and_group() -> None:
    club = nl.datasets.karate_club()
    groups = nl.communities.leiden(club)
    page = nl.profile(club, "0", communities=groups)
    assert page.brokerage["articulation_point"] is True
    assert nl.profile(club, "1").brokerage["articulation_point"] is False
    assert page.brokerage.iloc[1:].tolist() == [64, 4, 59, 59, 18]
    assert not {"articulation_points", "liaison"} & set(page.measures.index)
    short = nl.profile(club, "0", measures=nl.centrality.table(club), communities=groups)
    assert len(short.brokerage) == 0
    assert len(short.measures) == 6
    assert page.community == groups.labels["0"]
    assert page.members.to_dict() == {"person": groups.sizes[page.community]}


def test_members_are_counted_by_type() -> None:
    page = nl.profile(page_network(), "CANARY-self")
    groups = nl.communities.leiden(page_network())
    own = groups.labels == groups.labels["CANARY-self"]
    assert page.members.sum() == own.sum()
    assert page.members["phone"] == int(own["CANARY-phone"])


def test_an_object_in_no_community_of_people() -> None:
    network = page_network()
    people = nl.communities.leiden(network.where(entity_types=["person"]))
    page = nl.profile(network, "CANARY-phone", communities=people)
    assert page.community is None
    assert len(page.members) == 0
    assert "no community" in repr(page)
    assert "In no community of this grouping." in page._repr_html_()


def test_nearest_names_the_records_behind_each() -> None:
    found = nl.profile(page_network(), "CANARY-self").nearest
    assert found.index.tolist() == ["CANARY-phone", "CANARY-victim", "CANARY-friend"]
    friend = found.loc["CANARY-friend"]
    assert friend["relationship_ids"] == ["r2", "r3", "r4"]
    assert friend["relationship_types"] == ["communicated", "knows"]
    assert friend["n_relationships"] == 3
    assert friend["weight"] == pytest.approx(0.6)
    assert friend["first"] == pd.Timestamp("2024-01-01", tz="UTC")
    assert friend["last"] == pd.Timestamp("2024-02-03", tz="UTC")
    assert found["entity_type"].tolist() == ["phone", "person", "person"]
    assert found["is_protected"].tolist() == [False, True, False]
    assert pd.isna(found.loc["CANARY-victim", "last"]) is False


def test_relationship_types_count_directions_and_no_self_loop() -> None:
    found = nl.profile(page_network(), "CANARY-self").relationship_types
    assert found.loc["communicated"].tolist() == [2, 1, 1]
    assert found.loc["knows"].tolist() == [1, 0, 0]
    assert found.loc["uses"].tolist() == [1, 1, 0]
    assert found["n_relationships"].sum() == 5


@pytest.mark.parametrize("seed", range(5))
def test_nearest_are_the_neighbors(seed: int) -> None:
    network = random_network(seed, weighted=True, loops=True)
    graph = network.to_networkx()
    groups, every = nl.communities.leiden(network), nl.profiles.measures(network)
    for entity in network.entities.index:
        page = nl.profile(network, entity, measures=every, communities=groups)
        assert sorted(page.nearest.index) == network.neighbors(entity).tolist()
        for other, row in page.nearest.iterrows():
            assert set(row["relationship_ids"]) == set(graph[entity][other])
            total = sum(tie["weight"] for tie in graph[entity][other].values())
            assert row["weight"] == pytest.approx(total)
        ties = nx.Graph(graph)
        ties.remove_edges_from(nx.selfloop_edges(ties))
        assert page.measures.loc["degree", "value"] == ties.degree[entity]


def test_protected_under_another_reference() -> None:
    page = nl.profile(page_network(), "CANARY-alias")
    assert page.is_protected
    assert page.protection_status == "unknown"
    assert "To be protected: another reference to the same person" in page._repr_html_()
    assert "To be protected." in nl.profile(page_network(), "CANARY-victim")._repr_html_()
    assert "protected." not in nl.profile(page_network(), "CANARY-self")._repr_html_()


# What it never shows


@pytest.mark.parametrize("entity", [*CANARIES, "CANARY-alias"])
def test_no_id_and_no_label_without_names(entity: str) -> None:
    shown = text_of(nl.profile(page_network(), entity))
    assert "CANARY" not in shown
    assert "LABEL" not in shown
    assert "script" not in shown
    assert "2024" not in shown


def test_no_id_of_a_made_up_case_is_shown() -> None:
    network, _ = made_up()
    groups, every = nl.communities.leiden(network), nl.profiles.measures(network)
    kinds = network.entities["entity_type"]
    for entity in network.entities.index[(kinds == "person").to_numpy()][:20]:
        page = nl.profile(network, entity, measures=every, communities=groups)
        words = set(Tags(page._repr_html_()).texts) | {repr(page)}
        text = " ".join(words)
        for other in (entity, *page.nearest.index):
            assert other not in text
            assert network.entities.at[other, "label"] not in words


def test_names_are_shown_where_they_are_passed_and_escaped() -> None:
    names = {"CANARY-self": HOSTILE, "CANARY-friend": "Ann <b>"}
    page = nl.profile(page_network(), "CANARY-self", names=names)
    found = Tags(page._repr_html_())
    assert HOSTILE in found.texts
    assert "Ann <b>" in found.texts
    assert not {"script", "b"} & set(found.tags)
    assert found.open == []
    assert HOSTILE not in repr(page) and "Ann" not in repr(page)


def test_people_to_protect_are_never_named() -> None:
    names = {
        "CANARY-victim": "Vera",
        "CANARY-alias": "Vee",
        "CANARY-phone": "phone of vera",
        "CANARY-friend": "Ann",
    }
    page = nl.profile(page_network(), "CANARY-self", names=names)
    assert dict(page.names) == {"CANARY-friend": "Ann"}
    shown = text_of(page).lower()
    assert "ann" in shown
    assert "vera" not in shown
    assert "Person, to be protected" in page._repr_html_()
    own = nl.profile(page_network(), "CANARY-victim", names=names)
    assert "vera" not in text_of(own).lower()


def test_an_object_that_only_people_to_protect_are_tied_to_is_not_named() -> None:
    entities = table(
        entity_id=["v", "flat"],
        entity_type=["person", "location"],
        protection_status=["child", "unknown"],
    )
    rows = table(source=["v"], target=["flat"], relationship_type=["resides_at"])
    network = nl.read_tables(entities, rows)
    page = nl.profile(network, "v", names={"flat": "Long Street 5"})
    assert "Long Street" not in page._repr_html_()


def test_columns_and_words_of_the_caller_are_escaped() -> None:
    network = network_of([("a", "b")])
    odd = pd.DataFrame({"<i>m</i>": [1.0, 2.0]}, index=network.entities.index)
    found = Tags(nl.profile(network, "a", measures=odd)._repr_html_())
    assert "<i>m</i>" in found.texts
    assert "i" not in found.tags


def test_the_page_lists_ten_and_counts_the_rest() -> None:
    network = network_of([("hub", f"p{i:02d}") for i in range(14)])
    names = {f"p{i:02d}": f"Name {i:02d}" for i in range(14)}
    page = nl.profile(network, "hub", names=names)
    found = Tags(page._repr_html_()).texts
    assert sum(text.startswith("Name") for text in found) == 10
    assert "4 more are in .nearest, with the records." in found
    assert len(page.nearest) == 14


# The same, whatever the order


def assert_same(a: nl.profiles.Profile, b: nl.profiles.Profile) -> None:
    pd.testing.assert_frame_equal(a.measures, b.measures, check_exact=True)
    pd.testing.assert_frame_equal(a.nearest, b.nearest, check_exact=True)
    pd.testing.assert_frame_equal(a.relationship_types, b.relationship_types)
    pd.testing.assert_series_equal(a.members, b.members)
    pd.testing.assert_series_equal(a.brokerage, b.brokerage)
    assert a.community == b.community
    assert text_of(a) == text_of(b)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(networks(weighted=True))
def test_row_order_changes_nothing(network: nl.Network) -> None:
    entity = network.entities.index[0]
    page = nl.profile(network, entity)
    assert_same(page, nl.profile(shuffled(network, 1), entity))
    assert np.isfinite(page.nearest["weight"].to_numpy(dtype=float)).all()


def test_what_is_made_once_gives_the_same_page() -> None:
    club = nl.datasets.karate_club()
    every, groups = nl.profiles.measures(club), nl.communities.leiden(club)
    page = nl.profile(club, "5", measures=every, communities=groups)
    assert_same(page, nl.profile(club, "5"))


def test_it_is_frozen_and_travels() -> None:
    page = nl.profile(page_network(), "CANARY-self", names={"CANARY-friend": "Ann"})
    with pytest.raises(FrozenInstanceError):
        page.entity = "x"  # type: ignore[misc]
    assert_same(pickle.loads(pickle.dumps(page)), page)


def test_progress_is_shown_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    kite = nl.datasets.krackhardt_kite()
    quiet = nl.profile(kite, "5")
    assert capsys.readouterr().err == ""
    assert_same(nl.profile(kite, "5", progress=True), quiet)
    assert "100%" in capsys.readouterr().err
    nl.profiles.measures(kite, progress=True)
    assert "100%" in capsys.readouterr().err


# Edges


def test_an_isolate_and_a_network_of_one() -> None:
    network = network_of([("a", "b")], entities=["a", "b", "c"])
    for page in (nl.profile(network, "c"), nl.profile(network.subgraph(["a"]), "a")):
        assert len(page.nearest) == len(page.relationship_types) == 0
        assert page.measures.loc["degree", "value"] == 0
        assert np.isnan(page.measures.loc["constraint", ["value", "rank", "percentile"]]).all()
        assert "0 neighbors by 0 relationships, community of 1" in repr(page)
        Tags(page._repr_html_())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"entity": 3}, "'entity' must be one entity id, got int."),
        ({"entity": ["0"]}, "'entity' must be one entity id, got list."),
        ({"measures": [1]}, "'measures' must be a pandas DataFrame, got list."),
        ({"measures": pd.DataFrame({"a": [1.0]})}, "must have the rows of network.entities"),
        ({"communities": 1}, "'communities' must be a Communities, got int."),
        ({"names": ["a"]}, "'names' must be a Mapping, got list."),
        ({"names": {"0": 1, "1": "x"}}, "1 of 2 are not str"),
        ({"seed": 1.5}, "'seed' must be an integer, got float."),
        ({"seed": 1.5, "communities": "given"}, "'seed' must be an integer, got float."),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], message: str) -> None:
    kite = nl.datasets.krackhardt_kite()
    given_ = {"entity": "0", **arguments}
    if given_.get("communities") == "given":
        given_["communities"] = nl.communities.leiden(kite)
    with pytest.raises(ArgumentError, match=message):
        nl.profile(kite, given_.pop("entity"), **given_)


def test_measures_that_are_no_numbers() -> None:
    kite = nl.datasets.krackhardt_kite()
    words = pd.DataFrame({"a": ["x"] * 10, "b": 1.0}, index=kite.entities.index)
    with pytest.raises(ArgumentError, match="columns of numbers; 1 of 2 are not"):
        nl.profile(kite, "0", measures=words)


def test_communities_of_another_network() -> None:
    other = nl.communities.leiden(nl.datasets.florentine_families())
    with pytest.raises(ArgumentError, match="none of its entities"):
        nl.profile(nl.datasets.krackhardt_kite(), "0", communities=other)


def test_an_entity_that_is_not_there_is_not_said() -> None:
    with pytest.raises(UnknownEntityError) as caught:
        nl.profile(nl.datasets.krackhardt_kite(), "CANARY-gone")
    assert "CANARY" not in str(caught.value)
