"""Whether names and measures are what a page or a picture takes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from netlink.network import Network


def checked_names(names: object) -> Mapping[str, str]:
    """Return the names, none for None."""
    if names is None:
        return {}
    if not isinstance(names, Mapping):
        raise ArgumentError(f"'names' must be a Mapping, got {type(names).__name__}.")
    wrong = sum(not (isinstance(k, str) and isinstance(v, str)) for k, v in names.items())
    if wrong:
        raise ArgumentError(
            f"'names' must map entity ids to text; {wrong:,} of {len(names):,} are not str."
        )
    return names


def checked_measures(network: Network, measures: object) -> pd.DataFrame:
    """Return a table that has the rows of the network."""
    if not isinstance(measures, pd.DataFrame):
        raise ArgumentError(
            f"'measures' must be a pandas DataFrame, got {type(measures).__name__}."
        )
    if not measures.index.equals(network.entities.index):
        raise ArgumentError(
            "'measures' must have the rows of network.entities, in their order; it has "
            f"{len(measures):,} other ones for {network.n_entities:,} entities."
        )
    return measures
