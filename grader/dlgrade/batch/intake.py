"""From a folder or an archive to what each student handed in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from unicodedata import normalize

from dlgrade.batch import platforms, trees
from dlgrade.batch.choosing import NoneChosenError, choose
from dlgrade.batch.model import Entry, Handed, Student
from dlgrade.batch.platforms import Pile
from dlgrade.batch.spool import Spool
from dlgrade.catalog import Exercise
from dlgrade.errors import IntakeError
from dlgrade.submission.model import printable


@dataclass(frozen=True)
class Intake:
    """A class's submissions for one exercise.

    Attributes
    ----------
    platform
        Where they seem to come from.
    handed
        One for each student, by key.
    notes
        What was left out and why, one sentence each.
    """

    platform: str
    handed: tuple[Handed, ...]
    notes: tuple[str, ...]


def read(submissions: Path, exercise: Exercise, spool: Spool, assignment: str | None = None) -> Intake:
    """Find what every student handed in.

    Parameters
    ----------
    submissions
        A folder or an archive; `platforms` says what is recognised.
    exercise
        The exercise, which knows what its file is called.
    spool
        Where archives are unpacked.
    assignment
        The folder below each student's that is meant, where they have several, as in nbgrader's
        ``submitted/``. Without it, one that is called like the exercise is.

    Raises
    ------
    IntakeError
        If nothing can be read, nobody handed anything in, or the archive is torn.
    """
    tree = trees.read(submissions, spool)
    platform, found = platforms.recognise(tree, submissions.name)
    piles = list(found)
    notes = list(tree.notes)
    chosen = assignment if assignment is not None else _assignment(piles, exercise)
    if chosen is not None:
        everybody, piles, platform = piles, _of_assignment(piles, chosen), "nbgrader"
        if not piles:
            where = printable(str(submissions))
            raise IntakeError(f"No student has a folder {printable(chosen)!r} in {where!r}.")
        notes += _without(everybody, piles, chosen)
    if not piles:
        raise IntakeError(f"Nobody handed anything in: {printable(str(submissions))!r} is empty.")
    handed = [_handed(pile, exercise, spool, notes) for pile in piles]
    return Intake(platform, _unique(handed), tuple(notes))


def _assignment(piles: Sequence[Pile], exercise: Exercise) -> str | None:
    """Return the folder below the students' that is called like the exercise, if all is in such folders."""
    entries = [entry for pile in piles for entry in pile.entries]
    if any(len(entry.parts) == 1 for entry in entries):
        return None  # what lies beside it is handed in too
    inner = {entry.parts[0] for entry in entries}
    names = [name.casefold() for name in (exercise.folder, exercise.id, exercise.name)]
    return next((each for name in names for each in sorted(inner) if each.casefold() == name), None)


def _of_assignment(piles: Sequence[Pile], assignment: str) -> list[Pile]:
    """Keep what lies in one folder below the students'; who has none has not handed it in."""
    kept = []
    for pile in piles:
        inside = [entry for entry in pile.entries if entry.parts[0] == assignment and len(entry.parts) > 1]
        if inside:
            kept.append(replace(pile, entries=inside))
    return kept


def _without(everybody: Sequence[Pile], kept: Sequence[Pile], assignment: str) -> list[str]:
    """Say who is left out for having nothing there."""
    others = {pile.student.key for pile in everybody} - {pile.student.key for pile in kept}
    name = printable(assignment)
    return [f"{printable(key)!r} has nothing in {name}/, and was left out." for key in sorted(others)]


def _handed(pile: Pile, exercise: Exercise, spool: Spool, notes: list[str]) -> Handed:
    student = pile.student
    try:
        chosen = choose(pile.entries, exercise.entry, spool, notes)
    except NoneChosenError as error:
        return Handed(student, problem=str(error), late=pile.late)
    file = _shown(pile, chosen)
    return Handed(student, file, chosen.at, chosen.problem, pile.late)


def _shown(pile: Pile, chosen: Entry) -> str:
    """Return the path of a file among the submissions; of one in an archive, the archive's and its own."""
    for length in range(len(chosen.parts), 0, -1):
        if (outer := pile.shown.get(chosen.parts[:length])) is not None:
            inner = printable("/".join(chosen.parts[length:]), 200)
            return f"{outer}/{inner}" if inner else outer
    return printable("/".join(chosen.parts), 500)


def _unique(handed: Sequence[Handed]) -> tuple[Handed, ...]:
    """Make every name fit to be shown and kept, and tell apart those that then look alike."""
    taken: dict[str, int] = {}
    result = []
    for each in sorted(handed, key=lambda one: one.student.key):
        # Composed, since macOS writes an é as two characters and others as one.
        shown = Student(*map(_fit, _words(each.student)))
        taken[shown.key] = taken.get(shown.key, 0) + 1
        if taken[shown.key] > 1:
            shown = replace(shown, key=f"{shown.key} ({taken[shown.key]})")
        result.append(replace(each, student=shown))
    return tuple(sorted(result, key=lambda one: one.student.key))


def _fit(words: str) -> str:
    shown = printable(normalize("NFC", words))
    return shown.strip() or shown


def _words(student: Student) -> tuple[str, str, str, str]:
    return student.key, student.name, student.account, student.email
