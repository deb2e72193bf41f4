"""Tables as they were read -> a network, or an error with every failure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from netlink.errors import ArgumentError, TableError
from netlink.ingest import checks, endpoints, ledger
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
    checked: list[Failures] = []
    entity_table: pd.DataFrame | None = None
    ids = set_aside = None
    if entity_raw is not None:
        entity_table, ids, failures = checks.entities(entity_raw, schema)
        set_aside = checks.failed_ids(schema, failures)
        checked.append(failures)
    table, ids, codes, failures = checks.relationships(raw, schema, ids, set_aside)
    checked.append(failures)
    by_file = any(part.raw.files for part in checked)
    wrong = pd.concat(
        [part.placed(part.frame(), by_file=by_file) for part in checked], ignore_index=True
    )
    if len(wrong) and on_invalid == "raise":
        raise TableError(wrong)
    is_typed = entity_raw is not None and schema.column("entity_type") in entity_raw.names
    if entity_table is None or not is_typed:
        implied = endpoints.typed(ids, table["relationship_type"], codes, schema.vocabulary)
        if entity_table is not None:
            implied = entity_table.assign(entity_type=implied["entity_type"])
        entity_table = implied
    rejected = pd.concat(
        [part.placed(part.records(), by_file=by_file) for part in checked], ignore_index=True
    )
    balance = ledger.balance(
        {
            "entities": (entity_raw, entity_table["entity_type"]),
            "relationships": (raw, table["relationship_type"]),
        },
        rejected,
    )
    return Network(entity_table, table, schema.vocabulary, balance, rejected, codes)
