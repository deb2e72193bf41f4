"""Inputs that readers trip over, and what came of each: for a test, and for a page of the docs.

Each input is a file, or two (entities first), with the ends of the relationships it holds, or None
where no honest reader can take it. `python tests/hostile.py` asks netlink and its peers, each in a
process of its own, and writes docs/reference/hostile-inputs.md; nothing in that table is typed in.
"""

from __future__ import annotations

import gzip
import json
import os
import pickle
import warnings
import zipfile
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import apart
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Ends = list[tuple[str, str]] | None
    Make = Callable[[Path], Path | tuple[Path, Path]]

NAME = '<key id="n" for="node" attr.name="name" attr.type="string"/>'
PAGE = Path(__file__).parents[1] / "docs" / "reference" / "hostile-inputs.md"
CANARY = "CANARY"


@dataclass(frozen=True)
class Hostile:
    """An input: its name, the promise of the docs it belongs to, how to make it, what is in it."""

    name: str
    promise: str
    make: Make
    ends: Ends


# How they are made


def text(content: str, name: str = "t.csv", encoding: str = "utf-8") -> Make:
    return data(content.encode(encoding), name)


def data(content: bytes, name: str) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(content)
        return folder / name

    return make


def csv(*rows: str, header: str = "source,target") -> Make:
    return text("\n".join([header, *rows]) + "\n")


def frame(**columns: list[Any]) -> Make:
    def make(folder: Path) -> Path:
        pd.DataFrame({n: pd.Series(c) for n, c in columns.items()}).to_parquet(folder / "t.parquet")
        return folder / "t.parquet"

    return make


def both(entities: Make, relationships: Make) -> Make:
    def make(folder: Path) -> tuple[Path, Path]:
        made = []
        for part, name in ((entities, "entities"), (relationships, "relationships")):
            (folder / name).mkdir()
            made.append(part(folder / name))
        return made[0], made[1]  # type: ignore[return-value]

    return make


def people(*ids: str) -> Make:
    return csv(*(f"{name},person" for name in ids), header="entity_id,entity_type")


def zipped(name: str, **members: bytes) -> Make:
    def make(folder: Path) -> Path:
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as archive:
            for member, content in members.items():
                archive.writestr(member.replace("_", "."), content)
        return folder / name

    return make


def workbook(old: bytes = b"", new: bytes = b"") -> Make:
    def make(folder: Path) -> Path:
        table = pd.DataFrame({"source": ["007", "7"], "target": ["NA", "1e5"]})
        table.to_excel(folder / "plain.xlsx", index=False)
        with zipfile.ZipFile(folder / "plain.xlsx") as plain:
            parts = {name: plain.read(name) for name in plain.namelist()}
        with zipfile.ZipFile(folder / "t.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
            for name, part in parts.items():
                is_sheet = name.endswith("sheet1.xml")
                archive.writestr(name, part.replace(old, new) if is_sheet and old else part)
        return folder / "t.xlsx"

    return make


def sheets(fill: Callable[[Any], None]) -> Make:
    def make(folder: Path) -> Path:
        import openpyxl

        book = openpyxl.Workbook()
        fill(book)
        book.save(folder / "t.xlsx")
        return folder / "t.xlsx"

    return make


def _with_errors(book: Any) -> None:
    for row in (("source", "target"), ("#N/A", CANARY), ("#N/A", "b")):
        book.active.append(row)
    book.active["A2"].data_type = book.active["A3"].data_type = "e"


def _with_formula(book: Any) -> None:
    for row in (("source", "target"), ('=UPPER("a")', CANARY), ("a", "b")):
        book.active.append(row)


def _with_two(book: Any) -> None:
    for sheet, row in ((book.active, ("a", CANARY)), (book.create_sheet(CANARY), ("c", "d"))):
        sheet.append(("source", "target"))
        sheet.append(row)


def _with_merged(book: Any) -> None:
    for row in (("source", "target"), (CANARY, "b"), (None, "c")):
        book.active.append(row)
    book.active.merge_cells("A2:A3")


def _with_long(book: Any) -> None:
    # SIM cards; a workbook holds 15 to 17 digits of a number.
    for row in (("source", "target"), (8949200000000000001, 7), (8949200000000000002, 7)):
        book.active.append(row)


def _with_hidden(book: Any) -> None:
    book.active.sheet_state = "hidden"
    for sheet, row in ((book.active, ("x", "y")), (book.create_sheet(), ("a", "b"))):
        sheet.append(("source", "target"))
        sheet.append(row)


def latin_1_parquet(folder: Path) -> Path:
    import numpy as np
    import pyarrow as pa
    from pyarrow import parquet

    letters = f"{CANARY}\u00e9".encode("latin-1")
    ends = pa.py_buffer(np.array([0, len(letters)], np.int32))
    text = pa.StringArray.from_buffers(1, ends, pa.py_buffer(letters))
    parquet.write_table(pa.table({"source": text, "target": ["b"]}), folder / "t.parquet")
    return folder / "t.parquet"


class Payload:
    """Says that it ran by leaving a file."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, tuple[str, int]]:
        return os.open, (str(self.place), os.O_CREAT)


def bomb(name: str) -> Make:
    def make(folder: Path) -> Path:
        rows = b"source,target\n" + b"CANARY,b\n" * 8_000_000
        if name.endswith("gz"):
            return data(gzip.compress(rows), name)(folder)  # type: ignore[return-value]
        return zipped(name, t_csv=rows)(folder)  # type: ignore[return-value]

    return make


def pickled(name: str) -> Make:
    def make(folder: Path) -> Path:
        (folder / name).write_bytes(pickle.dumps(Payload(folder / "ran")))
        return folder / name

    return make


def graphml(body: str, before: str = "") -> Make:
    head = '<graphml xmlns="http://graphml.graphdrawing.org/xmlns">' + NAME
    graph = f'<graph edgedefault="directed">{body}</graph>'
    return text(f"{before}{head}{graph}</graphml>", "t.graphml")


def nodes(*ids: str) -> str:
    return "".join(f'<node id="{name}"/>' for name in ids)


def edge(source: str, target: str) -> str:
    return f'<edge source="{source}" target="{target}"/>'


TWO = [("a", "b"), ("b", "c")]
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'CANARY'>" + "".join(
    f"<!ENTITY {chr(98 + at)} '{f'&{chr(97 + at)};' * 10}'>" for at in range(9)
)


def twins(one: str, other: str) -> tuple[Make, Ends]:
    """Make two ids that are not one."""
    return csv(f"{one},x", f"{other},x"), [(one, "x"), (other, "x")]


def _ids() -> Iterator[Hostile]:
    pairs = {
        "leading zeros: 007 and 7": ("007", "7"),
        "scientific spelling: 1e5 and 100000": ("1e5", "100000"),
        "phones: +15550100 and 0015550100": ("+15550100", "0015550100"),
        "decimals: 1.0 and 1": ("1.0", "1"),
        "hexadecimal: 0x1F and 31": ("0x1F", "31"),
        "more digits than a double holds": ("12345678901234567890", "12345678901234567891"),
        "a person called NA": ("NA", "Ann"),
        "a person called None": ("None", "Ann"),
        "a person called null": ("null", "Ann"),
        "a person called nan": ("nan", "Ann"),
        "a person called True": ("True", "1"),
        "a person called inf": ("inf", "1"),
        "N/A": ("N/A", "Ann"),
        "a space before an id": (" 7", "7"),
        "a no-break space": ("A\u00a0B", "A B"),
        "composed and decomposed \u00e9": ("\u00e9", "e\u0301"),
        "a zero-width character": ("A\u200bB", "AB"),
        "a bidirectional control": ("A\u202eB", "AB"),
        "Cyrillic and Latin A": ("\u0410nn", "Ann"),
        "dates: 2024-01-01 and 2024-1-1": ("2024-01-01", "2024-1-1"),
        "thousands: 1_000 and 1000": ("1_000", "1000"),
        "NUL: a\\0b and a": ("a\0b", "a"),
        "upper and lower case": ("ANN", "ann"),
        "an emoji": ("\U0001f600", "x1"),
    }
    for name, pair in pairs.items():
        yield Hostile(name, "R9" if any(ord(c) > 127 for c in pair[0]) else "R8", *twins(*pair))
    formulas = [("=1+1", "x"), ("@x", "-x"), ("'=1", "+x")]
    yield Hostile("formulas", "R1", csv(*map(",".join, formulas)), formulas)
    quoted = [("a,b", 'a"b'), ("a\nb", "a\tb")]
    rows = [",".join('"' + cell.replace('"', '""') + '"' for cell in row) for row in quoted]
    yield Hostile("commas, quotes and line ends in cells", "R8", csv(*rows), quoted)
    long = "x" * 100_000
    yield Hostile("an id of 100,000 characters", "R8", csv(f"{long},y"), [(long, "y")])


def _missing() -> Iterator[Hostile]:
    yield Hostile("an id is missing", "R8", csv(f"{CANARY},b", ",b", "c,d"), None)
    yield Hostile("an id is blank", "R8", csv(f"{CANARY},b", "  ,b"), None)
    yield Hostile(
        "an id is missing in Parquet", "R8", frame(source=[CANARY, None], target=["b", "c"]), None
    )
    yield Hostile("every id is missing", "R8", csv(",", ","), None)
    lines = [{"source": 7, "target": CANARY}, {"source": "7", "target": CANARY}]
    mixed = "\n".join(map(json.dumps, lines))
    yield Hostile("the number 7 and the text 7", "R8", text(mixed, "t.jsonl"), None)
    yield Hostile("ids that are decimals", "R8", frame(source=[7.0, 8.5], target=["a", "b"]), None)
    yield Hostile(
        "ids that are true and false", "R8", frame(source=[True, False], target=["a", "b"]), None
    )
    yield Hostile(
        "ids that are bytes", "R8", frame(source=[b"CANARY", b"b"], target=["a", "b"]), None
    )
    yield Hostile(
        "one relationship to nobody known",
        "R8",
        both(people("a", "b"), csv("a,b", f"a,{CANARY}")),
        None,
    )
    yield Hostile(
        "two relationships to two unknown people",
        "R8",
        both(people("a", "b"), csv(f"a,{CANARY}1", f"b,{CANARY}2")),
        None,
    )
    yield Hostile(
        "an entity given twice", "R8", both(people(CANARY, CANARY, "b"), csv(f"{CANARY},b")), None
    )


def _shapes() -> Iterator[Hostile]:
    yield Hostile(
        "a short row", "R10", csv("a,b,1", f"{CANARY}", "c,d,2", header="source,target,n"), None
    )
    yield Hostile("a long row", "R10", csv("a,b", f"c,d,{CANARY}"), None)
    yield Hostile("a quote that does not end", "R10", csv('a,"b', f"{CANARY},d", "e,f"), None)
    yield Hostile("an empty file", "R10", text(""), None)
    yield Hostile("names of columns and no row", "R10", csv(), [])
    yield Hostile(
        "a column twice", "R10", csv(f"a,b,{CANARY}", header="source,target,source"), None
    )
    yield Hostile(
        "no names of columns", "R12", csv("a,b", header=f"{CANARY} Lopez,1990-02-03"), None
    )
    yield Hostile("semicolons", "R10", csv(f"{CANARY};b", header="source;target"), None)
    yield Hostile("empty lines", "R10", csv("a,b", "", "b,c", ""), TWO)
    yield Hostile(
        "a byte order mark", "R10", text("source,target\na,b\nb,c\n", encoding="utf-8-sig"), TWO
    )
    yield Hostile("line ends of Windows", "R10", text("source,target\r\na,b\r\nb,c\r\n"), TWO)
    yield Hostile(
        "Latin-1", "R10", text(f"source,target\n{CANARY}\u00e9,b\n", encoding="latin-1"), None
    )
    yield Hostile("UTF-16", "R10", text(f"source,target\n{CANARY},b\n", encoding="utf-16"), None)
    calls = csv("a,b,communicated", "a,b,paid", header="source,target,relationship_type")
    yield Hostile("a call and a payment of one pair", "R8", calls, [("a", "b"), ("a", "b")])
    same = [("a", "b"), ("a", "b"), ("b", "a")]
    yield Hostile("rows that repeat another", "R10", csv(*map(",".join, same)), same)
    yield Hostile(
        "a period that ends before it starts",
        "R11",
        csv("a,b,2024-03-02,2024-03-01", header="source,target,start,end"),
        [("a", "b")],
    )
    yield Hostile("a person tied to themselves", "R10", csv("a,a", "a,b"), [("a", "a"), ("a", "b")])
    path = [(f"n{at}", f"n{at + 1}") for at in range(100_000)]
    yield Hostile("a path of 100,000", "R10", csv(*map(",".join, path)), path)
    yield Hostile("100,000 parallel rows", "R10", csv(*["a,b"] * 100_000), [("a", "b")] * 100_000)


def _cells() -> Iterator[Hostile]:
    for name, cell in {
        "NaN": "NaN", "infinite": "inf", "negative": "-1", "missing": "", "text": "CANARY",
        "with a comma for a point": '"1,5"',
    }.items():  # fmt: skip
        rows = csv("a,b,1", f"CANARY,c,{cell}", header="source,target,weight")
        yield Hostile(f"a weight that is {name}", "R10", rows, None)
    for name, cell in {
        "day and month that may be swapped": "03/04/2024",
        "30 February": "2024-02-30",
        "a time of day without a zone": "2024-01-01 10:00:00",
        "year 0": "0000-01-01",
    }.items():
        yield Hostile(name, "R11", csv(f"{CANARY},b,{cell}", header="source,target,start"), None)
    row = '{"source": "a", "target": "CANARY"'
    yield Hostile(
        "a key twice in a line of JSON", "R8", text(row + ', "source": "b"}', "t.jsonl"), None
    )
    yield Hostile(
        "half a character in JSON", "R9", text(row + ', "n": "\\ud800"}', "t.jsonl"), None
    )
    yield Hostile("a line that is no object", "R10", text(row + "}\n[1]", "t.jsonl"), None)
    yield Hostile("100,000 brackets in JSON", "R6", text("[" * 100_000, "t.jsonl"), None)


def _files() -> Iterator[Hostile]:
    rows = b"source,target\n" + b"CANARY,b\n" * 1000
    yield Hostile("a bomb in gzip", "R6", bomb("t.csv.gz"), None)
    yield Hostile("a bomb in zip", "R6", bomb("t.csv.zip"), None)
    yield Hostile(
        "gzip that is cut off", "R6", data(gzip.compress(rows[:9000])[:-20], "t.csv.gz"), None
    )
    yield Hostile(
        "a zip of two files", "R6", zipped("t.csv.zip", a_csv=rows[:50], b_csv=rows[:50]), None
    )
    yield Hostile("a pickle", "R5", pickled("t.pickle"), None)
    yield Hostile("a pickle that is called CSV", "R5", pickled("t.csv"), None)
    yield Hostile(
        "a workbook with text that looks like numbers",
        "R8",
        workbook(),
        [("007", "NA"), ("7", "1e5")],
    )
    entity = b"<!DOCTYPE x [<!ENTITY a 'CANARY'>]><worksheet"
    yield Hostile("a workbook with a DOCTYPE", "R2", workbook(b"<worksheet", entity), None)
    yield Hostile("an error of a formula for an id", "R8", sheets(_with_errors), None)
    yield Hostile("a formula without its result", "R8", sheets(_with_formula), None)
    yield Hostile("a hidden sheet before the table", "R8", sheets(_with_hidden), [("a", "b")])
    yield Hostile("two sheets with a table each", "R8", sheets(_with_two), None)
    yield Hostile("an id that stands in merged cells", "R8", sheets(_with_merged), None)
    yield Hostile("two numbers of 19 digits in a workbook", "R8", sheets(_with_long), None)
    yield Hostile("Latin-1 in Parquet", "R10", latin_1_parquet, None)
    yield Hostile("a file that is no Parquet", "R10", data(b"CANARY" * 20, "t.parquet"), None)


def _graphs() -> Iterator[Hostile]:
    plain = f"{nodes('a', 'b', 'c')}{edge('a', 'b')}{edge('b', 'c')}"
    yield Hostile("GraphML as it should be", "R2", graphml(plain), TWO)
    laughs = "<node id='a'><data key='n'>&j;</data></node>"
    yield Hostile("a billion laughs", "R2", graphml(laughs, LAUGHS + "]>"), None)
    outside = "<!DOCTYPE x [<!ENTITY j SYSTEM 'file:///etc/hostname'>]>"
    yield Hostile("an entity from another file", "R2", graphml(laughs, outside), None)
    yield Hostile(
        "100,000 elements in each other", "R2", graphml("<a>" * 100_000 + "</a>" * 100_000), None
    )
    yield Hostile(
        "an attribute of 20 MB",
        "R2",
        graphml(f"{nodes('x' * 20_000_000)}"),
        None,
    )
    yield Hostile(
        "GraphML that is cut off", "R2", text("<graphml><graph>" + nodes(CANARY), "t.graphml"), None
    )
    lost = f"{nodes('a')}{edge('a', CANARY)}"
    yield Hostile("an edge to a node that is not there", "R8", graphml(lost), None)
    again = f"{nodes(CANARY, CANARY)}"
    yield Hostile("a node given twice", "R8", graphml(again), None)
    zeros = f"{nodes('007', '7', 'NA')}{edge('007', '7')}{edge('7', 'NA')}"
    yield Hostile(
        "ids in GraphML: 007, 7 and NA", "R8", graphml(zeros), [("007", "7"), ("7", "NA")]
    )
    pair = f"{nodes('a', 'b')}{edge('a', 'b') * 2}"
    yield Hostile("parallel edges in GraphML", "R8", graphml(pair), [("a", "b"), ("a", "b")])


INPUTS = tuple(
    found for part in (_ids, _missing, _shapes, _cells, _files, _graphs) for found in part()
)

# How each library is asked for the ends of all relationships: as its documentation reads a file


def netlink(paths: tuple[Path, ...]) -> list[tuple[str, str]]:
    import netlink as nl

    if paths[-1].suffix == ".graphml":
        rows = nl.read_graphml(paths[-1]).relationships
    else:
        rows = nl.read_tables(None if len(paths) == 1 else paths[0], paths[-1]).relationships
    return list(zip(rows["source"], rows["target"], strict=True))


def _table(path: Path) -> pd.DataFrame:
    readers: dict[str, Callable[..., Any]] = {
        ".parquet": pd.read_parquet,
        ".jsonl": lambda path: pd.read_json(path, lines=True),
        ".xlsx": pd.read_excel,
        ".pickle": pd.read_pickle,
    }
    found: pd.DataFrame = readers.get(path.suffix, pd.read_csv)(path)
    return found


def pandas(paths: tuple[Path, ...]) -> list[tuple[str, str]] | None:
    if paths[-1].suffix == ".graphml":
        return None
    rows = [_table(path) for path in paths][-1]
    return list(zip(rows["source"], rows["target"], strict=True))


def networkx(paths: tuple[Path, ...]) -> list[tuple[str, str]] | None:
    import networkx as nx

    if paths[-1].suffix == ".pickle":
        return None
    if paths[-1].suffix == ".graphml":
        return list(nx.read_graphml(paths[-1]).edges())
    rows = _table(paths[-1])
    more = True if len(rows.columns) > 2 else None  # it raises where there are no more columns
    graph = nx.from_pandas_edgelist(rows, edge_attr=more, create_using=nx.MultiDiGraph)
    if len(paths) > 1:
        graph.add_nodes_from(_table(paths[0])["entity_id"])
    return list(graph.edges())


def igraph(paths: tuple[Path, ...]) -> list[tuple[str, str]]:
    import igraph as ig

    if paths[-1].suffix == ".graphml":
        graph, name = ig.Graph.Read_GraphML(str(paths[-1])), "id"
    elif paths[-1].suffix == ".pickle":
        graph, name = ig.load(str(paths[-1])), "name"
    else:
        rows = _table(paths[-1])
        ends = ["source", "target"]
        rows = rows[ends + [name for name in rows if name not in ends]]
        people = _table(paths[0]) if len(paths) > 1 else None
        graph = ig.Graph.DataFrame(rows, directed=True, vertices=people, use_vids=False)
        name = "name"
    names = graph.vs[name]
    return [(names[one], names[other]) for one, other in graph.get_edgelist()]


LIBRARIES: dict[str, Callable[[tuple[Path, ...]], list[tuple[str, str]] | None]] = {
    "netlink": netlink,
    "networkx": networkx,
    "igraph": igraph,
    "pandas": pandas,
}


def outcome(library: str, given: Hostile, folder: Path) -> str:
    """Ask a library and say in a few words what came of it."""
    made = given.make(folder)
    paths = made if isinstance(made, tuple) else (made,)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = LIBRARIES[library](paths)
    except Exception as error:
        if (folder / "ran").exists():
            return "runs its code"
        shown, seen = [], error
        while seen is not None:  # what a traceback shows
            shown.append(str(seen))
            seen = seen.__cause__ or (None if seen.__suppress_context__ else seen.__context__)
        return "error that shows data" if any(CANARY in part for part in shown) else "clean error"
    if (folder / "ran").exists():
        return "runs its code"
    if found is None:
        return "no reader"
    if given.ends is None:
        return "silent"
    is_same = sorted(map(repr, found)) == sorted(map(repr, given.ends))
    return "correct" if is_same else "silent"


# The page


def _asks(library: str) -> list[Callable[[Path], str]]:
    return [partial(outcome, library, given) for given in INPUTS]


def outcomes(library: str) -> list[str]:
    """Ask a library about every input."""
    return apart.outcomes(__file__, library, len(INPUTS))


HEAD = """# Hostile inputs

What netlink does with files that readers trip over, beside its peers. `python tests/hostile.py`
writes this page by asking each of them as its documentation reads a file, in a process of its own:
{versions}.

| outcome | meaning |
|---|---|
| correct | every relationship is there, between the ids as they stand in the file |
| clean error | an exception, and no traceback shows a cell of the file |
| error that shows data | an exception that holds a cell, and so do logs and shared notebooks |
| silent | people joined, made up or lost, or what no reader can know taken, without a word |
| runs its code | reading the file ran a program that was in it |
| crash | the process ended |
| no reader | it reads no such file |

For networkx and igraph tables go through pandas, as their documentation has it. Where netlink says
"clean error", its message gives columns, row numbers and counts, and `on_invalid="reject"` sets
single rows aside. Rows that repeat another and periods that end before they start are claims that
somebody made: all keep them, and netlink's ledger counts them.

"""


def page() -> str:
    """Ask everybody and write the page."""
    from importlib.metadata import version

    names = ", ".join(f"{n} {version(n)}" for n in ("networkx", "igraph", "pandas"))
    found = {library: outcomes(library) for library in LIBRARIES}
    lines = ["| input | promise | " + " | ".join(LIBRARIES) + " |", "|---" * 6 + "|"]
    for at, given in enumerate(INPUTS):
        cells = [given.name, given.promise, *(found[library][at] for library in LIBRARIES)]
        lines.append("| " + " | ".join(cells) + " |")
    counts = {n: {w: of.count(w) for w in dict.fromkeys(of)} for n, of in found.items()}
    told = [
        f"- **{name}:** " + ", ".join(f"{n} {words}" for words, n in sorted(of.items())) + "."
        for name, of in counts.items()
    ]
    return HEAD.format(versions=names) + "\n".join([*told, "", *lines]) + "\n"


if __name__ == "__main__":
    apart.main(str(__doc__), _asks, page, PAGE)
