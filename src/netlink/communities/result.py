"""What a grouping is."""

from __future__ import annotations

from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import TYPE_CHECKING

from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


@dataclass(frozen=True, eq=False, repr=False)
class Communities:
    """A grouping: every entity is in one community.

    Attributes
    ----------
    labels : pandas.Series
        Named "community", on ``network.entities.index``: the number of each entity's community.
        The largest is 0; of two alike in size the one with the smallest entity id comes first.
    modularity : float
        The share of weight inside communities less the share that ties laid at random between
        entities of the same strengths would have there; see `modularity`. NaN without ties of any
        weight. At the resolution of the call where the method seeks modularity, else at 1.
    method : str
        Name of the function that made it.
    parameters : mapping of str to object
        What it was called with.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.communities.leiden(nl.datasets.karate_club())
    <Communities by leiden: 4 communities of 34 entities (modularity 0.420)>
    """

    labels: pd.Series
    modularity: float
    method: str
    parameters: Mapping[str, object]

    @property
    def sizes(self) -> pd.Series:
        """Number of entities in each community, indexed by its number.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.communities.leiden(nl.datasets.karate_club()).sizes.tolist()
        [12, 11, 6, 5]
        """
        return self.labels.value_counts().sort_index().rename("size")

    def members(self, label: int) -> pd.Index:
        """Return the ids of the entities of one community.

        Parameters
        ----------
        label : int
            The number of the community, as in ``labels``.

        Returns
        -------
        pandas.Index
            In the order of ``labels``.

        Raises
        ------
        ArgumentError
            There is no community of that number.

        Examples
        --------
        >>> import netlink as nl
        >>> len(nl.communities.leiden(nl.datasets.karate_club()).members(0))
        12
        """
        found = self.labels.index[(self.labels == label).to_numpy(dtype=bool)]
        if isinstance(label, bool) or found.empty:
            raise ArgumentError(
                f"'label' must be the number of one of the {self.labels.nunique():,} communities, "
                f"got {label!r}."
            )
        return found

    def __post_init__(self) -> None:
        object.__setattr__(self, "parameters", MappingProxyType(dict(self.parameters)))

    def __reduce__(self) -> tuple[object, ...]:  # a mapping proxy has no pickle of its own
        given = {part.name: getattr(self, part.name) for part in fields(self)}
        given["parameters"] = dict(self.parameters)
        return type(self), tuple(given.values())

    def __repr__(self) -> str:
        n, groups = len(self.labels), self.labels.nunique()
        found = f"{groups:,} {'community' if groups == 1 else 'communities'}"
        entities = f"{n:,} {'entity' if n == 1 else 'entities'}"
        modularity = f"modularity {self.modularity:.3f}"
        kind = type(self).__name__
        return f"<{kind} by {self.method}: {found} of {entities} ({modularity})>"
