"""How the entities of a case hang together: groups, paths between those asked about, their place.

What a caller gave is kept as far as it lies in the case; the rest is computed on the case alone, so
that a part of a case says nothing of what was taken out of it.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, TypeGuard

import numpy as np
import pandas as pd

from netlink import centrality, cohesion
from netlink.communities import Communities, leiden
from netlink.errors import ArgumentError, NoPathError
from netlink.paths import shortest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network

_MOST_ASKED = 10  # 45 pairs: what a reader still goes through
_MOST_PLACED = 100
_PATH = ["path", "step", "entity_id", "relationship_id", "relationship_ids", "documents"]


def check_groups(network: Network, groups: object) -> None:
    """Refuse groups of another network."""
    if not isinstance(groups, Communities):
        raise ArgumentError(
            "'groups' must be what a function of netlink.communities returns, got "
            f"{type(groups).__name__}."
        )
    outside = int((~groups.labels.index.isin(network.entities.index)).sum())
    if outside:
        raise ArgumentError(
            f"'groups' must be of the network given or of a part of it; {outside:,} of its "
            f"{len(groups.labels):,} entities are not in it."
        )


def is_paths(table: object) -> TypeGuard[pd.DataFrame]:
    """Tell whether something is a table of paths."""
    return isinstance(table, pd.DataFrame) and {*_PATH} <= {*table.columns}


def check_paths(part: Network, paths: object) -> None:
    """Refuse paths that leave the case."""
    if not is_paths(paths):
        raise ArgumentError(
            "'paths' must be what a function of netlink.paths returns: a table with the columns "
            f"{_PATH}."
        )
    n = paths["path"].nunique()
    outside = n - paths.loc[_inside(part, paths), "path"].nunique()
    if outside:
        raise ArgumentError(
            f"'paths' must lie in the case; {outside:,} of the {n:,} leave it. Take more hops, or "
            "build the case around the paths."
        )


def groups(part: Network, given: Communities | None) -> Communities:
    """Return the groups of a case."""
    if given is None:
        return leiden(part, weight=None)
    labels = given.labels[given.labels.index.isin(part.entities.index)]
    return Communities(labels, given.modularity, given.method, given.parameters)


def paths(part: Network, asked: tuple[str, ...], given: pd.DataFrame | None) -> pd.DataFrame:
    """Return the paths of a case: as given, or the shortest between each two asked about."""
    if given is not None:
        return given.loc[_inside(part, given), _PATH].reset_index(drop=True)
    parts: list[pd.DataFrame] = []
    for source, target in combinations(asked if len(asked) <= _MOST_ASKED else (), 2):
        try:
            found = shortest(part, source, target, directed=False)
        except NoPathError:
            continue
        parts.append(found[_PATH].assign(path=len(parts) + 1))
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=_PATH)


def _inside(part: Network, table: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which rows are of a path that lies in a network, with all its records."""
    ids = part.relationships.index
    lies = table["entity_id"].isin(part.entities.index)
    lies &= table["relationship_id"].isna() | table["relationship_id"].isin(ids)
    known = set(ids)
    lies &= np.array([known.issuperset(names) for names in table["relationship_ids"]], dtype=bool)
    inside: NDArray[np.bool_] = lies.groupby(table["path"]).transform("all").to_numpy(dtype=bool)
    return inside


def profile(part: Network, asked: tuple[str, ...]) -> pd.DataFrame:
    """Return where those asked about stand among the entities of their type in the case."""
    kinds = part.entity_table["entity_type"].astype("str")
    few = asked if len(asked) <= _MOST_PLACED else ()
    names = pd.Index(few, name="entity_id", dtype="str")
    tables = []
    for measure in (centrality.degree, cohesion.core_number, centrality.local_clustering):
        values = measure(part).astype("float64")
        alike = values.groupby(kinds.to_numpy())
        found = pd.DataFrame(
            {
                "measure": measure.__name__,
                "value": values,
                "rank": alike.rank(ascending=False, method="min").astype("Int64"),
                "among": alike.transform("count").astype("Int64"),
            }
        )
        tables.append(found.loc[names])
    order = {name: at for at, name in enumerate(names)}
    return pd.concat(tables).sort_index(key=lambda ids: ids.map(order), kind="stable")
