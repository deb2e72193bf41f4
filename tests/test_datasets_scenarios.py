"""Chances and scenarios of the synthetic case do what they say and nothing else."""

from __future__ import annotations

import hashlib
from collections import Counter
from typing import Any

import pandas as pd
import pytest

import netlink as nl
from netlink.datasets._world import build_world

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
    return nl.datasets.synthetic_case(**{"seed": 4, "size": 200, **arguments})


def digests(case: nl.datasets.SyntheticCase) -> tuple[str, ...]:
    tables = (case.entities, case.relationships, case.answers.reset_index())
    texts = (table.to_csv(index=False, lineterminator="\n") for table in tables)
    return tuple(hashlib.sha256(text.encode()).hexdigest()[:16] for text in texts)


@pytest.mark.parametrize(("seed", "size"), DEFAULT)
def test_each_table_of_the_default_stays_as_it_is(seed: int, size: int) -> None:
    assert digests(nl.datasets.synthetic_case(seed=seed, size=size)) == DEFAULT[seed, size]


# Recording probabilities


@pytest.fixture(scope="module")
def whole() -> nl.datasets.SyntheticCase:
    """Everything is recorded, and everybody speaks."""
    return made(recorded=1.0, statements=1.0, recording=dict.fromkeys(RECORDS.index, 1.0))


def without(case: nl.datasets.SyntheticCase, link: str) -> pd.DataFrame:
    rows = case.relationships
    return rows[rows["link"] != link].reset_index(drop=True)


@pytest.mark.parametrize("name", [*RECORDS.index, *ACTS.index, "acquaintance"])
def test_at_0_exactly_that_kind_is_missing(name: str, whole: nl.datasets.SyntheticCase) -> None:
    full = dict.fromkeys(RECORDS.index, 1.0)
    some = made(recorded=1.0, statements=1.0, recording={**full, name: 0.0})
    link = PROBABILITIES.at[name, "link"]
    assert link in set(whole.relationships["link"])
    pd.testing.assert_frame_equal(some.relationships, without(whole, link))


def test_at_1_all_of_it_is_there(whole: nl.datasets.SyntheticCase) -> None:
    facts = build_world(4, 200).chronicle.facts
    found = whole.relationships["link"].value_counts()
    assert {
        RECORDS.at[name, "link"]: count for name, count in Counter(f.channel for f in facts).items()
    } == found[~found.index.str.startswith("ST-")].to_dict()


def test_at_1_who_speaks_tells_of_every_act() -> None:
    acts = build_world(4, 200).chronicle.acts
    quiet = dict.fromkeys(["hearsay", "complaint", "mistaken", "acquaintance"], 0.0)
    case = made(statements=1.0, recording={**quiet, **dict.fromkeys(ACTS.index, 1.0)})
    assert statements(case)["link"].value_counts().to_dict() == Counter(
        f"ST-{act.channel.upper()}" for act in acts
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
