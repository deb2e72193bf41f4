"""What sharing objects adds to the weight of a tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.transform.behind import distinct, sums
from netlink.transform.links import expand

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from netlink.transform.links import Links

WEIGHTS = ("count", "hyperbolic", "strength")


def shared(
    links: Links,
    groups: pd.DataFrame,
    pairs: pd.DataFrame,
    tie: NDArray[np.int64],
    n_ties: int,
    weights: str,
) -> NDArray[np.float64]:
    """Return what the objects that are shared add to each tie; `tie` is that of each pair."""
    n = links.network.n_entities
    if weights == "strength":
        of_object, parts = _smaller(links, groups, pairs, tie)
    else:
        of_object, at = distinct(tie, pairs["object"].to_numpy(), n)
        parts = 1 / (links.n_standing[at] - 1) if weights == "hyperbolic" else np.ones(len(at))
    return sums(of_object, parts, n_ties)


def _smaller(
    links: Links, groups: pd.DataFrame, pairs: pd.DataFrame, tie: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Return, for each tie and object, the tie and the smaller of what both have there."""
    first, size = groups["first"].to_numpy(), groups["size"].to_numpy()
    group, row = expand(first, size)
    weight = links.network.relationship_table["weight"].to_numpy(dtype=np.float64)
    of_group = sums(group, weight[links.standing["row"].to_numpy()[row]], len(groups))
    # Somebody may stand at an object in several ways: each of them once for each tie.
    n, at = max(links.network.n_entities, 1), pairs["object"].to_numpy()
    places = np.unique(tie * n + at)
    place = np.searchsorted(places, tie * n + at)
    found = []
    for side in ("left", "right"):
        one, ways = distinct(place, pairs[side].to_numpy(), max(len(groups), 1))
        found.append(sums(one, of_group[ways], len(places)))
    return places // n, np.minimum(*found)
