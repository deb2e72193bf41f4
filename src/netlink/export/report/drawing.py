"""The network of a report as data for its script: where marks stand and what is behind them."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from netlink.export.values import visible, written
from netlink.ingest import read_tables
from netlink.network import periods
from netlink.plot import layout, marks, networks, readings
from netlink.plot.look import LINES, ROLE_COLORS, dark, letters
from netlink.schema import Schema

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netlink.export.published import Published
    from netlink.network import Network
    from netlink.plot.look import Line
    from netlink.plot.readings import Readings

# Corners of the mark of a type, how far it is turned, and whether it is a star; people are round.
_SHAPES = {
    "person": (0, 0.0, False),
    "phone": (4, 0.25, False),
    "online_account": (4, 0.0, False),
    "account": (4, 0.0, False),
    "vehicle": (3, 0.0, False),
    "location": (5, 0.0, False),
    "advert": (5, 0.0, True),
    "organisation": (6, 0.0, False),
    "event": (4, 0.0, True),
    "document": (4, 0.25, True),
    "device": (3, 1.0, False),
}
_OTHER = (8, 0.0, False)
_ROWS = ["source", "target", "relationship_type", "start", "end", "document"]


@dataclass(frozen=True)
class Drawing:
    """What a report draws: made of what may leave and of nothing else."""

    published: Published

    @cached_property
    def network(self) -> Network:
        """The network that the files of the bundle hold, read back from them."""
        entities, rows = self.published.entities, self.published.relationships
        return read_tables(
            entities[["entity_type", "label", "protection_status"]].astype("str").reset_index(),
            rows[_ROWS].astype("str").reset_index(),
            schema=Schema(vocabulary=self.published.vocabulary, tz=self.published.tz),
        )

    @cached_property
    def people(self) -> list[str]:
        """Return the leads, who was asked about and who is to be reached, people alone."""
        published = self.published
        order = [*published.leads.index, *published.around, *published.safeguarding.index]
        kinds = published.entities["entity_type"]
        return [name for name in dict.fromkeys(order) if kinds.get(name) == "person"]

    @cached_property
    def places(self) -> NDArray[np.float64]:
        """Where each entity stands, in the page and in the picture."""
        ties = self.network.to_scipy(directed=False, weight=None)
        group = layout.groups(self.network, None, 0)
        return layout.positions(ties, group, marks.room(self.readings)[self._order], 0)

    @cached_property
    def readings(self) -> Readings:
        """What the picture shows of each entity, in the order of the case."""
        case = self.published.case
        return readings.read(case.network, case.assessment)

    @cached_property
    def _order(self) -> NDArray[np.intp]:
        """Positions in the case of the entities as they are written."""
        return np.argsort(self.network.positions(self.published.ids))

    def picture(self) -> bytes:
        """Return the case as a picture."""
        network = self.published.case.network
        xy = self.places[self.network.positions(self.published.ids)]
        page = marks.Page(marks.new_axes(network.n_entities), network, self.readings, xy)
        axes = networks.drawn(page, np.zeros(len(xy), dtype=np.int64), self.published.names)
        return png(axes)

    def json(self) -> str:
        """Return the data as JSON that is safe inside a page."""
        text = json.dumps(self._data, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        for character in "<>&\u2028\u2029":
            text = text.replace(character, f"\\u{ord(character):04x}")
        return text

    def key(self) -> list[tuple[str, str]]:
        """Return drawings of the marks, as SVG, and what each means."""
        data = self._data
        found = [
            (_svg(0, 0.0, False, role["color"], role["letter"], role["dark"]), role["label"])
            for i, role in enumerate(data["roles"])
            if i in data["entities"]["role"]
        ]
        if any(data["entities"]["reach"]):
            inner = '<circle cx="8" cy="8" r="3" fill="none" stroke="#333333"/>'
            found.append((_svg(0, 0.0, False, "#FFFFFF", inner=inner), "To reach or protect"))
        for kind in data["types"]:
            fill = "#E3E3E3" if kind["sides"] else "#A6A6A6"
            found.append((_svg(kind["sides"], kind["turn"], kind["star"], fill), kind["label"]))
        lines = {kind["line"] for kind in data["kinds"]}
        return [*found, *((_line(LINES[at]), LINES[at].label) for at in sorted(lines))]

    @cached_property
    def _data(self) -> dict[str, Any]:
        words = self.published.vocabulary
        rows = self._rows
        source, target = self.network.codes
        return {
            "entities": self._entities,
            "relationships": {
                "id": _texts(rows.index),
                "source": source.tolist(),
                "target": target.tolist(),
                "kind": _codes(rows["relationship_type"], words.relationship_types),
                **{name: _texts(rows[name]) for name in ("start", "end", "grade", "document")},
                "first": self._days("start_first"),
                "last": self._days("end_last"),
            },
            "zone": self.published.tz,
            "types": self._types(),
            "kinds": self._kinds(),
            "statuses": [
                words.protection_statuses[name].label
                for name in _present(self._table["protection_status"], words.protection_statuses)
            ],
            "roles": self._looks,
            "lines": [
                {
                    "line": i,
                    "color": line.color,
                    "width": line.width,
                    "alpha": line.alpha,
                    "dash": [] if line.style == "solid" else list(line.style[1]),
                }
                for i, line in enumerate(LINES)
            ],
        }

    @property
    def _table(self) -> pd.DataFrame:
        return self.published.entities.loc[self.network.entities.index]

    @property
    def _rows(self) -> pd.DataFrame:
        return self.published.relationships.loc[self.network.relationships.index]

    def _days(self, name: str) -> list[int | None]:
        """Return the days of moments since 1970 by the calendar of the zone of the network."""
        moments = self.network.spans[name]
        local = periods.dates(periods.moments_of(moments), self.published.tz)
        days = local.astype("datetime64[D]").astype(np.int64).tolist()
        return [day if known else None for day, known in zip(days, moments.notna(), strict=True)]

    @property
    def _entities(self) -> dict[str, list[Any]]:
        table, words = self._table, self.published.vocabulary
        reach = table.index.isin(self.published.safeguarding.index) | self.network.is_protected
        return {
            "id": _texts(table.index),
            "label": _texts(table["label"].where(table["label"].notna(), table.index)),
            "type": _codes(table["entity_type"], words.entity_types),
            "status": _codes(table["protection_status"], words.protection_statuses),
            "role": self._role,
            "reach": np.asarray(reach).astype(int).tolist(),
            "x": np.round(self.places[:, 0], 2).tolist(),
            "y": np.round(-self.places[:, 1], 2).tolist(),  # pages count downwards
        }

    def _types(self) -> list[dict[str, Any]]:
        types, known = self._table["entity_type"], self.published.vocabulary.entity_types
        found = []
        for name in _present(types, known):
            sides, turn, is_star = _SHAPES.get(name, _OTHER)
            look = {"sides": sides, "turn": turn * np.pi, "star": is_star}
            found.append({"label": known[name].label, "count": int((types == name).sum()), **look})
        return found

    def _kinds(self) -> list[dict[str, Any]]:
        kinds = self._rows["relationship_type"]
        known = self.published.vocabulary.relationship_types
        line = {group: i for i, look in enumerate(LINES) for group in look.groups}
        return [
            {
                "label": name.replace("_", " "),
                "count": int((kinds == name).sum()),
                "directed": known[name].directed and not known[name].both_ways,
                "line": line.get(known[name].group, len(LINES) - 1),
            }
            for name in _present(kinds, known)
        ]

    @property
    def _role(self) -> list[int]:
        """The strongest role of each entity, -1 for none."""
        leads, names = self.published.leads, list(self.published.vocabulary.roles)
        ranked = leads.sort_values("score", ascending=False, kind="stable")
        best = ranked.loc[~ranked.index.duplicated(), "role"].map(names.index)
        found: list[int] = best.reindex(self._table.index).fillna(-1).astype(int).tolist()
        return found

    @property
    def _looks(self) -> list[dict[str, Any]]:
        roles = self.published.vocabulary.roles
        return [
            {
                "label": roles[name].label,
                "letter": letter,
                "color": ROLE_COLORS[i % len(ROLE_COLORS)],
                "dark": dark(ROLE_COLORS[i % len(ROLE_COLORS)]),
            }
            for i, (name, letter) in enumerate(zip(roles, letters(list(roles)), strict=True))
        ]


def _line(look: Line) -> str:
    """Return a drawing of a line, as SVG."""
    dash = "" if look.style == "solid" else " ".join(map(str, look.style[1]))
    return (
        '<svg width="28" height="16" aria-hidden="true"><line x1="1" y1="8" x2="27" y2="8" '
        f'stroke="{look.color}" stroke-width="{look.width}" stroke-dasharray="{dash}"/></svg>'
    )


def png(axes: Axes) -> bytes:
    """Return a picture as it stands in a file, without the time of its making."""
    stream = io.BytesIO()
    axes.figure.canvas.print_figure(stream, format="png", metadata={"Software": None})
    return stream.getvalue()


def _texts(values: Any) -> list[str | None]:
    known: dict[Any, str | None] = {None: None}
    for value in values:
        if value not in known:
            known[value] = visible(written(value))
    return [known[value] for value in values]


def _present(values: pd.Series, known: Any) -> list[str]:
    """Return the words that are present, in the order of the vocabulary."""
    present = set(values)
    return [word for word in known if word in present]


def _codes(values: pd.Series, known: Any) -> list[int]:
    """Return the position of each word among those that are present."""
    at = {word: i for i, word in enumerate(_present(values, known))}
    return [at[word] for word in values]


def _svg(
    sides: int,
    turn: float,
    is_star: bool,
    fill: str,
    letter: str = "",
    is_dark: bool = False,
    inner: str = "",
) -> str:
    if sides == 0:
        mark = f'<circle cx="8" cy="8" r="6.5" fill="{fill}" stroke="#333333"/>'
    else:
        steps = 2 * sides if is_star else sides
        angle = turn - np.pi / 2 + 2 * np.pi * np.arange(steps) / steps
        reach = np.where((np.arange(steps) % 2 == 1) & is_star, 3.2, 7.0)
        points = " ".join(
            f"{8 + r * np.cos(a):.1f},{8 + r * np.sin(a):.1f}"
            for r, a in zip(reach, angle, strict=True)
        )
        mark = f'<polygon points="{points}" fill="{fill}" stroke="#6E6E6E"/>'
    if letter:
        ink = "#FFFFFF" if is_dark else "#000000"
        mark += (
            f'<text x="8" y="11" text-anchor="middle" font-size="9" font-weight="bold" '
            f'fill="{ink}">{letter}</text>'
        )
    return f'<svg width="16" height="16" aria-hidden="true">{mark}{inner}</svg>'
