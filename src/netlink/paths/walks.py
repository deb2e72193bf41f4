"""Where walkers from several entities meet: random walks with restart."""

from __future__ import annotations

from math import ceil, log, sqrt
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from netlink.paths.question import Floats, Question

_LEFT = 1e-11  # how far the walks are from where they end, at most, by strength
_DIGITS = 2.0**36  # of a score that count: the rest depends on the order of adding up


def meeting(
    question: Question, weight: str, restart: float, least: int, *, backward: bool
) -> Floats:
    """Return the probability that at least so many walkers are at each entity at once."""
    near = walks(question, weight, restart, backward=backward)
    # Of how many of the walkers so far it is met, with which probability.
    met = np.zeros((near.shape[1] + 1, len(near)))
    met[0] = 1
    for walker in near.T:
        met[1:] = met[1:] * (1 - walker) + met[:-1] * walker
        met[0] *= 1 - walker
    score = met[least:].sum(axis=0) if least > 1 else 1 - met[0]
    part, exponent = np.frexp(score)
    found: Floats = np.ldexp(np.rint(part * _DIGITS) / _DIGITS, exponent)
    return found


def walks(
    question: Question, weight: str, restart: float, *, backward: bool
) -> NDArray[np.float64]:
    """Return where each walker is, in the long run: one column each of those asked about."""
    from scipy.sparse import csr_array

    place, matrix = question.allowed
    tail, head = question.ways.source[place], question.ways.out[place]
    if backward:
        tail, head = head, tail
    strength, n = question.weights(weight)[place], matrix.shape[0]
    total = np.bincount(head, strength, n)
    # A tie to somebody who is tied to many counts less.
    strength = strength / np.sqrt(np.where(total > 0, total, 1.0))[head]
    out = np.bincount(tail, strength, n)
    values = (1 - restart) * strength / np.where(out > 0, out, 1.0)[tail]
    steps = csr_array((values, matrix.indices, matrix.indptr), shape=matrix.shape)
    steps = steps if backward else steps.T.tocsr()
    asked = question.sources
    begun = np.zeros((n, len(asked)))
    begun[asked, np.arange(len(asked))] = restart
    if question.directed is False:
        return _either_way(steps, begun, 1 - restart)
    found = begun
    for _ in range(ceil(log(_LEFT) / log(1 - restart))):
        found = begun + steps @ found
    # What is lost where no tie leads on starts again.
    there: NDArray[np.float64] = found / found.sum(axis=0)
    return there


def _either_way(
    steps: csr_array, begun: NDArray[np.float64], goes_on: float
) -> NDArray[np.float64]:
    """Take steps of Chebyshev: half as many as of the walk itself.

    They need ties that lead both ways (then the matrix is similar to a symmetric one) and no step
    longer than the walk goes on.
    """
    gain = goes_on / (1 + sqrt(1 - goes_on**2))
    before, found, factor = begun, np.asarray(steps @ begun) + begun, 2.0
    for _ in range(ceil(log(_LEFT) / log(gain))):
        factor = 1 / (1 - goes_on**2 * factor / 4)
        before, found = found, factor * (steps @ found + begun - before) + before
    return found
