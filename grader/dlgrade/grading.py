"""From a file to a report: the one way there is."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from dlgrade import catalog, content
from dlgrade.catalog import Exercise
from dlgrade.errors import CatalogError
from dlgrade.report import Report
from dlgrade.workplace import locate

if TYPE_CHECKING:
    from dlgrade.datasets.loading import Split
    from dlgrade.invoking import Collected
    from dlgrade.running import Ground
    from dlgrade.sandbox.launcher import WorkerSource, Zygote


def check(
    exercise: str,
    file: Path | str | None = None,
    *,
    only: str | None = None,
    debug: bool = False,
    solutions: Path | str | None = None,
    exercises: Path | str | None = None,
    level: int = 1,
    data: Path | str | None = None,
    record: bool = False,
    copy_of: Path | None = None,
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
        Where the suites and the exercises lie. Without them the exercises are dlgrade's own and those of the
        installed packs, and suites lie beside the exercises.
    level
        The isolation that is required: 3 namespaced, 2 kernel-restricted, 1 process and limits.
    data
        Larger data to train on as well, where the suite has a test for that: the path of MNIST,
        Fashion-MNIST or CIFAR-10, or one of the names ``mnist``, ``fashion-mnist`` and ``cifar-10``, which
        is then downloaded.
    record
        Remember what was found, for `dlgrade hint` and `dlgrade solution`; never with `debug`. What cannot be
        remembered is one of the report's notes.
    copy_of
        As for `Grader.check`.

    Returns
    -------
    Report
        The verdict; its `exit_code` is the command's.

    Raises
    ------
    CatalogError
        If no exercise, or no criterion, is meant.
    GivenDataError
        If the data cannot be read, or no test would run on them.
    SubmissionError
        If the file cannot be read at all.
    SandboxError
        If the worker could not be started, or the required isolation could not be had.
    """
    with Grader(
        exercise,
        only=only,
        debug=debug,
        solutions=solutions,
        exercises=exercises,
        level=level,
        data=data,
        record=record,
    ) as grader:
        return grader.check(locate(grader.exercise) if file is None else Path(file), copy_of=copy_of)


class Grader:
    """Grades one exercise's files, one after another, with a zygote that stays warm between them.

    Parameters
    ----------
    exercise, only, debug, solutions, exercises, level, data, record
        As for `check`.

    Attributes
    ----------
    exercise
        The one that is meant.
    suite_dir
        The folder of its suite, or None where solutions are kept back.
    record
        Whether what is found from now on is remembered.
    collected
        The suite, where it was collected before this process was forked.
    """

    def __init__(
        self,
        exercise: str,
        *,
        only: str | None = None,
        debug: bool = False,
        solutions: Path | str | None = None,
        exercises: Path | str | None = None,
        level: int = 1,
        data: Path | str | None = None,
        record: bool = False,
    ) -> None:
        self.exercise = catalog.find(exercise, _path(exercises))
        if only is not None:
            self.exercise.criterion(only)
        self._only = only
        self._debug = debug
        self._level = level
        self.record = record
        self.collected: Collected | None = None
        self._ground: Ground | None = None
        self.suite_dir = _suite_dir(self.exercise, _path(solutions))
        self._data = None if data is None else _given(data, self.exercise, self.suite_dir, only)
        # First of all: it warms up while the grader reads on.
        self._workers = _local() if debug else _zygote(self.exercise, self.suite_dir)

    def check(
        self,
        file: Path,
        *,
        stop_early: bool = False,
        start_with: str | None = None,
        call_s: float | None = None,
        copy_of: Path | None = None,
        function: str | None = None,
        salt: str = "",
    ) -> Report:
        """Grade one file.

        Parameters
        ----------
        file
            The learner's.
        stop_early
            Whether the first failure is enough: nothing is shrunk and nothing explained, and the points of
            such a report say nothing.
        start_with
            The function whose tests run first.
        call_s
            Seconds for one call, where the exercise allows more.
        copy_of
            The file that is remembered, if `file` is a passing copy of it.
        function
            The one function whose tests run; None for all. Such a check is not remembered.
        salt
            Where it is not empty, the random inputs are others than usual, and the same for the same salt.

        Raises
        ------
        SubmissionError
            If the file cannot be read at all.
        SandboxError
            If the worker could not be started, or the required isolation could not be had.
        """
        started = time.perf_counter()
        # Imported here, beside the zygote that warms up: NumPy and pytest take as long as it does.
        from dlgrade import submission
        from dlgrade.running import Ground, Run

        read = submission.read(file, self.exercise.entry)
        self._ground = self._ground or Ground(self.exercise, self.suite_dir)
        run = Run(
            self._ground,
            read,
            self._workers,
            self._only,
            self._debug,
            self._level,
            self._data,
            stop_early,
            start_with,
            call_s,
            function,
            salt,
            self.collected,
        )
        report = run.report(started)
        if not self.record or stop_early or function is not None:
            return report
        return _recorded(report, copy_of or file, read.content_sha256)

    @property
    def zygote(self) -> Zygote:
        """Where the workers come from; under `debug` there is none."""
        from dlgrade.sandbox.launcher import Zygote

        assert isinstance(self._workers, Zygote)
        return self._workers

    def close(self) -> None:
        """End the zygote."""
        self._workers.close()

    def __enter__(self) -> Grader:
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


def _recorded(report: Report, file: Path, digest: str) -> Report:
    """Remember what a check found; the one place where this is done."""
    from dlgrade.progress import Book

    book = Book()
    book.note_check(report, file, digest)
    return msgspec.structs.replace(report, notes=(*report.notes, *book.notices))


def _path(path: Path | str | None) -> Path | None:
    return None if path is None else Path(path)


def _suite_dir(exercise: Exercise, solutions: Path | None) -> Path | None:
    """Find the folder of the exercise's suite, or None where solutions are kept back."""
    where = exercise.solutions(solutions)
    if where is None:
        return None
    folder = exercise.solution_dir(where)
    if not (folder / "test_hidden.py").is_file():
        raise CatalogError(
            f"{str(where)!r} has no suite for {exercise.id}: {folder.name}/test_hidden.py is not there."
        )
    return folder


def _given(data: Path | str, exercise: Exercise, suite_dir: Path | None, only: str | None) -> Split:
    from dlgrade import given

    return given.read(data, exercise, suite_dir, only)


def _local() -> WorkerSource:
    from dlgrade.sandbox.local import LocalZygote

    return LocalZygote()


def _zygote(exercise: Exercise, suite_dir: Path | None) -> WorkerSource:
    from dlgrade.sandbox.launcher import Zygote
    from dlgrade.sandbox.limits import Limits

    # What a worker may read is a list of what Python needs; these are left out even if they lie below it.
    hidden = [exercise.exercise_dir.parent, content.root() / "solutions"]
    if suite_dir is not None:
        hidden.append(suite_dir.parent)
    return Zygote(exercise.tools, hidden, Limits(memory_mib=exercise.limits.memory_mib))
