"""Link analysis for counter-trafficking work."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from netlink import errors, vocabulary
from netlink.ingest import read_ftm, read_gexf, read_graphml, read_node_link, read_tables
from netlink.network import Network
from netlink.schema import Schema

if TYPE_CHECKING:
    from netlink import (
        brokerage,
        cases,
        centrality,
        changes,
        cohesion,
        communities,
        datasets,
        export,
        ingest,
        journeys,
        matching,
        paths,
        plot,
        profiles,
        roles,
        temporal,
        testing,
        transform,
    )
    from netlink.profiles import profile

__version__ = "0.1.0"

__all__ = [
    "Network",
    "Schema",
    "brokerage",
    "cases",
    "centrality",
    "changes",
    "cohesion",
    "communities",
    "datasets",
    "errors",
    "export",
    "ingest",
    "journeys",
    "matching",
    "paths",
    "plot",
    "profile",
    "profiles",
    "read_ftm",
    "read_gexf",
    "read_graphml",
    "read_node_link",
    "read_tables",
    "roles",
    "temporal",
    "testing",
    "transform",
    "vocabulary",
]


def __getattr__(name: str) -> Any:
    if name == "profile":
        return importlib.import_module("netlink.profiles").profile
    # Modules load when they are first used, so that `import netlink` costs little more than pandas.
    if name in __all__:
        return importlib.import_module(f"netlink.{name}")
    raise AttributeError(f"module 'netlink' has no attribute '{name}'")


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
