"""How well groups fit the ties, whoever made them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.communities import _ties

if TYPE_CHECKING:
    from netlink.communities.result import Communities
    from netlink.network import Network


def modularity(
    network: Network,
    /,
    *,
    groups: Communities | pd.Series,
    resolution: float = 1.0,
    weight: str | None = "weight",
) -> float:
    """How far weight lies inside groups, beyond chance.

    The sum over groups of w/m - resolution * (s/2m) squared, where w is the weight of ties inside
    the group, s that of all its members' ties and m that of all ties. At a resolution of 1 it is at
    most 1 and at least -0.5. Ties are read in both directions, parallel ones merged, self-loops
    left out.

    Compare it for groupings of one network only: it grows with size, and the best grouping of a
    random network without any groups has one well above 0.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    groups : Communities or pandas.Series
        The group of every entity: what a function of this module returned, or any labels by entity
        id, such as the agency that knows each.
    resolution : float, default 1.0
        Above 0.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships.

    Returns
    -------
    float
        NaN without ties of any weight.

    Raises
    ------
    ArgumentError
        An entity has no group, the resolution is not above 0, or the column is not of strengths.

    References
    ----------
    Newman & Girvan 2004, Finding and evaluating community structure in networks.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> groups = nl.communities.leiden(club)
    >>> round(nl.communities.modularity(club, groups=groups), 5)
    0.41979
    """
    resolution = _ties.check_resolution(resolution)
    codes, _ = pd.factorize(_ties.labels_of(network, groups))
    ties, is_tied = _ties.read(network, weight)
    return _ties.modularity_of(ties, codes[is_tied].astype(np.int64), resolution)


def quality(
    network: Network, /, *, groups: Communities | pd.Series, weight: str | None = "weight"
) -> pd.DataFrame:
    """How dense each group is, and how far apart.

    A conductance near 0 marks a group with hardly a tie to others, one near 1 a group in name only.
    Small groups are dense by nature: of two the density is 0 or 1. Ties are read in both
    directions, parallel ones merged, self-loops left out.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    groups : Communities or pandas.Series
        The group of every entity, as in `modularity`.
    weight : str or None, default "weight"
        Numeric column of strengths, none of them negative; None counts the relationships. Ties of
        weight 0 count nowhere.

    Returns
    -------
    pandas.DataFrame
        One row a group, in the order of their labels: ``size``; ``ties`` inside;
        ``density``, the share of its pairs that have a tie (NaN for a group of one);
        ``internal_weight`` of the ties inside; ``cut``, the weight of those that leave it;
        ``conductance``, cut divided by the weight of all its members' ties, or by that of everybody
        else's where that is less (NaN where either is 0).

    Raises
    ------
    ArgumentError
        An entity has no group, or the column is not of strengths.

    References
    ----------
    Leskovec, Lang & Mahoney 2010, Empirical comparison of algorithms for network community
    detection.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> nl.communities.quality(club, groups=nl.communities.leiden(club)).round(2)
               size  ties  density  internal_weight   cut  conductance
    community
    0            12    21     0.32             21.0  14.0         0.25
    1            11    23     0.42             23.0  14.0         0.23
    2             6     7     0.47              7.0  10.0         0.42
    3             5     6     0.60              6.0   4.0         0.25
    """
    labels = _ties.labels_of(network, groups)
    codes, names = pd.factorize(labels, sort=True)
    ties, is_tied = _ties.read(network, weight)
    of_tied, n = codes[is_tied], len(names)
    source, target = of_tied[ties.source], of_tied[ties.target]
    inside = source == target
    size = np.bincount(codes, minlength=n)
    held = np.bincount(source[inside], minlength=n)
    internal = np.bincount(source[inside], ties.weight[inside], minlength=n)
    ends = np.concatenate([source[~inside], target[~inside]])
    cut = np.bincount(ends, np.tile(ties.weight[~inside], 2), minlength=n)
    volume = 2 * internal + cut
    smaller = np.minimum(volume, 2 * ties.weight.sum() - volume)
    # What is left of everybody else's weight by rounding alone is nothing.
    smaller[(cut == 0) & (smaller <= 1e-9 * volume)] = 0
    pairs = size * (size - 1) / 2
    with np.errstate(divide="ignore", invalid="ignore"):
        density = np.where(pairs > 0, held / pairs, np.nan)
        conductance = np.where(smaller > 0, cut / smaller, np.nan)
    columns = {
        "size": size,
        "ties": held,
        "density": density,
        "internal_weight": internal.astype(float),
        "cut": cut.astype(float),
        "conductance": conductance,
    }
    return pd.DataFrame(columns, index=pd.Index(names, name=labels.name))
