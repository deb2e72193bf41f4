"""The declared map from a score to what such scores came to in worlds with known answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from netlink.roles.inference import sigmoid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

_INSIDE = (1e-12, 1.0 - 1e-12)


def calibrated(score: Floats, curve: Mapping[str, float]) -> Floats:
    """Return the probability of log-odds c + a log p - b log(1 - p) for each score p.

    Beta calibration (Kull, Silva Filho and Flach 2017, AISTATS): with a and b above 0 everybody
    stays in the same order.
    """
    return sigmoid(terms(score) @ [curve["c"], curve["a"], curve["b"]])


def terms(score: Floats) -> Floats:
    """Return what c, a and b are factors of, a column each."""
    inside = np.clip(score, *_INSIDE)
    return np.column_stack([np.ones(len(inside)), np.log(inside), -np.log1p(-inside)])
