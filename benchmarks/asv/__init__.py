"""Benchmarks of netlink over its own history, for asv (airspeed velocity).

In the environment that is active, as it is::

    cd benchmarks
    asv machine --yes  # once
    asv run --quick --environment existing:$(which python) --dry-run

Over commits, each in an environment of its own::

    asv run HEAD~5..HEAD
    asv publish && asv preview

`tables` makes the same tables on every machine; the sizes stand in `SIZES`.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

SIZES = [(1_000, 10_000), (20_000, 200_000)]  # entities, relationships


def tables(n_entities: int, n_relationships: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make people with heavy-tailed numbers of relationships, ids like P0001234."""
    rng = np.random.default_rng(0)
    ids = pd.Series(np.arange(n_entities)).map("P{:07d}".format)
    activity = rng.permutation((np.arange(n_entities) + 10.0) ** -0.6)
    ends = rng.choice(n_entities, (2, n_relationships), p=activity / activity.sum())
    moments = np.datetime64("2024-01-01T00:00:00") + rng.integers(0, 31_000_000, n_relationships)
    relationships = pd.DataFrame(
        {
            "source": ids.to_numpy()[ends[0]],
            "target": ids.to_numpy()[ends[1]],
            "relationship_type": rng.choice(["communicated", "met", "paid"], n_relationships),
            "start": np.char.add(np.datetime_as_string(moments), "Z"),
            "weight": np.round(rng.gamma(2.0, 1.0, n_relationships) + 0.01, 3),
            "grade": rng.choice(["A1", "B2", "C3", "D4", "F6"], n_relationships),
        }
    )
    return pd.DataFrame({"entity_id": ids, "entity_type": "person"}), relationships
