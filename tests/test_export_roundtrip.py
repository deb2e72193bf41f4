"""What is written by a format called lossless reads back as the same network (value zoo)."""

from __future__ import annotations

import datetime as dt
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

import netlink as nl
from netlink import export
from netlink.export import redaction

if TYPE_CHECKING:
    from collections.abc import Callable

POLICY = nl.export.Policy(
    names="all", name_protected=True, columns=("text", "count", "size", "flag", "day", "listed")
)


def read_csv(folder: Path) -> nl.Network:
    schema = nl.Schema.load(folder / "schema.toml")
    return nl.read_tables(folder / "entities.csv", folder / "relationships.csv", schema=schema)


def read_parquet(folder: Path) -> nl.Network:
    return nl.read_tables(folder / "entities.parquet", folder / "relationships.parquet")


READERS: dict[str, Callable[[Path], nl.Network]] = {
    "graphml": lambda folder: nl.read_graphml(folder / "network.graphml"),
    "json": lambda folder: nl.read_node_link(folder / "network.json"),
    "csv": read_csv,
    "parquet": read_parquet,
}
# Whatever a cell of text can hold: controls, NUL, bidirectional marks, formulas, markup, spellings
# of control characters, half surrogate pairs aside (they are no text that a file can hold).
WORDS = ["", "NA", "nan", "None", "007", "1e5", "'=1", "=cmd|' /C'!A0", "-2+3", "_x000B_", "<b>&"]
WORDS += [
    "a\x0bb",
    "nul\0byte",
    "two\nlines",
    "\r",
    "\u202eleft",
    "\ufeff=1",
    "\ufffe",
    "]]>",
    "\x85",
]
TEXT = st.one_of(st.sampled_from(WORDS), st.text(max_size=6))
NAME = st.one_of(st.sampled_from([w for w in WORDS if w]), st.text(min_size=1, max_size=6))
MOMENT = st.datetimes(dt.datetime(1902, 1, 1), dt.datetime(2200, 1, 1)).map(
    lambda moment: pd.Timestamp(moment, tz="UTC")
)


def _is_id(text: str) -> bool:
    return bool(text.strip()) and text.isprintable() is not None


@st.composite
def zoo(draw: st.DrawFn) -> nl.Network:
    """A network with every kind of value in columns of netlink's and of the user's own."""
    names = draw(st.lists(NAME.filter(_is_id), min_size=1, max_size=4, unique=True))
    n = len(names)

    def cells(one: st.SearchStrategy[Any], count: int) -> list[Any]:
        return draw(st.lists(st.none() | one, min_size=count, max_size=count))

    entities = pd.DataFrame({"entity_id": names, "entity_type": "person"})
    entities["label"] = pd.array(cells(TEXT.filter(bool), n), dtype="str")
    entities["text"] = pd.array(cells(TEXT, n), dtype="str")
    entities["count"] = pd.array(
        draw(st.lists(st.integers(-(2**63), 2**63 - 1), min_size=n, max_size=n)), dtype="int64"
    )
    number = st.floats(allow_nan=False)
    entities["size"] = np.array([np.nan if c is None else c for c in cells(number, n)])
    entities["flag"] = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    entities["day"] = pd.Series(draw(st.lists(st.dates(), min_size=n, max_size=n)), dtype=object)
    entities["listed"] = pd.Series(
        draw(st.lists(st.lists(TEXT, max_size=2), min_size=n, max_size=n)), dtype=object
    )
    m = draw(st.integers(0, 4))
    end = st.sampled_from(names)
    rows = pd.DataFrame(
        {
            "relationship_id": [f"r{at}" for at in range(m)],
            "source": draw(st.lists(end, min_size=m, max_size=m)),
            "target": draw(st.lists(end, min_size=m, max_size=m)),
            "relationship_type": draw(
                st.lists(st.sampled_from(["communicated", "paid"]), min_size=m, max_size=m)
            ),
        }
    ).astype("str")
    weights = st.floats(0, 1e300, exclude_min=True)
    rows["weight"] = np.array(draw(st.lists(weights, min_size=m, max_size=m)), dtype=float)
    rows["start"] = pd.Series(cells(MOMENT, m), dtype="datetime64[us, UTC]")
    rows["document"] = pd.array(cells(TEXT.filter(bool), m), dtype="str")
    return nl.read_tables(entities, rows)


def _written(network: nl.Network, form: str, folder: Path) -> None:
    case = nl.cases.build(network, around=network.entities.index, hops=1)
    published = redaction.publish(case, POLICY)
    for name, chunks in export._WRITERS[form](published):
        data = b"".join(c.encode() if isinstance(c, str) else c for c in chunks)
        (folder / name).write_bytes(data)


@pytest.mark.parametrize("form", READERS)
@settings(max_examples=15, deadline=None, phases=[Phase.generate])
@given(network=zoo())
def test_every_value_comes_back(form: str, network: nl.Network) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _written(network, form, folder)
        found = READERS[form](folder)
    assert found.rejected.empty
    wanted = network
    if (
        form == "csv"
    ):  # columns of the user's own are text there, and an empty text is a missing one
        found, wanted = _as_text(found), _as_text(wanted)
    nl.testing.assert_networks_equal(found, wanted)


def _as_text(network: nl.Network) -> nl.Network:
    table = network.entities
    for name in ("text", "count", "size", "flag", "day", "listed"):
        cells = [export.values.written(export.values.plain(cell)) for cell in table[name]]
        table[name] = pd.array(cells, dtype="str")
    rows = network.relationships.drop(columns=["start_text", "end_text"], errors="ignore")
    return nl.Network(table, rows, network.vocabulary)
