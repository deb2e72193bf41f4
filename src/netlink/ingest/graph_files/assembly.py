"""Nodes and edges as a file has them -> a checked network."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from netlink.errors import ArgumentError
from netlink.ingest import build, values
from netlink.ingest.graph_files.columns import DRAWN

if TYPE_CHECKING:
    from netlink.ingest.raw import Raw
    from netlink.network import Network
    from netlink.schema import Schema


def network(
    nodes: Raw, edges: Raw, schema: Schema, relationship_type: str | None, on_invalid: str
) -> Network:
    """Make a network of nodes and edges."""
    edges = _with_one_id(_with_type(_with_direction(edges), schema, relationship_type))
    nodes, edges = _identified(nodes, edges, schema)
    schema = replace(schema, source=None, target=None, relationship_id=None)
    built = build.network(nodes, edges, schema, on_invalid)
    rows = built.relationship_table
    if "directed" in rows.columns:
        known = {name: kind.directed for name, kind in built.vocabulary.relationship_types.items()}
        says = rows["relationship_type"].map(known).to_numpy(dtype=bool)
        # A column that only repeats what the types say is none of the user's.
        if rows["directed"].dtype == bool and (rows["directed"].to_numpy() == says).all():
            return replace(built, relationship_table=rows.drop(columns="directed"))
    return built


def _with(raw: Raw, table: pa.Table) -> Raw:
    return replace(raw, table=table)


def _renamed(raw: Raw, names: dict[str, str]) -> Raw:
    new = [names.get(name, name) for name in raw.names]
    not_text = {names.get(name, name): mask for name, mask in raw.not_text.items()}
    return replace(raw, table=raw.table.rename_columns(new), not_text=not_text)


def _free(name: str, names: list[str]) -> str:
    while name in names:
        name += "_in_table"
    return name


def _with_direction(edges: Raw) -> Raw:
    """Keep how an edge is drawn, unless the file has a column that says it."""
    if DRAWN not in edges.names:
        return edges
    if "directed" in edges.names:
        return _with(edges, edges.table.drop_columns([DRAWN]))
    return _renamed(edges, {DRAWN: "directed"})


def _with_type(edges: Raw, schema: Schema, given: str | None) -> Raw:
    name = schema.column("relationship_type")
    if given is None:
        return edges
    known = schema.vocabulary.relationship_types
    if not isinstance(given, str) or given not in {*known, *schema.relationship_types}:
        raise ArgumentError(f"'relationship_type' must be one of {sorted(known)}, it is not.")
    if name in edges.names:
        raise ArgumentError(
            "'relationship_type' is for files whose edges have no type; this file has the column "
            f"'{name}': map its words with Schema(relationship_types=...)."
        )
    cells = pa.array([given] * edges.table.num_rows, pa.large_string())
    return _with(edges, edges.table.append_column(name, cells))


def _with_one_id(edges: Raw) -> Raw:
    """Take ids of edges for those of relationships only where they are; networkx numbers pairs."""
    if "relationship_id" not in edges.names:
        return edges
    ids = values.text(edges.table["relationship_id"])
    if ids.null_count == 0 and pc.count_distinct(ids).as_py() == len(ids):
        return edges
    return _renamed(edges, {"relationship_id": _free("edge_id", edges.names)})


def _identified(nodes: Raw, edges: Raw, schema: Schema) -> tuple[Raw, Raw]:
    """Where the schema names the column of ids, put those at the ends in place of the file's."""
    name = schema.column("entity_id")
    if name == "entity_id" or name not in nodes.names or "entity_id" not in nodes.names:
        return nodes, edges
    own, given = values.text(nodes.table["entity_id"]), values.text(nodes.table[name])
    table = edges.table
    for end in ("source", "target"):
        if end in edges.names:
            at = table.column_names.index(end)
            cells = values.text(table[end])
            found = pc.index_in(cells, value_set=own)
            # An end that is no node stays what it is, for the checks to find.
            known = pc.and_(found.is_valid(), cells.is_valid())
            table = table.set_column(at, end, pc.if_else(known, given.take(found), cells))
    return _renamed(nodes, {"entity_id": _free("node_id", nodes.names)}), _with(edges, table)


def with_kinds(edges: Raw, schema: Schema) -> Raw:
    """Take the kinds of edges of a GEXF for types where every one is a word that is known."""
    name = schema.column("relationship_type")
    if name in edges.names or "kind" not in edges.names:
        return edges
    known = {*schema.vocabulary.relationship_types, *schema.relationship_types}
    kinds = values.text(edges.table["kind"])
    if kinds.null_count or not set(pc.unique(kinds).to_pylist()) <= known:
        return edges
    names = {"kind": name}
    if "kind_in_table" in edges.names:  # a column of the user's own, which had to make way
        names["kind_in_table"] = "kind"
    renamed = _renamed(edges, names)
    if "label" in renamed.names and renamed.table["label"].equals(renamed.table[name]):
        return _with(renamed, renamed.table.drop_columns(["label"]))
    return renamed
