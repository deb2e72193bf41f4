"""Dates and places only as fine as a policy lets them leave, before anything is made of a case."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError
from netlink.export import kinds, naming
from netlink.network import Network, periods
from netlink.schema import PLACE_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from netlink.cases import Case
    from netlink.export.naming import Bools
    from netlink.export.policy import Policy

_LETTERS = {"year": 4, "month": 7, "day": 10}
_Y, _M, _D = "(?:19|20)\\d\\d", "(?:0?[1-9]|1[0-2])", "(?:0?[1-9]|[12]\\d|3[01])"
_BY = "[-./_ ]"
_CLOCK = "(?:[01]\\d|2[0-3]):[0-5]\\d"
_DAY = f"{_Y}{_BY}{_M}{_BY}{_D}|{_D}{_BY}{_M}{_BY}{_Y}|{_M}{_BY}{_D}{_BY}{_Y}"
_TIGHT = f"{_Y}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\\d|3[01])"
_MONTH = f"{_Y}{_BY}{_M}|{_M}{_BY}{_Y}"
_MADE = "e[0-9a-f]{16}"  # the id of an event is a hash over its row, dates included
# What says more of when than is to leave, where a text holds it.
_FINER = {
    "day": re.compile(f"(?<!\\d)(?:{_CLOCK}|{_TIGHT}T?\\d{{4}})|^{_MADE}"),
    "month": re.compile(f"(?<!\\d)(?:{_CLOCK}|{_DAY}|{_TIGHT}(?:T?\\d{{4,6}})?)(?!\\d)|^{_MADE}"),
    "year": re.compile(
        f"(?<!\\d)(?:{_CLOCK}|{_DAY}|{_TIGHT}(?:T?\\d{{4,6}})?|{_MONTH})(?!\\d)|^{_MADE}"
    ),
}
_ISO = re.compile(
    "\\d{4}(?:-\\d\\d(?:-\\d\\d(?:[T ]\\d\\d:\\d\\d[\\d:.,]*(?:Z|[+-]\\d\\d:?\\d\\d)?)?)?)?"
)
_SAID = re.compile(" (?:On|Between) (\\d{4}-\\d\\d-\\d\\d)(?: and (\\d{4}-\\d\\d-\\d\\d))?\\.$")


def check(case: Case, policy: Policy) -> None:
    """Refuse what the columns of a case cannot give."""
    columns = {str(name) for name in case.network.entity_table.columns}
    needed = ("country",) if policy.places == "country" else PLACE_COLUMNS
    if policy.places not in (None, "withheld") and not columns.issuperset(needed):
        raise ArgumentError(
            f"'places' = {policy.places!r} needs the columns {list(needed)} in the entity table; "
            "'withheld' needs none."
        )
    if policy.dates is not None:
        given = {"start_text", "end_text"} & set(policy.columns)
        if given:
            raise ArgumentError(
                f"'columns' names {sorted(given)}, dates as they were given; 'dates' lets none "
                "leave as it was."
            )


def finer(text: str, policy: Policy) -> bool:
    """Tell whether a text holds a date that says more than may leave."""
    return policy.dates is not None and _FINER[policy.dates].search(text) is not None


def without_a_name(network: Network, hidden: Bools, policy: Policy) -> tuple[Bools, Bools]:
    """Tell who goes without a name if dates and places are told no finer, and which are places."""
    kind = network.entity_table["entity_type"]
    is_place = (kind == "location").to_numpy() & ~hidden & (policy.places is not None)
    found = hidden | is_place
    if is_place.any():
        kinds_of = network.vocabulary.entity_types
        is_object = kind.map({word: k.is_object for word, k in kinds_of.items()}).to_numpy(bool)
        found |= is_object & naming.speaking(network, is_place)
    if policy.dates is not None:
        found |= np.array([finer(name, policy) for name in network.entities.index], dtype=bool)
    return found, is_place


def said(table: pd.DataFrame, policy: Policy) -> list[str]:
    """Say where places without a name lie, as far as that may be told."""
    if policy.places in (None, "withheld"):
        return [""] * len(table)
    if policy.places == "country":
        return ["" if pd.isna(name) else f" in {name}" for name in table["country"]]
    points = [
        [f"{at:.{policy.places}f}" for at in point]
        for point in table[list(PLACE_COLUMNS)].astype("float64").to_numpy()
    ]
    return ["" if "nan" in point else f" near {', '.join(point)}" for point in points]


def told(policy: Policy) -> tuple[str, ...]:
    """Return the columns of its own that a place without a name keeps."""
    if policy.places == "country":
        return ("country",)
    return PLACE_COLUMNS if isinstance(policy.places, int) else ()


def coarsen(case: Case, policy: Policy) -> Case:
    """Return a case whose dates and coordinates are no finer than may leave."""
    if policy.dates is None and policy.places is None:
        return case
    network = case.network
    entities, relationships = network.entities, network.relationships
    for table in (entities, relationships):
        for name in policy.columns:
            if name in table.columns:
                table[name] = _own(table[name], name, policy, network.tz)
    if policy.dates is not None:
        for end in ("start", "end"):
            moments, precision = relationships[end], relationships[f"{end}_precision"]
            found = periods.coarser(moments, precision, network.tz, policy.dates)
            relationships[end], relationships[f"{end}_precision"] = found
    part = Network(
        entities,
        relationships,
        network.vocabulary,
        network.ledger,
        network.rejected,
        network.codes,
        network.tz,
        network.merged,
    )
    return replace(
        case,
        network=part,
        safeguarding=_to_reach(case.safeguarding, policy, network.tz),
        evidence=_evidence(case, policy),
    )


def _own(column: pd.Series, name: str, policy: Policy, tz: str) -> pd.Series:
    if name in PLACE_COLUMNS and policy.places is not None:
        known = pd.to_numeric(column, errors="coerce").astype("float64")
        return known.round(policy.places) if isinstance(policy.places, int) else known * np.nan
    if policy.dates is None or kinds.of(column) not in {"time", "date", "text", "mixed"}:
        return column
    letters = _LETTERS[policy.dates]
    cells = [_shortened(cell, letters, tz) for cell in column]
    is_text = all(isinstance(cell, str) or pd.api.types.is_scalar(cell) for cell in cells)
    if is_text and kinds.of(column) != "mixed":
        return pd.Series(cells, index=column.index, name=name, dtype="str")
    return pd.Series(cells, index=column.index, name=name, dtype=object)


def _shortened(cell: Any, letters: int, tz: str) -> Any:
    """Return a date as text no finer than may leave; whatever is none as it is."""
    if isinstance(cell, str):
        return cell[:letters] if _ISO.fullmatch(cell) else cell
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return None
    if isinstance(cell, np.datetime64):
        cell = pd.Timestamp(cell)
    if isinstance(cell, dt.datetime) and cell.tzinfo is not None:
        cell = pd.Timestamp(cell).tz_convert(tz)
    return cell.isoformat()[:letters] if isinstance(cell, dt.date) else cell


def _to_reach(table: pd.DataFrame, policy: Policy, tz: str) -> pd.DataFrame:
    if policy.dates is None or "roles_from" not in table:
        return table
    names = ("roles_from", "roles_until")
    return table.assign(**{name: _texts(table[name], policy.dates, tz) for name in names})


def _texts(moments: pd.Series, dates: str, tz: str) -> pd.Series:
    """Write moments to the day, month or year."""
    code = np.where(moments.isna(), -1, periods.PRECISIONS.index(dates))
    precision = pd.Series(pd.Categorical.from_codes(code, dtype=periods.PRECISION))
    return pd.Series(periods.texts(moments, precision, tz), index=moments.index, dtype=object)


def _evidence(case: Case, policy: Policy) -> pd.DataFrame:
    """Return evidence whose sentences name dates no finer than may leave."""
    table, dates = case.evidence, policy.dates
    if dates is None or table.empty:
        return table
    rows = case.source.relationships[["start", "start_precision"]]
    rows = rows[rows["start_precision"] >= "day"]
    days = pd.Series(rows["start"].dt.strftime("%Y-%m-%d").to_numpy(), index=rows.index)
    known = pd.DataFrame({"day": days, "text": _texts(rows["start"], dates, case.source.tz)})
    words = [
        _sentence(text, known.reindex(known.index.intersection(ids)), dates)
        for text, ids in zip(table["words"], table["relationship_ids"], strict=True)
    ]
    return table.assign(words=pd.array(words, dtype="str"))


def _sentence(words: str, records: pd.DataFrame, dates: str) -> str:
    match = _SAID.search(words)
    if match is None:
        return words
    # The days of a sentence are those of UTC, months and years those of the zone of the network.
    first, last = match[1], match[2] or match[1]
    begun = _least(records.loc[records["day"] == first, "text"], first[: _LETTERS[dates]])
    ended = _least(records.loc[records["day"] == last, "text"], last[: _LETTERS[dates]])
    period = f"Between {begun} and {ended}"
    if begun == ended:
        period = f"{'On' if dates == 'day' else 'In'} {begun}"
    return f"{words[: match.start()]} {period}."


def _least(texts: Iterable[str], otherwise: str) -> str:
    return min(texts, default=otherwise)
