"""The thick middle of a network and its thin rim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.cases.naming import names_of
from netlink.cohesion import core_number
from netlink.communities import leiden
from netlink.plot import checks, labels, legend, marks, readings, rings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.roles import RoleAssessment

_BANDS = 8


def core_periphery(
    network: Network,
    /,
    *,
    assessment: RoleAssessment | None = None,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    seed: int = 0,
) -> Axes:
    """Draw a network in bands, the thickest core innermost.

    Bands go by core number (`netlink.cohesion.core_number`): in the innermost everybody has many
    ties to others of that band, further out fewer, and the outermost hang on by one or stand alone.
    With more than eight core numbers neighboring ones share a band. Marks and lines are those of
    `netlink.plot.network`; people to protect are never named.

    The middle is where the records are thickest, not who leads: one report that names everybody
    present, or one shared object, makes a core. Every network has a middle here, also one without
    any core worth the name; how well a core and a periphery describe it is measured by
    `netlink.cohesion.core_periphery`.

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
    Seidman 1983 for the cores; Alvarez-Hamelin, Dall'Asta, Barrat & Vespignani 2006, Large scale
    networks fingerprinting and visualization using the k-core decomposition, for pictures of them.

    Examples
    --------
    >>> import netlink as nl
    >>> ax = nl.plot.core_periphery(nl.datasets.krackhardt_kite())
    >>> [text.get_text() for text in ax.texts][:3]
    ['core 3: 7', 'core 2: 1', 'core 1: 2']
    """
    checks.check(assessment=assessment, names=names, ax=ax, seed=seed)
    found = readings.read(network, assessment)
    band, texts = _bands(core_number(network).to_numpy())
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


def _bands(core: NDArray[np.int64]) -> tuple[NDArray[np.int64], list[str]]:
    """Return the band of each core number, 0 for the largest, and what each band is."""
    values = np.unique(core)[::-1]
    band, texts = np.zeros(len(core), dtype=np.int64), []
    for k, part in enumerate(np.array_split(values, max(min(_BANDS, len(values)), 1))):
        own = np.isin(core, part)
        band[own] = k
        said = f"{part[-1]} to {part[0]}" if len(part) > 1 else "".join(map(str, part))
        texts.append(f"core {said}: {own.sum():,}")
    return band, texts if len(values) else []
