"""Entities that too much hangs on to be walked through, as rows of `Network.rejected`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from netlink.ingest.failures import row_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network


def crowds(
    network: Network, at: NDArray[Any], reason: str, counted: str, counts: NDArray[Any]
) -> pd.DataFrame:
    """List entities by position with what was counted of each, in the record as JSON."""
    entities = network.entities.iloc[at]
    rows = zip(entities.index, entities["entity_type"], counts, strict=True)
    records = [
        row_text({"entity_id": entity, "entity_type": kind, counted: int(count)})
        for entity, kind, count in rows
    ]
    return pd.DataFrame(
        {
            "table": pd.Series("entities", index=range(len(at)), dtype="str"),
            "row": pd.Series(at, dtype="int64"),
            "column": pd.Series("entity_id", index=range(len(at)), dtype="str"),
            "reason": pd.Series(reason, index=range(len(at)), dtype="str"),
            "record": pd.Series(records, dtype="str"),
        }
    )
