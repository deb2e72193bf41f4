"""The manifest of a bundle: what came in, what was done, what left, and the digest of each file."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import platform
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

import pandas as pd

from netlink.errors import ExportError
from netlink.export import digest, suppression

if TYPE_CHECKING:
    from pathlib import Path

    from netlink.cases import Case
    from netlink.export.files import Output
    from netlink.export.policy import Policy
    from netlink.export.published import Published
    from netlink.network import Network

NAME = "manifest.json"
_FORMAT = "netlink bundle"
_LIBRARIES = ("numpy", "scipy", "pandas", "pyarrow", "igraph", "networkx", "matplotlib")
_LARGEST = 64 * 2**20
_FORMULA = {
    "escape": "In CSV files and the workbook a text that a spreadsheet could run as a formula has "
    "an apostrophe in front, except in those for Neo4j.",
    "error": "No text in CSV files and the workbook could run as a formula in a spreadsheet.",
    "raw": "Texts in CSV files and the workbook are as they were: a spreadsheet may run some.",
}
_NOTES = [
    "Under 'input' stand digests of the content of the tables, whatever the order of their rows.",
    "A manifest shows that files are as they were written. It does not say who wrote them.",
]
_FROM_ALL = (
    "Leads, people to reach, ranks, scores and what evidence is compared with come from all "
    "records of the network, those withheld from the recipient included. So do groups that the "
    "case was given; others come from what is here."
)

_FEW = "A count that is null is one from 1 to {most}, or one from which such a count would follow."


def facts(policy: Policy, whole: Case, published: Published, formats: list[str]) -> dict[str, Any]:
    """Collect what a bundle says of its making: of a case, and of what may leave of it."""
    case = published.case
    from netlink import __version__

    software = {"netlink": __version__, "python": platform.python_version()}
    return {
        "format": _FORMAT,
        "format_version": 1,
        "software": software | {name: version(name) for name in _LIBRARIES},
        "case": {
            "around": list(published.around),
            "hops": case.hops,
            "max_degree": case.max_degree,
            "entities": case.network.n_entities,
            "relationships": case.network.n_relationships,
            "not_expanded": len(case.not_expanded),
            "leads": int(published.leads.index.nunique()),
            "people_to_reach": len(published.safeguarding),
            "groups": int(published.groups["group"].nunique()),
            "method of the groups": case.groups.method,
            "modularity of the groups": _number(case.groups.modularity),
            "paths": int(published.paths["path"].nunique()),
        },
        "assessment": _assessment(case),
        "policy": {
            "release": policy.release,
            "names": policy.names,
            "name_protected": policy.name_protected,
            "columns": list(policy.columns),
            "dates": policy.dates,
            "places": policy.places,
            "recipient": policy.recipient,
            "k": policy.k,
            "withhold_uncoded": policy.withhold_uncoded,
            "strict": policy.strict,
            "most_singled_out": policy.most_singled_out,
            "formula": policy.formula,
            "formats": formats,
            "pseudonyms": "HMAC-SHA256, keyed with "
            + ("the content of the case" if policy.key is None else "a key of the caller's"),
        },
        "input": _input(policy, [case.network, whole.network], case.source),
        "withheld": published.counts,
        "notes": _notes(policy),
    }


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value


def _notes(policy: Policy) -> list[str]:
    notes = [_FORMULA[policy.formula], *_NOTES]
    if policy.recipient is not None:
        notes += [_FROM_ALL, _FEW.format(most=policy.k - 1)]
    return notes


def _assessment(case: Case) -> dict[str, Any] | None:
    if case.assessment is None:
        return None
    model = json.dumps(dataclasses.asdict(case.assessment.model), sort_keys=True, default=str)
    return {
        "seed": case.assessment.seed,
        "sha256 of the model": hashlib.sha256(model.encode()).hexdigest(),
    }


def _input(policy: Policy, parts: list[Network], network: Network) -> dict[str, Any]:
    names = ["table", "outcome", "detail"]
    texts = network.ledger[names].itertuples(index=False, name=None)
    here = {
        "entities": [_by_type(part.entity_table["entity_type"]) for part in parts],
        "relationships": [_by_type(part.relationship_table["relationship_type"]) for part in parts],
    }
    counts = suppression.ledger(network.ledger, policy, here)
    return {
        "entities": {
            "rows": suppression.rows(network.n_entities, here["entities"], policy),
            "sha256": digest.entities(network, purpose=b"").hex(),
        },
        "relationships": {
            "rows": suppression.rows(network.n_relationships, here["relationships"], policy),
            "sha256": digest.relationships(network, purpose=b"").hex(),
        },
        "time_zone_of_dates": network.tz,
        "ledger": [
            dict(zip([*names, "rows"], [*text, n], strict=True))
            for text, n in zip(texts, counts, strict=True)
        ],
    }


def _by_type(words: pd.Series) -> pd.Series:
    return words.astype("str").value_counts()


def write(output: Output, facts: dict[str, Any], published: Published) -> None:
    """Write the manifest, last of all files."""
    losses = [
        {"format": form, "table": part, "column": column, "reason": reason, "count": count}
        for (form, part, column, reason), count in sorted(published.losses.items())
    ]
    content = {**facts, "losses": losses, "files": dict(sorted(output.files.items()))}
    content["sha256 of this manifest"] = _seal(content)
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, indent=1)
    output.write(NAME, [text + "\n"])


def _seal(content: dict[str, Any]) -> str:
    rest = {name: value for name, value in content.items() if name != "sha256 of this manifest"}
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read(folder: Path) -> dict[str, Any]:
    """Read the manifest of a bundle."""
    path = folder / NAME
    if folder.is_symlink() or path.is_symlink() or not path.is_file():
        raise ExportError("The folder is no netlink bundle: it has no manifest.json.")
    try:
        if path.stat().st_size > _LARGEST:
            raise ExportError("The manifest is larger than a manifest of netlink is.")
        content = json.loads(path.read_text("utf-8"))
        is_ours = content["format"] == _FORMAT and all(
            isinstance(file["sha256"], str) for file in content["files"].values()
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        is_ours = False
    if not is_ours:
        raise ExportError("The folder is no netlink bundle: its manifest cannot be read as one.")
    return dict(content)


def check(folder: Path) -> pd.DataFrame:
    """Compare the files of a bundle with its manifest."""
    content = read(folder)
    listed = {name: file["sha256"] for name, file in content["files"].items()}
    of = {sha256: name for name, sha256 in listed.items()}
    is_sealed = content.get("sha256 of this manifest") == _seal(content)
    rows = [(NAME, "ok" if is_sealed else "changed")]
    present = {path.name: path for path in folder.iterdir() if path.name != NAME}
    for name in sorted({*listed, *present}):
        if name not in present:
            rows.append((name, "missing"))
        elif name not in listed:
            rows.append((name, "added"))
        else:
            rows.append((name, _status(present[name], name, listed, of)))
    return pd.DataFrame(rows, columns=["file", "status"]).astype("str")


def _status(path: Path, name: str, listed: dict[str, str], of: dict[str, str]) -> str:
    if path.is_symlink() or not path.is_file():
        return "changed"
    with path.open("rb") as stream:
        found = hashlib.file_digest(stream, "sha256").hexdigest()
    if found == listed[name]:
        return "ok"
    return "swapped" if found in of else "changed"
