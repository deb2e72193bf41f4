"""Brokerage between groups by Gould and Fernandez: who stands between whom of which group."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink.brokerage._expected import ROLES, moments
from netlink.errors import ArgumentError, near

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.network import Network

_ENDS = 256  # looked at together, between two looks at the keyboard
_SALT = np.uint64(1)


def gould_fernandez(
    network: Network,
    /,
    *,
    groups: str | pd.Series,
    directed: bool | None = None,
    partial: bool = False,
    progress: bool = False,
) -> pd.DataFrame:
    """Count in which roles an entity stands between groups.

    For every two-path a, v, c without a tie from a to c, the one between (v) has a role by the
    groups of the three, in that order: **coordinator** A A A; **itinerant** A B A, between two of
    one other group; **gatekeeper** A B B, who lets in; **representative** A A B, who speaks for his
    own; **liaison** A B C, between three groups. Where ties are undirected each two-path is counted
    in both orders, so gatekeeper equals representative, and all counts are twice what they would
    be over unordered pairs. Parallel relationships make one tie, self-loops none.

    Counts grow with the number of ties and with the sizes of the groups: compare with
    `gould_fernandez_scores`. They say who could pass something on, not who did; the role names
    are the field's own and no finding about a person.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    groups : str or pandas.Series
        A column of the entity table, or a value for each entity on ``network.entities.index``, such
        as the labels of communities. Entities whose value is missing are left out with their ties.
    directed : bool, optional
        None reads the direction from the relationship types, True takes every relationship from
        source to target, False in both directions.
    partial : bool, default False
        Divide each two-path by the number of entities that stand between the same a and c, so that
        being the only one counts most. This looks at every two-path, once for all who have the same
        group and the same ties: it takes a time that grows with the squares of the numbers of ties.
    progress : bool, default False
        Show a progress bar with ``partial``; without it there is nothing to wait for.

    Returns
    -------
    pandas.DataFrame
        On ``network.entities.index``: coordinator, itinerant, gatekeeper, representative, liaison
        and their total, as float; NaN for entities without a group.

    Raises
    ------
    ArgumentError
        There is no such column, or the series is not on the entities of the network.

    References
    ----------
    Gould & Fernandez 1989, Structures of mediation: a formal approach to brokerage in transaction
    networks.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> groups = nl.communities.leiden(club).labels
    >>> nl.brokerage.gould_fernandez(club, groups=groups).loc["0"].astype(int)
    coordinator        64
    itinerant           4
    gatekeeper         59
    representative     59
    liaison            18
    total             204
    Name: 0, dtype: int64
    """
    if not isinstance(partial, bool):
        raise ArgumentError(f"'partial' must be True or False, got {type(partial).__name__}.")
    paths = _Paths(network, groups, directed)
    found = paths.shared(progress=progress) if partial else paths.counted().astype(float)
    found[paths.group < 0] = np.nan
    value = pd.DataFrame(found, index=network.entities.index, columns=list(ROLES))
    value["total"] = found.sum(axis=1)
    return value


def gould_fernandez_scores(
    network: Network, /, *, groups: str | pd.Series, directed: bool | None = None
) -> pd.DataFrame:
    """Compare brokerage counts with the same groups dealt at random.

    For each role (count - expectation) / standard deviation of `gould_fernandez`, over all ways to
    deal the groups, in their sizes, to the same entities while the ties stay. Nothing is drawn:
    expectation and variance are exact. Above 0 an entity has the role more often than somebody in
    its place would have by chance; the distribution is skewed where two-paths are few, so 2 is no
    limit of significance there. Groups found from the same ties, as communities are, make
    coordinators common and liaisons rare by construction.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    groups : str or pandas.Series
        As for `gould_fernandez`.
    directed : bool, optional
        As for `gould_fernandez`.

    Returns
    -------
    pandas.DataFrame of float
        On ``network.entities.index``: coordinator, itinerant, gatekeeper, representative, liaison;
        NaN for entities without a group or an open two-path, and where chance cannot change the
        count. The total of the roles does not depend on the groups and has no score.

    Raises
    ------
    ArgumentError
        There is no such column, or the series is not on the entities of the network.

    References
    ----------
    Gould & Fernandez 1989, Structures of mediation: a formal approach to brokerage in transaction
    networks.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> groups = nl.communities.leiden(club).labels
    >>> nl.brokerage.gould_fernandez_scores(club, groups=groups).loc["0"].round(2)
    coordinator       4.08
    itinerant        -2.45
    gatekeeper        1.56
    representative    1.56
    liaison          -2.17
    Name: 0, dtype: float64
    """
    paths = _Paths(network, groups, directed)
    sizes = np.bincount(paths.group[paths.group >= 0]).tolist()
    mean, variance = moments(paths.overlaps(), sizes)
    deviation = np.sqrt(np.where(variance > 0, variance, np.nan))
    value = (paths.counted() - mean) / deviation
    return pd.DataFrame(value, index=network.entities.index, columns=list(ROLES))


class _Paths:
    """Ties among entities with a group, and the two-paths along them."""

    def __init__(self, network: Network, groups: str | pd.Series, directed: bool | None) -> None:
        from netlink.brokerage import _path_kernels

        self.kernels = _path_kernels
        self.group = _codes(network, groups)
        ties = network.to_scipy(directed=False, weight=None)
        self.start, self.other = ties.indptr, ties.indices
        self.upward = _arrays.upward(ties)
        one_way = network.to_scipy(directed=directed, weight=None)
        arcs = one_way.indptr, one_way.indices
        _, _, forth, back = self.upward
        self.way: NDArray[np.uint8] = _path_kernels.ways(
            self.start, self.other, arcs, self.group, forth, back
        )

    def counted(self) -> NDArray[np.int64]:
        n_groups = int(self.group.max(initial=0)) + 1
        found: NDArray[np.int64] = self.kernels.two_paths(
            self.start, self.other, self.way, self.group, n_groups
        )
        head, up, forth, _ = (part.view(np.uint32) for part in self.upward)
        for closed in _arrays.in_parts(
            lambda first, last: self.kernels.closed_by_role(
                self.way, self.group, head, up, forth, first, last
            ),
            head,
        ):
            found -= closed
        return found

    def shared(self, *, progress: bool) -> NDArray[np.float64]:
        from tqdm import tqdm

        ties, kind, first = self._kinds()
        group, size = self.group[first], np.bincount(kind)
        n = len(first)
        found = np.zeros((n, 5))
        for begin in tqdm(range(0, n, _ENDS), disable=not progress, unit_scale=_ENDS):
            end = min(n, begin + _ENDS)
            self.kernels.share(ties.indptr, ties.indices, ties.data, group, size, begin, end, found)
        return found[kind]

    def _kinds(self) -> tuple[csr_array, NDArray[np.int64], NDArray[np.int64]]:
        """Find who has the same group and the same ties: what holds of one holds of all.

        Return ways among the first of each kind, the kind of everybody, and who is first.
        """
        from scipy.sparse import csr_array

        at = np.flatnonzero(self.way)
        start = np.searchsorted(at, self.start)
        ties = csr_array((self.way[at], self.other[at], start), shape=(len(self.group),) * 2)
        # Ties alike in number, ends and ways have the same sum of 64 bits.
        key = _arrays.mixed(ties.indices.astype(np.uint64) << np.uint64(2) | ties.data, _SALT)
        sums = np.append(np.uint64(0), np.cumsum(key, dtype=np.uint64))[start]
        key = _arrays.mixed((sums[1:] - sums[:-1]) ^ self.group.astype(np.uint64), _SALT)
        kind = pd.factorize(key)[0].astype(np.int64)
        first = np.flatnonzero(~pd.Series(key).duplicated().to_numpy())
        return ties[first][:, first].tocsr(), kind, first

    def overlaps(self) -> NDArray[np.float64]:
        """Count open two-paths through each entity, and ordered pairs of them by shared ends.

        Columns: all two-paths; those open in reverse too; pairs that share the first end, the last
        end, and where one begins with the end of the other.
        """
        begin, end, pairs = self.kernels.closed(self.way, self.upward)
        n = len(self.group)
        entity = np.repeat(np.arange(n, dtype=np.int32), np.diff(self.start))

        def added(values: NDArray[Any]) -> NDArray[np.float64]:
            return np.bincount(entity, values, n).astype(float)

        leaves, arrives = self.way & 1, self.way >> 1
        both = added(leaves & arrives)
        begin = arrives * (added(leaves)[entity] - leaves - begin)
        end = leaves * (added(arrives)[entity] - arrives - end)
        reverse = both * (both - 1) - 2 * pairs
        first, last = added(begin * (begin - 1)), added(end * (end - 1))
        return np.column_stack([added(begin), reverse, first, last, added(begin * end) - reverse])


def _codes(network: Network, groups: str | pd.Series) -> NDArray[np.int32]:
    """Return a number for the group of each entity, -1 where it has none."""
    if isinstance(groups, pd.Series):
        if not groups.index.equals(network.entities.index):
            raise ArgumentError(
                "'groups' must be on the entities of the network, in their order; its index of "
                f"{len(groups):,} is not that of the {network.n_entities:,} entities. "
                "'groups.reindex(network.entities.index)' puts it there."
            )
        column = groups
    elif isinstance(groups, str):
        columns = [str(column) for column in network.entity_table.columns]
        if groups not in columns:
            raise ArgumentError(
                f"The entity table has no column '{groups}'.{near(groups, columns)}"
            )
        column = network.entity_table[groups]
    else:
        got = type(groups).__name__
        raise ArgumentError(
            f"'groups' must be a column name or a Series, got {got}. Of communities give 'labels'."
        )
    return pd.factorize(column)[0].astype(np.int32)
