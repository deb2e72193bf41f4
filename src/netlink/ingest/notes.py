"""What the ledger says of relationships that are used: which repeat another, which cannot be so."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink.network import periods

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.vocabulary import Vocabulary

    Codes = NDArray[np.int32]

_ORIGIN = ["dataset", "document"]
# A time is the same however it was spelled; the ends are compared by their codes.
_APART = {"source", "target", "start_text", "end_text"}
# Whatever it is, and lists, such as the documents behind a tie of a projection.
_AS_TEXT = (np.dtypes.ObjectDType, pd.ArrowDtype)


def of_relationships(
    table: pd.DataFrame, codes: tuple[Codes, Codes], vocabulary: Vocabulary, tz: str
) -> dict[tuple[str, str], int]:
    """Count the relationships that repeat an earlier one, and those that end before they start.

    `tz` is the zone whose days partial dates are.
    """
    alike, but = _repeated(table, codes, vocabulary)
    return {
        ("repeated", "alike in every value"): alike,
        ("repeated", "alike but for dataset or document"): but,
        ("flagged", "end is before the start"): _reversed(table, tz),
    }


def _repeated(
    table: pd.DataFrame, codes: tuple[Codes, Codes], vocabulary: Vocabulary
) -> tuple[int, int]:
    source, target = codes
    # Few rows share ends, start and weight: only those are compared cell by cell.
    weight = table["weight"].to_numpy(np.float64)
    if np.signbit(weight).any():
        weight = weight + 0.0  # -0.0 is 0.0
    rows = _arrays.alike(source, target, periods.moments_of(table["start"]), weight)
    if not len(rows):
        return 0, 0
    part = table.iloc[rows].drop(columns=list(_APART), errors="ignore").reset_index(drop=True)
    part = part[[name for name in part.columns if part[name].notna().any()]]
    cells = [name for name in part.columns if isinstance(part[name].dtype, _AS_TEXT)]
    part = part.assign(**{name: part[name].map(str, na_action="ignore") for name in cells})
    kinds = part["relationship_type"]
    directed = {kind: vocabulary.relationship_types[kind].directed for kind in kinds.unique()}
    one_way = kinds.map(directed).to_numpy(dtype=bool)
    part["source"] = np.where(one_way, source[rows], np.minimum(source[rows], target[rows]))
    part["target"] = np.where(one_way, target[rows], np.maximum(source[rows], target[rows]))
    origin = [name for name in _ORIGIN if name in part.columns]
    values = part.drop(columns=origin)
    both = int(values.duplicated().sum())
    if not origin or not both:
        return both, 0
    alike = int(part[values.duplicated(keep=False)].duplicated().sum())
    return alike, both - alike


def _reversed(table: pd.DataFrame, tz: str) -> int:
    # As arrays: pandas would fill columns of its own first.
    rows = np.flatnonzero(periods.moments_of(table["end"]) < periods.moments_of(table["start"]))
    if not len(rows):
        return 0  # taking none of many rows would still copy some columns
    part = table.iloc[rows]
    last = periods.last_moments(part["end"], part["end_precision"], tz)
    return int((last < part["start"]).sum())
