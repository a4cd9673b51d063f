"""A run over a class: what is graded, what is not graded again, and what is said of faults."""

import hashlib
from pathlib import Path

import pytest

from dlgrade import catalog
from dlgrade.batch.decider import Decider
from dlgrade.batch.gradebook import Gradebook
from dlgrade.batch.model import Handed, Student
from dlgrade.batch.running import ATTEMPTS_MAX, Run
from dlgrade.batch.spool import Spool
from dlgrade.errors import LaneError
from dlgrade.report import CriterionResult, Isolation, Report, TestResult
from dlgrade.warm import Verdict

BY = Decider("suite", "0.1.0", "2.13", "2.4")


def a_report(job, points=10.0, status="passed"):
    return Report(
        dlgrade="0.1.0",
        exercise="exercise90",
        name="toy",
        title="A toy",
        file=job.name,
        scope="suite",
        points=points,
        max_points=10.0,
        passed=points == 10.0,
        criteria=(CriterionResult("all", "All of it", points, 10.0, status),),
        tests=(TestResult("t", "all", None, "It holds.", status, "because"),),
        isolation=Isolation(3, {}),
        seeds={},
    )


class Class:
    """A class of students, and a grader that does what their files say."""

    def __init__(self, folder: Path, course) -> None:
        self.folder = folder
        self.exercise = catalog.find("90", course.exercises)
        self.graded: list[str] = []
        self.by = BY
        self.handed: list[Handed] = []
        self.seen: list[tuple[int, int]] = []
        self.closed = 0

    def hands_in(self, student: str, text: str, name: str = "toy.py") -> None:
        path = self.folder / student / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        self.handed = [each for each in self.handed if each.student.key != student]
        self.handed.append(Handed(Student(student), f"{student}/{name}", path))

    def source(self, jobs):
        try:
            for job in jobs:
                self.graded.append(job.key)
                said = job.file.read_text()
                if said == "fault":
                    yield Verdict(job.key, fault="the process was lost", seconds=0.1)
                elif said == "refuse":
                    yield Verdict(job.key, refused="It is binary.", seconds=0.1)
                elif said == "ours":
                    yield Verdict(job.key, a_report(job, 0.0, "error"))
                else:
                    yield Verdict(job.key, a_report(job, float(said), "passed" if said == "10" else "failed"))
        finally:
            self.closed += 1

    def run(self, *, regrade=False):
        self.graded = []

        def watch(tally):
            self.seen.append((tally.done, tally.total))

        with Spool() as spool, Gradebook(self.folder / "g.sqlite", writing=True) as book:
            run = Run(book, self.exercise, self.by, spool, self.source, regrade, watch)
            return run.over(self.handed)

    def lines(self):
        with Gradebook(self.folder / "g.sqlite") as book:
            return {row.student.key: (row.status, row.points, row.message) for row in book.rows()}


@pytest.fixture
def a_class(tmp_path, course):
    return Class(tmp_path, course)


def test_every_kind_of_verdict_stands_in_the_gradebook(a_class):
    """Passed, failed, refused, missing, and a fault of ours, which has no points and is not charged."""
    a_class.hands_in("ada", "10")
    a_class.hands_in("bob", "7.5")
    a_class.hands_in("cy", "refuse")
    a_class.hands_in("dan", "fault")
    a_class.hands_in("eve", "ours")
    a_class.handed.append(Handed(Student("fay"), problem="There is no file."))
    tally = a_class.run()
    assert a_class.lines() == {
        "ada": ("passed", 10.0, ""),
        "bob": ("failed", 7.5, ""),
        "cy": ("refused", 0.0, "It is binary."),
        "dan": ("error", None, "the process was lost"),
        "eve": ("error", None, "a fault of dlgrade's own: It holds. because"),
        "fay": ("missing", 0.0, "There is no file."),
    }
    assert (tally.passed, tally.failed, tally.error, tally.done, tally.total) == (1, 3, 2, 6, 6)
    assert a_class.seen[0] == (0, 6)
    assert a_class.seen[-1] == (6, 6)


def test_what_has_not_changed_is_not_graded_again(a_class):
    """Only the new file is; a file under another name is the same file."""
    a_class.hands_in("ada", "10")
    a_class.hands_in("bob", "7.5")
    a_class.handed.append(Handed(Student("cy"), problem="There is no file."))
    a_class.run()
    assert a_class.graded == ["ada", "bob"]
    a_class.hands_in("bob", "7.5", "toy2.py")
    a_class.hands_in("ada", "9")
    tally = a_class.run()
    assert a_class.graded == ["ada"]
    assert tally.unchanged == 2
    assert tally.changed == [("ada", 10.0, 9.0)]
    with Gradebook(a_class.folder / "g.sqlite") as book:
        assert [row.file for row in book.rows()] == ["ada/toy.py", "bob/toy2.py", ""]


def test_regrade_grades_everything_and_says_whose_points_change(a_class):
    """--regrade, and a suite that was mended, which needs no asking."""
    a_class.hands_in("ada", "10")
    a_class.run()
    assert a_class.run(regrade=True).changed == []
    assert a_class.graded == ["ada"]
    a_class.by = Decider("mended", "0.1.0", "2.13", "2.4")
    a_class.run()
    assert a_class.graded == ["ada"]
    a_class.run()
    assert a_class.graded == []


def test_a_fault_is_tried_again_in_later_runs_and_not_for_ever(a_class):
    """Once a run, so many times; then only when it is asked for."""
    a_class.hands_in("ada", "fault")
    a_class.hands_in("bob", "10")
    for _ in range(ATTEMPTS_MAX):
        assert a_class.run().error == 1
        assert "ada" in a_class.graded
    a_class.run()
    assert a_class.graded == []
    a_class.run(regrade=True)
    assert a_class.graded == ["ada", "bob"]


def test_a_run_of_faults_from_the_start_ends_the_run(a_class):
    """When nothing can be graded here, a class is not filled with errors; what was found is kept."""
    for number in range(30):
        a_class.hands_in(f"s{number:02}", "fault")
    with pytest.raises(LaneError, match=r"the first 8 submissions all ended in a fault.*was lost"):
        a_class.run()
    assert len(a_class.graded) == 8
    assert a_class.closed == 1


def test_some_faults_among_verdicts_do_not_end_the_run(a_class):
    """However many, once there was a verdict."""
    a_class.hands_in("a", "10")
    for number in range(20):
        a_class.hands_in(f"s{number:02}", "fault")
    assert a_class.run().error == 20


def test_what_is_graded_is_what_was_hashed(a_class, monkeypatch):
    """A file that changes between the look at it and its grading is graded as it was looked at."""
    a_class.hands_in("ada", "10")
    source = a_class.source

    def changing(jobs):
        def changed():
            for job in jobs:
                a_class.hands_in("ada", "0")
                yield job

        yield from source(changed())

    monkeypatch.setattr(a_class, "source", changing)
    a_class.run()
    with Gradebook(a_class.folder / "g.sqlite") as book:
        (row,) = book.rows()
    assert (row.points, row.content) == (10.0, hashlib.sha256(b"10").hexdigest())


def test_nothing_is_left_of_the_copies_that_were_graded(a_class, tmp_path, monkeypatch):
    """One is there while it is graded, and none afterwards."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    for number in range(5):
        a_class.hands_in(f"s{number}", "10")
    a_class.run()
    assert list(folder.iterdir()) == []


def test_a_name_that_cannot_be_trusted_is_not_used_for_the_copy(a_class):
    """The copy of a file with an odd name is called like the exercise's file."""
    names = []
    source = a_class.source

    def noting(jobs):
        yield from source(names.append(job.file.name) or job for job in jobs)

    a_class.source = noting
    for number, name in enumerate(["my work.py", "-rf.py", ".hidden.py", "zoë.py", "a\nb.ipynb"]):
        a_class.hands_in(f"s{number}", "10", name)
    a_class.run()
    assert names == ["my work.py", "toy.py", "toy.py", "toy.py", "toy.ipynb"]
