"""How far places lie apart."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network

_LIMITS = {"latitude": 90.0, "longitude": 180.0}
_RADIUS = 6371.0088  # mean radius of the earth in kilometers (IUGG)


def kilometers(network: Network, left: pd.Series, right: pd.Series) -> NDArray[np.float64]:
    """Return great-circle distances between places; NaN where coordinates are missing."""
    a, b = coordinates(network, left), coordinates(network, right)
    (lat_1, lon_1), (lat_2, lon_2) = np.radians(a).T, np.radians(b).T
    # The haversine formula holds for short distances too (Sinnott 1984).
    half = (
        np.sin((lat_2 - lat_1) / 2) ** 2
        + np.cos(lat_1) * np.cos(lat_2) * np.sin((lon_2 - lon_1) / 2) ** 2
    )
    found: NDArray[np.float64] = 2 * _RADIUS * np.arcsin(np.sqrt(np.clip(half, 0.0, 1.0)))
    return found


def coordinates(network: Network, places: pd.Series | pd.Index) -> NDArray[np.float64]:
    """Return latitude and longitude in degrees, a row a place; NaN where not known."""
    table = network.entity_table
    found = np.full((len(places), 2), np.nan)
    at = table.index.get_indexer(pd.Index(places))
    for i, (name, limit) in enumerate(_LIMITS.items()):
        if name in table.columns:
            given = table[name].iloc[at]
            values = pd.to_numeric(given, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
            wrong = int((given.notna().to_numpy() & ~(np.abs(values) <= limit)).sum())
            if wrong:
                raise ArgumentError(
                    f"'{name}' of places must be a number from {-limit:g} to {limit:g}; of "
                    f"{len(places):,} {wrong:,} have something else. Map it in a Schema: reading "
                    "then says which rows."
                )
            found[:, i] = values
    return found
