"""Quality of groups and comparison of groupings: by hand, networkx and igraph as oracles."""

from __future__ import annotations

from math import log
from typing import Any

import igraph
import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import network_of, networks, random_network, shuffled

import netlink as nl
from netlink.errors import ArgumentError

MEASURES = ["adjusted_rand_index", "normalized_mutual_information", "variation_of_information"]


def graph_of(network: nl.Network, weight: str | None = "weight") -> nx.Graph:
    graph = nx.from_scipy_sparse_array(network.to_scipy(directed=False, weight=weight))
    graph.remove_edges_from(list(nx.selfloop_edges(graph)))
    return graph


def random_groups(network: nl.Network, seed: int, n: int = 3) -> pd.Series:
    codes = np.random.default_rng(seed).integers(0, n, network.n_entities)
    names = np.array(["north", "east", "south", "west", "sea"], dtype=object)[codes]
    return pd.Series(names, index=network.entities.index, name="region", dtype="str")


# Quality


def test_two_triangles_and_a_tie_by_hand() -> None:
    ties = [("a", "b", 2), ("b", "c", 2), ("a", "c", 2), ("c", "d", 1)]
    ties += [("d", "e", 4), ("e", "f", 4), ("x", "x", 9)]
    groups = pd.Series([0, 0, 0, 1, 1, 1, 2], index=[*"abcdef", "x"], name="team")
    network = network_of(ties)
    found = nl.communities.quality(network, groups=groups)
    expected = pd.DataFrame(
        {
            "size": [3, 3, 1],
            "ties": [3, 2, 0],
            "density": [1.0, 2 / 3, np.nan],
            "internal_weight": [6.0, 8.0, 0.0],
            "cut": [1.0, 1.0, 0.0],
            "conductance": [1 / 13, 1 / 13, np.nan],
        },
        index=pd.Index([0, 1, 2], name="team"),
    )
    pd.testing.assert_frame_equal(found, expected)
    by_hand = 14 / 15 - (13 / 30) ** 2 - (17 / 30) ** 2
    assert nl.communities.modularity(network, groups=groups) == pytest.approx(by_hand)


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("weight", ["weight", None])
def test_networkx_agrees(seed: int, weight: str | None) -> None:
    network = random_network(seed, weighted=True, loops=True, directed=seed % 2 == 0)
    groups = random_groups(network, seed)
    graph = graph_of(network, weight)
    found = nl.communities.quality(network, groups=groups, weight=weight)
    codes = groups.reset_index(drop=True)
    members = {name: set(codes.index[codes == name]) for name in sorted(set(codes))}
    assert found.index.tolist() == list(members)
    for name, group in members.items():
        row = found.loc[name]
        assert row["size"] == len(group)
        density = nx.density(graph.subgraph(group)) if len(group) > 1 else np.nan
        assert row["density"] == pytest.approx(density, nan_ok=True)
        assert row["cut"] == pytest.approx(nx.cut_size(graph, group, weight="weight"))
        assert row["internal_weight"] == pytest.approx(graph.subgraph(group).size(weight="weight"))
        expected = nx.conductance(graph, group, weight="weight")
        assert row["conductance"] == pytest.approx(expected)
    for resolution in (0.5, 1.0, 2.0):
        expected = nx.community.modularity(graph, members.values(), resolution=resolution)
        q = nl.communities.modularity(network, groups=groups, resolution=resolution, weight=weight)
        assert q == pytest.approx(expected)


def test_communities_have_the_modularity_that_they_say() -> None:
    network = random_network(2, weighted=True)
    found = nl.communities.leiden(network, resolution=1.5)
    assert nl.communities.modularity(network, groups=found, resolution=1.5) == found.modularity
    assert nl.communities.quality(network, groups=found)["size"].tolist() == found.sizes.tolist()


@given(networks(weighted=True), st.integers(0, 9))
@settings(max_examples=25, deadline=None)
def test_quality_adds_up(network: nl.Network, seed: int) -> None:
    groups = random_groups(network, seed)
    found = nl.communities.quality(network, groups=groups)
    total = network.to_scipy(directed=False)
    weight = (total.sum() - total.diagonal().sum()) / 2
    assert found["size"].sum() == network.n_entities
    assert found["internal_weight"].sum() + found["cut"].sum() / 2 == pytest.approx(weight)
    assert found["density"].dropna().between(0, 1).all()
    assert found["conductance"].dropna().between(0, 1).all()
    again = nl.communities.quality(shuffled(network, seed), groups=groups[::-1])
    pd.testing.assert_frame_equal(found, again)
    for frame in (found, again):
        assert frame.columns.tolist() == [
            "size", "ties", "density", "internal_weight", "cut", "conductance",
        ]  # fmt: skip


def test_one_group_of_everybody_has_no_conductance() -> None:
    network = random_network(1, weighted=True)
    groups = pd.Series("all", index=network.entities.index)
    assert nl.communities.quality(network, groups=groups)["conductance"].isna().all()
    assert nl.communities.modularity(network, groups=groups) == pytest.approx(0)


def test_without_entities_or_ties() -> None:
    nobody = network_of([], entities=[])
    nothing = pd.Series([], index=nobody.entities.index, dtype="int64")
    assert nl.communities.quality(nobody, groups=nothing).empty
    assert np.isnan(nl.communities.modularity(nobody, groups=nothing))
    alone = network_of([], entities=["a"])
    row = nl.communities.quality(alone, groups=pd.Series([7], index=["a"])).loc[7]
    assert row["size"] == 1
    assert row[["density", "conductance"]].isna().all()


@pytest.mark.parametrize("function", [nl.communities.quality, nl.communities.modularity])
def test_groups_must_be_of_the_network(function: Any) -> None:
    network = network_of([("canary-a", "canary-b"), ("canary-b", "canary-c")])
    whole = pd.Series(["x", "y", "y"], index=["canary-a", "canary-b", "canary-c"])
    wrong = [
        (whole.iloc[:2], "1 of 3 have none, 0 are not in the network"),
        (whole.replace("x", None), "1 of 3 have none"),
        (pd.concat([whole, pd.Series({"canary-d": "z"})]), "0 of 3 have none, 1 are not"),
        (whole.iloc[[0, 1, 1, 2]], "some stand in it twice"),
        ([0, 1, 1], "must be Communities or a Series by entity id, got list"),
    ]
    for groups, message in wrong:
        with pytest.raises(ArgumentError, match=message) as caught:
            function(network, groups=groups)
        assert "canary" not in str(caught.value)
    with pytest.raises(ArgumentError, match="no column 'wieght'"):
        function(network, groups=whole, weight="wieght")
    with pytest.raises(ArgumentError, match="'resolution' must be above 0"):
        nl.communities.modularity(network, groups=whole, resolution=-1)


# Comparison


def test_two_groupings_by_hand() -> None:
    left = pd.Series([0, 0, 0, 1, 1, 1], index=list("abcdef"))
    right = pd.Series([0, 0, 1, 1, 2, 2], index=list("abcdef"))
    found = nl.communities.compare(left, right)
    assert found.name == "compare"
    assert found.index.tolist() == MEASURES
    # Hubert & Arabie 1985: pairs together in both 2, in left 6, in right 3, of 15.
    assert found["adjusted_rand_index"] == pytest.approx((2 - 18 / 15) / (4.5 - 18 / 15))
    # H(left) = log 2, H(right) = log 3, H(right | left) = H(1/3, 2/3).
    mutual = log(3) - (log(3) - 2 / 3 * log(2))
    assert found["normalized_mutual_information"] == pytest.approx(2 * mutual / (log(2) + log(3)))
    assert found["variation_of_information"] == pytest.approx(log(2) + log(3) - 2 * mutual)


@pytest.mark.parametrize("seed", range(15))
def test_igraph_agrees(seed: int) -> None:
    network = random_network(seed, n=25)
    left, right = random_groups(network, seed, 4), random_groups(network, seed + 100, 5)
    found = nl.communities.compare(left, right)
    a, b = (pd.factorize(labels)[0].tolist() for labels in (left, right))
    for name, method in zip(MEASURES, ["adjusted_rand", "nmi", "vi"], strict=True):
        assert found[name] == pytest.approx(igraph.compare_communities(a, b, method))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=2, max_size=12))
@settings(max_examples=40, deadline=None)
def test_comparing_is_symmetric_and_knows_the_same(pairs: list[tuple[int, int]]) -> None:
    names = [f"p{i}" for i in range(len(pairs))]
    left, right = (pd.Series(codes, index=names) for codes in zip(*pairs, strict=True))
    there, back = nl.communities.compare(left, right), nl.communities.compare(right, left)
    assert there.to_list() == pytest.approx(back.to_list(), nan_ok=True)
    moved = nl.communities.compare(left[::-1], right)
    pd.testing.assert_series_equal(there, moved, check_exact=True)
    assert there["variation_of_information"] >= 0
    same = nl.communities.compare(left, "group " + left.astype(str))
    assert same["variation_of_information"] == 0
    if 1 < left.nunique() < len(left):
        assert same[MEASURES[:2]].tolist() == pytest.approx([1, 1])


def test_what_says_nothing_is_nan() -> None:
    names = list("abc")
    one, each = pd.Series(0, index=names), pd.Series([0, 1, 2], index=names)
    np.testing.assert_equal(nl.communities.compare(one, one).tolist(), [np.nan, np.nan, 0.0])
    both = nl.communities.compare(each, each)
    np.testing.assert_allclose(both, [np.nan, 1.0, 0.0])
    np.testing.assert_allclose(nl.communities.compare(one, each), [0.0, 0.0, log(3)], atol=1e-12)
    assert nl.communities.compare(one[:0], one[:0]).isna().all()
    assert nl.communities.matching_table(one[:0], one[:0]).empty


def test_the_matching_table_by_hand() -> None:
    left = pd.Series(["x", "x", "x", "y", "y", "z"], index=list("abcdef"))
    right = pd.Series([1, 1, 2, 2, 2, 2], index=list("abcdef"))
    found = nl.communities.matching_table(left, right[::-1])
    expected = pd.DataFrame(
        {
            "left": ["x", "x", "y", "z"],
            "right": [1, 2, 2, 2],
            "size_left": [3, 3, 2, 1],
            "size_right": [2, 4, 4, 4],
            "overlap": [2, 1, 2, 1],
            "jaccard": [2 / 3, 1 / 6, 1 / 2, 1 / 4],
            "is_best_of_left": [True, False, True, True],
            "is_best_of_right": [True, False, True, False],
        }
    )
    pd.testing.assert_frame_equal(found.astype({"left": object}), expected.astype({"left": object}))


def test_of_equal_matches_the_first_label_is_best() -> None:
    left, right = pd.Series([0, 0], index=list("ab")), pd.Series([5, 4], index=list("ab"))
    found = nl.communities.matching_table(left, right)
    assert found["right"].tolist() == [4, 5]
    assert found["is_best_of_left"].tolist() == [True, False]
    assert found["is_best_of_right"].tolist() == [True, True]


def test_communities_and_labels_are_taken_alike() -> None:
    club = nl.datasets.karate_club()
    found = nl.communities.leiden(club)
    result = nl.communities.compare(found, found.labels)
    np.testing.assert_allclose(result, [1, 1, 0], atol=1e-12)
    assert nl.communities.matching_table(found, found)["jaccard"].tolist() == [1.0] * 4


@pytest.mark.parametrize("function", [nl.communities.compare, nl.communities.matching_table])
def test_groupings_must_be_of_the_same_entities(function: Any) -> None:
    left = pd.Series([0, 1], index=["canary-a", "canary-b"])
    wrong = [
        (left.rename({"canary-b": "canary-c"}), "same entities; 2 are in one only"),
        (left.astype(float).replace(1, np.nan), "'right' must give each entity one group; 1 of 2"),
        (left.iloc[[0, 1, 1]], "'right' must give each entity one group; .* 1 stand in it again"),
        ([0, 1], "'right' must be Communities or a Series by entity id, got list"),
    ]
    for right, message in wrong:
        with pytest.raises(ArgumentError, match=message) as caught:
            function(left, right)
        assert "canary" not in str(caught.value)
