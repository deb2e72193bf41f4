"""Tables in, a checked network out, with a ledger of every row."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd
import pyarrow as pa

from netlink.errors import ArgumentError, TableError
from netlink.ingest import checks, ledger
from netlink.ingest.endpoints import typed
from netlink.ingest.ledger import describe
from netlink.ingest.readers import Raw, read
from netlink.network import Network
from netlink.schema import Schema

if TYPE_CHECKING:
    from netlink.ingest.failures import Failures

__all__ = ["describe", "read_tables"]


def read_tables(
    entities: Any,
    relationships: Any,
    *,
    schema: Schema | None = None,
    on_invalid: Literal["raise", "reject"] = "raise",
) -> Network:
    """Read tables of entities and relationships into a network.

    Ids and words are taken as text as they stand: '007' stays '007' and a person called NA stays
    NA. Every row is used or set aside with a reason; nothing is repaired and nothing is guessed.

    Parameters
    ----------
    entities : path, data frame or None
        CSV, TSV, Parquet, Feather, Excel or JSON lines (text formats also compressed), or any data
        frame that narwhals reads. None takes the entities from the ends of the relationships; each
        gets the first entity type that the types of all its relationships allow.
    relationships : path or data frame
        One row a claim; parallel rows are kept.
    schema : Schema, optional
        How columns and words map; without it the columns carry the canonical names.
    on_invalid : {"raise", "reject"}, default "raise"
        Raise one `TableError` with every failure of both tables, or set the rows aside in
        ``network.rejected``.

    Returns
    -------
    Network
        With ``ledger`` (rows read, created, used, set aside) and ``rejected``.

    Raises
    ------
    TableError
        Rows cannot be used and ``on_invalid`` is "raise". No value of the data is in the message.
    SchemaError
        A column is missing or a file cannot be read.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> people = pd.DataFrame({"ref": ["007", "7"], "category": ["PERS", "PERS"]})
    >>> calls = pd.DataFrame({"subject": ["007", "8"], "object": ["7", "7"], "link": "CALL"})
    >>> schema = nl.Schema(entity_id="ref", entity_type="category", entity_types={"PERS": "person"},
    ...                    source="subject", target="object", relationship_type="link",
    ...                    relationship_types={"CALL": "communicated"})
    >>> network = nl.read_tables(people, calls, schema=schema, on_invalid="reject")
    >>> network
    <Network of 2 entities and 1 relationship (1 component, 0 isolates)>
    >>> network.rejected[["table", "row", "column", "reason"]].values.tolist()
    [['relationships', 1, 'subject', 'no such entity']]
    """
    if on_invalid not in ("raise", "reject"):
        raise ArgumentError(f"'on_invalid' must be 'raise' or 'reject', got {on_invalid!r}.")
    schema = Schema() if schema is None else schema
    if not isinstance(schema, Schema):
        raise ArgumentError(f"'schema' must be a netlink.Schema, got {type(schema).__name__}.")
    raws: list[tuple[Raw, Failures]] = []
    entity_raw: Raw | None = None
    ids = set_aside = None
    if entities is not None:
        entity_raw = read(entities, "entities")
        entity_table, failures = checks.entities(entity_raw, schema)
        raws.append((entity_raw, failures))
        ids = pa.array(entity_table.index, from_pandas=True).cast(pa.large_string())
        if failures.failed.any():
            name = schema.column("entity_id")
            set_aside = checks.failed_ids(entity_raw, name, failures)
    raw = read(relationships, "relationships")
    table, ids, codes, failures = checks.relationships(raw, schema, ids, set_aside)
    raws.append((raw, failures))
    wrong = [_malformed(r, f.table) for r, f in raws] + [
        f.frame().drop(columns="at") for _, f in raws
    ]
    wrong = [part for part in wrong if len(part)]
    if wrong and on_invalid == "raise":
        raise TableError(pd.concat(wrong, ignore_index=True)[["table", "row", "column", "reason"]])
    if entities is None:
        entity_table = typed(ids, table["relationship_type"], codes, schema.vocabulary)
    elif schema.column("entity_type") not in (entity_raw.names if entity_raw else []):
        found = typed(ids, table["relationship_type"], codes, schema.vocabulary)
        entity_table["entity_type"] = found["entity_type"]
    return Network(
        entity_table,
        table,
        schema.vocabulary,
        _ledger(entity_raw, entity_table, raw, table, [f for _, f in raws]),
        _rejected(raws),
        codes,
    )


def _ledger(
    entity_raw: Raw | None,
    entity_table: pd.DataFrame,
    raw: Raw,
    table: pd.DataFrame,
    failures: list[Failures],
) -> pd.DataFrame:
    kinds = entity_table["entity_type"]
    if entity_raw is None:
        first = ledger.count("entities", 0, len(kinds), kinds, None, 0)
    else:
        read_rows = entity_raw.table.num_rows + len(entity_raw.malformed)
        first = ledger.count(
            "entities", read_rows, 0, kinds, failures[0], len(entity_raw.malformed)
        )
    read_rows = raw.table.num_rows + len(raw.malformed)
    second = ledger.count(
        "relationships", read_rows, 0, table["relationship_type"], failures[-1], len(raw.malformed)
    )
    return pd.concat([first, second], ignore_index=True)


def _malformed(raw: Raw, table: str) -> pd.DataFrame:
    reason = "row has another number of cells than the header"
    rows = [
        (table, row, "", reason, json.dumps(cells, ensure_ascii=False))
        for row, cells in raw.malformed
    ]
    return pd.DataFrame(rows, columns=["table", "row", "column", "reason", "record"])


def _rejected(raws: list[tuple[Raw, Failures]]) -> pd.DataFrame:
    parts = [part for r, f in raws for part in (_malformed(r, f.table), f.records(r.table))]
    kinds = {"table": "str", "row": "int64", "column": "str", "reason": "str", "record": "str"}
    return pd.concat([part.astype(kinds) for part in parts], ignore_index=True)
