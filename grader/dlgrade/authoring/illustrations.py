"""The pictures of an exercise: the reference has all of them, and the starter a sentence for each."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from dlgrade import content
from dlgrade.authoring.course import Place
from dlgrade.authoring.finding import Finding
from dlgrade.grading import Grader
from dlgrade.pictures import Absent, Drawing, drawing
from dlgrade.pictures.recipe import CAPTION_MAX

_FAULT = "by a fault of dlgrade's own"


def findings(place: Place) -> Iterator[Finding]:
    """Yield what is wrong with what is drawn; an exercise need not have pictures."""
    where = place.solution / content.PICTURES
    if not where.is_file():
        return
    exercises, solutions = place.exercise.exercise_dir.parent, place.solution.parent
    with Grader(place.exercise.folder, exercises=exercises, solutions=solutions) as grader:
        try:
            right = drawing.draw(grader, place.reference)
            starter = drawing.draw(grader, place.exercise.entry_path)
            broken = _of_a_broken_file(grader)
        except Exception as error:  # whatever an author's file raises when it is imported
            yield Finding(place.shown(where), f"cannot be run: {type(error).__name__}: {error}.")
            return
    others = (*_starter(starter), *_faults(broken, "a file whose functions return None"))
    for advice in (*_right(right), *others):
        yield Finding(place.shown(where), advice)


def _of_a_broken_file(grader: Grader) -> tuple[Drawing, ...]:
    functions = grader.exercise.functions
    with tempfile.TemporaryDirectory(prefix="dlgrade-") as folder:
        file = Path(folder) / grader.exercise.entry
        lines = [f"def {name}(*args, **kwargs): pass\n" for name in functions]
        file.write_text("".join(lines), encoding="utf-8")
        return drawing.draw(grader, file)


def _right(drawings: tuple[Drawing, ...]) -> Iterator[str]:
    if not drawings:
        yield "has no picture; mark a function with @picture, or delete the file."
    for each in drawings:
        if isinstance(each, Absent):
            yield f"{each.title!r}: {each.sentence} This is the reference; mend the function that draws it."
            continue
        if not each.alt.strip():
            yield f"{each.title!r} has no alt text; return one, from the values."
        if not each.caption:
            yield f"{each.title!r} has no caption; write a docstring that says what to look for."
        if len(each.caption) > CAPTION_MAX:
            yield f"{each.title!r}: the caption has {len(each.caption)} characters; cut it to {CAPTION_MAX}."
        for note in each.notes:
            yield f"{each.title!r} has a note, though the file is right: {note}"


def _starter(drawings: tuple[Drawing, ...]) -> Iterator[str]:
    for each in drawings:
        if not isinstance(each, Absent):
            yield f"{each.title!r} is drawn of the starter; draw what the learner's functions return."
    yield from _faults(drawings, "the starter")


def _faults(drawings: tuple[Drawing, ...], file: str) -> Iterator[str]:
    for each in drawings:
        if isinstance(each, Absent) and _FAULT in each.sentence:
            yield f"{each.title!r} of {file}: {each.sentence} Check what comes back before it is drawn."
