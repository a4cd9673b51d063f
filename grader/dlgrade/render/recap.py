"""What is said of a recap: what is asked for again, how it went, when to come back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from dlgrade.catalog import Exercise
from dlgrade.hinting import ago
from dlgrade.learning.recap import NOT_YOURS, YOURS, Begun
from dlgrade.learning.schedule import Due, when
from dlgrade.progress import Recap
from dlgrade.render.plain import Plain
from dlgrade.report import Report
from dlgrade.workplace import near

_CHECK = "dlgrade recap --check", "grades it, with other numbers than before"
_GIVE_UP = "dlgrade recap --give-up", "ends it; it is asked for again sooner"


def begun(exercise: Exercise, function: str, done: Begun, passed_at: datetime, page: Plain) -> str:
    """Say what is asked for, and where to write it."""
    page.put(f"Recap · {function}, of {exercise.id} {exercise.name}", bold=True)
    page.put(
        f"You passed this exercise {ago(passed_at)}. Write {function} once more, in {done.file} from line "
        f"{done.line} on. {YOURS if done.yours else NOT_YOURS}"
    )
    if done.backup is not None:
        page.put(f"What lay there before is kept as {done.backup}.")
    return _ways(page)


def still_open(recap: Recap, line: int | None, page: Plain) -> str:
    """Say that one is open already."""
    page.put(f"Recap · {recap.function}, of {recap.exercise.replace('_', ' ', 1)}", bold=True)
    where = f", from line {line} on" if line else ""
    page.put(f"It was begun {ago(recap.at)}: write {recap.function} in {near(Path(recap.file))}{where}.")
    return _ways(page)


def given_up(recap: Recap, page: Plain) -> str:
    """Say that one was ended."""
    page.put(f"{recap.function} is given up for now, and comes back sooner. {near(Path(recap.file))} stays.")
    page.blank()
    page.way("next", f"dlgrade show {recap.exercise.partition('_')[0]}", "shows the statement")
    page.way("", "dlgrade recap --list", "says when it comes back")
    return page.said


def nothing_due(planned: Sequence[Due], now: datetime, page: Plain) -> str:
    """Say when something will be due."""
    if not planned:
        page.put("Nothing has been passed yet, so there is nothing to come back to.")
        page.blank()
        page.way("next", "dlgrade next", "says where to go on")
        return page.said
    first = planned[0]
    page.put(f"Nothing is due: {first.exercise.id} {first.exercise.name} comes back {when(first.at, now)}.")
    page.blank()
    page.way("next", f"dlgrade recap {first.exercise.id}", "asks for it now")
    page.way("", "dlgrade next", "says where to go on")
    return page.said


def plan(planned: Sequence[Due], now: datetime, page: Plain) -> str:
    """Return a line for each exercise that was passed: when to come back to it."""
    if not planned:
        return nothing_due(planned, now, page)
    names = max(len(each.exercise.name) for each in planned)
    times = max(len(when(each.at, now)) for each in planned)
    for each in planned:
        done = each.standing.record.recaps
        last = f"last: {done[-1].function}, {done[-1].outcome}" if done else "no recap yet"
        name, due = each.exercise.name.ljust(names), when(each.at, now).ljust(times)
        page.line(f"{each.exercise.id}  {name}  {due}  {last}")
    return page.said


def checked(report: Report, back: datetime | None, now: datetime, page: Plain) -> str:
    """Say, below a report, what comes of it."""
    if report.ours:
        return page.said
    if not report.passed:
        return _ways(page)
    again = f" {report.exercise} comes back {when(back, now)}." if back is not None else ""
    page.blank()
    page.put(f"You can still do it.{again}", fg="green")
    page.way("next", "dlgrade next", "says where to go on")
    return page.said


def _ways(page: Plain) -> str:
    page.blank()
    page.way("next", *_CHECK)
    page.way("", *_GIVE_UP)
    return page.said

