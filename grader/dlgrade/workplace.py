"""Where a learner works: the folder that holds exercises' folders, and the file of each."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from dlgrade.catalog import Exercise
from dlgrade.errors import SubmissionError

EXERCISES = "exercises"
"""The folder in which exercises may lie, as in a checkout."""


def notebook(exercise: Exercise) -> str:
    """Return the name of an exercise's file as a notebook."""
    return Path(exercise.entry).with_suffix(".ipynb").name


def home(exercises: tuple[Exercise, ...], start: Path | None = None) -> Path | None:
    """Return the nearest folder, from one upwards, that holds a learner's file of an exercise, or None.

    Parameters
    ----------
    start
        Where to begin; the working directory if None.
    """
    for above in _upwards(start or Path()):
        for place in (above, above / EXERCISES):
            if any(file_in(place / exercise.folder, exercise) for exercise in exercises):
                return place
    return None


def find(exercise: Exercise, start: Path | None = None) -> Path | None:
    """Find the learner's file of an exercise, or None.

    It is looked for in ``exercises/<folder>/``, in ``<folder>/`` and in the folder itself, and then in the
    first two from each folder above.

    Parameters
    ----------
    start
        Where to begin; the working directory if None.
    """
    start = start or Path()
    here = [start / EXERCISES / exercise.folder, start / exercise.folder, start]
    above = (each / part / exercise.folder for each in _upwards(start) for part in (EXERCISES, ""))
    return next((file for place in (*here, *above) if (file := file_in(place, exercise))), None)


def locate(exercise: Exercise) -> Path:
    """Find the learner's file of an exercise, as `find` does.

    Raises
    ------
    SubmissionError
        If it is nowhere; the sentence says where it was looked for.
    """
    if (file := find(exercise)) is not None:
        return file
    raise SubmissionError(
        f"{exercise.entry} is neither in {exercise.folder}/ nor in this folder, nor in one above: "
        f"`dlgrade start {exercise.id}` puts it there, and --file says where else it is."
    )


def file_in(place: Path, exercise: Exercise) -> Path | None:
    """Return the learner's file of an exercise in one folder, or None."""
    script, cells = place / exercise.entry, place / notebook(exercise)
    if not script.is_file():
        return cells if cells.is_file() else None
    # Who has begun in the notebook has not begun in the file beside it, if that is as it was given.
    return cells if cells.is_file() and is_starter(script, exercise) else script


def is_starter(file: Path, exercise: Exercise) -> bool:
    """Whether a learner's .py is still what they were given."""
    try:
        return file.read_bytes() == exercise.entry_path.read_bytes()
    except OSError:
        return False


def near(path: Path) -> Path:
    """Return a path as it is reached from the working directory, if that is shorter."""
    whole = path.absolute()
    reached = Path(os.path.relpath(whole))
    return reached if len(reached.parts) < len(whole.parts) else whole


def _upwards(start: Path) -> Iterator[Path]:
    """Yield a folder and those above it, each as it is reached from the working directory."""
    whole = start.absolute()
    for above in (whole, *whole.parents):
        yield near(above)
