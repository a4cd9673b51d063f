"""The gradebook: what is written is kept, whatever happens next; and what is no gradebook is left alone."""

import shutil
import sqlite3
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from dlgrade import catalog
from dlgrade.batch import schema
from dlgrade.batch.decider import Decider, decider
from dlgrade.batch.gradebook import Gradebook
from dlgrade.batch.lock import Lock
from dlgrade.batch.model import Handed, Student
from dlgrade.batch.records import Outcome
from dlgrade.errors import CatalogError, GradebookError
from dlgrade.report import Isolation, Report

BY = Decider("suite", "0.1.0", "2.13", "2.4")
ADA = Handed(Student("ada", "Ada Lovelace", "100", "ada@example.org"), "ada/toy.py", Path("x"))


def a_report(points=7.5, notes=()):
    return Report(
        dlgrade="0.1.0",
        exercise="exercise90",
        name="toy",
        title="A toy",
        file="ada/toy.py",
        scope="suite",
        points=points,
        max_points=10.0,
        passed=False,
        criteria=(),
        tests=(),
        isolation=Isolation(3, {}),
        seeds={},
        notes=notes,
    )


FAILED = Outcome("failed", 7.5, 10.0, report=a_report(), seconds=0.25)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "gradebook.sqlite"


def test_what_is_recorded_comes_back(path):
    """Every field, the report among them, also from another process' connection meanwhile."""
    with Gradebook(path, writing=True) as book:
        book.record(ADA, "exercise90_toy", "abc", BY, FAILED, attempts=2)
        with Gradebook(path) as reader:
            (row,) = reader.rows()
    assert row.student == ADA.student
    assert (row.exercise, row.file, row.late, row.content) == ("exercise90_toy", "ada/toy.py", False, "abc")
    assert (row.status, row.points, row.max_points, row.attempts) == ("failed", 7.5, 10.0, 2)
    assert row.report == FAILED.report
    assert row.decider == BY


def test_a_verdict_is_found_by_all_that_decided_it(path):
    """Another file, another suite or another version of anything is another verdict."""
    with Gradebook(path, writing=True) as book:
        book.record(ADA, "exercise90_toy", "abc", BY, FAILED)
        assert book.find("ada", "exercise90_toy", "abc", BY).points == 7.5
        for other in ("suite", "dlgrade", "torch", "numpy"):
            assert book.find("ada", "exercise90_toy", "abc", replace(BY, **{other: "other"})) is None
        assert book.find("ada", "exercise90_toy", "abd", BY) is None
        assert book.find("bob", "exercise90_toy", "abc", BY) is None
        assert book.find("ada", "exercise91_toy", "abc", BY) is None


def test_the_same_submission_has_one_verdict_and_a_student_one_line(path):
    """Graded again the verdict is replaced; another file adds one, and the line points to the newest."""
    with Gradebook(path, writing=True) as book:
        book.record(ADA, "exercise90_toy", "abc", BY, FAILED)
        book.record(ADA, "exercise90_toy", "abc", BY, replace(FAILED, points=8.0))
        book.record(ADA, "exercise90_toy", "abd", BY, replace(FAILED, points=9.0))
        assert [row.points for row in book.rows()] == [9.0]
        # And whoever hands in the first file again gets the first verdict back.
        book.keep(ADA, "exercise90_toy", book.find("ada", "exercise90_toy", "abc", BY))
        assert [row.points for row in book.rows()] == [8.0]
    assert sqlite3.connect(path).execute("SELECT count(*) FROM verdicts").fetchone() == (2,)


def test_rows_are_in_the_order_of_exercises_and_students(path):
    """Whatever the order in which they were written."""
    with Gradebook(path, writing=True) as book:
        for key in ("zoe", "ada", "Bob"):
            for exercise in ("exercise91_b", "exercise90_a"):
                book.record(replace(ADA, student=Student(key)), exercise, "abc", BY, FAILED)
        found = [(row.exercise, row.student.key) for row in book.rows()]
        assert found == sorted(found)
        assert [row.student.key for row in book.rows("exercise91_b")] == ["Bob", "ada", "zoe"]
        assert book.exercises() == ["exercise90_a", "exercise91_b"]


def test_a_text_that_utf8_cannot_hold_is_kept_nevertheless(path):
    """Half a character in a report does not stop the class."""
    with Gradebook(path, writing=True) as book:
        book.record(ADA, "e", "abc", BY, replace(FAILED, report=a_report(notes=("\udc80",))))
        (row,) = book.rows()
        assert row.report.notes == ("\\udc80",)


def test_only_one_process_writes_at_a_time(path):
    """The second is told so at once, whoever has ended leaves no trace, and readers are not in the way."""
    with Gradebook(path, writing=True) as book:
        with pytest.raises(GradebookError, match="Another process is writing"):
            Gradebook(path, writing=True)
        book.record(ADA, "e", "abc", BY, FAILED)
    assert [each.name for each in path.parent.iterdir()] == [path.name]
    Gradebook(path, writing=True).close()


def test_a_gradebook_known_by_a_link_is_the_same_gradebook(path, tmp_path):
    """Two runs that name it differently do not both write it."""
    link = tmp_path / "by_another_name.sqlite"
    link.symlink_to(path)
    with Gradebook(path, writing=True), pytest.raises(GradebookError, match="Another process is writing"):
        Gradebook(link, writing=True)


def test_a_lock_is_held_by_one_of_many(tmp_path):
    """Many who come at once: never two at a time, and none is kept out for ever."""
    inside, seen = [], []

    def enter():
        for _ in range(50):
            try:
                lock = Lock(tmp_path / "lock")
            except GradebookError:
                continue
            inside.append(1)
            seen.append(len(inside))
            inside.pop()
            lock.release()

    threads = [threading.Thread(target=enter) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(seen) == {1}
    assert not (tmp_path / "lock").exists()


def test_a_writer_that_was_killed_is_in_nobodys_way(path):
    """The lock goes with its process, and what was committed is there."""
    script = f"""
import os, signal, sys
sys.path.insert(0, {str(Path(__file__).parent)!r})
from test_batch_gradebook import ADA, BY, FAILED, Gradebook, Path
book = Gradebook(Path({str(path)!r}), writing=True)
book.record(ADA, "e", "abc", BY, FAILED)
book._connection.execute("BEGIN IMMEDIATE")
book._connection.execute("DELETE FROM submissions")
os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == -9
    with Gradebook(path, writing=True) as book:
        assert [row.points for row in book.rows()] == [7.5]


@pytest.mark.parametrize(
    ("made", "says"),
    [
        (b"this is a text and no database, and long enough to be read as one", "is no gradebook"),
        ("CREATE TABLE others (x)", "is a database of another program"),
        ("PRAGMA application_id = 5; CREATE TABLE others (x)", "is a database of another program"),
        (f"PRAGMA application_id = {schema.APPLICATION}; PRAGMA user_version = 99", "by a newer dlgrade"),
    ],
)
def test_what_is_no_gradebook_is_left_as_it_is(path, made, says):
    """Other files are told from ours, and nothing is written into them."""
    if isinstance(made, bytes):
        path.write_bytes(made)
    else:
        other = sqlite3.connect(path)
        other.executescript(made)
        other.close()
    before = path.read_bytes()
    for writing in (True, False):
        with pytest.raises(GradebookError, match=says):
            Gradebook(path, writing=writing)
    if isinstance(made, bytes):
        assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_gradebook_that_is_not_there_is_not_made_by_a_reader(path):
    """It says which command makes one."""
    with pytest.raises(GradebookError, match=r"There is no gradebook .*dlgrade grade"):
        Gradebook(path)
    assert not path.exists()


def test_an_older_gradebook_is_brought_up_to_date_by_a_writer(path, monkeypatch):
    """Steps that are new are taken, in one transaction; a reader alone says who can do it."""
    with Gradebook(path, writing=True) as book:
        book.record(ADA, "e", "abc", BY, FAILED)
    step = "ALTER TABLE submissions ADD COLUMN remark TEXT NOT NULL DEFAULT 'none';"
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, step))
    with pytest.raises(GradebookError, match="older dlgrade"):
        Gradebook(path)
    with Gradebook(path, writing=True) as book:
        assert [row.points for row in book.rows()] == [7.5]
    remarks = sqlite3.connect(path).execute("SELECT remark FROM submissions").fetchall()
    assert remarks == [("none",)]


def test_a_step_that_fails_leaves_the_gradebook_as_it_was(path, monkeypatch):
    """Half of an update is none."""
    Gradebook(path, writing=True).close()
    broken = "ALTER TABLE submissions ADD COLUMN remark TEXT; CREATE TABLE verdicts (x);"
    monkeypatch.setattr(schema, "STEPS", (*schema.STEPS, broken))
    with pytest.raises(GradebookError):
        Gradebook(path, writing=True)
    monkeypatch.undo()
    with Gradebook(path, writing=True) as book:
        book.record(ADA, "e", "abc", BY, FAILED)
    columns = [each[1] for each in sqlite3.connect(path).execute("PRAGMA table_info(submissions)")]
    assert "remark" not in columns


def test_a_full_disk_loses_nothing_and_is_said_in_a_sentence(path):
    """SQLite says full: the transaction is undone, what was there stays, with more room it goes on."""
    big = replace(FAILED, report=a_report(notes=tuple(map(str, range(200_000)))))
    with Gradebook(path, writing=True) as book:
        book.record(ADA, "e", "abc", BY, FAILED)
        pages = book._connection.execute("PRAGMA page_count").fetchone()[0]
        book._connection.execute(f"PRAGMA max_page_count = {pages + 3}")
        bob = replace(ADA, student=Student("bob"))
        with pytest.raises(GradebookError, match=r"the disk is full.*kept; run the command again"):
            book.record(bob, "e", "abc", BY, big)
        assert [row.student.key for row in book.rows()] == ["ada"]
        book._connection.execute("PRAGMA max_page_count = 1000000")
        book.record(bob, "e", "abc", BY, big)
        assert [row.student.key for row in book.rows()] == ["ada", "bob"]


def test_it_is_written_so_that_a_power_cut_loses_nothing(path):
    """WAL, and every commit is synced."""
    with Gradebook(path, writing=True) as book:
        ask = book._connection.execute
        assert ask("PRAGMA journal_mode").fetchone() == ("wal",)
        assert ask("PRAGMA synchronous").fetchone() == (2,)


def test_a_suite_is_another_when_any_file_that_decides_is(tmp_path, course):
    """Manifest, starter, suite, reference and mistakes count; the statement does not."""
    shutil.copytree(course.exercises.parent, tmp_path / "course")
    exercises, solutions = tmp_path / "course" / "exercises", tmp_path / "course" / "solutions"
    exercise = catalog.find("90", exercises)
    first = decider(exercise, solutions)
    assert decider(exercise, solutions) == first
    deciding = [
        exercises / "exercise90_toy" / "exercise.toml",
        exercises / "exercise90_toy" / "toy.py",
        solutions / "exercise90_toy" / "toy.py",
        solutions / "exercise90_toy" / "test_hidden.py",
        solutions / "exercise90_toy" / "mistakes" / "one_index_too_few.py",
    ]
    seen = {first.suite}
    for path in deciding:
        path.write_text(path.read_text() + "\n# changed\n")
        seen.add(decider(exercise, solutions).suite)
    assert len(seen) == 6
    (exercises / "exercise90_toy" / "README.md").write_text("other words")
    assert decider(exercise, solutions).suite in seen
    shutil.rmtree(solutions)
    with pytest.raises(CatalogError, match=r"not on this machine.*--solutions"):
        decider(exercise)
