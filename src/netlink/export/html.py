"""One static page to read and print: no script, nothing fetched, people to reach first."""

from __future__ import annotations

import base64
import hashlib
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from netlink.export.values import visible, written
from netlink.ingest import describe

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from netlink.export.redaction import Published

_STYLE = """
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 62rem; padding: 1.5rem; color: #1d2330; background: #fff;
  font: 15px/1.5 system-ui, "Segoe UI", "DejaVu Sans", Arial, sans-serif; }
h1 { font-size: 1.7rem; margin: 0 0 .3rem; }
h2 { font-size: 1.25rem; margin: 2.2rem 0 .5rem; padding-bottom: .2rem;
  border-bottom: 2px solid #d5dae3; }
h3 { font-size: 1.02rem; margin: 1.4rem 0 .3rem; }
p, li { max-width: 46rem; }
.note { border-left: 4px solid #b07a1e; background: #fdf6e9; padding: .6rem .9rem;
  max-width: 44rem; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: .87rem; margin: .5rem 0; width: 100%; }
th { text-align: left; background: #eef1f6; font-weight: 600; }
th, td { padding: .28rem .55rem; border-bottom: 1px solid #dfe3ea; vertical-align: top; }
td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td.id { font-family: ui-monospace, "DejaVu Sans Mono", monospace; font-size: .82rem;
  overflow-wrap: anywhere; }
table.ranking { table-layout: fixed; min-width: 40rem; }
table.ranking th:nth-child(1) { width: 3.2rem; }
table.ranking th:nth-child(2) { width: 6.5rem; }
table.ranking th:nth-child(3) { width: 5.5rem; }
table.evidence { table-layout: fixed; min-width: 40rem; }
table.evidence th:nth-child(1) { width: 3.6rem; }
table.evidence th:nth-child(3) { width: 13rem; }
tr.against td { color: #6a5140; }
ul.records { margin: .2rem 0 0; padding: 0; font-size: .74rem;
  font-family: ui-monospace, "DejaVu Sans Mono", monospace; color: #4a5468; list-style: none; }
ul.records li { display: inline-block; max-width: 100%; margin-right: .8em;
  overflow-wrap: anywhere; }
img { max-width: 100%; height: auto; border: 1px solid #dfe3ea; }
summary { cursor: pointer; color: #33507a; font-size: .82rem; }
footer { margin-top: 2.5rem; font-size: .8rem; color: #4a5468;
  border-top: 1px solid #dfe3ea; padding-top: .6rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  h2, h3 { break-after: avoid; } tr, img { break-inside: avoid; }
  thead { display: table-header-group; }
  .scroll { overflow: visible; } details::details-content { content-visibility: visible; }
}
"""
_FEW = 5
_LIMITS = (
    "A lead is not a verdict. A score orders records for a person to read; it is no probability of "
    "guilt and no ground for a measure against anybody.",
    "The weights of the role model are declared, not learned from cases, and not validated on "
    "casework.",
    "What is not in the records is not here. Relationships at the rim of the case are cut off, and "
    "entities with many neighbors were not walked through.",
    "A pseudonym hides a name, not a pattern: who knows a person's ties and dates may recognize "
    "the person.",
    "Ranks are those of the whole network. The interval says where the rank falls when a fifth of "
    "the records is missing at random; real gaps come in blocks and hurt more.",
)


def files(
    published: Published, facts: dict[str, Any], picture: bytes
) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "report.html", _page(published, facts, picture)


def _page(published: Published, facts: dict[str, Any], picture: bytes) -> Iterator[str]:
    digest = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; img-src data:"
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Case file</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    )
    yield from _summary(published, facts)
    yield from _to_reach(published)
    yield from _leads(published)
    yield from _evidence(published)
    yield from _picture(picture)
    yield from _entities(published)
    yield from _methods(facts)
    yield "<h2>Limits</h2>\n<ul>\n"
    yield "".join(f"<li>{_text(limit)}</li>\n" for limit in _LIMITS)
    yield "</ul>\n<footer>The sha256 of every file is in manifest.json.</footer>\n"
    yield "</body>\n</html>\n"


def _summary(published: Published, facts: dict[str, Any]) -> Iterator[str]:
    case = facts["case"]
    yield "<h1>Case file</h1>\n"
    yield (
        f"<p>{case['entities']:,} entities and {case['relationships']:,} relationships within "
        f"{_counted(case['hops'], 'hop')} of {_names(published, published.around)}. "
        f"People to reach: {len(published.safeguarding):,}. "
        f"Leads: {published.leads.index.nunique():,}.</p>\n"
    )
    yield (
        '<p class="note">For the reader who checks. Every statement below names the records it '
        "rests on; read them before acting. A lead is not a verdict.</p>\n"
    )
    hidden = sum(published.counts["pseudonyms_of_entities"].values())
    yield (
        f"<p>{hidden:,} of the entities stand under pseudonyms. {case['not_expanded']:,} have so "
        "many neighbors that they were not walked through.</p>\n"
    )
    yield "<h3>Ledger: every row of the tables read</h3>\n"
    columns = ["table", "outcome", "detail", "rows"]
    ledger = pd.DataFrame(facts["input"]["ledger"], columns=columns)
    for line in describe(ledger).splitlines():
        yield f"<p>{_text(line[:1].upper() + line[1:])}</p>\n"


def _to_reach(published: Published) -> Iterator[str]:
    yield "<h2>People to reach</h2>\n"
    if published.safeguarding.empty:
        yield "<p>The assessment lists nobody in this case.</p>\n"
        return
    yield (
        "<p>Their status says that they may be victims, or their records speak more for it than "
        "against. They are people to reach, whatever else is recorded of them.</p>\n"
    )
    yield from _ranking(published, published.safeguarding)


def _leads(published: Published) -> Iterator[str]:
    yield "<h2>Leads</h2>\n"
    if published.leads.empty:
        yield "<p>The assessment has no lead in this case.</p>\n"
        return
    yield (
        "<p>People of the case among the first ten of the whole network for a role, whose records "
        "speak more for it than against it. The rank interval shows where the rank falls when a "
        "fifth of the records is missing.</p>\n"
    )
    both = set(published.leads.index) & set(published.safeguarding.index)
    if both:
        yield (
            f'<p class="note">{len(both):,} of the leads also stand among the people to reach: '
            "many who are made to recruit are victims first.</p>\n"
        )
    for role, table in published.leads.groupby("role", sort=False):
        yield f"<h3>{_text(published.vocabulary.roles[str(role)].label)}</h3>\n"
        yield from _ranking(published, table)


def _ranking(published: Published, table: pd.DataFrame) -> Iterator[str]:
    header = ["Rank", "Rank interval", "Score", "Person", "Id", "Protection status"]
    statuses = published.vocabulary.protection_statuses
    yield from _table(
        header,
        [
            [
                row["rank"],
                f"{row['rank_low']} to {row['rank_high']}",
                _score(row["score"]),
                _label(published, str(name)),
                str(name),
                statuses[row["protection_status"]].label,
            ]
            for name, row in table.iterrows()
        ],
        numbers=(0, 2),
        ids=(4,),
        kind="ranking",
    )


def _score(score: float) -> str:
    return "over 0.99" if score > 0.99 else f"{score:.2f}"  # never 1: no record is certain


def _evidence(published: Published) -> Iterator[str]:
    yield "<h2>Evidence</h2>\n"
    yield (
        "<p>A weight is what a row adds to the log-odds of the role; below zero it speaks against "
        "it.</p>\n"
    )
    outside = published.counts["cited_outside_the_case"]
    if outside:
        yield (
            f"<p>{outside:,} of the records cited lie outside this case; they are in the network "
            "it was taken from.</p>\n"
        )
    if published.evidence.empty:
        yield "<p>There is none.</p>\n"
    for (person, role), table in published.evidence.groupby(["person", "role"], sort=False):
        label = published.vocabulary.roles[str(role)].label
        yield f"<h3>{_text(_label(published, str(person)))}: {_text(label.lower())}</h3>\n"
        yield (
            '<div class="scroll"><table class="evidence"><thead><tr><th class="number">Weight</th>'
            "<th>What the records say</th><th>Documents</th></tr></thead><tbody>\n"
        )
        for _, row in table.iterrows():
            against = ' class="against"' if row["contribution"] < 0 else ""
            yield (
                f'<tr{against}><td class="number">{row["contribution"]:+.1f}</td>'
                f"<td>{_text(row['words'])}{_list(row['relationship_ids'], 'record')}"
                f"</td><td>{_list(row['documents'], 'document')}</td></tr>\n"
            )
        yield "</tbody></table></div>\n"


def _list(names: list[str], word: str) -> str:
    if not names:
        return ""
    items = "".join(f"<li>{_text(name)}</li>" for name in names)
    found = f'<ul class="records">{items}</ul>'
    if len(names) <= 3:
        return found
    return f"<details><summary>{len(names):,} {word}s</summary>{found}</details>"


def _picture(picture: bytes) -> Iterator[str]:
    yield "<h2>Picture</h2>\n"
    data = base64.b64encode(picture).decode()
    yield f'<p><img alt="The case as a network" src="data:image/png;base64,{data}"></p>\n'


def _entities(published: Published) -> Iterator[str]:
    table = published.entities
    own = list(table.columns.drop(["entity_type", "label", "protection_status", "named"]))
    rows = published.relationships
    ends = [rows["source"], rows["target"][rows["target"] != rows["source"]]]
    ties = pd.concat(ends).value_counts()
    kinds, statuses = published.vocabulary.entity_types, published.vocabulary.protection_statuses
    yield "<h2>Entities</h2>\n"
    yield from _table(
        ["Label", "Id", "Type", "Protection status", *map(str, own), "Records"],
        [
            [
                _label(published, str(name)),
                str(name),
                kinds[row["entity_type"]].label,
                statuses[row["protection_status"]].label,
                *[row[column] for column in own],
                int(ties.get(name, 0)),
            ]
            for name, row in table.iterrows()
        ],
        numbers=(4 + len(own),),
        ids=(1,),
    )


def _methods(facts: dict[str, Any]) -> Iterator[str]:
    yield "<h2>Methods and versions</h2>\n"
    assessment = facts["assessment"]
    rows = [[name, version] for name, version in facts["software"].items()]
    rows += [[f"case: {name}", value] for name, value in facts["case"].items() if name != "around"]
    rows += [[f"policy: {name}", str(value)] for name, value in facts["policy"].items()]
    if assessment is not None:
        rows += [[f"assessment: {name}", value] for name, value in assessment.items()]
    rows += [
        [f"input: sha256 of the {part}", facts["input"][part]["sha256"]]
        for part in ("entities", "relationships")
    ]
    yield from _table(["What", "Value"], rows, ids=(1,))


def _table(
    header: list[str],
    rows: Iterable[list[Any]],
    *,
    numbers: tuple[int, ...] = (),
    ids: tuple[int, ...] = (),
    kind: str = "plain",
) -> Iterator[str]:
    places = dict.fromkeys(numbers, "number") | dict.fromkeys(ids, "id")
    marks = [f' class="{places[at]}"' if at in places else "" for at in range(len(header))]
    yield f'<div class="scroll"><table class="{kind}"><thead><tr>'
    yield "".join(f"<th{c}>{_text(h)}</th>" for h, c in zip(header, marks, strict=True))
    yield "</tr></thead><tbody>\n"
    for row in rows:
        cells = "".join(f"<td{c}>{_text(v)}</td>" for v, c in zip(row, marks, strict=True))
        yield f"<tr>{cells}</tr>\n"
    yield "</tbody></table></div>\n"


def _text(value: Any) -> str:
    return escape(visible(written(value)))


def _label(published: Published, name: str) -> str:
    label = published.entities["label"].get(name)
    return str(label) if label else name


def _counted(n: int, word: str) -> str:
    return f"{n:,} {word}{'' if n == 1 else 's'}"


def _names(published: Published, names: tuple[str, ...]) -> str:
    if len(names) > _FEW:
        return f"{len(names):,} entities"
    return ", ".join(_text(_label(published, name)) for name in names)
