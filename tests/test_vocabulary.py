"""The vocabulary: the words that are fixed, what they mean, and words of one's own."""

from __future__ import annotations

import copy
import pickle
from dataclasses import FrozenInstanceError
from typing import TYPE_CHECKING

import pytest

from netlink import vocabulary
from netlink.errors import SchemaError

if TYPE_CHECKING:
    from pathlib import Path

ENTITY_TYPES = {
    "person", "organisation", "phone", "account", "online_account", "vehicle", "location",
    "document", "advert", "event", "device",
}  # fmt: skip
ROLES = {"recruiter", "transporter", "harbourer", "exploiter", "financier"}
PROTECTION_STATUSES = {
    "identified_victim": True,
    "potential_victim": True,
    "child": True,
    "witness": True,
    "none": False,
    "unknown": False,
}
GROUPS = {
    "act": ["recruited", "transported", "transferred", "harboured", "received", "exploited",
            "controlled", "threatened", "deceived"],
    "contact": ["communicated", "met", "knows", "family", "works_with", "associate_of"],
    "movement": ["travelled_with", "booked_travel_for", "seen_at", "crossed_border_at"],
    "place": ["resides_at", "stayed_at"],
    "holding": ["uses", "owns", "member_of", "employed_by"],
    "money": ["paid"],
    "adverts": ["listed_in", "advertised_in"],
    "case": ["suspect_in", "victim_in", "witness_in", "involved_in"],
    "identity": ["same_as"],
}  # fmt: skip
UNDIRECTED = {
    "met", "knows", "family", "works_with", "associate_of", "travelled_with", "same_as", "shares",
    "related_to",
}  # fmt: skip
# Palermo Protocol, Article 3(a): each act, means and purpose that a record can speak of.
ACTS = {
    "recruited": "recruitment",
    "transported": "transportation",
    "transferred": "transfer",
    "harboured": "harbouring",
    "received": "receipt",
}
MEANS = {"controlled": "coercion", "threatened": "threat or use of force", "deceived": "deception"}
# source and information parts of reference/methods.md, "Grades of intelligence".
GRADES = {"admiralty": ("ABCDEF", "123456"), "5x5x5": ("ABCDE", "12345"), "3x5x2": ("123", "ABCDE")}

WORDS = vocabulary.default()


# The words


def test_the_fixed_words_are_there() -> None:
    assert set(WORDS.entity_types) == ENTITY_TYPES | {"unknown"}
    assert set(WORDS.roles) >= ROLES
    found = {name: status.is_protected for name, status in WORDS.protection_statuses.items()}
    assert found == PROTECTION_STATUSES
    assert set(WORDS.grades) == set(GRADES)


@pytest.mark.parametrize("group", GROUPS)
def test_every_group_has_its_types(group: str) -> None:
    found = {name for name, kind in WORDS.relationship_types.items() if kind.group == group}
    assert found >= set(GROUPS[group])


def test_no_type_stands_outside_the_groups() -> None:
    found = {kind.group for kind in WORDS.relationship_types.values()}
    assert found == {*GROUPS, "derived", "other"}


def test_direction_belongs_to_the_type() -> None:
    found = {name for name, kind in WORDS.relationship_types.items() if not kind.directed}
    assert found == UNDIRECTED


def test_an_undirected_type_has_the_same_ends() -> None:
    for name in UNDIRECTED:
        kind = WORDS.relationship_types[name]
        assert kind.source_types == kind.target_types


def test_records_say_what_the_protocol_says() -> None:
    kinds = WORDS.relationship_types
    assert {name: kind.act for name, kind in kinds.items() if kind.act} == ACTS
    assert {name: kind.means for name, kind in kinds.items() if kind.means} == MEANS
    assert {n: k.purpose for n, k in kinds.items() if k.purpose} == {"exploited": "exploitation"}


def test_acts_are_done_to_a_person() -> None:
    for name in GROUPS["act"]:
        kind = WORDS.relationship_types[name]
        assert kind.target_types == ("person",)
        assert "person" in kind.source_types


def test_people_are_no_objects_and_roles_name_acts() -> None:
    objects = {name for name, kind in WORDS.entity_types.items() if kind.is_object}
    assert objects == ENTITY_TYPES - {"person"}
    for role in WORDS.roles.values():
        assert set(role.acts) <= set(GROUPS["act"])


# Grades


@pytest.mark.parametrize("name", GRADES)
def test_every_grade_of_a_scheme_is_a_probability(name: str) -> None:
    sources, informations = GRADES[name]
    scheme = WORDS.grades[name]
    for source in sources:
        for information in informations:
            found = scheme.confidence(source + information)
            assert found is not None
            assert 0 < found < 1
    assert scheme.confidence(f" {sources[0]}{informations[0]} ".lower()) is not None


@pytest.mark.parametrize(
    ("name", "grade"),
    [
        ("admiralty", "G1"), ("admiralty", "A7"), ("admiralty", "A"), ("admiralty", ""),
        ("admiralty", "A1P"), ("5x5x5", "F1"), ("5x5x5", "A6"), ("3x5x2", "B2"), ("3x5x2", "4A"),
    ],
)  # fmt: skip
def test_a_grade_of_another_scheme_has_no_probability(name: str, grade: str) -> None:
    assert WORDS.grades[name].confidence(grade) is None


def test_e_is_unreliable_in_one_scheme_and_untested_in_another() -> None:
    admiralty, five = WORDS.grades["admiralty"], WORDS.grades["5x5x5"]
    assert min(admiralty.source, key=admiralty.source.__getitem__) == "E"
    assert min(five.source, key=five.source.__getitem__) == "D"
    assert admiralty.source["E"] < five.source["E"]
    assert admiralty.confidence("E1") != five.confidence("E1")


def test_a_better_grade_is_a_higher_probability() -> None:
    ranked = {
        "admiralty": ("ABCDE", "12345"),  # F and 6: cannot be judged
        "5x5x5": ("ABCD", "1235"),  # E: untested; 4: cannot be judged
        "3x5x2": ("123", "ABCE"),  # D: not known
    }
    for name, parts in ranked.items():
        scheme = WORDS.grades[name]
        for values, letters in zip((scheme.source, scheme.information), parts, strict=True):
            found = [values[letter] for letter in letters]
            assert found == sorted(found, reverse=True)


def test_handling_after_the_grade_is_read_past() -> None:
    assert WORDS.grades["5x5x5"].confidence("B24") == WORDS.grades["5x5x5"].confidence("B2")
    assert WORDS.grades["3x5x2"].confidence("1A-P") == WORDS.grades["3x5x2"].confidence("1A")


# Nobody changes the words of everybody


def test_the_default_is_one_and_read_only() -> None:
    assert vocabulary.default() is WORDS
    with pytest.raises(FrozenInstanceError):
        WORDS.roles = {}  # type: ignore[misc]
    for mapping in (WORDS.roles, WORDS.grades["admiralty"].source):
        with pytest.raises(TypeError):
            mapping["A"] = 1  # type: ignore[index]


def test_a_vocabulary_survives_a_pickle_and_a_copy() -> None:
    assert pickle.loads(pickle.dumps(WORDS)) == copy.deepcopy(WORDS) == WORDS


# Words of one's own

LENT = """
[relationship_types.lent_to]
directed = true
group = "money"
source_types = ["person"]
target_types = ["person", "hotel"]
[entity_types.hotel]
label = "Hotel"
is_object = true
[roles.forger]
label = "Forger"
acts = ["lent_to"]
[protection_statuses.relative]
label = "Relative of a victim"
is_protected = true
[grades.local]
pattern = "(?P<source>[XY])(?P<information>[12])"
source = {X = 0.9, Y = 0.5}
information = {1 = 0.8}
[entity_types.phone]
label = "Handset"
"""


def written(folder: Path, text: str | bytes) -> Path:
    file = folder / "words.toml"
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_words_of_ones_own_stand_on_top(tmp_path: Path) -> None:
    found = vocabulary.load(str(written(tmp_path, LENT)))
    assert found.relationship_types["lent_to"].target_types == ("person", "hotel")
    assert found.entity_types["hotel"].is_object
    assert found.entity_types["phone"] == vocabulary.EntityType(label="Handset")
    assert found.roles["forger"].acts == ("lent_to",)
    assert found.protection_statuses["relative"].is_protected
    assert found.grades["local"].confidence("x1") == pytest.approx(0.72)
    assert found.grades["local"].confidence("X2") is None
    assert found.relationship_types["recruited"] == WORDS.relationship_types["recruited"]
    assert "lent_to" not in WORDS.relationship_types


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[roles", "not valid TOML"),
        (b"[roles.x]\nlabel = '\xff'", "not valid TOML"),
        ("[role.x]\nlabel = 'X'", "got 'role'. Did you mean 'roles'"),
        ("roles = 3", r"\[roles\] must hold tables"),
        ("[roles]\nx = 3", r"\[roles.x\] must be a table of fields"),
        ("[roles.x]\nlable = 'X'", r"\[roles.x\] has no field 'lable'. Did you mean 'label'"),
        ("[roles.x]", r"\[roles.x\] lacks the fields \['label'\]"),
        ("[roles.x]\nlabel = 'X'\nacts = ['recruted']", "Did you mean 'recruited'"),
        (LENT.replace('"hotel"]', '"hottel"]'), "'hottel', .*Did you mean 'hotel'"),
        (LENT.replace("directed = true", "directed = 'no'"), "directed = true or false"),
        (LENT.replace("(?P<source>", "("), "named groups 'source' and 'information'"),
        (LENT.replace("[12])", "[12"), "named groups 'source' and 'information'"),
    ],
)
def test_what_is_wrong_in_the_file_is_said(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SchemaError, match=message):
        vocabulary.load(written(tmp_path, text))


def test_a_file_that_is_not_there_is_reported_as_such(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        vocabulary.load(tmp_path / "nothing.toml")
