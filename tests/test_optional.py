"""The same call gives the same bytes, or says how to install, with an optional package or without.

Optional are the packages of the extras, which netlink imports where they are used, and those that
its libraries take up by themselves where they are there, as pandas does bottleneck.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
import pytest

import netlink as nl
from netlink.errors import MissingDependencyError

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
TAKEN_UP = ["bottleneck", "numexpr", "lxml", "defusedxml", "polars", "duckdb", "IPython", "orjson"]
# Not every package is imported by the name it is installed by.
MODULES = {"xstatic-d3": "xstatic", "tomli-w": "tomli_w"}


def named(requirements: list[str]) -> set[str]:
    names = {re.split(r"[\[<>=~! ]", text, maxsplit=1)[0] for text in requirements}
    return {MODULES.get(name, name) for name in names - {PROJECT["name"]}}


EXTRAS = {
    extra: named(needed)
    for extra, needed in PROJECT["optional-dependencies"].items()
    if extra not in {"all", "test", "docs", "dev"}
}
OPTIONAL = {package: extra for extra, packages in EXTRAS.items() for package in packages}


# What the code imports


def imports(
    tree: ast.AST, above: tuple[ast.AST, ...] = ()
) -> list[tuple[str, tuple[ast.AST, ...]]]:
    """Top names of the packages that a file imports, each with what it stands in."""
    found = []
    for part in ast.iter_child_nodes(tree):
        if isinstance(part, ast.Import):
            found += [(alias.name.partition(".")[0], above) for alias in part.names]
        elif isinstance(part, ast.ImportFrom) and part.module and not part.level:
            found.append((part.module.partition(".")[0], above))
        found += imports(part, (*above, part))
    return found


def is_typing(above: tuple[ast.AST, ...]) -> bool:
    return any(isinstance(p, ast.If) and "TYPE_CHECKING" in ast.unparse(p.test) for p in above)


def test_every_import_is_a_dependency_or_says_how_to_install_it() -> None:
    needed = named(PROJECT["dependencies"]) | {"netlink"} | set(sys.stdlib_module_names)
    wrong, seen = [], set()
    for path in sorted((ROOT / "src").rglob("*.py")):
        for name, above in imports(ast.parse(path.read_text("utf-8"))):
            if name in needed or is_typing(above):
                continue
            seen.add(name)
            tried = next((p for p in reversed(above) if isinstance(p, ast.Try)), None)
            said = "" if tried is None else " ".join(map(ast.unparse, tried.handlers))
            inside = any(isinstance(part, ast.FunctionDef) for part in above)
            if not (inside and f"MissingDependencyError('{name}', '{OPTIONAL.get(name)}'" in said):
                wrong.append(f"{path.relative_to(ROOT)}: {name}")
    assert not wrong, wrong
    assert seen == set(OPTIONAL)  # and no extra that nothing needs


def test_the_extra_of_all_holds_every_other() -> None:
    (everything,) = PROJECT["optional-dependencies"]["all"]
    assert set(everything.partition("[")[2].strip("]").split(",")) == set(EXTRAS)


# What a call says


def phones() -> nl.Network:
    things = pd.DataFrame({"entity_id": ["t1", "t2"], "entity_type": "phone"})
    things["label"] = ["+44 20 7946 0123", "020 7946 0123"]
    return nl.read_tables(things, pd.DataFrame({"source": ["t1"], "target": ["t2"]}))


def case() -> nl.cases.Case:
    return nl.cases.build(phones(), around=["t1"])


def tokens() -> object:
    return nl.cases.tokens(case(), key=b"k" * 32, purpose="test", region="GB")


CALLS: dict[str, tuple[str, Callable[[Path], object]]] = {
    "reading a workbook": ("openpyxl", lambda path: nl.read_tables(None, path)),
    "keys": ("phonenumbers", lambda path: nl.matching.keys(phones(), region="GB")),
    "doubles": ("phonenumbers", lambda path: nl.matching.doubles(phones(), region="GB")),
    "deconflict": ("phonenumbers", lambda path: nl.cases.deconflict(case(), case(), region="GB")),
    "tokens": ("phonenumbers", lambda path: tokens()),
}


@pytest.fixture
def workbook(tmp_path: Path) -> Path:
    path = tmp_path / "calls.xlsx"
    pd.DataFrame({"source": ["007"], "target": ["CANARY"]}).to_excel(path, index=False)
    return path


@pytest.mark.parametrize("name", CALLS)
def test_a_call_that_needs_a_package_says_how_to_install_it(
    name: str, workbook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, call = CALLS[name]
    assert call(workbook) is not None
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(MissingDependencyError) as caught:
        call(workbook)
    said = str(caught.value)
    assert f"needs the package '{package}', which is not installed" in said
    assert said.endswith(f"Install it with: pip install 'netlink-analysis[{OPTIONAL[package]}]'")
    assert "CANARY" not in said
    assert isinstance(caught.value, ImportError)
    monkeypatch.undo()
    assert call(workbook) is not None  # and nothing of the failure is kept


def test_every_optional_package_is_asked_for_by_a_call() -> None:
    assert {package for package, _ in CALLS.values()} == set(OPTIONAL)


# What comes out

_CALLS = """
import hashlib, importlib.abc, sys, warnings
from pathlib import Path

lacking = set(sys.argv[2:])


class Lacks(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in lacking:
            raise ModuleNotFoundError(name)
        return None


sys.meta_path.insert(0, Lacks())
import pandas as pd
import netlink as nl

folder = Path(sys.argv[1])


def told(name, call):
    try:
        found = call()
    except nl.errors.NetlinkError as error:
        print(name, type(error).__name__, error, sep="\\t")
    else:
        print(name, hashlib.sha256(found).hexdigest(), sep="\\t")


def table(found):
    return found.to_csv().encode()


made = nl.datasets.synthetic_case(seed=1, size=100)
made.entities.to_csv(folder / "entities.csv", index=False)
made.relationships.to_csv(folder / "relationships.csv", index=False)
made.relationships.to_parquet(folder / "relationships.parquet", index=False)
network = nl.read_tables(
    folder / "entities.csv", folder / "relationships.csv", schema=made.schema
)
packed = nl.read_tables(made.entities, folder / "relationships.parquet", schema=made.schema)
people = nl.transform.project(network, onto="person")
assessment = nl.roles.assess(network)
asked = assessment.leads("recruiter", n=1).index
case = nl.cases.build(network, around=asked, hops=1, assessment=assessment)
told("read", lambda: table(network.relationships))
told("parquet", lambda: table(packed.relationships))
told("measures", lambda: table(nl.centrality.table(people)))
told("groups", lambda: table(nl.communities.leiden(people).labels))
told("scores", lambda: table(assessment.scores))
told("moves", lambda: table(nl.journeys.moves(network)))
told("keys", lambda: table(nl.matching.keys(network)))
told("display", lambda: network._repr_html_().encode())
nl.export.bundle(case, folder / "case")
for path in sorted((folder / "case").iterdir()):
    told(path.name, path.read_bytes)
told("graphml", lambda: table(nl.read_graphml(folder / "case" / "network.graphml").entities))
told("workbook", lambda: table(nl.read_tables(None, folder / "t.xlsx").relationships))
"""


@pytest.mark.slow
def test_every_byte_is_the_same_without_them(tmp_path: Path, workbook: Path) -> None:
    found = []
    for name, lacking in (("with", []), ("without", [*OPTIONAL, *TAKEN_UP])):
        place = tmp_path / name
        place.mkdir()
        (place / "t.xlsx").write_bytes(workbook.read_bytes())
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", _CALLS, str(place), *lacking],
            capture_output=True,
            text=True,
            check=True,
        )
        found.append(dict(line.split("\t", 1) for line in done.stdout.splitlines()))
    whole, lacks = found
    assert list(whole) == list(lacks)
    assert len(whole) > 30
    differ = {name for name in whole if whole[name] != lacks[name]}
    assert differ == {"keys", "workbook"}
    for name, extra in (("keys", "phones"), ("workbook", "excel")):
        assert lacks[name].startswith("MissingDependencyError\t")
        assert f"pip install 'netlink-analysis[{extra}]'" in lacks[name]
    assert "case.xlsx" in whole  # written without openpyxl
