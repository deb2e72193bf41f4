"""The directive ``{vocabulary} PART``: a part of netlink's vocabulary as a table.

The tables are made from the vocabulary itself when the docs are built, so that the page cannot say
anything else than the code.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from netlink import vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from netlink.vocabulary import RelationshipType, Vocabulary

Meanings = dict[str, dict[str, str]]


def meanings() -> Meanings:
    """Read the sentence that says what each word means."""
    return tomllib.loads(Path(__file__).with_name("meanings.toml").read_text("utf-8"))


def _checked(part: str, known: Mapping[str, object], texts: Meanings) -> dict[str, str]:
    lacking, extra = sorted(set(known) - set(texts[part])), sorted(set(texts[part]) - set(known))
    if lacking or extra:
        raise ValueError(f"meanings.toml, [{part}]: lacks {lacking}, has no use for {extra}.")
    return texts[part]


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(header), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines)


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _ends(kind: RelationshipType) -> str:
    source, target = _codes(kind.source_types), _codes(kind.target_types)
    if not kind.directed:
        return f"between {source}" if source == target else f"between {source} and {target}"
    ends = f"from and to {source}" if source == target else f"from {source} to {target}"
    return f"{ends}, read both ways" if kind.both_ways else ends


def _element(kind: RelationshipType) -> str:
    parts = {"act": kind.act, "means": kind.means, "purpose": kind.purpose}
    return "; ".join(f"{name}: {word}" for name, word in parts.items() if word)


def relationship_types(words: Vocabulary, texts: Meanings) -> str:
    """One table a group of relationship types."""
    sentences = _checked("relationship_types", words.relationship_types, texts)
    parts = []
    for group in dict.fromkeys(kind.group for kind in words.relationship_types.values()):
        kinds = {n: kind for n, kind in words.relationship_types.items() if kind.group == group}
        rows: list[tuple[str, ...]] = [
            (f"`{name}`", sentences[name], _ends(kind)) for name, kind in kinds.items()
        ]
        header: tuple[str, ...] = ("type", "what a row claims", "ends")
        elements = [_element(kind) for kind in kinds.values()]
        if any(elements):
            header = (*header, "Palermo, Article 3")
            rows = [(*row, element) for row, element in zip(rows, elements, strict=True)]
        parts.append(f"**{group.capitalize()}**\n\n{_table(header, rows)}")
    return "\n\n".join(parts)


def roles(words: Vocabulary, texts: Meanings) -> str:
    """The roles and the acts that are recorded of them."""
    sentences = _checked("roles", words.roles, texts)
    rows = [
        (f"`{n}`", sentences[n], _codes(role.acts) or "none") for n, role in words.roles.items()
    ]
    return _table(("role", "what the person does", "recorded acts"), rows)


def entity_types(words: Vocabulary, _: Meanings) -> str:
    """The entity types, and which of them people can be tied through."""
    rows = [
        (f"`{name}`", kind.label, "yes" if kind.is_object else "")
        for name, kind in words.entity_types.items()
    ]
    return _table(("entity type", "meaning", "can tie people"), rows)


def protection_statuses(words: Vocabulary, _: Meanings) -> str:
    """The protection statuses, and which of them keep a person out of leads."""
    rows = [
        (f"`{name}`", status.label, "yes" if status.is_protected else "")
        for name, status in words.protection_statuses.items()
    ]
    return _table(("status", "meaning", "kept out of leads"), rows)


def grades(words: Vocabulary, _: Meanings) -> str:
    """The schemes of grades with the probability of each part."""

    def listed(values: Mapping[str, float]) -> str:
        return ", ".join(f"{letter} {value:g}" for letter, value in values.items())

    rows = [(f"`{n}`", listed(s.source), listed(s.information)) for n, s in words.grades.items()]
    return _table(("scheme", "source", "information"), rows)


PARTS: dict[str, Callable[[Vocabulary, Meanings], str]] = {
    "relationship_types": relationship_types,
    "roles": roles,
    "entity_types": entity_types,
    "protection_statuses": protection_statuses,
    "grades": grades,
}


def setup(app: Any) -> dict[str, bool]:
    """Register the directive with Sphinx."""
    from sphinx.util.docutils import SphinxDirective  # noqa: PLC0415 (tests go without Sphinx)

    class VocabularyDirective(SphinxDirective):
        """A part of the vocabulary as tables, parsed as Markdown."""

        required_arguments: ClassVar[int] = 1

        def run(self) -> list[Any]:
            text = PARTS[self.arguments[0]](vocabulary.default(), meanings())
            return self.parse_text_to_nodes(text)

    app.add_directive("vocabulary", VocabularyDirective)
    return {"parallel_read_safe": True}
