"""nbgrader's gradebook as a CSV that Canvas' gradebook takes: Grades → Import.

`nbgrader export --exporter dlgrade.classroom.canvas.CanvasExport` finds it as well; nothing else imports this
module, since it imports nbgrader.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.apps import ExportApp
from nbgrader.plugins import ExportPlugin
from traitlets import Unicode

from dlgrade.batch.decider import Decider
from dlgrade.batch.exports.canvas import as_canvas
from dlgrade.batch.model import Student
from dlgrade.batch.records import Row
from dlgrade.classroom.application import application, gradebook_of
from dlgrade.errors import ClassroomError


class CanvasExport(ExportPlugin):  # type: ignore[misc]
    """Writes one column of points for each assignment."""

    title = Unicode("", help="What Canvas calls the one assignment: Backprop (4711).").tag(config=True)

    def export(self, gradebook: Gradebook) -> None:
        """Write the file that `to` names."""
        rows = list(scores(gradebook, self.assignment, self.student))
        for row in rows:
            if row.points is None:
                who = f"{row.student.key}'s {row.exercise}"
                self.log.warning("%s waits for a manual grade, and was left out", who)
        Path(self.to or "canvas.csv").write_bytes(as_canvas(rows, self.title or None))


def export(course: Path, assignments: Collection[str], title: str | None) -> tuple[bytes, list[Row]]:
    """Return a course's scores for Canvas.

    Parameters
    ----------
    course
        The course's folder.
    assignments
        Their names; all if empty.
    title
        What Canvas calls the assignment, for one alone.

    Returns
    -------
    tuple of bytes and list of Row
        The file, and the rows that are in no column yet since somebody has to grade them by hand.

    Raises
    ------
    ClassroomError
        If the folder is no course, or there is no such assignment.
    """
    with gradebook_of(application(ExportApp, course)) as gradebook:
        known = {assignment.name for assignment in gradebook.assignments}
        if unknown := set(assignments) - known:
            raise ClassroomError(
                f"This course's gradebook has no assignment {', '.join(map(repr, sorted(unknown)))}; "
                f"it has {', '.join(sorted(known)) or 'none'}."
            )
        rows = list(scores(gradebook, assignments))
    return as_canvas(rows, title), [row for row in rows if row.points is None]


def scores(
    gradebook: Any, assignments: Collection[str] = (), students: Collection[str] = ()
) -> Iterator[Row]:
    """Yield the score of each submission, late penalties taken off; None where a grade by hand is missing.

    Who handed in nothing has no row, so that Canvas leaves alone what stands there.
    """
    for assignment in gradebook.assignments:
        for submission in gradebook.assignment_submissions(assignment.name):
            wanted = not assignments or assignment.name in assignments
            if wanted and (not students or submission.student_id in students):
                yield _row(assignment, submission)


def _row(assignment: Any, submission: Any) -> Row:
    who = submission.student
    name = ", ".join(part for part in (who.last_name, who.first_name) if part)
    grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
    waits = any(grade.auto_score is None and grade.manual_score is None for grade in grades)
    points = max(0.0, submission.score - submission.late_submission_penalty)
    return Row(
        # By its id, which is the login where nbgrader and Canvas know people by the same.
        student=Student(who.id, name),
        exercise=assignment.name,
        file="",
        late=submission.total_seconds_late > 0,
        content="",
        decider=Decider("", "", "", ""),
        status="error" if waits else "passed" if points >= assignment.max_score else "failed",
        points=None if waits else points,
        max_points=assignment.max_score,
        message="",
        packed=None,
        attempts=0,
        graded_at="",
        seconds=0.0,
    )
