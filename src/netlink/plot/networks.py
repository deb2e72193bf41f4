"""The whole network on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.cases.naming import names_of
from netlink.plot import checks, labels, layout, legend, marks, readings

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from netlink.communities import Communities
    from netlink.network import Network
    from netlink.roles import RoleAssessment


def network(
    network: Network,
    /,
    *,
    assessment: RoleAssessment | None = None,
    communities: Communities | None = None,
    names: Mapping[str, str] | None = None,
    ax: Axes | None = None,
    seed: int = 0,
) -> Axes:
    """Draw people, objects and the ties between them.

    People are circles, the larger ones in the color and with the first letter of their strongest
    role (a score of 0.5 or more; a ring shows a second one); objects are small grey shapes, one a
    type. People to reach or protect are double rings and are never named, whatever `names` says:
    those with a protected status, and those for whom the records of a victim speak at least as
    strongly as those of any role. A text that holds such a person's name, id or given name of
    `names` is left out as well. Entities of one community stand together on a pale ground. Each
    pair has one line, of the first kind it has: recorded acts, with an arrow at the person they
    were done to; money; contact; anything else.

    Near and far mislead: only who is tied to whom, and in which community, comes from the records.
    Self-loops are not drawn. Large pictures name leads where there is room, the highest scores
    first; a lead without a name is not a lesser lead. Characters that the font (DejaVu Sans) lacks
    are shown as a replacement character.

    Parameters
    ----------
    network : Network
        What to draw; up to some thousands of entities.
    assessment : RoleAssessment, optional
        Of this network or of one it was taken from: shows roles and names the leads.
    communities : Communities, optional
        Of this network, one it was taken from, or its people alone; an entity without a community
        stands with the one that most of its ties go to. Without it, entities of large networks
        are placed by communities of their own that are not shown.
    names : mapping of str to str, optional
        Entity ids to the texts to show; ids of other networks are ignored. Without it, the labels
        (or ids) of leads and, up to 60 entities, of objects; without an assessment, of everything.
    ax : matplotlib.axes.Axes, optional
        Where to draw, in the size that the axes have now; without it, on a figure of its own that
        pyplot does not know of.
    seed : int, default 0
        Seed of the layout.

    Returns
    -------
    matplotlib.axes.Axes
        Save it with ``ax.figure.savefig(path)``.

    Raises
    ------
    ArgumentError
        An argument is of the wrong type, or has nothing in common with the network.

    References
    ----------
    Kamada & Kawai 1989 and Fruchterman & Reingold 1991 for the places within a community;
    Okabe & Ito 2008 for the colors.

    Examples
    --------
    >>> import netlink as nl
    >>> club = nl.datasets.karate_club()
    >>> ax = nl.plot.network(club, communities=nl.communities.leiden(club))
    >>> ax.get_title(loc="left").splitlines()
    ['34 people, 78 relationships', '4 communities']
    """
    checks.check(assessment=assessment, names=names, ax=ax, seed=seed)
    known = None if communities is None else checks.labels_of(network, communities)
    found = readings.read(network, assessment)
    group = layout.groups(network, known, seed)
    ties = network.to_scipy(directed=False, weight=None)
    xy = layout.positions(ties, group, marks.room(found), seed)
    axes = marks.new_axes(network.n_entities) if ax is None else ax
    page = marks.Page(axes, network, found, xy, known)
    return drawn(page, group, names)


def drawn(page: marks.Page, group: NDArray[np.int64], names: Mapping[str, str] | None) -> Axes:
    """Draw entities that have their places; those of one number in `group` stand together."""
    right = page.frame(legend.legend(page))
    page.grounds(group)
    page.lines()
    page.entities()
    hidden = names_of(page.network, page.readings.unnamed, names)
    labels.place(page, labels.wanted(page.network, page.readings, names, hidden), right)
    return page.ax
