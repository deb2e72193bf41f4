"""Where one went, on a map without a background; and how many went between which countries."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink import journeys
from netlink.cases.naming import names_of
from netlink.errors import ArgumentError
from netlink.journeys.distances import coordinates
from netlink.plot import checks, labels, marks, readings
from netlink.plot.look import FONT, INK, OBJECT, PATCH_EDGE, ROLE_COLORS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.roles import RoleAssessment

_MOVE, _WRONG = ROLE_COLORS[1], ROLE_COLORS[0]
_MOST_FLOWS = 60
_BEND = 0.18


def journey(
    network: Network,
    /,
    entity: str,
    *,
    assessment: RoleAssessment | None = None,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw where one entity went, on a map.

    A mark a place, an arrow a move, numbered in the order of time; a move that no reading of its
    times makes possible is drawn in another color with a dashed line. The map is the grid of
    latitude and longitude, to scale at the middle of what it shows, without a background: it
    needs no connection and tells nobody what is looked at. Arrows join records and are no routes.

    Places without coordinates cannot be drawn and are counted. A place that only people to protect
    are tied to is not named; its mark stands on the grid all the same, which says where it is.

    Parameters
    ----------
    network : Network
        With ``latitude`` and ``longitude`` (degrees) of locations in its entity table.
    entity : str
        Id of the person, phone, vehicle or device; see `netlink.journeys.itinerary`.
    assessment : RoleAssessment, optional
        Of this network or of one it was taken from: says whom it is likely to have harmed, and so
        whose places go without a name.
    names : mapping of str to str, optional
        Ids of places to the texts to show. Without it, labels (or ids).
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on a figure of its own that pyplot does not know of.

    Returns
    -------
    matplotlib.axes.Axes
        Save it with ``ax.figure.savefig(path)``.

    Raises
    ------
    UnknownEntityError
        The entity is not in the network.
    ArgumentError
        An argument is of the wrong type, or no place of the entity has coordinates, or one that is
        no number of degrees.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> entities = pd.DataFrame({"entity_id": ["p1", "harbour", "hotel"],
    ...                          "entity_type": ["person", "location", "location"],
    ...                          "latitude": [None, 51.9, 52.4], "longitude": [None, 4.1, 4.9]})
    >>> rows = pd.DataFrame({"source": "p1", "target": ["harbour", "hotel"],
    ...                      "relationship_type": "seen_at", "start": ["2024-03-01", "2024-03-02"]})
    >>> ax = nl.plot.journey(nl.read_tables(entities, rows), "p1")
    >>> ax.get_title(loc="left")
    '2 places, 1 move, 2024-03-01 to 2024-03-02'
    """
    checks.check(assessment=assessment, names=names, ax=ax)
    if not isinstance(entity, str):
        raise ArgumentError(f"'entity' must be one entity id, got {type(entity).__name__}.")
    way = journeys.itinerary(network, entity)
    stays = way[way["kind"] == "stay"].reset_index(drop=True)
    at = coordinates(network, stays["origin"])
    lost = np.isnan(at).any(axis=1)
    if lost.all():
        raise ArgumentError(
            f"None of the {stays['origin'].nunique():,} places on record for this entity has "
            "coordinates; give the entity table the columns 'latitude' and 'longitude'."
        )
    wrong = (way["mark"].isin(["impossible speed", "two places at once"])).to_numpy()
    is_wrong = np.append(wrong[way["kind"] == "move"], False)
    order = np.flatnonzero(~lost)
    axes = _new_axes() if ax is None else ax
    _grid(axes, at[order])
    ends = [(a, b) for a, b in pairwise(order) if (at[a] != at[b]).any()]
    kept = []
    for number, (a, b) in enumerate(ends, 1):
        look = {"color": _WRONG, "linestyle": "--"} if is_wrong[a:b].any() else {"color": _MOVE}
        kept += _arrow(axes, at[a, ::-1], at[b, ::-1], (9.0, 9.0), 1.6, str(number), **look)
    spots = dict(zip(stays["origin"].iloc[order], at[order, ::-1], strict=True))
    _places(axes, network, spots, np.array(kept).reshape(-1, 4), assessment, names)
    first, last = stays["first"].min(), stays["last"].max()
    n_lost = len(set(stays["origin"].to_numpy()[lost]))
    marks.entitle(
        axes,
        [
            [
                marks.counted(stays["origin"].nunique() - n_lost, "place"),
                marks.counted(len(ends), "move"),
                f"{first:%Y-%m-%d} to {last:%Y-%m-%d}",
            ],
            [
                f"{n_lost:,} more without coordinates, not drawn" if n_lost else "",
                f"{int(is_wrong.sum())} not possible (dashed)" if is_wrong.any() else "",
            ],
        ],
    )
    return axes


def flows(
    network: Network,
    /,
    *,
    by: str = "country",
    assessment: RoleAssessment | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw how many moves went from which country to which.

    A circle a country, the larger the more moves begin or end in it; an arrow a direction, the
    wider the more moves, with their number and that of the people and vehicles behind them. Up to
    sixty arrows are drawn, the most used first, the others counted. Where the locations have
    coordinates the countries stand as on a map; otherwise on a ring, in the order of their names.

    A move joins two records one after the other: a country in which nobody looked is missing, and
    one that watches its border looks busy. A value that names somebody to protect, or a place that
    only they are tied to, is not written.

    Parameters
    ----------
    network : Network
        With locations; what counts as a move, see `netlink.journeys.flows`.
    by : str, default "country"
        The column of the entity table that says where a location lies.
    assessment : RoleAssessment, optional
        Of this network or of one it was taken from: says whom it is likely to have harmed, and so
        which places go without a name.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on a figure of its own that pyplot does not know of.

    Returns
    -------
    matplotlib.axes.Axes
        Save it with ``ax.figure.savefig(path)``.

    Raises
    ------
    ArgumentError
        There is no such column, or an argument is of the wrong type.

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(seed=1, size=200)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> ax = nl.plot.flows(network, by="country")
    >>> "moves" in ax.get_title(loc="left")
    True
    """
    checks.check(assessment=assessment, ax=ax)
    table = journeys.flows(network, by=by)
    axes = _new_axes() if ax is None else ax
    axes.set_axis_off()
    ends = pd.concat([table["origin"], table["destination"]], ignore_index=True)
    size = pd.concat([table["n_moves"]] * 2, ignore_index=True).groupby(ends.astype(str)).sum()
    drawn, rest = table.iloc[:_MOST_FLOWS], table.iloc[_MOST_FLOWS:]
    marks.entitle(
        axes,
        [
            [
                marks.counted(int(table["n_moves"].sum()), "move"),
                f"{len(size):,} values of '{by}'" if len(size) else "no moves on record",
            ],
            [f"{marks.counted(len(rest), 'smaller flow')} not drawn" if len(rest) else ""],
        ],
    )
    xy = _spots(network, by, size.index)
    if len(xy):
        low, high = xy.min(axis=0), xy.max(axis=0)
        pad = 0.18 * max(*(high - low), 1e-6)
        axes.set_xlim(low[0] - pad, high[0] + pad)
        axes.set_ylim(low[1] - pad, high[1] + pad)
        axes.set_aspect("equal", adjustable="box")
        axes.apply_aspect()
    where = dict(zip(size.index, xy, strict=True))
    points = 24.0 + 24.0 * np.sqrt(size / max(size.max(), 1))
    for _, flow in drawn.iterrows():
        a, b = str(flow["origin"]), str(flow["destination"])
        text = f"{flow['n_moves']:,} ({flow['n_entities']:,})"
        width = 0.8 + 4.2 * flow["n_moves"] / table["n_moves"].max()
        rims = (float(points[a]) / 2.0, float(points[b]) / 2.0)
        _arrow(axes, where[a], where[b], rims, width, text, color=_MOVE)
    scale = marks.scale_of(axes)
    hidden = names_of(network, readings.read(network, assessment).unnamed, None)
    for name, (x, y) in where.items():
        look: dict[str, Any] = {"color": OBJECT, "markeredgecolor": INK, "zorder": 4}
        axes.plot(x, y, "o", markersize=points[name] * scale, **look)
        said: dict[str, Any] = {"ha": "center", "va": "center", "font": FONT, "zorder": 6}
        text = "(not named)" if hidden.search(name) else name
        axes.text(x, y, text, fontsize=8.0 * scale, parse_math=False, **said)
    return axes


def _new_axes() -> Axes:
    ax = marks.new_axes(40)
    ax.set_position((0.06, 0.06, 0.9, 0.84))
    return ax


def _spots(network: Network, by: str, values: pd.Index) -> NDArray[np.float64]:
    """Return x and y of each value: the middle of its locations, or a place on a ring."""
    table = network.entities
    places = table[(table["entity_type"] == "location") & table[by].notna()]
    at = pd.DataFrame(coordinates(network, places.index), index=places[by].astype(str).to_numpy())
    mean = at.dropna().groupby(level=0).mean().reindex(values)
    if len(mean) and mean.notna().all(axis=None):
        lat, lon = mean.to_numpy(dtype=float).T
        return np.column_stack([lon * np.cos(np.radians(lat.mean())), lat])
    angle = np.pi / 2 - 2 * np.pi * np.arange(len(values)) / max(len(values), 1)
    return np.column_stack([np.cos(angle), np.sin(angle)])


def _grid(ax: Axes, at: NDArray[np.float64]) -> None:
    """Draw latitude and longitude, to scale at the middle of the map."""
    low, high = at.min(axis=0), at.max(axis=0)
    pad = 0.15 * max(*(high - low), 0.02)
    stretch = 1.0 / max(float(np.cos(np.radians((low[0] + high[0]) / 2.0))), 0.05)
    ax.set_xlim(low[1] - pad * stretch, high[1] + pad * stretch)
    ax.set_ylim(low[0] - pad, high[0] + pad)
    ax.set_aspect(stretch, adjustable="box")
    ax.apply_aspect()
    ax.grid(color=PATCH_EDGE, linewidth=0.6, zorder=0)
    ax.set_axisbelow(True)
    ax.spines[:].set_color(PATCH_EDGE)
    scale = marks.scale_of(ax)
    ax.tick_params(labelsize=7.5 * scale, colors=INK, labelfontfamily=FONT, length=0)
    for axis, positive, negative in ((ax.yaxis, "N", "S"), (ax.xaxis, "E", "W")):
        axis.set_major_formatter(_degrees(positive, negative))


def _degrees(positive: str, negative: str) -> Any:
    def text(value: float, _: object) -> str:
        side = positive if value > 0 else negative if value < 0 else ""
        return f"{abs(value):g}° {side}".strip()

    return text


def _arrow(
    ax: Axes,
    a: NDArray[np.float64],
    b: NDArray[np.float64],
    rims: tuple[float, float],
    width: float,
    text: str,
    **look: Any,
) -> list[NDArray[np.float64]]:
    """Draw a bent arrow from rim to rim of two marks, its text on the bend.

    `rims` are the half widths of the marks in points. Return the boxes, in pixels, that its head
    and its text take.
    """
    scale, point = marks.scale_of(ax), ax.figure.dpi / 72.0
    ax.annotate(
        "",
        xy=tuple(b),
        xytext=tuple(a),
        arrowprops={
            "arrowstyle": "-|>",
            "connectionstyle": f"arc3,rad={_BEND}",
            "linewidth": width * scale,
            "mutation_scale": (8.0 + 2.5 * width) * scale,
            "shrinkA": (rims[0] + 1.0) * scale,
            "shrinkB": (rims[1] + 1.0) * scale,
            "alpha": 0.8,
            **look,
        },
        zorder=3,
    )
    start, end = ax.transData.transform([a, b])
    along = end - start
    bent = (start + end) / 2 + _BEND * np.array([along[1], -along[0]])
    # `arc3` is the quadratic curve over this corner; half way it is half way to the corner.
    middle = ((start + end) / 2 + bent) / 2
    ax.annotate(
        text,
        tuple(ax.transData.inverted().transform(middle)),
        ha="center",
        va="center",
        font=FONT,
        fontsize=7.0 * scale,
        color=INK,
        zorder=5,
        bbox={"boxstyle": "round,pad=0.15", "facecolor": "white", "edgecolor": "none"},
    )
    back = (bent - end) / max(float(np.hypot(*(bent - end))), 1e-9)
    head = end + back * (rims[1] + 5.0) * scale * point
    return [_box(head, 5.0 * scale * point), _box(middle, (3.0 + 2.0 * len(text)) * scale * point)]


def _box(middle: NDArray[np.float64], half: float) -> NDArray[np.float64]:
    return np.concatenate([middle - half, middle + half])


def _places(
    ax: Axes,
    network: Network,
    spots: Mapping[str, NDArray[np.float64]],
    kept: NDArray[np.float64],
    assessment: RoleAssessment | None,
    names: Mapping[str, str] | None,
) -> None:
    part = network.subgraph(sorted(spots))
    found = readings.read_part(network, part, assessment)
    hidden = names_of(network, readings.read(network, assessment).unnamed, names)
    xy = np.array([spots[place] for place in part.entities.index])
    look: dict[str, Any] = {"color": OBJECT, "markeredgecolor": INK, "zorder": 4}
    ax.plot(*xy.T, "p", markersize=9.0 * marks.scale_of(ax), **look)
    page = marks.Page(ax, part, found, xy)
    texts = labels.wanted(part, found, names, hidden, np.arange(part.n_entities))
    labels.place(page, texts, float(ax.bbox.x1), kept)
