"""CSV for the bulk import of Neo4j 5, with the command that reads it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from netlink.export import columns, csv_tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.export.published import Published

_TYPES = {"boolean": ":boolean", "long": ":long", "double": ":double", "string": ""}
_TIMES = ("start", "end")
_GUIDE = """\
# Importing into Neo4j 5

Into a database that does not exist yet, from the folder of these files:

    neo4j-admin database import full --multiline-fields=true \\
        --nodes=neo4j_nodes.csv --relationships=neo4j_relationships.csv netlink

The label of a node is its entity type (`Person`), the type of a relationship its relationship
type (`COMMUNICATED`). Neo4j gives every relationship a direction: whether it had one stands in
`directed`.
"""


def files(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of each file and its text, piece by piece."""
    entities, rows = published.entities, published.relationships
    found = {"entity_id:ID(Entity)": published.column("entities")}
    found |= _own(published, "entities", entities.columns.drop(["named", "entity_type"]))
    found[":LABEL"] = columns.column([_pascal(word) for word in entities["entity_type"]])
    yield "neo4j_nodes.csv", csv_tables.lines(found, len(entities))
    found = {":START_ID(Entity)": published.column("relationships", "source")}
    found["relationship_id"] = published.column("relationships")
    apart = ["source", "target", "relationship_type"]
    found |= _own(published, "relationships", rows.columns.drop(apart))
    found[":END_ID(Entity)"] = published.column("relationships", "target")
    found[":TYPE"] = columns.column([str(word).upper() for word in rows["relationship_type"]])
    yield "neo4j_relationships.csv", csv_tables.lines(found, len(rows))
    yield "neo4j_import.md", iter([_GUIDE])


def _pascal(word: object) -> str:
    return "".join(part.capitalize() for part in str(word).split("_"))


def _own(published: Published, part: str, names: pd.Index) -> dict[str, columns.Column]:
    found = {}
    for name, title in zip(names, _titles(names), strict=True):
        texts, types = published.column(part, name)
        empty = pc.sum(pc.equal(texts, "")).as_py() or 0
        published.lost("neo4j", part, name, empty, "an empty text reads as a missing value")
        lists = _lists(texts) if published.kinds[part].get(name) == "json" else None
        if lists is not None:
            found[f"{title}:string[]"] = columns.Column(lists, {str})
        elif part == "relationships" and name in _TIMES and not columns.moments(texts)[1]:
            found[f"{title}:datetime"] = published.column(part, name)
        else:
            # Neo4j spells it Infinity.
            texts = (
                pc.replace_substring_regex(texts, "INF$", "Infinity") if float in types else texts
            )
            found[title + _TYPES[published.kind(part, name)]] = columns.Column(texts, types)
    return found


def _titles(names: pd.Index) -> list[str]:
    """Return names of properties: a colon would begin a type."""
    titles: list[str] = []
    for name in columns.renamed(names, {"entity_id", "relationship_id"}):
        title = name.replace(":", "_")
        while title in titles:
            title += "_"
        titles.append(title)
    return titles


def _lists(texts: pa.StringArray) -> pa.StringArray | None:
    """Return lists of texts as Neo4j reads them; None where they are something else."""
    found: list[str | None] = []
    for text in texts.to_pylist():
        items = [] if text is None else json.loads(text)
        if not isinstance(items, list) or not all(_is_item(item) for item in items):
            return None
        found.append(";".join(items) or None)
    return pa.array(found, pa.string())


def _is_item(item: object) -> bool:
    return isinstance(item, str) and item != "" and ";" not in item
