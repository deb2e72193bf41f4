"""Names of columns and words beside those that they may stand for."""

from __future__ import annotations

import difflib
import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_NEAR = 0.8  # of difflib; a swapped or missing letter in a word of five


@cache
def synonyms() -> dict[str, Any]:
    """Return what columns and words are often called."""
    return tomllib.loads((resources.files(__package__) / "synonyms.toml").read_text("utf-8"))


def plain(name: str) -> str:
    """Return a name without case, accents, spaces and signs, but with its doubts."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in letters if letter.isalnum() or letter == "?")


def meanings(known: Iterable[str], also: Mapping[str, Iterable[str]]) -> dict[str, tuple[str, str]]:
    """Return each plain name -> what it stands for and how that is known."""
    found: dict[str, tuple[str, str]] = {}
    for name in known:
        for other in also.get(name, ()):
            found[plain(other)] = (name, f"called '{other}' elsewhere")
    return found | {plain(name): (name, "the same name") for name in known}


def near(name: str, known: Iterable[str]) -> list[str]:
    """Return the plain names that are nearly this one, the nearest first."""
    return difflib.get_close_matches(plain(name), sorted(known), n=3, cutoff=_NEAR)


def several(word: str, known: Mapping[str, tuple[str, str]]) -> tuple[str, ...]:
    """Return what the parts of a word stand for, where each is known and no two are the same."""
    parts = [plain(part) for part in re.split(r"\W+|\band\b", word, flags=re.I) if part]
    found = [known[part][0] for part in parts if part in known]
    is_whole = len(parts) > 1 and len(found) == len(parts) == len(set(found))
    return tuple(found) if is_whole else ()
