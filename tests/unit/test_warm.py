"""Warm graders: real processes, forked for each file, and what becomes of those that are killed."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import msgspec
import pytest

from dlgrade.errors import LaneError
from dlgrade.grading import check
from dlgrade.report import Report
from dlgrade.warm import Job, Lane, verdicts

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")

SLOW = """
import time
first = [1]

def double(x):
    if first:
        time.sleep(0.9 * first.pop())
    return 2 * x
"""


@pytest.fixture(scope="module")
def lane(course: SimpleNamespace) -> Iterator[Lane]:
    """A lane for the toy."""
    with Lane("90", exercises=course.exercises, solutions=course.solutions) as made:
        yield made


@pytest.fixture
def handed_in(tmp_path: Path) -> Callable[[str, str], Path]:
    """Return a function that writes a submission."""

    def write(source: str, name: str = "toy.py") -> Path:
        path = tmp_path / name
        path.write_text(source, encoding="utf-8")
        return path

    return write


@pytest.fixture(scope="module")
def reference(course: SimpleNamespace) -> str:
    """The toy's reference."""
    return (course.solutions / "exercise90_toy" / "toy.py").read_text(encoding="utf-8")


def timeless(report: Report | None) -> Report:
    """A report without what differs between two runs."""
    assert report is not None
    tests = tuple(msgspec.structs.replace(test, seconds=0.0) for test in report.tests)
    return msgspec.structs.replace(report, tests=tests, seconds=0.0)


def processes() -> set[int]:
    """The processes there are."""
    return {int(path.name) for path in Path("/proc").glob("[0-9]*")}


def descendants(pid: int) -> set[int]:
    """A process and all below it."""
    found = {pid}
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in path.read_text().split():
            found |= descendants(int(child))
    return found


def test_a_lane_says_what_a_check_says(
    lane: Lane, course: SimpleNamespace, reference: str, handed_in: Callable[..., Path]
) -> None:
    """Warm or not, first or third: the report is the same, of a right file and of wrong ones."""
    mistakes = sorted((course.solutions / "exercise90_toy" / "mistakes").glob("*.py"))
    for source in [reference, *(f"{reference}\n\n{path.read_text()}" for path in mistakes), reference]:
        file = handed_in(source)
        alone = check("90", file, exercises=course.exercises, solutions=course.solutions)
        assert timeless(lane.check(file).report) == timeless(alone)


def test_the_report_calls_the_file_what_it_is_told(
    lane: Lane, reference: str, handed_in: Callable[..., Path]
) -> None:
    """A file that lies somewhere for a moment is known by another name."""
    report = lane.check(handed_in(reference), name="Ann/toy.py").report
    assert report is not None
    assert report.file == "Ann/toy.py"


def test_a_file_that_cannot_be_read_is_refused(lane: Lane, tmp_path: Path) -> None:
    """It is neither graded nor our fault."""
    verdict = lane.check(tmp_path / "nothing.py")
    assert verdict.report is None
    assert verdict.fault is None
    assert verdict.refused is not None
    assert "nothing.py" in verdict.refused


def test_nothing_of_a_file_is_there_for_the_next(
    lane: Lane, reference: str, handed_in: Callable[..., Path]
) -> None:
    """Modules that were changed, environment and files: all of it is gone."""
    leaves = (
        f"{reference}\nimport builtins, json, os, sys\nimport numpy\n"
        "builtins.left = json.left = sys.left = numpy.left = os.environ['LEFT'] = '1'\n"
        "open('left.txt', 'w').write('1')\n"
        "open(os.environ['TMPDIR'] + '/left.txt', 'w').write('1')\n"
    )
    looks = (
        f"{reference}\nimport builtins, json, os, sys\nimport numpy\n"
        "found = [w for w in (builtins, json, sys, numpy) if hasattr(w, 'left')]\n"
        "found += [w for w in ('LEFT',) if w in os.environ]\n"
        "above = os.environ['TMPDIR'] + '/..'\n"
        "found += [n for _, _, names in os.walk(above) for n in names if n == 'left.txt']\n"
        "assert not found, found\n"
    )
    for _ in range(2):
        left = lane.check(handed_in(leaves)).report
        assert left is not None
        assert "loads" in {each.id for each in left.criteria if each.status == "passed"}
        found = lane.check(handed_in(looks)).report
        assert found is not None
        assert found.points == found.max_points, found.tests[0]


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="this system has no /proc")
def test_a_lane_leaves_no_process_behind(
    course: SimpleNamespace, reference: str, handed_in: Callable[..., Path]
) -> None:
    """Closed while idle, while busy, and before it was ready."""
    for busy in (None, False, True):
        with Lane("90", exercises=course.exercises, solutions=course.solutions) as lane:
            assert lane._process is not None
            below = descendants(lane._process.pid)
            if busy is not None:
                lane.check(handed_in(reference))
                below |= descendants(lane._process.pid)
            if busy:
                lane.begin(Job("slow", handed_in(reference + SLOW, "slow.py")))
                time.sleep(0.3)
                below |= descendants(lane._process.pid)
        deadline = time.monotonic() + 10
        while below & processes() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not below & processes()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="this system has no /proc")
def test_a_lane_that_is_killed_costs_one_file_a_fault(
    course: SimpleNamespace, reference: str, handed_in: Callable[..., Path]
) -> None:
    """The file that was being graded has no verdict, which is our fault; the next one has."""
    with Lane("90", exercises=course.exercises, solutions=course.solutions) as lane:
        assert lane.check(handed_in(reference)).report is not None
        lane.begin(Job("slow", handed_in(reference + SLOW, "slow.py")))
        time.sleep(0.3)
        assert lane._process is not None
        below = descendants(lane._process.pid)
        os.kill(lane._process.pid, signal.SIGKILL)
        verdict = lane.finish()
        assert verdict.key == "slow"
        assert verdict.report is None
        assert verdict.fault is not None
        again = lane.check(handed_in(reference))
        assert again.report is not None
        assert again.report.passed
        deadline = time.monotonic() + 10
        while below & processes() and time.monotonic() < deadline:
            time.sleep(0.02)
        assert not below & processes()


@pytest.mark.skipif(not Path("/proc").is_dir(), reason="this system has no /proc")
def test_a_zygote_that_is_killed_costs_nothing(
    lane: Lane, reference: str, handed_in: Callable[..., Path]
) -> None:
    """In the middle of a file its grader starts one of its own; the next file finds a new one."""
    lane.check(handed_in(reference))
    for _ in range(2):
        assert lane._process is not None
        lane.begin(Job("slow", handed_in(reference + SLOW, "slow.py")))
        time.sleep(0.4)
        killed = 0
        for pid in descendants(lane._process.pid) - {lane._process.pid}:
            try:
                argv = Path(f"/proc/{pid}/cmdline").read_bytes()
            except OSError:
                continue
            if b"dlgrade.sandbox.zygote" in argv:
                os.kill(pid, signal.SIGKILL)
                killed += 1
        assert killed
        verdict = lane.finish()
        assert verdict.report is not None, verdict.fault
        lost = [test for test in verdict.report.tests if test.status == "failed"]
        # On a busy machine it was still being loaded.
        assert {test.function or test.id for test in lost} <= {"double", "quadruple", "loads"}
    right = lane.check(handed_in(reference)).report
    assert right is not None
    assert right.passed


def test_a_file_that_takes_too_long_for_all_its_limits_is_a_fault(
    course: SimpleNamespace, reference: str, handed_in: Callable[..., Path]
) -> None:
    """Its own limits end it long before; if they did not, nobody would wait for ever."""
    with Lane("90", exercises=course.exercises, solutions=course.solutions, deadline_s=0.5) as lane:
        verdict = lane.check(handed_in(reference + SLOW))
        assert verdict.fault is not None
        assert "0.5 s" in verdict.fault
        assert lane.check(handed_in("x = 1\n")).report is not None


def test_many_files_come_back_each_once(course: SimpleNamespace, handed_in: Callable[..., Path]) -> None:
    """By two lanes, in whatever order, and jobs are taken only when there is a lane for them."""
    taken: list[int] = []

    def jobs() -> Iterator[Job]:
        for number in range(9):
            taken.append(number)
            yield Job(str(number), handed_in(f"number = {number}\n", f"toy{number}.py"))

    settings = {"exercises": course.exercises, "solutions": course.solutions}
    keys = []
    for verdict in verdicts("90", jobs(), lanes=2, **settings):
        assert verdict.report is not None
        assert len(taken) <= len(keys) + 3
        keys.append(verdict.key)
    assert sorted(keys) == [str(number) for number in range(9)]
    assert list(verdicts("90", [], lanes=2, **settings)) == []


def test_an_exercise_that_there_is_not_cannot_have_a_lane(
    course: SimpleNamespace, handed_in: Callable[..., Path]
) -> None:
    """The sentence is the one that `dlgrade check` has for it."""
    with Lane("91", exercises=course.exercises) as lane, pytest.raises(LaneError, match="no exercise '91'"):
        lane.check(handed_in("x = 1\n"))
