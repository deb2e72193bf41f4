"""Amounts, currencies, coordinates and handling codes, checked where a schema maps them."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import netlink as nl


def read(table: dict[str, Any], **schema: Any) -> nl.Network:
    n = len(next(iter(table.values())))
    rows = pd.DataFrame({"source": ["a"] * n, "target": ["b"] * n, **table})
    return nl.read_tables(None, rows, schema=nl.Schema(**schema), on_invalid="reject")


def wrong(network: nl.Network) -> list[tuple[int, str]]:
    return list(network.rejected[["row", "reason"]].itertuples(index=False, name=None))


@pytest.mark.parametrize(
    ("decimal", "texts", "numbers"),
    [
        (
            ",",
            ["1.234,56", "1234,5", "-7", "1 234,00", "1'234", ""],
            [1234.56, 1234.5, -7, 1234, 1234],
        ),
        (".", ["1,234.56", "1234.5", "+7", "0.5"], [1234.56, 1234.5, 7, 0.5]),
        (None, ["1234.56", "1e3", " 7 ", "1234.500", "0.125"], [1234.56, 1000, 7, 1234.5, 0.125]),
        (".", ["1e3", ".5", "1.234"], [1000, 0.5, 1.234]),
    ],
)
def test_amounts(decimal: str | None, texts: list[str], numbers: list[float]) -> None:
    network = read({"sum": texts}, amount="sum", decimal=decimal)
    assert network.relationships["amount"].dropna().tolist() == numbers
    assert "sum" not in network.relationships


@pytest.mark.parametrize(
    ("decimal", "texts"),
    [
        (",", ["1,234.56", "1.23,4", "12.34", "1,2,3", "EUR 7", "--1", "inf"]),
        (".", ["1.234,56", "1.2.3", "12,34"]),
        (None, ["1.234,56", "1,234", "nan", "inf", "1.234", "-12.500"]),
    ],
)
def test_an_amount_that_may_be_another_is_refused(decimal: str | None, texts: list[str]) -> None:
    found = wrong(read({"sum": texts}, amount="sum", decimal=decimal))
    assert [row for row, _ in found] == list(range(len(texts)))
    hint = "decimal sign" if decimal else "give Schema(decimal=...)"
    assert all(reason.startswith("amount") and hint in reason for _, reason in found)


def test_currencies() -> None:
    table = {"sum": [1, 2, 3, None, 5], "unit": ["EUR", "DEM", "eur", None, None]}
    network = read(table, amount="sum", currency="unit")
    assert wrong(network) == [
        (2, "currency is no code of ISO 4217"),
        (4, "amount without a currency"),
    ]
    assert network.relationships["currency"].tolist() == ["EUR", "DEM", np.nan]
    one = read({"sum": [1, None]}, amount="sum", currency="GBP").relationships
    assert one["currency"].tolist() == ["GBP", np.nan]
    with pytest.raises(nl.errors.SchemaError, match=r"needs the column 'unti'.*'unit'"):
        read(table, currency="unti")


def test_unmapped_columns_are_the_users_own() -> None:
    network = read({"amount": ["much"], "currency": ["shells"]})
    assert network.relationships[["amount", "currency"]].values.tolist() == [["much", "shells"]]


@pytest.mark.parametrize(
    ("scheme", "texts", "codes"),
    [
        (
            "tlp",
            ["TLP:RED", "amber", "tlp: amber+strict", "Green", "TLP:CLEAR"],
            ["TLP:RED", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:GREEN", "TLP:CLEAR"],
        ),
        ("5x5x5", ["1", " 5 "], ["1", "5"]),
        ("3x5x2", ["p", "C"], ["P", "C"]),
    ],
)
def test_handling_codes(scheme: str, texts: list[str], codes: list[str]) -> None:
    network = read({"handling": [*texts, None]}, handling_scheme=scheme)
    assert network.relationships["handling"].tolist() == [*codes, np.nan]
    found = wrong(read({"handling": ["TLP:WHITE", "6", "X"]}, handling_scheme=scheme))
    assert found == [(row, f"handling is no code of '{scheme}'") for row in range(3)]


def test_coordinates() -> None:
    people = pd.DataFrame(
        {
            "entity_id": list("abcdefg"),
            "entity_type": "location",
            "y": [51.5, 151.2, 91.0, None, 10.0, "x", None],
            "x": [-0.1, -33.9, 170.0, None, 181.0, 1.0, 5.0],
        }
    ).astype({"y": "str"})
    ties = pd.DataFrame({"source": ["a"], "target": ["a"]})
    schema = nl.Schema(latitude="y", longitude="x")
    network = nl.read_tables(people, ties, schema=schema, on_invalid="reject")
    assert network.entities[["latitude", "longitude"]].iloc[0].tolist() == [51.5, -0.1]
    assert network.entities.index.tolist() == ["a", "d"]
    assert wrong(network) == [
        (1, "latitude and longitude look swapped"),
        (2, "latitude is not in -90 to 90"),
        (4, "longitude is not in -180 to 180"),
        (5, "latitude is not a finite number"),
        (6, "longitude without a latitude"),
    ]


@pytest.mark.parametrize(
    "schema", [{"decimal": ";"}, {"handling_scheme": "TLP"}, {"latitude": "y"}, {"amount": 7}]
)
def test_schemas_that_cannot_be(schema: dict[str, Any]) -> None:
    with pytest.raises(nl.errors.SchemaError):
        nl.Schema(**schema)


@pytest.mark.parametrize("code", ["ANG", "BGN", "CSD", "GHC", "ZWD"])
def test_currencies_of_old_records_are_known(code: str) -> None:
    table = pd.DataFrame({"source": ["a"], "target": ["b"], "relationship_type": "paid"})
    table = table.assign(amount=["1.50"], currency=[code])
    schema = nl.Schema(amount="amount", currency="currency", decimal=".")
    assert nl.read_tables(None, table, schema=schema).relationships["currency"].tolist() == [code]
