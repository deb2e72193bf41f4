"""Keys that bring spellings of one thing together, beside what was recorded."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from netlink.errors import ArgumentError, MissingDependencyError
from netlink.matching.letters import folded

if TYPE_CHECKING:
    from collections.abc import Callable

    from netlink.network import Network

# What the label of an entity of a type is; of other types it is a name.
_KINDS = {"phone": "phone", "vehicle": "plate", "online_account": "account"}
# Where one number would be read out of another or more: 442079460123.0 of a spreadsheet, two that
# differ in their last digits (0123/24), letters as the digits of their keys (0123 Ann, 4.4E+11).
_UNSURE = re.compile(r"\.\d$|/\s*\d{1,3}$")
_LETTER = re.compile(r"\d.*[^\W\d_]", re.DOTALL)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def keys(network: Network, /, *, region: str | None = None) -> pd.DataFrame:
    """Return a key for each entity to match by.

    Two entities with one key may be one; nothing here joins them, and nothing recorded changes. A
    shared key is weak where many share it: a common name, a switchboard. A different key says
    little: names have spellings that no folding brings together.

    Parameters
    ----------
    network : Network
        The network.
    region : str, optional
        Two letters of ISO 3166, e.g. "GB": the country of phone numbers that are written without
        one. Without it such a number has no key: it is another phone in every country.

    Returns
    -------
    pandas.DataFrame
        On ``network.entities.index``:

        - ``kind``: "phone", "plate", "email" or "name", by the entity type.
        - ``key``: of a phone the number in E.164, of a plate its letters and digits, of an email
          address the address in small letters (few hosts tell capitals apart), otherwise the label
          in composed form (NFC), case folded, with single spaces. Made from the label, and for
          phones, plates and accounts without one from the id; missing where there is neither, and
          for numbers that are none.

    Raises
    ------
    ArgumentError
        The region is not one that phone numbers are known of.
    MissingDependencyError
        There are phones and the package phonenumbers is not installed.

    References
    ----------
    ITU-T Recommendation E.164, The international public telecommunication numbering plan; Unicode
    Standard Annex 15, Unicode normalization forms.

    Examples
    --------
    >>> import pandas as pd, netlink as nl
    >>> things = pd.DataFrame({"entity_id": ["t1", "t2", "v1"], "label":
    ...     ["+44 20 7946 0123", "020 7946 0123", "ab-12 cde"],
    ...     "entity_type": ["phone", "phone", "vehicle"]})
    >>> ties = pd.DataFrame({"source": ["t1"], "target": ["t2"]})
    >>> network = nl.read_tables(things, ties)
    >>> nl.matching.keys(network, region="GB")["key"].tolist()
    ['+442079460123', '+442079460123', 'AB12CDE']
    """
    table = network.entities
    kinds = table["entity_type"].map(_KINDS).fillna("name").to_numpy(dtype=object)
    texts = recorded(network)
    makers: dict[str, Callable[[str], str | None]] = {"plate": _plate}
    if region is not None or (kinds == "phone").any():
        makers["phone"] = _numbers(region)
    found = np.full(len(table), None, dtype=object)
    for kind in ("phone", "plate", "account", "name"):
        at = np.flatnonzero((kinds == kind) & texts.notna().to_numpy())
        codes, distinct = pd.factorize(texts.to_numpy(dtype=object)[at])
        if kind == "account":
            is_email = np.array([bool(_EMAIL.fullmatch(t.strip())) for t in distinct], dtype=bool)
            kinds[at] = np.where(is_email[codes], "email", "name")
        make = makers.get(kind, folded)
        made = np.array([make(text) or None for text in distinct], dtype=object)
        found[at] = made[codes]
    kinds[kinds == "account"] = "name"
    columns = {"kind": pd.array(kinds, dtype="str"), "key": pd.array(found, dtype="str")}
    return pd.DataFrame(columns, index=table.index)


def recorded(network: Network) -> pd.Series:
    """Return the text that each entity goes by: its label, or its id where that says what it is."""
    table = network.entities
    says = table["entity_type"].isin(list(_KINDS))
    labels = table["label"].where(table["label"].str.strip() != "")
    return labels.fillna(table.index.to_series().where(says))


def _plate(text: str) -> str:
    shown = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in shown if letter.isalnum())


def _numbers(region: str | None) -> Callable[[str], str | None]:
    try:
        import phonenumbers
    except ImportError:
        raise MissingDependencyError("phonenumbers", "phones", "A key for phones") from None
    if region is not None and region not in phonenumbers.SUPPORTED_REGIONS:
        raise ArgumentError(
            f"'region' must be two letters of ISO 3166 in capitals, such as 'GB', got {region!r}."
        )

    def number(text: str) -> str | None:
        try:
            parsed = phonenumbers.parse(text, region)
        except phonenumbers.NumberParseException:
            return None
        shown = unicodedata.normalize("NFKC", text).strip()
        is_unsure = _UNSURE.search(shown) or (not parsed.extension and _LETTER.search(shown))
        if is_unsure or not phonenumbers.is_possible_number(parsed):
            return None
        form = phonenumbers.PhoneNumberFormat.E164
        extension = f";ext={parsed.extension}" if parsed.extension else ""
        return f"{phonenumbers.format_number(parsed, form)}{extension}"

    return number
