"""The way of an investigation on the synthetic case: projection and role assessment."""

from __future__ import annotations

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
