"""Paths from left to right, with what stands behind each hop."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.cases.naming import names_of
from netlink.errors import ArgumentError
from netlink.plot import checks, labels, legend, marks, readings
from netlink.plot.look import FONT, INK, LINES, SMALL

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.roles import RoleAssessment

    Floats = NDArray[np.float64]

_NEEDED = ["path", "step", "entity_id", "relationship_ids", "n_sources"]
_ACROSS, _DOWN = 3.2, 1.7  # room between columns and between lines, in units of the layout
_ALONG = (0.5, 0.42, 0.58, 0.34, 0.66, 0.26, 0.74)


def path(
    network: Network,
    /,
    *,
    paths: pd.DataFrame,
    assessment: RoleAssessment | None = None,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw paths from left to right with their records.

    Where several paths pass through one entity it stands once. On each hop is written how many
    records stand behind it and, where there are fewer, how many sources those come from. Marks and
    lines are those of `netlink.plot.network`: people to protect are never named, at the ends of a
    path neither. Arrows show the direction of the records, which need not be that of the path.

    Left and right are source and target as they were asked about and say nothing of who acts. A
    path is a chain of records and no event of its own, see `netlink.paths.shortest`.

    Parameters
    ----------
    network : Network
        The network that the paths are of.
    paths : pandas.DataFrame
        Paths as any function of `netlink.paths` gives them, through at most 60 entities.
    assessment : RoleAssessment, optional
        Of this network or of one it was taken from: shows roles.
    names : mapping of str to str, optional
        Entity ids to the texts to show. Without it, the labels (or ids) of all.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on a figure of its own that pyplot does not know of.

    Returns
    -------
    matplotlib.axes.Axes
        Save it with ``ax.figure.savefig(path)``.

    Raises
    ------
    UnknownEntityError
        Some entities of the paths are not in the network.
    ArgumentError
        An argument is of the wrong type, the records of the paths are not in the network, or the
        paths lead through too many entities to be drawn.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> ax = nl.plot.path(kite, paths=nl.paths.k_shortest(kite, "0", "9", k=2))
    >>> ax.get_title(loc="left").splitlines()
    ['7 people, 7 relationships', '2 paths']
    """
    checks.check(assessment=assessment, names=names, ax=ax)
    part = _part(network, paths)
    found = readings.read_part(network, part, assessment)
    xy = _places(part, paths)
    extent = xy.max(axis=0) - xy.min(axis=0)
    unit = min(60.0, 520.0 / (extent[0] + 3.0))  # points that the width leaves for each
    height = float(np.clip((extent[1] + 3.0) * unit / 72.0 + 0.6, 2.8, 10.0)) / 10.5
    n_paths = marks.counted(paths["path"].nunique(), "path")
    page = marks.Page(
        marks.new_axes(SMALL, height) if ax is None else ax, part, found, xy, note=n_paths
    )
    right = page.frame(legend.legend(page))
    page.lines()
    for line in range(2, len(LINES)):
        page.arrows(line, 1.0)
    page.entities()
    kept = _write_hops(page, paths)
    hidden = names_of(network, readings.read(network, assessment).unnamed, names)
    order = np.argsort(xy[:, 0], kind="stable")
    labels.place(page, labels.wanted(part, found, names, hidden, order), right, kept)
    return page.ax


def _part(network: Network, paths: object) -> Network:
    """Return the entities and records of some paths as a network."""
    if not isinstance(paths, pd.DataFrame) or not set(_NEEDED) <= set(paths.columns):
        raise ArgumentError("'paths' must be a table of paths, as netlink.paths.shortest gives.")
    is_in = np.zeros(network.n_entities, dtype=bool)
    is_in[network.positions(paths["entity_id"])] = True
    n = int(is_in.sum())
    if not 0 < n <= SMALL:
        raise ArgumentError(
            f"'paths' must lead through 1 to {SMALL} entities to be drawn, leads through {n:,}. "
            "Choose some of the paths."
        )
    wanted = {i for ids in paths["relationship_ids"] for i in ids}
    rows = network.relationships.index.isin(wanted)
    if int(rows.sum()) != len(wanted):
        raise ArgumentError(
            f"'paths' must be of this network; {len(wanted) - int(rows.sum()):,} of the "
            f"{len(wanted):,} relationships behind them are not in it."
        )
    return network._part(is_in, rows)


def _places(network: Network, paths: pd.DataFrame) -> Floats:
    """Place each entity on the first path that it is on, each path on a line of its own.

    Paths of fewer hops lie nearer to the middle: so the lines from the ends of one to the ends of
    all do not run over what stands on another.
    """
    hops = paths.groupby("path")["step"].transform("max")
    longest = max(int(hops.max()), 1)
    table = pd.DataFrame(
        {
            "hops": hops,
            "path": paths["path"],
            "x": paths["step"] / hops.clip(lower=1) * longest * _ACROSS,
            "at": network.positions(paths["entity_id"]),
            "is_inner": (paths["step"] > 0) & (paths["step"] < hops),
        }
    )
    table = table.sort_values(["hops", "path", "x"]).drop_duplicates("at")
    lane = table["path"].where(table["is_inner"])
    # 0, 1, -1, 2, -2 and so on: from the middle outward.
    order = pd.Series(pd.factorize(lane)[0], table.index)
    y = np.where(order % 2, 1, -1) * ((order + 1) // 2) * _DOWN
    xy = np.zeros((network.n_entities, 2))
    xy[table["at"], 0] = table["x"]
    xy[table["at"], 1] = np.where(table["is_inner"], y, 0.0)
    if order.max() == 1:  # two paths lie on either side of the middle
        xy[:, 1] = np.where(xy[:, 1] > 0, _DOWN / 2, xy[:, 1])
        xy[table.loc[table["is_inner"] & (order == 0), "at"], 1] = -_DOWN / 2
    # Other ends of the same groups stand below one another.
    for x in np.unique(xy[table.loc[~table["is_inner"], "at"], 0]):
        ends = np.sort(table.loc[~table["is_inner"] & (table["x"] == x), "at"])
        xy[ends, 1] = -_DOWN * (np.arange(len(ends)) - (len(ends) - 1) / 2)
    return xy


def _write_hops(page: marks.Page, paths: pd.DataFrame) -> Floats:
    """Write the number of records on each hop; return the boxes of the texts in pixels."""
    at = page.network.positions(paths["entity_id"]).tolist()
    texts: dict[tuple[int, int], str] = {}
    rows = zip(at, paths["step"], paths["relationship_ids"], paths["n_sources"], strict=True)
    for (a, *_), (b, step, ids, n_sources) in pairwise(rows):
        if step > 0:
            said = marks.counted(len(ids), "record")
            if n_sources < len(ids):
                said += f"\n{marks.counted(n_sources, 'source')}"
            texts.setdefault((min(a, b), max(a, b)), said)
    centers, radius = page.pixels
    taken = np.column_stack([centers - radius[:, None], centers + radius[:, None]])
    for (a, b), said in sorted(texts.items()):
        x, y = page.xy[[a, b]].mean(axis=0).tolist()
        written = page.ax.text(
            x,
            y,
            said,
            ha="center",
            va="center",
            font=FONT,
            fontsize=6.0 * page.scale,
            color=INK,
            parse_math=False,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
            zorder=8.8,
        )
        box = np.array(written.get_window_extent(page.renderer).extents)
        for share in _ALONG:  # where on the line nothing is in its way
            shift = (share - 0.5) * (centers[b] - centers[a])
            moved = box + np.tile(shift, 2)
            if not labels.meets(moved[None], taken, 1.0).any():
                written.set_position(tuple(page.xy[a] + share * (page.xy[b] - page.xy[a])))
                box = moved
                break
        taken = np.vstack([taken, box])
    # Names keep off the lines too: points of them count as boxes.
    ends = np.array(sorted(texts), dtype=np.int64).reshape(-1, 2)
    shares = np.linspace(0.0, 1.0, 60)[1:-1, None, None]
    points = centers[ends[:, 0]] * (1 - shares) + centers[ends[:, 1]] * shares
    points = points.reshape(-1, 2)
    return np.vstack([taken[len(centers) :], np.column_stack([points, points])])
