"""What comes next. Nothing is graded: what is remembered decides."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from dlgrade import hinting, workplace
from dlgrade.catalog import Exercise
from dlgrade.hinting import ago
from dlgrade.learning import schedule
from dlgrade.learning.standing import Standing, current
from dlgrade.progress import Record


@dataclass(frozen=True)
class Step:
    """What to do next.

    Attributes
    ----------
    title
        What it is about.
    reasons
        Sentences: why this comes next.
    ways
        Commands, the first one first, each with what it does.
    """

    title: str
    reasons: tuple[str, ...]
    ways: tuple[tuple[str, str], ...]


def next_step(every: Sequence[Standing], start: Path | None = None) -> Step:
    """Return what to do next, and why.

    Parameters
    ----------
    start
        The folder that the learner is in; the working directory if None.
    """
    standing = current(every)
    if standing is None:
        return _all_passed(every)
    exercise, record = standing.exercise, standing.record
    file = workplace.find(exercise, start)
    if not standing.begun:
        nowhere = workplace.home(tuple(each.exercise for each in every), start) is None
        return _not_begun(exercise, file, passed=sum(each.passed for each in every), nowhere=nowhere)
    checked = Path(record.file) if record.file and Path(record.file).is_file() else file
    criterion = hinting.first_open(exercise, record)
    check = f"dlgrade check {exercise.id}"
    title = f"{exercise.id} {exercise.name} · {exercise.title}"
    if checked is None:
        said = f"{exercise.entry}, which was checked {_when(record)}, is not there any more."
        return Step(title, (said,), ((f"dlgrade start {exercise.id}", "puts the starter there again"),))
    if record.last is None or criterion is None:
        return Step(title, ("What was checked of it is right so far.",), ((check, "grades all of it"),))
    since = hinting.digest_of(checked) != _digest(record, criterion.id)
    if since:
        said = f"{checked.name} has changed since it was checked, {_when(record)}."
        return Step(title, (said,), ((check, "finds out what holds now"),))
    reasons = [f"It is the first that was not right at the last check, {_when(record)}."]
    finding = record.findings.get(criterion.id)
    if finding is not None and finding.why:
        reasons.append(finding.why)
    points = "" if hinting.by_examples(record) else f" ({criterion.points:g} points)"
    ways = (
        (f"dlgrade hint {exercise.id}", "gives a hint"),
        (check, f"grades {checked.name} when you have changed it"),
    )
    return Step(f"{exercise.id} {exercise.name} · {criterion.title}{points}", tuple(reasons), ways)


def _not_begun(exercise: Exercise, file: Path | None, *, passed: int, nowhere: bool) -> Step:
    title = f"{exercise.id} {exercise.name} · {exercise.title}"
    reasons = [_sentence(exercise.summary)]
    reasons.append("It is the first of all." if passed == 0 else "It is the first that you have not passed.")
    show = f"dlgrade show {exercise.id}", "says what is asked for"
    check = f"dlgrade check {exercise.id}"
    if file is None:
        begin = (f"dlgrade start {exercise.id}", "puts it here")
        init = ("dlgrade init deep-learning", "makes a folder with all exercises, to work in")
        return Step(title, tuple(reasons), (init, begin, show) if nowhere else (begin, show))
    if workplace.is_starter(file, exercise):
        reasons.append(f"Write in {file}, one function after the other.")
        return Step(title, tuple(reasons), (show, (check, "says what is right so far")))
    reasons.append(f"{file} was never checked.")
    return Step(title, tuple(reasons), ((check, "says what is right so far"), show))


def _all_passed(every: Sequence[Standing]) -> Step:
    if not every:
        return Step("There are no exercises.", (), (("dlgrade list", "shows those there are"),))
    way = "dlgrade recap --list", "says when to come back to what"
    return Step("All exercises are passed.", (), (way,))


def _digest(record: Record, criterion: str) -> str:
    """Return the digest of the file on which a criterion was checked last."""
    assert record.last is not None
    finding = record.findings.get(criterion)
    return record.last.digest if finding is None else finding.digest


def _when(record: Record) -> str:
    assert record.touched is not None
    return ago(record.touched)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:].rstrip(".") + "."


def besides(every: Sequence[Standing], now: datetime) -> Iterator[tuple[str, str]]:
    """Yield what else may be done now: coming back to something, and the quiz of what was passed last."""
    due = schedule.first_due(schedule.plan(every), now)
    if due is not None:
        yield "dlgrade recap", f"asks for one function of {due.exercise.id} again"
    passed = [each for each in every if each.passed and each.open_questions]
    if passed:
        last = max(passed, key=lambda each: (each.passed_at or now, each.exercise.number))
        questions = f"{last.open_questions} question{'s' * (last.open_questions > 1)}"
        yield f"dlgrade quiz {last.exercise.id}", f"asks {questions} on what you have passed"
