"""Who stands between the places where people's moves began and those where they ended.

Brokerage as of Gould and Fernandez (1989), the places of a move being the groups: liaison,
representative and gatekeeper alike. Counted are the people whom a mover knows or lodges with at
either end, not everybody who lives in the same two countries: whoever has a contact abroad would
broker then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.roles.pairs import both_ways, none, pair_keys

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.roles.records import Records

_COLUMN = "country"  # of places alone: that of a person is never read
_CROWD = 40  # whoever stands at the ends of more moves is an office or a shop
_HELD, _STAYED = 1, 2
# What says best where somebody is at home, first.
_KINDS = {"resides_at": 0, "owns": _HELD, "uses": _HELD, "stayed_at": _STAYED}


def between_places(records: Records, moved: pd.DataFrame) -> pd.DataFrame:
    """Return who, `a`, is in touch with people at both ends of the move of another, `b`.

    One record a row: contacts with those people, what ties them to the mover, and the move.
    """
    family = records.between(["family"])
    at = records.at(_KINDS, "location")
    if not len(at):
        return none()
    places = records.once(_whereabouts, at)
    ends = records.once(_ends, places, moved, records.all_contacts, family)
    return records.once(_between, ends, records.contacts, records.relatives)


def _between(
    records: Records, ends: pd.DataFrame, contacts: pd.DataFrame, relatives: NDArray[np.int64]
) -> pd.DataFrame:
    ends = ends[ends.groupby("end")["b"].transform("nunique") <= _CROWD]
    met = contacts[contacts["b"].isin(ends["end"])]
    met = met[["a", "b", "row", "via_a", "via_b"]].rename(columns={"b": "end"})
    pairs = met[["a", "end"]].drop_duplicates()
    pairs = pairs.merge(ends[["b", "end", "is_far"]].drop_duplicates(), on="end")
    kin = np.isin(pair_keys(pairs["a"], pairs["b"], records.n_people), relatives)
    pairs = pairs[(pairs["a"] != pairs["b"]) & ~kin]
    pairs = pairs[pairs.groupby(["a", "b"])["is_far"].transform("nunique") > 1]
    own = pairs.merge(met, on=["a", "end"])
    others = pairs.merge(ends, on=["b", "end", "is_far"]).assign(via_a=-1, via_b=-1)
    columns = ["a", "b", "row", "via_a", "via_b"]
    return pd.concat([own[columns], others[columns]], ignore_index=True).drop_duplicates()


def _ends(
    records: Records,
    at: pd.DataFrame,
    moved: pd.DataFrame,
    contacts: pd.DataFrame,
    family: pd.DataFrame,
) -> pd.DataFrame:
    """Return who, `end`, lives where the move of `b` began or ended, and the records that say so.

    Where it began, and where it ended: people who live there and are in touch with the mover;
    where it ended, also who lives at or holds the very place of the stay.
    """
    at = at.merge(moved.drop_duplicates("person"), "left", "person", suffixes=("", "_moved"))
    stayed = (at["kind"] != _HELD) & (at["day"] >= at["day_moved"])
    # Where somebody lodged after the move is no home that was left.
    first = at[(at["kind"] < _STAYED) | ~stayed].drop_duplicates("person")
    home = np.full(records.n_people, -1, dtype=np.int64)
    home[first["person"]] = first["region"]
    gone = at.rename(columns={"person": "b", "row": "stay", "row_moved": "move"})
    gone = gone[stayed & (home[gone["b"]] >= 0) & (home[gone["b"]] != gone["region"])]
    gone = gone[["b", "place", "region", "stay", "move"]].astype(np.int64)
    known = pd.concat([contacts, both_ways(family)], ignore_index=True)[["a", "b", "row"]]
    known = known[known["a"].isin(gone["b"])]
    known = known.drop_duplicates(["a", "b"]).set_axis(["b", "end", "row"], axis=1)
    known["region"] = home[known["end"]]
    back = gone.drop_duplicates("b").assign(region=lambda t: home[t["b"]])
    hosts = at[at["kind"] < _STAYED].rename(columns={"person": "end"})[["end", "place", "row"]]
    near = known.merge(back, on=["b", "region"]).assign(is_far=False)
    hosts = hosts[hosts.groupby("place")["end"].transform("nunique") <= _CROWD]  # no town
    hosts = gone.merge(hosts, on="place")
    # One and the same person at both ends is nobody to stand between.
    hosts = hosts[home[hosts["b"]] != home[hosts["end"]]]
    far = [known.merge(gone, on=["b", "region"]), hosts]
    found = pd.concat([near, *(part.assign(is_far=True) for part in far)], ignore_index=True)
    found = found[found["b"] != found["end"]]
    parts = [found[["b", "end", "is_far"]].assign(row=found[n]) for n in ("row", "stay", "move")]
    every: pd.DataFrame = pd.concat(parts, ignore_index=True).drop_duplicates()
    return every


def _whereabouts(records: Records, table: pd.DataFrame) -> pd.DataFrame:
    """Return where people are recorded to be, home first: the place, and its country if known."""
    table = table.rename(columns={"a": "person", "b": "place"})
    entities = records.network.entity_table
    table["region"] = table["place"].astype(np.int64)
    if _COLUMN in entities:
        codes, _ = pd.factorize(entities[_COLUMN].iloc[table["place"]])
        known: NDArray[np.bool_] = codes >= 0
        table.loc[known, "region"] = records.network.n_entities + codes[known]
    table["kind"] = [_KINDS[word] for word in records.kinds[table["row"]]]
    columns = ["person", "kind", "day", "row"]
    found: pd.DataFrame = table.sort_values(columns, kind="stable", ignore_index=True)
    return found
