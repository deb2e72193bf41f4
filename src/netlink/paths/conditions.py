"""What a path may use: which records, which entities on the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from netlink.errors import ArgumentError, check_count
from netlink.network import chosen, periods
from netlink.paths._given import at_least, moment, texts

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network

_LISTS = ("relationship_types", "entity_types", "handling", "datasets", "avoid")
_COLUMNS = ("relationship_columns", "entity_columns")
# What is lifted together: a window has two ends, a grade its scheme.
_TOGETHER = {
    "start": "window",
    "end": "window",
    "undated": "window",
    "grade_scheme": "min_grade",
}


@dataclass(frozen=True, kw_only=True, repr=False)
class Conditions:
    """Which records and entities a path may use.

    Every function of `netlink.paths` takes them. Conditions on relationships hold for each record
    behind a hop: a hop names only records that meet them all. Those on entities hold on the way,
    not for the entities asked about. A record that lacks what a condition asks for does not meet
    it: without a grade it is not of that grade, without a time not in the window. So the stricter
    the conditions, the more a missing path says of the recording and the less of the people.

    Parameters
    ----------
    relationship_types, entity_types : iterable of str, optional
        Only these types of the vocabulary.
    relationship_columns, entity_columns : mapping of str, optional
        Column to the value that it must have, to a list of such values, or to a range: a mapping
        of ``at_least``, ``above``, ``at_most`` and ``below`` to numbers, times or lengths of time,
        such as ``{"amount": {"at_least": 10_000}}``. With ``"or_missing": True`` beside the bounds
        a record without a value may be used too, such as that of who owns the account.
    min_confidence : float, optional
        The confidence is known and at least this, 0 to 1.
    min_grade, grade_scheme : str, optional
        The grade is of this scheme (``"admiralty"``), and neither of its two parts, on the source
        and on the information, stands for less than that of `min_grade` (``"B2"``).
    handling, datasets : iterable of str, optional
        Only records with one of these handling codes, from one of these datasets.
    start, end : str, datetime.date or datetime.datetime, optional
        The window, as in `Network.during`: from start up to and not including end; one of them
        may be left open. A time known to the month or the year only is in every window that it may
        fall into.
    undated : {"drop", "keep"}, default "drop"
        What a window does with records without ``start``, such as those of who uses a phone.
    avoid : iterable of str, optional
        Ids of entities never to pass.
    max_degree : int, optional
        An entity tied to more others than this in the whole network is never passed. Those that a
        search met and did not pass are in ``attrs["not_expanded"]`` of its result.

    Raises
    ------
    ArgumentError
        A condition is not what it should be. What only the network can tell, such as whether there
        is such a column, is checked when it is asked.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> around = nl.paths.Conditions(avoid=["5"])
    >>> nl.paths.shortest(kite, "0", "9", conditions=around)["entity_id"].tolist()
    ['0', '1', '6', '7', '8', '9']
    """

    relationship_types: Iterable[str] | None = None
    entity_types: Iterable[str] | None = None
    relationship_columns: Mapping[str, Any] | None = None
    entity_columns: Mapping[str, Any] | None = None
    min_confidence: float | None = None
    min_grade: str | None = None
    grade_scheme: str | None = None
    handling: Iterable[str] | None = None
    datasets: Iterable[str] | None = None
    start: str | date | None = None
    end: str | date | None = None
    undated: Literal["drop", "keep"] = "drop"
    avoid: Iterable[str] | None = None
    max_degree: int | None = None

    def __post_init__(self) -> None:
        # Kept as sorted tuples: conditions are equal if they ask for the same.
        for name in _LISTS:
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, texts(value, name))
        for name in _COLUMNS:
            object.__setattr__(self, name, chosen.columns(getattr(self, name), name))
        if self.min_confidence is not None:
            chosen.check_confidence(self.min_confidence)
        if self.max_degree is not None:
            check_count(self.max_degree, "max_degree")
        if (self.min_grade is None) != (self.grade_scheme is None):
            raise ArgumentError(
                "'min_grade' and 'grade_scheme' must be given together: a grade means nothing "
                "without its scheme."
            )
        first, last = moment(self.start, "start"), moment(self.end, "end")
        if self.undated not in ("drop", "keep"):
            raise ArgumentError(f"'undated' must be 'drop' or 'keep', got {self.undated!r}.")
        if first is not None and last is not None and not first < last:
            raise ArgumentError("'start' must be earlier than 'end'.")

    def _given(self) -> list[str]:
        """Return what is asked for, in the order of the parameters.

        What goes together stands there once, and each column by itself.
        """
        names: list[str] = []
        for f in fields(self):
            value = getattr(self, f.name)
            if isinstance(value, chosen.Columns):
                names += [_on(f.name, column) for column in value]
            elif value not in (f.default, None):
                names.append(_TOGETHER.get(f.name, f.name))
        return list(dict.fromkeys(names))

    def _without(self, names: Iterable[str]) -> Conditions:
        left = set(names)
        gone: dict[str, Any] = {
            f.name: f.default for f in fields(self) if _TOGETHER.get(f.name, f.name) in left
        }
        for name in _COLUMNS:
            held = getattr(self, name) or {}
            gone[name] = {c: held[c] for c in held if _on(name, c) not in left} or None
        return replace(self, **gone)

    def _rows(self, network: Network) -> NDArray[np.bool_]:
        """Tell which relationships meet the conditions."""
        table = network.relationship_table
        keep = chosen.relationships(
            network, self.relationship_types, self.relationship_columns, self.min_confidence
        )
        for name, wanted in (("handling", self.handling), ("dataset", self.datasets)):
            if wanted is not None:
                keep &= table[name].isin(list(wanted)).to_numpy(dtype=bool)
        if self.min_grade is not None and self.grade_scheme is not None:
            keep &= at_least(network, self.min_grade, self.grade_scheme)
        return keep & self._is_in_window(network)

    def _is_in_window(self, network: Network) -> NDArray[np.bool_]:
        table = network.relationship_table
        keep = np.ones(len(table), dtype=bool)
        first, last = moment(self.start, "start"), moment(self.end, "end")
        if first is not None:
            ended = periods.spans(table, network.tz)["end_last"]
            keep &= (ended >= first).to_numpy(dtype=bool)
        if last is not None:
            keep &= (table["start"] < last).to_numpy(dtype=bool)
        if self.undated == "keep":
            keep |= table["start"].isna().to_numpy()
        return keep

    def _passable(self, network: Network) -> NDArray[np.bool_]:
        """Tell which entities may be on the way, hubs aside."""
        keep = chosen.entities(network, self.entity_types, self.entity_columns)
        if self.avoid is not None:
            keep[network.positions(self.avoid)] = False
        return keep

    def _is_hub(self, network: Network) -> NDArray[np.bool_]:
        if self.max_degree is None:
            return np.zeros(network.n_entities, dtype=bool)
        ties = network.to_scipy(directed=False, weight=None)
        found: NDArray[np.bool_] = np.diff(ties.indptr) - (ties.diagonal() > 0) > self.max_degree
        return found

    def __repr__(self) -> str:
        return f"<Conditions on {', '.join(self._given()) or 'nothing'}>"


def _on(name: str, column: str) -> str:
    return f"{name}: {column}"
