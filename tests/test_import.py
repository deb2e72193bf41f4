"""`import netlink` costs little more than pandas: what is slow loads when it is used."""

from __future__ import annotations

import subprocess
import sys

import pytest

import netlink as nl

SLOW = ["igraph", "numba", "networkx", "matplotlib", "scipy", "tqdm", "polars", "duckdb"]


def run(code: str) -> str:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_import_loads_nothing_slow() -> None:
    code = f"import sys, netlink; print([name for name in {SLOW} if name in sys.modules])"
    assert run(code) == "[]"


def test_modules_load_when_they_are_first_used() -> None:
    code = (
        "import sys, netlink as nl; before = 'netlink.communities' in sys.modules;"
        "print(before, nl.communities.leiden.__name__, 'netlink.communities' in sys.modules)"
    )
    assert run(code) == "False leiden True"


@pytest.mark.parametrize("name", nl.__all__)
def test_every_name_is_there_and_listed(name: str) -> None:
    assert getattr(nl, name) is not None
    assert name in dir(nl)


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="module 'netlink' has no attribute 'comunities'"):
        nl.comunities  # noqa: B018


def test_what_was_compiled_before_loads_without_the_compiler() -> None:
    code = (
        "import sys, netlink as nl; nl.centrality.betweenness(nl.datasets.krackhardt_kite());"
        "print('numba' in sys.modules, 'numba.np.linalg' in sys.modules)"
    )
    run(code)  # compiles, where nobody did before
    assert run(code) == "True False"
