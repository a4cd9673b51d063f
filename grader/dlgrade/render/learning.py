"""What is said around a check: which files were made, how far a learner has come, what is next."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlgrade.render.plain import Plain
from dlgrade.render.visible import visible

if TYPE_CHECKING:  # `dlgrade list` need not read what the others do
    from dlgrade.learning.folder import Placed, Reset
    from dlgrade.learning.following import Step
    from dlgrade.learning.standing import Standing


def begun(placed: Sequence[Placed], root: Path, page: Plain) -> str:
    """Say what a new folder holds."""
    made = [each for each in placed if each.made]
    where = "this folder" if root == Path() else str(root)
    if not made:
        page.put(f"All {len(placed)} exercises are in {where} already; nothing was changed.")
    else:
        exercises = "1 exercise" if len(made) == 1 else f"{len(made)} exercises"
        page.put(f"{exercises} in {where}:", bold=True)
        width = max(len(str(each.file)) for each in made)
        for each in made:
            page.line(f"  {each.file!s:<{width}}  {each.exercise.title}")
        if len(made) < len(placed):
            count = len(placed) - len(made)
            said = "1 other was" if count == 1 else f"{count} others were"
            page.put(f"{said} there already and stayed as before.")
        page.blank()
        page.put("Beside each file are its statement (README.md) and examples that `pytest` runs.")
    page.blank()
    if root != Path():
        page.way("next", f"cd {shlex.quote(str(root))}", "takes you there")
        page.way("", "dlgrade next", "says where to begin")
    else:
        page.way("next", "dlgrade next", "says where to go on" if not made else "says where to begin")
    return page.said


def started(placed: Placed, page: Plain) -> str:
    """Say which file to open."""
    exercise = placed.exercise
    page.put(f"{exercise.id} {exercise.name} · {exercise.title}", bold=True)
    there = "is ready" if placed.made else "is there already, and stayed as it was"
    page.put(f"{placed.file} {there}: open it, and write one function after the other.")
    page.put(f"What is asked for stands in {placed.file.parent / 'README.md'}.")
    page.blank()
    page.way("next", f"dlgrade check {exercise.id}", "says what is right so far")
    page.way("", f"dlgrade show {exercise.id}", "shows what is asked for")
    return page.said


def begun_anew(done: Reset, page: Plain) -> str:
    """Say where the old file is kept."""
    if done.backup is None:
        page.put(f"{done.file} is as it was given: there is nothing to reset.")
    else:
        page.put(f"{done.file} is the starter again; what it was is kept as {done.backup}.")
    return page.said


def listing(
    every: Sequence[Standing], *, color: bool, encoding: str = "utf-8", width: int | None = None
) -> str:
    """Return a line for each exercise: id, name, points, summary.

    Parameters
    ----------
    width
        Columns of the terminal: there, what is passed is marked, and no line is broken. None for other
        programs, which count columns.
    """
    ids = max((len(each.exercise.id) for each in every), default=0)
    names = max((len(each.exercise.name) for each in every), default=0)
    points = [_points(each) for each in every]
    wide = max(map(len, points), default=0)
    done = Plain(encoding=encoding).glyph("✓", "+")
    rows = []
    for each, said in zip(every, points, strict=True):
        exercise = each.exercise
        mark = "" if width is None else f"{done if each.passed else ' '} "
        head, earned = exercise.id.ljust(ids), said.rjust(wide)
        if color:
            mark = click.style(mark, fg="green")
            head = click.style(head, bold=True)
            earned = click.style(earned, fg="green" if each.passed else "yellow" if each.begun else None)
        summary = f"{exercise.summary} [{exercise.pack}]" if exercise.pack else exercise.summary
        if width is not None:
            summary = _cut(summary, width - (2 + ids + 2 + names + 2 + wide + 2), encoding)
        rows.append(f"{mark}{head}  {exercise.name.ljust(names)}  {earned}  {summary}\n")
    return "".join(rows)


def next_step(step: Step, also: Sequence[tuple[str, str]], page: Plain) -> str:
    """Say what to do next, and why, and what else may be done."""
    page.put(step.title, bold=True)
    for reason in step.reasons:
        page.put(reason)
    page.blank()
    for number, (command, does) in enumerate(step.ways):
        page.way("" if number else "next", command, does)
    for number, (command, does) in enumerate(also):
        page.way("" if number else "also", command, does)
    return page.said


def at_a_glance(step: Step, page: Plain) -> str:
    """Say in a line or two what is next."""
    page.blank()
    page.way("next", step.ways[0][0], f"{step.ways[0][1]}: {visible(step.title)}")
    return page.said


def _cut(text: str, most: int, encoding: str) -> str:
    end = Plain(encoding=encoding).glyph("…", "...")
    return text if len(text) <= most else text[: max(most - len(end), 0)].rstrip(" ,") + end


def _points(standing: Standing) -> str:
    exercise, best = standing.exercise, standing.record.best
    return f"{exercise.points:g} points" if best is None else f"{best:g}/{exercise.points:g} points"
