"""Who goes without a name, and what would give them away.

Everything is decided on the whole network, not on the case: an object at the rim of a case may be
held by somebody to protect beyond it.
"""

from __future__ import annotations

import itertools
import unicodedata
from typing import TYPE_CHECKING

import numpy as np

from netlink.cases.naming import telling
from netlink.export import handling

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from netlink.cases import Case
    from netlink.export.policy import Policy
    from netlink.network import Network

    Bools = NDArray[np.bool_]

_SHORT = 4  # shorter ids and labels count where they stand as a whole word
_NUMBER = 7  # digits of a number that is taken for one of a phone, an account or a document


class Mentions:
    """Finds the ids and labels of entities without a name in texts.

    In any case, and whatever stands between their words: 'ANN_EXAMPLE' is 'Ann Example'.
    """

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_length: dict[int, set[str]] = {}
        self._words: set[str] = set()
        self._numbers: set[str] = set()
        for text in map(_folded, texts):
            if len(text) >= _SHORT:
                self._by_length.setdefault(len(text), set()).add(text)
            elif any(character.isalpha() for character in text):
                self._words.add(text)
            digits = text.replace(" ", "")
            if len(digits) >= _NUMBER and digits.isdecimal():
                self._numbers.add(digits)

    def is_one(self, text: str) -> bool:
        """Tell whether a text is one, as that of a namesake is."""
        text = _folded(text)
        return text in self._words or text in self._by_length.get(len(text), ())

    def is_number(self, value: float) -> bool:
        """Tell whether a number is one, as that of a phone; a small number says nothing."""
        return abs(value) >= 10 ** (_NUMBER - 1) and f"{abs(value):.0f}" in self._numbers

    def found_in(self, text: str, *, whole: bool = False) -> bool:
        """Tell whether a text contains one, in any case; '12' is not in '123'.

        Glued to other letters it counts too, unless only whole words do.
        """
        if not (self._words or self._by_length):
            return False
        inside = _in_word if whole else _in_number
        text = _folded(text)
        if self._words and not self._words.isdisjoint(_words(text)):
            return True
        for length, known in self._by_length.items():
            for start in range(len(text) - length + 1):
                end = start + length
                if text[start:end] in known and not (inside(text, start) or inside(text, end)):
                    return True
        return False


# Punctuation of ASCII, and what stands in its place.
_ASCII = {code: " " for code in range(128) if not chr(code).isalnum()}


def _folded(text: str) -> str:
    """Return a text in small letters, a space for whatever stands between them."""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(map(_plain, text))
    return " ".join(text.translate(_ASCII).casefold().split())


def _plain(character: str) -> str:
    kind = unicodedata.category(character)
    # What cannot be seen stands between no words; symbols, as pictures are, stay.
    return "" if kind == "Cf" else " " if kind[0] in "PZC" else character


def _words(text: str) -> set[str]:
    """Return the words of a text, and each two that stand beside each other."""
    found = "".join(c if c.isalnum() else " " for c in text).split()
    return {*found, *map(" ".join, itertools.pairwise(found))}


def _in_number(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isdigit() and text[at].isdigit()


def _in_word(text: str, at: int) -> bool:
    return 0 < at < len(text) and text[at - 1].isalnum() and text[at].isalnum()


def mentions(network: Network, hidden: Bools) -> Mentions:
    """Collect the ids and labels of the entities without a name, and those merged into them."""
    table, merged = network.entities[hidden], network.merged
    merged = merged[merged["merged_into"].isin(table.index)]
    labels = [part["label"].dropna() for part in (table, merged) if "label" in part]
    return Mentions({*table.index, *merged.index, *itertools.chain(*labels)})


def hidden(case: Case, policy: Policy) -> Bools:
    """Tell for each entity of the whole network whether it goes without a name."""
    network = case.source
    if policy.names == "nobody":
        return np.ones(network.n_entities, dtype=bool)
    kinds = network.vocabulary.entity_types
    is_object = network.entity_table["entity_type"].map({w: k.is_object for w, k in kinds.items()})
    is_person = ~is_object.to_numpy(dtype=bool)  # whatever is no object may be a person
    group = network.references
    found: Bools = np.zeros(network.n_entities, dtype=bool)
    if policy.names == "leads":
        named = network.positions([*case.leads.index, *case.around])
        found = is_person & ~np.isin(group, group[named])
    protected = case.protected.to_numpy()
    found = found & ~protected if policy.name_protected else found | protected
    withheld, _ = handling.records(network, policy)
    held = telling(network, found, is_person)
    if withheld.any():
        # Where the record of a named holder is withheld, an object is that of the others.
        seen = network._part(np.ones(network.n_entities, dtype=bool), ~withheld)
        held |= telling(seen, found, is_person)
    found |= held
    found |= ~is_person & speaking(network, found & is_person)
    found |= ~is_person & np.isin(group, group[found & ~is_person])
    return found


def speaking(network: Network, hidden: Bools) -> Bools:
    """Find the entities whose own id or label contains that of one without a name."""
    known = mentions(network, hidden)
    table = network.entities
    texts = table.index + "\n" + table["label"].fillna("")
    return np.fromiter((known.found_in(text) for text in texts), dtype=bool, count=len(texts))


def telling_ids(network: Network, hidden: Bools, known: Mentions) -> Bools:
    """Find the ids of others that speak of somebody without a name, as 'brother of ...' does."""
    found = ~hidden
    found[found] = [
        known.found_in(name, whole=True) and not known.is_one(name)
        for name in network.entities.index[found]
    ]
    return found
