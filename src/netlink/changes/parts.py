"""The network in each window, and a measure of it."""

from __future__ import annotations

from numbers import Real
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from netlink.network import Network

    Measure: TypeAlias = Callable[[Network], pd.Series | pd.DataFrame | float]


def names_of(network: Network, windows: object) -> list[str]:
    """Return the names of the windows in their order."""
    if isinstance(windows, str):
        network.check_column(windows)
        return [str(value) for value in _values(network.relationship_table[windows])]
    if not isinstance(windows, pd.DataFrame) or not {"start", "end"} <= set(windows.columns):
        raise ArgumentError(
            "'windows' must be a table as from netlink.changes.windows, or the name of a column of "
            f"the relationship table, got {type(windows).__name__}."
        )
    if windows.index.has_duplicates:
        raise ArgumentError("'windows' must have a name of its own for each window.")
    return [str(name) for name in windows.index]


def _values(column: pd.Series) -> list[Any]:
    """Return the values of a column in order; numbers as numbers, also where they are text."""
    # By text first: '1' and '01' are one number, and rows come in any order.
    found = pd.Series(sorted(column.dropna().unique(), key=str), dtype=object)
    numbers = pd.to_numeric(found, errors="coerce")
    if numbers.isna().any():
        return found.tolist()
    return found[np.argsort(numbers.to_numpy(), kind="stable")].tolist()


def parts(network: Network, windows: pd.DataFrame | str) -> Iterator[Network]:
    """Make the network of each window in turn; every entity stays."""
    if not isinstance(windows, str):
        for start, end in zip(windows["start"], windows["end"], strict=True):
            yield network.during(start, end)
        return
    column = network.relationship_table[windows]
    everybody = np.ones(network.n_entities, dtype=bool)
    for value in _values(column):
        yield network._part(everybody, (column == value).to_numpy(dtype=bool, na_value=False))


def over_windows(
    network: Network,
    /,
    *,
    measure: Measure,
    windows: pd.DataFrame | str,
    progress: bool = False,
) -> pd.DataFrame | pd.Series:
    """Measure the network in each window.

    Every entity is in every window, so a measure that divides by the number of entities divides by
    all of them. When a value changes, ask first whether the recording did: a phone that is read out
    makes its owner central for the months before. `n_relationships` over the same windows tells.

    Parameters
    ----------
    network : Network
        Entities and relationships.
    measure : callable
        Takes a network; gives a number, a Series on its entities or a DataFrame on its entities,
        such as ``nl.centrality.degree`` or ``lambda part: part.n_relationships``.
    windows : pandas.DataFrame or str
        From `windows`, or the name of a column of the relationship table that says in which phase a
        relationship is (values in their order, as numbers where all are).
    progress : bool, default False
        Show a progress bar.

    Returns
    -------
    pandas.Series or pandas.DataFrame
        By what the measure gives. Numbers: a Series on the windows. A Series: a column a window, a
        row an entity. A DataFrame: the tables of all windows below each other, indexed by
        ``window`` and ``entity_id``.

    Raises
    ------
    ArgumentError
        `windows` is none of these or empty, or the measure gives something else, or not the same
        kind for every window.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame({"source": ["p1", "p1", "p2"], "target": ["p2", "p3", "p3"],
    ...                       "start": ["2024-01-03", "2024-02-01", "2024-02-07"]})
    >>> network = nl.read_tables(None, calls)
    >>> months = nl.changes.windows(network, every="month")
    >>> degree = nl.changes.over_windows(network, measure=nl.centrality.degree, windows=months)
    >>> degree.loc["p3"].tolist()
    [0, 2]
    """
    from tqdm import tqdm

    names = names_of(network, windows)
    if not names:
        raise ArgumentError("'windows' must have at least one window.")
    every: list[Any] = [
        measure(part)
        for part in tqdm(parts(network, windows), total=len(names), disable=not progress)
    ]
    index = pd.Index(names, name="window", dtype="str")
    if all(isinstance(found, pd.Series) for found in every):
        table: pd.DataFrame = pd.concat(every, axis=1, keys=index)
        return table
    if all(isinstance(found, pd.DataFrame) for found in every):
        below: pd.DataFrame = pd.concat(every, keys=index)
        return below
    if all(isinstance(found, Real) for found in every):
        name = getattr(measure, "__name__", "measure")
        return pd.Series(every, index=index, name=None if name == "<lambda>" else name)
    kinds = sorted({type(found).__name__ for found in every})
    raise ArgumentError(
        f"'measure' must give a number, a Series or a DataFrame for every window, got {kinds}."
    )
