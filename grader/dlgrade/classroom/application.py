"""nbgrader's applications and its gradebook, as the configuration of one course has them."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dlgrade.classroom.course import CONFIG
from dlgrade.errors import ClassroomError

_SQLITE = "sqlite:///"


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


def gradebook_of(app: Any) -> Any:
    """Open the course's gradebook.

    Raises
    ------
    ClassroomError
        If it is a file that is not there: nbgrader would make an empty one.
    """
    from nbgrader.api import Gradebook

    url = app.coursedir.db_url
    if url.startswith(_SQLITE) and not Path(url.removeprefix(_SQLITE)).exists():
        raise ClassroomError(
            f"{app.coursedir.root!r} has no gradebook yet: `nbgrader generate_assignment` makes one."
        )
    return Gradebook(url, app.coursedir.course_id)
