"""The alluvial picture: what its bars and bands say."""

from __future__ import annotations

from itertools import combinations, pairwise

import pandas as pd
import pytest

import netlink as nl
from netlink.errors import ArgumentError


def history(groups: dict[int, list[str]]) -> nl.changes.GroupHistory:
    rows = [
        (f"CANARY-{a}", f"CANARY-{b}", phase)
        for phase, parts in groups.items()
        for part in parts
        for a, b in combinations(part, 2)
    ]
    table = pd.DataFrame(rows, columns=["source", "target", "phase"])
    network = nl.read_tables(None, table.assign(relationship_type="knows"))
    return nl.changes.follow_groups(network, windows="phase", method=nl.communities.leiden)


def test_bars_are_groups_and_bands_are_those_in_both() -> None:
    found = history({1: ["abcdefg"], 2: ["abcd", "efg"], 3: ["abcd", "xyz"]})
    ax = nl.plot.alluvial(found)
    bars = [(round(bar.get_x() + bar.get_width() / 2), bar.get_height()) for bar in ax.patches]
    assert sorted(bars) == [(0, 7), (1, 3), (1, 4), (2, 3), (2, 4)]
    assert len(ax.collections) == 3  # 7 part into 4 and 3; 4 stay; nobody goes to the new three
    thick = []
    for band in ax.collections:
        box = band.get_paths()[0].vertices
        at = box[box[:, 0] == box[:, 0].min(), 1]
        thick.append(round(float(at.max() - at.min())))
    assert sorted(thick) == [3, 4, 4]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["1", "2", "3"]
    assert sorted(text.get_text() for text in ax.texts) == ["0", "0", "0", "1", "2"]
    written = " ".join([*(text.get_text() for text in ax.texts), ax.get_title(loc="left")])
    assert "CANARY" not in written
    # A column stands on its own: bars do not lie on each other.
    for column in range(3):
        own = sorted(
            (b.get_y(), b.get_y() + b.get_height())
            for b in ax.patches
            if round(b.get_x() + 0.08) == column
        )
        assert all(a[1] < b[0] for a, b in pairwise(own))


def test_no_groups_and_wrong_arguments() -> None:
    ax = nl.plot.alluvial(history({1: ["ab"], 2: ["cd"]}))
    assert not ax.patches
    assert ax.get_title(loc="left").splitlines()[0] == "No group over 2 windows"
    with pytest.raises(ArgumentError, match="must be a GroupHistory"):
        nl.plot.alluvial(3)  # type: ignore[arg-type]
