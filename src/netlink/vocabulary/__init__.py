"""The words: entity types, relationship types, roles, protection statuses and grades, as data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

from netlink.errors import SchemaError, near

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "EntityType",
    "GradeScheme",
    "ProtectionStatus",
    "RelationshipType",
    "Role",
    "Vocabulary",
    "default",
    "load",
]


@dataclass(frozen=True, kw_only=True)
class EntityType:
    """What an entity can be; people can be tied through objects."""

    label: str
    is_object: bool = False


@dataclass(frozen=True, kw_only=True)
class RelationshipType:
    """What a relationship records, and what it says of the offence (Palermo, Article 3)."""

    directed: bool
    source_types: tuple[str, ...]
    target_types: tuple[str, ...]
    group: str
    act: str | None = None
    means: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, kw_only=True)
class Role:
    """What a person may have done, and the relationship types that record it."""

    label: str
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProtectionStatus:
    """How a person must be protected."""

    label: str
    is_protected: bool


@dataclass(frozen=True, kw_only=True)
class GradeScheme:
    """A scheme of intelligence grades with the probability each part stands for."""

    pattern: str
    source: Mapping[str, float]
    information: Mapping[str, float]

    def confidence(self, grade: str) -> float | None:
        """Return the probability a grade stands for, or None where it is not of this scheme.

        Examples
        --------
        >>> from netlink import vocabulary
        >>> round(vocabulary.default().grades["admiralty"].confidence("B2"), 3)
        0.765
        """
        match = re.fullmatch(self.pattern, grade.strip().upper())
        if match is None:
            return None
        return self.source[match["source"]] * self.information[match["information"]]


@dataclass(frozen=True, kw_only=True)
class Vocabulary:
    """The words a network is written in, each with what netlink knows of it."""

    entity_types: Mapping[str, EntityType]
    relationship_types: Mapping[str, RelationshipType]
    roles: Mapping[str, Role]
    protection_statuses: Mapping[str, ProtectionStatus]
    grades: Mapping[str, GradeScheme]


_KINDS: dict[str, type[Any]] = {
    "entity_types": EntityType,
    "relationship_types": RelationshipType,
    "roles": Role,
    "protection_statuses": ProtectionStatus,
    "grades": GradeScheme,
}


def _entry(part: str, name: str, values: dict[str, Any]) -> Any:
    kind = _KINDS[part]
    known = kind.__dataclass_fields__
    for field in values:
        if field not in known:
            raise SchemaError(f"[{part}.{name}] has no field '{field}'.{near(field, known)}")
    try:
        return kind(**{k: tuple(v) if isinstance(v, list) else v for k, v in values.items()})
    except TypeError as error:
        missing = [f for f in known if f not in values and f"'{f}'" in str(error)]
        raise SchemaError(f"[{part}.{name}] lacks the fields {missing}.") from None


def _check(vocabulary: Vocabulary) -> None:
    for name, kind in vocabulary.relationship_types.items():
        for word in (*kind.source_types, *kind.target_types):
            if word not in vocabulary.entity_types:
                raise SchemaError(
                    f"[relationship_types.{name}] names the entity type '{word}', which the "
                    f"vocabulary lacks.{near(word, vocabulary.entity_types)}"
                )
    for name, role in vocabulary.roles.items():
        for word in role.acts:
            if word not in vocabulary.relationship_types:
                raise SchemaError(
                    f"[roles.{name}] names the relationship type '{word}', which the "
                    f"vocabulary lacks.{near(word, vocabulary.relationship_types)}"
                )


@cache
def default() -> Vocabulary:
    """Return the vocabulary that comes with netlink.

    Returns
    -------
    Vocabulary

    Examples
    --------
    >>> from netlink import vocabulary
    >>> vocabulary.default().relationship_types["recruited"].act
    'recruitment'
    """
    folder = resources.files(__name__)
    parts = {
        part: {
            name: _entry(part, name, values)
            for name, values in tomllib.loads((folder / f"{part}.toml").read_text("utf-8")).items()
        }
        for part in _KINDS
    }
    vocabulary = Vocabulary(**parts)
    _check(vocabulary)
    return vocabulary


def load(path: str | Path) -> Vocabulary:
    """Read a TOML of your own words on top of netlink's.

    Parameters
    ----------
    path : str or pathlib.Path
        A TOML file with tables such as ``[relationship_types.lent_to]`` or ``[roles.forger]``,
        with the fields of `RelationshipType`, `Role`, `EntityType`, `ProtectionStatus` and
        `GradeScheme`. An entry with a name that netlink knows replaces netlink's entry.

    Returns
    -------
    Vocabulary

    Raises
    ------
    SchemaError
        A part, field or word is unknown or missing.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> from netlink import vocabulary
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "words.toml"
    >>> _ = file.write_text('[relationship_types.lent_to]\\ndirected = true\\ngroup = "money"\\n'
    ...                     'source_types = ["person"]\\ntarget_types = ["person"]\\n')
    >>> vocabulary.load(file).relationship_types["lent_to"].directed
    True
    """
    try:
        document = tomllib.loads(Path(path).read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise SchemaError(f"The vocabulary is not valid TOML: {error}.") from None
    base = default()
    parts: dict[str, Any] = {}
    for part, entries in document.items():
        if part not in _KINDS:
            raise SchemaError(
                f"A vocabulary has the parts {list(_KINDS)}, got '{part}'.{near(part, _KINDS)}"
            )
        own = {name: _entry(part, name, values) for name, values in entries.items()}
        parts[part] = {**getattr(base, part), **own}
    vocabulary = replace(base, **parts)
    _check(vocabulary)
    return vocabulary
