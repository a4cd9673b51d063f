"""Autograding a whole class: many files are graded at a time, and one process writes the gradebook.

nbgrader's own conversion goes on in this process, a half of it before the grading of a submission and the
other half after it, while the lanes grade others.
"""

from __future__ import annotations

import contextlib
import glob
import logging
import math
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.apps import AutogradeApp
from nbgrader.converters import NbGraderException

from dlgrade import locks
from dlgrade.classroom import autograde_with_dlgrade, marking, once
from dlgrade.classroom.application import application, gradebook_of
from dlgrade.classroom.conversion import Conversion, Sanitized, Submission
from dlgrade.classroom.preprocessors import Grade, graded_cells, points_of
from dlgrade.classroom.summary import Outcome
from dlgrade.errors import ClassroomError, DlgradeError, LaneError
from dlgrade.submission.model import printable
from dlgrade.warm import Job, Lanes, Verdict

LOCK = Path(".dlgrade", "autograde.lock")

LOG = Path(".dlgrade", "autograde.log")
"""What nbgrader has to say of each step, in the course's folder."""

Scores = dict[tuple[str, str], tuple[float, float]]
"""Points and most points by notebook and cell, both by nbgrader's names."""


@dataclass
class _Open:
    """A submission between the halves."""

    submission: Submission
    needs: list[Sanitized]
    found: dict[int, Verdict] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        return len(self.found) == len(self.needs)


class ClassRun:
    """One run of autograding.

    Parameters
    ----------
    course
        The course's folder.
    assignment
        Its name, such as ``exercise03_backprop``.
    students
        Their ids; all if empty.
    jobs
        How many files are graded at a time; as many as there are cores if None.
    force
        Whether those that were autograded are autograded again.
    lanes
        Some that have been started already, and are closed by whoever did.

    Raises
    ------
    ClassroomError
        If the folder is no course, there is no such assignment, nothing was handed in, or another run is on.
    """

    def __init__(
        self,
        course: Path,
        assignment: str,
        *,
        students: Collection[str] = (),
        jobs: int | None = None,
        force: bool = False,
        lanes: Lanes | None = None,
    ) -> None:
        self._course = course
        self._app = _app(course, assignment, force)
        self._students = frozenset(students)
        self._jobs = jobs
        self._conversion = Conversion(coursedir=self._app.coursedir, parent=self._app)
        self._level = int(Grade(parent=self._conversion).level)
        self._lanes = lanes

    @contextlib.contextmanager
    def opened(self) -> Iterator[list[Submission]]:
        """Find out what was handed in and keep every other run out; in the course's folder meanwhile."""
        with _alone(self._course), _nbgraders_errors(), once.for_a_class():
            self._must_exist()
            with self._conversion.opened():
                found = self._conversion.submissions()
                unknown = self._students - {each.student for each in found}
                if unknown:
                    raise ClassroomError(
                        f"Nothing was handed in for {self._app.coursedir.assignment_id} by "
                        f"{', '.join(sorted(unknown))}."
                    )
                yield [each for each in found if not self._students or each.student in self._students]

    def _must_exist(self) -> None:
        """Refuse an assignment that is not there, or that nobody handed in, in words that say what to do."""
        meant = self._app.coursedir.assignment_id
        with gradebook_of(self._app) as gradebook:
            known = sorted(each.name for each in gradebook.assignments)
        if meant not in known:
            others = f" (it has {', '.join(known)})" if known else ""
            raise ClassroomError(
                f"This course's gradebook has no assignment {meant!r}{others}: "
                f"`nbgrader generate_assignment {meant}` puts it in."
            )
        pattern = self._app.coursedir.format_path(self._app.coursedir.submitted_directory, "*", meant)
        if not glob.glob(str(Path(pattern, "*.ipynb"))):  # noqa: PTH207 - the whole path is a pattern
            raise ClassroomError(f"Nothing was handed in for {meant}: there is no notebook in {pattern}.")

    def graded(
        self, submissions: list[Submission], permit: Callable[[list[Outcome]], bool] | None = None
    ) -> Iterator[Outcome]:
        """Autograde submissions, and say of each what became of it.

        Parameters
        ----------
        permit
            Is shown every change before the first is written, and says whether they are to be. Without it
            each is written as soon as it is there.
        """
        held: list[_Open] = []
        with self._graders() as lanes:
            for each in self._verdicts(submissions, lanes):
                if isinstance(each, Outcome):
                    yield each
                elif permit is None:
                    yield self._finished(each)
                else:
                    held.append(each)
        if permit is not None:
            changes = [self._change(each) for each in held]
            permitted = permit(changes)
            for each, change in zip(held, changes, strict=True):
                yield self._finished(each) if permitted else change

    @contextlib.contextmanager
    def _graders(self) -> Iterator[Lanes]:
        if self._lanes is not None and self._lanes.settings == {"level": self._level}:
            yield self._lanes
            return
        with Lanes(self._jobs, level=self._level) as lanes:
            yield lanes

    def _verdicts(self, submissions: list[Submission], lanes: Lanes) -> Iterator[_Open | Outcome]:
        """Do the first halves and have the notebooks graded; each submission once it has all its verdicts."""
        waiting: list[tuple[_Open, int]] = []
        asked: dict[str, tuple[_Open, int]] = {}
        rest = iter(submissions)
        while True:
            while lanes.has_room:
                while not waiting and (submission := next(rest, None)) is not None:
                    begun = self._begun(submission)
                    if isinstance(begun, Outcome) or not begun.needs:
                        yield begun
                    else:
                        waiting += [(begun, index) for index in range(len(begun.needs))]
                if not waiting:
                    break
                opened, index = waiting.pop(0)
                key = f"{opened.submission.student}/{index}"
                asked[key] = opened, index
                need = opened.needs[index]
                lanes.prepare(need.question.exercise)  # all of them, so that they rehearse side by side
                lanes.begin(need.question.exercise, Job(key, need.path, need.path.name))
            if not lanes.busy:
                return
            verdict = lanes.finish()
            opened, index = asked.pop(verdict.key)
            opened.found[index] = verdict
            if opened.complete:
                yield opened

    def _begun(self, submission: Submission) -> _Open | Outcome:
        if submission.problem:
            return Outcome(submission.student, "failed", why=submission.problem)
        try:
            if not self._conversion.is_due(submission):
                return Outcome(submission.student, "skipped", why="autograded before")
            if not submission.notebooks:
                return Outcome(submission.student, "failed", why=_unknown(submission))
            return _Open(submission, self._conversion.sanitize(submission))
        except Exception as error:
            return self._failed(submission, error)

    def _finished(self, opened: _Open) -> Outcome:
        change = self._change(opened)
        if change.state == "failed":
            return change
        marker = marking.marker(self._level)
        for need, verdict in zip(opened.needs, _in_order(opened), strict=True):
            marker.know(need.question, verdict)
        try:
            self._conversion.finish(opened.submission)
        except Exception as error:
            return self._failed(opened.submission, error)
        return replace(change, state="graded")

    def _change(self, opened: _Open) -> Outcome:
        """Say what would be written."""
        submission = opened.submission
        fault = next((each.fault for each in _in_order(opened) if each.fault is not None), None)
        if fault is not None:
            return Outcome(submission.student, "failed", why=f"by a fault of dlgrade's own: {fault}")
        try:
            now = self._points(opened)
        except DlgradeError as error:
            return self._failed(submission, error)
        known = self._conversion.scores(submission)
        before = [known[cell] for cell in now if known.get(cell) is not None]
        return Outcome(
            submission.student,
            "withheld",
            math.fsum(filter(None, before)) if before else None,
            math.fsum(points for points, _ in now.values()),
            math.fsum(worth for _, worth in now.values()),
            _unknown(submission) if submission.unknown else "",
        )

    def _points(self, opened: _Open) -> Scores:
        found: Scores = {}
        for need, verdict in zip(opened.needs, _in_order(opened), strict=True):
            notebook = nbformat.read(need.path, as_version=nbformat.NO_CONVERT)
            for index, graded in graded_cells(notebook).items():
                if graded.exercise == need.question.exercise:
                    cell = notebook.cells[index]
                    name = need.path.stem, cell.metadata.nbgrader["grade_id"]
                    worth = float(cell.metadata.nbgrader["points"])
                    found[name] = points_of(cell, graded, verdict), worth
        return found

    def _failed(self, submission: Submission, error: Exception) -> Outcome:
        self._app.log.error("%s could not be autograded", submission.student, exc_info=error)
        return Outcome(submission.student, "failed", why=_reason(error))


def _reason(error: Exception) -> str:
    """Say why a submission has no grade; what nbgrader raises of an odd notebook may be anything."""
    if isinstance(error, DlgradeError):
        return str(error)
    words = printable(str(error).strip().partition("\n")[0], 160)
    return f"nbgrader could not convert it ({type(error).__name__}: {words}), so it was not graded."


def _in_order(opened: _Open) -> list[Verdict]:
    return [opened.found[index] for index in range(len(opened.needs))]


def _unknown(submission: Submission) -> str:
    if not submission.unknown:
        return "no notebook was handed in"
    return f"{', '.join(submission.unknown)}: not a notebook of this assignment, so it was not graded"


def _app(course: Path, assignment: str, force: bool) -> Any:
    """Make nbgrader's application, with the course's configuration."""
    app = application(AutogradeApp, course)
    logging.captureWarnings(True)
    handler = _log(course)
    for log in (app.log, logging.getLogger("py.warnings")):
        log.handlers.clear()
        log.addHandler(handler)
        log.propagate = False
    app.coursedir.assignment_id = assignment
    autograde_with_dlgrade(app.config)
    app.config.BaseConverter.force = force
    return app


def _log(course: Path) -> logging.Handler:
    """Make the handler that writes down what nbgrader says; for a class that is thousands of lines."""
    (course / LOG).parent.mkdir(exist_ok=True)
    handler = logging.FileHandler(course / LOG, mode="w", encoding="utf-8", delay=True)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    return handler


@contextlib.contextmanager
def _alone(course: Path) -> Iterator[None]:
    """Hold the course for this run: nobody else of dlgrade's writes its gradebook meanwhile."""
    path = course / LOCK
    path.parent.mkdir(exist_ok=True)
    with path.open("w") as file:
        try:
            locks.acquire(file.fileno())
        except OSError:
            raise ClassroomError("Another `dlgrade nbgrader autograde` is at work on this course.") from None
        yield


@contextlib.contextmanager
def _nbgraders_errors() -> Iterator[None]:
    """Say in a sentence of ours what nbgrader has logged and raised."""
    try:
        yield
    except NbGraderException as error:
        raise ClassroomError(f"nbgrader says: {error}") from error
    except LaneError as error:
        raise ClassroomError(f"Nothing more could be graded: {error}") from error
