"""Paths in networks of extreme shapes: no recursion, a finite answer."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import netlink as nl

N = 100_000
NAMES = np.array([f"p{i:06d}" for i in range(N)])


def entities_of(table: pd.DataFrame) -> list[str]:
    return [str(entity) for entity in table["entity_id"]]


@pytest.mark.slow
def test_a_path_of_100_000_for_every_question() -> None:
    ties = pd.DataFrame({"source": NAMES[:-1], "target": NAMES[1:], "relationship_type": "knows"})
    network = nl.read_tables(None, ties.assign(confidence=0.999999, weight=2.0))
    a, z = NAMES[0], NAMES[-1]
    for table in (
        nl.paths.shortest(network, a, z),
        nl.paths.widest(network, a, z),
        nl.paths.most_reliable(network, a, z),
        nl.paths.disjoint(network, a, z),
        nl.paths.k_shortest(network, a, z, k=3),
        nl.paths.all_simple(network, a, z, max_hops=N),
    ):
        assert entities_of(table) == NAMES.tolist()
    assert nl.paths.entity_cut(network, a, z).index.tolist() == [NAMES[1]]
    assert len(nl.paths.relationship_cut(network, a, z)) == 1
    assert len(nl.paths.connection(network, [a, z]).ties) == N - 1
    assert nl.paths.center_piece(network, [NAMES[4], NAMES[6]], n=1).entities.index.tolist() == [
        *NAMES[4:7]
    ]


@pytest.mark.slow
def test_a_star_of_100_000_for_every_question() -> None:
    star = pd.DataFrame({"source": NAMES[0], "target": NAMES[1:], "relationship_type": "knows"})
    network = nl.read_tables(None, star.assign(confidence=0.9, weight=2.0))
    a, z = NAMES[1], NAMES[-1]
    for table in (
        nl.paths.shortest(network, a, z),
        nl.paths.widest(network, a, z),
        nl.paths.most_reliable(network, a, z),
        nl.paths.disjoint(network, a, z),
        nl.paths.k_shortest(network, a, z),
        nl.paths.all_simple(network, a, z),
    ):
        assert entities_of(table) == [a, NAMES[0], z]
    assert nl.paths.entity_cut(network, a, z).index.tolist() == [NAMES[0]]
    assert len(nl.paths.connection(network, [a, z, NAMES[5]]).ties) == 3
    assert nl.paths.center_piece(network, [a, z], n=3).entities["score"].idxmax() == NAMES[0]


@pytest.mark.slow
def test_a_million_parallel_ties_are_one_hop() -> None:
    n = 1_000_000
    same = pd.DataFrame({"source": ["a"] * n, "target": "b", "relationship_type": "knows"})
    network = nl.read_tables(None, same.assign(document="x", confidence=0.5))
    for table in (
        nl.paths.shortest(network, "a", "b"),
        nl.paths.widest(network, "a", "b"),
        nl.paths.most_reliable(network, "a", "b"),
        nl.paths.disjoint(network, "a", "b"),
        nl.paths.k_shortest(network, "a", "b"),
    ):
        assert entities_of(table) == ["a", "b"]
        assert len(table["relationship_ids"].iloc[1]) == n
        assert table["n_sources"].iloc[1] == 1
