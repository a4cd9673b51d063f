"""What is remembered between two commands: by many processes, from torn files, where nothing can be."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from dlgrade.progress import Book, Checked, Finding, Record, book, schema, store
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
    assert [path.name for path in tmp_path.iterdir()] == ["progress.sqlite"]


def a_database(*statements):
    """Return the bytes of a database of SQLite's."""
    connection = sqlite3.connect(":memory:")
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    return connection.serialize()


def a_book_cut_in_half():
    """Return the first half of what dlgrade writes."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    schema.bring_up_to_date(connection, dict)
    whole = connection.serialize()
    return whole[: len(whole) // 2]


TABLE = "CREATE TABLE checks (id INTEGER)"


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"SQLite format 3\0 and no more", "torn"),
        (b'{"version": 1, "exercises": {"exercise03', "torn"),
        (b"\xff\xfe\x00" * 999, "torn"),
        (a_book_cut_in_half(), "torn"),
        (a_database(TABLE, f"PRAGMA application_id = {schema.APPLICATION}"), "not one of dlgrade's"),
        (a_database(TABLE), "not one of dlgrade's"),
        (a_database(TABLE, "PRAGMA application_id = 7"), "not one of dlgrade's"),
        (a_database("PRAGMA application_id = 7"), "not one of dlgrade's"),
    ],
)
@pytest.mark.parametrize("first", ["read", "written"])
def test_a_file_that_is_no_use_is_set_aside_and_kept(noted, content, why, first):
    """It gets another name, one sentence says so, and a new one is begun."""
    noted.folder.mkdir()
    (noted.folder / "progress.sqlite").write_bytes(content)
    (noted.folder / "progress.sqlite-journal").write_bytes(b"")
    if first == "read":
        assert noted.record(KEY).hints == {}
    assert noted.next_hint(KEY, "forward", 3) == 1
    (aside,) = noted.folder.glob("progress-set-aside-*.sqlite")
    assert aside.read_bytes() == content
    (notice,) = noted.notices
    assert why in notice
    assert str(aside) in notice
    assert Book(noted.folder).record(KEY).hints == {"forward": 1}


def test_two_files_are_set_aside_under_two_names(noted):
    """Also within one second."""
    noted.folder.mkdir()
    for content in ("first", "second"):
        (noted.folder / "progress.sqlite").write_text(content * 100)
        noted.next_hint(KEY, "forward", 3)
    kept = {path.read_text() for path in noted.folder.glob("progress-set-aside-*.sqlite")}
    assert kept == {"first" * 100, "second" * 100}


def test_a_file_that_got_no_further_than_its_name_is_a_new_one(noted):
    """Whoever was killed at its very beginning leaves it empty."""
    noted.folder.mkdir()
    (noted.folder / "progress.sqlite").touch()
    assert noted.record(KEY) == Record()
    assert noted.next_hint(KEY, "forward", 3) == 1
    assert noted.notices == []


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
    (noted.folder / "progress.sqlite").chmod(0o400)
    try:
        assert noted.next_hint(KEY, "forward", 3) == 2
    finally:
        noted.folder.chmod(0o700)
    assert "is not to be written to" in noted.notices[0]


FULL = """
import resource, signal, sys
from pathlib import Path
from dlgrade.progress import Book
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
size = (Path(sys.argv[1]) / "progress.sqlite").stat().st_size
resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))
noted = Book(Path(sys.argv[1]))
assert noted.next_hint("exercise03_backprop", "long" * size, 3) == 1
assert noted.next_hint("exercise03_backprop", "forward", 3) == 2
print(*noted.notices)
"""


def test_a_file_that_cannot_be_written_is_left_alone(noted):
    """A full disk costs the new entry, not the old ones, and leaves nothing lying about."""
    noted.next_hint(KEY, "forward", 3)
    done = subprocess.run(
        [sys.executable, "-c", FULL, str(noted.folder)], capture_output=True, text=True, check=True
    )
    assert done.stdout.startswith("This could not be remembered: ")
    assert done.stdout.count("\n") == 1
    assert noted.record(KEY).hints == {"forward": 2}
    assert noted.notices == []
    assert [path.name for path in noted.folder.iterdir()] == ["progress.sqlite"]


def test_a_process_that_hangs_with_the_file_is_not_waited_for_without_end(noted, monkeypatch):
    """After a while a sentence says what holds it."""
    noted.note_spoilt("exercise00_celsius")
    monkeypatch.setattr(store, "PATIENCE_S", 0.05)
    holding = sqlite3.connect(noted.folder / "progress.sqlite", isolation_level=None)
    holding.execute("BEGIN IMMEDIATE")
    assert noted.next_hint(KEY, "forward", 3) == 1
    holding.close()
    assert "another process has held" in noted.notices[0]


def test_the_folder_is_the_environments_or_the_users(tmp_path, monkeypatch):
    """DLGRADE_STATE comes first; else it is where the system keeps such things."""
    monkeypatch.setenv("DLGRADE_STATE", str(tmp_path))
    assert Book().folder == tmp_path
    monkeypatch.delenv("DLGRADE_STATE")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "xdg"))
    if sys.platform == "linux":
        assert Book().folder == tmp_path / "xdg" / "dlgrade"


@pytest.mark.skipif(sys.platform != "linux", reason="each system has its own folders")
def test_what_lay_in_the_folder_of_earlier_versions_is_taken_over(tmp_path, monkeypatch):
    """They kept it where the state of programs is; a user's data lie elsewhere."""
    monkeypatch.delenv("DLGRADE_STATE")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "state").mkdir()
    written_before(tmp_path / "state" / "dlgrade", **{KEY: OLD})
    assert Book().next_hint(KEY, "backward", 4) == 3
    assert (tmp_path / "data" / "dlgrade" / "progress.sqlite").is_file()


def test_the_file_says_whose_it_is_and_of_which_version(noted):
    """Other tools, and a later dlgrade, can tell what it is."""
    noted.next_hint(KEY, "forward", 3)
    connection = sqlite3.connect(noted.folder / "progress.sqlite")
    assert connection.execute("PRAGMA application_id").fetchone() == (schema.APPLICATION,)
    assert connection.execute("PRAGMA user_version").fetchone() == (len(schema.STEPS),)
    assert connection.execute("SELECT * FROM hints").fetchall()[0][:3] == (KEY, "forward", 1)


def test_a_newer_file_is_not_touched(noted, a_report):
    """One sentence says what is the matter; reading finds nothing, and nothing is written."""
    noted.next_hint(KEY, "forward", 3)
    path = noted.folder / "progress.sqlite"
    sqlite3.connect(path).execute("PRAGMA user_version = 99").connection.close()
    before = path.read_bytes()
    later = Book(noted.folder)
    assert later.record(KEY) == Record()
    later.note_check(a_report(forward="passed"), FILE, "d1")
    assert later.next_hint(KEY, "forward", 3) == 1
    (notice,) = later.notices
    assert "was written by a newer dlgrade (format 99): it is left as it is" in notice
    assert path.read_bytes() == before
    assert [each.name for each in noted.folder.iterdir()] == ["progress.sqlite"]


NEXT = "CREATE TABLE streaks (days INTEGER NOT NULL);\nALTER TABLE hints ADD COLUMN liked INTEGER;\n"


def test_an_older_file_is_brought_up_to_date_when_it_is_written(noted, monkeypatch):
    """What it held is there still; whoever only reads it leaves it as it is."""
    noted.next_hint(KEY, "forward", 3)
    path = noted.folder / "progress.sqlite"
    before = path.read_bytes()
    monkeypatch.setattr(schema, "STEPS", [*schema.STEPS, NEXT])
    assert noted.record(KEY).hints == {"forward": 1}
    assert path.read_bytes() == before
    noted.note_spoilt(KEY)
    connection = sqlite3.connect(path)
    assert connection.execute("PRAGMA user_version").fetchone() == (2,)
    assert connection.execute("SELECT liked FROM hints").fetchall() == [(None,)]
    assert noted.record(KEY).hints == {"forward": 1}
    assert noted.notices == []


def test_a_step_that_fails_changes_nothing(noted, monkeypatch):
    """The old file is whole, and the sentence says that this was not remembered."""
    noted.next_hint(KEY, "forward", 3)
    before = (noted.folder / "progress.sqlite").read_bytes()
    monkeypatch.setattr(schema, "STEPS", [*schema.STEPS, "CREATE TABLE a (b);\nCREATE TABLE hints (c);\n"])
    noted.note_spoilt(KEY)
    assert (noted.folder / "progress.sqlite").read_bytes() == before
    assert "already exists" in noted.notices[0]


THEN = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = datetime(2026, 3, 2, 12, tzinfo=UTC)
OLD = Record(
    file=str(FILE),
    last=Checked(at=THEN, digest="d1", scope="suite", points=7.5, max_points=10.0, passed=False),
    findings={
        "loads": Finding("passed", "d1", THEN),
        "backward": Finding("failed", "d1", THEN, "Where does the second 2 come from?"),
        "forward": Finding("passed", "d2", LATER),
    },
    hints={"backward": 2},
    first_passed=datetime(2026, 2, 1, tzinfo=UTC),
    spoilt=THEN,
)


def written_before(folder, **exercises):
    folder.mkdir(exist_ok=True)
    file = folder / "progress.json"
    file.write_bytes(msgspec.json.encode({"version": 1, "exercises": exercises}))
    return file.read_bytes()


def test_what_was_remembered_before_there_were_tables_is_taken_over(noted, a_report):
    """It is there at the first reading, which writes nothing, and stays where an older dlgrade finds it."""
    content = written_before(noted.folder, **{KEY: OLD})
    for _ in range(2):
        found = noted.record(KEY)
        for name in ("file", "last", "findings", "hints", "first_passed", "spoilt"):
            assert getattr(found, name) == getattr(OLD, name), name
        assert [path.name for path in noted.folder.iterdir()] == ["progress.json"]
    assert noted.next_hint(KEY, "backward", 4) == 3
    noted.note_check(a_report(forward="passed"), FILE, "d3")
    found = Book(noted.folder).record(KEY)
    assert (found.hints, found.spoilt, found.first_passed) == ({"backward": 3}, THEN, OLD.first_passed)
    assert found.last.digest == "d3"
    assert (noted.folder / "progress.json").read_bytes() == content
    assert noted.notices == []


def test_it_is_taken_over_once(noted):
    """What an older dlgrade writes afterwards is its own."""
    written_before(noted.folder, **{KEY: OLD})
    noted.next_hint(KEY, "backward", 4)
    written_before(noted.folder, **{KEY: OLD, "exercise00_celsius": OLD})
    assert set(noted.records()) == {KEY}


def test_records_of_examples_and_of_single_criteria_are_taken_over(noted):
    """Whatever was checked first, and where nothing but a hint was asked for."""
    alone = Record(file="/a.py", findings={"forward": Finding("passed", "d2", LATER)})
    examples = Record(
        file="/b.py",
        last=Checked(
            at=THEN,
            digest="d1",
            scope="examples",
            points=0.0,
            max_points=0.0,
            passed=False,
            examples={"test_numbers": "failed"},
        ),
        findings={"loads": Finding("passed", "d1", THEN)},
    )
    kept = {"exercise01_a": alone, "exercise02_b": examples, "exercise04_c": Record(hints={"forward": 1})}
    written_before(noted.folder, **kept)
    found = noted.records()
    for key, record in kept.items():
        for name in ("file", "last", "findings", "hints", "first_passed"):
            assert getattr(found[key], name) == getattr(record, name), (key, name)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "is torn"),
        (b'{"version": 1, "exercises": {"exercise03', "is torn"),
        (b'{"version": 1, "exercises": []}', "is torn"),
        (b"[1, 2]", "is torn"),
        (b"\xff\xfe\x00", "is torn"),
        (b'{"version": "one"}', "is torn"),
        (b'{"version": 1, "exercises": {"a": {"hints": {"b": "\xff"}}}}', "is torn"),
        (b'{"version": 2, "exercises": {}}', "was written by another version of dlgrade (format 2)"),
    ],
)
def test_an_old_file_that_is_no_use_is_left_out_and_left_alone(noted, content, why):
    """One sentence says so, once."""
    noted.folder.mkdir()
    (noted.folder / "progress.json").write_bytes(content)
    assert noted.next_hint(KEY, "forward", 3) == 1
    (notice,) = noted.notices
    assert why in notice
    assert (noted.folder / "progress.json").read_bytes() == content
    later = Book(noted.folder)
    assert later.next_hint(KEY, "forward", 3) == 2
    assert later.notices == []


KILLED = """
import sys
from pathlib import Path
from dlgrade.progress import Book
noted = Book(Path(sys.argv[1]))
while True:
    assert not noted.notices, noted.notices
    print(noted.next_hint("exercise03_backprop", "forward", 10**9), flush=True)
"""


def test_what_was_remembered_survives_a_kill(tmp_path):
    """Whenever the process is killed, all that it was told is written is there, and the file is whole."""
    said = 0
    for turn in range(12):
        writing = subprocess.Popen([sys.executable, "-c", KILLED, str(tmp_path)], stdout=subprocess.PIPE)
        first = writing.stdout.readline()
        time.sleep(0.003 * turn)
        writing.kill()
        rest = writing.communicate()[0].splitlines(keepends=True)
        assert writing.returncode == -signal.SIGKILL
        said = max(int(line) for line in [first, *rest] if line.endswith(b"\n"))
        noted = Book(tmp_path)
        # One more may have been written that it could not tell of any more.
        assert noted.record(KEY).hints["forward"] in (said, said + 1)
        assert noted.ask(lambda file: file.execute("PRAGMA integrity_check").fetchall()) == [("ok",)]
        assert noted.notices == []
    assert said > 12


def test_a_process_that_sets_aside_spares_the_new_file_of_another(noted):
    """Two find the same torn file; the second one sees that it has gone."""
    noted.folder.mkdir()
    path = noted.folder / "progress.sqlite"
    path.write_bytes(b"torn" * 100)
    torn = path.stat()
    assert noted.next_hint(KEY, "forward", 3) == 1
    noted._store._set_aside(torn, "is torn")
    assert noted.record(KEY).hints == {"forward": 1}
    assert len(list(noted.folder.glob("progress-set-aside-*"))) == 1


def test_every_check_counts_and_the_best_one_stays(noted, a_report):
    """How many there were, the most points, the file that passed last."""
    noted.note_check(a_report(forward="failed"), FILE, "d1")
    best = msgspec.structs.replace(a_report(forward="passed"), points=2.0)
    noted.note_check(best, FILE, "d2")
    noted.note_check(a_report(forward="failed"), Path("/other.py"), "d3")
    noted.note_check(a_report("criterion", forward="failed"), FILE, "d4")
    found = noted.record(KEY)
    assert (found.checks, found.best, found.last.points) == (4, 2.0, 1.0)
    assert (found.passed_file, found.passed_digest) == (str(FILE), "d2")
    assert found.touched is not None


def test_the_last_answer_to_a_question_counts(noted):
    """Its text, whether it was right, and when."""
    noted.note_answer(KEY, "step", "0.52", right=False)
    noted.note_answer(KEY, "step", "0.48", right=True)
    noted.note_answer(KEY, "stack", "\udc80", right=False)
    found = noted.record(KEY).answers
    assert {key: (each.given, each.right) for key, each in found.items()} == {
        "step": ("0.48", True),
        "stack": ("\\udc80", False),
    }


def test_a_recap_is_open_until_it_ends(noted):
    """Then it is one of the exercise's; what ended once does not end again."""
    assert noted.open_recap() is None
    noted.begin_recap(KEY, "sgd_step", Path("/recap.py"), "salt")
    recap = noted.open_recap()
    assert (recap.exercise, recap.function, recap.file, recap.salt) == (KEY, "sgd_step", "/recap.py", "salt")
    assert noted.record(KEY).recaps == ()
    noted.note_try(recap)
    noted.end_recap(recap, "passed")
    noted.end_recap(recap, "given up")
    assert noted.open_recap() is None
    (done,) = noted.record(KEY).recaps
    assert (done.outcome, done.tries) == ("passed", 1)
    assert done.ended is not None
