"""Cases: what is in them, what is found in them, and whom they protect."""

from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from functools import lru_cache

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from networks import network_of, networks, random_network, shuffled

import netlink as nl
from netlink.errors import ArgumentError, UnknownEntityError
from netlink.export import redaction
from netlink.export.report import page


@lru_cache
def made_up() -> tuple[nl.Network, nl.roles.RoleAssessment]:
    case = nl.datasets.synthetic_case(seed=1, size=200)
    network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    return network, nl.roles.assess(network)


@lru_cache
def around_the_first() -> nl.cases.Case:
    network, assessment = made_up()
    first = assessment.leads("recruiter", n=1).index
    return nl.cases.build(network, around=first, hops=2, assessment=assessment)


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("hops", [1, 2, 3])
def test_a_case_is_what_lies_within_its_hops(seed: int, hops: int) -> None:
    network = random_network(seed, loops=True)
    case = nl.cases.build(network, around=["p000", "p003"], hops=hops)
    graph = nx.Graph(network.to_networkx())
    wanted = {
        name
        for start in ("p000", "p003")
        for name in nx.single_source_shortest_path_length(graph, start, cutoff=hops)
    }
    assert set(case.network.entities.index) == wanted
    rows = network.relationships
    inside = rows["source"].isin(wanted) & rows["target"].isin(wanted)
    assert set(case.network.relationships.index) == set(rows.index[inside])


@pytest.mark.slow
def test_a_case_is_built_around_a_group_a_path_and_a_query() -> None:
    network = nl.datasets.krackhardt_kite()
    groups = nl.communities.leiden(network)
    case = nl.cases.build(network, around=groups.members(1), hops=0)
    assert set(case.network.entities.index) == set(groups.labels.index[groups.labels == 1])
    route = nl.paths.all_simple(network, "0", "8", max_hops=4)
    assert route["entity_id"].duplicated().any()
    case = nl.cases.build(network, around=route, hops=0)
    assert case.around == tuple(sorted(set(route["entity_id"])))
    assert case.network.n_entities == len(case.around) < network.n_entities
    around = nl.cases.build(network, around=route, hops=1)
    ego = nl.transform.ego(network, list(case.around), hops=1)
    assert around.network.entities.index.equals(ego.entities.index)
    rows = [("a", "b", "knows"), ("b", "c", "met"), ("d", "e", "knows")]
    statuses = dict.fromkeys("abcdef", "none")
    network = people(statuses, rows)
    case = nl.cases.build(
        network, around=network.where(relationship_types=["knows"]).relationships, hops=0
    )
    assert case.around == ("a", "b", "d", "e")
    assert case.network.n_relationships == 2


def test_only_numbers_of_communities_have_members() -> None:
    groups = nl.communities.leiden(nl.datasets.krackhardt_kite())
    for wrong in (99, "0", True):
        with pytest.raises(ArgumentError, match="the number of one of the"):
            groups.members(wrong)  # type: ignore[arg-type]


def test_a_hub_is_kept_and_listed_but_not_walked_through() -> None:
    spokes = [("hub", f"s{i}") for i in range(6)]
    network = network_of([("p", "hub"), *spokes, ("s0", "far")])
    case = nl.cases.build(network, around=["p"], hops=3, max_degree=5)
    assert case.network.entities.index.tolist() == ["hub", "p"]
    assert case.not_expanded == ("hub",)
    asked = nl.cases.build(network, around=["hub"], hops=1, max_degree=5)
    assert asked.network.n_entities == 8
    assert asked.not_expanded == ()


def test_parallel_relationships_make_no_hub() -> None:
    network = network_of([("p", "q")] * 9 + [("q", "r")])
    case = nl.cases.build(network, around=["p"], max_degree=2)
    assert case.not_expanded == ()
    assert case.network.n_entities == 3


def test_leads_are_those_of_the_whole_network() -> None:
    network, assessment = made_up()
    case = around_the_first()
    assert len(case.leads) > 0
    here = set(case.network.entities.index)
    weak = 0
    for role in network.vocabulary.roles:
        whole = assessment.leads(role, n=10)
        weak += int((whole["score"] < 0.5).sum())
        whole = whole[whole["score"] >= 0.5]  # a case file names its leads
        inside = [person for person in whole.index if person in here]
        found = case.leads[case.leads["role"] == role].drop(columns="role")
        pd.testing.assert_frame_equal(found, whole.loc[inside], check_dtype=False)
    assert weak > 0


def test_people_to_reach_are_likely_victims_of_the_case() -> None:
    _, assessment = made_up()
    case = around_the_first()
    ranked = assessment.safeguarding(n=200)
    wanted = ranked[(ranked["score"] >= 0.5) | (ranked["protection_status"] == "potential_victim")]
    wanted = wanted[wanted.index.isin(case.network.entities.index)]
    assert len(wanted) > 0
    assert case.safeguarding.index.tolist() == wanted.index.tolist()
    assert "share_in_top" not in case.safeguarding


def test_evidence_is_of_leads_and_people_asked_about() -> None:
    _, assessment = made_up()
    case = around_the_first()
    pairs = set(zip(case.evidence["person"], case.evidence["role"], strict=True))
    assert set(zip(case.leads.index, case.leads["role"], strict=True)) <= pairs
    person = case.around[0]
    for role in assessment.scores:
        part = case.evidence[(case.evidence["person"] == person) & (case.evidence["role"] == role)]
        wanted = assessment.evidence(person, role)
        assert part["contribution"].tolist() == wanted["contribution"].tolist()
        assert part["relationship_ids"].tolist() == wanted["relationship_ids"].tolist()
    assert {person for person, _ in pairs} <= {*case.leads.index, *case.around}


def test_no_lead_is_of_a_protected_status() -> None:
    case = around_the_first()
    known = case.network.vocabulary.protection_statuses
    assert not any(known[word].is_protected for word in case.leads["protection_status"])


def people(statuses: dict[str, str], rows: list[tuple[str, str, str]]) -> nl.Network:
    entities = pd.DataFrame({"entity_id": list(statuses), "entity_type": "person"})
    entities["protection_status"] = list(statuses.values())
    table = pd.DataFrame(rows, columns=["source", "target", "relationship_type"])
    return nl.read_tables(entities, table)


def test_protection_holds_for_every_reference_even_beyond_the_case() -> None:
    rows = [("p", "a", "knows"), ("a", "b", "same_as"), ("b", "c", "same_as")]
    statuses = {"p": "none", "a": "unknown", "b": "none", "c": "witness", "d": "none"}
    case = nl.cases.build(people(statuses, rows), around=["p"], hops=1)
    assert "c" not in case.network.entities.index
    assert case.protected.to_dict() == {"p": False, "a": True, "b": True, "c": True, "d": False}


def test_likely_victims_are_protected_too() -> None:
    network, assessment = made_up()
    case = around_the_first()
    unmarked = case.safeguarding[case.safeguarding["protection_status"].isin(["none", "unknown"])]
    assert len(unmarked) > 0
    assert case.protected[case.safeguarding.index].all()
    without = nl.cases.build(network, around=case.around)
    assert not without.protected[unmarked.index].all()
    assert case.assessment is assessment


def test_a_lead_stands_under_a_reference_that_is_in_the_case() -> None:
    """`leads` gives the smallest id of a person; the case may hold another reference."""
    victims = [f"v{i}" for i in range(4)]
    statuses = {"a": "none", "z": "none", "far": "none"} | dict.fromkeys(victims, "unknown")
    rows = [("z", victim, "recruited") for victim in victims]
    rows += [("a", "far", "same_as"), ("far", "z", "same_as")]
    network = people(statuses, rows)
    assessment = nl.roles.assess(network)
    assert assessment.leads("recruiter", n=1).index.tolist() == ["a"]
    case = nl.cases.build(network, around=["v0"], hops=1, assessment=assessment)
    assert set(case.network.entities.index) == {"v0", "z"}
    assert case.leads[case.leads["role"] == "recruiter"].index.tolist() == ["z"]


def test_a_rank_without_evidence_makes_no_lead() -> None:
    network = people({"a": "none", "b": "none"}, [("a", "b", "met")])
    assessment = nl.roles.assess(network)
    case = nl.cases.build(network, around=["a"], assessment=assessment)
    assert len(case.leads) == 0


def test_a_case_without_an_assessment_has_no_findings() -> None:
    case = nl.cases.build(nl.datasets.krackhardt_kite(), around=["9", "9"])
    assert (len(case.leads), len(case.safeguarding), len(case.evidence)) == (0, 0, 0)
    assert case.around == ("9",)
    assert case.assessment is None


def test_the_repr_and_the_class_hold_no_ids() -> None:
    case = around_the_first()
    text = repr(case)
    assert not any(name in text for name in case.network.entities.index)
    assert str(case.network.n_entities) in text
    with pytest.raises(FrozenInstanceError):
        case.hops = 3  # type: ignore[misc]
    pd.testing.assert_frame_equal(case.ledger, case.source.ledger)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(networks(max_entities=7))
def test_the_order_of_rows_does_not_matter(network: nl.Network) -> None:
    first = nl.cases.build(network, around=["p0"], max_degree=3)
    second = nl.cases.build(shuffled(network, 5), around=["p0"], max_degree=3)
    pd.testing.assert_frame_equal(first.network.entities, second.network.entities)
    assert set(first.network.relationships.index) == set(second.network.relationships.index)
    assert first.not_expanded == second.not_expanded


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"around": "9"}, "'around' must be a list of entity ids, got one str"),
        ({"around": pd.DataFrame({"entity_id": []})}, "got none"),
        ({"around": []}, "'around' must name at least one entity"),
        ({"around": ["9"], "hops": -1}, "'hops' must be a number of ties, 0 or more, got -1"),
        ({"around": ["9"], "hops": True}, "'hops' must be a number of ties"),
        ({"around": ["9"], "max_degree": None}, "'max_degree' must be a positive integer"),
        ({"around": pd.DataFrame({"id": ["9"]})}, "the table given is neither"),
        ({"around": ["9"], "max_degree": 0}, "'max_degree' must be a positive integer, got 0"),
        ({"around": ["9"], "assessment": 3}, "'assessment' must be what netlink.roles.assess"),
    ],
)
def test_bad_arguments(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        nl.cases.build(nl.datasets.krackhardt_kite(), **arguments)  # type: ignore[arg-type]


def test_an_unknown_entity_is_not_named() -> None:
    with pytest.raises(UnknownEntityError) as caught:
        nl.cases.build(nl.datasets.krackhardt_kite(), around=["canary"])
    assert "canary" not in str(caught.value)


def test_an_assessment_of_another_network_is_refused() -> None:
    _, assessment = made_up()
    with pytest.raises(ArgumentError, match="it is of another one, of"):
        nl.cases.build(nl.datasets.krackhardt_kite(), around=["9"], assessment=assessment)


def test_a_case_says_which_elements_its_own_records_speak_of() -> None:
    made_up = nl.datasets.synthetic_case(seed=1, size=100, statements=1.0)
    whole = nl.read_tables(made_up.entities, made_up.relationships, schema=made_up.schema)
    first = whole.relationships.query("relationship_type == 'exploited'")["source"].iloc[0]
    case = nl.cases.build(whole, around=[first], hops=1)
    pd.testing.assert_frame_equal(case.elements, nl.roles.elements(case.network))
    cited = {name for names in case.elements["relationship_ids"] for name in names}
    assert cited and cited <= set(case.network.relationships.index)
    published = redaction.publish(case, nl.export.Policy(key=b"k" * 16))
    told = {name for names in published.elements["relationship_ids"] for name in names}
    assert len(told) == len(cited)
    assert told <= set(published.relationships.index)  # under the names they go by there
    assert told != cited  # those that touch a protected person are not under their own
    text = "".join(page._elements(published))
    assert all(name in text for name in told)


# What else travels: groups, paths and where those asked about stand


def test_groups_are_those_given_or_those_of_the_case_alone() -> None:
    network = nl.datasets.karate_club()
    whole = nl.communities.leiden(network)
    case = nl.cases.build(network, around=["0"], hops=1, groups=whole)
    here = case.network.entities.index
    assert case.groups.labels.equals(whole.labels[whole.labels.index.isin(here)])
    assert (case.groups.method, case.groups.modularity) == ("leiden", whole.modularity)
    own = nl.cases.build(network, around=["0"], hops=1)
    assert own.groups.labels.equals(nl.communities.leiden(own.network, weight=None).labels)
    with pytest.raises(ArgumentError, match="of its 34 entities are not in it"):
        nl.cases.build(nl.datasets.krackhardt_kite(), around=["0"], groups=whole)
    with pytest.raises(ArgumentError, match="'groups' must be what a function"):
        nl.cases.build(network, around=["0"], groups=whole.labels)  # type: ignore[arg-type]


def test_paths_join_each_two_asked_about_or_are_those_given() -> None:
    network = nl.datasets.krackhardt_kite()
    case = nl.cases.build(network, around=["9", "3", "0"], hops=2)
    found = case.paths
    ways = [tuple(way) for _, way in found.groupby("path")["entity_id"].agg(list).items()]
    assert [(way[0], way[-1]) for way in ways] == [("0", "3"), ("0", "9"), ("3", "9")]
    wanted = nl.paths.shortest(case.network, "0", "9")["entity_id"].tolist()
    assert list(ways[1]) == wanted
    routes = nl.paths.k_shortest(network, "0", "9", k=3)
    around = nl.cases.build(network, around=routes, hops=0)
    assert around.paths["entity_id"].tolist() == routes["entity_id"].tolist()
    given = nl.cases.build(network, around=["9"], hops=9, paths=routes)
    assert given.paths["relationship_id"].equals(routes["relationship_id"])
    with pytest.raises(ArgumentError, match="3 of the 3 leave it"):
        nl.cases.build(network, around=["9"], hops=1, paths=routes)
    with pytest.raises(ArgumentError, match="'paths' must be what a function"):
        nl.cases.build(network, around=["9"], paths=routes[["path", "step"]])


def test_no_paths_where_none_connect_or_too_many_are_asked_about() -> None:
    network = network_of([("a", "b"), ("c", "d")])
    assert nl.cases.build(network, around=["a", "d"]).paths.empty
    network = random_network(0)
    assert nl.cases.build(network, around=network.entities.index[:11]).paths.empty


@pytest.mark.parametrize("seed", range(3))
def test_the_profile_ranks_those_asked_about_in_the_case(seed: int) -> None:
    network = random_network(seed)
    case = nl.cases.build(network, around=["p003", "p000"], hops=2)
    found = case.profile
    assert list(dict.fromkeys(found.index)) == ["p000", "p003"]
    degree = nl.centrality.degree(case.network)
    for name, row in found[found["measure"] == "degree"].iterrows():
        assert row["value"] == degree[name]
        assert row["rank"] == (degree > degree[name]).sum() + 1
        assert row["among"] == len(degree)


def test_no_profile_where_very_many_are_asked_about() -> None:
    network = network_of([(f"a{k}", f"b{k}") for k in range(51)])
    names = network.entities.index
    assert nl.cases.build(network, around=names[:100]).profile.index.nunique() == 100
    assert nl.cases.build(network, around=names).profile.empty


def test_a_part_of_a_case_keeps_what_lies_in_it() -> None:
    network = nl.datasets.krackhardt_kite()
    routes = nl.paths.k_shortest(network, "0", "9", k=2)
    case = nl.cases.build(network, around=routes, hops=0)
    hop = set(routes.loc[routes["path"] == 2, "relationship_id"]) - set(
        routes.loc[routes["path"] == 1, "relationship_id"]
    )
    rows = case.network.relationships
    everybody = np.ones(case.network.n_entities, dtype=bool)
    part = case.network._part(everybody, ~rows.index.isin(hop))
    left = replace(case, network=part)
    assert left.paths["path"].unique().tolist() == [1]
    before = case.profile["value"].sum()
    assert left.profile["value"].sum() < before  # counted on what is left
