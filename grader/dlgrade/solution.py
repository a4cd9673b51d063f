"""The reference of an exercise and its variants: who may see them, and what they are."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path

from dlgrade import content
from dlgrade.catalog import Exercise
from dlgrade.comparison import Part, parts
from dlgrade.errors import CatalogError, ManifestError, WithheldError
from dlgrade.progress import Record
from dlgrade.settings import Settings


@dataclass(frozen=True)
class Solution:
    """One right way to write an exercise.

    Attributes
    ----------
    name
        ``reference``, or the variant's name.
    about
        In a sentence, what is particular about it; empty for the reference.
    """

    name: str
    about: str
    source: str


def permit(exercise: Exercise, record: Record, settings: Settings, *, spoil: bool) -> bool:
    """Let the learner see the solution, or raise.

    Parameters
    ----------
    spoil
        Whether the learner wants to see it whatever was passed.

    Returns
    -------
    bool
        Whether this spoils it: it is shown before everything was passed, because the learner wanted it.

    Raises
    ------
    WithheldError
        If it is not to be shown, or not yet; the sentence says what is missing.
    """
    decided = settings.classroom.solutions
    if decided == "never":
        raise WithheldError(f"The solution of {exercise.id} is not shown: so it was settled for this class.")
    if decided == "always" or record.first_passed is not None:
        return False
    if decided is None and (spoil or record.spoilt is not None):
        return True
    condition = f"The solution of {exercise.id} is shown once everything is passed"
    anyway = "so it was settled for this class" if decided else "--spoil shows it all the same"
    raise WithheldError(f"{condition}, and {_missing(exercise, record)}; {anyway}.")


def _missing(exercise: Exercise, record: Record) -> str:
    check = f"dlgrade check {exercise.id}"
    if record.last is None or record.last.scope == "examples":
        return f"no check of the whole exercise is remembered ({check} makes one)"
    missing = [
        each.id
        for each in exercise.criteria
        if each.id not in record.findings or record.findings[each.id].status != "passed"
    ]
    if not missing:
        return f"its criteria were passed one at a time ({check} checks them together)"
    *most, last = missing
    names = f"{', '.join(most)} and {last}" if most else last
    return f"{names} {'were' if most else 'was'} not at the last check"


def folder(exercise: Exercise, solutions: Path | None = None) -> Path:
    """Return the folder of an exercise's solution.

    Parameters
    ----------
    solutions
        Where the solutions lie, if not beside the exercises.

    Raises
    ------
    WithheldError
        If it is not on this machine.
    """
    where = exercise.solutions(solutions)
    if where is None or not exercise.solution_dir(where).is_dir():
        raise WithheldError(f"The solution of {exercise.id} is not on this machine.")
    return exercise.solution_dir(where)


def reference(exercise: Exercise, where: Path) -> Solution:
    """Return the reference."""
    return Solution("reference", "", _text(where / exercise.entry))


def variants(where: Path) -> tuple[Solution, ...]:
    """Return the other right ways that are kept beside the reference, by name."""
    return tuple(_variant(path) for path in content.modules(where / "variants"))


def variant(where: Path, name: str) -> Solution:
    """Return the variant of that name.

    Raises
    ------
    CatalogError
        If there is none; the sentence says which there are.
    """
    every = {each.name: each for each in variants(where)}
    if name not in every:
        known = ", ".join(every) or "none"
        raise CatalogError(f"There is no variant {name!r}; there are: {known}.")
    return every[name]


def beside(exercise: Exercise, solution: Solution, yours: str | None) -> tuple[Part, ...]:
    """Cut a solution, and the learner's source if there is one, into the exercise's functions."""
    return parts(solution.source, yours, exercise.functions)


def _variant(path: Path) -> Solution:
    text = _text(path)
    docstring = ast.get_docstring(ast.parse(text))
    said = docstring.partition("\n\n")[0] if docstring else _first_cell(text)
    return Solution(path.stem, " ".join(said.split()), text)


def _first_cell(text: str) -> str:
    """Return the words of the Markdown cell that a notebook's script begins with."""
    lines = text.split("\n")
    words = []
    for line in lines[1:] if lines[0].startswith("# %% [markdown]") else ():
        if not line.startswith("# ") or line.startswith("# %%"):
            break
        words.append(line[2:])
    return " ".join(words)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise ManifestError(f"{path.parent.name}/{path.name} is missing, or is not UTF-8.") from None
