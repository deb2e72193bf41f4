"""The words: entity types, relationship types, roles, protection statuses and grades, as data."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from pathlib import Path
from types import MappingProxyType
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


class _ReadOnly:
    """Its mappings cannot be written to: the default vocabulary is the same for everybody."""

    def __post_init__(self) -> None:
        for name, value in list(vars(self).items()):
            if isinstance(value, dict):
                object.__setattr__(self, name, MappingProxyType(value))

    def __reduce__(self) -> tuple[Any, ...]:
        values = vars(self).items()
        plain = {k: dict(v) if isinstance(v, MappingProxyType) else v for k, v in values}
        return _rebuilt, (type(self), plain)


def _rebuilt(kind: type[Any], values: dict[str, Any]) -> Any:
    return kind(**values)


@dataclass(frozen=True, kw_only=True)
class EntityType:
    """A kind of thing that an entity can be.

    Parameters
    ----------
    label : str
        The words for it.
    is_object : bool, default False
        People can be tied through it, as through a phone or an address.

    Examples
    --------
    >>> from netlink import vocabulary
    >>> vocabulary.default().entity_types["phone"].is_object
    True
    """

    label: str
    is_object: bool = False


@dataclass(frozen=True, kw_only=True)
class RelationshipType:
    """A kind of relationship and what it says of offences.

    Parameters
    ----------
    directed : bool
        Source and target can be told apart.
    both_ways : bool, default False
        They can, yet the record is of an attachment through which nothing flows (a person uses a
        phone): measures and paths read it both ways unless asked not to.
    source_types, target_types : tuple of str
        Entity types that stand at each end.
    group : str
        What it is about: "act", "contact", "movement", "place", "holding", "money", "adverts",
        "case", "identity", "derived" or "other".
    act, means, purpose : str, optional
        The element of the offence that the record speaks of, in the terms of the Palermo Protocol,
        Article 3(a). A record of one element is not the offence.

    Examples
    --------
    >>> from netlink import vocabulary
    >>> kind = vocabulary.default().relationship_types["deceived"]
    >>> kind.group, kind.directed, kind.act, kind.means
    ('act', True, None, 'deception')
    """

    directed: bool
    source_types: tuple[str, ...]
    target_types: tuple[str, ...]
    group: str
    both_ways: bool = False
    act: str | None = None
    means: str | None = None
    purpose: str | None = None


@dataclass(frozen=True, kw_only=True)
class Role:
    """A part that a person may have had.

    Parameters
    ----------
    label : str
        The words for it.
    acts : tuple of str
        Relationship types whose source did what the role does.

    Examples
    --------
    >>> from netlink import vocabulary
    >>> vocabulary.default().roles["recruiter"].acts
    ('recruited', 'deceived')
    """

    label: str
    acts: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class ProtectionStatus:
    """How a person must be protected.

    Parameters
    ----------
    label : str
        The words for it.
    is_protected : bool
        Never in a list of leads unless asked for by name of argument.

    Examples
    --------
    >>> from netlink import vocabulary
    >>> vocabulary.default().protection_statuses["child"].is_protected
    True
    """

    label: str
    is_protected: bool


@dataclass(frozen=True, kw_only=True)
class GradeScheme(_ReadOnly):
    """A scheme of intelligence grades, with probabilities.

    The letters and figures are the scheme's; the probabilities are a declared reading of them. A
    grade means nothing without its scheme: E is unreliable in one and untested in another.

    Parameters
    ----------
    pattern : str
        Regular expression with the named groups ``source`` and ``information``; ``handling`` names
        the part of a grade that says who may have the record.
    source, information : mapping of str to float
        The probability each value of the part stands for.

    Examples
    --------
    >>> from netlink import vocabulary
    >>> schemes = vocabulary.default().grades
    >>> schemes["admiralty"].source["E"], schemes["5x5x5"].source["E"]
    (0.25, 0.6)
    """

    pattern: str
    source: Mapping[str, float]
    information: Mapping[str, float]

    def confidence(self, grade: str) -> float | None:
        """Return the probability that a grade stands for.

        Parameters
        ----------
        grade : str
            As recorded, e.g. "B2" or "b 2".

        Returns
        -------
        float or None
            None where the grade is not one of this scheme.

        Examples
        --------
        >>> from netlink import vocabulary
        >>> round(vocabulary.default().grades["admiralty"].confidence("B2"), 3)
        0.765
        """
        match = re.fullmatch(self.pattern, grade.strip().upper())
        if match is None:
            return None
        parts = self.source.get(match["source"]), self.information.get(match["information"])
        return None if parts[0] is None or parts[1] is None else parts[0] * parts[1]


@dataclass(frozen=True, kw_only=True)
class Vocabulary(_ReadOnly):
    """The words that a network is written in.

    Parameters
    ----------
    entity_types, relationship_types, roles, protection_statuses, grades : mapping of str
        What netlink knows of each word: `EntityType`, `RelationshipType`, `Role`,
        `ProtectionStatus`, `GradeScheme`. Read-only; `load` adds words or changes them.

    Examples
    --------
    >>> from netlink import vocabulary
    >>> list(vocabulary.default().roles)
    ['recruiter', 'transporter', 'harbourer', 'exploiter', 'financier']
    """

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


def _entry(part: str, name: str, values: Any) -> Any:
    kind = _KINDS[part]
    known = kind.__dataclass_fields__
    if not isinstance(values, dict):
        raise SchemaError(f"[{part}.{name}] must be a table of fields.")
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
        for field in ("directed", "both_ways"):
            if not isinstance(getattr(kind, field), bool):
                raise SchemaError(f"[relationship_types.{name}] must have {field} = true or false.")
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
    for name, scheme in vocabulary.grades.items():
        try:
            parts = set(re.compile(scheme.pattern).groupindex)
        except (re.error, TypeError):
            parts = set()
        if parts - {"handling"} != {"source", "information"}:
            raise SchemaError(
                f"[grades.{name}] must have a pattern with the named groups 'source' and "
                "'information'."
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
    r"""Read words of your own on top of netlink's.

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
    >>> _ = file.write_text('[relationship_types.lent_to]\ndirected = true\ngroup = "money"\n'
    ...                     'source_types = ["person"]\ntarget_types = ["person"]\n')
    >>> vocabulary.load(file).relationship_types["lent_to"].directed
    True
    """
    try:
        document = tomllib.loads(Path(path).read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemaError(f"The vocabulary is not valid TOML: {error}.") from None
    return on_default(document)


def on_default(document: Mapping[str, Any]) -> Vocabulary:
    """Build a vocabulary of netlink's words and those of a document such as `load` reads."""
    base = default()
    parts: dict[str, Any] = {}
    for part, entries in document.items():
        if part not in _KINDS:
            raise SchemaError(
                f"A vocabulary has the parts {list(_KINDS)}, got '{part}'.{near(part, _KINDS)}"
            )
        if not isinstance(entries, dict):
            raise SchemaError(f"[{part}] must hold tables such as [{part}.name].")
        own = {name: _entry(part, name, values) for name, values in entries.items()}
        parts[part] = {**getattr(base, part), **own}
    vocabulary = replace(base, **parts)
    _check(vocabulary)
    return vocabulary
