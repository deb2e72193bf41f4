"""Pictures of a network, for a page and for print."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from netlink.communities import Communities
from netlink.errors import ArgumentError
from netlink.plot import labels, layout, legend, marks, readings
from netlink.roles import RoleAssessment

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from netlink.network import Network

__all__ = ["network"]


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
    _check(assessment, communities, names, ax, seed)
    found = readings.read(network, assessment)
    index = network.entities.index
    known = None if communities is None else communities.labels.reindex(index)
    if known is not None and len(index) and known.isna().all():
        raise ArgumentError("'communities' must be of this network; it has none of its entities.")
    group = layout.groups(network, known, seed)
    ties = network.to_scipy(directed=False, weight=None)
    xy = layout.positions(ties, group, marks.room(found), seed)
    page = marks.Page(marks.new_axes(len(index)) if ax is None else ax, network, found, xy, known)
    right = page.frame(legend.legend(page))
    page.grounds(group)
    page.lines()
    page.entities()
    labels.place(page, labels.wanted(network, found, names), right)
    return page.ax


def _check(
    assessment: object, communities: object, names: object, ax: object, seed: object
) -> None:
    for value, name, kind in (
        (assessment, "assessment", RoleAssessment),
        (communities, "communities", Communities),
        (names, "names", Mapping),
    ):
        if value is not None and not isinstance(value, kind):
            raise ArgumentError(f"'{name}' must be a {kind.__name__}, got {type(value).__name__}.")
    if isinstance(names, Mapping):
        wrong = sum(not (isinstance(k, str) and isinstance(v, str)) for k, v in names.items())
        if wrong:
            raise ArgumentError(
                f"'names' must map entity ids to text; {wrong:,} of {len(names):,} are not str."
            )
    if ax is not None:
        from matplotlib.axes import Axes

        if not isinstance(ax, Axes):
            raise ArgumentError(f"'ax' must be a matplotlib Axes, got {type(ax).__name__}.")
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise ArgumentError(f"'seed' must be an integer, got {type(seed).__name__}.")
