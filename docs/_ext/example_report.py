"""Writes the report of the synthetic case beside the pages, as a bundle has it."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any

import netlink as nl


def write(app: Any, error: Exception | None) -> None:
    """Build the case of docs/gallery/report.md and put its report into the built docs."""
    if error is not None or app.builder.format != "html":
        return
    made_up = nl.datasets.synthetic_case(seed=0)
    network = nl.read_tables(made_up.entities, made_up.relationships, schema=made_up.schema)
    assessment = nl.roles.assess(network, seed=0)
    lead = assessment.leads("recruiter", n=1).index
    case = nl.cases.build(network, around=lead, hops=2, assessment=assessment)
    with tempfile.TemporaryDirectory() as folder:
        bundle = nl.export.bundle(case, Path(folder) / "case", formats=["html"])
        shutil.copy(bundle / "report.html", Path(app.outdir) / "report.html")


def setup(app: Any) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("build-finished", write)
    return {"parallel_read_safe": True}
