"""From a file to a report: the one way there is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

from dlgrade import catalog, content
from dlgrade.catalog import Exercise
from dlgrade.errors import CatalogError, SubmissionError
from dlgrade.report import Report

if TYPE_CHECKING:
    from dlgrade.sandbox.launcher import WorkerSource


def check(
    exercise: str,
    file: Path | str | None = None,
    *,
    only: str | None = None,
    debug: bool = False,
    solutions: Path | str | None = None,
    exercises: Path | str | None = None,
    level: int = 1,
) -> Report:
    """Grade one file and say why.

    Parameters
    ----------
    exercise
        ``exercise03``, ``03``, ``3``, ``backprop`` or any unique prefix.
    file
        The learner's file, .py or .ipynb; by default it is looked for in the working
        directory's ``exercises/`` and then in the working directory itself.
    only
        The id of the one criterion to check; None checks all.
    debug
        Run the file in this process, so that ``breakpoint()`` works; such a report is no grade.
    solutions, exercises
        Where the suites and the exercises lie, if not beside the package.
    level
        The isolation that is required: 3 namespaced, 2 kernel-restricted, 1 process and limits.

    Returns
    -------
    Report
        The verdict; its `exit_code` is the command's.

    Raises
    ------
    CatalogError
        If no exercise, or no criterion, is meant.
    SubmissionError
        If the file cannot be read at all.
    SandboxError
        If the worker could not be started, or the required isolation could not be had.
    """
    started = time.perf_counter()
    found = catalog.find(exercise, _path(exercises))
    if only is not None:
        found.criterion(only)
    file = locate(found) if file is None else Path(file)
    where = content.solutions_dir(_path(solutions))
    suite_dir = None if where is None else found.solution_dir(where)
    if suite_dir is not None and not (suite_dir / "test_hidden.py").is_file():
        raise CatalogError(
            f"{str(where)!r} has no suite for {found.id}: {suite_dir.name}/test_hidden.py is not there."
        )
    source = _worker_source(found, file, suite_dir, debug)
    try:
        # Imported here, beside the zygote that warms up: NumPy and pytest take as long as it does.
        from dlgrade import submission
        from dlgrade.running import Run

        run = Run(found, submission.read(file, found.entry), suite_dir, source, only, debug, level)
        return run.report(started)
    finally:
        source.close()


def locate(exercise: Exercise) -> Path:
    """Find the learner's file: in the working directory's exercises/, then in the working directory.

    Raises
    ------
    SubmissionError
        If it is in neither place; the sentence names both.
    """
    notebook = Path(exercise.entry).with_suffix(".ipynb").name
    places = [Path("exercises") / exercise.folder, Path(exercise.folder), Path()]
    for place in places:
        for name in (exercise.entry, notebook):
            if (place / name).is_file():
                return place / name
    raise SubmissionError(
        f"{exercise.entry} is neither in {places[0]}/ nor in this folder; say where it is with --file."
    )


def _path(path: Path | str | None) -> Path | None:
    return None if path is None else Path(path)


def _worker_source(exercise: Exercise, file: Path, suite_dir: Path | None, debug: bool) -> WorkerSource:
    """Start what workers come from, first of all: it warms up while the grader reads on."""
    if debug:
        from dlgrade.sandbox.local import LocalZygote

        return LocalZygote()
    from dlgrade.sandbox.launcher import Zygote
    from dlgrade.sandbox.limits import Limits

    hidden = [exercise.exercise_dir.parent, content.root() / "solutions", file.resolve().parent]
    if suite_dir is not None:
        hidden.append(suite_dir.parent)
    return Zygote(exercise.tools, hidden, Limits(memory_mib=exercise.limits.memory_mib))
