"""Arrays: sorting, codes, merged ties and hashes, against numpy and by brute force."""

from __future__ import annotations

import math
import os
import signal
import subprocess
import sys
from collections import defaultdict
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import random_network

from netlink import _arrays

Rows = list[tuple[int, int, float, bool]]
rows_of_five = st.lists(
    st.tuples(
        st.integers(0, 4),
        st.integers(0, 4),
        st.floats(0, 1e6, allow_subnormal=False),
        st.booleans(),
    ),
    max_size=40,
)


def built(rows: Rows, n: int = 5, *, counted: bool = False) -> Any:
    source, target = (np.array([row[i] for row in rows], dtype=np.int32) for i in (0, 1))
    weight = np.array([row[2] for row in rows], dtype=float)
    mirror = np.array([row[3] for row in rows], dtype=bool)
    return _arrays.ties(source, target, None if counted else weight, mirror, n)


def by_hand(rows: Rows) -> dict[tuple[int, int], list[float]]:
    """The weights of every tie, from a dictionary."""
    found = defaultdict(list)
    for source, target, weight, mirror in rows:
        found[source, target].append(weight)
        if mirror and source != target:
            found[target, source].append(weight)
    return dict(found)


# Counting sort


@pytest.mark.parametrize(("n", "m"), [(1, 0), (1, 5), (7, 100), (100, 7), (5000, 20000)])
def test_counting_sort_is_the_stable_sort_of_numpy(n: int, m: int) -> None:
    rng = np.random.default_rng(n + m)
    rows, columns = (rng.integers(0, n, m).astype(np.int32) for _ in range(2))
    order = np.lexsort((columns, rows))
    starts, found, value = _arrays.sorted_pairs(rows, columns, np.arange(m, dtype=float), n)
    np.testing.assert_array_equal(starts, np.searchsorted(rows[order], np.arange(n + 1)))
    np.testing.assert_array_equal(found, columns[order])
    np.testing.assert_array_equal(value, order)


# Ties


@given(rows_of_five)
@settings(max_examples=40, deadline=None)
def test_ties_are_those_of_a_dictionary(rows: Rows) -> None:
    expected = by_hand(rows)
    for counted in (False, True):
        found = built(rows, counted=counted).tocoo()
        ties = dict(zip(zip(*found.coords, strict=True), found.data, strict=True))
        assert ties.keys() == expected.keys()
        for pair, weights in expected.items():
            total = len(weights) if counted else math.fsum(weights)
            assert ties[pair] == (total if counted else pytest.approx(total, rel=1e-12))


@given(rows_of_five, st.randoms(use_true_random=False))
@settings(max_examples=40, deadline=None)
def test_order_of_rows_and_ends_changes_no_bit(rows: Rows, draw: Any) -> None:
    other = [
        (target, source, weight, mirror) if mirror and draw.random() < 0.5 else row
        for row in rows
        for source, target, weight, mirror in [row]
    ]
    draw.shuffle(other)
    one, two = built(rows), built(other)
    for part in ("indptr", "indices", "data"):
        np.testing.assert_array_equal(getattr(one, part), getattr(two, part))


def test_mirrored_ties_weigh_the_same_both_ways() -> None:
    # 0.1 + 0.2 + 0.3 and 0.3 + 0.2 + 0.1 differ in the last bit.
    rows = [(0, 1, 0.1, True), (1, 0, 0.2, True), (0, 1, 0.3, True)]
    found = built(rows).toarray()
    assert found[0, 1] == found[1, 0]


def test_whole_numbers_too_large_to_add_exactly_are_ordered_as_well() -> None:
    rows = [(0, 1, weight, False) for weight in (2.0**53, 1.0, 1.0)]
    assert built(rows)[0, 1] == built(rows[::-1])[0, 1]


def test_ties_stand_in_order_and_are_typed() -> None:
    found = built([(2, 1, 1.0, True), (0, 3, 1.0, False), (2, 0, 1.0, False), (4, 4, 2.0, True)])
    assert found.has_canonical_format
    assert found.indices.dtype == found.indptr.dtype == np.int32
    assert found.indices.tolist() == [3, 2, 0, 1, 4]
    assert found[4, 4] == 2.0


@pytest.mark.parametrize("n", [0, 1, 3])
def test_no_rows_are_no_ties(n: int) -> None:
    found = built([], n)
    assert found.shape == (n, n)
    assert found.nnz == 0


@pytest.mark.parametrize("counted", [False, True])
@pytest.mark.parametrize(
    ("n", "m", "threads"), [(1, 1, 2), (3, 2000, 3), (50, 3000, 2), (4000, 2500, 1)]
)
def test_many_rows_are_the_same_ties_through_kernels(
    n: int, m: int, threads: int, counted: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    from netlink._arrays import _pairs

    rng = np.random.default_rng(n + m)
    columns = (
        rng.integers(0, n, m),
        rng.integers(0, n, m),
        rng.gamma(2, 1, m),
        rng.random(m) < 0.5,
    )
    rows = list(zip(*columns, strict=True))
    slow = built(rows, n, counted=counted)
    monkeypatch.setattr(_arrays, "_HASHED", 1)
    monkeypatch.setattr(_pairs, "_THREADS", threads)
    fast = built(rows, n, counted=counted)
    for part in ("indptr", "indices", "data"):
        one, two = getattr(fast, part), getattr(slow, part)
        assert one.dtype == two.dtype
        np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("threads", [1, 3])
def test_alike_rows_are_found_with_and_without_kernels(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    from netlink._arrays import _alike

    rng = np.random.default_rng(threads)
    ends = [rng.integers(0, 30, 3000).astype(np.int32) for _ in range(2)]
    values = [rng.integers(0, 3, 3000), rng.integers(0, 2, 3000) / 3]
    groups = defaultdict(list)
    for row, (a, b, *rest) in enumerate(zip(*ends, *values, strict=True)):
        groups[min(a, b), max(a, b), *rest].append(row)
    wanted = sorted(row for group in groups.values() if len(group) > 1 for row in group)
    assert 0 < len(wanted) < 3000
    assert _arrays.alike(*ends, *values).tolist() == wanted
    monkeypatch.setattr(_arrays, "_HASHED", 1)
    monkeypatch.setattr(_alike, "_THREADS", threads)
    assert _arrays.alike(*ends, *values).tolist() == wanted


# Ids and codes


@pytest.mark.parametrize(
    "column",
    [
        pd.Series(["b", "zz", None, "a"], dtype="str"),
        pd.Series(["b", "zz", None, "a"], dtype=object),
        pd.Series(["b", "zz", None, "a"], dtype="category"),
        pd.Index(["b", "zz", None, "a"], dtype="str"),
    ],
    ids=["str", "object", "category", "index"],
)
def test_codes_are_positions_and_minus_one_for_what_is_no_id(column: Any) -> None:
    ids = _arrays.to_arrow(pd.Index(["a", "b"], dtype="str"))
    assert ids.type == pa.large_string()
    found = _arrays.codes(_arrays.to_arrow(column), ids)
    assert found.dtype == np.int32
    assert found.tolist() == [1, -1, -1, 0]


def test_codes_of_chunks_are_those_of_the_whole() -> None:
    ids = pa.array(["a", "b", "c"], pa.large_string())
    chunks = pa.chunked_array([["c"], [], ["a", "x"]], pa.large_string())
    assert _arrays.codes(chunks, ids).tolist() == [2, 0, -1]
    nothing = pa.array([], pa.large_string())
    assert _arrays.codes(nothing, ids).tolist() == []
    assert _arrays.codes(ids, nothing).tolist() == [-1, -1, -1]


# Hashes


def test_hashes_are_the_same_on_every_machine() -> None:
    found = _arrays.text_keys(np.array(["p1", "", "Łódź"], dtype=object))
    assert [f"{key:016x}" for key in found] == [
        "9e501a780bdf3461",
        "186da64456263a46",
        "3df2af97f09ade51",
    ]


def test_hashes_do_not_depend_on_the_hash_seed() -> None:
    code = (
        "import pandas as pd; from netlink import _arrays\n"
        "print(_arrays.column_keys(pd.Series(['a', None, 'b'], dtype='str')).tolist(),"
        " _arrays.column_keys(pd.Series([{'k': 1}, 'x', None], dtype=object)).tolist())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("0", "1")
    }
    assert len(found) == 1


@pytest.mark.parametrize(
    "column",
    [
        pd.Series([1.5, None, 1.5, 2.5]),
        pd.Series(["x", None, "x", "y"], dtype="str"),
        pd.Series(["x", None, "x", 7], dtype=object),
        pd.Series([[1], None, [1], [2]], dtype=object),
        pd.Series([True, None, True, False], dtype="boolean"),
        pd.to_datetime(pd.Series(["2024-01-01", None, "2024-01-01", "2025-01-01"]), utc=True),
    ],
    ids=["float", "str", "object", "list", "boolean", "time"],
)
def test_equal_values_have_equal_hashes_and_missing_is_a_value(column: pd.Series) -> None:
    keys = _arrays.column_keys(column).tolist()
    assert keys[0] == keys[2]
    assert len(set(keys)) == 3
    assert _arrays.column_keys(column[::-1]).tolist() == keys[::-1]


def test_what_looks_alike_is_told_apart() -> None:
    assert len(set(_arrays.column_keys(pd.Series(["", None, "nan", "None"], dtype="str")))) == 4
    zeros = _arrays.column_keys(pd.Series([0.0, -0.0]))
    assert zeros[0] == zeros[1] == _arrays.column_keys(pd.Series([-0.0]))[0]


def test_an_empty_column_has_no_hashes() -> None:
    for dtype in ("str", "float", object):
        assert len(_arrays.column_keys(pd.Series(dtype=dtype))) == 0


def row_keys(columns: dict[str, list[Any]], source: str, target: str, *, directed: bool) -> int:
    ends = [_arrays.text_keys(np.array([end], dtype=object)) for end in (source, target)]
    series = {name: pd.Series(values) for name, values in columns.items()}
    return int(_arrays.row_keys(series, (*ends, np.array([directed])))[0])


def test_the_hash_of_a_row_is_that_of_its_content() -> None:
    columns = {"kind": ["knows"], "note": ["x"]}
    key = row_keys(columns, "a", "b", directed=False)
    assert row_keys(dict(reversed(columns.items())), "a", "b", directed=False) == key
    assert row_keys(columns, "b", "a", directed=False) == key
    assert row_keys(columns, "b", "a", directed=True) != row_keys(columns, "a", "b", directed=True)
    others = [
        row_keys({"kind": ["knows"], "note": ["y"]}, "a", "b", directed=False),
        row_keys({"kind": ["x"], "note": ["knows"]}, "a", "b", directed=False),
        row_keys({"kind": ["knows"], "other": ["x"]}, "a", "b", directed=False),
        row_keys({"kind": ["knows"]}, "a", "b", directed=False),
        row_keys(columns, "a", "c", directed=False),
    ]
    assert len({key, *others}) == 6


def test_rows_that_differ_have_hashes_that_differ() -> None:
    numbers = pd.Series(np.arange(200_000))
    n = len(numbers)
    end = np.zeros(n, dtype=np.uint64)
    keys = _arrays.row_keys({"n": numbers}, (end, end, np.ones(n, dtype=bool)))
    assert len(np.unique(keys)) == n


@pytest.mark.parametrize("threads", [1, 2, 3, 8])
def test_triangles_are_the_same_on_any_number_of_threads(
    threads: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    network = random_network(3, n=60, m=500, loops=True)
    ties = network.to_scipy(directed=False, weight=None)
    expected = nx.triangles(nx.Graph(nx.from_scipy_sparse_array(ties)))
    monkeypatch.setattr(_arrays, "_THREADED", 1)
    monkeypatch.setattr("os.cpu_count", lambda: threads)
    assert dict(enumerate(_arrays.triangles(ties).tolist())) == expected


@given(
    st.lists(st.text(st.sampled_from("ab\0\u00e9"), max_size=18), max_size=30, unique=True),
    st.lists(st.none() | st.text(st.sampled_from("ab\0\u00e9"), max_size=18), max_size=40),
    st.integers(0, 3),
)
@settings(max_examples=60, deadline=None)
def test_a_hash_table_finds_what_index_in_finds(
    ids: list[str], column: list[str | None], skipped: int
) -> None:
    from netlink._arrays import _codes

    known = pa.array(["skipped", *ids], pa.large_string())[1:]
    given_column = pa.array([*column, *ids], pa.large_string())[skipped:]
    wanted = pc.fill_null(pc.index_in(given_column, value_set=known), -1).to_pylist()
    assert _codes.positions(given_column, known).tolist() == wanted


def test_many_texts_go_through_the_hash_table(monkeypatch: pytest.MonkeyPatch) -> None:
    ids = pa.array([f"P{at:09}" for at in range(500)] + ["", "P1"], pa.large_string())
    column = pa.chunked_array(
        [ids.take(pa.array(np.arange(1500) % 502)), pa.array(["x", None], ids.type)]
    )
    slow = _arrays.codes(column, ids)
    monkeypatch.setattr(_arrays, "_HASHED", 1000)
    found = _arrays.codes(column, ids)
    assert found.dtype == np.int32
    assert found.tolist() == slow.tolist() == [*(np.arange(1500) % 502), -1, -1]


# Kernels


def plus_one(value: int) -> int:
    return value + 1


def test_kernels_work_where_numba_has_other_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    from netlink._arrays import _kernel

    monkeypatch.setattr(_kernel, "_PARTS", ("_no_such_part",))
    compiled = _kernel.kernel(plus_one)
    assert not isinstance(compiled._cache, _kernel._Cache)
    assert compiled(2) == 3


@pytest.mark.skipif(os.name == "nt", reason="no timer")
def test_an_interrupt_while_a_kernel_runs_is_raised_as_it_is() -> None:
    first = np.arange(300_000, dtype=np.int32)
    chain = _arrays.ties(first, first + 1, None, np.ones(300_000, dtype=bool), 300_001)
    _arrays.cuts(chain)
    handler = signal.signal(signal.SIGALRM, signal.default_int_handler)
    try:
        for _ in range(10):
            with pytest.raises(KeyboardInterrupt):
                signal.setitimer(signal.ITIMER_REAL, 0.003)
                while True:
                    _arrays.cuts(chain)
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler)
