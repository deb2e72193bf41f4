"""What would give away people without a name: objects of theirs, and their names in texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netlink.network import Network

# Ties of these groups say whose an object is or where a person was. Contact and money do not.
_ATTRIBUTES = {"holding", "place", "adverts", "case", "movement"}


def telling(
    network: Network, hidden: NDArray[np.bool_], is_person: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    """Find the objects that only people without a name are tied to."""
    kinds = network.vocabulary.relationship_types
    groups = network.relationship_table["relationship_type"].map(
        {word: kind.group in _ATTRIBUTES for word, kind in kinds.items()}
    )
    rows = groups.to_numpy(dtype=bool)
    source, target = (codes[rows] for codes in network.codes)
    ends = np.concatenate([source, target]), np.concatenate([target, source])
    of_person = is_person[ends[0]]
    person, thing = ends[0][of_person], ends[1][of_person]
    is_held = _any(thing, np.ones(len(thing), dtype=bool), network.n_entities)
    found = is_held & ~_any(thing, ~hidden[person], network.n_entities)
    # An advert on a phone, a place where a car was seen: they go with what they hang on.
    inner = ~is_person[source] & ~is_held[target]
    holder, hung = source[inner], target[inner]
    while True:
        is_hung = _any(hung, np.ones(len(hung), dtype=bool), network.n_entities)
        more = is_hung & ~_any(hung, ~(found | hidden)[holder], network.n_entities)
        if not (more & ~found).any():
            return found & ~is_person
        found |= more


def names_of(
    network: Network, hidden: NDArray[np.bool_], names: Mapping[str, str] | None
) -> re.Pattern[str]:
    """Match the names of people to protect, which an object may carry: 'phone of ...'."""
    kept = network.entities[hidden]
    words = {*kept.index, *kept["label"].dropna()}
    if names is not None:
        words |= {names[key] for key in kept.index if key in names}
    # Longest first, whole words, bare numbers aside: a flat 3 says nothing of person 3.
    said = sorted({word.strip() for word in words}, key=lambda word: (-len(word), word))
    parts = [re.escape(word) for word in said if word and not word.isdecimal()]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)" if parts else r"(?!)", re.IGNORECASE)


def _any(at: NDArray[np.int32], flags: NDArray[np.bool_], n: int) -> NDArray[np.bool_]:
    result = np.zeros(n, dtype=bool)
    result[at[flags]] = True
    return result
