"""Pictures: who is shown how, who is never named, and that nothing covers anything."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from matplotlib.backends.backend_agg import FigureCanvasAgg, RendererAgg
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from networks import network_of, networks, random_network, shuffled
from pictures import (
    LEAD,
    VICTIM,
    around,
    boxes,
    centers,
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
from netlink.plot import layout, look, marks, readings


@pytest.fixture(scope="module")
def case() -> tuple[nl.Network, Any]:
    return made_up()


@pytest.fixture(scope="module", params=[40, 400])
def drawn(case: tuple[nl.Network, Any], request: pytest.FixtureRequest) -> Any:
    whole, assessment = case
    part = around(whole, str(assessment.leads("recruiter", n=1).index[0]), request.param)
    groups = nl.communities.leiden(part)
    return part, assessment, nl.plot.network(part, assessment=assessment, communities=groups)


# People to protect


@pytest.mark.parametrize("names", [None, {"v1": "Vera", "v2": "Vera V.", "a": "Ann and Vera"}])
def test_people_to_protect_are_never_named(names: dict[str, str] | None) -> None:
    shown = " ".join(texts(nl.plot.network(small(), names=names)))
    for word in (VICTIM, VICTIM.lower(), "v1", "v2", "Alias", "Vera"):
        assert word not in shown
    assert (LEAD in shown) == (names is None)


def test_an_object_named_after_someone_to_protect_is_not_named() -> None:
    assert texts(nl.plot.network(small())) == [LEAD, "x2"]


def homes(residents: list[str]) -> nl.Network:
    entities = table(
        entity_id=["3", "4", "5"],
        entity_type=["person", "location", "person"],
        label=["", "flat 3", ""],
        protection_status=["child", "unknown", "none"],
    )
    n = len(residents)
    rows = table(source=residents, target=["4"] * n, relationship_type=["resides_at"] * n)
    return nl.read_tables(entities, rows)


def test_a_number_is_no_name() -> None:
    assert set(texts(nl.plot.network(homes(["3", "5"])))) == {"flat 3", "5"}


def test_an_object_that_only_people_to_protect_are_tied_to_is_not_named() -> None:
    assert texts(nl.plot.network(homes(["3"]))) == ["5"]
    assert set(texts(nl.plot.network(homes(["5"])))) == {"flat 3", "5"}


def test_protected_in_the_network_of_the_assessment_counts_too() -> None:
    whole = small()
    part = whole.subgraph(["a", "v2", "x2"])  # the reference with the status is left behind
    ax = nl.plot.network(part, assessment=nl.roles.assess(whole), names={"v2": "Vera"})
    assert "Vera" not in texts(ax)
    assert "To reach or protect, never named" in legend(ax)


def test_everyone_protected_in_a_case_stays_unnamed(drawn: Any) -> None:
    part, assessment, _ = drawn
    kinds = part.vocabulary.protection_statuses
    entities = part.entities
    protected = entities.index[entities["protection_status"].map(lambda s: kinds[s].is_protected)]
    assert len(protected)
    everything = {entity: f"name of {entity}" for entity in entities.index}
    shown = texts(nl.plot.network(part, assessment=assessment, names=everything))
    assert shown
    assert not {everything[entity] for entity in protected} & set(shown)


def test_likely_victims_are_people_to_reach_and_no_leads(case: tuple[nl.Network, Any]) -> None:
    network, assessment = case
    found = readings.read(network, assessment)
    index = network.entities.index
    reach = assessment.safeguarding(n=network.n_entities)["score"].reindex(index)
    best = assessment.scores.max(axis=1).reindex(index)
    likely = ((reach >= 0.5) & (reach >= best)).to_numpy()
    assert likely.any()
    assert found.unnamed[likely].all()
    assert (found.role[found.unnamed] == -1).all()
    leads = (best >= 0.5).to_numpy() & ~found.unnamed
    assert ((found.role >= 0) == leads).all()


# Labels


def test_labels_meet_neither_each_other_nor_the_edge_nor_the_legend(drawn: Any) -> None:
    ax = drawn[2]
    found = boxes(ax)
    assert len(found) > 5
    assert overlapping(found) == 0
    edge = ax.get_window_extent()
    key = ax.get_legend().get_window_extent(RendererAgg(10, 10, ax.figure.dpi))
    assert (found[:, 0] >= edge.x0).all() and (found[:, 2] <= key.x0).all()
    assert (found[:, 1] >= edge.y0).all() and (found[:, 3] <= edge.y1).all()


def test_marks_stay_inside_and_clear_of_the_legend(drawn: Any) -> None:
    ax = drawn[2]
    ax.figure.canvas.draw()
    edge, found = ax.get_window_extent(), centers(ax)
    key = ax.get_legend().get_window_extent(RendererAgg(10, 10, ax.figure.dpi))
    assert (found > [edge.x0, edge.y0]).all() and (found < [key.x0, edge.y1]).all()
    assert key.x1 <= edge.x1 + 1 and key.y0 >= edge.y0


def test_labels_of_a_small_network_cover_no_mark(case: tuple[nl.Network, Any]) -> None:
    ax = nl.plot.network(nl.datasets.karate_club())
    assert len(ax.texts) == 34
    found, marks = boxes(ax), centers(ax)
    inside = (marks[:, None] > found[:, :2]).all(axis=2) & (marks[:, None] < found[:, 2:]).all(
        axis=2
    )
    assert not inside.any()


def test_leads_are_named_first_and_people_without_a_role_not_at_all(drawn: Any) -> None:
    part, assessment, ax = drawn
    found = readings.read(part, assessment)
    label = part.entities["label"]
    leads = label[found.role >= 0]
    shown = texts(ax)
    n_leads = sum(text in set(leads) for text in shown)
    assert n_leads == len(leads) > 3
    assert set(shown[:n_leads]) <= set(leads)
    people = part.entities["entity_type"] == "person"
    assert not set(label[people & (found.role < 0)]) & set(shown)
    assert (len(shown) > n_leads) == (part.n_entities == 40)  # objects only in small networks


def test_a_name_stands_nearer_to_its_own_mark_than_to_another_lead(drawn: Any) -> None:
    part, assessment, ax = drawn
    found, roles = boxes(ax), readings.read(part, assessment).role
    owns = ax.transData.transform([text.xy for text in ax.texts])[: (roles >= 0).sum()]
    assert len(owns) > 3
    for i, box in enumerate(found[: len(owns)]):
        gap = np.hypot(*(np.clip(owns, box[:2], box[2:]) - owns).T)
        assert gap.argmin() == i


def test_names_replace_labels_and_say_who_is_named() -> None:
    ax = nl.plot.network(small(), names={"a": "Lead A", "x2": " ", "elsewhere": "Nobody"})
    assert texts(ax) == ["Lead A"]


def test_labels_are_no_markup_and_have_no_missing_glyphs() -> None:
    odd = {"p0": "$\\frac{x$", "p1": "\u5f20\u4f1f", "p2": "two\nlines\t", "p3": "x" * 90}
    network = network_of([("p0", "p1"), ("p1", "p2"), ("p2", "p3")])
    ax = nl.plot.network(network, names=odd)
    png(ax)  # warnings are errors
    shown = texts(ax)
    assert {"$\\frac{x$", "\ufffd\ufffd", "two lines"} <= set(shown)
    assert max(map(len, shown)) < 30


@settings(max_examples=8, deadline=None)
@given(networks(max_entities=9))
def test_labels_never_overlap(network: nl.Network) -> None:
    ax = nl.plot.network(network, names={e: f"a long name {e}" for e in network.entities.index})
    assert overlapping(boxes(ax)) == 0


# What is shown


def test_the_legend_holds_what_the_picture_holds(drawn: Any) -> None:
    part, assessment, ax = drawn
    shown = legend(ax)
    kinds = part.vocabulary.entity_types
    for name in part.entities["entity_type"].unique():
        assert kinds[name].label in shown
    roles = list(assessment.scores.columns)
    found = readings.read(part, assessment)
    for i, role in enumerate(roles):
        drawn_here = (found.role == i).any() or (found.further == i).any()
        assert (part.vocabulary.roles[role].label in shown) == drawn_here
    assert {"To reach or protect, never named", "Recorded act, on whom", "Community"} <= set(shown)
    assert legend(nl.plot.network(nl.datasets.karate_club())) == ["Person", "Contact"]


def test_roles_are_told_apart_by_color_and_people_by_size(drawn: Any) -> None:
    part, assessment, ax = drawn
    found = readings.read(part, assessment)
    people = (part.entities["entity_type"] == "person").to_numpy()
    size = {}
    for dots in dots_of(ax):
        faces = dots.get_facecolor()
        if len(faces):
            size.setdefault(
                to_hex(faces[0]).upper(), (len(dots.get_offsets()), dots.get_sizes()[0])
            )
    for i in np.unique(found.role[found.role >= 0]):
        color = look.ROLE_COLORS[i]
        assert size[color][0] == (found.role == i).sum()
        assert size[color][1] > size[look.PERSON][1] > size[look.OBJECT][1]
    assert size[look.PERSON][0] == (people & (found.role < 0) & ~found.to_reach).sum()


def test_every_object_type_has_a_shape_of_its_own() -> None:
    types = [n for n, k in nl.vocabulary.default().entity_types.items() if k.is_object]
    assert len({look.SHAPES[name] for name in types}) == len(types)
    assert "o" not in look.SHAPES.values()


def test_the_title_counts(drawn: Any) -> None:
    part, assessment, ax = drawn
    people = int((part.entities["entity_type"] == "person").sum())
    first, second = ax.get_title(loc="left").split("\n")
    objects = part.n_entities - people
    assert first == f"{people} people, {objects} objects, {part.n_relationships:,} relationships"
    found = readings.read(part, assessment)
    n_groups = nl.communities.leiden(part).labels.nunique()
    assert second == (
        f"{(found.role >= 0).sum()} leads, {found.to_reach.sum()} people to reach or protect, "
        f"{n_groups} communities"
    )


def test_acts_have_arrows_at_the_person_they_were_done_to() -> None:
    ax = nl.plot.network(small())
    heads = [c for c in ax.collections if type(c).__name__ == "PolyCollection"]
    assert len(heads) == 1
    (path,) = heads[0].get_paths()
    ties = small().to_scipy(directed=False, weight=None)
    xy = layout.positions(ties, np.zeros(5, dtype=np.int64), np.full(5, 0.5), 0)
    a, victim = xy[small().positions(["a", "v1"])]
    tip, back = path.vertices[0], path.vertices[1:3].mean(axis=0)
    assert np.hypot(*(tip - victim)) < np.hypot(*(back - victim))
    assert np.hypot(*(tip - victim)) < np.hypot(*(tip - a))


def test_letters_tell_roles_of_the_same_initial_apart() -> None:
    assert look.letters(["recruiter", "transporter"]) == ["R", "T"]
    assert look.letters(["financier", "forger"]) == ["Fi", "Fo"]
    assert look.letters([]) == []


# Places


def test_communities_stand_apart() -> None:
    club = nl.datasets.karate_club()
    groups = nl.communities.leiden(club)
    labels = groups.labels.to_numpy()
    ties = club.to_scipy(directed=False, weight=None)
    xy = layout.positions(ties, labels, np.full(34, 0.5), 0)
    middle = np.array([xy[labels == k].mean(axis=0) for k in range(4)])
    nearest = np.hypot(*(xy[:, None] - middle).transpose(2, 0, 1)).argmin(axis=1)
    assert (nearest == labels).all()
    ax = nl.plot.network(club, communities=groups)
    (grounds,) = [c for c in ax.collections if type(c).__name__ == "PolyCollection"]
    assert to_hex(grounds.get_facecolor()[0]).upper() == look.PATCH
    assert len(grounds.get_paths()) == 4


def test_marks_keep_their_distance() -> None:
    from scipy.spatial.distance import pdist

    for network in (nl.datasets.karate_club(), random_network(1, n=80, m=200)):
        n = network.n_entities
        group = layout.groups(network, None, 0)
        ties = network.to_scipy(directed=False, weight=None)
        xy = layout.positions(ties, group, np.full(n, 0.5), 0)
        assert pdist(xy).min() > 0.9


def test_components_are_packed_and_isolates_stand_in_a_block() -> None:
    names = [f"p{i:02d}" for i in range(40)]
    network = network_of([("p00", "p01"), ("p02", "p03"), ("p02", "p04")], entities=names)
    ties = network.to_scipy(directed=False, weight=None)
    xy = layout.positions(ties, np.zeros(40, dtype=np.int64), np.full(40, 0.5), 0)
    block = xy[5:]
    assert np.prod(np.ptp(block, axis=0) + 1.2) < 2.5 * len(block)
    for part in (xy[:2], xy[2:5]):
        low, high = part.min(axis=0), part.max(axis=0)
        assert not ((block > low - 1) & (block < high + 1)).all(axis=1).any()


def test_an_object_without_a_community_stands_with_its_people() -> None:
    entities = table(
        entity_id=["a", "b", "c", "d", "x", "y"], entity_type=["person"] * 4 + ["phone"] * 2
    )
    rows = table(
        source=["a", "c", "b", "d", "x"],
        target=["b", "d", "c", "x", "y"],
        relationship_type=["knows", "knows", "knows", "uses", "communicated"],
    )
    network = nl.read_tables(entities, rows)
    labels = pd.Series([0, 0, 1, 1], index=["a", "b", "c", "d"]).reindex(network.entities.index)
    assert layout.groups(network, labels, 0).tolist() == [0, 0, 1, 1, 1, 1]
    people = network.where(entity_types=["person"])
    ax = nl.plot.network(network, communities=nl.communities.leiden(people))
    assert "2 communities" in ax.get_title(loc="left")


# The same input, the same picture


def test_row_order_changes_nothing(case: tuple[nl.Network, Any]) -> None:
    whole, assessment = case
    part = around(whole, str(assessment.leads("recruiter", n=1).index[0]), 60)
    first = png(
        nl.plot.network(part, assessment=assessment, communities=nl.communities.leiden(part))
    )
    other = shuffled(part, 3)
    groups = nl.communities.leiden(other)
    assert png(nl.plot.network(other, assessment=assessment, communities=groups)) == first


@settings(max_examples=8, deadline=None)
@given(networks())
def test_positions_do_not_depend_on_row_order(network: nl.Network) -> None:
    places = []
    for same in (network, shuffled(network, 1)):
        ties = same.to_scipy(directed=False, weight=None)
        group = layout.groups(same, None, 0)
        places.append(layout.positions(ties, group, np.full(len(group), 0.5), 0))
    np.testing.assert_array_equal(*places)
    assert np.isfinite(places[0]).all()


def test_the_seed_moves_the_places() -> None:
    club = nl.datasets.karate_club()
    pictures = [png(nl.plot.network(club, seed=seed)) for seed in (0, 0, 7)]
    assert pictures[0] == pictures[1] != pictures[2]


# Edges


@pytest.mark.parametrize("n", [0, 1, 2, 30])
def test_networks_without_ties(n: int) -> None:
    entities = table(entity_id=[f"p{i:02d}" for i in range(n)], entity_type=["person"] * n)
    rows = table(source=[], target=[], relationship_type=[])
    network = nl.read_tables(entities, rows)
    ax = nl.plot.network(network, communities=nl.communities.leiden(network))
    png(ax)
    assert len(ax.texts) == n
    expected = "No entities" if n == 0 else "1 person" if n == 1 else f"{n} people"
    assert ax.get_title(loc="left") == expected
    assert overlapping(boxes(ax)) == 0


def test_axes_of_the_caller_are_used() -> None:
    figure = Figure(figsize=(9, 4))
    FigureCanvasAgg(figure)
    left, right = figure.subplots(1, 2)
    club = nl.datasets.karate_club()
    assert nl.plot.network(club, ax=left) is left
    assert overlapping(boxes(left)) == 0
    assert not right.collections


def test_pyplot_and_its_settings_are_left_alone() -> None:
    from matplotlib import pyplot, rcParams

    before = pyplot.get_fignums(), dict(rcParams)
    nl.plot.network(nl.datasets.krackhardt_kite())
    assert (pyplot.get_fignums(), dict(rcParams)) == before


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"assessment": 1}, "'assessment' must be a RoleAssessment, got int."),
        ({"communities": [1]}, "'communities' must be a Communities, got list."),
        ({"names": ["a"]}, "'names' must be a Mapping, got list."),
        ({"names": {"0": 1, "1": "x"}}, "1 of 2 are not str"),
        ({"ax": "left"}, "'ax' must be a matplotlib Axes, got str."),
        ({"seed": 1.5}, "'seed' must be an integer, got float."),
        ({"seed": True}, "'seed' must be an integer, got bool."),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        nl.plot.network(nl.datasets.krackhardt_kite(), **arguments)


def test_an_assessment_or_communities_of_another_network(case: tuple[nl.Network, Any]) -> None:
    kite = nl.datasets.krackhardt_kite()
    with pytest.raises(ArgumentError, match="'assessment' must be of this network"):
        nl.plot.network(kite, assessment=case[1])
    other = nl.communities.leiden(nl.datasets.florentine_families())
    with pytest.raises(ArgumentError, match="'communities' must be of this network"):
        nl.plot.network(kite, communities=other)


@pytest.mark.slow
def test_most_leads_among_four_thousand_entities_are_named() -> None:
    made = nl.datasets.synthetic_case(seed=1, size=1200)
    network = nl.read_tables(made.entities, made.relationships, schema=made.schema)
    assessment = nl.roles.assess(network)
    ax = nl.plot.network(network, assessment=assessment)
    assert overlapping(boxes(ax)) == 0
    leads = int(re.search(r"(\d+) leads", ax.get_title(loc="left"))[1])
    assert len(ax.texts) >= 0.65 * leads > 10


def test_very_many_lines_look_as_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(0)
    ends = rng.integers(0, 300, (2, 3000)).astype(str)
    rows = table(source=ends[0], target=ends[1])
    rows["relationship_type"] = rng.choice(["met", "paid"], len(rows))
    network = nl.read_tables(None, rows)

    def shades() -> np.ndarray:
        axes = nl.plot.network(network, names={})
        axes.figure.canvas.draw()
        return np.asarray(axes.figure.canvas.buffer_rgba())[..., 0].astype(float)

    one_by_one = shades()
    monkeypatch.setattr(marks, "_MANY", 100)
    together = shades()
    assert (together != one_by_one).any()
    assert np.corrcoef(together.ravel(), one_by_one.ravel())[0, 1] > 0.97
    assert together.mean() == pytest.approx(one_by_one.mean(), abs=2.0)
