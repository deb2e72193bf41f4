"""A role model as TOML: what is written comes back, and every fault is told at once."""

from __future__ import annotations

import os
import stat
import tempfile
import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
import tomli_w
from hypothesis import given, settings
from hypothesis import strategies as st

import netlink as nl
from netlink.errors import ArgumentError, ExportError

DEFAULT = nl.roles.default_model()
OWN = replace(
    DEFAULT,
    prior=-5.25,
    calibration={"recruiter": {"a": 2, "b": 0.5, "c": -1.0}},
    act_bounds=(-1, 2.5),
    acts={**DEFAULT.acts, "own word, 'quoted' = \"x\"": {"forger \\": 0.3}},
    patterns={
        "lodging": replace(DEFAULT.patterns["lodging"], weight=0.3, reason="own # reason\n\u00e9"),
        "own.pattern": nl.roles.Pattern(
            role="recruiter", weight=1e-5, cap=1.0, company=0.0, reason="why", pairs="company"
        ),
    },
)


def loaded(text: str, folder: Path) -> nl.roles.RoleModel:
    (folder / "model.toml").write_text(text, "utf-8")
    return nl.roles.RoleModel.load(folder / "model.toml")


def plain(model: nl.roles.RoleModel) -> dict[str, Any]:
    """The document that a user would write by hand."""
    found = {field.name: getattr(model, field.name) for field in fields(model)}
    found |= {name: list(v) for name, v in found.items() if isinstance(v, tuple)}
    found["patterns"] = {name: dict(vars(p)) for name, p in model.patterns.items()}
    return found


@pytest.mark.parametrize("model", [DEFAULT, OWN])
def test_what_is_written_comes_back(model: nl.roles.RoleModel, tmp_path: Path) -> None:
    model.save(tmp_path / "model.toml")
    assert nl.roles.RoleModel.load(tmp_path / "model.toml") == model
    assert list(tomllib.loads((tmp_path / "model.toml").read_text("utf-8"))) == list(plain(model))


@settings(max_examples=15, deadline=None)
@given(st.data())
def test_any_sound_weights_come_back_to_the_last_digit(data: st.DataObject) -> None:
    nats, share = st.floats(0.0, 20.0), st.floats(0.0, 1.0)
    name = data.draw(st.text(min_size=1).filter(lambda text: text.isprintable()))
    pattern = nl.roles.Pattern(
        role=data.draw(st.text().filter(lambda text: text.isprintable())),
        weight=data.draw(nats),
        cap=data.draw(nats),
        company=0.0,
        reason=data.draw(st.text(st.characters(codec="utf-8"))),
        lookalike=data.draw(share),
        pairs="lodging",
    )
    model = replace(
        DEFAULT,
        prior=data.draw(st.floats(-20.0, 20.0)),
        repeat=data.draw(share),
        victim={**DEFAULT.victim, name: data.draw(nats)},
        patterns={name: pattern},
    )
    with tempfile.TemporaryDirectory() as folder:
        model.save(Path(folder) / "m.toml")
        assert nl.roles.RoleModel.load(Path(folder) / "m.toml") == model


def test_every_weight_keeps_what_is_said_of_it(tmp_path: Path) -> None:
    replace(DEFAULT, prior=-5.25).save(tmp_path / "model.toml")
    text = (tmp_path / "model.toml").read_text("utf-8")
    assert (
        "\nprior = -5.25 # netlink's own: -4.6; a role is held by about 1 person in 100\n" in text
    )
    assert "\nrepeat = 0.6 # each further independent source counts this share" in text
    assert "\n[acts] # what a recorded act says of a role" in text
    assert all(pattern.reason in text for pattern in DEFAULT.patterns.values())
    # Nothing is said to differ but what differs.
    assert text.count("netlink's own:") == 1


def test_a_loaded_model_scores_as_the_one_saved(tmp_path: Path) -> None:
    case = nl.datasets.synthetic_case(seed=2, size=100)
    network = nl.read_tables(case.entities, case.relationships, schema=case.schema)
    model = replace(DEFAULT, prior=-3.0, ungraded=0.3)
    model.save(tmp_path / "model.toml")
    again = nl.roles.assess(network, model=nl.roles.RoleModel.load(tmp_path / "model.toml"))
    assert again.scores.equals(nl.roles.assess(network, model=model).scores)
    assert not again.scores.equals(nl.roles.assess(network).scores)


def test_every_fault_is_told_at_once_and_no_value(tmp_path: Path) -> None:
    document = plain(DEFAULT)
    del document["repeat"]
    document["calibration"] = {"recruiter": {"a": 0.0, "b": 1.0}, "boss": [1.0, 2.0, 3.0]}
    document |= {"prior": 987654.0, "ungraded": "CANARY", "act_bounds": [2.0, 1.0], "windw_days": 1}
    document |= {"base_rate": [0.1], "own_harm": True, "spell": float("nan")}
    document["acts"] = {"recruited": {"recruiter": -987654.0}, "deceived": 3}
    document["victim"] = {"advertised": "CANARY", "moved_once": 1.0, "silent": 1.0}
    lodging = {**document["patterns"]["lodging"], "weight": -1.0, "reason": 4, "lookalik": 0.1}
    del lodging["cap"]
    document["patterns"] = {
        "lodging": lodging,
        "lodgings": document["patterns"]["lodging"],
        "employer": "CANARY",
        "company": {**document["patterns"]["shared_home"], "role": "victim"},
    }
    with pytest.raises(ArgumentError, match="has 23 faults") as error:
        loaded(tomli_w.dumps(document), tmp_path)
    told = str(error.value)
    for fault in (
        "'windw_days' is unknown (Did you mean 'window_days'?)",
        "'repeat' is missing",
        "'prior' must lie between -20 and 20",
        "'ungraded' must be a number, got str",
        "'act_bounds' must be two numbers, the least first",
        "'base_rate' must be two numbers, the least and the most",
        "'own_harm' must be a number, got bool",
        "'spell' must lie between 1e-06 and 0.999999",
        "'acts.recruited.recruiter' must lie between 0 and 3",
        "'acts.deceived' must be a table, got int",
        "'victim.advertised' must be a number, got str",
        "'victim.moved_back' is missing",
        "'calibration.recruiter' must have the keys a, b and c",
        "'calibration.recruiter.a' must lie between 1e-06 and 20",
        "'calibration.boss' must be a table, got list",
        "'patterns.lodging.lookalik' is unknown",
        "'patterns.lodging.cap' is missing",
        "'patterns.lodging.weight' must lie between 0 and 20",
        "'patterns.lodging.reason' must be text, got int",
        "'patterns.lodgings.pairs' must name a table of pairs (Did you mean 'lodging'",
        "'patterns.employer' must be a table, got str",
        "'patterns.company.explains' and 'company' must be 0 where 'role' is \"victim\"",
    ):
        assert fault in told
    assert "CANARY" not in told
    assert "987654" not in told


@pytest.mark.parametrize("name", [f.name for f in fields(DEFAULT)])
def test_no_key_can_be_left_out_or_be_something_else(name: str, tmp_path: Path) -> None:
    document = plain(DEFAULT)
    bare = {key: value for key, value in document.items() if key != name}
    if name == "calibration":  # the one table that a model of your own need not have
        assert loaded(tomli_w.dumps(bare), tmp_path).calibration == {}
    else:
        with pytest.raises(ArgumentError, match=f"'{name}'"):
            loaded(tomli_w.dumps(bare), tmp_path)
    for wrong in ("x", True, float("inf"), [1.0, 2.0, 3.0]):
        with pytest.raises(ArgumentError, match=f"'{name}"):
            loaded(tomli_w.dumps({**document, name: wrong}), tmp_path)


def test_a_model_that_could_not_be_read_again_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ArgumentError, match="a fault: 'prior' must lie between"):
        replace(DEFAULT, prior=float("nan")).save(tmp_path / "model.toml")
    with pytest.raises(ArgumentError, match="half a surrogate pair"):
        replace(DEFAULT, acts={"\ud800": {"recruiter": 1.0}}).save(tmp_path / "model.toml")
    assert not [*tmp_path.iterdir()]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    for path in (tmp_path / "Zebedee.toml", tmp_path):
        with pytest.raises(ArgumentError, match="a file that can be read") as error:
            nl.roles.RoleModel.load(path)
        assert "Zebedee" not in str(error.value)
    for text in (b"prior = '\xff'", b"prior = = 3", b"\x80\x04."):
        (tmp_path / "m.toml").write_bytes(text)
        with pytest.raises(ArgumentError, match="not valid TOML"):
            nl.roles.RoleModel.load(tmp_path / "m.toml")


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_former_model_stays_where_writing_fails(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "m.toml"
    OWN.save(path)

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, step, fail)
    with pytest.raises(ExportError, match="it is as it was"):
        DEFAULT.save(path)
    monkeypatch.undo()
    assert nl.roles.RoleModel.load(path) == OWN
    assert [file.name for file in tmp_path.iterdir()] == ["m.toml"]
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_counterpart_that_is_no_role_is_refused() -> None:
    own = replace(DEFAULT.patterns["pays_the_others"], counterpart="the boss")
    model = replace(DEFAULT, patterns={"pays_the_others": own})
    with pytest.raises(ArgumentError, match="which the network's vocabulary lacks"):
        nl.roles.assess(nl.datasets.krackhardt_kite(), model=model)
