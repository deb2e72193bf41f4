"""Who moved with whom, and how much more often than chance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import check_count, check_seed
from netlink.journeys.itinerary import joined, positive
from netlink.journeys.visits import visits

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network


def co_movement(
    network: Network,
    /,
    *,
    within: str = "1D",
    min_together: int = 2,
    max_crowd: int = 50,
    draws: int = 999,
    seed: int = 0,
) -> pd.DataFrame:
    """Find who moved with whom more often than chance.

    Two entities are together on an occasion if records put both at one place with no more than
    `within` between them. Everybody who passes a busy crossing every week is together with
    everybody else there, so each pair's count is set against chance: at each place the times of all
    its records are dealt out anew among them, which keeps how often each entity was there and how
    busy each day was. Where a pair's count is rarely reached in those draws, something keeps them
    together, whatever it is: a shared journey, a bus line, a shift. With many pairs some fall low
    by luck: at a thousand pairs, one of them below 0.001.

    Parameters
    ----------
    network : Network
        With locations; what counts as a presence, see `visits`.
    within : str, default "1D"
        The longest time between two records that count as together. A record whose own time is
        less certain than this (a month, a year) is left out.
    min_together : int, default 2
        Occasions that a pair needs to be listed.
    max_crowd : int, default 50
        A record with more others than this around it is a crowd, not company: left out.
    draws : int, default 999
        Draws of chance.
    seed : int, default 0
        Seed of the draws.

    Returns
    -------
    pandas.DataFrame
        A row a pair, the least like chance first: ``entity_1``, ``entity_2`` (in the order of ids),
        ``together`` (occasions), ``expected`` (their mean by chance), ``p_value`` (share of draws
        with as many, the observed one counted in), ``places`` (list of the places in order of time,
        origin first, transits between, destination last), ``one_way`` (whether they
        moved on and no place comes twice), ``first``, ``last`` and ``relationship_ids``.

    Raises
    ------
    ArgumentError
        A number is not a positive integer, or `within` no positive length of time.

    References
    ----------
    Good 2005, Permutation, Parametric, and Bootstrap Tests of Hypotheses; the observed value counts
    among the draws after Phipson & Smyth 2010, Permutation P-values should never be zero.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> rows = pd.DataFrame({"source": ["p1", "p2", "p1", "p2", "p3"],
    ...                      "target": ["harbour", "harbour", "hotel", "hotel", "hotel"],
    ...                      "relationship_type": "seen_at",
    ...                      "start": ["2024-03-01", "2024-03-01", "2024-03-09", "2024-03-09",
    ...                                "2024-05-01"]})
    >>> pairs = nl.journeys.co_movement(nl.read_tables(None, rows), draws=99)
    >>> pairs[["entity_1", "entity_2", "together", "places"]].values.tolist()
    [['p1', 'p2', 2, ['harbour', 'hotel']]]
    """
    for name, value in (
        ("min_together", min_together),
        ("max_crowd", max_crowd),
        ("draws", draws),
    ):
        check_count(value, name)
    check_seed(seed)
    apart = positive(within, "within").to_timedelta64()
    table = visits(network)
    vague = (table["start_last"] - table["start_first"]).to_numpy() >= apart
    table = table[~(vague & (table["start_first"] != table["start_last"]).to_numpy())]
    table = table.sort_values(["place", "start_first", "end_last", "entity_id"], ignore_index=True)
    within_us = int(apart / np.timedelta64(1, "us"))
    crowded = _Stays.of(table, within_us).around() > max_crowd
    table = table[~crowded].reset_index(drop=True)
    stays = _Stays.of(table, within_us)
    found = stays.company()
    if found.empty:
        return _listed(found, table, np.zeros(0), np.zeros(0), np.zeros(0, dtype=np.int64))
    counts = found.groupby("pair").agg(a=("i", "nunique"), b=("j", "nunique")).min(axis=1)
    often = counts[counts >= min_together].index.to_numpy()
    every = stays.meetings(often)
    together = every.count(stays.start, stays.end)
    generator = np.random.Generator(np.random.PCG64(seed))
    total, reached = np.zeros(len(together)), np.zeros(len(together))
    for _ in range(draws):
        order = stays.dealt(generator)
        drawn = every.count(stays.start[order], stays.end[order])
        total += drawn
        reached += drawn >= together
    expected, p_value = total / draws, (reached + 1) / (draws + 1)
    return _listed(found[found["pair"].isin(often)], table, expected, p_value, together)


@dataclass(frozen=True)
class _Stays:
    """Presences as numbers, in the order of place and time."""

    who: NDArray[np.int64]
    place: NDArray[np.int64]
    start: NDArray[np.int64]
    end: NDArray[np.int64]
    apart: int

    @classmethod
    def of(cls, table: pd.DataFrame, apart: int) -> _Stays:
        def microseconds(name: str) -> NDArray[np.int64]:
            plain = table[name].dt.tz_localize(None).to_numpy().astype("datetime64[us]")
            return np.asarray(plain.astype(np.int64))

        who = np.unique(table["entity_id"].to_numpy(dtype=object), return_inverse=True)[1]
        place = np.unique(table["place"].to_numpy(dtype=object), return_inverse=True)[1]
        start, end = microseconds("start_first"), microseconds("end_last")
        return cls(who.astype(np.int64), place.astype(np.int64), start, end, apart)

    @property
    def _width(self) -> int:
        return int(self.who.max(initial=0)) + 1

    def _upto(self) -> NDArray[np.int64]:
        """Return where the later records at the place end that begin before each has ended."""
        first = int(self.start.min(initial=0))
        span = int(max(self.end.max(initial=0) - first, 0)) + 2 * self.apart + 2
        base = self.place * span - first
        found = np.searchsorted(base + self.start, base + self.end + self.apart, side="right")
        return found.astype(np.int64)

    def around(self) -> NDArray[np.int64]:
        """Count the other records that each is together with, of whomever."""
        n, upto = len(self.who), self._upto()
        # What began before it may reach it too: each from its own place up to `upto`.
        begun = np.bincount(np.arange(n) + 1, minlength=n + 1) - np.bincount(upto, minlength=n + 1)
        found: NDArray[np.int64] = upto - np.arange(n) - 1 + np.cumsum(begun)[:n]
        return found

    def company(self) -> pd.DataFrame:
        """Return the records `i` and `j` of two entities that are together, and their `pair`."""
        n = len(self.who)
        size = self._upto() - np.arange(n) - 1
        i, j = np.repeat(np.arange(n), size), _runs(np.arange(n) + 1, size)
        fit = self.who[i] != self.who[j]
        return self._paired(i[fit], j[fit])

    def _paired(self, i: NDArray[np.int64], j: NDArray[np.int64]) -> pd.DataFrame:
        turned = self.who[i] > self.who[j]
        i, j = np.where(turned, j, i), np.where(turned, i, j)
        pair = self.who[i] * self._width + self.who[j]
        return pd.DataFrame({"i": i, "j": j, "pair": pair})

    def meetings(self, pairs: NDArray[np.int64]) -> _Meetings:
        """Return all records at the same place of each of some pairs, together or not."""
        mine = pd.DataFrame({"record": np.arange(len(self.who)), "place": self.place})
        mine["who"] = self.who
        both = pd.DataFrame({"pair": pairs, "a": pairs // self._width, "b": pairs % self._width})
        table = both.merge(mine.set_axis(["i", "place", "a"], axis=1), on="a")
        table = table.merge(mine.set_axis(["j", "place", "b"], axis=1), on=["b", "place"])
        table = table.sort_values(["pair", "i", "j"], ignore_index=True)
        return _Meetings.of(table, self.apart)

    def dealt(self, generator: np.random.Generator) -> NDArray[np.int64]:
        """Deal the times of each place out anew."""
        # Records stand by place: sorting by place and a random number shuffles within.
        return np.lexsort((generator.random(len(self.place)), self.place)).astype(np.int64)


@dataclass(frozen=True)
class _Meetings:
    """Pairs of records at one place, grouped so that occasions are counted without sorting."""

    i: NDArray[np.int64]
    j: NDArray[np.int64]
    apart: int
    by_i: tuple[NDArray[np.int64], NDArray[np.int64]]  # where records i begin, where pairs begin
    order: NDArray[np.int64]  # by pair and record j
    by_j: tuple[NDArray[np.int64], NDArray[np.int64]]

    @classmethod
    def of(cls, table: pd.DataFrame, apart: int) -> _Meetings:
        pair, i, j = (table[name].to_numpy(dtype=np.int64) for name in ("pair", "i", "j"))
        order = np.lexsort((j, pair))
        return cls(
            i, j, apart, _starts(pair, i), order.astype(np.int64), _starts(pair[order], j[order])
        )

    def count(self, start: NDArray[np.int64], end: NDArray[np.int64]) -> NDArray[np.int64]:
        """Count the occasions of each pair: records of the one with company of the other."""
        gap = np.maximum(start[self.i], start[self.j]) - np.minimum(end[self.i], end[self.j])
        hit = (gap <= self.apart).astype(np.int64)
        found = []
        for values, (records, pairs) in ((hit, self.by_i), (hit[self.order], self.by_j)):
            found.append(np.add.reduceat(np.maximum.reduceat(values, records), pairs))
        # Ten records of the one beside one of the other are one occasion.
        return np.minimum(*found)


def _starts(
    pair: NDArray[np.int64], record: NDArray[np.int64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    new_pair = np.diff(pair, prepend=-1) != 0
    new_record = new_pair | (np.diff(record, prepend=-1) != 0)
    records = np.flatnonzero(new_record)
    return records, np.flatnonzero(new_pair[records])


def _runs(first: NDArray[np.int64], size: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return first, first + 1, ... for each size, one after the other."""
    ends = np.cumsum(size)
    return np.arange(int(size.sum())) - np.repeat(ends - size - first, size)


def _listed(
    found: pd.DataFrame,
    table: pd.DataFrame,
    expected: NDArray[np.float64],
    p_value: NDArray[np.float64],
    together: NDArray[np.int64],
) -> pd.DataFrame:
    i, j = found["i"].to_numpy(), found["j"].to_numpy()
    begun = np.minimum(table["start_first"].to_numpy()[i], table["start_first"].to_numpy()[j])
    ended = np.maximum(table["end_last"].to_numpy()[i], table["end_last"].to_numpy()[j])
    ids = table["relationship_ids"]
    rows = pd.DataFrame(
        {
            "pair": found["pair"].to_numpy(),
            "entity_1": table["entity_id"].to_numpy()[i],
            "entity_2": table["entity_id"].to_numpy()[j],
            "place": table["place"].to_numpy()[i],
            "first": pd.DatetimeIndex(begun),
            "last": pd.DatetimeIndex(ended),
            "relationship_ids": [[*a, *b] for a, b in zip(ids.iloc[i], ids.iloc[j], strict=True)],
        }
    ).sort_values(["pair", "first", "place"])
    pairs = rows.groupby("pair", sort=True).agg(
        entity_1=("entity_1", "first"),
        entity_2=("entity_2", "first"),
        places=("place", _in_turn),
        first=("first", "min"),
        last=("last", "max"),
        relationship_ids=("relationship_ids", joined),
    )
    pairs["together"], pairs["expected"], pairs["p_value"] = together, expected, p_value
    pairs["one_way"] = [1 < len(places) == len(set(places)) for places in pairs["places"]]
    order = ["p_value", "together", "entity_1", "entity_2"]
    pairs = pairs.sort_values(order, ascending=[True, False, True, True], ignore_index=True)
    return pairs[_COLUMNS]


_COLUMNS = [
    "entity_1",
    "entity_2",
    "together",
    "expected",
    "p_value",
    "places",
    "one_way",
    "first",
    "last",
    "relationship_ids",
]


def _in_turn(places: pd.Series) -> list[str]:
    """Return places in order, each run of one place once."""
    return places[places != places.shift()].tolist()
