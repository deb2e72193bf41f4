"""The engine: arrays to igraph, and a generator of its own for one call."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import igraph
import numpy as np
import pytest
from networks import random_network

from netlink import _engine


def drawn() -> list[tuple[int, int]]:
    return igraph.Graph.Erdos_Renyi(n=20, m=30).get_edgelist()


@pytest.mark.parametrize("directed", [False, True])
def test_a_graph_has_the_merged_ties_without_loops(directed: bool) -> None:
    network = random_network(5, weighted=True, loops=True, directed=directed)
    ties = network.to_scipy()
    graph = _engine.graph(ties, directed=directed)
    assert graph.is_simple()
    assert graph.is_directed() == directed
    assert graph.vcount() == network.n_entities
    matrix = np.array(graph.get_adjacency(attribute="weight").data) if graph.ecount() else None
    expected = ties.toarray()
    np.fill_diagonal(expected, 0)
    np.testing.assert_array_equal(matrix, expected)


def test_an_empty_matrix_is_an_empty_graph() -> None:
    network = random_network(1, n=3, m=0)
    graph = _engine.graph(network.to_scipy(), directed=False)
    assert (graph.vcount(), graph.ecount(), graph.es["weight"]) == (3, 0, [])


def test_a_parallel_graph_has_every_row_in_order() -> None:
    source = np.array([0, 0, 1, 2], dtype=np.int32)
    target = np.array([1, 1, 0, 2], dtype=np.int32)
    graph = _engine.parallel_graph(source, target, 4, directed=True)
    assert graph.get_edgelist() == [(0, 1), (0, 1), (1, 0), (2, 2)]
    assert graph.vcount() == 4


def test_arcs_are_the_entries_of_the_matrix() -> None:
    ties = random_network(2, weighted=True).to_scipy()
    source, target, weight = _engine.arcs(ties)
    assert source.dtype == target.dtype == np.int32
    expected = ties.tocoo()
    np.testing.assert_array_equal(source, expected.coords[0])
    np.testing.assert_array_equal(target, expected.coords[1])
    np.testing.assert_array_equal(weight, expected.data)


def test_the_seed_decides_what_igraph_draws() -> None:
    found = []
    for seed in (1, 1, 2):
        random.seed(len(found))
        with _engine.seeded(seed):
            found.append(drawn())
    assert found[0] == found[1] != found[2]


@pytest.mark.parametrize("fails", [False, True])
def test_pythons_generator_is_put_back_even_after_an_error(fails: bool) -> None:
    random.seed(3)
    expected = drawn()
    random.seed(3)
    state = random.getstate()
    with pytest.raises(KeyError) if fails else _engine.seeded(8), _engine.seeded(9):
        drawn()
        if fails:
            raise KeyError
    assert random.getstate() == state
    assert drawn() == expected


def test_threads_wait_for_each_other() -> None:
    def draw(seed: int) -> list[list[tuple[int, int]]]:
        with _engine.seeded(seed):
            return [drawn() for _ in range(5)]

    expected = [draw(seed) for seed in range(4)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(draw, [0, 1, 2, 3] * 8))
    assert found == expected * 8
