"""Case files that leave: redacted, with a manifest, in the formats of other programs."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from netlink.cases import Case
from netlink.errors import ArgumentError, ExportError, near
from netlink.export import (
    case_uco,
    csv_tables,
    cytoscape,
    files,
    ftm,
    gexf,
    graphml,
    i2,
    manifest,
    neo4j,
    node_link,
    parquet,
    redaction,
    report,
    stix,
    workbook,
)
from netlink.export.policy import Policy
from netlink.export.suppression import suppressed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


__all__ = ["Policy", "bundle", "singled_out", "suppressed", "verify"]

_WRITERS = {
    "graphml": graphml.files,
    "gexf": gexf.files,
    "cx2": cytoscape.cx2,
    "cyjs": cytoscape.cyjs,
    "json": node_link.files,
    "csv": csv_tables.files,
    "excel": workbook.files,
    "parquet": parquet.files,
    "i2": i2.files,
    "neo4j": neo4j.files,
    "ftm": ftm.files,
    "case_uco": case_uco.files,
    "stix": stix.files,
}
_FORMATS = (*_WRITERS, "html")


def bundle(
    case: Case,
    folder: str | Path,
    *,
    formats: Iterable[str] = _FORMATS,
    policy: Policy | None = None,
) -> Path:
    """Write a case file: a folder with a manifest.

    The same call writes the same bytes: no file holds the time of writing. The folder appears
    whole or not at all; a former bundle of the same name is replaced as a whole, and a folder that
    is no bundle is never touched. Files are readable by their owner alone. If the program is
    killed while it writes, hidden folders beside it, ``.NAME.new-...`` or ``.NAME.gone``, may be
    left to delete, and the former bundle may lie there as ``.NAME.before`` until the next call.

    Parameters
    ----------
    case : Case
        What `netlink.cases.build` made.
    folder : str or pathlib.Path
        Where the bundle is to stand: a folder that does not exist, is empty, or is a bundle whose
        files nobody has added to. The folder above must exist.
    formats : iterable of str, default all
        Of "graphml" and "gexf" (Gephi, networkx, igraph), "cx2" and "cyjs" (Cytoscape), "json"
        (node-link: networkx, D3), "csv", "excel" and "parquet", "i2" (links and isolates for an
        import specification of Analyst's Notebook, with a guide), "neo4j" (bulk import), "ftm"
        (FollowTheMoney), "case_uco" (CASE/UCO JSON-LD), "stix" (STIX 2.1) and "html" (a page to
        read and print). All hold entities and relationships; "json", "csv", "excel" and "html" also
        the findings of the case. ``picture.png`` and ``manifest.json`` are always written; the
        manifest lists what a format could not hold.
    policy : Policy, optional
        What may leave, and under which names; default ``Policy()``.

    Returns
    -------
    pathlib.Path
        The folder.

    Raises
    ------
    ArgumentError
        An argument is not what is described above.
    ExportError
        The folder holds something else, or could not be written; what stood there still does.

    Examples
    --------
    >>> import tempfile, netlink as nl
    >>> case = nl.cases.build(nl.datasets.krackhardt_kite(), around=["9"])
    >>> folder = nl.export.bundle(case, tempfile.mkdtemp(), formats=["graphml", "html"])
    >>> sorted(path.name for path in folder.iterdir())
    ['manifest.json', 'network.graphml', 'picture.png', 'report.html']
    """
    _check_case(case)
    if not isinstance(folder, str | Path):
        raise ArgumentError(f"'folder' must be a path, got {type(folder).__name__}.")
    wanted = _wanted(formats)
    policy = _policy(policy)
    target = Path(folder).absolute()
    files.restore(target)
    _check_folder(target)
    published = redaction.publish(case, policy)
    facts = manifest.facts(policy, case, published, wanted)
    drawing = report.Drawing(published)
    picture = _picture(drawing)
    with files.replacing(target) as new:
        output = files.Output(new)
        output.write("picture.png", [picture])
        parts: Iterator[tuple[str, Iterator[str | bytes]]]
        for name in wanted:
            if name == "html":
                parts = report.files(drawing, facts, picture)
            else:
                parts = _WRITERS[name](published)
            for file, chunks in parts:
                output.write(file, chunks)
        manifest.write(output, facts, published)
    return target


def verify(folder: str | Path) -> pd.DataFrame:
    """Compare the files of a bundle with its manifest.

    It finds what changed by accident or without care. Whoever can write to the folder can write
    another manifest too: keep its sha256 elsewhere where that matters.

    Parameters
    ----------
    folder : str or pathlib.Path
        What `bundle` wrote.

    Returns
    -------
    pandas.DataFrame
        ``file`` and ``status``: "ok", "changed", "swapped" (the content of another file of the
        bundle), "missing" or "added". The manifest, sealed with a digest of its own, comes first.

    Raises
    ------
    ExportError
        The folder has no manifest of netlink.

    Examples
    --------
    >>> import tempfile, netlink as nl
    >>> case = nl.cases.build(nl.datasets.krackhardt_kite(), around=["9"])
    >>> folder = nl.export.bundle(case, tempfile.mkdtemp(), formats=["json"])
    >>> nl.export.verify(folder)["status"].tolist()
    ['ok', 'ok', 'ok']
    """
    return manifest.check(Path(folder))


def singled_out(case: Case, *, policy: Policy | None = None) -> pd.Series:
    """Count the pseudonyms that what is told would single out.

    The re-identification report of a bundle, before it is written: with ``Policy(strict=True)`` it
    is what decides. A pseudonym is counted that is the only one of its kind by what stands in the
    bundle: by the pattern of ties, or by type and status, then also by the types of its records,
    their dates and their places, as coarse as the policy makes them. Zero is no promise: whoever
    knows something that is not counted here, as an amount or a document, may still recognize
    somebody.

    Parameters
    ----------
    case : Case
        What `netlink.cases.build` made.
    policy : Policy, optional
        What may leave, and under which names; default ``Policy()``.

    Returns
    -------
    pandas.Series
        Numbers of pseudonyms, by what singles them out; under the same words in the manifest.

    Raises
    ------
    ArgumentError
        An argument is not what is described above.

    References
    ----------
    Samarati, P. and Sweeney, L. (1998): Protecting privacy when disclosing information:
    k-anonymity and its enforcement through generalization and suppression. Of ties: Hay, M. et al.
    (2008): Resisting structural re-identification in anonymized social networks. VLDB 1 (1).

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.cases.build(nl.datasets.krackhardt_kite(), around=["9"])
    >>> int(nl.export.singled_out(case).max())
    1
    """
    _check_case(case)
    counts = redaction.publish(case, replace(_policy(policy), strict=False)).counts
    found = {**counts["pseudonyms_singled_out"], **counts["pseudonyms_unique"]}
    return pd.Series(found, name="singled_out", dtype="int64")


def _check_case(case: object) -> None:
    if not isinstance(case, Case):
        raise ArgumentError(
            f"'case' must be what netlink.cases.build returns, got {type(case).__name__}."
        )


def _policy(policy: Policy | None) -> Policy:
    policy = Policy() if policy is None else policy
    if not isinstance(policy, Policy):
        raise ArgumentError(
            f"'policy' must be a netlink.export.Policy, got {type(policy).__name__}."
        )
    return policy


def _wanted(formats: Iterable[str]) -> list[str]:
    if isinstance(formats, str):
        raise ArgumentError("'formats' must be a list of names of formats, got one str.")
    asked = list(formats)
    for name in asked:
        if name not in _FORMATS:
            raise ArgumentError(
                f"'formats' has no '{name}'; there are {list(_FORMATS)}.{near(str(name), _FORMATS)}"
            )
    return [name for name in _FORMATS if name in asked]


def _check_folder(folder: Path) -> None:
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        raise ExportError("The place of the bundle is a file or a link, not a folder.")
    if not folder.parent.is_dir():
        raise ExportError("The folder that the bundle is to stand in does not exist.")
    if folder.exists() and any(folder.iterdir()):
        try:
            added = int((manifest.check(folder)["status"] == "added").sum())
        except ExportError:
            raise ExportError(
                "The folder exists and is no netlink bundle: it is left as it is."
            ) from None
        if added:
            raise ExportError(
                f"The folder holds {added:,} files that are no part of the bundle in it: move "
                "them away first."
            )


def _picture(drawing: report.Drawing) -> bytes:
    return drawing.picture()
