"""Whether the arguments of a picture are what it takes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.communities import Communities
from netlink.errors import ArgumentError, check_seed
from netlink.profiles.checks import checked_names
from netlink.roles import RoleAssessment

if TYPE_CHECKING:
    import pandas as pd

    from netlink.network import Network


def check(
    *, assessment: object = None, names: object = None, ax: object = None, seed: object = 0
) -> None:
    """Raise on what is no assessment, no names, no axes or no seed."""
    if assessment is not None and not isinstance(assessment, RoleAssessment):
        raise ArgumentError(
            f"'assessment' must be a RoleAssessment, got {type(assessment).__name__}."
        )
    checked_names(names)
    if ax is not None:
        from matplotlib.axes import Axes

        if not isinstance(ax, Axes):
            raise ArgumentError(f"'ax' must be a matplotlib Axes, got {type(ax).__name__}.")
    check_seed(seed)


def labels_of(network: Network, communities: object) -> pd.Series:
    """Return the community of every entity, missing where the grouping does not have it."""
    if not isinstance(communities, Communities):
        raise ArgumentError(
            f"'communities' must be a Communities, got {type(communities).__name__}."
        )
    found = communities.labels.reindex(network.entities.index)
    if len(found) and found.isna().all():
        raise ArgumentError("'communities' must be of this network; it has none of its entities.")
    return found
