"""Paths as tables, with the records behind each hop."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from netlink.paths.question import Codes, Floats, Question, Ways

_TOLD = ("confidence", "grade", "document")


def table(
    question: Question,
    steps: NDArray[np.integer],
    sizes: NDArray[np.int64],
    *,
    value: tuple[str, Floats, np.ufunc, float],
    order: Floats | None = None,
) -> pd.DataFrame:
    """Return paths, one after the other in `steps`, with the records behind each hop.

    `value` is a column: its name, a number a tie, what gathers it along the path, and what it is at
    the start. `order` is a number a relationship: the hop is named after the least.
    """
    entity: NDArray[np.int64] = steps.astype(np.int64)
    step = np.arange(len(steps)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    at = np.flatnonzero(step > 0)
    ties, hop = np.unique(question.ways.ties(entity[at - 1], entity[at]), return_inverse=True)
    found = _behind(question, ties, order)
    empty = np.full(len(steps), len(ties))  # the last row stands for no hop
    empty[at] = hop
    name, values, gather, begin = value
    along = np.append(values[ties], begin)[empty]
    built = {
        "path": np.repeat(np.arange(1, len(sizes) + 1), sizes),
        "step": step,
        "entity_id": question.network.entities.index[entity],
        "relationship_id": _texts(found.relationship_id, empty),
        "relationship_ids": _lists(found.relationship_ids, empty),
        name: _gathered(along, sizes, gather),
        "confidence": np.append(found.confidence, np.nan)[empty],
        "weakest": np.append(found.weakest, np.nan)[empty],
        "weakest_grade": _texts(found.weakest_grade, empty),
        "documents": _lists(found.documents, empty),
        "n_sources": np.append(found.n_sources, 0)[empty],
    }
    return with_hubs(pd.DataFrame(built), question)


def with_hubs(table: pd.DataFrame, question: Question) -> pd.DataFrame:
    """Return the table with the hubs that were met and not passed, where some may not be."""
    if question.conditions.max_degree is not None:
        table.attrs["not_expanded"] = question.not_expanded()
    return table


def ties_table(question: Question, ties: NDArray[np.int64]) -> pd.DataFrame:
    """Return ties one a row, with the records behind each."""
    ids, found = question.network.entities.index, _behind(question, ties, None)
    return pd.DataFrame(
        {
            "source": ids[question.ways.source[ties]],
            "target": ids[question.ways.out[ties]],
            "relationship_ids": pd.Series(found.relationship_ids, dtype=object),
            "confidence": found.confidence,
            "weakest": found.weakest,
            "weakest_grade": pd.Series(found.weakest_grade, dtype="str"),
            "documents": pd.Series(found.documents, dtype=object),
            "n_sources": np.array(found.n_sources, dtype=np.int64),
        }
    )


class _Behind(NamedTuple):
    """One of each a tie."""

    relationship_ids: list[list[str]]
    relationship_id: list[str]
    confidence: Floats
    weakest: Floats
    weakest_grade: list[str | None]
    documents: list[list[str]]
    n_sources: list[int]


def _texts(texts: Sequence[str | None], place: NDArray[np.int64]) -> pd.Series:
    known = np.array([*texts, None], dtype=object)
    return pd.Series(known[place], dtype="str")


def _lists(lists: Sequence[list[str]], place: NDArray[np.int64]) -> pd.Series:
    """Return a list of its own in each row."""
    known = [*lists, []]
    return pd.Series([known[i].copy() for i in place.tolist()], dtype=object)


def _gathered(values: Floats, sizes: NDArray[np.int64], gather: np.ufunc) -> Floats:
    """Gather along each path; paths of one size at once."""
    found = np.empty(len(values))
    begin = np.cumsum(sizes) - sizes
    for size in np.unique(sizes):
        which = begin[sizes == size][:, None] + np.arange(size)
        found[which] = gather.accumulate(values[which], axis=1)
    return found


def _behind(question: Question, ties: NDArray[np.int64], order: Floats | None) -> _Behind:
    """Return the records behind some ties: all, the one that the hop is named after, documents."""
    network, ways = question.network, question.ways
    rows, ends = rows_of(ways, ties)
    spans = list(pairwise(ends.tolist()))
    table = network.relationships
    of = table[[c for c in (*_TOLD, "documents") if c in table.columns]].iloc[rows]
    ids = of.index.tolist()
    known = of["confidence"].to_numpy(dtype=np.float64, na_value=np.nan)
    best, low = np.full(len(ties), np.nan), np.full(len(ties), np.nan)
    if len(ties):
        best = np.fmax.reduceat(known, ends[:-1])
        low = np.fmin.reduceat(known, ends[:-1])
    papers, grades = _papers(of), _filled(of["grade"])
    key = np.zeros(len(rows)) if order is None else order[rows]
    doubt = -np.nan_to_num(known, nan=-1.0)
    named = _least(_least(np.ones(len(rows), dtype=bool), key, ends), doubt, ends).tolist()
    least = np.repeat(low, np.diff(ends))  # missing where no grade says how sure it is
    weak = ((known == least) | np.isnan(least)).tolist()
    documents = [sorted({p for own in papers[a:b] for p in own}) for a, b in spans]
    weak_grades = [
        min((g for i in range(a, b) if weak[i] and (g := grades[i]) is not None), default=None)
        for a, b in spans
    ]
    # Records without a document cannot be told apart: they are one source together.
    n_sources = [
        len(them) + ([] in papers[a:b]) for them, (a, b) in zip(documents, spans, strict=True)
    ]
    return _Behind(
        [sorted(ids[a:b]) for a, b in spans],
        [min(ids[i] for i in range(a, b) if named[i]) for a, b in spans],
        best,
        low,
        weak_grades,
        documents,
        n_sources,
    )


def rows_of(ways: Ways, ties: NDArray[np.int64]) -> tuple[Codes, NDArray[np.int64]]:
    """Return the rows behind some ties, and where those of each begin and the last end."""
    counts = ways.first[ties + 1] - ways.first[ties]
    ends = np.append(0, np.cumsum(counts))
    inner = np.arange(ends[-1]) - np.repeat(ends[:-1], counts)
    return ways.rows[np.repeat(ways.first[ties], counts) + inner], ends


def _papers(of: pd.DataFrame) -> list[list[str]]:
    """Return the documents of each record: all that are behind it where it stands for several."""
    papers = [[] if paper is None else [paper] for paper in _filled(of["document"])]
    kind = of.dtypes.get("documents")
    if isinstance(kind, pd.ArrowDtype) and pa.types.is_large_list(kind.pyarrow_dtype):
        behind = pa.array(of["documents"].array).to_pylist()
        return [own if held is None else held for own, held in zip(papers, behind, strict=True)]
    return papers


def _filled(column: pd.Series) -> list[str | None]:
    found: list[str | None] = column.astype(object).where(column.notna(), None).tolist()
    return found


def _least(among: NDArray[np.bool_], values: Floats, ends: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which rows have the least value of their tie, among some."""
    if not len(values):
        return among
    held = np.where(among, values, np.inf)
    found: NDArray[np.bool_] = among & (
        held == np.repeat(np.minimum.reduceat(held, ends[:-1]), np.diff(ends))
    )
    return found
