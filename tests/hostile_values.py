"""Values that writers trip over, and what came of each: for a test, and for a page of the docs.

Each value stands in two entities, as their ids or in a column of the user's own, with one
relationship between them. It is written, read back by the same library's reader, and compared.
`python tests/hostile_values.py` asks netlink and its peers, each in a process of its own, and
writes docs/reference/hostile-values.md; nothing in that table is typed in.
"""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import json
import math
import warnings
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apart
import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Found = dict[Any, Any] | None  # cell by id; None: no reader

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "hostile-values.md"
CANARY = "CANARY"
RUNS = tuple("=+-@|%\t\r\n\0\uff1d\uff0b\uff0d\uff20")


@dataclass(frozen=True)
class Value:
    """Two values, the promise of the docs they belong to, and where they stand."""

    name: str
    promise: str
    pair: tuple[Any, Any]
    is_id: bool = False

    @property
    def ids(self) -> list[Any]:
        return list(self.pair) if self.is_id else ["a", "b"]

    @property
    def cells(self) -> list[Any]:
        return ["x", "y"] if self.is_id else list(self.pair)


def _texts() -> Iterator[Value]:
    """Texts, each as a cell beside a plain one and as an id beside another."""
    for name, promise, text in [
        ("a control character", "R7", "CANARY\x0bb"),
        ("an escape character", "R7", "\x1b[31mCANARY"),
        ("NUL", "R7", "CANARY\0b"),
        ("half a surrogate pair", "R7", "CANARY\ud800"),
        ("U+FFFE, which XML forbids", "R7", "CANARY\ufffe"),
        ("a next-line character", "R7", "CANARY\x85b"),
        ("what looks like a spelled control character", "R7", "CANARY_x000B_"),
        ("an equals sign in front", "R1", "=CANARY|' /C calc'!A0"),
        ("a plus in front", "R1", "+15550100CANARY"),
        ("a minus in front", "R1", "-2+3CANARY"),
        ("an at sign in front", "R1", "@SUM(CANARY)"),
        ("a tab in front", "R1", "\t=CANARY"),
        ("a carriage return in front", "R1", "\r=CANARY"),
        ("a full-width equals sign in front", "R1", "\uff1dCANARY"),
        ("an apostrophe in front", "R1", "'=CANARY"),
        ("a line feed", "R7", "CANARY\nb"),
        ("a carriage return", "R7", "CANARY\rb"),
        ("a line end of Windows", "R7", "CANARY\r\nb"),
        ("quotes", "R7", "\"CANARY\" 'b'"),
        ("separators", "R7", "CANARY,b;c|d"),
        ("spaces at both ends", "R7", " CANARY "),
        ("markup", "R3", "<script>alert('CANARY')</script>&amp;"),
        ("the end of CDATA", "R7", "CANARY]]>"),
        ("a backslash and an n", "R7", "CANARY\\n"),
        ("a zero-width character", "R9", "CAN\u200bARY"),
        ("a bidirectional override", "R9", "\u202eCANARY"),
        ("a byte order mark in front", "R9", "\ufeffCANARY"),
        ("an emoji", "R9", "\U0001f600CANARY"),
        ("40,000 characters", "R7", "CANARY" + "x" * 40_000),
        ("a path that climbs", "R4", "../CANARY"),
        ("slashes and dots", "R4", "/etc/CANARY/./.."),
        ("a reserved name of Windows", "R4", "CON"),
        ("a reserved name with an ending", "R4", "nul.txt"),
        ("mathematics for a picture", "R7", "$\\frac{CANARY}$"),
    ]:
        yield Value(f"{name}, in a cell", promise, (text, "plain"))
        yield Value(f"{name}, in an id", promise, (text, "plain"), is_id=True)


def _twins() -> Iterator[Value]:
    for name, promise, pair in [
        ("leading zeros: 007 and 7", "R8", ("007", "7")),
        ("1e5 and 100000", "R8", ("1e5", "100000")),
        ("+15550100 and 15550100", "R8", ("+15550100", "15550100")),
        ("NA and nan", "R8", ("NA", "nan")),
        ("None and null", "R8", ("None", "null")),
        ("True and true", "R8", ("True", "true")),
        ("composed and decomposed \u00e9", "R9", ("\u00e9", "e\u0301")),
        ("upper and lower case", "R8", ("ANN", "ann")),
        ("a\\0b and a", "R8", ("a\0b", "a")),
        ("12345678901234567890 and ...1", "R8", ("12345678901234567890", "12345678901234567891")),
    ]:
        yield Value(f"two ids: {name}", promise, pair, is_id=True)
        yield Value(f"two cells: {name}", promise, pair)
    yield Value("two ids: the number 7 and the text 7", "R8", (7, "7"), is_id=True)
    yield Value("two cells: the number 7 and the text 7", "R7", (7, "7"))
    yield Value("two cells: an empty text and a missing one", "R7", ("", None))


def _cells() -> Iterator[Value]:
    moment = dt.datetime(2024, 3, 5, 10, 30, tzinfo=dt.UTC)
    for name, pair in {
        "a missing cell": ("x", None),
        "NaN": (0.5, math.nan),
        "infinity": (math.inf, -math.inf),
        "2^53 + 1": (2**53 + 1, 1),
        "2^63 - 1": (2**63 - 1, 1),
        "2^70": (2**70, 1),
        "a number with many digits": (0.1 + 0.2, 1e-300),
        "minus zero": (-0.0, 0.5),
        "true and false": (True, False),
        "true, and a missing one": (True, None),
        "a number and a text": (1.5, "CANARY"),
        "a list": (["CANARY", "b"], []),
        "a list with a missing part": (["CANARY", None], ["x"]),
        "a dictionary": ({"CANARY": 1}, {}),
        "a date": (dt.date(2024, 3, 5), dt.date(2024, 3, 6)),
        "a date before 1900": (dt.date(1066, 10, 14), dt.date(1, 1, 1)),
        "a moment before 1900": (dt.datetime(1066, 10, 14, 9, tzinfo=dt.UTC), moment),
        "a moment after 2262": (dt.datetime(3000, 1, 1, tzinfo=dt.UTC), moment),
        "a moment in a zone": (moment, moment.astimezone(dt.timezone(dt.timedelta(hours=2)))),
        "a moment without a zone": (dt.datetime(2024, 3, 5, 10), dt.datetime(2024, 3, 6)),
        "a moment, and a missing one": (moment, None),
        "bytes": (b"CANARY", b"\xff"),
    }.items():
        yield Value(f"{name}, in a cell", "R7", pair)


VALUES = tuple(found for part in (_texts, _twins, _cells) for found in part())


# How each library writes and reads back: a map of cells by id


def _frame(value: Value) -> pd.DataFrame:
    cells = pd.Series(value.cells, dtype=object)
    with contextlib.suppress(Exception):  # the type that a table of one's own would have
        cells = pd.DataFrame({"cell": value.cells})["cell"]
    return pd.DataFrame({"entity_id": pd.Series(value.ids, dtype=object), "cell": cells})


@cache
def _published(at: int) -> Any:
    """What netlink would write of a value; an error where it takes none."""
    import netlink as nl
    from netlink.export import redaction

    value = VALUES[at]
    entities = _frame(value).assign(entity_type="person")
    rows = pd.DataFrame({"source": value.ids[:1], "target": value.ids[1:]}, dtype=object)
    network = nl.read_tables(entities, rows.assign(relationship_type="met"))
    case = nl.cases.build(network, around=network.entities.index, hops=1)
    policy = nl.export.Policy(names="all", name_protected=True, columns=("cell",))
    return redaction.publish(case, policy)


def netlink(form: str, value: Value, folder: Path) -> Found:
    from netlink import export

    published = _published(VALUES.index(value))
    for name, chunks in export._WRITERS[form](published):
        data = b"".join(c.encode() if isinstance(c, str) else c for c in chunks)
        (folder / name).write_bytes(data)
    found = _NETLINK[form](folder)
    # What a format cannot hold as it is and the manifest counts is told, where text is left of it.
    lost = {key for key in published.losses if key[0] == form and key[2] in ("cell", "entity_id")}
    return {"told": bool(lost), "cells": found}


def _netlink_csv(folder: Path) -> dict[Any, Any]:
    import netlink as nl

    _check_cells(
        row for row in csv.reader((folder / "entities.csv").open(newline="", encoding="utf-8"))
    )
    schema = nl.Schema.load(folder / "schema.toml")
    return _cells_of(
        nl.read_tables(folder / "entities.csv", folder / "relationships.csv", schema=schema)
    )


def _netlink_excel(folder: Path) -> dict[Any, Any]:
    from openpyxl.utils.escape import unescape

    from netlink.ingest import escapes

    def shown(cell: Any) -> Any:
        # Excel shows _x000B_ as the character; openpyxl leaves that to its caller.
        return escapes.unmarked(unescape(cell)) if isinstance(cell, str) else cell

    found = _sheet(folder / "case.xlsx", "Entities")
    return {shown(name): shown(cell) for name, cell in found.items()}


def _cells_of(network: Any) -> dict[Any, Any]:
    table = network.entities
    cells = table["cell"] if "cell" in table else [None] * len(table)
    return dict(zip(table.index, cells, strict=True))


def _netlink_parquet(folder: Path) -> dict[Any, Any]:
    import netlink as nl

    return _cells_of(nl.read_tables(folder / "entities.parquet", folder / "relationships.parquet"))


def _graph(reader: str, name: str) -> Callable[[Path], dict[Any, Any]]:
    def read(folder: Path) -> dict[Any, Any]:
        import netlink as nl

        return _cells_of(getattr(nl, reader)(folder / name))

    return read


_NETLINK: dict[str, Callable[[Path], dict[Any, Any]]] = {
    "graphml": _graph("read_graphml", "network.graphml"),
    "gexf": _graph("read_gexf", "network.gexf"),
    "json": _graph("read_node_link", "network.json"),
    "csv": _netlink_csv,
    "excel": _netlink_excel,
    "parquet": _netlink_parquet,
}


class Runs(Exception):  # noqa: N818 (no error: an outcome)
    """A spreadsheet would run a cell as a formula."""


def _check_cells(rows: Iterator[list[Any]]) -> None:
    for row in rows:
        for cell in row:
            try:
                float(cell)
            except ValueError:
                if cell.startswith(RUNS):
                    raise Runs from None


def _sheet(path: Path, name: str | None = None) -> dict[Any, Any]:
    from openpyxl import load_workbook

    book = load_workbook(path)
    rows = list((book[name] if name else book.active).iter_rows())
    if any(cell.data_type == "f" for row in rows for cell in row):
        raise Runs
    header = [cell.value for cell in rows[0]]
    at, place = header.index("entity_id"), header.index("cell") if "cell" in header else None
    return {
        row[at].value: None if place is None or place >= len(row) else row[place].value
        for row in rows[1:]
    }


def networkx(form: str, value: Value, folder: Path) -> Found:
    import networkx as nx

    graph = nx.MultiDiGraph()
    for name, cell in zip(value.ids, value.cells, strict=True):
        graph.add_node(name, cell=cell)
    graph.add_edge(*value.ids)
    path = folder / "t"
    if form == "graphml":
        nx.write_graphml(graph, path)
        found = nx.read_graphml(path)
    elif form == "gexf":
        nx.write_gexf(graph, path)
        found = nx.read_gexf(path)
    else:
        with path.open("w", encoding="utf-8") as stream:
            json.dump(nx.node_link_data(graph), stream)
        found = nx.node_link_graph(json.loads(path.read_text("utf-8")))
    return {name: data.get("cell") for name, data in found.nodes(data=True)}


def igraph(form: str, value: Value, folder: Path) -> Found:
    import igraph as ig

    graph = ig.Graph(2, [(0, 1)])
    graph.vs["name"], graph.vs["cell"] = value.ids, value.cells
    path = str(folder / "t")
    if form == "graphml":
        graph.write_graphml(path)
        found = ig.Graph.Read_GraphML(path)
    else:
        graph.write_gml(path)
        found = ig.Graph.Read_GML(path)
    cells = found.vs["cell"] if "cell" in found.vs.attributes() else [None] * found.vcount()
    return dict(zip(found.vs["name"], cells, strict=True))


def pandas(form: str, value: Value, folder: Path) -> Found:
    table = _frame(value)
    path = folder / "t"
    if form == "csv":
        table.to_csv(path, index=False)
        _check_cells(row for row in csv.reader(path.open(newline="", encoding="utf-8")))
        found = pd.read_csv(path)
    elif form == "excel":
        path = folder / "t.xlsx"
        table.to_excel(path, index=False)
        _sheet(path)
        found = pd.read_excel(path)
    elif form == "json":
        table.to_json(path, orient="records", lines=True)
        found = pd.read_json(path, orient="records", lines=True)
    else:
        table.to_parquet(path)
        found = pd.read_parquet(path)
    return dict(zip(found["entity_id"], found["cell"], strict=True))


LIBRARIES: dict[str, tuple[Callable[[str, Value, Path], Found], tuple[str, ...]]] = {
    "netlink": (netlink, tuple(_NETLINK)),
    "networkx": (networkx, ("graphml", "gexf", "json")),
    "igraph": (igraph, ("graphml", "gml")),
    "pandas": (pandas, ("csv", "excel", "json", "parquet")),
}


# What came of it


def _same(given: Any, found: Any) -> bool:
    if _missing(given) or _missing(found):
        return _missing(given) and _missing(found)
    if isinstance(found, np.ndarray):
        found = found.tolist()
    if isinstance(found, np.generic):
        found = found.item()
    if isinstance(given, list | dict):
        return bool(given == found)
    if isinstance(given, bool) != isinstance(found, bool):
        return False
    if isinstance(given, dt.date) and isinstance(found, dt.date):
        one, other = (pd.Timestamp(each) for each in (given, found))
        return (one.tzinfo is None) == (other.tzinfo is None) and one == other
    if isinstance(given, int | float) and isinstance(found, int | float):
        return given == found and math.copysign(1, given) == math.copysign(1, found)
    return type(given) is type(found) and bool(given == found)


def _missing(value: Any) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (
        isinstance(value, float) and math.isnan(value)
    )  # fmt: skip


def _is_text_of(given: Any, found: Any) -> bool:
    """Tell whether a text says the value whole."""
    if not isinstance(found, str) or isinstance(given, str) or _missing(given):
        return False
    spelled = {str(given), repr(given)}
    if isinstance(given, bool):
        spelled |= {str(given).lower()}
    if isinstance(given, float) and math.isinf(given):
        spelled |= {"INF" if given > 0 else "-INF"}
    if isinstance(given, dt.date):
        spelled |= {given.isoformat()}
        with contextlib.suppress(ValueError):
            if _same(given, dt.datetime.fromisoformat(found)):
                return True
    if isinstance(given, list | dict):
        with contextlib.suppress(ValueError):
            return bool(json.loads(found) == given)
    return found in spelled


def _judged(value: Value, found: dict[Any, Any]) -> str:
    otherwise = "silent"
    if set(found) == {"told", "cells"}:
        otherwise, found = "told" if found["told"] else "silent", found["cells"]
    if len(found) != 2 or any(name not in found for name in value.ids):
        return otherwise
    pairs = [(cell, found[name]) for name, cell in zip(value.ids, value.cells, strict=True)]
    if all(_same(given, got) for given, got in pairs):
        return "correct"
    if all(_same(given, got) or _is_text_of(given, got) for given, got in pairs):
        return "as text"
    return otherwise


def outcome(library: str, form: str, value: Value, folder: Path) -> str:
    """Ask a library to write and read a value, and say in a few words what came of it."""
    ask, _ = LIBRARIES[library]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = ask(form, value, folder)
    except Runs:
        return "runs"
    except Exception as error:
        if any(folder.iterdir()):  # it wrote something, and nobody can read it
            raised_by_writer = any(
                "write" in frame.name or "to_" in frame.name or "dump" in frame.name
                for frame in _frames(error)
            )
            return "broken file" if raised_by_writer else "silent"
        shown, seen = [], error
        while seen is not None:  # what a traceback shows
            shown.append(str(seen))
            seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        return "error that shows data" if any(CANARY in part for part in shown) else "clean error"
    return "no reader" if found is None else _judged(value, found)


def _frames(error: BaseException) -> Any:
    import traceback

    return traceback.extract_tb(error.__traceback__)


# The page


def _asked(library: str) -> list[tuple[str, Value]]:
    return [(form, value) for value in VALUES for form in LIBRARIES[library][1]]


def _asks(library: str) -> list[Callable[[Path], str]]:
    return [partial(outcome, library, form, value) for form, value in _asked(library)]


def outcomes(library: str) -> dict[tuple[str, str], str]:
    """Ask a library about every value and format."""
    asked = _asked(library)
    found = apart.outcomes(__file__, library, len(asked))
    return {(value.name, form): of for (form, value), of in zip(asked, found, strict=True)}


HEAD = """# Hostile values

What netlink's writers do with values that writers trip over, beside its peers. `python
tests/hostile_values.py` writes this page: each value stands in two entities, is written and read
back by the same library, and compared, in a process of its own: {versions}.
What netlink writes for other programs, without a reader of its own, is checked in
`tests/test_hostile_values.py`.

| outcome | meaning |
|---|---|
| correct | it reads back as it was |
| as text | it reads back as a text that says all of it |
| told | less of it reads back, and the manifest counts that by format and column |
| clean error | an exception, no file, and no traceback shows a cell |
| error that shows data | an exception, no file, and it holds a cell, and so do logs and notebooks |
| broken file | an exception, and what was written lies there, empty or in part |
| runs | a spreadsheet would run the cell as a formula |
| silent | it reads back as something else, not at all, or the file cannot be read; without a word |
| crash | the process ended |

Where netlink says "clean error", no file can hold the value: half a character, or ids of which
nobody can know whether 7 and "7" are one. Where it says "told", the format has no place for it: CSV
knows no missing value beside an empty text, and a cell of Excel holds 32,767 characters.

"""


def table() -> tuple[list[str], list[list[str]]]:
    """Ask everybody; names of columns and the rows."""
    found = {library: outcomes(library) for library in LIBRARIES}
    header = ["value", "promise"]
    header += [f"{library} {form}" for library, (_, forms) in LIBRARIES.items() for form in forms]
    rows = [
        [
            value.name,
            value.promise,
            *(
                found[library][value.name, form]
                for library, (_, forms) in LIBRARIES.items()
                for form in forms
            ),
        ]
        for value in VALUES
    ]
    return header, rows


def page() -> str:
    """Ask everybody and write the page."""
    from importlib.metadata import version

    names = ", ".join(f"{n} {version(n)}" for n in ("networkx", "igraph", "pandas"))
    header, rows = table()
    told = []
    for library in LIBRARIES:
        of = [row[at] for row in rows for at, name in enumerate(header) if name.startswith(library)]
        counts = ", ".join(f"{of.count(words)} {words}" for words in sorted(set(of)))
        told.append(f"- **{library}:** {counts}.")
    lines = ["| " + " | ".join(header) + " |", "|---" * len(header) + "|"]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return HEAD.format(versions=names) + "\n".join([*told, "", *lines]) + "\n"


if __name__ == "__main__":
    apart.main(str(__doc__), _asks, page, PAGE)
