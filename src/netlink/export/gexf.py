"""GEXF 1.3, for Gephi 0.9.3 and later: with the times of dated relationships."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

from netlink.export import values

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from netlink.export.redaction import Published

# Names that mean something of their own in GEXF.
_RESERVED = {"id", "label", "type", "weight", "kind", "start", "end", "timestamp"}
# Columns that GEXF has an attribute for.
_ENTITY_PLACES = ["label"]
_TIE_PLACES = ["source", "target", "directed", "relationship_type", "weight", "start", "end"]


def files(published: Published) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "network.gexf", _text(published)


def _text(published: Published) -> Iterator[str]:
    entities, rows = published.entities.drop(columns="named"), published.relationships
    is_dated = rows["start"].notna().any()
    mode = (
        'mode="dynamic" timeformat="dateTime" timerepresentation="interval"'
        if is_dated
        else 'mode="static"'
    )
    directed = "directed" if rows["directed"].any() else "undirected"
    yield '<?xml version="1.0" encoding="UTF-8"?>\n'
    yield '<gexf xmlns="http://gexf.net/1.3" version="1.3">\n'
    yield f'  <graph {mode} defaultedgetype="{directed}">\n'
    yield from _attributes(entities, "node", _ENTITY_PLACES)
    yield from _attributes(rows, "edge", _TIE_PLACES)
    yield "    <nodes>\n"
    for name, cells in values.rows(entities):
        label = cells.pop("label")
        yield f"      <node{_places(published, 'entities', id=name, label=label or name)}>"
        yield from _cells(published, "entities", cells)
        yield "</node>\n"
    yield "    </nodes>\n    <edges>\n"
    for name, cells in values.rows(rows):
        yield f"      <edge{_tie(published, name, cells)}>"
        yield from _cells(published, "relationships", cells)
        yield "</edge>\n"
    yield "    </edges>\n  </graph>\n</gexf>\n"
    _note(published, rows)


def _tie(published: Published, name: str, cells: dict[str, values.Plain]) -> str:
    taken = {place: cells.pop(place) for place in _TIE_PLACES}
    start, end = taken["start"], taken["end"]
    return _places(
        published,
        "relationships",
        id=name,
        source=taken["source"],
        target=taken["target"],
        type="directed" if taken["directed"] else "undirected",
        kind=taken["relationship_type"],
        label=taken["relationship_type"],
        weight=taken["weight"],
        start=start,
        # Both ends count: what has no end is an instant.
        end=None if start is None else (end or start),
    )


def _places(published: Published, part: str, **places: values.Plain) -> str:
    found = []
    for name, value in places.items():
        if value is None:
            continue
        if name in {"id", "source", "target"}:
            text = values.xml_id(values.written(value))
        else:
            text, removed = values.xml_text(values.written(value))
            published.lost("gexf", part, name, removed, "characters XML 1.0 cannot hold")
        found.append(f" {name}={quoteattr(text)}")
    return "".join(found)


def _attributes(table: pd.DataFrame, part: str, places: list[str]) -> Iterator[str]:
    yield f'    <attributes class="{part}" mode="static">\n'
    for name in table.columns.drop(places):
        title = quoteattr(values.xml_id(f"{name}_in_table" if name in _RESERVED else str(name)))
        kind = values.kind(table[name])
        key = quoteattr(values.xml_id(str(name)))
        yield f'      <attribute id={key} title={title} type="{kind}"/>\n'
    yield "    </attributes>\n"


def _cells(published: Published, part: str, cells: dict[str, values.Plain]) -> Iterator[str]:
    yield "<attvalues>"
    for name, value in cells.items():
        if value is not None:
            text, removed = values.xml_text(values.written(value))
            published.lost("gexf", part, name, removed, "characters XML 1.0 cannot hold")
            yield f"<attvalue for={quoteattr(values.xml_id(name))} value={quoteattr(text)}/>"
    yield "</attvalues>"


def _note(published: Published, rows: pd.DataFrame) -> None:
    undated = int((rows["start"].isna() & rows["end"].notna()).sum())
    published.lost("gexf", "relationships", "end", undated, "an end without a start is left out")
    merged = int(rows.duplicated(["source", "target", "relationship_type"]).sum())
    reason = "Gephi merges parallel relationships of one type when it opens the file"
    published.lost("gexf", "relationships", "", merged, reason)
