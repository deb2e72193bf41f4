"""Arrays to igraph; the only file that imports it.

igraph draws its random numbers from one process-wide generator: `seeded` swaps a private one in for
the call, behind a lock, so that results repeat, and puts Python's own back, igraph's default.
"""

from __future__ import annotations

import random
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from scipy.sparse import csr_array

_LARGE = 400  # entities of a picture
_lock = threading.RLock()


def graph(ties: csr_array, *, directed: bool) -> Any:
    """Build an igraph graph from merged ties; undirected takes each pair once, loops left out."""
    import igraph

    source, target, weight = arcs(ties)
    keep = source != target if directed else source < target
    built = igraph.Graph(n=ties.shape[0], directed=directed)
    built.add_edges(np.column_stack([source[keep], target[keep]]))
    built.es["weight"] = weight[keep]
    return built


def parallel_graph(
    source: NDArray[np.int32], target: NDArray[np.int32], n: int, *, directed: bool
) -> Any:
    """Build an igraph graph with one tie a row, parallel ones kept."""
    import igraph

    built = igraph.Graph(n=n, directed=directed)
    built.add_edges(np.column_stack([source, target]))
    return built


def arcs(ties: csr_array) -> tuple[NDArray[np.int32], NDArray[np.int32], NDArray[np.float64]]:
    """Return source, target and weight of every arc, in CSR order."""
    source = np.repeat(np.arange(ties.shape[0], dtype=np.int32), np.diff(ties.indptr))
    return source, ties.indices.astype(np.int32), ties.data


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Let igraph draw from a generator of its own while the block runs."""
    import igraph

    with _lock:
        igraph.set_random_number_generator(random.Random(seed))  # noqa: S311 (no secret drawn)
        try:
            yield
        finally:
            igraph.set_random_number_generator(random)


def drawn(built: Any, start: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Place the vertices of an undirected graph in the plane, from given positions.

    Path lengths are kept where the graph is small (Kamada & Kawai 1989); beyond that ties pull and
    everything else pushes (Fruchterman & Reingold 1991), in large graphs only what is near.
    """
    n = built.vcount()
    with seeded(seed):
        if n <= 60:
            layout = built.layout_kamada_kawai(seed=start.tolist())
        else:
            # From a start as wide as the result: in one cell of the grid all would be near.
            wide = 0.5 * n**0.5 if n > _LARGE else 1.0
            layout = built.layout_fruchterman_reingold(
                seed=(wide * start).tolist(), weights="weight", niter=300, grid=n > _LARGE
            )
    return np.array(layout.coords, dtype=float).reshape(n, 2)
