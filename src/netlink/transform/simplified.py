"""Parallel relationships put together, with the records behind each tie."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import _arrays
from netlink.network import Network
from netlink.schema import RELATIONSHIP_COLUMNS
from netlink.transform.behind import Behind

if TYPE_CHECKING:
    from numpy.typing import NDArray


def simplify(network: Network, /) -> Network:
    """Put parallel relationships together, one a pair and type.

    Two records of one call are one call only if they are the same record: what is added up here are
    claims. A weight that counts documents twice looks like a strong tie; `n_relationships` and
    `documents` say what is behind it.

    Parameters
    ----------
    network : Network
        The network.

    Returns
    -------
    Network
        Every entity. One relationship a source, target and type, the ends of undirected ones in the
        order of their ids, with the canonical columns and ``n_relationships``,
        ``relationship_ids`` (every record behind the tie) and ``documents``, Arrow lists both.

        - ``weight``: the sum.
        - ``confidence``: the highest that is known.
        - ``start``, ``end`` and their precision: the earliest and the latest; a record without an
          end counts at its start.
        - ``grade``, ``grade_scheme``, ``dataset``, ``document``: where all records agree;
          ``handling``: every one, joined by "; ".

        The ledger counts every relationship as used.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame({"source": ["a", "b", "a"], "target": ["b", "a", "b"],
    ...                       "relationship_type": ["met", "met", "paid"], "document": list("xyz")})
    >>> ties = nl.transform.simplify(nl.read_tables(None, calls)).relationships
    >>> ties[["relationship_type", "n_relationships"]].values.tolist()
    [['met', 2], ['paid', 1]]
    """
    source, target = (ends.astype(np.int64) for ends in network.codes)
    table = network.relationship_table
    kinds, names = pd.factorize(table["relationship_type"], sort=True)
    known = network.vocabulary.relationship_types
    directed = np.array([known[name].directed for name in names], dtype=bool)[kinds]
    turn = ~directed & (source > target)
    a, b = np.where(turn, target, source), np.where(turn, source, target)
    n, n_kinds = max(network.n_entities, 1), max(len(names), 1)
    tie, keys = pd.factorize((a * n + b) * n_kinds + kinds, sort=True)
    behind = Behind.of(network, len(keys), tie.astype(np.int64), np.arange(len(table)))
    a, b = keys // n_kinds // n, keys // n_kinds % n
    best = pd.Series(table["confidence"].to_numpy()).groupby(tie).max()
    entities = network.entities
    rows = pd.DataFrame(
        {
            "source": entities.index[a],
            "target": entities.index[b],
            "relationship_type": pd.Index(names, dtype="str")[keys % n_kinds],
            "weight": behind.strength(),
            **behind.span(),
            "confidence": best.reindex(range(len(keys))),
            "handling": behind.joined("handling"),
            **{c: behind.agreed(c) for c in ("grade", "grade_scheme", "dataset", "document")},
            "n_relationships": np.bincount(tie, minlength=len(keys)),
            "relationship_ids": behind.ids(),
            "documents": behind.values("document"),
        },
        index=range(len(keys)),
    )
    rows["relationship_id"] = tie_ids(entities.index, rows["relationship_type"], a, b)
    made = [name for name in rows.columns if name not in RELATIONSHIP_COLUMNS]
    return Network(
        entities,
        rows[[*RELATIONSHIP_COLUMNS, *made]].set_index("relationship_id"),
        network.vocabulary,
        _ledger(network),
        network.rejected,
        (a.astype(np.int32), b.astype(np.int32)),
        network.tz,
    )


def tie_ids(
    ids: pd.Index, kinds: pd.Series, a: NDArray[np.int64], b: NDArray[np.int64]
) -> pd.Series:
    """Make ids from the ends and the type alone: more records behind a tie leave its id alone."""
    names = _arrays.text_keys(ids.to_numpy(dtype=object))
    directed = np.ones(len(kinds), dtype=bool)
    keys = _arrays.row_keys({"relationship_type": kinds}, (names[a], names[b], directed))
    return pd.Series(_arrays.named("t", keys), dtype="str")


def _ledger(network: Network) -> pd.DataFrame:
    rows: list[tuple[str, str, str, int]] = []
    for table, column in (("entities", "entity_type"), ("relationships", "relationship_type")):
        whole = network.entity_table if table == "entities" else network.relationship_table
        rows.append((table, "read", "", len(whole)))
        counts = whole[column].value_counts().sort_index()
        rows += [(table, "used", str(kind), int(n)) for kind, n in counts.items()]
    return pd.DataFrame(rows, columns=["table", "outcome", "detail", "rows"])
