"""The exercises there are, read from their manifests, and which one a word means.

Imports neither torch nor NumPy nor pytest: `dlgrade list` is to answer at once.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from msgspec.structs import asdict

from dlgrade import content, manifest
from dlgrade.errors import CatalogError, ManifestError
from dlgrade.manifest import Criterion, Limits, Manifest, RuledOut

__all__ = ["Criterion", "Exercise", "Limits", "RuledOut", "exercises", "find", "load"]

_FOLDER = re.compile(r"exercise(?P<number>\d\d)_(?P<name>[a-z][a-z0-9_]*)")
_NUMBER = re.compile(r"(?:exercise)?0*(?P<number>\d+)")


class Exercise(Manifest, frozen=True, kw_only=True):
    """One exercise: its manifest and the folder that a learner is given."""

    exercise_dir: Path

    @property
    def folder(self) -> str:
        """The folder's name, the same among the exercises and the solutions."""
        return self.exercise_dir.name

    @property
    def id(self) -> str:
        """The name that reports use, such as ``exercise03``."""
        return self.folder.partition("_")[0]

    @property
    def number(self) -> int:
        """The number in the id."""
        return int(self.id.removeprefix("exercise"))

    @property
    def name(self) -> str:
        """What the exercise is called, such as ``backprop``."""
        return self.folder.partition("_")[2]

    @property
    def points(self) -> float:
        """The sum of the criteria's points."""
        return math.fsum(criterion.points for criterion in self.criteria)

    @property
    def functions(self) -> tuple[str, ...]:
        """Every name a learner writes, in the manifest's order, each once."""
        return tuple(dict.fromkeys(name for criterion in self.criteria for name in criterion.functions))

    @property
    def entry_path(self) -> Path:
        """The starter."""
        return self.exercise_dir / self.entry

    @property
    def examples_path(self) -> Path:
        """The visible tests."""
        return self.exercise_dir / "test_examples.py"

    def criterion(self, criterion_id: str) -> Criterion:
        """Return the criterion of that id.

        Raises
        ------
        CatalogError
            If the exercise has none; the sentence says which there are.
        """
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        known = ", ".join(criterion.id for criterion in self.criteria)
        raise CatalogError(f"{self.id} has no criterion {criterion_id!r}; it has {known}.")

    def solution_dir(self, solutions: Path) -> Path:
        """Return the exercise's folder among the solutions."""
        return solutions / self.folder

    def statement(self) -> str:
        """Return the text of the exercise's README.md.

        Raises
        ------
        ManifestError
            If it is missing or is not UTF-8.
        """
        return manifest.read_text(self.exercise_dir / "README.md")


def exercises(root: Path | None = None) -> tuple[Exercise, ...]:
    """Return every exercise, by number.

    Parameters
    ----------
    root
        The folder that holds the exercises' folders; the shipped one if None.

    Raises
    ------
    ManifestError
        If one of the manifests breaks the rules.
    """
    return tuple(load(folder) for folder in _folders(root))


def find(word: str, root: Path | None = None) -> Exercise:
    """Return the exercise that a word means.

    Parameters
    ----------
    word
        ``exercise03``, ``03``, ``3``, ``backprop``, the folder's name or any unique prefix of these.
    root
        The folder that holds the exercises' folders; the shipped one if None.

    Raises
    ------
    CatalogError
        If no exercise is meant, or more than one.
    ManifestError
        If the manifest of the one that is meant breaks the rules.
    """
    folders = {folder.name: folder for folder in _folders(root)}
    wanted = word.strip().casefold().replace("-", "_").rstrip("/\\")
    # A path is what the shell's completion makes of a folder's name.
    wanted = re.split(r"[/\\]", wanted)[-1]
    meant = _meant(wanted, list(folders))
    if len(meant) == 1:
        return load(folders[meant[0]])
    if meant:
        raise CatalogError(f"{word!r} may mean {_either(meant)}.")
    raise CatalogError(_unknown(word, wanted, list(folders)))


def load(folder: Path) -> Exercise:
    """Read one exercise's folder.

    Raises
    ------
    ManifestError
        If its manifest breaks the rules; the sentence says the file and the key.
    """
    if not _FOLDER.fullmatch(folder.name):
        raise ManifestError(f"{folder.name}: the folder of an exercise is named like exercise03_backprop.")
    return Exercise(exercise_dir=folder, **asdict(manifest.read(folder)))


def _folders(root: Path | None) -> list[Path]:
    # A folder without a manifest is no exercise: an uninstalled one may leave its __pycache__ behind.
    parent = content.exercises_dir() if root is None else root
    return [
        folder
        for folder in content.folders(parent)
        if _FOLDER.fullmatch(folder.name) and (folder / manifest.NAME).is_file()
    ]


def _meant(wanted: str, folders: list[str]) -> list[str]:
    """Return the folders that a word names outright, else those it is a prefix of."""
    number = _NUMBER.fullmatch(wanted)
    exact = [
        folder
        for folder in folders
        if wanted in _words(folder) or (number and int(number["number"]) == int(_parts(folder)["number"]))
    ]
    if exact or not wanted:
        return exact
    return [folder for folder in folders if any(each.startswith(wanted) for each in _words(folder))]


def _words(folder: str) -> tuple[str, ...]:
    parts = _parts(folder)
    return folder, f"exercise{parts['number']}", parts["number"], parts["name"]


def _parts(folder: str) -> re.Match[str]:
    match = _FOLDER.fullmatch(folder)
    assert match is not None, folder
    return match


def _unknown(word: str, wanted: str, folders: list[str]) -> str:
    if not folders:
        return f"There is no exercise {word!r}: there are none at all."
    from difflib import get_close_matches

    names = {each: folder for folder in folders for each in _words(folder)}
    close = dict.fromkeys(names[each] for each in get_close_matches(wanted, names, n=3, cutoff=0.6))
    guess = f" Did you mean {_either(list(close))}?" if close else ""
    return f"There is no exercise {word!r}.{guess} Exercises: {', '.join(map(_called, folders))}."


def _either(folders: list[str]) -> str:
    *most, last = map(_called, folders)
    return f"{', '.join(most)} or {last}" if most else last


def _called(folder: str) -> str:
    exercise_id, _, name = folder.partition("_")
    return f"{exercise_id} ({name})"
