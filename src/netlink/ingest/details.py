"""Amounts with their currency, handling codes and coordinates: checked where a schema maps them."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from netlink.errors import SchemaError, near
from netlink.ingest import values

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from netlink.ingest.failures import Failures
    from netlink.ingest.raw import Raw
    from netlink.schema import Schema

_LIMITS = {"latitude": 90.0, "longitude": 180.0}
_UNSURE = r"^[+-]?[1-9]\d{0,2}\.\d{3}$"


def of_relationships(raw: Raw, schema: Schema, failures: Failures) -> dict[str, Any]:
    """Read the amounts and currencies that a schema maps."""
    columns: dict[str, Any] = {}
    given = np.zeros(raw.table.num_rows, dtype=bool)
    if schema.amount is not None:
        name = _column(raw, schema, "amount")
        columns["amount"], given = _amounts(raw.table[name], name, schema.decimal, failures)
    if schema.currency is not None:
        if schema.currency not in raw.names and schema.currency in currencies():
            code = pa.scalar(schema.currency, pa.large_string())
            columns["currency"] = pc.if_else(pa.array(given), code, None)
        else:
            name = _column(raw, schema, "currency")
            columns["currency"] = _listed(
                raw.table[name], name, {code: code for code in currencies()}, failures,
                "currency is no code of ISO 4217",
            )  # fmt: skip
            is_bare = given & values.mask(pc.is_null(columns["currency"]))
            failures.add(is_bare & ~failures.failed, name, "amount without a currency")
    return columns


def handling(column: pa.Array, schema: Schema, failures: Failures) -> pa.Array:
    """Check handling codes against the schema's scheme, and spell them as the scheme does."""
    if schema.handling_scheme is None:
        return column
    scheme = _handling()[schema.handling_scheme]
    prefix = scheme["prefix"]
    spelled = {code: code for code in scheme["codes"]}
    spelled |= {code.removeprefix(prefix): code for code in scheme["codes"]}
    reason = f"handling is no code of '{schema.handling_scheme}'"
    upper = pc.utf8_upper(pc.replace_substring_regex(column, r":\s+", ":"))
    return _listed(upper, schema.column("handling"), spelled, failures, reason)


def of_entities(raw: Raw, schema: Schema, failures: Failures) -> dict[str, Any]:
    """Read the coordinates that a schema maps, in degrees."""
    if schema.latitude is None or schema.longitude is None:
        return {}
    names = {axis: _column(raw, schema, axis) for axis in _LIMITS}
    found = {
        axis: values.numbers(raw.table[name], name, axis, failures, schema.decimal)
        for axis, name in names.items()
    }
    (lat, has_lat), (lon, has_lon) = found["latitude"], found["longitude"]
    swapped = (np.abs(lat) > _LIMITS["latitude"]) & (np.abs(lon) <= _LIMITS["latitude"])
    swapped &= np.abs(lat) <= _LIMITS["longitude"]
    failures.add(swapped, names["latitude"], "latitude and longitude look swapped")
    for axis, limit in _LIMITS.items():
        outside = np.isfinite(found[axis][0]) & (np.abs(found[axis][0]) > limit) & ~swapped
        failures.add(outside, names[axis], f"{axis} is not in -{limit:.0f} to {limit:.0f}")
    failures.add(has_lat & ~has_lon, names["longitude"], "latitude without a longitude")
    failures.add(has_lon & ~has_lat, names["latitude"], "longitude without a latitude")
    return {"latitude": lat, "longitude": lon}


def _column(raw: Raw, schema: Schema, name: str) -> str:
    column = schema.column(name)
    if column not in raw.names:
        raise SchemaError(
            f"The table needs the column '{column}' (canonical '{name}'), got the columns "
            f"{raw.names}.{near(column, raw.names)}"
        )
    return column


def _amounts(
    column: Any, name: str, decimal: str | None, failures: Failures
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    what = "amount" if decimal else "amount (with signs between digits give Schema(decimal=...))"
    found = values.numbers(column, name, what, failures, decimal)
    if decimal is None and values.is_text(column.type):
        cells, _ = values.trimmed(values.flat(column))
        unsure = values.mask(pc.match_substring_regex(cells, _UNSURE))
        failures.add(
            unsure, name, "amount may be thousands or a fraction: give Schema(decimal=...)"
        )
    return found


def _listed(
    column: Any, name: str, spelled: dict[str, str], failures: Failures, reason: str
) -> pa.Array:
    cells, given = values.trimmed(values.text(column))
    coded = cells.dictionary_encode()
    found = pa.array(
        [spelled.get(code) for code in coded.dictionary.to_pylist()], pa.large_string()
    )
    result = found.take(coded.indices)
    failures.add(given & values.mask(pc.is_null(result)), name, reason)
    return result


@cache
def currencies() -> tuple[str, ...]:
    """Return the codes of ISO 4217, those of former currencies too."""
    parts = _toml("currencies")
    return (*parts["current"].split(), *parts["former"].split())


@cache
def _handling() -> dict[str, Any]:
    return _toml("handling")


def _toml(name: str) -> dict[str, Any]:
    text = (resources.files("netlink.vocabulary") / f"{name}.toml").read_text("utf-8")
    return tomllib.loads(text)
