"""UUIDs that formats ask for, made from the ids that are written: nothing else enters them."""

from __future__ import annotations

import hashlib
import uuid
from typing import TYPE_CHECKING

import pyarrow as pa

from netlink.export import columns

if TYPE_CHECKING:
    from netlink.export.published import Published

_OURS = uuid.uuid5(uuid.NAMESPACE_URL, "netlink-analysis")
# Version 5 and the variant of RFC 9562 stand in every one of them.
_VERSION = 5 << 76 | 2 << 62
_FREE = (1 << 128) - 1 ^ (15 << 76 | 3 << 62)


def of(published: Published, part: str) -> pa.StringArray:
    """Return a UUID for each entity or relationship; the same id has the same one in every file."""
    key = f"identifiers of {part}", None
    if key not in published.kept:
        own = uuid.uuid5(_OURS, part).bytes
        names = published.texts(part).to_pylist()
        found = pa.array([_uuid5(own, name) for name in names], pa.string())
        published.kept[key] = columns.Column(found, {str})
    return published.kept[key].texts


def _uuid5(space: bytes, name: str) -> str:
    """Spell the UUID of a name as `uuid.uuid5` makes it, in a third of its time."""
    digest = hashlib.sha1(space + name.encode("utf-8"), usedforsecurity=False).digest()
    number = int.from_bytes(digest[:16]) & _FREE | _VERSION
    text = f"{number:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
