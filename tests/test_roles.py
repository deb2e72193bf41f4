"""Role scores on networks where the right answer is plain, and their evidence."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from networks import random_network, shuffled

import netlink as nl

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

ROLES = ["recruiter", "transporter", "harbourer", "exploiter", "financier"]
COLUMNS = ["contribution", "pattern", "relationship_ids", "documents", "words"]
Row = tuple[str, str, str] | tuple[str, str, str, str | None]


def built(
    rows: Sequence[Row],
    *,
    status: dict[str, str] | None = None,
    types: dict[str, str] | None = None,
    vocabulary: nl.vocabulary.Vocabulary | None = None,
    **columns: Sequence[Any],
) -> nl.Network:
    """A network from (source, type, target[, day]); entities are people unless `types` says."""
    table = pd.DataFrame(
        [(r[0], r[1], r[2], r[3] if len(r) > 3 else None) for r in rows],
        columns=["source", "relationship_type", "target", "start"],
        dtype="str",
    ).assign(**columns)
    names = sorted({*table["source"], *table["target"], *(status or {})})
    entities = pd.DataFrame({"entity_id": pd.array(names, dtype="str")})
    entities["entity_type"] = [(types or {}).get(name, "person") for name in names]
    entities["protection_status"] = [(status or {}).get(name, "none") for name in names]
    words = vocabulary or nl.vocabulary.default()
    return nl.read_tables(
        entities, table, schema=nl.Schema(grade_scheme="admiralty", vocabulary=words)
    )


def log_odds(p: float) -> float:
    return float(np.log(p) - np.log1p(-p))


def check_sound(network: nl.Network) -> nl.roles.RoleAssessment:
    """Assess, and check what holds of every network."""
    found = nl.roles.assess(network)
    people = network.entities.index[network.entities["entity_type"] == "person"]
    assert found.scores.index.tolist() == people.tolist()
    assert found.scores.columns.tolist() == list(network.vocabulary.roles)
    assert ((found.scores > 0) & (found.scores < 1)).all(axis=None)
    reach = found.safeguarding(n=len(people) + 1)
    known = set(network.relationships.index)
    for person in people[:8]:
        for role in network.vocabulary.roles:
            table = found.evidence(person, role)
            assert table.columns.tolist() == COLUMNS
            total = found.model.prior + table["contribution"].sum()
            assert total == pytest.approx(log_odds(found.scores.at[person, role]), abs=1e-7)
            behind = table.loc[table["pattern"] != "own_harm", "relationship_ids"]
            assert all(len(ids) and set(ids) <= known for ids in behind)
        harm = found.signs_of_harm(person)
        if person in reach.index:
            total = found.model.victim_prior + harm["contribution"].sum()
            assert total == pytest.approx(log_odds(reach.at[person, "score"]), abs=1e-7)
        behind = harm.loc[harm["pattern"] != "status", "relationship_ids"]
        assert all(len(ids) and set(ids) <= known for ids in behind)
    for table in (reach, *(found.leads(role, n=20) for role in network.vocabulary.roles)):
        assert table["rank"].tolist() == list(range(1, len(table) + 1))
        assert table["score"].is_monotonic_decreasing
        assert (table["rank_low"] <= table["rank"]).all()
        assert (table["rank_high"] >= table["rank"]).all()
        assert table["share_in_top"].between(0, 1).all()
    return found


# Recorded acts


def test_a_better_grade_outranks_a_worse_one() -> None:
    rows = [("good", "recruited", "v1"), ("bad", "recruited", "v2"), ("none", "recruited", "v3")]
    found = check_sound(built(rows, grade=["A1", "C4", None], document=["d1", "d2", "d3"]))
    scores = found.scores["recruiter"]
    assert scores["good"] > 0.5 > scores["none"] > scores["bad"] > scores["v1"]
    assert found.leads("recruiter").index[0] == "good"


@pytest.mark.parametrize("grade", ["A5", "E5", "E4"])
def test_a_refuted_statement_counts_against(grade: str) -> None:
    rows = [("a", "recruited", "b"), ("c", "met", "d")]
    found = check_sound(built(rows, grade=[grade, None], document=["d", None]))
    assert found.scores.at["a", "recruiter"] < found.scores.at["c", "recruiter"] / 5
    assert len(found.leads("recruiter")) == 0
    # That one did no harm does not clear others, nor the one said to be harmed of being a victim.
    assert found.signs_of_harm("b")["contribution"].tolist() == [0.0]
    against = found.why_not("a", "recruiter").query("reason == 'against'")
    assert against["pattern"].tolist() == ["recorded_act"]
    assert against["documents"].tolist() == [["d"]]
    assert "Likely false: it speaks against." in found.explain("a", "recruiter")


def test_a_contradicted_statement_says_less() -> None:
    rows = [(p, "recruited", "v") for p in ("alone", "denied", "denied", "twice", "twice", "twice")]
    grades, papers = ["B2", "B2", "A5", "B2", "A5", "A5"], [f"d{i}" for i in range(6)]
    network = built(rows, grade=grades, document=papers)
    found = check_sound(network)
    scores = found.scores["recruiter"]
    assert scores["alone"] > scores["denied"] > scores["twice"]
    for_it, against = found.evidence("denied", "recruiter")["contribution"]
    assert for_it == found.evidence("alone", "recruiter")["contribution"].sum()
    assert against == pytest.approx(np.log(0.098 / 0.902))  # in full: the first that denies it
    assert found.evidence("twice", "recruiter")["contribution"].tolist() == pytest.approx(
        [for_it, found.model.repeat * against, against]
    )


def test_rows_of_one_document_count_once_and_further_ones_less() -> None:
    rows = [("a", "exploited", "v")] * 5
    one = nl.roles.assess(built(rows, document=["d"] * 5)).evidence("a", "exploiter")
    assert one["contribution"].tolist() == [3.0]
    assert len(one.at[0, "relationship_ids"]) == 5
    assert (
        one.at[0, "words"] == "One document states: exploited (5 records, not graded). Not dated."
    )
    two = nl.roles.assess(built(rows, document=["d", "d", "e", "d", "d"]))
    assert two.evidence("a", "exploiter")["contribution"].tolist() == [3.0, pytest.approx(1.8)]
    alone = nl.roles.assess(built(rows)).evidence("a", "exploiter")  # no document: a source each
    assert len(alone) == 5


@pytest.mark.parametrize("role", ROLES[:4])
def test_each_act_speaks_for_its_role(role: str) -> None:
    for act in nl.vocabulary.default().roles[role].acts:
        scores = nl.roles.assess(built([("a", act, "v")], grade=["A1"])).scores
        assert scores.loc["a"].idxmax() == role
        assert (scores.loc["a"].drop(role) == scores.loc["v"].drop(role)).all()


def test_an_act_of_an_organisation_is_that_of_its_owner() -> None:
    rows: list[Row] = [("a", "owns", "o"), ("o", "recruited", "v"), ("b", "member_of", "o")]
    found = check_sound(built(rows, types={"o": "organisation"}))
    assert found.leads("recruiter").index.tolist() == ["a"]
    assert len(found.evidence("a", "recruiter").at[0, "relationship_ids"]) == 2


def test_two_references_of_one_person_share_their_records() -> None:
    rows = [("a1", "recruited", "v"), ("a3", "recruited", "w"), ("a1", "same_as", "a2")]
    found = check_sound(built([*rows, ("a2", "same_as", "a3")], document=["d", "e", None, None]))
    assert found.scores.loc["a1"].equals(found.scores.loc["a2"].rename("a1"))
    assert len(found.evidence("a2", "recruiter")) == 2
    assert found.leads("recruiter").index.tolist() == ["a1"]


# Vocabulary and model of one's own


@pytest.fixture
def with_forger(tmp_path: Path) -> nl.vocabulary.Vocabulary:
    file = tmp_path / "words.toml"
    file.write_text(
        '[relationship_types.forged_for]\ndirected = true\ngroup = "other"\n'
        'source_types = ["person"]\ntarget_types = ["person"]\n'
        '[roles.forger]\nlabel = "Forger"\nacts = ["forged_for", "deceived"]\n'
        '[roles.watcher]\nlabel = "Watcher"\n'
    )
    return nl.vocabulary.load(file)


def test_an_added_role_is_scored_from_its_acts(with_forger: nl.vocabulary.Vocabulary) -> None:
    rows = [("a", "forged_for", "b"), ("c", "deceived", "d")]
    found = check_sound(built(rows, vocabulary=with_forger))
    scores = found.scores
    assert scores.at["a", "forger"] == scores.at["c", "forger"] > scores.at["b", "forger"]
    assert scores.at["c", "recruiter"] > scores.at["a", "recruiter"]
    assert scores["watcher"].nunique() == 1
    assert found.leads("forger").index.tolist() == ["a", "c"]
    harmed = found.safeguarding()  # the act of a role that is no act on a person is no harm
    assert "b" not in harmed.index
    assert "d" in harmed.index


def test_a_model_for_an_unknown_role_is_refused() -> None:
    from dataclasses import replace

    model = nl.roles.default_model()
    pattern = replace(model.patterns["journeys"], role="pilot")
    wrong = replace(model, patterns={**model.patterns, "journeys": pattern})
    with pytest.raises(nl.errors.ArgumentError, match="'pilot'"):
        nl.roles.assess(nl.datasets.krackhardt_kite(), model=wrong)


def test_weights_of_ones_own_are_used() -> None:
    from dataclasses import replace

    network = built([("a", "recruited", "v")])
    model = replace(nl.roles.default_model(), ungraded=0.9)
    mine = nl.roles.assess(network, model=model).scores.at["a", "recruiter"]
    assert mine > nl.roles.assess(network).scores.at["a", "recruiter"]


def test_every_pattern_has_its_reason_and_its_sentence() -> None:
    from netlink.roles import words

    for name, pattern in nl.roles.default_model().patterns.items():
        assert len(pattern.reason) > 20
        assert (pattern.pairs or name) in {*words._PATTERNS, *words._OCCASIONS}


# Patterns: who does it to victims, not who does it to everyone


def victims(n: int) -> dict[str, str]:
    return {f"v{i}": "identified_victim" for i in range(n)}


def test_a_driver_of_victims_outranks_a_driver_of_everyone() -> None:
    rows: list[Row] = [
        ("bus", "travelled_with", f"p{i:02d}", f"2024-01-{i + 1:02d}") for i in range(28)
    ]
    rows += [("bus", "travelled_with", f"v{i}", f"2024-02-{i + 1:02d}") for i in range(4)]
    rows += [("van", "travelled_with", f"v{i}", f"2024-03-{i + 1:02d}") for i in range(4)]
    found = check_sound(built(rows, status=victims(4)))
    scores = found.scores["transporter"]
    assert scores["van"] > 0.5
    assert scores["van"] > 5 * scores["bus"]
    assert found.leads("transporter").index[0] == "van"
    assert "journeys" in found.evidence("van", "transporter")["pattern"].tolist()


def test_journeys_without_a_day_count_by_company() -> None:
    rows: list[Row] = [("van", "travelled_with", f"v{i}") for i in range(4)]
    rows += [("bus", "travelled_with", f"p{i:02d}") for i in range(20)]
    found = check_sound(built(rows, status=victims(4)))
    assert found.leads("transporter").index[0] == "van"


def test_contact_before_a_move_outranks_contact_with_everyone() -> None:
    """One calls four people weeks before they leave; an agent calls forty, those four too."""
    rows: list[Row] = []
    for i in range(4):
        rows.append(("rec", "communicated", f"v{i}", f"2024-03-{i + 1:02d}"))
        rows.append((f"v{i}", "crossed_border_at", "border", f"2024-04-{2 * i + 1:02d}"))
        rows.append(("agent", "communicated", f"v{i}", f"2024-03-{i + 11:02d}"))
        rows.append(("help", "communicated", f"v{i}", f"2024-08-{i + 11:02d}"))
    rows += [("agent", "communicated", f"p{i:02d}", "2024-03-05") for i in range(36)]
    found = check_sound(built(rows, status=victims(4), types={"border": "location"}))
    scores = found.scores["recruiter"]
    assert found.leads("recruiter").index[0] == "rec"
    assert scores["rec"] > 3 * scores["agent"]
    assert scores["help"] < 0.05  # met them after the move: outreach
    first = found.evidence("rec", "recruiter").iloc[0]
    assert first["pattern"] == "first_contact_before_move"
    kinds = built(rows, types={"border": "location"}).relationships.loc[first["relationship_ids"]]
    assert set(kinds["relationship_type"]) == {"communicated", "crossed_border_at"}
    assert "likely victims falls in the weeks before a move, among 4 people" in first["words"]
    assert first["words"].endswith("Between 2024-03-01 and 2024-04-07.")


def test_a_host_of_victims_outranks_a_hotel_and_a_fellow_guest() -> None:
    rows: list[Row] = [("host", "owns", "flat"), ("inn", "owns", "hotel")]
    rows += [(f"v{i}", "stayed_at", "flat", f"2024-0{i + 1}-01") for i in range(4)]
    rows += [(f"v{i}", "stayed_at", "hotel", f"2024-0{i + 1}-02") for i in range(4)]
    rows += [(f"p{i:02d}", "stayed_at", "hotel", "2024-01-02") for i in range(40)]
    rows += [("early", "stayed_at", "flat", "2023-01-01")]
    found = check_sound(
        built(rows, status=victims(4), types={"flat": "location", "hotel": "location"})
    )
    scores = found.scores["harbourer"]
    assert found.leads("harbourer").index[0] == "host"
    assert scores["host"] > 5 * scores["inn"]
    assert scores["early"] < 0.05


def test_fees_before_a_move_and_earnings_after_it_speak_for_different_roles() -> None:
    rows: list[Row] = []
    for i in range(4):
        rows.append((f"v{i}", "paid", "early", "2024-03-01"))
        rows.append((f"v{i}", "crossed_border_at", "border", f"2024-04-0{i + 1}"))
        rows.append((f"v{i}", "paid", "late", "2024-06-01"))
    rows += [(f"p{i:02d}", "paid", "shop", "2024-06-01") for i in range(30)]
    rows += [(f"v{i}", "paid", "shop", "2024-06-01") for i in range(4)]
    found = check_sound(built(rows, status=victims(4), types={"border": "location"}))
    assert found.leads("recruiter").index[0] == "early"
    assert found.leads("exploiter").index[0] == "late"
    assert found.scores.at["late", "exploiter"] > 3 * found.scores.at["shop", "exploiter"]


def test_relatives_are_not_made_into_role_holders() -> None:
    rows: list[Row] = []
    for i in range(4):
        rows.append(("mother", "communicated", f"v{i}", "2024-03-01"))
        rows.append(("mother", "travelled_with", f"v{i}", f"2024-04-0{i + 1}"))
        rows.append(("mother", "family", f"v{i}"))
    found = check_sound(built(rows, status=victims(4)))
    assert (found.scores.loc["mother"] < 0.01).all()


def test_company_alone_is_capped() -> None:
    """Knowing every person with a role is not having one."""
    rows: list[Row] = [(f"r{i}", "recruited", f"x{i}") for i in range(12)]
    rows += [("friend", "knows", f"r{i}") for i in range(12)]
    found = check_sound(built(rows, grade=["A1"] * 12 + [None] * 12))
    assert found.scores.loc["friend", "exploiter"] < 0.05


# Status is not role


def test_company_alone_makes_nobody_more_likely_a_victim_than_not() -> None:
    model = nl.roles.default_model()
    assert model.victim_prior + model.company_cap < 0


@pytest.mark.slow
def test_where_there_is_no_ring_hardly_anybody_is_scored_high() -> None:
    for seed in (4, 5):
        case = nl.datasets.synthetic_case(scenario="no-rings", seed=seed)
        network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
        scores = nl.roles.assess(network).scores
        assert (scores > 0.5).sum().max() <= 3
        assert len(scores) > 900


def test_protected_people_are_in_no_lead_whatever_the_reference() -> None:
    rows: list[Row] = [(p, "recruited", f"x{i}") for i, p in enumerate("abcdef")]
    rows.append(("f", "same_as", "f2"))
    status = {
        "a": "identified_victim", "b": "potential_victim", "c": "child", "d": "witness",
        "f2": "child",
    }  # fmt: skip
    found = check_sound(built(rows, status=status))
    assert found.leads("recruiter").index.tolist() == ["e"]
    everybody = found.leads("recruiter", include_protected=True)
    assert sorted(everybody.index) == list("abcdef")
    assert everybody["protection_status"].to_dict()["f"] == "child"
    assert {"f", "f2"} <= set(found.scores.index)


def test_a_victim_made_to_recruit_is_to_be_reached_not_a_lead() -> None:
    rows: list[Row] = [("v0", "recruited", "v1"), ("boss", "exploited", "v0")]
    found = check_sound(built(rows, status={"v0": "potential_victim"}, grade=["B2", "B2"]))
    assert found.scores.at["v0", "recruiter"] > 0.1  # what she did is on record
    assert "v0" not in found.leads("recruiter").index
    assert found.safeguarding().index[0] == "v0"
    assert {"status", "recorded_harm"} <= set(found.signs_of_harm("v0")["pattern"])


def test_identified_victims_are_not_listed_to_reach() -> None:
    found = nl.roles.assess(built([("a", "recruited", "v0")], status=victims(1)))
    assert "v0" not in found.safeguarding().index
    assert found.signs_of_harm("v0")["contribution"].sum() > 9


def test_signs_of_harm_take_patterns_back_and_acts_not() -> None:
    rows: list[Row] = [("x", "travelled_with", f"v{i}", f"2024-03-{i + 1:02d}") for i in range(4)]
    plain = nl.roles.assess(built([*rows, ("x", "transported", "w")], status=victims(4)))
    harmed = nl.roles.assess(
        built([*rows, ("x", "transported", "w")], status={**victims(4), "x": "potential_victim"})
    )
    assert "own_harm" not in plain.evidence("x", "transporter")["pattern"].tolist()
    table = harmed.evidence("x", "transporter").set_index("pattern")
    assert table.at["own_harm", "contribution"] < -1
    assert table.at["recorded_act", "contribution"] == 3.0
    assert harmed.scores.at["x", "transporter"] < plain.scores.at["x", "transporter"]


def test_cases_speak_of_harm() -> None:
    rows: list[Row] = [("a", "victim_in", "e"), ("b", "suspect_in", "e"), ("c", "witness_in", "e")]
    found = check_sound(built(rows, types={"e": "event"}))
    assert found.safeguarding().index.tolist() == ["a"]
    assert all(len(found.leads(role)) == 0 for role in ROLES)


# Networks with little in them


@pytest.mark.parametrize(
    "network",
    [
        nl.datasets.karate_club(),
        random_network(3),
        random_network(4, directed=True, loops=True),
        built([], status={"a": "none"}),
        built([("car", "seen_at", "road")], types={"car": "vehicle", "road": "location"}),
        built([("a", "recruited", "a"), ("b", "communicated", "b", "2024-01-01")]),
    ],
    ids=["knows alone", "random", "random calls", "one person", "no people", "self-loops"],
)
def test_without_patterns_there_are_no_leads(network: nl.Network) -> None:
    found = check_sound(network)
    assert found.scores.nunique().max() <= 1
    assert all(len(found.leads(role)) == 0 for role in ROLES)


def test_tables_without_entities_dates_grades_or_documents() -> None:
    names = [
        kind
        for kind, known in nl.vocabulary.default().relationship_types.items()
        if known.source_types[0] == known.target_types[0] == "person" and kind != "same_as"
    ]
    rows = pd.DataFrame(
        {
            "source": [f"p{i % 7}" for i in range(len(names))],
            "target": [f"p{(3 * i + 1) % 7}" for i in range(len(names))],
            "relationship_type": names,
        }
    )
    check_sound(nl.read_tables(None, rows))
    check_sound(nl.read_tables(None, rows[["source", "target"]]))


@pytest.mark.parametrize("dated", [True, False])
def test_every_type_of_relationship_is_taken(dated: bool) -> None:
    known = nl.vocabulary.default().relationship_types
    rng = np.random.default_rng(0)
    rows: list[Row] = []
    types = {}
    for word, kind in known.items():
        for source in kind.source_types:
            target = (
                source
                if word == "same_as"
                else kind.target_types[rng.integers(len(kind.target_types))]
            )
            ends = [f"{name}{rng.integers(5)}" for name in (source, target)]
            types |= {ends[0]: source, ends[1]: target}
            day = f"2024-0{rng.integers(1, 9)}-11" if dated else None
            rows.append((ends[0], word, ends[1], day))
    check_sound(built(rows, types=types))


# The synthetic case


@pytest.fixture(scope="module")
def case() -> nl.datasets.SyntheticCase:
    return nl.datasets.synthetic_case(seed=11, size=400)


@pytest.fixture(scope="module")
def network(case: nl.datasets.SyntheticCase) -> nl.Network:
    return nl.read_tables(case.entities, case.relationships, schema=case.schema)


@pytest.fixture(scope="module")
def assessment(network: nl.Network) -> nl.roles.RoleAssessment:
    return check_sound(network)


def average_precision(is_hit: pd.Series, score: pd.Series) -> float:
    order = pd.DataFrame({"hit": is_hit, "score": -score}).sort_values("score", kind="stable")
    hit = order["hit"].to_numpy(dtype=bool)
    return float((np.cumsum(hit) / np.arange(1, len(hit) + 1))[hit].mean())


def test_it_beats_every_single_centrality(
    case: nl.datasets.SyntheticCase, network: nl.Network, assessment: nl.roles.RoleAssessment
) -> None:
    central = nl.centrality.table(nl.transform.project(network, onto="person"))
    answers = case.answers.loc[assessment.scores.index]
    for role in ROLES[:4]:
        ours = average_precision(answers[role], assessment.scores[role])
        theirs = [
            average_precision(answers[role], central.loc[answers.index, name]) for name in central
        ]
        assert ours > 2 * max(theirs), role


def test_no_column_of_a_person_is_read(
    case: nl.datasets.SyntheticCase, assessment: nl.roles.RoleAssessment
) -> None:
    is_person = case.entities["ref"].isin(assessment.scores.index)
    country = case.entities["country"].mask(is_person, "X")
    blank = case.entities.assign(country=country, title="-")
    network = nl.read_tables(blank, case.relationships, schema=case.schema)
    pd.testing.assert_frame_equal(nl.roles.assess(network).scores, assessment.scores)


def test_the_country_of_a_place_says_where_a_move_led_and_nothing_else(
    case: nl.datasets.SyntheticCase, network: nl.Network
) -> None:
    blank = case.entities.assign(country="X")
    other = nl.read_tables(blank, case.relationships, schema=case.schema)
    model = nl.roles.default_model()
    patterns = {n: p for n, p in model.patterns.items() if p.pairs != "between_places"}
    assert len(patterns) == len(model.patterns) - 2
    model = replace(model, patterns=patterns)
    found, again = (nl.roles.assess(one, model=model).scores for one in (network, other))
    pd.testing.assert_frame_equal(found, again, check_exact=True)


def test_the_order_of_the_rows_changes_nothing(
    network: nl.Network, assessment: nl.roles.RoleAssessment
) -> None:
    other = nl.roles.assess(shuffled(network, 5))
    same = {"check_exact": True}
    pd.testing.assert_frame_equal(other.scores, assessment.scores, **same)
    reach = assessment.safeguarding()
    pd.testing.assert_frame_equal(other.safeguarding(), reach, **same)
    for person in reach.index:
        pd.testing.assert_frame_equal(
            other.signs_of_harm(person), assessment.signs_of_harm(person), **same
        )
    for role in ROLES:
        leads = assessment.leads(role)
        pd.testing.assert_frame_equal(other.leads(role), leads, **same)
        for person in leads.index:
            pd.testing.assert_frame_equal(
                other.evidence(person, role), assessment.evidence(person, role), **same
            )


def test_the_seed_moves_intervals_and_never_scores(
    network: nl.Network, assessment: nl.roles.RoleAssessment
) -> None:
    other = nl.roles.assess(network, seed=1)
    pd.testing.assert_frame_equal(other.scores, assessment.scores, check_exact=True)
    one, two = assessment.leads("recruiter", n=30), other.leads("recruiter", n=30)
    assert one.index.tolist() == two.index.tolist()
    assert not one[["rank_low", "rank_high", "share_in_top"]].equals(
        two[["rank_low", "rank_high", "share_in_top"]]
    )


def test_the_draws_score_as_the_assessment_does(
    assessment: nl.roles.RoleAssessment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where no record is drawn away, every draw gives the rank itself."""
    monkeypatch.setattr("netlink.roles.intervals._KEPT", 1.0)
    for table in (assessment.safeguarding(), *(assessment.leads(role) for role in ROLES)):
        clear = ~table["score"].round(6).duplicated(keep=False)
        assert clear.any()
        assert (table["rank_low"] == table["rank"])[clear].all()
        assert (table["rank_high"] == table["rank"])[clear].all()
        assert (table["share_in_top"] == 1.0).all()


def test_a_lead_on_one_record_is_less_certain_than_one_on_many() -> None:
    rows: list[Row] = [("one", "recruited", "v")]
    rows += [("many", "recruited", f"v{i}") for i in range(6)]
    rows += [(f"x{i:02d}", "deceived", f"w{i}") for i in range(20)]
    leads = nl.roles.assess(built(rows, grade=["A1"] + ["C3"] * 6 + ["C3"] * 20)).leads("recruiter")
    assert leads.at["one", "rank_high"] > 10 > leads.at["many", "rank_high"]


def test_nothing_is_named_in_words_or_repr(
    case: nl.datasets.SyntheticCase, assessment: nl.roles.RoleAssessment
) -> None:
    said = [repr(assessment), str(assessment)]
    for role in ROLES:
        for person in assessment.leads(role).index:
            said += assessment.evidence(person, role)["words"].tolist()
    for person in assessment.safeguarding().index:
        said += assessment.signs_of_harm(person)["words"].tolist()
    text = "\n".join(said)
    assert len(said) > 100
    for column in ("ref", "title"):
        assert not any(name in text for name in case.entities[column])
    assert not any(name in text for name in case.relationships["report"])
    for wrong in (" 1 likely victims", " 1 people", " 1 records", "guilt", "suspect"):
        assert wrong not in text


# Arguments


def test_arguments_are_refused_without_naming_anybody() -> None:
    found = nl.roles.assess(built([("CANARY-1", "uses", "CANARY-2")], types={"CANARY-2": "phone"}))
    calls = [
        (nl.errors.ArgumentError, lambda: nl.roles.assess(found.network, seed=1.5)),  # type: ignore[arg-type]
        (nl.errors.ArgumentError, lambda: nl.roles.assess(found.network, seed=True)),
        (nl.errors.ArgumentError, lambda: found.leads("recruter")),
        (nl.errors.ArgumentError, lambda: found.leads("recruiter", n=0)),
        (nl.errors.ArgumentError, lambda: found.safeguarding(n=True)),
        (nl.errors.ArgumentError, lambda: found.evidence("CANARY-2", "recruiter")),
        (nl.errors.ArgumentError, lambda: found.evidence("CANARY-1", "boss")),
        (nl.errors.UnknownEntityError, lambda: found.evidence("CANARY-3", "recruiter")),
        (nl.errors.UnknownEntityError, lambda: found.signs_of_harm("CANARY-3")),
    ]
    for error, call in calls:
        with pytest.raises(error) as caught:
            call()
        assert "CANARY" not in str(caught.value)
    with pytest.raises(nl.errors.ArgumentError, match="Did you mean 'recruiter'"):
        found.leads("recruter")
