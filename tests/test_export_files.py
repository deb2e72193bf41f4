"""Bundles on disk: whole or not at all, private, and checked by their manifest."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from networks import network_of

import netlink as nl
from netlink import export
from netlink.errors import ArgumentError, ExportError

if TYPE_CHECKING:
    from collections.abc import Iterator

PICTURE = b"\x89PNG\r\n\x1a\nstands in for a picture"


@pytest.fixture(autouse=True)
def _no_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(export, "_picture", lambda drawing: PICTURE)


def case_of(*ties: tuple[str, str]) -> nl.cases.Case:
    return nl.cases.build(network_of(ties), around=[ties[0][0]])


def state(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_files_are_private_and_nothing_else_is_left(tmp_path: Path) -> None:
    folder = export.bundle(case_of(("a", "b")), tmp_path / "case")
    assert folder == tmp_path / "case"
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_only_the_formats_asked_for_are_written(tmp_path: Path) -> None:
    made = {
        "graphml": {"network.graphml"},
        "gexf": {"network.gexf"},
        "csv": {
            *(f"{n}.csv" for n in ("entities", "relationships", "leads", "safeguarding")),
            *("evidence.csv", "elements.csv", "groups.csv", "paths.csv", "profile.csv"),
            "schema.toml",
        },
        "cx2": {"network.cx2"},
        "cyjs": {"network.cyjs"},
        "excel": {"case.xlsx"},
        "parquet": {"entities.parquet", "relationships.parquet"},
        "neo4j": {"neo4j_nodes.csv", "neo4j_relationships.csv", "neo4j_import.md"},
        "case_uco": {"case_uco.jsonld"},
        "stix": {"stix.json"},
        "json": {"network.json"},
        "i2": {"i2_links.csv", "i2_isolates.csv", "i2_guide.md"},
        "ftm": {"ftm.jsonl", "ftm_grades.csv"},
        "html": {"report.html"},
    }
    case = case_of(("a", "b"))
    for name, files in made.items():
        folder = export.bundle(case, tmp_path / name, formats=[name])
        assert set(state(folder)) == files | {"manifest.json", "picture.png"}
    everything = set().union(*made.values()) | {"manifest.json", "picture.png"}
    assert set(state(export.bundle(case, tmp_path / "all"))) == everything


def test_a_bundle_is_replaced_as_a_whole(tmp_path: Path) -> None:
    folder = export.bundle(case_of(("a", "b")), tmp_path / "case")
    export.bundle(case_of(("c", "a")), folder, formats=["csv"])
    assert "network.graphml" not in state(folder)
    assert b"c,person" in state(folder)["entities.csv"]
    assert (export.verify(folder)["status"] == "ok").all()
    assert [path.name for path in tmp_path.iterdir()] == ["case"]


def test_an_empty_folder_is_taken(tmp_path: Path) -> None:
    export.bundle(case_of(("a", "b")), tmp_path)
    assert (export.verify(tmp_path)["status"] == "ok").all()


@pytest.mark.parametrize("name", ["notes.txt", "manifest.json"])
def test_a_folder_that_is_no_bundle_is_left_alone(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text('{"format": "another"}')
    with pytest.raises(ExportError, match="is no netlink bundle: it is left as it is"):
        export.bundle(case_of(("a", "b")), tmp_path)
    assert list(state(tmp_path)) == [name]


def test_files_put_beside_a_bundle_are_not_lost(tmp_path: Path) -> None:
    folder = export.bundle(case_of(("a", "b")), tmp_path / "case")
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(ExportError, match="holds 1 files that are no part of the bundle"):
        export.bundle(case_of(("a", "b")), folder)
    assert (folder / "notes.txt").read_text() == "mine"


def test_files_and_links_are_not_written_to(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for name in ("file", "link"):
        with pytest.raises(ExportError, match="is a file or a link"):
            export.bundle(case_of(("a", "b")), tmp_path / name)
    with pytest.raises(ExportError, match="does not exist"):
        export.bundle(case_of(("a", "b")), tmp_path / "no" / "such")


@pytest.mark.parametrize("name", [".case.before", ".case.gone"])
def test_links_beside_the_bundle_are_not_followed(tmp_path: Path, name: str) -> None:
    outside = export.bundle(case_of(("x", "y")), tmp_path / "outside", formats=["csv"])
    before = state(outside)
    (tmp_path / name).symlink_to(outside)
    folder = export.bundle(case_of(("a", "b")), tmp_path / "case", formats=["csv"])
    assert b"a,person" in state(folder)["entities.csv"]
    export.bundle(case_of(("a", "c")), folder, formats=["csv"])
    assert state(outside) == before
    assert {path.name for path in tmp_path.iterdir()} == {"case", "outside"}


# Failures


class _Stream:
    """A file whose n-th write of all files fails, as on a full disk."""

    def __init__(self, stream: Any, tick: Any) -> None:
        self._stream, self._tick = stream, tick

    def write(self, data: bytes) -> int:
        self._tick()
        return int(self._stream.write(data))

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __enter__(self) -> _Stream:
        return self

    def __exit__(self, *error: object) -> None:
        self._stream.close()


class _Fault:
    """Makes the n-th call of one function of `os` fail."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str, n: int) -> None:
        self.left, self.hit = n, False
        real = getattr(os, name if name != "write" else "fdopen")

        def fails(*arguments: Any, **more: Any) -> Any:
            self.tick()
            return real(*arguments, **more)

        def opens(*arguments: Any, **more: Any) -> Any:
            return _Stream(real(*arguments, **more), self.tick)

        if name == "write":
            monkeypatch.setattr(os, "fdopen", opens)
        else:
            monkeypatch.setattr(os, name, fails)

    def tick(self) -> None:
        self.left -= 1
        if self.left == 0:
            self.hit = True
            raise OSError(28, "No space left on device")


@pytest.mark.parametrize(
    "name",
    ["replace", *(pytest.param(n, marks=pytest.mark.slow) for n in ("fsync", "open", "write"))],
)
@pytest.mark.parametrize("is_new", [pytest.param(True, marks=pytest.mark.slow), False])
def test_whatever_fails_the_former_bundle_stands_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, is_new: bool
) -> None:
    folder = tmp_path / "case"
    first, second = case_of(("a", "b")), case_of(("a", "c"))
    formats = ["csv", "html", "ftm"]
    before: dict[str, bytes] = {}
    if not is_new:
        before = state(export.bundle(first, folder, formats=formats))
    for n in itertools.count(1):
        with monkeypatch.context() as patch:
            fault, message = _Fault(patch, name, n), ""
            try:
                export.bundle(second, folder, formats=formats)
            except ExportError as error:
                message = str(error)
                assert str(tmp_path) not in message
        if not fault.hit:
            break
        if "former one could not be removed" in message:
            assert (export.verify(folder)["status"] == "ok").all()
            export.bundle(first, folder, formats=formats)  # takes it away
            continue
        assert "No space left" in message
        assert (state(folder) if folder.exists() else {}) == before
        assert {path.name for path in tmp_path.iterdir()} <= {"case"}
    assert n > (1 if name == "replace" else 5)
    assert (export.verify(folder)["status"] == "ok").all()


def test_an_interrupt_leaves_no_half_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(export.manifest, "write", interrupted)
    with pytest.raises(KeyboardInterrupt):
        export.bundle(case_of(("a", "b")), tmp_path / "case")
    assert list(tmp_path.iterdir()) == []


def test_a_bundle_renamed_aside_by_a_killed_program_comes_back(tmp_path: Path) -> None:
    folder = export.bundle(case_of(("a", "b")), tmp_path / "case", formats=["csv"])
    before = state(folder)
    folder.rename(tmp_path / ".case.before")
    export.files.restore(folder)
    assert state(folder) == before


def test_the_next_call_puts_it_back_even_if_it_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = export.bundle(case_of(("a", "b")), tmp_path / "case", formats=["csv"])
    before = state(folder)
    folder.rename(tmp_path / ".case.before")
    _Fault(monkeypatch, "write", 1)
    with pytest.raises(ExportError):
        export.bundle(case_of(("a", "c")), folder)
    assert state(folder) == before


def test_files_and_folders_are_made_durable(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[int] = []
    monkeypatch.setattr(os, "fsync", calls.append)
    folder = export.bundle(case_of(("a", "b")), tmp_path / "case", formats=["json"])
    assert len(calls) == len(state(folder)) + 2  # the folder itself and the one above


_MANY = ["graphml", "gexf", "cx2", "cyjs", "json", "csv", "i2", "neo4j", "ftm"]
# A process that is killed for good. It makes two cases once and forks a child for each moment.
_SERVER = """
import itertools, os, resource, signal, sys, time
from pathlib import Path
import netlink as nl
from netlink import export

export._picture = lambda drawing: b"picture" * 40_000
folder, formats = Path(sys.argv[1]), sys.argv[3:]
kite = nl.datasets.krackhardt_kite()
case = nl.cases.build(kite, around=[sys.argv[2]])
published = export.redaction.publish(case, export.Policy())
export.redaction.publish = lambda case, policy: published  # once: what is tried is the writing
calls = itertools.count(1)


def counted(name, last):
    real = getattr(os, name)

    def call(*arguments, **more):
        if next(calls) == last:
            if name == "write":  # killed in the middle of it
                real(arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*arguments, **more)

    setattr(os, name, call)


class Raw:
    # A file whose every write is a call of the system, through the name that is counted.
    def __init__(self, opened, mode):
        self.opened = opened

    def write(self, data):
        return os.write(self.opened, data)

    def flush(self):
        pass

    def fileno(self):
        return self.opened

    def __enter__(self):
        return self

    def __exit__(self, *error):
        os.close(self.opened)


def bundle(moment):
    kind, _, at = moment.partition(" ")
    if kind == "call":
        os.fdopen = Raw
        for name in ("mkdir", "open", "write", "fsync", "replace", "unlink", "rmdir"):
            counted(name, int(at))
    if kind == "size":
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(at), int(at)))
    try:
        export.bundle(case, folder, formats=formats)
    except nl.errors.ExportError:
        os._exit(3)
    os.write(1, b"calls %d\\n" % next(calls))
    os._exit(0)


print("ready", flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        bundle(line.strip())
    _, status = os.waitpid(child, 0)
    print("ended", status, flush=True)
"""


class _Server:
    """Asks for a bundle that is killed at a moment, and says how it ended."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def bundle(self, moment: str) -> tuple[int, int]:
        """Return the status of the process, and how many calls it made if it came to the end."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{moment}\n")
        self.process.stdin.flush()
        calls, line = 0, self._line()
        if line.startswith("calls"):
            calls, line = int(line.split()[1]) - 1, self._line()
        return int(line.split()[1]), calls


@pytest.fixture
def server(tmp_path: Path) -> Iterator[_Server]:
    command = [sys.executable, "-W", "ignore", "-c", _SERVER, str(tmp_path / "case"), "9", *_MANY]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield _Server(process)
        process.kill()


def _former(folder: Path) -> Path:
    case = nl.cases.build(nl.datasets.krackhardt_kite(), around=["0"])
    return export.bundle(case, folder, formats=_MANY)


def _check_left(folder: Path, former: dict[str, bytes], new: dict[str, bytes]) -> str:
    """Assert that a whole bundle is left or none, and return which."""
    aside = folder.with_name(".case.before")
    if not folder.exists() and former:  # killed between two renames: the former one is beside it
        assert state(aside) == former
        export.files.restore(folder)
        assert state(folder) == former
        return "aside"
    if not folder.exists():
        return "none"
    assert state(folder) in (former, new)
    assert (export.verify(folder)["status"] == "ok").all()
    if aside.exists():
        assert state(aside) == former  # never one in part that could be put back
    return "former" if state(folder) == former else "new"


def _cleared(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path)


@pytest.mark.slow
@pytest.mark.parametrize("is_new", [True, False])
def test_killed_at_any_of_fifty_moments_a_whole_bundle_is_left_or_none(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, server: _Server, is_new: bool
) -> None:
    folder = tmp_path / "case"
    kept = tmp_path_factory.mktemp("former") / "case"
    former = {} if is_new else state(_former(kept))
    if not is_new:
        shutil.copytree(kept, folder)
    status, n_calls = server.bundle("call 0")
    assert status == 0
    new = state(folder)
    moments = sorted({round(1 + at * (n_calls - 1) / 49) for at in range(50)})
    assert len(moments) == 50
    found = []
    for moment in moments:
        _cleared(tmp_path)
        if not is_new:
            shutil.copytree(kept, folder)
        status, _ = server.bundle(f"call {moment}")
        assert status == signal.SIGKILL
        found.append(_check_left(folder, former, new))
        if moment % 5 == 0 or found[-1] == "aside":  # what is left stands in nobody's way
            assert server.bundle("call 0")[0] == 0
            assert state(folder) == new
            assert not (tmp_path / ".case.before").exists()
    first = "none" if is_new else "former"
    assert found[0] == first
    assert found[-1] == "new"
    assert found.count(first) > 25
    # Once it is there it stays: what was left turned from the one into the other.
    order = [first, "aside", "new"]
    assert found == sorted(found, key=order.index)


@pytest.mark.slow
def test_at_a_disk_that_takes_no_more_the_former_bundle_stands(
    tmp_path: Path, server: _Server
) -> None:
    """The system itself refuses: a file may not grow over a size."""
    former = state(_former(tmp_path / "case"))
    largest = max(map(len, former.values()))
    for size in (0, 1, 100, 5_000, largest // 2):
        status, _ = server.bundle(f"size {size}")
        assert os.waitstatus_to_exitcode(status) == 3
        assert state(tmp_path / "case") == former
        assert [path.name for path in tmp_path.iterdir()] == ["case"]
    assert server.bundle(f"size {10**9}")[0] == 0
    assert state(tmp_path / "case") != former


# Verification


@pytest.fixture
def written(tmp_path: Path) -> Path:
    return export.bundle(case_of(("a", "b")), tmp_path / "case", formats=["csv", "json"])


def status(folder: Path) -> dict[str, str]:
    table = export.verify(folder)
    assert table.columns.tolist() == ["file", "status"]
    return {f: s for f, s in zip(table["file"], table["status"], strict=True) if s != "ok"}


def test_verify_finds_nothing_where_nothing_changed(written: Path) -> None:
    assert status(written) == {}


def test_verify_finds_a_changed_byte_in_any_file(written: Path) -> None:
    for path in written.iterdir():
        data = path.read_bytes()
        at = len(data) // 2
        path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])
        try:
            assert status(written) == {path.name: "changed"}
        except ExportError:
            assert path.name == "manifest.json"  # it cannot be read any more
        path.write_bytes(data)


def test_verify_finds_missing_and_added_files(written: Path) -> None:
    (written / "network.json").unlink()
    (written / "extra").mkdir()
    assert status(written) == {"network.json": "missing", "extra": "added"}


def test_verify_finds_swapped_files(written: Path) -> None:
    shutil.move(written / "entities.csv", written / "kept")
    shutil.move(written / "network.json", written / "entities.csv")
    shutil.move(written / "kept", written / "network.json")
    assert status(written) == {"entities.csv": "swapped", "network.json": "swapped"}


def test_verify_follows_no_link(written: Path, tmp_path: Path) -> None:
    shutil.move(written / "network.json", tmp_path / "network.json")
    (written / "network.json").symlink_to(tmp_path / "network.json")
    assert status(written) == {"network.json": "changed"}


def test_verify_finds_a_forged_count_in_the_manifest(written: Path) -> None:
    path = written / "manifest.json"
    content = json.loads(path.read_text())
    content["input"]["entities"]["rows"] = 999
    path.write_text(json.dumps(content))
    assert status(written) == {"manifest.json": "changed"}


@pytest.mark.parametrize("text", [None, "", "[]", "{}", '{"format": "netlink bundle"}', "[" * 9999])
def test_verify_refuses_what_is_no_bundle(tmp_path: Path, text: str | None) -> None:
    if text is not None:
        (tmp_path / "manifest.json").write_text(text)
    with pytest.raises(ExportError, match="is no netlink bundle"):
        export.verify(tmp_path)


def test_the_manifest_says_where_everything_comes_from(written: Path) -> None:
    content = json.loads((written / "manifest.json").read_text())
    assert content["software"]["netlink"] == nl.__version__
    assert content["input"]["entities"]["rows"] == 2
    assert {row["outcome"] for row in content["input"]["ledger"]} == {"read", "used"}
    assert content["case"]["hops"] == 2
    assert set(content["files"]) == set(state(written)) - {"manifest.json"}
    for name, file in content["files"].items():
        assert file["bytes"] == (written / name).stat().st_size
    assert any("apostrophe" in note for note in content["notes"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"formats": "csv"}, "'formats' must be a list"),
        ({"formats": ["cvs"]}, "'formats' has no 'cvs'.*Did you mean 'csv'"),
        ({"policy": "all"}, "'policy' must be a netlink.export.Policy, got str"),
    ],
)
def test_bad_arguments(tmp_path: Path, arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError, match=message):
        export.bundle(case_of(("a", "b")), tmp_path / "case", **arguments)
    with pytest.raises(ArgumentError, match="'case' must be what"):
        export.bundle(network_of([("a", "b")]), tmp_path / "case")  # type: ignore[arg-type]
    with pytest.raises(ArgumentError, match="'folder' must be a path, got int"):
        export.bundle(case_of(("a", "b")), 3)  # type: ignore[arg-type]
    assert list(tmp_path.iterdir()) == []
