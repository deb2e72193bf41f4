"""Records that somebody was to be on the way, without where."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.journeys.visits import MOVERS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network

_ACTS = ("transported", "transferred")


def travels(network: Network, at: int) -> pd.DataFrame:
    """Return the dated bookings for an entity, its company on the way and its transports."""
    table = network.relationship_table
    words = table["relationship_type"]
    known = network.vocabulary.relationship_types
    moving = [word for word, kind in known.items() if kind.group == "movement"]
    types = network.entity_table["entity_type"].to_numpy(dtype=object)
    source, target = (network.references[codes] for codes in network.codes)
    # Who booked or drove need not have gone along; who travelled together did.
    own = (target == at) | ((source == at) & network._both_ways(None))
    own &= words.isin([*moving, *_ACTS]).to_numpy(dtype=bool)
    own &= np.isin(types[network.codes[1]], MOVERS) & table["start"].notna().to_numpy()
    rows = np.flatnonzero(own)
    spans = network.spans.iloc[rows]
    found = pd.DataFrame(
        {
            "kind": "travel",
            "first": spans["start_first"].array,
            "last": spans["end_last"].array,
            "mark": "",
            "id": spans.index,
            "relationship_ids": _lists(spans.index.to_numpy(dtype=object)),
            "documents": _lists(table["document"].to_numpy(dtype=object)[rows]),
        }
    )
    return found.sort_values(["first", "last", "id"], ignore_index=True)


def _lists(values: NDArray[np.object_]) -> pd.Series:
    return pd.Series([[v] if isinstance(v, str) else [] for v in values], dtype=object)
