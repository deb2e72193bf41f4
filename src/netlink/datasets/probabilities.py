"""How likely a made-up agency is to hold each kind of record."""

from __future__ import annotations

import pandas as pd

from netlink.datasets._recording.chances import NOTED, SPOKEN, TOLD, USUAL
from netlink.datasets._recording.channels import CHANNELS
from netlink.datasets._recording.statements import SYSTEM

__all__ = ["recording_probabilities"]


def recording_probabilities() -> pd.DataFrame:
    """List the chances behind the records of a synthetic case.

    What `synthetic_case` takes as `recording`, and what it does by default. None of the figures is
    measured: each is assumed, and the names are there so that it can be assumed otherwise.

    Returns
    -------
    pandas.DataFrame
        Indexed by ``name``. ``probability``: the usual one. ``kind``: ``record`` (a fact is
        recorded; `recorded` is taken of that), ``statement`` (what those who give one say) or
        ``note`` (what is noted of an entity). ``system``, ``link`` and ``relationship_type`` of the
        rows, missing where there are none. ``happens``: with this chance.

    Examples
    --------
    A bank that did not answer:

    >>> import netlink as nl
    >>> chances = nl.datasets.recording_probabilities()
    >>> gap = {name: 0.0 for name in chances.index[chances["system"] == "BANK"]}
    >>> gap
    {'payment': 0.0, 'bank_mandate': 0.0}
    >>> case = nl.datasets.synthetic_case(size=100, recording=gap)
    >>> bool((case.relationships["system"] == "BANK").any())
    False
    """
    rows: dict[str, tuple[str | None, ...]] = {}
    for name, channel in CHANNELS.items():
        told = "a look-up finds it, of two" if channel.is_register else "it is recorded"
        rows[name] = ("record", channel.system, channel.link, channel.meaning, told)
    for act in TOLD:
        told = "it is told by somebody it was done to who gives a statement"
        rows[act] = ("statement", SYSTEM, f"ST-{act.upper()}", act, told)
    for name, (_, told) in SPOKEN.items():
        link, meaning = ("ST-KNOWS", "knows") if name == "acquaintance" else (None, None)
        rows[name] = ("statement", SYSTEM, link, meaning, told)
    for name, (_, told) in NOTED.items():
        rows[name] = ("note", None, None, None, told)
    columns = ["kind", "system", "link", "relationship_type", "happens"]
    table = pd.DataFrame.from_dict(rows, orient="index", columns=columns, dtype="str")
    table.insert(0, "probability", pd.Series(USUAL, dtype="float64"))
    return table.rename_axis("name")
