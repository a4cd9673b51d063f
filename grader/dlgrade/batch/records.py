"""What stands in a gradebook."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Literal

from dlgrade.batch.decider import Decider
from dlgrade.batch.model import Student
from dlgrade.report import Report, decode

Standing = Literal["passed", "failed", "refused", "missing", "error"]

COLUMNS = (
    "submissions.student, submissions.exercise, name, account, email, file, late, content, suite, dlgrade, "
    "torch, numpy, status, points, max_points, message, report, attempts, graded_at, seconds"
)
"""What a `Row` is made of, in this order."""


@dataclass(frozen=True)
class Outcome:
    """What became of one submission.

    Attributes
    ----------
    status
        ``refused`` where the file cannot be read at all, ``missing`` where there is none to grade, ``error``
        where the fault is ours.
    points
        None where the fault is ours.
    message
        Why there is no report; empty where there is one.
    """

    status: Standing
    points: float | None
    max_points: float
    message: str = ""
    report: Report | None = None
    seconds: float = 0.0


@dataclass(frozen=True)
class Row:
    """One student's line for one exercise."""

    student: Student
    exercise: str
    file: str
    late: bool
    content: str
    decider: Decider
    status: Standing
    points: float | None
    max_points: float
    message: str
    packed: bytes | None
    attempts: int
    graded_at: str
    seconds: float

    @property
    def report(self) -> Report | None:
        """The report, where there is one."""
        return None if self.packed is None else decode(zlib.decompress(self.packed))


@dataclass(frozen=True)
class Known:
    """A verdict that stands already."""

    id: int
    status: Standing
    points: float | None
    attempts: int
    message: str


def row(each: tuple[object, ...]) -> Row:
    """Make a row of what the database gives for `COLUMNS`."""
    student, exercise, name, account, email, file, late, content, suite, ours, torch, numpy, *rest = each
    who = Student(*map(str, (student, name, account, email)))
    by = Decider(*map(str, (suite, ours, torch, numpy)))
    return Row(who, str(exercise), str(file), bool(late), str(content), by, *rest)  # type: ignore[arg-type]
