"""What happened when and where in a case, and who hangs together."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING

import pandas as pd

from netlink import journeys as ways
from netlink.export.report import parts
from netlink.export.report.drawing import png

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.export.published import Published
    from netlink.export.report.drawing import Drawing

_ROWS = 24  # people on the timeline
_MOVES = 40  # moves of one person


def timeline(drawing: Drawing) -> Iterator[str]:
    """Give the picture of what happened when."""
    from netlink import plot

    yield parts.heading("Timeline")
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
    yield parts.heading("Journeys")
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


def groups(published: Published) -> Iterator[str]:
    """Give the groups of the case."""
    found, made = published.groups["group"], published.case.groups
    sizes = found.value_counts().sort_index()
    sizes = sizes[sizes > 1]
    yield parts.heading("Groups")
    if sizes.empty:
        yield "<p>No two entities hang together.</p>\n"
        return
    yield (
        f"<p>Communities by the method {parts.text(made.method)}; modularity "
        f"{made.modularity:.2f}. A group is who has more ties inside than out: it is no "
        "organization, and being in one is no act.</p>\n"
    )
    labels = parts.labels(published)
    is_person = published.entities["entity_type"] == "person"
    people = is_person[found.index].to_numpy(dtype=bool)
    members = found[people].groupby(found[people]).groups
    leads = set(published.leads.index)
    rows = []
    for group, size in sizes.items():
        names = list(members.get(group, ()))
        named = "".join(f"<li>{parts.text(labels[name])}</li>" for name in names)
        folded = parts.folded(parts.counted(len(names), "person", "people"), f"<ul>{named}</ul>")
        shown = parts.Markup(folded if names else "none")
        known = tuple(name for name in names if name in leads)
        rows.append([group, int(size), shown, parts.names(published, known)])
    yield from parts.table(["Group", "Entities", "People", "Leads"], rows, numbers=(0, 1))


def paths(published: Published) -> Iterator[str]:
    """Give how those asked about connect, hop by hop."""
    table = published.paths
    yield parts.heading("Paths")
    if table.empty:
        yield "<p>None was given, and no two of those asked about connect within the case.</p>\n"
        return
    yield (
        "<p>One way in which two connect, of often several, and not the way that anything went: a "
        "hop is a record, and hops need not follow each other in time.</p>\n"
    )
    n = table["path"].nunique()
    if n > _ROWS:
        yield f"<p>Of {n:,} paths the first {_ROWS}.</p>\n"
    labels = parts.labels(published)
    for _, way in list(table.groupby("path"))[:_ROWS]:
        ends = [labels[way["entity_id"].iloc[at]] for at in (0, -1)]
        inner = parts.table(
            ["Step", "Through", "Id", "Records of the hop", "Documents"],
            [
                [
                    row["step"],
                    labels[row["entity_id"]],
                    row["entity_id"],
                    parts.Markup(parts.listed(row["relationship_ids"], "record")),
                    parts.Markup(parts.listed(row["documents"], "document")),
                ]
                for _, row in way.iterrows()
            ],
            numbers=(0,),
            ids=(2,),
        )
        yield f"<h3>{parts.text(ends[0])} to {parts.text(ends[1])}</h3>\n"
        yield parts.folded(parts.counted(len(way) - 1, "hop"), "".join(inner))


def profile(published: Published) -> Iterator[str]:
    """Give where those asked about stand in the case."""
    table = published.profile
    yield parts.heading("Where those asked about stand")
    n = len(published.around)
    if n > _ROWS:
        yield f"<p>{n:,} were asked about: too many for a page.</p>\n"
        return
    yield (
        "<p>Within the case, among entities of the same type; rank 1 is the largest value. The "
        "case was cut around them, so that high ranks are no finding.</p>\n"
    )
    labels = parts.labels(published)
    yield from parts.table(
        ["Entity", "Id", "Measure", "Value", "Rank", "Among"],
        [
            [
                labels[str(name)],
                str(name),
                row["measure"].replace("_", " "),
                "undefined" if pd.isna(row["value"]) else f"{row['value']:.4g}",
                "" if pd.isna(row["rank"]) else int(row["rank"]),
                int(row["among"]),
            ]
            for name, row in table.iterrows()
        ],
        numbers=(3, 4, 5),
        ids=(1,),
    )
