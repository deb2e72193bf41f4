"""What happened when: people as rows, records as marks."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from netlink.cases.naming import names_of
from netlink.errors import ArgumentError
from netlink.plot import checks, labels, marks, readings
from netlink.plot.look import FONT, INK, PATCH, PATCH_EDGE, ROLE_COLORS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.plot.readings import Readings
    from netlink.roles import RoleAssessment

_MOST = 30  # rows that can be read on a page
_YEARS = (-719_162.0, 2_932_896.0)  # days since 1970 of the years that matplotlib has: 1 to 9999


class _Kind(NamedTuple):
    """The look of a kind of record."""

    label: str
    groups: tuple[str, ...]
    marker: str
    color: str
    size: float


# Told apart by shape as well as by color; acts above everything else.
_KINDS = (
    _Kind("Recorded act, with an arrow to whom", ("act",), "s", "#1A1A1A", 7.0),
    _Kind("Movement", ("movement",), "^", ROLE_COLORS[1], 7.5),
    _Kind("Stay or residence", ("place",), "o", ROLE_COLORS[2], 6.0),
    _Kind("Money", ("money",), "D", ROLE_COLORS[4], 5.5),
    _Kind("Contact", ("contact", "derived"), "|", "#7A7A7A", 8.0),
    _Kind("Other record", (), "x", "#7A7A7A", 5.5),
)


def timeline(
    network: Network,
    /,
    *,
    entities: Iterable[str] | None = None,
    assessment: RoleAssessment | None = None,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw who did what when, a row a person.

    Every dated record of an entity is a mark in its row, at both ends where both have a row: acts,
    movements, stays, money and contacts each with a shape and color of their own. An act has an
    arrow to the person it was done to. A record that lasts is a bar; one whose date is known only
    to the day, month or year is a thin line as long as the time it can have been. Rows stand in the
    order of the first record.

    What is not dated is not drawn, and counted. The picture shows records: an empty row is a person
    nobody wrote down, not one who did nothing. People to protect are never named.

    Parameters
    ----------
    network : Network
        Entities and relationships, of a case rather than of a whole country.
    entities : iterable of str, optional
        Ids of the entities that get a row, of any type. Without it, the thirty people with the most
        dated records.
    assessment : RoleAssessment, optional
        Of this network or of one it was taken from: says the role of leads.
    names : mapping of str to str, optional
        Entity ids to the texts to show. Without it, labels (or ids).
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on a figure of its own that pyplot does not know of.

    Returns
    -------
    matplotlib.axes.Axes
        Save it with ``ax.figure.savefig(path)``.

    Raises
    ------
    UnknownEntityError
        Some entities are not in the network.
    ArgumentError
        An argument is of the wrong type, or there are more than thirty entities to draw.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> rows = pd.DataFrame({"source": ["Ann", "Ann"], "target": ["Bea", "harbour"],
    ...                      "relationship_type": ["met", "seen_at"],
    ...                      "start": ["2024-03-01", "2024-03-05"]})
    >>> ax = nl.plot.timeline(nl.read_tables(None, rows))
    >>> [text.get_text() for text in ax.get_yticklabels()]
    ['Ann', 'Bea']
    """
    checks.check(assessment=assessment, names=names, ax=ax)
    found = readings.read(network, assessment)
    table, lacking = _records(network)
    rows = _rows(network, table, entities)
    table = _of_rows(table, rows)
    axes = _new_axes(len(rows)) if ax is None else ax
    note = f"{marks.counted(lacking, 'relationship')} without a date, not drawn" if lacking else ""
    hidden = int(found.unnamed[rows].sum())
    protected = f"{hidden:,} to reach or protect, never named" if hidden else ""
    marks.entitle(axes, [[marks.counted(len(rows), "row"), protected], [note]])
    _frame(axes, _texts(network, found, rows, names, assessment))
    _draw(axes, table)
    return axes


def _new_axes(n: int) -> Axes:
    ax = marks.new_axes(40)
    height = float(np.clip(1.6 + 0.3 * n, 3.0, 11.0))
    ax.figure.set_size_inches(10.0, height)  # type: ignore[union-attr]
    top = 1.0 - 0.6 / height
    ax.set_position((0.2, 0.45 / height, 0.58, top - 0.45 / height))
    return ax


def _records(network: Network) -> tuple[pd.DataFrame, int]:
    """Return both ends of each dated record, by reference, and how many have no date."""
    table = network.spans.reset_index(drop=True)
    known = network.vocabulary.relationship_types
    kinds = network.relationship_table["relationship_type"]
    of_group = {group: k for k, kind in enumerate(_KINDS) for group in kind.groups}
    of_word = {word: of_group.get(kind.group, len(_KINDS) - 1) for word, kind in known.items()}
    source, target = (network.references[codes] for codes in network.codes)
    table = table.assign(
        source=source,
        target=target,
        kind=kinds.map(of_word).to_numpy(dtype=np.int64),
        lasts=network.relationship_table["end"].notna().to_numpy(),
    )
    is_dated = table["start_first"].notna()
    asked = kinds.to_numpy(dtype=object) != "same_as"
    return table[is_dated & asked].reset_index(drop=True), int((~is_dated & asked).sum())


def _rows(
    network: Network, table: pd.DataFrame, entities: Iterable[str] | None
) -> NDArray[np.int64]:
    """Return the entities that get a row, in the order of their first record."""
    ends = pd.concat([table["source"], table["target"]], ignore_index=True)
    first = pd.concat([table["start_first"]] * 2, ignore_index=True).groupby(ends).min()
    if entities is not None:
        chosen = np.unique(network.references[network.positions(entities)]).astype(np.int64)
        if len(chosen) > _MOST:
            raise ArgumentError(
                f"'entities' must be at most {_MOST} to be readable, got {len(chosen):,}."
            )
    else:
        counts = ends.value_counts().rename_axis("at").reset_index(name="n")
        is_person = (network.entity_table["entity_type"] == "person").to_numpy()
        counts = counts[is_person[counts["at"]]]
        order = counts.sort_values(["n", "at"], ascending=[False, True])["at"]
        chosen = order.iloc[:_MOST].to_numpy(dtype=np.int64)
    begun = pd.DataFrame({"at": chosen, "when": first.reindex(chosen).to_numpy()})
    return begun.sort_values(["when", "at"])["at"].to_numpy(dtype=np.int64)


def _of_rows(table: pd.DataFrame, rows: NDArray[np.int64]) -> pd.DataFrame:
    row = pd.Series(np.arange(len(rows)), index=rows)
    table = table.assign(a=table["source"].map(row), b=table["target"].map(row))
    return table[table["a"].notna() | table["b"].notna()]


def _texts(
    network: Network,
    found: Readings,
    rows: NDArray[np.int64],
    names: Mapping[str, str] | None,
    assessment: RoleAssessment | None,
) -> list[str]:
    """Return the text of each row: a name, or that it must not be named."""
    part = network.subgraph(network.entities.index[rows])
    here = network.positions(part.entities.index)
    own = readings.read_part(network, part, assessment)
    hidden = names_of(network, found.unnamed, names)
    order = np.arange(part.n_entities)
    said = {int(here[at]): text for at, text in labels.wanted(part, own, names, hidden, order)}
    texts = []
    for at in rows.tolist():
        text = said.get(at, "(to reach or protect)" if found.unnamed[at] else "(not named)")
        role = int(found.role[at])
        is_lead = role >= 0 and not found.unnamed[at]
        texts.append(f"{text}, {found.roles[role]}" if is_lead else text)
    return texts


def _frame(ax: Axes, texts: list[str]) -> None:
    scale = marks.scale_of(ax)
    n = len(texts)
    ax.set_ylim(n - 0.4, -0.6)
    ax.set_yticks(range(n), texts)
    for k in range(0, n, 2):
        ax.axhspan(k - 0.5, k + 0.5, color=PATCH, linewidth=0, zorder=0)
    ax.spines[["top", "right", "left"]].set_visible(False)
    ax.spines["bottom"].set_color(PATCH_EDGE)
    ax.tick_params(labelsize=8.0 * scale, colors=INK, labelfontfamily=FONT, length=0)
    for label in ax.get_yticklabels():
        label.set_parse_math(False)


def _draw(ax: Axes, table: pd.DataFrame) -> None:
    from matplotlib.dates import AutoDateLocator, ConciseDateFormatter

    times = {name: _days(table[name]) for name in ("start_first", "start_last", "end_last")}
    if len(table):
        low, high = times["start_first"].min(), times["end_last"].max()
        pad = 0.02 * max(high - low, 1.0)
        ax.set_xlim(max(low - pad, _YEARS[0]), min(high + pad, _YEARS[1]))
    for k in reversed(range(len(_KINDS))):
        which = (table["kind"] == k).to_numpy()
        if which.any():
            _kind(ax, table[which], {name: part[which] for name, part in times.items()}, k)
    locator = AutoDateLocator(tz="UTC")  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_locator(locator)
    formatter = ConciseDateFormatter(locator, tz="UTC")  # type: ignore[no-untyped-call]
    ax.xaxis.set_major_formatter(formatter)
    if len(table):
        ax.legend(
            loc="upper left",
            bbox_to_anchor=(1.01, 1.0),
            borderaxespad=0.0,
            frameon=False,
            prop={"family": FONT, "size": 8.0 * marks.scale_of(ax)},
            labelcolor=INK,
            reverse=True,
        )


def _kind(ax: Axes, table: pd.DataFrame, times: dict[str, NDArray[np.float64]], k: int) -> None:
    """Draw the records of one kind, at both ends."""
    kind, scale = _KINDS[k], marks.scale_of(ax)
    first, known, last = (times[name] for name in ("start_first", "start_last", "end_last"))
    lasts = table["lasts"].to_numpy(dtype=bool)
    middle = np.where(lasts, first, (first + known) / 2.0)
    ends = np.column_stack([table["a"], table["b"]]).astype(float)
    label = kind.label
    for end in ends.T:
        own = ~np.isnan(end)
        rows = end[own]
        wide = np.where(lasts, last, known)[own]
        bar = lasts[own]
        ax.hlines(rows[bar], first[own][bar], wide[bar], colors=kind.color, linewidth=4.0 * scale,
                  alpha=0.45, zorder=2)  # fmt: skip
        vague = ~bar & (wide > first[own])
        ax.hlines(rows[vague], first[own][vague], wide[vague], colors=kind.color,
                  linewidth=0.9 * scale, alpha=0.8, zorder=2)  # fmt: skip
        ax.plot(middle[own], rows, linestyle="none", marker=kind.marker, color=kind.color,
                markersize=kind.size * scale, markeredgewidth=1.0, alpha=0.9,
                zorder=8 - k, label=label)  # fmt: skip
        label = "_nolegend_"
    if k == 0:
        for at, a, b in zip(middle, *ends.T, strict=True):
            if not np.isnan(a + b) and a != b:
                arrow = {"arrowstyle": "-|>", "color": kind.color, "linewidth": 0.9 * scale,
                         "shrinkA": 3.0, "shrinkB": 3.0}  # fmt: skip
                ax.annotate("", xy=(at, b), xytext=(at, a), arrowprops=arrow, zorder=7)


def _days(times: pd.Series) -> NDArray[np.float64]:
    """Return times as matplotlib counts them: days since 1970."""
    plain = times.dt.tz_localize(None).to_numpy().astype("datetime64[us]")
    found: NDArray[np.float64] = plain.astype(np.int64) / 86_400e6
    return found
