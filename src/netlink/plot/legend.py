"""What the marks mean: only what the picture holds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netlink.plot.look import (
    BIGGER,
    FONT,
    INK,
    LINES,
    OBJECT,
    OTHER_SHAPE,
    PATCH,
    PATCH_EDGE,
    PERSON,
    ROLE_COLORS,
    SHAPES,
    dark,
    glyph,
    letters,
)

if TYPE_CHECKING:
    from typing import TypeAlias

    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D

    from netlink.plot.marks import Page

    Entry: TypeAlias = tuple[tuple[Line2D, ...], str]


def legend(page: Page) -> Legend | None:
    """Put the legend at the upper right of the axes, small enough to fit."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.legend_handler import HandlerTuple

    entries = [*_roles(page), *_types(page), *_lines(page)]
    if not entries:
        return None
    height = page.ax.bbox.height * 72.0 / page.ax.figure.dpi
    size = float(np.clip(height / (1.6 * len(entries) + 2.0), 4.0, 8.0 * page.scale))
    return page.ax.legend(
        [handles for handles, _ in entries],
        [text for _, text in entries],
        handler_map={tuple: HandlerTuple(ndivide=1, pad=0.0)},
        loc="upper right",
        borderaxespad=0.2,
        frameon=False,
        prop=FontProperties(family=FONT, size=size),
        labelcolor=INK,
        labelspacing=0.6,
        handlelength=2.2,
        markerscale=size / 8.5,
    )


def _roles(page: Page) -> list[Entry]:
    entries: list[Entry] = []
    roles, known = page.readings.roles, page.network.vocabulary.roles
    for i, letter in enumerate(letters(roles)):
        if (page.readings.role == i).any() or (page.readings.further == i).any():
            color = ROLE_COLORS[i % len(ROLE_COLORS)]
            ink = "white" if dark(color) else "black"
            marks = (_mark("o", color, INK, 10.0), _mark(glyph(letter), ink, ink, 5.2, 0.0))
            entries.append((marks, known[roles[i]].label))
    if (page.readings.further >= 0).any():
        ring = (_mark("o", PERSON, INK, 8.0), _mark("o", "none", INK, 12.0, 1.8))
        entries.append((ring, "Ring and second letter: a further role"))
    return entries


def _types(page: Page) -> list[Entry]:
    entries: list[Entry] = []
    reach = page.readings.to_reach
    if reach.any():
        rings = (_mark("o", "white", INK, 9.0, 1.3), _mark("o", "white", INK, 4.5, 1.0))
        entries.append((rings, "To reach or protect, never named"))
    if (page.is_person & ~reach & ~page.is_lead).any():
        entries.append(((_mark("o", PERSON, "#595959", 8.0),), "Person"))
    present = set(page.network.entities["entity_type"])
    kinds = page.network.vocabulary.entity_types
    for name in [name for name in kinds if name in present and name != "person"]:
        shape = SHAPES.get(name, OTHER_SHAPE)
        size = 6.5 * BIGGER.get(shape, 1.0)
        entries.append(((_mark(shape, OBJECT, "#6E6E6E", size),), kinds[name].label))
    return entries


def _lines(page: Page) -> list[Entry]:
    from matplotlib.lines import Line2D

    entries: list[Entry] = []
    for i in np.unique(page.pairs[:, 2]):
        look = LINES[i]
        line = Line2D([], [], color=look.color, linewidth=look.width, linestyle=look.style)
        entries.append(((line,), look.label))
    if page.n_communities:
        patch = _mark("s", PATCH, PATCH_EDGE, 11.0)
        entries.append(((patch,), "Community"))
    return entries


def _mark(shape: Any, face: str, edge: str, size: float, width: float = 0.8) -> Line2D:
    from matplotlib.lines import Line2D

    return Line2D(
        [],
        [],
        linestyle="none",
        marker=shape,
        markersize=size,
        markerfacecolor=face,
        markeredgecolor=edge,
        markeredgewidth=width,
    )
