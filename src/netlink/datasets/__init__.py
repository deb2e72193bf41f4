"""Data to try things on: a synthetic case with known answers, and small known networks."""

from __future__ import annotations

from netlink.datasets.known import florentine_families, karate_club, krackhardt_kite
from netlink.datasets.probabilities import recording_probabilities
from netlink.datasets.scenarios import scenarios
from netlink.datasets.synthetic import SyntheticCase, synthetic_case

__all__ = [
    "SyntheticCase",
    "florentine_families",
    "karate_club",
    "krackhardt_kite",
    "recording_probabilities",
    "scenarios",
    "synthetic_case",
]
