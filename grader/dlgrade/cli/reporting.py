"""The report as a page for a browser, with pictures."""

from __future__ import annotations

from pathlib import Path

import click

from dlgrade.cli import pages
from dlgrade.cli.ending import Usage, print_out
from dlgrade.cli.options import exercises_option, solutions_option
from dlgrade.render.visible import visible


@click.command(short_help="Grade your file, and show what it does in pictures.")
@click.argument("exercise")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help="The file to grade, .py or .ipynb. Without it: the one that `check` would take.",
)
@click.option(
    "--to",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Where to write the page, such as report.html. Without it: a file of the exercise's beside what "
    "dlgrade remembers.",
)
@click.option("--open", "opened", is_flag=True, help="Show the page in your browser.")
@exercises_option
@solutions_option
@click.pass_context
def report(
    ctx: click.Context,
    exercise: str,
    file: Path | None,
    page: Path | None,
    opened: bool,
    exercises: Path | None,
    solutions: Path | None,
) -> None:
    """Grade your file for one EXERCISE, and make a page of it: the report, and pictures.

    The pictures are drawn from what your own functions return, right or wrong: the line that your perceptron
    draws, the numbers on your computational graph, the digits that your network mixes up. What is not written
    yet leaves a gap. The page needs nothing beside it, and it fetches nothing.

    \b
    Examples:
      dlgrade report exercise03 --open
      dlgrade report 1 --file ~/homework/perceptron.py --to line.html

    The exit status is that of `dlgrade check`, and the check is remembered in the same way.
    """  # noqa: D301, click reads a backspace
    pages.named(page, "--to")
    from dlgrade import settings

    found, drawings = pages.checked(
        exercise, file, pictures=True, exercises=exercises, solutions=solutions, record=True
    )
    page = _usual_page(found.exercise) if page is None else page
    pages.write(found, drawings, page, settings.read().classroom.withheld)
    print_out(f"{visible(str(page))}\n")
    if opened and not _open(page):
        click.echo("No browser could be started: open this file in one.", err=True)
    ctx.exit(found.exit_code())


def _usual_page(exercise: str) -> Path:
    from dlgrade.progress import Book

    folder = Book().folder / "reports"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        sentence = f"Error: {str(folder)!r} cannot be made: {error.strerror}. Say where with --to."
        raise Usage(sentence) from error
    return folder / f"{exercise}.html"


def _open(page: Path) -> bool:
    import webbrowser

    return webbrowser.open(page.resolve().as_uri())
