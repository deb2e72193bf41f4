"""Counts of few people: left out, and not to be computed from what is left."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

import netlink as nl
from netlink.errors import ArgumentError, ExportError
from netlink.export import redaction, suppression


def ranges(table: pd.DataFrame) -> dict[tuple[int, int], tuple[float, float]]:
    """The range of each count left out, by linear programming over all that is published."""
    missing = np.argwhere(table.isna().to_numpy())
    at = {tuple(map(int, cell)): n for n, cell in enumerate(missing)}
    known = table.fillna(0).to_numpy(dtype=float)
    lines, sums = [], []
    n_rows, n_columns = known.shape
    cells = [[(i, j) for j in range(n_columns)] for i in range(n_rows)]
    for line in [*cells, *map(list, zip(*cells, strict=True))]:
        row, rest = np.zeros(len(missing)), 0.0
        for cell in line:
            sign = -1.0 if cell == line[-1] else 1.0
            if cell in at:
                row[at[cell]] = sign
            else:
                rest -= sign * known[cell]
        lines.append(row)
        sums.append(rest)
    found = {}
    for cell, n in at.items():
        goal = np.zeros(len(missing))
        goal[n] = 1
        ends = []
        for sign in (1, -1):
            # No count is larger than a million: a bound where totals are left out too.
            done = linprog(sign * goal, A_eq=lines, b_eq=sums, bounds=(0, 1e6), method="highs")
            assert done.status == 0
            ends.append(float(sign * done.fun))
        found[cell] = (ends[0], ends[1])
    return found


COUNTS = st.integers(0, 14) | st.sampled_from([0, 0, 20, 35, 100])


@given(
    st.tuples(st.integers(1, 4), st.integers(1, 4)).flatmap(
        lambda shape: st.lists(
            st.lists(COUNTS, min_size=shape[1], max_size=shape[1]),
            min_size=shape[0],
            max_size=shape[0],
        )
    ),
    st.sampled_from([3, 11]),
)
@settings(max_examples=25, deadline=None)
def test_no_count_left_out_follows_from_what_is_left(rows: list[list[int]], k: int) -> None:
    counts = pd.DataFrame(rows)
    found = nl.export.suppressed(counts, k=k)
    whole = counts.copy()
    whole.loc["total"] = counts.sum()
    whole["total"] = whole.sum(axis=1)
    shown = found.notna()
    small = (whole > 0) & (whole < k)
    assert not (small & shown).to_numpy().any()
    assert (found.to_numpy()[shown.to_numpy()] == whole.to_numpy()[shown.to_numpy()]).all()
    assert shown[whole == 0].fillna(True).to_numpy().all()  # zeros stay
    if not small.to_numpy().any():
        assert shown.to_numpy().all()
    for cell, (low, high) in ranges(found).items():
        assert high - low >= 1 - 1e-6, cell
    for table, holes in ((whole, ~shown), (whole.T, ~shown.T)):
        for name in table.index:
            gone = holes.loc[name].iloc[:-1]
            if gone.any() and not holes.loc[name].iloc[-1]:
                assert table.loc[name].iloc[:-1][gone].sum() >= k


@given(st.lists(COUNTS, max_size=6), st.sampled_from([3, 11]))
@settings(max_examples=25, deadline=None)
def test_a_list_of_groups_gives_none_away(values: list[int], k: int) -> None:
    counts = pd.Series(values, dtype="int64")
    found = nl.export.suppressed(counts, k=k)
    small = (counts > 0) & (counts < k)
    assert found.iloc[:-1][small.to_numpy()].isna().all()
    gone = counts[found.iloc[:-1].isna().to_numpy()]
    if pd.notna(found["total"]):
        assert found["total"] == sum(values)
        assert len(gone) == 0 or (len(gone) > 1 and gone.sum() >= k)
    else:
        assert small.any()


def test_the_rule_of_one_cell_in_a_table() -> None:
    """Gusfield's point: one cell left out follows from its row, two of a row from columns."""
    table = pd.DataFrame({"a": [3, 20, 20], "b": [20, 15, 30], "c": [20, 30, 40]})
    found = nl.export.suppressed(table)
    holes = np.argwhere(found.isna().to_numpy()).tolist()
    assert holes == [[0, 0], [0, 1], [1, 0], [1, 1]]
    assert found.loc["total", "total"] == 198


def test_bridges_are_what_linear_programming_finds() -> None:
    """The same holes without the complement are computed at once."""
    whole = pd.DataFrame([[3, 20, 23], [20, 15, 35], [23, 35, 58]]).astype("Int64")
    whole.iloc[0, 0] = pd.NA
    assert ranges(whole) == {(0, 0): (3.0, 3.0)}
    whole.iloc[0, 1] = whole.iloc[1, 0] = pd.NA
    assert ranges(whole) == {(0, 0): (3.0, 3.0), (0, 1): (20.0, 20.0), (1, 0): (20.0, 20.0)}


def test_flows_of_people_may_be_published() -> None:
    case = nl.datasets.synthetic_case(seed=1, size=200)
    network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    flows = nl.journeys.flows(network, by="country")
    people = flows.pivot_table(
        index="origin", columns="destination", values="n_entities", fill_value=0
    ).astype("int64")
    found = nl.export.suppressed(people)
    assert found.isna().to_numpy().any()
    least = found.to_numpy(dtype=float, na_value=np.nan)
    assert np.nanmin(np.where(least == 0, np.nan, least)) >= 11
    assert all(high - low >= 1 for low, high in ranges(found).values())


def test_names_of_axes_stay_and_an_empty_table_has_a_total() -> None:
    table = pd.DataFrame({"XA": [20]}, index=pd.Index(["2024"], name="year"))
    assert nl.export.suppressed(table.rename_axis(columns="country")).axes[0].name == "year"
    named = pd.Series([20, 30], index=pd.Index(["a", "b"], name="group"), name="people")
    found = nl.export.suppressed(named)
    assert (found.name, found.index.name, found["total"]) == ("people", "group", 50)
    assert nl.export.suppressed(pd.Series([], dtype="int64"))["total"] == 0
    assert nl.export.suppressed(pd.DataFrame()).to_numpy().tolist() == [[0]]


@pytest.mark.parametrize(
    ("table", "k", "message"),
    [
        (pd.Series([1.5]), 11, "must hold whole numbers"),
        (pd.Series([1, None]), 11, "must hold whole numbers"),
        (pd.DataFrame({"a": [-1]}), 11, "none missing or negative"),
        (pd.DataFrame({"a": ["CANARY"]}), 11, "must hold whole numbers"),
        (pd.Series({"total": 3}), 11, "without totals"),
        ([1, 2], 11, "must be a Series or DataFrame, got list"),
        (pd.Series([1]), 0, "'k' must be a positive integer, got 0"),
        (pd.Series([1]), True, "'k' must be a positive integer"),
    ],
)
def test_bad_tables(table: Any, k: Any, message: str) -> None:
    with pytest.raises(ArgumentError, match=message) as caught:
        nl.export.suppressed(table, k=k)
    assert "CANARY" not in str(caught.value)


# In a bundle


def bundled(
    codes: list[str], folder: Path, *, html: bool = False, **policy: Any
) -> tuple[dict[str, Any], str]:
    n = len(codes)
    rows = pd.DataFrame({"source": "a", "target": [f"p{at}" for at in range(n)]})
    rows = rows.assign(relationship_type="met", handling=codes)
    people = pd.DataFrame({"entity_id": ["a", *rows["target"]], "entity_type": "person"})
    case = nl.cases.build(nl.read_tables(people, rows), around=["a"], max_degree=999)
    whole = nl.export.Policy(names="all", **policy)
    made = nl.export.bundle(case, folder, formats=["html"] if html else [], policy=whole)
    manifest = json.loads((made / "manifest.json").read_text("utf-8"))
    return manifest, (made / "report.html").read_text("utf-8") if html else ""


def test_a_recipient_is_told_no_small_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nl.export, "_picture", lambda drawing: b"picture")
    codes = ["TLP:GREEN"] * 30 + ["TLP:RED"] * 3 + ["TLP:AMBER"] * 20 + ["5"] * 15
    manifest, page = bundled(codes, tmp_path / "a", html=True, recipient="community")
    found = manifest["withheld"]["by_handling"]
    # What is left of 38 would tell the three: the smallest beside them goes too.
    assert found["relationships"] == {"5": None, "TLP:AMBER": 20, "TLP:RED": None}
    assert found["in_all"] == {"relationships": 38, "entities": 38}
    assert "Withheld by handling code: 38 relationships and 38 entities" in page
    assert manifest["policy"]["k"] == 11
    assert any("from 1 to 10" in note for note in manifest["notes"])
    everything, _ = bundled(codes, tmp_path / "b", recipient="community", k=1)
    assert everything["withheld"]["by_handling"]["relationships"] == {
        **{"5": 15, "TLP:AMBER": 20, "TLP:RED": 3}
    }


def test_a_recipient_is_told_that_few_are_withheld(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nl.export, "_picture", lambda drawing: b"picture")
    manifest, _ = bundled(["TLP:GREEN"] * 12 + ["TLP:RED"] * 2, tmp_path / "a", recipient="public")
    found = manifest["withheld"]["by_handling"]
    assert found["in_all"] == {"relationships": 14, "entities": 14}
    assert found["relationships"] == {"TLP:GREEN": None, "TLP:RED": None}
    manifest, page = bundled(["TLP:RED"] * 2, tmp_path / "b", html=True, recipient="public")
    assert manifest["withheld"]["by_handling"]["in_all"] == {
        **{"relationships": None, "entities": None}
    }
    assert "fewer than 11 relationships and fewer than 11 entities" in page
    assert {row["rows"] for row in manifest["input"]["ledger"]} == {None}
    assert "not told" in page


def ledger_of(*rows: tuple[str, str, int]) -> pd.DataFrame:
    table = pd.DataFrame(rows, columns=["outcome", "detail", "rows"])
    return table.assign(table="entities")[["table", "outcome", "detail", "rows"]]


def test_the_rows_of_the_ledger_give_no_small_count_away() -> None:
    to = nl.export.Policy(recipient="partners")
    plain = ledger_of(("read", "", 120), ("used", "person", 120))
    assert suppression.ledger(plain, to) == [120, 120]
    one = ledger_of(("read", "", 123), ("used", "person", 120), ("set aside", "twice", 3))
    assert suppression.ledger(one, to) == [None, 120, None]  # read less used would tell
    two = ledger_of(
        *[("read", "", 140), ("used", "person", 90), ("used", "phone", 30), ("used", "car", 2)],
        *[("set aside", "twice", 3), ("set aside", "blank", 15), ("repeated", "alike", 4)],
    )
    assert suppression.ledger(two, to) == [140, 90, None, None, None, None, None]
    assert suppression.ledger(two, nl.export.Policy()) == two["rows"].tolist()
    assert suppression.ledger(two, nl.export.Policy(recipient="named", k=1)) == two["rows"].tolist()


def test_the_report_counts_before_anything_is_written() -> None:
    case = nl.cases.build(nl.datasets.florentine_families(), around=["Medici"])
    found = nl.export.singled_out(case, policy=nl.export.Policy(strict=True))
    assert found.name == "singled_out"
    assert found.max() > 0
    with pytest.raises(ExportError, match=f"single out {found.max()} pseudonyms"):
        redaction.publish(case, nl.export.Policy(strict=True))
    with pytest.raises(ArgumentError, match="'case' must be what"):
        nl.export.singled_out("case")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="'k' must be a positive integer"):
        nl.export.Policy(recipient="public", k=0)
