"""What is known of each entity that the picture must show, or must not show."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.cases.naming import telling
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.roles import RoleAssessment

_LIKELY = 0.5  # records that speak for a reading as much as against it


@dataclass(frozen=True)
class Readings:
    """One value an entity, in the order of the network.

    `role` and `further` are positions in `roles` of the strongest and the second role, -1 for none;
    `to_reach` are the people to reach or protect; `unnamed` are all whose name must not appear.
    """

    roles: list[str]
    role: NDArray[np.int64]
    further: NDArray[np.int64]
    score: NDArray[np.float64]
    to_reach: NDArray[np.bool_]
    unnamed: NDArray[np.bool_]


def read_part(network: Network, part: Network, assessment: RoleAssessment | None) -> Readings:
    """Read a part of a network: who must not be named in either is not named."""
    found, whole = read(part, assessment), read(network, assessment)
    unnamed = found.unnamed | whole.unnamed[network.positions(part.entities.index)]
    kinds = network.vocabulary.entity_types
    is_object = [kinds[name].is_object for name in part.entities["entity_type"]]
    return replace(
        found,
        role=np.where(unnamed, -1, found.role),
        further=np.where(unnamed, -1, found.further),
        to_reach=unnamed & ~np.array(is_object, dtype=bool),
        unnamed=unnamed,
    )


def read(network: Network, assessment: RoleAssessment | None) -> Readings:
    """Read roles, and who must not be named, for every entity."""
    index = network.entities.index
    types, kinds = network.entities["entity_type"], network.vocabulary.entity_types
    is_person = (types == "person").to_numpy()
    is_object = types.isin([name for name, kind in kinds.items() if kind.is_object]).to_numpy()
    unnamed = network.is_protected.to_numpy()
    n = len(index)
    if assessment is None:
        none = np.full(n, -1)
        unnamed = unnamed | telling(network, unnamed, ~is_object)
        return Readings([], none, none, np.zeros(n), unnamed & ~is_object, unnamed)
    scores = assessment.scores
    if is_person.any() and not index[is_person].isin(scores.index).any():
        raise ArgumentError(
            "'assessment' must be of this network or one it was taken from; none of the "
            f"{int(is_person.sum()):,} people here has a score in it."
        )
    protected = assessment.network.is_protected
    unnamed = unnamed | index.isin(protected.index[protected])
    table = scores.reindex(index).fillna(0.0).to_numpy()
    # A stable sort: of equal scores the first role of the vocabulary counts.
    order = np.argsort(-table, axis=1, kind="stable")
    rows = np.arange(n)
    score = table[rows, order[:, 0]]
    harm = _harm(assessment).reindex(index).fillna(0.0).to_numpy()
    unnamed |= (harm >= _LIKELY) & (harm >= score)
    role = np.where((score >= _LIKELY) & ~unnamed, order[:, 0], -1)
    second = order[:, min(1, table.shape[1] - 1)]
    has_second = (role >= 0) & (second != role) & (table[rows, second] >= _LIKELY)
    further = np.where(has_second, second, -1)
    unnamed |= telling(network, unnamed, ~is_object)
    return Readings(list(scores.columns), role, further, score, unnamed & ~is_object, unnamed)


def _harm(assessment: RoleAssessment) -> pd.Series:
    """Return how strongly the records speak for each person being a victim."""
    people = len(assessment.scores)
    if not people:
        return pd.Series(dtype=float)
    index = assessment.network.entities.index
    listed = assessment.safeguarding(n=people)["score"].reindex(index)
    return listed.groupby(assessment.network.references).transform("max")
