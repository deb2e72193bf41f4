"""GraphML: every entity and relationship with its columns, as text that is written as it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from netlink.export import values

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from netlink.export.redaction import Published

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://graphml.graphdrawing.org/xmlns'
    ' http://graphml.graphdrawing.org/xmlns/1.0/graphml.xsd">\n'
)


def files(published: Published) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "network.graphml", _text(published)


def _text(published: Published) -> Iterator[str]:
    entities = published.entities.drop(columns="named")
    rows = published.relationships
    yield _HEAD
    keys = {
        "node": _keys(entities, "n"),
        "edge": _keys(rows.drop(columns=["source", "target"]), "e"),
    }
    for part, found in keys.items():
        for name, (key, kind) in found.items():
            label = quoteattr(values.xml_id("id_in_table" if name == "id" else name))
            yield f'  <key id="{key}" for="{part}" attr.name={label} attr.type="{kind}"/>\n'
    # networkx reads no file that mixes both: the direction of each stands in its column `directed`.
    directed = "directed" if rows["directed"].any() else "undirected"
    yield f'  <graph id="network" edgedefault="{directed}">\n'
    for name, cells in values.rows(entities):
        yield f"    <node id={quoteattr(values.xml_id(name))}>"
        yield from _data(published, "entities", keys["node"], cells)
        yield "</node>\n"
    for name, cells in values.rows(rows):
        ends = [quoteattr(values.xml_id(str(cells.pop(end)))) for end in ("source", "target")]
        yield f"    <edge id={quoteattr(values.xml_id(name))} source={ends[0]} target={ends[1]}>"
        yield from _data(published, "relationships", keys["edge"], cells)
        yield "</edge>\n"
    yield "  </graph>\n</graphml>\n"


def _keys(table: pd.DataFrame, letter: str) -> dict[str, tuple[str, str]]:
    return {
        str(name): (f"{letter}{at}", values.kind(table[name]))
        for at, name in enumerate(table.columns)
    }


def _data(
    published: Published,
    part: str,
    keys: dict[str, tuple[str, str]],
    cells: dict[str, values.Plain],
) -> Iterator[str]:
    for name, value in cells.items():
        if value is not None:
            text, removed = values.xml_text(values.written(value))
            published.lost("graphml", part, name, removed, "characters XML 1.0 cannot hold")
            # A reader turns a bare carriage return into a line feed.
            text = escape(text, {"\r": "&#13;"})
            yield f'<data key="{keys[name][0]}">{text}</data>'
