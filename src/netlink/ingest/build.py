"""Tables as they were read -> a network, or an error with every failure."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink._arrays import to_arrow
from netlink.errors import ArgumentError, TableError
from netlink.ingest import checks, endpoints, ledger, notes, shown, values
from netlink.ingest.claims import Known
from netlink.network import Network
from netlink.schema import Schema

if TYPE_CHECKING:
    from netlink.ingest.failures import Failures
    from netlink.ingest.raw import Raw


def check_arguments(schema: Schema, on_invalid: str) -> None:
    """Raise unless the arguments that all readers share are what they take."""
    if on_invalid not in ("raise", "reject"):
        raise ArgumentError(f"'on_invalid' must be 'raise' or 'reject', got {on_invalid!r}.")
    if not isinstance(schema, Schema):
        raise ArgumentError(f"'schema' must be a netlink.Schema, got {type(schema).__name__}.")


def network(entity_raw: Raw | None, raw: Raw, schema: Schema, on_invalid: str) -> Network:
    """Check both tables and make a network of the rows that can be used."""
    raw = _told(raw, schema, "relationships")
    entity_raw = None if entity_raw is None else _told(entity_raw, schema, "entities")
    checked: list[Failures] = []
    entity_table: pd.DataFrame | None = None
    known: Known | None = None
    is_typed = entity_raw is not None and schema.column("entity_type") in entity_raw.names
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(checks.relationship_values, raw, schema)
        if entity_raw is not None:
            entity_table, ids, failures = checks.entities(entity_raw, schema)
            is_other = (entity_table["entity_type"] != schema.event_type).to_numpy() & is_typed
            known = Known(ids, checks.failed_ids(schema, failures), ids.filter(pa.array(is_other)))
            checked.append(failures)
        found = checks.relationships(raw, schema, known, reading)
    checked.append(found.failures)
    by_file = any(part.raw.files for part in checked)
    wrong = pd.concat(
        [part.placed(part.frame(), by_file=by_file) for part in checked], ignore_index=True
    )
    if len(wrong) and on_invalid == "raise":
        raise TableError(wrong)
    entity_table = endpoints.completed(entity_table, found, schema, is_typed=is_typed)
    rejected = pd.concat(
        [part.placed(part.records(), by_file=by_file) for part in checked], ignore_index=True
    )
    tz = schema.tz or "UTC"
    ends = found.codes
    if found.same_event is not None:
        ends = (ends[0], found.same_event)
    with ThreadPoolExecutor(1) as pool:
        noting = pool.submit(notes.of_relationships, found.table, ends, schema.vocabulary, tz)
        kinds = to_arrow(found.table["relationship_type"]).dictionary_encode()
        n_of = np.bincount(kinds.indices, minlength=len(kinds.dictionary))
        used = {
            "entities": (entity_raw, entity_table["entity_type"].value_counts()),
            "relationships": (raw, pd.Series(n_of, index=kinds.dictionary.to_pylist(), dtype=int)),
        }
    n_events = int(found.is_made.sum())
    noted = noting.result()
    balance = ledger.balance(
        used, rejected, n_events=n_events, empty=found.claims.empty, noted=noted
    )
    tables = entity_table, found.table, schema.vocabulary, balance, rejected
    return Network(*tables, found.codes, tz, known_kinds=kinds)


def _told(raw: Raw, schema: Schema, table: str) -> Raw:
    """Tell of columns that stay the user's own because of a letter."""
    unread = dict(raw.unread)
    for column, name in shown.nearly(raw.names, schema, table).items():
        # Where one table has both, it can tell them apart; of several files each may have one.
        if name not in raw.names or raw.files:
            n_empty = pc.sum(values.is_empty(raw.table[column])).as_py() or 0
            unread[f"cells of the column '{column}' as '{name}'"] = raw.table.num_rows - n_empty
    return replace(raw, unread=unread)
