"""Entities from the ends of relationships, typed by what the relationship types say of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    import pyarrow as pa
    from numpy.typing import NDArray

    from netlink.vocabulary import Vocabulary


def typed(
    ids: pa.Array,
    kinds: pd.Series,
    codes: tuple[NDArray[np.int32], NDArray[np.int32]],
    vocabulary: Vocabulary,
) -> pd.DataFrame:
    """Give each id the first entity type that all its relationships allow, or 'unknown'."""
    names = list(vocabulary.entity_types)
    # One bit an entity type; an end allows a set of types, an entity the intersection of its ends'.
    allowed = np.full(len(ids), (1 << len(names)) - 1, dtype=np.int64)
    tied = np.zeros(len(ids), dtype=bool)
    for word in kinds.unique():
        rows = (kinds == word).to_numpy()
        kind = vocabulary.relationship_types[word]
        for end, types in zip(codes, (kind.source_types, kind.target_types), strict=True):
            at = np.unique(end[rows])
            allowed[at] &= sum(1 << names.index(name) for name in types)
            tied[at] = True
    lowest = np.full(len(ids), names.index("unknown"), dtype=np.int64)
    for position in reversed(range(len(names))):
        lowest[((allowed >> position) & 1 == 1) & tied] = position
    frame = pd.DataFrame(
        {
            "entity_type": pd.array(np.array(names, dtype=object)[lowest], dtype="str"),
            "label": pd.array([None] * len(ids), dtype="str"),
            "protection_status": pd.array(["unknown"] * len(ids), dtype="str"),
        }
    )
    frame.index = pd.Index(ids.to_pandas(), dtype="str", name="entity_id")
    return frame
