"""The marks on the page: patches below, ties, entities, and what they mean at the right edge."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from netlink.plot import layout
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
    SMALL,
    dark,
    glyph,
    letters,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import TypeAlias

    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.legend import Legend
    from matplotlib.lines import Line2D
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.plot.look import Line
    from netlink.plot.readings import Readings

    Entry: TypeAlias = tuple[tuple[Line2D, ...], str]

_MANY = 10_000  # lines of one look


def new_axes(n: int, shape: float = 0.72) -> Axes:
    """Return axes on a figure of their own, unknown to pyplot, larger for more entities.

    `shape` is the height as a share of the width.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    width = float(np.clip(10.0 * (max(n, 1) / 40) ** 0.125, 8.0, 20.0))
    figure = Figure(figsize=(width, shape * width), dpi=150)
    FigureCanvasAgg(figure)
    return figure.add_axes((0.01, 0.01, 0.98, 0.99 - 0.5 / (shape * width) * (width / 10.0) ** 0.5))


def room(readings: Readings) -> NDArray[np.float64]:
    """Return the half width that each entity needs in the layout; marks of leads do not shrink."""
    lead = 0.65 * max(1.0, len(readings.role) / 400) ** 0.4
    return np.where(readings.role >= 0, lead, 0.5)


@dataclass(frozen=True)
class Page:
    """The axes with everything that is drawn on them."""

    ax: Axes
    network: Network
    readings: Readings
    xy: NDArray[np.float64]
    communities: pd.Series | None = None
    note: str = ""

    # The frame

    @cached_property
    def scale(self) -> float:
        """How much larger than on a small page texts and marks are."""
        return scale_of(self.ax)

    @cached_property
    def renderer(self) -> Any:
        """What measures texts, in pixels of the figure."""
        from matplotlib.backends.backend_agg import RendererAgg

        return RendererAgg(10, 10, self.ax.figure.dpi)  # type: ignore[no-untyped-call]

    def frame(self, legend: Legend | None, reach: float = 0.0) -> float:
        """Set title and limits beside the legend; return its left edge in pixels.

        Everything is in them, and what lies within `reach` of the middle.
        """
        ax, box = self.ax, self.ax.bbox
        ax.set_axis_off()
        self.title()
        point = ax.figure.dpi / 72.0
        right = box.x1 - (legend.get_window_extent(self.renderer).width if legend else 0.0)
        around = np.array([[-reach, -reach], [reach, reach]])
        extent = np.vstack([self.xy, around]) if reach or not len(self.xy) else self.xy
        low, high = extent.min(axis=0), extent.max(axis=0)
        middle, spread = (low + high) / 2.0, np.maximum(high - low, 1.0) + 3.0
        room = np.array([right - box.x0, box.height]) - 10.0 * point
        scale = min(float((room / spread).min()), 60.0 * point)
        ax.set_xlim(
            middle[0] - (right - box.x0) / 2.0 / scale,
            middle[0] + (box.x1 - (right + box.x0) / 2.0) / scale,
        )
        ax.set_ylim(middle[1] - box.height / 2.0 / scale, middle[1] + box.height / 2.0 / scale)
        ax.set_aspect("equal", adjustable="datalim")
        return float(right)

    @cached_property
    def unit(self) -> float:
        """Points on paper of the distance that neighbors keep."""
        (left, _), (right, _) = self.ax.transData.transform([(0.0, 0.0), (1.0, 0.0)])
        return float(right - left) * 72.0 / self.ax.figure.dpi

    @property
    def pixels(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Centers and half widths of the marks in pixels."""
        rim = 1.0 + 2.0 * (self.readings.further >= 0)
        half = (self.diameter / 2.0 + rim) * self.ax.figure.dpi / 72.0
        return self.ax.transData.transform(self.xy), half

    def title(self) -> None:
        """Say above the picture what is in it."""
        found = self.readings
        second = [
            counted(int(self.is_lead.sum()), "lead"),
            counted(int(found.to_reach.sum()), "person", "people") + " to reach or protect",
            counted(self.n_communities, "community", "communities"),
            self.note,
        ]
        entitle(self.ax, [counts(self.network), second])

    # Who is drawn how

    @cached_property
    def is_person(self) -> NDArray[np.bool_]:
        """Which entities are people."""
        return (self.network.entities["entity_type"] == "person").to_numpy()

    @cached_property
    def is_lead(self) -> NDArray[np.bool_]:
        """Which entities have a role."""
        return self.readings.role >= 0

    @property
    def is_rival(self) -> NDArray[np.bool_]:
        """Which marks a text must not stand nearer to than to its own."""
        return self.is_lead | (len(self.xy) <= SMALL)

    @cached_property
    def diameter(self) -> NDArray[np.float64]:
        """Width of every mark in points: leads stand out, objects step back."""
        unit = self.unit
        found: NDArray[np.float64] = np.where(
            self.is_person, np.clip(0.55 * unit, 2.4, 12.0), np.clip(0.42 * unit, 1.8, 9.0)
        )
        found[self.readings.to_reach] = np.clip(0.65 * unit, 4.0, 13.0)
        found[self.is_lead] = np.clip(0.95 * unit, 8.0 * min(self.scale, 1.0), 17.0)
        return found

    @property
    def n_communities(self) -> int:
        """Number of communities with more than one entity here."""
        return 0 if self.communities is None else int((self.communities.value_counts() > 1).sum())

    # Lines

    @cached_property
    def _line(self) -> NDArray[np.integer]:
        """Which line each relationship is drawn with."""
        kinds = self.network.vocabulary.relationship_types
        line = {group: i for i, look in enumerate(LINES) for group in look.groups}
        found = {word: line.get(kind.group, len(LINES) - 1) for word, kind in kinds.items()}
        types = self.network.relationships["relationship_type"]
        return types.map(found).to_numpy(dtype=np.int64)

    @cached_property
    def pairs(self) -> NDArray[np.integer]:
        """One row a pair that is tied: both ends and the first of the lines between them."""
        source, target = (code.astype(np.int64) for code in self.network.codes)
        rows = np.column_stack([np.minimum(source, target), np.maximum(source, target), self._line])
        rows = np.unique(rows[source != target], axis=0)
        first = np.ones(len(rows), dtype=bool)
        first[1:] = (rows[1:, :2] != rows[:-1, :2]).any(axis=1)
        return rows[first]

    def lines(self) -> None:
        """Draw the ties, the strong kinds over the faint ones, with arrows on recorded acts."""
        from matplotlib.collections import LineCollection

        # Many ties must be hairlines; few stay visible however small the marks are.
        is_sparse = len(self.pairs) < 2 * self.network.n_entities
        thin = float(np.clip(self.unit / 18.0, 0.8 if is_sparse else 0.3, 1.0))
        for i in reversed(range(len(LINES))):
            look = LINES[i]
            ends = self.pairs[self.pairs[:, 2] == i, :2]
            if not len(ends):
                continue
            crowd = 1.0 if i == 0 else float(np.clip((1500 / len(self.pairs)) ** 0.5, 0.3, 1.0))
            if len(ends) > _MANY:
                self._veil(look, ends, look.width * thin, look.alpha * crowd, 2 - 0.1 * i)
                continue
            self.ax.add_collection(
                LineCollection(
                    list(self.xy[ends]),
                    colors=look.color,
                    linewidths=look.width * (max(thin, 0.6) if i == 0 else thin),
                    linestyles=[look.style],
                    alpha=look.alpha * crowd,
                    zorder=2 - 0.1 * i,
                ),
                autolim=False,
            )
        self.arrows(0, thin)
        if self.network.n_entities <= SMALL:
            self.arrows(1, thin)

    def _veil(
        self, look: Line, ends: NDArray[np.integer], width: float, alpha: float, zorder: float
    ) -> None:
        """Draw lines as an image of the axes: tens of thousands take seconds one by one."""
        from matplotlib.colors import to_rgb
        from matplotlib.image import AxesImage

        from netlink.plot._hairlines import veil

        box, thick = self.ax.bbox, width * self.ax.figure.dpi / 72.0
        # Its pixels are those of the page: half a pixel aside, hairlines would blur or move.
        corner, end = np.floor(box.min), np.ceil(box.max)
        xy = self.ax.transData.transform(self.xy) - corner
        dash = (1.0, 0.0) if look.style == "solid" else look.style[1]
        left = np.ones((end - corner).astype(int)[::-1], dtype=np.float32)
        veil(xy[ends[:, 0]], xy[ends[:, 1]], thick, alpha, dash[0] * thick, dash[1] * thick, left)
        pixels = np.empty((*left.shape, 4), dtype=np.uint8)
        pixels[..., :3] = np.round(255.0 * np.array(to_rgb(look.color)))
        pixels[..., 3] = np.round(255.0 * (1.0 - left))
        low, high = self.ax.transData.inverted().transform([corner, end])
        image = AxesImage(self.ax, extent=(low[0], high[0], low[1], high[1]), origin="lower")
        image.set_data(pixels)
        image.set(zorder=zorder, clip_on=False)  # to the axes it would be moved off its pixels
        self.ax.add_artist(image)

    def arrows(self, line: int, thin: float) -> None:
        """Put heads on the directed ties of a kind, at the edge of the mark they point to."""
        from matplotlib.collections import PolyCollection

        kinds = self.network.vocabulary.relationship_types
        is_directed = self.network.relationships["relationship_type"].map(
            {word: kind.directed for word, kind in kinds.items()}
        )
        source, target = self.network.codes
        rows = (self._line == line) & is_directed.to_numpy(dtype=bool) & (source != target)
        ends = np.unique(np.column_stack([source[rows], target[rows]]), axis=0)
        if not len(ends):
            return
        start, tip = self.xy[ends[:, 0]], self.xy[ends[:, 1]]
        along = tip - start
        along /= np.maximum(np.hypot(*along.T), 1e-9)[:, None]
        tip = tip - along * ((self.diameter[ends[:, 1]] / 2 + 1.0) / self.unit)[:, None]
        long = (5.0 if line == 0 else 4.0) * max(thin, 0.7) / self.unit
        across = np.column_stack([-along[:, 1], along[:, 0]]) * long * 0.45
        back = tip - along * long
        heads = np.stack([tip, back + across, back - across], axis=1)
        look = LINES[line]
        self.ax.add_collection(
            PolyCollection(list(heads), facecolors=look.color, alpha=look.alpha, zorder=2.5),
            autolim=False,
        )

    # Entities

    def entities(self) -> None:
        """Draw objects, people, people to reach and leads, in this order."""
        types = self.network.entities["entity_type"].to_numpy(dtype=object)
        reach = self.readings.to_reach
        edge = float(np.clip(self.unit / 20.0, 0.3, 0.8))
        for name in sorted(set(types[~self.is_person])):
            shape = SHAPES.get(name, OTHER_SHAPE)
            which = (types == name) & ~reach
            self._dots(which, shape, OBJECT, edgecolors="#6E6E6E", linewidths=edge, zorder=3)
        plain = self.is_person & ~self.is_lead & ~reach
        self._dots(plain, "o", PERSON, edgecolors="#595959", linewidths=edge, zorder=4)
        self._dots(reach, "o", "white", edgecolors=INK, linewidths=1.6 * edge, zorder=5)
        self._dots(reach, "o", "white", 0.5, edgecolors=INK, linewidths=1.2 * edge, zorder=5.1)
        self._leads()

    def _leads(self) -> None:
        """Draw leads: filled with the strongest role, ringed with a further one, and lettered."""
        role, further = self.readings.role, self.readings.further
        short = letters(self.readings.roles)
        for i in range(len(short)):
            color = ROLE_COLORS[i % len(ROLE_COLORS)]
            self._dots(role == i, "o", color, edgecolors=INK, linewidths=0.9, zorder=6)
            self._dots(further == i, "o", "none", 1.25, edgecolors=color, linewidths=2.2, zorder=7)
            ink = "white" if dark(color) else "black"
            for j, second in [(-1, ""), *enumerate(short)]:
                both = (role == i) & (further == j)
                size = 0.74 if second else 0.52
                self._dots(both, glyph(short[i] + second), ink, size, linewidths=0, zorder=8)

    def grounds(self, group: NDArray[np.int64]) -> None:
        """Lay a pale ground under each community, one a part where its parts stand apart."""
        from matplotlib.collections import PolyCollection
        from scipy.spatial import ConvexHull

        if self.communities is None:
            return
        is_member = self.communities.notna().to_numpy()
        angle = np.linspace(0.0, 2.0 * np.pi, 16, endpoint=False)
        rim = 0.95 * np.column_stack([np.cos(angle), np.sin(angle)])
        hulls = []
        for block in layout.blocks(self.network.to_scipy(directed=False, weight=None), group):
            if is_member[block].sum() > 1:
                around = (self.xy[block][:, None, :] + rim).reshape(-1, 2)
                hulls.append(around[ConvexHull(around).vertices])
        patches = PolyCollection(
            hulls, facecolors=PATCH, edgecolors=PATCH_EDGE, linewidths=0.6, zorder=0.5
        )
        self.ax.add_collection(patches, autolim=False)

    def _dots(
        self, which: NDArray[np.bool_], shape: Any, face: str, scale: float = 1.0, **look: Any
    ) -> None:
        if which.any():
            bigger = BIGGER.get(shape, 1.0) if isinstance(shape, str) else 1.0
            sizes = (self.diameter[which] * scale * bigger) ** 2
            x, y = self.xy[which].T
            self.ax.scatter(x, y, s=sizes, marker=shape, facecolors=face, **look)


def entitle(ax: Axes, lines: Sequence[Sequence[str]]) -> None:
    """Write what there is above the picture, and not what there is not."""
    said = [[part for part in line if part and not part.startswith("0 ")] for line in lines]
    text = "\n".join(", ".join(line) for line in said if line) or "No entities"
    size = 10.0 * scale_of(ax)
    ax.set_title(text, loc="left", parse_math=False, font=FONT, fontsize=size, color=INK)


def scale_of(ax: Axes) -> float:
    """Return how much larger than on a small page texts and marks are."""
    return float(np.clip(ax.bbox.width / ax.figure.dpi / 10.0, 0.4, 2.0) ** 0.6)


def counts(network: Network) -> list[str]:
    """Say how many of what there are."""
    kinds = network.vocabulary.entity_types
    types = network.entity_table["entity_type"]
    n_people = int((types == "person").sum())
    n_objects = int(types.isin([name for name, kind in kinds.items() if kind.is_object]).sum())
    return [
        counted(n_people, "person", "people"),
        counted(n_objects, "object"),
        counted(network.n_entities - n_people - n_objects, "other entity", "other entities"),
        counted(network.n_relationships, "relationship"),
    ]


def counted(n: int, one: str, many: str = "") -> str:
    """Return a number with its word."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"
