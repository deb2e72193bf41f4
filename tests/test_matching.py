"""Keys beside what was recorded, and doubles that are reported and never joined."""

from __future__ import annotations

import sys
import unicodedata
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networks import shuffled

import netlink as nl
from netlink.matching import letters


def network(*rows: tuple[Any, ...], same: tuple[tuple[str, str], ...] = ()) -> nl.Network:
    entities = pd.DataFrame(rows, columns=["entity_id", "entity_type", "label"])
    ends = [*same] or [(rows[0][0], rows[0][0])]
    ties = pd.DataFrame(ends, columns=["source", "target"])
    ties["relationship_type"] = "same_as" if same else "related_to"
    return nl.read_tables(entities, ties)


def key(kind: str, text: str | None, *, name: str = "x", **options: Any) -> Any:
    found = nl.matching.keys(network((name, kind, text)), **options)
    assert found.index.tolist() == [name]
    return None if found["key"].isna().item() else found["key"].item()


# Keys


@pytest.mark.parametrize(
    ("text", "region", "wanted"),
    [
        # Numbers reserved for drama by Ofcom, and E.164 examples.
        ("+44 20 7946 0123", None, "+442079460123"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("(020) 7946-0123", "GB", "+442079460123"),
        ("0044 20 7946 0123", "GB", "+442079460123"),
        ("020 7946 0123", None, None),
        ("+49 (0)30 901820", None, "+4930901820"),
        ("020 7946 0123 ext. 7", "GB", "+442079460123;ext=7"),
        ("12", "GB", None),
        ("not known", "GB", None),
        ("call 020 7946 0123", "GB", "+442079460123"),
        ("020.7946.0123", "GB", "+442079460123"),
        # None of these is the number whose digits they have.
        ("2079460123.0", "GB", None),
        ("4.42079460123E+11", "GB", None),
        ("020 7946 0123/24", "GB", None),
        ("020 7946 0123 / 020 7946 0124", "GB", None),
        ("020 7946 012 Ann", "GB", None),
    ],
)
def test_phones_in_e164(text: str, region: str | None, wanted: str | None) -> None:
    assert key("phone", text, region=region) == wanted
    assert key("phone", None, name=text, region=region) == wanted


def test_a_region_must_be_one() -> None:
    for region in ("gb", "England", "", 44):
        with pytest.raises(nl.errors.ArgumentError, match="'region' must be two letters"):
            key("person", "x", region=region)


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("vehicle", "ab-12 cde", "AB12CDE"),
        ("vehicle", "\uff21\uff22 12", "AB12"),
        ("online_account", " Ann@Example.org ", "ann@example.org"),
        ("online_account", "Ann_99", "ann_99"),
        ("person", "  Ann\u00a0 STRASSE\t", "ann strasse"),
        ("person", "Ann Stra\u00dfe", "ann strasse"),
        ("person", unicodedata.normalize("NFD", "J\u00d3SE"), "j\u00f3se"),
        ("person", "  ", None),
        ("person", None, None),
        ("organisation", "NULL", "null"),
    ],
)
def test_keys_of_other_things(kind: str, text: str | None, wanted: str | None) -> None:
    assert key(kind, text) == wanted


def test_the_kind_says_what_a_key_is() -> None:
    found = nl.matching.keys(
        network(
            ("a", "person", "A"),
            ("b", "online_account", "a@example.org"),
            ("c", "online_account", "A"),
            ("d", "vehicle", "A"),
            ("e", "phone", None),
        )
    )
    assert found["kind"].tolist() == ["name", "email", "name", "plate", "phone"]
    assert found.columns.tolist() == ["kind", "key"]


def test_without_phones_nothing_is_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    assert key("person", "Ann") == "ann"
    with pytest.raises(nl.errors.MissingDependencyError, match=r"netlink-analysis\[phones\]"):
        key("phone", "+44 20 7946 0123")


@given(st.text(max_size=12))
@settings(max_examples=150, deadline=None)
def test_folding_again_changes_nothing(text: str) -> None:
    once = letters.folded(text)
    assert letters.folded(once) == once
    assert letters.folded(unicodedata.normalize("NFD", text)) == once
    assert letters.folded(f" {text}\n") == once


# Doubles


def found(*rows: tuple[Any, ...], **options: Any) -> list[tuple[int, str, str, str]]:
    same = options.pop("same", ())
    table = nl.matching.doubles(network(*rows, same=same), **options)
    assert table.columns.tolist() == ["group", "entity_id", "entity_type", "column", "reason"]
    return list(
        table[["group", "entity_id", "column", "reason"]].itertuples(index=False, name=None)
    )


def test_what_shares_a_key_is_listed() -> None:
    assert found(
        ("p1", "person", "Ann Example"),
        ("p2", "person", "ann  example"),
        ("p3", "person", "Bob Example"),
        ("o1", "organisation", "Ann Example"),  # another type
        ("t1", "phone", "020 7946 0123"),
        ("t2", "phone", "+44 20 7946 0123"),
        region="GB",
    ) == [
        (0, "p1", "label", "same name"),
        (0, "p2", "label", "same name"),
        (1, "t1", "label", "same number"),
        (1, "t2", "label", "same number"),
    ]


CYRILLIC = "\u0410nn"  # its first letter is Cyrillic


@pytest.mark.parametrize(
    ("text", "twin", "reason"),
    [
        ("Ann\u200b", "Ann", "zero-width characters"),
        ("\u202eAnn\u202c", "Ann", "bidirectional controls"),
        ("Ann\u00a0B", "Ann B", "no-break or unusual spaces"),
        (CYRILLIC, "Ann", "mixed scripts"),
        ("\uff21nn", "Ann", "letters in a form for display"),
        (unicodedata.normalize("NFD", "Jos\u00e9"), "Jos\u00e9", "not in composed form (NFC)"),
        ("An\x00n", "Ann", "control characters"),
    ],
)
def test_what_a_reader_does_not_see(text: str, twin: str, reason: str) -> None:
    for rows, column in (
        ([("p1", "person", twin), ("p2", "person", text)], "label"),
        ([(twin, "person", None), (text, "person", None)], "entity_id"),
    ):
        listed = found(*rows)
        assert {group for group, *_ in listed} == {0}
        odd, plain = (next(r for r in listed if r[1] == rows[at][0]) for at in (1, 0))
        assert odd[2] == plain[2] == column
        assert odd[3].endswith(f"; {reason}")
        assert ";" not in plain[3]
    alone = found(("p1", "person", text), ("p2", "person", "Zoe"))
    assert alone == [(0, "p1", "label", reason)]


def test_ordinary_texts_are_not_odd() -> None:
    names = ["Anna-Maria O'Neill", "J\u00f3zef", "\u0418\u0432\u0430\u043d", "\u674e\u96f7"]
    names += ["\u0391\u03bd\u03bd\u03b1", "M\u00fcller 2", "\u0641\u0627\u0637\u0645\u0629"]
    assert found(*[(f"p{at}", "person", name) for at, name in enumerate(names)]) == []


def test_what_is_joined_already_is_no_double() -> None:
    rows = [("p1", "person", "Ann"), ("p2", "person", "ann"), ("p3", "person", "ANN")]
    assert found(*rows[:2], same=(("p1", "p2"),)) == []
    assert len(found(*rows, same=(("p1", "p2"),))) == 3


def test_nothing_is_joined_and_nothing_shown() -> None:
    before = network(("p1", "person", "Canary Zebedee"), ("p2", "person", "canary zebedee"))
    table = nl.matching.doubles(before)
    assert before.n_entities == 2
    assert "zebedee" not in table.to_string().lower()


def test_the_order_of_rows_does_not_show() -> None:
    made_up = nl.datasets.synthetic_case(seed=2, size=150)
    whole = nl.read_tables(made_up.entities, made_up.relationships, schema=made_up.schema)
    one, other = (nl.matching.doubles(n, region="GB") for n in (whole, shuffled(whole, 3)))
    pd.testing.assert_frame_equal(one, other)
    assert (one.groupby("group")["entity_type"].nunique() == 1).all()


def test_no_entities() -> None:
    empty = network(("p1", "person", "Ann")).where(entity_types=["phone"])
    assert nl.matching.doubles(empty).empty
    assert nl.matching.keys(empty).empty
