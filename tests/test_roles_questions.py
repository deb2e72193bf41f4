"""What is asked of a role score: why not, what it hangs on, what was not read, in plain words."""

from __future__ import annotations

from itertools import combinations
from typing import Any

import pandas as pd
import pytest
from test_roles import ROLES, built, log_odds

import netlink as nl


def small(n: int = 4) -> nl.Network:
    """`r` opens contact with some before each of them crosses, and two documents state it."""
    rows: list[tuple[str, str, str, str | None]] = [
        ("r", "recruited", "v0", "2024-03-01"),
        ("r", "recruited", "v1", "2024-03-01"),
    ]
    for i in range(n):
        rows.append(("r", "met", f"v{i}", f"2024-0{2 + i}-01"))
        rows.append((f"v{i}", "crossed_border_at", "post", f"2024-0{3 + i}-05"))
    rows += [("p0", "met", f"p{i}", "2024-01-0" + str(i)) for i in range(1, 6)]
    return built(
        rows,
        types={"post": "location"},
        status={"v0": "identified_victim", "v1": "identified_victim"},
        document=["d1", "d2", *[None] * (len(rows) - 2)],
        grade=["B2", "C3", *[None] * (len(rows) - 2)],
    )


def again_without(network: nl.Network, records: list[str], role: str, person: str) -> float:
    kept = network.relationships.drop(index=records).reset_index()
    table = kept.drop(columns=["start_text", "end_text", "end"], errors="ignore")
    fresh = nl.read_tables(network.entities.reset_index(), table, schema=nl.Schema())
    return float(nl.roles.assess(fresh).scores.at[person, role])


@pytest.mark.slow
def test_the_fewest_records_are_those_of_brute_force() -> None:
    network = small(1)
    found = nl.roles.assess(network)
    cited = sorted(
        {name for ids in found.evidence("r", "recruiter")["relationship_ids"] for name in ids}
    )
    change = found.what_would_change("r", "recruiter", tries=5000)
    smallest = next(
        size
        for size in range(1, len(cited) + 1)
        if any(
            again_without(network, list(chosen), "recruiter", "r") < 0.5
            for chosen in combinations(cited, size)
        )
    )
    assert change.is_enough and change.is_smallest
    assert len(change.relationships) == smallest
    ids = change.relationships.index.tolist()
    assert set(ids) <= set(cited)
    after = again_without(network, ids, "recruiter", "r")
    assert change.score_without == pytest.approx(after, abs=1e-6)
    assert change.score_without < 0.5 <= change.score


@pytest.mark.slow
def test_without_tries_nothing_in_the_set_can_be_spared() -> None:
    network = small(3)
    found = nl.roles.assess(network)
    change = found.what_would_change("r", "recruiter", tries=0)
    ids = change.relationships.index.tolist()
    for name in ids:
        rest = [other for other in ids if other != name]
        assert again_without(network, rest, "recruiter", "r") >= 0.5
    assert change.is_smallest == (len(ids) == 1)
    assert "none to spare" in repr(change) or "fewest" in repr(change)


def test_a_low_score_needs_no_record_less() -> None:
    change = nl.roles.assess(small()).what_would_change("p1", "recruiter")
    assert (len(change.relationships), change.is_enough, change.n_assessed) == (0, True, 0)
    assert change.score == change.score_without < 0.5


def test_the_line_to_fall_under_lies_between_0_and_1() -> None:
    found = nl.roles.assess(small(1))
    bad: list[Any] = [0, 1, float("nan"), "x", True]
    for below in bad:
        with pytest.raises(nl.errors.ArgumentError, match="'below' must be"):
            found.what_would_change("r", "recruiter", below=below)
    with pytest.raises(nl.errors.ArgumentError, match="'tries' must be"):
        found.what_would_change("r", "recruiter", tries=-1)


def test_why_not_says_what_is_missing_and_what_it_would_take() -> None:
    network = small()
    found = nl.roles.assess(network)
    table = found.why_not("v2", "recruiter").set_index("pattern")
    patterns = {name for name, p in found.model.patterns.items() if p.role == "recruiter"}
    said = set(found.evidence("v2", "recruiter").query("contribution > 0")["pattern"])
    silent = table[table["reason"].isin(["no records", "no more than chance"])]
    assert set(silent.index) == (patterns | {"recorded_act"}) - said
    assert table.at["recorded_act", "words"].endswith("deceived, recruited.")
    score = found.scores.at["v2", "recruiter"]
    assert table.at["score", "contribution"] == pytest.approx(log_odds(score))
    # The statement it asks for, added, brings the score to a half; one a step weaker does not.
    needed = float(table.at["score", "words"].split("confidence ")[1].split(" ")[0])
    for confidence, is_there in ((needed, True), (needed - 0.02, False)):
        more = network.relationships.reset_index()[
            ["source", "target", "relationship_type", "start", "confidence", "document"]
        ]
        row = {"source": "v2", "target": "p1", "relationship_type": "recruited"}
        row |= {"confidence": confidence, "document": "new"}  # type: ignore[dict-item]
        more = pd.concat([more, pd.DataFrame([row])], ignore_index=True)
        fresh = nl.read_tables(network.entities.reset_index(), more, schema=nl.Schema())
        model = found.model
        stated = nl.roles.acts.of_grade(fresh.relationships["confidence"].to_numpy()[-1:], model)
        own = found.scores.at["v2", "recruiter"]
        assert (log_odds(own) + stated[0] >= 0) == is_there


def test_what_takes_away_stands_first_among_the_reasons() -> None:
    network = small()
    found = nl.roles.assess(network)
    for person in ("v0", "v1", "v2"):
        for role in ROLES:
            against = found.evidence(person, role).query("contribution < 0")
            table = found.why_not(person, role)
            part = table[table["reason"] == "against"]
            assert part["contribution"].tolist() == against["contribution"].tolist()
            assert part["words"].tolist() == against["words"].tolist()


def test_every_row_is_used_or_has_its_reason() -> None:
    rows = [
        ("a", "met", "b", "2024-01-01"),
        ("a", "met", "c", None),
        ("t1", "communicated", "t2", "2024-01-01"),  # nobody holds t2
        ("a", "uses", "t1", None),
        ("a", "uses", "car", None),  # seen nowhere
        ("a", "uses", "t1", "2024-01-01"),  # said before
        ("a", "seen_at", "square", "2024-01-03"),  # where nothing else was seen
        ("a", "witness_in", "crime", None),
        ("b", "suspect_in", "crime", None),  # in which nobody is recorded as a victim
        ("firm", "suspect_in", "raid", None),  # in which somebody is
        ("c", "victim_in", "raid", None),
        ("a", "communicated", "t1", "2024-01-02"),  # with oneself
        ("a", "same_as", "a2", None),
    ]
    types = {"t1": "phone", "t2": "phone", "car": "vehicle", "crime": "event"}
    types |= {"firm": "organisation", "raid": "event"}
    types["square"] = "location"
    found = nl.roles.assess(built(rows, types=types))
    table = found.unexplained.set_index(["relationship_type", "reason"])["rows"]
    words = nl.roles.unread
    assert table.to_dict() == {
        ("met", words.UNDATED): 1,
        ("communicated", words.APART): 1,
        ("communicated", words.ALONE): 1,
        ("uses", words.IDLE): 2,
        ("uses", words.REPEATED): 1,
        ("seen_at", words.LONE): 1,
        ("suspect_in", words.UNHARMED): 1,
        ("suspect_in", words.APART): 1,
        ("witness_in", words.UNREAD): 1,
    }


def test_a_case_told_in_full_leaves_only_reasons() -> None:
    case = nl.datasets.synthetic_case(seed=3, size=200)
    network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    found = nl.roles.assess(network)
    table = found.unexplained
    assert table.columns.tolist() == ["relationship_type", "reason", "rows"]
    cited = {
        name
        for ids in found.evidence(found.leads("recruiter", n=1).index[0], "recruiter")[
            "relationship_ids"
        ]
        for name in ids
    }
    kinds = network.relationships.loc[sorted(cited), "relationship_type"]
    unread = set(table.loc[table["reason"] == nl.roles.unread.UNREAD, "relationship_type"])
    assert not unread & set(kinds)
    assert table["rows"].sum() < network.n_relationships


def test_an_explanation_names_nobody_and_says_all() -> None:
    network = small()
    found = nl.roles.assess(network)
    text = found.explain("r", "recruiter")
    assert text.splitlines()[0].startswith("Recruiter: role score ")
    for sentence in found.evidence("r", "recruiter").query("contribution > 0")["words"][:5]:
        assert sentence in text
    assert "protect" not in text
    assert "protect" in found.explain("v0", "recruiter")
    case = nl.datasets.synthetic_case(seed=1, size=100)
    made_up = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    assessment = nl.roles.assess(made_up)
    lead = assessment.leads("transporter", n=1).index[0]
    told = assessment.explain(lead, "transporter")
    labels = {str(x) for x in made_up.entities["label"].dropna() if len(str(x)) > 3}
    assert not any(name in told for name in {*made_up.entities.index, *labels})


def test_who_is_both_stands_among_the_people_to_reach_with_the_period() -> None:
    rows: list[tuple[str, str, str, str | None]] = [
        ("boss", "exploited", "both", "2023-05-01"),
        ("both", "recruited", "v1", "2024-02-01"),
        ("both", "recruited", "v2", "2024-04-01"),
        ("both", "recruited", "v3", None),
    ]
    network = built(
        rows, status={"both": "potential_victim"}, document=["d0", "d1", "d2", "d3"],
        grade=["A1"] * 4,
    )  # fmt: skip
    found = nl.roles.assess(network)
    table = found.safeguarding()
    assert table.index[0] == "both"
    assert "both" not in found.leads("recruiter").index
    assert table.at["both", "roles"] == "recruiter"
    assert table.at["both", "roles_from"] == pd.Timestamp("2024-02-01", tz="UTC")
    assert table.at["both", "roles_until"].date() == pd.Timestamp("2024-04-01").date()
    assert (table.loc[["v1", "v2"], "roles"] == "").all()
    assert table.loc[["v1", "v2"], "roles_from"].isna().all()
