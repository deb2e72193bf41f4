"""Brokerage counts if the same groups were dealt out at random among the same entities.

Exact over all ways to deal them: the expectation of a count, and its variance by the pairs of
two-paths through one entity, which have three, four or five entities between them.
"""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

ROLES = ("coordinator", "itinerant", "gatekeeper", "representative", "liaison")


def _falling(n: int, k: int) -> int:
    """Return n (n - 1) ... over k factors: the ways to choose k in order."""
    found = 1
    for i in range(k):
        found *= n - i
    return found


def _kinds(own: int, rest: int, twos: int, threes: int, pairs: int) -> list[tuple[int, ...]]:
    """Count the ways to fill the other places of a role, given the group of the one between.

    `own` and `rest` are the others in that group and out of it; `twos` and `threes` the ways to
    choose so many of one group out of it, `pairs` the ways to choose two such twos one after the
    other. For each role: one two-path; two that share the first end; the last end; chained, the end
    of one the beginning of the other; apart.
    """
    f = _falling
    unlike = f(rest, 2) - twos
    # a of one group and c, c' of others: all choices less those where c, or c', or both are like a.
    fork = f(rest, 3) - 2 * twos * (rest - 2) + threes
    apart = f(rest, 4) - 2 * twos * f(rest - 2, 2) + pairs
    return [
        (f(own, 2), f(own, 3), f(own, 3), f(own, 3), f(own, 4)),
        (twos, threes, threes, threes, pairs),
        (rest * own, rest * f(own, 2), own * f(rest, 2), 0, f(rest, 2) * f(own, 2)),
        (own * rest, own * f(rest, 2), rest * f(own, 2), 0, f(rest, 2) * f(own, 2)),
        (unlike, fork, fork, fork, apart),
    ]


def chances(sizes: Sequence[int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return for each role its chance, and its covariance for each kind of pair of two-paths.

    The columns of the second: the same; one in reverse; sharing the first end; the last; chained;
    apart. Exact until the end: where nothing is left to chance, the covariance is 0.
    """
    n = sum(sizes)
    sums = [sum(_falling(size, k) for size in sizes) for k in range(5)]
    squares = sum(_falling(size, 2) ** 2 for size in sizes)
    total = [[0] * 5 for _ in ROLES]
    for size in set(sizes):
        times = size * sum(other == size for other in sizes)
        twos, threes = sums[2] - _falling(size, 2), sums[3] - _falling(size, 3)
        fours, same = sums[4] - _falling(size, 4), squares - _falling(size, 2) ** 2
        pairs = twos * twos - same + fours
        kinds = _kinds(size - 1, n - size, twos, threes, pairs)
        for row, ways in zip(total, kinds, strict=True):
            for i, way in enumerate(ways):
                row[i] += times * way
    out_of = [max(1, _falling(n, k)) for k in (3, 4, 4, 4, 5)]
    means, covariances = np.zeros(5), np.zeros((5, 6))
    for i, row in enumerate(total):
        one, *pairs_ = (Fraction(ways, whole) for ways, whole in zip(row, out_of, strict=True))
        in_reverse = one if ROLES[i] in {"coordinator", "itinerant", "liaison"} else Fraction(0)
        means[i] = one
        covariances[i] = [float(found - one * one) for found in (one, in_reverse, *pairs_)]
    return means, covariances


def moments(
    overlaps: NDArray[np.float64], sizes: Sequence[int]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return expectation and variance of each role at each entity.

    `overlaps` counts for each entity its open two-paths, those open in reverse too, and ordered
    pairs of them that share the first end, the last end, or are chained.
    """
    means, covariances = chances(sizes)
    paths, reverse, first, last, chained = overlaps.T
    apart = paths * paths - paths - reverse - first - last - 2 * chained
    pairs = np.column_stack([paths, reverse, first, last, 2 * chained, apart])
    parts = pairs[:, None, :] * covariances
    variance = parts.sum(axis=2)
    # What cancels but for rounding is no variance.
    variance[variance <= 1e-12 * np.abs(parts).sum(axis=2)] = 0
    return paths[:, None] * means, variance
