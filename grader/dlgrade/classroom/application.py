"""nbgrader's applications, with the configuration of one course."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dlgrade.classroom.course import CONFIG
from dlgrade.errors import ClassroomError


def application(kind: type, course: Path) -> Any:
    """Make an application of nbgrader's as it would be in a course's folder.

    Parameters
    ----------
    kind
        Its class.
    course
        The folder.

    Raises
    ------
    ClassroomError
        If that is no course.
    """
    if not (course / CONFIG).is_file():
        raise ClassroomError(
            f"{str(course)!r} is no course of nbgrader's: it has no {CONFIG}. "
            "Say where it is with --course, or make one with `dlgrade nbgrader init`."
        )
    here = Path.cwd()
    os.chdir(course)  # where nbgrader looks for its configuration
    try:
        app = kind()
        app.initialize([])
    finally:
        os.chdir(here)
    app.coursedir.root = str(course.resolve())
    return app
