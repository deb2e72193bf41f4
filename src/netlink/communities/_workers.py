"""Many runs of a method on the same ties, over the cores where that saves time.

Kernels run in threads. igraph holds Python's lock, so its runs go to processes of their own. They
get numbers only, through pipes; nothing is written to disk, and the script that calls is not
imported again, as it would be by `multiprocessing`. A run depends on its seed alone, so who does it
changes no result. A single run of igraph that takes long is done by another process too: igraph
hears Ctrl-C when it is through, while that process can be ended at once.
"""

from __future__ import annotations

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from netlink.communities import _runs
from netlink.communities._ties import Ties

if TYPE_CHECKING:
    from collections.abc import Sequence
    from concurrent.futures import Future

    from numpy.typing import NDArray

# Ties times runs from which starting processes pays, and ties from which two would take too much
# memory.
_WORTH_IT = 3_000_000
_TOO_LARGE = 5_000_000
# About a second of one run: ties, or for walktrap entities times ties.
_LONG = {"infomap": 30_000, "louvain": 30_000, "walktrap": 50_000_000}


def alone(ties: Ties, method: str, number: float, seed: int) -> NDArray[np.int64]:
    """Return the group of every entity in one run of igraph that Ctrl-C can end."""
    size = len(ties.source) * (ties.n if method == "walktrap" else 1)
    if size >= _LONG[method] and _is_python():
        found = _spread(ties, (method, number), [seed], 1, None)
        if found is not None:
            groups: NDArray[np.int64] = found[0].astype(np.int64)
            return groups
    return _runs.METHODS[method](ties, number, seed)


def memberships(
    ties: Ties, method: str, resolution: float, seeds: Sequence[int], *, progress: bool
) -> NDArray[np.int32]:
    """Return a row a seed: the group of every entity in that run."""
    from tqdm import tqdm

    size = (len(ties.source), len(seeds))
    with tqdm(total=len(seeds), disable=not progress, desc=method) as bar:
        if method in _runs.UNLOCKED:
            return _threaded(ties, (method, resolution), seeds, _n_cores(*size), bar)
        n_workers = _n_processes(*size)
        if n_workers > 1:
            found = _spread(ties, (method, resolution), seeds, n_workers, bar)
            if found is not None:
                return found
        bar.reset()
        rows = np.empty((len(seeds), ties.n), dtype=np.int32)
        for row, seed in zip(rows, seeds, strict=True):
            row[:] = _runs.METHODS[method](ties, resolution, seed)
            bar.update()
    return rows


def _n_cores(n_ties: int, n_runs: int) -> int:
    if n_ties * n_runs < _WORTH_IT:
        return 1
    has_affinity = hasattr(os, "sched_getaffinity")
    cores = len(os.sched_getaffinity(0)) if has_affinity else os.cpu_count() or 1
    return min(cores, n_runs, 4)


def _n_processes(n_ties: int, n_runs: int) -> int:
    return _n_cores(n_ties, n_runs) if _is_python() and n_ties <= _TOO_LARGE else 1


def _is_python() -> bool:
    """Tell whether Python can be started; a program that holds it inside is not started."""
    return Path(sys.executable or "").stem.lower().startswith("python")


def _threaded(
    ties: Ties, run: tuple[str, float], seeds: Sequence[int], n_threads: int, bar: Any
) -> NDArray[np.int32]:
    found = np.empty((len(seeds), ties.n), dtype=np.int32)
    _ = ties.matrix  # built once, before the threads ask for it
    pool = ThreadPoolExecutor(n_threads)

    def work(row: int) -> None:
        found[row] = _runs.METHODS[run[0]](ties, run[1], seeds[row])
        bar.update()

    try:
        rows = [pool.submit(work, row) for row in range(len(seeds))]
        _finished(rows)
        for row in rows:
            row.result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
    return found


def _finished(futures: list[Future[Any]]) -> None:
    """Wait; a Ctrl-C that another thread receives does not end a wait: look up now and then."""
    while wait(futures, timeout=0.2).not_done:
        pass


def _spread(
    ties: Ties, run: tuple[str, float], seeds: Sequence[int], n_workers: int, bar: Any
) -> NDArray[np.int32] | None:
    """Give every worker its share of the seeds; None where one of them failed."""
    found = np.empty((len(seeds), ties.n), dtype=np.int32)
    path = os.pathsep.join(part for part in sys.path if part)
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONWARNINGS": "ignore"}
    workers: list[subprocess.Popen[bytes]] = []

    def work(k: int) -> bool:
        stdin, stdout = workers[k].stdin, workers[k].stdout
        if stdin is None or stdout is None:
            return False
        try:
            with stdin:
                for array in (ties.source, ties.target, ties.weight):
                    stdin.write(array.tobytes())
        except OSError:  # it ended early
            return False
        for row in range(k, len(seeds), n_workers):
            answer = stdout.read(4 * ties.n)
            if len(answer) < 4 * ties.n:
                return False
            found[row] = np.frombuffer(answer, dtype=np.int32)
            if bar is not None:
                bar.update()
        return True

    try:
        for k in range(n_workers):
            share = ",".join(map(str, seeds[k::n_workers]))
            sizes = [str(ties.n), str(len(ties.source)), str(int(ties.is_directed))]
            call = [sys.executable, "-P", "-m", __name__, *sizes, run[0], repr(run[1]), share]
            workers.append(
                subprocess.Popen(  # noqa: S603 (this Python, this file, numbers)
                    call, env=environment,
                    stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                )
            )  # fmt: skip
        with ThreadPoolExecutor(n_workers) as pool:
            try:
                shares = [pool.submit(work, k) for k in range(n_workers)]
                _finished(shares)
                is_done = all(share.result() for share in shares)
            except BaseException:  # Ctrl-C: the threads wait for the workers
                _end(workers)
                raise
    except OSError:
        return None
    finally:
        _end(workers)
    return found if is_done else None


def _end(workers: list[subprocess.Popen[bytes]]) -> None:
    for worker in workers:
        worker.kill()
        worker.wait()
        for pipe in (worker.stdin, worker.stdout):
            if pipe is not None:
                with suppress(OSError):  # what was not written yet has nowhere to go
                    pipe.close()


def main() -> None:
    """Read ties from standard input and write the group of every entity, run after run."""
    n, n_ties, is_directed, method, number, seeds = sys.argv[1:]
    size, read = int(n_ties), sys.stdin.buffer.read
    source = np.frombuffer(read(4 * size), dtype=np.int32)
    target = np.frombuffer(read(4 * size), dtype=np.int32)
    weight = np.frombuffer(read(8 * size), dtype=np.float64)
    ties = Ties(source, target, weight, int(n), is_directed == "1")
    for seed in seeds.split(","):
        found = _runs.METHODS[method](ties, float(number), int(seed))
        sys.stdout.buffer.write(found.astype(np.int32).tobytes())
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
