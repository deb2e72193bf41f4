"""Networks made from networks: projections, surroundings, unions, merged references."""

from netlink.transform.combined import combine
from netlink.transform.egos import ego
from netlink.transform.merged import merge_entities, split_entities
from netlink.transform.projection import project
from netlink.transform.simplified import simplify

__all__ = ["combine", "ego", "merge_entities", "project", "simplify", "split_entities"]
