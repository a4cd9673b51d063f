"""Exercises of others: installed packages that say, by an entry point, where theirs lie.

A pack names itself in its pyproject.toml::

    [project.entry-points."dlgrade.exercises"]
    acme = "acme_exercises"

The entry is a package whose folder holds ``exercises/`` and, if the suites are shipped, ``solutions/``, or a
function without parameters that returns such a folder. A course that is not installed is named by its path.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from dlgrade.errors import CatalogError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "dlgrade.exercises"
"""The group of the entry points."""


@dataclass(frozen=True)
class Pack:
    """Where one package's exercises lie.

    Attributes
    ----------
    name
        Of its entry point.
    exercises
        The folder that holds the exercises' folders.
    """

    name: str
    exercises: Path


def installed() -> tuple[Pack, ...]:
    """Find the packs that are installed, by name.

    Raises
    ------
    CatalogError
        If one cannot be imported, or has no exercises where it says.
    """
    if not _any_said_to_be():
        return ()
    from importlib.metadata import entry_points

    # The same distribution may be found twice, as an installed one and in a checkout.
    entries = {(entry.name, entry.value): entry for entry in entry_points(group=GROUP)}
    return tuple(Pack(entry.name, _exercises(entry)) for _, entry in sorted(entries.items()))


def exercises_in(folder: Path) -> Path:
    """Return the folder of the exercises' folders that a path means: itself, or `exercises/` in it.

    Raises
    ------
    CatalogError
        If it does not exist. Going on without it would find other exercises than were meant.
    """
    if not folder.is_dir():
        raise CatalogError(f"--exercises names the folder {str(folder)!r}, which does not exist.")
    inner = folder / "exercises"
    return (inner if inner.is_dir() else folder).resolve()


def _any_said_to_be() -> bool:
    """Whether some entry point of ours is installed; importlib.metadata alone takes longer to import."""
    for folder in dict.fromkeys(sys.path):
        for file in Path(folder).glob("*.*-info/entry_points.txt"):
            try:
                text = file.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                continue
            if f"[{GROUP}]" in text:
                return True
    return False


def _exercises(entry: EntryPoint) -> Path:
    where = f"The pack {entry.name!r} ({entry.value})"
    try:
        named = entry.load()
        folder = Path(named() if callable(named) else _folder(named))
    except Exception as error:
        words = f"{type(error).__name__}: {error}"
        raise CatalogError(f"{where} does not say where its exercises lie: {words}.") from error
    if not (folder / "exercises").is_dir():
        raise CatalogError(f"{where} has no exercises: there is no folder {str(folder / 'exercises')!r}.")
    return (folder / "exercises").resolve()


def _folder(module: object) -> str:
    """Return a package's folder, or that of a module's file; a namespace package has only the former."""
    paths = getattr(module, "__path__", None)
    return next(iter(paths)) if paths else str(Path(str(getattr(module, "__file__", ""))).parent)
