"""What an agency holds of what happened: a part of it, in its own words."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from netlink.datasets._draw import Draw
from netlink.datasets._recording.chances import Chances
from netlink.datasets._recording.records import Documents, ordinary_records
from netlink.datasets._recording.statements import take_statements
from netlink.datasets._recording.tables import (
    answer_table,
    entity_table,
    references,
    relationship_table,
    standings,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from netlink.datasets._world import World

__all__ = ["Recording", "record"]


class Recording(NamedTuple):
    """The tables an agency hands over, and the answers it does not have."""

    entities: pd.DataFrame
    relationships: pd.DataFrame
    answers: pd.DataFrame


def record(
    world: World, seed: int, *, recorded: float, statements: float, recording: Mapping[str, float]
) -> Recording:
    """Record a share of what happened and a share of the victims' statements."""
    chances = Chances(seed, recording)
    documents = Documents()
    records = ordinary_records(world, recorded, documents, chances)
    told, givers = take_statements(world, statements, documents, chances)
    records += told
    refs = references(world.chronicle, Draw(seed, "references"))
    standing = standings(world.people, givers, chances)
    return Recording(
        entity_table(world.chronicle, refs, standing, records, chances),
        relationship_table(records, refs, documents, Draw(seed, "documents")),
        answer_table(world, refs),
    )
