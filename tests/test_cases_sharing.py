"""Deconfliction: what two cases share, found with the records at hand or by tokens alone."""

from __future__ import annotations

import hmac
import json
from functools import lru_cache
from typing import Any

import pandas as pd
import pytest

import netlink as nl
from netlink.errors import ArgumentError

KEY = bytes(range(32))
PURPOSE = "joint action"


def case_of(
    entities: list[tuple[str, str, str | None, str]], ties: list[tuple[str, str]]
) -> nl.cases.Case:
    columns = ["entity_id", "entity_type", "label", "protection_status"]
    rows = pd.DataFrame(ties, columns=["source", "target"]).assign(relationship_type="uses")
    network = nl.read_tables(pd.DataFrame(entities, columns=columns), rows)
    return nl.cases.build(network, around=[entities[0][0]], hops=3)


@lru_cache
def two_cases() -> tuple[nl.cases.Case, nl.cases.Case]:
    a = case_of(
        [
            ("p1", "person", "Ana", "none"),
            ("x", "person", "Ben", "none"),
            ("t1", "phone", "+44 20 7946 0123", "none"),
            ("v1", "vehicle", "ab-12 cde", "none"),
            ("m1", "online_account", "Ana@Example.org", "none"),
            ("canary", "person", "Vera", "identified_victim"),
            ("t9", "phone", "+44 20 7946 0999", "none"),
        ],
        [("p1", name) for name in ("t1", "t1", "v1", "m1")]
        + [("x", "t1"), ("canary", "t9"), ("canary", "t1")],
    )
    b = case_of(
        [
            ("q1", "person", "Ana", "none"),  # a namesake is no match
            ("x", "person", "Benjamin", "none"),
            ("p1", "organisation", None, "none"),  # another type under the same id is none either
            ("phone7", "phone", "020 7946 0123", "none"),
            ("car", "vehicle", "AB12CDE", "none"),
            ("mail", "online_account", "ana@example.org", "none"),
            ("canary", "person", "Vera", "none"),
            ("phone9", "phone", "0044 20 7946 0999", "none"),
        ],
        [(name, "phone7") for name in ("q1", "x", "p1", "canary")]
        + [("q1", "car"), ("q1", "mail"), ("canary", "phone9")],
    )
    return a, b


def test_shared_people_and_objects_are_found_however_they_are_written() -> None:
    found = nl.cases.deconflict(*two_cases(), region="GB")
    rows = {(r.entity_id_a, r.entity_id_b, r.entity_type, r.by) for r in found.itertuples()}
    assert rows == {
        ("x", "x", "person", "id"),
        ("canary", "canary", "person", "id"),
        ("t1", "phone7", "phone", "phone"),
        ("t9", "phone9", "phone", "phone"),
        ("v1", "car", "vehicle", "plate"),
        ("m1", "mail", "online_account", "email"),
    }
    phone = found.set_index("entity_id_a").loc["t1"]
    assert (phone["n_relationships_a"], phone["n_relationships_b"]) == (4, 4)
    is_protected = found.set_index("entity_id_a")["is_protected"]
    assert is_protected[is_protected].index.tolist() == ["canary"]  # protected in one of the two


def test_the_other_way_round_it_is_the_same() -> None:
    a, b = two_cases()
    one, other = (nl.cases.deconflict(*pair, region="GB") for pair in ((a, b), (b, a)))
    turned = other.rename(columns=lambda name: name.translate(str.maketrans("ab", "ba")))
    assert len(turned) == len(one)
    pairs = set(zip(other["entity_id_b"], other["entity_id_a"], strict=True))
    assert pairs == set(zip(one["entity_id_a"], one["entity_id_b"], strict=True))


@pytest.mark.parametrize("include_protected", [True, False])
def test_tokens_meet_where_the_cases_do(include_protected: bool) -> None:
    a, b = two_cases()
    given: dict[str, Any] = {"key": KEY, "purpose": PURPOSE, "region": "GB"}
    given["include_protected"] = include_protected
    ours, theirs = nl.cases.tokens(a, **given), nl.cases.tokens(b, **given)
    assert ours.columns.tolist() == ["token", "entity_type", "by"]
    shared = ours.merge(theirs)
    at_home = nl.cases.holders(a, shared, **given)
    wanted = nl.cases.deconflict(a, b, region="GB")
    if not include_protected:  # the victim, and the phone that only the victim uses
        wanted = wanted[~wanted["entity_id_a"].isin(["canary", "t9"])]
    columns = ["entity_type", "by", "n_relationships"]
    got = at_home.set_index("entity_id")[columns].sort_index()
    named = wanted.rename(columns={"n_relationships_a": "n_relationships"})
    expected = named.set_index("entity_id_a")[columns].sort_index().rename_axis("entity_id")
    pd.testing.assert_frame_equal(got, expected)


def test_tokens_hold_nothing_recorded_and_follow_key_purpose_and_type() -> None:
    a, _ = two_cases()
    table = nl.cases.tokens(a, key=KEY, purpose=PURPOSE, region="GB", include_protected=True)
    assert len(table) == a.network.n_entities + 4  # two phones, a plate, an address
    assert table["token"].is_unique
    assert table["token"].is_monotonic_increasing
    written = table.to_csv()
    texts = [*a.network.entities.index, *a.network.entities["label"]]
    assert not any(text in written for text in texts if len(text) > 3)
    for other in ({"key": KEY[::-1]}, {"purpose": "another"}):
        given: dict[str, Any] = {"key": KEY, "purpose": PURPOSE, "region": "GB"} | other
        assert not nl.cases.tokens(a, **given)["token"].isin(table["token"]).any()
    about = json.dumps(["netlink deconfliction", PURPOSE, "vehicle", "plate"]).encode()
    own = hmac.digest(KEY, about, "sha256")
    plate = table.loc[table["by"] == "plate", "token"].tolist()
    assert plate == [hmac.digest(own, b"AB12CDE", "sha256").hex()]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"key": b"short"}, "'key' must be at least 16 bytes"),
        ({"key": "x" * 32}, "'key' must be at least 16 bytes"),
        ({"purpose": " "}, "'purpose' must say what the comparison is for"),
        ({"include_protected": 1}, "'include_protected' must be True or False"),
    ],
)
def test_bad_arguments(arguments: dict[str, Any], message: str) -> None:
    a, _ = two_cases()
    with pytest.raises(ArgumentError, match=message):
        nl.cases.tokens(a, **({"key": KEY, "purpose": PURPOSE} | arguments))
    with pytest.raises(ArgumentError, match="'b' must be what"):
        nl.cases.deconflict(a, a.network)  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="'found' must be a table with a column 'token'"):
        nl.cases.holders(a, pd.DataFrame(), key=KEY, purpose=PURPOSE)
