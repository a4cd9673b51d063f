"""The learner's commands around a check: the next hint before it is passed, the solution after."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlgrade.cli.ending import print_out
from dlgrade.cli.options import exercises_option, solutions_option, tell
from dlgrade.render import output

if TYPE_CHECKING:
    from dlgrade.catalog import Exercise


@click.command(short_help="Give the next hint for an exercise.")
@click.argument("exercise")
@click.option("--criterion", metavar="ID", help="Give hints for this criterion, whether it is passed or not.")
@click.option("--all", "every", is_flag=True, help="Give all hints of the criterion at once.")
@exercises_option
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
def hint(exercise: str, criterion: str | None, every: bool, exercises: Path | None, no_color: bool) -> None:
    """Give the next hint for an EXERCISE.

    It is for the first criterion that was not passed at the last check. Hints go from vague to concrete, one
    at a time, and what you were given is remembered; none of them is the solution. If the check named a
    mistake, you are told of that first. Nothing is graded here: if your file has changed since, you are told.

    \b
    Examples:
      dlgrade hint exercise03
      dlgrade hint 3 --criterion backward
      dlgrade hint backprop --all
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog, hinting, settings
    from dlgrade.errors import WithheldError
    from dlgrade.progress import Book
    from dlgrade.render.hint import render

    meant = catalog.find(exercise, exercises)
    if not settings.read().classroom.hints:
        raise WithheldError(f"There are no hints for {meant.id}: so it was settled for this class.")
    book = Book()
    advice = hinting.advise(meant, book, _located(meant), criterion=criterion, every=every)
    tell(book)
    color = output.colored(no_color)
    text = render(advice, meant, width=output.width(), color=color, encoding=output.encoding())
    print_out(text, color)


@click.command(short_help="Show the solution of an exercise beside your code.")
@click.argument("exercise")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help="Your file, .py or .ipynb. Without it: the one that was checked last, or where `check` would look.",
)
@click.option("--variant", metavar="NAME", help="Show this other right way to write it, not the reference.")
@click.option("--list", "listing", is_flag=True, help="List the variants, and nothing else.")
@click.option("--spoil", is_flag=True, help="Show it before everything is passed. This is remembered.")
@exercises_option
@solutions_option
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
def solution(
    exercise: str,
    file: Path | None,
    variant: str | None,
    listing: bool,
    spoil: bool,
    exercises: Path | None,
    solutions: Path | None,
    no_color: bool,
) -> None:
    """Show the solution of an EXERCISE beside your code, function by function.

    It is shown once everything was passed; before that --spoil overrules, unless it was settled otherwise for
    your class. Most exercises have variants as well: the same, written in other ways.

    \b
    Examples:
      dlgrade solution exercise03
      dlgrade solution 3 --list
      dlgrade solution 3 --variant plain_python
      dlgrade solution 3 --file ~/homework/backprop.py

    The exit status is 1 if it is not shown, or not yet, and if it is not on this machine.
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog, settings
    from dlgrade import solution as right
    from dlgrade.progress import Book

    meant = catalog.find(exercise, exercises)
    where = right.folder(meant, solutions)
    book = Book()
    record = book.record(meant.folder)
    spoils = right.permit(meant, record, settings.read(), spoil=spoil)
    if spoils:
        book.note_spoilt(meant.folder)
    tell(book)
    from dlgrade.render.solution import render, render_list

    color, encoding = output.colored(no_color), output.encoding()
    # In a pipe there is no terminal whose width would call for columns.
    width = output.width() if output.interactive() else 80
    others = right.variants(where)
    if listing:
        print_out(render_list(meant, others, width=width, color=color, encoding=encoding), color)
        return
    chosen = right.reference(meant, where) if variant is None else right.variant(where, variant)
    name, source, remarks = _yours(meant, file, record.file)
    text = render(
        meant,
        chosen,
        right.beside(meant, chosen, source),
        others if variant is None else (),
        remarks=["Shown before everything was passed.", *remarks] if spoils else remarks,
        yours=name,
        width=width,
        color=color,
        encoding=encoding,
    )
    print_out(text, color)


def _located(exercise: Exercise) -> Path | None:
    """Return where `check` would find the learner's file, or None."""
    from dlgrade.workplace import find

    return find(exercise)


def _yours(
    exercise: Exercise, file: Path | None, checked: str | None
) -> tuple[str | None, str | None, list[str]]:
    """Return the name and the source of the learner's file, and what is to be said of it."""
    from dlgrade import submission

    found = file
    if found is None:
        found = Path(checked) if checked and Path(checked).is_file() else _located(exercise)
    if found is None:
        return None, None, [f"Your {exercise.entry} was not found, so there is nothing to compare with."]
    read = submission.read(found, exercise.entry)
    if read.problem is not None:
        return None, None, [f"There is nothing to compare with: {read.problem.message}"]
    return found.name, read.source, []
