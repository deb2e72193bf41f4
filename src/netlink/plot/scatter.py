"""Two measures against each other: who stands out in one, in both, or in one and not the other."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink import centrality
from netlink.cases.naming import names_of
from netlink.errors import ArgumentError, near
from netlink.plot import checks, labels, legend, marks, readings
from netlink.plot.look import FONT, INK, PATCH_EDGE
from netlink.profiles.checks import checked_measures

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.roles import RoleAssessment

_NAMED = 5  # as many for each way to stand out


def centralities(
    network: Network,
    /,
    *,
    x: str = "degree",
    y: str = "betweenness",
    measures: pd.DataFrame | None = None,
    assessment: RoleAssessment | None = None,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw one measure against another and name the outliers.

    Every entity is a mark, as in `netlink.plot.network`. Named are the five highest of each
    measure, and the five on either side whose ranks in the two differ most: few ties and often
    between others, or many ties and never. Thin lines stand at the medians. People to protect are
    never named. Entities that have no value in one of the two are not drawn, and counted.

    Both measures count records. Who stands far out may be the one most looked at, or an object such
    as a help line; draw the network of people to compare people.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    x, y : str, default "degree" and "betweenness"
        Columns of the table of measures.
    measures : pandas.DataFrame, optional
        Numbers on ``network.entities.index``, one column a measure; without it,
        `netlink.centrality.table`.
    assessment : RoleAssessment, optional
        Of this network or of one it was taken from: shows roles.
    names : mapping of str to str, optional
        Entity ids to the texts to show: all of them where there is room, outliers first. Without
        it, the labels (or ids) of outliers.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on a figure of its own that pyplot does not know of.

    Returns
    -------
    matplotlib.axes.Axes
        Save it with ``ax.figure.savefig(path)``.

    Raises
    ------
    ArgumentError
        There is no such column, an argument is of the wrong type or of another network.

    Examples
    --------
    >>> import netlink as nl
    >>> ax = nl.plot.centralities(nl.datasets.florentine_families())
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('degree', 'betweenness')
    >>> ax.texts[0].get_text()
    'Medici'
    """
    checks.check(assessment=assessment, names=names, ax=ax)
    values = _values(network, measures, x, y)
    is_drawn = np.isfinite(values).all(axis=1)
    part = network.subgraph(network.entities.index[np.flatnonzero(is_drawn)])
    found = readings.read_part(network, part, assessment)
    lacking = int((~is_drawn).sum())
    note = f"{lacking:,} without a value, not drawn" if lacking else ""
    own = _new_axes(network.n_entities) if ax is None else ax
    page = _Chart(own, part, found, values[is_drawn], note=note)
    right = page.frame(legend.legend(page))
    page.ax.set_xlabel(x.replace("_", " "), font=FONT, fontsize=9.0 * page.scale, color=INK)
    page.ax.set_ylabel(y.replace("_", " "), font=FONT, fontsize=9.0 * page.scale, color=INK)
    page.entities()
    order = _outliers(page.xy, named_by_caller=names is not None)
    hidden = names_of(network, readings.read(network, assessment).unnamed, names)
    texts = labels.wanted(part, found, names, hidden, order)
    labels.place(page, _joined(texts, page.xy, found.unnamed), right)
    return page.ax


@dataclass(frozen=True)
class _Chart(marks.Page):
    """A page whose places are values, with axes that say which."""

    @property
    def unit(self) -> float:
        """Points on paper that a mark may take."""
        return float(np.clip(18.0 * (40.0 / max(len(self.xy), 1)) ** 0.25, 8.0, 18.0)) * self.scale

    @property
    def pairs(self) -> NDArray[np.integer]:
        """No ties are drawn."""
        return np.empty((0, 3), dtype=np.int64)

    @property
    def is_rival(self) -> NDArray[np.bool_]:
        """No text stands nearer to somebody who must not be named than to its own mark."""
        return super().is_rival | self.readings.unnamed

    def frame(self, legend: Legend | None, reach: float = 0.0) -> float:  # noqa: ARG002 (other charts read it)
        """Set title, limits and ticks beside the legend; return its left edge in pixels."""
        from matplotlib.ticker import MaxNLocator

        ax, box, point = self.ax, self.ax.bbox, self.ax.figure.dpi / 72.0
        self.title()
        right = box.x1 - (legend.get_window_extent(self.renderer).width if legend else 0.0)
        pad = 14.0 * point * self.scale
        ends = []
        for i, (free, whole) in enumerate(((right - box.x0, box.width), (box.height, box.height))):
            low, high = _range(self.xy[:, i])
            scale = (high - low) / max(free - 2.0 * pad, 1.0)
            start, end = low - pad * scale, high + pad * scale
            side, axis = ("bottom", ax.xaxis) if i == 0 else ("left", ax.yaxis)
            (ax.set_xlim if i == 0 else ax.set_ylim)(start, start + whole * scale)
            ticks = np.asarray(MaxNLocator(6, steps=[1, 2, 2.5, 5, 10]).tick_values(low, high))
            axis.set_ticks(ticks[(ticks >= start) & (ticks <= end)])
            ax.spines[side].set_bounds(start, end)
            ends.append((start, end))
        if len(self.xy):
            middle = np.median(self.xy, axis=0)
            look: dict[str, Any] = {"color": PATCH_EDGE, "linewidth": 1.0, "zorder": 0.5}
            ax.plot([middle[0]] * 2, ends[1], **look)
            ax.plot(ends[0], [middle[1]] * 2, **look)
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(labelsize=7.5 * self.scale, colors=INK, labelfontfamily=FONT)
        return float(right)


def _new_axes(n: int) -> Axes:
    ax = marks.new_axes(n)
    ax.set_position((0.08, 0.085, 0.91, ax.get_position().y1 - 0.085))
    return ax


def _range(values: NDArray[np.float64]) -> tuple[float, float]:
    if not len(values):
        return 0.0, 1.0
    low, high = float(values.min()), float(values.max())
    return (low, high) if low < high else (low - 1.0, high + 1.0)


def _values(network: Network, measures: object, x: object, y: object) -> NDArray[np.float64]:
    table = centrality.table(network) if measures is None else checked_measures(network, measures)
    for name, column in (("x", x), ("y", y)):
        if not isinstance(column, str):
            raise ArgumentError(f"'{name}' must be a column name, got {type(column).__name__}.")
        if column not in table:
            raise ArgumentError(
                f"'{name}' must be a column of the table of measures, '{column}' is not."
                f"{near(column, [str(c) for c in table])}"
            )
        if not pd.api.types.is_numeric_dtype(table[column]):
            raise ArgumentError(f"'{name}' must be a column of numbers, '{column}' is not.")
    return table[[x, y]].to_numpy(dtype=float)


def _outliers(xy: NDArray[np.float64], *, named_by_caller: bool) -> NDArray[np.intp]:
    """Return who stands out, the first in any way before the second."""
    value = pd.DataFrame(xy)
    rank = value.rank(pct=True).to_numpy()
    gap = rank[:, 1] - rank[:, 0]
    ways = np.column_stack([xy[:, 1], xy[:, 0], gap, -gap])
    place = np.argsort(np.argsort(-ways, axis=0, kind="stable"), axis=0, kind="stable")
    best = place.min(axis=1)
    order = np.lexsort((place.argmin(axis=1), best))
    return order if named_by_caller else order[best[order] < _NAMED]


def _joined(
    texts: list[tuple[int, str]], xy: NDArray[np.float64], unnamed: NDArray[np.bool_]
) -> list[tuple[int, str]]:
    """Put the names at one spot into one text; of several marks there only one is seen.

    No text where one of them is of somebody who must not be named: it would seem to be theirs.
    """
    closed = set(map(tuple, xy[unnamed]))
    spots: dict[tuple[float, ...], list[tuple[int, str]]] = {}
    for at, text in texts:
        spots.setdefault(tuple(xy[at]), []).append((at, text))
    found = []
    for spot, own in spots.items():
        if spot not in closed:
            more = f" +{len(own) - 2:,}" if len(own) > 2 else ""
            found.append((own[0][0], ", ".join(text for _, text in own[:2]) + more))
    return found
