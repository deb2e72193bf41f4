"""What is given as conditions, checked, and which rows it fits."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, near
from netlink.network import moments

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network


def texts(value: object, name: str) -> tuple[str, ...]:
    """Return texts, sorted, each once."""
    if isinstance(value, str) or not isinstance(value, Iterable):
        raise ArgumentError(f"'{name}' must be a list of texts, got one {type(value).__name__}.")
    found = list(value)
    if not all(isinstance(text, str) for text in found):
        raise ArgumentError(f"'{name}' must be a list of texts; not all of them are str.")
    return tuple(sorted(set(found)))


def moment(value: object, name: str) -> pd.Timestamp | None:
    """Return a moment in UTC."""
    return None if value is None else moments.moment(value, name)


def at_least(network: Network, grade: str, scheme: str) -> NDArray[np.bool_]:
    """Tell which records are of a scheme, with neither part of the grade below another's."""
    schemes = network.vocabulary.grades
    if scheme not in schemes:
        raise ArgumentError(f"There is no grade scheme '{scheme}'.{near(str(scheme), schemes)}")
    known = schemes[scheme]

    def parts(text: str) -> tuple[float, float]:
        match = re.fullmatch(known.pattern, text.strip().upper())
        if match is None:
            return np.nan, np.nan
        source = known.source.get(match["source"], np.nan)
        return source, known.information.get(match["information"], np.nan)

    least = parts(grade) if isinstance(grade, str) else (np.nan, np.nan)
    if np.isnan(least).any():
        raise ArgumentError(f"'min_grade' must be a grade of the scheme '{scheme}'.")
    table = network.relationship_table
    code, found = pd.factorize(table["grade"])  # a missing grade is at -1, the last
    is_met = [all(a >= b for a, b in zip(parts(str(g)), least, strict=True)) for g in found]
    is_of_scheme = (table["grade_scheme"] == scheme).to_numpy(dtype=bool, na_value=False)
    return np.array([*is_met, False])[code] & is_of_scheme
