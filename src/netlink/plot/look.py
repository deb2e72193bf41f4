"""How things look: shapes by type, colors by role, lines by kind of tie; and the legend."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.path import Path


FONT = "DejaVu Sans"  # comes with matplotlib: the same picture on every machine
SMALL = 60  # up to this many entities everything can be named

# Okabe & Ito (2008), Color Universal Design: told apart with every kind of color blindness. In
# grey print the letter in the mark tells the roles apart.
ROLE_COLORS = ("#D55E00", "#0072B2", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
PERSON, OBJECT, INK = "#A6A6A6", "#E3E3E3", "#333333"
PATCH, PATCH_EDGE = "#F3F1EA", "#D9D5C8"

SHAPES = {
    "phone": "s",
    "online_account": "d",
    "account": "D",
    "vehicle": "^",
    "location": "p",
    "advert": "*",
    "organisation": "h",
    "event": "X",
    "document": "P",
    "device": "v",
}
OTHER_SHAPE = "8"
BIGGER = {"*": 1.5, "^": 1.1, "d": 1.2, "X": 1.1, "P": 1.1}  # shapes that fill less of their box


class Line(NamedTuple):
    """The look of a kind of tie."""

    label: str
    groups: tuple[str, ...]
    color: str
    width: float
    style: Literal["solid"] | tuple[float, tuple[float, ...]]
    alpha: float


# The first that fits is drawn where several kinds join a pair; the last takes the rest.
LINES = (
    Line("Recorded act, on whom", ("act",), "#1A1A1A", 1.6, "solid", 0.9),
    Line("Money", ("money",), "#4D4D4D", 0.9, (0.0, (5.0, 2.0)), 0.55),
    Line("Contact", ("contact", "derived"), "#7A7A7A", 0.8, "solid", 0.5),
    Line("Other tie", (), "#7A7A7A", 0.8, (0.0, (1.0, 1.5)), 0.6),
)


def letters(roles: Sequence[str]) -> list[str]:
    """Return the shortest beginnings that tell the roles apart."""
    for size in range(1, 4):
        found = [role[:size].capitalize() for role in roles]
        if len(set(found)) == len(roles):
            break
    return found if roles else []


def dark(color: str) -> bool:
    """Tell whether white letters read better than black ones on a color."""
    red, green, blue = (int(color[i : i + 2], 16) for i in (1, 3, 5))
    return 0.299 * red + 0.587 * green + 0.114 * blue < 140


def glyph(letter: str) -> Path:
    """Return a letter as a marker."""
    from matplotlib.font_manager import FontProperties
    from matplotlib.path import Path
    from matplotlib.textpath import TextPath

    path = TextPath((0, 0), letter, prop=FontProperties(family=FONT, weight="bold"))
    box = path.get_extents()
    return Path(path.vertices - np.add(box.min, box.max) / 2.0, path.codes)
