"""One entity on a page: where it stands, what it belongs to, who is nearest, and the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import brokerage, centrality, cohesion
from netlink.cases import naming
from netlink.communities import Communities, leiden
from netlink.errors import ArgumentError, check_seed
from netlink.profiles import ties
from netlink.profiles.checks import checked_measures, checked_names
from netlink.profiles.page import Profile

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

    from netlink.network import Network

__all__ = ["Profile", "measures", "profile"]

_ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison")
# Columns that are shown beside the measures, without a rank.
_BROKERAGE = {"articulation_points": "articulation_point", **{role: role for role in _ROLES}}


def measures(
    network: Network,
    /,
    *,
    communities: Communities | None = None,
    seed: int = 0,
    progress: bool = False,
) -> pd.DataFrame:
    """Return everything that a profile reads, side by side.

    The columns of `netlink.centrality.table`, then ``local_clustering``, ``core_number``,
    ``constraint``, ``articulation_points``, and how often an entity stands between communities in
    each of the roles of `netlink.brokerage.gould_fernandez`. Made once, it serves the pages of many
    entities. Exact betweenness takes long on large networks; there, pass a table of other columns
    to `netlink.profile`.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    communities : Communities, optional
        Of this network or of a part of it; without it, those of Leiden.
    seed : int, default 0
        Seed of the communities where none are given.
    progress : bool, default False
        Show a progress bar for betweenness and one for harmonic.

    Returns
    -------
    pandas.DataFrame
        On ``network.entities.index``.

    Raises
    ------
    ArgumentError
        An argument is of the wrong type, or the communities are of another network.

    Examples
    --------
    >>> import netlink as nl
    >>> table = nl.profiles.measures(nl.datasets.krackhardt_kite())
    >>> table.loc["7", ["core_number", "articulation_points"]].map(int).tolist()
    [2, 1]
    """
    groups = _groups(network, communities, seed).labels.reindex(network.entities.index)
    found = centrality.table(network, progress=progress)
    found["local_clustering"] = centrality.local_clustering(network)
    found["core_number"] = cohesion.core_number(network)
    found["constraint"] = brokerage.constraint(network)
    found["articulation_points"] = brokerage.articulation_points(network)
    between = brokerage.gould_fernandez(network, groups=groups)
    return found.join(between[list(_ROLES)])


def profile(
    network: Network,
    /,
    entity: str,
    *,
    measures: pd.DataFrame | None = None,
    communities: Communities | None = None,
    names: Mapping[str, str] | None = None,
    seed: int = 0,
    progress: bool = False,
) -> Profile:
    """Put what is known of one entity on a page.

    Where it stands among the entities of its type, what it belongs to, whom and what it is tied to,
    and the records behind each tie. Everything is read on the network as given. With objects in it
    the nearest of a person are mostly phones and places; on ``nl.transform.project(network)`` they
    are people, and the column ``relationship_ids`` of its relationships leads to the records.
    Parallel relationships are counted one by one, self-loops left out.

    A page describes records, not a person: whoever was looked at most has most of them and the
    highest ranks. In constraint it is the last ranks that stand out. For many pages make
    ``measures`` and ``communities`` once.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    entity : str
        Id of the entity asked about.
    measures : pandas.DataFrame, optional
        Columns of numbers on ``network.entities.index``: what `netlink.profiles.measures` or
        `netlink.centrality.table` return, or another table. Without it, the first of these.
    communities : Communities, optional
        Of this network or of a part of it; without it, those of Leiden.
    names : mapping of str to str, optional
        Entity ids to the names that the page shows. Left out whatever it says: people to protect,
        objects that only they are tied to, and texts that hold the name of one of them.
    seed : int, default 0
        Seed of the communities where none are given.
    progress : bool, default False
        Show progress bars while the measures are made.

    Returns
    -------
    Profile

    Raises
    ------
    UnknownEntityError
        The entity is not in the network.
    ArgumentError
        An argument is of the wrong type, or of another network.

    Examples
    --------
    >>> import netlink as nl
    >>> page = nl.profile(nl.datasets.florentine_families(), "Medici")
    >>> page.measures.loc["betweenness"].round(3).tolist()
    [0.522, 1.0, 15.0, 100.0]
    >>> page.nearest.index[:3].tolist()
    ['Acciaiuoli', 'Albizzi', 'Barbadori']
    """
    if not isinstance(entity, str):
        raise ArgumentError(f"'entity' must be one entity id, got {type(entity).__name__}.")
    at = int(network.positions([entity])[0])
    names = checked_names(names)
    groups = _groups(network, communities, seed)
    table = _numbers(network, measures, groups, progress=progress)
    kinds = network.entity_table["entity_type"]
    rows = ties.around(network, at)
    nearest = ties.nearest(network, rows)
    own = groups.labels.reindex(network.entities.index)
    community = None if pd.isna(own.iloc[at]) else int(own.iloc[at])
    between = [name for name in _BROKERAGE if name in table]
    return Profile(
        entity=entity,
        entity_type=kinds.iloc[at],
        protection_status=network.entity_table["protection_status"].iloc[at],
        is_protected=bool(network.is_protected.iloc[at]),
        measures=_standing(table.drop(columns=between), at, (kinds == kinds.iloc[at]).to_numpy()),
        community=community,
        members=kinds[(own == community).to_numpy()].value_counts().sort_index().rename("members"),
        brokerage=pd.Series(
            {_BROKERAGE[name]: table[name].iloc[at].item() for name in between}, dtype=object
        ),
        relationship_types=ties.by_type(rows),
        nearest=nearest,
        names=_allowed(network, names, [entity, *nearest.index]),
        vocabulary=network.vocabulary,
    )


def _groups(network: Network, communities: object, seed: int) -> Communities:
    check_seed(seed)
    if communities is None:
        return leiden(network, seed=seed)
    if not isinstance(communities, Communities):
        raise ArgumentError(
            f"'communities' must be a Communities, got {type(communities).__name__}."
        )
    if not communities.labels.index.isin(network.entities.index).any():
        raise ArgumentError("'communities' must be of this network; it has none of its entities.")
    return communities


def _numbers(
    network: Network, given: object, groups: Communities, *, progress: bool
) -> pd.DataFrame:
    if given is None:
        return measures(network, communities=groups, progress=progress)
    table = checked_measures(network, given)
    wrong = sum(not pd.api.types.is_numeric_dtype(kind) for kind in table.dtypes)
    if wrong:
        raise ArgumentError(
            f"'measures' must have columns of numbers; {wrong:,} of {table.shape[1]:,} are not."
        )
    return table


def _standing(table: pd.DataFrame, at: int, alike: NDArray[np.bool_]) -> pd.DataFrame:
    """Return value, rank and percentile of one entity among those alike."""
    rows = []
    for name in table:
        values = table[name].to_numpy(dtype=float)
        value, values = values[at], values[alike & ~np.isnan(values)]
        # Sums of fractions in another order differ in the last digits; that makes no rank.
        equal = np.isclose(values, value, rtol=1e-9, atol=1e-12)
        lower = int(((values < value) & ~equal).sum())
        others, same = len(values) - 1, int(equal.sum()) - 1
        rank = np.nan if np.isnan(value) else len(values) - lower - same
        percentile = 100.0 * (lower + same / 2.0) / others if others > 0 else np.nan
        rows.append((value, rank, len(values), np.nan if np.isnan(value) else percentile))
    index = pd.Index(table.columns, name="measure")
    return pd.DataFrame(rows, index=index, columns=["value", "rank", "of", "percentile"])


def _allowed(network: Network, names: Mapping[str, str], entities: Iterable[str]) -> dict[str, str]:
    """Keep the names of what is on the page that say nothing of a person to protect."""
    if not names:
        return {}
    kinds = network.vocabulary.entity_types
    is_object = [kinds[name].is_object for name in network.entity_table["entity_type"]]
    hidden = network.is_protected.to_numpy()
    hidden = hidden | naming.telling(network, hidden, ~np.array(is_object, dtype=bool))
    betrays = naming.names_of(network, hidden, names)
    may = pd.Series(~hidden, index=network.entities.index)
    return {
        entity: names[entity]
        for entity in entities
        if entity in names and may[entity] and not betrays.search(names[entity])
    }
