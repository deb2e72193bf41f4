"""UUIDs that formats ask for, made from the ids that are written: nothing else enters them."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import pyarrow as pa

if TYPE_CHECKING:
    from netlink.export.redaction import Published

_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "netlink-analysis")


def of(published: Published, part: str) -> pa.StringArray:
    """Return a UUID for each entity or relationship; the same id has the same one in every file."""
    own = uuid.uuid5(_OURS, part)
    names = published.texts(part).to_pylist()
    return pa.array([str(uuid.uuid5(own, name)) for name in names], pa.string())
