"""One measure against another: what is drawn where, and who is named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from networks import network_of, networks, shuffled
from pictures import (
    LEAD,
    VICTIM,
    boxes,
    dots_of,
    legend,
    made_up,
    overlapping,
    png,
    small,
    table,
    texts,
)

import netlink as nl
from netlink.errors import ArgumentError


@pytest.fixture(scope="module")
def people() -> nl.Network:
    return nl.transform.project(made_up()[0], onto="person")


@pytest.fixture(scope="module")
def drawn(people: nl.Network) -> Any:
    return nl.plot.centralities(people, assessment=made_up()[1])


def on(network: nl.Network, **columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns, index=network.entities.index)


# What is drawn


def test_every_entity_stands_at_its_values(people: nl.Network, drawn: Any) -> None:
    table_ = nl.centrality.table(people)
    found = np.vstack([dots.get_offsets() for dots in dots_of(drawn)])
    wanted = table_[["degree", "betweenness"]].to_numpy()
    assert set(map(tuple, found.round(12))) == set(map(tuple, wanted.round(12)))
    assert drawn.get_xlabel(), drawn.get_ylabel() == ("degree", "betweenness")


def test_any_columns_of_a_table_are_drawn() -> None:
    club = nl.datasets.karate_club()
    every = nl.profiles.measures(club)
    ax = nl.plot.centralities(club, x="core_number", y="constraint", measures=every)
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("core number", "constraint")
    (dots,) = dots_of(ax)
    np.testing.assert_array_equal(dots.get_offsets(), every[["core_number", "constraint"]])


def test_what_has_no_value_is_counted_and_not_drawn() -> None:
    network = network_of([("a", "b")], entities=["a", "b", "c"])
    ax = nl.plot.centralities(
        network, x="degree", y="m", measures=on(network, degree=[1, 1, 0], m=[0.1, np.inf, np.nan])
    )
    assert ax.get_title(loc="left").split("\n")[1] == "2 without a value, not drawn"
    assert sum(len(dots.get_offsets()) for dots in dots_of(ax)) == 1
    assert texts(ax) == ["a"]


def test_lines_stand_at_the_medians() -> None:
    club = nl.datasets.karate_club()
    ax = nl.plot.centralities(club)
    upright, level = (np.array(line.get_xydata()) for line in ax.get_lines())
    every = nl.centrality.table(club)
    assert (upright[:, 0] == every["degree"].median()).all()
    assert level[:, 1] == pytest.approx([every["betweenness"].median()] * 2)


def test_ticks_and_marks_stay_clear_of_the_legend(drawn: Any) -> None:
    drawn.figure.canvas.draw()
    edge = drawn.get_window_extent()
    key = drawn.get_legend().get_window_extent(RendererAgg(10, 10, drawn.figure.dpi))
    for dots in dots_of(drawn):
        found = drawn.transData.transform(dots.get_offsets())
        assert (found > [edge.x0, edge.y0]).all() and (found < [key.x0, edge.y1]).all()
    ticks = drawn.transData.transform([(x, 0.0) for x in drawn.get_xticks()])
    assert len(ticks) > 2
    assert (ticks[:, 0] < key.x0).all()


def test_the_legend_holds_what_the_picture_holds(drawn: Any) -> None:
    shown = legend(drawn)
    assert {"Person", "To reach or protect, never named"} <= set(shown)
    assert "Contact" not in shown
    assert legend(nl.plot.centralities(nl.datasets.karate_club())) == ["Person"]


# Who is named


def test_the_highest_and_the_unlike_are_named() -> None:
    names = [f"p{i:02d}" for i in range(60)]
    network = network_of([], entities=names)
    x = np.arange(60.0)
    y = np.arange(60.0)
    y[10], y[50] = 58.5, 0.5  # few and high, many and low
    ax = nl.plot.centralities(network, x="x", y="y", measures=on(network, x=list(x), y=list(y)))
    assert {"p59", "p58", "p10", "p50"} <= set(texts(ax))
    assert len(texts(ax)) <= 20
    assert "p30" not in texts(ax)


def test_names_say_who_is_named() -> None:
    club = nl.datasets.karate_club()
    assert texts(nl.plot.centralities(club, names={"32": "Him", "elsewhere": "x"})) == ["Him"]


def test_names_at_one_spot_are_one_text() -> None:
    network = network_of([], entities=list("abcd"))
    both = on(network, x=[1, 1, 1, 5], y=[2, 2, 2, 1])
    ax = nl.plot.centralities(network, x="x", y="y", measures=both)
    assert sorted(texts(ax)) == ["a, b +1", "d"]


def test_no_name_stands_at_the_spot_of_someone_to_protect() -> None:
    network = small()
    both = on(network, x=[1, 1, 2, 3, 4], y=[1, 1, 1, 2, 3])  # a, v1, v2, x1, x2
    assert network.entities.index.tolist() == ["a", "v1", "v2", "x1", "x2"]
    assert texts(nl.plot.centralities(network, x="x", y="y", measures=both)) == ["x2"]


def test_a_name_stands_nearer_to_its_own_mark_than_to_anybody_to_protect(drawn: Any) -> None:
    found = boxes(drawn)
    owns = drawn.transData.transform([text.xy for text in drawn.texts])
    faces = [(dots, dots.get_facecolor()) for dots in dots_of(drawn)]
    unnamed = [dots for dots, face in faces if len(face) and to_hex(face[0]) == "#ffffff"]
    rings = drawn.transData.transform(np.vstack([dots.get_offsets() for dots in unnamed]))
    assert len(rings) > 10
    for own, box in zip(owns, found, strict=True):
        gap = np.hypot(*(np.clip(rings, box[:2], box[2:]) - rings).T)
        assert np.hypot(*(np.clip(own, box[:2], box[2:]) - own)) < gap.min()


def test_people_to_protect_are_never_named() -> None:
    names = {"v1": "Vera", "v2": "Vera V.", "x1": "phone of Vera", "a": "Ann"}
    for given_ in (None, names):
        ax = nl.plot.centralities(small(), names=given_)
        shown = " ".join(texts(ax))
        for word in (VICTIM, VICTIM.lower(), "v1", "v2", "Alias", "Vera", "phone"):
            assert word not in shown
        assert (LEAD if given_ is None else "Ann") in shown


def test_protected_by_a_reference_that_is_not_drawn() -> None:
    network = small()
    values = on(network, x=[1, 2, 3, 4, 5], y=[5, 1, 2, 3, 4]).astype(float)
    values.loc["v1", "x"] = np.nan
    ax = nl.plot.centralities(network, x="x", y="y", measures=values)
    assert set(texts(ax)) == {LEAD, "x2"}


def test_everyone_protected_in_a_case_stays_unnamed() -> None:
    network, assessment = made_up()
    everything = {entity: f"name of {entity}" for entity in network.entities.index}
    protected = network.is_protected
    ax = nl.plot.centralities(network, assessment=assessment, names=everything)
    assert len(texts(ax)) > 5
    unnamed = {everything[e] for e in protected.index[protected]}
    assert not unnamed & {part for text in texts(ax) for part in text.split(", ")}


@pytest.mark.parametrize("is_assessed", [True, False])
def test_labels_meet_neither_each_other_nor_the_legend(
    people: nl.Network, drawn: Any, is_assessed: bool
) -> None:
    ax = drawn if is_assessed else nl.plot.centralities(people)
    found = boxes(ax)
    # How many go without a name as likely victims is the role model's to say.
    assert len(found) > (0 if is_assessed else 8)
    assert overlapping(found) == 0
    edge = ax.get_window_extent()
    key = ax.get_legend().get_window_extent(RendererAgg(10, 10, ax.figure.dpi))
    assert (found[:, 0] >= edge.x0).all() and (found[:, 2] <= key.x0).all()
    assert (found[:, 1] >= edge.y0).all() and (found[:, 3] <= edge.y1).all()


@settings(max_examples=8, deadline=None)
@given(networks(max_entities=9))
def test_labels_never_overlap(network: nl.Network) -> None:
    ax = nl.plot.centralities(network, names={e: f"a name {e}" for e in network.entities.index})
    assert overlapping(boxes(ax)) == 0


# The same input, the same picture


def test_row_order_changes_nothing() -> None:
    club = nl.datasets.karate_club()
    assert png(nl.plot.centralities(club)) == png(nl.plot.centralities(shuffled(club, 5)))


# Edges


@pytest.mark.parametrize("n", [0, 1, 2, 30])
def test_networks_without_ties(n: int) -> None:
    entities = table(entity_id=[f"p{i:02d}" for i in range(n)], entity_type=["person"] * n)
    rows = table(source=[], target=[], relationship_type=[])
    network = nl.read_tables(entities, rows)
    ax = nl.plot.centralities(network, y="degree", measures=nl.centrality.table(network))
    png(ax)
    expected = "No entities" if n == 0 else "1 person" if n == 1 else f"{n} people"
    assert ax.get_title(loc="left") == expected
    assert len(texts(ax)) == min(n, 1)  # all on one spot


def test_axes_of_the_caller_are_used_and_pyplot_is_left_alone() -> None:
    from matplotlib import pyplot, rcParams

    before = pyplot.get_fignums(), dict(rcParams)
    figure = Figure(figsize=(9, 4))
    FigureCanvasAgg(figure)
    left, _ = figure.subplots(1, 2)
    assert nl.plot.centralities(nl.datasets.karate_club(), ax=left) is left
    assert overlapping(boxes(left)) == 0
    assert (pyplot.get_fignums(), dict(rcParams)) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"x": "degre"}, "'x' must be a column of the table of measures, 'degre' is not.*degree"),
        ({"y": 3}, "'y' must be a column name, got int."),
        ({"y": "word"}, "'y' must be a column of numbers, 'word' is not."),
        ({"measures": [1]}, "'measures' must be a pandas DataFrame, got list."),
        ({"measures": pd.DataFrame({"degree": [1]})}, "must have the rows of network.entities"),
        ({"assessment": 1}, "'assessment' must be a RoleAssessment, got int."),
        ({"names": ["a"]}, "'names' must be a Mapping, got list."),
        ({"ax": "left"}, "'ax' must be a matplotlib Axes, got str."),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], message: str) -> None:
    kite = nl.datasets.krackhardt_kite()
    every = nl.centrality.table(kite).assign(word="x")
    with pytest.raises(ArgumentError, match=message):
        nl.plot.centralities(kite, **{"measures": every, **arguments})
