"""From the passes to a chain of contacts, and to its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypeAlias, cast

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, NoPathError, ways_out
from netlink.temporal import _labels
from netlink.temporal._arrivals import NEVER
from netlink.temporal.contacts import spans
from netlink.temporal.reach import ANSWERS, times

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netlink.temporal.contacts import Contacts, Dates
    from netlink.temporal.question import Question

Kind: TypeAlias = Literal["earliest_arrival", "latest_departure", "fastest", "fewest_hops"]


class Hop(NamedTuple):
    """A contact gone over: to whom, the row of the relationship, and when it is begun."""

    to: int
    row: int
    begun: int


def found(asked: Question, source: int, target: int, kind: Kind, dates: Dates) -> list[Hop] | None:
    """Return the best chain of contacts, None where there is none."""
    if kind in ("earliest_arrival", "latest_departure"):
        return _first(asked, source, target, dates, backward=kind == "latest_departure")
    is_fastest = kind == "fastest"
    reading = "throughout" if is_fastest and dates == "certain" else dates
    labels = asked.labels(reading, source, target, speed=is_fastest)
    lead = labels[:, _labels.AT] == target
    if not lead.any():
        return None
    taken = np.where(lead, labels[:, _labels.LO] - labels[:, _labels.SET_OUT] * is_fastest, NEVER)
    chain = _labels.chain(labels, int(np.argmin(taken)))
    # The fastest sets out as late as it can, the one of fewest contacts goes on when it can.
    begun = _late(chain, asked.gap) if is_fastest else _soon(chain, asked.most)
    part = asked.contacts(reading)
    return _hops(asked, part, chain[:, _labels.CONTACT], begun, backward=False)


def _first(
    asked: Question, source: int, target: int, dates: Dates, *, backward: bool
) -> list[Hop] | None:
    """Return the chain that arrives first, or with time turned around leaves last."""
    start, end = (target, source) if backward else (source, target)
    begun, over, labels = asked.begun(dates, start, backward=backward, target=end)
    if begun[end] == NEVER:
        return None
    part = asked.contacts(dates, backward=backward)
    if labels is not None:
        chain = _labels.chain(labels, int(over[end]))
        moments = _soon(chain, asked.most)
        return _hops(asked, part, chain[:, _labels.CONTACT], moments, backward=backward)
    steps = []
    while end != start:
        steps.append(end)
        end = int(part.u[over[end]])
    at = np.array(steps[::-1])
    return _hops(asked, part, over[at], begun[at], backward=backward)


def _soon(chain: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return when each contact is begun at the earliest, so that no wait is too long."""
    begun = chain[:, _labels.LO].copy()
    for i in range(len(begun) - 2, -1, -1):
        begun[i] = max(begun[i], begun[i + 1] - most)
    return begun


def _late(chain: NDArray[np.int64], gap: int) -> NDArray[np.int64]:
    """Return when each contact is begun at the latest, so that the last is begun as it is."""
    begun = chain[:, _labels.HI].copy()
    begun[-1] = chain[-1, _labels.LO]
    for i in range(len(begun) - 2, -1, -1):
        begun[i] = min(begun[i], begun[i + 1] - gap)
    return begun


def _hops(
    asked: Question,
    part: Contacts,
    over: NDArray[np.int64],
    begun: NDArray[np.int64],
    *,
    backward: bool,
) -> list[Hop]:
    """Return the hops in the order of time, each over the smallest of the records alike."""
    ids = asked.network.relationships.index
    hops = []
    for contact, moment in zip(over.tolist(), begun.tolist(), strict=True):
        row = min(part.alike(contact), key=lambda row: cast("str", ids[row]))
        to = int((part.u if backward else part.v)[contact])
        hops.append(Hop(to, row, -moment if backward else moment))
    return hops[::-1] if backward else hops


def _is_certain(asked: Question, chain: list[Hop]) -> bool:
    """Tell whether a chain of records holds however their dates fall.

    Followed are the moment at which a hop is begun where every date falls late and nobody waits,
    and the one by which it must be begun where every date falls early and all wait as they may.
    """
    first, last = asked.window
    soon, late = first - asked.gap, NEVER
    dates = spans(asked.network, [hop.row for hop in chain])
    for _, start_last, end_first, _ in dates.tolist():
        if soon + asked.gap > end_first or start_last > late + asked.most:
            return False
        soon, late = max(soon + asked.gap, start_last), min(late + asked.most, end_first)
    return soon <= last and NEVER not in dates


def table(asked: Question, source: int, chain: list[Hop]) -> pd.DataFrame:
    """Return a chain step by step."""
    network = asked.network
    begun = np.array([NEVER, *(hop.begun for hop in chain)])
    ids = network.relationships.index[[hop.row for hop in chain]].tolist()
    answer = ANSWERS[2] if _is_certain(asked, chain) else ANSWERS[1]
    n = len(chain) + 1
    return pd.DataFrame(
        {
            "path": 1,
            "step": np.arange(n),
            "entity_id": network.entities.index[[source, *(hop.to for hop in chain)]],
            "relationship_id": pd.Series([None, *ids], dtype="str"),
            "departure": times(begun),
            "arrival": times(np.where(begun == NEVER, NEVER, begun + asked.duration)),
            "answer": pd.Categorical([answer] * n, categories=list(ANSWERS), ordered=True),
        }
    )


def no_way(asked: Question, source: int, target: int, dates: Dates) -> NoPathError:
    """Return the error that says why there is no way, and without which terms there is one."""

    def opens(lifted: Sequence[str]) -> bool:
        reading: Dates = "possible" if "dates" in lifted else dates
        rest = asked.without(lifted)
        try:
            return _first(rest, source, target, reading, backward=False) is not None
        except ArgumentError:  # more stays than fit: not known, so not said
            return False

    uncertain = ["dates"] if dates == "certain" else []
    # The fastest way that is certain asks for more: for moments that suit under every reading.
    names = uncertain if opens([]) else [*asked.given(), *uncertain]
    ways = ways_out(names, opens)
    text = _why_not(asked, source, target, dates)
    if further := [way for way in ways if way != ("dates",)]:
        told = " or without ".join(" and ".join(f"'{name}'" for name in way) for way in further)
        text += f" Without {told} there is one."
    return NoPathError(text, ways)


def _why_not(asked: Question, source: int, target: int, dates: Dates) -> str:
    """Say how far each side reaches, and what could be asked instead."""
    from scipy.sparse.csgraph import breadth_first_order

    network = asked.network
    others = network.n_entities - 1
    reaches = int((asked.begun(dates, source)[0] < NEVER).sum()) - 1
    reaching = int((asked.begun(dates, target, backward=True)[0] < NEVER).sum()) - 1
    sure = "" if dates == "possible" else ", however the dates fall,"
    text = (
        f"No way between the two entities{sure} follows the order of time: the source could have "
        f"passed something on to {reaches:,} of the other {others:,} entities, and {reaching:,} to "
        "the target."
    )
    ties = network._ties(directed=asked.directed, weight=None)
    is_tied = target in breadth_first_order(ties, source, return_predecessors=False)
    text += f" Without regard to time there is {'a path' if is_tied else 'no path either'}."
    if dates == "certain" and asked.begun("possible", source)[0][target] < NEVER:
        text += " There is one for some dates within those given: ask with dates='possible'."
    undated = int(network.relationship_table["start"].isna().sum())
    if undated and asked.undated == "drop":
        text += (
            f" {undated:,} relationships have no date and are left out; undated='keep' takes them "
            "as at any time."
        )
    return text
