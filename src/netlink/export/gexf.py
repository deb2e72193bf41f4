"""GEXF 1.3, for Gephi 0.9.3 and later: with the times of dated relationships."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

from netlink.export import columns, values

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pandas as pd

    from netlink.export.published import Published

# Names that mean something of their own in GEXF.
_RESERVED = {"id", "label", "type", "weight", "kind", "start", "end", "timestamp"}
# Columns of relationships that GEXF has an attribute for.
_TIE_PLACES = ["source", "target", "directed", "relationship_type", "weight", "start", "end"]


def files(published: Published) -> Iterator[tuple[str, Iterator[str | bytes]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "network.gexf", _text(published)


def _text(published: Published) -> Iterator[str | bytes]:
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
    yield from _attributes(published, "entities", "node", ["label", "named"])
    yield from _attributes(
        published, "relationships", "edge", _TIE_PLACES, known := _known(published)
    )
    yield "    <nodes>\n"
    places = {"label": published.labels}
    yield from _elements(published, "entities", "node", places, entities.drop(columns="label"))
    yield "    </nodes>\n    <edges>\n"
    rest = rows.drop(columns=_TIE_PLACES)
    yield from _elements(published, "relationships", "edge", _tie(published), rest, known)
    yield "    </edges>\n  </graph>\n</gexf>\n"
    _note(published, rows)


def _tie(published: Published) -> dict[str, pa.StringArray]:
    names = ("source", "target", "directed", "relationship_type", "weight")
    texts = {name: published.texts("relationships", name) for name in names}
    first, last = (columns.column(published.spans[name]).texts for name in published.spans)
    return {
        "source": texts["source"],
        "target": texts["target"],
        "type": pc.if_else(pc.equal(texts["directed"], "true"), "directed", "undirected"),
        "kind": texts["relationship_type"],
        "label": texts["relationship_type"],
        "weight": texts["weight"],
        # Both ends count: what has no end is an instant, or all of the month that it is known to.
        "start": first,
        "end": pc.if_else(pc.is_valid(first), last, first),
    }


def _known(published: Published) -> dict[str, pa.StringArray]:
    """Return columns of the dates that are not known to the second, as they are known."""
    found = {}
    for end in ("start", "end"):
        texts = published.texts("relationships", end)
        is_partial = pc.less_equal(pc.utf8_length(texts), len("2024-03-05"))
        if pc.any(is_partial).as_py():
            name = f"{end}_known"
            while name in published.relationships.columns:
                name += "_in_table"
            found[name] = pc.if_else(is_partial, texts, None)
    return found


def _attributes(
    published: Published,
    part: str,
    element: str,
    apart: list[str],
    known: dict[str, pa.StringArray] | None = None,
) -> Iterator[str]:
    yield f'    <attributes class="{element}" mode="static">\n'
    names = getattr(published, part).columns.drop(apart)
    titles = [*columns.renamed(names, _RESERVED), *(known or ())]
    kinds = [*(published.kind(part, name) for name in names), *("string" for _ in known or ())]
    for own, title, kind in zip(columns.distinct(titles, _RESERVED), titles, kinds, strict=True):
        places = f'id="{values.xml(own)}" title="{values.xml(title)}"'
        yield f'      <attribute {places} type="{kind}"/>\n'
    yield "    </attributes>\n"


def _elements(
    published: Published,
    part: str,
    element: str,
    places: dict[str, pa.StringArray],
    rest: pd.DataFrame,
    known: dict[str, pa.StringArray] | None = None,
) -> Iterator[bytes]:
    ids = columns.xml(published.texts(part))
    pieces: list[columns.Piece] = [f'      <{element} id="', ids, '"']
    for name, cells in places.items():
        if name == "label":
            published.illegal("gexf", part, name, cells)
        pieces += columns.around(f' {name}="', columns.xml(cells), '"')
    pieces.append("><attvalues>")
    found = {str(name): published.xml("gexf", part, str(name)) for name in rest.columns}
    found |= known or {}
    titles = [*columns.renamed(rest.columns, _RESERVED), *(known or ())]
    for own, cells in zip(columns.distinct(titles, _RESERVED), found.values(), strict=True):
        pieces += columns.around(f'<attvalue for="{values.xml(own)}" value="', cells, '"/>')
    return columns.joined([*pieces, f"</attvalues></{element}>\n"], len(rest))


def _note(published: Published, rows: pd.DataFrame) -> None:
    undated = int((rows["start"].isna() & rows["end"].notna()).sum())
    published.lost("gexf", "relationships", "end", undated, "an end without a start is left out")
    merged = int(rows.duplicated(["source", "target", "relationship_type"]).sum())
    reason = "Gephi merges parallel relationships of one type when it opens the file"
    published.lost("gexf", "relationships", "", merged, reason)
