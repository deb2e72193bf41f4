"""Very many thin lines of one look, added up in pixels."""

from __future__ import annotations

from netlink._arrays._kernel import kernel


@kernel
def veil(starts, ends, width, ink, on, off, left):
    """Multiply what each pixel of `left` lets through by what every line leaves of it.

    A line goes one pixel at a time along its longer side and covers what lies within half its width
    of its middle there. It is drawn for `on` pixels of its length and not for `off`, in turns.
    """
    for k in range(len(starts)):
        x, y = starts[k]
        dx, dy = ends[k, 0] - x, ends[k, 1] - y
        steps = int(max(abs(dx), abs(dy))) + 1
        dx, dy = dx / steps, dy / steps
        is_flat = abs(dx) >= abs(dy)
        step = (dx * dx + dy * dy) ** 0.5
        half = 0.5 * width * max(step, 1.0)
        along = 0.0
        for _ in range(steps):
            if off == 0.0 or along < on:
                middle, at = (y, int(x)) if is_flat else (x, int(y))
                for cell in range(int(middle - half), int(middle + half) + 1):
                    row, column = (cell, at) if is_flat else (at, cell)
                    if 0 <= row < left.shape[0] and 0 <= column < left.shape[1]:
                        part = min(middle + half, cell + 1.0) - max(middle - half, float(cell))
                        left[row, column] *= 1.0 - ink * part
            x, y, along = x + dx, y + dy, along + step
            if along >= on + off:
                along -= on + off
