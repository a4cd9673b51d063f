"""The command that stays: watch."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from dlgrade.cli.options import exercises_option, solutions_option
from dlgrade.render import output


@click.command(short_help="Grade your file each time that you save it.")
@click.argument("exercise", required=False)
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help="The file to watch, .py or .ipynb. Without it: where `check` looks.",
)
@exercises_option
@solutions_option
def watch(exercise: str | None, file: Path | None, exercises: Path | None, solutions: Path | None) -> None:
    """Grade your file for an EXERCISE each time that you save it, and show the report.

    Without EXERCISE it is the one that `dlgrade next` names. A grader is kept warm, so that the report is
    there at once; it grades as `check` does, and what it finds is remembered. When an exercise is passed, the
    next one opens.

    \b
    Keys:
      h  the next hint            l  the list of exercises
      n  the next exercise        r  begin the file anew; the old one is kept
      q  quit, as Ctrl-C does     Enter  check again

    \b
    Examples:
      dlgrade watch
      dlgrade watch exercise03
      dlgrade watch backprop --file ~/homework/backprop.py
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog, settings, workplace
    from dlgrade.errors import LearningError
    from dlgrade.learning import standing
    from dlgrade.progress import Book
    from dlgrade.watch import Session

    if file is not None and exercise is None:
        raise click.UsageError("--file needs the EXERCISE that it is for.")
    every = catalog.exercises(exercises)
    if exercise is None:
        now = standing.current(standing.standings(every, Book()))
        meant = every[0] if now is None else now.exercise
    else:
        meant = catalog.find(exercise, exercises)
    if file is not None and not file.parent.is_dir():
        raise LearningError(f"There is no folder {str(file.parent)!r} for the file to be in.")
    if sys.stdin is None or not sys.stdin.isatty() or not output.interactive():
        raise LearningError(f"watch needs a terminal; in a pipe, use `dlgrade check {meant.id}`.")
    home = workplace.home((meant, *every)) or Path()
    session = Session(
        every, meant, file, home, exercises=exercises, solutions=solutions, settings=settings.read()
    )
    session.run()
