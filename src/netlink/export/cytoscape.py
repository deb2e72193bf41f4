"""CX2 and cyjs, for Cytoscape and Cytoscape.js."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pyarrow as pa

from netlink.export import columns

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from netlink.export.published import Published

# Columns that Cytoscape has a meaning of its own for.
_RESERVED = {"id", "source", "target", "parent", "name", "interaction", "SUID", "selected"}
_RESERVED |= {"shared name", "shared interaction"}
_ENDS = ["source", "target"]


def cx2(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of the CX2 file and its text, piece by piece."""
    yield "network.cx2", _cx2(published)


def cyjs(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of the cyjs file and its text, piece by piece."""
    yield "network.cyjs", _cyjs(published)


def _cx2(published: Published) -> Iterator[str | bytes]:
    entities, rows = published.entities, published.relationships
    counts = {"attributeDeclarations": 1, "networkAttributes": 1}
    counts |= {"nodes": len(entities), "edges": len(rows)}
    meta = [{"name": name, "elementCount": count} for name, count in counts.items()]
    node, edge = _own(published, "entities"), _own(published, "relationships")
    declared = {
        "networkAttributes": {"name": {"d": "string"}},
        "nodes": {"name": {"d": "string"}} | {n: {"d": kind} for _, n, kind in node},
        "edges": {"interaction": {"d": "string"}} | {n: {"d": kind} for _, n, kind in edge},
    }
    yield '[{"CXVersion": "2.0", "hasFragments": false},\n'
    yield f'{{"metaData": {json.dumps(meta)}}},\n'
    yield f'{{"attributeDeclarations": [{json.dumps(declared, ensure_ascii=False)}]}},\n'
    yield '{"networkAttributes": [{"name": "netlink case"}]},\n{"nodes": [\n'
    numbers = [pa.array(map(str, range(n)), pa.string()) for n in (len(entities), len(rows))]
    head = ['{"id": ', numbers[0], ', "v": {"name": "', _names(published), '"']
    pieces = [*head, *_members(published, "entities", node), "}}"]
    yield from columns.separated(pieces, len(entities))
    yield '\n]},\n{"edges": [\n'
    ends = [numbers[0].take(pa.array(published.at(end))) for end in _ENDS]
    kind = columns.json_texts(published.texts("relationships", "relationship_type"))
    head = ['{"id": ', numbers[1], ', "s": ', ends[0], ', "t": ', ends[1]]
    head += [', "v": {"interaction": "', kind, '"']
    pieces = [*head, *_members(published, "relationships", edge), "}}"]
    yield from columns.separated(pieces, len(rows))
    yield '\n]},\n{"status": [{"error": "", "success": true}]}]\n'


def _cyjs(published: Published) -> Iterator[str | bytes]:
    rows = published.relationships
    yield '{"format_version": "1.0", "generated_by": "netlink",\n'
    yield '"target_cytoscapejs_version": "~3.0", "data": {"name": "netlink case"},\n'
    yield '"elements": {"nodes": [\n'
    ids = columns.json_texts(published.texts("entities"))
    head = ['{"data": {"id": "', ids, '", "name": "', _names(published), '"']
    node, edge = _own(published, "entities"), _own(published, "relationships")
    pieces = [*head, *_members(published, "entities", node), "}}"]
    yield from columns.separated(pieces, len(ids))
    yield '\n], "edges": [\n'
    ends = [columns.json_texts(published.texts("relationships", end)) for end in _ENDS]
    kind = columns.json_texts(published.texts("relationships", "relationship_type"))
    # No edge may have the id of a node.
    ids = columns.json_texts(published.texts("relationships"))
    is_apart = rows.index.intersection(published.entities.index).empty
    head = ['{"data": {"id": "', "" if is_apart else "relationship ", ids, '", "source": "']
    head += [ends[0], '", "target": "', ends[1], '", "interaction": "', kind, '"']
    pieces = [*head, *_members(published, "relationships", edge), "}}"]
    yield from columns.separated(pieces, len(rows))
    yield "\n]}}\n"


def _names(published: Published) -> pa.StringArray:
    return columns.json_texts(published.labels)


def _own(published: Published, part: str) -> list[tuple[str | None, str, str]]:
    """Give each column, the ids first, with its name in the file and its type."""
    table: pd.DataFrame = getattr(published, part)
    names = table.columns.drop("named" if part == "entities" else _ENDS)
    own = str(table.index.name)
    titles = columns.distinct(columns.renamed(names, _RESERVED), {*_RESERVED, own})
    found = [(str(n), t, _type(published, part, n)) for n, t in zip(names, titles, strict=True)]
    return [(None, own, "string"), *found]


def _type(published: Published, part: str, name: str) -> str:
    kind = published.kind(part, name)
    if kind == "double" and {"INF", "-INF"} & set(published.texts(part, name).to_pylist()):
        return "string"
    return kind


def _members(
    published: Published, part: str, own: list[tuple[str | None, str, str]]
) -> Iterator[columns.Piece]:
    for name, title, kind in own:
        texts = published.texts(part, name)
        before = f", {json.dumps(title, ensure_ascii=False)}: "
        if kind == "string":
            yield from columns.around(f'{before}"', columns.json_texts(texts), '"')
        else:
            yield from columns.around(before, texts, "")
