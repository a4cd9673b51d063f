"""A learner's folder: what is put there, and how a file of theirs begins anew without being lost.

Nothing that lies there is ever written over. `reset` alone puts something else in the place of a file, and it
keeps that file first.
"""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dlgrade import workplace
from dlgrade.catalog import Exercise
from dlgrade.errors import LearningError

BACKUPS = "backups"
"""The folder beside a learner's file in which earlier ones are kept."""


@dataclass(frozen=True)
class Placed:
    """What became of one exercise in a learner's folder.

    Attributes
    ----------
    file
        The one to write in.
    made
        Whether that file was made now; otherwise it was there, and is as it was.
    """

    exercise: Exercise
    file: Path
    made: bool


@dataclass(frozen=True)
class Reset:
    """How a learner's file began anew.

    Attributes
    ----------
    backup
        Where the old one is kept; None where it was still as it had been given.
    """

    file: Path
    backup: Path | None


def chosen(directory: Path | None, exercises: Sequence[Exercise]) -> Path:
    """Return the folder that is to become a learner's.

    Parameters
    ----------
    directory
        The one that was named; None for the working directory, which then has to be empty or a learner's.

    Raises
    ------
    LearningError
        If it is no folder, or if something else lies in the working directory.
    """
    if directory is not None:
        if directory.exists() and not directory.is_dir():
            raise LearningError(f"{str(directory)!r} is a file; name a folder, which may be a new one.")
        return directory
    there = sorted(each.name for each in Path().iterdir() if not each.name.startswith("."))
    theirs = any(workplace.file_in(Path(each.folder), each) for each in exercises)
    if there and not theirs:
        raise LearningError(
            f"This folder holds something else, {there[0]!r} for one. Name a new one, as in "
            "`dlgrade init deep-learning`, or say that it is to be this one: `dlgrade init .`"
        )
    return Path()


def place(exercise: Exercise, root: Path, *, as_notebook: bool = False) -> Placed:
    """Put an exercise into a learner's folder: its statement, its starter and its visible examples.

    Whatever is there already stays as it is. Where the exercise was begun in the other form, that is the file
    to write in, unless it is still as it was given.

    Parameters
    ----------
    root
        The learner's folder; the exercise gets one in it.
    as_notebook
        Whether the file to write in is to be a notebook.

    Raises
    ------
    LearningError
        If something cannot be written.
    """
    folder = root / exercise.folder
    begun = workplace.file_in(folder, exercise)
    wanted = folder / (workplace.notebook(exercise) if as_notebook else exercise.entry)
    if begun is not None and (not as_notebook or begun == wanted or not _is_as_given(begun, exercise)):
        wanted = begun
    with _told():
        folder.mkdir(parents=True, exist_ok=True)
        made = not wanted.exists()
        if made:
            _write(wanted, starter(exercise, wanted))
            if begun is not None:  # the untouched starter: one file to write in is enough
                begun.unlink()
        for path, content in _beside(exercise, wanted):
            if not path.exists():
                _write(path, content)
    return Placed(exercise, wanted, made)


def reset(exercise: Exercise, file: Path, now: datetime) -> Reset:
    """Let a learner's file begin anew, and keep the old one.

    Raises
    ------
    LearningError
        If something cannot be read or written; the file is then as it was.
    """
    if file.resolve() == exercise.entry_path.resolve():
        raise LearningError(f"{str(file)!r} is the starter itself, of which others are copies.")
    if _is_as_given(file, exercise):
        return Reset(file, None)
    with _told():
        backup = keep(file, now)
        fresh = file.with_name(f".{file.name}.{os.getpid()}.tmp")
        fresh.unlink(missing_ok=True)
        try:
            _write(fresh, starter(exercise, file))
            fresh.replace(file)
        finally:
            fresh.unlink(missing_ok=True)
    return Reset(file, backup)


def keep(file: Path, now: datetime) -> Path:
    """Keep a copy of a learner's file beside it, under a name that says when.

    Raises
    ------
    OSError
        If it cannot be kept.
    """
    folder = file.parent / BACKUPS
    folder.mkdir(exist_ok=True)
    for number in range(1, 1000):
        suffix = "" if number == 1 else f"-{number}"
        backup = folder / f"{file.stem}-{now:%Y-%m-%d-%H%M%S}{suffix}{file.suffix}"
        with contextlib.suppress(FileExistsError), backup.open("xb") as kept:
            kept.write(file.read_bytes())
            shutil.copymode(file, backup)
            return backup
    raise FileExistsError(f"{str(folder)!r} has a thousand copies of this second")


def starter(exercise: Exercise, file: Path) -> bytes:
    """Return what a learner's file begins as, by its suffix."""
    if file.suffix == ".ipynb":
        from dlgrade.learning import notebooks

        return notebooks.written(exercise)
    return exercise.entry_path.read_bytes()


def _is_as_given(file: Path, exercise: Exercise) -> bool:
    if file.suffix != ".ipynb":
        return workplace.is_starter(file, exercise)
    from dlgrade.learning import notebooks

    return notebooks.sources(file.read_bytes()) == notebooks.sources(notebooks.written(exercise))


def _beside(exercise: Exercise, file: Path) -> Iterator[tuple[Path, bytes]]:
    """Yield what a learner is given beside the file to write in.

    The examples are called after the exercise: pytest can run those of all exercises at once only if their
    names differ.
    """
    yield file.with_name("README.md"), (exercise.exercise_dir / "README.md").read_bytes()
    yield file.with_name(f"test_{exercise.name}.py"), exercise.examples_path.read_bytes()
    if file.suffix == ".ipynb":
        from dlgrade.learning import notebooks

        yield file.with_name("conftest.py"), notebooks.conftest(exercise).encode()


def _write(path: Path, content: bytes) -> None:
    """Write a file that is not there yet; one that somebody else makes meanwhile is left alone."""
    with contextlib.suppress(FileExistsError), path.open("xb") as file:
        file.write(content)


@contextlib.contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        what = repr(str(error.filename)) if error.filename else "The folder"
        why = f"{what} cannot be written: {error.strerror or error}."
        raise LearningError(f"{why} {_advice(error)}".strip()) from error


def _advice(error: OSError) -> str:
    match error:
        case FileExistsError() | NotADirectoryError():
            return "A folder has to be there: move what is in its place, or work in another folder."
        case PermissionError():
            return "Make it writable, or work in another folder."
    return ""
