"""How much is within groups and how much between which."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.plot import checks, marks
from netlink.plot.look import FONT, INK, PATCH_EDGE, ROLE_COLORS, dark

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netlink.communities import Communities
    from netlink.network import Network

_MOST = 12


def groups(network: Network, /, *, communities: Communities, ax: Axes | None = None) -> Axes:
    """Draw relationships within and between groups as a matrix.

    A row and a column a group, the largest first, with the number of its entities. A cell holds the
    number of relationships between the two groups, on the diagonal those within one, and their
    share of all the relationships that the group of the row has: a row adds up to 100%, but for
    rounding. The darker a cell the larger that share. Direction does not enter, parallel
    relationships are counted one by one, self-loops are left out. What comes after twelve groups,
    and groups of a single entity, are added up as "others"; entities that are in no group stand in
    a row of their own.

    A large group draws a large share of everybody's relationships because it is large. A community
    has a dark diagonal because that is how it was made: that is no finding.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    communities : Communities
        Of this network or of one it was taken from, or of its people alone.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on a figure of its own that pyplot does not know of.

    Returns
    -------
    matplotlib.axes.Axes
        Save it with ``ax.figure.savefig(path)``.

    Raises
    ------
    ArgumentError
        An argument is of the wrong type, or the communities are of another network.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> ax = nl.plot.groups(club, communities=nl.communities.leiden(club))
    >>> ax.get_title(loc="left").splitlines()
    ['34 people, 78 relationships', '4 groups, 21 relationships between them (27%)']
    """
    checks.check(ax=ax)
    group, texts = _grouped(checks.labels_of(network, communities))
    counts = _counts(network, group, len(texts))
    within, every = int(np.trace(counts)), int(np.triu(counts).sum())
    between = marks.counted(every - within, "relationship") + " between them"
    if every:
        between += f" ({(every - within) / every:.0%})"
    found = marks.new_axes(network.n_entities) if ax is None else ax
    if ax is None:
        found.set_position((0.1, 0.1, 0.89, found.get_position().y1 - 0.1))
    n_groups = int(communities.labels.reindex(network.entities.index).nunique())
    marks.entitle(found, [marks.counts(network), [marks.counted(n_groups, "group"), between]])
    _draw(found, counts, texts)
    return found


def _grouped(labels: pd.Series) -> tuple[NDArray[np.int64], list[str]]:
    """Return the row of each entity, and what the rows are: the largest groups, then the rest."""
    sizes = labels.value_counts().rename_axis("group").reset_index(name="size")
    order = sizes.sort_values(["size", "group"], ascending=[False, True])["group"]
    row = {group: k for k, group in enumerate(order)}
    n = min(int((sizes["size"] > 1).sum()), _MOST)
    n += n + 1 == len(row)  # one alone needs no row of others
    found = np.minimum(labels.map(row).fillna(n + 1).to_numpy(), n + 1).astype(np.int64)
    found[labels.notna().to_numpy() & (found > n)] = n
    names = [*(str(int(group)) for group in order[:n]), "others", "no group"]
    kept = np.bincount(found, minlength=n + 2) > 0
    number = np.cumsum(kept) - 1
    rows = number[found]
    sizes_of = np.bincount(rows, minlength=int(kept.sum()))
    said = [name for name, is_kept in zip(names, kept, strict=True) if is_kept]
    return rows, [f"{name} ({size:,})" for name, size in zip(said, sizes_of, strict=True)]


def _counts(network: Network, group: NDArray[np.int64], n: int) -> NDArray[np.int64]:
    """Count relationships between each two groups, each once in the cells of both."""
    source, target = network.codes
    own = source != target
    a, b = group[source[own]], group[target[own]]
    found = np.zeros((n, n), dtype=np.int64)
    np.add.at(found, (a, b), 1)
    np.add.at(found, (b[a != b], a[a != b]), 1)
    return found


def _draw(ax: Axes, counts: NDArray[np.int64], texts: list[str]) -> None:
    from matplotlib.colors import LinearSegmentedColormap, to_hex

    n, scale = len(texts), marks.scale_of(ax)
    if not n:
        ax.set_axis_off()
        return
    total = counts.sum(axis=1, keepdims=True)
    share = counts / np.maximum(total, 1)
    shade = LinearSegmentedColormap.from_list("share", ["#FFFFFF", ROLE_COLORS[1]])
    ax.imshow(share, cmap=shade, vmin=0.0, vmax=1.0, aspect="auto", interpolation="nearest")
    size = scale * float(np.clip(90.0 / n, 5.5, 10.0))
    for (i, j), count in np.ndenumerate(counts):
        if count:
            ink = "white" if dark(to_hex(shade(share[i, j]))) else "black"
            text = f"{count:,}\n{share[i, j]:.0%}"
            ax.text(j, i, text, ha="center", va="center", font=FONT, fontsize=size, color=ink)
    for side in ("x", "y"):
        getattr(ax, f"set_{side}ticks")(range(n), texts if side == "y" else _short(texts))
        getattr(ax, f"set_{side}ticks")(np.arange(n + 1) - 0.5, minor=True)
    ax.grid(which="minor", color=PATCH_EDGE, linewidth=0.6)
    ax.tick_params(which="both", length=0, labelsize=8.0 * scale, colors=INK, labelfontfamily=FONT)
    ax.spines[:].set_color(PATCH_EDGE)
    ax.set_ylabel("group (entities)", font=FONT, fontsize=9.0 * scale, color=INK)
    ax.set_xlabel("relationships with group", font=FONT, fontsize=9.0 * scale, color=INK)


def _short(texts: list[str]) -> list[str]:
    return [text.rsplit(" ", 1)[0] for text in texts]
