"""What the handling codes of records let leave for a recipient."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import pandas as pd

from netlink.export.policy import Recipient
from netlink.roles import elements

if TYPE_CHECKING:
    from netlink.cases import Case
    from netlink.export.naming import Bools
    from netlink.export.policy import Policy
    from netlink.network import Network

_CIRCLES = get_args(Recipient)
_NONE, _UNKNOWN = "no code", "code of no scheme"


@dataclass(frozen=True, eq=False, repr=False)
class Withheld:
    """What a recipient may not see, on the tables of the whole network."""

    records: Bools
    entities: Bools
    counts: dict[str, Any]


def records(network: Network, policy: Policy) -> tuple[Bools, pd.Series]:
    """Tell which relationships of a network are withheld, and under which code each stands."""
    table = network.relationship_table
    if policy.recipient is None:
        return np.zeros(len(table), dtype=bool), pd.Series(dtype="str")
    names = ["handling", "grade_scheme", "grade"]
    texts = table[names].astype(object).where(table[names].notna(), "")
    at, distinct = pd.factorize(pd.MultiIndex.from_frame(texts))
    found = [_strictest(network, *map(str, parts)) for parts in distinct]
    circle = _CIRCLES.index(policy.recipient)
    narrow = [
        policy.withhold_uncoded if code == _NONE else widest > circle for code, widest in found
    ]
    codes = pd.Series([code for code, _ in found], dtype="str").iloc[at]
    return np.array(narrow, dtype=bool)[at], codes


def _strictest(network: Network, handling: str, scheme: str, grade: str) -> tuple[str, int]:
    """Return the strictest code of a record, and the place of the widest circle that it allows."""
    parts = [" ".join(part.split()).upper().replace(": ", ":") for part in handling.split(";")]
    kind = network.vocabulary.grades.get(scheme)
    match = re.fullmatch(kind.pattern, grade.strip().upper()) if kind is not None else None
    if match is not None:
        parts.append(match.groupdict().get("handling") or "")
    known = _widest()
    found = [known.get(part, (_UNKNOWN, len(_CIRCLES))) for part in parts if part]
    return max(found, key=lambda pair: pair[1], default=(_NONE, 0))


@cache
def _widest() -> dict[str, tuple[str, int]]:
    text = (resources.files("netlink.vocabulary") / "handling.toml").read_text("utf-8")
    return {
        spelled: (code, _CIRCLES.index(circle))
        for scheme in tomllib.loads(text).values()
        for code, circle in scheme["widest"].items()
        for spelled in (code, code.removeprefix(scheme["prefix"]))
    }


def withhold(case: Case, policy: Policy) -> tuple[Case, Withheld]:
    """Take out of a case what the recipient may not see, and count it."""
    network, source = case.network, case.source
    is_withheld, _ = records(source, policy)
    gone = np.zeros(source.n_entities, dtype=bool)
    if policy.recipient is None:
        return case, Withheld(is_withheld, gone, {})
    in_case, codes = records(network, policy)
    left = np.zeros(network.n_entities, dtype=bool)
    left[network.positions(case.around)] = True
    for ends in network.codes:
        left[ends[~in_case]] = True
    gone[source.positions(network.entities.index[~left])] = True
    part = network._part(left, ~in_case)
    here = part.entities.index
    secret = set(source.relationships.index[is_withheld])
    rests = np.array(
        [not secret.isdisjoint(ids) for ids in case.evidence["relationship_ids"]], dtype=bool
    )
    allowed = replace(
        case,
        network=part,
        not_expanded=tuple(name for name in case.not_expanded if name in here),
        leads=case.leads[case.leads.index.isin(here)],
        # The period of a role may be that of a record that is withheld.
        safeguarding=case.safeguarding[case.safeguarding.index.isin(here)].drop(
            columns=["roles", "roles_from", "roles_until"], errors="ignore"
        ),
        elements=elements(part),
        evidence=case.evidence[~rests & case.evidence["person"].isin(here).to_numpy(dtype=bool)],
    )
    counts = {
        "relationships": _counted(codes[in_case]),
        "entities": _counted(network.entity_table["entity_type"][~left]),
        "leads": case.leads.index.nunique() - allowed.leads.index.nunique(),
        "people_to_reach": len(case.safeguarding) - len(allowed.safeguarding),
        "evidence": len(case.evidence) - len(allowed.evidence),
    }
    return allowed, Withheld(is_withheld, gone, counts)


def _counted(words: pd.Series) -> dict[str, int]:
    return {str(word): int(n) for word, n in words.value_counts().sort_index().items() if n}
