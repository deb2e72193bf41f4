"""References of one person or thing joined into one entity, and taken apart again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError
from netlink.ingest import read_tables
from netlink.network import Network
from netlink.schema import Schema
from netlink.transform.combined import stacked

if TYPE_CHECKING:
    from numpy.typing import NDArray

_ENDS = ("source", "target")


def merge_entities(network: Network, /, *, judgements: pd.DataFrame | None = None) -> Network:
    """Join entities that are the same, by recorded judgements.

    Each judgement is a ``same_as`` row: of the network, or given here with who said so and when.
    All stay as rows, so that each can be named, and `split_entities` takes the whole apart again.
    A wrong judgement invents a broker between people who never met: look at a network both ways.

    Parameters
    ----------
    network : Network
        The network. ``same_as`` between entities of one type joins them, also over several steps.
    judgements : pandas.DataFrame, optional
        More of them: ``source`` and ``target``, and any other canonical column, such as
        ``document``, ``dataset``, ``start`` or ``grade``.

    Returns
    -------
    Network
        The smallest id of those joined stands for all. Of each column the first known value in the
        order of the ids; whoever is protected under one id is protected. ``merged`` has the rows of
        the entities as they were, with ``merged_into``. Relationships keep their ids and get
        ``source_reference`` and ``target_reference``: the ids they were recorded under, where they
        differ. What was recorded between two references of one entity, the judgements too, leads
        from the entity to itself. Where nothing is to be joined, the network as it is.

    Raises
    ------
    TableError
        A judgement cannot be read, or names an entity that is not in the network.
    ArgumentError
        A judgement joins entities of different types, the network has been merged already, or its
        relationships have a column ``source_reference`` or ``target_reference``.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> calls = pd.DataFrame({"source": ["p1", "p3"], "target": ["p2", "p4"],
    ...                       "relationship_type": "met"})
    >>> network = nl.read_tables(None, calls)
    >>> said = pd.DataFrame({"source": ["p2"], "target": ["p3"], "document": ["note 7"]})
    >>> merged = nl.transform.merge_entities(network, judgements=said)
    >>> merged
    <Network of 3 entities and 3 relationships (1 component, 0 isolates)>
    >>> nl.transform.split_entities(merged).n_entities
    4
    """
    if len(network.merged):
        raise ArgumentError(
            "'network' has been merged already: take it apart with split_entities first, so that "
            "one call holds all judgements."
        )
    taken = [
        f"{end}_reference" for end in _ENDS if f"{end}_reference" in network.relationship_table
    ]
    if taken:
        raise ArgumentError(f"'network' has the columns {taken} already: rename them.")
    if judgements is not None:
        network = _judged(network, judgements)
    entities, first = network.entities, network.references
    is_one = np.bincount(first, minlength=len(entities))[first] > 1
    if not is_one.any():
        return network
    is_kept = first == np.arange(len(entities))
    renumber = np.cumsum(is_kept, dtype=np.int32) - np.int32(1)
    table = network.relationships
    codes = []
    for end, at in zip(_ENDS, network.codes, strict=True):
        ids = pd.Series(entities.index[first[at]], index=table.index)
        table[f"{end}_reference"] = table[end].where(first[at] != at).astype("str")
        table[end] = ids
        codes.append(renumber[first[at]])
    return Network(
        _first_known(network, is_one)[is_kept],
        table,
        network.vocabulary,
        network.ledger,
        network.rejected,
        (codes[0], codes[1]),
        network.tz,
        entities[is_one].assign(merged_into=entities.index[first[is_one]]),
    )


def split_entities(network: Network, /) -> Network:
    """Take merged entities apart again.

    The judgements stay as ``same_as`` rows between the references, as they were recorded: what is
    undone is that they were acted on. Of a part of a merged network (`where`, `during`, `ego`) the
    same part comes apart.

    Parameters
    ----------
    network : Network
        What `merge_entities` returned, or a part of it. One that was not merged is returned as it
        is.

    Returns
    -------
    Network
        With the entities and the ends of relationships as recorded.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> same = pd.DataFrame({"source": ["p1"], "target": ["p2"], "relationship_type": "same_as"})
    >>> network = nl.read_tables(None, same)
    >>> again = nl.transform.split_entities(nl.transform.merge_entities(network))
    >>> nl.testing.assert_networks_equal(again, network)
    """
    merged = network.merged
    if merged.empty:
        return network
    entities = network.entities
    merged = merged[merged["merged_into"].isin(entities.index)].drop(columns="merged_into")
    rest = entities[~entities.index.isin(merged.index)]
    table = network.relationships
    for end in _ENDS:
        table[end] = table[f"{end}_reference"].fillna(table[end])
    return Network(
        pd.concat([rest, merged]).sort_index(),
        table.drop(columns=[f"{end}_reference" for end in _ENDS]),
        network.vocabulary,
        network.ledger,
        network.rejected,
        tz=network.tz,
    )


def _judged(network: Network, judgements: pd.DataFrame) -> Network:
    """Add judgements to a network as rows."""
    schema = Schema(vocabulary=network.vocabulary, tz=network.tz)
    given = judgements.assign(relationship_type="same_as")
    added = read_tables(network.entities.reset_index(), given, schema=schema)
    types = network.entity_table["entity_type"].to_numpy()
    source, target = added.codes
    wrong = int((types[source] != types[target]).sum())
    if wrong:
        raise ArgumentError(
            f"{wrong:,} of {len(judgements):,} 'judgements' join entities of different types."
        )
    tables = {"the network": network.relationships, "'judgements'": added.relationships}
    rows = stacked("relationships", tables)
    if not rows.index.is_unique:
        raise ArgumentError("'judgements' has relationship ids that the network has already.")
    codes = tuple(np.concatenate(pair) for pair in zip(network.codes, added.codes, strict=True))
    return Network(
        network.entities,
        rows.rename_axis("relationship_id"),
        network.vocabulary,
        network.ledger,
        network.rejected,
        (codes[0], codes[1]),
        network.tz,
    )


def _first_known(network: Network, is_one: NDArray[np.bool_]) -> pd.DataFrame:
    """Return the entities, at the first reference of each the first known value of each column."""
    table = network.entities
    known = network.vocabulary.protection_statuses
    status = table["protection_status"]
    # Whoever must be protected comes before whoever need not, and that before not knowing.
    care = status.map({word: not kind.is_protected for word, kind in known.items()}).astype(int)
    care += (status == "unknown").astype(int)
    rows = np.flatnonzero(is_one)
    person = network.references[rows]
    part = table.iloc[rows]
    found = part.groupby(person).first()
    order = np.lexsort((rows, care.to_numpy()[rows], person))
    start = np.flatnonzero(np.diff(person[order], prepend=-1))
    found["protection_status"] = status.iloc[rows[order][start]].to_numpy()
    ids = pd.Series(table.index[found.index.to_numpy()])
    found = found.set_axis(pd.Index(ids, name="entity_id", dtype="str")).astype(table.dtypes)
    return pd.concat([table[~is_one], found]).reindex(table.index).astype(table.dtypes)
