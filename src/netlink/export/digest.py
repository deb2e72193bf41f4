"""Digests of the content of a network, whatever the order of its rows."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from netlink.export import columns
from netlink.export.values import plain, written

if TYPE_CHECKING:
    from netlink.network import Network


def entities(network: Network, *, purpose: bytes) -> bytes:
    """Digest the entity table."""
    return _table(network.entities, purpose)


def relationships(network: Network, *, purpose: bytes) -> bytes:
    """Digest the relationship table; the ends of undirected rows count in either order."""
    table = network.relationships
    kinds = network.vocabulary.relationship_types
    directed = table["relationship_type"].map({w: k.directed for w, k in kinds.items()})
    ends = table[["source", "target"]].astype(object)
    turn = ~directed.to_numpy(dtype=bool) & (ends["source"] > ends["target"]).to_numpy()
    table["source"] = ends["source"].where(~turn, ends["target"])
    table["target"] = ends["target"].where(~turn, ends["source"])
    # Ids are unique, and where netlink made them they follow from the content.
    return _table(table.sort_index(kind="stable"), purpose)


def _table(table: pd.DataFrame, purpose: bytes) -> bytes:
    found = hashlib.sha256(purpose)
    table = table.reset_index()
    for name in sorted(map(str, table.columns)):
        _column(found, name, table[name])
    return found.digest()


def _column(found: hashlib._Hash, name: str, column: pd.Series) -> None:
    kind = column.dtype
    if kind == np.float64:
        values = column.to_numpy(copy=True)
        values[np.isnan(values)] = np.nan  # one bit pattern for missing
        parts = [values.astype("<f8").tobytes()]
    elif isinstance(kind, pd.DatetimeTZDtype):
        moments = column.dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        parts = [moments.astype("datetime64[us]").astype("<i8").tobytes()]
    elif isinstance(kind, pd.StringDtype):
        arrow = columns.column(column).texts
        lengths = pc.fill_null(pc.utf8_length(arrow), -1).to_numpy().astype("<i8")
        parts = [lengths.tobytes(), columns.flat(arrow)]
    else:
        texts = _texts(column)
        lengths = np.array([-1 if text is None else len(text) for text in texts], dtype="<i8")
        parts = [lengths.tobytes(), "".join(text or "" for text in texts).encode("utf-8")]
    for part in (name.encode("utf-8", "surrogatepass"), *parts):
        found.update(len(part).to_bytes(8, "little"))
        found.update(part)


def _texts(column: pd.Series) -> list[str | None]:
    is_few = isinstance(column.dtype, pd.CategoricalDtype)
    codes, values = pd.factorize(column, use_na_sentinel=False) if is_few else (None, column)
    known = [None if value is None else written(value) for value in map(plain, values)]
    return known if codes is None else [known[code] for code in codes.tolist()]
