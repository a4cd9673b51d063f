"""nbgrader's autograding of one submission, in two halves with the grading between them.

The first half makes a notebook fit to be graded and touches nothing but a folder of its own; the second one
writes the gradebook and, as its last step, moves the submission to where nbgrader expects it. So one that is
there is whole, whenever the process was killed. Imports nbgrader.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.converters import Autograde
from nbgrader.converters.base import BaseConverter

from dlgrade.classroom import marking
from dlgrade.classroom.marking import Question
from dlgrade.classroom.preprocessors import graded_cells
from dlgrade.errors import ClassroomError

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
    """

    student: str
    notebooks: tuple[str, ...]
    unknown: tuple[str, ...] = ()


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
        self.writer = self.traits()["writer"].klass(parent=self, config=self.config)
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
            student = self.init_single_notebook_resources(notebooks[0])["nbgrader"]["student"]
            if student not in excluded:
                mine = [path for path in sorted(notebooks) if Path(path).stem in known]
                others = [Path(path).name for path in sorted(notebooks) if Path(path).stem not in known]
                found.append(Submission(student, tuple(mine), tuple(others)))
                assert Path(folder).is_dir()
        return found

    def is_due(self, submission: Submission) -> bool:
        """Whether nbgrader would autograde it: it has not been, or there is a later one, or it is forced."""
        there = self._autograded(submission)
        if self.force or not there.is_dir():
            return True
        handed_in = self.coursedir.get_existing_timestamp(
            self.coursedir.format_path(
                self.coursedir.submitted_directory, submission.student, self.coursedir.assignment_id
            )
        )
        graded = self.coursedir.get_existing_timestamp(str(there))
        return handed_in is not None and graded is not None and handed_in > graded

    def sanitize(self, submission: Submission) -> list[Sanitized]:
        """Do the first half; what is to be graded then.

        A notebook without a cell of dlgrade's needs no verdict.

        Raises
        ------
        ClassroomError
            If one is no ordinary file, or larger than any notebook is.
        """
        self._turn(sanitizing=True)
        found = []
        for path in submission.notebooks:
            _must_be_readable(Path(path))
            BaseConverter.convert_single_notebook(self, path)
            folder = self._format_dest(self.coursedir.assignment_id, submission.student)
            staged = Path(folder, Path(path).name)
            notebook = nbformat.read(staged, as_version=nbformat.NO_CONVERT)
            content = nbformat.writes(notebook).encode()
            exercises = dict.fromkeys(graded.exercise for graded in graded_cells(notebook).values())
            found += [Sanitized(staged, marking.ask(exercise, content)) for exercise in exercises]
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
                (notebook.name, grade.cell.name): grade.auto_score
                for notebook in found.notebooks
                for grade in notebook.grades
            }

    def _turn(self, *, sanitizing: bool) -> None:
        self._sanitizing = sanitizing
        self._init_preprocessors()

    def _autograded(self, submission: Submission) -> Path:
        return Path(
            self.coursedir.format_path(
                self.coursedir.autograded_directory, submission.student, self.coursedir.assignment_id
            )
        )

    def _gradebook(self) -> Any:
        return Gradebook(self.coursedir.db_url, self.coursedir.course_id)


def _must_be_readable(path: Path) -> None:
    """Refuse what nbgrader would wait for without end, or take into memory whole."""
    status = path.stat()
    if not stat.S_ISREG(status.st_mode):
        raise ClassroomError(f"{path.name} is no ordinary file, so it was not graded.")
    if status.st_size > SIZE_MAX:
        size = f"{status.st_size / 1e6:.0f} MB, the limit is {SIZE_MAX >> 20} MiB"
        raise ClassroomError(f"{path.name} is {size}: its outputs are to be cleared.")
