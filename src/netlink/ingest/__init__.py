"""Tables in, a checked network out, with a ledger of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from netlink.errors import ArgumentError, TableError
from netlink.ingest import checks, endpoints, ledger
from netlink.ingest.ledger import describe
from netlink.ingest.readers import read
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
        CSV, TSV, Parquet, Feather, Excel (the first sheet) or JSON lines, told by the ending of the
        name (csv, tsv and JSON lines also compressed); or any data frame that narwhals reads. None
        takes the entities from the ends of the relationships; each gets the first entity type that
        the types of all its relationships allow, or "unknown" where they contradict each other.
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
    entity_raw = None if entities is None else read(entities, "entities")
    raw = read(relationships, "relationships")
    checked: list[Failures] = []
    entity_table: pd.DataFrame | None = None
    ids = set_aside = None
    if entity_raw is not None:
        entity_table, ids, failures = checks.entities(entity_raw, schema)
        set_aside = checks.failed_ids(schema, failures)
        checked.append(failures)
    table, ids, codes, failures = checks.relationships(raw, schema, ids, set_aside)
    checked.append(failures)
    wrong = pd.concat([part.frame() for part in checked], ignore_index=True)
    if len(wrong) and on_invalid == "raise":
        raise TableError(wrong)
    is_typed = entity_raw is not None and schema.column("entity_type") in entity_raw.names
    if entity_table is None or not is_typed:
        implied = endpoints.typed(ids, table["relationship_type"], codes, schema.vocabulary)
        if entity_table is not None:
            implied = entity_table.assign(entity_type=implied["entity_type"])
        entity_table = implied
    rejected = pd.concat([part.records() for part in checked], ignore_index=True)
    balance = ledger.balance(
        {
            "entities": (entity_raw, entity_table["entity_type"]),
            "relationships": (raw, table["relationship_type"]),
        },
        rejected,
    )
    return Network(entity_table, table, schema.vocabulary, balance, rejected, codes)
