"""The command line: parse, call one function, print.

Nothing is imported before a command needs it: `--help` and `list` answer at once. A module of this package
holds the commands of one kind of person; `ending` says what becomes of their exceptions.
"""

from __future__ import annotations

import gc
import sys
from typing import NoReturn

import click

from dlgrade.cli.author import author
from dlgrade.cli.batch import grade
from dlgrade.cli.checking import check, show
from dlgrade.cli.ending import Group, OurFault, print_out
from dlgrade.cli.gradebook import gradebook
from dlgrade.cli.learning import hint, solution
from dlgrade.cli.nbgrader import nbgrader
from dlgrade.cli.practising import quiz, recap
from dlgrade.cli.reporting import report
from dlgrade.cli.standing import list_exercises, next_exercise, progress
from dlgrade.cli.starting import init, reset, start
from dlgrade.cli.watching import watch
from dlgrade.render import output

__all__ = [
    "author",
    "check",
    "commands",
    "grade",
    "gradebook",
    "hint",
    "init",
    "list_exercises",
    "main",
    "nbgrader",
    "next_exercise",
    "progress",
    "quiz",
    "recap",
    "report",
    "reset",
    "show",
    "solution",
    "start",
    "watch",
]

_AFTER = """\b
Exit status:
  0    everything that was checked is right
  1    there is something to fix, or a hint or solution is not to be shown
  2    the command was wrong: no such exercise, criterion, file or data
  3    dlgrade itself failed, which says nothing about your file
  130  interrupted

\b
Environment:
  DLGRADE_SETTINGS   a class's dlgrade.toml, if not in this folder or above it
  DLGRADE_SOLUTIONS  where the hidden suites lie, if not beside the exercises
  DLGRADE_STATE      the folder where checks and hints are remembered
  DLGRADE_TRACEBACK  if 1, faults of dlgrade's own show their traceback
  NO_COLOR           if not empty, no colours are written
  FORCE_COLOR        if not empty, colours are written into a pipe too
"""


@click.group(
    name="dlgrade", cls=Group, context_settings={"help_option_names": ["-h", "--help"]}, epilog=_AFTER
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
      dlgrade init deep-learning    a folder with all exercises, to work in
      dlgrade list                  which exercises there are, and how far you are
      dlgrade next                  what to do next
      dlgrade show exercise03       what the third one asks for
      dlgrade check exercise03      what is right and what is wrong so far
      dlgrade watch exercise03      the same, each time that you save
      dlgrade report 3 --open       the same as a page, with pictures
      dlgrade hint exercise03       the next hint for what is not right yet
      dlgrade solution exercise03   how else it can be written, once it is

    EXERCISE is an id (exercise03), a number (03, 3), a name (backprop), or a prefix of one of these that no
    other exercise shares. `dlgrade COMMAND --help` says more of each command.
    """  # noqa: D301, click reads a backspace


for _command in (
    author,
    check,
    grade,
    gradebook,
    hint,
    init,
    list_exercises,
    nbgrader,
    next_exercise,
    progress,
    quiz,
    recap,
    report,
    reset,
    show,
    solution,
    start,
    watch,
):
    commands.add_command(_command)


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
        sys.exit(OurFault.exit_code)
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
    print_out(f"dlgrade {number} (Python {platform.python_version()})\n")
    ctx.exit()
