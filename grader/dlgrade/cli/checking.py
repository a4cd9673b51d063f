"""The learner's first two commands: check and show."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dlgrade.cli import pages
from dlgrade.cli.ending import print_out
from dlgrade.cli.options import exercises_option, solutions_option
from dlgrade.render import output

if TYPE_CHECKING:
    from dlgrade.report import Report


@click.command(short_help="Grade your file for one exercise.")
@click.argument("exercise")
@click.option(
    "--file",
    type=click.Path(path_type=Path),
    help="The file to grade, .py or .ipynb. Without it: exercises/<folder>/<file> below the working "
    "directory, and then <file> in the working directory itself.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="A report to read, or one for tools. With json nothing else is written to stdout.",
)
@click.option(
    "--html",
    "page",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Write the report to FILE as well, such as report.html: a page for a browser, with pictures of what "
    "your functions return.",
)
@click.option("--only", metavar="CRITERION", help="Check one criterion alone, by its id, such as backward.")
@click.option(
    "--debug",
    is_flag=True,
    help="Run your file inside dlgrade, so that breakpoint() and print() work as usual. Nothing is kept "
    "apart and nothing is recorded.",
)
@click.option(
    "--no-record", is_flag=True, help="Do not remember what was found, for `dlgrade hint` and `solution`."
)
# For `%check`, which grades a notebook as it stands on the screen.
@click.option("--copy-of", type=click.Path(path_type=Path), hidden=True)
@click.option("--drawings", type=click.Path(path_type=Path), hidden=True)
@exercises_option
@solutions_option
@click.option(
    "--data",
    metavar="PATH",
    help="Train on larger data as well: PATH of MNIST, Fashion-MNIST or CIFAR-10 files, or one of the names "
    "mnist, fashion-mnist, cifar-10, which is then downloaded. For exercise07.",
)
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
@click.pass_context
def check(
    ctx: click.Context,
    exercise: str,
    file: Path | None,
    form: str,
    page: Path | None,
    only: str | None,
    debug: bool,
    no_record: bool,
    copy_of: Path | None,
    drawings: Path | None,
    exercises: Path | None,
    solutions: Path | None,
    data: str | None,
    no_color: bool,
) -> None:
    """Grade your file for one EXERCISE.

    Your code runs in a process of its own, which holds neither the answers nor the suite. The report begins
    with the criteria and their points. Below them stands, for each criterion that is not met, the first test
    that failed: what should hold, the call to try yourself, what came back, the traceback if your code
    raised, and what it printed.

    Where the hidden suite is not on this machine, the visible examples are run instead, and the report
    says so.

    \b
    Examples:
      dlgrade check exercise03
      dlgrade check backprop --file ~/homework/backprop.py
      dlgrade check 3 --only backward
      dlgrade check 3 --debug                     stops at your breakpoint()
      dlgrade check 3 --format json > report.json
      dlgrade check 3 --html report.html
      dlgrade check 7 --data ~/mnist

    The exit status is 0 if everything checked is right, 1 if there is something to fix, 2 if there is no such
    exercise, criterion, file or data, and 3 if dlgrade itself failed, which says nothing about your file.
    """  # noqa: D301, click reads a backspace
    pages.named(page, "--html")
    with _stdout_for_json_alone(form):
        from dlgrade import settings

        withheld = settings.read().classroom.withheld
        report, drawn = pages.checked(
            exercise,
            file,
            pictures=page is not None or drawings is not None,
            only=only,
            debug=debug,
            exercises=exercises,
            solutions=solutions,
            data=data,
            record=not no_record,
            copy_of=copy_of,
        )
    _print_report(report, form, no_color, withheld)
    if page is not None:
        pages.write(report, drawn, page, withheld)
        pages.tell(page)
    if drawings is not None:
        from dlgrade.pictures.model import encode

        pages.put(drawings, encode(drawn))
    ctx.exit(report.exit_code())


@click.command(short_help="Show the statement of an exercise.")
@click.argument("exercise")
@exercises_option
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
def show(exercise: str, exercises: Path | None, no_color: bool) -> None:
    """Show the statement of an EXERCISE: the goal, what to write, worked numbers, and what is out of scope.

    On a terminal it is set for reading; in a pipe it is the README.md as it was written.

    \b
    Examples:
      dlgrade show exercise03
      dlgrade show backprop | less
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog

    text = catalog.find(exercise, exercises).statement()
    color = output.colored(no_color)
    if output.interactive() and output.encoding().startswith("utf"):
        from dlgrade.render.statement import render

        text = render(text, width=output.width(), color=color)
    print_out(text if text.endswith("\n") else f"{text}\n", color)


def _print_report(report: Report, form: str, no_color: bool, withheld: Collection[str]) -> None:
    if form == "json":
        from dlgrade.render import json_report

        print_out(json_report.render(report))
        return
    from dlgrade.render import terminal

    color = output.colored(no_color)
    text = terminal.render(
        report, width=output.width(), color=color, encoding=output.encoding(), withheld=withheld
    )
    print_out(text, color)


@contextlib.contextmanager
def _stdout_for_json_alone(form: str) -> Iterator[None]:
    """Send what is printed meanwhile, by a debugger for one, to stderr."""
    with contextlib.redirect_stdout(sys.stderr) if form == "json" else contextlib.nullcontext():
        yield
