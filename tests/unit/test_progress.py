"""What is remembered between two commands: by many processes, from torn files, where nothing can be."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from dlgrade.progress import Book, book
from dlgrade.report import CriterionResult, Isolation, Report, TestResult

FILE = Path("/home/me/backprop.py")
KEY = "exercise03_backprop"
WRITER = """
import sys
from pathlib import Path
from dlgrade.progress import Book
who = sys.argv[2]
for turn in range(25):
    noted = Book(Path(sys.argv[1]))
    assert noted.next_hint("exercise03_backprop", who, 1000) == turn + 1
    noted.next_hint("exercise03_backprop", "shared", 1000)
    assert not noted.notices, noted.notices
"""


@pytest.fixture
def a_report():
    """Return a function that makes a report; each criterion as it is said, backward with a diagnosis."""

    def make(scope="suite", loads="passed", **statuses):
        tests = [
            TestResult(
                f"test_{key}",
                key,
                key,
                f"{key} holds.",
                status,
                message="It is 4, it should be 2.",
                diagnosis="Where does the second 2 come from?" if status == "failed" else None,
            )
            for key, status in statuses.items()
        ]
        tests.insert(0, TestResult("loads", "loads", None, "It can be run", loads, message="line 3: no"))
        criteria = [CriterionResult(key, key, 1.0, 1.0, status) for key, status in statuses.items()]
        passed = {loads, *statuses.values()} == {"passed"}
        return Report(
            dlgrade="0.1.0",
            exercise="exercise03",
            name="backprop",
            title="Backprop by hand",
            file="backprop.py",
            scope=scope,
            points=1.0,
            max_points=2.0,
            passed=passed,
            criteria=(CriterionResult("loads", "It can be run", 0.0, 0.0, loads), *criteria),
            tests=tuple(tests),
            isolation=Isolation(2, {}),
            seeds={},
        )

    return make


@pytest.fixture
def noted(tmp_path):
    return Book(tmp_path / "state")


def test_a_check_is_remembered(noted, a_report):
    """Points, the status and the diagnosis of each criterion, the file and its digest."""
    noted.note_check(a_report(forward="passed", backward="failed"), FILE, "d1")
    found = Book(noted.folder).record(KEY)
    assert found.file == str(FILE)
    assert (found.last.digest, found.last.scope, found.last.points) == ("d1", "suite", 1.0)
    assert {key: each.status for key, each in found.findings.items()} == {
        "loads": "passed",
        "forward": "passed",
        "backward": "failed",
    }
    assert found.findings["backward"].why == "Where does the second 2 come from?"
    assert found.first_passed is None
    assert noted.notices == []


def test_the_first_date_on_which_everything_was_passed_stays(noted, a_report, monkeypatch):
    """Neither a later pass nor a later failure moves it."""
    first = datetime(2026, 3, 1, tzinfo=UTC)
    monkeypatch.setattr(book, "_now", lambda: first)
    noted.note_check(a_report(forward="passed"), FILE, "d1")
    monkeypatch.undo()
    noted.note_check(a_report(forward="passed"), FILE, "d2")
    noted.note_check(a_report(forward="failed"), FILE, "d3")
    assert noted.record(KEY).first_passed == first
    assert noted.record(KEY).last.digest == "d3"


def test_only_renews_one_criterion_alone(noted, a_report):
    """The others, the points and the date of passing stay as they were."""
    noted.note_check(a_report(forward="failed", backward="failed"), FILE, "d1")
    noted.note_check(a_report("criterion", backward="passed"), FILE, "d2")
    found = noted.record(KEY)
    assert (found.findings["forward"].status, found.findings["forward"].digest) == ("failed", "d1")
    assert (found.findings["backward"].status, found.findings["backward"].digest) == ("passed", "d2")
    assert found.last.digest == "d1"
    assert found.first_passed is None


def test_a_check_replaces_what_the_last_one_found(noted, a_report):
    """A criterion that the exercise no longer has is forgotten."""
    noted.note_check(a_report(old="failed"), FILE, "d1")
    noted.note_check(a_report(forward="passed"), FILE, "d2")
    assert set(noted.record(KEY).findings) == {"loads", "forward"}


def test_debug_is_not_remembered(noted, a_report):
    """Such a run is no verdict, so there is not even a file."""
    noted.note_check(a_report("debug", forward="passed"), FILE, "d1")
    assert not noted.folder.exists()


def test_examples_are_remembered_as_such(noted, a_report):
    """They pass nothing; which of them failed is kept."""
    report = a_report("examples")
    example = TestResult("test_numbers", "examples", None, "Numbers.", "failed", message="no")
    noted.note_check(msgspec.structs.replace(report, tests=(*report.tests, example)), FILE, "d1")
    noted.note_check(msgspec.structs.replace(report, tests=(*report.tests, example)), FILE, "d1")
    found = noted.record(KEY)
    assert (found.last.scope, found.last.examples) == ("examples", {"test_numbers": "failed"})
    noted.note_check(a_report("examples"), FILE, "d1")
    assert noted.record(KEY).first_passed is None


def test_why_nothing_could_be_run_is_remembered(noted, a_report):
    """A criterion that every exercise has is explained by its message."""
    noted.note_check(a_report(loads="failed", forward="skipped"), FILE, "d1")
    assert noted.record(KEY).findings["loads"].why == "line 3: no"


def test_half_a_character_can_be_remembered(noted, a_report):
    """A file name or a message with a lone surrogate is no reason to forget."""
    report = a_report(forward="failed")
    tests = tuple(msgspec.structs.replace(each, diagnosis="\udc80" * 9000) for each in report.tests)
    noted.note_check(msgspec.structs.replace(report, tests=tests), Path("/a/\udc80.py"), "d1")
    assert noted.record(KEY).file == "/a/\\udc80.py"
    assert noted.notices == []


def test_hints_are_counted_one_by_one(noted):
    """Each call takes the next one, until there are none."""
    assert [noted.next_hint(KEY, "forward", 3) for _ in range(5)] == [1, 2, 3, None, None]
    assert [noted.next_hint(KEY, "backward", 3) for _ in range(2)] == [1, 2]
    noted.note_hints(KEY, "backward", 3)
    assert noted.record(KEY).hints == {"forward": 3, "backward": 3}


def test_fewer_hints_than_were_shown_are_all_shown(noted):
    """An exercise may lose one in an update."""
    noted.note_hints(KEY, "forward", 4)
    assert noted.next_hint(KEY, "forward", 3) is None


def test_spoiling_is_remembered_once(noted):
    """The first time counts."""
    noted.note_spoilt(KEY)
    first = noted.record(KEY).spoilt
    noted.note_spoilt(KEY)
    assert noted.record(KEY).spoilt == first is not None


def test_eight_processes_at_once_lose_nothing(tmp_path):
    """Each counts its own hints and one that all share; every count is there in the end."""
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    running = [subprocess.Popen([*command, f"process{number}"]) for number in range(8)]
    assert [process.wait(timeout=120) for process in running] == [0] * 8
    expected = {f"process{number}": 25 for number in range(8)} | {"shared": 200}
    assert Book(tmp_path).record(KEY).hints == expected
    assert sorted(path.name for path in tmp_path.iterdir()) == ["progress.json", "progress.lock"]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "torn"),
        (b'{"version": 1, "exercises": {"exercise03', "torn"),
        (b'{"version": 1, "exercises": []}', "torn"),
        (b"[1, 2]", "torn"),
        (b"\xff\xfe\x00", "torn"),
        (b'{"version": "one"}', "torn"),
        (b'{"version": 1, "exercises": {"a": {"hints": {"b": "\xff"}}}}', "torn"),
        (b'{"version": 2, "exercises": {}}', "another version of dlgrade (format 2)"),
    ],
)
@pytest.mark.parametrize("first", ["read", "written"])
def test_a_file_that_is_no_use_is_set_aside_and_kept(noted, content, why, first):
    """It gets another name, one sentence says so, and a new one is begun."""
    noted.folder.mkdir()
    (noted.folder / "progress.json").write_bytes(content)
    if first == "read":
        assert noted.record(KEY).hints == {}
    assert noted.next_hint(KEY, "forward", 3) == 1
    (aside,) = noted.folder.glob("progress-set-aside-*.json")
    assert aside.read_bytes() == content
    (notice,) = noted.notices
    assert why in notice
    assert str(aside) in notice
    assert Book(noted.folder).record(KEY).hints == {"forward": 1}


def test_two_files_are_set_aside_under_two_names(noted):
    """Also within one second."""
    noted.folder.mkdir()
    for content in ("first", "second"):
        (noted.folder / "progress.json").write_text(content)
        noted.next_hint(KEY, "forward", 3)
    kept = {path.read_text() for path in noted.folder.glob("progress-set-aside-*")}
    assert kept == {"first", "second"}


def test_where_no_folder_can_be_made_a_sentence_says_so(tmp_path, a_report):
    """Nothing is raised, and what was asked for is still answered."""
    (tmp_path / "file").write_text("")
    noted = Book(tmp_path / "file" / "state")
    noted.note_check(a_report(forward="passed"), FILE, "d1")
    assert noted.next_hint(KEY, "forward", 3) == 1
    (notice,) = noted.notices
    assert notice.startswith("This could not be remembered: Not a directory")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_read(noted):
    """What is there counts, and that nothing can be added is said."""
    noted.next_hint(KEY, "forward", 3)
    noted.folder.chmod(0o500)
    try:
        assert noted.next_hint(KEY, "forward", 3) == 2
    finally:
        noted.folder.chmod(0o700)
    assert "Permission denied" in noted.notices[0]


def test_a_file_that_cannot_be_replaced_is_left_alone(noted, monkeypatch):
    """A full disk costs the new entry, not the old ones, and leaves nothing lying about."""
    noted.next_hint(KEY, "forward", 3)

    def full(self, data):
        self.touch()
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", full)
    assert noted.next_hint(KEY, "forward", 3) == 2
    monkeypatch.undo()
    assert noted.notices == ["This could not be remembered: No space left on device."]
    assert noted.record(KEY).hints == {"forward": 1}
    assert not list(noted.folder.glob("*.tmp"))


def test_a_process_that_hangs_with_the_lock_is_not_waited_for_without_end(noted, monkeypatch):
    """After a while a sentence says what holds it."""
    monkeypatch.setattr(book, "PATIENCE_S", 0.05)
    with book._locked(noted.folder):
        assert noted.next_hint(KEY, "forward", 3) == 1
    assert "another process has held progress.lock" in noted.notices[0]


def test_the_folder_is_the_environments_or_the_users(tmp_path, monkeypatch):
    """DLGRADE_STATE comes first; else it is where the system keeps such things."""
    monkeypatch.setenv("DLGRADE_STATE", str(tmp_path))
    assert Book().folder == tmp_path
    monkeypatch.delenv("DLGRADE_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    if sys.platform == "linux":
        assert Book().folder == tmp_path / "xdg" / "dlgrade"


def test_the_file_is_json_with_a_version(noted):
    """Other tools, and a later dlgrade, can tell what it is."""
    noted.next_hint(KEY, "forward", 3)
    written = json.loads((noted.folder / "progress.json").read_text())
    assert written["version"] == 1
    assert written["exercises"][KEY]["hints"] == {"forward": 1}
