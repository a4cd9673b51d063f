"""The teacher's gradebook: looking at it, and writing it out for other tools."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlgrade.cli.ending import Usage, print_out
from dlgrade.render import output

if TYPE_CHECKING:
    from dlgrade.batch.records import Row
    from dlgrade.render.outline import Show


@click.group(short_help="Look at a gradebook, or write it out for other tools.")
def gradebook() -> None:
    """Look at the gradebook that `dlgrade grade` keeps, or write it out for other tools."""


@gradebook.command(short_help="Show who has what, and what was hard.")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option("--exercise", help="Only this one.")
@click.option("--student", help="The whole report of this student.")
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
def show(path: Path, exercise: str | None, student: str | None, no_color: bool) -> None:
    """Show who has what, how the points are spread, and which criteria were hard.

    PATH is a gradebook, or the folder that it lies in; without it, it is looked for in this folder.

    \b
    Examples:
      dlgrade gradebook show submissions
      dlgrade gradebook show submissions --student ada
    """  # noqa: D301, click reads a backspace
    from dlgrade.batch import overview

    rows = _rows(path, exercise)
    color = output.colored(no_color)
    look = {"width": output.width(), "color": color, "encoding": output.encoding()}
    if student is None:
        print_out(overview.render(rows, **look), color)  # type: ignore[arg-type]
        return
    from dlgrade.render import terminal

    theirs = [row for row in rows if row.student.key == student]
    if not theirs:
        raise Usage(f"Error: There is no student {student!r} in the gradebook.")
    for row in theirs:
        if row.report is None:
            print_out(f"{row.exercise}: {row.message}\n", color)
        else:
            print_out(terminal.render(row.report, door="feedback", **look), color)  # type: ignore[arg-type]


@gradebook.command(short_help="Write a gradebook for other tools.")
@click.argument("path", type=click.Path(path_type=Path), default=Path())
@click.option(
    "--format",
    "form",
    type=click.Choice(["csv", "json", "parquet", "canvas", "junit", "gradescope"]),
    default="csv",
    show_default=True,
    help="csv, json and parquet are tables; canvas is a CSV that Canvas imports; junit is XML; gradescope is "
    "a results.json for each student.",
)
@click.option(
    "--output",
    "target",
    type=click.Path(path_type=Path),
    help="The file to write, for gradescope the folder. Without it: stdout.",
)
@click.option("--exercise", help="Only this one.")
@click.option(
    "--assignment", metavar="TITLE", help="What Canvas calls the assignment, as in 'Backprop (4711)'."
)
@click.option(
    "--show",
    "shown",
    type=click.Choice(["full", "hints", "points"]),
    default="full",
    show_default=True,
    help="How much of why something is wrong students read on Gradescope.",
)
def export(
    path: Path,
    form: str,
    target: Path | None,
    exercise: str | None,
    assignment: str | None,
    shown: Show,
) -> None:
    """Write a gradebook for other tools.

    PATH is a gradebook, or the folder that it lies in; without it, it is looked for in this folder.

    \b
    Examples:
      dlgrade gradebook export submissions > grades.csv
      dlgrade gradebook export submissions --format canvas --assignment "Backprop (4711)" > canvas.csv
      dlgrade gradebook export submissions --format gradescope --output results
    """  # noqa: D301, click reads a backspace
    from dlgrade.batch.exports import canvas, gradescope, junit, table

    rows = _rows(path, exercise)
    if form == "gradescope":
        if target is None:
            raise Usage("Error: Gradescope's files need a folder: name one with --output.")
        for name, data in gradescope.as_gradescope(rows, shown):
            _write(target / name, data)
        return
    if form == "canvas":
        data = canvas.as_canvas(rows, assignment)
    else:
        writers = {
            "csv": table.as_csv,
            "json": table.as_json,
            "parquet": table.as_parquet,
            "junit": junit.as_junit,
        }
        data = writers[form](rows)
    if form == "canvas" and (left := sum(row.points is None for row in rows)):
        click.echo(f"{left} left out: no points yet, by a fault of dlgrade's.", err=True)
    if target is None:
        print_out(data)
    else:
        _write(target, data)


def _rows(path: Path, exercise: str | None) -> list[Row]:
    """Read a gradebook, or the part of it that is about one exercise."""
    from dlgrade.batch.gradebook import NAME, Gradebook

    with Gradebook(path / NAME if path.is_dir() else path) as book:
        if exercise is None:
            return list(book.rows())
        meant = [name for name in book.exercises() if exercise.casefold() in _called(name)]
        if len(meant) != 1:
            known = ", ".join(book.exercises()) or "nothing"
            raise Usage(f"Error: There is no {exercise!r} in the gradebook; there is {known}.")
        return list(book.rows(meant[0]))


def _called(name: str) -> set[str]:
    number, _, word = name.casefold().partition("_")
    digits = number.removeprefix("exercise")
    return {name.casefold(), number, word, digits, digits.lstrip("0") or "0"}


def _write(path: Path, data: bytes) -> None:
    """Write a file whole, or leave the one that was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.tmp")
    try:
        fresh.write_bytes(data)
        fresh.replace(path)
    finally:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
