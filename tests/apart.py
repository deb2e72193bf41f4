"""Outcomes of what may crash: asked in processes of their own, as many as it takes."""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


def outcomes(script: str, library: str, n: int) -> list[str]:
    """Return the outcome of each of n things that a script asks of a library."""
    found: list[str] = []
    while len(found) < n:
        command = [sys.executable, script, "--run", library, str(len(found))]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        lines = [line.split("\t") for line in done.stdout.splitlines() if "\t" in line]
        found += [words for _, words in lines]
        if done.returncode and len(found) < n:
            found.append("crash")
    return found


def main(
    about: str,
    asked: Callable[[str], Sequence[Callable[[Path], str]]],
    page: Callable[[], str],
    to: Path,
) -> None:
    """Write the page; or print the outcome of all that a library is asked from one on."""
    parser = argparse.ArgumentParser(description=about.splitlines()[0])
    parser.add_argument("--run", nargs=2, help=argparse.SUPPRESS)
    chosen = parser.parse_args()
    if not chosen.run:
        to.write_text(page(), "utf-8")
        return
    library, first = chosen.run[0], int(chosen.run[1])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    for at, ask in enumerate(asked(library)[first:], first):
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(f"{at}\t{ask(Path(folder))}\n")
            sys.stdout.flush()
