"""Which texts stand beside which marks: the most wanted first, none over another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.plot.look import FONT, INK, SMALL

if TYPE_CHECKING:
    import re
    from collections.abc import Mapping

    from matplotlib.font_manager import FontProperties
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.plot.marks import Page
    from netlink.plot.readings import Readings

_LONGEST = 28
_AROUND = [(1, 0), (-1, 0), (0, 1), (0, -1), (1, 1), (1, -1), (-1, 1), (-1, -1)]
_GAPS = (1.0, 4.0, 9.0, 16.0, 24.0, 34.0)  # points between a mark and its text
_COVERED = 12  # marks of no role that a text may cover in a large network


def wanted(
    network: Network,
    readings: Readings,
    names: Mapping[str, str] | None,
    hidden: re.Pattern[str],
    order: NDArray[np.intp] | None = None,
) -> list[tuple[int, str]]:
    """Return position and text of what to name, the most wanted first; nobody to protect.

    Without an order it is that of leads, then of ties, and where there are leads they alone and the
    objects of small networks are named.
    """
    entities = network.entities
    index = entities.index
    texts = entities["label"].where(entities["label"].fillna("") != "", index.to_series())
    chosen = ~readings.unnamed
    if names is not None:
        texts = index.to_series().map(names)
        chosen &= texts.notna().to_numpy()
    elif readings.roles and order is None:
        is_object = (entities["entity_type"] != "person").to_numpy()
        chosen &= (readings.role >= 0) | (is_object & (len(index) <= SMALL))
    if order is None:
        degree = np.diff(network.to_scipy(directed=False, weight=None).indptr)
        score = np.where(readings.role >= 0, readings.score, 0.0)
        order = np.lexsort((-degree, -score))
    order = order[chosen[order]][: _most(len(index))]
    found = [(int(at), str(texts.iloc[at])) for at in order]
    return [(at, _plain(text)) for at, text in found if text.strip() and not hidden.search(text)]


def _most(n: int) -> int:
    """Return how many labels to try: all where few entities stand, a share of them where many."""
    return n if n <= SMALL else int(SMALL * (n / SMALL) ** 0.2)


def _plain(text: str) -> str:
    """Return a text on one line, of bounded length, in characters that the font has."""
    from matplotlib.font_manager import FontProperties, findfont, get_font

    known = get_font(findfont(FontProperties(family=FONT))).get_charmap()
    text = "".join(c if ord(c) in known else "\ufffd" for c in " ".join(text.split()))
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1].rstrip() + "…"


def place(
    page: Page,
    texts: list[tuple[int, str]],
    right: float,
    kept: NDArray[np.float64] | None = None,
) -> None:
    """Write the texts that find room beside their marks, up to `right` in pixels.

    A text never covers another, the mark of a lead, the edge or what is kept free: boxes in pixels.
    It may cover other marks where there are too many to go round.
    """
    from matplotlib.font_manager import FontProperties

    marks, radius = page.pixels
    leads = page.is_lead
    box, renderer, point = page.ax.bbox, page.renderer, page.ax.figure.dpi / 72.0
    squares = np.column_stack([marks - radius[:, None], marks + radius[:, None]])
    edges = np.array([box.x0, box.y0, right, box.y1]) + np.array([1, 1, -1, -1]) * point
    may_cover = 0 if len(marks) <= SMALL else _COVERED
    rivals = np.flatnonzero(page.is_rival)
    taken = np.empty((0, 4)) if kept is None else kept
    n_kept, written = len(taken), []
    for at, text in texts:
        weight, size = ("bold", 8.0) if leads[at] else ("normal", 7.0)
        font = FontProperties(family=FONT, weight=weight, size=size * page.scale)
        width, _, _ = renderer.get_text_width_height_descent(text, font, False)
        _, height, _ = renderer.get_text_width_height_descent("lp", font, False)
        spots = _spots(marks[at], radius[at], width, height, point)
        inside = (spots[:, :2] >= edges[:2]).all(axis=1) & (spots[:, 2:] <= edges[2:]).all(axis=1)
        spots = spots[inside & ~meets(spots, taken, point).any(axis=1)]
        covered = meets(spots, squares, 0.0)
        covered[:, (marks == marks[at]).all(axis=1)] = False
        free = ~covered[:, leads].any(axis=1) & _own(spots, at, marks, radius, rivals)
        spots, count = spots[free], covered[free].sum(axis=1)
        if len(spots) and count.min() <= may_cover:
            taken = np.vstack([taken, spots[count.argmin()]])
            written.append((at, text, font))
    _write(page, written, taken[n_kept:])


def _spots(
    mark: NDArray[np.float64], radius: float, width: float, height: float, point: float
) -> NDArray[np.float64]:
    """Return the boxes around a mark (left, bottom, right, top), the nearest and best first."""
    spots = []
    for gap in _GAPS:
        for x, y in _AROUND:
            # On a diagonal the corner of the text touches the circle around the mark.
            away = (radius + gap * point) * (0.75 if x and y else 1.0)
            left = mark[0] + x * away + (x - 1) / 2 * width
            bottom = mark[1] + y * away + (y - 1) / 2 * height
            spots.append((left, bottom, left + width, bottom + height))
    return np.array(spots)


def meets(a: NDArray[np.float64], b: NDArray[np.float64], pad: float) -> NDArray[np.bool_]:
    """Tell for each box of the first list which of the second it meets."""
    met: NDArray[np.bool_] = (
        (a[:, None, 0] < b[:, 2] + pad)
        & (b[:, 0] < a[:, None, 2] + pad)
        & (a[:, None, 1] < b[:, 3] + pad)
        & (b[:, 1] < a[:, None, 3] + pad)
    )
    return met


def _own(
    boxes: NDArray[np.float64],
    at: int,
    marks: NDArray[np.float64],
    radius: NDArray[np.float64],
    rivals: NDArray[np.intp],
) -> NDArray[np.bool_]:
    """Tell which boxes stand nearer to their own mark than to any rival: no name on another."""

    def gap(which: NDArray[np.intp]) -> NDArray[np.float64]:
        near = np.clip(marks[which], boxes[:, None, :2], boxes[:, None, 2:])
        distance: NDArray[np.float64] = np.hypot(*(near - marks[which]).transpose(2, 0, 1))
        return distance - radius[which]

    others = rivals[(marks[rivals] != marks[at]).any(axis=1)]
    nearest: NDArray[np.bool_] = np.all(gap(others) > gap(np.array([at])), axis=1)
    return nearest


def _write(
    page: Page, texts: list[tuple[int, str, FontProperties]], boxes: NDArray[np.float64]
) -> None:
    from matplotlib.collections import LineCollection
    from matplotlib.patheffects import withStroke
    from matplotlib.transforms import Affine2D

    ax, point = page.ax, page.ax.figure.dpi / 72.0
    marks, radius = page.pixels
    halo = withStroke(linewidth=2.0, foreground="white", alpha=0.85)
    leaders, starts = [], []
    for (at, text, font), box in zip(texts, boxes, strict=True):
        ax.annotate(
            text,
            xy=tuple(page.xy[at]),
            xytext=tuple((box[:2] - marks[at]) / point),
            textcoords="offset points",
            ha="left",
            va="bottom",
            font=font,
            color="black",
            parse_math=False,
            path_effects=[halo],
            zorder=9,
        )
        near = np.clip(marks[at], box[:2], box[2:]) - marks[at]
        if np.hypot(*near) > radius[at] + 5.0 * point:
            leaders.append(np.array([near * radius[at] / np.hypot(*near), near]) / point)
            starts.append(page.xy[at])
    lines = LineCollection(
        leaders,
        colors=INK,
        linewidths=0.6,
        zorder=8.5,
        offsets=starts or None,
        offset_transform=ax.transData,
    )
    # Drawn in points from each mark, so that they stay with the texts when the axes change.
    lines.set_transform(Affine2D().scale(1.0 / 72.0) + ax.figure.dpi_scale_trans)
    if leaders:
        ax.add_collection(lines, autolim=False)
