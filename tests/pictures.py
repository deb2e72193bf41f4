"""What the tests of pictures share: small cases, and what can be read off the axes."""

from __future__ import annotations

import io
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from matplotlib.backends.backend_agg import RendererAgg

import netlink as nl

if TYPE_CHECKING:
    from matplotlib.axes import Axes

VICTIM, LEAD = "CANARY-VICTIM", "Lead Ann"


@lru_cache
def made_up() -> tuple[nl.Network, nl.roles.RoleAssessment]:
    """A synthetic case and its assessment."""
    made = nl.datasets.synthetic_case(seed=1, size=400)
    network = nl.read_tables(made.entities, made.relationships, schema=made.schema)
    return network, nl.roles.assess(network)


def around(network: nl.Network, start: str, n: int) -> nl.Network:
    """The first n entities that a walk by breadth meets."""
    seen = [start]
    for entity in seen:
        seen += [e for e in network.neighbors(entity) if e not in seen]
        if len(seen) >= n:
            break
    return network.subgraph(seen[:n])


def table(**columns: list[Any]) -> pd.DataFrame:
    return pd.DataFrame({k: pd.array(v, dtype="str") for k, v in columns.items()})


def small() -> nl.Network:
    """A victim under two references, a lead, a phone named after the victim, a free phone."""
    entities = table(
        entity_id=["v1", "v2", "a", "x1", "x2"],
        entity_type=["person", "person", "person", "phone", "phone"],
        label=[VICTIM, "Alias", LEAD, f"phone of {VICTIM.lower()}", "x2"],
        protection_status=["identified_victim", "unknown", "none", "unknown", "unknown"],
    )
    rows = table(
        source=["v1", "a", "v1", "a"],
        target=["v2", "v1", "x1", "x2"],
        relationship_type=["same_as", "recruited", "uses", "uses"],
    )
    return nl.read_tables(entities, rows)


def texts(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def boxes(ax: Axes) -> np.ndarray:
    """Left, bottom, right and top of every label in pixels, as drawn."""
    ax.figure.canvas.draw()
    renderer = RendererAgg(10, 10, ax.figure.dpi)
    return np.array([t.get_window_extent(renderer).extents for t in ax.texts]).reshape(-1, 4)


def overlapping(found: np.ndarray) -> int:
    a, b = np.triu_indices(len(found), 1)
    meet = (found[a, :2] < found[b, 2:]).all(axis=1) & (found[b, :2] < found[a, 2:]).all(axis=1)
    return int(meet.sum())


def centers(ax: Axes) -> np.ndarray:
    """Centers of all marks in pixels, in one order."""
    offsets = np.vstack([dots.get_offsets() for dots in dots_of(ax)])
    return np.unique(np.round(ax.transData.transform(offsets), 3), axis=0)


def dots_of(ax: Axes) -> list[Any]:
    return [c for c in ax.collections if type(c).__name__ == "PathCollection"]


def png(ax: Axes) -> bytes:
    buffer = io.BytesIO()
    ax.figure.savefig(buffer, format="png")
    return buffer.getvalue()


def legend(ax: Axes) -> list[str]:
    found = ax.get_legend()
    return [text.get_text() for text in found.get_texts()] if found else []
