"""The assertions that netlink hands to tests: what passes, what fails, and what they say."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from networks import network_of, random_network, shuffled

import netlink as nl
from netlink.testing import assert_entity_scores, assert_networks_equal


def test_a_network_equals_itself_in_any_row_order() -> None:
    network = random_network(1, weighted=True, directed=True)
    assert_networks_equal(network, network)
    assert_networks_equal(network, shuffled(network, 2))
    empty = network_of([], entities=[])
    assert_networks_equal(empty, network_of([], entities=[]))


def test_missing_values_are_equal_to_each_other() -> None:
    left, right = (network_of([("a", "b"), ("a", "c")], note=[None, "x"]) for _ in range(2))
    assert_networks_equal(left, right)


@pytest.mark.parametrize(
    ("right", "message"),
    [
        (network_of([("a", "b"), ("b", "c")], note=["x", "CANARY"]), "note': 1 rows differ"),
        (network_of([("a", "b"), ("b", "c")], note=["x", None]), "note': 1 rows differ"),
        (network_of([("a", "b"), ("b", "c")], note=[1, 2]), "column 'note': str and int64"),
        (network_of([("a", "b"), ("b", "c")]), r"columns \['note'\] only on the left"),
        (network_of([("a", "b")], note=["x"]), "entities: 3 and 2 rows"),
        (network_of([("a", "b"), ("b", "CANARY")], note=["x", "y"]), "entities: 1 of 3 ids"),
    ],
    ids=["value", "missing", "dtype", "column", "rows", "ids"],
)
def test_a_difference_is_found_and_no_value_is_shown(right: nl.Network, message: str) -> None:
    left = network_of([("a", "b"), ("b", "c")], note=["x", "y"])
    left, right = (with_ids(network) for network in (left, right))
    with pytest.raises(AssertionError, match=message) as caught:
        assert_networks_equal(left, right)
    assert "CANARY" not in str(caught.value)


def with_ids(network: nl.Network) -> nl.Network:
    """The same with ids by row, so that a changed value leaves them alone."""
    rows = network.relationships.reset_index(drop=True)
    rows.insert(0, "relationship_id", [f"r{i}" for i in range(len(rows))])
    return nl.read_tables(network.entities.reset_index(), rows)


def test_another_vocabulary_is_a_difference() -> None:
    left = network_of([("a", "b")])
    words = nl.vocabulary.Vocabulary(**{**vars(left.vocabulary), "roles": {}})
    right = nl.Network(left.entities, left.relationships, words)
    with pytest.raises(AssertionError, match="vocabulary: not the same words"):
        assert_networks_equal(left, right)


def test_scores_on_the_entities_pass() -> None:
    network = network_of([("a", "b")], entities=["a", "b", "c"])
    index = network.entities.index
    assert_entity_scores(pd.Series([1, 0.5, None], index=index, name="degree"), network)
    assert_entity_scores(pd.Series([1, 2, 3], index=index, name="degree"), network, name="degree")
    assert_entity_scores(pd.DataFrame({"x": [1.0, 2, 3], "y": [1, 2, 3]}, index=index), network)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda i: [1, 2, 3], "a Series or a DataFrame, got list"),
        (lambda i: pd.Series([1, 2, 3], name="x"), "stand on network.entities.index"),
        (lambda i: pd.Series([1, 2], index=i[:2], name="x"), "got 2 rows, 2 of the 3 entities"),
        (lambda i: pd.Series([1, 2, 3], index=i[::-1], name="x"), "in that order"),
        (lambda i: pd.Series([1, 2, 3], index=i.rename(None), name="x"), "with that name"),
        (lambda i: pd.Series([1, 2, 3], index=i), "has a name"),
        (lambda i: pd.Series(["CANARY", "", ""], index=i, name="x"), "'x' is of type str"),
        (lambda i: pd.Series([True, False, True], index=i, name="x"), "'x' is of type bool"),
        (lambda i: pd.Series([1, 2, float("inf")], index=i, name="x"), "'x' has 1 infinite"),
        (lambda i: pd.DataFrame({"y": [1, 2, 3], "x": list("abc")}, index=i), "'x' is of type str"),
    ],
)
def test_anything_else_fails_without_a_value(make: Any, message: str) -> None:
    network = network_of([("CANARY", "b")], entities=["CANARY", "b", "c"])
    with pytest.raises(AssertionError, match=message) as caught:
        assert_entity_scores(make(network.entities.index), network)
    assert "CANARY" not in str(caught.value)


def test_the_name_can_be_asked_for() -> None:
    network = network_of([("a", "b")])
    scores = pd.Series([1, 2], index=network.entities.index, name="strength")
    with pytest.raises(AssertionError, match="has the name 'degree'"):
        assert_entity_scores(scores, network, name="degree")
