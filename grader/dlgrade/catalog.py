"""The exercises there are, read from their manifests, and which one a word means.

Imports neither torch nor NumPy nor pytest: `dlgrade list` is to answer at once.
"""

from __future__ import annotations

import math
import re
from pathlib import Path

from msgspec.structs import asdict

from dlgrade import content, manifest, packs
from dlgrade.errors import CatalogError, ManifestError
from dlgrade.manifest import Criterion, Limits, Manifest, RuledOut

__all__ = ["Criterion", "Exercise", "Limits", "RuledOut", "exercises", "find", "load"]

_FOLDER = re.compile(r"exercise(?P<number>\d\d)_(?P<name>[a-z][a-z0-9_]*)")
_NUMBER = re.compile(r"(?:exercise)?0*(?P<number>\d+)")


class Exercise(Manifest, frozen=True, kw_only=True):
    """One exercise: its manifest and the folder that a learner is given.

    Attributes
    ----------
    exercise_dir
        The folder.
    pack
        The name of the pack that it came from; empty where it is dlgrade's own or was named by a path.
    """

    exercise_dir: Path
    pack: str = ""

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

    def solutions(self, override: Path | None = None) -> Path | None:
        """Return the folder of the solutions that this one is among, or None where they were kept back.

        Parameters
        ----------
        override
            The folder to use.

        Raises
        ------
        CatalogError
            If a folder was named and is not there.
        """
        return content.solutions_of(self.exercise_dir, override, of_a_pack=bool(self.pack))

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
    """Return every exercise: dlgrade's own by number, then those of each installed pack.

    Parameters
    ----------
    root
        The folder that holds the exercises' folders, or that holds them in ``exercises/``. Only these are
        returned then.

    Raises
    ------
    ManifestError
        If one of the manifests breaks the rules.
    """
    return tuple(load(folder, pack=pack) for pack, parent in _sources(root) for folder in _folders(parent))


def find(word: str, root: Path | None = None) -> Exercise:
    """Return the exercise that a word means.

    Parameters
    ----------
    word
        ``exercise03``, ``03``, ``3``, ``backprop``, the folder's name or any unique prefix of these.
    root
        The folder that holds the exercises' folders, or that holds them in ``exercises/``. Without it, they
        are dlgrade's own and those of the installed packs.

    Raises
    ------
    CatalogError
        If no exercise is meant, or more than one, or if two packs have one of that id.
    ManifestError
        If the manifest of the one that is meant breaks the rules.
    """
    sources = _sources(root)
    every = [(folder, pack) for pack, parent in sources for folder in _folders(parent)]
    wanted = word.strip().casefold().replace("-", "_").rstrip("/\\")
    # A path is what the shell's completion makes of a folder's name.
    wanted = re.split(r"[/\\]", wanted)[-1]
    names = list(dict.fromkeys(folder.name for folder, _ in every))
    meant = _meant(wanted, names)
    if len(meant) > 1 and len({_id(name) for name in meant}) > 1:
        raise CatalogError(f"{word!r} may mean {_either(meant)}.")
    if not meant:
        raise CatalogError(_unknown(word, wanted, names))
    homes = [(folder, pack) for folder, pack in every if _id(folder.name) == _id(meant[0])]
    if len({folder.parent for folder, _ in homes}) > 1:
        raise CatalogError(_in_two_packs(_id(meant[0]), homes))
    if len(meant) > 1:
        raise CatalogError(f"{word!r} may mean {_either(meant)}.")
    return next(load(folder, pack=pack) for folder, pack in homes if folder.name == meant[0])


def load(folder: Path, *, pack: str = "") -> Exercise:
    """Read one exercise's folder.

    Parameters
    ----------
    pack
        The name of the pack that it belongs to.

    Raises
    ------
    ManifestError
        If its manifest breaks the rules; the sentence says the file and the key.
    """
    if not _FOLDER.fullmatch(folder.name):
        raise ManifestError(f"{folder.name}: the folder of an exercise is named like exercise03_backprop.")
    return Exercise(exercise_dir=folder, pack=pack, **asdict(manifest.read(folder)))


def _sources(root: Path | None) -> list[tuple[str, Path]]:
    """List the folders in which to look, each with the name of the pack that it belongs to."""
    if root is not None:
        return [("", packs.exercises_in(root))]
    return [("", content.exercises_dir()), *((pack.name, pack.exercises) for pack in packs.installed())]


def _folders(parent: Path) -> list[Path]:
    # A folder without a manifest is no exercise: an uninstalled one may leave its __pycache__ behind.
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


def _id(folder: str) -> str:
    return folder.partition("_")[0]


def _in_two_packs(exercise_id: str, homes: list[tuple[Path, str]]) -> str:
    named = [f"{folder.name} of {pack or 'dlgrade itself'} ({folder.parent})" for folder, pack in homes]
    return f"{exercise_id} is in more than one pack: {' and '.join(named)}. Say which with --exercises PATH."


def _either(folders: list[str]) -> str:
    *most, last = map(_called, folders)
    return f"{', '.join(most)} or {last}" if most else last


def _called(folder: str) -> str:
    exercise_id, _, name = folder.partition("_")
    return f"{exercise_id} ({name})"
