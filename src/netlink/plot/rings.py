"""Bands around a middle: who stands where in them, and the lines that part them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.plot.look import FONT, INK, PATCH, PATCH_EDGE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.plot.marks import Page

    Floats = NDArray[np.float64]

_WIDE = 12.0  # radius up to which a band grows wider rather than thicker, in units of the layout
_TURN = 2.0 * np.pi


def positions(
    ties: csr_array, band: NDArray[np.int64], group: NDArray[np.int64], width: float
) -> tuple[Floats, Floats]:
    """Place everything in its band, near what it is tied to further in.

    Returns the places, and the radius at which each band ends. `width` is the room that one mark
    needs; entities of one group stand side by side in the first band.
    """
    angle, radius = np.zeros(len(band)), np.zeros(len(band))
    margin = 1.1 * width  # from the last row of a band to its rim, and from there to the next
    rims: list[float] = []
    for k in range(int(band.max(initial=-1)) + 1):
        own = np.flatnonzero(band == k)
        start = rims[-1] + margin if rims else 0.0
        if k == 0 and len(own) == 1:
            rims.append(margin)
            continue
        need = width * len(own) / (0.9 * _TURN)  # radius at which one row holds all
        rows = int(np.ceil(need / max(start, _WIDE)))
        first = max(start, need / rows)
        if rows == 1:  # few on a small circle: the chord counts, not the arc
            first = max(first, width / (2.0 * np.sin(np.pi / max(len(own), 2))))
        own = own[np.argsort(group[own], kind="stable")]
        aim = _aims(ties, own, np.flatnonzero(band < k), angle, radius)
        order = np.argsort(aim, kind="stable")
        own, aim = _opened(own[order], aim[order])
        angle[own] = _spread(aim, width / (first * rows), rows)
        # Neighbors stand in rows apart, in no pattern that the eye takes for arms.
        row = np.argsort(np.argsort(np.arange(rows) * 0.618 % 1.0))
        radius[own] = first + width * row[np.arange(len(own)) % rows]
        rims.append(float(radius[own].max()) + margin)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), np.array(rims)


def _aims(
    ties: csr_array,
    own: NDArray[np.intp],
    inner: NDArray[np.intp],
    angle: Floats,
    radius: Floats,
) -> Floats:
    """Return the angle that the inner ties of each point to; the rest go round in their order."""
    inner = inner[radius[inner] > 0]  # the one in the middle points nowhere
    is_tied = (ties[own][:, inner] > 0).astype(np.float64)
    pull = is_tied @ np.cos(angle[inner]), is_tied @ np.sin(angle[inner])
    is_free = np.hypot(*pull) < 1e-9
    aim: Floats = np.arctan2(pull[1], pull[0]) % _TURN
    n_free = int(is_free.sum())
    aim[is_free] = _TURN * (np.arange(n_free) + 0.5) / max(n_free, 1)
    # The last digit of an angle must not decide who stands before whom.
    return aim.round(9)


def _opened(own: NDArray[np.intp], aim: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Open the circle where it is barest: the angles go up from there, past a full turn."""
    cut = int(np.diff(aim, append=aim[0] + _TURN).argmax()) + 1
    return np.roll(own, -cut), np.concatenate([aim[cut:], aim[:cut] + _TURN])


def _spread(aim: Floats, gap: float, rows: int) -> Floats:
    """Return angles in the same order that keep a gap and move as little as can be.

    The first and the last may stand in one row: they keep a gap for every row.
    """
    from scipy.optimize import isotonic_regression

    n = len(aim)
    steps = gap * np.arange(n)
    apart: Floats = isotonic_regression(aim - steps).x + steps
    if apart[-1] - apart[0] > _TURN - rows * gap:
        apart = aim.mean() + _TURN * (np.arange(n) - (n - 1) / 2.0) / (n + rows - 1)
    return apart


def draw(page: Page, rims: Floats, texts: Sequence[str]) -> Floats:
    """Draw the bands and write on the rim of each what it is; return the boxes of the texts."""
    from matplotlib.patches import Circle

    for k in reversed(range(len(rims))):
        if not texts[k]:
            continue
        face = PATCH if (len(rims) - k) % 2 else "white"
        look = {"facecolor": face, "edgecolor": PATCH_EDGE, "linewidth": 0.6}
        page.ax.add_patch(Circle((0.0, 0.0), rims[k], zorder=0.1 + 0.01 * (len(rims) - k), **look))
    boxes = []
    for rim, text in zip(rims, texts, strict=True):
        if text:
            written = page.ax.text(
                0.0,
                rim,
                text,
                ha="center",
                va="center",
                font=FONT,
                fontsize=7.0 * page.scale,
                color=INK,
                parse_math=False,
                bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.0, "alpha": 0.85},
                zorder=8.8,
            )
            boxes.append(written.get_window_extent(page.renderer).extents)
    return np.array(boxes).reshape(-1, 4)
