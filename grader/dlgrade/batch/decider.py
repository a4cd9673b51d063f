"""What decided a verdict: the suite as it was, and the versions of what ran it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from dlgrade import content
from dlgrade.catalog import Exercise
from dlgrade.errors import CatalogError
from dlgrade.manifest import NAME


@dataclass(frozen=True)
class Decider:
    """A verdict holds for as long as all of this stays what it was.

    Attributes
    ----------
    suite
        A digest of every file that has a say in a report: manifest, starter, suite, reference, mistakes.
    dlgrade, torch, numpy
        Versions; empty where the package is not installed.
    """

    suite: str
    dlgrade: str
    torch: str
    numpy: str


def decider(exercise: Exercise, solutions: Path | None = None) -> Decider:
    """Return what decides verdicts on an exercise here and now.

    Raises
    ------
    CatalogError
        If its suite is not on this machine: the visible examples give no points.
    """
    where = exercise.solutions(solutions)
    folder = None if where is None else exercise.solution_dir(where)
    if folder is None or not (folder / "test_hidden.py").is_file():
        raise CatalogError(
            f"The hidden suite of {exercise.id} is not on this machine, and without it there are no points "
            "to be given: say where it lies with --solutions."
        )
    digest = hashlib.blake2b(digest_size=16)
    for path, name in _files(exercise, folder):
        data = path.read_bytes()
        digest.update(f"{name}\0{len(data)}\0".encode() + data)
    return Decider(digest.hexdigest(), *map(_version, ("dlgrade", "torch", "numpy")))


def _files(exercise: Exercise, folder: Path) -> Iterator[tuple[Path, str]]:
    yield exercise.exercise_dir / NAME, NAME
    yield exercise.entry_path, "starter"
    for path in content.suite_modules(folder):
        yield path, path.name
    for path in content.modules(folder / "mistakes"):
        yield path, f"mistakes/{path.name}"


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""
