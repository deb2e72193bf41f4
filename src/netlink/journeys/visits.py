"""Who is on record where and when: the dated presences that everything else here is made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink._arrays import to_arrow

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.network import Network

MOVERS = ("person", "vehicle", "phone", "device")
SPANS = ["start_first", "start_last", "end_first", "end_last"]


def visits(network: Network, /) -> pd.DataFrame:
    """List every dated presence at a place.

    A presence is a record that puts a person, vehicle, phone or device at a location: a sighting, a
    stay, a crossing, a dated residence; or its part in an event that one location has part in too.
    References joined by ``same_as`` are one, under the smallest id. It is where a record puts
    somebody, not where they were: a phone is not its owner, a booked night may not have been slept,
    a document may have crossed in other hands. Who is not recorded was not nowhere.

    Parameters
    ----------
    network : Network
        With locations.

    Returns
    -------
    pandas.DataFrame
        One row a record, in the order of entity and time: ``entity_id``, ``place``; the times
        ``start_first``, ``start_last``, ``end_first`` and ``end_last``, between which the presence
        began and ended, as in `Network.spans`; ``relationship_type``, ``relationship_ids`` and
        ``documents`` (lists of str). Undated records are left out.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> rows = pd.DataFrame({"source": ["p1", "p1"], "target": ["harbour", "hotel"],
    ...                      "relationship_type": ["seen_at", "stayed_at"],
    ...                      "start": ["2024-03-01T10:00Z", "2024-03-02"]})
    >>> nl.journeys.visits(nl.read_tables(None, rows))[["entity_id", "place"]]
      entity_id    place
    0        p1  harbour
    1        p1    hotel
    """
    table = _presences(network)
    table = table.sort_values(["mover", "start_first", "end_last", "place", "rank"], kind="stable")
    ids = network.entities.index
    named = network.relationships.index.to_numpy(dtype=object)
    document = network.relationship_table["document"].to_numpy(dtype=object)
    pairs = [
        [row] if other < 0 else [row, other]
        for row, other in zip(table["row"].tolist(), table["row_2"].tolist(), strict=True)
    ]
    found = table[SPANS].reset_index(drop=True)
    found.insert(0, "entity_id", ids[table["mover"]].to_numpy())
    found.insert(1, "place", ids[table["place"]].to_numpy())
    kinds = network.relationship_table["relationship_type"].to_numpy(dtype=object)
    found["relationship_type"] = pd.Series(kinds[table["row"]], dtype="str")
    found["relationship_ids"] = pd.Series(
        [sorted({named[row] for row in pair}) for pair in pairs], dtype=object
    )
    found["documents"] = pd.Series(
        [sorted({d for row in pair if isinstance(d := document[row], str)}) for pair in pairs],
        dtype=object,
    )
    return found


def _presences(network: Network) -> pd.DataFrame:
    """Return `mover`, `place`, the records `row` and `row_2` (-1 for none), and the spans."""
    kinds = network.relationship_table["relationship_type"]
    known = network.vocabulary.relationship_types
    group = kinds.map({word: kind.group for word, kind in known.items()}).to_numpy(dtype=object)
    types = network.entity_table["entity_type"].to_numpy(dtype=object)
    source, target = network.codes
    rank = np.empty(len(source), dtype=np.int64)
    rank[_order(network)] = np.arange(len(source))
    ends = pd.DataFrame({"row": np.arange(len(source)), "s": source, "t": target, "rank": rank})
    moving = np.isin(types[source], MOVERS)
    at_place = moving & (types[target] == "location") & np.isin(group, ["movement", "place"])
    direct = ends[at_place].rename(columns={"s": "mover", "t": "place"}).assign(row_2=-1)
    table = pd.concat([direct, _through_events(ends, types, group)], ignore_index=True)
    times = network.spans
    rows, others = (table[name].to_numpy(dtype=np.int64) for name in ("row", "row_2"))
    # Who took part in an event without a time of its own was there when the place was.
    lent = times["start_first"].isna().to_numpy()[rows] & (others >= 0)
    timed = times.iloc[np.where(lent, others, rows)].reset_index(drop=True)
    table = pd.concat([table, timed], axis=1)
    found: pd.DataFrame = table[table["start_first"].notna()]
    mover, place = (network.references[found[name]] for name in ("mover", "place"))
    return found.assign(mover=mover, place=place)


def _through_events(
    ends: pd.DataFrame, types: NDArray[np.object_], group: NDArray[np.object_]
) -> pd.DataFrame:
    s, t = ends["s"].to_numpy(), ends["t"].to_numpy()
    at_event = (types[t] == "event") & np.isin(group, ["movement", "case"])
    places = ends[at_event & (types[s] == "location")].sort_values("rank")
    places = places.rename(columns={"row": "row_2", "s": "place"})[["row_2", "place", "t"]]
    # An event that several places have part in says of nobody at which of them they were.
    places = places[places.groupby("t")["place"].transform("nunique") == 1]
    places = places.drop_duplicates("t")
    movers = ends[at_event & np.isin(types[s], MOVERS)].rename(columns={"s": "mover"})
    return pd.merge(movers, places, on="t").drop(columns="t")


def _order(network: Network) -> NDArray[np.int64]:
    import pyarrow.compute as pc

    return np.asarray(pc.sort_indices(to_arrow(network.relationships.index))).astype(np.int64)
