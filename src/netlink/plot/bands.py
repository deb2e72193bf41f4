"""Groups from window to window, as bands that part and join."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from netlink.changes import GroupHistory
from netlink.errors import ArgumentError
from netlink.plot import checks, marks
from netlink.plot.look import FONT, INK, OBJECT, ROLE_COLORS, dark

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

_WIDTH = 0.16  # of a bar, where windows are 1 apart
_REST = "#BFBFBF"


def alluvial(history: GroupHistory, /, *, ax: Axes | None = None) -> Axes:
    """Draw groups followed over windows as bands.

    A column a window, a bar a group, as high as it has members; the seven groups that had the most
    members over all windows have colors of their own and their number written in them. A band leads
    from a bar to one in the next window, as thick as the members who are in both. Whoever comes to
    a bar without a band was in no group before; whoever leaves without one is in none after.
    Groups stand in the order of their numbers in every column.

    People who move between two groups make a band whatever the groups are called: `events` of the
    history says which of them were alike enough to count as one.

    Parameters
    ----------
    history : GroupHistory
        From `netlink.changes.follow_groups`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on a figure of its own that pyplot does not know of.

    Returns
    -------
    matplotlib.axes.Axes
        Save it with ``ax.figure.savefig(path)``. Nobody is named.

    Raises
    ------
    ArgumentError
        An argument is of the wrong type.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> ties = [("a", "b", 1), ("b", "c", 1), ("a", "b", 2), ("b", "c", 2), ("c", "d", 2)]
    >>> table = pd.DataFrame(ties, columns=["source", "target", "phase"])
    >>> history = nl.changes.follow_groups(nl.read_tables(None, table), windows="phase",
    ...     method=lambda part: nl.communities.leiden(part, resolution=0.1))
    >>> nl.plot.alluvial(history).get_title(loc="left").splitlines()
    ['1 group over 2 windows', '1 born, 1 grown']
    """
    if not isinstance(history, GroupHistory):
        raise ArgumentError(f"'history' must be a GroupHistory, got {type(history).__name__}.")
    checks.check(ax=ax)
    found = marks.new_axes(40) if ax is None else ax
    if ax is None:
        found.set_position((0.02, 0.07, 0.96, found.get_position().y1 - 0.07))
    events = history.events["event"].value_counts()
    n = history.events["group"].nunique()
    n_groups = marks.counted(n, "group") if n else "No group"
    told = [f"{count:,} {event}" for event, count in events.sort_index().items() if count]
    windows = marks.counted(len(history.windows), "window")
    marks.entitle(found, [[f"{n_groups} over {windows}"], told])
    _draw(found, history)
    return found


def _draw(ax: Axes, history: GroupHistory) -> None:
    place = {name: column for column, name in enumerate(history.windows)}
    members = history.members.assign(column=history.members["window"].map(place).astype("int64"))
    sizes = members.groupby(["column", "group"], as_index=False).size()
    largest = members.groupby("group", as_index=False).size()
    largest = largest.sort_values(["size", "group"], ascending=[False, True])
    colors = dict(zip(largest["group"].tolist(), ROLE_COLORS, strict=False))
    scale = marks.scale_of(ax)
    room = 0.03 * float(sizes.groupby("column")["size"].sum().max())  # between bars of one column
    foot: dict[tuple[int, int], float] = {}
    for column in sizes["column"].unique().tolist():
        part = sizes[sizes["column"] == column][::-1]
        at = -(part["size"].sum() + room * (len(part) - 1)) / 2.0
        for group, size in zip(part["group"].tolist(), part["size"].tolist(), strict=True):
            foot[column, group] = at
            color = colors.get(group, _REST)
            look = {"color": color, "edgecolor": "white", "linewidth": 0.5, "zorder": 3}
            ax.bar(column, size, _WIDTH, at, **look)
            if group in colors:
                ink = "white" if dark(color) else INK
                text: dict[str, Any] = {
                    "font": FONT,
                    "fontsize": 7.0 * scale,
                    "color": ink,
                    "zorder": 4,
                }
                ax.text(column, at + size / 2.0, f"{group}", ha="center", va="center", **text)
            at += size + room
    _bands(ax, members, foot, colors)
    ax.set_xlim(-0.5, len(history.windows) - 0.5)
    ax.set_xticks(range(len(history.windows)), [str(name) for name in history.windows])
    ax.tick_params(length=0, labelsize=8.0 * scale, labelcolor=INK)
    ax.set_yticks([])
    for label in ax.get_xticklabels():
        label.set_fontfamily(FONT)
        label.set_rotation(90 if len(history.windows) > 12 else 0)
    for spine in ax.spines.values():
        spine.set_visible(False)


def _bands(
    ax: Axes, members: pd.DataFrame, foot: dict[tuple[int, int], float], colors: dict[int, str]
) -> None:
    """Draw who goes from which bar to which, from top to bottom in the order of the groups."""
    after = members.assign(column=members["column"] - 1)
    moves = members.merge(after, on=["column", "entity_id"], suffixes=("", "_after"))
    flows = moves.groupby(["column", "group", "group_after"], as_index=False).size()[::-1]
    left, right = dict(foot), dict(foot)
    curve = np.linspace(0.0, 1.0, 40)
    bend = curve * curve * (3.0 - 2.0 * curve)
    for column, group, to, size in flows.to_numpy().tolist():
        a, b = left[column, group], right[column + 1, to]
        left[column, group], right[column + 1, to] = a + size, b + size
        x = column + _WIDTH / 2.0 + curve * (1.0 - _WIDTH)
        low = a + (b - a) * bend
        color = colors.get(group, OBJECT)
        ax.fill_between(x, low, low + size, color=color, alpha=0.45, linewidth=0.0, zorder=2)
