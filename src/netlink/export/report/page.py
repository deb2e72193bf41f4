"""One page for a desk without internet: people to reach first, every finding with its records."""

from __future__ import annotations

import base64
import hashlib
from importlib import resources
from typing import TYPE_CHECKING, Any

import pandas as pd

from netlink.export import values
from netlink.export.report import parts, story
from netlink.ingest import describe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from netlink.export.published import Published
    from netlink.export.report.drawing import Drawing

# Where a browser runs no script the picture takes its place, and on paper too.
_CONTROLS = """<div id="interactive">
<div class="controls">
<label>Find <input id="search" list="names" autocomplete="off"></label>
<datalist id="names"></datalist> <span id="found" role="status"></span>
<button type="button" id="closer" aria-label="Closer">+</button>
<button type="button" id="away" aria-label="Further away">&minus;</button>
<button type="button" id="fit">Whole case</button>
<span id="count" role="status"></span>
</div>
<div class="controls">
<label>From <input type="range" id="from" step="1"></label>
<label>to <input type="range" id="to" step="1"></label>
<span id="window" role="status"></span>
<label><input type="checkbox" id="undated" checked> with records without a date</label>
</div>
<fieldset><legend>Types of entity</legend><div id="types"></div></fieldset>
<fieldset><legend>Types of relationship</legend><div id="kinds"></div></fieldset>
<canvas id="network" tabindex="0" role="application" aria-label="Network of the case. Arrow keys
move it, plus and minus zoom, 0 shows all of it, Escape lets go. Names are found with the field
above; the records stand below."></canvas>
<div id="told" tabindex="-1" aria-live="polite"></div>
</div>
"""
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
    drawing: Drawing, facts: dict[str, Any], picture: bytes
) -> Iterator[tuple[str, Iterator[str]]]:
    """Give the name of the file and its text, piece by piece."""
    yield "report.html", _page(drawing, facts, picture)


def _page(drawing: Drawing, facts: dict[str, Any], picture: bytes) -> Iterator[str]:
    published = drawing.published
    style = _own("style.css")
    library = (resources.files("xstatic.pkg.d3") / "data" / "d3.js").read_text("utf-8")
    # The package carries the script alone, and its licence asks for the notice.
    scripts = [f"/*\n{_own('d3-license.txt')}*/\n{library}", _own("script.js")]
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; "
        f"script-src {' '.join(map(_hash, scripts))}; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )
    yield (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="referrer" content="no-referrer">\n'
        f"<title>Case file</title>\n<style>{style}</style>\n</head>\n<body>\n"
    )
    yield from _summary(published, facts)
    yield from _to_reach(published)
    yield from _network(drawing, picture)
    yield from _leads(published)
    yield from _evidence(published)
    yield from _elements(published)
    yield from story.timeline(drawing)
    yield from story.journeys(drawing)
    yield from story.groups(published)
    yield from story.paths(published)
    yield from story.profile(published)
    yield from _entities(published)
    yield from _methods(facts)
    yield parts.heading("Limits") + "<ul>\n"
    yield "".join(f"<li>{parts.text(limit)}</li>\n" for limit in _LIMITS)
    yield "</ul>\n<footer>The sha256 of every file is in manifest.json.</footer>\n"
    yield f'<script type="application/json" id="data">{drawing.json()}</script>\n'
    for script in scripts:
        yield f"<script>{script}</script>\n"
    yield "</body>\n</html>\n"


def _own(name: str) -> str:
    return (resources.files("netlink.export.report") / name).read_text("utf-8")


def _hash(content: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def _summary(published: Published, facts: dict[str, Any]) -> Iterator[str]:
    case = facts["case"]
    yield "<h1>Case file</h1>\n"
    yield (
        f"<p>{case['entities']:,} entities and {case['relationships']:,} relationships within "
        f"{parts.counted(case['hops'], 'hop')} of {parts.names(published, published.around)}. "
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
    recipient = facts["policy"]["recipient"]
    if recipient is not None:
        gone = published.counts["by_handling"]["in_all"]
        few = f"fewer than {facts['policy']['k']}"
        records, entities = (
            f"{few} {part}" if gone[part] is None else parts.counted(gone[part], one, part)
            for part, one in (("relationships", "relationship"), ("entities", "entity"))
        )
        yield (
            f"<p>For recipient: {parts.text(recipient)}. Withheld by handling code: {records} and "
            f"{entities}. Leads, people to reach, ranks and scores come from all records.</p>\n"
        )
    yield parts.contents()
    yield "<h3>Ledger: every row of the tables read</h3>\n"
    columns = ["table", "outcome", "detail", "rows"]
    ledger = pd.DataFrame(facts["input"]["ledger"], columns=columns)
    if ledger["rows"].isna().any():
        yield from _told(ledger, facts["policy"]["k"])
        return
    for line in describe(ledger).splitlines():
        yield f"<p>{parts.text(line[:1].upper() + line[1:])}</p>\n"


def _told(ledger: pd.DataFrame, k: int) -> Iterator[str]:
    yield (
        f"<p>Not told are counts from 1 to {k - 1}, and those from which such a count would "
        "follow.</p>\n"
    )
    yield from parts.table(
        ["Table", "Outcome", "Detail", "Rows"],
        [
            [*row[:3], "not told" if pd.isna(row[3]) else int(row[3])]
            for row in ledger.itertuples(index=False, name=None)
        ],
        numbers=(3,),
    )


def _to_reach(published: Published) -> Iterator[str]:
    yield parts.heading("People to reach")
    if published.safeguarding.empty:
        yield "<p>The assessment lists nobody in this case.</p>\n"
        return
    yield (
        "<p>Their status says that they may be victims, or their records speak more for it than "
        "against. They are people to reach, whatever else is recorded of them.</p>\n"
    )
    yield from _ranking(published, published.safeguarding)


def _leads(published: Published) -> Iterator[str]:
    yield parts.heading("Leads")
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
        yield f"<h3>{parts.text(published.vocabulary.roles[str(role)].label)}</h3>\n"
        yield from _ranking(published, table)


def _ranking(published: Published, table: pd.DataFrame) -> Iterator[str]:
    header = ["Rank", "Rank interval", "Score", "Person", "Id", "Protection status", "Network"]
    header += ["Roles too, and when"] * ("roles" in table)
    statuses = published.vocabulary.protection_statuses
    yield from parts.table(
        header,
        [
            [
                row["rank"],
                f"{row['rank_low']} to {row['rank_high']}",
                _score(row["score"]),
                parts.label(published, str(name)),
                str(name),
                statuses[row["protection_status"]].label,
                parts.button(str(name)),
                *([_roles(row)] if "roles" in table else []),
            ]
            for name, row in table.iterrows()
        ],
        numbers=(0, 2),
        ids=(4,),
        kind="ranking",
    )


def _roles(row: pd.Series) -> str:
    if pd.isna(row["roles_from"]):
        return str(row["roles"])
    days = (str(row[f"roles_{end}"])[:10] for end in ("from", "until"))
    return f"{row['roles']} ({' to '.join(days)})"


def _weight(log_odds: float) -> str:
    return f"{log_odds:+.2f}" if abs(log_odds) < 0.1 else f"{log_odds:+.1f}"


def _score(score: float) -> str:
    return "over 0.99" if score > 0.99 else f"{score:.2f}"  # never 1: no record is certain


def _evidence(published: Published) -> Iterator[str]:
    yield parts.heading("Evidence")
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
    withheld = published.counts["by_handling"].get("evidence", 0)
    if withheld != 0:
        rows = "Some" if withheld is None else f"{withheld:,}"
        yield (
            f"<p>{rows} rows of evidence are not here: they rest on records that are withheld from "
            "the recipient. The scores count them.</p>\n"
        )
    if published.evidence.empty:
        yield "<p>There is none.</p>\n"
    for (person, role), table in published.evidence.groupby(["person", "role"], sort=False):
        label = published.vocabulary.roles[str(role)].label
        name = parts.label(published, str(person))
        yield f"<h3>{parts.text(name)}: {parts.text(label.lower())}</h3>\n"
        yield (
            '<div class="scroll"><table class="evidence"><thead><tr><th class="number">Weight</th>'
            "<th>What the records say</th><th>Documents</th></tr></thead><tbody>\n"
        )
        for _, row in table.iterrows():
            against = ' class="against"' if row["contribution"] < 0 else ""
            yield (
                f'<tr{against}><td class="number">{_weight(row["contribution"])}</td>'
                f"<td>{parts.text(row['words'])}{parts.listed(row['relationship_ids'], 'record')}"
                f"</td><td>{parts.listed(row['documents'], 'document')}</td></tr>\n"
            )
        yield "</tbody></table></div>\n"


def _elements(published: Published) -> Iterator[str]:
    yield parts.heading("Elements of the offence")
    yield (
        "<p>Which elements of Article 3 of the Palermo Protocol the records of this case speak of, "
        "whoever acted. It is a list of what to look for, not a finding in law: the records may be "
        "of different people and times.</p>\n"
    )
    yield from parts.table(
        ["Element", "Form", "State", "What the records say", "Best grade", "Records", "Documents"],
        [
            [
                row["element"],
                row["form"],
                row["state"],
                row["words"],
                row["grade"],
                parts.Markup(parts.listed(row["relationship_ids"], "record")),
                parts.Markup(parts.listed(row["documents"], "document")),
            ]
            for _, row in published.elements.iterrows()
        ],
        kind="elements",
    )


def _network(drawing: Drawing, picture: bytes) -> Iterator[str]:
    yield parts.heading("Network")
    yield from _key(drawing)
    yield _CONTROLS
    data = base64.b64encode(picture).decode()
    yield (
        '<p class="picture wide"><img alt="The case as a network" '
        f'src="data:image/png;base64,{data}"></p>\n'
    )


def _key(drawing: Drawing) -> Iterator[str]:
    yield '<ul class="key">\n'
    for svg, label in drawing.key():
        yield f"<li>{svg}{parts.text(label)}</li>\n"
    yield "</ul>\n"


def _entities(published: Published) -> Iterator[str]:
    table = published.entities
    apart = ["entity_type", "label", "protection_status", "named"]
    own = [str(name) for name in table.columns.drop(apart)]
    rows = published.relationships
    ends = [rows["source"], rows["target"][rows["target"] != rows["source"]]]
    ties = pd.concat(ends).value_counts().to_dict()
    kinds, statuses = published.vocabulary.entity_types, published.vocabulary.protection_statuses
    yield parts.heading("Entities")
    yield from parts.table(
        ["Label", "Id", "Type", "Protection status", *own, "Records"],
        [
            [
                row["label"] or name,
                name,
                kinds[str(row["entity_type"])].label,
                statuses[str(row["protection_status"])].label,
                *[row[column] for column in own],
                ties.get(name, 0),
            ]
            for name, row in values.rows(table)
        ],
        numbers=(4 + len(own),),
        ids=(1,),
    )


def _methods(facts: dict[str, Any]) -> Iterator[str]:
    yield parts.heading("Methods and versions")
    assessment = facts["assessment"]
    rows = [[name, version] for name, version in facts["software"].items()]
    case = {name: value for name, value in facts["case"].items() if name != "around"}
    # The manifest has every digit.
    rows += [[f"case: {n}", round(v, 3) if isinstance(v, float) else v] for n, v in case.items()]
    rows += [[f"policy: {name}", str(value)] for name, value in facts["policy"].items()]
    if assessment is not None:
        rows += [[f"assessment: {name}", value] for name, value in assessment.items()]
    rows += [
        [f"input: sha256 of the {part}", facts["input"][part]["sha256"]]
        for part in ("entities", "relationships")
    ]
    yield from parts.table(["What", "Value"], rows, ids=(1,))
