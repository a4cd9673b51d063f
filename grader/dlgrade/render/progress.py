"""How far a learner has come, as a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from rich.text import Text

from dlgrade.hinting import ago
from dlgrade.learning.standing import Standing
from dlgrade.render.page import Page

_HEADS = ("exercise", "", "now", "best", "of", "checks", "hints", "quiz", "first passed")


def render(every: Sequence[Standing], page: Page) -> str:
    """Return a row for each exercise that was begun, and all of them together in a sentence.

    Parameters
    ----------
    every
        All exercises there are.
    """
    rows = [_row(each, page) for each in every if _is_known(each)]
    if rows:
        page.rows([tuple(page.text(head, "dim") for head in _HEADS), *rows])
        page.blank()
    passed = sum(each.passed for each in every)
    points = sum(each.record.best or 0.0 for each in every)
    most = sum(each.exercise.points for each in every)
    checks = sum(each.record.checks for each in every)
    said = f"{passed} of {len(every)} exercises passed, {points:g} of {most:g} points."
    touched = [each.record.touched for each in every if each.record.touched is not None]
    when = f" {_count(checks, 'check')}, the last one {ago(max(touched))}." if touched else ""
    page.put(page.text(said, "bold"), page.text(when))
    return str(page)


def _row(standing: Standing, page: Page) -> tuple[Text, ...]:
    exercise, record = standing.exercise, standing.record
    last = record.last
    now = _number(last.points) if last is not None and last.scope == "suite" else ""
    answered = len(exercise.quiz) - standing.open_questions
    quiz = f"{answered}/{len(exercise.quiz)}" if record.answers else ""
    first = "" if standing.passed_at is None else f"{_local(standing.passed_at):%Y-%m-%d}"
    if record.spoilt is not None:
        first += " (solution seen before)" if first else "(solution seen)"
    hints = sum(record.hints.values())
    return (
        page.text(exercise.id, "bold"),
        page.text(exercise.name),
        page.text(now.rjust(4)),
        page.text("" if record.best is None else _number(record.best).rjust(4)),
        page.text(_number(exercise.points)),
        page.text(str(record.checks or "").rjust(6)),
        page.text(str(hints or "").rjust(5)),
        page.text(quiz.rjust(4)),
        page.text(first, "green" if standing.passed else "yellow"),
    )


def _is_known(standing: Standing) -> bool:
    record = standing.record
    return bool(record.checks or record.hints or record.answers or record.spoilt)


def _number(points: float) -> str:
    return f"{points:g}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _local(at: datetime) -> datetime:
    return at.astimezone()
