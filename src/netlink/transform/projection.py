"""Ties between the entities of one type, with the records behind each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, near
from netlink.network import Network
from netlink.schema import RELATIONSHIP_COLUMNS
from netlink.transform.behind import Behind, best, distinct, lists
from netlink.transform.crowds import crowds
from netlink.transform.links import SHARES, Links, expand
from netlink.transform.shares import WEIGHTS, shared
from netlink.transform.simplified import tie_ids

if TYPE_CHECKING:
    from datetime import date

    from numpy.typing import NDArray


def project(
    network: Network,
    /,
    *,
    onto: str = "person",
    weights: Literal["count", "hyperbolic", "strength"] = "hyperbolic",
    max_shared: int = 20,
    window: tuple[str | date, str | date] | None = None,
    undated: Literal["drop", "keep"] = "drop",
) -> Network:
    """Tie entities of one type, directly and through objects.

    Each relationship is read in one way:

    - Between two people: a tie of its type. `same_as` is kept so, and used in no other way.
    - Of a type that can stand between two people (`communicated`, `paid`), from or to an object
      that somebody is recorded as holding (`uses`, `owns`): a tie of that type between the people.
      A call from A's phone to B's phone becomes `communicated` from A to B. What an organisation
      did is not laid on those who belong to it.
    - Otherwise it puts a person at an object: who uses a vehicle, stays at a place, is a suspect in
      an event, calls a phone that nobody is recorded as holding. Who holds an object stands where
      the object does: at the adverts that list the phone, at the places where the vehicle was seen.
      Two people at one object by different records are tied by `shares`.

    Sharing an object is weak evidence, and two shared objects may be one fact told twice. Through a
    phone that two people use, both are tied to everybody it called. An object that many
    share, a bus station or a money changer, says nothing of any two of them: it is not expanded.

    Parameters
    ----------
    network : Network
        People and objects.
    onto : str, default "person"
        The entity type to keep; "people" here stands for entities of it. Objects are the entities
        of other types that the vocabulary marks ``is_object``.
    weights : {"count", "hyperbolic", "strength"}, default "hyperbolic"
        What an object adds to the weight of `shares` between two of the k people at it: 1; or
        1 / (k - 1), so that a place of many says little of any two (Newman 2001); or the smaller
        of what their records there weigh, each person's added up. Of every other tie the weight is
        the number of its records with "count", and the sum of their weights otherwise.
    max_shared : int, default 20
        An object with more people than this is not expanded and is listed in ``rejected``.
    window : tuple of two times, optional
        Only records that can fall into it are read, as by `Network.during`: from the first up to
        and not including the second. k is then the number of people at the object meanwhile.
    undated : {"drop", "keep"}, default "drop"
        What to do with records without ``start`` where there is a window. Registers of who uses a
        phone often have no dates: kept, a call from phone to phone stays one between people.

    Returns
    -------
    Network
        Every entity of the type, tied or not. One relationship a source, target and type, with the
        canonical columns and these columns of Arrow lists: ``relationship_ids`` (every record
        behind the tie, those of holding too), ``documents`` and ``via`` (ids of the objects). A
        cell is a Python list when it is taken out, an array in ``to_numpy`` and ``iterrows``.

        - ``weight``: see `weights`.
        - ``confidence``: the product of the parts of a chain (the record, and the holdings it runs
          through; for `shares` how each of the two is tied to the object), the best chain
          counting. A chain with a part of unknown confidence is unknown; NaN where all are.
        - ``start``, ``end`` and their precision: earliest and latest time of the records that
          link, holdings passed through left out; a record without an end counts at its start. Of
          times at one moment the least precise counts.
        - ``grade``, ``grade_scheme``, ``dataset``, ``document``: where all records behind agree;
          ``handling``: every one, joined by "; ".

        ``ledger`` counts the entities and relationships of `network` that were used and set aside,
        with the reason. ``rejected`` has one row an object that was not expanded.

    Raises
    ------
    ArgumentError
        The vocabulary has no such entity type, the limit is not a positive integer, or the weights
        or the window are none of those above.

    References
    ----------
    Newman 2001, Scientific collaboration networks II, Physical Review E 64, 016132.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> records = pd.DataFrame({
    ...     "relationship_id": ["r1", "r2", "r3"], "source": ["ann", "bob", "t1"],
    ...     "target": ["t1", "t2", "t2"], "relationship_type": ["uses", "uses", "communicated"]})
    >>> people = nl.transform.project(nl.read_tables(None, records))
    >>> people.relationships[["source", "target", "relationship_type"]].values.tolist()
    [['ann', 'bob', 'communicated']]
    >>> people.relationships["relationship_ids"].tolist(), people.relationships["via"].tolist()
    ([['r1', 'r2', 'r3']], [['t1', 't2']])
    """
    known = network.vocabulary.entity_types
    if onto not in known:
        raise ArgumentError(f"'onto' must be an entity type, got {onto!r}.{near(str(onto), known)}")
    if isinstance(max_shared, bool) or not isinstance(max_shared, int) or max_shared < 1:
        raise ArgumentError(f"'max_shared' must be a positive integer, got {max_shared!r}.")
    if weights not in WEIGHTS:
        raise ArgumentError(f"'weights' must be one of {', '.join(WEIGHTS)}, got {weights!r}.")
    read = network if window is None else _during(network, window, undated)
    links = Links(read, onto, max_shared)
    ties, rows = _ties(links, weights)
    renumber = np.cumsum(links.is_onto, dtype=np.int32) - np.int32(1)
    codes = (renumber[ties.pop("a")], renumber[ties.pop("b")])
    entities = network.entities[links.is_onto]
    ties["source"], ties["target"] = entities.index[codes[0]], entities.index[codes[1]]
    made = [name for name in ties.columns if name not in RELATIONSHIP_COLUMNS]
    ties = ties[[*RELATIONSHIP_COLUMNS, *made]].set_index("relationship_id")
    crowded = np.flatnonzero(links.n_standing > max_shared)
    reason = f"shared by more than {max_shared} people: not expanded"
    return Network(
        entities,
        ties,
        network.vocabulary,
        _ledger(links, rows, network.n_relationships - read.n_relationships),
        crowds(network, crowded, reason, "people", links.n_standing[crowded]),
        codes,
        network.tz,
    )


def _during(
    network: Network, window: tuple[str | date, str | date], undated: Literal["drop", "keep"]
) -> Network:
    if not isinstance(window, tuple | list) or len(window) != 2:
        raise ArgumentError(
            f"'window' must be a pair of times, start and end, got {type(window).__name__}."
        )
    return network.during(*window, undated=undated)


def _ties(links: Links, weights: str) -> tuple[pd.DataFrame, NDArray[np.int64]]:
    """Return the table of ties, and the rows used in any of them."""
    network, n, kinds = links.network, links.network.n_entities, links.kinds
    chains, groups = links.chains(), links.groups()
    pairs = links.pairs(groups)
    pairs["kind"] = kinds.index(SHARES)
    ends = pd.concat([chains[["a", "b", "kind"]], pairs[["a", "b", "kind"]]]).astype(np.int64)
    tie, keys = pd.factorize(
        (ends["a"].to_numpy() * n + ends["b"].to_numpy()) * len(kinds) + ends["kind"].to_numpy(),
        sort=True,
    )
    by_chain, by_pair = tie[: len(chains)], tie[len(chains) :]
    linking, behind, via = _records(links, chains, groups, pairs, by_chain, by_pair)
    between = Behind.of(network, len(keys), by_chain, chains["row"].to_numpy())
    times = linking.span()
    table = pd.DataFrame(
        {
            "a": keys // len(kinds) // n,
            "b": keys // len(kinds) % n,
            "relationship_type": pd.Index(kinds, dtype="str")[keys % len(kinds)],
            "weight": (between.count() if weights == "count" else between.strength())
            + shared(links, groups, pairs, by_pair, len(keys), weights),
            **times,
            "confidence": best(tie, np.concatenate([chains["known"], pairs["known"]]), len(keys)),
            "handling": behind.joined("handling"),
            **{c: behind.agreed(c) for c in ("grade", "grade_scheme", "dataset", "document")},
        },
        index=range(len(keys)),
    )
    a, b = (table[end].to_numpy() for end in ("a", "b"))
    table["relationship_id"] = tie_ids(network.entities.index, table["relationship_type"], a, b)
    table["relationship_ids"] = behind.ids()
    table["documents"] = behind.values("document")
    table["via"] = lists(*via, network.entities.index, len(keys))
    return table, np.flatnonzero(np.bincount(behind.row, minlength=network.n_relationships))


def _records(
    links: Links,
    chains: pd.DataFrame,
    groups: pd.DataFrame,
    pairs: pd.DataFrame,
    by_chain: NDArray[np.int64],
    by_pair: NDArray[np.int64],
) -> tuple[Behind, Behind, tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Return the records that link, all records behind, and the objects in between."""
    network, n_ties = links.network, int(max(by_chain.max(initial=-1), by_pair.max(initial=-1))) + 1
    tie, group = distinct(
        np.concatenate([by_pair, by_pair]),
        np.concatenate([pairs["left"], pairs["right"]]),
        len(groups),
    )
    at = groups.iloc[group]
    run, where = expand(at["first"].to_numpy(), at["size"].to_numpy())
    linking = Behind.of(
        network,
        n_ties,
        np.concatenate([by_chain, tie[run]]),
        np.concatenate([chains["row"], links.standing["row"].to_numpy()[where]]),
    )
    passed = pd.DataFrame(
        {
            "tie": np.concatenate([by_chain, by_chain, tie]),
            "entity": np.concatenate([chains["a"], chains["b"], at["entity"]]),
            "object": np.concatenate([chains["via_a"], chains["via_b"], at["via"]]),
        }
    )
    passed = passed[passed["object"] >= 0].drop_duplicates()
    held = passed.merge(links.holdings, on=["object", "entity"])
    behind = Behind.of(
        network,
        n_ties,
        np.concatenate([linking.tie, held["tie"]]),
        np.concatenate([linking.row, held["row"]]),
    )
    via = (
        np.concatenate([passed["tie"], tie]).astype(np.int64),
        np.concatenate([passed["object"], at["object"]]).astype(np.int64),
    )
    return linking, behind, via


def _ledger(links: Links, used: NDArray[np.int64], outside: int) -> pd.DataFrame:
    network, onto = links.network, links.onto
    s, t = network.codes
    rows: list[tuple[str, str, str, int]] = [("entities", "read", "", network.n_entities)]
    for kind, n in network.entity_table["entity_type"].value_counts().sort_index().items():
        rows.append(("entities", "used" if kind == onto else "set aside", str(kind), int(n)))
    rows.append(("relationships", "read", "", network.n_relationships + outside))
    kinds = network.relationship_table["relationship_type"].iloc[used]
    for kind, n in kinds.value_counts().sort_index().items():
        rows.append(("relationships", "used", str(kind), int(n)))
    if outside:
        rows.append(("relationships", "set aside", "outside the window", outside))
    crowded = links.n_standing > links.max_shared
    left = np.ones(network.n_relationships, dtype=bool)
    left[used] = False
    for mask, reason in (
        (crowded[s] | crowded[t], f"object shared by more than {links.max_shared} people"),
        (s == t, "from an entity to itself"),
        (links.is_identity, "says that two objects are one"),
        (np.ones(len(left), dtype=bool), f"ties no two entities of type {onto}"),
    ):
        n = int((left & mask).sum())
        left &= ~mask
        if n:
            rows.append(("relationships", "set aside", reason, n))
    return pd.DataFrame(rows, columns=["table", "outcome", "detail", "rows"])
