"""Roles: recorded acts first, typed patterns in time second, company last.

What a role score is not, how many leads are false where a role is rare, and what to do before
anybody acts: "Role scores" among the concepts of the documentation.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from netlink.errors import ArgumentError, check_seed
from netlink.roles.assessment import RoleAssessment
from netlink.roles.calibration import Reliability, reliability
from netlink.roles.elements import elements
from netlink.roles.evaluation import Evaluation, by_scenario, evaluate
from netlink.roles.inference import infer
from netlink.roles.learning import RoleFit, fit
from netlink.roles.model import Pattern, RoleModel, default_model
from netlink.roles.records import Records
from netlink.roles.removal import Change

if TYPE_CHECKING:
    from netlink.network import Network

__all__ = [
    "Change",
    "Evaluation",
    "Pattern",
    "Reliability",
    "RoleAssessment",
    "RoleFit",
    "RoleModel",
    "assess",
    "by_scenario",
    "default_model",
    "elements",
    "evaluate",
    "fit",
    "reliability",
]

_COUNTERPARTS = {"victim", "others", "anyone"}


def assess(network: Network, /, *, model: RoleModel | None = None, seed: int = 0) -> RoleAssessment:
    """Score every person for every role, with the evidence.

    Three kinds of evidence are added up in log-odds. Recorded acts (someone states that a person
    recruited, moved, housed or exploited another) count by the grade of the source; several rows of
    one document are one source. Typed patterns in time (contact that opens before several people
    move, journeys with people who end as victims, lodging, money, adverts) count by how far they
    exceed what chance gives, so that people who call, drive or house everyone are not singled out.
    Company with people in other roles counts last and is capped. Who is likely a victim and who
    holds a role inform each other, to a fixed point. Protection status is kept apart from roles:
    signs of harm take evidence of patterns back, never give any.

    A role of your own vocabulary is scored from the acts that it names there.

    Nationality, gender and any other column of a person are never read; a column ``country`` is,
    of places alone, to tell where moves began from where they ended.

    A score is no verdict and no ground for a measure: read "Role scores" among the concepts of the
    documentation before you act on one.

    Parameters
    ----------
    network : Network
        With people and, where there are, their phones, accounts, vehicles, places and adverts.
    model : RoleModel, optional
        Weights of your own.
    seed : int, default 0
        Seed of the resampling behind the rank intervals; the scores do not depend on it.

    Returns
    -------
    RoleAssessment

    Raises
    ------
    ArgumentError
        ``seed`` is no integer, or the model speaks for a role that the vocabulary lacks.

    References
    ----------
    Palermo Protocol (2000), Article 3; ILO operational indicators of trafficking (2009);
    Dunning (1993), Computational Linguistics 19(1), for the log-likelihood ratio against chance.

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(seed=1, size=200)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> nl.roles.assess(network, seed=0)
    <RoleAssessment of 200 people and 5 roles>
    """
    check_seed(seed)
    model = default_model() if model is None else model
    records = Records(network)
    roles = list(network.vocabulary.roles)
    spoken = {pattern.role for pattern in model.patterns.values()} - {"victim"}
    spoken |= {pattern.counterpart for pattern in model.patterns.values()} - _COUNTERPARTS
    unknown = sorted((spoken | set(model.calibration)) - set(roles))
    if unknown:
        raise ArgumentError(
            f"The patterns of 'model' speak for {unknown}, which the network's vocabulary lacks."
        )
    network.positions(network.entities.index[:1])  # its hash table is made now, not at a question
    return RoleAssessment(
        network=network,
        model=model,
        seed=seed,
        records=records,
        inference=infer(records, model, roles),
    )
