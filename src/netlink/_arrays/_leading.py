"""The leading eigenvector of a symmetric matrix, the same for every number of threads."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_STEPS = 20_000


def leading(
    product: Callable[[NDArray[np.float64]], NDArray[np.float64]],
    start: NDArray[np.float64],
    tolerance: float,
) -> tuple[NDArray[np.float64], float]:
    """Find the vector by locally optimal conjugate gradients (Knyazev 2001).

    Only products and sums in numpy's and scipy's own loops: the solvers of scipy hand theirs to
    BLAS, whose last digits change with the number of threads.
    """
    here = start / _norm(start)
    value = 0.0
    image = product(here)
    last: list[NDArray[np.float64]] = []
    for _ in range(_STEPS):
        value = float((here * image).sum())
        residual = image - value * here
        if _norm(residual) <= tolerance * value:
            break
        basis = [here]
        for direction in (residual, *last):
            _extend(basis, direction)
        images = [image, *(product(direction) for direction in basis[1:])]
        small = np.array([[(a * b).sum() for b in images] for a in basis])
        share = np.linalg.eigh((small + small.T) / 2).eigenvectors[:, -1]
        step = np.zeros(len(here))
        for part, direction in zip(share[1:], basis[1:], strict=True):
            step += part * direction
        here = share[0] * here + step
        here /= _norm(here)
        image = product(here)
        last = [step]
    here = np.abs(here)
    return here / here.max(), value


def _extend(basis: list[NDArray[np.float64]], direction: NDArray[np.float64]) -> None:
    """Add what of a direction is at right angles to the basis, unless that is only rounding."""
    direction = direction / _norm(direction)
    for _ in range(2):  # once leaves rounding errors behind
        for other in basis:
            direction = direction - (other * direction).sum() * other
    rest = _norm(direction)
    if rest > 1e-8:
        basis.append(direction / rest)


def _norm(vector: NDArray[np.float64]) -> float:
    return sqrt((vector * vector).sum())
