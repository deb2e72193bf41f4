"""Who is likely a victim and who holds which role inform each other, to a fixed point.

Every step is a function of arrays that stand in the order of ids, so the result does not depend on
the order of the rows. Company is capped: nobody is condemned by it alone.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from netlink.roles import acts, patterns
from netlink.roles.contrast import Contrast, Reading, beyond
from netlink.roles.harm import Harm, signs
from netlink.roles.tables import Table, table_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from netlink.roles.model import Pattern, RoleModel
    from netlink.roles.patterns import Pairs
    from netlink.roles.records import Records

    Floats = NDArray[np.float64]

COMPANY = (
    "company",
    "coordination",
    "between_places",
)  # tables of pairs in which people are merely in touch
_ROUNDS = 200
_STILL = 1e-4


@dataclass(frozen=True)
class Inference:
    """The fixed point and everything it is made of."""

    roles: list[str]
    sources: dict[str, acts.Sources]
    harm: Harm
    pairs: dict[str, Pairs]
    tables: dict[str, Table]
    contrasts: dict[str, Contrast]
    said: dict[str, Floats]  # nats each pattern says of each person
    victim: Floats
    score: dict[str, Floats]


@dataclass(frozen=True)
class Belief:
    """How likely everybody is a victim and holds each role, and how tables read with that."""

    victim: Floats
    score: Mapping[str, Floats]
    model: RoleModel
    _read: dict[tuple[int, str], Reading] = field(default_factory=dict)
    _like: dict[str, Floats] = field(default_factory=dict)

    def reading(self, pattern: Pattern, table: Table) -> Reading:
        """Read a table as a pattern does; patterns that ask for the same share the answer."""
        # Who holds another role depends on the role of the pattern.
        asked = pattern.counterpart
        asked = f"{asked} than {pattern.role}" if asked == "others" else asked
        key = (id(table), asked)
        if key not in self._read:
            if asked not in self._like:
                self._like[asked] = likelihood(pattern, self.victim, self.score)
            before = _before(pattern, self.score, self.model)
            like, bounds = self._like[asked], self.model.base_rate
            self._read[key] = Reading(table, like, before, bounds)
        return self._read[key]


def infer(records: Records, model: RoleModel, roles: list[str]) -> Inference:
    """Run the model to its fixed point."""
    n = records.n_people
    sources = acts.by_role(records, model, roles)
    harm = signs(records, model)
    pairs = patterns.collect(records, model)
    tables = _tables(pairs, n)
    stated = {role: sources[role].total(n, model.repeat) for role in roles}
    victim = sigmoid(model.victim_prior + harm.total)
    score = {role: sigmoid(model.prior + stated[role]) for role in roles}
    for _ in range(_ROUNDS):
        belief = Belief(victim, score, model)
        said, new_victim, new_score = _once(belief, stated=stated, harm=harm.total, tables=tables)
        moved = [np.abs(new_victim - victim), *(np.abs(new_score[r] - score[r]) for r in roles)]
        victim = 0.5 * (victim + new_victim)
        score = {role: 0.5 * (score[role] + new_score[role]) for role in roles}
        if max(float(change.max(initial=0.0)) for change in moved) < _STILL:
            break
    # What stands in the result is made of the last contributions, so that they add up exactly.
    contrasts = {
        name: belief.reading(pattern, tables[name]).of_everybody()
        for name, pattern in model.patterns.items()
    }
    return Inference(roles, sources, harm, pairs, tables, contrasts, said, new_victim, new_score)


def _tables(pairs: Mapping[str, Pairs], n: int) -> dict[str, Table]:
    """Return the table of every pattern; patterns that read the same pairs share one."""
    distinct = {id(part): part for part in pairs.values()}
    tables = {key: table_of(part, n) for key, part in distinct.items()}
    return {name: tables[id(part)] for name, part in pairs.items()}


def _once(
    belief: Belief, *, stated: Mapping[str, Floats], harm: Floats, tables: Mapping[str, Table]
) -> tuple[dict[str, Floats], Floats, dict[str, Floats]]:
    """Return what the patterns say of everybody now, and the probabilities that follow."""
    model, n = belief.model, len(harm)
    said = {name: says(pattern, tables[name], belief) for name, pattern in model.patterns.items()}
    said = bounded(said, model, belief.score)
    new_score = {
        role: sigmoid(model.prior + evidence(role, stated[role], said, harm, model))
        for role in belief.score
    }
    beside = sum_of(company_by(tables, new_score, model, n), n)
    beside = beside + pattern_total("victim", said, model, n)
    company = beside_victims(beside, new_score, model)
    return said, sigmoid(model.victim_prior + harm + company), new_score


def says(pattern: Pattern, table: Table, belief: Belief) -> Floats:
    """Return what a pattern says of each person, in nats."""
    against, accounted, nearest = _parts(pattern, table, belief)
    nats = pattern.weight * against + pattern.explains * accounted + pattern.nearest * nearest
    found = np.zeros(len(belief.victim))
    found[table.people] = np.minimum(nats, pattern.cap)
    return found


def bounded(
    said: Mapping[str, Floats], model: RoleModel, score: Mapping[str, Floats]
) -> dict[str, Floats]:
    """Return what patterns say, company within its bound and less where another role explains it.

    People in roles keep each other's company, whatever the role: of somebody who holds another role
    for sure it says nothing of this one. It is the likelihood ratio against who holds another role
    or none.
    """
    found = dict(said)
    company = [name for name in said if model.patterns[name].pairs in COMPANY]
    for role in {model.patterns[name].role for name in company} - {"victim"}:
        names = [name for name in company if model.patterns[name].role == role]
        total = np.sum([said[name] for name in names], axis=0)
        other = _any_of([value for held, value in score.items() if held != role], len(total))
        left = -np.log(other + (1.0 - other) * np.exp(-np.minimum(total, model.company_bound)))
        share = np.divide(left, total, out=np.ones(len(total)), where=total > 0)
        found |= {name: said[name] * share for name in names}
    return found


def beside_victims(total: Floats, score: Mapping[str, Floats], model: RoleModel) -> Floats:
    """Return what company says of being a victim: capped, and less where a role explains it.

    As in `bounded`: of somebody who holds a role for sure it says nothing.
    """
    # To the fourth: doubt as to a role, which victims share records with, takes nothing back.
    held = _any_of([*score.values()], len(total)) ** 4
    found: Floats = -np.log(held + (1.0 - held) * np.exp(-np.minimum(total, model.company_cap)))
    return found


def measures(
    pattern: Pattern, pairs: Pairs, victim: Floats, score: Mapping[str, Floats], model: RoleModel
) -> tuple[Contrast, tuple[Floats, Floats, Floats]]:
    """Return the three readings of a pattern: against chance, accounted for, and the nearest.

    Of those that its weights leave out, zeros.
    """
    table, belief = table_of(pairs, len(victim)), Belief(victim, score, model)
    found = np.zeros((3, len(victim)))
    for row, part in zip(found, _parts(pattern, table, belief), strict=True):
        row[table.people] = part
    return belief.reading(pattern, table).of_everybody(), (found[0], found[1], found[2])


def _parts(
    pattern: Pattern, table: Table, belief: Belief
) -> tuple[Floats | float, Floats | float, Floats | float]:
    """Return the readings that count, of the people of the table alone."""
    model, read = belief.model, belief.reading(pattern, table)
    against: Floats | float = 0.0
    accounted: Floats | float = 0.0
    focus: Floats | float = 1.0
    if pattern.lookalike > 0:
        # Who does the same with everyone is a look-alike: both readings fade as the share falls.
        focus = read.share**2 / (read.share**2 + pattern.lookalike**2)
    if pattern.weight > 0:
        against = np.minimum(read.nats, model.chance_cap) * focus
    if pattern.explains > 0:
        propensity = belief.score[pattern.role] + model.least_propensity
        harm = model.victim_propensity * pattern.harm_discount * belief.victim
        part = read.explained(belief.victim, propensity * (1.0 - harm), model.unrecorded)
        if table.occasions is not None:
            # A fellow passenger of many made one journey; who moves people makes several.
            part = np.minimum(part, read.fitting)
        # Accounting for one victim is no pattern either.
        accounted = np.log1p(part * model.explain_scale) * part / (part + 1.0) * focus
    return against, accounted, read.nearest if pattern.nearest > 0 else 0.0


def evidence(
    role: str, stated: Floats, said: Mapping[str, Floats], harm: Floats, model: RoleModel
) -> Floats:
    """Add up what speaks for a role, without the prior."""
    n = len(harm)
    pattern = pattern_total(role, said, model, n)
    return stated + pattern + harm_discount(role, said, harm, model)


def pattern_total(role: str, said: Mapping[str, Floats], model: RoleModel, n: int) -> Floats:
    """Add up what the patterns of a role say."""
    return sum_of({name: said[name] for name in said if model.patterns[name].role == role}, n)


def harm_discount(role: str, said: Mapping[str, Floats], harm: Floats, model: RoleModel) -> Floats:
    """Take back what patterns say of people with signs of harm of their own.

    Victims travel, lodge and are advertised together: the same patterns hold of them. Without a
    sign of harm nothing is taken back. Company does not count here: two people who travel together
    would take turns in being each other's victim.
    """
    own = {
        name: part.harm_discount * said[name]
        for name, part in model.patterns.items()
        if part.role == role
    }
    pattern = sum_of(own, len(harm))
    least = float(sigmoid(np.array(model.victim_prior)))
    shown = (sigmoid(model.victim_prior + harm) - least) / (1.0 - least)
    return -model.own_harm * np.maximum(shown, 0.0) * pattern


def likelihood(pattern: Pattern, victim: Floats, score: Mapping[str, Floats]) -> Floats:
    """Return how likely each person is a victim, or holds any role but that of the pattern."""
    if pattern.counterpart == "victim":
        return victim
    if pattern.counterpart in score:
        return score[pattern.counterpart]
    asked = [
        v for role, v in score.items() if pattern.counterpart == "anyone" or role != pattern.role
    ]
    return _any_of(asked, len(victim))


def _any_of(score: Sequence[Floats], n: int) -> Floats:
    """Return how likely everybody holds any of some roles."""
    none = np.ones(n)
    for value in score:
        none = none * (1.0 - value)
    return 1.0 - none


def _before(pattern: Pattern, score: Mapping[str, Floats], model: RoleModel) -> float:
    """Return how likely a counterpart of whom nothing is known is what counts."""
    role = float(sigmoid(np.array(model.prior)))
    if pattern.counterpart == "victim":
        return float(sigmoid(np.array(model.victim_prior)))
    if pattern.counterpart in score:
        return role
    return 1.0 - (1.0 - role) ** (len(score) - (pattern.counterpart == "others"))


def sigmoid(x: Floats) -> Floats:
    """Turn log-odds into a probability."""
    found: Floats = 0.5 * (1.0 + np.tanh(0.5 * x))
    return found


def sum_of(parts: Mapping[str, Floats], n: int) -> Floats:
    """Add arrays up, in their order."""
    total = np.zeros(n)
    for part in parts.values():
        total = total + part
    return total


def company_by(
    tables: Mapping[str, Table], score: Mapping[str, Floats], model: RoleModel, n: int
) -> dict[str, Floats]:
    """Return what the company of likely role holders says of being a victim, by pattern."""
    found = {}
    base = float(sigmoid(np.array(model.prior)))
    for name, pattern in model.patterns.items():
        if pattern.company > 0:
            table = tables[name]
            near = beyond(score[pattern.role][table.people], base)
            found[name] = np.zeros(n)
            found[name][table.others] = pattern.company * table.turned.most(near)
    return found
