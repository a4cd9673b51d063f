"""Which exercises an author means, with both of their folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from dlgrade import catalog, content
from dlgrade.catalog import Exercise
from dlgrade.errors import CatalogError


@dataclass(frozen=True)
class Place:
    """One exercise and its folder among the solutions.

    Attributes
    ----------
    exercise
        Its manifest and the folder that a learner is given.
    solution
        The folder that a learner is not given.
    """

    exercise: Exercise
    solution: Path

    @property
    def reference(self) -> Path:
        """The file of the reference solution."""
        return self.solution / self.exercise.entry

    @property
    def mistakes(self) -> tuple[Path, ...]:
        """The files of the known mistakes, by name."""
        return content.modules(self.solution / "mistakes")

    @property
    def variants(self) -> tuple[Path, ...]:
        """The files of the variants, by name."""
        return content.modules(self.solution / "variants")

    def shown(self, path: Path) -> str:
        """Name a file of one of the two folders, from the folder above them on."""
        for folder in (self.exercise.exercise_dir, self.solution):
            if path.is_relative_to(folder):
                return str(Path(folder.parent.name, folder.name, path.relative_to(folder)))
        return str(path)


def places(words: Sequence[str], exercises: Path | None, solutions: Path | None) -> list[Place]:
    """Return the exercises that words mean, or all there are.

    Parameters
    ----------
    words
        As `catalog.find` takes them; none for all.
    exercises, solutions
        Where they lie, if they are not dlgrade's own and not of an installed pack.

    Raises
    ------
    CatalogError
        If a word means none, or the solutions are not on this machine.
    ManifestError
        If a manifest breaks the rules.
    """
    meant = [catalog.find(word, exercises) for word in words] or catalog.exercises(exercises)
    if not meant:
        raise CatalogError(f"There are no exercises in {str(exercises)!r}.")
    return [Place(exercise, _solution(exercise, solutions)) for exercise in meant]


def _solution(exercise: Exercise, solutions: Path | None) -> Path:
    where = exercise.solutions(solutions)
    if where is None:
        raise CatalogError(
            f"The solutions of {exercise.id} are not here; say with --solutions where they are."
        )
    folder = exercise.solution_dir(where)
    for needed in (exercise.entry, "test_hidden.py"):
        if not (folder / needed).is_file():
            raise CatalogError(f"{str(where)!r} has no {folder.name}/{needed}.")
    return folder
