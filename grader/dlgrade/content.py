"""Where exercises, solutions and data sets lie; the one module that knows.

An installed package carries them in its own folder, as ``_content``; in a checkout they stand beside
``grader/``. Files are listed by name, never all of them: pip, Python and test runs leave their own there.
"""

from __future__ import annotations

import os
from pathlib import Path

from dlgrade.errors import CatalogError

SOLUTIONS_VARIABLE = "DLGRADE_SOLUTIONS"
"""The environment variable that says where solutions lie, if not beside the exercises."""

PICTURES = "pictures.py"
"""The file beside a suite that says what is to be drawn."""

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """Return the folder that holds exercises/, datasets/ and, if they are here, solutions/."""
    shipped = _PACKAGE / "_content"
    return shipped if shipped.is_dir() else _PACKAGE.parent.parent


def exercises_dir() -> Path:
    """Return the folder of the exercises, all that a learner is given.

    Raises
    ------
    CatalogError
        If this installation has no such folder.
    """
    return _required(root() / "exercises")


def datasets_dir() -> Path:
    """Return the folder of the data sets.

    Raises
    ------
    CatalogError
        If this installation has no such folder.
    """
    return _required(root() / "datasets")


def solutions_dir(override: Path | None = None) -> Path | None:
    """Return the folder of the solutions, or None where they were kept back.

    Parameters
    ----------
    override
        The folder to use. Without it the environment's `DLGRADE_SOLUTIONS` says, and without that it is the
        folder beside the exercises.

    Raises
    ------
    CatalogError
        If a folder was named and is not there. Going on without it would call a wrong file right.
    """
    if override is not None:
        return _named(override, "--solutions")
    if variable := os.environ.get(SOLUTIONS_VARIABLE):
        return _named(Path(variable), SOLUTIONS_VARIABLE)
    beside = root() / "solutions"
    return beside if beside.is_dir() else None


def solutions_of(exercise_dir: Path, override: Path | None = None, *, of_a_pack: bool = False) -> Path | None:
    """Return the folder that holds an exercise's solution, or None where it was kept back.

    It is the one that was named, by `override` or in the environment, and without that the one beside the
    exercise's own.

    Parameters
    ----------
    exercise_dir
        The exercise's own folder.
    override
        The folder to use.
    of_a_pack
        Whether the exercise came with an installed pack. What the environment names is meant for dlgrade's
        own, so for a pack's it counts only where it holds them.

    Raises
    ------
    CatalogError
        If a folder was named and is not there.
    """
    parent = exercise_dir.resolve().parent
    if override is not None or parent == (root() / "exercises").resolve():
        return solutions_dir(override)
    beside = parent.parent / "solutions"
    if os.environ.get(SOLUTIONS_VARIABLE):
        named = solutions_dir()
        if not of_a_pack or (named is not None and (named / exercise_dir.name).is_dir()):
            return named
    return beside if beside.is_dir() else None


def folders(parent: Path) -> tuple[Path, ...]:
    """List the folders of content in a folder, by name."""
    return tuple(path for path in _visible(parent) if path.is_dir())


def modules(folder: Path) -> tuple[Path, ...]:
    """List the Python files in a folder, by name; none if there is no such folder."""
    return tuple(path for path in _visible(folder) if path.suffix == ".py" and path.is_file())


def suite_modules(folder: Path) -> tuple[Path, ...]:
    """List the Python files of a solution's folder that verdicts depend on: all but its pictures."""
    return tuple(path for path in modules(folder) if path.name != PICTURES)


def _visible(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(path for path in folder.iterdir() if not path.name.startswith((".", "_")))


def _named(folder: Path, by: str) -> Path:
    if not folder.is_dir():
        raise CatalogError(f"{by} names the folder {str(folder)!r}, which does not exist.")
    return folder.resolve()


def _required(folder: Path) -> Path:
    if not folder.is_dir():
        raise CatalogError(f"This installation has no {folder.name}: {str(folder)!r} does not exist.")
    return folder
