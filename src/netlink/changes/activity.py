"""When a person's activity changed."""

from __future__ import annotations

from math import isfinite
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.changes.windows import windows
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from datetime import timedelta

    from numpy.typing import NDArray

    from netlink.network import Network


def change_points(
    network: Network,
    /,
    entity: str,
    *,
    every: str | timedelta = "week",
    tz: str | None = None,
    penalty: float | None = None,
) -> pd.DataFrame:
    """Find when the number of someone's relationships changed.

    The starts of the entity's relationships are counted by periods of equal kind over the whole
    time of the network, and the time is cut into the stretches of steady rate that explain the
    counts best: the exact least of twice the negative log-likelihood of Poisson counts and a
    penalty a cut (PELT). Records that come in bursts, as calls do, make more cuts than there were
    changes; a larger penalty leaves the stronger ones.

    It is the recording that changes, first of all: a cut on the day a phone was seized, or
    surveillance began, says nothing of the person. A relationship whose start is not known to
    within one period, or not at all, is left out; the result counts it.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    entity : str
        Id of the entity.
    every : str or datetime.timedelta, default "week"
        Period in which starts are counted: "day", "week", "month", "quarter", "year" or a length.
    tz : str, optional
        Zone whose calendar counts; that of the network without it.
    penalty : float, optional
        What a cut must explain, above 0; 2 log(number of periods) without it (Schwarz: a moment
        and a rate).

    Returns
    -------
    pandas.DataFrame
        A row a stretch, in order: ``start`` and ``end`` (not in it), UTC; ``n_relationships``; and
        ``rate``, relationships a day. The changes are the starts of all rows but the first. One row
        where nothing changed, none where the network has no dates. ``attrs["left_out"]`` is the
        number of the entity's relationships that could not be counted.

    Raises
    ------
    UnknownEntityError
        The entity is not in the network.
    ArgumentError
        The period, the zone or the penalty is not what it must be.

    References
    ----------
    Killick, Fearnhead & Eckley 2012, Optimal detection of changepoints with a linear computational
    cost; Schwarz 1978.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> days = pd.date_range("2024-01-01", periods=60, tz="UTC").repeat([1] * 30 + [5] * 30)
    >>> calls = pd.DataFrame({"source": "p1", "target": "p2", "start": days})
    >>> nl.changes.change_points(nl.read_tables(None, calls), "p1", every="day")["rate"].tolist()
    [1.0, 5.0]
    """
    position = int(network.positions([entity])[0])
    if penalty is not None:
        if isinstance(penalty, bool) or not isinstance(penalty, Real):
            raise ArgumentError(f"'penalty' must be a number, got {type(penalty).__name__}.")
        if not (isfinite(penalty) and penalty > 0):
            raise ArgumentError(f"'penalty' must be a positive finite number, got {penalty}.")
    periods = windows(network, every=every, tz=tz)
    source, target = network.codes
    own = (source == position) | (target == position)
    edges = _micro(pd.concat([periods["start"], periods["end"].iloc[-1:]]))
    spans = network.spans[own]
    first, last = _micro(spans["start_first"]), _micro(spans["start_last"])
    place = np.searchsorted(edges, first, side="right") - 1
    is_sure = (first != _NONE) & (place == np.searchsorted(edges, last, side="right") - 1)
    counts = np.bincount(place[is_sure], minlength=len(periods)).astype(np.float64)
    lengths = np.diff(edges) / 86_400e6  # days
    cost = 2.0 * np.log(max(len(periods), 1)) if penalty is None else float(penalty)
    cuts = _cuts(counts, lengths, cost)
    ends = np.append(cuts[1:], len(periods))[: len(cuts)]
    n = np.diff(np.append(0.0, np.cumsum(counts))[np.append(cuts, len(periods))])
    start, end = periods["start"].iloc[cuts], periods["end"].iloc[ends - 1]
    days = (end.to_numpy() - start.to_numpy()) / pd.Timedelta(days=1)
    table = pd.DataFrame(
        {
            "start": start.array,
            "end": end.array,
            "n_relationships": n.astype(np.int64),
            "rate": n / days.astype(np.float64),
        }
    )
    table.attrs["left_out"] = int((~is_sure).sum())
    return table


_NONE = np.iinfo(np.int64).min


def _micro(moments: pd.Series) -> NDArray[np.int64]:
    """Return microseconds since 1970, the least of all where the moment is missing."""
    found = moments.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    numbers: NDArray[np.int64] = found.astype(np.int64)
    return numbers


def _cuts(
    counts: NDArray[np.float64], lengths: NDArray[np.float64], penalty: float
) -> NDArray[np.int64]:
    """Return the first period of every stretch: the exact optimum, by PELT.

    A beginning that lags behind the best by more than the penalty now can never lead to the best
    later, since joining two stretches never lowers the cost (K = 0 in the paper).
    """
    n = len(counts)
    total = np.concatenate([[0.0], np.cumsum(counts)])
    time = np.concatenate([[0.0], np.cumsum(lengths)])
    best = np.zeros(n + 1)
    best[0] = -penalty
    before = np.zeros(n + 1, dtype=np.int64)
    candidates = np.zeros(1, dtype=np.int64)
    for end in range(1, n + 1):
        events, days = total[end] - total[candidates], time[end] - time[candidates]
        rate = np.where(events > 0, events, days) / days
        costs = best[candidates] - 2.0 * events * np.log(rate)
        chosen = int(np.argmin(costs))  # the earliest of equals: the longest stretch
        best[end], before[end] = costs[chosen] + penalty, candidates[chosen]
        kept = candidates[costs <= best[end]]
        candidates = np.append(kept, end)
    cuts = []
    end = n
    while end > 0:
        end = int(before[end])
        cuts.append(end)
    return np.array(cuts[::-1], dtype=np.int64)
