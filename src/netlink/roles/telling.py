"""A role score in plain sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

_FEW = 5


def of(
    label: str,
    score: float,
    is_protected: bool,
    evidence: pd.DataFrame,
    why_not: pd.DataFrame,
) -> str:
    """Tell a score, what speaks for it and against it, and what is missing."""
    shown = "over 0.99" if score > 0.99 else f"{score:.2f}"
    reading = "for it than against it" if score >= 0.5 else "against it than for it"
    said = [f"{label}: role score {shown}. Its records speak more {reading}."]
    if is_protected:
        said.append("The person is recorded as one to protect: that comes first, whatever follows.")
    speaks = evidence[evidence["contribution"] > 0]
    said += ["For it:"] * bool(len(speaks)) + _strongest(speaks)
    takes = why_not[why_not["reason"] == "against"]
    said += ["Against it:"] * bool(len(takes)) + _strongest(takes)
    for reason, heading in (
        ("no more than chance", "No more than chance gives:"),
        ("no records", "Not recorded:"),
    ):
        part = why_not.loc[why_not["reason"] == reason, "words"]
        said += [heading] * bool(len(part)) + [f"- {text}" for text in part]
    said += why_not.loc[why_not["reason"] == "short", "words"].tolist()
    said.append("A lead is not a verdict: read the records.")
    return "\n".join(said)


def _strongest(table: pd.DataFrame) -> list[str]:
    few = table.head(_FEW)
    lines = [f"- {w} ({c:+.1f})" for w, c in zip(few["words"], few["contribution"], strict=True)]
    more = len(table) - len(few)
    return lines + [f"- and {more} weaker"] * bool(more)
