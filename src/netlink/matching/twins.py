"""Entities that may be one, or are written so that a reader takes one for another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.matching.keys import keys, recorded
from netlink.matching.letters import oddities, skeleton

if TYPE_CHECKING:
    from netlink.network import Network

_SAME = {
    "name": "same name",
    "phone": "same number",
    "plate": "same plate",
    "email": "same email address",
}


def doubles(network: Network, /, *, region: str | None = None) -> pd.DataFrame:
    """List entities that may stand in the network twice.

    Entities of one type that share a key (see `keys`), or whose ids or labels look the same to a
    reader: characters that cannot be seen, no-break spaces, letters of another script that look
    alike, composed and decomposed accents. What has such characters is listed even alone: a search
    for it will miss it. Nothing is joined: two people of one name are two people until somebody
    says otherwise, by ``same_as`` rows or `netlink.transform.merge_entities`.

    Parameters
    ----------
    network : Network
        The network. Entities that ``same_as`` joins already are one here.
    region : str, optional
        Country of phone numbers that are written without one, as in `keys`.

    Returns
    -------
    pandas.DataFrame
        A row an entity and finding: ``group`` (from 0; entities of one group may be one, a group of
        one is odd by itself), ``entity_id``, ``entity_type``, ``column`` ("entity_id" or "label",
        where the finding is) and ``reason``. Groups are in the order of their smallest id.

    Raises
    ------
    ArgumentError
        The region is not one that phone numbers are known of.
    MissingDependencyError
        There are phones and the package phonenumbers is not installed.

    References
    ----------
    Unicode Technical Standard 39, Unicode security mechanisms.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> people = pd.DataFrame({"entity_id": ["p1", "p2", "p3"], "entity_type": "person",
    ...                        "label": ["Ann  Example", "ANN EXAMPLE", "Bob Example"]})
    >>> ties = pd.DataFrame({"source": ["p1"], "target": ["p3"]})
    >>> nl.matching.doubles(nl.read_tables(people, ties))[["entity_id", "reason"]].values.tolist()
    [['p1', 'same name'], ['p2', 'same name']]
    """
    table = network.entities
    made = keys(network, region=region)
    ids = table.index.to_series().reset_index(drop=True)
    texts = recorded(network).reset_index(drop=True)
    is_label = texts.notna() & (texts != ids)
    key = made["key"].reset_index(drop=True)
    same = made["kind"].map(_SAME).reset_index(drop=True)
    like = "looks like another " + same.str.removeprefix("same ")
    found = [
        _twins(network, ids, ids, same="same id to a reader", like="looks like another id").assign(
            column="entity_id"
        ),
        _twins(network, key.fillna(texts), texts.where(is_label), same=same, like=like),
    ]
    found[1]["column"] = np.where(is_label[found[1]["at"]], "label", "entity_id")
    parts = [part.assign(**{"pass": at}) for at, part in enumerate(found)]
    return _numbered(pd.concat(parts, ignore_index=True), table)


def _twins(
    network: Network,
    keys: pd.Series,
    texts: pd.Series,
    *,
    same: pd.Series | str,
    like: pd.Series | str,
) -> pd.DataFrame:
    """Return which entities look the same as another or are odd, with the first of their group."""
    types = network.entity_table["entity_type"].to_numpy(dtype=object)
    shown = keys.map(skeleton, na_action="ignore").astype("str")
    people = pd.DataFrame(
        {"type": types, "shown": shown, "key": keys, "person": network.references, "at": keys.index}
    )
    group = people.groupby(["type", "shown"], sort=False)  # who shows nothing is in none
    is_twin = (group["person"].transform("nunique") > 1).to_numpy(dtype=bool)
    reason = pd.Series(same, index=keys.index).where(
        (group["key"].transform("nunique") == 1).to_numpy(dtype=bool), like
    )
    odd = texts.map(_oddities, na_action="ignore").astype("str").fillna("")
    reason = reason.where(is_twin, "")
    both = is_twin & (odd != "").to_numpy()
    reason = reason + pd.Series(np.where(both, "; ", "")) + odd
    rows = np.flatnonzero(is_twin | (odd != "").to_numpy())
    first = group["at"].transform("min").fillna(people["at"])
    # What is odd and has no twin is a group of its own.
    first = first.where(is_twin, people["at"]).astype("int64")
    return pd.DataFrame({"at": rows, "first": first[rows], "reason": reason[rows]}).reset_index(
        drop=True
    )


def _oddities(text: str) -> str:
    return "; ".join(oddities(text))


def _numbered(found: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    found = found.sort_values(["first", "pass", "at"], kind="stable", ignore_index=True)
    group = (found["first"] * 2 + found["pass"]).to_numpy(dtype=np.int64)
    number = np.cumsum(np.diff(group, prepend=group[:1]) != 0)
    at = found["at"].to_numpy(dtype=np.int64)
    return pd.DataFrame(
        {
            "group": number.astype(np.int64),
            "entity_id": table.index[at],
            "entity_type": table["entity_type"].iloc[at].to_numpy(),
            "column": found["column"].to_numpy(),
            "reason": found["reason"].to_numpy(),
        }
    ).astype({"entity_id": "str", "entity_type": "str", "column": "str", "reason": "str"})
