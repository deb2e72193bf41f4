"""The way of an investigation on the synthetic case: projection, roles, case file, picture."""

from __future__ import annotations

import tempfile
from pathlib import Path

import netlink as nl


class Investigation:
    params = (500, 2_000)
    param_names = ("people",)

    def setup(self, size: int) -> None:
        case = nl.datasets.synthetic_case(seed=0, size=size)
        self.network = nl.read_tables(case.entities, case.relationships, schema=case.schema)

    def time_project(self, size: int) -> None:
        nl.transform.project(self.network, onto="person")

    def peakmem_project(self, size: int) -> None:
        nl.transform.project(self.network, onto="person")

    def time_assess(self, size: int) -> None:
        nl.roles.assess(self.network, seed=0)

    def peakmem_assess(self, size: int) -> None:
        nl.roles.assess(self.network, seed=0)


class Leaving:
    def setup(self) -> None:
        made = nl.datasets.synthetic_case(seed=0)
        self.network = nl.read_tables(made.entities, made.relationships, schema=made.schema)
        self.assessment = nl.roles.assess(self.network, seed=0)
        around = self.assessment.leads("recruiter", n=2).index
        self.case = nl.cases.build(self.network, around=around, assessment=self.assessment)

    def time_bundle(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            nl.export.bundle(self.case, Path(folder) / "case")

    def time_plot_network(self) -> None:
        nl.plot.network(self.network, assessment=self.assessment)
