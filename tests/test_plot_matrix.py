"""Groups against groups: the counts, the shares, and what is added up."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from networks import network_of, networks, random_network, shuffled
from pictures import boxes, made_up, overlapping, png, table, texts

import netlink as nl
from netlink.communities import Communities
from netlink.errors import ArgumentError


def grouping(network: nl.Network, labels: list[Any]) -> Communities:
    found = pd.Series(labels, index=network.entities.index, name="community")
    return Communities(found, float("nan"), "made", {})


def cells(ax: Any) -> dict[tuple[int, int], tuple[int, str]]:
    """Row and column to the count and the share that stand there."""
    found = {}
    for text in ax.texts:
        count, share = text.get_text().split("\n")
        column, row = text.get_position()
        found[(int(row), int(column))] = (int(count.replace(",", "")), share)
    return found


def rows(ax: Any) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def test_counts_within_and_between() -> None:
    ties = [("a", "b"), ("a", "b"), ("a", "c"), ("c", "d"), ("d", "d"), ("e", "a")]
    network = network_of(ties, directed=True)
    ax = nl.plot.groups(network, communities=grouping(network, [0, 0, 1, 1, 2]))
    assert rows(ax) == ["0 (2)", "1 (2)", "2 (1)"]
    assert cells(ax) == {
        (0, 0): (2, "50%"),
        (0, 1): (1, "25%"),
        (0, 2): (1, "25%"),
        (1, 0): (1, "50%"),
        (1, 1): (1, "50%"),
        (2, 0): (1, "100%"),
    }
    assert ax.get_title(loc="left").split("\n") == [
        "5 people, 6 relationships",
        "3 groups, 2 relationships between them (40%)",
    ]


@pytest.mark.parametrize("seed", range(4))
def test_counts_are_those_of_networkx(seed: int) -> None:
    network = random_network(seed, n=12, m=40)
    groups = nl.communities.leiden(network)
    mixing = nx.MultiGraph(network.to_networkx())
    labels = groups.labels.to_dict()
    nx.set_node_attributes(mixing, labels, "group")
    order = {f"{k}": k for k in sorted(set(labels.values()))}
    matrix = nx.attribute_mixing_matrix(
        mixing, "group", mapping={k: k for k in order.values()}, normalized=False
    )
    found = cells(nl.plot.groups(network, communities=groups))
    for (i, j), (count, _) in found.items():
        assert count == (matrix[i, j] / 2 if i == j else matrix[i, j])
    assert len(found) == np.count_nonzero(matrix)


def test_the_darker_the_larger_the_share() -> None:
    club = nl.datasets.karate_club()
    ax = nl.plot.groups(club, communities=nl.communities.leiden(club))
    (image,) = ax.get_images()
    shares = np.asarray(image.get_array())
    np.testing.assert_allclose(shares.sum(axis=1), 1.0)
    for (i, j), (_, said) in cells(ax).items():
        assert said == f"{shares[i, j]:.0%}"
    shades = image.cmap(np.array([0.0, 0.5, 1.0]))[:, :3].sum(axis=1)
    assert (np.diff(shades) < 0).all()


def test_beyond_twelve_and_of_one_alone_groups_are_added_up() -> None:
    pairs = [(f"p{i:02d}a", f"p{i:02d}b") for i in range(15)]
    network = network_of([*pairs, ("p00a", "p14a")], entities=[*sum(pairs, ()), "q0", "q1"])
    labels = [i // 2 for i in range(30)] + [15, 16]
    ax = nl.plot.groups(network, communities=grouping(network, labels))
    assert rows(ax) == [*(f"{i} (2)" for i in range(12)), "others (8)"]
    assert cells(ax)[(12, 12)] == (3, "75%")
    assert cells(ax)[(0, 12)] == (1, "50%")
    assert "17 groups" in ax.get_title(loc="left")


def test_one_group_too_many_stands_for_itself() -> None:
    network = network_of([("a", "b")], entities=["a", "b", "c"])
    ax = nl.plot.groups(network, communities=grouping(network, [0, 0, 1]))
    assert rows(ax) == ["0 (2)", "1 (1)"]


def test_what_is_in_no_group_has_a_row_of_its_own() -> None:
    entities = table(entity_id=["a", "b", "x"], entity_type=["person", "person", "phone"])
    ties = table(source=["a", "a"], target=["b", "x"], relationship_type=["knows", "uses"])
    network = nl.read_tables(entities, ties)
    people = nl.communities.leiden(network.where(entity_types=["person"]))
    ax = nl.plot.groups(network, communities=people)
    assert rows(ax) == ["0 (2)", "no group (1)"]
    assert cells(ax)[(0, 1)] == (1, "50%")


def test_nobody_is_named() -> None:
    network, _ = made_up()
    ax = nl.plot.groups(network, communities=nl.communities.leiden(network))
    shown = " ".join([*texts(ax), *rows(ax), ax.get_title(loc="left")])
    for name in (*network.entities.index, *network.entities["label"].dropna()):
        if not name.isdecimal():
            assert name not in shown


def test_texts_never_overlap() -> None:
    network, _ = made_up()
    for ax in (
        nl.plot.groups(network, communities=nl.communities.leiden(network)),
        nl.plot.groups(network, communities=nl.communities.leiden(network, resolution=9.0)),
    ):
        png(ax)
        assert len(ax.texts) > 10
        assert overlapping(boxes(ax)) == 0


@settings(max_examples=8, deadline=None)
@given(networks())
def test_row_order_changes_nothing(network: nl.Network) -> None:
    groups = nl.communities.leiden(network)
    other = shuffled(network, 2)
    again = nl.communities.leiden(other)
    ax = nl.plot.groups(network, communities=groups)
    assert cells(ax) == cells(nl.plot.groups(other, communities=again))


@pytest.mark.parametrize("n", [0, 1, 5])
def test_networks_without_ties(n: int) -> None:
    entities = table(entity_id=[f"p{i:02d}" for i in range(n)], entity_type=["person"] * n)
    network = nl.read_tables(entities, table(source=[], target=[], relationship_type=[]))
    ax = nl.plot.groups(network, communities=nl.communities.leiden(network))
    png(ax)
    assert not ax.texts
    people = "1 person" if n == 1 else f"{n} people"
    groups = "1 group" if n == 1 else f"{n} groups"
    assert ax.get_title(loc="left") == (f"{people}\n{groups}" if n else "No entities")


def test_axes_of_the_caller_are_used_and_pyplot_is_left_alone() -> None:
    from matplotlib import pyplot, rcParams

    before = pyplot.get_fignums(), dict(rcParams)
    figure = Figure(figsize=(9, 4))
    FigureCanvasAgg(figure)
    left, _ = figure.subplots(1, 2)
    club = nl.datasets.karate_club()
    assert nl.plot.groups(club, communities=nl.communities.leiden(club), ax=left) is left
    assert (pyplot.get_fignums(), dict(rcParams)) == before


def test_bad_arguments() -> None:
    kite = nl.datasets.krackhardt_kite()
    groups = nl.communities.leiden(kite)
    with pytest.raises(ArgumentError, match=r"'communities' must be a Communities, got list."):
        nl.plot.groups(kite, communities=[1])  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"'ax' must be a matplotlib Axes, got int."):
        nl.plot.groups(kite, communities=groups, ax=1)  # type: ignore[arg-type]
    other = nl.communities.leiden(nl.datasets.florentine_families())
    with pytest.raises(ArgumentError, match="'communities' must be of this network"):
        nl.plot.groups(kite, communities=other)
