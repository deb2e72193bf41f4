"""What may leave in a bundle, and under which names."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

from netlink.errors import ArgumentError
from netlink.export.suppression import K

__all__ = ["Policy"]

Names = Literal["nobody", "leads", "all"]
Formula = Literal["escape", "error", "raw"]
# From the widest circle to the narrowest; whom each code allows stands in vocabulary/handling.toml.
Recipient = Literal["public", "community", "partners", "organization", "named"]
Dates = Literal["day", "month", "year"]
_SHORTEST_KEY = 16
_MOST_DECIMALS = 3


@dataclass(frozen=True, kw_only=True)
class Policy:
    """What may leave in a bundle, and under which names.

    A person who is not named stands under a pseudonym (HMAC-SHA256, under a key of its own for each
    entity type), and so do the objects that would give the person away: those that only people
    without a name hold, live at, stayed at, were seen at or are advertised in, and what hangs on
    such objects alone. A relationship that touches a pseudonym gets a pseudonym for its id, since
    the ids netlink makes are hashes over both ends. Documents, datasets, handling codes, grades of
    no scheme, cells and names of columns that contain the id or label of somebody without a name,
    in any case and with any punctuation between its words, are replaced; so are ids of others that
    do, and numbers of seven digits or more that are such an id.

    What this does not hide:

    - Who is tied to whom, when, under which document, and each protection status. In most networks
      that is enough to recognize people whose ties one knows; the manifest counts the pseudonyms
      that are singled out by their ties alone (``pseudonyms_singled_out``) and by what their
      records tell (``pseudonyms_unique``); `singled_out` does so before anything is written.
    - Objects that nobody is recorded to hold: a phone that only rings the phone of a victim.
    - A name in another spelling or order inside the name of a document, or a date in words.
    - What findings rest on. Leads, people to reach, ranks and scores come from all records, those
      withheld from a recipient included, and from their exact dates; the manifest counts those.
    - Relationships between named entities keep their ids. Where netlink made those they are hashes
      over the whole row, columns that do not leave included.
    - Without ``key`` the pseudonyms are keyed with the whole content of the case, unredacted.
      Nobody can test a name against them who does not hold that content; whoever holds it can, and
      so can whoever knows all of it but one name. For anything that leaves the agency give a key
      and a name of the release. The digests of both whole tables in the manifest take no key:
      whoever knows all of a table but one name can test a guess against them too.

    Parameters
    ----------
    names : {"nobody", "leads", "all"}, default "leads"
        Who stands under their own id and label. "nobody": no entity of any kind. "leads": the
        leads, the people asked about, and objects. "all": everyone. Protected people (by the status
        of any of their references, or as likely victims) never do, unless ``name_protected``.
    name_protected : bool, default False
        Name protected people too, as a service that is to reach them needs.
    key : bytes, optional
        Key of the pseudonyms, at least 16 bytes; it is written nowhere. The same key gives the same
        pseudonyms in every bundle of one ``release``.
    release : str, default ""
        Name of what is given to one recipient at one time, which the manifest states. Under another
        name the same key gives other pseudonyms: who holds two releases cannot join them by those,
        and whoever has the key can.
    columns : tuple of str, optional
        Columns of your own that may leave, beside netlink's; no other does. Those of entities are
        written for entities under their own name only.
    dates : {"day", "month", "year"}, optional
        Dates leave no finer than this, by the calendar of the network's time zone, and say so: as
        "2024-03", never as the first moment of it, except in formats that know moments alone, for
        which the manifest counts them. It holds for the times of records, columns of your own, the
        periods and sentences of findings. A text that holds a finer date in digits, such as the
        name of a document, is replaced; so are the ids of all records, and of events that netlink
        made, since the date could be tried against those.
    places : {"country", "withheld"} or int, optional
        Places leave under pseudonyms that say where they lie: in which country, by the column
        ``country``; near which point, by ``latitude`` and ``longitude`` to 0, 1, 2 or 3 decimals
        (about 111, 11 and 1.1 km and 110 m from north to south); or not at all. So do objects whose
        id or label holds that of a place. Coordinates of anything else, where ``columns`` names
        them, are as coarse, or missing.
    recipient : {"public", "community", "partners", "organization", "named"}, optional
        Who is to read it: anybody; the field; organizations that work with yours and need to know;
        your organization; people chosen one by one. A record leaves where its handling code allows
        that: TLP 2.0 CLEAR, GREEN, AMBER, AMBER+STRICT and RED in this order; of 5x5x5 2 for
        partners, 1, 3 and 4 within the organization, 5 for named people; of 3x5x2 P for partners
        and C for named people. Of several codes, or one in the grade ("B24"), the strictest
        counts; one of no scheme allows nobody. What may not leave is in no file, nor are evidence
        that cites it and entities that nothing else is left of, unless they were asked about;
        nobody can be told what else a code asks for. By default codes are not read.
    withhold_uncoded : bool, default True
        With a recipient, withhold what has no code: nobody has said that it may leave.
    k : int, default 11
        With a recipient, no count from 1 to ``k - 1`` of what is not in the bundle is told, in the
        manifest or the report: what is withheld by code, the rows of the ledger; nor a count from
        which it would follow. Null stands for it. What is in the bundle can be counted there. For
        tables of people that you share instead of records there is `suppressed`.
    strict : bool, default False
        Refuse to write where what is told singles out more than ``most_singled_out`` pseudonyms: by
        the number of their neighbors, those of the neighbors or those two ties away; or by type
        and status, the types, the dates and the places of their records; whichever is most.
        Otherwise they are counted in the manifest alone; `singled_out` counts them beforehand.
    most_singled_out : int, default 0
        How many pseudonyms may be singled out under ``strict``.
    formula : {"escape", "error", "raw"}, default "escape"
        What becomes of a text that a spreadsheet could run as a formula, in the files meant for
        people (CSV, Excel, i2): an apostrophe in front, which `netlink.Schema` takes off again with
        ``escaped=True``; an error; or nothing.

    Raises
    ------
    ArgumentError
        An argument is not what is described above.

    Examples
    --------
    >>> import netlink as nl
    >>> nl.export.Policy(names="nobody", strict=True).most_singled_out
    0
    >>> nl.export.Policy(dates="month", places="country", recipient="partners").dates
    'month'
    """

    names: Names = "leads"
    name_protected: bool = False
    key: bytes | None = field(default=None, repr=False)
    release: str = ""
    columns: tuple[str, ...] = ()
    dates: Dates | None = None
    places: Literal["country", "withheld"] | int | None = None
    recipient: Recipient | None = None
    withhold_uncoded: bool = True
    k: int = K
    strict: bool = False
    most_singled_out: int = 0
    formula: Formula = "escape"

    def __post_init__(self) -> None:
        object.__setattr__(self, "columns", _columns(self.columns))
        self._check_names()
        self._check_what_is_told()
        if isinstance(self.k, bool) or not isinstance(self.k, int) or self.k < 1:
            raise ArgumentError(f"'k' must be a positive integer, got {self.k!r}.")
        if not isinstance(self.strict, bool):
            raise ArgumentError("'strict' must be True or False.")
        most = self.most_singled_out
        if isinstance(most, bool) or not isinstance(most, int) or most < 0:
            raise ArgumentError("'most_singled_out' must be a number of pseudonyms, 0 or more.")
        if self.formula not in get_args(Formula):
            raise ArgumentError(
                f"'formula' must be 'escape', 'error' or 'raw', got {self.formula!r}."
            )

    def _check_names(self) -> None:
        if self.names not in get_args(Names):
            raise ArgumentError(f"'names' must be 'nobody', 'leads' or 'all', got {self.names!r}.")
        if not isinstance(self.name_protected, bool):
            raise ArgumentError("'name_protected' must be True or False.")
        if self.name_protected and self.names == "nobody":
            raise ArgumentError("'name_protected' names people: it needs names 'leads' or 'all'.")
        if self.key is not None and (
            not isinstance(self.key, bytes) or len(self.key) < _SHORTEST_KEY
        ):
            raise ArgumentError(f"'key' must be at least {_SHORTEST_KEY} bytes.")
        if not isinstance(self.release, str):
            raise ArgumentError(f"'release' must be text, got {type(self.release).__name__}.")
        if self.release and self.key is None:
            raise ArgumentError("'release' needs a 'key': without, each case has pseudonyms apart.")

    def _check_what_is_told(self) -> None:
        if self.dates is not None and self.dates not in get_args(Dates):
            raise ArgumentError(f"'dates' must be 'day', 'month' or 'year', got {self.dates!r}.")
        if not _is_place(self.places):
            raise ArgumentError(
                f"'places' must be 'country', 'withheld' or a number of decimals from 0 to "
                f"{_MOST_DECIMALS}, got {self.places!r}."
            )
        if self.recipient is not None and self.recipient not in get_args(Recipient):
            raise ArgumentError(
                f"'recipient' must be one of {list(get_args(Recipient))}, got {self.recipient!r}."
            )
        if not isinstance(self.withhold_uncoded, bool):
            raise ArgumentError("'withhold_uncoded' must be True or False.")
        if not self.withhold_uncoded and self.recipient is None:
            raise ArgumentError("'withhold_uncoded' needs a 'recipient': without, nothing is.")


def _columns(columns: tuple[str, ...]) -> tuple[str, ...]:
    if isinstance(columns, str) or not all(isinstance(name, str) for name in columns):
        raise ArgumentError("'columns' must be a tuple of names of columns.")
    return tuple(columns)


def _is_place(places: object) -> bool:
    if isinstance(places, int) and not isinstance(places, bool):
        return 0 <= places <= _MOST_DECIMALS
    return places is None or places in ("country", "withheld")
