"""Chances and scenarios of the synthetic case do what they say and nothing else."""

from __future__ import annotations

import hashlib
from collections import Counter
from functools import lru_cache
from itertools import combinations
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

import netlink as nl
from netlink.datasets._world import Habits, build_world

ROLES = ["recruiter", "transporter", "harbourer", "exploiter", "financier"]
# Tables of the default case, one digest a table: benchmark figures stand on them.
DEFAULT = {
    (0, 200): ("74b097667c5c61f3", "664850740ed038e8", "5f9e9a7fdde40bdc"),
    (5, 650): ("b58a1549a0ce9e3e", "82823a28dce9c4e7", "ec751fa204fae33d"),
}
PROBABILITIES = nl.datasets.recording_probabilities()
RECORDS = PROBABILITIES[PROBABILITIES["kind"] == "record"]
ACTS = PROBABILITIES[
    PROBABILITIES["link"].str.startswith("ST-") & (PROBABILITIES.index != "acquaintance")
]


def made(**arguments: Any) -> nl.datasets.SyntheticCase:
    return nl.datasets.synthetic_case(**{"seed": 4, "size": 120, **arguments})


def digests(case: nl.datasets.SyntheticCase) -> tuple[str, ...]:
    tables = (case.entities, case.relationships, case.answers.reset_index())
    texts = (table.to_csv(index=False, lineterminator="\n") for table in tables)
    return tuple(hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts)


@pytest.mark.parametrize(("seed", "size"), DEFAULT)
def test_each_table_of_the_default_stays_as_it_is(seed: int, size: int) -> None:
    assert digests(nl.datasets.synthetic_case(seed=seed, size=size)) == DEFAULT[seed, size]


# Recording probabilities

EVERYTHING: dict[str, Any] = {
    "recorded": 1.0,
    "statements": 1.0,
    "recording": dict.fromkeys(RECORDS.index, 1.0),
}


@lru_cache
def whole(kind: str) -> nl.datasets.SyntheticCase:
    """Everything is recorded, and everybody speaks."""
    return made(**EVERYTHING, exploitation={kind: 1.0})


def without(case: nl.datasets.SyntheticCase, link: str) -> pd.DataFrame:
    rows = case.relationships
    return rows[rows["link"] != link].reset_index(drop=True)


@pytest.mark.parametrize("name", [*RECORDS.index, *ACTS.index, "acquaintance"])
def test_at_0_exactly_that_kind_is_missing(name: str) -> None:
    kind = {"street": "begging", "portrayal": "sexual"}.get(name, "labour")
    recording = {**EVERYTHING["recording"], name: 0.0}
    some = made(**{**EVERYTHING, "recording": recording}, exploitation={kind: 1.0})
    link = PROBABILITIES.at[name, "link"]
    assert link in set(whole(kind).relationships["link"])
    assert some.relationships.equals(without(whole(kind), link))


def test_at_1_all_of_it_is_there() -> None:
    facts = build_world(4, 120, Habits(exploitation={"labour": 1.0})).chronicle.facts
    found = whole("labour").relationships["link"].value_counts()
    assert {
        RECORDS.at[name, "link"]: count for name, count in Counter(f.channel for f in facts).items()
    } == found[~found.index.str.startswith("ST-")].to_dict()


def test_at_1_who_speaks_tells_of_every_act() -> None:
    done = build_world(4, 120, Habits()).chronicle.acts
    quiet = dict.fromkeys(["hearsay", "complaint", "mistaken", "acquaintance"], 0.0)
    case = made(statements=1.0, recording={**quiet, **dict.fromkeys(ACTS.index, 1.0)})
    assert statements(case)["link"].value_counts().to_dict() == Counter(
        f"ST-{act.channel.upper()}" for act in done
    )


def told(**recording: float) -> nl.datasets.SyntheticCase:
    return made(size=300, statements=1.0, recording=recording)


def statements(case: nl.datasets.SyntheticCase) -> pd.DataFrame:
    rows = case.relationships
    return rows[rows["link"].str.startswith("ST-") & (rows["link"] != "ST-KNOWS")]


def test_statements_can_all_be_late_undated_mistaken_and_hearsay() -> None:
    for name in ("late", "undated", "mistaken", "hearsay"):
        none, all_of_them = told(**{name: 0.0}), told(**{name: 1.0})
        if name == "late":
            entered = [
                pd.to_datetime(
                    statements(case).groupby("report")["logged_on"].first()
                ).sort_values()
                for case in (none, all_of_them)
            ]
            delay = entered[1].mean() - entered[0].mean()
            assert pd.Timedelta(days=120) < delay < pd.Timedelta(days=400)
        elif name == "undated":
            # Complaints alone have a date.
            assert statements(none)["seen_on"].notna().all()
            kept = statements(all_of_them).dropna(subset="seen_on")
            assert not all_of_them.answers.loc[kept["subject"], ROLES].any(axis=None)
        elif name == "mistaken":
            wrong = [
                ~case.answers.loc[statements(case)["subject"], ROLES].any(axis=1).to_numpy()
                for case in (none, all_of_them)
            ]
            n_complaints = len(none.answers) // 150
            assert wrong[0].sum() == n_complaints
            n_victims = int(none.answers["victim"].sum())
            assert n_victims <= wrong[1].sum() - n_complaints <= 2 * n_victims
        else:
            assert len(statements(all_of_them)) > 3 * len(statements(none))


def test_without_complaints_only_victims_speak() -> None:
    case = told(complaint=0.0, hearsay=0.0, mistaken=0.0)
    assert case.answers.loc[statements(case)["object"], "victim"].all()
    assert case.answers.loc[statements(case)["subject"], ROLES].any(axis=1).all()


@pytest.mark.parametrize("who", ["identified", "possible"])
def test_standings_can_be_unknown_or_known(who: str) -> None:
    word = {"identified": "victim", "possible": "possible victim"}[who]
    names = {
        kind: [f"{kind}_{group}" for group in ("speaker", "silent", "other")]
        for kind in ("identified", "possible")
    }
    nobody = made(recording=dict.fromkeys([*names["identified"], *names["possible"]], 0.0))
    assert not nobody.entities["standing"].isin(["victim", "possible victim"]).any()
    others = {name: 0.0 for kind in names for name in names[kind]}
    known = made(recording={**others, f"{who}_speaker": 1.0, f"{who}_silent": 1.0, "minor": 0.0})
    standing = known.entities.set_index("ref")["standing"].reindex(known.answers.index)
    assert ((standing == word) == known.answers["victim"]).all()


def test_other_marks_can_be_absent_or_everywhere() -> None:
    none = dict.fromkeys(["minor", "witness", "unmarked", "country"], 0.0)
    without_marks = made(recording=none).entities
    assert set(without_marks["standing"].dropna()) <= {"victim", "possible victim", "not recorded"}
    assert without_marks["country"].isna().all()
    assert made(recording={"country": 1.0}).entities["country"].notna().all()
    assert "not recorded" not in set(made(recording={"unmarked": 1.0}).entities["standing"])


def test_wrong_names_and_chances_are_said_all_at_once() -> None:
    with pytest.raises(nl.errors.ArgumentError) as caught:
        made(recording={"payments": 0.5, "fax": 0.1, "call": 1.0})
    assert "got 'payments', 'fax'. Did you mean 'payment'" in str(caught.value)
    for value in (1.5, -0.1, True, "0.5", float("nan")):
        with pytest.raises(nl.errors.ArgumentError, match="from 0 to 1, got"):
            made(recording={"call": value})
    with pytest.raises(nl.errors.ArgumentError, match="must be a mapping of str to number"):
        made(recording=0.5)


# Scenarios


SCENARIOS = nl.datasets.scenarios()
FULL = {
    "recorded": 1.0,
    "statements": 1.0,
    "recording": {
        **dict.fromkeys(RECORDS.index, 1.0),
        **dict.fromkeys(ACTS.index, 1.0),
        **dict.fromkeys(["hearsay", "mistaken", "complaint"], 0.0),
    },
}


@lru_cache
def full(scenario: str, size: int = 400, seed: int = 4) -> nl.datasets.SyntheticCase:
    """Make up a case of which everything is known."""
    return nl.datasets.synthetic_case(scenario=scenario, seed=seed, size=size, **FULL)


def linked(case: nl.datasets.SyntheticCase, *links: str) -> pd.DataFrame:
    return case.relationships[case.relationships["link"].isin(links)]


def acts(case: nl.datasets.SyntheticCase, act: str) -> pd.DataFrame:
    return linked(case, f"ST-{act.upper()}")


def holders(case: nl.datasets.SyntheticCase) -> pd.DataFrame:
    """Who holds which phone, account, vehicle or place."""
    rows = linked(case, "SUBSCRIBER", "HANDSET", "HOLDER", "KEEPER", "DRIVES", "TITLE", "TENANT-OF")
    return rows[rows["subject"].isin(case.answers.index)]


def in_contact(case: nl.datasets.SyntheticCase) -> set[frozenset[str]]:
    """Pairs of members of one ring, no victims, who called each other, adverts left aside."""
    is_member = case.answers[ROLES].any(axis=1) & ~case.answers["victim"]
    rows = holders(case)
    phones = rows[rows["subject"].isin(case.answers.index[is_member])]
    phones = phones[~phones["object"].isin(linked(case, "AD-NUMBER")["subject"])]
    owner = phones.drop_duplicates("object").set_index("object")["subject"]
    calls = linked(case, "CALL")
    ends = pd.DataFrame(
        {"a": calls["subject"].map(owner), "b": calls["object"].map(owner)}
    ).dropna()
    ring = case.answers["ring"]
    same = ring[ends["a"]].to_numpy() == ring[ends["b"]].to_numpy()
    pairs = ends[same & (ends["a"] != ends["b"])]
    return {frozenset(pair) for pair in zip(pairs["a"], pairs["b"], strict=True)}


def teams(case: nl.datasets.SyntheticCase) -> list[set[str]]:
    """Members who dealt with the same victims, one step after the other."""
    rows = pd.concat(
        [acts(case, act) for act in ("recruited", "transported", "harboured", "exploited")]
    )
    rows = rows[~case.answers.loc[rows["subject"], "victim"].to_numpy()]
    graph = nx.Graph(list(zip(rows["subject"], rows["object"], strict=True)))
    members = set(rows["subject"])
    return [part & members for part in nx.connected_components(graph)]


def test_there_are_at_least_twelve_scenarios_and_each_has_a_case() -> None:
    assert len(SCENARIOS) >= 12
    assert SCENARIOS.index.is_unique
    for name, arguments in SCENARIOS["arguments"].items():
        case = nl.datasets.synthetic_case(scenario=name, seed=4, size=120)
        again = nl.datasets.synthetic_case(seed=4, size=120, **arguments)
        assert case.relationships.equals(again.relationships)
        people = case.entities.loc[case.entities["category"] == "PERS", "ref"]
        assert set(case.answers.index) == set(people)
        entities = case.entities  # nobody and no place has a real name
        assert entities["title"].str.fullmatch(r"[A-Z][a-z ]+ \d{5}").all()
        assert set(entities["country"].dropna()) <= {
            "Arvenia", "Bresovia", "Corlandia", "Dannmere", "Estmarch",
        }  # fmt: skip


def test_a_table_of_scenarios_can_be_changed_without_harm() -> None:
    nl.datasets.scenarios().loc["few-records", "arguments"]["recorded"] = 1.0
    assert nl.datasets.scenarios().loc["few-records", "arguments"]["recorded"] == 0.2


def test_statements_are_absent_late_or_false_where_the_name_says_so() -> None:
    assert statements(made(scenario="no-statements")).empty
    wrong = []
    for name in ("default", "false-statements"):
        case = made(scenario=name, statements=1.0, size=400)
        accused = case.answers.loc[statements(case)["subject"], ROLES].any(axis=1)
        wrong.append(1 - accused.mean())
    assert 0 < 2 * wrong[0] < wrong[1]
    given = [
        pd.to_datetime(statements(made(scenario=name, size=400))["logged_on"]).mean()
        for name in ("default", "late-statements")
    ]
    assert given[1] - given[0] > pd.Timedelta(days=60)


def test_few_records_are_a_part_of_those_there_are() -> None:
    few, usual = (made(scenario=name).relationships for name in ("few-records", "default"))
    assert len(few) < len(usual) / 2
    assert len(few.merge(usual.drop_duplicates())) == len(few)


def test_gaps_and_marks_are_missing_whole() -> None:
    phones = made(scenario="no-phone-records").relationships["link"]
    assert not phones.isin(["CALL", "CHAT", "SUBSCRIBER", "HANDSET"]).any()
    travel = made(scenario="no-travel-records").relationships["link"]
    assert not travel.isin(["CROSSED", "BOOKED", "PLATE-READ", "TRAVELLED"]).any()
    standing = made(scenario="unmarked-victims").entities["standing"]
    assert not standing.isin(["victim", "possible victim"]).any()


def test_victims_are_exploited_at_what_the_name_says() -> None:
    seen = {}
    for name in ("sexual-exploitation", "forced-labour", "domestic-servitude", "forced-begging"):
        case = full(name)
        victims = case.answers.index[case.answers["victim"]]
        homes = linked(case, "LIVES-AT").set_index("subject")["object"]
        exploiters = acts(case, "exploited").set_index("object")["subject"]
        lodged = linked(case, "LODGED-AT")
        lodged = lodged[lodged["subject"].isin(victims)]
        fronts = linked(case, "DIRECTOR")
        fronts = fronts.loc[case.answers.loc[fronts["subject"], "exploiter"].to_numpy(), "object"]
        jobs = linked(case, "WORKS-FOR")
        parts = {
            "shown": linked(case, "AD-PERSON")["subject"],
            "front": jobs.loc[jobs["object"].isin(fronts), "subject"],
            "home": lodged["subject"][
                lodged["object"].to_numpy()
                == lodged["subject"].map(exploiters).map(homes).to_numpy()
            ],
            "street": linked(case, "STREET-CHECK")["subject"],
        }
        seen[name] = {what: victims.isin(who).mean() for what, who in parts.items()}
    table = pd.DataFrame(seen).round(2)
    assert table.at["shown", "sexual-exploitation"] == 1
    assert table.at["front", "forced-labour"] == 1
    assert table.at["home", "domestic-servitude"] == 1
    assert table.at["street", "forced-begging"] == 1
    for what, others in {
        "front": "sexual-exploitation",
        "home": "forced-labour",
        "street": "domestic-servitude",
    }.items():
        assert table.at[what, others] < 0.5


def test_honest_people_do_what_looks_like_servitude_or_begging() -> None:
    answers = full("domestic-servitude").answers
    assert {"live-in worker", "live-in employer"} <= set(answers["lookalike"].dropna())
    case = full("forced-begging")
    sellers = case.answers.index[case.answers["lookalike"] == "street seller"]
    places = linked(case, "STREET-CHECK").groupby("object")["subject"].agg(set)
    assert any(set(sellers) & people for people in places)
    victims = case.answers.index[case.answers["victim"]]
    assert all(set(victims) & people for people in places)


def test_victims_cross_no_border_one_or_two() -> None:
    crossings = {}
    for name in ("within-one-country", "two-borders"):
        case = full(name)
        victims = case.answers.index[case.answers["victim"]]
        moved = acts(case, "transported").set_index("object")["seen_on"]
        crossed = linked(case, "CROSSED")
        days = pd.to_datetime(crossed["seen_on"])
        near = (days - pd.to_datetime(crossed["subject"].map(moved))).abs().dt.days < 20
        count = crossed[near]["subject"].value_counts().reindex(victims).fillna(0)
        crossings[name] = count[moved.reindex(victims).notna()].median()
    assert crossings == {"within-one-country": 0, "two-borders": 2}


def test_cells_deal_with_their_own_victims_and_hardly_with_each_other() -> None:
    n_rings, n_teams = {}, {}
    for name in ("default", "cells"):
        cases = [full(name, 400, seed) for seed in range(2)]
        n_rings[name] = sum(case.answers["ring"].nunique() for case in cases)
        n_teams[name] = sum(len(teams(case)) for case in cases)
    assert n_teams["default"] <= 1.3 * n_rings["default"]
    assert n_teams["cells"] >= 2 * n_rings["cells"]
    apart = []
    for seed in range(2):
        case = full("cells", 400, seed)
        of = {person: i for i, team in enumerate(teams(case)) for person in team}
        roles = case.answers[ROLES]
        for pair in in_contact(case):
            one, other = sorted(pair)
            if one not in of or other not in of or is_acquainted(case, one, other):
                continue
            if of[one] != of[other]:
                apart.append(roles.loc[[one, other], ["exploiter", "financier"]].any(axis=1).all())
    assert len(apart) >= 2
    assert all(apart)


def is_acquainted(case: nl.datasets.SyntheticCase, one: str, other: str) -> bool:
    """Whether two people have more to do with each other than a ring."""
    rows = linked(case, "KNOWS", "KIN")
    return bool((rows["subject"].isin([one, other]) & rows["object"].isin([one, other])).any())


def test_a_core_is_dense_and_the_periphery_is_not() -> None:
    dense, loose = {}, {}
    for name in ("default", "core-periphery"):
        inside, outside = [], []
        for seed in range(2):
            case = full(name, 400, seed)
            pairs = in_contact(case)
            for _, ring in case.answers[~case.answers["victim"]].groupby("ring"):
                core = ring.index[ring["exploiter"] | ring["financier"]]
                rest = ring.index.difference(core)
                inside += [frozenset(pair) in pairs for pair in combinations(core, 2)]
                outside += [frozenset(pair) in pairs for pair in combinations(rest, 2)]
        dense[name], loose[name] = np.mean(inside), np.mean(outside)
    assert dense["core-periphery"] > 0.9 > dense["default"]
    assert loose["core-periphery"] < 0.15 < loose["default"]


def test_roles_double_victims_recruit_and_rings_share_a_transporter() -> None:
    several = {
        name: sum((full(name, 400, s).answers[ROLES].sum(axis=1) > 1).sum() for s in range(2))
        for name in ("cells", "default", "role-doubling")
    }
    assert several["cells"] < several["default"] < several["role-doubling"]
    both = full("victims-recruit").answers
    assert (both["victim"] & both["recruiter"]).any()
    rows = acts(full("victims-recruit"), "recruited")
    assert both.loc[rows["subject"], "victim"].any()
    case = full("shared-transporter", 600)
    rows = acts(case, "transported")
    rings = case.answers["ring"].loc[rows["object"]].groupby(rows["subject"].to_numpy()).nunique()
    assert rings.max() > 1
    case = nl.datasets.synthetic_case(shared_transporter=0.0, seed=4, size=600, **FULL)
    rows = acts(case, "transported")
    rings = case.answers["ring"].loc[rows["object"]].groupby(rows["subject"].to_numpy()).nunique()
    assert rings.max() == 1


def test_things_are_shared_within_rings() -> None:
    shared = {}
    for name in ("default", "shared-objects"):
        case = full(name)
        rows = holders(case)
        rows = rows[rows["subject"].map(case.answers["ring"]).notna()]
        kinds = rows["object"].str.split("-").str[0]
        count = rows.groupby("object")["subject"].nunique()
        kinds = count.index.str.split("-").str[0]
        shared[name] = (count > 1).groupby(kinds).sum().reindex(["ACC", "LOC", "TEL", "VEH"])
    assert (shared["shared-objects"] > shared["default"].fillna(0)).all()


def test_lookalikes_are_many_or_none_and_rings_can_be_counted() -> None:
    def count(**arguments: Any) -> int:
        alike = made(size=400, **arguments).answers["lookalike"]
        return int((alike.notna() & (alike != "relative")).sum())

    assert count(lookalikes=0.0) == 0
    assert 2 < count(scenario="many-lookalikes") / count() <= 3
    assert made(size=400, rings=5).answers["ring"].nunique() == 5
    nobody = made(scenario="no-rings", size=300)
    assert not nobody.answers[[*ROLES, "victim"]].any(axis=None)
    assert nobody.answers["ring"].isna().all()


def test_what_is_given_goes_before_the_scenario() -> None:
    case = made(scenario="few-records", recorded=0.6, statements=0.25)
    assert digests(case) == digests(made())
    late = made(scenario="late-statements", recording={"undated": 1.0}, size=600)
    both = made(recording={"late": 1.0, "undated": 1.0}, size=600)
    assert digests(late) == digests(both)
    # Shares are scaled, and in whatever order they are named.
    one = made(exploitation={"sexual": 0.2, "domestic": 0.4})
    other = made(exploitation={"domestic": 0.8, "sexual": 0.4})
    assert digests(one) == digests(other)


def test_wrong_arguments_are_refused() -> None:
    for arguments, says in [
        ({"scenario": "cell"}, "got 'cell'. Did you mean 'cells'?"),
        ({"rings": -1}, "'rings' must be an integer from 0 on, got -1."),
        ({"exploitation": {"sexual": 0}}, "'exploitation' must give a share to one of"),
        ({"routes": {"by air": 1.0, "direct": 1.0, "x": 0}}, "got 'by air', 'x'."),
        ({"structures": {"cells": 2}}, "'structures['cells']' must be a number from 0 to 1"),
        ({"role_doubling": {"recruiter": 1.0}}, "'role_doubling' must have names of 'exploiter'"),
        ({"victims_recruit": None, "shared_objects": 2}, "'shared_objects' must be a number"),
        ({"lookalikes": 101}, "'lookalikes' must be a number from 0 to 100, got 101."),
        ({"size": 100, "rings": 9}, "There are too few people for such rings"),
    ]:
        with pytest.raises(nl.errors.ArgumentError) as caught:
            made(**arguments)
        assert says in str(caught.value)


def test_every_scenario_reads_whole() -> None:
    for name in ("forced-begging", "mixed"):
        case = made(scenario=name)
        network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        assert network.n_relationships == len(case.relationships)


@pytest.mark.slow
def test_scenarios_are_rows_of_an_evaluation_and_no_known_victim_is_a_lead() -> None:
    found = {}
    for name in SCENARIOS.index:
        case = made(scenario=name)
        network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        found[name] = nl.roles.evaluate(nl.roles.assess(network), case.answers)
        assert (found[name].victims["known"] == 0).all()
    table = nl.roles.by_scenario(found)
    assert table.index.unique("scenario").tolist() == SCENARIOS.index.tolist()
    assert table.loc["no-rings", "average_precision"].isna().all()
    assert (table.drop(index="no-rings").xs("exploiter", level="role")["n_true"] > 0).all()
