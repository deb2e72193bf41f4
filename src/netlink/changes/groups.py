"""Groups followed from window to window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
import pandas as pd

from netlink.changes.parts import names_of, parts
from netlink.communities import Communities
from netlink.errors import ArgumentError, check_count

if TYPE_CHECKING:
    from collections.abc import Callable

    from netlink.network import Network

    Method: TypeAlias = Callable[[Network], Communities]

EVENTS = ("born", "grown", "shrunk", "kept", "split", "merged", "ended")


@dataclass(frozen=True, eq=False, repr=False)
class GroupHistory:
    """Groups over windows: their members, and what became of them.

    Attributes
    ----------
    members : pandas.DataFrame
        A row a window and member: ``window``, ``group`` (its number over all windows),
        ``entity_id``. Windows in their order, groups by number, members by id.
    events : pandas.DataFrame
        A row a window and group: ``window``, ``group``, ``event``, ``size``, ``size_before``,
        ``other`` (the group it split from or merged into; missing otherwise) and ``jaccard``, how
        alike it is to the one it was matched with in the window before (NaN without one).
    windows : pandas.Index
        Names of the windows in their order; one without a group is here too.
    threshold : float
        How alike two groups had to be.

    Examples
    --------
    >>> import netlink as nl
    >>> history = nl.changes.follow_groups(
    ...     nl.read_tables(None, nl.datasets.krackhardt_kite().relationships.assign(phase=1)),
    ...     windows="phase", method=nl.communities.leiden)
    >>> history
    <GroupHistory of 3 groups over 1 window (3 born)>
    """

    members: pd.DataFrame
    events: pd.DataFrame
    windows: pd.Index
    threshold: float

    def __repr__(self) -> str:
        counts = self.events["event"].value_counts()
        told = ", ".join(f"{counts[event]:,} {event}" for event in EVENTS if counts.get(event))
        n, n_windows = self.events["group"].nunique(), len(self.windows)
        return (
            f"<GroupHistory of {n:,} {'group' if n == 1 else 'groups'} over {n_windows:,} "
            f"{'window' if n_windows == 1 else 'windows'} ({told or 'no events'})>"
        )


class _Match(NamedTuple):
    """Two groups of neighboring windows that are alike; sorts the most alike first."""

    unlikeness: float
    group: int
    community: int


def follow_groups(
    network: Network,
    /,
    *,
    windows: pd.DataFrame | str,
    method: Method,
    threshold: float = 0.3,
    min_size: int = 3,
    progress: bool = False,
) -> GroupHistory:
    """Follow groups from window to window.

    Groups are found in each window by itself and matched with those of the window before: two are
    alike where those who are in both are more than `threshold` of those who are in either
    (Jaccard). Pairs are taken from the most alike down, ties by the smaller number; a group that is
    taken goes on under its number: kept (as large as before), grown or shrunk. What is alike to a
    group that went on in another is *split* off from it and gets a number of its own; a group that
    is alike to one that another went on in has *merged* into it. The rest is *born* or has *ended*.
    A group that is missing in one window has ended and cannot come back.

    A change of the groups may be one of the method: where it might have drawn the border otherwise
    (`netlink.communities.consensus` tells), do not make a story of it. Where little was recorded,
    groups seem to end.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    windows : pandas.DataFrame or str
        From `windows`, or a column of the relationship table with the phase of each.
    method : callable
        Takes a network and gives `Communities`, such as ``nl.communities.leiden``.
    threshold : float, default 0.3
        How alike two groups must be, from 0 up to and not including 1.
    min_size : int, default 3
        Smaller groups are left out of every window.
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    GroupHistory
        Numbers count from 0 by first window, then size, then smallest id.

    Raises
    ------
    ArgumentError
        An argument is not what it must be, or the method gives something else than communities.

    References
    ----------
    Greene, Doyle & Cunningham 2010, Tracking the evolution of communities in dynamic social
    networks. There groups that merge both go on, and one may be missing for some windows.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> ties = [("a", "b", 1), ("b", "c", 1), ("a", "b", 2), ("b", "c", 2), ("c", "d", 2)]
    >>> table = pd.DataFrame(ties, columns=["source", "target", "phase"])
    >>> history = nl.changes.follow_groups(nl.read_tables(None, table), windows="phase",
    ...     method=lambda part: nl.communities.leiden(part, resolution=0.1))
    >>> history.events[["window", "event", "size"]].values.tolist()
    [['1', 'born', 3], ['2', 'grown', 4]]
    """
    from tqdm import tqdm

    if (
        isinstance(threshold, bool)
        or not isinstance(threshold, int | float)
        or not 0 <= threshold < 1
    ):
        raise ArgumentError(f"'threshold' must be a number from 0 up to 1, got {threshold!r}.")
    check_count(min_size, "min_size")
    names = names_of(network, windows)
    tracker = _Tracker(float(threshold))
    for name, part in tqdm(
        zip(names, parts(network, windows), strict=True), total=len(names), disable=not progress
    ):
        found = method(part)
        if not isinstance(found, Communities):
            raise ArgumentError(f"'method' must give Communities, got {type(found).__name__}.")
        labels = found.labels.dropna()
        groups = [set(group.index) for _, group in labels.groupby(labels) if len(group) >= min_size]
        tracker.add(name, sorted(groups, key=lambda group: (-len(group), min(group))))
    return tracker.history(names)


class _Event(NamedTuple):
    """What became of a group in a window; a row of `GroupHistory.events`."""

    window: str
    group: int
    event: str
    size: int
    size_before: int
    other: int | None
    jaccard: float


class _Tracker:
    """Takes the groups of one window after the other and numbers them."""

    def __init__(self, threshold: float) -> None:
        self.threshold = threshold
        self.before: dict[int, set[str]] = {}
        self.n = 0
        self.members: list[tuple[str, int, str]] = []
        self.events: list[_Event] = []

    def _matches(self, groups: list[set[str]]) -> list[_Match]:
        group_of = {entity: group for group, old in self.before.items() for entity in old}
        found = []
        for community, members in enumerate(groups):
            for group in {group_of[entity] for entity in members if entity in group_of}:
                old = self.before[group]
                jaccard = len(old & members) / len(old | members)
                if jaccard > self.threshold:
                    found.append(_Match(-jaccard, group, community))
        return sorted(found)

    def add(self, window: str, groups: list[set[str]]) -> None:
        """Match the groups of the next window with those before and say what became of them."""
        matches = self._matches(groups)
        goes_on: dict[int, _Match] = {}  # by community
        taken: set[int] = set()
        for match in matches:
            if match.community not in goes_on and match.group not in taken:
                goes_on[match.community] = match
                taken.add(match.group)
        number, told = {}, []
        for community, members in enumerate(groups):
            # Of those it is like the most alike; where that went on elsewhere it split off.
            like = next((match for match in matches if match.community == community), None)
            like = goes_on.get(community, like)
            number[community] = like.group if like and community in goes_on else self.n
            self.n += community not in goes_on
            told.append(self._told(window, number[community], len(members), like))
        for group in self.before.keys() - taken:
            into = next((match for match in matches if match.group == group), None)
            other = None if into is None else number[into.community]
            event, alike = ("ended", np.nan) if into is None else ("merged", -into.unlikeness)
            told.append(_Event(window, group, event, 0, len(self.before[group]), other, alike))
        self.events += sorted(told)
        self.before = {number[community]: members for community, members in enumerate(groups)}
        for group in sorted(self.before):
            self.members += [(window, group, entity) for entity in sorted(self.before[group])]

    def _told(self, window: str, group: int, size: int, like: _Match | None) -> _Event:
        if like is None:
            return _Event(window, group, "born", size, 0, None, np.nan)
        before = len(self.before[like.group])
        if like.group != group:
            return _Event(window, group, "split", size, 0, like.group, -like.unlikeness)
        event = "grown" if size > before else "shrunk" if size < before else "kept"
        return _Event(window, group, event, size, before, None, -like.unlikeness)

    def history(self, names: list[str]) -> GroupHistory:
        """Return what was followed."""
        members = pd.DataFrame(self.members, columns=["window", "group", "entity_id"])
        events = pd.DataFrame(self.events, columns=list(_Event._fields))
        texts = {"window": "str", "group": "int64"}
        return GroupHistory(
            members.astype({**texts, "entity_id": "str"}),
            events.astype(
                {
                    **texts,
                    "event": pd.CategoricalDtype(list(EVENTS)),
                    "size": "int64",
                    "size_before": "int64",
                    "other": "Int64",
                    "jaccard": "float64",
                }
            ),
            pd.Index(names, name="window", dtype="str"),
            self.threshold,
        )
