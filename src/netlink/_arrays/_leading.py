"""The leading eigenvector of a symmetric matrix, the same for every number of threads."""

from __future__ import annotations

from math import sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Floats = NDArray[np.float64]

_STEPS = 20_000
_PATIENCE = 200  # steps after which the network may be long and thin
_WIDTH = 64  # up to here LAPACK goes column by column: threads have nothing to share
_TURNS = 200  # of solving, of which ten are many
_DIGITS = 1e-13
_TINY = 1e-290  # a number below this one has lost digits


def leading(ties: csr_array, start: Floats, tolerance: float) -> tuple[Floats, float]:
    """Find the vector by locally optimal conjugate gradients (Knyazev 2001).

    Only products and sums in numpy's and scipy's own loops: the solvers of scipy hand theirs to
    BLAS, whose last digits change with the number of threads. Along a chain, where the first
    eigenvalues nearly coincide, this takes as many steps as there are entities: `_in_a_band` then.
    """
    here = start / _norm(start)
    value = 0.0
    image = ties @ here
    last: list[Floats] = []
    for turn in range(_STEPS):
        value = float((here * image).sum())
        residual = image - value * here
        if _norm(residual) <= tolerance * value:
            break
        if turn == _PATIENCE and (found := _in_a_band(ties, start)):
            return found
        basis = [here]
        for direction in (residual, *last):
            _extend(basis, direction)
        images = [image, *(ties @ direction for direction in basis[1:])]
        small = np.array([[(a * b).sum() for b in images] for a in basis])
        share = np.linalg.eigh((small + small.T) / 2).eigenvectors[:, -1]
        step = np.zeros(len(here))
        for part, direction in zip(share[1:], basis[1:], strict=True):
            step += part * direction
        here = share[0] * here + step
        here /= _norm(here)
        image = ties @ here
        last = [step]
    here = np.abs(here)
    return here / here.max(), value


def _in_a_band(ties: csr_array, start: Floats) -> tuple[Floats, float] | None:
    """Find the vector where ties can be put near the diagonal, by solving for it (Noda 1971).

    What a solution x of (bound - ties) x = y says of the largest eigenvalue is a bound from above
    again, and a better one. No term is subtracted, so small values are as good as large ones.
    """
    from scipy.linalg import cho_solve_banded, cholesky_banded
    from scipy.sparse.csgraph import reverse_cuthill_mckee

    n = ties.shape[0]
    order = reverse_cuthill_mckee(ties, symmetric_mode=True)
    place = np.empty_like(order)
    place[order] = np.arange(n)
    row, column = np.repeat(place, np.diff(ties.indptr)), place[ties.indices]
    width = int((row - column).max(initial=0))
    if width > _WIDTH:
        return None
    is_below = row >= column
    band = np.zeros((width + 1, n))
    band[(row - column)[is_below], column[is_below]] = -ties.data[is_below]
    diagonal = band[0].copy()
    here: Floats = start / start.max()
    some = start > 0
    bound = float(((ties @ here)[some] / here[some]).max())
    here = here[order]
    for _ in range(_TURNS):
        bound *= 1 + _DIGITS  # above the eigenvalue, whatever rounding makes of it
        band[0] = bound + diagonal
        try:
            factor = cholesky_banded(band, lower=True, check_finite=False)
        except np.linalg.LinAlgError:
            return None
        last, here = here, cho_solve_banded((factor, True), here, check_finite=False)
        some = last > _TINY
        bound -= float((last[some] / here[some]).min())
        here /= here.max()
        if np.abs(here - last).max() <= _DIGITS:
            return here[place], bound
    return None


def _extend(basis: list[Floats], direction: Floats) -> None:
    """Add what of a direction is at right angles to the basis, unless that is only rounding."""
    direction = direction / _norm(direction)
    for _ in range(2):  # once leaves rounding errors behind
        for other in basis:
            direction = direction - (other * direction).sum() * other
    rest = _norm(direction)
    if rest > 1e-8:
        basis.append(direction / rest)


def _norm(vector: Floats) -> float:
    return sqrt((vector * vector).sum())
