"""The core of a network and its periphery."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.cases.naming import names_of
from netlink.cohesion import core_periphery as fitted
from netlink.communities import leiden
from netlink.plot import checks, labels, legend, marks, readings, rings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netlink.cohesion import CorePeriphery
    from netlink.network import Network
    from netlink.roles import RoleAssessment

_PARTS = (0.5, 0.25, 0.1)  # coreness at which the bands of the periphery end


def core_periphery(
    network: Network,
    /,
    *,
    assessment: RoleAssessment | None = None,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    seed: int = 0,
) -> Axes:
    """Draw a network around its core, the periphery outside.

    Innermost is the core that fits the ties best, its fit beside it; around it the periphery, by
    coreness, the largest of which is 1, in bands down to 0.5, 0.25, 0.1 and 0. Both are those of
    `netlink.cohesion.core_periphery`, every tie counted as 1. Marks and lines are those of
    `netlink.plot.network`; people to protect are never named.

    The core is where the records are thickest, not who leads: one report that names everybody
    present, or one shared object, makes one. Nearly every network gets a core: read the fit first.
    Where it is low, there may rather be several groups, of which a core shows the largest.

    Parameters
    ----------
    network : Network
        What to draw; up to some thousands of entities.
    assessment : RoleAssessment, optional
        Of this network or of one it was taken from: shows roles and names the leads.
    names : mapping of str to str, optional
        Entity ids to the texts to show; without it, as in `netlink.plot.network`.
    ax : matplotlib.axes.Axes, optional
        Where to draw; without it, on a figure of its own that pyplot does not know of.
    seed : int, default 0
        Seed of the communities that stand side by side.

    Returns
    -------
    matplotlib.axes.Axes
        Save it with ``ax.figure.savefig(path)``.

    Raises
    ------
    ArgumentError
        An argument is of the wrong type, or the assessment has nothing in common with the network.

    References
    ----------
    Borgatti & Everett 2000, Models of core/periphery structures.

    Examples
    --------
    >>> import netlink as nl
    >>> ax = nl.plot.core_periphery(nl.datasets.krackhardt_kite())
    >>> [text.get_text() for text in ax.texts][:2]
    ['core: 5, fit 0.33', 'coreness 0.5 to 1: 3']
    """
    checks.check(assessment=assessment, names=names, ax=ax, seed=seed)
    found = readings.read(network, assessment)
    band, texts = _bands(fitted(network, weight=None))
    group = leiden(network, weight=None, seed=seed).labels.to_numpy()
    ties = network.to_scipy(directed=False, weight=None)
    width = 2.2 * float(marks.room(found).max(initial=0.5))
    xy, rims = rings.positions(ties, band, group, width)
    page = marks.Page(marks.new_axes(network.n_entities) if ax is None else ax, network, found, xy)
    right = page.frame(legend.legend(page), float(rims.max(initial=0.0)))
    kept = rings.draw(page, rims, texts)
    page.lines()
    page.entities()
    hidden = names_of(network, found.unnamed, names)
    labels.place(page, labels.wanted(network, found, names, hidden), right, kept)
    return page.ax


def _bands(found: CorePeriphery) -> tuple[NDArray[np.int64], list[str]]:
    """Return the band of each entity, 0 for the innermost, and what each band is."""
    coreness = found.scores["coreness"].to_numpy()
    is_core = found.scores["is_core"].to_numpy()
    if not is_core.any():
        return np.zeros(len(is_core), dtype=np.int64), [f"no core: {len(is_core):,}"][
            : len(is_core)
        ]
    part = np.where(is_core, 0, 1 + np.searchsorted(-np.array(_PARTS), -coreness, side="left"))
    kept, band = np.unique(part, return_inverse=True)
    counts = np.bincount(band).tolist()
    ends = (1, *_PARTS, 0)
    said = [f"core: {counts[0]:,}, fit {found.discrete_fit:.2f}"]
    for k, count in zip(kept[1:].tolist(), counts[1:], strict=True):
        said.append(f"coreness {ends[k]:g} to {ends[k - 1]:g}: {count:,}")
    return band, said
