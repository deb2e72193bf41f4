"""Timelines, journey maps and flows: what is drawn, what is counted, who is never named."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex
from pictures import VICTIM, boxes, made_up, overlapping, png, texts

import netlink as nl
from netlink.plot.look import ROLE_COLORS


def rows(ax: Any) -> list[str]:
    return [label.get_text() for label in ax.get_yticklabels()]


def title(ax: Any) -> list[str]:
    return str(ax.get_title(loc="left")).split("\n")


def a_case() -> nl.Network:
    entities = pd.DataFrame(
        {
            "entity_id": ["a", "v1", "v2", "flat", "port"],
            "entity_type": ["person", "person", "person", "location", "location"],
            "label": ["Lead Ann", VICTIM, "Alias", f"home of {VICTIM}", "Port"],
            "protection_status": ["none", "identified_victim", None, None, None],
            "latitude": [None, None, None, 50.0, 48.0],
            "longitude": [None, None, None, 8.0, 12.0],
        }
    )
    records = pd.DataFrame(
        [
            ("a", "v1", "recruited", "2024-03", None),
            ("v1", "v2", "same_as", None, None),
            ("v2", "port", "seen_at", "2024-04-02T08:00Z", None),
            ("v1", "flat", "stayed_at", "2024-04-05", "2024-05-01"),
            ("a", "port", "seen_at", "2024-04-02T08:00Z", None),
            ("a", "flat", "owns", None, None),
        ],
        columns=["source", "target", "relationship_type", "start", "end"],
    )
    return nl.read_tables(entities, records)


# Timeline


def test_a_row_a_person_in_the_order_of_the_first_record() -> None:
    ax = nl.plot.timeline(a_case())
    assert rows(ax) == ["Lead Ann", "(to reach or protect)"]
    assert title(ax) == [
        "2 rows, 1 to reach or protect, never named",
        "1 relationship without a date, not drawn",
    ]


def test_each_kind_of_record_has_its_mark_at_both_ends() -> None:
    ax = nl.plot.timeline(a_case())
    drawn = {line.get_marker(): [] for line in ax.lines}
    for line in ax.lines:
        drawn[line.get_marker()] += line.get_ydata().tolist()
    assert {mark: sorted(at) for mark, at in drawn.items()} == {
        "s": [0, 1],
        "^": [0, 1],
        "o": [1],
    }
    said = [text.get_text() for text in ax.get_legend().get_texts()]
    assert said == ["Recorded act, with an arrow to whom", "Movement", "Stay or residence"]


def test_what_lasts_is_a_bar_and_what_is_vague_a_line_as_long_as_it_may_be() -> None:
    ax = nl.plot.timeline(a_case())
    spans = sorted(
        round(float(part[1, 0] - part[0, 0]))
        for lines in ax.collections
        for part in lines.get_segments()
    )
    assert spans == [27, 31, 31]  # the stay to the end of its last day; March 2024 in both rows


def test_rows_of_the_callers_choice() -> None:
    network = a_case()
    assert rows(nl.plot.timeline(network, entities=["port", "a"])) == ["Lead Ann", "Port"]
    # A flat that carries the name of a victim is as telling as the name.
    named = nl.plot.timeline(network, entities=["flat"], names={"flat": f"at {VICTIM}'s"})
    assert rows(named) == ["(not named)"]


@pytest.mark.parametrize("given", [None, {"v1": "CANARY-X", "a": "A", "v2": "CANARY-Y"}])
def test_a_timeline_names_nobody_to_protect(given: dict[str, str] | None) -> None:
    ax = nl.plot.timeline(a_case(), names=given)
    shown = " ".join([*rows(ax), *texts(ax), *title(ax)])
    assert "CANARY" not in shown
    assert "Alias" not in shown


def test_a_timeline_of_many_is_of_those_with_most_records_and_readable() -> None:
    network, assessment = made_up()
    ax = nl.plot.timeline(network, assessment=assessment)
    assert len(rows(ax)) == 30
    counts = pd.concat([network.relationships[end] for end in ("source", "target")])[
        network.relationships["start"].notna().tolist() * 2
    ].value_counts()
    people = network.entities.index[network.entities["entity_type"] == "person"]
    labels = set(
        network.entities.loc[counts.reindex(people).nlargest(30, keep="all").index, "label"]
    )
    named = {row.split(",")[0] for row in rows(ax)} - {"(to reach or protect)", "(not named)"}
    assert named
    assert named <= labels
    ax.figure.canvas.draw()
    extents = np.array([label.get_window_extent().extents for label in ax.get_yticklabels()])
    assert overlapping(extents) == 0


def test_nobody_dated_nothing_drawn() -> None:
    ax = nl.plot.timeline(nl.datasets.karate_club())
    assert title(ax) == ["78 relationships without a date, not drawn"]
    assert rows(ax) == []


# Journeys


def test_a_journey_is_numbered_and_its_places_named() -> None:
    ax = nl.plot.journey(a_case(), "a")
    assert title(ax) == ["1 place, 2024-04-02 to 2024-04-02"]
    assert texts(ax) == ["Port"]
    ax = nl.plot.journey(a_case(), "v2")
    assert title(ax)[0] == "2 places, 1 move, 2024-04-02 to 2024-05-01"
    assert sorted(text for text in texts(ax) if text) == ["1", "Port"]  # not the victim's home


def impossible() -> nl.Network:
    entities = pd.DataFrame(
        {
            "entity_id": ["v1", "north", "south", "nowhere"],
            "entity_type": ["vehicle", "location", "location", "location"],
            "latitude": [None, 55.0, 45.0, None],
            "longitude": [None, 10.0, 10.0, None],
        }
    )
    records = pd.DataFrame(
        [
            ("v1", "north", "2024-01-01T10:00Z"),
            ("v1", "south", "2024-01-01T10:30Z"),
            ("v1", "nowhere", "2024-01-02"),
            ("v1", "north", "2024-01-09"),
        ],
        columns=["source", "target", "start"],
    ).assign(relationship_type="seen_at")
    return nl.read_tables(entities, records)


def test_an_impossible_move_looks_different_and_a_lost_place_is_counted() -> None:
    ax = nl.plot.journey(impossible(), "v1")
    assert title(ax) == [
        "2 places, 2 moves, 2024-01-01 to 2024-01-09",
        "1 more without coordinates, not drawn, 1 not possible (dashed)",
    ]
    arrows = [text.arrow_patch for text in ax.texts if getattr(text, "arrow_patch", None)]
    looks = [(to_hex(arrow.get_edgecolor()), arrow.get_linestyle()) for arrow in arrows]
    assert looks == [(ROLE_COLORS[0].lower(), "--"), (ROLE_COLORS[1].lower(), "solid")]


def test_the_map_is_to_scale_in_the_middle() -> None:
    ax = nl.plot.journey(impossible(), "v1")
    (low, high), point = ax.get_ylim(), ax.transData.transform
    x, y = point([(0, 50), (1, 50)]), point([(0, 50), (0, 51)])
    ratio = (x[1, 0] - x[0, 0]) / (y[1, 1] - y[0, 1])
    assert low < 45
    assert high > 55
    assert ratio == pytest.approx(np.cos(np.radians(50)), rel=1e-6)


def test_without_coordinates_the_way_to_get_them_is_named() -> None:
    records = pd.DataFrame({"source": ["p1"], "target": ["CANARY"], "start": ["2024-01-01"]})
    network = nl.read_tables(None, records.assign(relationship_type="seen_at"))
    with pytest.raises(nl.errors.ArgumentError, match="'latitude' and 'longitude'") as caught:
        nl.plot.journey(network, "p1")
    assert "CANARY" not in str(caught.value)


# Flows


def test_flows_carry_their_numbers() -> None:
    records = [
        (who, place, day)
        for who in ("p1", "p2", "p3")
        for place, day in (("a", "2024-01-01"), ("b", "2024-01-03"))
    ]
    table = pd.DataFrame(
        [*records, ("p1", "a", "2024-01-05")], columns=["source", "target", "start"]
    )
    places = pd.DataFrame(
        {"entity_id": ["a", "b"], "entity_type": "location", "country": ["East", "West"]}
    )
    people = pd.DataFrame({"entity_id": ["p1", "p2", "p3"], "entity_type": "person"})
    entities = pd.concat([places, people], ignore_index=True)
    network = nl.read_tables(entities, table.assign(relationship_type="seen_at"))
    ax = nl.plot.flows(network)
    assert title(ax) == ["4 moves, 2 values of 'country'"]
    assert {"3 (3)", "1 (1)", "East", "West"} == {text for text in texts(ax) if text}
    widths = [t.arrow_patch.get_linewidth() for t in ax.texts if getattr(t, "arrow_patch", None)]
    assert widths[0] > 2 * widths[1]


def test_countries_stand_as_on_a_map_where_coordinates_are_known() -> None:
    ax = nl.plot.flows(
        nl.read_tables(
            pd.DataFrame(
                {
                    "entity_id": ["p", "n", "s"],
                    "entity_type": ["person", "location", "location"],
                    "latitude": [None, 60.0, 40.0],
                    "longitude": [None, 10.0, 10.0],
                    "country": [None, "North", "South"],
                }
            ),
            pd.DataFrame(
                {
                    "source": "p",
                    "target": ["n", "s"],
                    "relationship_type": "seen_at",
                    "start": ["2024-01-01", "2024-01-02"],
                }
            ),
        )
    )
    at = {text.get_text(): text.get_position() for text in ax.texts}
    assert at["North"][1] > at["South"][1]
    assert at["North"][0] == pytest.approx(at["South"][0])


def test_no_moves_an_empty_picture() -> None:
    network, _ = made_up()
    still = network.where(relationship_types=["communicated"])
    assert title(nl.plot.flows(still)) == ["no moves on record"]


@pytest.mark.parametrize("draw", [nl.plot.timeline, nl.plot.flows])
def test_the_same_bytes_again(draw: Any) -> None:
    network, _ = made_up()
    assert png(draw(network)) == png(draw(network))


def test_labels_keep_clear_of_each_other() -> None:
    network = impossible()
    ax = nl.plot.journey(network, "v1")
    assert overlapping(boxes(ax)[[bool(text.strip()) for text in texts(ax)]]) == 0


def test_what_is_refused() -> None:
    network = a_case()
    with pytest.raises(nl.errors.ArgumentError, match="at most 30"):
        nl.plot.timeline(made_up()[0], entities=made_up()[0].entities.index[:31])
    with pytest.raises(nl.errors.ArgumentError, match="must be a matplotlib Axes"):
        nl.plot.timeline(network, ax=3)
    with pytest.raises(nl.errors.ArgumentError, match="one entity id"):
        nl.plot.journey(network, ["a"])
    with pytest.raises(nl.errors.ArgumentError, match="no column 'contry'"):
        nl.plot.flows(network, by="contry")


def test_flows_write_no_place_that_only_people_to_protect_are_tied_to() -> None:
    entities = pd.DataFrame(
        {
            "entity_id": ["v1", "flat", "port"],
            "entity_type": ["person", "location", "location"],
            "label": [VICTIM, "Safe house", "Port"],
            "protection_status": ["identified_victim", "unknown", "unknown"],
            "place": [None, "the Safe house", "Port"],
        }
    )
    days = {"flat": "2024-01-03", "port": "2024-01-01"}
    table = pd.DataFrame({"source": "v1", "target": list(days), "start": list(days.values())})
    other = pd.DataFrame({"source": ["p"], "target": ["port"], "start": ["2024-01-01"]})
    p = pd.DataFrame({"entity_id": ["p"], "entity_type": "person"})
    rows_of = pd.concat([table, other], ignore_index=True).assign(relationship_type="seen_at")
    network = nl.read_tables(pd.concat([entities, p], ignore_index=True), rows_of)
    said = [text.get_text() for text in nl.plot.flows(network, by="place").texts]
    assert "Port" in said
    assert "(not named)" in said
    assert not any("house" in text for text in said)


def test_flows_write_no_place_of_a_likely_victim_where_an_assessment_says_so() -> None:
    entities = pd.DataFrame(
        {
            "entity_id": ["a", "w", "flat", "port", "b"],
            "entity_type": ["person", "person", "location", "location", "person"],
            "label": ["Ann", "Wanda", "Back room", "Port", "Ben"],
            "place": [None, None, "Back room", "Port", None],
        }
    )
    records = pd.DataFrame(
        [
            ("a", "w", "exploited", "2024-01-05"),
            ("b", "w", "exploited", "2024-02-05"),
            ("w", "port", "seen_at", "2024-01-01"),
            ("w", "flat", "seen_at", "2024-01-03"),
            ("b", "port", "seen_at", "2024-01-01"),
        ],
        columns=["source", "target", "relationship_type", "start"],
    )
    network = nl.read_tables(entities, records)
    assessment = nl.roles.assess(network)
    assert "w" in assessment.safeguarding(n=9).index
    assert "Back room" in {text.get_text() for text in nl.plot.flows(network, by="place").texts}
    drawn = nl.plot.flows(network, by="place", assessment=assessment)
    assert {"Port", "(not named)"} <= {text.get_text() for text in drawn.texts}
    assert not any("room" in text.get_text() for text in drawn.texts)
