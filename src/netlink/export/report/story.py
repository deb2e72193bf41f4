"""What happened when and where in a case, and who hangs together."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

from netlink import journeys as ways
from netlink.export.report import parts
from netlink.export.report.drawing import png

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.export.report.drawing import Drawing

_ROWS = 24  # people on the timeline
_MOVES = 40  # moves of one person


def timeline(drawing: Drawing) -> Iterator[str]:
    """Give the picture of what happened when."""
    from netlink import plot

    yield "<h2>Timeline</h2>\n"
    network = drawing.network
    if not network.relationships["start"].notna().any():
        yield "<p>No record of the case has a date.</p>\n"
        return
    asked = drawing.people[:_ROWS]
    axes = plot.timeline(network, entities=asked or None)
    data = base64.b64encode(png(axes)).decode()
    yield (
        "<p>A row a person, a mark a dated record. An arrow leads from who acted to whom it was "
        "done to. Who must be protected is not named.</p>\n"
    )
    picture = f'<img alt="Records by person and date" src="data:image/png;base64,{data}">'
    yield f'<p class="wide">{picture}</p>\n'


def journeys(drawing: Drawing) -> Iterator[str]:
    """Give the moves of leads and of the entities asked about."""
    published, network = drawing.published, drawing.network
    yield "<h2>Journeys</h2>\n"
    # Moves of a person stand under the first of the person's references.
    first = network.entities.index[network.references[network.positions(drawing.people)]]
    table = ways.moves(network)
    table = table[table["entity_id"].isin(first)]
    people = [name for name in dict.fromkeys(first) if name in set(table["entity_id"])]
    if not people:
        yield "<p>No lead and nobody asked about is on record at two places.</p>\n"
        return
    yield (
        "<p>From where to where records put a person: last on record at the one, first at the "
        "other. What lies between is not known. Times in UTC; a date without a time of day counts "
        f"to its last moment there and from its first here, by the calendar of "
        f"{parts.text(network.tz)}.</p>\n"
    )
    if len(people) > _ROWS:
        told = f"Of {len(people):,} people the first {_ROWS}: leads, then who was asked about."
        yield f"<p>{told}</p>\n"
    for name in people[:_ROWS]:
        way = table[table["entity_id"] == name]
        inner = parts.table(
            ["From", "To", "Last there", "First here", "Records"],
            [
                [
                    parts.label(published, move["origin"]),
                    parts.label(published, move["destination"]),
                    f"{move['left']:%Y-%m-%d %H:%M}",
                    f"{move['arrived']:%Y-%m-%d %H:%M}",
                    ", ".join(move["relationship_ids"]),
                ]
                for _, move in way.head(_MOVES).iterrows()
            ],
            ids=(4,),
        )
        more = f", the first {_MOVES} of them" if len(way) > _MOVES else ""
        yield f"<h3>{parts.text(parts.label(published, name))}</h3>\n"
        yield parts.folded(f"{parts.counted(len(way), 'move')}{more}", "".join(inner))


def groups(drawing: Drawing) -> Iterator[str]:
    """Give the communities of the case."""
    published, labels = drawing.published, drawing.groups.labels
    sizes = labels.value_counts()
    sizes = sizes[sizes > 1]
    yield "<h2>Groups</h2>\n"
    if sizes.empty:
        yield "<p>No two entities hang together.</p>\n"
        return
    yield (
        f"<p>Communities by the Leiden method; modularity {drawing.groups.modularity:.2f}. A group "
        "is who has more ties inside than out: it is no organisation, and being in one is no act."
        "</p>\n"
    )
    is_person = published.entities["entity_type"] == "person"
    rows = []
    for group in sizes.index.sort_values():
        members = labels.index[labels == group]
        people = [name for name in members if is_person[name]]
        leads = [name for name in people if name in published.leads.index]
        named = "".join(f"<li>{parts.text(parts.label(published, name))}</li>" for name in people)
        shown = parts.Markup(
            parts.folded(parts.counted(len(people), "person", "people"), f"<ul>{named}</ul>")
            if people
            else "none"
        )
        rows.append([int(group) + 1, len(members), shown, parts.names(published, tuple(leads))])
    yield from parts.table(["Group", "Entities", "People", "Leads"], rows, numbers=(0, 1))
