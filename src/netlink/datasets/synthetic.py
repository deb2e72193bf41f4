"""A synthetic case with known answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from netlink.datasets._recording import record
from netlink.datasets._recording.channels import (
    ENTITY_TYPES,
    PROTECTION_STATUSES,
    RELATIONSHIP_TYPES,
)
from netlink.datasets._world import build_world
from netlink.datasets.scenarios import resolve
from netlink.errors import ArgumentError
from netlink.schema import Schema

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

__all__ = ["SyntheticCase", "synthetic_case"]


@dataclass(frozen=True, eq=False, repr=False)
class SyntheticCase:
    """An invented case as an agency's tables, with the answers.

    Parameters
    ----------
    entities : pandas.DataFrame
        The agency's entities: ``ref``, ``category``, ``title``, ``standing``, ``country``. Every
        person, and the phones, accounts, vehicles, places, adverts and organisations that a record
        speaks of.
    relationships : pandas.DataFrame
        Its records: ``subject``, ``object``, ``link``, ``seen_on`` (a date, or a time in UTC),
        ``until``, ``report`` (the document; rows can share one), ``grade`` (admiralty), ``system``,
        ``amount`` (of a payment) and ``logged_on`` (when the document was put into the system).
    answers : pandas.DataFrame
        Indexed by ``entity_id``, one row a person: ``recruiter``, ``transporter``, ``harbourer``,
        ``exploiter``, ``financier``, ``victim`` (bool), ``ring`` (missing for most; the first of
        its rings for a transporter two rings share) and ``lookalike`` (what makes somebody without
        a part in a ring look like one who has).

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(size=200)
    >>> bool(case.answers["victim"].any())
    True
    """

    entities: pd.DataFrame
    relationships: pd.DataFrame
    answers: pd.DataFrame

    @property
    def schema(self) -> Schema:
        """How the agency's columns and words map onto netlink's.

        Examples
        --------
        >>> import netlink as nl
        >>> nl.datasets.synthetic_case(size=100).schema.column("source")
        'subject'
        """
        return Schema(
            entity_id="ref",
            entity_type="category",
            label="title",
            protection_status="standing",
            source="subject",
            target="object",
            relationship_type="link",
            start="seen_on",
            end="until",
            document="report",
            grade="grade",
            dataset="system",
            entity_types=ENTITY_TYPES,
            relationship_types=RELATIONSHIP_TYPES,
            protection_statuses=PROTECTION_STATUSES,
            grade_scheme="admiralty",
        )

    def __repr__(self) -> str:
        return (
            f"<SyntheticCase of {len(self.answers):,} people, {len(self.entities):,} entities and "
            f"{len(self.relationships):,} records ({self.answers['ring'].nunique()} rings)>"
        )


def synthetic_case(
    *,
    scenario: str = "default",
    seed: int = 0,
    size: int = 1000,
    recorded: float | None = None,
    statements: float | None = None,
    recording: Mapping[str, float] | None = None,
    rings: int | None = None,
    exploitation: Mapping[str, float] | None = None,
    routes: Mapping[str, float] | None = None,
    structures: Mapping[str, float] | None = None,
    role_doubling: Mapping[str, float] | None = None,
    victims_recruit: float | None = None,
    shared_transporter: float | None = None,
    shared_objects: float | None = None,
    lookalikes: float | None = None,
) -> SyntheticCase:
    """Make up a trafficking case with known answers.

    Nobody in it exists, and neither do its five countries. Towns of about a hundred people have
    families, friends, phones, accounts, jobs, journeys and adverts over 18 months. About one ring
    for every 200 people recruits 4 to 12 victims each in a country of origin, moves them one way,
    lodges them, and takes what they earn: from adverts in three rings of four, else from a front's
    workplace. Some in a ring have two roles, some victims are made to recruit, and two rings may
    share a transporter. The scenarios have other forms, ways and structures.

    Around them work those who must not be flagged: employment agents who call whole towns and
    send some people abroad to ordinary jobs, bus and taxi drivers, landlords, shopkeepers,
    outreach workers, police officers and lawyers who meet victims late, and relatives.

    The tables hold what an agency might: a part of it, in its own words, with grades. Acts on a
    person are recorded in statements alone; some come late, some are hearsay, and a few name a
    look-alike or a bystander. Identifiers, documents and the order of the rows say nothing.

    Every figure behind it is assumed. Where that misleads:

    - A method that does well here has been shown to work on these assumptions, nothing more. Do
      not report its precision as that of casework, and do not tune it on these answers.
    - Records are missing independently of each other. An agency's gaps come in blocks: a phone
      never asked for, a bank that did not answer, a country that does not share. Real gaps hurt
      more; two scenarios have one each.
    - The agency holds ordinary people as it holds members of rings. Real files are collected around
      suspects, who therefore look more central than they are.
    - Rings keep to one sequence in time, and people to one recruiter. Trafficking within a family
      and abuse wholly online are not here. Names are never misspelled, and nobody has two
      references.

    Parameters
    ----------
    scenario : str, default "default"
        One of `scenarios`: a named set of the arguments below. Those that are given go before it,
        and where neither says anything, the default stands.
    seed : int, default 0
        The same seed gives the same tables, on every machine.
    size : int, default 1000
        Number of people, at least 100.
    recorded : float, default 0.6
        Share kept of the records there could be, 0 to 1. Registers (homes, subscribers, account
        holders) count as looked up twice: of those ``1 - (1 - recorded)**2`` is kept. A smaller
        share keeps a part of the same records of the same world.
    statements : float, default 0.25
        Share of victims who give a statement, 0 to 1, and of the false complaints that are made.
        With 0 there is no record of any act.
    recording : mapping of str to float, optional
        Chances of single kinds of record, 0 to 1, by the names of `recording_probabilities`, in
        place of the usual ones: ``{"border": 0}`` for an agency that no border police tells
        anything. One chance changed moves the records it is about and no others.
    rings : int, optional
        How many rings, in place of one for every 150 to 250 people. With 0 nobody has a role.
    exploitation : mapping of str to float, default {"sexual": 0.75, "labour": 0.25}
        Shares of the rings that exploit people in adverts (``sexual``), at a front's workplace
        (``labour``), in households (``domestic``) and in public places (``begging``). Scaled to add
        up to 1, as are the two that follow.
    routes : mapping of str to float, default {"transit": 0.5, "direct": 0.5}
        Shares of the rings that move people over two borders, over one, or over none
        (``internal``).
    structures : mapping of str to float, default {"loose": 1.0}
        Shares of the rings in which whoever has to do with each other is in touch, that are made of
        ``cells``, or of a core and its periphery (``core-periphery``).
    role_doubling : mapping of str to float, default harbourer 0.35, transporter and financier 0.2
        Chance, by role, that it is taken by a member with another role who lives where it is held.
        Also for ``exploiter``.
    victims_recruit : float, default 0.5
        Chance that a ring makes one of its first victims recruit some of the last.
    shared_transporter : float, default 0.2
        Chance that a ring takes a transporter of an earlier one.
    shared_objects : float, default 0.0
        Chance that a member of a ring uses another's phone, its vehicle or lodging, and that a
        victim's account or phone is held by another.
    lookalikes : float, default 1.0
        Factor on the number of people with a look-alike's profession, up to 100. Relatives stay.

    Returns
    -------
    SyntheticCase
        ``entities``, ``relationships`` and their ``schema``, and the ``answers``.

    Raises
    ------
    ArgumentError
        An argument is not what is described above, or there are too few people for what it asks.

    References
    ----------
    The acts: Palermo Protocol (United Nations 2000), Article 3. The stages, and that ties form
    within recruitment, lodging and exploitation rather than transport and finance: a study of five
    Dutch networks, doi 10.1177/14773708211053135; three of them were core-periphery. Victims who
    recruit: of 399 women indicted in US federal sex-trafficking cases 53 % were victims themselves.
    That recruiters do not stand out by their place in the network: Lugo 2016; Cockbain 2018. The
    shares and volumes have no source.

    Examples
    --------
    >>> import netlink as nl
    >>> case = nl.datasets.synthetic_case(size=200, statements=0.5)
    >>> network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    >>> network.n_relationships == len(case.relationships)
    True

    A named scenario, with one argument of it changed:

    >>> nl.datasets.synthetic_case(scenario="domestic-servitude", statements=0.0, size=200)
    <SyntheticCase of 200 people, 750 entities and 3,116 records (1 rings)>
    """
    for name, value in (("seed", seed), ("size", size)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise ArgumentError(f"'{name}' must be an integer, got {type(value).__name__}.")
    if size < 100:
        raise ArgumentError(f"'size' must be at least 100 people, got {size}.")
    asked = resolve(
        scenario,
        {
            "recorded": recorded,
            "statements": statements,
            "recording": recording,
            "rings": rings,
            "exploitation": exploitation,
            "routes": routes,
            "structures": structures,
            "role_doubling": role_doubling,
            "victims_recruit": victims_recruit,
            "shared_transporter": shared_transporter,
            "shared_objects": shared_objects,
            "lookalikes": lookalikes,
        },
    )
    world = build_world(seed, size, asked.habits)
    return SyntheticCase(
        *record(
            world,
            seed,
            recorded=asked.recorded,
            statements=asked.statements,
            recording=asked.recording,
        )
    )
