"""One entity in the middle, and what lies around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink import transform
from netlink.cases.naming import names_of
from netlink.communities import leiden
from netlink.errors import ArgumentError
from netlink.plot import checks, labels, legend, marks, readings, rings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netlink.network import Network
    from netlink.roles import RoleAssessment


def ego(
    network: Network,
    /,
    entity: str,
    *,
    hops: int = 1,
    assessment: RoleAssessment | None = None,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    seed: int = 0,
) -> Axes:
    """Draw one entity with everything around it in rings.

    The entity asked about stands in the middle, on the first ring what is tied to it, on the second
    what is tied to those, and so on, each near what it is tied to further in. Marks and lines are
    those of `netlink.plot.network`: people to protect are never named, in the middle neither.

    Ties among the outermost are shown, those that lead further out are not: whoever is at the rim
    seems less connected than it is. Through an object that many share, two hops reach people who
    have nothing to do with each other; `netlink.transform.ego` with ``max_degree`` cuts that off
    before.

    Parameters
    ----------
    network : Network
        The network.
    entity : str
        Id of the entity asked about.
    hops : int, default 1
        How many ties away.
    assessment : RoleAssessment, optional
        Of this network or of one it was taken from: shows roles and names the leads.
    names : mapping of str to str, optional
        Entity ids to the texts to show. Without it, the labels (or ids) that
        `netlink.plot.network` shows, and that of the entity in the middle.
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
    UnknownEntityError
        The entity is not in the network.
    ArgumentError
        An argument is of the wrong type, or the assessment has nothing in common with the network.

    Examples
    --------
    >>> import netlink as nl
    >>> ax = nl.plot.ego(nl.datasets.florentine_families(), "Medici", hops=2)
    >>> [text.get_text() for text in ax.texts][:2]
    ['1 tie away: 6', '2 ties away: 5']
    """
    checks.check(assessment=assessment, names=names, ax=ax, seed=seed)
    if not isinstance(entity, str):
        raise ArgumentError(f"'entity' must be one entity id, got {type(entity).__name__}.")
    part = transform.ego(network, [entity], hops=hops)
    found = readings.read_part(network, part, assessment)
    at = int(part.positions([entity])[0])
    ties = part.to_scipy(directed=False, weight=None)
    away = _away(part, at)
    others = part.subgraph(part.entities.index.delete(at))
    group = np.insert(leiden(others, weight=None, seed=seed).labels.to_numpy(), at, 0)
    xy, rims = rings.positions(ties, away, group, 2.2 * float(marks.room(found).max()))
    page = marks.Page(marks.new_axes(part.n_entities) if ax is None else ax, part, found, xy)
    right = page.frame(legend.legend(page), float(rims[-1]))
    texts = [
        f"{k:,} {'tie' if k == 1 else 'ties'} away: {n:,}" if k else ""
        for k, n in enumerate(np.bincount(away))
    ]
    kept = rings.draw(page, rims, texts)
    page.lines()
    page.entities()
    hidden = names_of(network, readings.read(network, assessment).unnamed, names)
    middle = labels.wanted(part, found, names, hidden, np.array([at]))
    rest = [pair for pair in labels.wanted(part, found, names, hidden) if pair[0] != at]
    labels.place(page, middle + rest, right, kept)
    return page.ax


def _away(network: Network, at: int) -> NDArray[np.int64]:
    """Return how many ties each entity is away; all are connected."""
    from scipy.sparse.csgraph import shortest_path

    ties = network.to_scipy(directed=False, weight=None)
    found = shortest_path(ties, directed=False, unweighted=True, indices=at)
    return found.astype(np.int64)
