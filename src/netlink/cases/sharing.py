"""What two cases have in common, with the records at hand or by keyed tokens."""

from __future__ import annotations

import hmac
import json
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink import matching
from netlink.cases import naming
from netlink.cases.case import Case
from netlink.errors import ArgumentError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network

_SHORTEST_KEY = 16  # bytes, as of the pseudonyms of an export
# A name is shared by strangers; these are not, and are written in many ways.
_KEYS = ("phone", "plate", "email")
_TOKENS = ["token", "entity_type", "by"]


def deconflict(a: Case, b: Case, /, *, region: str | None = None) -> pd.DataFrame:
    """Find the people and objects that two cases share.

    Two teams after one person should know of each other before they act. Shared are entities of
    one type with the same id, and phones, vehicles and online accounts whose number, plate or
    address is the same however it is written. People under two ids are not found: a name is no
    match. A shared object is no tie between people: a taxi or a hostel is in many cases.

    Parameters
    ----------
    a, b : Case
        The two cases.
    region : str, optional
        Country of phone numbers that are written without one, as of `netlink.matching.keys`.

    Returns
    -------
    pandas.DataFrame
        A row a pair and reason: ``entity_id_a``, ``entity_id_b``, ``entity_type``, ``by`` ("id",
        "phone", "plate" or "email"), ``n_relationships_a``, ``n_relationships_b`` (records that
        touch it in each case) and ``is_protected`` (in either case). Sorted by type and ids.

    Raises
    ------
    ArgumentError
        One is no case, or the region is not known.
    MissingDependencyError
        There are phones and the package phonenumbers is not installed.

    Examples
    --------
    >>> import netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> a, b = (nl.cases.build(kite, around=[name], hops=1) for name in ("9", "7"))
    >>> nl.cases.deconflict(a, b)["entity_id_a"].tolist()
    ['8']
    """
    sides = []
    for name, case in (("a", a), ("b", b)):
        _check(case, name)
        sides.append(_told(case, region).assign(**{"is_protected": _protected(case)}))
    on = ["entity_type", "by", "key"]
    found = sides[0].merge(sides[1], on=on, suffixes=("_a", "_b"))
    for end, case in (("a", a), ("b", b)):
        counts = _n_relationships(case.network)
        found[f"n_relationships_{end}"] = counts[found[f"entity_id_{end}"]].to_numpy()
    found["is_protected"] = found["is_protected_a"] | found["is_protected_b"]
    order = ["entity_type", "entity_id_a", "entity_id_b", "by"]
    ends = ["entity_id_a", "entity_id_b", "entity_type", "by"]
    counted = ["n_relationships_a", "n_relationships_b", "is_protected"]
    return found.sort_values(order, ignore_index=True)[ends + counted]


def tokens(
    case: Case,
    /,
    *,
    key: bytes,
    purpose: str,
    region: str | None = None,
    include_protected: bool = False,
) -> pd.DataFrame:
    """Make keyed tokens to compare a case with another agency's.

    Both sides make them with the same key and purpose, and compare the tokens: a token in both
    tables (``a.merge(b)``) is a shared person or object, and each side looks up its own id with
    `holders`. Tokens hide ids from whoever lacks the key. Whoever holds it can test guesses, and
    all the phone numbers of a country are quickly guessed: agree on a key for each comparison, hand
    no table to anybody else, and destroy both. The number of tokens shows the size of a case.

    Parameters
    ----------
    case : Case
        The case.
    key : bytes
        At least 16 bytes, at random and secret: ``secrets.token_bytes(32)``.
    purpose : str
        What the comparison is for, in words both sides agree on. Tokens of another purpose or
        another type of entity never meet.
    region : str, optional
        Country of phone numbers that are written without one, as of `netlink.matching.keys`.
    include_protected : bool, default False
        With the people who must be protected and the objects that are tied to them alone.

    Returns
    -------
    pandas.DataFrame
        ``token`` (HMAC-SHA256), ``entity_type`` and ``by`` ("id", "phone", "plate" or "email"),
        sorted by token. It holds no id.

    Raises
    ------
    ArgumentError
        An argument is not what is described above.
    MissingDependencyError
        There are phones and the package phonenumbers is not installed.

    References
    ----------
    Krawczyk, Bellare & Canetti 1997, RFC 2104.

    Examples
    --------
    >>> import secrets, netlink as nl
    >>> kite = nl.datasets.krackhardt_kite()
    >>> a, b = (nl.cases.build(kite, around=[name], hops=1) for name in ("9", "7"))
    >>> key = secrets.token_bytes(32)
    >>> ours = nl.cases.tokens(a, key=key, purpose="joint action, May")
    >>> theirs = nl.cases.tokens(b, key=key, purpose="joint action, May")
    >>> len(ours.merge(theirs))
    1
    """
    found = _keyed(case, key, purpose, region, include_protected)[_TOKENS]
    return found.drop_duplicates().sort_values(_TOKENS, ignore_index=True)


def holders(
    case: Case,
    found: pd.DataFrame,
    /,
    *,
    key: bytes,
    purpose: str,
    region: str | None = None,
    include_protected: bool = False,
) -> pd.DataFrame:
    """Look up which entities of a case tokens stand for.

    Parameters
    ----------
    case : Case
        The case that the tokens were made of.
    found : pandas.DataFrame
        Tokens in the column ``token``, such as those that two tables share.
    key, purpose, region, include_protected
        As given to `tokens`.

    Returns
    -------
    pandas.DataFrame
        ``entity_id``, ``entity_type``, ``by``, ``n_relationships`` (records of the case that touch
        it) and ``is_protected``, sorted by type and id. Tokens of others are left out.

    Raises
    ------
    ArgumentError
        An argument is not what is described above.
    MissingDependencyError
        There are phones and the package phonenumbers is not installed.

    Examples
    --------
    >>> import secrets, netlink as nl
    >>> case = nl.cases.build(nl.datasets.krackhardt_kite(), around=["9"], hops=1)
    >>> key = secrets.token_bytes(32)
    >>> table = nl.cases.tokens(case, key=key, purpose="joint action, May")
    >>> nl.cases.holders(case, table, key=key, purpose="joint action, May")["entity_id"].tolist()
    ['8', '9']
    """
    if not isinstance(found, pd.DataFrame) or "token" not in found.columns:
        raise ArgumentError("'found' must be a table with a column 'token'.")
    table = _keyed(case, key, purpose, region, include_protected)
    table = table[table["token"].isin(found["token"])]
    table = table.assign(
        n_relationships=_n_relationships(case.network)[table["entity_id"]].to_numpy()
    )
    columns = ["entity_id", "entity_type", "by", "n_relationships", "is_protected"]
    return table.sort_values(["entity_type", "entity_id", "by"], ignore_index=True)[columns]


def _check(case: object, name: str) -> None:
    if not isinstance(case, Case):
        raise ArgumentError(
            f"'{name}' must be what netlink.cases.build returns, got {type(case).__name__}."
        )


def _told(case: Case, region: str | None) -> pd.DataFrame:
    """List what each entity of a case can be known by: its id, and its number, plate or address."""
    table = case.network.entities.reset_index()[["entity_id", "entity_type"]]
    keys = matching.keys(case.network, region=region)
    is_key = (keys["kind"].isin(_KEYS) & keys["key"].notna()).to_numpy()
    ids = table.assign(by="id", key=table["entity_id"])
    made = table[is_key].assign(by=keys["kind"][is_key].array, key=keys["key"][is_key].array)
    found = pd.concat([ids, made])
    return found.astype({"entity_type": "str", "by": "str", "key": "str"})


def _protected(case: Case) -> pd.Series:
    # On the labels of `_told`, which repeat where an entity is known by two things.
    return pd.Series(case.protected[case.network.entities.index].to_numpy())


def _keyed(
    case: Case, key: bytes, purpose: str, region: str | None, include_protected: bool
) -> pd.DataFrame:
    _check(case, "case")
    if not isinstance(key, bytes) or len(key) < _SHORTEST_KEY:
        raise ArgumentError(f"'key' must be at least {_SHORTEST_KEY} bytes.")
    if not isinstance(purpose, str) or not purpose.strip():
        raise ArgumentError("'purpose' must say what the comparison is for.")
    if not isinstance(include_protected, bool):
        raise ArgumentError("'include_protected' must be True or False.")
    table = _told(case, region)
    table["is_protected"] = _protected(case)[table.index].to_numpy()
    if not include_protected:
        is_left_out = _given_away(case)[case.source.positions(table["entity_id"])]
        table = table[~is_left_out]
    made = [
        _token(key, purpose, *row)
        for row in table[["entity_type", "by", "key"]].itertuples(index=False, name=None)
    ]
    return table.assign(token=pd.array(made, dtype="str"))


def _given_away(case: Case) -> NDArray[np.bool_]:
    """Tell who must be protected in the whole network, and what only they are tied to."""
    network = case.source
    hidden = case.protected.to_numpy(dtype=bool)
    kinds = network.vocabulary.entity_types
    is_object = network.entity_table["entity_type"].map({w: k.is_object for w, k in kinds.items()})
    return hidden | naming.telling(network, hidden, ~is_object.to_numpy(dtype=bool))


def _token(key: bytes, purpose: str, kind: str, by: str, value: str) -> str:
    # As JSON no two purposes, types and reasons read alike.
    about = json.dumps(["netlink deconfliction", purpose, kind, by]).encode()
    own = hmac.digest(key, about, "sha256")
    return hmac.digest(own, value.encode("utf-8", "surrogatepass"), "sha256").hex()


def _n_relationships(network: Network) -> pd.Series:
    source, target = network.codes
    ends = np.concatenate([source, target[target != source]])
    counts = np.bincount(ends, minlength=network.n_entities)
    return pd.Series(counts, index=network.entities.index)
