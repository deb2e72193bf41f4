"""Counts of few people left out, and as many others as it takes that none of them follows."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any, TypeVar

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from netlink.export.policy import Policy

    Counts = TypeVar("Counts", pd.Series, pd.DataFrame)

K = 11
_TOTAL = "total"


def suppressed(table: Counts, /, *, k: int = K) -> Counts:
    """Leave small counts of people out of a table.

    Adds totals, then leaves out every count from 1 to ``k - 1``, totals too, and of the others the
    smallest that must go with them: no count left out can be computed from what is left, and no
    row or column gives the sum of those left out in it where that is smaller than ``k``. Zeros
    stay. In a table of two ways counts are ties between rows and columns, and one left out can be
    computed where its tie is a bridge (Gusfield 1988).

    It misleads where counts are not of people: three journeys may be of one person, so count
    people (``nunique``). What is left out can often be narrowed to a range. Somebody who holds
    another table of the same people may compute more; publish one.

    Parameters
    ----------
    table : pandas.Series or pandas.DataFrame
        Counts without totals: groups, or one grouping by another. Whole numbers, none missing.
    k : int, default 11
        The smallest count that is told. 11 is the rule of the Centers for Medicare & Medicaid
        Services of the United States, which tell no cell of 1 to 10.

    Returns
    -------
    pandas.Series or pandas.DataFrame
        The table with ``total`` at its end, as Int64, missing where a count is left out.

    Raises
    ------
    ArgumentError
        The table is not what is described above, or `k` is no positive number.

    References
    ----------
    Gusfield, D. (1988): A graph theoretic approach to statistical data security. SIAM Journal on
    Computing 17 (3).

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> victims = pd.DataFrame({"XA": [40, 3], "XB": [15, 30]}, index=["2023", "2024"])
    >>> nl.export.suppressed(victims)
             XA    XB  total
    2023   <NA>  <NA>     55
    2024   <NA>  <NA>     33
    total    43    45     88
    """
    _check(table, k)
    if isinstance(table, pd.Series):
        away = np.array(_line([int(n) for n in table], k), dtype=bool)
        whole = pd.Series(
            [*table, table.sum()],
            index=pd.Index([*table.index, _TOTAL], name=table.index.name),
            dtype="Int64",
            name=table.name,
        )
        return whole.mask(away)
    counts = table.to_numpy(dtype=np.int64)
    counts = np.vstack([counts, counts.sum(axis=0)])
    counts = np.column_stack([counts, counts.sum(axis=1)])
    whole_table = pd.DataFrame(
        counts,
        index=pd.Index([*table.index, _TOTAL], name=table.index.name),
        columns=pd.Index([*table.columns, _TOTAL], name=table.columns.name),
    )
    return whole_table.astype("Int64").mask(_two_ways(counts, k))


def _check(table: Any, k: Any) -> None:
    if isinstance(k, bool) or not isinstance(k, int) or k < 1:
        raise ArgumentError(f"'k' must be a positive integer, got {k!r}.")
    if not isinstance(table, pd.Series | pd.DataFrame):
        raise ArgumentError(f"'table' must be a Series or DataFrame, got {type(table).__name__}.")
    columns = [("", table)] if isinstance(table, pd.Series) else table.items()
    for _, column in columns:
        is_whole = pd.api.types.is_integer_dtype(column.dtype) and column.notna().all()
        if not is_whole or (column < 0).any():
            raise ArgumentError(
                "'table' must hold whole numbers, none missing or negative: fill what is missing "
                "with 0 and leave other columns out."
            )
    if any(len(axis) and (not axis.is_unique or _TOTAL in axis) for axis in table.axes):
        raise ArgumentError(
            "'table' must have rows and columns without totals, none of them twice."
        )


def _line(counts: list[int], k: int, *others: list[int]) -> list[bool]:
    """Tell which counts are left out of a list, and at the end whether their sum is.

    Of whoever can take what they have from a count, `others` are what is left then: of those none
    is told either.
    """
    lists = (counts, *others)
    away = [any(0 < n < k for n in at) for at in zip(*lists, strict=True)]
    is_small = any(0 < sum(listed) < k for listed in lists)
    rest = sorted((n, at) for at, n in enumerate(counts) if n > 0 and not away[at])
    while any(away) and not is_small:
        if all(_is_enough(listed, away, k) for listed in lists):
            break
        if not rest:
            return [*away, True]
        away[rest.pop(0)[1]] = True
    return [*away, is_small]


def _is_enough(counts: list[int], away: list[bool], k: int) -> bool:
    """Tell whether the sum of those left out, which may be computed, gives none of them away."""
    gone = [n for n, is_away in zip(counts, away, strict=True) if is_away and n]
    return not gone or (len(gone) > 1 and sum(gone) >= k)


def _two_ways(counts: NDArray[np.int64], k: int) -> NDArray[np.bool_]:
    """Tell which cells are left out of a table whose last row and column are totals."""
    away = (counts > 0) & (counts < k)
    while True:
        before = away.copy()
        for table, flags in ((counts, away), (counts.T, away.T)):
            for line, gone in zip(table, flags, strict=True):
                _cover(line, gone, k)
        for row, column in sorted(_bridges(away)):
            _close(counts, away, row, column)
        if (away == before).all():
            return away


def _cover(line: NDArray[np.int64], away: NDArray[np.bool_], k: int) -> None:
    """Leave out more of a line, the smallest first, until what its total gives away is enough."""
    inner, gone = line[:-1], away[:-1]
    for at in np.argsort(inner, kind="stable"):
        if away[-1] or not gone.any() or inner[gone].sum() >= k:
            return
        gone[at] = inner[at] > 0


def _graph(away: NDArray[np.bool_]) -> Any:
    import networkx

    graph: Any = networkx.Graph()
    graph.add_edges_from(((0, int(i)), (1, int(j))) for i, j in np.argwhere(away))
    return graph


def _bridges(away: NDArray[np.bool_]) -> list[tuple[int, int]]:
    import networkx

    found = [sorted(ends) for ends in networkx.bridges(_graph(away))]
    return [(row, column) for (_, row), (_, column) in found]


def _close(counts: NDArray[np.int64], away: NDArray[np.bool_], row: int, column: int) -> None:
    """Leave out the smallest counts that make a cycle with a cell, so that it may vary."""
    import networkx

    ways: Any = networkx.Graph()
    ways.add_weighted_edges_from(
        ((0, int(i)), (1, int(j)), 0 if away[i, j] else int(counts[i, j]))
        for i, j in np.argwhere(counts > 0)
        if (i, j) != (row, column)
    )
    way = networkx.dijkstra_path(ways, (0, row), (1, column))
    for a, b in itertools.pairwise(way):
        (_, i), (_, j) = sorted((a, b))
        away[i, j] = True


def least(policy: Policy) -> int:
    """Return the smallest count that is told of what is not in a bundle."""
    return 1 if policy.recipient is None else policy.k


def withheld(counts: dict[str, Any], policy: Policy) -> dict[str, Any]:
    """Leave small counts out of those of what is withheld; None stands for them."""
    k = least(policy)
    found: dict[str, Any] = {}
    in_all: dict[str, int | None] = {}
    for part, n in counts.items():
        if isinstance(n, dict):
            *away, is_small = _line(list(n.values()), k)
            told = zip(n.items(), away, strict=True)
            found[part] = {code: None if gone else m for (code, m), gone in told}
            in_all[part] = None if is_small else sum(n.values())
        else:
            found[part] = None if 0 < n < k else n
    return {**found, "in_all": in_all} if found else found


def rows(n: int, parts: list[pd.Series], policy: Policy) -> int | None:
    """Return how many rows a table has; `parts` of it are counted by type, as those in a bundle."""
    left = [n, *(n - int(part.sum()) for part in parts)]
    return None if any(0 < m < least(policy) for m in left) else n


def ledger(
    table: pd.DataFrame, policy: Policy, parts: Mapping[str, list[pd.Series]] | None = None
) -> list[int | None]:
    """Return the counts of a ledger, beside which the rows that are used stand in one number.

    `parts` of the rows used are counted by type, as those in a bundle: small ones beside them are
    not told either.
    """
    k = least(policy)
    found = table["rows"].to_numpy(dtype=object)
    for name, part in table.reset_index(drop=True).groupby("table", sort=False):
        at = {outcome: rows.index.to_numpy() for outcome, rows in part.groupby("outcome")}
        none = np.zeros(0, dtype=np.intp)
        used = at.pop("used", none)
        # Rows read = rows used + set aside - created: those two and the rows read are one list.
        changed = np.concatenate([at.pop("set aside", none), at.pop("created", none)])
        read = at.pop("read", none)
        counts = table.iloc[used].set_index("detail")["rows"]
        left = [
            (counts - known.reindex(counts.index).fillna(0)).clip(0).astype(int).tolist()
            for known in (parts or {}).get(str(name), [])
        ]
        *away, is_small = _line([int(n) for n in counts], k, *left)
        found[used[away]] = None
        *gone, is_told = _line([int(n) for n in table["rows"].iloc[changed]], k)
        found[changed[gone]] = None
        if is_told:
            found[read] = None
        if is_small:
            found[part.index] = None
        for others in at.values():
            found[[row for row in others if 0 < table["rows"].iloc[row] < k]] = None
    return [None if n is None else int(n) for n in found]
