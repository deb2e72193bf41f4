"""Long work in fixed blocks over threads.

Invariant: what a block holds depends on the network alone, and results come back in the order of
the blocks, so that their sum has the same digits whatever the number of threads.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor, wait
from typing import TYPE_CHECKING, TypeVar

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

Number = TypeVar("Number", np.int32, np.int64)
Block = TypeVar("Block")
Result = TypeVar("Result")

_MOST_THREADS = 8  # each holds arrays of its own: at a million entities up to 250 MB


def split(positions: NDArray[Number], size: int) -> list[NDArray[Number]]:
    """Cut positions into blocks of one size."""
    return [positions[start : start + size] for start in range(0, len(positions), size)]


def results(
    work: Callable[[Block], Result], blocks: Sequence[Block], *, progress: bool
) -> Iterator[Result]:
    """Do the work on each block, on as many threads as numba uses; an interrupt does not wait."""
    from numba import config
    from tqdm import tqdm

    with tqdm(total=len(blocks), disable=not progress) as bar:
        if len(blocks) == 1:
            yield work(blocks[0])
            bar.update()
            return
        threads = min(config.NUMBA_NUM_THREADS, _MOST_THREADS)  # type: ignore[attr-defined]
        pool = ThreadPoolExecutor(threads)
        waiting = deque(pool.submit(work, block) for block in blocks[: 2 * threads])
        try:
            for block in blocks[2 * threads :]:
                yield _finished(waiting.popleft())
                bar.update()
                waiting.append(pool.submit(work, block))
            while waiting:
                yield _finished(waiting.popleft())
                bar.update()
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _finished(future: Future[Result]) -> Result:
    """Wait; a Ctrl-C that another thread receives does not end a wait: look up now and then."""
    while wait([future], timeout=0.2).not_done:
        pass
    return future.result()
