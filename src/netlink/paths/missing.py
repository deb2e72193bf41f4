"""Why there is no path: which conditions closed the last way."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias

from netlink.errors import NoPathError

if TYPE_CHECKING:
    from netlink.paths.question import Floats, Question

# What else may close a way: the most hops, and which ties are of any use.
Usable: TypeAlias = "Callable[[Question], Floats]"


def no_path(
    question: Question, *, most: int | None = None, usable: tuple[str, Usable] | None = None
) -> NoPathError:
    """Return the error that names the conditions without which there would be a path."""
    names = question.conditions._given()
    names += [] if question.directed is False else ["directed"]
    names += [] if most is None else ["max_hops"]
    names += [] if usable is None else [usable[0]]

    def is_open(lifted: Iterable[str]) -> bool:
        gone = set(lifted)
        directed = False if "directed" in gone else question.directed
        asked = question.asking(question.conditions._without(gone), directed)
        far = most if most is not None and "max_hops" not in gone else asked.network.n_entities
        values = usable[1](asked) if usable and usable[0] not in gone else asked.ways.ones
        return _reaches(asked, values, far)

    between = "the two entities" if question.is_pair else "the two groups"
    under = " under the conditions" if question.conditions._given() else ""
    said = f"There is no path between {between}{under}{_counts(question)}."
    alone = [name for name in names if is_open([name])]
    if alone:
        either = " or without ".join(_word(name) for name in alone)
        return NoPathError(f"{said} Without {either} there is one.", tuple((a,) for a in alone))
    if len(names) > 1 and is_open(names):
        left = list(names)
        for name in names:
            if is_open([other for other in left if other != name]):
                left.remove(name)
        both = " and ".join(_word(name) for name in left)
        closed = f"No condition alone closes the way: without {both} together there is one."
        return NoPathError(f"{said} {closed}", (tuple(left),))
    if not names:
        return NoPathError(said)
    lifted = ", ".join(_word(name) for name in names)
    return NoPathError(f"{said} They are not connected without {lifted} either.")


def _word(name: str) -> str:
    return {"directed": "direction (directed=False)", "window": "the window"}.get(name, f"'{name}'")


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


def _reaches(question: Question, values: Floats, most: int) -> bool:
    from netlink.paths._kernels import TARGET, hops

    ties = question.ways.along(values)
    label = hops(ties, question.kind, question.sources, TARGET, most)
    return bool((label[question.targets] >= 0).any())
