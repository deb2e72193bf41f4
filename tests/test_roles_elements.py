"""Act, means and purpose: which elements have records, of what worth, and which have none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from networks import shuffled
from test_roles import built

import netlink as nl

FORMS = {  # Palermo Protocol, Article 3(a)
    "act": ["recruitment", "transportation", "transfer", "harbouring", "receipt"],
    "means": [
        "threat or use of force",
        "coercion",
        "abduction",
        "fraud",
        "deception",
        "abuse of power or of a position of vulnerability",
        "payments or benefits to a person in control",
    ],
    "purpose": ["exploitation"],
}


def told(status: dict[str, str] | None = None) -> nl.Network:
    rows = [
        ("r", "recruited", "v"),
        ("r", "recruited", "v"),
        ("r", "recruited", "w"),
        ("r", "deceived", "v"),
        ("t", "transported", "v"),
        ("x", "exploited", "w"),
    ]
    return built(
        rows,
        status=status,
        document=["d1", "d1", "d2", None, "d3", None],
        grade=["C3", "A1", "B2", "D4", None, "B2"],
    )


def test_the_forms_are_those_of_article_3() -> None:
    table = nl.roles.elements(told())
    assert {k: part["form"].tolist() for k, part in table.groupby("element")} == FORMS


def test_records_are_counted_by_source_and_graded_by_their_best() -> None:
    table = nl.roles.elements(told()).set_index("form")
    recruited = table.loc["recruitment"]
    assert (recruited["sources"], len(recruited["relationship_ids"])) == (2, 3)
    assert (recruited["grade"], recruited["documents"]) == ("A1", ["d1", "d2"])
    assert recruited["confidence"] == pytest.approx(0.98 * 0.98)
    assert (recruited["n_people"], recruited["n_children"], recruited["state"]) == (
        2,
        0,
        "recorded",
    )
    assert table.at["deception", "state"] == "doubtful"  # D4: 0.5 * 0.35
    assert (table.at["deception", "sources"], table.at["deception", "documents"]) == (1, [])
    assert np.isnan(table.at["transportation", "confidence"])
    assert "None is graded" in table.at["transportation", "words"]
    missing = table[table["state"] == "missing"]
    assert missing.index.tolist() == [
        form
        for forms in FORMS.values()
        for form in forms
        if form not in {"recruitment", "transportation", "deception", "exploitation"}
    ]
    assert missing["relationship_ids"].map(len).sum() == missing["sources"].sum() == 0


def test_of_a_person_only_own_acts_count() -> None:
    network = told()
    found = nl.roles.assess(network)
    table = found.elements("t").set_index("form")
    assert table.index[table["state"] != "missing"].tolist() == ["transportation"]
    pd.testing.assert_frame_equal(found.elements("r"), nl.roles.elements(network, people="r"))
    both = found.elements(["x", "t"])
    assert both.loc[both["state"] == "recorded", "form"].tolist() == [
        "transportation",
        "exploitation",
    ]


def test_a_child_needs_no_means_by_palermo_and_not_always_by_the_tvpa() -> None:
    children = told({"v": "child", "w": "child"})
    table = nl.roles.elements(children)
    means = table[table["element"] == "means"].set_index("form")
    assert means.at["deception", "state"] == "doubtful"
    assert set(means.drop(index="deception")["state"]) == {"not required"}
    assert means["words"].str.contains("2 of the 2 acted on are recorded as children").all()
    assert "not required" not in set(table.loc[table["element"] != "means", "state"])
    one = nl.roles.elements(told({"v": "child"}))
    assert "not required" not in set(one["state"])
    assert one["words"].str.contains("1 of the 2 acted on").sum() == 7
    american = nl.roles.elements(children, law="tvpa")
    assert "not required" not in set(american["state"])
    said = american.loc[american["element"] == "means", "words"]
    assert said.str.contains("where the purpose is a commercial sex act").all()


def test_the_tvpa_reads_the_same_records_in_its_own_words() -> None:
    table = nl.roles.elements(told(), law="tvpa")
    assert table.loc[table["element"] == "means", "form"].tolist() == ["force", "fraud", "coercion"]
    acts = table[table["element"] == "act"].set_index("form")["relationship_ids"]
    palermo = nl.roles.elements(told()).set_index("form")["relationship_ids"]
    assert acts["recruitment"] == palermo["recruitment"]
    assert acts["harboring"] == palermo["harbouring"]
    fraud = table.set_index("form").at["fraud", "relationship_ids"]
    assert fraud == palermo["deception"]


def test_every_term_of_the_vocabulary_has_its_place_in_both_laws() -> None:
    kinds = nl.vocabulary.default().relationship_types
    rows = [("a", w, "b") for w, k in kinds.items() if k.act or k.means or k.purpose]
    for law, n_forms in (("palermo", 13), ("tvpa", 9)):
        table = nl.roles.elements(built(rows), law=law)  # type: ignore[arg-type]
        assert len(table) == n_forms
        assert table["relationship_ids"].map(len).sum() == len(rows)


def test_a_term_of_your_own_is_not_lost() -> None:
    words = nl.vocabulary.on_default(
        {
            "relationship_types": {
                "starved": {
                    "directed": True,
                    "source_types": ["person"],
                    "target_types": ["person"],
                    "group": "act",
                    "means": "deprivation",
                }
            }
        }
    )
    table = nl.roles.elements(built([("a", "starved", "b")], vocabulary=words))
    assert table.loc[table["form"] == "deprivation", ["element", "state"]].to_numpy().tolist() == [
        ["means", "recorded"]
    ]


def test_the_order_of_the_rows_says_nothing() -> None:
    network = told({"v": "child"})
    table = nl.roles.elements(shuffled(network, seed=1))
    columns = ["element", "form", "state", "sources", "grade", "n_people", "n_children", "words"]
    pd.testing.assert_frame_equal(table[columns], nl.roles.elements(network)[columns])


def test_what_cannot_be_asked() -> None:
    network = built([("a", "uses", "t", None)], types={"t": "phone"})
    with pytest.raises(nl.errors.ArgumentError, match="1 are not"):
        nl.roles.elements(network, people=["a", "t"])
    with pytest.raises(nl.errors.UnknownEntityError):
        nl.roles.elements(network, people="SECRET-NAME")
    with pytest.raises(nl.errors.ArgumentError, match="'law' must be one of"):
        nl.roles.elements(network, law="palmero")  # type: ignore[arg-type]
