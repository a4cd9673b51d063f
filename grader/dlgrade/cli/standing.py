"""The commands that say how far one has come: list, next and progress."""

from __future__ import annotations

from pathlib import Path

import click

from dlgrade.cli.ending import print_out
from dlgrade.cli.options import empty_page, exercises_option, tell
from dlgrade.render import output


@click.command(name="list", short_help="List the exercises, and how far you are.")
@exercises_option
def list_exercises(exercises: Path | None) -> None:
    """List the exercises: id, name, points, and what each is about.

    Of what you have checked the points are the best that you had. On a terminal, what you have passed is
    marked, and the last line says what is next; in a pipe there is one line an exercise and nothing else.

    \b
    Examples:
      dlgrade list
      dlgrade list --exercises ~/my-course
      dlgrade list | grep softmax
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog
    from dlgrade.learning import standing
    from dlgrade.progress import Book
    from dlgrade.render.learning import at_a_glance, listing

    book = Book()
    every = standing.standings(catalog.exercises(exercises), book)
    color, width = output.colored(), output.width() if output.interactive() else None
    text = listing(every, color=color, encoding=output.encoding(), width=width)
    if width is not None and every:
        from dlgrade.learning.following import next_step

        text += at_a_glance(next_step(every), empty_page())
    print_out(text, color)
    tell(book)


@click.command(name="next", short_help="Say what to do next, and why.")
@exercises_option
def next_exercise(exercises: Path | None) -> None:
    """Say what to do next, and why: the exercise or the criterion, and the command for it.

    It is the exercise that you checked last if that is not passed, and else the first that you have not
    passed. Nothing is graded here.

    \b
    Examples:
      dlgrade next
    """  # noqa: D301, click reads a backspace
    from datetime import UTC, datetime

    from dlgrade import catalog
    from dlgrade.learning import following, standing
    from dlgrade.progress import Book
    from dlgrade.render.learning import next_step

    book = Book()
    every = standing.standings(catalog.exercises(exercises), book)
    step, also = following.next_step(every), following.besides(every, datetime.now(UTC))
    print_out(next_step(step, tuple(also), empty_page()), output.colored())
    tell(book)


@click.command(short_help="Show what is remembered of you, or export it.")
@click.option(
    "--export",
    "file",
    metavar="FILE",
    help="Write all of it to FILE: .json with everything, .csv with a line for each thing that happened; "
    "- is JSON on stdout.",
)
@exercises_option
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
def progress(file: str | None, exercises: Path | None, no_color: bool) -> None:
    """Show what is remembered of you: points now and at best, checks, hints, answers, when you passed.

    It is kept in one file of yours, an SQLite database in your data folder or where DLGRADE_STATE says, and
    goes nowhere by itself. `dlgrade check --no-record` and --debug leave no trace in it.

    \b
    Examples:
      dlgrade progress
      dlgrade progress --export progress.json
      dlgrade progress --export progress.csv
      dlgrade progress --export - | jq .exercises
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog
    from dlgrade.learning import export, standing
    from dlgrade.progress import Book

    book = Book()
    if file is not None:
        data = export.exported(book, file)
        if file == export.STDOUT:
            print_out(data)
        else:
            export.write(data, Path(file))
            print_out(f"Written to {file}.\n")
    else:
        from dlgrade.render.page import Page
        from dlgrade.render.progress import render

        every = standing.standings(catalog.exercises(exercises), book)
        color = output.colored(no_color)
        print_out(render(every, Page(output.width(), color, output.encoding())), color)
    tell(book)
