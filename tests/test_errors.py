"""The exception tree, what its messages say, and that they survive a pickle."""

from __future__ import annotations

import copy
import pickle

import pandas as pd
import pytest

from netlink import errors

TREE = {
    "ArgumentError": ValueError,
    "ExportError": ValueError,
    "MissingDependencyError": ImportError,
    "NoPathError": Exception,
    "SchemaError": ValueError,
    "TableError": ValueError,
    "UnknownEntityError": KeyError,
}


def failures() -> pd.DataFrame:
    rows = [
        ("entities", 3, "ref", "id is missing"),
        ("entities", 9, "ref", "id is missing"),
        ("relationships", 3, "count", "weight is negative"),
        ("relationships", 3, "subject", "no such entity"),
    ]
    return pd.DataFrame(rows, columns=["table", "row", "column", "reason"])


def test_the_tree_is_the_one_at_the_head_of_the_file() -> None:
    assert set(errors.__all__) == {*TREE, "NetlinkError"}
    for name, builtin in TREE.items():
        kind = getattr(errors, name)
        assert issubclass(kind, errors.NetlinkError)
        assert issubclass(kind, builtin)
        assert name in (errors.__doc__ or "")


def test_a_table_error_lists_what_failed_and_says_what_to_do() -> None:
    error = errors.TableError(failures())
    assert str(error) == (
        "3 rows cannot be used:\n"
        "  entities, column 'ref': id is missing (2 rows)\n"
        "  relationships, column 'count': weight is negative (1 rows)\n"
        "  relationships, column 'subject': no such entity (1 rows)\n"
        "The rows are listed in '.failures' of this error. Correct them, or read with "
        "on_invalid='reject' to set them aside in 'network.rejected'."
    )
    pd.testing.assert_frame_equal(error.failures, failures())


@pytest.mark.parametrize(
    "error",
    [
        errors.ArgumentError("'cutoff' must be a positive integer, got -1."),
        errors.TableError(failures()),
        errors.UnknownEntityError("1 of the 2 entities asked about are not in the network."),
        errors.MissingDependencyError("openpyxl", "excel", "Reading .xlsx"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_errors_survive_a_pickle_and_a_copy(error: errors.NetlinkError) -> None:
    for again in (pickle.loads(pickle.dumps(error)), copy.copy(error)):
        assert type(again) is type(error)
        assert str(again) == str(error)
    if isinstance(error, errors.TableError):
        pd.testing.assert_frame_equal(pickle.loads(pickle.dumps(error)).failures, failures())


def test_a_missing_dependency_says_how_to_install_it() -> None:
    error = errors.MissingDependencyError("openpyxl", "excel", "Reading .xlsx")
    assert str(error) == (
        "Reading .xlsx needs the package 'openpyxl', which is not installed. "
        "Install it with: pip install 'netlink-analysis[excel]'"
    )


def test_an_unknown_entity_is_reported_without_the_quotes_of_a_key_error() -> None:
    assert str(errors.UnknownEntityError("1 of the 2 entities.")) == "1 of the 2 entities."


def test_near_offers_names_in_one_order() -> None:
    known = {"source", "target", "weight", "weights"}
    assert errors.near("wieght", known) == " Did you mean 'weight' or 'weights'?"
    assert errors.near("zzz", known) == ""
    assert errors.near("source", set()) == ""
