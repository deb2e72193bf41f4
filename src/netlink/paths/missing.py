"""Why there is no path: which conditions closed the last way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

from netlink.errors import NoPathError, ways_out

if TYPE_CHECKING:
    from netlink.paths.question import Floats, Question

# Whether there is a way, in a question with some conditions lifted; the names of these are given.
IsOpen: TypeAlias = "Callable[[Question, set[str]], bool]"


def reaches(question: Question, lifted: set[str]) -> bool:  # noqa: ARG001 (an IsOpen)
    """Tell whether any source reaches any target."""
    return reaches_within(question, question.ways.ones, question.network.n_entities)


def no_path(
    question: Question,
    *,
    is_open: IsOpen = reaches,
    further: tuple[str, ...] = (),
    who: str | None = None,
) -> NoPathError:
    """Return the error that names the conditions without which there would be a path.

    `further` are names of what closes ways beside the conditions of the question.
    """
    names = [*question.conditions._given(), *further]
    names += [] if question.directed is False else ["directed"]

    def opens(lifted: Sequence[str]) -> bool:
        gone = set(lifted)
        directed = False if "directed" in gone else question.directed
        return is_open(question.asking(question.conditions._without(gone), directed), gone)

    between = who or ("the two entities" if question.is_pair else "the two groups")
    under = " under the conditions" if question.conditions._given() else ""
    said = f"There is no path between {between}{under}{'' if who else _counts(question)}."
    ways = ways_out(names, opens)
    if ways and len(ways[0]) == 1:
        either = " or without ".join(_word(name) for (name,) in ways)
        return NoPathError(f"{said} Without {either} there is one.", ways)
    if ways:
        both = " and ".join(_word(name) for name in ways[0])
        closed = f"No condition alone closes the way: without {both} together there is one."
        return NoPathError(f"{said} {closed}", ways)
    if not names:
        return NoPathError(said)
    lifted = ", ".join(_word(name) for name in names)
    return NoPathError(f"{said} They are not connected without {lifted} either.")


_WORDS = {
    "directed": "direction (directed=False)",
    "window": "the window",
    "confidence": "leaving out records of unknown confidence (missing_confidence=)",
}


def _word(name: str) -> str:
    return _WORDS.get(name, f"'{name}'")


def _counts(question: Question) -> str:
    """Say how far each side reaches."""
    from netlink.paths._kernels import SOURCE, TARGET, hops

    ways, n = question.ways, question.network.n_entities
    there = hops(ways.along(ways.ones), question.kind, question.sources, TARGET, n)
    home = hops(ways.back(ways.ones), question.kind, question.targets, SOURCE, n)
    reached = int((there >= 0).sum()) - len(question.sources)
    reaching = int((home >= 0).sum()) - len(question.targets)
    others = n - len(question.sources)
    return (
        f": the source reaches {reached:,} of the other {others:,} entities, and {reaching:,} "
        "reach the target"
    )


def reaches_within(question: Question, values: Floats, most: int) -> bool:
    """Tell whether a way of so many hops leads along ties with a finite number."""
    from netlink.paths._kernels import TARGET, hops

    ties = question.ways.along(values)
    label = hops(ties, question.kind, question.sources, TARGET, most)
    return bool((label[question.targets] >= 0).any())
