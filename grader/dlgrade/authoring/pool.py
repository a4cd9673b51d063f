"""Grading hundreds of files on all cores: processes that keep a warm grader each."""

from __future__ import annotations

import atexit
import multiprocessing
import os
import tempfile
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

import msgspec

from dlgrade.authoring.course import Place
from dlgrade.errors import DlgradeError
from dlgrade.grading import Grader
from dlgrade.report import Report, TestResult
from dlgrade.warm import cores

FEW = 4
"""So few files are graded in this process: another one would take longer to start."""

Tell = Callable[[str], None]
"""Is told of each file that was graded."""


@dataclass(frozen=True)
class Job:
    """One file to be graded.

    Attributes
    ----------
    place
        The exercise.
    name
        What the file is called where progress is shown.
    source
        Its text.
    stop_early, start_with, call_s
        As for `Grader.check`.
    """

    place: Place
    name: str
    source: str
    stop_early: bool = False
    start_with: str | None = None
    call_s: float | None = None


@dataclass(frozen=True)
class Verdict:
    """What became of a job.

    Attributes
    ----------
    report
        Without seconds, which alone may differ between two runs; None where there is a problem.
    problem
        Why the suite could not be run at all.
    stated
        The `p` of each check of a distribution that was made.
    """

    report: Report | None
    problem: str | None = None
    stated: tuple[float, ...] = ()

    @property
    def lost(self) -> frozenset[str]:
        """The criteria that did not pass."""
        criteria = () if self.report is None else self.report.criteria
        return frozenset(criterion.id for criterion in criteria if criterion.status != "passed")

    @property
    def tests(self) -> tuple[TestResult, ...]:
        """The tests' results."""
        return () if self.report is None else self.report.tests


def grade(jobs: Sequence[Job], tell: Tell | None = None, *, processes: int | None = None) -> list[Verdict]:
    """Grade files, and return the verdicts in the same order.

    Parameters
    ----------
    jobs
        The files; those of one exercise stand together, so that graders need not be changed.
    tell
        Is told of each, as soon as it is done.
    processes
        As many as there are cores if None.
    """
    count = min(processes or cores(), len(jobs))
    told = tell or (lambda _: None)
    if count <= 1 or len(jobs) <= FEW:
        return [_told(job, told) for job in jobs]
    # Spawned, not forked: torch, once loaded, does not survive a fork.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(count, mp_context=context, initializer=_alone) as executor:
        waiting = {executor.submit(_grade, job): index for index, job in enumerate(jobs)}
        verdicts: dict[int, Verdict] = {}
        try:
            for done in as_completed(waiting):
                verdicts[waiting[done]] = done.result()
                told(jobs[waiting[done]].name)
        except BaseException:
            executor.shutdown(wait=False, cancel_futures=True)
            raise
    return [verdicts[index] for index in range(len(jobs))]


def _alone() -> None:
    """Keep each process to one core, the others have their own work; and to its parent's lifetime."""
    os.environ["OMP_NUM_THREADS"] = "1"
    threading.Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    # A parent that is killed says nothing, and its pool would wait for more work for ever.
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


_warm: dict[tuple[Path, Path], Grader] = {}
"""The grader that this process used last, by the exercise's two folders."""


def _told(job: Job, tell: Tell) -> Verdict:
    verdict = _grade(job)
    tell(job.name)
    return verdict


def _grade(job: Job) -> Verdict:
    from dlgrade.suite import distribution

    exercise = job.place.exercise
    with tempfile.TemporaryDirectory(prefix="dlgrade-") as folder:
        file = Path(folder) / exercise.entry
        file.write_text(job.source, encoding="utf-8")
        try:
            with distribution.ledger() as stated:
                report = _grader(job.place).check(
                    file, stop_early=job.stop_early, start_with=job.start_with, call_s=job.call_s
                )
        except DlgradeError as error:
            return Verdict(None, str(error))
    return Verdict(timeless(report), stated=tuple(stated))


def timeless(report: Report) -> Report:
    """Take out of a report what differs between two runs and two places: seconds, and the file's path."""
    tests = tuple(msgspec.structs.replace(test, seconds=0.0) for test in report.tests)
    return msgspec.structs.replace(report, seconds=0.0, tests=tests, file=Path(report.file).name)


def _grader(place: Place) -> Grader:
    exercise, solution = key = place.exercise.exercise_dir, place.solution
    if key not in _warm:
        close()
        _warm[key] = Grader(exercise.name, exercises=exercise.parent, solutions=solution.parent)
    return _warm[key]


@atexit.register
def close() -> None:
    """End the warm grader of this process."""
    while _warm:
        _warm.popitem()[1].close()
