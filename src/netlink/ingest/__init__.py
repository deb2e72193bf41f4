"""Tables in, a checked network out, with a ledger of every row."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from netlink.ingest import build, caps
from netlink.ingest.graph_files import read_ftm, read_gexf, read_graphml, read_node_link
from netlink.ingest.ledger import describe
from netlink.ingest.readers import read
from netlink.schema import Schema, proposing

if TYPE_CHECKING:
    from netlink.network import Network

__all__ = ["describe", "read_ftm", "read_gexf", "read_graphml", "read_node_link", "read_tables"]


proposing.HANDED_DOWN["read"] = lambda given, name, schema: read(given, name, schema, None).table


def read_tables(
    entities: Any,
    relationships: Any,
    *,
    schema: Schema | None = None,
    on_invalid: Literal["raise", "reject"] = "raise",
    max_bytes: int | None = None,
) -> Network:
    """Read tables of entities and relationships into a network.

    Ids and words are taken as text as they stand: '007' stays '007' and a person called NA stays
    NA. Every row is used or set aside with a reason; nothing is repaired and nothing is guessed.

    Parameters
    ----------
    entities : path, list of paths, pattern, data frame or None
        CSV, TSV, Parquet, Feather, Excel or JSON lines, told by the ending of the name (csv, tsv
        and JSON lines also as gz, bz2, zst, lz4 or a zip of one file); or any data frame that
        narwhals reads, or batches of Arrow. A list, or a pattern such as ``calls-*.csv``, is one
        table: the files under each other in the order of their paths, a column that one lacks
        missing there. Of a workbook with several sheets the path names the one to read,
        ``calls.xlsx#May``; hidden rows and columns are read, hidden sheets where they are named.
        None takes the entities from the ends of the relationships; each gets the first entity type
        that the types of all its relationships allow, or "unknown" where they contradict each
        other.
    relationships : path, list of paths, pattern or data frame
        One row a claim; parallel rows are kept. With ``Schema(participants=...)`` one row an event,
        which becomes an entity with a relationship from each participant. Of several files without
        a column for it the ``dataset`` of each row is the name of its file without the ending.
    schema : Schema, optional
        How columns and words map; without it the columns carry the canonical names.
    on_invalid : {"raise", "reject"}, default "raise"
        Raise one `TableError` with every failure of both tables, or set the rows aside in
        ``network.rejected``.
    max_bytes : int, optional
        How many bytes each file may unpack to, if it is compressed, Parquet, Feather or Excel.
        Without it 4 GiB, and not more than 200 times its size where that is over 64 MiB: files
        made to fill the memory stop there.

    Returns
    -------
    Network
        With ``ledger`` and ``rejected``. The ledger counts rows read, created, used and set aside;
        among the used relationships those that repeat another (alike in every value, or but for
        dataset or document; spelling of times and ids not compared) and those whose end is before
        their start. All of them are kept: a row is a claim. "not read" counts what a file has
        beside its table: titles above the names of the columns (the first row of 50 that has those
        of both ends), hidden sheets, cells that Excel shows without a value of their own.

    Raises
    ------
    TableError
        Rows cannot be used and ``on_invalid`` is "raise". No value of the data is in the message.
    SchemaError
        A column is missing, or a file cannot be read or unpacks too far. The names of columns are
        in the message only where the schema knows one of them: they may be data.

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
    schema = Schema() if schema is None else schema
    caps.check_argument(max_bytes)
    build.check_arguments(schema, on_invalid)
    entity_raw = None if entities is None else read(entities, "entities", schema, max_bytes)
    raw = read(relationships, "relationships", schema, max_bytes)
    return build.network(entity_raw, raw, schema, on_invalid)
