"""Networks of several systems -> one, by the ids that they share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink.errors import ArgumentError
from netlink.ingest import notes
from netlink.ingest.endpoints import with_room
from netlink.network import Network, periods
from netlink.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    from netlink.vocabulary import Vocabulary


def combine(networks: Mapping[str, Network], /, *, tz: str | None = None) -> Network:
    """Join networks of several systems into one.

    Every relationship of each is kept. Entities are one where their ids are the same, letter by
    letter, and only there: give ids that mean the same thing in every system (a phone number, not
    a row number), and state what else is the same with ``same_as``. Two systems that number their
    people from 1 would be joined wrongly, which nothing here can see unless the types differ.

    Of an entity in several networks the first known value of each column stands, in the order of
    the networks; the ledger counts where another network says something else. Whoever is protected
    in one of them is protected.

    Parameters
    ----------
    networks : mapping of str to Network
        Each system's network by its name, the most trusted first.
    tz : str, optional
        The zone that days, months and years of the result are counted in. Needed only where the
        networks count them in different ones: the date of a record stays what it is and becomes
        that of this zone, hours apart from what it was; precise times stay the same moment.

    Returns
    -------
    Network
        ``dataset`` is the name of the network where a relationship had none. Relationship ids of
        the tables' own become ``name:id``; made ones are made anew. The ledger is the sum of the
        ledgers with outcomes ``joined`` (entities that an earlier network had) and ``differs``
        (values of a column left out); what is ``repeated`` is counted over all networks.
        ``rejected`` has the column ``dataset``.

    Raises
    ------
    ArgumentError
        There are fewer than two networks, their vocabularies differ, an id has two types, a column
        holds text in one network and something else in another, or dates without a time of day are
        of different time zones and none is given.
    SchemaError
        The zone is no IANA time zone.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> numbers = nl.Schema(end_types={"source": "phone", "target": "phone"})
    >>> calls = pd.DataFrame({"source": ["555-1"], "target": ["555-2"],
    ...                       "relationship_type": "communicated"})
    >>> users = pd.DataFrame({"source": ["p1"], "target": ["555-2"], "relationship_type": "uses"})
    >>> phones, register = nl.read_tables(None, calls, schema=numbers), nl.read_tables(None, users)
    >>> both = nl.transform.combine({"register": register, "phones": phones})
    >>> both.relationships["dataset"].tolist()
    ['register', 'phones']
    >>> both.ledger.query("outcome == 'joined'")["rows"].item()
    1
    """
    vocabulary = _checked(networks)
    tables = {name: network.entities for name, network in networks.items()}
    entities, changes = _entities(tables, vocabulary)
    zone = _zone(networks, tz)
    rows, ids = _relationships(networks, zone), _arrays.to_arrow(entities.index)
    codes = [_arrays.codes(_arrays.to_arrow(rows[end]), ids) for end in ("source", "target")]
    ends = (codes[0], codes[1])
    return Network(
        entities,
        rows,
        vocabulary,
        _ledger(networks, changes, notes.of_relationships(rows, ends, vocabulary, zone)),
        pd.concat(
            [network.rejected.assign(dataset=name) for name, network in networks.items()],
            ignore_index=True,
        ),
        ends,
        zone,
    )


def _zone(networks: Mapping[str, Network], tz: str | None) -> str:
    """Return the zone that days are counted in, one for all networks that have any."""
    if tz is not None:
        return str(Schema(tz=tz).tz)
    zones = {n.tz for n in networks.values() if periods.has_partial(n.relationship_table)}
    if len(zones) > 1:
        raise ArgumentError(
            f"'networks' have dates without a time of day in {len(zones)} time zones "
            f"({', '.join(sorted(zones))}); a network counts days in one. Say in which: tz='UTC'."
        )
    return zones.pop() if zones else next(iter(networks.values())).tz


def _counted_in(table: pd.DataFrame, zone: str, tz: str) -> pd.DataFrame:
    """Return relationships whose days of one zone are those of the same date in another."""
    if zone == tz or not periods.has_partial(table):
        return table
    table = table.copy(deep=False)
    for end in ("start", "end"):
        moments = periods.moments_of(table[end]).copy()
        rows = np.flatnonzero((table[f"{end}_precision"] < "time").to_numpy())
        days = periods.dates(moments[rows], zone).astype("datetime64[D]")
        moments[rows] = periods.first_moments(days.astype("datetime64[us]"), tz)
        table[end] = pd.Series(pd.DatetimeIndex(moments, tz="UTC"), index=table.index)
    return table


def _checked(networks: Mapping[str, Network]) -> Vocabulary:
    """Raise unless the networks can be combined; return their vocabulary."""
    if not hasattr(networks, "items") or len(networks) < 2:
        raise ArgumentError("'networks' must map the names of at least two systems to networks.")
    for name, network in networks.items():
        if not isinstance(name, str) or not name.strip() or ":" in name:
            raise ArgumentError("'networks' must have names that are text without a colon.")
        if not isinstance(network, Network):
            raise ArgumentError(
                f"'networks' must hold networks, got {type(network).__name__} for {name!r}."
            )
    first, *rest = (network.vocabulary for network in networks.values())
    if any(other is not first and other != first for other in rest):
        raise ArgumentError("'networks' must be of one vocabulary: read them with the same words.")
    return first


def _entities(
    tables: dict[str, pd.DataFrame], vocabulary: Vocabulary
) -> tuple[pd.DataFrame, dict[tuple[str, str], int]]:
    """Return one row an id, and how many were joined and how many values were left out."""
    table = stacked("entities", tables)
    again = table[table.index.duplicated(keep=False)]
    known = again["entity_type"].mask(again["entity_type"] == "unknown")
    is_wrong = known.groupby(level=0).nunique() > 1
    if is_wrong.any():
        kinds = sorted(known[is_wrong[is_wrong].index].dropna().unique())
        raise ArgumentError(
            f"{is_wrong.sum():,} ids stand for entities of different types in different networks "
            f"({', '.join(kinds)}). Give them ids that differ before they are combined."
        )
    changes = {("joined", "id is in an earlier network"): int(table.index.duplicated().sum())}
    spelled = again.drop(columns="entity_type").map(str, na_action="ignore")
    differs = (spelled.groupby(level=0).nunique() > 1).sum()
    changes |= {("differs", str(column)): int(n) for column, n in differs.items()}
    status = table["protection_status"]
    flags = {w: s.is_protected for w, s in vocabulary.protection_statuses.items()}
    by_care = [status.where(status.map(flags).astype(bool)), status.mask(status == "unknown")]
    kind = table["entity_type"]
    first = table.assign(entity_type=kind.mask(kind == "unknown")).groupby(level=0).first()
    care = by_care[0].groupby(level=0).first()
    care = care.fillna(by_care[1].groupby(level=0).first()).fillna("unknown")
    first = first.assign(entity_type=first["entity_type"].fillna("unknown"), protection_status=care)
    return first.astype({"entity_type": "str", "protection_status": "str"}), changes


def _relationships(networks: Mapping[str, Network], tz: str) -> pd.DataFrame:
    has_ids = any(n.relationship_table.index.name is not None for n in networks.values())
    tables: dict[str, pd.DataFrame] = {}
    for name, network in networks.items():
        table = network.relationships if has_ids else network.relationship_table
        if has_ids:
            table.index = pd.Index(name + ":" + table.index, dtype="str", name="relationship_id")
        table = _counted_in(table, network.tz, tz)
        tables[name] = table.assign(dataset=table["dataset"].fillna(name))
    rows = stacked("relationships", tables)
    return rows if has_ids else rows.reset_index(drop=True)


def stacked(what: str, tables: dict[str, pd.DataFrame]) -> pd.DataFrame:
    """Put tables under each other; a column that one lacks is missing there."""
    kinds: dict[Any, dict[str, str]] = {}
    for name, table in tables.items():
        for column in table.columns:
            kinds.setdefault(column, {})[name] = _kind(table[column])
    for column, found in kinds.items():
        told = sorted({kind for kind in found.values() if kind})
        if len(told) > 1:
            raise ArgumentError(
                f"The column '{column}' of the {what} holds {' and '.join(told)} in different "
                "networks. Rename it in one of the tables, or give it one type."
            )
    partial = [column for column, found in kinds.items() if len(found) < len(tables)]
    parts = []
    for table in tables.values():
        # A column that holds nothing would decide the type of the others.
        empty = [c for c in table.columns if not _kind(table[c]) and any(kinds[c].values())]
        parts.append(with_room(table, partial).drop(columns=empty))
    return pd.concat(parts)[list(kinds)]


def _kind(column: pd.Series) -> str:
    if column.isna().all():
        return ""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return "text"
    named = {"b": "truth values", "i": "numbers", "u": "numbers", "f": "numbers", "M": "times"}
    return named.get(column.dtype.kind, "text" if pd.api.types.is_string_dtype(column) else "cells")


def _ledger(
    networks: Mapping[str, Network],
    changes: dict[tuple[str, str], int],
    noted: dict[tuple[str, str], int],
) -> pd.DataFrame:
    """Return the sum of the ledgers; what repeats another is counted anew, over all networks."""
    rows = [("entities", *change, n) for change, n in changes.items() if n]
    rows += [("relationships", *note, n) for note, n in noted.items() if n]
    own = pd.DataFrame(rows, columns=["table", "outcome", "detail", "rows"])
    keys = ["table", "outcome", "detail"]
    each = pd.concat([network.ledger for network in networks.values()])
    each = each[~each["outcome"].isin(["repeated", "flagged"])]
    return pd.concat([each, own]).groupby(keys, sort=False)["rows"].sum().reset_index()
