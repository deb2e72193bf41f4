"""The widest path and the most reliable one."""

from __future__ import annotations

from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

from netlink.errors import ArgumentError
from netlink.paths import hops
from netlink.paths.missing import no_path, reaches_within
from netlink.paths.question import Question, numbers
from netlink.paths.search import best

if TYPE_CHECKING:
    import pandas as pd

    from netlink.network import Network
    from netlink.paths.conditions import Conditions
    from netlink.paths.question import Floats

# Logarithms as whole numbers, which add up to the same in every order; each hop costs a little, so
# that of equally reliable paths the one of fewer hops is the shorter.
_UNIT, _HOP = 2.0**40, 64.0


def widest(
    network: Network,
    /,
    source: str | Iterable[str],
    target: str | Iterable[str],
    *,
    weight: str = "weight",
    directed: bool | None = None,
    conditions: Conditions | None = None,
) -> pd.DataFrame:
    """Find the path whose weakest tie is the strongest.

    The path that keeps the largest weight all along: the most money that could pass on every hop,
    the fewest calls on any. Of several the one of fewest hops, then the first in the order of ids.
    It may be a long way round: a strong tie is a well recorded one, and a path of strong ties need
    not be one that anything took.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str or iterable of str
        Ids of the two entities or groups, as in `shortest`.
    weight : str, default "weight"
        Numeric column of strengths, added up over the records of a tie that meet the conditions. A
        tie of weight 0 is none.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    conditions : Conditions, optional
        Which records and entities the path may use.

    Returns
    -------
    pandas.DataFrame
        As from `shortest`, with ``width`` in place of ``length``: the least weight of the hops up
        to here, missing at step 0. A hop is named after its record of largest weight.

    Raises
    ------
    NoPathError
        No path leads from source to target; it says which condition closed the last way.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        The column of weights is missing, not numeric, or has values that are no strength.

    References
    ----------
    Pollack 1960, The maximum capacity through a network.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> paid = pd.DataFrame({"source": ["a", "a", "b"], "target": ["c", "b", "c"],
    ...                      "weight": [10, 500, 300]})
    >>> route = nl.paths.widest(nl.read_tables(None, paid), "a", "c")
    >>> route["entity_id"].tolist(), route["width"].iloc[-1]
    (['a', 'b', 'c'], np.float64(300.0))
    """
    question = Question.of(network, source, target, conditions, directed)
    widths = question.weights(weight)
    order = -numbers(network, weight, "weight")
    value = ("width", widths, np.fmin, np.nan)
    if question.is_nowhere:
        return hops.table(question, question.sources, np.ones(1, dtype=np.int64), value=value)
    from netlink.paths._kernels import widest as widest_of

    ways = question.ways
    width = widest_of(ways.along(widths), question.kind, question.sources)
    lengths = np.where((widths >= width) & (widths > 0), 1.0, np.inf)
    found = best(question, ways.along(lengths), ways.back(lengths))
    if found is None:
        raise no_path(question)
    return hops.table(question, found, np.array([len(found)]), value=value, order=order)


def most_reliable(
    network: Network,
    /,
    source: str | Iterable[str],
    target: str | Iterable[str],
    *,
    missing_confidence: float | None = None,
    directed: bool | None = None,
    conditions: Conditions | None = None,
) -> pd.DataFrame:
    """Find the path whose records are most likely all true.

    The product of the confidences of its hops, each that of its surest record, is the largest.
    Several records of a hop do not add up, for they are seldom independent. The product reads the
    hops as independent too, and a path that rests on one document throughout is surer than it says
    if the document is true and all wrong if it is not: look at ``documents``. Of equally reliable
    paths (to one part in ten thousand million a hop) the one of fewest hops, then the first in the
    order of ids.

    Parameters
    ----------
    network : Network
        The network.
    source, target : str or iterable of str
        Ids of the two entities or groups, as in `shortest`.
    missing_confidence : float, optional
        What a record without a confidence counts as, 0 to 1. Without it such records are not used:
        how sure an ungraded record is, only the caller can say.
    directed : bool, optional
        None: as each relationship type says, attachments such as ``uses`` either way. True: from
        source to target of each relationship only. False: either way.
    conditions : Conditions, optional
        Which records and entities the path may use.

    Returns
    -------
    pandas.DataFrame
        As from `shortest`, with ``reliability`` in place of ``length``: the product up to here, 1
        at step 0.

    Raises
    ------
    NoPathError
        No path leads from source to target; it says which condition closed the last way, leaving
        out records of unknown confidence among them.
    UnknownEntityError
        Source or target is not in the network.
    ArgumentError
        `missing_confidence` is no number from 0 to 1.

    References
    ----------
    Dijkstra 1959, with minus the logarithm of the confidence as the length.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> rows = pd.DataFrame({"source": ["a", "a", "b"], "target": ["c", "b", "c"],
    ...                      "confidence": [0.5, 0.9, 0.8]})
    >>> route = nl.paths.most_reliable(nl.read_tables(None, rows), "a", "c")
    >>> route["entity_id"].tolist(), route["reliability"].iloc[-1].round(2)
    (['a', 'b', 'c'], np.float64(0.72))
    """
    if missing_confidence is not None:
        is_number = isinstance(missing_confidence, Real)
        if (
            isinstance(missing_confidence, bool)
            or not is_number
            or not 0 <= missing_confidence <= 1
        ):
            raise ArgumentError("'missing_confidence' must be a number from 0 to 1.")
    question = Question.of(network, source, target, conditions, directed)
    known = _confidences(question, missing_confidence)
    value = ("reliability", known, np.multiply, 1.0)
    if question.is_nowhere:
        return hops.table(question, question.sources, np.ones(1, dtype=np.int64), value=value)
    ways, lengths = question.ways, _doubts(known)
    found = best(question, ways.along(lengths), ways.back(lengths))
    if found is None:

        def is_open(asked: Question, lifted: set[str]) -> bool:
            taken = 1.0 if "confidence" in lifted else missing_confidence
            doubts = _doubts(_confidences(asked, taken))
            return reaches_within(asked, doubts, network.n_entities)

        further = ("confidence",) if missing_confidence is None else ()
        raise no_path(question, is_open=is_open, further=further)
    return hops.table(question, found, np.array([len(found)]), value=value)


def _confidences(question: Question, missing: float | None) -> Floats:
    """Return the confidence of the surest record of each tie, missing where none is known."""
    table = question.network.relationship_table
    known = table["confidence"].to_numpy(dtype=np.float64, na_value=np.nan)
    if missing is not None:
        known = np.where(np.isnan(known), missing, known)
    return question.ways.each(known, np.fmax)


def _doubts(known: Floats) -> Floats:
    """Return lengths that add up where confidences are multiplied; infinite where there is none."""
    is_known = known > 0
    logs = -np.log(np.where(is_known, known, 1.0))
    lengths: Floats = np.where(is_known, np.rint(logs * _UNIT) + _HOP, np.inf)
    return lengths
