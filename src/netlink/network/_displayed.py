"""What a notebook shows: counts by type, nothing that stands in the tables."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from netlink.network._dated import Dated

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd


class Displayed(Dated):
    """The network as a page of a notebook."""

    def _repr_html_(self) -> str:
        entities, rows = self.entity_table, self.relationship_table
        known, kinds = self.vocabulary.entity_types, self.vocabulary.relationship_types
        of_type = entities["entity_type"].value_counts().reindex(list(known)).dropna()
        by_type = rows.groupby("relationship_type", observed=True)["start"]
        found = by_type.agg(["size", "count"]).reindex(list(kinds)).dropna()
        return page(
            repr(self),
            {
                "Entities": of_type.astype(int).rename("entities").to_frame(),
                "Relationships": found.astype(int).set_axis(["relationships", "dated"], axis=1),
            },
        )


def page(head: str, tables: Mapping[str, pd.DataFrame]) -> str:
    """Return a sentence and tables of counts as HTML; tables without rows are left out."""
    parts = [f"<p>{escape(head.strip('<>'))}</p>"]
    for title, table in tables.items():
        if len(table):
            inner = table.rename_axis(index=None).to_html(border=0)
            parts.append(f"<details open><summary>{escape(title)}</summary>{inner}</details>")
    return "\n".join(parts)
