"""What people were paid and did not keep: who it goes to, and when that says nothing."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import netlink as nl

MODEL = nl.roles.default_model()
WAGE = 1000.0
PEOPLE = ["w0", "w1", "w2"]

Paid = tuple[str, str, str, float]


def wages(people: list[str], months: int = 3) -> list[Paid]:
    return [("farm", p, f"2024-{m + 1:02d}-05", WAGE) for p in people for m in range(months)]


def onwards(
    people: list[str], to: str, share: float, *, lag: int = 2, months: int = 3
) -> list[Paid]:
    return [
        (p, to, f"2024-{m + 1:02d}-{5 + lag:02d}", share * WAGE)
        for p in people
        for m in range(months)
    ]


def assessed(
    rows: list[Paid], *, kin: tuple[str, str] | None = None, has_amounts: bool = True
) -> nl.roles.RoleAssessment:
    table = pd.DataFrame(rows, columns=["source", "target", "start", "sum"])
    table["relationship_type"] = "paid"
    if kin is not None:
        family = {"source": [kin[0]], "target": [kin[1]], "relationship_type": ["family"]}
        table = pd.concat([table, pd.DataFrame(family)], ignore_index=True)
    if not has_amounts:
        table = table.drop(columns="sum")
    names = sorted({*table["source"], *table["target"]})
    kinds = ["organisation" if name == "farm" else "person" for name in names]
    entities = pd.DataFrame({"entity_id": names, "entity_type": kinds})
    money = {"amount": "sum", "currency": "EUR"} if has_amounts else {}
    return nl.roles.assess(nl.read_tables(entities, table, schema=nl.Schema(**money)))


def sign(found: nl.roles.RoleAssessment, person: str) -> float:
    table = found.signs_of_harm(person)
    return float(table.loc[table["pattern"] == "handed_over", "contribution"].sum())


def test_wages_that_go_on_to_one_collector_are_a_sign_of_harm() -> None:
    shop = [(f"p{i:02d}", "shop", "2024-01-09", 20.0) for i in range(20)]
    found = assessed([*wages(PEOPLE), *onwards(PEOPLE, "c", 0.9), *shop])
    # Nine tenths, to one of whom three do so: 0.9 times 1 - 1/3.
    for person in PEOPLE:
        assert sign(found, person) == pytest.approx(MODEL.victim["handed_over"] * 0.9 * 2 / 3)
    assert sign(found, "c") == 0.0
    collected = found.evidence("c", "financier")
    row = collected.set_index("pattern").loc["takings_collected"]
    assert row["contribution"] > 0
    assert len(row["relationship_ids"]) == 9  # every payment to the collector, and no wage
    assert "went on to the person within days" in row["words"]


@pytest.mark.parametrize(
    ("rows", "more"),
    [
        (onwards(PEOPLE, "landlord", 0.25), {}),  # a rent
        (onwards(PEOPLE, "c", 0.9, lag=4), {}),  # kept for days
        (onwards(PEOPLE, "c", 0.9, months=1), {}),  # once
        (onwards(PEOPLE[:1], "c", 0.9), {}),  # one person's
        (onwards(PEOPLE, "c", 0.9), {"has_amounts": False}),
    ],
    ids=["a share", "late", "once", "one payer", "no amounts"],
)
def test_other_payments_after_wages_are_none(rows: list[Paid], more: dict[str, bool]) -> None:
    found = assessed([*wages(PEOPLE), *rows], **more)  # type: ignore[arg-type]
    assert all(sign(found, person) == 0.0 for person in PEOPLE)


def test_money_for_relatives_is_none() -> None:
    rows = [*wages(PEOPLE[:2]), *onwards(PEOPLE[:2], "c", 0.9)]
    assert sign(assessed(rows), "w0") > 0
    assert sign(assessed(rows, kin=("c", "w1")), "w0") == 0.0


def test_no_more_goes_on_than_came_in() -> None:
    """Of a payment ten times the wage only the wage went on."""
    rows = [*wages(PEOPLE), *onwards(PEOPLE, "c", 10.0)]
    assert sign(assessed(rows), "w0") == pytest.approx(MODEL.victim["handed_over"] * 2 / 3)


def test_the_order_of_rows_does_not_show() -> None:
    rows = [*wages(PEOPLE), *onwards(PEOPLE, "c", 0.8), *onwards(PEOPLE, "d", 0.1)]
    order = np.random.default_rng(0).permutation(len(rows))
    first, second = assessed(rows), assessed([rows[at] for at in order])
    pd.testing.assert_frame_equal(first.scores, second.scores, check_exact=True)
