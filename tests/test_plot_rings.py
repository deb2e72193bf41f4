"""Pictures in rings: one entity in the middle, and cores within cores."""

from __future__ import annotations

from typing import Any

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.figure import Figure
from networks import network_of, networks, random_network, shuffled
from pictures import (
    LEAD,
    VICTIM,
    around,
    boxes,
    centers,
    legend,
    made_up,
    overlapping,
    png,
    small,
    table,
    texts,
)
from scipy.spatial.distance import pdist

import netlink as nl
from netlink.errors import ArgumentError, UnknownEntityError
from netlink.plot import cores, rings

LEAD_ID = "a"


def places(network: nl.Network, band: np.ndarray, width: float = 1.1) -> tuple[Any, Any]:
    ties = network.to_scipy(directed=False, weight=None)
    group = np.zeros(network.n_entities, dtype=np.int64)
    return rings.positions(ties, band, group, width)


def first_lead() -> str:
    return str(made_up()[1].leads("recruiter", n=1).index[0])


@pytest.fixture(scope="module", params=[1, 2])
def drawn(request: pytest.FixtureRequest) -> Any:
    network, assessment = made_up()
    people = nl.transform.project(network, onto="person")
    part = nl.transform.ego(people, [first_lead()], hops=request.param)
    return part, nl.plot.ego(people, first_lead(), hops=request.param, assessment=assessment)


# Where things stand


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=1, max_size=300), st.sampled_from([1.1, 2.0]))
def test_marks_keep_their_distance_within_their_band(bands: list[int], width: float) -> None:
    band = np.unique(bands, return_inverse=True)[1].astype(np.int64)
    network = random_network(1, n=len(band), m=2 * len(band))
    xy, rims = places(network, band, width)
    radius = np.hypot(*xy.T)
    assert len(rims) == band.max() + 1
    assert (radius < rims[band]).all()
    assert (radius[band > 0] > rims[band[band > 0] - 1]).all()
    if len(band) > 1:
        assert pdist(xy).min() > 0.95 * width


def test_many_fill_a_band_in_rows() -> None:
    network = network_of([("hub", f"p{i:03d}") for i in range(400)])
    xy, rims = places(network, np.r_[0, np.ones(400, dtype=np.int64)])
    radius = np.hypot(*xy[1:].T)
    assert len(np.unique(radius.round(6))) > 3
    assert rims[-1] < 400 * 1.1 / (2 * np.pi) / 2  # less than half of what one row would take
    assert pdist(xy).min() > 0.95 * 1.1


@pytest.mark.parametrize("n", range(1, 260, 9))
def test_the_first_and_the_last_of_a_band_keep_their_distance(n: int) -> None:
    network = network_of([], entities=[f"p{i:03d}" for i in range(n)])
    xy, _ = places(network, np.zeros(n, dtype=np.int64))
    assert n == 1 or pdist(xy).min() > 0.95 * 1.1


def test_what_hangs_together_stands_in_one_direction() -> None:
    spokes = [("hub", f"a{i}") for i in range(8)]
    outer = [(f"a{i}", f"b{i}{j}") for i in range(8) for j in range(3)]
    network = network_of([*spokes, *outer])
    names = network.entities.index
    band = np.array([{"h": 0, "a": 1, "b": 2}[name[0]] for name in names])
    xy, _ = places(network, band)
    at = dict(zip(names, xy, strict=True))
    for inner, leaf in outer:
        cosine = at[inner] @ at[leaf] / np.hypot(*at[inner]) / np.hypot(*at[leaf])
        assert cosine > 0.9


def test_the_one_asked_about_stands_in_the_middle_and_ties_away_are_rings() -> None:
    network = random_network(3, n=30, m=45)
    graph = nx.Graph(network.to_networkx())
    entity = max(graph, key=graph.degree)
    names = {e: f"N{e}" for e in network.entities.index}
    ax = nl.plot.ego(network, entity, hops=3, names=names)
    found = {t.get_text(): t.xy for t in ax.texts if hasattr(t, "xy")}
    away = nx.single_source_shortest_path_length(graph, entity, cutoff=3)
    assert len(found) == len(away)
    radius = {name[1:]: float(np.hypot(*xy)) for name, xy in found.items()}
    assert radius[entity] == 0.0
    for k in (1, 2):
        inner = [radius[e] for e, d in away.items() if d == k]
        outer = [radius[e] for e, d in away.items() if d == k + 1]
        assert max(inner) < min(outer)
    counts = [sum(d == k for d in away.values()) for k in (1, 2, 3)]
    said = [f"{k} {'tie' if k == 1 else 'ties'} away: {n}" for k, n in enumerate(counts, 1)]
    assert texts(ax)[:3] == said


def test_the_core_is_inside_and_the_periphery_stands_by_coreness() -> None:
    club = nl.datasets.karate_club()
    fit = nl.cohesion.core_periphery(club, weight=None)
    ax = nl.plot.core_periphery(club)
    found = {t.get_text(): float(np.hypot(*t.xy)) for t in ax.texts if hasattr(t, "xy")}
    radius = fit.scores.index.map(found).to_numpy()
    coreness, is_core = (fit.scores[name].to_numpy() for name in ("coreness", "is_core"))
    said = [f"core: {is_core.sum()}, fit {fit.discrete_fit:.2f}"]
    edge = radius[is_core].max()
    for most, least in ((1, 0.5), (0.5, 0.25), (0.25, 0.1), (0.1, 0)):
        own = ~is_core & (coreness <= most) & (coreness > least)
        assert radius[own].min() > edge
        edge = radius[own].max()
        said.append(f"coreness {least} to {most}: {own.sum()}")
    assert texts(ax)[:5] == said


def test_bands_without_anybody_are_left_out() -> None:
    star = network_of([("m", name) for name in "abc"], entities=[*"abcm", "x"])
    band, said = cores._bands(nl.cohesion.core_periphery(star))
    assert band.tolist() == [1, 1, 1, 0, 2]  # coreness of a star's rim: 1 over the root of 3
    assert said == ["core: 1, fit 0.80", "coreness 0.5 to 1: 3", "coreness 0 to 0.1: 1"]


# Who is named


@pytest.mark.parametrize("entity", ["v1", "v2", LEAD_ID, "x1"])
@pytest.mark.parametrize("names", [None, {"v1": "Vera", "v2": "Vera V.", "x1": "phone of Vera"}])
def test_people_to_protect_are_never_named(entity: str, names: dict[str, str] | None) -> None:
    for ax in (
        nl.plot.ego(small(), entity, hops=3, names=names),
        nl.plot.core_periphery(small(), names=names),
    ):
        shown = " ".join(texts(ax))
        for word in (VICTIM, VICTIM.lower(), "v1", "v2", "Alias", "Vera", "phone"):
            assert word not in shown
        assert (LEAD in shown) == (names is None)
        assert "To reach or protect, never named" in legend(ax)


def test_a_reference_beyond_the_rim_protects_and_its_name_is_hidden() -> None:
    entities = table(
        entity_id=["v1", "v2", "a", "x"],
        entity_type=["person", "person", "person", "phone"],
        label=["Vera", "Alias", "Ann", "phone of Vera"],
        protection_status=["child", "unknown", "none", "unknown"],
    )
    rows = table(
        source=["v1", "a", "a", "a"],
        target=["v2", "v2", "x", "a"],
        relationship_type=["same_as", "knows", "uses", "knows"],
    )
    network = nl.read_tables(entities, rows)
    ax = nl.plot.ego(network, "a")
    assert ax.get_title(loc="left").startswith("2 people, 1 object")
    assert texts(ax) == ["1 tie away: 2", "Ann"]


def test_an_object_that_here_only_people_to_protect_are_tied_to_is_not_named() -> None:
    entities = table(
        entity_id=["v", "flat", "b"],
        entity_type=["person", "location", "person"],
        label=["", "Long Street 5", "Bob"],
        protection_status=["child", "unknown", "none"],
    )
    kinds = ["resides_at", "resides_at"]
    rows = table(source=["v", "b"], target=["flat", "flat"], relationship_type=kinds)
    network = nl.read_tables(entities, rows)
    assert "Long Street 5" not in texts(nl.plot.ego(network, "v"))
    assert "Long Street 5" in texts(nl.plot.ego(network, "v", hops=2))


@pytest.mark.slow
def test_everyone_protected_in_a_case_stays_unnamed() -> None:
    network, assessment = made_up()
    everything = {entity: f"name of {entity}" for entity in network.entities.index}
    protected = network.is_protected
    for entity in (first_lead(), str(protected.index[protected][0])):
        ax = nl.plot.ego(network, entity, hops=2, assessment=assessment, names=everything)
        shown = set(texts(ax))
        assert len(shown) > 5
        assert not {everything[e] for e in protected.index[protected]} & shown


def test_the_middle_is_named_first() -> None:
    network, assessment = made_up()
    people = nl.transform.project(network, onto="person")
    plain = (assessment.scores.max(axis=1) < 0.3) & ~people.is_protected.reindex(
        assessment.scores.index
    )
    entity = next(e for e in plain.index[plain] if len(people.neighbors(e)) > 3)
    ax = nl.plot.ego(people, entity, assessment=assessment)
    named = [t.get_text() for t in ax.texts if hasattr(t, "xy")]
    assert named[0] == people.entities.at[entity, "label"]


# Labels


def test_texts_meet_neither_each_other_nor_the_edge_nor_the_legend(drawn: Any) -> None:
    ax = drawn[1]
    found = boxes(ax)
    assert len(found) > 3
    assert overlapping(found) == 0
    edge = ax.get_window_extent()
    key = ax.get_legend().get_window_extent(RendererAgg(10, 10, ax.figure.dpi))
    assert (found[:, 0] >= edge.x0).all() and (found[:, 2] <= key.x0).all()
    assert (found[:, 1] >= edge.y0).all() and (found[:, 3] <= edge.y1).all()
    marks = centers(ax)
    assert (marks > [edge.x0, edge.y0]).all() and (marks < [key.x0, edge.y1]).all()


def test_every_entity_has_a_mark(drawn: Any) -> None:
    part, ax = drawn
    assert len(centers(ax)) == part.n_entities


@settings(max_examples=8, deadline=None)
@given(networks(max_entities=9))
def test_texts_never_overlap(network: nl.Network) -> None:
    names = {e: f"a long name {e}" for e in network.entities.index}
    entity = network.entities.index[0]
    for ax in (
        nl.plot.core_periphery(network, names=names),
        nl.plot.ego(network, entity, hops=2, names=names),
    ):
        assert overlapping(boxes(ax)) == 0


# The same input, the same picture


@pytest.mark.slow
def test_row_order_changes_nothing() -> None:
    whole, assessment = made_up()
    part = around(whole, first_lead(), 60)
    other = shuffled(part, 3)
    entity = first_lead()
    for draw in (
        lambda net: nl.plot.ego(net, entity, hops=2, assessment=assessment),
        lambda net: nl.plot.core_periphery(net, assessment=assessment),
    ):
        assert png(draw(part)) == png(draw(other))


@settings(max_examples=8, deadline=None)
@given(networks(directed=True))
def test_positions_do_not_depend_on_row_order(network: nl.Network) -> None:
    first, again = (
        [t.xy for t in nl.plot.core_periphery(net).texts if hasattr(t, "xy")]
        for net in (network, shuffled(network, 1))
    )
    np.testing.assert_array_equal(first, again)
    assert np.isfinite(first).all()


# Edges


@pytest.mark.parametrize("n", [0, 1, 2, 30])
def test_cores_without_ties(n: int) -> None:
    entities = table(entity_id=[f"p{i:02d}" for i in range(n)], entity_type=["person"] * n)
    rows = table(source=[], target=[], relationship_type=[])
    ax = nl.plot.core_periphery(nl.read_tables(entities, rows))
    png(ax)
    expected = "No entities" if n == 0 else "1 person" if n == 1 else f"{n} people"
    assert ax.get_title(loc="left") == expected
    assert texts(ax)[:1] == ([f"no core: {n}"] if n else [])
    assert len(texts(ax)) == (n + 1 if n else 0)


def test_an_isolate_in_the_middle() -> None:
    network = network_of([("a", "b")], entities=["a", "b", "c"])
    ax = nl.plot.ego(network, "c", hops=2)
    png(ax)
    assert texts(ax) == ["c"]
    assert ax.get_title(loc="left") == "1 person"


def test_axes_of_the_caller_are_used_and_pyplot_is_left_alone() -> None:
    from matplotlib import pyplot, rcParams

    before = pyplot.get_fignums(), dict(rcParams)
    figure = Figure(figsize=(9, 4))
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    club = nl.datasets.karate_club()
    assert nl.plot.ego(club, "0", ax=left) is left
    assert nl.plot.core_periphery(club, ax=right) is right
    assert overlapping(boxes(left)) == overlapping(boxes(right)) == 0
    assert (pyplot.get_fignums(), dict(rcParams)) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"assessment": 1}, "'assessment' must be a RoleAssessment, got int."),
        ({"names": ["a"]}, "'names' must be a Mapping, got list."),
        ({"ax": "left"}, "'ax' must be a matplotlib Axes, got str."),
        ({"seed": 1.5}, "'seed' must be an integer, got float."),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], message: str) -> None:
    kite = nl.datasets.krackhardt_kite()
    with pytest.raises(ArgumentError, match=message):
        nl.plot.core_periphery(kite, **arguments)
    with pytest.raises(ArgumentError, match=message):
        nl.plot.ego(kite, "0", **arguments)


def test_bad_entities_and_hops() -> None:
    kite = nl.datasets.krackhardt_kite()
    with pytest.raises(ArgumentError, match=r"'entity' must be one entity id, got list."):
        nl.plot.ego(kite, ["0"])  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match=r"'hops' must be a positive integer, got 0."):
        nl.plot.ego(kite, "0", hops=0)
    with pytest.raises(UnknownEntityError) as caught:
        nl.plot.ego(kite, "CANARY")
    assert "CANARY" not in str(caught.value)
