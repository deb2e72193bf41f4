"""The apostrophe before texts that a spreadsheet would run: where it stands and goes off again.

`netlink.export` puts it there by the same rule, so that every text comes back as it was.
"""

from __future__ import annotations

import re

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netlink.ingest.values import is_text

# Cells that a spreadsheet may run, behind whatever cannot be seen and apostrophes that stand
# already: taking one apostrophe off gives back every text.
RUNS = re.compile(
    "'*(?:[\t\r\n\0]|[\\s\0\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]*"
    "[=+\\-@|%\uff1d\uff0b\uff0d\uff20])"
)


def marked(text: str) -> str:
    """Return a text with an apostrophe where it would run as a formula."""
    return f"'{text}" if RUNS.match(text) else text


def unmarked(text: str) -> str:
    """Return a text without the apostrophe that `marked` put there."""
    return text[1:] if text.startswith("'") and RUNS.match(text, 1) else text


def unmarked_table(table: pa.Table) -> pa.Table:
    """Take the apostrophes off the texts and names of a table."""
    columns = [
        _unmarked(column.combine_chunks()) if is_text(column.type) else column
        for column in table.columns
    ]
    names = [unmarked(name) for name in table.column_names]
    return pa.Table.from_arrays(columns, names=names)


def _unmarked(column: pa.Array) -> pa.Array:
    if isinstance(column, pa.ChunkedArray):  # no chunk at all, or more than one array holds
        return pa.chunked_array([_unmarked(chunk) for chunk in column.chunks], column.type)
    begins = pc.fill_null(pc.starts_with(column, "'"), False)
    at = np.flatnonzero(begins.to_numpy(zero_copy_only=False))
    if not len(at):
        return column
    texts = pa.array([unmarked(t) for t in column.take(pa.array(at)).to_pylist()], column.type)
    return pc.replace_with_mask(column, begins, texts)
