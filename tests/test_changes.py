"""Change over time: windows, groups followed, change points, replacements; caviar's phases."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import Any

import numpy as np
import pandas as pd
import pytest
from measures import MEASURES
from networks import shared_data, shuffled

import netlink as nl
from netlink.errors import ArgumentError, UnknownEntityError


def network_of(rows: list[tuple[Any, ...]], column: str = "phase", tz: str = "UTC") -> nl.Network:
    table = pd.DataFrame(rows, columns=["source", "target", column])
    return nl.read_tables(None, table.assign(relationship_type="knows"), schema=nl.Schema(tz=tz))


def dated(*starts: str | None, tz: str = "UTC") -> nl.Network:
    return network_of([("a", f"b{i}", start) for i, start in enumerate(starts)], "start", tz)


# Windows


def test_calendar_windows_are_those_of_the_zone() -> None:
    network = dated("2024-02-29T12:00Z", "2024-04-01T00:30+02:00", tz="Europe/Vienna")
    found = nl.changes.windows(network, every="month")
    assert found.index.tolist() == ["2024-02", "2024-03", "2024-04"]
    assert (found["end"] - found["start"]).dt.total_seconds().div(3600).tolist() == [
        29 * 24,
        31 * 24 - 1,  # the clocks go forward on 31 March
        30 * 24,
    ]
    assert found["start"].iloc[1] == pd.Timestamp("2024-02-29T23:00Z")
    utc = nl.changes.windows(network, every="month", tz="UTC")
    assert utc.index.tolist() == ["2024-02", "2024-03"]
    days = nl.changes.windows(network, every="day")
    assert (days["end"] - days["start"]).min() == pd.Timedelta(hours=23)
    assert len(days) == 33
    for name, wanted in (
        ("week", ["2024-W09", "2024-W10", "2024-W11", "2024-W12", "2024-W13", "2024-W14"]),
        ("quarter", ["2024-Q1", "2024-Q2"]),
        ("year", ["2024"]),
    ):
        assert nl.changes.windows(network, every=name).index.tolist() == wanted


def test_windows_follow_each_other_and_hold_every_dated_row_once() -> None:
    rng = np.random.default_rng(0)
    moments = pd.Timestamp("2023-12-30", tz="UTC") + pd.to_timedelta(rng.integers(0, 9000, 60), "h")
    network = dated(*moments.strftime("%Y-%m-%dT%HZ"))
    for every in ("day", "week", "month", "quarter", "year", "10 days", "36 hours"):
        found = nl.changes.windows(network, every=every, tz="America/New_York")
        assert (found["end"].iloc[:-1].to_numpy() == found["start"].iloc[1:].to_numpy()).all()
        counts = nl.changes.over_windows(
            network, measure=lambda part: part.n_relationships, windows=found
        )
        assert counts.sum() == 60
        assert counts.iloc[0] > 0
        assert counts.iloc[-1] > 0


def test_rolling_windows_overlap() -> None:
    network = dated("2024-01-10", "2024-04-02")
    found = nl.changes.windows(network, every="quarter", step="month")
    assert found.index.tolist() == ["2024-01-01", "2024-02-01", "2024-03-01", "2024-04-01"]
    assert found["end"].iloc[0] == pd.Timestamp("2024-04-01", tz="UTC")
    rolling = nl.changes.windows(network, every="30 days", step="10 days")
    assert (rolling["start"].diff().dropna() == pd.Timedelta(days=10)).all()
    assert rolling["start"].iloc[0] == pd.Timestamp("2024-01-10", tz="UTC")


def test_boundaries_are_in_the_zone_unless_they_say_theirs() -> None:
    found = nl.changes.windows(
        dated("2024-01-10"),
        boundaries=["2024-01-01", "2024-07-01", "2024-08-01T00:00Z"],
        tz="Europe/Vienna",
    )
    assert found["start"].tolist() == [
        pd.Timestamp("2023-12-31T23:00Z"),
        pd.Timestamp("2024-06-30T22:00Z"),
    ]
    assert found["end"].iloc[1] == pd.Timestamp("2024-08-01T00:00Z")
    assert found.index.tolist() == ["1", "2"]


@pytest.mark.slow
def test_the_shape_follows_from_the_measure() -> None:
    network = network_of([("a", "b", 2), ("b", "c", 10), ("a", "c", 10)])
    n = nl.changes.over_windows(network, measure=nl.cohesion.density, windows="phase")
    assert n.index.tolist() == ["2", "10"]
    assert n.name == "density"
    wide = nl.changes.over_windows(network, measure=nl.centrality.degree, windows="phase")
    assert wide.columns.tolist() == ["2", "10"]
    assert wide.loc["c"].tolist() == [0, 2]
    assert (wide.index == network.entities.index).all()
    long = nl.changes.over_windows(network, measure=nl.centrality.table, windows="phase")
    assert long.index.names == ["window", "entity_id"]
    assert long.loc[("10", "a")].equals(long.xs("10").loc["a"])


def test_a_year_is_in_all_of_its_windows_and_a_leap_day_in_one() -> None:
    network = dated("2024", "2024-02-29", "2024-03-31T22:30Z", None, tz="Europe/Vienna")
    months = nl.changes.windows(network, every="month")
    n = nl.changes.over_windows(network, measure=lambda part: part.n_relationships, windows=months)
    # 31 March, 22:30 UTC is 1 April in Vienna.
    assert n.tolist() == [1, 2, 1, 2]
    found = nl.changes.replacements(
        network_of([("a", "x", "2023"), ("b", "x", "2024")], "start"),
        windows=nl.changes.windows(
            network_of([("a", "x", "2023"), ("b", "x", "2024")], "start"), every="year"
        ),
        min_shared=1,
    )
    assert found[["left", "appeared"]].values.tolist() == [["a", "b"]]


@pytest.mark.slow
def test_any_measure_is_measured_in_each_phase() -> None:
    rows = [(f"p{a}", f"p{b}", k) for k in (1, 2) for a in range(4 + k) for b in range(a)]
    network = network_of(rows)
    asked = 0
    for name, measure in MEASURES.items():
        if " " not in name and isinstance(measure(network), pd.Series | pd.DataFrame | float | int):
            asked += 1
            found = nl.changes.over_windows(network, measure=measure, windows="phase")
            names = found.columns if found.ndim == 2 and found.index.nlevels == 1 else found.index
            assert set(names.get_level_values(0)) == {"1", "2"}, name
    assert asked > 25


def test_bad_windows_and_measures_are_refused() -> None:
    network = dated("2024-01-10", "2026-01-01")
    for wrong in (
        {},
        {"every": "month", "boundaries": ["2024-01-01", "2024-02-01"]},
        {"boundaries": ["2024-01-01", "2024-02-01"], "step": "day"},
        {"boundaries": ["2024-02-01", "2024-01-01"]},
        {"boundaries": ["2024-02-01", 7]},
        {"every": "fortnight"},
        {"every": "-3 days"},
        {"every": "1 s"},
        {"every": "month", "tz": "Mars"},
    ):
        with pytest.raises(ArgumentError):
            nl.changes.windows(network, **wrong)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="Did you mean 'month'"):
        nl.changes.windows(network, every="months")
    undated = nl.changes.windows(dated(None), every="month")
    assert len(undated) == 0
    for windows in (undated, 7, "phases", pd.DataFrame({"start": []})):
        with pytest.raises(ArgumentError):
            nl.changes.over_windows(network, measure=nl.centrality.degree, windows=windows)  # type: ignore[arg-type]
    months = nl.changes.windows(network, every="year")
    with pytest.raises(ArgumentError, match="'measure' must give"):
        nl.changes.over_windows(network, measure=lambda part: "much", windows=months)  # type: ignore[arg-type,return-value]


# Groups


def cliques(groups: dict[int, list[str]]) -> list[tuple[str, str, int]]:
    """Everybody of a group, one letter each, is tied to all of it."""
    return [
        (a, b, phase)
        for phase, parts in groups.items()
        for part in parts
        for a, b in combinations(part, 2)
    ]


def components(part: nl.Network) -> nl.communities.Communities:
    labels = nl.cohesion.components(part).rename("community")
    return nl.communities.Communities(labels, float("nan"), "components", {})


def history(groups: dict[int, list[str]], **options: Any) -> nl.changes.GroupHistory:
    network = network_of(cliques(groups))
    return nl.changes.follow_groups(network, windows="phase", method=components, **options)


def told(found: nl.changes.GroupHistory) -> list[tuple[Any, ...]]:
    rows = found.events[["window", "group", "event", "size"]].values.tolist()
    return [tuple(row) for row in rows]


def test_groups_are_born_grow_shrink_are_kept_and_end() -> None:
    found = history({1: ["abcd", "xyz"], 2: ["abcde", "uvw"], 3: ["abcd"], 4: ["abcd"]})
    assert told(found) == [
        ("1", 0, "born", 4),
        ("1", 1, "born", 3),
        ("2", 0, "grown", 5),
        ("2", 1, "ended", 0),
        ("2", 2, "born", 3),
        ("3", 0, "shrunk", 4),
        ("3", 2, "ended", 0),
        ("4", 0, "kept", 4),
    ]
    assert found.events["jaccard"].iloc[2] == pytest.approx(4 / 5)
    assert found.members.query("window == '3'")["entity_id"].tolist() == list("abcd")
    assert repr(found).startswith("<GroupHistory of 3 groups over 4 windows (3 born, 1 grown")


def test_groups_split_and_merge() -> None:
    found = history({1: ["abcdefg"], 2: ["abcd", "efg"], 3: ["abcdefg"]})
    assert told(found) == [
        ("1", 0, "born", 7),
        ("2", 0, "shrunk", 4),
        ("2", 1, "split", 3),
        ("3", 0, "grown", 7),
        ("3", 1, "merged", 0),
    ]
    assert found.events["other"].tolist() == [pd.NA, pd.NA, 0, pd.NA, 0]
    assert found.events["jaccard"].iloc[4] == pytest.approx(3 / 7)
    apart = history({1: ["abcdefg"], 2: ["abcd", "efg"]}, threshold=0.5)
    assert told(apart)[1:] == [("2", 0, "shrunk", 4), ("2", 1, "born", 3)]
    small = history({1: ["abcdefg"], 2: ["abcd", "efg"]}, min_size=4)
    assert told(small)[1:] == [("2", 0, "shrunk", 4)]


def test_every_group_of_every_window_has_one_event_and_its_members() -> None:
    rng = np.random.default_rng(5)
    rows = [
        (f"p{a:02d}", f"p{b:02d}", int(w))
        for a, b, w in zip(*rng.integers(0, 24, (2, 160)), rng.integers(0, 6, 160), strict=True)
    ]
    network = network_of(rows)
    found = nl.changes.follow_groups(network, windows="phase", method=nl.communities.leiden)
    events = found.events.set_index(["window", "group"])
    assert events.index.is_unique
    sizes = found.members.groupby(["window", "group"]).size()
    alive = events[events["size"] > 0]
    pd.testing.assert_series_equal(
        alive["size"].sort_index(), sizes.sort_index(), check_names=False
    )
    assert not found.members.duplicated(["window", "entity_id"]).any()
    members = found.members.groupby(["window", "group"])["entity_id"].agg(set)
    for before, after in pairwise(found.windows):
        now, then = members.loc[before].to_dict(), members.loc[after].to_dict()
        for group, event in events.xs(after).iterrows():
            if event["event"] in ("born", "ended"):
                others = then if event["event"] == "ended" else now
                own = (now if event["event"] == "ended" else then)[group]
                assert all(len(own & part) <= 0.3 * len(own | part) for part in others.values())
            elif event["event"] in ("kept", "grown", "shrunk"):
                alike = len(now[group] & then[group]) / len(now[group] | then[group])
                assert event["jaccard"] == pytest.approx(alike)
                assert alike > 0.3
    for turn in range(2):
        other = nl.changes.follow_groups(
            shuffled(network, turn), windows="phase", method=nl.communities.leiden
        )
        pd.testing.assert_frame_equal(found.members, other.members)
        pd.testing.assert_frame_equal(found.events, other.events)


def test_bad_arguments_of_groups_are_refused() -> None:
    network = network_of(cliques({1: ["abc"]}))
    for wrong in ({"threshold": 1}, {"threshold": "x"}, {"min_size": 0}, {"min_size": True}):
        with pytest.raises(ArgumentError):
            nl.changes.follow_groups(network, windows="phase", method=components, **wrong)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="must give Communities"):
        nl.changes.follow_groups(network, windows="phase", method=nl.centrality.degree)  # type: ignore[arg-type]


# Activity


def best_cut(counts: np.ndarray, penalty: float) -> float:
    """Least cost over every way of cutting, by trying them all."""

    def cost(part: np.ndarray) -> float:
        return -2.0 * part.sum() * np.log(part.mean()) if part.sum() else 0.0

    n = len(counts)
    return min(
        sum(cost(counts[a:b]) for a, b in pairwise([0, *cuts, n])) + penalty * len(cuts)
        for k in range(n)
        for cuts in combinations(range(1, n), k)
    )


def test_change_points_are_the_best_of_all_cuts() -> None:
    rng = np.random.default_rng(1)
    for penalty in (None, 1.0, 12.0):
        for _ in range(4):
            counts = rng.poisson(np.repeat(rng.choice([0, 1, 5, 9], 3), 3))
            counts[[0, -1]] += 1
            days = pd.date_range("2024-02-25", periods=9, tz="UTC").repeat(counts)
            network = dated(*days.strftime("%Y-%m-%dT%HZ"))
            found = nl.changes.change_points(network, "a", every="day", penalty=penalty)
            n = found["n_relationships"].to_numpy()
            days_each = (found["end"] - found["start"]) / pd.Timedelta(days=1)
            np.testing.assert_allclose(found["rate"], n / days_each)
            price = 2 * np.log(9) if penalty is None else penalty
            with np.errstate(divide="ignore", invalid="ignore"):
                cost = -2.0 * np.nansum(n * np.log(n / days_each)) + price * (len(n) - 1)
            assert cost == pytest.approx(best_cut(counts, price))
            assert n.sum() == counts.sum()


def test_the_coal_mines_became_safer_in_the_years_in_print() -> None:
    # Explosions in British coal mines with ten or more deaths, 1851 to 1962 (Jarrett 1979): one
    # figure a year.
    told = (
        "4541043406334026335453144155342522342132211113001011003103220111010100021000110233112"
        "111123300014000100000100101"
    )
    years = [str(1851 + i) for i, n in enumerate(told) for _ in range(int(n))]
    assert len(years) == 191
    network = dated(*years)
    one = nl.changes.change_points(network, "a", every="year", penalty=20)
    # Carlin, Gelfand & Smith 1992: 1891 is the last year of the first rate; 3.1 and 0.9 a year.
    assert one["start"].dt.year.tolist() == [1851, 1892]
    assert (one["rate"] * 365.25).round(1).tolist() == [3.1, 0.9]
    # Raftery & Akman 1986 have it, at 95 %, between 15 May 1887 and 3 August 1895.
    assert pd.Timestamp("1887-05-15", tz="UTC") < one["start"].iloc[1]
    assert one["start"].iloc[1] < pd.Timestamp("1895-08-03", tz="UTC")


def test_months_count_by_their_length_and_vague_dates_are_left_out() -> None:
    days = pd.date_range("2023-12-01", "2024-03-31", tz="UTC").strftime("%Y-%m-%d")
    steady = nl.changes.change_points(dated(*days, "2024", "2024-02", None), "a", every="month")
    assert steady["rate"].tolist() == [pytest.approx(124 / 122)] or len(steady) == 1
    assert steady["n_relationships"].sum() == len(days) + 1  # February is one month
    assert steady.attrs["left_out"] == 2
    by_day = nl.changes.change_points(dated(*days, "2024-02"), "a", every="day")
    assert by_day.attrs["left_out"] == 1


def test_change_points_of_nothing_and_wrong_arguments() -> None:
    assert len(nl.changes.change_points(dated(None), "a")) == 0
    network = network_of([("a", "b", "2024-01-01"), ("c", "d", "2024-03-01")], "start")
    one = nl.changes.change_points(network, "d", every="month", penalty=100)
    assert one["n_relationships"].tolist() == [1]
    for wrong in ({"penalty": 0}, {"penalty": "x"}, {"penalty": float("nan")}, {"every": "eon"}):
        with pytest.raises(ArgumentError):
            nl.changes.change_points(network, "a", **wrong)  # type: ignore[arg-type]
    with pytest.raises(UnknownEntityError) as caught:
        nl.changes.change_points(network, "canary")
    assert "canary" not in str(caught.value)


# Replacement


def test_replacements_are_those_that_brute_force_finds() -> None:
    rng = np.random.default_rng(3)
    # Four people who stay, and in each phase five others of whom three are new.
    rows = [
        (f"x{a}", f"p{3 * phase + b:02d}", phase)
        for phase in range(6)
        for a, b in rng.integers(0, (4, 5), (9, 2)).tolist()
    ]
    network = network_of(rows)
    seen: dict[str, set[int]] = {}
    near: dict[str, set[str]] = {}
    for a, b, w in rows:
        for one, other in ((a, b), (b, a)):
            seen.setdefault(one, set()).add(w)
            near.setdefault(one, set()).add(other)
    order = {w: i for i, w in enumerate(sorted({w for *_, w in rows}))}
    wanted = {
        (a, b): near[a] & near[b]
        for a in seen
        for b in seen
        if 1 <= order[min(seen[b])] - order[max(seen[a])] <= 2 and len(near[a] & near[b]) >= 2
    }
    found = nl.changes.replacements(network, windows="phase", within=2)
    assert len(wanted) > 3
    assert {(row.left, row.appeared): set(row.shared) for row in found.itertuples()} == wanted
    assert found["share"].is_monotonic_decreasing
    relationships = network.relationships
    for row in found.itertuples():
        both, shared = {row.left, row.appeared}, set(row.shared)
        assert row.n_shared == len(shared)
        assert row.jaccard == pytest.approx(len(shared) / len(near[row.left] | near[row.appeared]))
        ends = relationships[["source", "target"]].apply(set, axis=1)
        behind = ends.map(
            lambda pair, both=both, shared=shared: bool(pair & both) and bool(pair & shared)
        )
        assert row.relationship_ids == sorted(relationships.index[behind])
    other = nl.changes.replacements(shuffled(network, 1), windows="phase", within=2)
    pd.testing.assert_frame_equal(found, other)


def test_replacements_at_a_hub_do_not_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = nl.changes.replacements.__globals__
    monkeypatch.setitem(limits, "_BLOCK", 100)
    hub = [("hub", f"p{k}", 1 + k % 2) for k in range(60)]
    both = [*hub, ("p0", "x", 1), ("p1", "x", 2), ("p2", "x", 1)]
    found = nl.changes.replacements(network_of(both), windows="phase")
    assert found[["left", "appeared"]].values.tolist() == [["p0", "p1"], ["p2", "p1"]]
    one = nl.changes.replacements(network_of(hub), windows="phase", min_shared=1)
    assert len(one) == 30 * 30
    monkeypatch.setitem(limits, "_MOST", 800)
    with pytest.raises(ArgumentError, match="More than 800 pairs share 1 others"):
        nl.changes.replacements(network_of(hub), windows="phase", min_shared=1)


def test_no_replacement_is_an_empty_table_and_wrong_arguments_are_refused() -> None:
    network = network_of([("a", "b", 1), ("c", "d", 2)])
    assert len(nl.changes.replacements(network, windows="phase")) == 0
    for wrong in ({"min_shared": 0}, {"within": True}, {"windows": "phases"}):
        with pytest.raises(ArgumentError):
            nl.changes.replacements(network, **{"windows": "phase", **wrong})  # type: ignore[arg-type]


# Caviar (Morselli 2009): eleven phases of two months


@pytest.fixture(scope="module")
def caviar() -> nl.Network:
    folder = shared_data("caviar")
    kept = {"dtype": "str", "keep_default_na": False}
    people = pd.read_csv(folder / "nodes.csv", **kept).rename(columns={"id": "entity_id"})
    ties = pd.read_csv(folder / "edges_phases.csv", **kept).assign(relationship_type="communicated")
    return nl.read_tables(people[["entity_id"]].assign(entity_type="person"), ties)


def test_caviar_has_its_eleven_phases(caviar: nl.Network) -> None:
    counts = nl.changes.over_windows(
        caviar, measure=lambda part: part.n_relationships, windows="phase"
    )
    assert counts.index.tolist() == [str(phase) for phase in range(1, 12)]
    assert (caviar.n_entities, counts.sum()) == (110, 650)
    directed = caviar.vocabulary.relationship_types["communicated"].directed
    assert directed  # who called whom, weighted by calls
    assert (caviar.relationships["weight"] >= 1).all()
    seizures = pd.read_csv(shared_data("caviar") / "seizures.csv")
    # Seizures begin in phase 4: none in the three before it.
    assert seizures["phase"].min() == 4
    assert counts.index.get_loc(str(seizures["phase"].min())) == 3
    degree = nl.changes.over_windows(caviar, measure=nl.centrality.degree, windows="phase")
    assert degree.shape == (caviar.n_entities, 11)
    assert degree.idxmax().iloc[:3].tolist() == ["1", "1", "1"]  # N1 leads before the seizures
    groups = nl.changes.follow_groups(caviar, windows="phase", method=nl.communities.leiden)
    assert groups.windows.tolist() == counts.index.tolist()
    assert set(groups.events["event"]) >= {"born", "ended", "grown", "shrunk"}


def test_caviar_as_a_whole_has_the_betweenness_in_print() -> None:
    folder = shared_data("caviar")
    ties = pd.read_csv(folder / "edges.csv", dtype="str").assign(relationship_type="communicated")
    people = pd.read_csv(folder / "nodes.csv", dtype="str")[["id"]].set_axis(["entity_id"], axis=1)
    network = nl.read_tables(people.assign(entity_type="person"), ties)
    assert (network.n_entities, network.n_relationships) == (110, 295)
    known = pd.read_csv(folder / "nodes.csv", dtype="str", keep_default_na=False)["role"]
    assert (known != "").sum() == 23
    found = nl.centrality.betweenness(network, directed=False)
    # README of the data: one program.
    for entity, value in {"1": 0.637, "12": 0.292, "87": 0.119, "76": 0.115, "3": 0.105}.items():
        assert found[entity] == pytest.approx(value, abs=0.0005)


def test_phases_that_are_one_number_stand_in_one_order() -> None:
    ties = [("a", "b", phase) for phase in ("01", "1", "2", "10", "1.0")]
    for order in (ties, ties[::-1]):
        found = nl.changes.over_windows(
            network_of(order), measure=lambda part: part.n_relationships, windows="phase"
        )
        assert found.index.tolist() == ["01", "1", "1.0", "2", "10"]
