"""Pieces of a page: tables, names and texts, all of them escaped."""

from __future__ import annotations

import math
from html import escape
from typing import TYPE_CHECKING, Any

from netlink.export.values import plain, visible, written

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netlink.export.published import Published

_FEW = 5
_MOST_SHOWN = 3  # names in a cell


class Markup(str):
    """Text that is a piece of a page already."""

    __slots__ = ()


def text(value: Any) -> str:
    """Return a value as text of a page."""
    return value if isinstance(value, Markup) else escape(visible(_written(plain(value))))


def _written(value: Any) -> str:
    """Spell a value; of a number without the digits that come of counting in halves."""
    if isinstance(value, float) and math.isfinite(value):
        return f"{value:.15g}"
    return written(value)


def table(
    header: list[str],
    rows: Iterable[list[Any]],
    *,
    numbers: tuple[int, ...] = (),
    ids: tuple[int, ...] = (),
    kind: str = "plain",
) -> Iterator[str]:
    """Give a table; `numbers` and `ids` are the places of such columns."""
    places = dict.fromkeys(numbers, "number") | dict.fromkeys(ids, "id")
    marks = [f' class="{places[at]}"' if at in places else "" for at in range(len(header))]
    yield f'<div class="scroll"><table class="{kind}"><thead><tr>'
    yield "".join(f'<th scope="col"{c}>{text(h)}</th>' for h, c in zip(header, marks, strict=True))
    yield "</tr></thead><tbody>\n"
    for row in rows:
        cells = "".join(f"<td{c}>{text(v)}</td>" for v, c in zip(row, marks, strict=True))
        yield f"<tr>{cells}</tr>\n"
    yield "</tbody></table></div>\n"


def heading(title: str) -> str:
    """Return the heading of a part, which the contents lead to."""
    return f'<h2 tabindex="-1">{text(title)}</h2>\n'


def contents() -> str:
    """Return the place for buttons that lead to the parts; the page has no links at all."""
    return '<nav aria-label="Contents"><ul id="contents"></ul></nav>\n'


def button(name: str) -> Markup:
    """Return a button that shows an entity in the network; the script uncovers it."""
    return Markup(f'<button type="button" data-entity="{text(name)}" hidden>show</button>')


def label(published: Published, name: str) -> str:
    """Return what an entity is called."""
    found = published.entities["label"].get(name)
    return str(found) if found else name


def labels(published: Published) -> dict[str, str]:
    """Return what every entity is called."""
    called = zip(published.entities.index, published.entities["label"], strict=True)
    return {name: str(found) if found else name for name, found in called}


def names(published: Published, ids: tuple[str, ...]) -> str:
    """Return what a few entities are called, or how many they are."""
    if len(ids) > _FEW:
        return f"{len(ids):,} entities"
    return ", ".join(text(label(published, name)) for name in ids)


def counted(n: int, word: str, many: str = "") -> str:
    """Return a number with its word."""
    return f"{n:,} {word if n == 1 else many or word + 's'}"


def folded(summary: str, inner: str) -> str:
    """Return something long that opens when it is asked for."""
    return f"<details><summary>{text(summary)}</summary>{inner}</details>"


def listed(names: list[str], word: str) -> str:
    """Return names one beside the other, folded where they are many."""
    if not names:
        return ""
    items = "".join(f"<li>{text(name)}</li>" for name in names)
    found = f'<ul class="records">{items}</ul>'
    return found if len(names) <= _MOST_SHOWN else folded(f"{len(names):,} {word}s", found)
