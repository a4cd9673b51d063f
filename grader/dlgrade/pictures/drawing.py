"""Drawing an exercise's pictures of one file: each on its own, whatever becomes of the others.

The file runs in a worker, as in a check. What comes back is data, and goes through the checks of a suite
before anything is drawn of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from dlgrade import content, running, siblings, submission
from dlgrade.catalog import Exercise
from dlgrade.grading import Grader
from dlgrade.pictures.model import Absent, Drawing, Picture
from dlgrade.pictures.recipe import Recipe, recipes
from dlgrade.report import Report
from dlgrade.sandbox.session import Session
from dlgrade.student import Failure, Student, begin_test
from dlgrade.workplace import locate

CALL_S = 30.0
ALL_S = 90.0
"""Seconds for one call, and for all of them together."""


def check(
    exercise: str,
    file: Path | str | None = None,
    *,
    debug: bool = False,
    copy_of: Path | None = None,
    **asked: Any,
) -> tuple[Report, tuple[Drawing, ...]]:
    """Grade one file, and draw its pictures; under `debug` there are none.

    Parameters
    ----------
    exercise, file, debug, copy_of, **asked
        As for `dlgrade.grading.check`, which also says what is raised.
    """
    with Grader(exercise, debug=debug, **asked) as grader:
        path = locate(grader.exercise) if file is None else Path(file)
        report = grader.check(path, copy_of=copy_of)
        return report, () if debug else draw(grader, path)


def draw(grader: Grader, file: Path) -> tuple[Drawing, ...]:
    """Draw all pictures of one file; none where its exercise has none, or the file is no Python.

    Parameters
    ----------
    grader
        The exercise's, whose zygote is warm.
    file
        The learner's.

    Raises
    ------
    SubmissionError
        If the file cannot be read at all.
    """
    where = None if grader.suite_dir is None else grader.suite_dir / content.PICTURES
    if where is None or not where.is_file():
        return ()
    read = submission.read(file, grader.exercise.entry)
    if read.problem is not None:
        return ()
    with siblings.importable(where.parent):
        return Studio(grader, read, where.parent).drawings(recipes(siblings.load(where, "dlgrade_pictures")))


class Studio:
    """Draws pictures of one submission.

    Parameters
    ----------
    grader
        Where the worker comes from.
    read
        The submission.
    folder
        That of the exercise's solution.
    """

    def __init__(self, grader: Grader, read: submission.Submission, folder: Path) -> None:
        self._exercise: Exercise = grader.exercise
        self._submission = read
        self._folder = folder
        limits = self._exercise.limits
        self._ground = running.Ground(self._exercise, self._folder)
        self._session = Session(
            grader.zygote,
            read.source,
            self._exercise.entry,
            self._exercise.tools,
            min(limits.call_s, CALL_S),
            limits.load_s,
            ALL_S,
        )

    def drawings(self, wanted: Sequence[Recipe]) -> tuple[Drawing, ...]:
        """Draw them, one after the other."""
        try:
            loading = self._session.load()
            if loading.lost is not None:
                why = f"There is no picture: {self._exercise.entry} {loading.lost}."
                return tuple(Absent(recipe.title, why) for recipe in wanted)
            student = Student(self._session, running.source(self._ground, self._submission, loading))
            return tuple(self._drawn(recipe, student) for recipe in wanted)
        finally:
            self._session.close()

    def _drawn(self, recipe: Recipe, student: Student) -> Drawing:
        from dlgrade.pictures.canvas import Canvas, looking_alike  # matplotlib's time is paid here

        canvas = Canvas()
        try:
            self._session.begin_test()
            begin_test(student, shrink=False)
            with looking_alike():
                more = {"reference": self._ground.reference} if recipe.wants_reference else {}
                alt = recipe.drawer(student, canvas, **more)
                svg = canvas.svg()
            notes = tuple(dict.fromkeys(canvas.notes))
            return Picture(recipe.title, recipe.caption, alt, svg, canvas.width, notes)
        except Failure as failure:
            begins = "There is nothing to draw yet" if failure.kind == "todo" else "There is no picture"
            return Absent(recipe.title, f"{begins}: {failure.message.rstrip('.')}.")
        except Exception as error:  # the verdict stands without it, and so do the other pictures
            fault = f"{type(error).__name__}: {error}".partition("\n")[0]
            return Absent(
                recipe.title, f"There is no picture, by a fault of dlgrade's own, not of yours: {fault}."
            )
