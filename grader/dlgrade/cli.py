"""The command line: parse, call one function, print.

Nothing is imported before a command needs it: `--help` and `list` answer at once.
"""

from __future__ import annotations

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, NoReturn

import click

from dlgrade.errors import CatalogError, DlgradeError, SubmissionError
from dlgrade.render import output

if TYPE_CHECKING:
    from dlgrade.report import Report

TRACEBACK_VARIABLE = "DLGRADE_TRACEBACK"
"""The environment variable that asks for the traceback of a fault of ours."""

_AFTER = """\b
Exit status:
  0    everything that was checked is right
  1    there is something to fix
  2    the command was wrong: no such exercise, criterion or file
  3    dlgrade itself failed, which says nothing about your file
  130  interrupted

\b
Environment:
  DLGRADE_SOLUTIONS  where the hidden suites lie, if not beside the exercises
  DLGRADE_TRACEBACK  if 1, faults of dlgrade's own show their traceback
  NO_COLOR           if not empty, no colours are written
  FORCE_COLOR        if not empty, colours are written into a pipe too
"""


class _Problem(click.ClickException):
    """What stderr is told before the process ends with `exit_code`."""

    def show(self, file: IO[Any] | None = None) -> None:
        from dlgrade.render.visible import lines, visible

        click.echo("\n".join(map(visible, lines(self.message))), file=file, err=True)


class _Usage(_Problem):
    """Something was asked for that does not exist."""

    exit_code = 2


class _OurFault(_Problem):
    """Nobody but dlgrade is to blame."""

    exit_code = 3


class _Interrupted(_Problem):
    """Ctrl-C, or the end of a debugger."""

    exit_code = 130  # 128 and the number of SIGINT, as shells count


class _Group(click.Group):
    """Commands whose every exception becomes a sentence and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit):
            raise
        except (CatalogError, SubmissionError) as error:
            raise _Usage(f"Error: {error}") from error
        except BaseException as error:
            # A debugger that was left raises its own exception; bdb is not imported for its name.
            if isinstance(error, KeyboardInterrupt) or type(error).__name__ == "BdbQuit":
                raise _Interrupted("Interrupted: there is no verdict.") from None
            # SystemExit too: only a report is a verdict. A broken pipe or an end of file in the grader is not
            # one of the terminal's, as click would take it.
            raise _OurFault(_blame(error)) from error


@click.group(
    name="dlgrade", cls=_Group, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_AFTER
)
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda ctx, _, wanted: _version(ctx) if wanted else None,
    help="Show the version and exit.",
)
def commands() -> None:
    """Learn deep learning by writing it, and be told of what you wrote: right, wrong, and why.

    Each exercise is a folder with a statement (README.md), a file to fill in, and a few visible examples.
    Write a function, check, read what the report says, write on.

    \b
    Examples:
      dlgrade list                 which exercises there are
      dlgrade show exercise03      what the third one asks for
      dlgrade check exercise03     what is right and what is wrong so far

    EXERCISE is an id (exercise03), a number (03, 3), a name (backprop), or a prefix of one of these that no
    other exercise shares. `dlgrade COMMAND --help` says more of each command.
    """  # noqa: D301, click reads a backspace


@commands.command(short_help="Grade your file for one exercise.")
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
@click.option("--only", metavar="CRITERION", help="Check one criterion alone, by its id, such as backward.")
@click.option(
    "--debug",
    is_flag=True,
    help="Run your file inside dlgrade, so that breakpoint() and print() work as usual. Nothing is kept "
    "apart and nothing is recorded.",
)
@click.option(
    "--solutions",
    type=click.Path(path_type=Path),
    help="The folder of the hidden suites, if they do not lie beside the exercises.",
)
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
@click.pass_context
def check(
    ctx: click.Context,
    exercise: str,
    file: Path | None,
    form: str,
    only: str | None,
    debug: bool,
    solutions: Path | None,
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

    The exit status is 0 if everything checked is right, 1 if there is something to fix, 2 if there is no such
    exercise, criterion or file, and 3 if dlgrade itself failed, which says nothing about your file.
    """  # noqa: D301, click reads a backspace
    with _stdout_for_json_alone(form):
        from dlgrade.grading import check as grade

        report = grade(exercise, file, only=only, debug=debug, solutions=solutions)
    _print_report(report, form, no_color)
    ctx.exit(report.exit_code())


@commands.command(name="list", short_help="List the exercises.")
def list_exercises() -> None:
    """List the exercises: id, name, points, and what each is about.

    \b
    Example:
      dlgrade list
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog

    every = catalog.exercises()
    ids = max((len(each.id) for each in every), default=0)
    names = max((len(each.name) for each in every), default=0)
    color = output.colored()
    rows = []
    for each in every:
        head = click.style(each.id.ljust(ids), bold=True) if color else each.id.ljust(ids)
        points = f"{each.points:g} points"
        rows.append(f"{head}  {each.name.ljust(names)}  {points:>9}  {each.summary}\n")
    _print("".join(rows), color)


@commands.command(short_help="Show the statement of an exercise.")
@click.argument("exercise")
@click.option("--no-color", is_flag=True, help="Write no colours, whatever the terminal can do.")
def show(exercise: str, no_color: bool) -> None:
    """Show the statement of an EXERCISE: the goal, what to write, worked numbers, and what is out of scope.

    On a terminal it is set for reading; in a pipe it is the README.md as it was written.

    \b
    Examples:
      dlgrade show exercise03
      dlgrade show backprop | less
    """  # noqa: D301, click reads a backspace
    from dlgrade import catalog

    text = catalog.find(exercise).statement()
    color = output.colored(no_color)
    if output.interactive() and output.encoding().startswith("utf"):
        from dlgrade.render.statement import render

        text = render(text, width=output.width(), color=color)
    _print(text if text.endswith("\n") else f"{text}\n", color)


def main(prog_name: str | None = "dlgrade") -> NoReturn:
    """Run the command that the process's arguments name, and exit.

    Parameters
    ----------
    prog_name
        What usage lines call the program.
    """
    # A command lives for a second and makes hardly a cycle: looking for some costs a tenth of its time.
    gc.set_threshold(100_000, 50, 50)
    try:
        commands.main(prog_name=prog_name)
    except OSError as error:  # while click wrote a help text
        output.give_up()
        click.echo(f"Error: stdout cannot be written to: {error.strerror}.", err=True)
        sys.exit(_OurFault.exit_code)
    finally:
        # The last search for cycles, at exit, would take 70 ms to find what ends with the process anyway.
        gc.freeze()


def _version(ctx: click.Context) -> None:
    import platform
    from importlib.metadata import PackageNotFoundError, version

    try:
        number = version("dlgrade")
    except PackageNotFoundError:
        number = "(not installed)"
    _print(f"dlgrade {number} (Python {platform.python_version()})\n")
    ctx.exit()


def _print_report(report: Report, form: str, no_color: bool) -> None:
    if form == "json":
        from dlgrade.render import json_report

        _print(json_report.render(report))
        return
    from dlgrade.render import terminal

    color = output.colored(no_color)
    _print(terminal.render(report, width=output.width(), color=color, encoding=output.encoding()), color)


def _print(text: str | bytes, color: bool = False) -> None:
    try:
        output.write(text, color)
    except OSError as error:
        raise _OurFault(f"Error: stdout cannot be written to: {error.strerror}.") from error


@contextlib.contextmanager
def _stdout_for_json_alone(form: str) -> Iterator[None]:
    """Send what is printed meanwhile, by a debugger for one, to stderr."""
    with contextlib.redirect_stdout(sys.stderr) if form == "json" else contextlib.nullcontext():
        yield


def _blame(error: BaseException) -> str:
    """Return what to say of an exception that nobody but us is to blame for."""
    how = f" {TRACEBACK_VARIABLE}=1 in the environment shows the traceback."
    if os.environ.get(TRACEBACK_VARIABLE, "0") not in ("", "0"):
        import traceback

        click.echo("".join(traceback.format_exception(error)), err=True)
        how = ""
    what = str(error) if isinstance(error, DlgradeError) else _summary(error)
    return (
        f"Error in dlgrade itself: {what}\n"
        "This is a fault of dlgrade's, not of yours, and nothing was graded.\n"
        f"Please report it to {_where_to_report()}.{how}"
    )


def _summary(error: BaseException) -> str:
    first = str(error).strip().partition("\n")[0]
    return f"{type(error).__name__}: {first[:500]}" if first else type(error).__name__


def _where_to_report() -> str:
    from importlib.metadata import PackageNotFoundError, metadata

    with contextlib.suppress(PackageNotFoundError):
        for entry in metadata("dlgrade").get_all("Project-URL", []):
            label, _, url = str(entry).partition(", ")
            if label.casefold() in ("issues", "bug tracker"):
                return url
    return "whoever gave you dlgrade"
