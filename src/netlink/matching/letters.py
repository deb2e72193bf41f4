"""Letters that cannot be seen, or are read as other letters."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from importlib import resources

# Characters that a reader does not see, or takes for another; the words say what they are.
_UNSEEN = {
    "bidirectional controls": re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"),
    "zero-width characters": re.compile("[\u00ad\u180e\u200b-\u200d\u2060-\u2064\ufeff]"),
    "no-break or unusual spaces": re.compile("[\u00a0\u2000-\u200a\u202f\u205f\u3000]"),
    "control characters": re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"),
}
_SCRIPTS = ("LATIN", "CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE")  # whose letters look alike
_WORD = re.compile(r"[^\W\d_]+")


def folded(text: str) -> str:
    """Return a text in composed form (NFC), case folded, with single spaces and none around it."""
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).casefold()
        return unicodedata.normalize("NFC", " ".join(text.split()))
    return " ".join(text.lower().split())


def skeleton(text: str) -> str:
    """Return what a reader sees in a text: without what is unseen, look-alikes as Latin letters."""
    if not text.isascii():
        for pattern in list(_UNSEEN.values())[:2]:
            text = pattern.sub("", text)
        # Look-alikes come before folding: a capital and its small letter may look like two others.
        text = unicodedata.normalize("NFKC", text).translate(_lookalikes())
    else:
        text = _UNSEEN["control characters"].sub("", text)
    return folded(text)


def oddities(text: str) -> list[str]:
    """Say what of a text a reader does not see."""
    if text.isascii():
        found = ["control characters"]
        return found if _UNSEEN["control characters"].search(text) else []
    found = [words for words, pattern in _UNSEEN.items() if pattern.search(text)]
    if unicodedata.normalize("NFC", text) != text:
        found.append("not in composed form (NFC)")
    elif unicodedata.normalize("NFKC", _spaced(text)) != _spaced(text):
        found.append("letters in a form for display")
    if any(len(_scripts(word)) > 1 for word in _WORD.findall(text)):
        found.append("mixed scripts")
    return found


def _spaced(text: str) -> str:
    return _UNSEEN["no-break or unusual spaces"].sub(" ", text)


def _scripts(word: str) -> set[str]:
    names = (unicodedata.name(letter, "").partition(" ")[0] for letter in word)
    return {name for name in names if name in _SCRIPTS}


@cache
def _lookalikes() -> dict[int, str]:
    text = (resources.files(__package__) / "lookalikes.toml").read_text("utf-8")
    return {
        ord(letter): latin
        for part in tomllib.loads(text).values()
        for letter, latin in zip(part["letters"], part["read_as"], strict=True)
    }
