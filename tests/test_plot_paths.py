"""Paths drawn: who is named, what stands on a hop, nothing over anything else."""

from __future__ import annotations

import numpy as np
import pytest
from networks import network_of
from pictures import LEAD, VICTIM, boxes, legend, made_up, overlapping, png, small, texts

import netlink as nl
from netlink.errors import ArgumentError, UnknownEntityError


def test_nobody_to_protect_is_named_on_a_path() -> None:
    network = small()
    route = nl.paths.shortest(network, "x1", "x2", directed=False)
    assert route["entity_id"].tolist() == ["x1", "v1", "a", "x2"]
    ax = nl.plot.path(network, paths=route, names={"v1": VICTIM, "x1": VICTIM, "a": LEAD})
    assert LEAD in texts(ax)
    assert not any(VICTIM.lower() in text.lower() for text in texts(ax))
    ax = nl.plot.path(network, paths=route)
    assert {LEAD, "x2"} <= set(texts(ax))
    assert not any("canary" in text.lower() or text == "v1" for text in texts(ax))
    assert "To reach or protect, never named" in legend(ax)


def test_a_hop_says_how_many_records_and_sources_it_has() -> None:
    network = network_of(
        [("a", "b")] * 3 + [("b", "c")] * 2 + [("a", "c")], document=["x", "x", "y", "y", "z", "y"]
    )
    ax = nl.plot.path(network, paths=nl.paths.all_simple(network, "a", "c"))
    said = texts(ax)
    assert said.count("3 records\n2 sources") == 1
    assert said.count("2 records") == 1
    assert said.count("1 record") == 1
    assert ax.get_title(loc="left").splitlines()[1] == "2 paths"


@pytest.mark.parametrize("k", [2, *(pytest.param(k, marks=pytest.mark.slow) for k in (1, 5, 9))])
def test_no_text_lies_on_another(k: int) -> None:
    network, assessment = made_up()
    a, b = (assessment.leads(role, n=2).index[-1] for role in ("recruiter", "transporter"))
    for table in (
        nl.paths.k_shortest(network, a, b, k=k, directed=False),
        nl.paths.disjoint(network, a, b, directed=False),
    ):
        some = table[table["path"] <= k]
        ax = nl.plot.path(network, paths=some, assessment=assessment)
        assert overlapping(boxes(ax)) == 0


def test_the_source_stands_left_and_the_target_right() -> None:
    network = network_of([("z", "m"), ("m", "a"), ("z", "k"), ("k", "l"), ("l", "a")])
    route = nl.paths.k_shortest(network, "z", "a")
    ax = nl.plot.path(network, paths=route)
    at = {text.get_text(): text.xy[0] for text in ax.texts if hasattr(text, "xy")}
    assert at["z"] == min(at.values())
    assert at["a"] == max(at.values())
    assert at["k"] < at["m"] < at["l"]


def test_a_picture_of_paths_is_the_same_each_time() -> None:
    kite = nl.datasets.krackhardt_kite()
    route = nl.paths.k_shortest(kite, "0", "9", k=3)
    assert png(nl.plot.path(kite, paths=route)) == png(nl.plot.path(kite, paths=route))


def test_what_is_no_path_of_the_network_is_refused() -> None:
    kite = nl.datasets.krackhardt_kite()
    route = nl.paths.shortest(kite, "0", "9")
    with pytest.raises(ArgumentError, match="must be a table of paths"):
        nl.plot.path(kite, paths=route.drop(columns="step"))
    with pytest.raises(ArgumentError, match="4 of the 4 relationships"):
        nl.plot.path(kite.where(relationship_types=[]), paths=route)
    with pytest.raises(UnknownEntityError):
        nl.plot.path(kite.subgraph(["0", "5"]), paths=route)
    long = network_of([(f"p{i:02d}", f"p{i + 1:02d}") for i in range(70)])
    with pytest.raises(ArgumentError, match="leads through 71") as caught:
        nl.plot.path(long, paths=nl.paths.shortest(long, "p00", "p70"))
    assert "p7" not in str(caught.value)
    assert np.isfinite(nl.plot.path(kite, paths=nl.paths.shortest(kite, "0", "0")).get_xlim()).all()
