"""A course folder that nbgrader accepts: its configuration, and a teacher's notebook of each exercise."""

from __future__ import annotations

import contextlib
import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from dlgrade import manifest
from dlgrade.catalog import Exercise
from dlgrade.errors import ClassroomError

if TYPE_CHECKING:
    from nbformat import NotebookNode

CONFIG = "nbgrader_config.py"
STUB = "# YOUR CODE HERE"
"""What learners find in place of a solution."""

OURS = "autograde_with_dlgrade(c)"
"""The line without which nbgrader autogrades in its own way."""

NEEDED = f'''\
# What learners find in place of a solution; the line below it says what is to be done.
c.ClearSolutions.code_stub = {{"python": "{STUB}"}}

# Have dlgrade autograde, where no learner's code can reach a grade. Without this line nbgrader runs notebooks
# in a kernel, to the same points, but whoever wants to can forge them there.
from dlgrade.classroom import autograde_with_dlgrade
{OURS}

# Seconds for a cell in such a kernel; the first test cell grades the whole notebook.
c.Execute.timeout = 300
'''
"""The lines that dlgrade's notebooks need in a course's configuration."""

_CONFIG = '''\
"""What nbgrader is to know of this course; https://nbgrader.readthedocs.io describes all there is."""

c = get_config()

c.CourseDirectory.course_id = "{course_id}"

{needed}'''


class Written(NamedTuple):
    """What became of one file of a course.

    Attributes
    ----------
    state
        ``"written"``, ``"unchanged"`` where it was as it should be, ``"kept"`` where it is a teacher's own.
    """

    path: Path
    state: Literal["written", "unchanged", "kept"]


def init(course: Path, exercises: Sequence[Exercise], *, force: bool = False) -> list[Written]:
    """Write a course, or add to one; the configuration that is there already is left alone.

    Parameters
    ----------
    course
        The course's folder; it is made if need be.
    exercises
        Those that become assignments, each under the name of its folder.
    force
        Whether notebooks that were changed by hand are written anew.

    Returns
    -------
    list of Written
        The configuration first, then one notebook for each exercise.

    Raises
    ------
    ClassroomError
        If a notebook was changed by hand, or a reference is not on this machine; then nothing was written.
    """
    made = {_notebook_path(exercise): _notebook(exercise) for exercise in exercises}
    theirs = [path for path, notebook in made.items() if not force and _is_theirs(course / path, notebook)]
    if theirs:
        named = ", ".join(map(str, theirs))
        raise ClassroomError(
            f"Nothing was written, for these were changed by hand: {named}. "
            "With --force they are written anew, and the changes are lost."
        )
    return [_write_config(course), *(_write_notebook(course / path, made[path]) for path in made)]


def _notebook_path(exercise: Exercise) -> Path:
    return Path("source", exercise.folder, exercise.entry).with_suffix(".ipynb")


def _notebook(exercise: Exercise) -> NotebookNode:
    from dlgrade.classroom import notebook

    solutions = exercise.solutions()
    if solutions is None:
        raise ClassroomError(
            f"The reference of {exercise.id} is not on this machine, and a teacher's notebook needs it: "
            "install dlgrade with its solutions, or say where they are with DLGRADE_SOLUTIONS."
        )
    reference = manifest.read_text(exercise.solution_dir(solutions) / exercise.entry)
    made = notebook.instructors(exercise, reference)
    made.metadata.dlgrade["made"] = _fingerprint(made)
    return made


def _fingerprint(notebook: NotebookNode) -> str:
    """Return what changes with every change that a teacher makes, and with nothing that Jupyter does."""
    cells = [(cell.cell_type, cell.source, cell.metadata.get("nbgrader")) for cell in notebook.cells]
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def _read(path: Path) -> NotebookNode | None:
    import nbformat

    try:
        read: NotebookNode = nbformat.read(path, as_version=4)
    except Exception:  # of a file that is no notebook, nbformat says so in many ways
        return None
    return read


def _is_theirs(path: Path, made: NotebookNode) -> bool:
    """Whether a file is there that is neither what would be written nor what was once written."""
    if not path.exists():
        return False
    found = _read(path)
    if found is None:
        return True
    return _fingerprint(found) not in (_fingerprint(made), found.metadata.get("dlgrade", {}).get("made"))


def _write_notebook(path: Path, made: NotebookNode) -> Written:
    import nbformat

    found = _read(path)
    if found is not None and _fingerprint(found) == _fingerprint(made):
        return Written(path, "unchanged")
    _write(path, f"{nbformat.writes(made)}\n")
    return Written(path, "written")


def _write_config(course: Path) -> Written:
    path = course / CONFIG
    course_id = re.sub(r"[^A-Za-z0-9_-]+", "_", course.resolve().name).strip("_") or "course"
    text = _CONFIG.format(course_id=course_id, needed=NEEDED)
    if path.exists():
        own = path.read_text(encoding="utf-8", errors="replace").split("\n")
        return Written(path, "unchanged" if {*_code(NEEDED)} <= {*own} else "kept")
    _write(path, text)
    return Written(path, "written")


def _code(text: str) -> list[str]:
    return [line for line in text.split("\n") if line and not line.startswith("#")]


def _write(path: Path, text: str) -> None:
    """Write a file whole or not at all."""
    beside = path.with_name(f".{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        with contextlib.suppress(OSError):
            beside.unlink()
        raise ClassroomError(f"{str(path)!r} cannot be written: {error.strerror}.") from error
