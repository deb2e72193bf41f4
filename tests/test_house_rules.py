"""The rules of the house, one test a rule; CONTRIBUTING.md says why.

What a rule finds is listed whole, so that one run shows everything there is to mend.
"""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import re
import subprocess
import sys
import tomllib
from functools import lru_cache
from pathlib import Path
from types import FunctionType, ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import netlink as nl
from netlink import vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator

    import pytest

ROOT = Path(__file__).parents[1]
SRC = ROOT / "src" / "netlink"

TOP_LEVEL = [
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
COMMANDS = [
    "python -m venv .venv && . .venv/bin/activate && pip install . "
    "&& python examples/quickstart.py",
    '. .venv/bin/activate && pip install -e ".[test]" && python -m pytest',
]
ASKED_ABOUT = {"entity", "entities", "source", "target"}
RUNS_DATA = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "shelve", "marshal", "yaml"}
REACHES_OUT = {"socket", "ssl", "urllib", "urllib3", "http", "requests", "httpx", "aiohttp"}
REACHES_OUT |= {"ftplib", "smtplib", "telnetlib", "socketserver", "webbrowser", "xmlrpc"}


class Public(NamedTuple):
    """A public function, class, method or property, and how a user reaches it."""

    name: str
    kind: str
    code: Any

    @property
    def doc(self) -> str:
        return inspect.cleandoc(self.code.__doc__ or "")

    @property
    def parameters(self) -> list[inspect.Parameter]:
        if self.is_error and "__init__" not in vars(self.code):
            return []
        found = list(inspect.signature(self.code).parameters.values())
        return found[1:] if found and found[0].name in {"self", "cls"} else found

    @property
    def is_error(self) -> bool:
        return isinstance(self.code, type) and issubclass(self.code, Exception)


def modules() -> Iterator[ModuleType]:
    """Every public module: those of the front door and the ones that they name themselves."""
    todo = [getattr(nl, name) for name in TOP_LEVEL]
    while todo:
        found = todo.pop(0)
        if isinstance(found, ModuleType):
            yield found
            todo += [getattr(found, name) for name in found.__all__]


@lru_cache
def public() -> tuple[Public, ...]:
    """Every public function and class, and the methods and properties of the classes."""
    found: dict[int, Public] = {}
    for module in (nl, *modules()):
        for name in module.__all__:
            value = getattr(module, name)
            where = f"{module.__name__}.{name}"
            if isinstance(value, type):
                found.setdefault(id(value), Public(where, "class", value))
                for part, member in _members(value):
                    if not part.startswith("_") and (entry := _member(where, part, member)):
                        found.setdefault(id(entry.code), entry)
            elif callable(value):
                found.setdefault(id(value), Public(where, "function", inspect.unwrap(value)))
    return tuple(found.values())


def _members(value: type) -> Iterator[tuple[str, Any]]:
    """Everything a class has from this package, inherited too."""
    for base in value.__mro__:
        if base.__module__.startswith("netlink"):
            yield from vars(base).items()


def _member(where: str, name: str, member: Any) -> Public | None:
    if isinstance(member, classmethod | staticmethod):
        member = member.__func__
    if isinstance(member, FunctionType):
        return Public(f"{where}.{name}", "method", member)
    code = getattr(member, "fget", None) or getattr(member, "func", None)  # cached ones have func
    return Public(f"{where}.{name}", "property", code) if code else None


@lru_cache
def files() -> tuple[tuple[str, str, ast.Module], ...]:
    """Name, text and syntax tree of every file of the package."""
    texts = [(path, path.read_text("utf-8")) for path in sorted(SRC.rglob("*.py"))]
    return tuple((str(path.relative_to(ROOT)), text, ast.parse(text)) for path, text in texts)


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every import, deferred ones too."""
    for part in ast.walk(tree):
        if isinstance(part, ast.Import):
            yield from ((part.lineno, alias.name) for alias in part.names)
        elif isinstance(part, ast.ImportFrom) and part.module:
            yield from ((part.lineno, f"{part.module}.{alias.name}") for alias in part.names)


def called(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and dotted name of every call."""
    for part in ast.walk(tree):
        if isinstance(part, ast.Call):
            yield part.lineno, ast.unparse(part.func)


def none(failures: list[str], rule: str) -> None:
    """Fail with the rule and everything that breaks it."""
    assert not failures, f"{rule}\n  " + "\n  ".join(failures)


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))


def readme_block(language: str) -> str:
    found = re.findall(rf"^```{language}\n(.*?)^```", (ROOT / "README.md").read_text(), re.M | re.S)
    assert len(found) == 1, f"README.md must have one block of {language}, has {len(found)}."
    return str(found[0])


# Names


def test_the_top_level_names_are_these() -> None:
    assert nl.__all__ == TOP_LEVEL


def test_every_public_module_has_a_sorted_all() -> None:
    wrong = [m.__name__ for m in modules() if not hasattr(m, "__all__")]
    none(wrong, "A public module has __all__:")

    def order(name: str) -> tuple[bool, bool, str]:  # constants, classes, the rest
        return not name.isupper(), name[:1].islower(), name

    wrong = [m.__name__ for m in modules() if list(m.__all__) != sorted(m.__all__, key=order)]
    none(wrong, "__all__ is sorted:")


# Signatures


def test_the_network_comes_first_and_is_positional_only() -> None:
    wrong = []
    for entry in public():
        if entry.kind != "function" or entry.name.startswith("netlink.testing."):
            continue  # assertions compare two networks, or look at a result
        takes = [p for p in entry.parameters if "Network" in str(p.annotation)]
        is_about_several = entry.name == "netlink.transform.combine"
        name = "networks" if is_about_several else "network"
        first = entry.parameters[0] if entry.parameters else None
        if takes and not (
            len(takes) == 1
            and takes[0] == first
            and first.name == name
            and first.kind is first.POSITIONAL_ONLY
        ):
            wrong.append(f"{entry.name}{inspect.signature(entry.code)}")
    none(wrong, "The network is the first argument, called 'network', and positional only:")


def test_after_the_entities_asked_about_everything_is_keyword_only() -> None:
    wrong = []
    for entry in public():
        if entry.kind in {"property", "class"}:
            continue
        by_place = [p.name for p in entry.parameters if p.kind is not p.KEYWORD_ONLY]
        if by_place[:1] == ["network"]:
            extra = [name for name in by_place[1:] if name not in ASKED_ABOUT]
        else:
            extra = by_place[2:]
        wrong += [f"{entry.name}: {name}" for name in extra]
    none(wrong, "After the network and the entities asked about, arguments are keyword only:")


def test_a_seed_is_keyword_only_and_never_none() -> None:
    wrong = []
    for entry in public():
        for p in entry.parameters:
            sound = p.kind is p.KEYWORD_ONLY and p.default == 0 and str(p.annotation) == "int"
            if p.name in {"seed", "random_state", "rng"} and not (sound and p.name == "seed"):
                wrong.append(f"{entry.name}: {p}")
    none(wrong, "Whatever draws at random takes '*, seed: int = 0':")


def test_no_public_signature_swallows_arguments() -> None:
    wrong = [
        f"{entry.name}: {p}"
        for entry in public()
        for p in entry.parameters
        if p.kind in {p.VAR_POSITIONAL, p.VAR_KEYWORD} and not entry.is_error
    ]
    none(wrong, "No *args and no **kwargs in public:")


def test_every_public_signature_is_annotated() -> None:
    wrong = []
    for entry in public():
        if entry.is_error and "__init__" not in vars(entry.code):
            continue
        bare = [p.name for p in entry.parameters if p.annotation is p.empty]
        if (
            entry.kind != "class"
            and inspect.signature(entry.code).return_annotation is inspect._empty
        ):
            bare.append("return")
        wrong += [f"{entry.name}: {name}" for name in bare]
    none(wrong, "Every parameter and every return is annotated:")


# Docstrings


def section(doc: str, title: str) -> str | None:
    """Return the text of a numpydoc section, or None where there is none."""
    found = re.search(
        rf"^{title}\n-{{{len(title)}}}\n(.*?)(?=^\w[\w ]*\n-{{3,}}\n|\Z)", doc, re.M | re.S
    )
    return found[1] if found else None


def test_every_public_name_has_a_short_summary() -> None:
    wrong = []
    for entry in public():
        summary = entry.doc.split("\n\n")[0]
        if not summary or "\n" in summary or not summary.endswith(".") or len(summary.split()) > 10:
            wrong.append(f"{entry.name}: {summary or 'no docstring'!r}")
    none(wrong, "The summary is one line, one sentence, at most ten words:")


def test_every_parameter_is_described() -> None:
    wrong = []
    for entry in public():
        if entry.kind == "property" or entry.is_error:
            continue
        text = (section(entry.doc, "Parameters") or "") + (section(entry.doc, "Attributes") or "")
        heads = [line.split(":")[0] for line in text.splitlines() if re.match(r"\w", line)]
        named = {name.strip(" *") for head in heads for name in head.split(",")}
        lacking = [p.name for p in entry.parameters if p.name not in named]
        if lacking:
            wrong.append(f"{entry.name}: {', '.join(lacking)}")
    none(wrong, "The section Parameters describes every parameter:")


def test_every_result_is_described() -> None:
    wrong = [
        entry.name
        for entry in public()
        if entry.kind in {"function", "method"}
        and inspect.signature(entry.code).return_annotation not in {"None", None}
        and section(entry.doc, "Returns") is None
        and section(entry.doc, "Yields") is None
    ]
    none(wrong, "The section Returns describes what comes back:")


def test_every_public_name_has_an_example() -> None:
    wrong = [
        entry.name
        for entry in public()
        if not entry.is_error and ">>>" not in (section(entry.doc, "Examples") or "")
    ]
    none(wrong, "The section Examples has an example that runs:")


# Layers and imports


def test_imports_go_one_way() -> None:
    contract = project()["tool"]["importlinter"]["contracts"][0]
    assert contract["type"] == "layers"
    assert contract["exhaustive"] is True
    command = [
        sys.executable,
        "-c",
        "from importlinter import cli; raise SystemExit(cli.lint_imports())",
    ]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_there_is_no_import_cycle() -> None:
    import grimp
    import networkx as nx

    graph = grimp.build_graph("netlink", exclude_type_checking_imports=True, cache_dir=None)
    ties = [(a, b) for a in graph.modules for b in graph.find_modules_directly_imported_by(a)]
    groups = nx.strongly_connected_components(nx.DiGraph(ties))
    none([" and ".join(sorted(group)) for group in groups if len(group) > 1], "No import cycle:")


def test_only_the_engine_imports_igraph() -> None:
    wrong = []
    for name, _, tree in files():
        typing_only = {
            line
            for part in ast.walk(tree)
            if isinstance(part, ast.If) and ast.unparse(part.test) == "TYPE_CHECKING"
            for line in range(part.lineno, (part.end_lineno or 0) + 1)
        }
        for line, module in imported(tree):
            is_igraph = module.split(".")[0] in {"igraph", "leidenalg"}
            if is_igraph and line not in typing_only and not name.endswith("netlink/_engine.py"):
                wrong.append(f"{name}:{line}")
    none(wrong, "Only _engine.py imports igraph:")


# What the library never does


def test_no_code_comes_from_data() -> None:
    names = {"eval", "exec", "compile", "__import__"}
    ends = ("read_pickle", "to_pickle", "Read_Pickle", "Write_Pickle", ".eval", "yaml.load")
    wrong = []
    for name, text, tree in files():
        wrong += [f"{name}:{n} {m}" for n, m in imported(tree) if m.split(".")[0] in RUNS_DATA]
        wrong += [f"{name}:{n} {c}" for n, c in called(tree) if c in names or c.endswith(ends)]
        if "allow_pickle=True" in text:
            wrong.append(f"{name} allow_pickle")
    none(wrong, "No pickle, eval, exec, yaml.load or shelve (R5):")


def test_the_library_stays_silent() -> None:
    setters = ("basicConfig", "dictConfig", "fileConfig", "addHandler", "setLevel")
    writers = ("sys.stdout.write", "sys.stderr.write")
    wrong = []
    for name, _, tree in files():
        for line, call in called(tree):
            if call in {"print", "pprint", *writers} or call.endswith(setters):
                wrong.append(f"{name}:{line} {call}")
    none(wrong, "No printing and no logging configuration:")


def test_the_library_reaches_no_network() -> None:
    wrong = [
        f"{name}:{line} {module}"
        for name, _, tree in files()
        for line, module in imported(tree)
        if module.split(".")[0] in REACHES_OUT
    ]
    none(wrong, "No module that reaches a network:")


# Size


def test_files_are_small() -> None:
    sizes = [(name, text.count("\n")) for name, text, _ in files()]
    none([f"{name}: {n} lines" for name, n in sizes if n > 400], "A file has at most 400 lines:")


def test_functions_are_small() -> None:
    wrong = []
    for name, _, tree in files():
        for part in ast.walk(tree):
            if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
                has_doc = ast.get_docstring(part) is not None and len(part.body) > 1
                body = part.body[1:] if has_doc else part.body
                size = (part.end_lineno or 0) - body[0].lineno + 1
                if size > 50:
                    wrong.append(f"{name}:{part.lineno} {part.name}: {size} lines")
    none(wrong, "A function has at most 50 lines without its docstring:")


# What stands around the code


def test_the_version_is_the_same_everywhere() -> None:
    changes = re.findall(r"^## \[(\d[^\]]*)\]", (ROOT / "CHANGELOG.md").read_text(), re.M)
    citation = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text(), re.M)
    stated = {
        "pyproject.toml": project()["project"]["version"],
        "CHANGELOG.md": changes[0],
        "CITATION.cff": citation[0],
    }
    none([f"{f}: {v}" for f, v in stated.items() if v != nl.__version__], f"{nl.__version__} in:")


def test_every_dependency_has_its_reason() -> None:
    text = (ROOT / "pyproject.toml").read_text("utf-8")
    wanted = [*project()["build-system"]["requires"], *project()["project"]["dependencies"]]
    for extra in project()["project"]["optional-dependencies"].values():
        wanted += [item for item in extra if not item.startswith(project()["project"]["name"])]
    wrong = [item for item in wanted if not re.search(rf'"{re.escape(item)}"[\],]*\s*# \S', text)]
    none(wrong, "Every dependency has a comment that says why:")


def test_the_readme_has_its_two_commands() -> None:
    assert readme_block("sh").splitlines() == COMMANDS


def test_the_code_of_the_readme_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    code = readme_block("python")
    assert 15 <= len([line for line in code.splitlines() if line.strip()]) <= 25
    names: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), names)
    leads = names["assessment"].leads("recruiter", n=10)
    assert len(leads) > 0
    assert any(tmp_path.rglob("manifest.json"))


def test_every_relationship_type_is_in_the_docs() -> None:
    path = ROOT / "docs" / "_ext" / "vocabulary_tables.py"
    spec = importlib.util.spec_from_file_location("vocabulary_tables", path)
    assert spec is not None
    assert spec.loader is not None
    tables = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tables)
    text = tables.relationship_types(vocabulary.default(), tables.meanings())
    wrong = [name for name in vocabulary.default().relationship_types if f"`{name}`" not in text]
    none(wrong, "The page of the vocabulary has every relationship type:")
    page = (ROOT / "docs" / "reference" / "vocabulary.md").read_text("utf-8")
    assert "{vocabulary} relationship_types" in page
