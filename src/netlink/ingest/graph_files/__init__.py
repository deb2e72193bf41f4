"""Graphs that other programs wrote, and netlink itself: GraphML, GEXF, node-link, FtM."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from netlink.errors import ArgumentError
from netlink.ingest import build, caps
from netlink.ingest.graph_files import assembly, ftm, gexf, graphml, node_link
from netlink.ingest.raw import attempt
from netlink.ingest.sources import Source
from netlink.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Callable

    from netlink.ingest.raw import Raw
    from netlink.network import Network

__all__ = ["read_ftm", "read_gexf", "read_graphml", "read_node_link"]


def read_graphml(
    path: str | Path,
    *,
    schema: Schema | None = None,
    relationship_type: str | None = None,
    on_invalid: Literal["raise", "reject"] = "raise",
    max_bytes: int | None = None,
) -> Network:
    """Read GraphML into a network.

    Nodes are entities and edges relationships, their attributes columns; what netlink itself
    exported comes back as it was. A file with a DOCTYPE, hyperedges, ports or several graphs is
    refused. Labels that yEd draws become ``label``; what else other programs put in is counted in
    the ledger under "not read". igraph numbers its nodes "n0", "n1" and keeps the ids in an
    attribute: read its files with ``Schema(entity_id="name")``.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; also as gz, bz2, zst, lz4 or a zip of one file.
    schema : Schema, optional
        How attributes and their words map; without it they carry the canonical names.
    relationship_type : str, optional
        What every edge is, where the edges have no attribute that says so. Without either they are
        "related_to". Direction belongs to the type: where edges are drawn otherwise, the column
        ``directed`` says so.
    on_invalid : {"raise", "reject"}, default "raise"
        As in `netlink.read_tables`.
    max_bytes : int, optional
        How many bytes the file may have, or unpack to; without it 4 GiB.

    Returns
    -------
    Network

    Raises
    ------
    TableError
        Nodes or edges cannot be used.
    SchemaError
        The file is no GraphML that can be read.

    Examples
    --------
    >>> import tempfile, netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> case = nl.cases.build(kite, around=kite.entities.index)
    >>> policy = nl.export.Policy(names="all")
    >>> folder = nl.export.bundle(case, tempfile.mkdtemp(), formats=["graphml"], policy=policy)
    >>> nl.read_graphml(folder / "network.graphml")
    <Network of 10 entities and 18 relationships (1 component, 0 isolates)>
    """
    return _read(path, graphml.read, "GraphML", schema, relationship_type, on_invalid, max_bytes)


def read_gexf(
    path: str | Path,
    *,
    schema: Schema | None = None,
    relationship_type: str | None = None,
    on_invalid: Literal["raise", "reject"] = "raise",
    max_bytes: int | None = None,
) -> Network:
    """Read GEXF into a network.

    Nodes are entities and edges relationships, their attributes columns. The kinds of edges are
    taken for relationship types where all of them are words that are known, and stay a column
    ``kind`` otherwise. A start or end that is no date becomes ``start_in_table``. Colors, sizes and
    places are left out and counted in the ledger under "not read"; a file with a DOCTYPE, nodes
    within nodes, attributes that change over time or several spells is refused.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; also as gz, bz2, zst, lz4 or a zip of one file.
    schema : Schema, optional
        How attributes and their words map; without it they carry the canonical names.
    relationship_type : str, optional
        What every edge is, where the edges have no type of their own; "related_to" without it.
    on_invalid : {"raise", "reject"}, default "raise"
        As in `netlink.read_tables`.
    max_bytes : int, optional
        How many bytes the file may have, or unpack to; without it 4 GiB.

    Returns
    -------
    Network

    Raises
    ------
    TableError
        Nodes or edges cannot be used.
    SchemaError
        The file is no GEXF that can be read.

    Examples
    --------
    >>> import tempfile, netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> case = nl.cases.build(kite, around=kite.entities.index)
    >>> policy = nl.export.Policy(names="all")
    >>> folder = nl.export.bundle(case, tempfile.mkdtemp(), formats=["gexf"], policy=policy)
    >>> nl.read_gexf(folder / "network.gexf").n_relationships
    18
    """
    return _read(path, gexf.read, "GEXF", schema, relationship_type, on_invalid, max_bytes)


def read_node_link(
    path: str | Path,
    *,
    schema: Schema | None = None,
    relationship_type: str | None = None,
    on_invalid: Literal["raise", "reject"] = "raise",
    max_bytes: int | None = None,
) -> Network:
    """Read node-link JSON into a network.

    The JSON of networkx and D3: lists ``nodes`` and ``edges`` (or ``links``) of objects. Cells keep
    the types they have in JSON, so the ids 7 and "7" are not joined; what netlink itself exported
    comes back as it was.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; also as gz, bz2, zst, lz4 or a zip of one file.
    schema : Schema, optional
        How keys and their words map; without it they carry the canonical names.
    relationship_type : str, optional
        What every edge is, where the edges have no type of their own; "related_to" without it.
    on_invalid : {"raise", "reject"}, default "raise"
        As in `netlink.read_tables`.
    max_bytes : int, optional
        How many bytes the file may have, or unpack to; without it 4 GiB.

    Returns
    -------
    Network

    Raises
    ------
    TableError
        Nodes or edges cannot be used.
    SchemaError
        The file is no node-link JSON.

    Examples
    --------
    >>> import json, pathlib, tempfile, netlink as nl
    >>> path = pathlib.Path(tempfile.mkdtemp(), "calls.json")
    >>> edges = [{"source": "p1", "target": "p2"}]
    >>> _ = path.write_text(json.dumps({"nodes": [{"id": "p1"}, {"id": "p2"}], "edges": edges}))
    >>> nl.read_node_link(path, relationship_type="communicated")
    <Network of 2 entities and 1 relationship (1 component, 0 isolates)>
    """
    return _read(
        path, node_link.read, "node-link JSON", schema, relationship_type, on_invalid, max_bytes
    )


def read_ftm(
    path: str | Path,
    *,
    schema: Schema | None = None,
    on_invalid: Literal["raise", "reject"] = "raise",
    max_bytes: int | None = None,
) -> Network:
    """Read FollowTheMoney JSON lines into a network.

    What stands between two entities (Ownership, Family, Payment, UnknownLink and their like) is a
    relationship, one for each pair where several are named; everything else an entity. The type of
    a relationship is the word that it carries, where that is one of the vocabulary, and follows
    from its schema otherwise. A property of an entity that names another one of the file (a holder,
    a sanctioned person, who was involved) is a relationship too, its name in ``ftm_property``; a
    call whose both ends are known is one of its own. ``amount`` and ``currency`` are a number and a
    code of ISO 4217 where each is one that needs no guess. Schema and other properties are kept as
    columns of text, under ``ftm_`` where the name is taken. Lines of one id are statements about
    one thing and must be merged before.

    Parameters
    ----------
    path : str or pathlib.Path
        The file; also as gz, bz2, zst, lz4 or a zip of one file.
    schema : Schema, optional
        Time zone, format of dates and vocabulary; columns are what is described above.
    on_invalid : {"raise", "reject"}, default "raise"
        As in `netlink.read_tables`; a line that is no entity is set aside.
    max_bytes : int, optional
        How many bytes the file may have, or unpack to; without it 4 GiB.

    Returns
    -------
    Network

    Raises
    ------
    TableError
        Lines cannot be used.
    SchemaError
        The file cannot be read.

    Examples
    --------
    >>> import json, pathlib, tempfile, netlink as nl
    >>> path = pathlib.Path(tempfile.mkdtemp(), "case.jsonl")
    >>> lines = [{"id": "p1", "schema": "Person", "properties": {"name": ["Person 1"]}},
    ...          {"id": "c1", "schema": "Company", "properties": {"name": ["Firm 1"]}},
    ...          {"id": "o1", "schema": "Ownership",
    ...           "properties": {"owner": ["p1"], "asset": ["c1"]}}]
    >>> with path.open("w") as file:
    ...     for line in lines:
    ...         print(json.dumps(line), file=file)
    >>> nl.read_ftm(path).relationships["relationship_type"].tolist()
    ['owns']
    """

    def read(source: Source) -> tuple[Raw, Raw]:
        return ftm.read(source, found.vocabulary)

    found = Schema() if schema is None else schema
    if isinstance(found, Schema) and found.tz is None:
        found = replace(found, tz="UTC")
    return _read(path, read, "FollowTheMoney", found, None, on_invalid, max_bytes)


def _read(
    path: str | Path,
    reader: Callable[[Source], tuple[Raw, Raw]],
    what: str,
    schema: Schema | None,
    relationship_type: str | None,
    on_invalid: str,
    max_bytes: int | None,
) -> Network:
    schema = Schema() if schema is None else schema
    caps.check_argument(max_bytes)
    build.check_arguments(schema, on_invalid)
    if not isinstance(path, str | Path):
        raise ArgumentError(f"'path' must be a path, got {type(path).__name__}.")
    if not Path(path).is_file():
        raise ArgumentError("'path' must be a file that exists; no such file.")
    source = Source(Path(path), caps.Cap.of(Path(path), max_bytes))

    nodes, edges = attempt(lambda: reader(source), f"The file cannot be read as {what}")
    edges = assembly.with_kinds(edges, schema)
    return assembly.network(nodes, edges, schema, relationship_type, on_invalid)
