"""Node-link JSON -> nodes and edges."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from netlink.errors import SchemaError
from netlink.ingest import frames
from netlink.ingest.graph_files import kinds
from netlink.ingest.graph_files.columns import WHOLE, own_name

if TYPE_CHECKING:
    from netlink.ingest.caps import Cap
    from netlink.ingest.raw import Raw
    from netlink.ingest.sources import Source

_CELL = 8
_READ = {"nodes", "edges", "links", "directed", "multigraph", "graph"}


def read(source: Source) -> tuple[Raw, Raw]:
    """Read the nodes and the edges of a file, cells in the types of JSON."""
    with source.stream() as stream:
        data = source.cap.unpack(stream)
    found = _parsed(data)
    found = found if isinstance(found, dict) else {}
    nodes: Any = found.get("nodes")
    edges: Any = found.get("edges", found.get("links"))
    if "edges" in found and "links" in found:
        raise SchemaError("The file has both 'edges' and 'links': which of them are the edges?")
    if not (_is_table(nodes) and _is_table(edges)):
        raise SchemaError(
            "The file must hold a JSON object with the lists 'nodes' and 'edges' (or 'links') of "
            "objects."
        )
    is_directed = bool(found.get("directed", False))
    for edge in edges:
        edge.setdefault("directed", is_directed)
    entities = _table(nodes, {"id": "entity_id"}, {"id"}, source.cap)
    places = {"key": "relationship_id", "id": "relationship_id"}
    rows = _table(edges, places, {"source", "target", "key"}, source.cap)
    if not edges:
        rows = frames.of_rows(["source", "target"], [])
    about = found.get("graph") or {}
    others = len([*found.keys() - _READ, *(about if isinstance(about, dict) else [about])])
    said = kinds.stated(about.get("netlink")) if isinstance(about, dict) else None
    if others:
        entities = replace(entities, unread={WHOLE: others - (said is not None)})
    if said is None:
        return entities, rows
    return kinds.restored(entities, said["entities"]), kinds.restored(rows, said["relationships"])


def _parsed(data: bytes) -> Any:
    twice = False

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal twice
        built = dict(pairs)
        twice |= len(built) < len(pairs)
        return built

    try:
        found = json.loads(data, object_pairs_hook=once)
    except UnicodeDecodeError:
        why = "is not UTF-8"
    except (ValueError, RecursionError):
        why = "is no JSON that can be read"
    else:
        if not twice:
            return found
        why = "has an object that names a key more than once"
    raise SchemaError(f"The file {why}.")


def _is_table(rows: Any) -> bool:
    return isinstance(rows, list) and all(isinstance(row, dict) for row in rows)


def _table(rows: list[dict[str, Any]], places: dict[str, str], reserved: set[str], cap: Cap) -> Raw:
    names = list(dict.fromkeys(name for row in rows for name in row))
    cap.check(_CELL * len(names) * len(rows))
    wanted = [places.get(name, own_name(name, reserved)) for name in names]
    taken = {new for name, new in zip(names, wanted, strict=True) if new == name}
    header: list[str] = []
    for name, new in zip(names, wanted, strict=True):
        header.append(name if new in taken else new)
        taken.add(new)
    return frames.of_rows(header, [[row.get(name) for name in names] for row in rows])
