"""Tables of pairs against sums written out pair by pair."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

import netlink as nl
from netlink.roles import acts
from netlink.roles.contrast import Reading
from netlink.roles.harm import signs
from netlink.roles.parts import remembering, without
from netlink.roles.patterns import Pairs, collect
from netlink.roles.records import Records
from netlink.roles.tables import table_of

if TYPE_CHECKING:
    from collections.abc import Iterable

N = 12
ROLES = list(nl.vocabulary.default().roles)
BOUNDS = (0.01, 0.4)


def drawn(seed: int, units: bool) -> tuple[Pairs, np.ndarray[Any, Any]]:
    rng = np.random.default_rng(seed)
    table = pd.DataFrame({"a": rng.integers(0, N - 2, 40), "b": rng.integers(0, N, 40)})
    table["unit"] = rng.integers(0, 4, 40) if units else 0
    table = table[table["a"] != table["b"]].drop_duplicates()
    table = table.sort_values(["a", "unit", "b"]) if units else table.sort_values(["a", "b"])
    unit = table.groupby(["a", "unit"]).ngroup().to_numpy(np.int64) if units else None
    fit = np.ones(len(table)) if units else rng.choice([0.0, 0.5, 1.0], len(table))
    pairs = Pairs(table["a"].to_numpy(), table["b"].to_numpy(), fit, unit, table.iloc[:0])
    return pairs, rng.random(N)


def by_hand(pairs: Pairs, like: Any) -> tuple[list[float], list[float], float]:
    """What fits and how much there is of each person, and the share of everybody's that fits."""
    fitting, total, top = [], [], 0.0
    for person in range(N):
        own = [i for i in range(len(pairs.a)) if pairs.a[i] == person]
        unit = pairs.b if pairs.unit is None else pairs.unit
        best = {
            u: max(pairs.fit[i] * like[pairs.b[i]] for i in own if unit[i] == u)
            for u in {int(unit[i]) for i in own}
        }
        each = {
            b: max(pairs.fit[i] * like[b] for i in own if pairs.b[i] == b)
            for b in {int(pairs.b[i]) for i in own}
        }
        fitting.append(min(sum(best.values()), sum(each.values())))
        total.append(float(len(best)))
        top += sum(best.values())
    return fitting, total, float(np.clip(top / max(sum(total), 1.0), *BOUNDS))


@pytest.mark.parametrize("units", [False, True])
@pytest.mark.parametrize("seed", range(5))
def test_a_reading_is_what_adding_up_by_hand_gives(seed: int, units: bool) -> None:
    pairs, like = drawn(seed, units)
    if seed == 4:  # as a draw of records for a rank interval leaves them
        pairs = pairs.only(np.random.default_rng(seed).random(len(pairs.a)) < 0.6)
    read = Reading(table_of(pairs, N), like, 0.3, BOUNDS)
    fitting, total, rate = by_hand(pairs, like)
    found = read.of_everybody()
    np.testing.assert_allclose(found.fitting, fitting, atol=1e-12)
    np.testing.assert_array_equal(found.total, total)
    assert found.rate == pytest.approx(rate)
    assert (found.nats > 0).tolist() == [
        n > 0 and k / n > rate + 1e-9 for k, n in zip(fitting, total, strict=True)
    ]
    near = np.zeros(N)
    near[read.table.people] = read.nearest
    for person in range(N):
        own = (pairs.a == person) & (pairs.fit > 0)
        most = max((pairs.fit * (like[pairs.b] - 0.3) / 0.7)[own], default=0.0)
        assert near[person] == pytest.approx(max(most, 0.0))


@pytest.mark.parametrize("units", [False, True])
def test_a_victim_is_shared_out_among_those_who_fit(units: bool) -> None:
    pairs, victim = drawn(7, units)
    propensity = np.random.default_rng(1).random(N)
    read = Reading(table_of(pairs, N), victim, 0.0, BOUNDS)
    found = np.zeros(N)
    found[read.table.people] = read.explained(victim, propensity, 0.1)
    fit = np.zeros((N, N))
    once = np.zeros((N, N))
    np.maximum.at(fit, (pairs.a, pairs.b), pairs.fit)
    once[pairs.a, pairs.b] = 1.0
    weight = fit * propensity[:, None]
    share = victim * weight / (weight.sum(axis=0) + 0.1)
    wanted = share.sum(axis=1) - share.sum() / once.sum() * once.sum(axis=1)
    np.testing.assert_allclose(found, np.maximum(wanted, 0.0), atol=1e-9)


def test_records_left_out_are_as_if_never_read() -> None:
    case = nl.datasets.synthetic_case(seed=4, size=150)
    network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    found = nl.roles.assess(network)
    rows = np.random.default_rng(0).choice(network.n_relationships, 300, replace=False)
    rows = rows[found.records.kinds[rows] != "same_as"]
    whole = remembering(found.records)
    nl.roles.inference.infer(whole, found.model, ROLES)
    part = nl.roles.inference.infer(without(whole, rows), found.model, ROLES)
    kept = ~network.relationships.index.isin(found.records.ids_of(rows))
    other = nl.roles.assess(network._part(np.ones(network.n_entities, dtype=bool), kept))
    for role in ROLES:
        np.testing.assert_array_equal(part.score[role], other.inference.score[role])
    assert (part.victim != found.inference.victim).any()


@dataclass(frozen=True)
class Fewer(Records):
    """Records less some, all of it made anew."""

    left_out: tuple[int, ...]

    def rows(self, kinds: Iterable[str]) -> np.ndarray[Any, Any]:
        found = super().rows(kinds)
        return found[~np.isin(found, self.left_out)]


@pytest.mark.slow
def test_what_is_taken_over_is_what_would_be_made_anew() -> None:
    """A record of each type at a time, some together, holdings among them."""
    case = nl.datasets.synthetic_case(seed=4, size=150)
    network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    found = nl.roles.assess(network)
    model, whole = found.model, remembering(found.records)
    nl.roles.inference.infer(whole, model, ROLES)
    rng = np.random.default_rng(1)
    by_kind = pd.Series(found.records.kinds).groupby(found.records.kinds).indices
    by_kind.pop("same_as", None)
    left_out = [rng.choice(rows, 1) for rows in by_kind.values()]
    left_out.append(np.concatenate(left_out))
    for rows in left_out:
        part, anew = without(whole, rows), Fewer(network, tuple(rows.tolist()))
        one, other = (signs(records, model) for records in (part, anew))
        np.testing.assert_array_equal(one.total, other.total)
        stated, wanted = acts.by_role(part, model, ROLES), acts.by_role(anew, model, ROLES)
        for role in ROLES:
            pd.testing.assert_frame_equal(stated[role].rows, wanted[role].rows)
        pairs, again = collect(part, model), collect(anew, model)
        for name, table in again.items():
            for column in ("a", "b", "fit", "unit"):
                np.testing.assert_array_equal(
                    getattr(pairs[name], column), getattr(table, column), err_msg=name
                )
            pd.testing.assert_frame_equal(pairs[name].records, table.records)
