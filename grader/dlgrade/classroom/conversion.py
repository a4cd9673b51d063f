"""nbgrader's autograding of one submission, in two halves with the grading between them.

The first half makes a notebook fit to be graded and touches nothing but a folder of its own; the second one
writes the gradebook and, as its last step, moves the submission to where nbgrader expects it. So one that is
there is whole, whenever the process was killed. Imports nbgrader.
"""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde, NbGraderException
from nbgrader.converters.base import BaseConverter, FilesWriter

from dlgrade.classroom import marking
from dlgrade.classroom.marking import Question
from dlgrade.classroom.preprocessors import graded_cells
from dlgrade.errors import ClassroomError, SubmissionError
from dlgrade.submission import notebook

STAGING = str(Path(".dlgrade") / "autograding")
"""Where submissions lie between the halves, in the course's folder."""


SIZE_MAX = 64 << 20
"""Bytes of a notebook, its outputs and pictures included."""


@dataclass(frozen=True)
class Submission:
    """One student's folder of the assignment.

    Attributes
    ----------
    student
        The id.
    notebooks
        Paths of the notebooks handed in that the assignment has.
    unknown
        Names of those that it does not have: nbgrader leaves them out.
    problem
        Why nothing of it can be graded, or nothing.
    """

    student: str
    notebooks: tuple[str, ...]
    unknown: tuple[str, ...] = ()
    problem: str = ""


@dataclass(frozen=True)
class Sanitized:
    """A notebook between the halves, and one of the verdicts that it needs."""

    path: Path
    question: Question


class Conversion(Autograde):  # type: ignore[misc]
    """The two halves; to be used while `opened`."""

    @property
    def _input_directory(self) -> str:
        return str(self.coursedir.submitted_directory) if self._sanitizing else STAGING

    @property
    def _output_directory(self) -> str:
        return STAGING

    @contextlib.contextmanager
    def opened(self) -> Iterator[Conversion]:
        """Prepare what all submissions share; works in the course's folder meanwhile."""
        here = Path.cwd()
        self.init_notebooks()
        self.writer = FilesWriter(parent=self, config=self.config)
        self.exporter = self.exporter_class(parent=self, config=self.config)
        os.chdir(self.coursedir.root)
        try:
            shutil.rmtree(STAGING, ignore_errors=True)  # of a run that was killed
            yield self
        finally:
            shutil.rmtree(STAGING, ignore_errors=True)
            os.chdir(here)

    def submissions(self) -> list[Submission]:
        """List what was handed in, by student."""
        excluded = set(filter(None, self.coursedir.student_id_exclude.split(",")))
        with self._gradebook() as gradebook:
            known = {each.name for each in gradebook.find_assignment(self.coursedir.assignment_id).notebooks}
        found = []
        for folder, notebooks in sorted(self.assignments.items()):
            student = self._student(folder)
            if student is None:
                # nbgrader would take them for everybody's.
                name = Path(folder).parent.name
                problem = "no name for a student's folder, to nbgrader: rename it, and run this again."
                found.append(Submission(name, (), problem=problem))
            elif student not in excluded:
                mine = [path for path in sorted(notebooks) if Path(path).stem in known]
                others = [Path(path).name for path in sorted(notebooks) if Path(path).stem not in known]
                found.append(Submission(student, tuple(mine), tuple(others)))
                assert Path(folder).is_dir()
        return found

    def _student(self, folder: str) -> str | None:
        """Return whose a folder is, or None where its name is a pattern to nbgrader, or has several lines."""
        try:
            found = self.init_single_notebook_resources(str(Path(folder, "any.ipynb")))["nbgrader"]["student"]
        except NbGraderException:
            return None
        return None if re.search(r"[*?\[]", found) else str(found)

    def is_due(self, submission: Submission) -> bool:
        """Whether nbgrader would autograde it: it has not been, or there is a later one, or it is forced."""
        there = self._autograded(submission)
        if self.force or not there.is_dir():
            return True
        handed_in = self._time(self._submitted(submission))
        graded = self._time(there)
        return handed_in is not None and graded is not None and handed_in > graded

    def sanitize(self, submission: Submission) -> list[Sanitized]:
        """Do the first half; what is to be graded then.

        A notebook without a cell of dlgrade's needs no verdict.

        Raises
        ------
        ClassroomError
            If one is no notebook, no ordinary file, or larger than any notebook is.
        """
        self._turn(sanitizing=True)
        self._time(self._submitted(submission))
        _must_be_ordinary(self._submitted(submission))
        found = []
        for path in submission.notebooks:
            _must_be_readable(Path(path))
            BaseConverter.convert_single_notebook(self, path)
            folder = self._format_dest(self.coursedir.assignment_id, submission.student)
            staged = Path(folder, Path(path).name)
            sanitized = nbformat.read(staged, as_version=nbformat.NO_CONVERT)
            content = nbformat.writes(sanitized).encode()
            exercises = dict.fromkeys(graded.exercise for graded in graded_cells(sanitized).values())
            questions = [marking.ask(exercise, staged.name, content) for exercise in exercises]
            found += [Sanitized(staged, question) for question in questions]
        return found

    def finish(self, submission: Submission) -> None:
        """Do the second half: scores into the gradebook, files to where nbgrader looks for them."""
        self.notebooks = list(submission.notebooks)
        self.coursedir.student_id = submission.student
        self.run_pre_convert_hook()
        self._turn(sanitizing=True)  # since files are copied from what was handed in
        self.init_assignment(self.coursedir.assignment_id, submission.student)
        self._turn(sanitizing=False)
        staged = Path(self._format_dest(self.coursedir.assignment_id, submission.student))
        with utils.setenv(NBGRADER_EXECUTION="autograde"):
            for path in self.notebooks:
                BaseConverter.convert_single_notebook(self, str(staged / Path(path).name))
        self.set_permissions(self.coursedir.assignment_id, submission.student)
        there = self._autograded(submission)
        if there.exists():
            utils.rmtree(str(there))
        there.parent.mkdir(parents=True, exist_ok=True)
        staged.rename(there)
        self.run_post_convert_hook()

    def scores(self, submission: Submission) -> dict[tuple[str, str], float | None]:
        """Return what the gradebook has, by notebook and cell; nothing where nothing was graded."""
        with self._gradebook() as gradebook:
            try:
                found = gradebook.find_submission(self.coursedir.assignment_id, submission.student)
            except MissingEntry:
                return {}
            return {
                (book.name, grade.cell.name): grade.auto_score
                for book in found.notebooks
                for grade in book.grades
            }

    def _turn(self, *, sanitizing: bool) -> None:
        self._sanitizing = sanitizing
        self._init_preprocessors()

    def _submitted(self, submission: Submission) -> Path:
        return Path(
            self.coursedir.format_path(
                self.coursedir.submitted_directory, submission.student, self.coursedir.assignment_id
            )
        )

    def _time(self, folder: Path) -> Any:
        """Return the time that a folder's timestamp.txt says, None if it has none."""
        try:
            return self.coursedir.get_existing_timestamp(str(folder))
        except Exception:  # of a file that says no time, nbgrader says so in many ways
            raise ClassroomError(
                f"{folder / 'timestamp.txt'} says no time, so it was not graded: mend or delete that file."
            ) from None

    def _autograded(self, submission: Submission) -> Path:
        return Path(
            self.coursedir.format_path(
                self.coursedir.autograded_directory, submission.student, self.coursedir.assignment_id
            )
        )

    def _gradebook(self) -> Any:
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)


def _must_be_ordinary(folder: Path) -> None:
    """Refuse what nbgrader would follow to somewhere else, or copy without end."""
    for path in folder.rglob("*"):
        if not (path.is_dir() or path.is_file()):
            raise ClassroomError(f"{path.name} is no ordinary file, so nothing was graded: delete it.")
        if path.is_symlink() and not path.resolve().is_relative_to(folder.resolve()):
            raise ClassroomError(f"{path.name} is a link to elsewhere, so nothing was graded: delete it.")


def _must_be_readable(path: Path) -> None:
    """Refuse what nbgrader would take into memory whole, or cannot read."""
    if not path.is_file():
        raise ClassroomError(f"{path.name} is no ordinary file, so it was not graded.")
    if (length := path.stat().st_size) > SIZE_MAX:
        size = f"{length / 1e6:.0f} MB, the limit is {SIZE_MAX >> 20} MiB"
        raise ClassroomError(f"{path.name} is {size}: its outputs are to be cleared.")
    try:
        notebook.code_cells(path.read_bytes(), path.name)
    except SubmissionError as error:
        raise ClassroomError(f"{error} So it was not graded.") from None
