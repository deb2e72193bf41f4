"""Journeys: where entities were when, who moved with whom, and along which routes."""

from netlink.journeys.company import co_movement
from netlink.journeys.flows import flows, jurisdictions, moves, routes
from netlink.journeys.itinerary import itinerary
from netlink.journeys.visits import visits

__all__ = ["co_movement", "flows", "itinerary", "jurisdictions", "moves", "routes", "visits"]
