"""Tables to a network: time and peak memory, by kind of file and by size."""

from __future__ import annotations

import tempfile
from pathlib import Path

import netlink as nl

from . import SIZES, tables

SCHEMA = nl.Schema(grade_scheme="admiralty")


class Read:
    params = (SIZES, ["csv", "parquet", "frame"])
    param_names = ("size", "kind")

    def setup(self, size: tuple[int, int], kind: str) -> None:
        self.folder = tempfile.TemporaryDirectory()
        entities, relationships = tables(*size)
        self.given = [entities, relationships]
        if kind != "frame":
            self.given = []
            for name, table in (("entities", entities), ("relationships", relationships)):
                path = Path(self.folder.name) / f"{name}.{kind}"
                table.to_csv(path, index=False) if kind == "csv" else table.to_parquet(path)
                self.given.append(path)

    def teardown(self, size: tuple[int, int], kind: str) -> None:
        self.folder.cleanup()

    def time_read_tables(self, size: tuple[int, int], kind: str) -> None:
        nl.read_tables(*self.given, schema=SCHEMA)

    def peakmem_read_tables(self, size: tuple[int, int], kind: str) -> None:
        nl.read_tables(*self.given, schema=SCHEMA)

    def time_to_something_measurable(self, size: tuple[int, int], kind: str) -> None:
        nl.read_tables(*self.given, schema=SCHEMA).to_scipy()


class ReadWithFailures:
    """One row in a hundred fails, in every way at once."""

    params = (SIZES,)
    param_names = ("size",)

    def setup(self, size: tuple[int, int]) -> None:
        self.entities, self.relationships = tables(*size)
        bad = {"target": None, "relationship_type": "mett", "start": "05/03/24", "grade": "Z"}
        self.relationships.loc[::100, list(bad)] = list(bad.values())
        self.relationships.loc[::100, "weight"] = -1.0

    def time_reject(self, size: tuple[int, int]) -> None:
        nl.read_tables(self.entities, self.relationships, schema=SCHEMA, on_invalid="reject")
