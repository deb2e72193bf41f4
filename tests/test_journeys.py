"""Journeys against plain loops over the same records, and cases worked out by hand."""

from __future__ import annotations

from itertools import chain, combinations, pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import netlink as nl

DAY = pd.Timedelta(days=1)


def sightings(rows: list[tuple[str, str, str]], **columns: object) -> nl.Network:
    table = pd.DataFrame(rows, columns=["source", "target", "start"], dtype="str")
    return nl.read_tables(None, table.assign(relationship_type="seen_at", **columns))


def with_places(rows: list[tuple[str, str, str]], places: pd.DataFrame) -> nl.Network:
    table = pd.DataFrame(rows, columns=["source", "target", "start"]).assign(
        relationship_type="seen_at"
    )
    people = pd.DataFrame({"entity_id": sorted(set(table["source"])), "entity_type": "person"})
    entities = pd.concat([people, places.assign(entity_type="location")], ignore_index=True)
    return nl.read_tables(entities, table)


records = st.lists(
    st.tuples(
        st.sampled_from(["p1", "p2", "p3", "p4"]),
        st.sampled_from(["harbour", "hotel", "station"]),
        st.integers(1, 28).map(lambda day: f"2024-02-{day:02d}T12:00Z"),
    ),
    min_size=1,
    max_size=25,
)


# Visits


def test_visits_are_the_dated_records_at_places() -> None:
    rows = pd.DataFrame(
        [
            ("p1", "hotel", "stayed_at", "2024-03", "d1"),
            ("p1", "hotel", "resides_at", None, "d2"),
            ("v1", "harbour", "seen_at", "2024-03-02T10:00Z", None),
            ("p1", "p2", "met", "2024-03-03", "d3"),
        ],
        columns=["source", "target", "relationship_type", "start", "document"],
    )
    found = nl.journeys.visits(nl.read_tables(None, rows))
    assert found[["entity_id", "place", "documents"]].values.tolist() == [
        ["p1", "hotel", ["d1"]],
        ["v1", "harbour", []],
    ]
    assert found["start_last"].dt.strftime("%d %H:%M").tolist() == ["31 23:59", "02 10:00"]


def test_references_of_one_person_are_one() -> None:
    entities = pd.DataFrame(
        {
            "entity_id": ["p1", "p9", "hotel", "harbour"],
            "entity_type": ["person", "person", "location", "location"],
        }
    )
    rows = pd.DataFrame(
        {
            "source": ["p9", "p1", "p9"],
            "target": ["hotel", "harbour", "p1"],
            "relationship_type": ["seen_at", "seen_at", "same_as"],
            "start": ["2024-01-02", "2024-01-01", None],
        }
    )
    network = nl.read_tables(entities, rows)
    assert nl.journeys.visits(network)["entity_id"].tolist() == ["p1", "p1"]
    way = nl.journeys.itinerary(network, "p9")
    assert way["kind"].tolist() == ["stay", "move", "stay"]
    assert way["destination"].tolist() == ["harbour", "hotel", "hotel"]


def test_an_event_puts_its_people_where_it_took_place() -> None:
    entities = pd.DataFrame(
        {
            "entity_id": ["p1", "p2", "raid", "party", "flat", "bar", "club"],
            "entity_type": ["person", "person", "event", "event", *["location"] * 3],
        }
    )
    rows = pd.DataFrame(
        [
            ("p1", "raid", "suspect_in", None),
            ("p2", "raid", "victim_in", "2024-05-02"),
            ("flat", "raid", "involved_in", "2024-05-01"),
            # Nobody can say which of two places a guest was at.
            ("p1", "party", "involved_in", "2024-06-01"),
            ("bar", "party", "involved_in", "2024-06-01"),
            ("club", "party", "involved_in", "2024-06-01"),
        ],
        columns=["source", "target", "relationship_type", "start"],
    )
    network = nl.read_tables(entities, rows)
    found = nl.journeys.visits(network)
    assert found[["entity_id", "place"]].values.tolist() == [["p1", "flat"], ["p2", "flat"]]
    assert found["start_first"].dt.day.tolist() == [1, 2]
    assert found["relationship_ids"].map(len).tolist() == [2, 2]
    assert nl.journeys.itinerary(network, "p1")["origin"].tolist() == ["flat"]


def test_no_places_no_journeys() -> None:
    network = nl.datasets.karate_club()
    assert nl.journeys.visits(network).empty
    assert nl.journeys.itinerary(network, network.entities.index[0]).empty
    assert nl.journeys.co_movement(network, draws=9).empty
    for table in (nl.journeys.moves(network), nl.journeys.flows(network)):
        assert table.empty
    assert nl.journeys.routes(network).empty


# Itineraries

PLACES = pd.DataFrame(
    {
        "entity_id": ["paris", "lyon", "unknown"],
        "latitude": [48.8566, 45.7640, np.nan],
        "longitude": [2.3522, 4.8357, np.nan],
    }
)


def test_distance_and_speed() -> None:
    # Paris to Lyon is 392 km as the crow flies (great circle, any gazetteer).
    rows = [("p1", "paris", "2024-03-01T10:00Z"), ("p1", "lyon", "2024-03-01T12:00Z")]
    move = nl.journeys.itinerary(with_places(rows, PLACES), "p1").iloc[1]
    assert move["distance_km"] == pytest.approx(392, abs=1)
    assert move["speed_least"] == pytest.approx(196, abs=1)
    assert move["mark"] == ""


def test_impossible_speed_and_two_places_at_once() -> None:
    rows = [("p1", "paris", "2024-03-01T10:00Z"), ("p1", "lyon", "2024-03-01T10:10Z")]
    network = with_places(rows, PLACES)
    assert nl.journeys.itinerary(network, "p1")["mark"].tolist() == ["", "impossible speed", ""]
    assert (nl.journeys.itinerary(network, "p1", max_speed=3000)["mark"] == "").all()
    stays = pd.DataFrame(
        {
            "source": "p1",
            "target": ["hotel", "harbour"],
            "relationship_type": ["stayed_at", "seen_at"],
            "start": ["2024-03-01T10:00Z", "2024-03-03T10:00Z"],
            "end": ["2024-03-09T10:00Z", None],
        }
    )
    way = nl.journeys.itinerary(nl.read_tables(None, stays), "p1")
    assert way["mark"].tolist() == ["", "two places at once", ""]


def test_what_a_date_leaves_open_is_not_called_impossible() -> None:
    rows = [("p1", "paris", "2024-03-01"), ("p1", "lyon", "2024-03-01")]
    way = nl.journeys.itinerary(with_places(rows, PLACES), "p1")
    assert (way["mark"] == "").all()
    assert way["hours_least"].iloc[1] == 0
    assert way["hours_most"].iloc[1] == pytest.approx(24)


def test_a_gap_is_marked_and_its_records_named() -> None:
    network = sightings([("p1", "harbour", "2024-01-01"), ("p1", "hotel", "2024-04-01")])
    way = nl.journeys.itinerary(network, "p1")
    assert way["mark"].tolist() == ["", "gap", ""]
    assert way["relationship_ids"].iloc[1] == sorted(network.relationships.index)
    assert np.isnan(way["distance_km"].iloc[1])
    assert (nl.journeys.itinerary(network, "p1", gap="365D")["mark"] == "").all()


def test_bookings_and_company_stand_among_stays_and_moves() -> None:
    rows = pd.DataFrame(
        [
            ("boss", "p1", "booked_travel_for", "2024-03-01", "ticket"),
            ("p1", "port", "crossed_border_at", "2024-03-02T10:00Z", "stamp"),
            ("p2", "p1", "travelled_with", "2024-03-03", "note"),
            ("boss", "p1", "transported", "2024-03-03T10:00Z", None),
            ("p1", "hotel", "stayed_at", "2024-03-05", "register"),
            ("boss", "p1", "booked_travel_for", None, "undated"),
            ("boss", "p1", "met", "2024-03-03", "elsewhere"),
        ],
        columns=["source", "target", "relationship_type", "start", "document"],
    )
    network = nl.read_tables(None, rows)
    way = nl.journeys.itinerary(network, "p1")
    assert way["kind"].tolist() == ["travel", "stay", "move", "travel", "travel", "stay"]
    assert way["documents"].tolist() == [
        ["ticket"],
        ["stamp"],
        ["register", "stamp"],
        ["note"],
        [],
        ["register"],
    ]
    travel = way[way["kind"] == "travel"]
    assert travel["relationship_ids"].map(len).tolist() == [1, 1, 1]
    assert travel[["origin", "destination", "hours_most", "speed_least"]].isna().all(axis=None)
    # Who booked or drove need not have gone along; who travelled together did.
    assert nl.journeys.itinerary(network, "boss").empty
    assert nl.journeys.itinerary(network, "p2")["kind"].tolist() == ["travel"]
    # Those who were going while a stay lasted stand after it, and before the move from it.
    stays = pd.DataFrame(
        [
            ("p1", "hotel", "stayed_at", "2024-03-01T10:00Z", "2024-03-09T10:00Z"),
            ("boss", "p1", "booked_travel_for", "2024-03-04", None),
            ("p1", "port", "seen_at", "2024-03-10", None),
        ],
        columns=["source", "target", "relationship_type", "start", "end"],
    )
    way = nl.journeys.itinerary(nl.read_tables(None, stays), "p1")
    assert way["kind"].tolist() == ["stay", "travel", "move", "stay"]


@pytest.mark.parametrize("wrong", [["48", "canary"], [48.0, np.inf], [91.0, 2.0]])
def test_coordinates_that_are_none_are_refused(wrong: list[object]) -> None:
    places = PLACES.iloc[:2].assign(latitude=wrong)
    rows = [("p1", "paris", "2024-03-01"), ("p1", "lyon", "2024-03-02")]
    with pytest.raises(nl.errors.ArgumentError, match="'latitude' of places must") as caught:
        nl.journeys.itinerary(with_places(rows, places), "p1")
    assert "canary" not in str(caught.value)


def test_days_are_those_of_the_zone_and_a_year_has_its_leap_day() -> None:
    rows = pd.DataFrame(
        {
            "source": "p1",
            # 31 March 2024 in Vienna has 23 hours, 29 February is a day, and 2023 ends at midnight.
            "target": ["lyon", "paris", "lyon", "paris", "lyon"],
            "relationship_type": "seen_at",
            "start": ["2023", "2024-02-28", "2024-02-29", "2024-03-31", "2024-03-31T22:00Z"],
        }
    )
    people = pd.DataFrame({"entity_id": ["p1"], "entity_type": "person"})
    entities = pd.concat([people, PLACES.iloc[:2].assign(entity_type="location")])
    network = nl.read_tables(entities, rows, schema=nl.Schema(tz="Europe/Vienna"))
    way = nl.journeys.itinerary(network, "p1")
    assert (way["mark"] == ["", "gap", "", "", "", "gap", "", "", ""]).all()
    stays, moves = (way[way["kind"] == kind] for kind in ("stay", "move"))
    assert stays["hours_most"].round(6).tolist() == [365 * 24, 24, 24, 23, 0]
    # From 2023 to 28 February: at least from New Year's Eve on, at most from its first moment.
    assert moves["hours_least"].iloc[0] == pytest.approx((31 + 27) * 24)
    assert moves["hours_most"].iloc[0] == pytest.approx((365 + 31 + 28) * 24)
    assert moves["hours_least"].round(6).tolist()[1:] == [0, 30 * 24, 0]
    assert moves["hours_most"].round(6).tolist()[1:] == [48, 24 + 30 * 24 + 23, 23]
    pairs = pd.concat([rows, rows.assign(source="p2")])
    both = pd.concat([entities, people.assign(entity_id="p2")])
    company = nl.journeys.co_movement(
        nl.read_tables(both, pairs, schema=nl.Schema(tz="Europe/Vienna")), draws=9
    )
    # The year brings nobody together, the four days and hours do.
    assert company["together"].tolist() == [4]
    flows = nl.journeys.flows(network)
    assert flows["n_moves"].tolist() == [2, 2]


@pytest.mark.slow
@given(records)
@settings(max_examples=25, deadline=None)
def test_itinerary_uses_every_record_once_and_in_order(rows: list[tuple[str, str, str]]) -> None:
    network = sightings(rows)
    for person in sorted({row[0] for row in rows}):
        way = nl.journeys.itinerary(network, person)
        stays = way[way["kind"] == "stay"]
        own = network.relationships.index[network.relationships["source"] == person]
        assert sorted(chain.from_iterable(stays["relationship_ids"])) == sorted(own)
        assert way["first"].is_monotonic_increasing
        assert all(a != b for a, b in pairwise(stays["origin"]))


# Company


def together_by_loop(network: nl.Network, within: pd.Timedelta) -> dict[tuple[str, str], int]:
    rows = network.relationships
    found = {}
    for a, b in combinations(sorted(set(rows["source"])), 2):
        left, right = rows[rows["source"] == a], rows[rows["source"] == b]
        hits = [
            (i, j)
            for i in left.index
            for j in right.index
            if left.loc[i, "target"] == right.loc[j, "target"]
            and abs(left.loc[i, "start"] - right.loc[j, "start"]) <= within
        ]
        count = min(len({i for i, _ in hits}), len({j for _, j in hits}))
        if count >= 2:
            found[a, b] = count
    return found


@given(records)
@settings(max_examples=25, deadline=None)
def test_together_counts_as_a_loop_does(rows: list[tuple[str, str, str]]) -> None:
    network = sightings(rows)
    pairs = nl.journeys.co_movement(network, within="2D", draws=3)
    found = {(r.entity_1, r.entity_2): r.together for r in pairs.itertuples()}
    assert found == together_by_loop(network, 2 * DAY)


def company(seed: int = 3) -> list[tuple[str, str, str]]:
    """Forty people at two crossings on days of their own; two always on the same days."""
    draw = np.random.default_rng(seed)
    rows = []
    for person in range(40):
        for place in ("north", "south"):
            for day in draw.choice(300, 6, replace=False):
                moment = pd.Timestamp("2024-01-01", tz="UTC") + int(day) * DAY
                rows.append((f"p{person:02d}", place, moment.isoformat()))
    return rows + [("shadow", place, moment) for who, place, moment in rows if who == "p07"]


def test_a_shadow_stands_out_and_chance_does_not() -> None:
    pairs = nl.journeys.co_movement(sightings(company()), min_together=1, draws=199)
    first = pairs.iloc[0]
    assert (first["entity_1"], first["entity_2"]) == ("p07", "shadow")
    assert first["together"] == 12
    assert first["p_value"] == 1 / 200
    assert first["expected"] < 2
    # Of the pairs that only chance brought together few are rare under chance; each has been
    # together at least once to be listed, so small values are somewhat more common than uniform.
    others = pairs[~pairs["entity_1"].isin(["p07", "shadow"]) & (pairs["entity_2"] != "shadow")]
    assert len(others) > 100
    assert (others["p_value"] <= 0.05).mean() < 0.15


def test_row_order_changes_nothing() -> None:
    rows = company()
    mixed = [rows[i] for i in np.random.default_rng(1).permutation(len(rows))]
    pd.testing.assert_frame_equal(
        nl.journeys.co_movement(sightings(rows), draws=19),
        nl.journeys.co_movement(sightings(mixed), draws=19),
    )


def test_places_stand_from_origin_to_destination() -> None:
    rows = [
        (who, place, day)
        for who in ("p1", "v1")
        for place, day in (("a", "2024-01-01"), ("b", "2024-01-03"), ("c", "2024-01-06"))
    ]
    pair = nl.journeys.co_movement(sightings(rows), draws=9).iloc[0]
    assert pair["places"] == ["a", "b", "c"]
    assert pair["one_way"]
    assert len(pair["relationship_ids"]) == 6
    there_and_back = [*rows, ("p1", "a", "2024-01-09"), ("v1", "a", "2024-01-09")]
    pair = nl.journeys.co_movement(sightings(there_and_back), draws=9).iloc[0]
    assert not pair["one_way"]


def test_a_crowd_is_no_company() -> None:
    rows = [(f"p{i}", place, "2024-01-01") for i in range(8) for place in ("a", "b")]
    assert len(nl.journeys.co_movement(sightings(rows), draws=9)) == 28
    assert nl.journeys.co_movement(sightings(rows), draws=9, max_crowd=6).empty


def test_occasions_in_a_crowd_are_not_counted() -> None:
    days = ("2024-01-01", "2024-01-02", "2024-01-03")
    crowd = [(f"p{i}", "station", day) for i in range(10) for day in days]
    alone = [(who, at, day) for who in ("p0", "p1") for at, day in zip("ab", days, strict=False)]
    pair = nl.journeys.co_movement(sightings(crowd + alone), draws=9, max_crowd=6).iloc[0]
    assert (pair["together"], pair["places"], len(pair["relationship_ids"])) == (2, ["a", "b"], 4)


def test_vague_times_bring_nobody_together() -> None:
    rows = [(f"p{i}", place, "2024-01") for i in range(2) for place in ("a", "b")]
    assert nl.journeys.co_movement(sightings(rows), draws=9).empty
    assert len(nl.journeys.co_movement(sightings(rows), draws=9, within="31D")) == 1


# Flows and routes


@given(records)
@settings(max_examples=25, deadline=None)
def test_flows_count_as_a_loop_does(rows: list[tuple[str, str, str]]) -> None:
    network = sightings(rows)
    count: dict[tuple[str, str], int] = {}
    for person in sorted({row[0] for row in rows}):
        own = network.relationships[network.relationships["source"] == person]
        places = own.sort_values(["start", "target"])["target"].tolist()
        for a, b in pairwise(places):
            if a != b:
                count[a, b] = count.get((a, b), 0) + 1
    flows = nl.journeys.flows(network)
    assert {(r.origin, r.destination): r.n_moves for r in flows.itertuples()} == count
    assert flows["n_moves"].is_monotonic_decreasing


def test_flows_between_countries_pass_over_places_without_one() -> None:
    places = pd.DataFrame(
        {"entity_id": ["a1", "a2", "b1", "x"], "country": ["East", "East", "West", None]}
    )
    rows = [
        ("p1", place, f"2024-01-0{day}") for day, place in enumerate(["a1", "a2", "x", "b1"], 1)
    ]
    network = with_places(rows, places)
    flow = nl.journeys.flows(network, by="country").iloc[0]
    assert (flow["origin"], flow["destination"], flow["n_moves"]) == ("East", "West", 1)
    assert (flow["first"].day, flow["last"].day) == (2, 4)
    touched = nl.journeys.jurisdictions(network)
    assert touched[["jurisdiction", "n_records"]].values.tolist() == [["East", 2], ["West", 1]]


def test_a_journey_ends_with_a_long_stay() -> None:
    rows = [
        ("p1", "a", "2024-01-01"),
        ("p1", "b", "2024-01-03"),
        ("p1", "c", "2024-01-04"),
        ("p1", "c", "2024-03-04"),
        ("p1", "a", "2024-03-05"),
    ]
    network = sightings(rows)
    assert nl.journeys.routes(network)["route"].tolist() == [("a", "b", "c"), ("c", "a")]
    assert nl.journeys.routes(network)["n_transits"].tolist() == [1, 0]
    assert nl.journeys.routes(network, max_wait="90D")["route"].tolist() == [("a", "b", "c", "a")]


# What is refused


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda n: nl.journeys.itinerary(n, "p1", max_speed=0), "'max_speed' must be a positive"),
        (lambda n: nl.journeys.itinerary(n, "p1", gap="soon"), "'gap' must be a positive length"),
        (lambda n: nl.journeys.co_movement(n, within="-1D"), "'within' must be a positive"),
        (lambda n: nl.journeys.co_movement(n, draws=0), "'draws' must be a positive integer"),
        (lambda n: nl.journeys.co_movement(n, seed="1"), "'seed' must be an integer"),
        (lambda n: nl.journeys.flows(n, by="contry"), "no column 'contry'"),
        (lambda n: nl.journeys.routes(n, max_wait=3), "'max_wait' must be a positive length"),
    ],
)
def test_bad_arguments(call, message) -> None:
    network = sightings([("p1", "harbour", "2024-01-01")])
    with pytest.raises(nl.errors.ArgumentError, match=message):
        call(network)


def test_an_unknown_entity_is_not_named() -> None:
    network = sightings([("p1", "harbour", "2024-01-01")])
    with pytest.raises(nl.errors.UnknownEntityError) as caught:
        nl.journeys.itinerary(network, "CANARY")
    assert "CANARY" not in str(caught.value)
