"""The best core near a given one, one entity moved at a time.

Invariant: a tree holds at place 1 whoever of one side has the most (core: the least) ties to the
periphery, at each place the better of the two below, and -1 where there is nobody; among equals the
one that comes first. Leaves begin in the middle.
"""

from __future__ import annotations

import numpy as np

from netlink._arrays._kernel import kernel


@kernel
def _lift(tree, place, outside, sign):
    """Bring the places above a leaf up to date."""
    place //= 2
    while place:
        left, right = tree[2 * place], tree[2 * place + 1]
        is_right = left < 0 or (right >= 0 and sign * outside[right] > sign * outside[left])
        tree[place] = right if is_right else left
        place //= 2


@kernel
def _fit(size, covered, total, scale, n):
    """Return the correlation for a core of so many that covers so much of the ties."""
    pairs = n * (n - 1.0)
    tied = pairs - (n - size) * (n - size - 1.0)
    spread = tied - tied * tied / pairs
    if spread <= 0:
        return -np.inf
    return (covered - tied * total / pairs) / (scale * np.sqrt(spread))


@kernel
def moved(start, other, value, is_core, outside, sums, scale):
    """Move whoever makes the fit best until none makes it better; return the fit.

    `is_core` and `outside`, the ties of each to the periphery, are changed in place. `sums` are how
    many are in the core, what their ties weigh, and what all do.
    """
    n = len(is_core)
    size, covered, total = sums
    half = 1
    while half < n:
        half *= 2
    trees = np.full((2, 2 * half), -1, np.int32)  # who may come in, who may go out
    for i in range(n):
        trees[int(is_core[i]), half + i] = i
    for k in range(2):
        for place in range(2 * half - 2, 1, -2):
            _lift(trees[k], place, outside, 1 - 2 * k)
    best = _fit(size, covered, total, scale, n)
    while True:
        move, fit = -1, best + 1e-12
        for k in range(2):
            at = trees[k, 1]
            if at >= 0:
                sign = 1 - 2 * k
                found = _fit(size + sign, covered + 2 * sign * outside[at], total, scale, n)
                if found > fit or (found == fit and at < move):
                    move, fit = at, found
        if move < 0:
            return best
        sign = -1 if is_core[move] else 1
        size, covered, best = size + sign, covered + 2 * sign * outside[move], fit
        is_core[move] = not is_core[move]
        trees[:, half + move] = -1
        trees[int(is_core[move]), half + move] = move
        for k in range(2):
            _lift(trees[k], half + move, outside, 1 - 2 * k)
        for j in range(start[move], start[move + 1]):
            at = other[j]
            outside[at] -= sign * value[j]
            k = int(is_core[at])
            _lift(trees[k], half + at, outside, 1 - 2 * k)
